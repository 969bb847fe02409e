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

import numpy as np

from sispamkota.traffic.assignment_kernels import (
    FIXED,
    FLAT,
    LINEAR,
    NEEDY,
    OTHER,
    QUARTIC,
    SPREAD,
    Bag,
    Flows,
    Trips,
    compact_kernel,
    inner_kernel,
    open_kernel,
    refresh_kernel,
    sweep_kernel,
)
from sispamkota.traffic.assignment_types import (
    Assignment,
    Demand,
    Ints,
    Links,
    Mask,
    Paths,
    bad_input,
    within,
)
from sispamkota.traffic.tree_kernels import NONE, Trees

PASSES = 50  # over the pairs with several paths between two looks for new paths, at most
LEAVE = 0.05  # part of the excess that those passes may leave
LEAVE_LAST = 0.3  # part of the gap asked for that is as good as nothing
USUAL, SLOWEST = 0.1, 0.5  # what a look leaves of the gap: guessed at first, at most
PATIENCE = 6  # checks without progress until the floats are taken to be at their end
MOST_TREES = 64_000_000  # last links kept, at most (256 MB)
BETTER = 0.9  # part of the best gap so far that counts as progress


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
    within("origin", demand.origin, links.nodes)
    within("destination", demand.destination, links.nodes)
    return demand.trips


class _Solver:
    """One assignment under way. Inside, links are numbered by tail (`Links.order`).

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
        self.graph = links.graph
        law = links.law.copy()
        law[closed[links.order]] = (np.inf, 0.0, 0.0, 0.0)
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
        rows = len(trips.origins) if len(trips.origins) * links.nodes <= MOST_TREES else 0
        self.trees = Trees(
            into=np.empty((rows, links.nodes), np.int32),
            known=np.zeros(len(trips.origins), np.bool_),
        )
        self.bag = _bag(pool=np.empty(1024, np.int32), paths=2 * pairs + 16)
        refresh_kernel(self.flows)

    def start_from(self, warm: Paths) -> None:
        """Take over the open paths of an earlier answer, brought to today's demand."""
        if warm.size != self.links.size:
            raise bad_input("warm", f"{warm.size} / {self.links.size}")
        nodes = self.links.nodes
        keys = self.origin.astype(np.int64) * nodes + self.trips.destination
        wanted = warm.origin.astype(np.int64) * nodes + warm.destination
        pair = np.searchsorted(keys, wanted)
        fine = pair < len(keys)
        fine[fine] = keys[pair[fine]] == wanted[fine]
        fine &= open_kernel(self.closed | self.links.barred, warm.begin, warm.links)
        kept = np.flatnonzero(fine & (warm.flow > 0))
        pair = pair[kept]
        amount = np.bincount(pair, warm.flow[kept], len(keys))
        self.count = len(kept)
        self.bag = _bag(pool=self.links.place[warm.links], paths=self.count + len(keys) + 16)
        self.bag.start[: self.count] = warm.begin[kept]
        self.bag.length[: self.count] = np.diff(warm.begin)[kept]
        self.bag.share[: self.count] = warm.flow[kept] / amount[pair] * self.trips.demand[pair]
        self.bag.pair[: self.count] = pair
        self.compact()
        self._keep_trees(warm)

    def _keep_trees(self, warm: Paths) -> None:
        """Take over the trees of origins that are asked for again."""
        if not len(warm.roots) or not len(self.trees.into):
            return
        at = np.minimum(np.searchsorted(warm.roots, self.trips.origins), len(warm.roots) - 1)
        same = warm.roots[at] == self.trips.origins
        self.trees.into[same] = warm.trees[at[same]]
        self.trees.known[:] = same

    def sweep(self, way: int) -> float:
        """Look for new paths, and return the relative gap met on the way (exact if FIXED)."""
        self.bag, self.count, excess, total = sweep_kernel(
            self.graph,
            self.trips,
            self.flows,
            self.trees,
            self.bag,
            self.top,
            self.count,
            way,
            self.least,
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
        warm = self.count > 0
        way, expected = NEEDY, gap if warm else np.inf
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
            # near the end a look at fixed costs finds the same new paths, and may be the last
            way = FIXED if expected <= gap or warm else SPREAD
        self.sweep(FIXED)
        return most

    def answer(self, gap: float, iterations: int) -> Assignment:
        """Tell flows and costs, and how near they are, by the shortest paths looked for last."""
        links, trips = self.links, self.trips
        flow = np.empty(links.size)
        flow[links.order] = self.flows.volume
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
            links=self.links.order.astype(np.int32)[bag.pool[: begin[-1]]],
            size=self.links.size,
            roots=self.trips.origins[self.trees.known[: len(self.trees.into)]],
            trees=self.trees.into[self.trees.known[: len(self.trees.into)]],
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
        raise bad_input("closed", f"{len(closed)} / {links.size}")
    return closed.astype(bool)


__all__ = ["Assignment", "Demand", "Links", "Paths", "assign"]
