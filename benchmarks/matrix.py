"""Travel times and closures on a road network of any size, beside SciPy on the same turn graph.

The matrix is from N to M places drawn on the roads; SciPy finds all of it anew, before any closure
and after a thousand, and every cell is compared. Closing is timed in twenties until the next
question would see it, then both: close twenty and ask for the nearest ten of the N. With
`--nodes` the network is made that large by copies of the file, linked, some more turns forbidden
(`tiles` says how): it then stands for a size, not for a place.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances import data_folder
from benchmarks.measure import Result, emit, parser, peak_mb, quantile, say, timed
from benchmarks.tiles import more_banned, tiled
from sispamkota.roads.connect import components
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import Network
from sispamkota.roads.router import Matrix, Router
from sispamkota.roads.snap import Snapped
from sispamkota.roads.warmup import warm_up

SEED = 4
RUNS = 5  # of the matrix, of which the median is told
CLOSED, CLOSINGS = 20, 50  # arcs at once, how often: a thousand
ASKED, NEAREST = 300, 10


def drawn(network: Network, count: int, rng: np.random.Generator) -> Snapped:
    """Places anywhere along the roads of the part that holds together."""
    held = np.flatnonzero(components(network, "car").arcs_within(network))
    return Snapped(
        arc=rng.choice(held, count).astype(np.int32),
        fraction=rng.random(count),
        distance_m=np.zeros(count),
        far=np.zeros(count, np.bool_),
        place=np.full((count, 2), np.nan),
        limit_m=0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a number of calls took: wall clock, and processor time of the calling thread.

    On a machine that others use the first also counts their turns.
    """

    wall: list[float]
    cpu: list[float]

    def quantiles(self, name: str, *, with_cpu: bool = False) -> Result:
        """Return the median and the 95 % quantile under names of their own."""
        told = {
            f"{name}_p50_s": quantile(self.wall, 0.5),
            f"{name}_p95_s": quantile(self.wall, 0.95),
        }
        return told | ({f"{name}_cpu_p95_s": quantile(self.cpu, 0.95)} if with_cpu else {})


def calls(work: Callable[[int], object], count: int) -> Took:
    took = Took(wall=[], cpu=[])
    for i in range(count):
        wall, cpu = time.perf_counter(), time.thread_time()
        work(i)
        took.wall.append(time.perf_counter() - wall)
        took.cpu.append(time.thread_time() - cpu)
    return took


def measure(network: Network, sources: int, targets: int, *, rows: int) -> Result:
    """Measure preparation, matrix, closures and nearest units; compare with SciPy."""
    rng = np.random.default_rng(SEED)
    router, prep_s = timed(lambda: Router(network))
    origins, destinations = drawn(network, sources, rng), drawn(network, targets, rng)
    first, first_s = timed(lambda: router.matrix(origins, destinations))
    elapsed = calls(lambda _: router.matrix(origins, destinations), RUNS).wall
    result = {
        "nodes": network.nodes,
        "arcs": network.arcs,
        "states": router.graph.states,
        "turns": router.graph.turns,
        "forbidden_turns": len(network.banned),
        "prep_s": prep_s,
        "elapsed_s": float(np.median(elapsed)),
        "elapsed_first_s": first_s,
        "unreachable": float(np.isinf(first.seconds).mean()),
    }
    result |= closures(router, origins, rng) | {"peak_mb": peak_mb()}
    say("SciPy, twice")
    result |= compared(router, origins, destinations, first, rows)
    return result | {"ratio": result["scipy_s"] / result["elapsed_s"]}


def closures(router: Router, units: Snapped, rng: np.random.Generator) -> Result:
    """Close a thousand arcs in twenties and ask with closures on; they stay closed."""
    network = router.network
    held = np.flatnonzero(components(network, "car").arcs_within(network))
    arcs = rng.choice(held, (CLOSINGS, CLOSED))
    more = rng.choice(held, (CLOSINGS, CLOSED))
    asked = drawn(network, ASKED, rng)
    rows = [asked.take(slice(i, i + 1)) for i in range(ASKED)]
    router.nearest(rows[0], units, NEAREST)  # the units are got ready once
    closing = calls(lambda i: router.close(arcs[i]), CLOSINGS)
    closed = router.closed
    near = calls(lambda i: router.nearest(rows[i], units, NEAREST), ASKED)

    def both(i: int) -> None:
        router.close(more[i])
        router.nearest(rows[i], units, NEAREST)

    together = calls(both, CLOSINGS)
    reopening = calls(lambda i: router.reopen(more[i]), CLOSINGS)
    router.set_closed(closed)
    return (
        closing.quantiles("closure", with_cpu=True)
        | reopening.quantiles("reopening")
        | near.quantiles("nearest", with_cpu=True)
        | together.quantiles("closure_and_nearest", with_cpu=True)
    )


def compared(
    router: Router, origins: Snapped, destinations: Snapped, opened: Matrix, rows: int
) -> Result:
    """Let SciPy find the same times, without closures and with those of the router."""
    exact = Router.exact(router.network)
    some = np.arange(min(rows, len(origins.arc)))
    share = len(some) / max(1, len(origins.arc))
    before, scipy_s = timed(lambda: exact.matrix(origins.take(some), destinations).seconds)
    exact.set_closed(router.closed)
    after, scipy_closed_s = timed(lambda: exact.matrix(origins.take(some), destinations).seconds)
    shut = router.matrix(origins, destinations).seconds
    return {
        "closed_arcs": int(router.closed.sum()),
        "scipy_rows": len(some),
        "scipy_s": scipy_s / share,
        "scipy_closed_s": scipy_closed_s / share,
        "cells_compared": 2 * before.size,
        "max_difference": max(
            _difference(opened.seconds[some], before), _difference(shut[some], after)
        ),
        "cells_changed_by_closures": int((before != after).sum()),
    }


def _difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The largest difference; infinite where only one is infinite."""
    same = one == other
    return float(np.abs(one[~same] - other[~same]).max(initial=0.0))


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("matrix", __doc__)
    command.add_argument("--roads", type=Path, help="OSM, GeoJSON or GraphML (default: Andorra)")
    command.add_argument("--sources", type=int, default=500)
    command.add_argument("--targets", type=int, default=2180)
    command.add_argument("--nodes", type=int, default=0, help="make it at least this large")
    command.add_argument("--rows", type=int, default=10**9, help="sources that SciPy does")
    asked = command.parse_args(arguments)
    roads = asked.roads or data_folder() / "roads" / "andorra.osm.pbf"
    nodes = asked.nodes if asked.roads or asked.nodes else 200_000
    network = read_roads(
        roads.name, roads.read_bytes(), source="benchmark", as_of=dt.date(2026, 1, 1)
    )
    if nodes > network.nodes:
        network = more_banned(tiled(network, nodes))
    _, compile_s = timed(warm_up)
    result = measure(network, asked.sources, asked.targets, rows=asked.rows)
    emit(
        result | {"compile_s": compile_s, "network": dict(network.report) if nodes else {}},
        as_json=asked.json,
    )


if __name__ == "__main__":
    main()
