"""The turn graph: one state per arc a profile may use ("at the end of it"), one edge per turn.

Routing on it honours forbidden turns, which a graph of junctions cannot. A turn costs what the
turn itself takes plus the time of the arc it leads into, in whole deciseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sispamkota.roads.network import PROFILES, Bools, Floats, Ints, Longs, Network, Profile

UNREACHED_DS = 2**30 - 1
"""Time of what cannot be reached or used inside routing: two of them still fit into int32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRules:
    """What turning costs beyond driving; an assumption wherever nobody timed it.

    Attributes:
        u_turn_s: turning round at a dead end, the only place where that is allowed.
    """

    u_turn_s: float = 0.0

    @classmethod
    def usual(cls, profile: Profile) -> TurnRules:
        """Return the rules used unless told otherwise: a vehicle turns round in ten seconds."""
        return cls(u_turn_s=0.0 if profile in ("foot", "boat") else 10.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnGraph:
    """States and turns of one profile, by state in the order of their arcs.

    Attributes:
        arc: per state, its arc.
        state: per arc, its state; -1 where the profile may not use it.
        tail: per state, the junction where its arc begins, as a row of `node_lon`.
        head: per state, the junction where it ends.
        segment: per state, the segment of its arc.
        node_lon: per junction, degrees.
        node_lat: degrees.
        opposite: per arc, the other direction of its segment that the profile may use; -1 = none.
        time_ds: per state, free time along the whole arc.
        first: per state, its first turn; one longer than the states.
        begins: per turn, the state it leaves; ascending.
        ends: per turn, the state it leads to.
        weight_ds: per turn, its own cost and the time of the arc it leads to.
        into: turns sorted by the state they lead to.
        first_into: per state, its first place in `into`; one longer than the states.
    """

    arc: Ints
    state: Ints
    tail: Ints
    head: Ints
    segment: Ints
    node_lon: Floats
    node_lat: Floats
    opposite: Ints
    time_ds: Ints
    first: Longs
    begins: Ints
    ends: Ints
    weight_ds: Ints
    into: Ints
    first_into: Longs

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.arc)

    @property
    def turns(self) -> int:
        """Number of turns."""
        return len(self.ends)

    def turns_into(self, states: Ints | Longs) -> Ints:
        """Return the turns that lead to some states."""
        return self.into[_runs(self.first_into, states)]


def turn_graph(network: Network, profile: Profile, rules: TurnRules | None = None) -> TurnGraph:
    """Build the turn graph of a profile.

    A turn leads from an arc to any arc that begins where it ends, unless it is forbidden or turns
    round into the same segment; turning round is allowed where nothing else is.
    """
    rules = rules or TurnRules.usual(profile)
    times = network.times_ds(profile)
    # an arc that takes three years is as good as none
    arc = np.flatnonzero(times < UNREACHED_DS).astype(np.int32)
    state = np.full(network.arcs, -1, np.int32)
    state[arc] = np.arange(len(arc))
    begins, ends = _meeting(network, arc)
    begins, ends, round_ = _allowed(network, profile, arc, begins, ends)
    turn_ds = np.where(round_, round(rules.u_turn_s * 10), 0)
    into = np.argsort(ends, kind="stable").astype(np.int32)
    return TurnGraph(
        arc=arc,
        state=state,
        tail=network.tail[arc],
        head=network.head[arc],
        segment=network.segment[arc],
        node_lon=network.node_lon,
        node_lat=network.node_lat,
        opposite=opposite_arcs(network, arc),
        time_ds=times[arc],
        first=_starts(begins, len(arc)),
        begins=begins.astype(np.int32),
        ends=ends.astype(np.int32),
        weight_ds=np.minimum(times[arc[ends]] + turn_ds, UNREACHED_DS).astype(np.int32),
        into=into,
        first_into=_starts(ends[into], len(arc)),
    )


def opposite_arcs(network: Network, arcs: Ints) -> Ints:
    """Return per arc of the network the other one of its segment among `arcs`; -1 = none."""
    either = np.full((network.segments, 2), -1, np.int32)
    either[network.segment[arcs], network.forward[arcs].astype(int)] = arcs
    opposite: Ints = either[network.segment, (~network.forward).astype(int)]
    return opposite


def _starts(sorted_keys: Longs | Ints, size: int) -> Longs:
    counts = np.bincount(sorted_keys, minlength=size)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _meeting(network: Network, arc: Ints) -> tuple[Longs, Longs]:
    """All pairs of states whose arcs meet, the first ascending, then the second."""
    leaving = np.argsort(network.tail[arc], kind="stable")
    first = _starts(network.tail[arc][leaving], network.nodes)
    meets = network.head[arc]
    begins = np.repeat(np.arange(len(arc)), first[meets + 1] - first[meets])
    return begins, leaving[_runs(first, meets)]


def _runs(first: Longs, keys: Ints | Longs) -> Longs:
    """The places of all that belongs to some keys, one key after the other."""
    counts = first[keys + 1] - first[keys]
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    places: Longs = np.repeat(first[keys], counts) + step
    return places


def _allowed(
    network: Network, profile: Profile, arc: Ints, begins: Longs, ends: Longs
) -> tuple[Longs, Longs, Bools]:
    """Keep what may be driven; also tell which of it turns round."""
    fits = begins != ends
    fits &= ~_forbidden(network, profile, arc[begins], arc[ends])
    begins, ends = begins[fits], ends[fits]
    segment = network.segment[arc]
    round_ = segment[begins] == segment[ends]
    goes_on = np.zeros(len(arc), np.bool_)
    goes_on[begins[~round_]] = True
    keep = ~(round_ & goes_on[begins])
    return begins[keep], ends[keep], round_[keep]


def _forbidden(network: Network, profile: Profile, first: Ints, second: Ints) -> Bools:
    holds = (network.banned_access & np.uint8(1 << PROFILES.index(profile))) != 0
    banned = network.banned[holds].reshape(-1, 2).astype(np.int64)
    pairs = first.astype(np.int64) * network.arcs + second
    return np.isin(pairs, banned[:, 0] * network.arcs + banned[:, 1])
