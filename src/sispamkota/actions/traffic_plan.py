"""Plan the regulation of traffic for dated events: gather, let the planner decide, keep, check."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sispamkota.actions.plan import Maker, PlanResult, keep_draft, parse_plan, plan_bytes
from sispamkota.actions.traffic_events import active_events
from sispamkota.actions.traffic_facts import gather_traffic
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import Workspace
from sispamkota.traffic.plan import TrafficInputs, plan_traffic
from sispamkota.traffic.verify import TrafficFacts, Violation, verify_traffic

FORMAT = "sispamkota-traffic-plan/1"
Progress = Callable[[str, float], None]
KEPT = ("plan", "estimated", "sample", "network", "events", "officers")
"""Keys of a plan that its summary takes as they are."""


def compute_traffic(
    workspace: Workspace,
    *,
    events: Sequence[str] | None = None,
    seed: int = 1,
    now: dt.datetime,
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Return a traffic plan for some events, or for all; keeps nothing.

    Raises:
        DomainError: what `gather_traffic` and `plan_traffic` say.
    """
    progress("gather", 0.0)
    inputs = gather_traffic(workspace, events)
    return plan_traffic(inputs, seed=seed, made_at=now.astimezone(dt.UTC), progress=progress)


def make_traffic_plan(
    workspace: Workspace,
    *,
    events: Sequence[str] | None = None,
    seed: int = 1,
    maker: Maker | None = None,
    progress: Progress = lambda _what, _part: None,
) -> PlanResult:
    """Make a traffic plan and keep it in the workspace as a draft version, unless it is kept.

    Raises:
        DomainError: what `compute_traffic` and `keep_draft` say.
    """
    maker = maker or Maker()
    now = maker.at or dt.datetime.now(dt.UTC)
    plan = compute_traffic(workspace, events=events, seed=seed, now=now, progress=progress)
    return _standing(workspace, plan) or keep_draft(workspace, plan, maker, kind=TRAFFIC)


def _standing(workspace: Workspace, plan: dict[str, Any]) -> PlanResult | None:
    """Return the version that holds this very plan already, made at another time."""
    name = str(plan["plan"])
    events = workspace.versions.events(name)
    if not events:
        return None
    kept = parse_plan(workspace.load_plan(name), name)
    if _timeless(kept) != _timeless(json.loads(plan_bytes(plan))):
        return None
    return PlanResult(plan=kept, file=workspace.plan_file(name), version=events[-1])


def _timeless(plan: Mapping[str, Any]) -> dict[str, Any]:
    certificate = {k: v for k, v in plan["certificate"].items() if k != "elapsed_s"}
    return {**plan, "made_at": None, "certificate": certificate}


def findings_of(plan: Mapping[str, Any]) -> bool:
    """Say whether somebody must look at a plan: events collide, or officers are missing."""
    return bool(plan["conflicts"]) or plan["officers"]["gap"] > 0


def traffic_summary(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a traffic plan that lists and `--json` show; the file holds the rest."""
    counts = ("closures", "diversions", "posts", "corridors", "escorts", "patrols", "conflicts")
    kept = {key: plan[key] for key in KEPT}
    events = [
        {key: event[key] for key in ("id", "kind", "name", "starts_at", "ends_at")}
        for event in plan["events"]
    ]
    proof = plan["certificate"]
    added = [row["added_vehicle_hours"] for row in plan["assignment"]]
    return {
        **kept,
        "kind": TRAFFIC,
        "events": events,
        **{name: len(plan[name]) for name in counts},
        "added_vehicle_hours": sum(v for v in added if v is not None),
        "relative_gap": proof["relative_gap"],
        "posts_gap": proof["posts_gap"],
        "elapsed_s": proof["elapsed_s"],
        "remarks": plan["remarks"],
    }


def verify_traffic_plan(workspace: Workspace, plan: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Check a traffic plan against every rule and the events, roads and places of today.

    Raises:
        DomainError: `damaged_plan`, or what gathering says.
    """
    wanted = _events_of(plan)
    active = {event.id for event in active_events(workspace)}
    gone = [event for event in wanted if event not in active]
    if gone:
        return tuple(_withdrawn(event) for event in gone)
    return verify_traffic(plan, facts_of_traffic(gather_traffic(workspace, wanted)))


def facts_of_traffic(inputs: TrafficInputs) -> TrafficFacts:
    """Return the verifier's view of the inputs."""
    return TrafficFacts(
        network=inputs.network,
        network_sha256=inputs.network_sha256,
        events=inputs.events,
        zones=inputs.zones,
        hospitals=inputs.hospitals,
        officers=inputs.officers,
        standing=inputs.standing,
        counts=inputs.counts,
        rules=inputs.rules,
        kinds=inputs.kinds,
    )


def _events_of(plan: Mapping[str, Any]) -> list[str]:
    events = plan.get("events")
    rows = events if isinstance(events, list) else []
    ids = [row.get("id") for row in rows if isinstance(row, Mapping)]
    if not ids or len(ids) != len(rows) or not all(isinstance(i, str) for i in ids):
        raise DomainError(
            "damaged_plan",
            Text("rencana tidak menyebut kegiatannya", "the plan does not name its events"),
            Text("Pakai berkas dari `plan traffic`.", "Use a file made by `plan traffic`."),
        )
    return [str(i) for i in ids]


def _withdrawn(event: str) -> Violation:
    return Violation(
        rule="event_known",
        where=event,
        detail=Text("kegiatan ini tidak ada (lagi)", "there is no such event (any more)"),
    )


__all__ = [
    "FORMAT",
    "compute_traffic",
    "findings_of",
    "make_traffic_plan",
    "traffic_summary",
    "verify_traffic_plan",
]
