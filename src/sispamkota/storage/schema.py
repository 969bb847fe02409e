"""Is the database ours, and of today's shape? Makes a new one, brings an older one up to date."""

from __future__ import annotations

import sqlalchemy as sa

from sispamkota.storage import problems
from sispamkota.storage.database import Database
from sispamkota.storage.tables import METADATA, SCHEMA_INFO, SCHEMA_VERSION, fingerprint

EMPTY = 0
"""Version of a database without tables."""

EARLIER = {
    1: "29cda14a2bf75237d7e0a0d3ab669ff24055aff80b240683e8438141dc81b3a5",
    2: "4a0e5cdce795d2cc950152a2317499232aa70c02ea6170bc90ddc2d7b85f3703",
}
"""Fingerprints of earlier versions; storage/migrations leads from each to the next."""


def prepare(database: Database) -> None:
    """Make the tables of a new database and upgrade those of an older one, whole or not at all.

    Raises:
        DomainError: `foreign_database`, `newer_database` or `other_schema`, and the database is
            closed.
    """
    try:
        _prepare(database)
    except BaseException:
        database.close()
        raise


def _prepare(database: Database) -> None:
    with database.reading() as connection:
        if version_of(connection, database.place) == SCHEMA_VERSION:
            return
    with database.writing() as connection:
        # Somebody may have done it between the two transactions.
        version = version_of(connection, database.place)
        if version == SCHEMA_VERSION:
            return
        if version == EMPTY:
            METADATA.create_all(connection)
        else:
            database.back_up(version)
            # Only here: opening a database of today must not wait for Alembic to load.
            from sispamkota.storage.migrations import upgrade  # noqa: PLC0415

            upgrade(connection, version)
        connection.execute(SCHEMA_INFO.delete())
        connection.execute(
            SCHEMA_INFO.insert(), {"version": SCHEMA_VERSION, "fingerprint": fingerprint()}
        )


def version_of(connection: sa.Connection, place: str) -> int:
    """Return the version of the tables, `EMPTY` where there are none.

    Raises:
        DomainError: `foreign_database`, `newer_database` or `other_schema`.
    """
    names = sa.inspect(connection).get_table_names()
    if not names:
        return EMPTY
    if SCHEMA_INFO.name not in names:
        raise problems.foreign(place)
    found = connection.execute(sa.select(SCHEMA_INFO)).first()
    if found is None:
        raise problems.foreign(place)
    version = int(found.version)
    if version > SCHEMA_VERSION:
        raise problems.newer(place, version, SCHEMA_VERSION)
    known = {**EARLIER, SCHEMA_VERSION: fingerprint()}
    if known.get(version) != found.fingerprint:
        raise problems.other_schema(place, version, SCHEMA_VERSION)
    return version
