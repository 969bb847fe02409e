"""Compile the numeric kernels once (at set-up), so that the first plan is as fast as the next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sispamkota.planning.bound import block_relaxation, lower_bound, price_bound
from sispamkota.planning.search import Block, search


def warm_up() -> None:
    """Run search and bound on a toy block; numba keeps the compiled kernels on disk."""
    block = Block(
        travel=np.array([[0.0, 1.0], [1.0, 0.0]]),
        weight=np.array([1, 1], dtype=np.int64),
        capacity=2,
        opening=np.ones(2),
        penalty=np.full(2, 10.0),
    )
    search(block, seed=1, moves=5)
    block_relaxation(block, block.opening, np.full(2, 2.0))
    way, teams = np.ones((1, 2)), np.array([1], dtype=np.int64)
    start = price_bound([block], [way], teams, [np.full(2, 2.0)], np.zeros(1))
    with ThreadPoolExecutor(1) as pool:
        lower_bound([block], [way], teams, target=4.0, start=start, rounds=2, pool=pool)


if __name__ == "__main__":
    warm_up()
