"""Desa and posts as the screen lists them."""

from __future__ import annotations

from typing import Any

import polars as pl

from sispamkota.actions.territory import election_stage, load_known, load_lists
from sispamkota.actions.vulnerability import Assessment
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.counts import latest
from sispamkota.vulnerability.frames import CLASSES
from sispamkota.vulnerability.rollup import rollup_classes


def desa(workspace: Workspace, assessment: Assessment | None) -> list[dict[str, Any]]:
    """Return the desa with TPS and voters; classes per desa where there are scores.

    Keys: code, name, kecamatan, lon, lat, tps, dpt, dpt_estimated, classes, top_class.
    """
    known = load_known(workspace.store)
    counted = known.tps.group_by("desa").agg(tps=pl.len())
    rows = (
        known.areas.filter(pl.col("level") == "desa_kelurahan")
        .select("code", pl.col("name").fill_null(pl.col("code")), "lon", "lat",
                kecamatan=pl.col("code").str.slice(0, 6))
        .join(counted, left_on="code", right_on="desa", how="left")
        .join(voters(workspace, known.figures), left_on="code", right_on="subject", how="left")
        .with_columns(pl.col("tps").fill_null(0), pl.col("dpt_estimated").fill_null(value=False))
        .sort("code")
        .to_dicts()
    )  # fmt: skip
    classes = _classes(assessment) if assessment else {}
    return [{**row, **classes.get(row["code"], NO_CLASS)} for row in rows]


NO_CLASS: dict[str, Any] = {"classes": {}, "top_class": None}


def _classes(assessment: Assessment) -> dict[str, dict[str, Any]]:
    found = {}
    for row in rollup_classes(assessment.scored, "desa").iter_rows(named=True):
        counts = {name: row[name] for name in CLASSES}
        top = max((name for name in CLASSES if counts[name]), key=CLASSES.index, default=None)
        found[row["area"]] = {"classes": {**counts, "khusus": row["khusus"]}, "top_class": top}
    return found


def voters(workspace: Workspace, figures: pl.DataFrame) -> pl.DataFrame:
    """Return subject, dpt and dpt_estimated (whether any part is) for the election at hand."""
    stage = election_stage(workspace)
    return latest(figures.filter((pl.col("measure") == "dpt") & (pl.col("stage") == stage))).select(
        "subject",
        dpt="value",
        dpt_estimated=pl.col("estimated").fill_null(0) > 0,
    )


def posts(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the posts with place, phone and source."""
    return load_lists(workspace.store).posts.sort("code").to_dicts()
