"""Road networks for tests, drawn at random, and a search that knows nothing but the definition."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from sispamkota.roads.network import PROFILES, Network
from sispamkota.roads.snap import Snapped

EVERYONE = (1 << len(PROFILES)) - 1
CAR = 1 << PROFILES.index("car")


@dataclass(frozen=True)
class Street:
    """A straight piece of road; `one_way` is drawn from its first end to its second."""

    ends: tuple[int, int]
    seconds: float
    one_way: bool = False
    access: int = EVERYONE


def network_of(
    streets: Sequence[Street],
    at: Sequence[tuple[float, float]],
    banned: Iterable[tuple[int, int]] = (),
) -> Network:
    """A network of streets that are all driven at 36 km/h; arcs are numbered street by street."""
    tail, head, segment, forward, seconds, access = [], [], [], [], [], []
    for i, street in enumerate(streets):
        for ahead in (True,) if street.one_way else (True, False):
            u, v = street.ends if ahead else street.ends[::-1]
            tail.append(u)
            head.append(v)
            segment.append(i)
            forward.append(ahead)
            seconds.append(street.seconds)
            access.append(street.access)
    where = np.array(at, np.float64).reshape(-1, 2)
    pairs = np.array(list(banned), np.int32).reshape(-1, 2)
    usable = (np.array(access, np.uint8)[None, :] >> np.arange(len(PROFILES))[:, None]) & 1
    return Network(
        node_lon=where[:, 0],
        node_lat=where[:, 1],
        node_id=np.arange(len(where)),
        tail=np.array(tail, np.int32),
        head=np.array(head, np.int32),
        segment=np.array(segment, np.int32),
        forward=np.array(forward, np.bool_),
        length_m=np.array(seconds, np.float64) * 10,
        access=np.array(access, np.uint8),
        speed_kmh=(usable * 36.0).astype(np.float32),
        way=np.arange(len(streets)),
        highway=np.zeros(len(streets), np.int32),
        name=np.zeros(len(streets), np.int32),
        shape_start=2 * np.arange(len(streets) + 1),
        shape=where[[e for s in streets for e in s.ends]].reshape(-1, 2),
        banned=pairs,
        banned_access=np.full(len(pairs), EVERYONE, np.uint8),
        highways=("residential",),
        names=("",),
        estimated=True,
        source="test",
        as_of=dt.date(2026, 1, 1),
        report={},
    )


def grid(side: int, seed: int) -> Network:
    """A town of blocks with one-way streets, missing streets, dead ends, loops and banned turns."""
    rng = np.random.default_rng(seed)
    at = [
        (104.0 + x * 0.01 + rng.random() * 0.004, -4.0 + y * 0.01 + rng.random() * 0.004)
        for y, x in product(range(side), repeat=2)
    ]
    streets = []
    for y, x in product(range(side), repeat=2):
        here = y * side + x
        for there in ([here + 1] if x + 1 < side else []) + ([here + side] if y + 1 < side else []):
            if rng.random() < 0.85:
                ends = (here, there) if rng.random() < 0.5 else (there, here)
                streets.append(Street(ends, float(rng.integers(1, 60)), rng.random() < 0.2))
        if rng.random() < 0.05:
            streets.append(Street((here, here), float(rng.integers(5, 60))))
        if rng.random() < 0.05:
            streets.append(Street((here, int(rng.integers(side * side))), 90.0))
    # long country roads, of many pieces
    for _ in range(side // 3):
        before = int(rng.integers(side * side))
        for _ in range(int(rng.integers(2, 9))):
            at.append((at[before][0] + rng.random() * 0.002, at[before][1] + 0.002))
            streets.append(Street((before, len(at) - 1), float(rng.integers(1, 20))))
            before = len(at) - 1
        if rng.random() < 0.7:
            streets.append(Street((before, int(rng.integers(side * side))), 12.0))
    town = network_of(streets, at)
    meet = [
        (a, b)
        for a in range(town.arcs)
        for b in np.flatnonzero(town.tail == town.head[a])
        if rng.random() < 0.05
    ]
    return network_of(streets, at, meet)


def places_on(network: Network, arcs: Sequence[int], fractions: Sequence[float]) -> Snapped:
    """Places given by arc and fraction."""
    arc = np.array(arcs, np.int32)
    return Snapped(
        arc=arc,
        fraction=np.array(fractions, np.float64),
        distance_m=np.zeros(len(arc)),
        far=np.zeros(len(arc), np.bool_),
        place=np.zeros((len(arc), 2)),
        limit_m=500.0,
    )


def some_places(network: Network, count: int, seed: int) -> Snapped:
    """Places anywhere, some of them at the very ends of arcs, one of them nowhere."""
    rng = np.random.default_rng(seed)
    arcs = rng.integers(network.arcs, size=count)
    arcs[0] = -1
    fractions = rng.choice([0.0, 1.0, 0.5, 0.25, rng.random(), rng.random()], size=count)
    return places_on(network, arcs.tolist(), fractions.tolist())


class ByHand:
    """Travel times by the definition: plain Dijkstra over (arc just driven), slow and obvious."""

    def __init__(self, network: Network, closed: Iterable[int] = (), *, u_turn_ds: int = 100):
        self.network = network
        self.time = network.times_ds("car").tolist()
        shut = set(closed)
        arcs = [a for a in range(network.arcs) if self.time[a] < 2**30 - 1]
        banned = {tuple(pair) for pair in network.banned.tolist()}
        self.open = [a for a in arcs if a not in shut]
        self.turns: dict[int, dict[int, int]] = {}
        for a in arcs:
            onto = [b for b in arcs if network.tail[b] == network.head[a]]
            onto = [b for b in onto if b != a and (a, b) not in banned]
            on = [b for b in onto if network.segment[b] != network.segment[a]]
            back = [] if on else onto
            self.turns[a] = dict.fromkeys(on, 0) | dict.fromkeys(back, u_turn_ds)

    def sides(self, arc: int, fraction: float) -> list[tuple[int, float]]:
        """The open arcs a place lies on, and how far along."""
        if arc < 0:
            return []
        same = [
            a
            for a in range(self.network.arcs)
            if self.network.segment[a] == self.network.segment[arc]
        ]
        return [(a, fraction if a == arc else 1 - fraction) for a in same if a in self.open]

    def times(self, origin: tuple[int, float]) -> dict[int, int]:
        """When the end of each arc is reached first."""
        queue = [(round((1 - f) * self.time[a]), a) for a, f in self.sides(*origin)]
        heapq.heapify(queue)
        done: dict[int, int] = {}
        while queue:
            t, a = heapq.heappop(queue)
            if a not in done:
                done[a] = t
                for b, cost in self.turns[a].items():
                    if b in self.open:
                        heapq.heappush(queue, (t + cost + self.time[b], b))
        return done

    def trip(self, origin: tuple[int, float], destination: tuple[int, float]) -> float:
        """Seconds between two places; infinite where there is no way."""
        done, best = self.times(origin), float("inf")
        for b, g in self.sides(*destination):
            rest = round((1 - g) * self.time[b])
            for a, t in done.items():
                if b in self.turns[a]:
                    best = min(best, t + self.turns[a][b] + self.time[b] - rest)
            for a, f in self.sides(*origin):
                if a == b and f <= g:
                    best = min(best, round((g - f) * self.time[b]))
        return best / 10
