"""Drawn training records: realistic shares, some expired, some people without any record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from sispamkota.forces import frames

_NO_RECORDS = 0.05
_YEAR = 365
# kind: share of people, days back at most, days valid. Assumptions, for the sample only.
_KINDS = (
    ("pam_tps", 0.75, 2 * _YEAR, _YEAR),
    ("latihan_pra_operasi", 0.9, 60, _YEAR),
    ("dalmas", 0.35, 3 * _YEAR, 2 * _YEAR),
    ("p3k", 0.2, 4 * _YEAR, 3 * _YEAR),
    ("negosiator", 0.08, 4 * _YEAR, 3 * _YEAR),
)


def draw_training(rng: np.random.Generator, people: list[str], as_of: dt.date) -> pl.DataFrame:
    """Draw records of these people up to `as_of`; source and as-of stay null."""
    rows: list[dict[str, Any]] = []
    for person in people:
        silent = rng.random() < _NO_RECORDS
        for kind, share, back, valid in _KINDS:
            has, when = rng.random(2)
            if silent or has >= share:
                continue
            held = as_of - dt.timedelta(days=1 + int(when * back))
            rows.append(
                {
                    "person": person,
                    "kind": kind,
                    "date": held,
                    "expires": held + dt.timedelta(days=valid),
                }
            )
    return pl.DataFrame(rows, schema=frames.TRAINING)
