"""TPS counted per desa and category: all that a need depends on, made once for every pattern."""

from __future__ import annotations

import polars as pl

from sispamkota.vulnerability.frames import CLASSES

REGENCY_DIGITS = 4

TALLY: dict[str, pl.DataType] = {
    "regency": pl.String(),
    "kecamatan": pl.String(),
    "desa": pl.String(),
    "khusus": pl.Int64(),
    **dict.fromkeys(CLASSES, pl.Int64()),
    **{f"least_{name}": pl.Int64() for name in CLASSES},
    **{f"most_{name}": pl.Int64() for name in CLASSES},
}
"""TPS khusus are counted under `khusus` alone. Of the others, a class counts those in it now,
those certainly in it (`least_`) and those possibly in it (`most_`)."""


def tally_scores(scores: pl.DataFrame) -> pl.DataFrame:
    """Count the TPS of a SCORES frame per desa.

    The class in force is an officer's where there is one, and then certain; else it may be
    anything from `class_low` to `class_high`. A TPS without any class may be of every class and
    counts as kurang rawan for now.

    Returns:
        TALLY frame.
    """
    low, now, high = (
        pl.col(name).replace_strict(
            {c: i for i, c in enumerate(CLASSES)}, default=None, return_dtype=pl.Int8
        )
        for name in ("class_low", "class", "class_high")
    )
    ranked = scores.select(
        "desa",
        "kecamatan",
        regular=~pl.col("khusus").fill_null(value=False),
        now=pl.coalesce(now, low, pl.lit(0, pl.Int8)),
        low=pl.coalesce(low, pl.lit(0, pl.Int8)),
        high=pl.coalesce(high, pl.lit(len(CLASSES) - 1, pl.Int8)),
        fixed=pl.col("override_by").is_not_null(),
    ).with_columns(
        low=pl.when("fixed").then("now").otherwise(pl.min_horizontal("low", "now")),
        high=pl.when("fixed").then("now").otherwise(pl.max_horizontal("high", "now")),
    )
    counts = ranked.group_by("kecamatan", "desa").agg(
        khusus=(~pl.col("regular")).sum(),
        **{name: _count(pl.col("now") == i) for i, name in enumerate(CLASSES)},
        **{
            f"least_{name}": _count((pl.col("low") == i) & (pl.col("high") == i))
            for i, name in enumerate(CLASSES)
        },
        **{
            f"most_{name}": _count((pl.col("low") <= i) & (pl.col("high") >= i))
            for i, name in enumerate(CLASSES)
        },
    )
    with_regency = counts.with_columns(regency=pl.col("kecamatan").str.head(REGENCY_DIGITS))
    return with_regency.select(pl.col(name).cast(kind) for name, kind in TALLY.items()).sort(
        "kecamatan", "desa"
    )


def grouped(tally: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add up a tally per `regency`, `kecamatan` or `desa`; area columns below that are dropped."""
    if column == "desa":
        return tally
    areas = ["regency", "kecamatan"] if column == "kecamatan" else ["regency"]
    counts = [name for name, kind in TALLY.items() if kind == pl.Int64()]
    return tally.group_by(areas).agg(pl.col(counts).sum()).sort(areas)


def _count(condition: pl.Expr) -> pl.Expr:
    return (condition & pl.col("regular")).sum()
