"""The naive plan that a person with a list would make: the yardstick of design.md section 4.

TPS in order of class (highest first), then code; a beat is anchored at the first unassigned TPS
and filled with its nearest unassigned TPS within the limit until full; each beat gets the nearest
free team; what is left pays the same penalties.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sispamkota.planning.problem import GuardProblem
from sispamkota.planning.search import FORBIDDEN, OPEN, Ints


def naive_greedy(
    problem: GuardProblem, class_rank: Sequence[Ints]
) -> tuple[tuple[Ints, ...], float]:
    """Make the naive plan.

    Args:
        problem: the guard problem.
        class_rank: per block, (n,) rank of each TPS's class, higher is more dangerous.

    Returns:
        per block the anchor of each TPS, and the cost with the ways of the teams so sent.
    """
    solved = tuple(np.full(b.size, OPEN, np.int64) for b in problem.blocks)
    free = problem.teams.copy()
    queue = sorted(
        (-int(class_rank[k][i]), problem.tps[k][i], k, i)
        for k, block in enumerate(problem.blocks)
        for i in range(block.size)
    )
    cost = 0.0
    for _, _, k, i in queue:
        if solved[k][i] != OPEN or not free.any():
            continue
        block = problem.blocks[k]
        way = np.where(free > 0, problem.ways[k][:, i], np.inf)
        post = int(way.argmin())
        if way[post] >= FORBIDDEN:
            continue
        free[post] -= 1
        solved[k][i] = i
        room = block.capacity - int(block.weight[i])
        cost += float(way[post])
        for j in np.argsort(block.travel[i], kind="stable"):
            reachable = np.isfinite(block.travel[i, j])
            if reachable and solved[k][j] == OPEN and block.weight[j] <= room:
                solved[k][j] = i
                room -= int(block.weight[j])
                cost += float(block.travel[i, j])
    for block, anchor_of in zip(problem.blocks, solved, strict=True):
        cost += float(block.penalty[anchor_of == OPEN].sum())
    return solved, cost
