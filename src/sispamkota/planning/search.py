"""Ruin-and-recreate search for beats in one block (a kecamatan): the planner's upper bound.

A beat is an anchor TPS with the TPS guarded from it. The problem is a capacitated p-median with
opening costs, a limit on travel inside a beat, and a price for every TPS left open
(research: Lorena & Senne 2004; ruin and recreate: Schrimpf et al. 2000). Times are seconds.

The search counts moves, never seconds, and draws from its own seeded generator, so that the same
inputs and seed give the same plan on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sispamkota.planning.search_kernels import OPEN, construct_kernel, search_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POOL_LIMIT = 400
FORBIDDEN = 1e9
"""Cost of what may not be or has no way, seconds: a real way is never that long, so it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One kecamatan as arrays; index = TPS of the block.

    Attributes:
        travel: (n, n) seconds from anchor (row) to TPS (column); inf where no beat may join them.
        weight: (n,) share of a team's capacity that a TPS takes, in units of `capacity`.
        capacity: units that one team can guard.
        opening: (n,) cost of a beat anchored there (way from the post, price of a team).
        penalty: (n,) cost of leaving the TPS open.
    """

    travel: Floats
    weight: Ints
    capacity: int
    opening: Floats
    penalty: Floats

    @property
    def size(self) -> int:
        """Number of TPS."""
        return len(self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """A solution of a block: the anchor of each TPS (`OPEN` where none) and its cost."""

    anchor_of: Ints
    cost: float

    @property
    def count(self) -> int:
        """Number of beats."""
        anchors = self.anchor_of[self.anchor_of >= 0]
        return len(np.unique(anchors))


def cost_of(block: Block, anchor_of: Ints) -> float:
    """Return opening + travel + penalties of a solution, from its definition."""
    covered = anchor_of >= 0
    anchors = np.unique(anchor_of[covered])
    travel = block.travel[anchor_of[covered], np.flatnonzero(covered)].sum()
    return float(block.opening[anchors].sum() + travel + block.penalty[~covered].sum())


def search(
    block: Block,
    *,
    seed: int,
    moves: int,
    least: int = 0,
    most: int | None = None,
    start: Ints | None = None,
) -> Beats:
    """Search the block for cheap beats.

    Args:
        block: the block.
        seed: seed of the private generator.
        moves: number of ruin-and-recreate moves.
        least: fewest beats allowed (kept only as far as the start allows).
        most: most beats allowed; None for any number.
        start: anchor of each TPS to start from; built greedily where None.

    Returns:
        The best solution met.
    """
    n = block.size
    limit = n if most is None else most
    first = construct(block, limit) if start is None else start.astype(np.int64)
    near = np.argsort(block.travel, axis=1, kind="stable")[:, : min(n, POOL_LIMIT)]
    anchor_of, _ = search_kernel(
        block.travel,
        block.weight,
        block.capacity,
        block.opening,
        block.penalty,
        near.astype(np.int64),
        first,
        least,
        limit,
        moves,
        seed,
    )
    return Beats(anchor_of=anchor_of, cost=cost_of(block, anchor_of))


def construct(block: Block, most: int) -> Ints:
    """Build a first solution: heaviest TPS first, each beat filled with its nearest open TPS."""
    order = np.lexsort((np.arange(block.size), -block.penalty))
    return np.asarray(
        construct_kernel(block.travel, block.weight, block.capacity, order.astype(np.int64), most)
    )


__all__ = [
    "FORBIDDEN",
    "OPEN",
    "Beats",
    "Block",
    "Floats",
    "Ints",
    "construct",
    "cost_of",
    "search",
]
