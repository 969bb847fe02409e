"""Columns and types of the tables of people (Polars schemas); a person is an opaque id only."""

from __future__ import annotations

import polars as pl

PERSONNEL: dict[str, pl.DataType] = {
    "id": pl.String(),
    "agency": pl.String(),
    "unit": pl.String(),
    "rank": pl.String(),
    "leader": pl.Boolean(),
    "home_post": pl.String(),
    "home_desa": pl.String(),
    "duty": pl.String(),
    "transport": pl.String(),
    "qualifications": pl.String(),
    "available": pl.Boolean(),
    "source": pl.String(),
    "as_of": pl.Date(),
    "sample": pl.Boolean(),
}
"""`home_post` is a post code; `home_desa` null = from outside or not known; lists join by ';'."""

TRAINING: dict[str, pl.DataType] = {
    "person": pl.String(),
    "kind": pl.String(),
    "date": pl.Date(),
    "expires": pl.Date(),
    "source": pl.String(),
    "as_of": pl.Date(),
}
"""`expires` is the last day on which the training counts; null = it does not lapse."""
