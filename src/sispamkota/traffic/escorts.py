"""Escorts (kawal) with a way to fall back on, and patrols around closures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sispamkota.roads.alternates import alternates, disjoint_pair
from sispamkota.roads.network import Bools
from sispamkota.roads.router import Route, Router
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.event_places import Placed
from sispamkota.traffic.ways import Way, Ways, metres_shared

MOST_STOPS = 10  # of a patrol


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fallback:
    """A way to fall back on.

    Attributes:
        way: of the convoy.
        shared_m: road it has in common with the primary.
        link_disjoint: none, but for the pieces of road on which both begin and end.
    """

    way: Way
    shared_m: float
    link_disjoint: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Escort:
    """A convoy's ways.

    Attributes:
        event: id.
        primary: the way stated or, where that is closed, the quickest.
        stated: whether it is the way stated.
        alternates: ways to fall back on, the most apart first.
    """

    event: str
    primary: Way
    stated: bool
    alternates: tuple[Fallback, ...]


def plan_escort(ways: Ways, placed: Placed, shut: Bools, wanted: int) -> Escort | None:
    """Return the ways of a convoy under closures; None where there is none at all.

    A route stated by more than two points is kept while it is open. Otherwise two ways that share
    as little road as can be are found together, and the quicker is the primary.
    """
    route = placed.route
    if route is None:
        return None
    router = Router.exact(ways.network, ways.profile)
    router.set_closed(shut)
    stops = ways.snap([placed.event.route[0], placed.event.route[-1]])
    start, stop = stops.take(slice(0, 1)), stops.take(slice(1, 2))
    open_ = not shut[list(route.arcs)].any()
    stated = open_ and len(placed.event.route) > 2  # noqa: PLR2004
    found: list[Way] = []
    if stated:
        primary = route
    else:
        pair = disjoint_pair(router, start, stop)
        if pair is None:
            return None
        primary = _way(ways, pair.primary)
        if pair.backup is not None:
            found.append(_way(ways, pair.backup))
    avoiding = _avoiding(ways, primary, start, stop, shut)
    found += [avoiding] if avoiding else []
    found += [_way(ways, a.route) for a in alternates(router, start, stop, 2 + wanted)]
    return Escort(
        event=placed.event.id,
        primary=primary,
        stated=stated,
        alternates=_apart(ways, primary, found)[:wanted],
    )


def _way(ways: Ways, route: Route) -> Way:
    return ways.along(route.arcs, route.begins, route.ends)


def _avoiding(ways: Ways, primary: Way, start: Snapped, stop: Snapped, shut: Bools) -> Way | None:
    """The quickest way that shares no road with another but where both begin and end."""
    network = ways.network
    used = set(network.segment[list(primary.arcs)].tolist())
    used -= {int(network.segment[a]) for a in (primary.arcs[0], primary.arcs[-1])}
    closed = shut | np.isin(network.segment, list(used))
    return ways.way(ways.from_place(start, closed), ways.to_place(stop, closed), closed)


def _apart(ways: Ways, primary: Way, found: Sequence[Way]) -> tuple[Fallback, ...]:
    """Ways that differ from the primary and from each other, the most apart first."""
    network = ways.network
    seen = {primary.arcs}
    kept = []
    ends = {int(network.segment[a]) for a in (primary.arcs[0], primary.arcs[-1])}
    own = set(network.segment[list(primary.arcs)].tolist())
    for way in found:
        if way.arcs in seen:
            continue
        seen.add(way.arcs)
        common = own & set(network.segment[list(way.arcs)].tolist())
        kept.append(
            Fallback(
                way=way,
                shared_m=metres_shared(network, primary.arcs, way.arcs),
                link_disjoint=common <= ends,
            )
        )
    return tuple(sorted(kept, key=lambda f: (not f.link_disjoint, f.shared_m, f.way.seconds)))


def plan_patrol(
    ways: Ways, nodes: Sequence[int], shut: Bools
) -> tuple[Way, tuple[int, ...]] | None:
    """Return a round past junctions, from each to the nearest one not seen yet, and back.

    Returns:
        the round and the junctions in order; None where there are fewer than two to go to.
    """
    stops = list(dict.fromkeys(nodes))[:MOST_STOPS]
    if len(stops) < 2:  # noqa: PLR2004
        return None
    first, left = stops[0], stops[1:]
    arcs: list[int] = []
    visited = [first]
    while left:
        starts = ways.stopped(arcs[-1], 1.0) if arcs else ways.from_node(first, shut)
        if not starts.states:
            return None
        tree = ways.tree(starts, shut)
        costs = [(tree.cost(ways.to_node(n, shut)), n) for n in left]
        cost, node = min(costs)
        if not np.isfinite(cost):
            break
        arcs = _gone_on(arcs, tree.to(ways.to_node(node, shut)))
        visited.append(node)
        left.remove(node)
    if not arcs:
        return None
    home = ways.way(ways.stopped(arcs[-1], 1.0), ways.to_node(first, shut), shut)
    arcs = _gone_on(arcs, home)
    return ways.along(arcs), tuple(visited)


def _gone_on(arcs: list[int], leg: Way | None) -> list[int]:
    if leg is None:
        return arcs
    return [*arcs, *leg.arcs[1:]] if arcs and leg.arcs[0] == arcs[-1] else [*arcs, *leg.arcs]
