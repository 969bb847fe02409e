"""Export: gather all that is known of a workspace into one `Situation`, then write a report."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from sispamkota.actions.check import check_workspace
from sispamkota.actions.need import need
from sispamkota.actions.plan_kinds import require_kind
from sispamkota.actions.roster import roster_in_force
from sispamkota.actions.territory import load_territory
from sispamkota.actions.vulnerability import assess
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.geojson import Layer, geojson_text
from sispamkota.reports.page import page_html
from sispamkota.reports.situation import REASONS, Situation
from sispamkota.reports.tables import TABLES, csv_text
from sispamkota.reports.workbook import workbook_bytes
from sispamkota.storage import problems
from sispamkota.storage.versions import GUARDS
from sispamkota.storage.workspace import Workspace
from sispamkota.vulnerability.explain import reason_frame


def gather(
    workspace: Workspace, plan_id: str | None = None, made_at: dt.datetime | None = None
) -> Situation:
    """Return what a workspace knows, needs and plans, as the one value reports are made of.

    Args:
        workspace: an open workspace.
        plan_id: guard plan to show; None = the one saved last, if any.
        made_at: time to print on the report; None = now.

    Raises:
        DomainError: `unknown_plan`, `damaged_plan`, or what scoring and need say.
    """
    territory = load_territory(workspace)
    scored = assess(workspace).scored
    found = check_workspace(workspace)
    imports = workspace.store.imports()
    plan = _plan(workspace, plan_id)
    roster = roster_in_force(workspace)
    generated = imports.filter(pl.col("withdrawn_at").is_null())["sample"].any()
    operation = workspace.config.operation
    # The headline repeats class and score, which every report shows beside the reasons.
    reasons = reason_frame(scored).filter(pl.col("indicator").is_not_null())
    return Situation(
        name=operation.name,
        election=operation.election,
        voting_day=operation.voting_day,
        sample=bool(generated or roster.assumed or (plan or {}).get("sample")),
        pattern=workspace.config.doctrine.pattern,
        made_at=made_at or dt.datetime.now(dt.UTC),
        areas=territory.areas,
        tps=territory.tps,
        posts=territory.posts,
        boundaries=territory.boundaries,
        figures=territory.figures,
        scores=scored.scores,
        contributions=scored.contributions,
        reasons=reasons.select(list(REASONS)),
        personnel=roster.personnel,
        need=_needs(workspace),
        plan=plan,
        counts=found.counts,
        mismatches=[{**m.as_json(), "what": m.what, "note": m.note} for m in found.mismatches],
    )


def _needs(workspace: Workspace) -> list[dict[str, Any]]:
    return [
        {**one.as_json(), "warnings": [{"message": remark.message} for remark in one.remarks]}
        for one in need(workspace).needs
    ]


def _plan(workspace: Workspace, plan_id: str | None) -> Mapping[str, Any] | None:
    wanted = plan_id or workspace.latest_plan(GUARDS)
    if wanted is None:
        return None
    try:
        plan = json.loads(workspace.load_plan(wanted))
    except ValueError:
        plan = None
    if not isinstance(plan, dict):
        raise DomainError(
            "damaged_plan",
            Text(f"berkas rencana {wanted} rusak", f"the file of plan {wanted} is damaged"),
            Text(
                "Jalankan lagi `sispamkota plan guards`, atau pilih rencana lain dengan --plan.",
                "Run `sispamkota plan guards` again, or choose another plan with --plan.",
            ),
            {"plan": wanted, "file": str(workspace.plan_file(wanted))},
        )
    require_kind(plan, wanted, GUARDS)
    return plan


def export_html(
    workspace: Workspace,
    out: Path,
    lang: Lang,
    plan_id: str | None = None,
    other: str | None = None,
) -> Path:
    """Write the self-contained page with the map; `other` links it in the other language."""
    page = page_html(gather(workspace, plan_id), lang, other)
    return write_whole(out, page.encode())


def export_xlsx(workspace: Workspace, out: Path, lang: Lang, plan_id: str | None = None) -> Path:
    """Write the workbook."""
    return write_whole(out, workbook_bytes(gather(workspace, plan_id), lang))


def export_geojson(
    workspace: Workspace, out: Path, lang: Lang, plan_id: str | None = None, layer: Layer = "tps"
) -> Path:
    """Write TPS points or desa polygons as GeoJSON."""
    return write_whole(out, geojson_text(gather(workspace, plan_id), lang, layer).encode())


def export_csv(
    workspace: Workspace, out: Path, lang: Lang, plan_id: str | None = None, table: str = "tps"
) -> Path:
    """Write one table as CSV: tps, beats, teams, need or uncovered.

    Raises:
        DomainError: `unknown_table`, or as `gather`.
    """
    if table not in TABLES:
        known = ", ".join(TABLES)
        raise DomainError(
            "unknown_table",
            Text(f"tabel '{table}' tidak ada", f"there is no table '{table}'"),
            Text(f"Pilih dari: {known}.", f"Choose from: {known}."),
            {"table": table},
        )
    text = csv_text(TABLES[table](gather(workspace, plan_id), lang))
    return write_whole(out, text.encode())


def write_whole(out: Path, body: bytes) -> Path:
    """Write a file so that it appears whole or not at all, and return it.

    Raises:
        DomainError: `cannot_write` where the folder is missing, full or closed.
    """
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        draft.chmod(0o644)
        draft.replace(out)
    except OSError as error:
        raise problems.cannot_use(out, error) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    return out
