from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sispamkota.kernel.sources import Source
from sispamkota.storage.sqlite import SqliteStore
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.tables import KINDS

NOON = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)


def record(as_of: dt.date = dt.date(2024, 1, 1), *, sample: bool = False) -> ImportRecord:
    source = Source(name="KPU", as_of=as_of, sample=sample)
    return ImportRecord(file="f.csv", sha256="ab" * 32, source=source, imported_at=NOON)


def answers(*rows: tuple[str, str, float, int], sample: bool = False) -> pl.DataFrame:
    """Rows (subject, indicator, value, day of January 2024)."""
    schema = KINDS["answers"].schema
    given = [
        {
            **dict.fromkeys(schema),
            "subject": subject,
            "indicator": indicator,
            "value": value,
            "source": "Polsek",
            "as_of": dt.date(2024, 1, day),
            "sample": sample,
        }
        for subject, indicator, value, day in rows
    ]
    return pl.DataFrame(given, schema=schema)


@pytest.fixture
def store(tmp_path):
    opened = SqliteStore(tmp_path / "s.db", busy_timeout_s=0.05)
    yield opened
    opened.close()
