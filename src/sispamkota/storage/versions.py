"""Versions of plans and what became of each: an append-only list of events.

A plan is immutable: one id, one content. Every plan gets the next version number of its kind when
it is saved; who reviewed and approved it follows as further events.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

PlanState: TypeAlias = Literal["draft", "reviewed", "approved", "superseded", "simulation"]
STATES: tuple[PlanState, ...] = get_args(PlanState)

GUARDS = "guards"
"""Kind of the plans that say who guards which TPS."""

TRAFFIC = "traffic"
"""Kind of the plans that say how traffic is led round dated events."""

COMMAND_LINE = "command line"
"""Person of versions that no account made: saved by a command on the machine itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEvent:
    """One step in the life of a plan.

    Attributes:
        number: order of all events of the workspace, from 1.
        plan: id of the plan.
        kind: "guards", ...; versions are counted per kind.
        version: number of the plan among those of its kind, from 1.
        state: state the plan has from this event on.
        at: when.
        account: id of the account that did it; None for the command line.
        person: name of who did it.
        reason: why, in that person's words. Of "superseded": id of the plan approved instead.
        base: id of the plan it was made from; None where it was made from scratch.
        sha256: hex digest of the plan's bytes.
    """

    number: int
    plan: str
    kind: str
    version: int
    state: PlanState
    at: dt.datetime
    account: str | None
    person: str
    reason: str
    base: str | None
    sha256: str


class Versions(Protocol):
    """Plan events of one workspace; each method is one transaction."""

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
        """Keep a plan and its first event together, or neither.

        Use `Workspace.save_version`, which writes the plan's file too.

        Args:
            plan: id of the plan.
            kind: "guards", ...
            body: bytes of the plan file.
            base: id of the plan it was made from.
            state: "draft" or "simulation".
            account: id of the account; None for the command line.
            person: name of who made it.
            reason: why.
            at: when.
            seen_version: newest version that the maker knew; None = do not compare.
            beside: keep it all the same beside a newer version.

        Returns:
            the event; for a plan saved before with the same content its latest event, unchanged.

        Raises:
            DomainError: `newer_version` (where: plan, version, person, at, reason of the newest
                version, simulations aside), or `plan_exists` where the id has another content.
        """
        ...

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
        """Change the state of a plan; "approved" turns the one approved before "superseded".

        Raises:
            DomainError: `unknown_plan`, or `state_changed` (where: plan, version, state, person,
                at) where the plan is no longer in `expected_state`.
        """
        ...

    def events(self, plan: str | None = None) -> list[PlanEvent]:
        """Return all events, or those of one plan, in order; none for an unknown plan."""
        ...


def current_states(events: list[PlanEvent]) -> dict[str, PlanEvent]:
    """Return the latest event of each plan, in order of version."""
    last = {event.plan: event for event in events}
    return dict(sorted(last.items(), key=lambda item: (item[1].kind, item[1].version)))
