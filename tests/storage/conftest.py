"""Every test that asks for `database`, `store`, `accounts` or `versions` runs on both engines."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl
import psycopg
import pytest

from sispamkota.kernel.sources import Source
from sispamkota.storage.database import Database
from sispamkota.storage.postgres import PostgresDatabase
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sql_accounts import SqlAccounts
from sispamkota.storage.sql_versions import SqlVersions
from sispamkota.storage.sqlite import SqliteDatabase
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.tables import KINDS, METADATA

NOON = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
POSTGRES_VARIABLE = "SISPAMKOTA_TEST_POSTGRES"
USUAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
BUSY_S = 0.05

Result = TypeVar("Result")
Opener = Callable[..., Database]


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


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Where PostgreSQL is; its absence fails in CI and is reported elsewhere."""
    url = os.environ.get(POSTGRES_VARIABLE, USUAL_POSTGRES)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error:
        reason = f"no PostgreSQL at {POSTGRES_VARIABLE} (make services finds or starts one)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return url


@pytest.fixture
def postgres_schemas(postgres_server) -> Iterator[Callable[[], str]]:
    """Make URLs of empty schemas, dropped after the test."""
    made: list[str] = []
    numbers = itertools.count()

    def make() -> str:
        name = f"sispamkota_test_{os.getpid()}_{next(numbers)}"
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
            connection.execute(f"CREATE SCHEMA {name}")
        made.append(name)
        mark = "&" if "?" in postgres_server else "?"
        return f"{postgres_server}{mark}options=-csearch_path%3D{name}"

    yield make
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgres"])
def opener(request, tmp_path) -> Iterator[Opener]:
    """Open the test's own database, as often as asked: another process would see the same."""
    opened: list[Database] = []
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_schemas")()

    def open_it(busy_timeout_s: float = BUSY_S) -> Database:
        database: Database = (
            SqliteDatabase(tmp_path / "s.db", busy_timeout_s=busy_timeout_s)
            if request.param == "sqlite"
            else PostgresDatabase(url, busy_timeout_s=busy_timeout_s)
        )
        opened.append(database)
        return database

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def database(opener) -> Database:
    return opener()


@pytest.fixture
def store(database) -> SqlStore:
    return SqlStore(database)


@pytest.fixture
def accounts(database) -> SqlAccounts:
    return SqlAccounts(database)


@pytest.fixture
def versions(database) -> SqlVersions:
    return SqlVersions(database)


@pytest.fixture
def sqlite(tmp_path) -> Iterator[SqliteDatabase]:
    opened = SqliteDatabase(tmp_path / "s.db", busy_timeout_s=BUSY_S)
    yield opened
    opened.close()


def emptied(database: Database) -> Database:
    """Take all rows out, so that each Hypothesis example starts anew."""
    with database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name != "sispamkota_schema":
                connection.execute(table.delete())
    return database


def at_once(work: Callable[[int], Result], numbers: Iterable[int]) -> list[Result]:
    """Run `work` for all numbers in threads that start together; results in their order."""
    numbers = list(numbers)
    start = threading.Barrier(len(numbers))

    def run(number: int) -> Result:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(run, numbers))
