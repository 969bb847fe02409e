"""Critical links: pieces of road whose loss cuts TPS off from every post, or slows them much.

Each piece of road is taken away by itself and the quickest way from the nearest post is found
anew. That is exact, one-way streets, forbidden turns and standing closures included, and yet
quick: what a loss changes lies below the piece in the tree of quickest ways, and only that is
searched again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sispamkota.kernel.text import Text, number
from sispamkota.roads.bridges import bridges
from sispamkota.roads.closures import segment_lengths
from sispamkota.roads.network import Bools, Floats, Ints, Longs, Network
from sispamkota.roads.reach_rules import ReachRules, reach_rules
from sispamkota.roads.router import Router
from sispamkota.roads.search import Ways, ways_to
from sispamkota.roads.search_kernels import FAR, losses_kernel, tree_kernel
from sispamkota.roads.shapes import part_of
from sispamkota.roads.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalLink:
    """A piece of road that matters, and why.

    Attributes:
        segment: its number.
        way: number of the way in the source.
        name: of the road; "" where unknown.
        highway: class of road.
        length_m: of the piece.
        lon: of its middle.
        lat: of its middle.
        bridge: its loss cuts the network itself in two, for traffic in any direction.
        isolated: rows of TPS that no post reaches without it, ascending.
        isolated_on_it: those of `isolated` that lie on the piece itself, where it breaks between
            them and every post.
        slower: rows of TPS whose nearest post takes longer by the factor of the rules or more.
        isolated_voters: voters of `isolated`.
        slower_voters: voters of `slower`.
        most_added_s: what the slowest of `slower` loses; 0 where there is none.
        reason: in words.
    """

    segment: int
    way: int
    name: str
    highway: str
    length_m: float
    lon: float
    lat: float
    bridge: bool
    isolated: tuple[int, ...]
    isolated_on_it: tuple[int, ...]
    slower: tuple[int, ...]
    isolated_voters: int
    slower_voters: int
    most_added_s: float
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Critical:
    """All critical links, the one whose loss hurts most first.

    Attributes:
        links: ranked by TPS cut off, their voters, TPS slowed, their voters.
        seconds: per TPS, from the nearest post with nothing lost; infinite where none comes.
        unreachable: rows of TPS that no post reaches even so; no link can make that worse.
        examined: pieces of road taken away: all those of the profile that are open.
        used: how many of these lie on a quickest way; the loss of another changes nothing.
        version: of the closures.
        rules: what counts as slower.
    """

    links: tuple[CriticalLink, ...]
    seconds: Floats
    unreachable: tuple[int, ...]
    examined: int
    used: int
    version: int
    rules: ReachRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Losses:
    """What the loss of single pieces of road does, one row per piece and TPS that it touches.

    Attributes:
        segment: the piece lost.
        tps: the TPS.
        seconds: from the nearest post without the piece; infinite = cut off.
        on_it: the TPS lies on the piece itself.
    """

    segment: Ints
    tps: Ints
    seconds: Floats
    on_it: Bools


def critical_links(
    router: Router,
    tps: Snapped,
    posts: Snapped,
    voters: Sequence[float] | Floats,
    *,
    rules: ReachRules | None = None,
) -> Critical:
    """Find the links whose loss isolates TPS or slows the nearest post.

    A loss is a break at one place of a piece of road. A TPS on the piece itself is reached from
    the better side, or not, as the break lies; the worse is taken. On a one-way street it is left
    out: police reach it from the far end. A post on the piece leaves by either end.

    Args:
        router: whose roads, with its closures of this moment.
        tps: where the TPS lie.
        posts: where help comes from.
        voters: per TPS.
        rules: what counts as slower; those of the data file unless given.
    """
    rules = rules or reach_rules()
    ways = ways_to(router, tps)
    before, losses, used = _lose_each(ways, tps, posts)
    metres = segment_lengths(router.network)
    many = np.asarray(voters, np.float64)
    links = [_link(ways, losses, rows, before, many, rules) for rows in _by_segment(losses)]
    cut = bridges(router.network, router.profile, ways.closed)
    usable = router.network.usable(router.profile) & ~ways.closed
    ranked = sorted(
        (
            _worded(link, float(metres[link.segment]), bridge=bool(cut[link.segment]))
            for link in links
            if link is not None
        ),
        key=lambda c: (
            -len(c.isolated),
            -c.isolated_voters,
            -len(c.slower),
            -c.slower_voters,
            c.segment,
        ),
    )
    return Critical(
        links=tuple(ranked),
        seconds=before,
        unreachable=tuple(np.flatnonzero(~np.isfinite(before)).tolist()),
        examined=len(np.unique(router.network.segment[usable])),
        used=used,
        version=ways.version,
        rules=rules,
    )


def losses(router: Router, tps: Snapped, posts: Snapped) -> tuple[Floats, Losses]:
    """Return seconds from the nearest post as things are, and what each single loss changes."""
    before, changed, _ = _lose_each(ways_to(router, tps), tps, posts)
    return before, changed


def _lose_each(ways: Ways, tps: Snapped, posts: Snapped) -> tuple[Floats, Losses, int]:
    nodes, costs, _ = ways.leaving(posts)
    times, via = ways.spread(nodes, costs)
    begun = np.full(ways.nodes, FAR, np.int64)
    np.minimum.at(begun, nodes, costs)
    parent = np.full(ways.nodes, -1, np.int32)
    parent[via >= 0] = ways.begins[via[via >= 0]]
    order, place, last = tree_kernel(parent)
    segment = ways.network.segment[ways.arc].astype(np.int32)
    into = np.argsort(ways.ends, kind="stable")
    by_segment = np.argsort(segment, kind="stable").astype(np.int32)
    lost, node, time = losses_kernel(
        ways.first, ways.ends, ways.weight_ds, ways.begins,
        _starts(ways.ends, ways.nodes), into, begun, times, via, place, last, order,
        ways.graph.states, segment, _starts(segment, ways.network.segments), by_segment,
    )  # fmt: skip
    entered = np.unique(segment[: ways.graph.states][via[: ways.graph.states] >= 0])
    told = _per_tps(ways, times, lost, node, time, len(tps))
    return _soonest(ways, times, len(tps)), told, len(entered)


def _starts(keys: Ints, size: int) -> Longs:
    starts: Longs = np.concatenate(([0], np.cumsum(np.bincount(keys, minlength=size))))
    return starts.astype(np.int64)


def _sides(ways: Ways, times: Longs, count: int) -> Longs:
    """Per TPS, the time arriving from either direction; `FAR` where there is none."""
    sides = np.full((count, 2), FAR, np.int64)
    sides[ways.row, ways.side] = times[ways.graph.states :]
    return sides


def _soonest(ways: Ways, times: Longs, count: int) -> Floats:
    return _seconds(_sides(ways, times, count).min(axis=1))


def _seconds(times: Longs) -> Floats:
    seconds: Floats = np.where(times >= FAR, np.inf, times / 10)
    return seconds


def _per_tps(ways: Ways, times: Longs, lost: Ints, node: Ints, time: Longs, count: int) -> Losses:
    """Join the two directions of arrival: the sooner counts, on the lost piece the later."""
    sides = _sides(ways, times, count)
    arrival = node - ways.graph.states
    own = np.full(count, -1, np.int64)
    own[ways.row] = ways.network.segment[ways.arc[ways.graph.states :]]
    both = np.bincount(ways.row, minlength=count) == 2  # noqa: PLR2004
    lying = np.flatnonzero(both)  # on the piece lost, and it may be driven both ways
    keys = lost.astype(np.int64) * count + ways.row[arrival]
    every = np.unique(np.concatenate((keys, own[lying] * count + lying)))
    segment, tps = np.divmod(every, max(1, count))
    after = sides[tps]
    after[np.searchsorted(every, keys), ways.side[arrival]] = time
    on_it = own[tps] == segment
    found = np.where(on_it, after.max(axis=1), after.min(axis=1))
    before = sides[tps].min(axis=1)
    keep = (found > before) & (~on_it | both[tps])
    return Losses(
        segment=segment[keep].astype(np.int32),
        tps=tps[keep].astype(np.int32),
        seconds=_seconds(found[keep]),
        on_it=on_it[keep],
    )


def _by_segment(losses: Losses) -> list[Longs]:
    if not len(losses.segment):
        return []
    starts = np.flatnonzero(np.diff(losses.segment, prepend=-1))
    return np.split(np.arange(len(losses.segment)), starts[1:])


def _link(
    ways: Ways, losses: Losses, rows: Longs, before: Floats, voters: Floats, rules: ReachRules
) -> CriticalLink | None:
    """Return the link that is lost in some rows; None where its loss does little."""
    tps, after = losses.tps[rows], losses.seconds[rows]
    isolated = ~np.isfinite(after)
    added = after - before[tps]
    slower = ~isolated & (after >= rules.slower_factor * before[tps])
    slower &= added >= rules.slower_least_s
    if not (isolated | slower).any():
        return None
    network, segment = ways.network, int(losses.segment[rows[0]])
    lon, lat = middle_of(network, segment)
    return CriticalLink(
        segment=segment,
        way=int(network.way[segment]),
        name=network.names[network.name[segment]],
        highway=network.highways[network.highway[segment]],
        length_m=0.0,
        lon=lon,
        lat=lat,
        bridge=False,
        isolated=tuple(tps[isolated].tolist()),
        isolated_on_it=tuple(tps[isolated & losses.on_it[rows]].tolist()),
        slower=tuple(tps[slower].tolist()),
        isolated_voters=round(float(voters[tps[isolated]].sum())),
        slower_voters=round(float(voters[tps[slower]].sum())),
        most_added_s=round(float(added[slower].max(initial=0.0)), 1),
        reason=Text("", ""),
    )


def middle_of(network: Network, segment: int) -> tuple[float, float]:
    """Return lon, lat halfway along a segment."""
    shape = network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]
    lon, lat = part_of(shape, 0.0, 0.5)[-1].tolist()
    return round(lon, 6), round(lat, 6)


def _worded(link: CriticalLink, length_m: float, *, bridge: bool) -> CriticalLink:
    """Say in words what the loss of a link does."""
    said_id, said_en = [], []
    if link.isolated:
        count, voters = len(link.isolated), link.isolated_voters
        said_id.append(
            f"{number(count, 'id')} TPS ({number(voters, 'id')} pemilih) tidak terjangkau dari"
            " pos mana pun"
        )
        said_en.append(
            f"{number(count, 'en')} TPS ({number(voters, 'en')} voters) out of reach of every post"
        )
    if link.isolated_on_it:
        count = len(link.isolated_on_it)
        said_id.append(f"{count} di antaranya di ruas ini sendiri")
        said_en.append(f"{count} of them on this link itself")
    if link.slower:
        count, voters, added = len(link.slower), link.slower_voters, link.most_added_s / 60
        said_id.append(
            f"{number(count, 'id')} TPS ({number(voters, 'id')} pemilih) jauh lebih lama,"
            f" sampai {number(added, 'id', 1)} menit"
        )
        said_en.append(
            f"{number(count, 'en')} TPS ({number(voters, 'en')} voters) much slower,"
            f" by up to {number(added, 'en', 1)} minutes"
        )
    if bridge:
        said_id.append("tidak ada jalan lain di antara kedua ujungnya")
        said_en.append("no other road joins its two ends")
    reason = Text(f"bila putus: {'; '.join(said_id)}", f"if lost: {'; '.join(said_en)}")
    return replace(link, length_m=round(length_m, 1), bridge=bridge, reason=reason)
