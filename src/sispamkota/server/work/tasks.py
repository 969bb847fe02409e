"""The tasks a worker can do; each takes the open workspace and a callback for its progress.

Everything that brings in the planner, the solver or the document writer is here, so that the
server process itself never loads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sispamkota.actions import compare as comparing
from sispamkota.actions import edit as editing
from sispamkota.actions import traffic_plan, whatif
from sispamkota.actions import versions as versioning
from sispamkota.actions.plan import compute_guards, plan_bytes
from sispamkota.actions.verify import verify
from sispamkota.planning.guards import EffortName
from sispamkota.planning.warmup import warm_up
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]


def warm(workspace: Workspace, progress: Progress) -> None:
    """Load and compile the planner, so that the first real task need not wait for it."""
    del workspace, progress
    warm_up()


def make_plan(
    workspace: Workspace,
    progress: Progress,
    *,
    pattern: str | None,
    seed: int,
    effort: EffortName,
) -> tuple[dict[str, Any], bytes]:
    """Return a guard plan and its bytes; the server keeps it."""
    progress("gather", 0.0)
    plan = compute_guards(workspace, pattern=pattern, seed=seed, effort=effort, progress=progress)
    return plan, plan_bytes(plan)


def simulate(
    workspace: Workspace,
    progress: Progress,
    *,
    changes: Mapping[str, Any],
    base: str | None,
    kecamatan: str | None,
    seed: int,
    effort: EffortName,
) -> dict[str, Any]:
    """Return a what-if: a SIMULASI beside a plan; nothing is kept."""
    return whatif.simulate(
        workspace,
        changes,
        base=base,
        kecamatan=kecamatan,
        seed=seed,
        effort=effort,
        progress=progress,
    )


def make_traffic_plan(
    workspace: Workspace,
    progress: Progress,
    *,
    events: Sequence[str] | None,
    seed: int,
    now: dt.datetime,
) -> tuple[dict[str, Any], bytes, dict[str, Any]]:
    """Return a traffic plan, its bytes and its summary; the server keeps it."""
    plan = traffic_plan.compute_traffic(
        workspace, events=events, seed=seed, now=now, progress=progress
    )
    return plan, plan_bytes(plan), traffic_plan.traffic_summary(plan)


def list_versions(workspace: Workspace, progress: Progress) -> dict[str, Any]:
    """Return the versions of the guard plan, and in `traffic` those of the traffic plan."""
    del progress
    traffic = versioning.list_versions(workspace, TRAFFIC)
    return {**versioning.list_versions(workspace), "traffic": traffic}


def verify_plan(workspace: Workspace, progress: Progress, *, plan: str) -> dict[str, Any]:
    """Return `valid` and `violations` of a plan against the inputs of today."""
    del progress
    _, violations = verify(workspace, plan)
    return {
        "valid": not violations,
        "violations": [
            {"rule": v.rule, "where": v.where, "detail": {"id": v.detail.id, "en": v.detail.en}}
            for v in violations
        ],
    }


def check_edit(
    workspace: Workspace, progress: Progress, *, plan: str, ops: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what a plan becomes by these moves; nothing is kept."""
    del progress
    return editing.check_edit(workspace, plan, ops)


def save_edit(
    workspace: Workspace,
    progress: Progress,
    *,
    plan: str,
    ops: Sequence[Mapping[str, Any]],
    signed: Mapping[str, Any],
    seen_version: int | None,
    beside: bool,
) -> dict[str, Any]:
    """Keep an edited plan as a new draft; `signed` holds account, person, reason and now."""
    del progress
    return editing.save_edit(
        workspace, plan, ops, seen_version=seen_version, beside=beside, **signed
    )


def change_state(
    workspace: Workspace,
    progress: Progress,
    *,
    plan: str,
    state: versioning.Target,
    account: str,
    person: str,
    reason: str,
    now: dt.datetime,
) -> dict[str, Any]:
    """Review, approve or send back a plan and return the event."""
    del progress
    return versioning.change_state(
        workspace, plan, state, account=account, person=person, reason=reason, now=now
    )


def compare(workspace: Workspace, progress: Progress, *, a: str, b: str) -> dict[str, Any]:
    """Return what plan `b` does otherwise than plan `a`."""
    del progress
    return comparing.compare_guard_plans(workspace, a, b)
