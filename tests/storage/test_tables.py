"""The tables: both dialects take them, and every column of every frame is in them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from sispamkota.storage.tables import KINDS, METADATA, ROW_TABLES, UtcTime, column_type


class TestTables:
    def test_they_compile_for_postgresql_too(self):
        for table in METADATA.sorted_tables:
            assert str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))

    def test_every_column_of_every_frame_is_there(self):
        for name, kind in KINDS.items():
            assert set(ROW_TABLES[name].columns.keys()) == {
                "row_number",
                "import_id",
                *kind.schema,
            }
            assert set(kind.key) <= set(kind.schema)
            assert kind.order is None or kind.order in kind.schema

    def test_a_type_without_a_column_type_is_refused(self):
        with pytest.raises(TypeError):
            column_type(pl.Duration())

    def test_a_time_without_zone_is_refused(self):
        naive = dt.datetime(2024, 1, 1)  # noqa: DTZ001
        with pytest.raises(ValueError, match="zone"):
            UtcTime().process_bind_param(naive, None)
