"""One engine behind store, accounts and versions: transactions, and what a dialect does its way.

sqlite.py and postgres.py say how; everything else in this package is plain SQLAlchemy Core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sispamkota.kernel.errors import DomainError
from sispamkota.storage import problems

WRITE_OPTION = "sispamkota_write"
"""Execution option of connections that will write; SQLite takes its write lock at once for it."""

POOL, OVERFLOW = 5, 45
"""Connections kept, and more of them under load: above the threads of one server process."""


class Database(ABC):
    """Connections to a database; those who open one call `schema.prepare` before use.

    Args:
        engine: connections; disposed of when closed.
        place: what a person calls the database (file name, host), for messages; no password.
        read_options: execution options that make a reading transaction see one moment.
    """

    def __init__(
        self, engine: sa.Engine, place: str, *, read_options: dict[str, Any] | None = None
    ) -> None:
        self.engine = engine
        self.place = place
        self._reader = engine.execution_options(**(read_options or {}))
        self._writer = engine.execution_options(**{WRITE_OPTION: True})

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Begin a transaction that sees the database as of one moment and changes nothing."""
        try:
            with self._reader.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self.explain(error) from error

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[sa.Connection]:
        """Begin a transaction that is kept when the block ends well, else undone.

        Args:
            alone: wait for other such writers and keep them out, so that what the block reads
                still holds when it writes. Without it only single statements are atomic.
        """
        try:
            with self._writer.begin() as connection:
                if alone:
                    self.take_turn(connection)
                yield connection
        except DBAPIError as error:
            raise self.explain(error) from error

    @abstractmethod
    def take_turn(self, connection: sa.Connection) -> None:
        """Wait until no other writer is at work."""

    @abstractmethod
    def back_up(self, version: int) -> None:
        """Copy the database aside before its tables are changed; called inside `writing`."""

    @abstractmethod
    def insert_rows(self, connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
        """Insert many rows in the order given."""

    def explain(self, error: DBAPIError) -> DomainError:
        """Say a driver's error to a person; dialects know more."""
        return problems.database_failed(self.place, str(error.orig))

    def close(self) -> None:
        """Give up connections; may be called twice."""
        self.engine.dispose()
