"""Road times once more: Dijkstra's search by SciPy on turns found here, for the verifier alone.

Shares with the planner the network, where places lie on it and which arcs are closed; not the
router, nor its graph. A trip stands at the end of an arc; a turn leads on to an arc that begins
there, unless it is forbidden or turns round where there is another way on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sispamkota.roads.network import PROFILES, Bools, Floats, Ints, Longs, Network, Profile
from sispamkota.roads.snap import Snapped, snap

Place = tuple[float, float]
EARTH_M = 6_371_008.8
TURN_ROUND_S = 10.0
"""Seconds that a vehicle takes to turn round at a dead end."""
NEVER_DS = 2**30 - 1
"""An arc that takes three years is as good as none."""
ENTERED = 1.0
"""Added to the first step of every search: a step that takes nothing could pass for none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadFacts:
    """Roads as the verifier sees them.

    Attributes:
        network: the imported roads.
        network_sha256: their digest.
        closed: per arc, whether it is closed on the day.
        profile: vehicle of the teams.
        access_kmh: speed between a place and the nearest road.
        stated: what the plan file must say of the roads.
        places: every TPS and post.
        limit_s: longest way inside a beat.
    """

    network: Network
    network_sha256: str
    closed: Bools
    profile: Profile
    access_kmh: float
    stated: Mapping[str, Any]
    places: Sequence[Place]
    limit_s: float

    def settings(self) -> dict[str, Any]:
        """Return what of the roads belongs to the settings of a plan."""
        bits = np.packbits(self.closed).tobytes()
        return {
            "network_sha256": self.network_sha256,
            "profile": self.profile,
            "access_kmh": self.access_kmh,
            "closed_sha256": hashlib.sha256(bits).hexdigest(),
        }

    def seconds(self, a: Place, b: Place) -> float:
        """Return whole seconds from one place to another; inf where there is no way."""
        near = self.within(a, b)
        return near if near <= self.limit_s else self._row(a, np.inf)[self._at[b]]

    def within(self, a: Place, b: Place) -> float:
        """Return the same; inf where it is beyond the limit of a beat, which is found sooner."""
        return self._row(a, self.limit_s)[self._at[b]]

    def far(self, limit_m: float) -> frozenset[Place]:
        """Return the places further than this from any road."""
        off = self._snapped.distance_m.tolist()
        return frozenset(p for p, row in self._at.items() if off[row] > limit_m)

    @cached_property
    def _at(self) -> dict[Place, int]:
        return {place: row for row, place in enumerate(dict.fromkeys(self.places))}

    @cached_property
    def _points(self) -> Floats:
        return np.array(list(self._at), np.float64).reshape(-1, 2)

    @cached_property
    def _snapped(self) -> Snapped:
        return snap(self.network, self._points, self.profile)

    @cached_property
    def _rows(self) -> dict[tuple[int, float], list[float]]:
        return {}

    def _row(self, a: Place, limit_s: float) -> list[float]:
        """Return whole seconds from a place to every other, some beyond the limit left infinite."""
        row = self._at[a]
        if (row, limit_s) not in self._rows:
            off = (self._snapped.distance_m[row] + self._snapped.distance_m) * 3.6
            there = self._search.row(row, limit_s * 10) / 10 + off / self.access_kmh
            apart = _apart_m(self._points[row], self._points)
            shortest = np.minimum(self._snapped.distance_m[row], self._snapped.distance_m)
            direct = apart * 3.6 / self.access_kmh
            self._rows[row, limit_s] = np.round(np.where(apart <= shortest, direct, there)).tolist()
        return self._rows[row, limit_s]

    @cached_property
    def _search(self) -> _Search:
        return _Search(self.network, self.profile, self.closed, self._snapped)


class _Search:
    """The turns of a network, with the places that trips begin and end at."""

    def __init__(self, network: Network, profile: Profile, closed: Bools, at: Snapped) -> None:
        times = network.times_ds(profile).astype(np.int64)
        usable = times < NEVER_DS
        self.arcs, self.places = network.arcs, len(at.arc)
        begins, ends, costs = _turns(network, profile, usable, times)
        open_ = ~closed[begins] & ~closed[ends]
        self.begins, self.ends, self.costs = begins[open_], ends[open_], costs[open_]
        self.rest = self._sides(network, at, usable & ~closed, times)
        self._graph = self._with_places()
        self._arrivals()

    def _sides(
        self, network: Network, at: Snapped, open_: Bools, times: Longs
    ) -> list[dict[int, tuple[float, int, int]]]:
        """Return per place: arc it lies on → (part of it behind, time ahead, time of the arc)."""
        by_segment: dict[int, list[int]] = {}
        for arc in np.flatnonzero(np.isin(network.segment, network.segment[at.arc[at.arc >= 0]])):
            by_segment.setdefault(int(network.segment[arc]), []).append(int(arc))
        found: list[dict[int, tuple[float, int, int]]] = []
        for arc, part in zip(at.arc.tolist(), at.fraction.tolist(), strict=True):
            sides: dict[int, tuple[float, int, int]] = {}
            for other in by_segment[int(network.segment[arc])] if arc >= 0 else ():
                same = network.forward[other] == network.forward[arc]
                behind = part if same else 1 - part
                if open_[other]:
                    time = int(times[other])
                    sides[other] = behind, int(np.rint((1 - behind) * time)), time
            found.append(sides)
        return found

    def _with_places(self) -> csr_array:
        """Return the graph with one more node per place, from which its arcs are left."""
        rows = [(p, a, s[1]) for p, sides in enumerate(self.rest) for a, s in sides.items()]
        place, arc, ahead = (
            (np.array(c, np.int64) for c in zip(*rows, strict=True))
            if rows
            else (np.empty(0, np.int64),) * 3
        )
        size = self.arcs + self.places
        begins = np.concatenate((self.begins, self.arcs + place))
        order = np.argsort(begins, kind="stable")
        data = np.concatenate((self.costs.astype(np.float64), ahead + ENTERED))[order]
        ends = np.concatenate((self.ends, arc))[order]
        start = np.concatenate(([0], np.cumsum(np.bincount(begins, minlength=size))))
        return csr_array((data, ends, start), shape=(size, size))

    def _arrivals(self) -> None:
        """List, place by place, the arcs before those it lies on and what the way in takes."""
        into: dict[int, list[int]] = {}
        wanted = {arc for sides in self.rest for arc in sides}
        for turn in np.flatnonzero(np.isin(self.ends, list(wanted))).tolist():
            into.setdefault(int(self.ends[turn]), []).append(turn)
        before: list[int] = []
        add: list[int] = []
        start: list[int] = []
        for sides in self.rest:
            start.append(len(before))
            before.append(self.arcs)  # a node that nothing reaches, so that no list is empty
            add.append(0)
            for arc, (_, ahead, _) in sides.items():
                for turn in into.get(arc, ()):
                    before.append(int(self.begins[turn]))
                    add.append(int(self.costs[turn]) - ahead)
        self.before, self.add = np.array(before), np.array(add, np.float64)
        self.start = np.array(start)
        self.on_arc: dict[int, list[tuple[int, float]]] = {}
        for place, sides in enumerate(self.rest):
            for arc, (behind, _, _) in sides.items():
                self.on_arc.setdefault(arc, []).append((place, behind))

    def row(self, place: int, limit_ds: float) -> Floats:
        """Return deciseconds from a place to every place; inf where beyond the limit."""
        times = dijkstra(self._graph, indices=self.arcs + place, limit=limit_ds + ENTERED)
        ended = np.append(times[: self.arcs], np.inf) - ENTERED
        found: Floats = np.minimum.reduceat(ended[self.before] + self.add, self.start)
        for arc, (behind, _, time) in self.rest[place].items():
            for other, part in self.on_arc[arc]:
                if part >= behind:
                    found[other] = min(found[other], float(np.rint((part - behind) * time)))
        return found


def _turns(
    network: Network, profile: Profile, usable: Bools, times: Longs
) -> tuple[Longs, Longs, Longs]:
    """Return the turns as (arc, next arc, deciseconds of turning and of the next arc)."""
    arc = np.flatnonzero(usable)
    one = np.ones(len(arc))
    shape = (network.arcs, network.nodes)
    arrives = csr_array((one, (arc, network.head[arc])), shape=shape)
    leaves = csr_array((one, (arc, network.tail[arc])), shape=shape)
    meet = (arrives @ leaves.T).tocoo()
    begins, ends = meet.row.astype(np.int64), meet.col.astype(np.int64)
    kept = (begins != ends) & ~_forbidden(network, profile, begins, ends)
    begins, ends = begins[kept], ends[kept]
    round_ = network.segment[begins] == network.segment[ends]
    other_way = np.bincount(begins[~round_], minlength=network.arcs) > 0
    kept = ~(round_ & other_way[begins])
    begins, ends, round_ = begins[kept], ends[kept], round_[kept]
    turning = 0 if profile in ("foot", "boat") else round(TURN_ROUND_S * 10)
    return begins, ends, times[ends] + np.where(round_, turning, 0)


def _forbidden(network: Network, profile: Profile, begins: Longs, ends: Longs) -> Bools:
    bit = 1 << PROFILES.index(profile)
    banned: Ints = network.banned[(network.banned_access & bit) != 0]
    known = {(int(a), int(b)) for a, b in banned.reshape(-1, 2)}
    if not known:
        return np.zeros(len(begins), np.bool_)
    pairs = zip(begins.tolist(), ends.tolist(), strict=True)
    return np.array([pair in known for pair in pairs], np.bool_)


def _apart_m(here: Floats, there: Floats) -> Floats:
    """Return great-circle metres from one point to many by the form with atan2."""
    (lon1, lat1), (lon2, lat2) = np.radians(here), np.radians(there).T
    d = lon2 - lon1
    across = np.hypot(
        np.cos(lat2) * np.sin(d),
        np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(d),
    )
    along = np.sin(lat1) * np.sin(lat2) + np.cos(lat1) * np.cos(lat2) * np.cos(d)
    metres: Floats = EARTH_M * np.arctan2(across, along)
    return metres


__all__ = ["RoadFacts"]
