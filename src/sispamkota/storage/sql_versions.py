"""Plans and their events in SQLAlchemy Core; the store keeps its plans through here too."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sispamkota.storage import problems
from sispamkota.storage.database import Database
from sispamkota.storage.tables import PLAN_EVENTS_TABLE, PLANS_TABLE, without_nul
from sispamkota.storage.versions import PlanEvent, PlanState

EVENTS = PLAN_EVENTS_TABLE
FIRST_STATES: tuple[PlanState, ...] = ("draft", "simulation")
SETTLED: tuple[PlanState, ...] = ("reviewed", "approved", "superseded")
"""States in which people rely on a plan: its content is not replaced under the same id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a person does to a plan; fields as of `PlanEvent`."""

    account: str | None
    person: str
    reason: str
    at: dt.datetime
    state: PlanState = "draft"
    base: str | None = None


class SqlVersions:
    """`Versions` on any `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_version(
        self,
        plan: str,
        kind: str,
        body: bytes,
        *,
        base: str | None = None,
        state: PlanState = "draft",
        account: str | None,
        person: str,
        reason: str,
        at: dt.datetime,
        seen_version: int | None = None,
        beside: bool = False,
    ) -> PlanEvent:
        """Keep a plan and its first event together, or neither; see `Versions.add_version`."""
        if state not in FIRST_STATES:
            raise ValueError(f"a new plan cannot be {state}")
        step = Step(account=account, person=person, reason=reason, at=at, state=state, base=base)
        with self._database.writing() as connection:
            kept = _latest_event(connection, plan)
            if kept is not None:
                if not is_kept(connection, plan, kind, body):
                    raise problems.plan_exists(plan)
                return kept
            newest = _newest_version(connection, kind)
            stale = seen_version is not None and newest and newest.version > seen_version
            if newest and stale and not beside:
                raise problems.newer_version(newest)
            return keep_plan(connection, plan, kind, body, step)

    def add_event(
        self,
        plan: str,
        state: PlanState,
        *,
        account: str | None,
        person: str,
        reason: str,
        at: dt.datetime,
        expected_state: PlanState,
    ) -> PlanEvent:
        """Change the state of a plan; see `Versions.add_event`."""
        step = Step(account=account, person=person, reason=reason, at=at, state=state)
        with self._database.writing() as connection:
            now = _latest_event(connection, plan)
            if now is None:
                raise problems.unknown_plan(plan, _plans(connection))
            if now.state != expected_state:
                raise problems.state_changed(now, expected_state)
            if state == "approved":
                _supersede(connection, now, step)
            return _follow(connection, now, step)

    def events(self, plan: str | None = None) -> list[PlanEvent]:
        """Return all events, or those of one plan, in order; see `Versions.events`."""
        with self._database.reading() as connection:
            return _events(connection, *([] if plan is None else [EVENTS.c.plan == plan]))


def is_kept(connection: sa.Connection, plan: str, kind: str, body: bytes) -> bool:
    """Say whether the plan's last body is this one."""
    last = connection.execute(last_plan(plan)).first()
    return last is not None and (last.sha256, last.kind) == (_digest(body), kind)


def refuse_settled(connection: sa.Connection, plan: str) -> None:
    """Refuse another content for a plan on which people rely.

    Raises:
        DomainError: `plan_exists`.
    """
    now = _latest_event(connection, plan)
    if now is not None and now.state in SETTLED:
        raise problems.plan_exists(plan)


def keep_plan(
    connection: sa.Connection, plan: str, kind: str, body: bytes, step: Step
) -> PlanEvent:
    """Insert a plan's body and the event that gives it the next version number of its kind."""
    digest = _digest(body)
    connection.execute(
        PLANS_TABLE.insert(),
        {
            "id": plan,
            "kind": kind,
            "sha256": digest,
            "size_bytes": len(body),
            "saved_at": step.at,
            "body": body,
        },
    )
    highest = sa.select(sa.func.max(EVENTS.c.version)).where(EVENTS.c.kind == kind)
    event = {
        "plan": plan,
        "kind": kind,
        "version": (connection.execute(highest).scalar() or 0) + 1,
        "sha256": digest,
        "base": step.base,
    }
    return _insert(connection, event, step)


def last_plan(plan: str) -> sa.Select[tuple[str, str, bytes]]:
    """Return the query for sha256, kind and body of a plan as last saved."""
    table = PLANS_TABLE
    return (
        sa.select(table.c.sha256, table.c.kind, table.c.body)
        .where(table.c.id == plan)
        .order_by(table.c.number.desc())
        .limit(1)
    )


def _insert(connection: sa.Connection, event: dict[str, Any], step: Step) -> PlanEvent:
    """Insert an event with the next number; the caller is the only writer."""
    last = connection.execute(sa.select(sa.func.max(EVENTS.c.number))).scalar() or 0
    row = without_nul(
        {
            **event,
            "number": last + 1,
            "state": step.state,
            "at": step.at.astimezone(dt.UTC),
            "account": step.account,
            "person": step.person,
            "reason": step.reason,
        }
    )
    connection.execute(EVENTS.insert(), row)
    return PlanEvent(**row)


def _follow(connection: sa.Connection, event: PlanEvent, step: Step) -> PlanEvent:
    """Insert a further event of the same plan."""
    kept = {name: getattr(event, name) for name in ("plan", "kind", "version", "sha256", "base")}
    return _insert(connection, kept, step)


def _supersede(connection: sa.Connection, approved: PlanEvent, step: Step) -> None:
    """Turn every other approved plan of the kind superseded."""
    events = _events(connection, EVENTS.c.kind == approved.kind)
    for last in {event.plan: event for event in events}.values():
        if last.state == "approved" and last.plan != approved.plan:
            instead = Step(
                account=step.account,
                person=step.person,
                reason=approved.plan,
                at=step.at,
                state="superseded",
            )
            _follow(connection, last, instead)


def _newest_version(connection: sa.Connection, kind: str) -> PlanEvent | None:
    """Return the event by which the newest version came to be, simulations aside."""
    query = (
        sa.select(EVENTS)
        .where(EVENTS.c.kind == kind, EVENTS.c.state != "simulation")
        .order_by(EVENTS.c.version.desc(), EVENTS.c.number)
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else PlanEvent(**row)


def _latest_event(connection: sa.Connection, plan: str) -> PlanEvent | None:
    query = sa.select(EVENTS).where(EVENTS.c.plan == plan).order_by(EVENTS.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else PlanEvent(**row)


def _events(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[PlanEvent]:
    query = sa.select(EVENTS).where(*which).order_by(EVENTS.c.number)
    return [PlanEvent(**row) for row in connection.execute(query).mappings()]


def _plans(connection: sa.Connection) -> list[str]:
    query = sa.select(EVENTS.c.plan).order_by(EVENTS.c.number)
    return list(dict.fromkeys(connection.execute(query).scalars()))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
