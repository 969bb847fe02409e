"""The published figures behind `check`, per kecamatan, each with stage, source and date."""

from __future__ import annotations

from typing import Any

import polars as pl

from sispamkota.actions.territory import load_known
from sispamkota.kernel.text import Lang
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.codes import KECAMATAN_DIGITS
from sispamkota.territory.counts import latest_by_source
from sispamkota.territory.rules import measure_name


def kecamatan_figures(workspace: Workspace, lang: Lang) -> list[dict[str, Any]]:
    """Return the latest statement of each source on each kecamatan, and on its desa in sum.

    Keys: kecamatan, name, measure, measure_name, stage, value, estimated, desa (how many desa were
    added up; null for a figure stated of the kecamatan itself), source, as_of.
    """
    known = load_known(workspace.store)
    names = dict(known.areas.select("code", "name").iter_rows())
    figures = latest_by_source(known.figures).with_columns(
        kecamatan=pl.col("subject").str.slice(0, KECAMATAN_DIGITS),
        digits=pl.col("subject").str.len_chars(),
    )
    own = figures.filter(pl.col("digits") == KECAMATAN_DIGITS).with_columns(
        desa=pl.lit(None, pl.UInt32)
    )
    below = (
        figures.filter(pl.col("digits") > KECAMATAN_DIGITS)
        .group_by("kecamatan", "measure", "stage", "source", maintain_order=True)
        .agg(
            pl.col("value").sum(),
            pl.col("estimated").sum(),
            pl.col("as_of").max(),
            desa=pl.len(),
        )
    )
    columns = ["kecamatan", "measure", "stage", "value", "estimated", "desa", "source", "as_of"]
    rows = pl.concat([own.select(columns), below.select(columns)]).sort(columns[:3])
    return [
        {
            **row,
            "name": names.get(row["kecamatan"]) or row["kecamatan"],
            "measure_name": measure_name(row["measure"]).in_(lang),
        }
        for row in rows.iter_rows(named=True)
    ]
