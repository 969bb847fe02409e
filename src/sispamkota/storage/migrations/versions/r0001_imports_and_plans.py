"""Imports with their rows, and plans: the tables of the first release.

Frozen: it says what the tables were, whatever the frames became since.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, BIG, INTEGER = sa.Text(), sa.BigInteger(), sa.Integer()
BOOLEAN, DATE = sa.Boolean(), sa.Date()
DOUBLE: sa.Double[float] = sa.Double()
TIME, BINARY = sa.DateTime(timezone=True), sa.LargeBinary()
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REQUIRED, OPTIONAL = False, True

Columns = tuple[tuple[str, Any, bool], ...]
ROWS: dict[str, Columns] = {
    "areas": (
        ("code", TEXT, REQUIRED),
        ("level", TEXT, OPTIONAL),
        ("name", TEXT, OPTIONAL),
        ("kind", TEXT, OPTIONAL),
        ("parent", TEXT, OPTIONAL),
        ("kemendagri", TEXT, OPTIONAL),
        ("bps", TEXT, OPTIONAL),
        ("lon", DOUBLE, OPTIONAL),
        ("lat", DOUBLE, OPTIONAL),
        ("position", TEXT, OPTIONAL),
        ("area_km2", DOUBLE, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "tps": (
        ("code", TEXT, REQUIRED),
        ("desa", TEXT, OPTIONAL),
        ("kecamatan", TEXT, OPTIONAL),
        ("number", INTEGER, OPTIONAL),
        ("khusus", BOOLEAN, OPTIONAL),
        ("lon", DOUBLE, OPTIONAL),
        ("lat", DOUBLE, OPTIONAL),
        ("position", TEXT, OPTIONAL),
        ("access", TEXT, OPTIONAL),
        ("name", TEXT, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "posts": (
        ("code", TEXT, REQUIRED),
        ("name", TEXT, OPTIONAL),
        ("kind", TEXT, OPTIONAL),
        ("kecamatan", TEXT, OPTIONAL),
        ("lon", DOUBLE, OPTIONAL),
        ("lat", DOUBLE, OPTIONAL),
        ("position", TEXT, OPTIONAL),
        ("serves", TEXT, OPTIONAL),
        ("phone", TEXT, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "figures": (
        ("subject", TEXT, REQUIRED),
        ("measure", TEXT, REQUIRED),
        ("stage", TEXT, REQUIRED),
        ("value", BIG, OPTIONAL),
        ("estimated", BIG, OPTIONAL),
        ("basis", TEXT, OPTIONAL),
        ("source", TEXT, REQUIRED),
        ("as_of", DATE, OPTIONAL),
    ),
    "boundaries": (
        ("code", TEXT, REQUIRED),
        ("wkb", BINARY, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "answers": (
        ("subject", TEXT, REQUIRED),
        ("indicator", TEXT, REQUIRED),
        ("value", DOUBLE, OPTIONAL),
        ("value_high", DOUBLE, OPTIONAL),
        ("fact", TEXT, OPTIONAL),
        ("fact_en", TEXT, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
        ("sample", BOOLEAN, OPTIONAL),
    ),
    "personnel": (
        ("id", TEXT, REQUIRED),
        ("agency", TEXT, OPTIONAL),
        ("unit", TEXT, OPTIONAL),
        ("rank", TEXT, OPTIONAL),
        ("leader", BOOLEAN, OPTIONAL),
        ("home_post", TEXT, OPTIONAL),
        ("home_desa", TEXT, OPTIONAL),
        ("duty", TEXT, OPTIONAL),
        ("transport", TEXT, OPTIONAL),
        ("qualifications", TEXT, OPTIONAL),
        ("available", BOOLEAN, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
        ("sample", BOOLEAN, OPTIONAL),
    ),
    "training": (
        ("person", TEXT, REQUIRED),
        ("kind", TEXT, REQUIRED),
        ("date", DATE, OPTIONAL),
        ("expires", DATE, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "overrides": (
        ("tps", TEXT, REQUIRED),
        ("class", TEXT, OPTIONAL),
        ("by", TEXT, OPTIONAL),
        ("reason", TEXT, OPTIONAL),
        ("at", TIME, OPTIONAL),
    ),
}
IMPORTS: Columns = (
    ("id", TEXT, REQUIRED),
    ("kind", TEXT, REQUIRED),
    ("file", TEXT, REQUIRED),
    ("sha256", TEXT, REQUIRED),
    ("rows", BIG, REQUIRED),
    ("source", TEXT, REQUIRED),
    ("as_of", DATE, REQUIRED),
    ("sample", BOOLEAN, REQUIRED),
    ("imported_at", TIME, REQUIRED),
    ("withdrawn_at", TIME, OPTIONAL),
)
PLANS: Columns = (
    ("id", TEXT, REQUIRED),
    ("kind", TEXT, REQUIRED),
    ("sha256", TEXT, REQUIRED),
    ("size_bytes", BIG, REQUIRED),
    ("saved_at", TIME, REQUIRED),
    ("body", BINARY, REQUIRED),
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sispamkota_schema",
        sa.Column("version", INTEGER, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
    )
    op.create_table("imports", _number("number"), *_columns(IMPORTS), sa.UniqueConstraint("id"))
    op.create_table("plans", _number("number"), *_columns(PLANS))
    op.create_index("plans_by_id", "plans", ["id"])
    for name, columns in ROWS.items():
        import_id = sa.Column("import_id", TEXT, sa.ForeignKey("imports.id"), nullable=False)
        op.create_table(name, _number("row_number"), import_id, *_columns(columns))
        op.create_index(f"ix_{name}_import_id", name, ["import_id"])


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, ROW_NUMBER, primary_key=True, autoincrement=True)


def _columns(columns: Columns) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=optional) for name, kind, optional in columns]
