"""Print a document from a plan: Renpam, Sprin, rekap or Rengaturlalin, as PDF bytes with a name."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import polars as pl

from sispamkota.actions.export import gather
from sispamkota.actions.operation import is_sample
from sispamkota.actions.plan import parse_plan
from sispamkota.actions.plan_kinds import require_kind
from sispamkota.actions.roads import load_roads
from sispamkota.actions.territory import load_territory
from sispamkota.actions.travel import travel_of_plan
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib
from sispamkota.planning.travel import TravelTimes
from sispamkota.reports.documents.formal import Formalities, Kind, Standing
from sispamkota.reports.documents.official import load_official
from sispamkota.reports.documents.press import Template, print_pdf
from sispamkota.reports.documents.rekap import rekap_values
from sispamkota.reports.documents.renpam import renpam_values
from sispamkota.reports.documents.sprin import sprin_values
from sispamkota.reports.documents.traffic import traffic_matter, traffic_values
from sispamkota.reports.situation import Situation
from sispamkota.storage.versions import GUARDS, TRAFFIC
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory

KINDS: tuple[Kind, ...] = get_args(Kind)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A printed document; `name` tells kind, place, version and the WIB time it was made."""

    name: str
    media_type: str
    body: bytes
    plan: str
    version: int | None
    state: str


def document(
    workspace: Workspace,
    kind: Kind,
    *,
    plan: str | None = None,
    kecamatan: str | None = None,
    lang: Lang = "id",
    number: str = "",
    issued: dt.date | None = None,
    officers: bool = True,
    now: dt.datetime,
) -> Document:
    """Print a document of a plan.

    Args:
        workspace: an open workspace.
        kind: `renpam`, `sprin` or `rekap` of a guard plan, `traffic` of a traffic plan.
        plan: id of the plan; None = the one of its kind saved last.
        kecamatan: code of the only kecamatan to print; None = all.
        lang: language; official terms stay Indonesian in English.
        number: running number, or a whole number with strokes; "" = a blank for the pen.
        issued: date of issue; None = a blank for the pen.
        officers: print the ids of officers on a traffic plan.
        now: time of printing; the same inputs and time give the same bytes.

    Raises:
        DomainError: `no_plan`, `unknown_plan`, `other_kind`, `damaged_plan`, `unknown_kecamatan`,
            `no_teams`, `not_by_kecamatan`, or what scoring, need and roads say.
    """
    wanted = plan or workspace.latest_plan(TRAFFIC if kind == "traffic" else GUARDS)
    if wanted is None:
        raise _no_plan(kind)
    if kind == "traffic":
        if kecamatan is not None:
            raise _not_by_kecamatan(kecamatan)
        papers = replace(_papers(workspace, kind), number=number.strip(), issued=issued)
        return _traffic(workspace, wanted, papers, lang, now, officers=officers)
    situation = gather(workspace, wanted, now)
    if kecamatan is not None:
        _check_kecamatan(situation, kecamatan)
    standing = _standing(workspace, wanted)
    papers = replace(_papers(workspace, kind), number=number.strip(), issued=issued)
    travel = travel_of_plan(workspace, parse_plan(workspace.load_plan(wanted), wanted))
    template, values = _values(kind, situation, standing, papers, travel, lang, kecamatan)
    return Document(
        name=_file_name(situation, kind, standing, kecamatan, lang),
        media_type=PDF,
        body=print_pdf(template, values, now),
        plan=wanted,
        version=standing.version,
        state=standing.state,
    )


def _traffic(
    workspace: Workspace,
    wanted: str,
    papers: Formalities,
    lang: Lang,
    now: dt.datetime,
    *,
    officers: bool,
) -> Document:
    """Print a traffic plan over the roads of the workspace."""
    plan = parse_plan(workspace.load_plan(wanted), wanted)
    require_kind(plan, wanted, TRAFFIC)
    territory, base = load_territory(workspace), load_roads(workspace).base
    situation = _bare_situation(workspace, territory, plan, now)
    standing = _standing(workspace, wanted)
    try:
        matter = traffic_matter(
            plan, base.network, base.sha256, territory.areas, lang, officers=officers
        )
        values = traffic_values(
            situation, matter, standing, papers, load_official(situation.election)
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # Only a file that was changed by hand lacks what the planner writes.
        raise _damaged(wanted) from error
    return Document(
        name=_file_name(situation, "traffic", standing, None, lang),
        media_type=PDF,
        body=print_pdf("chapters", values, now),
        plan=wanted,
        version=standing.version,
        state=standing.state,
    )


def _bare_situation(
    workspace: Workspace, territory: Territory, plan: Mapping[str, Any], now: dt.datetime
) -> Situation:
    """Return what papers say of the operation itself: a traffic plan needs no scores, no need."""
    operation = workspace.config.operation
    none = pl.DataFrame()
    return Situation(
        name=operation.name,
        election=operation.election,
        voting_day=operation.voting_day,
        sample=bool(plan.get("sample")) or is_sample(workspace),
        made_at=now,
        areas=territory.areas,
        tps=territory.tps,
        posts=territory.posts,
        boundaries=territory.boundaries,
        figures=territory.figures,
        scores=none,
        contributions=none,
        reasons=none,
        personnel=none,
    )


def _damaged(plan: str) -> DomainError:
    return DomainError(
        "damaged_plan",
        Text(f"berkas rencana {plan} rusak", f"the file of plan {plan} is damaged"),
        Text(
            "Periksa: sispamkota verify; atau susun ulang: sispamkota plan traffic.",
            "Check it: sispamkota verify; or plan anew: sispamkota plan traffic.",
        ),
        {"plan": plan},
    )


def _not_by_kecamatan(code: str) -> DomainError:
    return DomainError(
        "not_by_kecamatan",
        Text(
            "rencana lalu lintas tidak dicetak per kecamatan",
            "a traffic plan is not printed by kecamatan",
        ),
        Text(
            "Cetak tanpa kecamatan; untuk kegiatan tertentu: sispamkota plan traffic --event ID.",
            "Print it without a kecamatan; for one event: sispamkota plan traffic --event ID.",
        ),
        {"kecamatan": code[:20]},
    )


def _values(
    kind: Kind,
    situation: Situation,
    standing: Standing,
    papers: Formalities,
    travel: TravelTimes,
    lang: Lang,
    kecamatan: str | None,
) -> tuple[Template, dict[str, Any]]:
    official = load_official(situation.election)
    match kind:
        case "renpam":
            values = renpam_values(situation, standing, papers, official, lang, kecamatan)
            return "chapters", values
        case "rekap":
            return "chapters", rekap_values(situation, standing, papers, lang, kecamatan)
        case "sprin":
            values = sprin_values(situation, standing, papers, official, travel, lang, kecamatan)
            if not values["orders"]:
                raise _no_teams(standing.plan, kecamatan)
            return "orders", values
        case "traffic":
            raise AssertionError("printed apart")


def _no_teams(plan: str, kecamatan: str | None) -> DomainError:
    return DomainError(
        "no_teams",
        Text("rencana ini tidak mengirim tim ke sana", "this plan sends no team there"),
        Text(
            "Pilih kecamatan lain, atau susun rencana dengan personel yang cukup.",
            "Choose another kecamatan, or make a plan with enough officers.",
        ),
        {"plan": plan, "kecamatan": kecamatan},
    )


def _standing(workspace: Workspace, plan: str) -> Standing:
    """Return version, state and approving officer of a plan, with the hash of its bytes."""
    sha256 = hashlib.sha256(workspace.load_plan(plan)).hexdigest()
    events = workspace.versions.events(plan)
    if not events:
        return Standing(plan=plan, sha256=sha256)
    last = events[-1]
    # A file changed after its approval is not what the officer approved.
    if last.sha256 != sha256:
        return Standing(plan=plan, sha256=sha256, version=last.version)
    return Standing(
        plan=plan,
        sha256=sha256,
        version=last.version,
        state=last.state,
        approved_by=last.person if last.state == "approved" else "",
    )


def _papers(workspace: Workspace, kind: Kind) -> Formalities:
    given = workspace.config.documents
    lines = (line.strip() for line in given.letterhead.split(" / "))
    return Formalities(
        letterhead=tuple(line for line in lines if line),
        place=given.place,
        function=given.function,
        classification=getattr(given, f"classification_{kind}"),
        pattern=getattr(given, f"number_{kind}"),
    )


def _check_kecamatan(situation: Situation, code: str) -> None:
    known = situation.areas.filter(pl.col("level") == "kecamatan")
    if code in set(known["code"]):
        return
    listed = ", ".join(f"{c} {name}" for c, name in known.select("code", "name").iter_rows())
    raise DomainError(
        "unknown_kecamatan",
        Text(f"kecamatan '{code}' tidak ada", f"there is no kecamatan '{code}'"),
        Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
        {"kecamatan": code},
    )


def _no_plan(kind: Kind) -> DomainError:
    if kind == "traffic":
        return DomainError(
            "no_plan",
            Text(
                "ruang kerja ini belum punya rencana lalu lintas",
                "this workspace has no traffic plan yet",
            ),
            Text("Jalankan: sispamkota plan traffic.", "Run: sispamkota plan traffic."),
        )
    return DomainError(
        "no_plan",
        Text("ruang kerja ini belum punya rencana", "this workspace has no plan yet"),
        Text("Jalankan: sispamkota plan guards.", "Run: sispamkota plan guards."),
    )


def _file_name(
    situation: Situation, kind: Kind, standing: Standing, kecamatan: str | None, lang: Lang
) -> str:
    """Return a name such as `sprin-martapura-v3-draft-20240210-1004WIB.pdf`."""
    assert situation.made_at is not None
    regencies = situation.areas.filter(pl.col("level") == "kabupaten_kota")["name"].to_list()
    place = situation.names().get(kecamatan, "") if kecamatan else "".join(regencies[:1])
    version = f"v{standing.version}" if standing.version is not None else standing.plan
    clock = in_wib(situation.made_at).strftime("%Y%m%d-%H%MWIB")
    parts = [kind, _slug(place), version, standing.state, clock]
    if lang == "en":
        parts.append("en")
    return "-".join(part for part in parts if part) + ".pdf"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().removeprefix("kabupaten ")).strip("-")[:60]
