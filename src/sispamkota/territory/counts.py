"""Counting areas and TPS from their lists, and summing figures over the areas below."""

from __future__ import annotations

from typing import Final

import polars as pl

from sispamkota.territory.codes import DESA_DIGITS, KECAMATAN_DIGITS
from sispamkota.territory.model import Territory

_ABOVE: Final = (2, 4, 6, 10)
_KEY: Final = ["subject", "measure", "stage"]


def latest_by_source(figures: pl.DataFrame) -> pl.DataFrame:
    """Return per figure and source the latest statement, with `order` = place in the table."""
    return (
        figures.with_row_index("order")
        .sort("as_of", "order", nulls_last=False)
        .unique([*_KEY, "source"], keep="last", maintain_order=True)
    )


def latest(figures: pl.DataFrame) -> pl.DataFrame:
    """Return one statement per figure: the latest as-of; on the same day the last one given."""
    return latest_by_source(figures).unique(_KEY, keep="last", maintain_order=True)


def counted(territory: Territory, stage: str) -> pl.DataFrame:
    """Count desa, kecamatan and TPS for every area that holds any.

    Returns:
        Columns subject, measure, stage, counted, list_source; only for lists that are loaded.
    """
    areas, tps = territory.areas, territory.tps
    lists = [
        (areas.filter(pl.col("level") == "kecamatan"), "kecamatan", (2, 4)),
        (areas.filter(pl.col("level") == "desa_kelurahan"), "desa", (2, 4, 6)),
        (tps, "tps", _ABOVE),
        (tps.filter(pl.col("khusus")), "tps_khusus", (2, 4)),
        (tps.filter(~pl.col("khusus")), "tps_regular", _ABOVE),
    ]
    parts = [
        frame.group_by(subject=pl.col("code").str.slice(0, digits)).agg(
            counted=pl.len().cast(pl.Int64),
            list_source=pl.col("source").mode().sort().first(),
            measure=pl.lit(measure),
            stage=pl.lit(stage),
        )
        for frame, measure, lengths in lists
        for digits in lengths
    ]
    columns = [*_KEY, "counted", "list_source"]
    return pl.concat([p.select(columns) for p in parts]).sort(_KEY)


def summed(picked: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Sum figures over the areas directly below, where every one of these has the figure.

    Returns:
        Columns subject, measure, stage, summed, estimated_below, child_sources.
    """
    below = areas.filter(pl.col("parent").is_not_null()).select("code", "parent")
    sizes = below.group_by("parent").agg(children=pl.len())
    return (
        picked.join(below, left_on="subject", right_on="code", how="inner")
        .group_by("parent", "measure", "stage")
        .agg(
            summed=pl.col("value").sum(),
            estimated_below=pl.col("estimated").sum(),
            known=pl.len(),
            child_sources=pl.col("source").unique().sort().head(3),
        )
        .join(sizes, on="parent")
        .filter(pl.col("known") == pl.col("children"))
        .select(subject="parent", measure="measure", stage="stage", summed="summed",
                estimated_below="estimated_below", child_sources="child_sources")
        .sort(_KEY)
    )  # fmt: skip


def headline(territory: Territory, picked: pl.DataFrame, stage: str) -> dict[str, int | None]:
    """Return the counts that `check` shows: areas, TPS, voters and the estimated part of these."""
    levels = territory.areas["level"]
    tps = territory.tps
    dpt, estimated = _voters(picked.filter(pl.col("stage") == stage), territory)
    return {
        "kecamatan": int((levels == "kecamatan").sum()) or tps["kecamatan"].n_unique(),
        "desa": int((levels == "desa_kelurahan").sum()) or tps["desa"].n_unique(),
        "tps": tps.height,
        "tps_khusus": int(tps["khusus"].sum()),
        "dpt": dpt,
        "dpt_estimated": estimated,
    }


def _voters(picked: pl.DataFrame, territory: Territory) -> tuple[int | None, int | None]:
    """Sum DPT at the finest level that is complete; the parts tell how much is an estimate."""
    dpt = picked.filter(pl.col("measure") == "dpt")
    levels = territory.areas.group_by("level").agg(pl.col("code"))
    codes = dict(zip(levels["level"], levels["code"].to_list(), strict=True))
    for level, digits in (("desa_kelurahan", DESA_DIGITS), ("kecamatan", KECAMATAN_DIGITS)):
        own = dpt.filter(pl.col("subject").str.len_chars() == digits)
        if own.height and set(own["subject"]) >= set(codes.get(level, ())):
            return int(own["value"].sum()), int(own["estimated"].sum())
    for digits in (4, 2):
        own = dpt.filter(pl.col("subject").str.len_chars() == digits)
        if own.height:
            return int(own["value"].sum()), int(own["estimated"].sum())
    return None, None
