"""Every TPS in columns for a screen, and one TPS with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from sispamkota.actions.places import voters
from sispamkota.actions.territory import load_territory
from sispamkota.actions.vulnerability import Assessment, explain
from sispamkota.kernel.text import Lang
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.counts import latest_by_source
from sispamkota.vulnerability.explain import unknown_tps

PLACE = ("code", "desa", "kecamatan", "number", "khusus", "lon", "lat", "position")
DEGREE_DECIMALS = 6
"""0.1 m: more digits only cost bytes."""


def tps_columns(
    workspace: Workspace, assessment: Assessment | None, areas: Sequence[str]
) -> dict[str, Any]:
    """Return `columns` and `count` of the TPS in the kecamatan `areas` (none = all).

    Columns: those of the place, dpt, class, certainty, override, score, low, high.
    """
    territory = load_territory(workspace)
    rows = territory.tps.select(*PLACE).join(
        voters(workspace, territory.figures).select("subject", "dpt"),
        left_on="code", right_on="subject", how="left",
    )  # fmt: skip
    if assessment:
        rows = rows.join(_scores(assessment), on="code", how="left")
    if areas:
        rows = rows.filter(pl.col("kecamatan").is_in(list(areas)))
    rows = rows.with_columns(pl.col("lon", "lat").round(DEGREE_DECIMALS)).sort("code")
    return {
        "columns": {name: rows[name].to_list() for name in rows.columns},
        "count": rows.height,
    }


def _scores(assessment: Assessment) -> pl.DataFrame:
    return assessment.scored.scores.select(
        "class",
        "certainty",
        pl.col("score", "low", "high").round(2),
        code="tps",
        override=pl.col("override_by").is_not_null(),
    )


def without_columns(body: dict[str, Any], closed: Iterable[str]) -> dict[str, Any]:
    """Return the answer without the columns that its reader may not see."""
    kept = {name: values for name, values in body["columns"].items() if name not in set(closed)}
    return {**body, "columns": kept}


def one_tps(
    workspace: Workspace, assessment: Assessment | None, code: str, lang: Lang
) -> dict[str, Any]:
    """Return place, class, reasons, contributions, overrides and figures of one TPS.

    Raises:
        DomainError: `unknown_tps`.
    """
    territory = load_territory(workspace)
    found = territory.tps.filter(pl.col("code") == code)
    if found.is_empty():
        raise unknown_tps(code)
    names = dict(territory.areas.select("code", "name").iter_rows())
    place = found.row(0, named=True)
    return {
        **place,
        "desa_name": names.get(place["desa"]) or place["desa"],
        "kecamatan_name": names.get(place["kecamatan"]) or place["kecamatan"],
        "figures": _figures(territory.figures, code, place["desa"]),
        **(_known(assessment, code, lang) if assessment else {}),
        "overrides": _overrides(workspace, code),
    }


def _known(assessment: Assessment, code: str, lang: Lang) -> dict[str, Any]:
    told = explain(assessment, code, lang)
    return {k: v for k, v in told.items() if k not in {"tps", "desa", "kecamatan", "khusus"}}


def _figures(figures: pl.DataFrame, code: str, desa: str) -> list[dict[str, Any]]:
    return (
        latest_by_source(figures.filter(pl.col("subject").is_in([code, desa])))
        .select("subject", "measure", "stage", "value", "estimated", "basis", "source", "as_of")
        .sort("subject", "measure", "stage", "source", descending=[True, False, False, False])
        .to_dicts()
    )


def _overrides(workspace: Workspace, code: str) -> list[dict[str, Any]]:
    """Return every decision ever made on the TPS, newest first; a null class withdraws."""
    rows = workspace.store.history("overrides").filter(pl.col("tps") == code)
    return [
        {"at": r["at"], "person": r["by"], "class": r["class"], "reason": r["reason"]}
        for r in reversed(rows.to_dicts())
    ]
