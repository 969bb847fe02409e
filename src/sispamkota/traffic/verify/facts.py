"""What the verifier reads: the inputs as they are, and its own arithmetic on roads and closures."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import shapely

from sispamkota.kernel.text import Lang, Text
from sispamkota.roads.closures import Closure, encode_closure
from sispamkota.roads.network import Network, Profile
from sispamkota.roads.snap import Snapped, Snapper
from sispamkota.traffic.events import TrafficEvent, event_json
from sispamkota.traffic.rules import (
    Kind,
    TrafficRules,
    default_kinds,
    default_rules,
    rules_json,
)
from sispamkota.traffic.verify.graph import Graph

Plan = Mapping[str, Any]
MOTOR = ("car", "motorcycle", "truck")
SECONDS, METRES = 0.2, 0.2  # rounding of what a plan prints
LANE_M = 8.0  # width of a road that a crowd fills
LEAST_REACH_M = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule: its name, where, and what was found."""

    rule: str
    where: str
    detail: Text

    def as_json(self, lang: Lang = "en") -> dict[str, str]:
        """Return the object of `violations[]`."""
        return {"rule": self.rule, "where": self.where, "detail": self.detail.in_(lang)}


def bad(rule: str, where: str, id_: str, en: str) -> Violation:
    """Return a violation with its detail in both languages."""
    return Violation(rule=rule, where=where, detail=Text(id_, en))


@dataclass(frozen=True, kw_only=True, eq=False)
class TrafficFacts:
    """The inputs of a traffic plan, read anew; fields as in `plan.TrafficInputs`.

    Attributes:
        network: the roads.
        network_sha256: of their encoding.
        events: what the plan is for.
        zones: code, name, lon, lat, people.
        hospitals: values with id, name, lon and lat.
        officers: ids.
        standing: closures of the workspace.
        counts: counted trips, or None.
        rules: assumptions.
        kinds: kinds of events.
        kept: what was worked out already.
    """

    network: Network
    network_sha256: str
    events: tuple[TrafficEvent, ...]
    zones: pl.DataFrame
    hospitals: tuple[Any, ...]
    officers: tuple[str, ...]
    standing: tuple[Closure, ...] = ()
    counts: pl.DataFrame | None = None
    rules: TrafficRules = field(default_factory=default_rules)
    kinds: Mapping[str, Kind] = field(default_factory=default_kinds)
    kept: dict[Any, Any] = field(default_factory=dict, init=False)
    _graphs: dict[Profile, Graph] = field(default_factory=dict)

    def graph(self, profile: Profile) -> Graph:
        """Return the roads of a profile, built anew from the network."""
        if profile not in self._graphs:
            self._graphs[profile] = Graph(self.network, profile)
        return self._graphs[profile]

    @cached_property
    def by_id(self) -> Mapping[str, TrafficEvent]:
        """Events by id."""
        return {e.id: e for e in self.events}

    @cached_property
    def snapper(self) -> Snapper:
        """Puts places on roads of cars."""
        return Snapper(network=self.network, profile="car", limit_m=self.rules.places.far_m)

    def at(self, lon: float, lat: float) -> Snapped:
        """Return where a place is on the roads."""
        return self.snapper.snap(np.array([[lon, lat]]))

    def kind(self, event: str) -> Kind:
        """Return the kind of an event."""
        return self.kinds[self.by_id[event].kind]

    def window(self, event: str) -> tuple[dt.datetime, dt.datetime]:
        """Return from when to when officers of an event are on point."""
        e, kind = self.by_id[event], self.kind(event)
        begin = e.setup_at or e.starts_at - dt.timedelta(minutes=kind.setup_min)
        return begin, e.ends_at + dt.timedelta(minutes=kind.clear_min)

    def reach(self, event: str) -> float:
        """Return how far a crowd stands along the road."""
        kind, crowd = self.kind(event), self.by_id[event].crowd
        most = kind.closure_m if kind.closure_m > 0 else LEAST_REACH_M
        if crowd is None:
            return most
        filled = crowd.high / kind.crowd_m2 / LANE_M / 2
        return min(most, max(LEAST_REACH_M, filled))


Rule = Callable[[Plan, TrafficFacts], Iterator[Violation]]


def inputs_sha256(facts: TrafficFacts) -> str:
    """Return the hash of inputs, worked out from the facts alone."""
    zones = facts.zones.sort("code")
    rows = [
        [r["code"], r["name"], r["lon"], r["lat"], r["people"]] for r in zones.iter_rows(named=True)
    ]
    counts = None if facts.counts is None else [list(r) for r in facts.counts.iter_rows()]
    told = {
        "network": facts.network_sha256,
        "events": [event_json(e) for e in facts.events],
        "zones": rows,
        "hospitals": [[h.id, h.name, h.lon, h.lat] for h in facts.hospitals],
        "officers": list(facts.officers),
        "standing": [encode_closure(c) for c in facts.standing],
        "counts": counts,
        "rules": rules_json(facts.rules, facts.kinds),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def moment(text: str) -> dt.datetime:
    """Return a time of the plan."""
    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def overlaps(
    a: dt.datetime | None,
    b: dt.datetime | None,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
) -> bool:
    """Say whether two spans of time meet; None = open-ended."""
    first = a is None or ends is None or a < ends
    second = begins is None or b is None or begins < b
    return first and second


def in_force(plan: Plan, facts: TrafficFacts, event: str) -> list[Mapping[str, Any]]:
    """Return closures of the plan that are in force at some time of an event."""
    begin, end = facts.window(event)
    return [
        c for c in plan["closures"] if overlaps(moment(c["begins"]), moment(c["ends"]), begin, end)
    ]


def closed(
    plan: Plan, facts: TrafficFacts, event: str, profile: str, exempt: str | None = None
) -> set[int]:
    """Return the arcs barred to a profile while an event lasts, standing closures too."""
    shut = standing(facts, event, profile, exempt)
    for c in in_force(plan, facts, event):
        if profile in c["profiles"] and exempt not in c["exempt"]:
            shut |= arcs_on(facts.network, c["segments"], c["direction"])
    return shut


def standing(facts: TrafficFacts, event: str, profile: str, exempt: str | None = None) -> set[int]:
    """Return the arcs barred by closures of the workspace while an event lasts."""
    begin, end = facts.window(event)
    shut: set[int] = set()
    for c in facts.standing:
        if not overlaps(c.begins, c.ends, begin, end):
            continue
        if profile not in c.profiles or exempt in c.exempt:
            continue
        shut |= arcs_on(facts.network, segments_named(facts.network, c), c.direction)
    return shut


def segments_named(network: Network, closure: Closure) -> set[int]:
    """Return the segments a standing closure names."""
    found = set(closure.segments)
    if closure.ways:
        named = set(closure.ways)
        found |= {s for s, w in enumerate(network.way.tolist()) if w in named}
    if closure.area is not None:
        found |= _in_area(network, closure.area)
    return found


def _in_area(network: Network, ring: Sequence[tuple[float, float]]) -> set[int]:
    area = shapely.Polygon(ring)
    start = network.shape_start.tolist()
    return {
        s
        for s in range(network.segments)
        if area.intersects(shapely.LineString(network.shape[start[s] : start[s + 1]]))
    }


def arcs_on(network: Network, segments: Iterable[int], direction: str) -> set[int]:
    """Return the arcs of segments in a direction."""
    wanted = set(segments)
    return {
        a
        for a, (s, forward) in enumerate(
            zip(network.segment.tolist(), network.forward.tolist(), strict=True)
        )
        if s in wanted and (direction == "both" or forward == (direction == "forward"))
    }
