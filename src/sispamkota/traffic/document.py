"""The plan file: what was decided, written down so that it can be checked without the planner."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure
from sispamkota.traffic.closings import Planned, closed_segments, ends_of
from sispamkota.traffic.conflicts import (
    Conflict,
    Use,
    between_events,
    between_groups,
    officers_short,
)
from sispamkota.traffic.demand import method, vehicles_of
from sispamkota.traffic.document_hours import hour_json
from sispamkota.traffic.document_ways import (
    approach_json,
    corridor_json,
    diversions_json,
    escort_json,
    patrols_json,
)
from sispamkota.traffic.draft import Draft, text, utc, way_json
from sispamkota.traffic.event_places import Placed
from sispamkota.traffic.events import event_json
from sispamkota.traffic.lines import names_of, node_json, node_name, segment_lines
from sispamkota.traffic.posts import Duty, peak, ranked
from sispamkota.traffic.remarks import assumptions, remarks
from sispamkota.traffic.ways import segment_metres

FORMAT = "sispamkota-traffic-plan/1"
TASKS = ("kawal", "gatur", "patroli")


def write_plan(draft: Draft) -> dict[str, Any]:
    """Return the plan as the JSON object of a plan file."""
    network = draft.scene.ways.network
    conflicts = find_conflicts(draft)
    how, off = method(draft.scene.rules, {"counts": draft.counted})
    return {
        "format": FORMAT,
        "plan": f"traffic-{draft.inputs_sha256[:12]}",
        "kind": "traffic",
        "made_at": utc(draft.made_at),
        "seed": draft.seed,
        "operation": draft.operation,
        "estimated": network.estimated,
        "sample": draft.sample,
        "network": {
            "sha256": draft.network_sha256,
            "source": network.source,
            "as_of": network.as_of.isoformat(),
            "nodes": network.nodes,
            "arcs": network.arcs,
            "estimated": network.estimated,
        },
        "inputs_sha256": draft.inputs_sha256,
        "events": [_event(draft, p) for p in draft.scene.placed],
        "closures": [_closure(draft, p) for p in draft.closings.planned],
        "standing": [_standing(c) for c in draft.scene.standing],
        "diversions": diversions_json(draft),
        "posts": _posts(draft),
        "approaches": [approach_json(draft, a) for a in draft.approaches],
        "corridors": [corridor_json(draft, c) for c in draft.closings.corridors],
        "escorts": [escort_json(draft, e) for e in draft.escorts],
        "patrols": patrols_json(draft),
        "conflicts": [_conflict(draft, c) for c in conflicts],
        "assignment": [hour_json(network, h) for h in draft.hours],
        "demand": {
            "method": text(how),
            "uncertainty": text(off),
            "sources": list(draft.sources),
            "people": int(draft.zones["people"].sum()),
            "zones": draft.zones.height,
        },
        "officers": _officers(draft),
        "certificate": _certificate(draft),
        "remarks": [
            text(t) for t in remarks(draft.closings, draft.lost, draft.hours, draft.duties)
        ],
    }


def find_conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Return what gets in whose way, officers included."""
    network = draft.scene.ways.network
    found = [
        *between_events(network, _uses(draft)),
        *between_groups(network, draft.approaches),
    ]
    at, needed = peak(draft.duties.duties, draft.scene.rules.posts.relief_min)
    missing = max(needed, draft.duties.needed)
    if draft.officers and missing > len(draft.officers) and at is not None:
        now = [d for d in draft.duties.duties if d.begins <= at < d.ends]
        until = min((d.ends for d in now), default=at)
        events = sorted({d.event for d in now})
        found.append(officers_short(events, at, until, missing, len(draft.officers)))
    return tuple(found)


def _uses(draft: Draft) -> list[Use]:
    found = [
        Use(
            event=p.event,
            what="closure",
            segments=frozenset(p.closure.segments),
            begins=p.closure.begins,
            ends=p.closure.ends,
        )
        for p in draft.closings.planned
        if p.closure.begins and p.closure.ends
    ]
    segment = draft.scene.ways.network.segment
    for placed in draft.scene.placed:
        if placed.route is not None and len(placed.event.route) > 2:  # noqa: PLR2004
            used = frozenset(int(s) for s in segment[list(placed.route.arcs)])
            event = placed.event
            found.append(
                Use(
                    event=event.id,
                    what="route",
                    segments=used,
                    begins=event.starts_at,
                    ends=event.ends_at,
                )
            )
    return found


def _event(draft: Draft, placed: Placed) -> dict[str, Any]:
    event, kind = placed.event, draft.scene.kind(placed)
    window = draft.scene.window(placed)
    vehicles, estimated = vehicles_of(event, kind, draft.scene.rules)
    told = event_json(event)
    route = placed.route
    return {
        "id": event.id,
        "kind": event.kind,
        "kind_name": text(kind.name),
        "name": event.name,
        "starts_at": utc(event.starts_at),
        "ends_at": utc(event.ends_at),
        "setup_at": utc(window.setup),
        "assembly_at": utc(window.assembly),
        "clear_at": utc(window.clear),
        "place": list(event.place),
        "place_name": event.place_name,
        "route": None
        if route is None
        else {"waypoints": [list(p) for p in event.route]} | way_json(route),
        "crowd": told.get("crowd"),
        "vehicles": {
            "car": vehicles.car,
            "motorcycle": vehicles.motorcycle,
            "bus": vehicles.bus,
            "truck": vehicles.truck,
        },
        "vehicles_estimated": estimated,
        "sttp": told.get("sttp"),
        "groups": [
            {"label": g.label, "size": g.size, "gathering": list(g.gathering)} for g in event.groups
        ],
        "tasks": list(kind.tasks),
        "officers_min": event.officers_min,
    }


def _closure(draft: Draft, planned: Planned) -> dict[str, Any]:
    network, closure = draft.scene.ways.network, planned.closure
    own = [p for p in draft.closings.planned if p.event == planned.event]
    ends = ends_of(network, planned, closed_segments(own))
    return {
        "id": closure.id,
        "event": planned.event,
        "proposed": planned.proposed,
        "crowd": planned.crowd,
        "name": text(planned.name),
        "segments": list(closure.segments),
        "ways": sorted({int(network.way[s]) for s in closure.segments}),
        "roads": names_of(network, closure.segments),
        "length_m": round(float(segment_metres(network)[list(closure.segments)].sum()), 1),
        "begins": utc(closure.begins),
        "ends": utc(closure.ends),
        "profiles": list(closure.profiles),
        "exempt": list(closure.exempt),
        "direction": closure.direction,
        "lines": segment_lines(network, closure.segments),
        "ends_nodes": [node_json(network, n) for n in ends],
        "reason": text(planned.reason),
    }


def _standing(closure: Closure) -> dict[str, Any]:
    return {
        "id": closure.id,
        "segments": list(closure.segments),
        "ways": list(closure.ways),
        "begins": utc(closure.begins),
        "ends": utc(closure.ends),
        "profiles": list(closure.profiles),
        "exempt": list(closure.exempt),
        "direction": closure.direction,
    }


def _posts(draft: Draft) -> list[dict[str, Any]]:
    network = draft.scene.ways.network
    own = [d for d in draft.duties.duties if d.node >= 0]
    rank = ranked(own)
    rows = [
        {
            "id": d.id,
            "event": d.event,
            **node_json(network, d.node),
            "name": node_name(network, d.node),
            "task": d.task,
            "role": d.role,
            "closure": d.closure,
            "mandatory": d.mandatory,
            "officers": d.officers,
            "begins": utc(d.begins),
            "ends": utc(d.ends),
            "diverted_pcu_h": round(d.junction.diverted, 2) if d.junction else 0.0,
            "conflicts": d.junction.conflicts if d.junction else 0,
            "score": round(d.junction.value, 4) if d.junction else 0.0,
            "rank": rank[d.id],
            "assigned": list(d.assigned),
            "reason": text(_post_reason(d)),
        }
        for d in own
    ]
    order = {p.event.id: i for i, p in enumerate(draft.scene.placed)}
    return sorted(rows, key=lambda r: (order[str(r["event"])], r["rank"]))


def _post_reason(duty: Duty) -> Text:
    if duty.role == "closure_end":
        return Text(
            "Ujung penutupan: arus harus dibelokkan di sini.",
            "End of a closure: traffic must be turned off here.",
        )
    if duty.role == "place":
        return Text("Mengatur di lokasi kegiatan.", "Regulates at the place of the event.")
    flow = duty.junction.diverted if duty.junction else 0.0
    return Text(
        f"Arus alihan {flow:.0f} smp/jam perlu diarahkan di simpang ini.",
        f"Diverted traffic of {flow:.0f} pcu/h must be told its way at this junction.",
    )


def _conflict(draft: Draft, conflict: Conflict) -> dict[str, Any]:
    network = draft.scene.ways.network
    metres = segment_metres(network)[list(conflict.segments)].sum() if conflict.segments else 0.0
    return {
        "kind": conflict.kind,
        "events": list(conflict.events),
        "segments": list(conflict.segments),
        "roads": names_of(network, conflict.segments),
        "length_m": round(float(metres), 1),
        "lines": segment_lines(network, conflict.segments),
        "begins": utc(conflict.begins),
        "ends": utc(conflict.ends),
        "detail": text(conflict.detail),
    }


def _officers(draft: Draft) -> dict[str, Any]:
    duties = draft.duties
    relief = draft.scene.rules.posts.relief_min
    at, planned = peak(duties.duties, relief)
    needed = max(planned, duties.needed)
    return {
        "available": len(draft.officers),
        "needed": needed,
        "assigned": len({p for d in duties.duties for p in d.assigned}),
        "gap": max(0, needed - len(draft.officers)),
        "by_task": {t: sum(d.officers for d in duties.duties if d.task == t) for t in TASKS},
        "peak": {"at": utc(at), "needed": planned},
    }


def _certificate(draft: Draft) -> dict[str, Any]:
    chosen, hours = draft.duties.chosen, draft.hours
    gaps = [x.answer.relative_gap for h in hours for x in (h.before, h.after)]
    value, bound = round(chosen.value, 4), round(max(chosen.bound, chosen.value), 4)
    return {
        "solver": "HiGHS (SciPy)",
        "gap_target": draft.scene.rules.links.gap,
        "relative_gap": max(gaps, default=0.0),
        "posts_value": value,
        "posts_bound": bound,
        "posts_gap": round((bound - value) / bound, 9) if bound > 0 else 0.0,
        "elapsed_s": round(draft.elapsed_s, 2),
        "versions": {p: metadata.version(p) for p in ("sispamkota", "numpy", "scipy")},
        "assumptions": [text(t) for t in assumptions(draft.scene, counted=draft.counted)],
    }
