"""Columns and types of the territory tables (Polars schemas); every row keeps source and as-of."""

from __future__ import annotations

import polars as pl

AREAS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "level": pl.String(),
    "name": pl.String(),
    "kind": pl.String(),
    "parent": pl.String(),
    "kemendagri": pl.String(),
    "bps": pl.String(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "position": pl.String(),
    "area_km2": pl.Float64(),
    "source": pl.String(),
    "as_of": pl.Date(),
}

TPS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "desa": pl.String(),
    "kecamatan": pl.String(),
    "number": pl.Int32(),
    "khusus": pl.Boolean(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "position": pl.String(),
    "access": pl.String(),
    "name": pl.String(),
    "source": pl.String(),
    "as_of": pl.Date(),
}

POSTS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name": pl.String(),
    "kind": pl.String(),
    "kecamatan": pl.String(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "position": pl.String(),
    "serves": pl.String(),
    "phone": pl.String(),
    "source": pl.String(),
    "as_of": pl.Date(),
}

FIGURES: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "measure": pl.String(),
    "stage": pl.String(),
    "value": pl.Int64(),
    "estimated": pl.Int64(),
    "basis": pl.String(),
    "source": pl.String(),
    "as_of": pl.Date(),
}

BOUNDARIES: dict[str, pl.DataType] = {
    "code": pl.String(),
    "wkb": pl.Binary(),
    "source": pl.String(),
    "as_of": pl.Date(),
}
