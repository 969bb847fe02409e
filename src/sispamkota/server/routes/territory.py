"""The operation, its desa, TPS and posts."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.params import FromPath

from sispamkota.access.fields import hidden, redact
from sispamkota.access.rights import Right
from sispamkota.access.viewer import Viewer
from sispamkota.actions.operation import operation as read_operation
from sispamkota.actions.places import desa as read_desa
from sispamkota.actions.places import posts as read_posts
from sispamkota.actions.tps import one_tps, tps_columns, without_columns
from sispamkota.actions.vulnerability import Assessment
from sispamkota.kernel.errors import DomainError
from sispamkota.server.answers import Answer, Asked, answer
from sispamkota.server.house import House
from sispamkota.server.near import asked_lang, asker_of, house_of, viewer_for
from sispamkota.server.record import note
from sispamkota.server.rules import rule


def assessment_for(house: House, viewer: Viewer) -> Assessment | None:
    """Return the scores where the viewer may see classes and there is something to score."""
    if not viewer.may(Right.CLASS_READ):
        return None
    try:
        return house.assessment()
    except DomainError as refusal:
        if refusal.code == "no_tps":
            return None
        raise


@get("/api/operation", opt=rule(Right.OPERATION_READ), sync_to_thread=True)
def operation(request: Asked) -> Answer:
    """Return name, day, doctrine patterns, settings, kecamatan and the state of planning."""
    return answer(request, house_of(request), viewer_for(request), lambda: operation_body(request))


def operation_body(request: Asked) -> dict[str, Any]:
    """Return the operation as the asker may see it."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)
    body = redact("operation", read_operation(house.workspace, lang), viewer.rights)
    body["kecamatan"] = viewer.rows(body["kecamatan"], "code")
    visible = viewer.may(Right.CLASS_READ)
    return {**body, "revision": house.revision(), "classes_visible": visible}


@get("/api/desa", opt=rule(Right.TERRITORY_READ), sync_to_thread=True)
def desa(request: Asked) -> Answer:
    """Return the desa with TPS, voters and, for those who may, classes."""
    house, viewer = house_of(request), viewer_for(request)

    def make() -> dict[str, Any]:
        rows = viewer.rows(read_desa(house.workspace, assessment_for(house, viewer)))
        return {"desa": [redact("desa", row, viewer.rights) for row in rows]}

    return answer(request, house, viewer, make)


@get("/api/tps", opt=rule(Right.TERRITORY_READ), sync_to_thread=True)
def tps(request: Asked) -> Answer:
    """Return all TPS in columns."""
    house, viewer = house_of(request), viewer_for(request)

    def make() -> dict[str, Any]:
        found = tps_columns(house.workspace, assessment_for(house, viewer), viewer.areas)
        return without_columns(found, hidden("tps", viewer.rights))

    return answer(request, house, viewer, make)


@get("/api/tps/{code:str}", opt=rule(Right.TERRITORY_READ), sync_to_thread=True)
def tps_detail(request: Asked, code: FromPath[str]) -> Answer:
    """Return one TPS; its reasons are for planners and commanders, and reading them is noted."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)
    viewer.require_area(code)
    if viewer.may(Right.REASONS_READ):
        note(house, request, asker_of(request).account, "reasons.read", code)

    def make() -> dict[str, Any]:
        found = one_tps(house.workspace, assessment_for(house, viewer), code, lang)
        return redact("tps", found, viewer.rights)

    return answer(request, house, viewer, make)


@get("/api/posts", opt=rule(Right.TERRITORY_READ), sync_to_thread=True)
def posts(request: Asked) -> Answer:
    """Return the police stations and other fixed points."""
    house, viewer = house_of(request), viewer_for(request)

    def make() -> dict[str, Any]:
        # A post without kecamatan serves the whole regency.
        rows = read_posts(house.workspace)
        return {"posts": [r for r in rows if not r["kecamatan"] or viewer.covers(r["kecamatan"])]}

    return answer(request, house, viewer, make)


ROUTES = (operation, desa, tps, tps_detail, posts)
