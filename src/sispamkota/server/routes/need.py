"""Need, available and gap under each doctrine pattern; what adds up and what does not."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.params import FromQuery

from sispamkota.access.functions import KECAMATAN_DIGITS
from sispamkota.access.rights import Right
from sispamkota.actions.check import as_json as check_json
from sispamkota.actions.check import check_workspace
from sispamkota.actions.figures import kecamatan_figures
from sispamkota.actions.need import need as count_need
from sispamkota.server.answers import Answer, Asked, answer
from sispamkota.server.near import asked_lang, house_of, viewer_for
from sispamkota.server.rules import rule


@get("/api/need", opt=rule(Right.NEED_READ), sync_to_thread=True)
def need(request: Asked, pattern: FromQuery[list[str] | None] = None) -> Answer:
    """Return the need as `sispamkota need --json` does; `pattern` may be given several times."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)

    def make() -> dict[str, Any]:
        body = count_need(house.workspace, pattern or ()).as_json(lang)
        for one in body["patterns"]:
            one["kecamatan"] = viewer.rows(one["kecamatan"])
        return body

    return answer(request, house, viewer, make)


@get("/api/check", opt=rule(Right.CHECK_READ), sync_to_thread=True)
def check(request: Asked) -> Answer:
    """Return counts and mismatches as `sispamkota check --json`, and the figures behind them."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)

    def make() -> dict[str, Any]:
        body = check_json(check_workspace(house.workspace), lang)
        # Totals of the regency are for everybody; those of a kecamatan for whoever answers for it.
        body["mismatches"] = [
            row
            for row in body["mismatches"]
            if len(row["subject"]) < KECAMATAN_DIGITS or viewer.covers(row["subject"])
        ]
        return {**body, "figures": viewer.rows(kecamatan_figures(house.workspace, lang))}

    return answer(request, house, viewer, make)


ROUTES = (need, check)
