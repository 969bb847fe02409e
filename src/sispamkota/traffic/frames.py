"""Columns and types of the tables about traffic (Polars schemas)."""

from __future__ import annotations

import polars as pl

# One dated event as its JSON; `state` is `active` or `withdrawn`. A change is a further row of the
# same id.
TRAFFIC_EVENTS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "body": pl.String(),
    "state": pl.String(),
    "person": pl.String(),
    "made_at": pl.Datetime("us", "UTC"),
}
