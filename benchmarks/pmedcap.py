"""OR-Library capacitated p-median through the planner's own search and bound.

File: "number best-known", "n p Q", then n rows "id x y demand"; distances are Euclidean, truncated
to integers. Exactly p medians: no opening cost, and a penalty for an open customer that no plan
with one can win by. The bound is the Lagrangian one, by knapsack dynamic programming, with one
post of p teams and no ways; costs are whole numbers, so it is rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.instances import data_folder
from benchmarks.measure import Result, emit, parser, peak_mb, say, timed
from sispamkota.planning.bound import Prices, lower_bound
from sispamkota.planning.search import OPEN, Beats, Block, search
from sispamkota.planning.solve import WORKERS, first_values
from sispamkota.planning.warmup import warm_up

PENALTY = 1e5  # more than any distance of the instances times the customers of a median
STARTS, MOVES, ROUNDS = 4, 10_000, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance: the block, how many medians, and the best value known."""

    name: str
    best_known: float
    medians: int
    block: Block


def read(path: Path) -> Instance:
    """Read a file of the OR-Library form.

    Raises:
        SystemExit: the file is not of that form.
    """
    try:
        numbers = [float(word) for word in path.read_text(encoding="utf-8").split()]
        _, best, n, p, capacity = numbers[:5]
        rows = np.array(numbers[5:]).reshape(int(n), 4)
    except (ValueError, OSError) as error:
        raise SystemExit(f"{path}: not an OR-Library pmedcap file ({error})") from error
    x, y = rows[:, 1], rows[:, 2]
    block = Block(
        travel=np.floor(np.hypot(x[:, None] - x, y[:, None] - y)),
        weight=rows[:, 3].astype(np.int64),
        capacity=int(capacity),
        opening=np.zeros(int(n)),
        penalty=np.full(int(n), PENALTY),
    )
    return Instance(name=path.stem, best_known=best, medians=int(p), block=block)


def measure(instance: Instance, *, starts: int, moves: int, rounds: int) -> Result:
    """Search from several seeds, then bound."""
    warm_up()
    block, p = instance.block, instance.medians
    with ThreadPoolExecutor(WORKERS) as pool:

        def one(seed: int) -> Beats:
            return search(block, seed=seed, moves=moves, least=p, most=p)

        found, search_s = timed(lambda: list(pool.map(one, range(1, starts + 1))))
        best = min(found, key=lambda b: b.cost)
        bound, bound_s = timed(lambda: bounded(instance, best, rounds, pool))
    covered = best.anchor_of != OPEN
    return {
        "instance": instance.name,
        "cost": best.cost,
        "lower_bound": bound,
        "best_known": instance.best_known,
        "gap_to_best_known": best.cost / instance.best_known - 1,
        "gap": 1 - bound / best.cost,
        "elapsed_s": search_s + bound_s,
        "search_s": search_s,
        "bound_s": bound_s,
        "peak_mb": peak_mb(),
        "medians": best.count,
        "feasible": bool(covered.all()) and best.count <= p,
        "starts_at_best": sum(b.cost == best.cost for b in found),
    }


def bounded(instance: Instance, best: Beats, rounds: int, pool: ThreadPoolExecutor) -> float:
    """Return the Lagrangian bound, rounded up."""
    block, p = instance.block, instance.medians
    price = 0.5 * best.cost / p  # first guess only: half of a median's way counts for opening it
    priced = replace(block, opening=np.full(block.size, price))
    start = Prices(
        value=(first_values(priced, best.anchor_of),),
        team_price=np.array([price]),
        block_bound=np.zeros(1),
        total=-np.inf,
    )
    found = lower_bound(
        [block],
        [np.zeros((1, block.size))],
        np.array([p], dtype=np.int64),
        target=best.cost,
        start=start,
        rounds=rounds,
        pool=pool,
    )
    return float(np.ceil(found.total - 1e-6))


def summary(rows: Sequence[Result]) -> Result:
    """Return the means over several instances."""
    return {
        "instances": list(rows),
        "mean_gap_to_best_known": mean(r["gap_to_best_known"] for r in rows),
        "worst_gap_to_best_known": max(r["gap_to_best_known"] for r in rows),
        "optimal": sum(r["cost"] == r["best_known"] for r in rows),
        "mean_gap": mean(r["gap"] for r in rows),
        "slowest_s": max(r["elapsed_s"] for r in rows),
        "peak_mb": peak_mb(),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("pmedcap", __doc__)
    command.add_argument("file", type=Path, nargs="?", help="an instance")
    command.add_argument("--all", action="store_true", help="1-10 of the data folder")
    command.add_argument("--starts", type=int, default=STARTS)
    command.add_argument("--moves", type=int, default=MOVES, help="of each start")
    command.add_argument("--rounds", type=int, default=ROUNDS, help="of the bound")
    asked = command.parse_args(arguments)
    if asked.all == (asked.file is not None):
        command.error("give a FILE or --all")
    effort = {"starts": asked.starts, "moves": asked.moves, "rounds": asked.rounds}
    if asked.file is not None:
        emit(measure(read(asked.file), **effort), as_json=asked.json)
        return
    rows = []
    for path in sorted((data_folder() / "benchmarks" / "pmedcap").glob("pmedcap*.txt")):
        rows.append(measure(read(path), **effort))
        say(f"{path.stem}: {rows[-1]['cost']:g}, best known {rows[-1]['best_known']:g}")
    emit(summary(rows), as_json=asked.json)


if __name__ == "__main__":
    main()
