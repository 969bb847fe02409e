"""Closures: what is closed, what one more would do, closing and lifting in one's own name."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from sispamkota.access.rights import Right
from sispamkota.roads.network import Profile
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.routes.roads import Moment, moment
from sispamkota.server.rules import rule

Corner: TypeAlias = tuple[
    Annotated[float, Meta(ge=-180, le=180)], Annotated[float, Meta(ge=-90, le=90)]
]
Segment: TypeAlias = Annotated[int, Meta(ge=0, lt=2**31)]
Time: TypeAlias = Annotated[str, Meta(max_length=40)]
Reason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1000)]


class Wish(Struct, forbid_unknown_fields=True, kw_only=True):
    """What to close: exactly one of `way`, `road`, `segments` and `area`."""

    way: Annotated[int, Meta(ge=-(2**53), le=2**53)] | UnsetType = UNSET
    road: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    segments: Annotated[list[Segment], Meta(min_length=1, max_length=5000)] | UnsetType = UNSET
    area: Annotated[list[Corner], Meta(min_length=3, max_length=2000)] | UnsetType = UNSET
    flood: bool = False
    begins: Time | None = None
    ends: Time | None = None
    profiles: Annotated[list[Profile], Meta(max_length=5)] = []
    exempt: Annotated[list[Literal["emergency", "event"]], Meta(max_length=2)] = []
    direction: Literal["both", "forward", "backward"] = "both"


class Closing(Wish, forbid_unknown_fields=True, kw_only=True):
    """What to close, why, and what the public page says of it."""

    reason: Reason
    public_reason: Annotated[str, Meta(max_length=200)] = ""


class Lifting(Struct, forbid_unknown_fields=True):
    """Why roads are opened again."""

    reason: Reason


@get("/api/closures", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def closures(request: Asked, at: Moment = None) -> Answer:
    """Return all closures with their state at a moment, newest first."""
    house = house_of(request)
    when = moment(at) or house.clock()
    return fresh(request, house.on_roads("closures", at=when, lang=asked_lang(request)))


@get("/api/closures.geojson", opt=rule(Right.ROADS_READ), sync_to_thread=True)
def shapes(request: Asked, at: Moment = None) -> Answer:
    """Return what is closed or will be, for a map."""
    house = house_of(request)
    when = moment(at) or house.clock()
    return fresh(request, house.on_roads("closures_geojson", at=when, lang=asked_lang(request)))


@post("/api/closures/preview", opt=rule(Right.ROADS_CLOSE), sync_to_thread=True, status_code=200)
def preview(request: Asked, data: JSONBody[Wish]) -> Answer:
    """Return what would be closed and which TPS it would cut off; saves nothing."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    given = {"wish": _plain(data), "now": house.clock(), "lang": asked_lang(request)}
    return fresh(request, house.on_roads("preview_closure", **given))


@post("/api/closures", opt=rule(Right.ROADS_CLOSE), sync_to_thread=True)
def close(request: Asked, data: JSONBody[Closing]) -> Answer:
    """Close roads; everybody's next question goes round."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    wish = _plain(data)
    signed = {
        "by": asker.account.person,
        "reason": wish.pop("reason"),
        "public_reason": wish.pop("public_reason"),
        "now": house.clock(),
    }
    made = house.on_roads("close_roads", wish=wish, signed=signed, lang=asked_lang(request))
    closure = made["closure"]
    detail = {"title": closure["title"], "length_m": closure["length_m"],
              "reason": closure["reason"]}  # fmt: skip
    note(house, request, asker.account, "roads.close", closure["id"], detail)
    return fresh(request, made, 201)


@post(
    "/api/closures/{closure:str}/lift",
    opt=rule(Right.ROADS_CLOSE),
    sync_to_thread=True,
    status_code=200,
)
def lift(request: Asked, closure: FromPath[str], data: JSONBody[Lifting]) -> Answer:
    """Open roads again; also the way to undo a closing."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    signed = {"by": asker.account.person, "reason": data.reason, "now": house.clock()}
    given = {"closure": closure[:100], "signed": signed, "lang": asked_lang(request)}
    found = house.on_roads("lift_closure", **given)
    note(house, request, asker.account, "roads.lift", found["closure"]["id"],
         {"reason": data.reason})  # fmt: skip
    return fresh(request, found)


def _plain(data: Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(data)
    return found


ROUTES = (closures, shapes, preview, close, lift)
