"""Where trips begin and end on the turn graph: places lie along arcs, states at their ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sispamkota.roads.graph import UNREACHED_DS, TurnGraph
from sispamkota.roads.network import Bools, Floats, Ints, Longs
from sispamkota.roads.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seeds:
    """Per place the states a trip may begin with or end in; -1 where there is none.

    Attributes:
        state: (places, width).
        cost_ds: (places, width) what is added to a trip that begins or ends so. Where it ends it
            is negative: the state is the end of the arc, and the place lies before that.
    """

    state: Ints
    cost_ds: Ints

    def __len__(self) -> int:
        return len(self.state)

    def take(self, rows: Longs) -> Seeds:
        """Return the rows asked for."""
        return Seeds(state=self.state[rows], cost_ds=self.cost_ds[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Places by the one or two open arcs they lie on.

    Attributes:
        state: (places, 2) of the arc given and of its opposite; -1 where closed or none.
        part: (places, 2) how far along that arc, 0 at its beginning.
        time_ds: (places, 2) time along the whole arc.
    """

    state: Ints
    part: Floats
    time_ds: Ints

    def __len__(self) -> int:
        return len(self.state)

    def leaving(self) -> Seeds:
        """Return where trips from here begin: at the end of either arc, the rest driven."""
        return Seeds(state=self.state, cost_ds=rounded((1 - self.part) * self.time_ds))

    def arriving(self) -> Seeds:
        """Return where trips to here end: at the end of either arc, less what lies beyond."""
        return Seeds(state=self.state, cost_ds=-rounded((1 - self.part) * self.time_ds))


def rounded(deciseconds: Floats) -> Ints:
    """Return whole deciseconds."""
    return np.rint(deciseconds).astype(np.int32)


def places(graph: TurnGraph, at: Snapped, closed: Bools) -> Places:
    """Put places on the states of a graph; closed arcs and arcs of other profiles are left out."""
    arc, fraction = at.arc.astype(np.int64), np.asarray(at.fraction, np.float64)
    somewhere = arc >= 0
    given = np.where(somewhere, arc, 0)
    if not graph.states:
        none = np.full((len(at), 2), -1, np.int32)
        return Places(state=none, part=np.zeros(none.shape), time_ds=np.zeros_like(none))
    both = np.stack((given, graph.opposite[given].astype(np.int64)), axis=1)
    open_ = (both >= 0) & somewhere[:, None]
    open_ &= ~closed[np.maximum(both, 0)]
    state = np.where(open_, graph.state[np.maximum(both, 0)], -1).astype(np.int32)
    part = np.stack((fraction, 1 - fraction), axis=1)
    time = np.where(state >= 0, graph.time_ds[np.maximum(state, 0)], 0).astype(np.int32)
    return Places(state=state, part=part, time_ds=time)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Along:
    """Pairs of places on one segment, which need more care than others.

    A trip may stay on the segment (`direct_ds`). Or it goes round and comes back into an arc it
    began on: that cannot be read off the distance between states, which is nought there.

    Attributes:
        origin: row of the origin.
        destination: row of the destination.
        direct_ds: time without leaving the segment; `UNREACHED_DS` where the place lies behind.
        direct_side: on which of the destination's arcs that is.
        entered: (pairs, 2) which of the destination's arcs must be entered anew to count.
    """

    origin: Longs
    destination: Longs
    direct_ds: Ints
    direct_side: Longs
    entered: Bools


_NONE = np.empty(0, np.int64)
_NOWHERE = Along(
    origin=_NONE,
    destination=_NONE,
    direct_ds=_NONE.astype(np.int32),
    direct_side=_NONE,
    entered=np.empty((0, 2), np.bool_),
)


def along(origins: Places, destinations: Places) -> Along:
    """Find the pairs of places that share an arc."""
    o, d = _sharing(origins.state, destinations.state)
    if not len(o):
        return _NOWHERE
    # how far from origin to destination along either of the destination's arcs
    same = destinations.state[d][:, :, None] == origins.state[o][:, None, :]
    same &= destinations.state[d][:, :, None] >= 0
    shared = same.any(axis=2)
    begun = np.where(same, origins.part[o][:, None, :], 0).sum(axis=2)
    gone = destinations.part[d] - begun
    time = destinations.time_ds[d]
    direct = np.where(shared & (gone >= 0), rounded(gone * time), UNREACHED_DS)
    side = direct.argmin(axis=1)
    best = direct[np.arange(len(d)), side].astype(np.int32)
    # going round takes at least the way in again
    least = rounded(destinations.part[d] * time)
    return Along(
        origin=o,
        destination=d,
        direct_ds=best,
        direct_side=side,
        entered=shared & (least < best[:, None]),
    )


def _sharing(first: Ints, second: Ints) -> tuple[Longs, Longs]:
    """Pairs of rows that have a state in common, each once, in ascending order."""
    rows = np.repeat(np.arange(len(second)), 2)
    keys = second.ravel()
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    asked = first.ravel()
    low, high = np.searchsorted(keys, asked, "left"), np.searchsorted(keys, asked, "right")
    counts = np.where(asked >= 0, high - low, 0)
    if not counts.any():
        return counts[:0], counts[:0]
    own = np.repeat(np.repeat(np.arange(len(first)), 2), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    other = rows[np.repeat(low, counts) + step]
    pairs = np.unique(own * max(1, len(second)) + other)
    return np.divmod(pairs, max(1, len(second)))
