"""Dated events on roads: what the traffic plan is made for."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from sispamkota.access.rights import Right
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.rules import rule


class NewEvent(Struct, forbid_unknown_fields=True):
    """An event as an event file holds it; without an id it gets one."""

    event: dict[str, Any]


@get("/api/traffic/events", opt=rule(Right.TRAFFIC_READ), sync_to_thread=True)
def events(request: Asked, all: FromQuery[bool] = False) -> Answer:  # noqa: A002, FBT002  (a query)
    """Return the events by start; with `all` those withdrawn too."""
    found = house_of(request).on_roads("list_events", withdrawn=all)
    return fresh(request, {"events": found})


@post("/api/traffic/events", opt=rule(Right.TRAFFIC_WRITE), sync_to_thread=True)
def add(request: Asked, data: JSONBody[NewEvent]) -> Answer:
    """Keep an event, or a new version of one with the same id."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    made = house.on_roads("add_event", event=data.event, by=asker.account.person, now=house.clock())
    event = made["event"]
    detail = {"name": event["name"], "starts_at": event["starts_at"], "replaced": made["replaced"]}
    note(house, request, asker.account, "traffic.event", event["id"], detail)
    return fresh(request, made, 201)


@delete("/api/traffic/events/{event:str}", opt=rule(Right.TRAFFIC_WRITE), sync_to_thread=True)
def remove(request: Asked, event: FromPath[str]) -> Response[None]:
    """Withdraw an event; plans made for it stay as they are."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    given = {"event": event[:100], "by": asker.account.person, "now": house.clock()}
    house.on_roads("remove_event", **given)
    note(house, request, asker.account, "traffic.event_withdraw", event[:100])
    return Response(None, status_code=204)


ROUTES = (events, add, remove)
