"""The exact oracle and fallback: Dijkstra's search by SciPy on the turn graph, nothing cleverer."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sispamkota.roads.graph import UNREACHED_DS, TurnGraph
from sispamkota.roads.network import Floats, Ints, Longs
from sispamkota.roads.seeds import Seeds

_ROWS = 32  # origins searched at once: their times to every state are held in memory
_LIMIT = float(UNREACHED_DS)  # of times lengthened by one, see `Dijkstra._with`


class Dijkstra:
    """Shortest times by SciPy; see `engine.Engine`."""

    def __init__(self, graph: TurnGraph) -> None:
        self._graph = graph
        self._weight = graph.weight_ds.astype(np.float64)

    def fork(self) -> Dijkstra:
        """Return an engine with weights of its own, equal to these."""
        other = Dijkstra(self._graph)
        other._weight[:] = self._weight
        return other

    def reweigh(self, turns: Ints, weights_ds: Ints) -> None:
        """Change the weights of some turns."""
        self._weight[turns] = np.where(weights_ds >= UNREACHED_DS, np.inf, weights_ds)

    def table(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return (origins, destinations) times."""
        times = np.empty((len(origins), len(destinations)), np.int32)
        for begin in range(0, len(origins), _ROWS):
            rows = np.arange(begin, min(begin + _ROWS, len(origins)))
            times[rows] = _ended(self._from(origins.take(rows)), destinations)
        return times

    def to_each(self, destinations: Seeds, origins: Seeds) -> Ints:
        """Return (destinations, origins) times."""
        times: Ints = self.table(origins, destinations).T.copy()
        return times

    def pairs(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return the time from each origin to the destination of the same row."""
        times = np.empty(len(origins), np.int32)
        for row in range(len(origins)):
            here = np.array([row])
            times[row] = _ended(self._from(origins.take(here)), destinations.take(here))[0, 0]
        return times

    def path(self, origin: Seeds, destination: Seeds) -> list[int]:
        """Return the states of a shortest way from row 0 to row 0."""
        times, before = dijkstra(
            self._with(origin.take(np.array([0]))),
            indices=self._graph.states,
            return_predecessors=True,
            limit=_LIMIT,
        )
        ends = destination.state[0]
        total = np.where(ends >= 0, times[ends] + destination.cost_ds[0], np.inf)
        if total.min(initial=np.inf) - 1 >= UNREACHED_DS:
            return []
        states = [int(ends[total.argmin()])]
        while (previous := int(before[states[-1]])) != self._graph.states:
            states.append(previous)
        return states[::-1]

    def spread(self, origin: Seeds) -> Longs:
        """Return per state the time from row 0."""
        times = self._from(origin.take(np.array([0])))[0]
        return np.where(np.isfinite(times), times, UNREACHED_DS).astype(np.int64)

    def _from(self, origins: Seeds) -> Floats:
        """Times from each origin to every state."""
        added = self._graph.states + np.arange(len(origins))
        times = dijkstra(self._with(origins), indices=added, limit=_LIMIT)
        # the way into an origin's states was lengthened by one, see `_with`
        found: Floats = times[:, : self._graph.states] - 1
        return found

    def _with(self, origins: Seeds) -> csr_array:
        """The graph with one more node per origin, from which its states are entered.

        Entering takes one more than it should, because nought could be read as no edge at all.
        """
        graph, used = self._graph, origins.state >= 0
        size = graph.states + len(origins)
        sizes = np.cumsum(used.sum(axis=1)) + graph.turns
        return csr_array(
            (
                np.concatenate((self._weight, origins.cost_ds[used] + 1.0)),
                np.concatenate((graph.ends, origins.state[used])),
                np.concatenate((graph.first, sizes)),
            ),
            shape=(size, size),
        )


def _ended(times: Floats, destinations: Seeds) -> Ints:
    """Times to each destination: the least over its seeds."""
    best = np.full((len(times), len(destinations)), float(UNREACHED_DS))
    if not times.shape[1]:
        return best.astype(np.int32)
    for state, cost in zip(destinations.state.T, destinations.cost_ds.T, strict=True):
        total = np.where(state >= 0, times[:, np.maximum(state, 0)] + cost, np.inf)
        np.minimum(best, total, out=best)
    return best.astype(np.int32)
