"""Travel times and routes for one vehicle class, with closures that take effect at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sispamkota.roads.engine import Engine
from sispamkota.roads.exact import Dijkstra
from sispamkota.roads.graph import UNREACHED_DS, TurnGraph, TurnRules, turn_graph
from sispamkota.roads.locks import ReadWriteLock
from sispamkota.roads.network import Bools, Floats, Ints, Longs, Network, Profile
from sispamkota.roads.seeds import Along, Places, Seeds, along, places
from sispamkota.roads.shapes import line_of
from sispamkota.roads.snap import Snapped

try:
    from sispamkota.roads.cch import Hierarchy
except ImportError:  # nothing to compile with on this machine: slower, with the same answers
    _usual: Callable[[TurnGraph], Engine] = Dijkstra
else:
    _usual = Hierarchy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """Times from each origin to each destination.

    Attributes:
        seconds: (origins, destinations); infinite where there is no way.
        version: of the closures they hold for.
    """

    seconds: Floats
    version: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nearest:
    """The units that are with each target soonest.

    Attributes:
        units: (targets, k) rows of the units, soonest first; -1 where no more can come.
        seconds: (targets, k) what each takes; infinite where no more can come.
        version: of the closures they hold for.
    """

    units: Ints
    seconds: Floats
    version: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """A way from one place to another.

    Attributes:
        arcs: in the order of travel; the first and the last are driven in part.
        begins: how far along the first arc the way begins.
        ends: how far along the last arc it ends.
        seconds: what it takes.
        length_m: how long it is.
        line: (vertices, 2) lon, lat.
        version: of the closures it holds for.
    """

    arcs: tuple[int, ...]
    begins: float
    ends: float
    seconds: float
    length_m: float
    line: Floats
    version: int


class Router:
    """Answers for one network and profile; roads can be closed and opened at any time.

    The roads and how they connect never change; which arcs are closed does, in one step that is
    seen wholly or not at all by every answer, and each answer says by `version` which it saw. A
    router may be asked from any number of threads at once.

    Times are whole deciseconds inside, so that equal questions get equal answers from every
    engine. A place lies on both directions of its segment: a trip may leave and arrive either
    way, unless that direction is closed or barred. What is snapped nowhere is never reached.
    """

    def __init__(
        self,
        network: Network,
        profile: Profile = "car",
        *,
        rules: TurnRules | None = None,
        engine: Callable[[TurnGraph], Engine] = _usual,
    ) -> None:
        self.network = network
        self.profile: Profile = profile
        self.graph: TurnGraph = turn_graph(network, profile, rules)
        self._engine = engine(self.graph)
        self._lock = ReadWriteLock()
        self._closed = np.zeros(network.arcs, np.bool_)
        self._version = 0

    @classmethod
    def exact(
        cls, network: Network, profile: Profile = "car", *, rules: TurnRules | None = None
    ) -> Router:
        """Return a router that searches with SciPy only: slow, simple, and always right."""
        return cls(network, profile, rules=rules, engine=Dijkstra)

    def fork(self) -> Router:
        """Return a router for asking "what if": the same closures now, its own from here on.

        It takes milliseconds and little memory, for the roads are shared.
        """
        with self._lock.reading():
            other: Router = copy(self)
            other._engine = self._engine.fork()
            other._closed = self._closed.copy()
        other._lock = ReadWriteLock()
        return other

    @property
    def version(self) -> int:
        """How often the closures have changed."""
        return self._version

    @property
    def closed(self) -> Bools:
        """Per arc whether it is closed (a copy)."""
        with self._lock.reading():
            return self._closed.copy()

    def close(self, arcs: Bools | Ints | Longs | Iterable[int]) -> int:
        """Close arcs, given by number or as a mask, besides those closed; return the version."""
        numbers = self._numbers(arcs)
        with self._lock.writing():
            return self._switch(numbers[~self._closed[numbers]])

    def reopen(self, arcs: Bools | Ints | Longs | Iterable[int]) -> int:
        """Open arcs again, given by number or as a mask; return the version."""
        numbers = self._numbers(arcs)
        with self._lock.writing():
            return self._switch(numbers[self._closed[numbers]])

    def set_closed(self, closed: Bools) -> int:
        """Close exactly the arcs of a mask and open all others; return the version."""
        with self._lock.writing():
            return self._switch(np.flatnonzero(np.asarray(closed, np.bool_) != self._closed))

    def matrix(self, origins: Snapped, destinations: Snapped) -> Matrix:
        """Return the times from each origin to each destination."""
        with self._lock.reading():
            begin, end = self._places(origins), self._places(destinations)
            times = self._engine.table(begin.leaving(), end.arriving())
            pairs = along(begin, end)
            times[pairs.origin, pairs.destination] = self._staying(begin, end, pairs)
            return Matrix(seconds=_seconds(times), version=self._version)

    def nearest(self, targets: Snapped, units: Snapped, k: int) -> Nearest:
        """Return the `k` units that can be at each target soonest; of equals the lowest row."""
        with self._lock.reading():
            begin, end = self._places(units), self._places(targets)
            times = self._engine.to_each(end.arriving(), begin.leaving())
            pairs = along(begin, end)
            if len(pairs.origin):
                times[pairs.destination, pairs.origin] = self._staying(begin, end, pairs)
            rows, best = _least(times, k)
            return Nearest(units=rows, seconds=_seconds(best), version=self._version)

    def route(self, origin: Snapped, destination: Snapped) -> Route | None:
        """Return a quickest way from the first row of one to the first of the other, if any."""
        with self._lock.reading():
            begin = self._places(origin.take(slice(0, 1)))
            end = self._places(destination.take(slice(0, 1)))
            found = self._states(begin, end)
            return found and self._described(*found)

    def reach(self, origin: Snapped, limit_s: float = np.inf) -> Floats:
        """Return per arc when its head is reached from the first row; infinite beyond the limit.

        Arcs that the profile may not use, that are closed or that nobody gets to are infinite.
        """
        with self._lock.reading():
            begin = self._places(origin.take(slice(0, 1)))
            times = _seconds(self._engine.spread(begin.leaving()))
            seconds = np.full(self.network.arcs, np.inf)
            seconds[self.graph.arc] = np.where(times <= limit_s, times, np.inf)
            return seconds

    def _places(self, at: Snapped) -> Places:
        return places(self.graph, at, self._closed)

    def _numbers(self, arcs: Bools | Ints | Longs | Iterable[int]) -> Longs:
        given = np.asarray(arcs if isinstance(arcs, np.ndarray) else list(arcs))
        if given.dtype == np.bool_:
            return np.flatnonzero(given)
        numbers = np.unique(given.astype(np.int64))
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < self.network.arcs:
            raise IndexError(f"arcs are numbered 0 to {self.network.arcs - 1}")
        return numbers

    def _switch(self, arcs: Longs) -> int:
        """Close those of the arcs that are open and open those that are closed."""
        if len(arcs):
            self._closed[arcs] = ~self._closed[arcs]
            states = self.graph.state[arcs]
            turns = self.graph.turns_into(states[states >= 0])
            shut = self._closed[self.graph.arc[self.graph.ends[turns]]]
            weights = np.where(shut, UNREACHED_DS, self.graph.weight_ds[turns])
            self._engine.reweigh(turns, weights.astype(np.int32))
            self._version += 1
        return self._version

    def _staying(self, origins: Places, destinations: Places, pairs: Along) -> Ints:
        """Times of pairs on one segment: along it, or round and into it anew."""
        times = pairs.direct_ds.copy()
        row, side = np.nonzero(pairs.entered)
        if len(row):
            anew = self._anew(destinations, pairs.destination[row], side)
            leaving = origins.leaving().take(pairs.origin[row])
            np.minimum.at(times, row, self._engine.pairs(leaving, anew))
        return times

    def _anew(self, destinations: Places, rows: Longs, sides: Longs) -> Seeds:
        """Seeds of trips that end by entering an arc: at the ends of the arcs before it."""
        before = [self._open_into(s) for s in destinations.state[rows, sides].tolist()]
        state = np.full((len(rows), max((len(b) for b in before), default=0)), -1, np.int32)
        cost = np.zeros_like(state)
        for i, turns in enumerate(before):
            state[i, : len(turns)] = self.graph.begins[turns]
            # from its end back to the place is what `arriving` takes off
            cost[i, : len(turns)] = self.graph.weight_ds[turns]
        return Seeds(
            state=state, cost_ds=cost + destinations.arriving().cost_ds[rows, sides][:, None]
        )

    def _open_into(self, state: int) -> Ints:
        turns = self.graph.turns_into(np.array([state]))
        return turns[~self._closed[self.graph.arc[self.graph.begins[turns]]]]

    def _states(self, begin: Places, end: Places) -> tuple[list[int], float, float, int] | None:
        """States of a quickest way, its parts of the first and last arc, its time."""
        pairs = along(begin, end)
        if not len(pairs.origin):
            way = self._engine.path(begin.leaving(), end.arriving())
            return self._timed(way, begin, end) if way else None
        found = None
        if pairs.direct_ds[0] < UNREACHED_DS:
            state = int(end.state[0, pairs.direct_side[0]])
            found = [state], *_parts([state], begin, end), int(pairs.direct_ds[0])
        for side in np.flatnonzero(pairs.entered[0]).tolist():
            anew = self._anew(end, np.array([0]), np.array([side]))
            way = self._engine.path(begin.leaving(), anew)
            if way:
                other = self._timed([*way, int(end.state[0, side])], begin, end)
                found = other if found is None or other[3] < found[3] else found
        return found

    def _timed(
        self, way: list[int], begin: Places, end: Places
    ) -> tuple[list[int], float, float, int]:
        states = np.array(way)
        driven = sum(self._weight(a, b) for a, b in pairwise(way))
        first = begin.leaving().cost_ds[0][begin.state[0] == states[0]].min()
        last = end.arriving().cost_ds[0][end.state[0] == states[-1]].min()
        return way, *_parts(way, begin, end), int(first + driven + last)

    def _weight(self, begin: int, end: int) -> int:
        turns = slice(self.graph.first[begin], self.graph.first[begin + 1])
        return int(self.graph.weight_ds[turns][self.graph.ends[turns] == end][0])

    def _described(self, way: list[int], begins: float, ends: float, time: int) -> Route:
        arcs = self.graph.arc[way].tolist()
        parts = [[0.0, 1.0] for _ in arcs]
        parts[0][0], parts[-1][1] = begins, ends
        length = sum(
            self.network.length_m[a] * (p[1] - p[0]) for a, p in zip(arcs, parts, strict=True)
        )
        return Route(
            arcs=tuple(arcs),
            begins=begins,
            ends=ends,
            seconds=time / 10,
            length_m=float(length),
            line=line_of(self.network, arcs, begins, ends),
            version=self._version,
        )


def _seconds(times: Ints | Longs) -> Floats:
    return np.where(times >= UNREACHED_DS, np.inf, times / 10)


def _least(times: Ints, k: int) -> tuple[Ints, Ints]:
    """The `k` least of each row, lowest column first among equals; -1 where none is left."""
    keys = times.astype(np.int64) * max(1, times.shape[1]) + np.arange(times.shape[1])
    if k < times.shape[1]:
        keys = np.partition(keys, k, axis=1)[:, :k]
    keys = np.sort(keys, axis=1)
    best, rows = np.divmod(keys, max(1, times.shape[1]))
    missing = k - times.shape[1]
    if missing > 0:
        best = np.pad(best, ((0, 0), (0, missing)), constant_values=UNREACHED_DS)
        rows = np.pad(rows, ((0, 0), (0, missing)))
    rows = np.where(best >= UNREACHED_DS, -1, rows)
    return rows.astype(np.int32), np.minimum(best, UNREACHED_DS).astype(np.int32)


def _parts(way: list[int], begin: Places, end: Places) -> tuple[float, float]:
    first = begin.part[0][begin.state[0] == way[0]][0]
    last = end.part[0][end.state[0] == way[-1]][0]
    return float(first), float(last)
