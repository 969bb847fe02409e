"""Traffic assignment to user equilibrium on TNTP networks, and AequilibraE in the same run.

With --net and --trips: that instance. Without: Sioux Falls and Anaheim of the data folder against
their published objectives, Braess's paradox, re-solving after a closure, and the peer on Anaheim.
Times are medians of solving alone; reading and the compilation of kernels are told beside them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.aequilibrae_peer import ALGORITHMS, run_peer
from benchmarks.instances import data_folder
from benchmarks.measure import Result, emit, parser, peak_mb, say, timed
from benchmarks.tntp import Network, read_network, read_trips
from sispamkota.traffic.assignment import Demand, Links, assign
from sispamkota.traffic.costs import LinkCosts

KNOWN = {"SiouxFalls": 4231335.287107, "Anaheim": 1286032.171096}
GAP, TIGHT = 1e-6, 1e-10
RUNS, PEER_RUNS, PEER_MOST = 5, 3, 3000
CLOSURES = 20
CORES = (1, 2)  # of the peer; ours takes one


def braess(*, with_link: bool) -> tuple[Links, Demand]:
    """Return Braess's network (six trips from node 0 to 3), with or without the middle link."""
    free = np.array([1e-8, 50.0, 50.0, 1e-8, 10.0])
    slope = np.array([10.0, 1.0, 1.0, 10.0, 1.0])
    kept = slice(None if with_link else -1)
    links = Links(
        nodes=4,
        tail=np.array([0, 0, 1, 2, 1], dtype=np.int32)[kept],
        head=np.array([1, 2, 3, 3, 2], dtype=np.int32)[kept],
        costs=LinkCosts(
            free_time=free[kept],
            capacity=np.ones(5)[kept],
            b=(slope / free)[kept],
            power=np.ones(5)[kept],
            length_cost=np.zeros(5)[kept],
        ),
    )
    trips = Demand(
        origin=np.array([0], dtype=np.int32),
        destination=np.array([3], dtype=np.int32),
        volume=np.array([6.0]),
    )
    return links, trips


def compile_kernels() -> float:
    """Solve a toy, so that compiling is not measured; return how long that took."""
    links, trips = braess(with_link=True)
    return timed(lambda: assign(links, trips, warm=assign(links, trips).paths))[1]


def measure(links: Links, demand: Demand, *, gap: float, runs: int = RUNS) -> Result:
    """Assign so many times from nothing."""
    times = []
    for _ in range(runs):
        answer, elapsed_s = timed(lambda: assign(links, demand, gap=gap))
        times.append(elapsed_s)
    return {
        "objective": answer.objective,
        "relative_gap": answer.relative_gap,
        "elapsed_s": median(times),
        "reached": answer.reached,
        "iterations": answer.iterations,
        "paths": answer.paths.count,
        "total_cost": answer.total_cost,
        "unroutable": answer.unroutable.total,
    }


def closures(links: Links, demand: Demand, *, gap: float, runs: int = PEER_RUNS) -> Result:
    """Close each of some used roads alone, and solve from nothing and from the paths before."""
    open_roads = assign(links, demand, gap=gap)
    zone = links.first_thru_node
    used = np.flatnonzero((open_roads.flow > 0) & (links.tail >= zone) & (links.head >= zone))
    chosen = np.random.default_rng(1).choice(used, min(CLOSURES, len(used)), replace=False)
    cold_s, warm_s, apart = [], [], 0.0
    for k in chosen:
        shut = np.zeros(links.size, dtype=bool)
        shut[k] = True
        both = []
        for warm in (None, open_roads.paths):
            solve = partial(assign, links, demand, gap=gap, warm=warm, closed=shut)
            done = [timed(solve) for _ in range(runs)]
            both.append((done[0][0].objective, median(t for _, t in done)))
        (cold, cold_t), (again, warm_t) = both
        cold_s.append(cold_t)
        warm_s.append(warm_t)
        apart = max(apart, abs(cold / again - 1))
    ratios = [c / w for c, w in zip(cold_s, warm_s, strict=True)]
    return {
        "closures": len(ratios),
        "cold_s": median(cold_s),
        "warm_s": median(warm_s),
        "ratio": median(ratios),
        "ratio_least": min(ratios),
        "objectives_apart": apart,
    }


def peers(network: Network, demand: Demand, *, gap: float, runs: int) -> list[Result] | None:
    """Let AequilibraE solve the same; None where it is not installed."""
    rows = []
    for algorithm, cores in ((a, c) for a in ALGORITHMS for c in CORES):
        solve = partial(
            run_peer, network, demand, gap=gap, algorithm=algorithm, most=PEER_MOST, cores=cores
        )
        try:
            done = [solve() for _ in range(runs)]
        except ImportError:
            say("aequilibrae is not installed (group bench): no peer")
            return None
        rows.append(done[0] | {"elapsed_s": median(r["elapsed_s"] for r in done)})
        say(f"aequilibrae {algorithm}, {cores} cores: {rows[-1]['elapsed_s']:.3g} s")
    return rows


def everything(*, with_peer: bool) -> Result:
    """Measure what the targets speak of."""
    compile_s = compile_kernels()
    folder = data_folder() / "benchmarks" / "tntp"
    result: Result = {"compile_s": compile_s, "networks": []}
    for name, known in KNOWN.items():
        network = read_network(folder / name / f"{name}_net.tntp")
        demand = read_trips(folder / name / f"{name}_trips.tntp")
        links = network.links()
        usual = measure(links, demand, gap=GAP)
        tight = measure(links, demand, gap=TIGHT)
        again = closures(links, demand, gap=GAP)
        result["networks"].append(
            {
                "name": name,
                "elapsed_s": usual["elapsed_s"],
                "tight_elapsed_s": tight["elapsed_s"],
                "tight_relative_gap": tight["relative_gap"],
                "objective": tight["objective"],
                "best_known": known,
                "closure_ratio": again["ratio"],
                "closure_ratio_least": again["ratio_least"],
                "closure_cold_s": again["cold_s"],
                "closure_warm_s": again["warm_s"],
            }
        )
        say(f"{name}: {usual['elapsed_s']:.3g} s, closure {again['ratio']:.1f} x")
    for with_link in (True, False):
        links, demand = braess(with_link=with_link)
        answer = assign(links, demand, gap=1e-12)
        key = "braess_with_link" if with_link else "braess_without"
        result[key] = answer.total_cost / demand.total
    network = read_network(folder / "Anaheim" / "Anaheim_net.tntp")
    demand = read_trips(folder / "Anaheim" / "Anaheim_trips.tntp")
    rows = peers(network, demand, gap=GAP, runs=PEER_RUNS) if with_peer else None
    if rows is not None:
        ours = result["networks"][-1]["elapsed_s"]
        best = min(r["elapsed_s"] for r in rows if r["relative_gap"] <= GAP)
        result |= {"peer": rows, "peer_best_s": best, "peer_ratio": best / ours}
    return result | {"peak_mb": peak_mb()}


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("assignment", __doc__)
    command.add_argument("--net", type=Path, help="a TNTP network, .gz or not")
    command.add_argument("--trips", type=Path, help="its trips")
    command.add_argument("--gap", type=float, default=GAP, help="relative gap to reach")
    command.add_argument("--length-cost", type=float, default=0.0, help="time per unit of length")
    command.add_argument("--toll-cost", type=float, default=0.0, help="time per unit of toll")
    command.add_argument("--runs", type=int, default=1, help="of which the median is told")
    command.add_argument("--closures", action="store_true", help="re-solve after closures too")
    command.add_argument("--no-peer", action="store_true", help="without AequilibraE")
    asked = command.parse_args(arguments)
    if (asked.net is None) != (asked.trips is None):
        command.error("give both --net and --trips, or neither")
    if asked.net is None:
        tell(everything(with_peer=not asked.no_peer), as_json=asked.json)
        return
    (network, demand), read_s = timed(lambda: (read_network(asked.net), read_trips(asked.trips)))
    links = network.links(length_cost=asked.length_cost, toll_cost=asked.toll_cost)
    compile_s = compile_kernels()
    result = measure(links, demand, gap=asked.gap, runs=max(asked.runs, 1))
    if asked.closures:
        result["closure"] = closures(links, demand, gap=asked.gap, runs=1)
    result |= {"read_s": read_s, "compile_s": compile_s, "peak_mb": peak_mb()}
    tell(result, as_json=asked.json)


def tell(result: Result, *, as_json: bool) -> None:
    """Print a result; JSON not rounded, since a gap of 1e-10 is a figure, not zero."""
    if as_json:
        print(json.dumps(result))
    else:
        emit(result, as_json=False)


if __name__ == "__main__":
    main()
