"""National scale: need of the country's TPS, guard plans of one province, the country estimated.

Counts per desa are real (KPU 2024, 820,161 TPS). All else is CONTOH, seeded: classes (kurang rawan
but for 5 % rawan and 0.1 % sangat rawan; khusus count as sangat rawan), positions (see `places`),
teams (1.15 times the least by capacity, at a post in each kecamatan's centre). The country's time
is a sum over all kecamatan of a model fitted to the regencies measured and, so that large ones are
not guessed from small ones, to two of the country's largest planned alone: `time_model` states it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from benchmarks.instances import data_folder
from benchmarks.measure import Result, emit, parser, peak_mb, say, timed
from benchmarks.places import place_province
from sispamkota.planning.guards import team_share
from sispamkota.planning.need import GROUPINGS, need_from_tally
from sispamkota.planning.need_tally import tally_scores
from sispamkota.planning.patterns import DEFAULT_PATTERN, find_pattern, load_patterns
from sispamkota.planning.problem import GuardProblem, GuardRules, build_problem
from sispamkota.planning.search import OPEN
from sispamkota.planning.solve import NORMAL, WORKERS, send_teams, solve
from sispamkota.planning.travel import StraightLine
from sispamkota.planning.warmup import warm_up
from sispamkota.vulnerability.frames import CLASSES, SCORES

SEED = 2024
RAWAN, SANGAT_RAWAN = 0.05, 0.001
SUPPLY = 1.15
COUNTS = "tps/tps_per_desa_indonesia_2024.parquet"


def read_tps(file: Path) -> pl.DataFrame:
    """Return one row per TPS of the country: code, desa, kecamatan, khusus, class."""
    desa = pl.read_parquet(file).select(
        desa="kode_desa_kpu",
        kecamatan="kode_kec_kpu",
        regular=pl.col("n_tps_reguler").fill_null(0).cast(pl.Int64),
        total=pl.col("n_tps_total").fill_null(0).cast(pl.Int64),
    )
    tps = (
        desa.filter(pl.col("total") > 0)
        .with_columns(number=pl.int_ranges(1, pl.col("total") + 1))
        .explode("number")
        .with_columns(khusus=pl.col("number") > pl.col("regular"))
        .with_columns(
            shown=pl.when("khusus")
            .then(900 + pl.col("number") - pl.col("regular"))
            .otherwise("number")
        )
        .sort("desa", "shown")
    )
    draw = np.random.default_rng(SEED).random(tps.height)
    rank = pl.Series((draw < RAWAN + SANGAT_RAWAN).astype(int) + (draw < SANGAT_RAWAN))
    return tps.select(
        pl.col("desa"),
        pl.col("kecamatan"),
        pl.col("khusus"),
        code=pl.col("desa") + pl.col("shown").cast(pl.String).str.zfill(3),
        **{
            "class": pl.when("khusus")
            .then(pl.lit(CLASSES[-1]))
            .otherwise(rank.replace_strict(dict(enumerate(CLASSES)), return_dtype=pl.String))
        },
    )


def country_need(tps: pl.DataFrame) -> Result:
    """Time every pattern under every grouping, from scores to persons."""
    known = {"tps": "code", "class_low": "class", "class_high": "class", "computed_class": "class"}
    scores = tps.select(
        (
            pl.col(known.get(name, name)).cast(kind)
            if known.get(name, name) in tps.columns
            else pl.lit(None, kind)
        ).alias(name)
        for name, kind in SCORES.items()
    )
    tally, tally_s = timed(lambda: tally_scores(scores))
    patterns = load_patterns()
    needs, needs_s = timed(
        lambda: [need_from_tally(tally, p, g) for p in patterns for g in GROUPINGS]
    )
    shown = next(n for n in needs if n.pattern == DEFAULT_PATTERN and n.grouping == "kecamatan")
    return {
        "need_s": tally_s + needs_s,
        "need_tally_s": tally_s,
        "needs": len(needs),
        "tps": scores.height,
        "need_polri": shown.required["polri"],
        "need_linmas": shown.required["linmas"],
        "need_pattern": f"{shown.pattern}, {shown.grouping}",
    }


def regency_problem(sites: pl.DataFrame) -> GuardProblem:
    """Lay out one regency with a post, and its teams, in the centre of each kecamatan."""
    rules, pattern = GuardRules(), find_pattern(DEFAULT_PATTERN)
    _, share = team_share(pattern)
    part = {name: float(value) for name, value in share.items()}
    category = pl.when("khusus").then(pl.lit("khusus")).otherwise("class")
    posts = (
        sites.group_by("kecamatan")
        .agg(
            pl.col("lon").mean(),
            pl.col("lat").mean(),
            load=category.replace_strict(part, return_dtype=pl.Float64).sum(),
        )
        .with_columns(teams=(SUPPLY * pl.col("load")).ceil().cast(pl.Int64))
        .rename({"kecamatan": "code"})
        .sort("code")
    )
    teams = dict(posts.select("code", "teams").iter_rows())
    return build_problem(sites, posts, teams, share=share, rules=rules, travel=StraightLine())


def plan_regency(code: str, sites: pl.DataFrame) -> Result:
    """Plan one regency."""
    problem = regency_problem(sites)
    solution, elapsed = timed(lambda: solve(problem, seed=1, effort=NORMAL))
    cost, _ = send_teams(problem, solution.anchor_of)
    sizes = [b.size for b in problem.blocks]
    bound = solution.prices.total
    return {
        "regency": code,
        "kecamatan": len(sizes),
        "tps": sum(sizes),
        "largest": max(sizes),
        "teams": problem.team_count,
        "cost": cost,
        "lower_bound": bound,
        "gap": (cost - bound) / cost if cost else 0.0,
        "tps_uncovered": sum(int((a == OPEN).sum()) for a in solution.anchor_of),
        "elapsed_s": elapsed,
        "sizes": sizes,
    }


def plan_largest(tps: pl.DataFrame, sizes: Mapping[str, int], data: Path) -> list[Result]:
    """Plan the country's largest kecamatan and the one nearest to half its size, each alone."""
    most = max(sizes.values())
    wanted = {min(sizes, key=lambda k: (abs(sizes[k] - size), k)) for size in (most, most // 2)}
    found = []
    for code in sorted(wanted):
        sites, _ = place_province(tps.filter(pl.col("kecamatan") == code), data, SEED)
        found.append(plan_regency(code, sites))
        say(f"{code} alone: {sites.height} TPS, {found[-1]['elapsed_s']:.1f} s")
    return found


def fit(rows: Sequence[Result]) -> tuple[float, float, float]:
    """Fit seconds = sum over kecamatan of (c0 + c1 n + c2 n²), no term below zero."""
    from scipy.optimize import nnls  # noqa: PLC0415  (half a second to import)

    sums = np.array([[np.sum(np.array(r["sizes"]) ** k) for k in (0, 1, 2)] for r in rows], float)
    seconds = np.array([r["elapsed_s"] for r in rows])
    # relative errors count, so that one large city does not decide alone
    weights = 1 / np.maximum(seconds, 1e-9)
    scale = sums.max(axis=0)
    found, _ = nnls(sums / scale * weights[:, None], seconds * weights)
    c0, c1, c2 = found / scale
    return float(c0), float(c1), float(c2)


def extrapolate(rows: Sequence[Result], sizes: Mapping[str, int]) -> Result:
    """Estimate the country from the regencies measured."""
    model = fit(rows)

    def seconds(all_sizes: Sequence[int]) -> float:
        n = np.array(all_sizes, dtype=float)
        return float((model[0] + model[1] * n + model[2] * n**2).sum())

    errors = [abs(seconds(r["sizes"]) / r["elapsed_s"] - 1) for r in rows]
    largest = max(max(r["sizes"]) for r in rows)
    return {
        "country_extrapolated_s": seconds(list(sizes.values())),
        "country_kecamatan": len(sizes),
        "country_largest_kecamatan": max(sizes.values()),
        "country_kecamatan_beyond_measured": sum(n > largest for n in sizes.values()),
        "time_model": f"seconds per kecamatan of n TPS = {model[0]:.3g} + {model[1]:.3g} n"
        f" + {model[2]:.3g} n^2",
        "time_model_median_error": median(errors),
        "assumption": f"not measured but estimated: time model fitted to {len(rows)} runs"
        " (regencies of one province, large kecamatan alone;"
        f" up to {largest} TPS in a kecamatan), summed over all kecamatan of the country, on this"
        f" machine with {WORKERS} threads; positions, classes and teams CONTOH",
    }


def measure(data: Path, province: str, limit: int | None) -> Result:
    """Time the need of the country and the guard plans of one province."""
    warm_up()
    tps, read_s = timed(lambda: read_tps(data / COUNTS))
    result = {**country_need(tps), "read_s": read_s, "need_peak_mb": peak_mb()}
    sizes = {str(k): int(n) for k, n in tps.group_by("kecamatan").len().iter_rows()}
    chosen = sorted(k for k in sizes if k.startswith(province))[:limit]
    if not chosen:
        raise SystemExit(f"no province {province}")
    sites, missing = place_province(tps.filter(pl.col("kecamatan").is_in(chosen)), data, SEED)
    rows = []
    for (code,), part in sites.group_by(pl.col("kecamatan").str.head(4), maintain_order=True):
        rows.append(plan_regency(str(code), part))
        say(f"{code}: {rows[-1]['tps']} TPS, {rows[-1]['elapsed_s']:.1f} s, {rows[-1]['gap']:.2%}")
    large = plan_largest(tps, sizes, data) if limit is None else []
    cost, bound = (sum(r[key] for r in rows) for key in ("cost", "lower_bound"))
    return {
        **result,
        "province": province,
        "province_tps": sites.height,
        "province_kecamatan": len(chosen),
        "province_kecamatan_without_polygon": missing,
        "province_s": sum(r["elapsed_s"] for r in rows),
        "province_gap": (cost - bound) / cost if cost else 0.0,
        "province_gap_worst_regency": max(r["gap"] for r in rows),
        **extrapolate([*rows, *large], sizes),
        "peak_mb": peak_mb(),
        "regencies": [{k: v for k, v in r.items() if k != "sizes"} for r in rows],
        "large_alone": [{k: v for k, v in r.items() if k != "sizes"} for r in large],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("national", __doc__)
    command.add_argument("--province", default="16", help="code (default 16, Sumatera Selatan)")
    command.add_argument("--kecamatan-limit", type=int, help="only the first so many, for trials")
    asked = command.parse_args(arguments)
    emit(measure(data_folder(), asked.province, asked.kecamatan_limit), as_json=asked.json)


if __name__ == "__main__":
    main()
