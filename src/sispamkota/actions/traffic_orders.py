"""The closures of an approved traffic plan become real: ordered by a named officer, lifted as one.

A plan proposes. Nothing is closed before somebody who may close roads orders it; what was ordered
carries plan, event and order, so that all of it can be lifted together.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sispamkota.actions import traffic_order_errors as refusals
from sispamkota.actions.closure_effect import NO_POSTS, Effect, effect_of
from sispamkota.actions.closure_keeping import (
    Decision,
    closure_name,
    for_the_public,
    keep_decisions,
    lifting_of,
    plain_spec,
    refuse_naive,
    spec_of,
)
from sispamkota.actions.closure_records import StandingClosure
from sispamkota.actions.closures import closure_json, heading, told_of
from sispamkota.actions.named import named_person, stated_reason
from sispamkota.actions.plan import parse_plan
from sispamkota.actions.plan_kinds import require_kind
from sispamkota.actions.road_places import load_places
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.traffic_events import active_events
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.roads.closures import Closure, validate
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import Workspace

State = Literal["new", "ordered", "past"]
STATE_NAMES: dict[State, Text] = {
    "new": Text("akan ditutup", "to be closed"),
    "ordered": Text("sudah diperintahkan", "ordered already"),
    "past": Text("sudah lewat", "over"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A closure of a plan and what there is of it.

    Attributes:
        planned: as the plan says it.
        closure: on the roads of today.
        made: the standing closure that came of it; None where there is none.
        over: its hours have passed.
        before: how often it was ordered before and lifted again.
    """

    planned: Mapping[str, Any]
    closure: Closure
    made: StandingClosure | None
    over: bool
    before: int

    @property
    def state(self) -> State:
        """Return whether an order would close it."""
        if self.made is not None:
            return "ordered"
        return "past" if self.over else "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was closed by an order.

    Attributes:
        id: what lifts all of it.
        plan: id of the plan.
        made: the closures.
        skipped: those of the plan that stand already or are over.
        effect: what they do to TPS.
    """

    id: str
    plan: str
    made: tuple[StandingClosure, ...]
    skipped: tuple[Ordered, ...]
    effect: Effect


def preview_order(
    workspace: Workspace, plan_id: str, now: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return what an order would close and when, and what stands already; nothing is kept.

    Raises:
        DomainError: see `order_closures`.
    """
    refuse_naive(now)
    roads = load_roads(workspace)
    plan, version = _approved(workspace, plan_id, roads)
    rows = _rows(roads, plan, now)
    wanted = [row.closure for row in rows if row.state == "new"]
    effect = effect_of(roads, load_places(workspace), wanted, now)
    return {
        **heading(roads, lang),
        "plan": plan_id,
        "plan_version": version,
        "closures": [_row_json(roads, row, lang) for row in rows],
        "counts": {state: sum(r.state == state for r in rows) for state in STATE_NAMES},
        "standing": [closure_json(roads, c, now, lang) for c in _met(roads, wanted, now)],
        **effect.as_json(),
        "warnings": [t.in_(lang) for t in _warnings(roads, rows, effect)],
    }


def order_closures(
    workspace: Workspace,
    plan_id: str,
    *,
    by: str,
    reason: str,
    public_reason: str = "",
    now: dt.datetime,
) -> Order:
    """Close the roads that an approved traffic plan asks for, all of them in one transaction.

    Those ordered before that still stand, and those whose hours have passed, are left alone.

    Args:
        workspace: an open workspace.
        plan_id: a traffic plan that is approved.
        by: rank and name of who orders it.
        reason: why.
        public_reason: what the public page says; "" = a neutral sentence.
        now: time of the order, with zone.

    Raises:
        DomainError: `unknown_plan`, `other_kind`, `plan_not_approved`, `plan_file_changed`,
            `plan_on_other_roads`, `event_withdrawn`, `nothing_to_order`, or as `close_roads` on
            name, reason and time.
    """
    refuse_naive(now)
    person, reason = named_person(by), stated_reason(reason)
    public = for_the_public(public_reason)
    roads = load_roads(workspace)
    plan, _ = _approved(workspace, plan_id, roads)
    rows = _rows(roads, plan, now)
    wanted = [row for row in rows if row.state == "new"]
    if not wanted:
        raise refusals.nothing_to_order(plan_id, [r.made.id for r in rows if r.made])
    # The same order given twice at once has the same names, and so counts once.
    mark = " ".join(f"{r.planned['id']}/{r.before}" for r in wanted)
    order_id = f"o-{hashlib.sha256(f'{plan_id} {mark}'.encode()).hexdigest()[:10]}"
    effect = effect_of(roads, load_places(workspace), [r.closure for r in wanted], now)
    decisions = []
    for row in wanted:
        origin = {"plan": plan_id, "event": row.planned["event"], "closure": row.planned["id"],
                  "order": order_id}  # fmt: skip
        spec = spec_of(roads, row.closure) | {"public_reason": public, "origin": origin}
        name = closure_name(f"{order_id} {row.planned['id']}")
        decisions.append(
            Decision(id=name, spec=plain_spec(spec), state="open", person=person, reason=reason)
        )
    keep_decisions(workspace, decisions, now, file="closure order")
    ids = {d.id for d in decisions}
    return Order(
        id=order_id,
        plan=plan_id,
        made=tuple(c for c in load_roads(workspace).closures if c.id in ids),
        skipped=tuple(row for row in rows if row.state != "new"),
        effect=effect,
    )


def order_json(workspace: Workspace, order: Order, now: dt.datetime, lang: Lang) -> dict[str, Any]:
    """Return an order as the API and the command line show it."""
    roads = load_roads(workspace)
    return {
        **heading(roads, lang),
        "order": order.id,
        "plan": order.plan,
        "closures": [closure_json(roads, c, now, lang) for c in order.made],
        "skipped": [_row_json(roads, row, lang) for row in order.skipped],
        **order.effect.as_json(),
    }


def lift_order(
    workspace: Workspace, order_id: str, *, by: str, reason: str, now: dt.datetime
) -> tuple[StandingClosure, ...]:
    """Open again all that an order closed and that still stands, in one transaction.

    Args:
        workspace: an open workspace.
        order_id: an order, or a plan for all orders of it.
        by: rank and name of who lifts it.
        reason: why.
        now: time of the decision, with zone.

    Raises:
        DomainError: `unknown_order`, `order_lifted`, or as `lift_closure` on name and reason.
    """
    refuse_naive(now)
    person, reason = named_person(by), stated_reason(reason)
    every = load_roads(workspace).closures
    own = [c for c in every if order_id in (_origin(c).get("order"), _origin(c).get("plan"))]
    if not own:
        raise refusals.unknown_order(order_id, _orders(every))
    standing = [c for c in own if c.lifted is None]
    if not standing:
        raise refusals.order_lifted(order_id, own[-1])
    decisions = [lifting_of(c, person, reason) for c in standing]
    keep_decisions(workspace, decisions, now, file="closure order lifted")
    ids = {c.id for c in standing}
    return tuple(c for c in load_roads(workspace).closures if c.id in ids)


def lifted_json(
    workspace: Workspace,
    order_id: str,
    lifted: Sequence[StandingClosure],
    now: dt.datetime,
    lang: Lang,
) -> dict[str, Any]:
    """Return what lifting an order did."""
    roads = load_roads(workspace)
    return {
        **heading(roads, lang),
        "order": order_id,
        "closures": [closure_json(roads, c, now, lang) for c in lifted],
    }


def _approved(workspace: Workspace, plan_id: str, roads: Roads) -> tuple[dict[str, Any], int]:
    """Return an approved traffic plan of these roads and its version number."""
    body = workspace.load_plan(plan_id)
    plan = parse_plan(body, plan_id)
    require_kind(plan, plan_id, TRAFFIC)
    events = workspace.versions.events(plan_id)
    if not events or events[-1].state != "approved":
        raise refusals.not_approved(plan_id, events[-1].state if events else "-")
    if hashlib.sha256(body).hexdigest() != events[-1].sha256:
        raise refusals.file_changed(plan_id)
    if plan["network"]["sha256"] != roads.base.sha256:
        raise refusals.other_roads(plan_id, str(plan["network"]["as_of"]))
    active = {event.id for event in active_events(workspace)}
    for event in plan["events"]:
        if event["id"] not in active:
            raise refusals.event_withdrawn(plan_id, event["id"], event["name"])
    return plan, events[-1].version


def _rows(roads: Roads, plan: Mapping[str, Any], now: dt.datetime) -> tuple[Ordered, ...]:
    own: dict[str, list[StandingClosure]] = {}
    for standing in roads.closures:
        if _origin(standing).get("plan") == plan["plan"]:
            own.setdefault(_origin(standing).get("closure", ""), []).append(standing)
    rows = []
    for planned in plan["closures"]:
        closure = _closure(planned)
        validate(roads.network, closure)
        made = own.get(planned["id"], [])
        rows.append(
            Ordered(
                planned=planned,
                closure=closure,
                made=next((c for c in made if c.lifted is None), None),
                over=closure.ends is not None and closure.ends <= now,
                before=sum(c.lifted is not None for c in made),
            )
        )
    return tuple(rows)


def _closure(planned: Mapping[str, Any]) -> Closure:
    return Closure(
        id=planned["id"],
        reason="",
        kind="segments",
        segments=tuple(planned["segments"]),
        begins=dt.datetime.fromisoformat(planned["begins"]),
        ends=dt.datetime.fromisoformat(planned["ends"]),
        profiles=tuple(planned["profiles"]),
        exempt=tuple(planned["exempt"]),
        direction=planned["direction"],
    )


def _row_json(roads: Roads, row: Ordered, lang: Lang) -> dict[str, Any]:
    planned = row.planned
    return {
        "closure": planned["id"],
        "event": planned["event"],
        "state": row.state,
        "state_name": STATE_NAMES[row.state].in_(lang),
        "ordered_as": row.made.id if row.made else None,
        "order": _origin(row.made).get("order") if row.made else None,
        **told_of(roads.network, row.closure, lang),
        **{key: planned[key] for key in ("begins", "ends", "profiles", "exempt", "direction")},
        "crowd": planned["crowd"],
        "reason": planned["reason"][lang],
    }


def _met(roads: Roads, wanted: Sequence[Closure], now: dt.datetime) -> list[StandingClosure]:
    """Return the closures of others on the same pieces of road in the same hours."""
    pieces = np.unique([s for c in wanted for s in c.segments])
    begin = min((c.begins for c in wanted if c.begins), default=now)
    end = max((c.ends for c in wanted if c.ends), default=now)
    return [
        c
        for c in roads.closures
        if c.lifted is None
        and (c.closure.begins is None or c.closure.begins < end)
        and (c.closure.ends is None or c.closure.ends > begin)
        and np.isin(c.spec["segments"], pieces).any()
    ]


def _warnings(roads: Roads, rows: Sequence[Ordered], effect: Effect) -> list[Text]:
    found = [roads.base.warning] if roads.base.warning else []
    if effect.profile is None and any(r.state == "new" for r in rows):
        found.append(NO_POSTS)
    if n := effect.isolated.height:
        found.append(
            Text(
                f"{number(n, 'id')} TPS tidak terjangkau dari pos mana pun pada jam penutupan",
                f"{number(n, 'en')} TPS are reached from no post in the hours of the closures",
            )
        )
    return found


def _origin(closure: StandingClosure) -> Mapping[str, str]:
    origin: Mapping[str, str] = closure.spec.get("origin") or {}
    return origin


def _orders(closures: Sequence[StandingClosure]) -> list[str]:
    """Return the orders of which something stands."""
    named = [_origin(c).get("order") for c in closures if c.lifted is None]
    return list(dict.fromkeys(name for name in named if name))


__all__ = ["lift_order", "lifted_json", "order_closures", "order_json", "preview_order"]
