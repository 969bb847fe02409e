"""User equilibrium: traffic spreads until no used path is dearer than another (Wardrop 1952).

Path-based gradient projection (Jayakrishnan et al. 1994) with the pairs of zones taken one after
the other, each at the costs that the one before left (Xie, Nie & Liu 2018). A move of flow between
two paths is a Newton step on the links where they differ, held by a bracket, so that costs with
powers below 1 (infinitely steep at no flow) and flat ones are handled alike. Paths in use stay in
memory; an answer carries them, and the next one starts from those that are still open.

Nothing is said about how far it got that is not computed anew at the end: flows are added up from
the paths, costs from the flows, and shortest paths from the costs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.traffic.assignment_kernels import (
    FLAT,
    LINEAR,
    NONE,
    OTHER,
    QUARTIC,
    compact_kernel,
    inner_kernel,
    least_costs_kernel,
    refresh_kernel,
    sweep_kernel,
)
from sispamkota.traffic.costs import LinkCosts

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

PASSES = 20  # over the pairs with several paths between two looks for new paths, at most
LEAVE = 0.05  # part of the excess that those passes may leave
PATIENCE = 6  # checks without any progress until the floats are taken to be at their end


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
    solver = _Solver(links, _pairs(links, demand), _closed_mask(links, closed))
    if warm is not None:
        solver.start_from(warm)
    iterations = solver.run(gap, most)
    return solver.answer(gap, iterations)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Demand sorted by origin and destination, each pair once; `begin` indexes by origin."""

    origins: Ints
    begin: Longs
    destination: Ints
    demand: Floats

    @property
    def origin(self) -> Ints:
        return np.repeat(self.origins, np.diff(self.begin))


def _pairs(links: Links, demand: Demand) -> _Pairs:
    _within("origin", demand.origin, links.nodes)
    _within("destination", demand.destination, links.nodes)
    real = (demand.origin != demand.destination) & (demand.volume > 0)
    keys = demand.origin[real].astype(np.int64) * links.nodes + demand.destination[real]
    unique, which = np.unique(keys, return_inverse=True)
    origins, begin = np.unique(unique // max(links.nodes, 1), return_index=True)
    return _Pairs(
        origins=origins.astype(np.int32),
        begin=np.append(begin, len(unique)).astype(np.int64),
        destination=(unique % max(links.nodes, 1)).astype(np.int32),
        demand=np.bincount(which, demand.volume[real], len(unique)).astype(np.float64),
    )


@dataclass(slots=True)
class _Store:
    """The arrays of paths that the kernels fill; `count` paths are in use."""

    pool: Ints
    start: Longs
    length: Ints
    share: Floats
    after: Ints
    count: int = 0

    @classmethod
    def empty(cls, paths: int, links: int) -> _Store:
        return cls(
            pool=np.empty(links, np.int32),
            start=np.empty(paths, np.int64),
            length=np.empty(paths, np.int32),
            share=np.empty(paths),
            after=np.empty(paths, np.int32),
        )


@dataclass(slots=True)
class _Solver:
    """One assignment under way. Inside, links are numbered by tail; `order` tells which."""

    links: Links
    pairs: _Pairs
    closed: Mask
    order: Longs = field(init=False)
    first: Longs = field(init=False)
    head: Ints = field(init=False)
    tail: Ints = field(init=False)
    law: Floats = field(init=False)
    kind: NDArray[np.int8] = field(init=False)
    volume: Floats = field(init=False)
    cost: Floats = field(init=False)
    slope: Floats = field(init=False)
    chain: Ints = field(init=False)
    store: _Store = field(init=False)

    def __post_init__(self) -> None:
        links = self.links
        self.order = np.argsort(links.tail, kind="stable")
        self.first = np.searchsorted(links.tail[self.order], np.arange(links.nodes + 1))
        self.head = np.ascontiguousarray(links.head[self.order], dtype=np.int32)
        self.tail = np.ascontiguousarray(links.tail[self.order], dtype=np.int32)
        self.law = np.ascontiguousarray(links.costs.law()[self.order])
        self.law[self.closed[self.order]] = (np.inf, 0.0, 0.0, 0.0)
        self.kind = np.select(
            [self.law[:, 1] == 0, self.law[:, 3] == 1, self.law[:, 3] == 4],  # noqa: PLR2004
            [FLAT, LINEAR, QUARTIC],
            OTHER,
        ).astype(np.int8)
        self.volume = np.zeros(links.size)
        self.cost = np.empty(links.size)
        self.slope = np.empty(links.size)
        self.chain = np.full(len(self.pairs.demand), NONE, np.int32)
        self.store = _Store.empty(2 * len(self.pairs.demand) + 16, 1024)
        self.refresh()

    def refresh(self) -> None:
        refresh_kernel(self.law, self.kind, self.volume, self.cost, self.slope)

    def start_from(self, warm: Paths) -> None:
        """Take over the open paths of an earlier answer, brought to today's demand."""
        if warm.size != self.links.size:
            raise _bad_input("warm", f"{warm.size} / {self.links.size}")
        place = np.empty(self.links.size, np.int32)
        place[self.order] = np.arange(self.links.size, dtype=np.int32)
        nodes = self.links.nodes
        keys = self.pairs.origin.astype(np.int64) * nodes + self.pairs.destination
        wanted = warm.origin.astype(np.int64) * nodes + warm.destination
        pair = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        barred = np.append(0, np.cumsum((self.closed | self.links.costs.barred)[warm.links]))
        fine = barred[warm.begin[1:]] == barred[warm.begin[:-1]]
        if len(keys):
            fine &= keys[pair] == wanted
        else:
            fine[:] = False
        amount = np.bincount(pair[fine], weights=warm.flow[fine], minlength=len(keys))
        size = np.diff(warm.begin)
        kept = np.flatnonzero(fine)
        self.store = _Store(
            pool=place[warm.links],
            start=warm.begin[kept].astype(np.int64),
            length=size[kept].astype(np.int32),
            share=warm.flow[kept] / amount[pair[kept]] * self.pairs.demand[pair[kept]],
            after=np.empty(len(kept), np.int32),
            count=len(kept),
        )
        for p, w in enumerate(pair[kept]):
            self.store.after[p] = self.chain[w]
            self.chain[w] = p
        self.compact()

    def sweep(self, *, fixed: bool) -> float:
        """Look for new paths, and return the relative gap met on the way (exact if `fixed`)."""
        s, pairs = self.store, self.pairs
        s.pool, s.start, s.length, s.share, s.after, s.count, excess, total = sweep_kernel(
            self.first,
            self.head,
            self.tail,
            self.links.first_thru_node,
            pairs.origins,
            pairs.begin,
            pairs.destination,
            pairs.demand,
            self.law,
            self.kind,
            self.volume,
            self.cost,
            self.slope,
            s.pool,
            s.start,
            s.length,
            s.share,
            s.after,
            self.chain,
            s.count,
            fixed,
        )
        return float(excess / total) if total > 0 else 0.0

    def balance(self, aim: float) -> None:
        s = self.store
        inner_kernel(
            self.law,
            self.kind,
            self.volume,
            self.cost,
            self.slope,
            s.pool,
            s.start,
            s.length,
            s.share,
            s.after,
            self.chain,
            PASSES,
            aim,
        )

    def compact(self) -> None:
        """Drop empty paths; volumes and costs from the paths, so that no rounding piles up."""
        s = self.store
        pair = np.empty(s.count, np.int32)
        s.count = compact_kernel(
            s.pool,
            s.start,
            s.length,
            s.share,
            s.after,
            self.chain,
            pair,
            s.count,
            self.pairs.demand,
            self.volume,
        )
        self.refresh()

    def run(self, gap: float, most: int) -> int:
        """Look for paths and balance them until the gap is reached; return the looks taken."""
        before, rate, best, idle = 1.0, 0.1, np.inf, 0
        for done in range(most):
            fixed = done > 0 and before * rate <= gap
            now = self.sweep(fixed=fixed)
            if fixed:
                if now <= gap:
                    self.compact()
                    return done + 1
                idle = 0 if now < 0.9 * best else idle + 1
                best = min(best, now)
                if idle >= PATIENCE:
                    self.compact()
                    return done + 1
                self.refresh()
            self.balance(LEAVE * now * float(self.volume @ np.where(self.volume > 0, self.cost, 0)))
            self.compact()
            rate = min(now / before, 0.5) if done > 0 and before > 0 else rate
            before = now
        return most

    def answer(self, gap: float, iterations: int) -> Assignment:
        links, pairs = self.links, self.pairs
        flow = np.empty(links.size)
        flow[self.order] = self.volume
        cost = np.where(self.closed, np.inf, links.costs.at(flow))
        least = least_costs_kernel(
            self.first,
            self.head,
            cost[self.order],
            links.first_thru_node,
            pairs.origins,
            pairs.begin,
            pairs.destination,
        )
        served = np.isfinite(least)
        used = flow > 0
        total = float(flow[used] @ cost[used])
        shortest = float(pairs.demand[served] @ least[served])
        relative = max(total - shortest, 0.0) / total if total > 0 else 0.0
        lost = ~served
        return Assignment(
            flow=flow,
            cost=cost,
            objective=float(links.costs.integral(flow)[used].sum()),
            relative_gap=relative,
            total_cost=total,
            iterations=iterations,
            paths=self._paths(),
            unroutable=Demand(
                origin=pairs.origin[lost],
                destination=pairs.destination[lost],
                volume=pairs.demand[lost],
            ),
            reached=relative <= gap,
        )

    def _paths(self) -> Paths:
        s = self.store
        pair = np.empty(s.count, np.int64)
        for w, top in enumerate(self.chain):
            p = top
            while p != NONE:
                pair[p] = w
                p = s.after[p]
        begin = np.append(s.start[: s.count], 0)
        begin[-1] = begin[-2] + s.length[s.count - 1] if s.count else 0
        return Paths(
            origin=self.pairs.origin[pair],
            destination=self.pairs.destination[pair],
            flow=s.share[: s.count].copy(),
            begin=begin,
            links=self.order.astype(np.int32)[s.pool[: begin[-1]]],
            size=self.links.size,
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
