"""Columns and types of the tables about roads (Polars schemas)."""

from __future__ import annotations

import polars as pl

# A whole network in one row: `body` is what `codec.encode` makes. The name says which network of
# the workspace it is; the later import of the same name stands before the earlier one.
ROADS: dict[str, pl.DataType] = {
    "name": pl.String(),
    "body": pl.Binary(),
    "source": pl.String(),
    "as_of": pl.Date(),
}

# One decision on a closure. `spec` is its JSON; `state` is `open` (closed to traffic as the spec
# says) or `lifted`. A lifting is a further row of the same id.
CLOSURES: dict[str, pl.DataType] = {
    "id": pl.String(),
    "spec": pl.String(),
    "state": pl.String(),
    "person": pl.String(),
    "reason": pl.String(),
    "made_at": pl.Datetime("us", "UTC"),
}
