"""A contraction hierarchy on the turn graph whose weights can change at any time.

Three steps of very different cost: the order and the shape of the hierarchy depend on the roads
alone (seconds, once per map and profile), its weights on times and closures (milliseconds, or far
less for a few roads), an answer only on both.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from threading import Lock
from typing import NamedTuple

import numpy as np

from sispamkota.roads import cch_ask_kernels as ask
from sispamkota.roads import cch_kernels as kernels
from sispamkota.roads.graph import UNREACHED_DS, TurnGraph
from sispamkota.roads.network import Ints, Longs
from sispamkota.roads.order import contraction_order
from sispamkota.roads.seeds import Seeds

WORKERS = min(2, os.cpu_count() or 1)
FEW = 8  # rows up to which one by one is faster than side by side
PINS = 4  # sets of places kept ready
_MANY = 256, 0.005  # turns, and part of all turns: when more than both change, all is made anew


class Half(NamedTuple):
    """Arcs of the hierarchy that lead up from a state, or that come down to it."""

    first: Longs
    heads: Ints


class Below(NamedTuple):
    """The same arcs by their upper end."""

    first: Longs
    lower: Ints
    slot: Ints


class Pin(NamedTuple):
    """A set of states, with all that lies above them, ready to be swept."""

    nodes: Ints
    first: Longs
    places: Ints
    place: Ints


class Scratch(NamedTuple):
    """Room for one question at a time, by state: left as it was found, so that it can be reused."""

    ahead: Ints  # all UNREACHED_DS
    behind: Ints  # all UNREACHED_DS
    came: Ints
    goes: Ints
    path: Ints
    trail: Ints
    place: Ints  # all -1


class Hierarchy:
    """Shortest times by a customisable contraction hierarchy; see `engine.Engine`."""

    def __init__(self, graph: TurnGraph) -> None:
        order = contraction_order(graph)
        rank = np.empty(graph.states, np.int32)
        rank[order] = np.arange(graph.states, dtype=np.int32)
        self._parent, rank = _tree(graph, rank)
        self._rank = rank
        self._state_at = np.argsort(rank).astype(np.int32)
        tails, tips = rank[graph.begins], rank[graph.ends]
        self._up, self._down = _shape(graph.states, tails, tips)
        self._up_low = Below(*kernels.reversed_kernel(graph.states, *self._up))
        self._down_low = Below(*kernels.reversed_kernel(graph.states, *self._down))
        self._low = np.concatenate([_lows(self._up), _lows(self._down)])
        self._arc = kernels.arcs_of_turns_kernel(self._up, self._down, tails, tips)
        self._base = np.full(len(self._low), UNREACHED_DS, np.int32)
        self._base[self._arc] = graph.weight_ds
        self._queued = np.zeros(len(self._low), np.uint8)
        widest = max(int(np.diff(h.first).max(initial=0)) for h in (self._up, self._down))
        self._beside = tuple(np.empty(widest, np.int32) for _ in range(2))
        self._weight = self._base.copy()
        self._customise()
        self._pins: OrderedDict[tuple[bool, bytes], Pin] = OrderedDict()
        self._pins_lock = Lock()
        self._spare: list[Scratch] = []

    def fork(self) -> Hierarchy:
        """Return an engine with weights of its own, equal to these; all else is shared."""
        other: Hierarchy = copy(self)
        other._base, other._weight = self._base.copy(), self._weight.copy()
        other._queued = np.zeros_like(self._queued)
        other._beside = tuple(np.empty_like(arcs) for arcs in self._beside)
        return other

    def reweigh(self, turns: Ints, weights_ds: Ints) -> None:
        """Change the weights of some turns."""
        arcs, weights = self._arc[turns], np.minimum(weights_ds, UNREACHED_DS)
        rising = weights > self._base[arcs]
        self._base[arcs] = weights
        if len(arcs) > max(_MANY[0], _MANY[1] * len(self._arc)):
            self._customise()
            return
        shape = (self._up, self._down, self._up_low, self._down_low, self._low)
        rest = (self._base, self._weight, self._queued, *self._beside)
        kernels.raise_kernel(arcs[rising], *shape, *rest)
        kernels.lower_kernel(arcs[~rising], *shape, *rest)

    def table(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return (origins, destinations) times."""
        return self._swept(origins, destinations, down=True)

    def to_each(self, destinations: Seeds, origins: Seeds) -> Ints:
        """Return (destinations, origins) times."""
        return self._swept(destinations, origins, down=False)

    def pairs(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return the time from each origin to the destination of the same row."""
        begin, end = self._ranks(origins), self._ranks(destinations)
        seeds = (begin, origins.cost_ds, end, destinations.cost_ds)
        tree = (self._parent, self._up, self._down)
        with self._scratch() as room:
            found: Ints = ask.pairs_kernel(*seeds, *tree, self._weight, room)
        return found

    def path(self, origin: Seeds, destination: Seeds) -> list[int]:
        """Return the states of a shortest way from row 0 to row 0."""
        begin, end = self._ranks(origin)[0], self._ranks(destination)[0]
        seeds = (begin, origin.cost_ds[0], end, destination.cost_ds[0])
        tree = (self._parent, self._up, self._down, self._up_low, self._down_low, self._low)
        with self._scratch() as room:
            way = ask.path_kernel(*seeds, tree, self._base, self._weight, room)
        states: list[int] = self._state_at[way].tolist() if way else []
        return states

    def spread(self, origin: Seeds) -> Longs:
        """Return per state the time from row 0."""
        seeds = self._ranks(origin)[0], origin.cost_ds[0]
        tree = (self._parent, self._up, self._down)
        with self._scratch() as room:
            times = ask.spread_kernel(*seeds, *tree, self._weight, room)
        spread: Longs = times[self._rank].astype(np.int64)
        return spread

    @contextmanager
    def _scratch(self) -> Iterator[Scratch]:
        """Lend out room, made anew when all is in use."""
        try:
            room = self._spare.pop()
        except IndexError:
            size = len(self._parent)
            room = Scratch(
                ahead=np.full(size, UNREACHED_DS, np.int32),
                behind=np.full(size, UNREACHED_DS, np.int32),
                came=np.empty(size, np.int32),
                goes=np.empty(size, np.int32),
                path=np.empty(size, np.int32),
                trail=np.empty(size, np.int32),
                place=np.full(size, -1, np.int32),
            )
        yield room
        # a question that failed keeps its room: nobody knows what is left in it
        self._spare.append(room)

    def _customise(self) -> None:
        self._weight[:] = self._base
        kernels.customise_kernel(
            len(self._parent), self._up, self._down, self._up_low, self._down_low, self._weight
        )

    def _ranks(self, seeds: Seeds) -> Ints:
        if not len(self._rank):
            return seeds.state
        return np.where(seeds.state >= 0, self._rank[np.maximum(seeds.state, 0)], -1).astype(
            np.int32
        )

    def _swept(self, rows: Seeds, ends: Seeds, *, down: bool) -> Ints:
        """Times between rows, climbed from, and ends, swept to: the ways that `down` says."""
        ups = len(self._up.heads)
        sides = (self._up, self._weight[:ups]), (self._down, self._weight[ups:])
        (climb, w_climb), (sweep, w_sweep) = sides if down else sides[::-1]
        pin, place = self._pinned(self._ranks(ends), sweep, down=down)
        state = self._ranks(rows)
        rest = (pin, sweep.first, w_sweep, place, ends.cost_ds)
        if len(rows) <= FEW:
            with self._scratch() as room:
                few: Ints = ask.single_kernel(
                    state, rows.cost_ds, self._parent, climb, w_climb, *rest, room
                )
            return few
        found = np.empty((len(rows), len(ends)), np.int32)
        # neighbours share most of what lies above them
        sorted_rows = np.argsort(state.max(axis=1), kind="stable")
        parts = np.array_split(sorted_rows, WORKERS)

        def work(part: Longs) -> None:
            with self._scratch() as room:
                ask.table_kernel(part, state, rows.cost_ds, climb, w_climb, *rest, found, room)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(work, parts))
        return found

    def _pinned(self, ranks: Ints, sweep: Half, *, down: bool) -> tuple[Pin, Ints]:
        """The closure of some ends, and where in it they are; the last few are kept."""
        key = (down, ranks.tobytes())
        with self._pins_lock:
            pin = self._pins.pop(key, None)
        if pin is None:
            pin = Pin(*ask.closure_kernel(len(self._parent), ranks.ravel(), *sweep))
        with self._pins_lock:
            self._pins[key] = pin
            while len(self._pins) > PINS:
                self._pins.popitem(last=False)
        if not len(pin.place):
            return pin, ranks
        return pin, np.where(ranks >= 0, pin.place[np.maximum(ranks, 0)], -1).astype(np.int32)


def _tree(graph: TurnGraph, rank: Ints) -> tuple[Ints, Ints]:
    """Elimination tree and ranks, renumbered so that what belongs together lies together."""
    tails, tips = rank[graph.begins], rank[graph.ends]
    high, low = np.maximum(tails, tips), np.minimum(tails, tips)
    first, lower = _by(graph.states, high, low)
    parent = kernels.parents_kernel(graph.states, first, lower)
    place = kernels.postorder_kernel(parent)
    moved = np.full(graph.states, -1, np.int32)
    moved[place] = np.where(parent >= 0, place[np.maximum(parent, 0)], -1)
    return moved, place[rank]


def _shape(states: int, tails: Ints, tips: Ints) -> tuple[Half, Half]:
    """The arcs that contraction leaves, by what is below: those up, those down."""
    first, higher = _by(states, np.minimum(tails, tips), np.maximum(tails, tips))
    chordal = Half(*kernels.chordal_kernel(states, first, higher))
    below = kernels.reversed_kernel(states, *chordal)
    ways = kernels.directions_kernel(states, chordal, below, tails, tips)
    up = Half(*kernels.kept_kernel(states, *chordal, ways, kernels.OUT))
    down = Half(*kernels.kept_kernel(states, *chordal, ways, kernels.IN))
    return up, down


def _by(size: int, keys: Ints, values: Ints) -> tuple[Longs, Ints]:
    order = np.argsort(keys, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(keys, minlength=size)))).astype(np.int64)
    return first, values[order]


def _lows(half: Half) -> Ints:
    return np.repeat(np.arange(len(half.first) - 1, dtype=np.int32), np.diff(half.first))
