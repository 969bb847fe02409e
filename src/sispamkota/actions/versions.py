"""The versions of a plan: draft, reviewed, approved by a named officer, superseded.

Nothing is taken back: each step is a further event with its officer and reason, and a plan that
people rely on keeps its content for good.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

import polars as pl

from sispamkota.access.functions import functions
from sispamkota.access.rights import Right
from sispamkota.actions.gathered import inputs_for
from sispamkota.actions.kept import Kept
from sispamkota.actions.named import named_person, stated_reason
from sispamkota.actions.plan import parse_plan
from sispamkota.actions.traffic_plan import traffic_summary, verify_traffic_plan
from sispamkota.actions.travel import closures_on_voting_day
from sispamkota.actions.travel_words import uses_roads
from sispamkota.kernel.errors import DomainError, Problem
from sispamkota.kernel.text import Text
from sispamkota.planning.verify import Violation, verify_plan
from sispamkota.storage.versions import GUARDS, TRAFFIC, PlanEvent, PlanState, current_states
from sispamkota.storage.workspace import Workspace
from sispamkota.traffic.verify import Violation as TrafficViolation

Target = Literal["draft", "reviewed", "approved"]
STEPS: dict[Target, tuple[PlanState, ...]] = {
    "reviewed": ("draft", "superseded"),
    "approved": ("reviewed",),
    "draft": ("reviewed",),
}
"""State asked for → states from which a plan may come to it."""

CHECKED: frozenset[PlanState] = frozenset({"reviewed", "approved", "superseded"})
SHOWN_PROBLEMS = 20
SUMMARY = (
    "objective",
    "lower_bound",
    "gap",
    "teams",
    "officers",
    "tps_covered",
    "tps_uncovered",
    "pattern",
    "sample",
)
PLANNED_FROM = {
    GUARDS: (
        "areas",
        "boundaries",
        "tps",
        "posts",
        "answers",
        "overrides",
        "personnel",
        "roads",
    ),
    TRAFFIC: (
        "areas",
        "boundaries",
        "tps",
        "posts",
        "figures",
        "personnel",
        "roads",
        "traffic_events",
    ),
}
"""Kinds of rows that a plan of each kind is made from; closures of voting day besides."""
_SUMMARIES: Kept[dict[str, Any]] = Kept(500)


def list_versions(workspace: Workspace, kind: str = GUARDS) -> dict[str, Any]:
    """Return the plans of a kind as versions, newest first.

    Returns:
        `versions` (each with its summary, state, `valid` and all `events`), `head` (the newest)
        and `approved`, each `version` and `plan`, or None. `valid` is None where nobody checked
        the plan yet: computed drafts, until they are reviewed. `data_newer` says that data a plan
        depends on were imported, overridden or withdrawn after it was made.
    """
    events = [e for e in workspace.versions.events() if e.kind == kind]
    changed = _data_changed(workspace, kind)
    found = [
        _version(workspace, last, [e for e in events if e.plan == last.plan], changed)
        for last in current_states(events).values()
    ]
    found.sort(key=lambda v: -v["version"])
    serious = [v for v in found if v["state"] != "simulation"]
    approved = [v for v in serious if v["state"] == "approved"]
    return {
        "versions": found,
        "head": _brief(serious),
        "approved": _brief(approved),
    }


def _brief(versions: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {k: versions[0][k] for k in ("version", "plan")} if versions else None


def _on_roads(workspace: Workspace) -> bool:
    """Say whether closures change guard plans: straight lines know no roads."""
    try:
        return uses_roads(workspace, workspace.config.planning)
    except DomainError:  # roads asked for and none imported: told where a plan is made
        return False


def _data_changed(workspace: Workspace, kind: str) -> dt.datetime | None:
    """Return when what plans of a kind are made of last changed; None where there is nothing."""
    imports = workspace.store.imports()
    used = imports.filter(pl.col("kind").is_in(PLANNED_FROM[kind]))
    if kind == GUARDS and _on_roads(workspace):
        closed = closures_on_voting_day(workspace)
        used = pl.concat([used, imports.filter(pl.col("id").is_in(closed.implode()))])
    moments = pl.concat([used["imported_at"], used["withdrawn_at"]])
    last = moments.max()
    assert last is None or isinstance(last, dt.datetime)
    return last


def _version(
    workspace: Workspace,
    last: PlanEvent,
    events: list[PlanEvent],
    changed: dt.datetime | None,
) -> dict[str, Any]:
    def make() -> dict[str, Any]:
        return _summary(parse_plan(workspace.store.load_plan(last.plan), last.plan))

    summary = _SUMMARIES.get(last.sha256, make)
    broken = summary["violations"]
    return {
        "version": last.version,
        "plan": last.plan,
        "kind": last.kind,
        "state": last.state,
        "at": events[0].at.isoformat(),
        "person": events[0].person,
        "reason": events[0].reason,
        "base": last.base,
        **summary,
        "valid": True if last.state in CHECKED else None if broken is None else not broken,
        "data_newer": changed is not None and changed > events[0].at,
        "events": [event_json(e) for e in events],
    }


def _summary(plan: Mapping[str, Any]) -> dict[str, Any]:
    if plan.get("kind") == TRAFFIC:
        return {**traffic_summary(plan), "violations": None}
    edited = plan.get("edited")
    return {
        **{key: plan.get(key) for key in SUMMARY},
        "edited": edited is not None,
        "repaired": "repair" in plan,
        "violations": edited.get("violations") if isinstance(edited, Mapping) else None,
    }


def event_json(event: PlanEvent) -> dict[str, Any]:
    """Return an event as JSON."""
    return {**asdict(event), "at": event.at.isoformat()}


def change_state(
    workspace: Workspace,
    plan_id: str,
    state: Target,
    *,
    person: str,
    reason: str,
    now: dt.datetime,
    account: str | None = None,
) -> dict[str, Any]:
    """Review, approve or send back a plan; returns the event.

    A plan is reviewed from a draft and approved after review. Both check it in full: it must keep
    every rule, for the inputs of today. The approved plan of before becomes superseded.

    Args:
        workspace: an open workspace.
        plan_id: id of the plan.
        state: what it becomes.
        person: rank and name of the officer who decides.
        reason: why.
        now: time of the decision.
        account: id of the officer's account; None for the command line.

    Raises:
        DomainError: `missing_name`, `missing_reason`, `forbidden_reason`, `unknown_plan`,
            `unknown_state`, `state_not_reachable`, `plan_not_valid`, `same_person` where the
            approver is who made the edit and another could approve, `state_changed` where
            somebody was quicker.
    """
    who, why = named_person(person), stated_reason(reason)
    events = workspace.versions.events(plan_id)
    body = workspace.load_plan(plan_id)  # says unknown_plan with the ones there are
    if not events or state not in STEPS:
        raise _unknown_state(plan_id, state)
    last = events[-1]
    if last.state not in STEPS[state]:
        raise _not_reachable(last, state)
    if state != "draft":
        _check_valid(workspace, body, last)
    if state == "approved":
        _check_other_person(workspace, parse_plan(body, plan_id), events, account)
    event = workspace.versions.add_event(
        plan_id,
        state,
        account=account,
        person=who,
        reason=why,
        at=now,
        expected_state=last.state,
    )
    return event_json(event)


def _check_valid(workspace: Workspace, body: bytes, last: PlanEvent) -> None:
    """Refuse a plan whose file is not the one kept, or that breaks any rule today."""
    name = last.plan
    if hashlib.sha256(body).hexdigest() != last.sha256:
        changed = Text("berkas rencana telah diubah", "the plan's file was changed")
        raise _not_valid(name, "file", changed, ())
    plan = parse_plan(body, name)
    broken: Sequence[Violation | TrafficViolation]
    if last.kind == TRAFFIC:
        broken = verify_traffic_plan(workspace, plan)
    else:
        broken = verify_plan(plan, inputs_for(workspace, plan, name).facts)
    if broken:
        first = next((v for v in broken if v.rule == "same_inputs"), broken[0])
        raise _not_valid(name, first.rule, first.detail, broken)


def _check_other_person(
    workspace: Workspace,
    plan: Mapping[str, Any],
    events: Iterable[PlanEvent],
    account: str | None,
) -> None:
    """Refuse who edited the plan by hand as its approver, where somebody else can approve."""
    if account is None or "edited" not in plan or not workspace.config.approval.another_person:
        return
    if next(iter(events)).account != account:
        return
    allowed = {f.id for f in functions().values() if Right.PLAN_APPROVE in f.rights}
    others = [
        a
        for a in workspace.accounts.accounts()
        if a.revoked_at is None and a.function in allowed and a.id != account
    ]
    if others:
        names = ", ".join(sorted(a.person for a in others))
        raise DomainError(
            "same_person",
            Text(
                "rencana ini Anda sunting sendiri; pejabat lain yang mengesahkannya",
                "you edited this plan yourself; another officer approves it",
            ),
            Text(f"Mintakan kepada: {names}.", f"Ask: {names}."),
            {"plan": plan["plan"]},
        )


def _not_valid(
    plan: str, rule: str, detail: Text, broken: Sequence[Violation | TrafficViolation]
) -> DomainError:
    count = max(len(broken), 1)
    remedy = Text("Lihat semua: sispamkota verify.", "See all: sispamkota verify.")
    return DomainError(
        "plan_not_valid",
        Text(
            f"rencana {plan} tidak sah ({rule}: {detail.id})",
            f"plan {plan} is not valid ({rule}: {detail.en})",
        ),
        Text(
            "Buat atau sunting rencana sampai semua aturan dipenuhi.",
            "Make or edit a plan until every rule holds.",
        ),
        {"plan": plan, "rule": rule, "violations": count},
        [
            Problem(code=v.rule, message=v.detail, remedy=remedy, where=v.where)
            for v in broken[:SHOWN_PROBLEMS]
        ],
    )


def _unknown_state(plan: str, state: str) -> DomainError:
    return DomainError(
        "unknown_state",
        Text(
            f"rencana {plan} tidak dapat menjadi '{state}'", f"plan {plan} cannot become '{state}'"
        ),
        Text("Pilih dari: reviewed, approved, draft.", "Choose from: reviewed, approved, draft."),
        {"plan": plan, "state": state},
    )


def _not_reachable(last: PlanEvent, state: Target) -> DomainError:
    listing = ", ".join(STEPS[state])
    return DomainError(
        "state_not_reachable",
        Text(
            f"rencana {last.plan} berstatus '{last.state}', tidak dapat langsung menjadi '{state}'",
            f"plan {last.plan} is '{last.state}' and cannot become '{state}' from there",
        ),
        Text(
            f"'{state}' mengikuti: {listing}. Telaah dahulu, lalu sahkan.",
            f"'{state}' follows: {listing}. Review first, then approve.",
        ),
        {"plan": last.plan, "version": last.version, "state": last.state},
    )


__all__ = ["change_state", "event_json", "list_versions"]
