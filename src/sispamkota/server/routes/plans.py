"""Plan versions: read, verify, compare, edit by hand, review and approve."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from sispamkota.access.fields import redact_deep
from sispamkota.access.rights import Right
from sispamkota.access.viewer import Viewer
from sispamkota.actions.plan_kinds import kind_of
from sispamkota.actions.plans import area_part, one_plan
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.edit_ops import MOST_OPS
from sispamkota.server.answers import Answer, Asked, answer, fresh
from sispamkota.server.near import asker_of, house_of, viewer_for
from sispamkota.server.record import note
from sispamkota.server.rules import rule
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import PLAN_ID

Code: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Reason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1000)]


class MoveTps(Struct, tag_field="op", tag="move_tps", forbid_unknown_fields=True):
    """Put a TPS into another beat, or leave it open (`to` null)."""

    tps: Code
    to: Code | None


class MoveTeam(Struct, tag_field="op", tag="move_team", forbid_unknown_fields=True):
    """Send a team to another beat (teams swap), or let it idle (`to` null)."""

    team: Code
    to: Code | None


class NewBeat(Struct, tag_field="op", tag="new_beat", forbid_unknown_fields=True):
    """Make a beat of some TPS for an idle team."""

    tps: Annotated[list[Code], Meta(min_length=1, max_length=200)]
    team: Code


Op: TypeAlias = MoveTps | MoveTeam | NewBeat
Ops: TypeAlias = Annotated[list[Op], Meta(max_length=MOST_OPS)]


class Edit(Struct, forbid_unknown_fields=True):
    """Moves to try."""

    ops: Ops


class Saving(Struct, forbid_unknown_fields=True):
    """Moves to keep as a new draft.

    `seen_version` is the newest version its maker knew of; `beside` keeps it all the same.
    """

    ops: Ops
    reason: Reason
    seen_version: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    beside: bool = False


class NewState(Struct, forbid_unknown_fields=True):
    """What a plan shall be from now on, and why."""

    state: Literal["draft", "reviewed", "approved"]
    reason: Annotated[str, Meta(max_length=1000)] = ""


@get("/api/plans", opt=rule(Right.PLAN_READ), sync_to_thread=True)
def versions(request: Asked) -> Answer:
    """Return the versions, newest first, the head and the approved one.

    Those of guard plans stand at the top, those of traffic plans in `traffic`, for whoever may
    read these; without that right it is null.
    """
    house, viewer = house_of(request), viewer_for(request)

    def make() -> dict[str, Any]:
        found: dict[str, Any] = house.on_desk("versions")
        return found if viewer.may(Right.TRAFFIC_READ) else {**found, "traffic": None}

    return answer(request, house, viewer, make)


@get("/api/plans/{plan:str}", opt=rule(Right.PLAN_READ), sync_to_thread=True)
def plan_body(request: Asked, plan: FromPath[str]) -> Answer:
    """Return a plan without the prices of its certificate; of an area, only its part."""
    house, viewer = house_of(request), viewer_for(request)
    check_id(plan)

    def make() -> dict[str, Any]:
        return shown_plan(one_plan(house.workspace, plan), viewer)

    return answer(request, house, viewer, make)


def shown_plan(body: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """Return the part of a plan that the viewer may see.

    A traffic plan is one whole: roads that are closed concern whoever may read it.

    Raises:
        DomainError: `forbidden` for a traffic plan without the right to read it.
    """
    if kind_of(body) == TRAFFIC:
        viewer.require(Right.TRAFFIC_READ)
        whole: dict[str, Any] = redact_deep("traffic", body, viewer.rights)
        return whole
    part = area_part(body, viewer.covers) if viewer.areas else body
    shown: dict[str, Any] = redact_deep("plan", part, viewer.rights)
    return shown


@get("/api/plans/{plan:str}/verify", opt=rule(Right.PLAN_READ), sync_to_thread=True)
def verify(request: Asked, plan: FromPath[str]) -> Answer:
    """Check a plan against every rule and the inputs of today, without the planner."""
    house, viewer = house_of(request), viewer_for(request)
    check_id(plan)
    viewer.require_area(None)
    return answer(request, house, viewer, lambda: house.on_desk("verify", plan=plan))


@get("/api/plans/{a:str}/diff/{b:str}", opt=rule(Right.PLAN_READ), sync_to_thread=True)
def diff(request: Asked, a: FromPath[str], b: FromPath[str]) -> Answer:
    """Return what plan `b` does otherwise than plan `a`."""
    house, viewer = house_of(request), viewer_for(request)
    check_id(a)
    check_id(b)
    viewer.require_area(None)
    return answer(request, house, viewer, lambda: house.on_desk("compare", a=a, b=b))


@post(
    "/api/plans/{plan:str}/check", opt=rule(Right.PLAN_WRITE), sync_to_thread=True, status_code=200
)
def check(request: Asked, plan: FromPath[str], data: JSONBody[Edit]) -> Answer:
    """Return what a plan becomes by these moves and which rules it then breaks; saves nothing."""
    house, viewer = house_of(request), viewer_for(request)
    check_id(plan)
    viewer.require_area(None)
    ops = msgspec.to_builtins(data.ops)
    return fresh(request, house.on_desk("check_edit", plan=plan, ops=ops))


@post(
    "/api/plans/{plan:str}/save", opt=rule(Right.PLAN_WRITE), sync_to_thread=True, status_code=200
)
def save(request: Asked, plan: FromPath[str], data: JSONBody[Saving]) -> Answer:
    """Keep the moves as a new draft version; refused where somebody saved since."""
    house, asker = house_of(request), asker_of(request)
    check_id(plan)
    asker.viewer.require_area(None)
    signed = {
        "account": asker.account.id,
        "person": asker.account.person,
        "reason": data.reason,
        "now": house.clock(),
    }
    made = house.on_desk(
        "save_edit",
        plan=plan,
        ops=msgspec.to_builtins(data.ops),
        signed=signed,
        seen_version=data.seen_version,
        beside=data.beside,
    )
    note(house, request, asker.account, "plan.save", made["plan"],
         {"base": plan, "moves": len(data.ops), "reason": data.reason})  # fmt: skip
    return fresh(request, made)


@post(
    "/api/plans/{plan:str}/state", opt=rule(Right.PLAN_READ), sync_to_thread=True, status_code=200
)
def state(request: Asked, plan: FromPath[str], data: JSONBody[NewState]) -> Answer:
    """Review, approve or send back a plan; each asks for its own right."""
    house, asker = house_of(request), asker_of(request)
    check_id(plan)
    wanted = Right.PLAN_APPROVE if data.state == "approved" else Right.PLAN_REVIEW
    asker.viewer.require(wanted)
    asker.viewer.require_area(None)
    event = house.on_desk(
        "change_state",
        plan=plan,
        state=data.state,
        account=asker.account.id,
        person=asker.account.person,
        reason=data.reason,
        now=house.clock(),
    )
    note(house, request, asker.account, f"plan.{data.state}", plan, {"reason": data.reason})
    return fresh(request, event)


def check_id(plan: str) -> None:
    """Refuse what is no plan id, a path above all.

    Raises:
        DomainError: `unknown_plan`.
    """
    if not PLAN_ID.fullmatch(plan):
        raise DomainError(
            "unknown_plan",
            Text("tidak ada rencana dengan nama itu", "there is no plan of that name"),
            Text("Pilih dari daftar versi.", "Choose from the list of versions."),
            {"plan": plan[:100]},
        )


ROUTES = (versions, plan_body, verify, diff, check, save, state)
