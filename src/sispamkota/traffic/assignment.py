"""User equilibrium: traffic spreads until no used path is dearer than another (Wardrop 1952).

Path-based gradient projection (Jayakrishnan et al. 1994) with the pairs of zones taken one after
the other, each at the costs that the one before left (Xie, Nie & Liu 2018). A move of flow between
two paths is a Newton step on the links where they differ, held by a bracket, so that costs with
powers below 1 (infinitely steep at no flow) and flat ones are handled alike. Paths in use stay in
memory; an answer carries them, and the next one starts from those that are still open.

How near an answer is to equilibrium is computed from what it says: flows are added up from the
paths, costs from the flows, and the shortest path of every pair from those costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.traffic.assignment_kernels import (
    FIXED,
    FLAT,
    LINEAR,
    NEEDY,
    NONE,
    OTHER,
    QUARTIC,
    SPREAD,
    Bag,
    Flows,
    Graph,
    Trips,
    compact_kernel,
    inner_kernel,
    open_kernel,
    refresh_kernel,
    sweep_kernel,
)
from sispamkota.traffic.costs import LinkCosts

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

PASSES = 50  # over the pairs with several paths between two looks for new paths, at most
LEAVE = 0.05  # part of the excess that those passes may leave
LEAVE_LAST = 0.3  # part of the gap asked for that is as good as nothing
USUAL, SLOWEST = 0.1, 0.5  # what a look leaves of the gap: guessed at first, at most
PATIENCE = 6  # checks without progress until the floats are taken to be at their end
BETTER = 0.9  # part of the best gap so far that counts as progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """A directed graph with costs; nodes 0 .. nodes - 1. Parallel links are links like others.

    The nodes may be junctions, or arcs of a road network where a link is a turn; then banned turns
    are simply not there.

    Attributes:
        nodes: number of nodes.
        tail: node a link leaves.
        head: node a link enters.
        costs: one cost function per link.
        first_thru_node: nodes below it are zones: trips begin and end there, none passes through.
    """

    nodes: int
    tail: Ints
    head: Ints
    costs: LinkCosts
    first_thru_node: int = 0

    def __post_init__(self) -> None:
        for name in ("tail", "head"):
            column = getattr(self, name)
            if len(column) != self.costs.size:
                raise _bad_input(name, f"{len(column)} / {self.costs.size}")
            _within(name, column, self.nodes)

    @property
    def size(self) -> int:
        """Number of links."""
        return self.costs.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Trips per unit of time from node to node; pairs may repeat.

    Demand of a node to itself uses no road and is left out.
    """

    origin: Ints
    destination: Ints
    volume: Floats

    def __post_init__(self) -> None:
        if not len(self.origin) == len(self.destination) == len(self.volume):
            raise _bad_input("volume", str(len(self.volume)))
        if not (np.isfinite(self.volume) & (self.volume >= 0)).all():
            raise _bad_input("volume", f"{np.min(self.volume):g}")

    @property
    def total(self) -> float:
        """All trips."""
        return float(self.volume.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Paths in use.

    Attributes:
        origin: node each path begins at.
        destination: node it ends at.
        flow: trips on it.
        begin: (paths + 1,) where the links of each begin in `links`.
        links: numbers of links, one path after the other.
        size: number of links of the graph they belong to.
    """

    origin: Ints
    destination: Ints
    flow: Floats
    begin: Longs
    links: Ints
    size: int

    @property
    def count(self) -> int:
        """Number of paths."""
        return len(self.flow)

    def links_of(self, path: int) -> Ints:
        """Return the links of a path, from its origin on."""
        return self.links[self.begin[path] : self.begin[path + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An equilibrium, as near as `relative_gap` says.

    Attributes:
        flow: trips per link.
        cost: generalised cost per link at that flow; inf where closed.
        objective: Beckmann's objective, the sum of the integrals of the costs.
        relative_gap: (flow x cost - demand x cost of the shortest path) / (flow x cost), from
            shortest paths computed anew at the end; 0 is an exact equilibrium.
        total_cost: flow x cost.
        iterations: looks for new paths.
        paths: the paths in use, to start from next time.
        unroutable: demand between nodes that no open path joins.
        reached: whether the gap asked for was reached.
    """

    flow: Floats
    cost: Floats
    objective: float
    relative_gap: float
    total_cost: float
    iterations: int
    paths: Paths
    unroutable: Demand
    reached: bool


def assign(
    links: Links,
    demand: Demand,
    *,
    gap: float = 1e-6,
    warm: Paths | None = None,
    closed: Mask | None = None,
    most: int = 1000,
) -> Assignment:
    """Find the user equilibrium of a demand.

    Args:
        links: the graph.
        demand: the trips.
        gap: relative gap to reach; floats end somewhere near 1e-14.
        warm: paths of an earlier answer on the same links; those with closed links are dropped.
        closed: per link, whether it is closed.
        most: looks for new paths, at most.

    Raises:
        DomainError: numbers that do not fit together.
    """
    solver = _Solver(links, _trips(links, demand), _closed_mask(links, closed))
    if warm is not None:
        solver.start_from(warm)
    iterations = solver.run(gap, most)
    return solver.answer(gap, iterations)


def _trips(links: Links, demand: Demand) -> Trips:
    """Sort the demand by origin and destination; each pair once."""
    _within("origin", demand.origin, links.nodes)
    _within("destination", demand.destination, links.nodes)
    real = (demand.origin != demand.destination) & (demand.volume > 0)
    keys = demand.origin[real].astype(np.int64) * links.nodes + demand.destination[real]
    unique, which = np.unique(keys, return_inverse=True)
    origins, begin = np.unique(unique // max(links.nodes, 1), return_index=True)
    return Trips(
        origins=origins.astype(np.int32),
        begin=np.append(begin, len(unique)).astype(np.int64),
        destination=(unique % max(links.nodes, 1)).astype(np.int32),
        demand=np.bincount(which, demand.volume[real], len(unique)).astype(np.float64),
    )


class _Solver:
    """One assignment under way. Inside, links are numbered by tail; `order` tells which is which.

    Attributes:
        least: cost of the shortest path of each pair when last looked for.
        top: the first path of each pair, NONE where it has none.
        count: paths in use.
    """

    def __init__(self, links: Links, trips: Trips, closed: Mask) -> None:
        self.links = links
        self.trips = trips
        self.closed = closed
        self.origin = np.repeat(trips.origins, np.diff(trips.begin))
        self.order = np.argsort(links.tail, kind="stable")
        tail = links.tail[self.order].astype(np.int32)
        self.graph = Graph(
            first=np.searchsorted(tail, np.arange(links.nodes + 1)),
            head=links.head[self.order].astype(np.int32),
            tail=tail,
            first_thru=links.first_thru_node,
        )
        law = np.ascontiguousarray(links.costs.law()[self.order])
        law[closed[self.order]] = (np.inf, 0.0, 0.0, 0.0)
        kinds = [law[:, 1] == 0, law[:, 3] == 1, law[:, 3] == 4]  # noqa: PLR2004  (the BPR's power)
        self.flows = Flows(
            law=law,
            kind=np.select(kinds, [FLAT, LINEAR, QUARTIC], OTHER).astype(np.int8),
            volume=np.zeros(links.size),
            cost=np.empty(links.size),
            slope=np.empty(links.size),
        )
        pairs = len(trips.demand)
        self.least = np.full(pairs, np.inf)
        self.top = np.full(pairs, NONE, np.int32)
        self.count = 0
        self.bag = _bag(pool=np.empty(1024, np.int32), paths=2 * pairs + 16)
        refresh_kernel(self.flows)

    def start_from(self, warm: Paths) -> None:
        """Take over the open paths of an earlier answer, brought to today's demand."""
        if warm.size != self.links.size:
            raise _bad_input("warm", f"{warm.size} / {self.links.size}")
        nodes = self.links.nodes
        keys = self.origin.astype(np.int64) * nodes + self.trips.destination
        wanted = warm.origin.astype(np.int64) * nodes + warm.destination
        pair = np.searchsorted(keys, wanted)
        fine = pair < len(keys)
        fine[fine] = keys[pair[fine]] == wanted[fine]
        fine &= open_kernel(self.closed | self.links.costs.barred, warm.begin, warm.links)
        kept = np.flatnonzero(fine & (warm.flow > 0))
        pair = pair[kept]
        amount = np.bincount(pair, warm.flow[kept], len(keys))
        place = np.empty(self.links.size, np.int32)
        place[self.order] = np.arange(self.links.size, dtype=np.int32)
        self.count = len(kept)
        self.bag = _bag(pool=place[warm.links], paths=self.count + len(keys) + 16)
        self.bag.start[: self.count] = warm.begin[kept]
        self.bag.length[: self.count] = np.diff(warm.begin)[kept]
        self.bag.share[: self.count] = warm.flow[kept] / amount[pair] * self.trips.demand[pair]
        self.bag.pair[: self.count] = pair
        self.compact()

    def sweep(self, way: int) -> float:
        """Look for new paths, and return the relative gap met on the way (exact if FIXED)."""
        self.bag, self.count, excess, total = sweep_kernel(
            self.graph, self.trips, self.flows, self.bag, self.top, self.count, way, self.least
        )
        return float(excess / total) if total > 0 else 0.0

    def compact(self) -> None:
        """Drop empty paths; volumes and costs from the paths, so that no rounding piles up."""
        self.count = compact_kernel(
            self.bag, self.top, self.count, self.trips.demand, self.flows.volume
        )
        refresh_kernel(self.flows)

    def total_cost(self) -> float:
        used = self.flows.volume > 0
        return float(self.flows.volume[used] @ self.flows.cost[used])

    def run(self, gap: float, most: int) -> int:
        """Look for paths and balance them until the gap is reached; return the looks taken."""
        before, best, idle = 0.0, np.inf, 0
        way, expected = NEEDY, np.inf if self.count == 0 else gap
        for done in range(1, most + 1):
            now = self.sweep(way)
            if way == FIXED:
                idle = 0 if now < BETTER * best else idle + 1
                best = min(best, now)
                if now <= gap or idle >= PATIENCE:
                    return done
            if way != NEEDY:
                expected = now * (min(now / before, SLOWEST) if before > 0 else USUAL)
                before = now
            leave = max(LEAVE * now, LEAVE_LAST * gap)
            inner_kernel(self.flows, self.bag, self.top, PASSES, leave * self.total_cost())
            self.compact()
            way = FIXED if expected <= gap else SPREAD
        self.sweep(FIXED)
        return most

    def answer(self, gap: float, iterations: int) -> Assignment:
        """Tell flows and costs, and how near they are, by the shortest paths looked for last."""
        links, trips = self.links, self.trips
        flow = np.empty(links.size)
        flow[self.order] = self.flows.volume
        cost = np.where(self.closed, np.inf, links.costs.at(flow))
        used = flow > 0
        total = float(flow[used] @ cost[used])
        lost = np.isinf(self.least)
        shortest = float(trips.demand[~lost] @ self.least[~lost])
        relative = max(total - shortest, 0.0) / total if total > 0 else 0.0
        return Assignment(
            flow=flow,
            cost=cost,
            objective=float(links.costs.integral(flow)[used].sum()),
            relative_gap=relative,
            total_cost=total,
            iterations=iterations,
            paths=self._paths(),
            unroutable=Demand(
                origin=self.origin[lost],
                destination=trips.destination[lost],
                volume=trips.demand[lost],
            ),
            reached=relative <= gap,
        )

    def _paths(self) -> Paths:
        self.compact()
        bag, count = self.bag, self.count
        begin = np.append(0, np.cumsum(bag.length[:count], dtype=np.int64))
        pair = bag.pair[:count]
        return Paths(
            origin=self.origin[pair],
            destination=self.trips.destination[pair],
            flow=bag.share[:count].copy(),
            begin=begin,
            links=self.order.astype(np.int32)[bag.pool[: begin[-1]]],
            size=self.links.size,
        )


def _bag(*, pool: Ints, paths: int) -> Bag:
    return Bag(
        pool=pool,
        start=np.empty(paths, np.int64),
        length=np.empty(paths, np.int32),
        share=np.empty(paths),
        after=np.empty(paths, np.int32),
        pair=np.empty(paths, np.int32),
    )


def _closed_mask(links: Links, closed: Mask | None) -> Mask:
    if closed is None:
        return np.zeros(links.size, bool)
    if len(closed) != links.size:
        raise _bad_input("closed", f"{len(closed)} / {links.size}")
    return closed.astype(bool)


def _within(name: str, column: Ints, nodes: int) -> None:
    if len(column) and (column.min() < 0 or column.max() >= nodes):
        raise _bad_input(name, f"{column.min()}..{column.max()} / {nodes}")


def _bad_input(name: str, value: str) -> DomainError:
    return DomainError(
        "bad_assignment_input",
        Text(
            id=f"Masukan pembebanan lalu lintas tidak cocok: {name} = {value}.",
            en=f"Input of the traffic assignment does not fit: {name} = {value}.",
        ),
        Text(
            id="Periksa panjang kolom, nomor simpul, dan volume (angka 0 atau lebih).",
            en="Check lengths of columns, numbers of nodes, and volumes (0 or more).",
        ),
        where={"column": name, "value": value},
    )
