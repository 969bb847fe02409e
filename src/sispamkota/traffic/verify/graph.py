"""Roads as the verifier builds them: junction by junction, and SciPy's Dijkstra on top."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sispamkota.roads.network import CLOSED_DS, PROFILES, Network, Profile
from sispamkota.roads.snap import Snapped

U_TURN_DS = 100.0
"""Turning round at a dead end takes ten seconds; nowhere else may one."""

Floats = NDArray[np.float64]


class Graph:
    """The arcs a profile may use, and the turns between them.

    Attributes:
        time: arc → deciseconds.
        turns: arc → arcs it may turn into → what the turn adds.
        sides: segment → its arcs.
    """

    def __init__(self, network: Network, profile: Profile) -> None:
        self.network = network
        bit = 1 << PROFILES.index(profile)
        times = network.times_ds(profile).tolist()
        self.time: dict[int, float] = {
            a: float(t) for a, t in enumerate(times) if t < CLOSED_DS // 2
        }
        self.tail, self.head = network.tail.tolist(), network.head.tolist()
        self.segment = network.segment.tolist()
        out: dict[int, list[int]] = defaultdict(list)
        self.sides: dict[int, list[int]] = defaultdict(list)
        for a in self.time:
            out[self.tail[a]].append(a)
            self.sides[self.segment[a]].append(a)
        banned = {
            (int(a), int(b))
            for (a, b), who in zip(network.banned, network.banned_access, strict=True)
            if int(who) & bit
        }
        self.turns: dict[int, dict[int, float]] = {}
        for a in self.time:
            onward = [b for b in out[self.head[a]] if b != a and (a, b) not in banned]
            straight = [b for b in onward if self.segment[b] != self.segment[a]]
            self.turns[a] = (
                dict.fromkeys(straight, 0.0) if straight else dict.fromkeys(onward, U_TURN_DS)
            )
        self.into: dict[int, list[int]] = defaultdict(list)
        for a, onward_of in self.turns.items():
            for b in onward_of:
                self.into[b].append(a)

    def ends(self, at: Snapped) -> list[tuple[int, float]]:
        """Return the arcs a place lies on and how far along each."""
        arc, part = int(at.arc[0]), float(at.fraction[0])
        if arc < 0:
            return []
        return [(a, part if a == arc else 1 - part) for a in self.sides[self.segment[arc]]]

    def spread(
        self,
        seeds: Sequence[Mapping[int, float]],
        closed: Collection[int] = (),
        cost: Mapping[int, float] | None = None,
        u_turn: float = U_TURN_DS,
    ) -> Floats:
        """Return (seeds, arcs) least costs to the end of each arc.

        Args:
            seeds: per row, arc → cost at its end.
            closed: arcs that may not be entered.
            cost: arc → cost of driving it; None = its time.
            u_turn: what turning round at a dead end costs.
        """
        arcs, price = self.network.arcs, self.time if cost is None else cost
        rows, columns, weights = [], [], []
        for a, onward in self.turns.items():
            for b, extra in onward.items():
                if b not in closed:
                    rows.append(a)
                    columns.append(b)
                    weights.append(price[b] + (u_turn if extra else 0.0))
        for i, row in enumerate(seeds):
            for a, c in row.items():
                rows.append(arcs + i)
                columns.append(a)
                weights.append(c + 1.0)  # nought would be no edge
        size = arcs + len(seeds)
        matrix = csr_matrix((weights, (rows, columns)), shape=(size, size))
        found: Any = dijkstra(matrix, indices=range(arcs, size))
        return np.asarray(found[:, :arcs] - 1.0)

    def leaving(self, at: Snapped, closed: Collection[int] = ()) -> dict[int, float]:
        """Return where trips from a place are first at the end of an arc, and when."""
        return {
            a: float(np.rint((1 - part) * self.time[a]))
            for a, part in self.ends(at)
            if a not in closed
        }

    def arriving(
        self,
        spread: Floats,
        origin: Sequence[tuple[int, float]],
        at: Snapped,
        closed: Collection[int] = (),
    ) -> float:
        """Return the least deciseconds to a place from what `spread` reached.

        Args:
            spread: costs per arc from the origin.
            origin: arcs of the origin and how far along them.
            at: the place.
            closed: arcs that may not be used.
        """
        best = np.inf
        for a, part in self.ends(at):
            if a in closed:
                continue
            left = np.rint((1 - part) * self.time[a])
            for b in self.into[a]:
                best = min(best, spread[b] + self.turns[b][a] + self.time[a] - left)
            for b, begun in origin:
                if a == b and part >= begun:
                    best = min(best, float(np.rint((part - begun) * self.time[a])))
        return float(best)

    def seconds(self, one: Snapped, other: Snapped, closed: Collection[int] = ()) -> float:
        """Return the travel time from place to place."""
        seeds = self.leaving(one, closed)
        if not seeds:
            return float("inf")
        origin = [(a, p) for a, p in self.ends(one) if a not in closed]
        return self.arriving(self.spread([seeds], closed)[0], origin, other, closed) / 10

    def driven(self, arcs: Sequence[int], begins: float, ends: float) -> float:
        """Return the seconds along given arcs; turns must be allowed."""
        first, last = self.time[arcs[0]], self.time[arcs[-1]]
        total = float(np.rint((1 - begins) * first) - np.rint((1 - ends) * last))
        for a, b in pairwise(arcs):
            total += self.turns[a][b] + self.time[b]
        return total / 10

    def metres(self, arcs: Sequence[int], begins: float, ends: float) -> float:
        """Return the metres along given arcs."""
        length = self.network.length_m
        total = float(sum(length[a] for a in arcs))
        return total - begins * float(length[arcs[0]]) - (1 - ends) * float(length[arcs[-1]])
