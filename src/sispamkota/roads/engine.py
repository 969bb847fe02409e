"""What answers questions about the turn graph: shortest times and paths between states.

Two engines do it, `exact.Dijkstra` (SciPy) and `cch.Hierarchy`; they give equal times always.
"""

from __future__ import annotations

from typing import Protocol, Self

from sispamkota.roads.network import Ints, Longs
from sispamkota.roads.seeds import Seeds


class Engine(Protocol):
    """Shortest times on a turn graph; `UNREACHED_DS` or more = not to be reached.

    Times between places are the least over their seeds of what the seeds add and the way between
    the states. A trip may begin and end in the same state, which then takes no time in between.
    """

    def fork(self) -> Self:
        """Return an engine with weights of its own, equal to these."""

    def reweigh(self, turns: Ints, weights_ds: Ints) -> None:
        """Change the weights of some turns; `UNREACHED_DS` closes one."""

    def table(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return (origins, destinations) times."""

    def to_each(self, destinations: Seeds, origins: Seeds) -> Ints:
        """Return (destinations, origins) times to few destinations from origins asked often."""

    def pairs(self, origins: Seeds, destinations: Seeds) -> Ints:
        """Return the time from each origin to the destination of the same row."""

    def path(self, origin: Seeds, destination: Seeds) -> list[int]:
        """Return the states of a shortest way from row 0 to row 0; empty where there is none."""

    def spread(self, origin: Seeds) -> Longs:
        """Return per state the time from row 0."""
