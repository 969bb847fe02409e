"""Documents to take away: PDF, workbook, tables; each asks for the rights of what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import get
from litestar.params import FromPath, QueryParameter

from sispamkota.access.fields import hidden
from sispamkota.access.rights import Right
from sispamkota.access.viewer import Viewer
from sispamkota.actions.operation import head_and_approved
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.kernel.times import in_wib
from sispamkota.server.answers import Answer, Asked, attached
from sispamkota.server.house import House
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.routes.plans import check_id
from sispamkota.server.rules import rule

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document that can be asked for.

    Attributes:
        task: task of the worker that writes it.
        media_type: what it is.
        rights: all that its reader must hold, beside `document.read`.
        by_area: whether it can be printed for one kecamatan; only then for who has areas.
        given: arguments of the task.
    """

    task: str
    media_type: str
    rights: tuple[Right, ...]
    by_area: bool = False
    given: tuple[tuple[str, str], ...] = ()


def _csv(name: str, *rights: Right) -> tuple[str, Paper]:
    given = (("name", name),)
    return f"{name}.csv", Paper(task="table", media_type="text/csv", rights=rights, given=given)


def _pdf(kind: str, *rights: Right, by_area: bool) -> tuple[str, Paper]:
    given = (("kind", kind),)
    paper = Paper(
        task="document",
        media_type="application/pdf",
        rights=rights,
        by_area=by_area,
        given=given,
    )
    return f"{kind}.pdf", paper


PAPERS: dict[str, Paper] = dict(
    [
        _pdf("renpam", Right.PLAN_READ, Right.REASONS_READ, by_area=False),
        _pdf("sprin", Right.PLAN_READ, by_area=True),
        _pdf("rekap", Right.PLAN_READ, by_area=True),
        _pdf("traffic", Right.PLAN_READ, Right.TRAFFIC_READ, by_area=False),
        (
            "workbook.xlsx",
            Paper(
                task="workbook",
                media_type=XLSX,
                rights=(Right.PLAN_READ, Right.REASONS_READ, Right.ROSTER_READ),
            ),
        ),
        _csv("tps", Right.REASONS_READ),
        _csv("beats", Right.PLAN_READ),
        _csv("teams", Right.PLAN_READ, Right.ROSTER_READ),
        _csv("need", Right.NEED_READ),
        _csv("uncovered", Right.PLAN_READ),
        (
            "tps.geojson",
            Paper(
                task="tps_geojson",
                media_type="application/geo+json",
                rights=(Right.REASONS_READ,),
            ),
        ),
    ]
)
"""File name in the address → document."""


@get("/api/documents/{name:str}", opt=rule(Right.DOCUMENT_READ), sync_to_thread=True)
def document(
    request: Asked,
    name: FromPath[str],
    plan: Annotated[str | None, QueryParameter(max_length=100)] = None,
    kecamatan: Annotated[str | None, QueryParameter(max_length=10)] = None,
) -> Answer:
    """Return a document of a plan (the newest when none is named); that it was read is noted."""
    house, asker = house_of(request), asker_of(request)
    paper = PAPERS.get(name)
    if paper is None:
        raise _unknown_document(name)
    check_reader(asker.viewer, paper, kecamatan)
    if plan is not None:
        check_id(plan)
    given: dict[str, Any] = {"plan": plan, "lang": asked_lang(request), "now": house.clock()}
    if paper.task == "document":
        given["kecamatan"] = kecamatan
        given["officers"] = "assigned" not in hidden("traffic", asker.viewer.rights)
    made = house.on_press(paper.task, **given, **dict(paper.given))
    file, body = made if paper.task == "document" else (_file_name(house, name, plan), made)
    detail = {"plan": plan, "kecamatan": kecamatan, "file": file}
    note(house, request, asker.account, "document.read", name, detail)
    return attached(request, body, paper.media_type, file)


def check_reader(viewer: Viewer, paper: Paper, kecamatan: str | None) -> None:
    """Refuse who may not see what the document shows.

    Raises:
        DomainError: `forbidden` or `outside_area`.
    """
    for right in paper.rights:
        viewer.require(right)
    viewer.require_area(kecamatan if paper.by_area else None)


def _file_name(house: House, name: str, plan: str | None) -> str:
    """Return a name that tells place, version and the WIB time, e.g. `1608-v3-20240210-1004WIB`."""
    codes = house.workspace.store.current("areas")["code"].to_list()
    place = next((code for code in codes if len(code) == 4), "operasi")  # noqa: PLR2004
    events = house.opened.versions.events(plan) if plan else []
    event = events[-1] if events else head_and_approved(house.workspace)[0]
    version = f"v{event.version}" if event else "v0"
    stem, _, ending = name.rpartition(".")
    clock = in_wib(house.clock()).strftime("%Y%m%d-%H%MWIB")
    return f"{stem}-{place}-{version}-{clock}.{ending}"


def _unknown_document(name: str) -> DomainError:
    listing = ", ".join(PAPERS)
    return DomainError(
        "unknown_document",
        Text("dokumen itu tidak ada", "there is no such document"),
        Text(f"Pilih dari: {listing}.", f"Choose from: {listing}."),
        {"document": name[:60]},
    )


ROUTES = (document,)
