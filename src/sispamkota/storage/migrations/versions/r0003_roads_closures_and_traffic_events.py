"""Road networks, decisions on closures, and traffic events."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT, DATE, BINARY = sa.Text(), sa.Date(), sa.LargeBinary()
TIME = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REQUIRED, OPTIONAL = False, True

Columns = tuple[tuple[str, Any, bool], ...]
ROWS: dict[str, Columns] = {
    "roads": (
        ("name", TEXT, REQUIRED),
        ("body", BINARY, OPTIONAL),
        ("source", TEXT, OPTIONAL),
        ("as_of", DATE, OPTIONAL),
    ),
    "closures": (
        ("id", TEXT, REQUIRED),
        ("spec", TEXT, OPTIONAL),
        ("state", TEXT, OPTIONAL),
        ("person", TEXT, OPTIONAL),
        ("reason", TEXT, OPTIONAL),
        ("made_at", TIME, OPTIONAL),
    ),
    "traffic_events": (
        ("id", TEXT, REQUIRED),
        ("body", TEXT, OPTIONAL),
        ("state", TEXT, OPTIONAL),
        ("person", TEXT, OPTIONAL),
        ("made_at", TIME, OPTIONAL),
    ),
}


def upgrade() -> None:
    """Make the tables."""
    for name, columns in ROWS.items():
        op.create_table(
            name,
            sa.Column("row_number", ROW_NUMBER, primary_key=True, autoincrement=True),
            sa.Column("import_id", TEXT, sa.ForeignKey("imports.id"), nullable=False),
            *(sa.Column(column, kind, nullable=null) for column, kind, null in columns),
        )
        op.create_index(f"ix_{name}_import_id", name, ["import_id"])
