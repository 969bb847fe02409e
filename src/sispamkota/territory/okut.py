"""The built-in facts of OKU Timur: what the demo stands on, every figure with its public source."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from sispamkota.territory import frames
from sispamkota.territory.codes import FIRST_KHUSUS
from sispamkota.territory.intake.tps_counts import expand_counts
from sispamkota.territory.intake.tps_shared import fit
from sispamkota.territory.model import Territory

STAGE = "pemilu_2024"
REGENCY = "1608"


@cache
def load_okut_facts() -> Territory:
    """Return areas, TPS, posts and published figures of OKU Timur, without boundaries.

    TPS carry no coordinates (none are published); DPT per desa is partly an estimate and says so.
    """
    sources = tomllib.loads(_text("sources.toml"))
    return Territory(
        areas=fit(_table("areas", sources), frames.AREAS).sort("code"),
        tps=expand_counts(_counts(_table("tps_counts", sources))),
        posts=fit(_table("posts", sources), frames.POSTS).sort("code"),
        figures=pl.concat([_dpt(_table("dpt", sources)), _published()]),
    )


def _text(name: str) -> str:
    return files("sispamkota.data").joinpath("okut", name).read_text(encoding="utf-8")


def _table(name: str, sources: dict[str, Any]) -> pl.DataFrame:
    # Codes stay text; the numeric columns are cast where they are used.
    raw = pl.read_csv(_text(f"{name}.csv").encode(), infer_schema=False)
    origin = sources[name]
    return raw.with_columns(
        source=pl.lit(origin["source"]), as_of=pl.lit(origin["as_of"], dtype=pl.Date)
    )


def _counts(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.with_columns(
        pl.col("regular", "khusus").cast(pl.Int64), first=pl.lit(FIRST_KHUSUS, dtype=pl.Int64)
    )


def _dpt(raw: pl.DataFrame) -> pl.DataFrame:
    read, estimated = pl.col("read").cast(pl.Int64), pl.col("estimated").cast(pl.Int64)
    terbaca = pl.format("{} dari {} TPS terbaca / TPS read", "tps_read", "tps")
    return fit(
        raw.with_columns(
            subject=pl.col("desa"), measure=pl.lit("dpt"), stage=pl.lit(STAGE),
            value=read + estimated, estimated=estimated, basis=terbaca,
        ),
        frames.FIGURES,
    )  # fmt: skip


def _published() -> pl.DataFrame:
    body = tomllib.loads(_text("published.toml"))
    rows = [
        {
            "subject": body["subject"], "measure": measure, "stage": said["stage"],
            "value": value, "estimated": 0, "basis": said.get("as_of_note"),
            "source": f"{said['source']} {said['url']}", "as_of": _day(said["as_of"]),
        }
        for said in body["statement"]
        for measure, value in said["figures"].items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=frames.FIGURES)


def _day(value: Any) -> dt.date:
    assert isinstance(value, dt.date)
    return value
