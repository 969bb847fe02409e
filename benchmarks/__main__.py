"""Run all benchmarks, each in a process of its own, and show one table (`make bench`).

`--write` puts the table, with the machine it was measured on, under "## Results" of
docs/benchmarks.md; the method above that heading stays. `--full` gives the peer its 60 s for
every kecamatan and measures the high effort (tens of minutes).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.measure import ROOT, Result, machine, run_fresh, say
from benchmarks.road_lines import assignment_lines, load_lines, matrix_lines
from benchmarks.told import Line, at_most, megabytes, percent, seconds

PAGE = ROOT / "docs" / "benchmarks.md"
HEADING = "## Results"
SHORT = 2.0  # seconds per kecamatan for the peer without --full


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One benchmark to run and how its result is told."""

    module: str
    arguments: tuple[str, ...]
    lines: Callable[[Result], list[Line]]


def flow_lines(r: Result) -> list[Line]:
    parts = ", ".join(f"{k} {seconds(r[f'{k}_s'])}" for k in ("import", "vulnerability", "need"))
    return [
        at_most("OKU Timur, import + vulnerability + need, in process", r["total_s"], 5, seconds),
        Line(what="of which", value=parts),
        Line(
            what=f"the same by {r['processes']} commands, each a fresh process",
            value=seconds(r["process_total_s"]),
        ),
        Line(what="peak memory", value=megabytes(r["peak_mb"])),
    ]


def guard_lines(title: str, gap: float, time_s: float) -> Callable[[Result], list[Line]]:
    def lines(r: Result) -> list[Line]:
        worst = r["kecamatan_gap_worst"]
        parts = [
            at_most(f"{title}: certified gap", r["gap"], gap, percent),
            at_most(f"{title}: time in process", r["elapsed_s"], time_s, seconds),
            Line(
                what=f"{title}: cost, lower bound",
                value=f"{r['cost']:,.0f}, {r['lower_bound']:,.0f}",
            ),
            Line(
                what=f"{title}: below the naive greedy",
                value=percent(r["saving_vs_greedy"], 1),
                target=">= 20 %",
                met=r["saving_vs_greedy"] >= 0.2,
            ),
            Line(
                what=f"{title}: widest gap of a kecamatan",
                value=f"{percent(worst['gap'])} ({worst['kecamatan']})",
            ),
            Line(what=f"{title}: peak memory", value=megabytes(r["peak_mb"])),
        ]
        if "process_s" in r:
            parts.append(Line(what=f"{title}: fresh process", value=seconds(r["process_s"])))
        return parts

    return lines


def shortage_lines(r: Result) -> list[Line]:
    title = f"Shortage ({r['pattern']})"
    left = r["tps_uncovered"]
    return [
        Line(
            what=f"{title}: open risk, its lower bound",
            value=f"{r['uncovered_risk']:,.0f}, {r['uncovered_risk_lower_bound']:,.1f}",
        ),
        at_most(f"{title}: gap of the open risk", r["uncovered_risk_gap"], 0.05, percent),
        Line(
            what=f"{title}: TPS open (kurang rawan, rawan, sangat rawan); greedy",
            value=f"{left['kurang_rawan']}, {left['rawan']}, {left['sangat_rawan']};"
            f" {r['greedy_tps_uncovered']}",
        ),
        at_most(f"{title}: time in process", r["elapsed_s"], 10, seconds),
        Line(what=f"{title}: certified gap of the cost", value=percent(r["gap"])),
        Line(what=f"{title}: below the naive greedy", value=percent(r["saving_vs_greedy"], 1)),
    ]


def peer_lines(r: Result) -> list[Line]:
    each = f"{r['seconds_per_kecamatan']:g} s per kecamatan"
    teams = "as many teams as ours" if r["same_teams"] else "any number of teams"
    return [
        Line(
            what=f"Our cost / CP-SAT's ({each}, {r['workers']} workers, {teams})",
            value=f"{r['ratio']:.4f}",
            target="<= 1",
            met=r["ratio"] <= 1,
        ),
        Line(
            what="kecamatan where ours is cheaper, dearer",
            value=f"{r['kecamatan_cheaper']}, {r['kecamatan_dearer']} of {len(r['kecamatan'])}",
        ),
        Line(
            what="time, ours and CP-SAT's; teams, ours and CP-SAT's",
            value=f"{seconds(r['ours_s'])}, {seconds(r['cpsat_s'])};"
            f" {r['teams_ours']}, {r['teams_cpsat']}",
        ),
    ]


def pmedcap_lines(r: Result) -> list[Line]:
    count = len(r["instances"])
    return [
        at_most(
            f"OR-Library pmedcap, {count} instances: mean gap to best known",
            r["mean_gap_to_best_known"],
            0.002,
            percent,
        ),
        Line(what="pmedcap: best known reached", value=f"{r['optimal']} of {count}"),
        at_most("pmedcap: slowest", r["slowest_s"], 10, seconds),
        Line(what="pmedcap: mean gap to our own bound", value=percent(r["mean_gap"])),
    ]


def national_lines(r: Result) -> list[Line]:
    where = f"Province {r['province']} ({r['province_tps']:,} TPS, positions and teams CONTOH)"
    return [
        at_most(f"Country, need of {r['tps']:,} TPS", r["need_s"], 10, seconds),
        Line(what=f"{where}: guard plans", value=seconds(r["province_s"])),
        Line(
            what="province: certified gap, widest of a regency",
            value=f"{percent(r['province_gap'])}, {percent(r['province_gap_worst_regency'])}",
        ),
        at_most("province: peak memory", r["peak_mb"], 4000, megabytes),
        Line(
            what="Country, guard plans, extrapolated, not measured",
            value=f"about {r['country_extrapolated_s'] / 3600:.1f} h",
        ),
        Line(
            what="extrapolation",
            value=f"{r['time_model']} (median error {percent(r['time_model_median_error'], 0)});"
            f" {r['assumption']}",
        ),
    ]


def repair_lines(r: Result) -> list[Line]:
    return [
        Line(what=f"Repair, each of {r['teams']} teams: p50", value=f"{r['p50_ms']:.1f} ms"),
        at_most("repair: p95", r["p95_ms"], 100, lambda ms: f"{ms:.1f} ms"),
        Line(
            what="TPS of other teams that move: mean, p95, most",
            value=f"{r['tps_moved_mean']:.1f}, {r['tps_moved_p95']}, {r['tps_moved_max']}",
        ),
        Line(
            what=f"cost over a plan made anew ({len(r['sample'])} losses): mean, most",
            value=f"{percent(r['cost_over_anew_mean'])}, {percent(r['cost_over_anew_max'])}",
        ),
    ]


def house_lines(r: Result) -> list[Line]:
    return [
        at_most("Planning screen, lists usable, Fast 3G, CPU x4", r["shell_s"], 2.5, seconds),
        at_most("the same, map drawn", r["map_s"], 8, seconds),
        at_most("filter 2,180 rows, main thread", r["filter_ms"], 100, lambda ms: f"{ms:.0f} ms"),
        at_most("sort 2,180 rows, main thread", r["sort_ms"], 100, lambda ms: f"{ms:.0f} ms"),
        at_most("what-if of one kecamatan over HTTP, warm", r["whatif_s"], 2, seconds),
        Line(what="the first one in a worker", value=seconds(r["whatif_first_s"])),
        at_most("Renpam of the regency over HTTP", r["renpam_s"], 20, seconds),
        at_most("all Sprin over HTTP", r["sprin_s"], 60, seconds),
        at_most("server idle", r["idle_mb"], 250, megabytes),
        Line(what="server after all of this", value=megabytes(r["busy_mb"])),
    ]


def runs(*, full: bool) -> list[Run]:
    """Return what is to be run, in order."""
    peer = ("--seconds", "60" if full else f"{SHORT:g}")
    found = [
        Run(module="flow", arguments=(), lines=flow_lines),
        Run(
            module="guards",
            arguments=("--runs", "3"),
            lines=guard_lines("Guard plan of OKU Timur", 0.03, 10),
        ),
        Run(
            module="guards",
            arguments=("--pattern", "pemilu-2024-2.8.16", "--no-process"),
            lines=shortage_lines,
        ),
        Run(module="pmedcap", arguments=("--all",), lines=pmedcap_lines),
        Run(module="repair", arguments=(), lines=repair_lines),
        Run(module="national", arguments=(), lines=national_lines),
        Run(module="house", arguments=(), lines=house_lines),
        Run(module="roads_load", arguments=(), lines=load_lines),
        Run(module="matrix", arguments=(), lines=matrix_lines),
        Run(module="assignment", arguments=(), lines=assignment_lines),
        Run(module="cpsat", arguments=peer, lines=peer_lines),
    ]
    if full:
        found += [
            Run(module="cpsat", arguments=(*peer, "--same-teams"), lines=peer_lines),
            Run(
                module="guards",
                arguments=("--effort", "high", "--no-process"),
                lines=guard_lines("Guard plan, effort high", 0.015, 600),
            ),
        ]
    return found


def run(wanted: Run) -> list[Line]:
    """Run one benchmark and return its lines; one that fails says so in the table."""
    name = " ".join((wanted.module, *wanted.arguments))
    say(f"benchmarks.{name}")
    done = run_fresh(f"benchmarks.{wanted.module}", *wanted.arguments, "--json")
    if done.code != 0:
        last = (done.err.strip().splitlines() or ["no message"])[-1]
        say(done.err)
        return [Line(what=f"benchmarks.{name}", value=f"failed: {last}", met=False)]
    return wanted.lines(json.loads(done.out))


def table(lines: Sequence[Line]) -> str:
    """Return the lines as a markdown table, with the machine above."""
    words = {True: "yes", False: "**no**", None: ""}
    on = machine()
    head = (
        f"Measured {on['date']} on {on['processor']}, {on['cores']} cores, {on['memory_gib']} GiB,"
        f" {on['system']}, Python {on['python']}."
    )
    rows = ["| measured | value | target | met |", "| --- | --- | --- | --- |"]
    rows += [f"| {i.what} | {i.value} | {i.target} | {words[i.met]} |" for i in lines]
    return f"{head}\n\n" + "\n".join(rows) + "\n"


def write(text: str) -> None:
    """Put the text under the heading of results; what stands above it stays."""
    method = PAGE.read_text(encoding="utf-8").split(HEADING)[0].rstrip()
    PAGE.write_text(f"{method}\n\n{HEADING}\n\n{text}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    command = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    command.add_argument("--full", action="store_true", help="tens of minutes")
    command.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    command.add_argument("--only", nargs="*", metavar="NAME", help="only these benchmarks")
    asked = command.parse_args(arguments)
    if asked.write and asked.only:
        command.error("--write takes the whole table")
    wanted = [r for r in runs(full=asked.full) if not asked.only or r.module in asked.only]
    lines = [line for r in wanted for line in run(r)]
    text = table(lines)
    print(text)
    if asked.write:
        write(text)
    return 0 if all("failed" not in line.value for line in lines) else 1


if __name__ == "__main__":
    raise SystemExit(main())
