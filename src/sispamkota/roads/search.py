"""The turn graph with places in it, for searches that a router has no question for.

Where a trip ends is a node of its own, entered from the arcs before it. So a place may lie on any
arc, behind the origin on the same one too, without a special case.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sispamkota.roads.graph import TurnGraph
from sispamkota.roads.network import Bools, Ints, Longs, Network
from sispamkota.roads.router import Route, Router
from sispamkota.roads.search_kernels import FAR, spread_kernel
from sispamkota.roads.seeds import Places, places, rounded
from sispamkota.roads.shapes import line_of
from sispamkota.roads.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Open turns, and arrivals at places: edges between nodes, sorted by the node they leave.

    Nodes are the states of the turn graph, then one per place and direction it is arrived from.

    Attributes:
        network: the roads.
        graph: their turn graph.
        version: of the closures.
        closed: per arc.
        first: per node, its first edge; one longer than the nodes.
        begins: per edge, the node it leaves.
        ends: per edge, the node it leads to.
        weight_ds: per edge.
        arc: per node, the arc it is at the end of, or that the place lies on.
        places: the destinations.
        row: per arrival, the destination.
        side: per arrival, from which direction: column of `places`.
    """

    network: Network
    graph: TurnGraph
    version: int
    closed: Bools
    first: Longs
    begins: Ints
    ends: Ints
    weight_ds: Longs
    arc: Ints
    places: Places
    row: Ints
    side: Ints

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.arc)

    def arrivals(self, row: int) -> Longs:
        """Return the nodes that stand for having arrived at a destination."""
        return self.graph.states + np.flatnonzero(self.row == row)

    def leaving(self, origins: Snapped) -> tuple[Ints, Longs, Longs]:
        """Return nodes where trips may begin, what each has cost by then, and its origin's row.

        A destination ahead on the same arc is reached without a turn.
        """
        at = places(self.graph, origins, self.closed)
        seeds = at.leaving()
        own, side = np.nonzero(seeds.state >= 0)
        nodes, costs = seeds.state[own, side], seeds.cost_ds[own, side]
        state = self.places.state[self.row, self.side]
        part = self.places.part[self.row, self.side]
        on = {s: np.flatnonzero(state == s) for s in np.intersect1d(nodes, state).tolist()}
        ahead = [(i, a) for i, s in enumerate(nodes.tolist()) for a in on.get(s, ())]
        i, arrival = np.array(ahead, np.int64).reshape(-1, 2).T
        gone = part[arrival] - at.part[own[i], side[i]]
        direct = rounded(gone * at.time_ds[own[i], side[i]])
        keep = gone >= 0
        return (
            np.concatenate((nodes, self.graph.states + arrival[keep])).astype(np.int32),
            np.concatenate((costs, direct[keep])).astype(np.int64),
            np.concatenate((own, own[i][keep])),
        )

    def spread(
        self, at: Ints, cost_ds: Longs, weight_ds: Longs | None = None, stop: int = -1
    ) -> tuple[Longs, Longs]:
        """Return the time to every node and the edge it is reached by; -1 = begun there."""
        weight = self.weight_ds if weight_ds is None else weight_ds
        return spread_kernel(self.first, self.ends, weight, at, cost_ds, stop)

    def path(self, via: Longs, node: int) -> list[int]:
        """Return the nodes of the way to a node."""
        way = [node]
        while via[way[-1]] >= 0:
            way.append(int(self.begins[via[way[-1]]]))
        return way[::-1]

    def route(self, origin: Snapped, way: list[int]) -> Route:
        """Return the way between two places as a router would tell it."""
        arcs = self.arc[way].tolist()
        begins = float(origin.fraction[0])
        if arcs[0] != origin.arc[0]:
            begins = 1 - begins
        arrival = way[-1] - self.graph.states
        ends = float(self.places.part[self.row[arrival], self.side[arrival]])
        lengths = self.network.length_m[arcs]
        if len(arcs) == 1:
            length = float(lengths[0] * (ends - begins))
        else:
            length = float(lengths[0] * (1 - begins) + lengths[1:-1].sum() + lengths[-1] * ends)
        return Route(
            arcs=tuple(arcs),
            begins=begins,
            ends=ends,
            seconds=self._time(origin, way) / 10,
            length_m=length,
            line=line_of(self.network, arcs, begins, ends),
            version=self.version,
        )

    def _time(self, origin: Snapped, way: list[int]) -> int:
        nodes, costs, _ = self.leaving(origin.take(slice(0, 1)))
        time = int(costs[nodes == way[0]].min())
        for a, b in pairwise(way):
            edges = slice(self.first[a], self.first[a + 1])
            time += int(self.weight_ds[edges][self.ends[edges] == b].min())
        return time


def ways_to(router: Router, destinations: Snapped, *, closed: Bools | None = None) -> Ways:
    """Return the open turns of a router's graph with the ways into some places.

    Args:
        router: whose roads, and whose closures of this moment.
        destinations: places to be arrived at.
        closed: other closures than the router's.
    """
    version = router.version
    shut = router.closed if closed is None else closed
    while closed is None and version != router.version:
        version, shut = router.version, router.closed
    graph = router.graph
    open_ = np.flatnonzero(~shut[graph.arc[graph.ends]])
    at = places(graph, destinations, shut)
    row, side = np.nonzero(at.state >= 0)
    state = at.state[row, side].astype(np.int64)
    turns, arrival = _into(graph, state)
    rest = rounded((1 - at.part[row, side]) * at.time_ds[row, side]).astype(np.int64)
    begins = np.concatenate((graph.begins[open_], graph.begins[turns]))
    ends = np.concatenate((graph.ends[open_], graph.states + arrival))
    weight = np.concatenate((graph.weight_ds[open_], graph.weight_ds[turns] - rest[arrival]))
    order = np.argsort(begins, kind="stable")
    nodes = graph.states + len(row)
    counts = np.bincount(begins, minlength=nodes)
    return Ways(
        network=router.network,
        graph=graph,
        version=version,
        closed=shut,
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        begins=begins[order].astype(np.int32),
        ends=ends[order].astype(np.int32),
        weight_ds=weight[order].astype(np.int64),
        arc=np.concatenate((graph.arc, graph.arc[state])).astype(np.int32),
        places=at,
        row=row.astype(np.int32),
        side=side.astype(np.int32),
    )


def _into(graph: TurnGraph, state: Longs) -> tuple[Longs, Longs]:
    """Turns that lead into each of some states, and which of them."""
    counts = graph.first_into[state + 1] - graph.first_into[state]
    which = np.repeat(np.arange(len(state)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return graph.into[graph.first_into[state][which] + step].astype(np.int64), which


def reached(times: Longs) -> Bools:
    """Return which nodes a search got to."""
    return times < FAR
