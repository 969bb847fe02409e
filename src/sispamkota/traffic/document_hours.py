"""The hour of an event as JSON: totals, flows, and the roads that change most."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from sispamkota.roads.network import Network
from sispamkota.traffic.duties import FLOW_DIGITS
from sispamkota.traffic.hours import Hour, total_flow
from sispamkota.traffic.lines import DIGITS, highway_of, segment_lines
from sispamkota.traffic.loading import Loaded

BUSIEST, CHANGED = 20, 300
LEAST_CHANGE = 1.0  # passenger car units an hour


def hour_json(network: Network, hour: Hour) -> dict[str, Any]:
    """Return the hour of an event as JSON."""
    bounds = {
        level: {
            "before": {"vehicle_hours": round(same.vehicle_hours, 3)},
            "after": {"vehicle_hours": round(after.vehicle_hours, 3)},
            "added_vehicle_hours": round(after.vehicle_hours - same.vehicle_hours, 3),
            "unroutable_pcu_h": round(after.unroutable, 3),
        }
        for level, (after, same) in hour.bounds.items()
    }
    return {
        "event": hour.event,
        "period": hour.period,
        "begins": hour.begins.astimezone(dt.UTC).isoformat(),
        "ends": hour.ends.astimezone(dt.UTC).isoformat(),
        "zones": hour.streets.zones,
        "trips_pcu_h": round(hour.demand.total, 3),
        "event_pcu_h": round(hour.demand.event, 3),
        "trips_low_pcu_h": round(hour.low, 3),
        "trips_high_pcu_h": round(hour.high, 3),
        "before": _loaded(hour.before),
        "after": _loaded(hour.after),
        "low": bounds.get("low"),
        "high": bounds.get("high"),
        "same_trips_before": {"vehicle_hours": round(hour.same.vehicle_hours, 3)},
        "added_vehicle_hours": round(hour.added_hours, 3),
        "unroutable_pcu_h": round(hour.after.unroutable, 3),
        "busiest": _busiest(network, hour),
        "flows": {
            "before": np.round(hour.before.flow, FLOW_DIGITS).tolist(),
            "after": np.round(hour.after.flow, FLOW_DIGITS).tolist(),
        },
        "changed": _changed(network, hour),
    }


def _loaded(loaded: Loaded) -> dict[str, Any]:
    return {
        "vehicle_hours": round(loaded.vehicle_hours, 3),
        "relative_gap": loaded.answer.relative_gap,
        "objective": round(loaded.answer.objective, 3),
        "unroutable_pcu_h": round(loaded.unroutable, 3),
    }


def _busiest(network: Network, hour: Hour) -> list[dict[str, Any]]:
    """The arcs nearest to their capacity under the closures."""
    flow, capacity = hour.after.flow, hour.streets.capacity
    ratio = np.divide(flow, capacity, out=np.zeros_like(flow), where=capacity > 0)
    top = np.lexsort((np.arange(len(ratio)), -ratio))[:BUSIEST]
    found = []
    for arc in top.tolist():
        if flow[arc] <= 0:
            break
        segment = int(network.segment[arc])
        line = network.line(arc)
        middle = line[len(line) // 2]
        found.append(
            {
                "arc": arc,
                "segment": segment,
                "road": network.name_of(arc),
                "highway": highway_of(network, segment),
                "lon": round(float(middle[0]), DIGITS),
                "lat": round(float(middle[1]), DIGITS),
                "flow_pcu_h": round(float(flow[arc]), 2),
                "capacity_pcu_h": float(capacity[arc]),
                "ratio": round(float(ratio[arc]), 4),
                "line": segment_lines(network, [segment])[0],
            }
        )
    return found


def _changed(network: Network, hour: Hour) -> list[list[Any]]:
    before, after = total_flow(network, hour.before.flow), total_flow(network, hour.after.flow)
    change = np.abs(after - before)
    top = np.lexsort((np.arange(len(change)), -change))[:CHANGED]
    return [
        [s, round(float(before[s]), 2), round(float(after[s]), 2), segment_lines(network, [s])[0]]
        for s in top.tolist()
        if change[s] >= LEAST_CHANGE
    ]
