"""Accounts, sessions, audit entries, and versions of plans; plans there are get their version."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT, BIG, INTEGER, BOOLEAN = sa.Text(), sa.BigInteger(), sa.Integer(), sa.Boolean()
TIME = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REQUIRED, OPTIONAL = False, True

Columns = tuple[tuple[str, Any, bool], ...]
PLAN_EVENTS: Columns = (
    ("plan", TEXT, REQUIRED),
    ("kind", TEXT, REQUIRED),
    ("version", INTEGER, REQUIRED),
    ("state", TEXT, REQUIRED),
    ("at", TIME, REQUIRED),
    ("account", TEXT, OPTIONAL),
    ("person", TEXT, REQUIRED),
    ("reason", TEXT, REQUIRED),
    ("base", TEXT, OPTIONAL),
    ("sha256", TEXT, REQUIRED),
)
ACCOUNTS: Columns = (
    ("id", TEXT, REQUIRED),
    ("name", TEXT, REQUIRED),
    ("name_key", TEXT, REQUIRED),
    ("person", TEXT, REQUIRED),
    ("agency", TEXT, REQUIRED),
    ("function", TEXT, REQUIRED),
    ("areas", TEXT, REQUIRED),
    ("password_hash", TEXT, REQUIRED),
    ("totp_secret", TEXT, OPTIONAL),
    ("totp_step", BIG, OPTIONAL),
    ("must_change", BOOLEAN, REQUIRED),
    ("demo", BOOLEAN, REQUIRED),
    ("created_at", TIME, REQUIRED),
    ("created_by", TEXT, REQUIRED),
    ("revoked_at", TIME, OPTIONAL),
)
SESSIONS: Columns = (
    ("csrf", TEXT, REQUIRED),
    ("created_at", TIME, REQUIRED),
    ("seen_at", TIME, REQUIRED),
    ("expires_at", TIME, REQUIRED),
    ("revoked_at", TIME, OPTIONAL),
    ("agent", TEXT, REQUIRED),
)
AUDIT: Columns = (
    ("at", TIME, REQUIRED),
    ("account", TEXT, OPTIONAL),
    ("name", TEXT, REQUIRED),
    ("action", TEXT, REQUIRED),
    ("subject", TEXT, REQUIRED),
    ("detail", TEXT, REQUIRED),
    ("address", TEXT, REQUIRED),
)
VERSIONS_OF_OLD_PLANS = """
    INSERT INTO plan_events (number, plan, kind, version, state, at, person, reason, sha256)
    SELECT row_number() OVER (ORDER BY number), id, kind,
        row_number() OVER (PARTITION BY kind ORDER BY number),
        'draft', saved_at, 'command line', '', sha256
    FROM plans
"""


def upgrade() -> None:
    """Make the tables and give each plan saved before its version."""
    op.create_table("plan_events", _number(), *_columns(PLAN_EVENTS))
    op.create_index("ix_plan_events_plan", "plan_events", ["plan"])
    op.create_table(
        "accounts",
        _number(),
        *_columns(ACCOUNTS),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("name_key"),
    )
    op.create_table(
        "sessions",
        _number(),
        sa.Column("token_sha256", TEXT, nullable=False),
        sa.Column("account", TEXT, sa.ForeignKey("accounts.id"), nullable=False),
        *_columns(SESSIONS),
        sa.UniqueConstraint("token_sha256"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table("audit", _number(), *_columns(AUDIT))
    op.execute(VERSIONS_OF_OLD_PLANS)


def _number() -> sa.Column[Any]:
    return sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=True)


def _columns(columns: Columns) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=optional) for name, kind, optional in columns]
