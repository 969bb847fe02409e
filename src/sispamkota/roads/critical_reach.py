"""How each TPS is reached from the nearest post: by car, only by motorcycle, by boat, on foot.

Nobody drives a boat to the water: help comes by road to a landing, or to where the road ends, and
goes on from there. So the times of boats and walkers begin where those of vehicles end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from sispamkota.kernel.text import Text, number
from sispamkota.roads.load_ways import EARTH_M
from sispamkota.roads.network import Bools, Floats, Ints, Longs, Network, Profile
from sispamkota.roads.reach_rules import Need, ReachRules, reach_rules
from sispamkota.roads.router import Router
from sispamkota.roads.search import Ways, ways_to
from sispamkota.roads.search_kernels import FAR
from sispamkota.roads.snap import Snapped, snap

INDICATOR = "hard_to_reach"
_ON_ROADS: tuple[Profile, ...] = ("car", "motorcycle")
_AFTER_ROADS: tuple[Profile, ...] = ("boat", "foot")
_WORDS: dict[Need, Text] = {
    "car": Text("mobil", "by car"),
    "motorcycle": Text("hanya sepeda motor", "only by motorcycle"),
    "boat": Text("hanya dengan perahu", "only by boat"),
    "foot": Text("hanya berjalan kaki", "only on foot"),
    "none": Text("tidak ada jalan yang dipetakan", "by no mapped road"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """How TPS are reached, one row per TPS.

    Attributes:
        need: the least that gets there.
        seconds: from the nearest post in that way; infinite where nothing does.
        by: per profile, seconds in that way, whatever is needed; infinite where it does not get
            there or the TPS lies beyond `access_m` of its roads.
        distance_m: to the nearest road of what is needed, of any profile where nothing is.
        estimated: the network is a stand-in.
        versions: per profile, of the closures.
        rules: thresholds used.
    """

    need: tuple[Need, ...]
    seconds: Floats
    by: Mapping[Profile, Floats]
    distance_m: Floats
    estimated: bool
    versions: Mapping[Profile, int]
    rules: ReachRules

    def count(self, need: Need) -> int:
        """Return how many TPS need this."""
        return self.need.count(need)


def reach_classes(
    routers: Mapping[Profile, Router],
    tps: Floats,
    posts: Floats,
    *,
    rules: ReachRules | None = None,
) -> Reach:
    """Return how each TPS is reached from the nearest post.

    Args:
        routers: of one network, each with its closures of this moment; `car` or `motorcycle` at
            least. Those of `boat` and `foot` go on where the vehicles stop.
        tps: (n, 2) lon, lat.
        posts: (m, 2) lon, lat of posts or units.
        rules: thresholds; those of the data file unless given.
    """
    rules = rules or reach_rules()
    trip = _Trip(routers=routers, tps=np.asarray(tps, np.float64).reshape(-1, 2), rules=rules)
    for profile in _ON_ROADS:
        trip.drive(profile, np.asarray(posts, np.float64).reshape(-1, 2))
    trip.walk()
    trip.take_boats()
    need = _needs(trip.by, len(trip.tps))
    return Reach(
        need=need,
        seconds=_of(trip.by, need, np.inf),
        by=trip.by,
        distance_m=_distances(trip.snapped, need, len(trip.tps)),
        estimated=next(iter(routers.values())).network.estimated,
        versions={p: r.version for p, r in routers.items()},
        rules=rules,
    )


@dataclass(slots=True, kw_only=True, eq=False)
class _Trip:
    """Stages of getting there, each from where those before it got to.

    `land` and `afoot` are the seconds at which junctions are reached by vehicle, or walking on.
    """

    routers: Mapping[Profile, Router]
    tps: Floats
    rules: ReachRules
    by: dict[Profile, Floats] = field(default_factory=dict)
    snapped: dict[Profile, Snapped] = field(default_factory=dict)
    land: Floats | None = None
    afoot: Floats | None = None

    def _ways(self, profile: Profile) -> Ways:
        """The ways of a profile into the TPS; walkers take no ferry, boats do."""
        router = self.routers[profile]
        network = router.network
        if profile not in self.snapped:
            limit = self.rules.access_m
            self.snapped[profile] = snap(network, self.tps, profile, limit_m=limit)
        closed = None
        if profile == "foot" and "ferry" in network.highways:
            ferry = network.highway[network.segment] == network.highways.index("ferry")
            closed = router.closed | ferry
        return ways_to(router, self.snapped[profile], closed=closed)

    def _note(self, profile: Profile, ways: Ways, times: Longs, on: Profile | None = None) -> None:
        """Keep the time of each TPS that is near enough to a road of the last stage."""
        near = ~self.snapped[profile].far
        seconds = np.where(near, _per_place(ways, times, len(self.tps)), np.inf)
        key = on or profile
        self.by[key] = np.minimum(self.by.get(key, np.inf), seconds)

    def drive(self, profile: Profile, posts: Floats) -> None:
        """From the posts by vehicle."""
        if profile not in self.routers:
            return
        ways = self._ways(profile)
        nodes, costs, _ = ways.leaving(snap(self.routers[profile].network, posts, profile))
        times, _ = ways.spread(nodes, costs)
        self._note(profile, ways, times)
        self.land = _sooner(self.land, _per_node(ways, times))

    def walk(self) -> None:
        """On foot from wherever vehicles get to."""
        self.afoot = self.land
        if "foot" not in self.routers or self.land is None:
            return
        ways = self._ways("foot")
        times, _ = ways.spread(*_from_nodes(ways, self.land))
        self._note("foot", ways, times)
        self.afoot = _sooner(self.land, _per_node(ways, times))

    def take_boats(self) -> None:
        """By boat from every landing, and on foot from where the boat puts ashore."""
        if "boat" not in self.routers or self.afoot is None:
            return
        ways = self._ways("boat")
        network = ways.network
        landed = _across(network, self.afoot, network.usable("boat"), self.rules)
        times, _ = ways.spread(*_from_nodes(ways, landed))
        self._note("boat", ways, times)
        if "foot" not in self.routers:
            return
        ashore = _across(network, _per_node(ways, times), network.usable("foot"), self.rules)
        dry = self._ways("foot")
        times, _ = dry.spread(*_from_nodes(dry, ashore))
        self._note("foot", dry, times, on="boat")


def _from_nodes(ways: Ways, reached: Floats) -> tuple[Ints, Longs]:
    """Begin at every junction, at the second it is reached."""
    network, graph = ways.network, ways.graph
    open_ = ~ways.closed[graph.arc]
    begins = reached[network.tail[graph.arc]]
    state = np.flatnonzero(open_ & np.isfinite(begins))
    costs = np.rint(begins[state] * 10).astype(np.int64) + graph.time_ds[state]
    nodes, times = state.astype(np.int32), costs
    # a place on the piece that one sets out on is reached before its end
    arrival = np.arange(len(ways.row))
    arcs = ways.arc[graph.states + arrival]
    rest = ways.places.part[ways.row, ways.side] * ways.places.time_ds[ways.row, ways.side]
    along = reached[network.tail[arcs]] * 10 + rest
    near = np.flatnonzero(np.isfinite(along))
    return (
        np.concatenate((nodes, graph.states + near)).astype(np.int32),
        np.concatenate((times, np.rint(along[near]).astype(np.int64))),
    )


def _across(network: Network, reached: Floats, onto: Bools, rules: ReachRules) -> Floats:
    """Time at the junctions of other arcs: the same ones, or near enough and then on foot."""
    there = np.unique(np.concatenate((network.tail[onto], network.head[onto])))
    here = np.flatnonzero(np.isfinite(reached))
    across = np.full(network.nodes, np.inf)
    if not len(there) or not len(here):
        return across
    places = np.stack((network.node_lon, network.node_lat), axis=1)
    north = float(np.radians(1.0)) * EARTH_M
    flat = places * (north * np.cos(np.radians(places[there, 1].mean())), north)
    near = KDTree(flat[here]).query_ball_point(flat[there], rules.landing_m)
    pace = rules.walk_kmh / 3.6
    for node, found in zip(there.tolist(), near, strict=True):
        if found:
            metres = np.hypot(*(flat[here[found]] - flat[node]).T)
            across[node] = (reached[here[found]] + metres / pace).min()
    return across


def _per_place(ways: Ways, times: Longs, count: int) -> Floats:
    best = np.full(count, FAR, np.int64)
    np.minimum.at(best, ways.row, times[ways.graph.states :])
    seconds: Floats = np.where(best >= FAR, np.inf, best / 10)
    return seconds


def _per_node(ways: Ways, times: Longs) -> Floats:
    """Seconds at which junctions are reached."""
    best = np.full(ways.network.nodes, np.inf)
    states = times[: ways.graph.states]
    seconds = np.where(states >= FAR, np.inf, states / 10)
    np.minimum.at(best, ways.network.head[ways.graph.arc], seconds)
    return best


def _sooner(one: Floats | None, other: Floats) -> Floats:
    return other if one is None else np.minimum(one, other)


def _needs(by: Mapping[Profile, Floats], count: int) -> tuple[Need, ...]:
    never = np.full(count, np.inf)
    car, motorcycle, boat, foot = (by.get(p, never) for p in (*_ON_ROADS, *_AFTER_ROADS))
    needs: list[Need] = []
    for i in range(count):
        if np.isfinite(car[i]):
            needs.append("car")
        elif np.isfinite(motorcycle[i]):
            needs.append("motorcycle")
        elif np.isfinite(min(boat[i], foot[i])):
            needs.append("boat" if boat[i] <= foot[i] else "foot")
        else:
            needs.append("none")
    return tuple(needs)


def _of(by: Mapping[Profile, Floats], need: Sequence[Need], otherwise: float) -> Floats:
    values = [by[n][i] if n != "none" else otherwise for i, n in enumerate(need)]
    return np.array(values, np.float64)


def _distances(snapped: Mapping[Profile, Snapped], need: Sequence[Need], count: int) -> Floats:
    nearest = np.full(count, np.inf)
    for at in snapped.values():
        nearest = np.minimum(nearest, at.distance_m)
    own = {p: at.distance_m for p, at in snapped.items()}
    return np.array([own[n][i] if n != "none" else nearest[i] for i, n in enumerate(need)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardness:
    """Answers to "TPS hard to reach", ready to be appended as answers.

    Attributes:
        rows: one dictionary per answer, with the columns of the table of answers.
        unknown: TPS that travel times cannot answer for, and why.
    """

    rows: tuple[dict[str, Any], ...]
    unknown: tuple[tuple[str, Text], ...]


def hard_to_reach(reach: Reach, codes: Sequence[str], *, source: str, as_of: dt.date) -> Hardness:
    """Return what travel times say about the indicator, one answer per TPS or the reason for none.

    A TPS that no mapped road leads to is unknown, not hard to reach: the map may lack the road.

    Args:
        reach: one row per TPS.
        codes: of the TPS, in the same order.
        source: of the roads, told with every answer.
        as_of: the day the roads hold for.
    """
    rows, unknown = [], []
    for i, code in enumerate(codes):
        why = _why_unknown(reach, i)
        rule = next((r for r in reach.rules.hard if r.fits(reach.need[i], reach.seconds[i])), None)
        if why is not None or rule is None:
            unknown.append((code, why or Text("tidak ada ketentuan", "no rule fits")))
            continue
        fact = _fact(reach, i)
        rows.append(
            {
                "subject": code,
                "indicator": INDICATOR,
                "value": rule.low,
                "value_high": rule.high,
                "fact": fact.id,
                "fact_en": fact.en,
                "source": f"{source}; batas waktu: {reach.rules.source}",
                "as_of": as_of,
                "sample": False,
            }
        )
    return Hardness(rows=tuple(rows), unknown=tuple(unknown))


def _why_unknown(reach: Reach, i: int) -> Text | None:
    if reach.estimated:
        return Text(
            "jaringan jalan hanya perkiraan; impor data jalan",
            "the road network is a stand-in; import roads",
        )
    if reach.need[i] != "none":
        return None
    metres = reach.distance_m[i]
    if metres > reach.rules.access_m:
        said = (number(metres, "id"), number(metres, "en")) if np.isfinite(metres) else ("∞", "∞")
        return Text(
            f"jalan terdekat yang tersambung {said[0]} m; peta mungkin kurang jalan atau sambungan",
            f"nearest joined road {said[1]} m away; the map may lack a road or a joint",
        )
    return Text(
        "tidak ada jalan yang dipetakan dari pos mana pun; periksa peta atau penutupan",
        "no mapped road from any post; check the map or the closures",
    )


def _fact(reach: Reach, i: int) -> Text:
    minutes, words = reach.seconds[i] / 60, _WORDS[reach.need[i]]
    return Text(
        f"{words.id}, {number(minutes, 'id')} menit dari pos terdekat",
        f"{words.en}, {number(minutes, 'en')} minutes from the nearest post",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """What a flood or a closure does to the reach of TPS, by rows of TPS.

    Attributes:
        isolated: reached before, not any more; ascending.
        restored: not reached before, and now.
        slower: reached in both, later by the factor of the rules or more; the worst first.
        needs_more: reached in both, but by something else (a boat where a car did).
        added_s: per TPS, seconds more (negative = fewer); infinite for `isolated`, minus infinite
            for `restored`, 0 where it is not reached in either.
    """

    isolated: tuple[int, ...]
    restored: tuple[int, ...]
    slower: tuple[int, ...]
    needs_more: tuple[int, ...]
    added_s: Floats


def compare_reach(before: Reach, after: Reach) -> Change:
    """Tell whom a what-if cuts off, whom it slows and by how much, who needs another vehicle."""
    was, now = np.isfinite(before.seconds), np.isfinite(after.seconds)
    change = compare_seconds(before.seconds, after.seconds, before.rules)
    other = np.array([a != b for a, b in zip(before.need, after.need, strict=True)], np.bool_)
    return replace(change, needs_more=_rows(was & now & other))


def compare_seconds(before: Floats, after: Floats, rules: ReachRules | None = None) -> Change:
    """Compare seconds from the nearest post, one per TPS; infinite = not reached."""
    rules = rules or reach_rules()
    was, now = np.isfinite(before), np.isfinite(after)
    both = was & now
    added = np.zeros(len(before))
    added[both] = after[both] - before[both]
    added[was & ~now], added[~was & now] = np.inf, -np.inf
    slower = both & (added >= rules.slower_least_s)
    slower[both] &= after[both] >= rules.slower_factor * before[both]
    worst = sorted(np.flatnonzero(slower).tolist(), key=lambda i: (-added[i], i))
    return Change(
        isolated=_rows(was & ~now),
        restored=_rows(~was & now),
        slower=tuple(worst),
        needs_more=(),
        added_s=added,
    )


def _rows(mask: Bools) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())
