"""Other ways to the same place: some that differ enough, and a pair that shares no road.

Alternates are found by making used roads dearer and searching again (penalties), and kept when
they share little with those before and are not much slower. A pair that shares no piece of road
is found at once as a flow of two units (Suurballe 1974, Bhandari 1999): taking the quickest way
first and then avoiding it can fail where a pair exists.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sispamkota.roads.network import Bools, Floats, Ints, Longs, Network
from sispamkota.roads.router import Route, Router
from sispamkota.roads.search import Ways, reached, ways_to
from sispamkota.roads.search_kernels import FAR, spread_kernel
from sispamkota.roads.snap import Snapped

MAX_SHARED = 0.5
MAX_SLOWER = 1.6
"""An alternate that takes longer than so many times the quickest is none (assumption)."""
_DEARER = 1.4
_ROUNDING_M = 0.01  # less in common than this is rounding, not road
_MOST_OPPOSED = 12
_TRIES = 4  # searches per alternate asked for
_SHARED_DS_PER_M = 1_000_000  # a metre shared weighs more than any detour of a regency


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alternate:
    """A way beside the quickest.

    Attributes:
        route: the way.
        shared_m: what it has in common with the quickest, either direction.
        shared_most_m: what it has in common with the one before it that it is most alike.
    """

    route: Route
    shared_m: float
    shared_most_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two ways for one escort, one to use and one to fall back on.

    Attributes:
        primary: the quicker.
        backup: the other; None where there is no second way at all.
        shared_m: road that both use, either direction; nought where `link_disjoint`.
        shared_segments: the pieces of road both use.
        link_disjoint: they share no road.
    """

    primary: Route
    backup: Route | None
    shared_m: float
    shared_segments: tuple[int, ...]
    link_disjoint: bool


def alternates(
    router: Router,
    origin: Snapped,
    destination: Snapped,
    k: int = 3,
    *,
    max_shared: float = MAX_SHARED,
    max_slower: float = MAX_SLOWER,
) -> tuple[Alternate, ...]:
    """Return up to `k` ways from the first row of one to that of the other, quickest first.

    The first is the quickest way; every further one shares at most `max_shared` of its own
    length with each before it. Fewer come back where the roads have no more; none where there
    is no way.

    Args:
        router: whose roads, with its closures of this moment.
        origin: where from.
        destination: where to.
        k: how many ways, the quickest among them.
        max_shared: part of its length that a way may share with another, 0 to 1.
        max_slower: times the quickest that a way may take.
    """
    ways = ways_to(router, destination.take(slice(0, 1)))
    weight = ways.weight_ds.copy()
    found: list[Alternate] = []
    for _ in range(1 + _TRIES * max(0, k - 1)):
        way = _quickest(ways, origin, weight)
        if way is None or len(found) >= k:
            break
        route = ways.route(origin, way)
        if not found:
            found.append(Alternate(route=route, shared_m=route.length_m, shared_most_m=0.0))
        elif route.seconds <= max_slower * found[0].route.seconds:
            shared = [shared_m(ways.network, a.route, route) for a in found]
            if max(shared) <= max_shared * route.length_m and not _turns_back(ways, route):
                found.append(Alternate(route=route, shared_m=shared[0], shared_most_m=max(shared)))
        _make_dearer(ways, weight, route)
    return (*found[:1], *sorted(found[1:], key=lambda a: a.route.seconds))


def _quickest(ways: Ways, origin: Snapped, weight: Longs) -> list[int] | None:
    nodes, costs, _ = ways.leaving(origin.take(slice(0, 1)))
    times, via = ways.spread(nodes, costs, weight)
    ends = ways.arrivals(0)
    if not len(ends) or not reached(times[ends]).any():
        return None
    return ways.path(via, int(ends[times[ends].argmin()]))


def _make_dearer(ways: Ways, weight: Longs, route: Route) -> None:
    """Make a way dearer, and its roads in the other direction, but never cheaper than nothing."""
    used = np.zeros(ways.network.segments, np.bool_)
    used[ways.network.segment[list(route.arcs)]] = True
    on = used[_segments(ways)[ways.ends]]
    weight[on] = np.rint(weight[on] * _DEARER).astype(np.int64)


def _turns_back(ways: Ways, route: Route) -> bool:
    """Whether a way runs over the same piece of road twice."""
    segments = ways.network.segment[list(route.arcs)]
    return len(np.unique(segments)) < len(segments)


def disjoint_pair(router: Router, origin: Snapped, destination: Snapped) -> Pair | None:
    """Return two ways that share as little road as can be, and of such the quickest together.

    Where every way must use some road, as out of a dead end, both use it and the metres are said.
    Least is exact without forbidden turns. With them a better pair may be missed where both ways
    run over one road in opposite directions; never is a turn taken that is forbidden.

    Returns:
        The pair, with turn restrictions and closures kept by both; None where there is no way.
    """
    shut = router.closed
    best = _found(router, origin, destination, shut)
    for arc in _opposed(router.network, best):
        # forbidden turns can hide that both are better off when one does not come this way
        without = shut.copy()
        without[arc] = True
        other = _found(router, origin, destination, without)
        best = other if other and best and _less(other, best) else best
    return best


def _less(one: Pair, other: Pair) -> bool:
    return one.backup is not None and one.shared_m < other.shared_m - _ROUNDING_M


def _opposed(network: Network, pair: Pair | None) -> list[int]:
    """Arcs of roads that the two ways use in opposite directions."""
    if pair is None or pair.backup is None:
        return []
    shared = set(pair.shared_segments)
    arcs = set(pair.primary.arcs) ^ set(pair.backup.arcs)
    return [a for a in sorted(arcs) if int(network.segment[a]) in shared][:_MOST_OPPOSED]


def _found(router: Router, origin: Snapped, destination: Snapped, shut: Bools) -> Pair | None:
    ways = ways_to(router, destination.take(slice(0, 1)), closed=shut)
    start = origin.take(slice(0, 1))
    nodes, costs, _ = ways.leaving(start)
    times, via = ways.spread(nodes, costs)
    ends = ways.arrivals(0)
    if not len(ends) or not reached(times[ends]).any():
        return None
    first = ways.path(via, int(ends[times[ends].argmin()]))
    flow = _First(way=first, nodes=nodes, costs=costs, times=times)
    both = _two_ways(ways, ways.route(start, first), flow) or [first]
    return _pair(ways, [ways.route(start, way) for way in both])


def _pair(ways: Ways, routes: list[Route]) -> Pair:
    routes.sort(key=lambda r: r.seconds)
    if len(routes) == 1 or routes[0].arcs == routes[1].arcs:
        only = routes[0]
        segments = tuple(dict.fromkeys(ways.network.segment[list(only.arcs)].tolist()))
        return Pair(
            primary=only,
            backup=None,
            shared_m=only.length_m,
            shared_segments=segments,
            link_disjoint=False,
        )
    common = _overlaps(ways.network, *routes)
    return Pair(
        primary=routes[0],
        backup=routes[1],
        shared_m=sum(common.values()),
        shared_segments=tuple(common),
        link_disjoint=not common,
    )


def shared_m(network: Network, one: Route, other: Route) -> float:
    """Return the metres of road that two ways have in common, in either direction."""
    return sum(_overlaps(network, one, other).values())


def _overlaps(network: Network, one: Route, other: Route) -> dict[int, float]:
    """Metres in common per segment. Ways that leave one place in two directions share none."""
    ours, theirs = _stretches(network, one), _stretches(network, other)
    lengths = _lengths(network, one)
    metres: dict[int, float] = {}
    for segment in ours.keys() & theirs.keys():
        common = _common(ours[segment], theirs[segment]) * lengths[segment]
        if common > _ROUNDING_M:
            metres[segment] = common
    return dict(sorted(metres.items()))


def _lengths(network: Network, route: Route) -> dict[int, float]:
    arcs = list(route.arcs)
    segments, metres = network.segment[arcs].tolist(), network.length_m[arcs].tolist()
    return dict(zip(segments, metres, strict=True))


def _stretches(network: Network, route: Route) -> dict[int, list[tuple[float, float]]]:
    """Per segment the parts of it that a way uses, 0 to 1 along its shape."""
    stretches: dict[int, list[tuple[float, float]]] = {}
    last = len(route.arcs) - 1
    for i, arc in enumerate(route.arcs):
        part = (route.begins if i == 0 else 0.0, route.ends if i == last else 1.0)
        if not network.forward[arc]:
            part = (1 - part[1], 1 - part[0])
        stretches.setdefault(int(network.segment[arc]), []).append(part)
    return stretches


def _common(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> float:
    cuts = sorted({x for part in (*ours, *theirs) for x in part})
    total = 0.0
    for low, high in pairwise(cuts):
        middle = (low + high) / 2
        if all(any(a < middle < b for a, b in parts) for parts in (ours, theirs)):
            total += high - low
    return total


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _First:
    """The search for the quickest way: where it began, what it found."""

    way: list[int]
    nodes: Ints
    costs: Longs
    times: Longs


def _two_ways(ways: Ways, quickest: Route, found: _First) -> list[list[int]] | None:
    """Find a second unit of flow beside the quickest way and return the two ways they make.

    Nodes of the first way are split in two: to pass one again costs its metres, to run against
    the way undoes it. Times are reduced by those of the first search, so none is negative.
    """
    first, times = found.way, found.times
    shared = np.rint(_driven_m(ways.network, quickest)[_segments(ways)] * _SHARED_DS_PER_M)
    shared_ds = shared.astype(np.int64)
    residual = _residual(ways, times, first, shared_ds)
    # where the quickest way stays on the segment, to leave along it is to share it
    along = (ways.arc[found.nodes] == quickest.arcs[0]) & (found.nodes != first[0])
    begun = found.costs - times[found.nodes] + np.where(along, shared_ds[found.nodes], 0)
    order = np.argsort(residual.begins, kind="stable")
    count = ways.nodes + len(first) + 1
    starts = np.concatenate(([0], np.cumsum(np.bincount(residual.begins, minlength=count))))
    second_times, via = spread_kernel(
        starts.astype(np.int64),
        residual.ends[order].astype(np.int32),
        residual.cost[order],
        found.nodes,
        begun,
        count - 1,
    )
    if second_times[count - 1] >= FAR:
        return None
    second = [count - 1]
    while via[second[-1]] >= 0:
        second.append(int(residual.begins[order[via[second[-1]]]]))
    return _untangled(first, second[::-1], ways.nodes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Residual:
    begins: Longs
    ends: Longs
    cost: Longs


def _residual(ways: Ways, times: Longs, first: list[int], shared_ds: Longs) -> _Residual:
    """Edges that the second unit may take: node i of the first way leaves as `nodes + i`."""
    on = np.array(first, np.int64)
    out = np.arange(ways.nodes)
    out[on] = ways.nodes + np.arange(len(on))
    target = ways.nodes + len(on)
    edge = np.flatnonzero(reached(times[ways.begins]) & reached(times[ways.ends]))
    begins, ends = ways.begins[edge].astype(np.int64), ways.ends[edge].astype(np.int64)
    cost = ways.weight_ds[edge] + times[begins] - times[ends]
    cost += np.where(_against(ways, on)[ends], shared_ds[ends], 0)
    arrivals = np.flatnonzero(reached(times[ways.graph.states :])) + ways.graph.states
    last = times[arrivals] - times[on[-1]]
    return _Residual(
        begins=np.concatenate((out[begins], on, out[on], on[1:], out[arrivals])),
        ends=np.concatenate((ends, out[on], on, out[on[:-1]], np.full(len(arrivals), target))),
        cost=np.concatenate((cost, shared_ds[on], np.zeros(2 * len(on) - 1, np.int64), last)),
    )


def _against(ways: Ways, on: Longs) -> Bools:
    """Nodes that are not on a way and yet on its roads: the other direction of them."""
    used = np.zeros(ways.network.segments, np.bool_)
    used[_segments(ways)[on]] = True
    against: Bools = used[_segments(ways)]
    against[on] = False
    against[ways.graph.states :] = False
    return against


def _segments(ways: Ways) -> Ints:
    """Per node, the piece of road it is on."""
    segments: Ints = ways.network.segment[ways.arc]
    return segments


def _driven_m(network: Network, route: Route) -> Floats:
    """Per segment, what of it a way uses."""
    metres = np.zeros(network.segments)
    lengths = _lengths(network, route)
    for segment, parts in _stretches(network, route).items():
        metres[segment] = max(high - low for low, high in parts) * lengths[segment]
    return metres


def _untangled(first: list[int], second: list[int], nodes: int) -> list[list[int]]:
    """Take out what one way undoes of the other, and read off the two that are left."""
    flow: Counter[tuple[int, int]] = Counter(pairwise((-1, *first, nodes)))
    own = [-1, *(n if n < nodes else first[n - nodes] for n in second[:-1]), nodes]
    for (here, there), (a, b) in zip(pairwise((-1, *second)), pairwise(own), strict=True):
        if a == b:
            continue
        if nodes <= there < nodes + len(first) and here < nodes:
            flow[b, a] -= 1  # into the far side of a node of the first way: run against it
        else:
            flow[a, b] += 1
    goes: dict[int, list[int]] = {}
    for (a, b), count in sorted(flow.items()):
        goes.setdefault(a, []).extend([b] * count)
    made = []
    for _ in range(2):
        way = [goes[-1].pop()]
        while way[-1] != nodes:
            way.append(goes[way[-1]].pop())
        made.append(way[:-1])
    return made
