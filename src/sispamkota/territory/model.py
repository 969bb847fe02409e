"""What is known of a territory, as five tables (schemas in `frames.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from sispamkota.territory import frames


def empty(schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return a table of this schema without rows."""
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Areas, polling stations, posts, published figures and boundaries.

    Says nothing about risk or forces. Any table may be empty: nothing is known of it then.

    Attributes:
        areas: provinsi to desa_kelurahan, one row per code.
        tps: one row per polling station.
        posts: police stations and other fixed points.
        figures: published totals with their sources; several sources may contradict each other.
        boundaries: one polygon per area code, WKB in longitude and latitude (EPSG:4326).
    """

    areas: pl.DataFrame = field(default_factory=lambda: empty(frames.AREAS))
    tps: pl.DataFrame = field(default_factory=lambda: empty(frames.TPS))
    posts: pl.DataFrame = field(default_factory=lambda: empty(frames.POSTS))
    figures: pl.DataFrame = field(default_factory=lambda: empty(frames.FIGURES))
    boundaries: pl.DataFrame = field(default_factory=lambda: empty(frames.BOUNDARIES))

    def of_level(self, level: str) -> pl.DataFrame:
        """Return the areas of one level, by code."""
        return self.areas.filter(pl.col("level") == level).sort("code")
