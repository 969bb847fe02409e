"""What an assignment is asked and what it answers: links, demand, paths in use, equilibrium."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.traffic.assignment_kernels import Trips
from sispamkota.traffic.costs import LinkCosts
from sispamkota.traffic.tree_kernels import Graph

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Links:
    """A directed graph with costs; nodes 0 .. nodes - 1. Parallel links are links like others.

    The nodes may be junctions, or arcs of a road network where a link is a turn; then banned turns
    are simply not there.

    Attributes:
        nodes: number of nodes.
        tail: node a link leaves.
        head: node a link enters.
        costs: one cost function per link.
        first_thru_node: nodes below it are zones: trips begin and end there, none passes through.
    """

    nodes: int
    tail: Ints
    head: Ints
    costs: LinkCosts
    first_thru_node: int = 0

    def __post_init__(self) -> None:
        for name in ("tail", "head"):
            column = getattr(self, name)
            if len(column) != self.costs.size:
                raise bad_input(name, f"{len(column)} / {self.costs.size}")
            within(name, column, self.nodes)

    @property
    def size(self) -> int:
        """Number of links."""
        return self.costs.size

    @cached_property
    def order(self) -> Longs:
        """Links by tail: the solver's number of a link → its number here."""
        return np.argsort(self.tail, kind="stable")

    @cached_property
    def place(self) -> Ints:
        """The other way round: number of a link here → the solver's."""
        place = np.empty(self.size, np.int32)
        place[self.order] = np.arange(self.size, dtype=np.int32)
        return place

    @cached_property
    def graph(self) -> Graph:
        """The graph as the solver walks it."""
        tail = self.tail[self.order].astype(np.int32)
        return Graph(
            first=np.searchsorted(tail, np.arange(self.nodes + 1)),
            head=self.head[self.order].astype(np.int32),
            tail=tail,
            first_thru=self.first_thru_node,
        )

    @cached_property
    def law(self) -> Floats:
        """Cost functions in the solver's order (`LinkCosts.law`)."""
        return np.ascontiguousarray(self.costs.law()[self.order])

    @cached_property
    def barred(self) -> Mask:
        """Links that cannot carry anything, closed or not."""
        return self.costs.barred


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Trips per unit of time from node to node; pairs may repeat.

    Demand of a node to itself uses no road and is left out.
    """

    origin: Ints
    destination: Ints
    volume: Floats

    def __post_init__(self) -> None:
        if not len(self.origin) == len(self.destination) == len(self.volume):
            raise bad_input("volume", str(len(self.volume)))
        if not (np.isfinite(self.volume) & (self.volume >= 0)).all():
            raise bad_input("volume", f"{np.min(self.volume):g}")

    @property
    def total(self) -> float:
        """All trips."""
        return float(self.volume.sum())

    @cached_property
    def trips(self) -> Trips:
        """The demand by origin and destination, each pair once."""
        real = (self.origin != self.destination) & (self.volume > 0)
        nodes = int(self.destination.max(initial=0)) + 1
        keys = self.origin[real].astype(np.int64) * nodes + self.destination[real]
        unique, which = np.unique(keys, return_inverse=True)
        origins, begin = np.unique(unique // nodes, return_index=True)
        return Trips(
            origins=origins.astype(np.int32),
            begin=np.append(begin, len(unique)).astype(np.int64),
            destination=(unique % nodes).astype(np.int32),
            demand=np.bincount(which, self.volume[real], len(unique)).astype(np.float64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Paths in use.

    Attributes:
        origin: node each path begins at.
        destination: node it ends at.
        flow: trips on it.
        begin: (paths + 1,) where the links of each begin in `links`.
        links: numbers of links, one path after the other.
        size: number of links of the graph they belong to.
        roots: nodes that `trees` begin at, in order.
        trees: (roots, nodes) last link of the shortest path to each node, numbered by tail.
    """

    origin: Ints
    destination: Ints
    flow: Floats
    begin: Longs
    links: Ints
    size: int
    roots: Ints
    trees: Ints

    @property
    def count(self) -> int:
        """Number of paths."""
        return len(self.flow)

    def links_of(self, path: int) -> Ints:
        """Return the links of a path, from its origin on."""
        return self.links[self.begin[path] : self.begin[path + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An equilibrium, as near as `relative_gap` says.

    Attributes:
        flow: trips per link.
        cost: generalised cost per link at that flow; inf where closed.
        objective: Beckmann's objective, the sum of the integrals of the costs.
        relative_gap: (flow x cost - demand x cost of the shortest path) / (flow x cost), from
            shortest paths computed anew at the end; 0 is an exact equilibrium.
        total_cost: flow x cost.
        iterations: looks for new paths.
        paths: the paths in use, to start from next time.
        unroutable: demand between nodes that no open path joins.
        reached: whether the gap asked for was reached.
    """

    flow: Floats
    cost: Floats
    objective: float
    relative_gap: float
    total_cost: float
    iterations: int
    paths: Paths
    unroutable: Demand
    reached: bool


def within(name: str, column: Ints, nodes: int) -> None:
    """Refuse numbers that are not those of nodes."""
    if len(column) and (column.min() < 0 or column.max() >= nodes):
        raise bad_input(name, f"{column.min()}..{column.max()} / {nodes}")


def bad_input(name: str, value: str) -> DomainError:
    """Say that a column does not fit the others."""
    return DomainError(
        "bad_assignment_input",
        Text(
            id=f"Masukan pembebanan lalu lintas tidak cocok: {name} = {value}.",
            en=f"Input of the traffic assignment does not fit: {name} = {value}.",
        ),
        Text(
            id="Periksa panjang kolom, nomor simpul, dan volume (angka 0 atau lebih).",
            en="Check lengths of columns, numbers of nodes, and volumes (0 or more).",
        ),
        where={"column": name, "value": value},
    )
