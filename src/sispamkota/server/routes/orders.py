"""Orders: the closures of an approved traffic plan become real, and are lifted as one."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from sispamkota.access.rights import Right
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.routes.closures import Lifting, Reason
from sispamkota.server.routes.plans import check_id
from sispamkota.server.rules import rule


class Ordering(Struct, forbid_unknown_fields=True):
    """Why the closures are ordered, and what the public page says of them."""

    reason: Reason
    public_reason: Annotated[str, Meta(max_length=200)] = ""


@get("/api/plans/{plan:str}/order-closures", opt=rule(Right.ROADS_CLOSE), sync_to_thread=True)
def preview(request: Asked, plan: FromPath[str]) -> Answer:
    """Return what an order would close and when, and what stands already; saves nothing."""
    house, asker = house_of(request), asker_of(request)
    check_id(plan)
    asker.viewer.require(Right.TRAFFIC_READ)
    asker.viewer.require_area(None)
    given = {"plan": plan, "now": house.clock(), "lang": asked_lang(request)}
    return fresh(request, house.on_roads("preview_order", **given))


@post("/api/plans/{plan:str}/order-closures", opt=rule(Right.ROADS_CLOSE), sync_to_thread=True)
def order(request: Asked, plan: FromPath[str], data: JSONBody[Ordering]) -> Answer:
    """Close the roads of an approved traffic plan, all of them or none."""
    house, asker = house_of(request), asker_of(request)
    check_id(plan)
    asker.viewer.require(Right.TRAFFIC_READ)
    asker.viewer.require_area(None)
    signed = {
        "by": asker.account.person,
        "reason": data.reason,
        "public_reason": data.public_reason,
        "now": house.clock(),
    }
    made = house.on_roads("order_closures", plan=plan, signed=signed, lang=asked_lang(request))
    detail = {
        "order": made["order"],
        "closures": [one["id"] for one in made["closures"]],
        "reason": data.reason,
    }
    note(house, request, asker.account, "traffic.order", plan, detail)
    return fresh(request, made, 201)


@post(
    "/api/closures/orders/{order_id:str}/lift",
    opt=rule(Right.ROADS_CLOSE),
    sync_to_thread=True,
    status_code=200,
)
def lift(request: Asked, order_id: FromPath[str], data: JSONBody[Lifting]) -> Answer:
    """Open again all that an order closed; also the way to undo it."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    signed = {"by": asker.account.person, "reason": data.reason, "now": house.clock()}
    given = {"order": order_id[:100], "signed": signed, "lang": asked_lang(request)}
    found = house.on_roads("lift_order", **given)
    detail = {"closures": [one["id"] for one in found["closures"]], "reason": data.reason}
    note(house, request, asker.account, "traffic.lift", found["order"], detail)
    return fresh(request, found)


ROUTES = (preview, order, lift)
