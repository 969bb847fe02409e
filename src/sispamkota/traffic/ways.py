"""Ways on the roads of one vehicle class, with closed roads and with roads one would rather avoid.

Shortest ways by SciPy on the turn graph, as `Router.exact` finds them; here they may also begin or
end at a junction, and roads may be made dearer than they are to keep ways apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sispamkota.roads.graph import TurnGraph, turn_graph
from sispamkota.roads.network import Bools, Floats, Ints, Network, Profile
from sispamkota.roads.shapes import line_of
from sispamkota.roads.snap import Snapped, Snapper
from sispamkota.traffic.lines import roads_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where ways may begin or end: states, what each adds (deciseconds), how far along its arc."""

    states: tuple[int, ...]
    cost_ds: tuple[float, ...]
    part: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """A way from one end to another.

    Attributes:
        arcs: in the order of travel; the first and the last are driven in part.
        begins: how far along the first arc it begins.
        ends: how far along the last arc it ends.
        seconds: free travel time.
        length_m: metres.
        line: (vertices, 2) lon, lat.
        roads: names of roads in order, each once in a row.
    """

    arcs: tuple[int, ...]
    begins: float
    ends: float
    seconds: float
    length_m: float
    line: Floats
    roads: tuple[str, ...]


class Ways:
    """The roads of one profile, ready to be asked."""

    def __init__(self, network: Network, profile: Profile, *, far_m: float) -> None:
        self.network = network
        self.profile: Profile = profile
        self.graph: TurnGraph = turn_graph(network, profile)
        self._snapper = Snapper(network=network, profile=profile, limit_m=far_m)

    def snap(self, points: Sequence[tuple[float, float]] | Floats) -> Snapped:
        """Put points on the roads from which everything can be reached."""
        return self._snapper.snap(np.asarray(points, np.float64))

    def from_place(self, at: Snapped, closed: Bools | None = None) -> Ends:
        """Return the ways out of a place (row 0): along its road, either way."""
        rows = self._sides(at, closed)
        time = self.graph.time_ds
        return Ends(
            states=tuple(s for s, _ in rows),
            cost_ds=tuple(float(np.rint((1 - f) * time[s])) for s, f in rows),
            part=tuple(f for _, f in rows),
        )

    def to_place(self, at: Snapped, closed: Bools | None = None) -> Ends:
        """Return the ways into a place (row 0)."""
        out = self.from_place(at, closed)
        return Ends(states=out.states, cost_ds=tuple(-c for c in out.cost_ds), part=out.part)

    def from_node(self, node: int, closed: Bools | None = None) -> Ends:
        """Return the ways out of a junction."""
        states = self._at(self.network.tail, node, closed)
        time = self.graph.time_ds
        return Ends(
            states=states,
            cost_ds=tuple(float(time[s]) for s in states),
            part=(0.0,) * len(states),
        )

    def to_node(self, node: int, closed: Bools | None = None) -> Ends:
        """Return the ways into a junction."""
        states = self._at(self.network.head, node, closed)
        return Ends(states=states, cost_ds=(0.0,) * len(states), part=(1.0,) * len(states))

    def stopped(self, arc: int, part: float) -> Ends:
        """Return the way on from a place on an arc, in the direction of the arc."""
        state = int(self.graph.state[arc])
        cost = float(np.rint((1 - part) * self.graph.time_ds[state]))
        return Ends(states=(state,), cost_ds=(cost,), part=(part,))

    def into(self, arc: int, part: float, closed: Bools) -> Ends:
        """Return the ways that turn into an arc and stop on it; they end before the turn."""
        graph, state = self.graph, int(self.graph.state[arc])
        turns = graph.turns_into(np.array([state] if state >= 0 else [], np.int64))
        turns = turns[~closed[graph.arc[graph.begins[turns]]]]
        left = np.rint((1 - part) * graph.time_ds[state])
        return Ends(
            states=tuple(graph.begins[turns].tolist()),
            cost_ds=tuple((graph.weight_ds[turns] - left).tolist()),
            part=(1.0,) * len(turns),
        )

    def tree(
        self, starts: Ends, closed: Bools | None = None, extra_ds: Floats | None = None
    ) -> Tree:
        """Search from an end to everywhere.

        Args:
            starts: where ways begin.
            closed: per arc of the network, whether it is barred.
            extra_ds: per arc, what is added to its time while searching.
        """
        graph = self.graph
        weight = graph.weight_ds.astype(np.float64)
        begin_cost = np.asarray(starts.cost_ds, np.float64)
        if extra_ds is not None:
            extra = extra_ds[graph.arc]
            weight += extra[graph.ends]
            begin_cost = begin_cost + extra[list(starts.states)]
        if closed is not None:
            weight[closed[graph.arc[graph.ends]]] = np.inf
        size = graph.states + 1
        matrix = csr_array(
            (
                # nought would be read as no edge at all, so entering takes one more
                np.concatenate((weight, begin_cost + 1.0)),
                np.concatenate((graph.ends, np.asarray(starts.states, np.int32))),
                np.concatenate((graph.first, [graph.turns + len(starts.states)])),
            ),
            shape=(size, size),
        )
        times, before = dijkstra(matrix, indices=graph.states, return_predecessors=True)
        return Tree(
            ways=self, starts=starts, weight_ds=weight, times_ds=times[:-1] - 1, before=before
        )

    def way(
        self,
        starts: Ends,
        ends: Ends,
        closed: Bools | None = None,
        extra_ds: Floats | None = None,
    ) -> Way | None:
        """Return a shortest way from one end to another, or None."""
        if not starts.states or not ends.states:
            return None
        return self.tree(starts, closed, extra_ds).to(ends)

    def along(self, arcs: Sequence[int], begins: float = 0.0, ends: float = 1.0) -> Way:
        """Return the way along given arcs."""
        network = self.network
        parts = [(0.0, 1.0)] * len(arcs)
        parts[0] = (begins, parts[0][1])
        parts[-1] = (parts[-1][0], ends)
        length = sum(network.length_m[a] * (p[1] - p[0]) for a, p in zip(arcs, parts, strict=True))
        return Way(
            arcs=tuple(int(a) for a in arcs),
            begins=begins,
            ends=ends,
            seconds=self.seconds(arcs, begins, ends),
            length_m=float(length),
            line=line_of(network, arcs, begins, ends),
            roads=roads_of(network, arcs),
        )

    def seconds(self, arcs: Sequence[int], begins: float = 0.0, ends: float = 1.0) -> float:
        """Return the free time along given arcs, turning round included."""
        graph = self.graph
        states = [int(graph.state[a]) for a in arcs]
        first, last = float(graph.time_ds[states[0]]), float(graph.time_ds[states[-1]])
        total = np.rint((1 - begins) * first) - np.rint((1 - ends) * last)
        for a, b in pairwise(states):
            turns = slice(graph.first[a], graph.first[a + 1])
            total += float(graph.weight_ds[turns][graph.ends[turns] == b][0])
        return float(total) / 10

    def _sides(self, at: Snapped, closed: Bools | None) -> list[tuple[int, float]]:
        arc, part = int(at.arc[0]), float(at.fraction[0])
        if arc < 0:
            return []
        both = [(arc, part), (int(self.graph.opposite[arc]), 1 - part)]
        shut = np.zeros(self.network.arcs, np.bool_) if closed is None else closed
        return [
            (int(self.graph.state[a]), f)
            for a, f in both
            if a >= 0 and not shut[a] and self.graph.state[a] >= 0
        ]

    def _at(self, end: Ints, node: int, closed: Bools | None) -> tuple[int, ...]:
        arcs = np.flatnonzero(end == node)
        if closed is not None:
            arcs = arcs[~closed[arcs]]
        states = self.graph.state[arcs]
        return tuple(states[states >= 0].tolist())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Shortest ways from one end to everywhere.

    Attributes:
        ways: the roads.
        starts: where the ways begin.
        weight_ds: per turn, what it and the arc it leads into cost; infinite where closed.
        times_ds: per state, infinite where it is not reached.
        before: per state, the one before it; the number of states where the way begins.
    """

    ways: Ways
    starts: Ends
    weight_ds: Floats
    times_ds: Floats
    before: Ints

    def cost(self, ends: Ends) -> float:
        """Return the least cost to an end in deciseconds; infinite where there is no way."""
        if not ends.states:
            return float("inf")
        return float(self._totals(ends)[0].min())

    def to(self, ends: Ends) -> Way | None:
        """Return a shortest way to an end, or None."""
        if not ends.states:
            return None
        totals, behind = self._totals(ends)
        best = int(totals.argmin())
        if not np.isfinite(totals[best]):
            return None
        state = ends.states[best]
        states = [*self._back(self._turned(state)[1]), state] if behind[best] else self._back(state)
        begins = dict(zip(self.starts.states, self.starts.part, strict=True))[states[0]]
        arcs = self.ways.graph.arc[states].tolist()
        return self.ways.along(arcs, begins, ends.part[best])

    def _back(self, state: int) -> list[int]:
        states, top = [state], self.ways.graph.states
        while (previous := int(self.before[states[-1]])) != top:
            states.append(previous)
        return states[::-1]

    def _totals(self, ends: Ends) -> tuple[Floats, Bools]:
        """Times to each end; and which lie behind on the very arc one starts on.

        Those are reached by going round and entering the arc anew.
        """
        states = np.asarray(ends.states)
        cost = np.asarray(ends.cost_ds)
        totals: Floats = self.times_ds[states] + cost
        behind = np.zeros(len(states), np.bool_)
        starting = dict(zip(self.starts.states, self.starts.part, strict=True))
        for i, (state, part) in enumerate(zip(ends.states, ends.part, strict=True)):
            at_once = int(self.before[state]) == self.ways.graph.states
            if at_once and state in starting and part < starting[state]:
                behind[i] = True
                totals[i] = self._turned(state)[0] + cost[i]
        return totals, behind

    def _turned(self, state: int) -> tuple[float, int]:
        """Return the least time to the end of an arc entered by a turn, and the state before."""
        graph = self.ways.graph
        turns = graph.turns_into(np.array([state], np.int64))
        times = self.times_ds[graph.begins[turns]] + self.weight_ds[turns]
        if not len(turns):
            return float("inf"), -1
        best = int(times.argmin())
        return float(times[best]), int(graph.begins[turns[best]])


def metres_shared(network: Network, one: Iterable[int], other: Iterable[int]) -> float:
    """Return how many metres of road two ways have in common, whatever their directions."""
    first = np.unique(network.segment[list(one)])
    second = np.unique(network.segment[list(other)])
    both = np.intersect1d(first, second)
    return float(segment_metres(network)[both].sum())


def segment_metres(network: Network) -> Floats:
    """Return per segment its length."""
    metres = np.zeros(network.segments)
    metres[network.segment] = network.length_m
    return metres
