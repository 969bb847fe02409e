"""Several statements about one area, TPS or post become one row: the latest word on every column.

A later file that is silent on a column (a BPS cross-reference has no coordinates) does not erase
what an earlier one said. Coordinates and their precision stay together.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_POINT = ("lon", "lat", "position")


def latest_known(history: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Join the statements about each code into one row.

    Args:
        history: rows of `schema`, in order of import.
        schema: AREAS, TPS or POSTS; `source` and `as_of` are those of the latest statement.

    Returns:
        One row per code, sorted by code.
    """
    ordered = history.select(*schema).sort("as_of", maintain_order=True)
    if not ordered["code"].is_duplicated().any():
        return ordered.sort("code")
    placed = pl.col("lon").is_not_null()
    plain = [c for c in schema if c not in ("code", *_POINT)]
    merged = ordered.group_by("code").agg(
        *(pl.col(c).drop_nulls().last() for c in plain),
        *(pl.col(c).filter(placed).last() for c in _POINT),
    )
    return merged.select(*schema).sort("code")


def complete_kecamatan(areas: pl.DataFrame) -> pl.DataFrame:
    """Give a kecamatan without point or area the mean point (`centroid`) and sum of its desa."""
    below = (
        areas.filter(pl.col("level") == "desa_kelurahan")
        .group_by(code="parent")
        .agg(x=pl.col("lon").mean(), y=pl.col("lat").mean(), km2=pl.col("area_km2").sum(),
             sized=pl.col("area_km2").is_not_null().all())
    )  # fmt: skip
    unplaced = pl.col("lon").is_null() & pl.col("x").is_not_null()
    return (
        areas.join(below, on="code", how="left", maintain_order="left")
        .with_columns(
            position=pl.when(unplaced).then(pl.lit("centroid")).otherwise("position"),
            lon=pl.coalesce("lon", "x"),
            lat=pl.coalesce("lat", "y"),
            area_km2=pl.coalesce("area_km2", pl.when("sized").then("km2")),
        )
        .select(areas.columns)
    )
