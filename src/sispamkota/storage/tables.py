"""The tables of the store, derived from the frames' schemas so that a column is named once.

SQLAlchemy Core without any dialect's own types: the same metadata serves SQLite and PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from sispamkota.forces.frames import PERSONNEL, TRAINING
from sispamkota.roads.frames import CLOSURES, ROADS
from sispamkota.storage.store import IMPORTS, PLANS
from sispamkota.territory.frames import AREAS, BOUNDARIES, FIGURES, POSTS, TPS
from sispamkota.traffic.frames import TRAFFIC_EVENTS
from sispamkota.vulnerability.frames import ANSWERS, OVERRIDES

SCHEMA_VERSION = 3
"""Raised by hand with every change of tables; each step has its file in storage/migrations."""

Schema = Mapping[str, pl.DataType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of imported rows.

    Attributes:
        schema: columns and types of the frame.
        key: columns that say which rows tell of the same thing; never null.
        order: column by which the later of two such rows is known.
    """

    schema: Schema
    key: tuple[str, ...]
    order: str | None = "as_of"


KINDS: dict[str, Kind] = {
    "areas": Kind(schema=AREAS, key=("code",)),
    "tps": Kind(schema=TPS, key=("code",)),
    "posts": Kind(schema=POSTS, key=("code",)),
    "figures": Kind(schema=FIGURES, key=("subject", "measure", "stage", "source")),
    "boundaries": Kind(schema=BOUNDARIES, key=("code",)),
    "answers": Kind(schema=ANSWERS, key=("subject", "indicator")),
    "personnel": Kind(schema=PERSONNEL, key=("id",)),
    "training": Kind(schema=TRAINING, key=("person", "kind")),
    # in the order they were made: a wrong clock must not lock a TPS
    "overrides": Kind(schema=OVERRIDES, key=("tps",), order=None),
    # the file that somebody imported last, though its data be older
    "roads": Kind(schema=ROADS, key=("name",), order=None),
    "closures": Kind(schema=CLOSURES, key=("id",), order=None),
    "traffic_events": Kind(schema=TRAFFIC_EVENTS, key=("id",), order=None),
}


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: takes any time zone, stores and returns UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn an aware time into UTC; a naive one has no meaning here."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without zone: {value!r}")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Mark the time as UTC where the database keeps no zone."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


# A whole-number key that grows by itself must be plain INTEGER on SQLite to do so.
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

COLUMN_TYPES: tuple[tuple[type[pl.DataType], TypeEngine[Any]], ...] = (
    (pl.String, sa.Text()),
    (pl.Boolean, sa.Boolean()),
    (pl.Int32, sa.Integer()),
    (pl.Int64, sa.BigInteger()),
    (pl.Float64, sa.Double()),
    (pl.Date, sa.Date()),
    (pl.Datetime, UtcTime()),
    (pl.Binary, sa.LargeBinary()),
)


def column_type(dtype: pl.DataType) -> TypeEngine[Any]:
    """Return the column type of a frame's type; a type without one is a programming error."""
    for polars_type, sql_type in COLUMN_TYPES:
        if isinstance(dtype, polars_type):
            return sql_type
    raise TypeError(f"no column type for {dtype}")


def columns_of(schema: Schema, required: tuple[str, ...]) -> list[sa.Column[Any]]:
    """Return one column per entry of a frame's schema; only `required` ones refuse null."""
    return [
        sa.Column(name, column_type(dtype), nullable=name not in required)
        for name, dtype in schema.items()
    ]


def _rows_table(name: str, kind: Kind) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        sa.Column("row_number", ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("import_id", sa.ForeignKey("imports.id"), nullable=False, index=True),
        *columns_of(kind.schema, kind.key),
    )


METADATA = sa.MetaData()

SCHEMA_INFO = sa.Table(
    "sispamkota_schema",
    METADATA,
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("fingerprint", sa.Text(), nullable=False),
)
IMPORTS_TABLE = sa.Table(
    "imports",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    *columns_of(IMPORTS, tuple(c for c in IMPORTS if c != "withdrawn_at")),
    sa.UniqueConstraint("id"),
)
PLANS_TABLE = sa.Table(
    "plans",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    *columns_of(PLANS, tuple(PLANS)),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Index("plans_by_id", "id"),
)
PLAN_EVENTS_TABLE = sa.Table(
    "plan_events",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    sa.Column("plan", sa.Text(), nullable=False, index=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("at", UtcTime(), nullable=False),
    sa.Column("account", sa.Text()),
    sa.Column("person", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("base", sa.Text()),
    sa.Column("sha256", sa.Text(), nullable=False),
)
ACCOUNTS_TABLE = sa.Table(
    "accounts",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text(), nullable=False, unique=True),
    sa.Column("name", sa.Text(), nullable=False),
    # the name without regard to case, as the program and not the database folds it
    sa.Column("name_key", sa.Text(), nullable=False, unique=True),
    sa.Column("person", sa.Text(), nullable=False),
    sa.Column("agency", sa.Text(), nullable=False),
    sa.Column("function", sa.Text(), nullable=False),
    sa.Column("areas", sa.Text(), nullable=False),
    sa.Column("password_hash", sa.Text(), nullable=False),
    sa.Column("totp_secret", sa.Text()),
    sa.Column("totp_step", sa.BigInteger()),
    sa.Column("must_change", sa.Boolean(), nullable=False),
    sa.Column("demo", sa.Boolean(), nullable=False),
    sa.Column("created_at", UtcTime(), nullable=False),
    sa.Column("created_by", sa.Text(), nullable=False),
    sa.Column("revoked_at", UtcTime()),
)
SESSIONS_TABLE = sa.Table(
    "sessions",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    sa.Column("token_sha256", sa.Text(), nullable=False, unique=True),
    sa.Column("account", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("csrf", sa.Text(), nullable=False),
    sa.Column("created_at", UtcTime(), nullable=False),
    sa.Column("seen_at", UtcTime(), nullable=False),
    sa.Column("expires_at", UtcTime(), nullable=False),
    sa.Column("revoked_at", UtcTime()),
    sa.Column("agent", sa.Text(), nullable=False),
)
AUDIT_TABLE = sa.Table(
    "audit",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True),
    sa.Column("at", UtcTime(), nullable=False),
    sa.Column("account", sa.Text()),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("detail", sa.Text(), nullable=False),
    sa.Column("address", sa.Text(), nullable=False),
)
ROW_TABLES: dict[str, sa.Table] = {name: _rows_table(name, kind) for name, kind in KINDS.items()}


def fingerprint() -> str:
    """Return a digest of all tables and columns: a database of another shape is told apart.

    The version alone would not notice a column changed without raising it.
    """
    lines = [
        f"{table.name}.{column.name} {type(column.type).__name__} {column.nullable}"
        for table in METADATA.sorted_tables
        for column in table.columns
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def without_nul(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row without NUL characters, which PostgreSQL cannot keep in a text."""
    return {k: v.replace("\0", "") if isinstance(v, str) else v for k, v in row.items()}
