"""Steps from each version of the tables to the next, as Alembic revisions.

Revision `0002` makes version 2 of `sispamkota_schema`, which stays the one place that says what
version a database has; Alembic keeps no table of its own. Imported only when a step is needed.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def upgrade(connection: sa.Connection, version: int) -> None:
    """Bring tables of an earlier version up to today's, inside the caller's transaction.

    Args:
        connection: in a transaction that no other writer disturbs.
        version: of the tables as they are; 0 where there are none.
    """
    scripts = ScriptDirectory(str(Path(__file__).parent))
    since = f"{version:04d}" if version else "base"
    steps = list(scripts.iterate_revisions("head", since))
    with Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.module.upgrade()
