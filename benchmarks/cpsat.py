"""The peer: OR-Tools CP-SAT on each kecamatan's beats, at the same prices of teams.

A beat's opening costs the cheapest way from any post plus the price of its team, with the prices
of our plan's certificate; so each kecamatan stands alone and both sides pay the same for a team.
CP-SAT may then use more teams than there are, and any team anywhere: both favour it. With
--same-teams it gets at most as many in a kecamatan as our plan sent there. It is given no hint.
Both solutions are costed by the same function from their definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.instances import workspace_of
from benchmarks.measure import Result, emit, parser, peak_mb, say, timed
from sispamkota.actions.plan import gather_guards
from sispamkota.planning.bound import priced_opening
from sispamkota.planning.guards import plan_guards
from sispamkota.planning.running import read_running
from sispamkota.planning.search import OPEN, Block, Ints, cost_of
from sispamkota.planning.warmup import warm_up
from sispamkota.storage.workspace import Workspace

SCALE = 4  # ways are quarters of a second; openings are rounded down, so its bound stays valid
WORKERS = 2


def cp_sat(block: Block, seconds: float, most: int) -> tuple[Ints, str, float]:
    """Solve a block with CP-SAT, with at most so many beats.

    Returns:
        the anchor of each TPS (all open where it found nothing), its status, and its bound.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415  (only this benchmark's lock has it)

    model = cp_model.CpModel()
    n = block.size
    penalty = np.floor(SCALE * block.penalty).astype(np.int64)
    opening = np.floor(SCALE * block.opening).astype(np.int64)
    travel = np.floor(SCALE * np.where(np.isfinite(block.travel), block.travel, -1.0))
    anchor = [model.new_bool_var(f"y{a}") for a in range(n)]
    left = [model.new_bool_var(f"u{i}") for i in range(n)]
    arcs = {
        (a, int(i)): model.new_bool_var(f"x{a},{i}")
        for a in range(n)
        for i in np.flatnonzero(np.isfinite(block.travel[a]))
        if i != a
    }
    into: list[list[Any]] = [[anchor[i], left[i]] for i in range(n)]
    room: list[list[Any]] = [[] for _ in range(n)]
    for (a, i), arc in arcs.items():
        model.add_implication(arc, anchor[a])
        into[i].append(arc)
        room[a].append(int(block.weight[i]) * arc)
    for i in range(n):
        model.add_exactly_one(into[i])
        model.add(sum(room[i]) <= int(block.capacity - block.weight[i]) * anchor[i])
    model.add(sum(anchor) <= most)
    model.minimize(
        sum(int(opening[a] + travel[a, a]) * anchor[a] for a in range(n))
        + sum(int(penalty[i]) * left[i] for i in range(n))
        + sum(int(travel[a, i]) * arc for (a, i), arc in arcs.items())
    )
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    anchor_of = np.full(n, OPEN, dtype=np.int64)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for a in range(n):
            if solver.boolean_value(anchor[a]):
                anchor_of[a] = a
        for (a, i), arc in arcs.items():
            if solver.boolean_value(arc):
                anchor_of[i] = a
    return anchor_of, solver.status_name(status), solver.best_objective_bound / SCALE


def measure(
    workspace: Workspace, *, seconds: float, only: Sequence[str], same_teams: bool = False
) -> Result:
    """Plan the workspace, then let CP-SAT have each kecamatan for so many seconds."""
    warm_up()
    inputs = gather_guards(workspace)
    plan, ours_s = timed(lambda: plan_guards(inputs))
    running = read_running(plan, inputs)
    problem = running.problem
    stated = plan["certificate"]["prices"]["posts"]
    price = np.array([stated.get(p, 0.0) for p in problem.posts])
    rows: list[Result] = []
    for k, code in enumerate(problem.kecamatan):
        if only and code not in only:
            continue
        block = replace(problem.blocks[k], opening=priced_opening(problem.ways[k], price))
        own = _beats(running.anchor_of[k])
        most = own if same_teams else block.size
        (anchor_of, status, bound), spent = timed(partial(cp_sat, block, seconds, most))
        ours, theirs = cost_of(block, running.anchor_of[k]), cost_of(block, anchor_of)
        rows.append(
            {
                "kecamatan": code,
                "tps": block.size,
                "teams_ours": own,
                "teams_cpsat": _beats(anchor_of),
                "ours": ours,
                "cpsat": theirs,
                "ratio": ours / theirs,
                "cpsat_status": status,
                "cpsat_bound": bound,
                "cpsat_s": spent,
                "cpsat_uncovered": int((anchor_of == OPEN).sum()),
            }
        )
        say(f"{code}: ours {ours:.0f}, CP-SAT {theirs:.0f} ({status}, {spent:.0f} s)")
    if not rows:
        raise SystemExit(f"no such kecamatan; there are {', '.join(problem.kecamatan)}")
    ours_total, cpsat_total = (sum(r[side] for r in rows) for side in ("ours", "cpsat"))
    return {
        "ours_total": ours_total,
        "cpsat_total": cpsat_total,
        "ratio": ours_total / cpsat_total,
        "ours_s": ours_s,
        "cpsat_s": sum(r["cpsat_s"] for r in rows),
        "teams_ours": sum(r["teams_ours"] for r in rows),
        "teams_cpsat": sum(r["teams_cpsat"] for r in rows),
        "same_teams": same_teams,
        "seconds_per_kecamatan": seconds,
        "workers": WORKERS,
        "kecamatan_cheaper": sum(r["ratio"] < 1 - 1e-9 for r in rows),
        "kecamatan_dearer": sum(r["ratio"] > 1 + 1e-9 for r in rows),
        "peak_mb": peak_mb(),
        "kecamatan": rows,
    }


def _beats(anchor_of: Ints) -> int:
    return len(np.unique(anchor_of[anchor_of != OPEN]))


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("cpsat", __doc__)
    command.add_argument("--seconds", type=float, default=60.0, help="per kecamatan")
    command.add_argument("--workspace", type=Path, help="default: the demo, made anew")
    command.add_argument("--kecamatan", nargs="*", default=[], metavar="CODE", help="only these")
    command.add_argument("--same-teams", action="store_true", help="no more teams than our plan")
    asked = command.parse_args(arguments)
    with workspace_of(asked.workspace) as workspace:
        result = measure(
            workspace, seconds=asked.seconds, only=asked.kecamatan, same_teams=asked.same_teams
        )
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
