"""The database in one SQLite file: write-ahead log, one writer at a time, readers never wait."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage import problems, schema
from sispamkota.storage.database import OVERFLOW, POOL, WRITE_OPTION, Database

BUSY_TIMEOUT_S = 10.0


class SqliteDatabase(Database):
    """The SQLite file `path`, which is made where it does not exist.

    Args:
        path: the database file; its folder must exist.
        busy_timeout_s: how long a writer waits for another before it gives up, seconds.

    Raises:
        DomainError: the file is foreign, newer, damaged, or cannot be opened.
    """

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        _own(path)
        super().__init__(_engine(path, busy_timeout_s), str(path))
        schema.prepare(self)
        _use_write_ahead_log(path)

    def take_turn(self, connection: sa.Connection) -> None:
        """Nothing to wait for: the transaction began with the write lock."""

    def back_up(self, version: int) -> None:
        """Copy the file to `<name>.bak-<version>` beside it, whole, in place of an earlier one."""
        target = self.path.with_name(f"{self.path.name}.bak-{version}")
        draft = target.with_name(f".{target.name}.part")
        try:
            draft.unlink(missing_ok=True)
            with (
                contextlib.closing(sqlite3.connect(self.path)) as source,
                contextlib.closing(sqlite3.connect(draft)) as copy,
            ):
                source.backup(copy)
            draft.chmod(self.path.stat().st_mode & 0o777)
            draft.replace(target)
        except (OSError, sqlite3.Error) as error:
            raise problems.no_backup(str(self.path), str(target), str(error)) from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def explain(self, error: DBAPIError) -> DomainError:
        """Say SQLite's error to a person by what it reports."""
        told = str(error.orig).lower()
        for words, code, message, remedy in KNOWN_FAILURES:
            if any(word in told for word in words):
                where = {"database": str(self.path)}
                filled = Text(
                    message.id.format(file=self.path.name),
                    message.en.format(file=self.path.name),
                )
                return DomainError(code, filled, remedy, where)
        return super().explain(error)

    def insert_rows(self, connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
        """Insert rows with values made ready column by column: half the time of row by row."""
        dialect = connection.dialect
        insert = table.insert().compile(dialect=dialect, column_keys=frame.columns)
        columns = []
        for name in insert.positiontup or ():
            ready = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            values = frame[name].to_list()
            columns.append([ready(value) for value in values] if ready else values)
        connection.exec_driver_sql(str(insert), list(zip(*columns, strict=True)))


def _own(path: Path) -> None:
    """Make a new file readable by its owner alone: it holds secrets of second factors."""
    with contextlib.suppress(OSError):  # there already, or opening tells what is wrong
        path.touch(mode=0o600, exist_ok=False)


def _engine(path: Path, busy_timeout_s: float) -> sa.Engine:
    # Connections are kept: opening one, and folding the log back with the last to close, costs
    # several times what a short question costs. `close` closes them all, so that between two
    # commands the database is one file that can be copied.
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.pool.QueuePool,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        hide_parameters=True,  # hashes and secrets of accounts stay out of tracebacks
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: `begin` below decides how.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {round(busy_timeout_s * 1000)}",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A writer takes the lock at once: a lock wanted in the middle of a transaction that has
        # already read cannot be waited for.
        write = connection.get_execution_options().get(WRITE_OPTION, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _use_write_ahead_log(path: Path) -> None:
    """Let readers and a writer work side by side; the file remembers it.

    Only after the file proved to be ours: a foreign database is not changed. When another command
    holds the file just now, the next one switches; until then readers wait for the writer.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection), contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


KNOWN_FAILURES: tuple[tuple[tuple[str, ...], str, Text, Text], ...] = (
    (
        ("locked", "busy"),
        "database_locked",
        Text(
            "basis data {file} sedang ditulisi perintah lain; tidak ada yang diubah",
            "another command is writing to the database {file}; nothing was changed",
        ),
        Text(
            "Tunggu sampai perintah lain selesai (atau hentikan), lalu ulangi.",
            "Wait until the other command has ended (or stop it), then repeat.",
        ),
    ),
    (
        ("not a database",),
        "foreign_database",
        Text("{file} bukan basis data Sispamkota", "{file} is not a database of Sispamkota"),
        Text(
            "Periksa [database] url di sispamkota.toml, atau pindahkan berkas itu.",
            "Check [database] url in sispamkota.toml, or move that file away.",
        ),
    ),
    (
        ("malformed", "disk i/o", "corrupt"),
        "database_damaged",
        Text("basis data {file} rusak", "the database {file} is damaged"),
        Text(
            "Pulihkan dari cadangan, atau buat ruang kerja baru dan impor ulang; periksa disk.",
            "Restore a backup, or make a new workspace and import again; check the disk.",
        ),
    ),
    (
        ("readonly", "read-only"),
        "database_readonly",
        Text(
            "basis data {file} tidak boleh ditulisi",
            "the database {file} cannot be written",
        ),
        Text(
            "Beri izin tulis pada berkas dan foldernya, lalu ulangi.",
            "Give write permission on the file and its folder, then repeat.",
        ),
    ),
    (
        ("full",),
        "disk_full",
        Text(
            "disk penuh saat menulis {file}; tidak ada yang diubah",
            "the disk is full while writing {file}; nothing was changed",
        ),
        Text("Kosongkan ruang disk, lalu ulangi.", "Free some disk space, then repeat."),
    ),
    (
        ("unable to open",),
        "database_unreachable",
        Text("basis data {file} tidak dapat dibuka", "the database {file} cannot be opened"),
        Text(
            "Periksa [database] url di sispamkota.toml dan izin foldernya.",
            "Check [database] url in sispamkota.toml and the permissions of its folder.",
        ),
    ),
)
