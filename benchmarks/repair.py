"""Repair after one lost team: every team of a plan in turn, each from the plan as it was.

Times are of the library call on a plan already in arrays. For a sample of teams the whole plan is
made anew without that team, under the same rules for persons, to see what minimal change costs.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.instances import true_cost, workspace_of
from benchmarks.measure import Result, emit, parser, peak_mb, quantile, say, timed
from sispamkota.actions.plan import gather_guards
from sispamkota.planning.crews import Team
from sispamkota.planning.guards import GuardInputs, plan_guards, send
from sispamkota.planning.problem import GuardProblem
from sispamkota.planning.repair import Repair, Running, repair
from sispamkota.planning.running import read_running
from sispamkota.planning.search import OPEN, Ints
from sispamkota.planning.solve import NORMAL, solve
from sispamkota.planning.warmup import warm_up
from sispamkota.storage.workspace import Workspace

SEED = 1


def measure(workspace: Workspace, *, sample: int) -> Result:
    """Repair after the loss of each team with a beat, and solve anew for `sample` of them."""
    warm_up()
    inputs = gather_guards(workspace)
    running = read_running(plan_guards(inputs), inputs)
    lost = sorted(running.sent.values())
    repair(running, lost[0])  # not measured: the first call may still load something
    done = {team: timed(partial(repair, running, team)) for team in lost}
    ms = [1000 * seconds for _, seconds in done.values()]
    moved = [len(fixed.moved) for fixed, _ in done.values()]
    opened = [_open(fixed) - _open(running) for fixed, _ in done.values()]
    rows = []
    for team in sorted(random.Random(SEED).sample(lost, min(sample, len(lost)))):
        rows.append(_against_anew(running, inputs, team, done[team][0]))
        say(f"{rows[-1]['team']}: repaired {rows[-1]['cost_over_anew']:+.2%} of a plan made anew")
    before = true_cost(running.problem, running.anchor_of, running.sent, running.teams)
    return {
        "teams": len(lost),
        "teams_idle": len(running.teams) - len(lost),
        "p50_ms": quantile(ms, 0.5),
        "p95_ms": quantile(ms, 0.95),
        "max_ms": max(ms),
        "tps_moved_mean": mean(moved),
        "tps_moved_p95": quantile(moved, 0.95),
        "tps_moved_max": max(moved),
        "tps_opened_mean": mean(opened),
        "taken_over_by_idle_team": sum(f.stand_in is not None for f, _ in done.values()),
        "cost_before": before,
        "cost_over_anew_mean": mean(r["cost_over_anew"] for r in rows) if rows else None,
        "cost_over_anew_max": max((r["cost_over_anew"] for r in rows), default=None),
        "peak_mb": peak_mb(),
        "sample": rows,
    }


def _open(plan: Running | Repair) -> int:
    return sum(int((a == OPEN).sum()) for a in plan.anchor_of)


def _against_anew(running: Running, inputs: GuardInputs, lost: int, fixed: Repair) -> Result:
    """Compare one repair with a plan made anew without the team."""
    team = running.teams[lost]
    teams = [t for t in running.teams if t.id != team.id]
    count = running.problem.teams.copy()
    count[running.problem.posts.index(team.post)] -= 1
    problem = replace(running.problem, teams=count)
    solution, seconds = timed(lambda: solve(problem, seed=SEED, effort=NORMAL))
    anew, sent = send(problem, inputs.sites, solution.anchor_of, teams)
    cost = true_cost(running.problem, fixed.anchor_of, fixed.sent, running.teams)
    cost_anew = true_cost(problem, anew, sent, teams)
    before = _team_of(problem, running.anchor_of, running.sent, running.teams)
    after = _team_of(problem, anew, sent, teams)
    return {
        "team": team.id,
        "tps_of_lost": len(fixed.orphans),
        "tps_moved": len(fixed.moved),
        "tps_moved_anew": sum(
            after.get(code) != now for code, now in before.items() if now != team.id
        ),
        "tps_open": _open(fixed),
        "tps_open_anew": sum(int((a == OPEN).sum()) for a in anew),
        "cost": cost,
        "cost_anew": cost_anew,
        "cost_over_anew": cost / cost_anew - 1,
        "anew_s": seconds,
    }


def _team_of(
    problem: GuardProblem,
    anchor_of: Sequence[Ints],
    sent: Mapping[tuple[int, int], int],
    teams: Sequence[Team],
) -> dict[str, str]:
    """Return the team of each guarded TPS."""
    return {
        problem.tps[k][i]: teams[sent[k, int(solved[i])]].id
        for k, solved in enumerate(anchor_of)
        for i in np.flatnonzero(solved != OPEN)
    }


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("repair", __doc__)
    command.add_argument("--workspace", type=Path, help="default: the demo, made anew")
    command.add_argument("--sample", type=int, default=5, help="losses also solved anew")
    asked = command.parse_args(arguments)
    with workspace_of(asked.workspace) as workspace:
        result = measure(workspace, sample=asked.sample)
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
