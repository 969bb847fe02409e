"""Guard plan of a workspace: cost, proven bound, the naive greedy, time and memory.

Without --workspace the demo (OKU Timur, CONTOH classes and roster) is built in a temporary folder.
`elapsed_s` is gathering and planning in process with compiled kernels; `process_s` a fresh
`sispamkota plan guards`. The greedy solves the same problem and, other than the plan, need not
mind who may guard where.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.instances import lay_out, workspace_of
from benchmarks.measure import Result, command_fresh, emit, parser, peak_mb, timed
from sispamkota.actions.plan import gather_guards
from sispamkota.planning.greedy import naive_greedy
from sispamkota.planning.guards import EffortName, plan_guards
from sispamkota.planning.search import OPEN
from sispamkota.planning.warmup import warm_up
from sispamkota.storage.workspace import Workspace


def measure(
    workspace: Workspace, *, effort: EffortName, pattern: str | None, runs: int, process: bool
) -> Result:
    """Plan `runs` times in process and, if asked, once in a fresh process."""
    warm_up()

    def once() -> dict[str, Any]:
        return plan_guards(gather_guards(workspace, pattern), effort=effort)

    made = [timed(once) for _ in range(runs)]
    peak = peak_mb()
    plan = made[0][0]
    laid = lay_out(gather_guards(workspace, pattern))
    greedy, greedy_cost = naive_greedy(laid.problem, laid.class_rank)
    gaps = {row["kecamatan"]: row["gap"] for row in plan["kecamatan"]}
    worst = max(gaps, key=lambda k: gaps[k])
    risk = plan["uncovered_risk"]
    result: Result = {
        "cost": plan["objective"],
        "lower_bound": plan["lower_bound"],
        "gap": plan["gap"],
        "greedy_cost": greedy_cost,
        "saving_vs_greedy": 1 - plan["objective"] / greedy_cost if greedy_cost else 0.0,
        "elapsed_s": median(seconds for _, seconds in made),
        "elapsed_runs_s": [seconds for _, seconds in made],
        "peak_mb": peak,
        "same_plan_every_run": all(p["objective"] == plan["objective"] for p, _ in made),
        "pattern": plan["pattern"],
        "effort": effort,
        "tps": plan["tps_covered"] + sum(plan["tps_uncovered"].values()),
        "teams": plan["teams"],
        "teams_available": laid.problem.team_count,
        "uncovered_risk": risk["value"],
        "uncovered_risk_lower_bound": risk["lower_bound"],
        "uncovered_risk_gap": risk["gap"],
        "tps_uncovered": plan["tps_uncovered"],
        "greedy_tps_uncovered": sum(int((a == OPEN).sum()) for a in greedy),
        "kecamatan_gap": gaps,
        "kecamatan_gap_worst": {"kecamatan": worst, "gap": gaps[worst]},
    }
    if process:
        named = ("--pattern", pattern) if pattern else ()
        command_fresh("need", "--counts", "rawan=1", "--json")  # modules compiled from here on
        fresh = command_fresh(
            "plan", "guards", "-w", workspace.folder, "--effort", effort, *named, "--json"
        )
        result |= {"process_s": fresh.elapsed_s, "process_peak_mb": fresh.peak_mb}
    return result


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("guards", __doc__)
    command.add_argument("--workspace", type=Path, help="default: the demo, made anew")
    command.add_argument("--effort", choices=("normal", "high"), default="normal")
    command.add_argument("--pattern", help="doctrine pattern (default: the workspace's)")
    command.add_argument("--runs", type=int, default=1, help="in-process runs; their median")
    command.add_argument("--no-process", action="store_true", help="no fresh process beside")
    asked = command.parse_args(arguments)
    with workspace_of(asked.workspace) as workspace:
        result = measure(
            workspace,
            effort=asked.effort,
            pattern=asked.pattern,
            runs=asked.runs,
            process=not asked.no_process,
        )
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
