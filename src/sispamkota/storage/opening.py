"""Which database the settings name: an SQLite file or a PostgreSQL server."""

from __future__ import annotations

import os
from pathlib import Path

from sispamkota.storage import problems
from sispamkota.storage.config import Config, database_file, database_scheme, is_server
from sispamkota.storage.database import Database
from sispamkota.storage.sqlite import SqliteDatabase

URL_VARIABLE = "SISPAMKOTA_DATABASE_URL"
"""Environment variable that stands before `[database] url`: the place for passwords."""


def database_url(config: Config) -> str:
    """Return the URL that counts; it may hold a password."""
    return os.environ.get(URL_VARIABLE) or config.database.url


def open_database(config: Config, folder: Path) -> Database:
    """Open the database of a workspace; make its tables or bring them up to date.

    Args:
        config: settings; the environment stands before them.
        folder: where a relative file name starts.

    Raises:
        DomainError: `unsupported_database`, or what the database says.
    """
    url = database_url(config)
    file = database_file(url)
    if file is not None:
        return SqliteDatabase(folder / file)
    if not is_server(url):
        raise problems.unsupported_database(database_scheme(url))
    # Only here: an SQLite workspace opens without loading the driver of PostgreSQL.
    from sispamkota.storage.postgres import PostgresDatabase  # noqa: PLC0415

    return PostgresDatabase(url)
