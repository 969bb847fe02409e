"""How the benchmarks of roads and traffic are told."""

from __future__ import annotations

from benchmarks.measure import Result
from benchmarks.told import Line, at_least, at_most, megabytes, milliseconds, seconds, times


def load_lines(r: Result) -> list[Line]:
    lines = []
    for each in r["files"]:
        name, read = each["file"], seconds(each["elapsed_s"])
        kept = f"{name}: {each['restrictions_honoured']} turn restrictions honoured"
        if each.get("ratio") is None:
            lines.append(Line(what=f"{kept}; pyrosm not installed", value=read))
        else:
            both = f"{kept}; {read}, pyrosm {seconds(each['peer_s'])}"
            lines.append(at_least(both, each["ratio"], 1, times))
    return lines


def matrix_lines(r: Result) -> list[Line]:
    size = f"{r['nodes']:,} nodes, {r['turns']:,} turns"
    scipy = f"{seconds(r['elapsed_s'])} against {seconds(r['scipy_s'])}"
    return [
        at_most(f"Roads, {size}: preparation", r["prep_s"], 30, seconds),
        at_least(f"500 x 2,180 against SciPy ({scipy})", r["ratio"], 30, times),
        at_most(
            f"largest difference to SciPy, before and after {r['closed_arcs']} closures",
            r["max_difference"],
            0,
            seconds,
        ),
        at_most("20 arcs closed, visible to the next query: p95", r["closure_p95_s"], 0.005,
                milliseconds),
        Line(what="the same, processor time", value=milliseconds(r["closure_cpu_p95_s"])),
        at_most("nearest 10 of 500 units, closures on: p95", r["nearest_p95_s"], 0.002,
                milliseconds),
        Line(what="the same, processor time", value=milliseconds(r["nearest_cpu_p95_s"])),
        at_most("peak memory", r["peak_mb"], 1500, megabytes),
    ]  # fmt: skip


def assignment_lines(r: Result) -> list[Line]:
    lines = []
    for each in r["networks"]:
        apart = abs(each["objective"] / each["best_known"] - 1)
        took = f"{each['name']}: relative gap in {seconds(each['tight_elapsed_s'])}"
        lines += [
            at_most(took, each["tight_relative_gap"], 1e-10, plain),
            at_most(f"{each['name']}: off the known objective", apart, 1e-9, plain),
            at_least(f"{each['name']}: again after a closure, against from nothing",
                     each["closure_ratio"], 3, times),
        ]  # fmt: skip
    lines += [
        Line(
            what="Braess, average cost with the link, without",
            value=f"{r['braess_with_link']:.6g}, {r['braess_without']:.6g}",
            target="92, 83",
            met=round(r["braess_with_link"], 6) == 92 and round(r["braess_without"], 6) == 83,
        )
    ]
    if "peer_ratio" in r:
        peer = f"Anaheim to 1e-6 against AequilibraE's best ({seconds(r['peer_best_s'])})"
        lines.append(at_least(peer, r["peer_ratio"], 10, times))
    return lines


def plain(value: float) -> str:
    return f"{value:.1e}"
