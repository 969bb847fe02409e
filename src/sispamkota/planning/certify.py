"""HiGHS tightens the bound of each kecamatan: a mixed integer programme at fixed team prices.

Anchors and arcs that the Lagrangian bound already rules out (a plan using them would cost more
than the one in hand) are left away, which is what makes the programme small enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sispamkota.planning.bound import Prices, block_relaxation
from sispamkota.planning.search import Block, Floats
from sispamkota.planning.solve import WORKERS, Progress

NODES = 20_000
SECONDS = 50.0  # per kecamatan; a slower machine proves less, never something false
EXACT = 1e-4  # relative gap at which a kecamatan counts as proven
SLACK = 1e-6


def integer_bounds(
    blocks: Sequence[Block], prices: Prices, known: Sequence[float], progress: Progress
) -> Floats:
    """Return per block the best proven bound of its cost with priced teams.

    Args:
        blocks: blocks whose `opening` includes the team prices.
        prices: the Lagrangian prices and bounds.
        known: cost of the known plan of each block, priced alike.
        progress: called after each block.
    """
    done = 0

    def work(k: int) -> float:
        nonlocal done
        low = float(prices.block_bound[k])
        if known[k] - low > EXACT * known[k]:
            low = max(low, _mip_bound(blocks[k], prices.value[k], low, known[k]))
        done += 1
        progress("certify", done / len(blocks))
        return low

    order = sorted(range(len(blocks)), key=lambda k: -blocks[k].size)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = dict(zip(order, pool.map(work, order), strict=True))
    return np.array([found[k] for k in range(len(blocks))])


def _mip_bound(block: Block, value: Floats, low: float, known: float) -> float:
    """Return the dual bound of HiGHS, never above `known`."""
    import highspy  # noqa: PLC0415  (only high effort needs it)

    worth, _ = block_relaxation(block, block.opening, value)
    reduced = block.travel - value[None, :]
    spare = known - low + SLACK
    anchors = np.flatnonzero(np.maximum(worth, 0.0) <= spare)
    extra = np.maximum(worth[:, None], 0.0) + np.maximum(reduced, 0.0)
    arcs = [
        (a, i)
        for a in anchors
        for i in np.flatnonzero(np.isfinite(block.travel[a]) & (extra[a] <= spare))
        if i != a
    ]
    model = highspy.HighsLp()
    n, m, x = block.size, len(anchors), len(arcs)
    column = {int(a): c for c, a in enumerate(anchors)}
    model.num_col_ = m + x + n
    model.col_cost_ = np.concatenate(
        [
            block.opening[anchors] + block.travel[anchors, anchors],
            np.array([block.travel[a, i] for a, i in arcs]),
            block.penalty,
        ]
    )
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.ones(model.num_col_)
    integer, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer] * (m + x) + [free] * n
    cover: list[dict[int, float]] = [{m + x + i: 1.0} for i in range(n)]
    room: list[dict[int, float]] = [
        {c: float(block.weight[a] - block.capacity)} for c, a in enumerate(anchors)
    ]
    link: list[dict[int, float]] = []
    for c, a in enumerate(anchors):
        cover[a][c] = 1.0
    for e, (a, i) in enumerate(arcs):
        cover[i][m + e] = 1.0
        room[column[int(a)]][m + e] = float(block.weight[i])
        link.append({m + e: 1.0, column[int(a)]: -1.0})
    rows = [*cover, *room, *link]
    model.num_row_ = len(rows)
    model.row_lower_ = np.array([1.0] * n + [-highspy.kHighsInf] * (m + x))
    model.row_upper_ = np.array([1.0] * n + [0.0] * (m + x))
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(r) for r in rows)])
    matrix.index_ = np.array([c for r in rows for c in r], dtype=np.int32)
    matrix.value_ = np.array([v for r in rows for v in r.values()])
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", SECONDS),
        ("mip_max_nodes", NODES),
        ("mip_rel_gap", EXACT),
        ("objective_bound", known + 1.0),
    ):
        solver.setOptionValue(option, setting)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return known  # nothing cheaper than the plan in hand is left
    bound = float(solver.getInfo().mip_dual_bound)
    # everything left away costs more than `known`, so no plan is below the lower of the two
    return min(bound, known) if np.isfinite(bound) else low
