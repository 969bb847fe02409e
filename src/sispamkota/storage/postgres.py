"""The database on a PostgreSQL server: readers never wait, writers take turns."""

from __future__ import annotations

import polars as pl
import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import ArgumentError, DBAPIError

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage import problems, schema
from sispamkota.storage.config import database_scheme
from sispamkota.storage.database import OVERFLOW, POOL, Database

BUSY_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 10
TURN = sa.text("SELECT pg_advisory_xact_lock(:product, hashtext(current_schema()))")
PRODUCT = 0x5159AA
"""First key of our lock, so that it is not that of another program in the same database."""


class PostgresDatabase(Database):
    """The PostgreSQL database that `url` names; its tables are made where there are none.

    Args:
        url: `postgresql://user:password@host:port/database?sslmode=...`; all but the scheme may be
            left out, as libpq has it.
        busy_timeout_s: how long a writer waits for another before it gives up, seconds.

    Raises:
        DomainError: the database is foreign, newer, or cannot be reached or used.
    """

    def __init__(self, url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        parsed = _parsed(url)
        self._secret = parsed.password
        server = f"{parsed.host or 'localhost'}:{parsed.port or 5432}"
        super().__init__(
            _engine(parsed, busy_timeout_s),
            f"{parsed.database or parsed.username or ''} ({server})",
            read_options={"isolation_level": "REPEATABLE READ"},
        )
        schema.prepare(self)

    def take_turn(self, connection: sa.Connection) -> None:
        """Wait for the lock that all writers of this schema take; the transaction's end frees it.

        Numbers of imports and versions grow without gaps and rows are committed in their order.
        """
        connection.execute(TURN, {"product": PRODUCT})

    def back_up(self, version: int) -> None:
        """Nothing: the server has its own backups, and its changes of tables can be undone."""

    def insert_rows(self, connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
        """Insert rows by COPY."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
        )
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)
        except psycopg.Error as error:
            # COPY goes past SQLAlchemy, which else wraps what the driver says.
            raise DBAPIError("COPY", None, error) from error

    def explain(self, error: DBAPIError) -> DomainError:
        """Say PostgreSQL's error to a person, by its code where it has one."""
        told = str(error.orig).strip()
        if self._secret:
            told = told.replace(self._secret, "***")
        state = getattr(error.orig, "sqlstate", None) or ""
        for states, words, code, message, remedy in KNOWN_FAILURES:
            if state.startswith(states) if state else any(word in told for word in words):
                filled = Text(
                    message.id.format(place=self.place), message.en.format(place=self.place)
                )
                return DomainError(code, filled, remedy, {"database": self.place})
        if not state and isinstance(error.orig, psycopg.OperationalError):
            return problems.database_unreachable(self.place, told)
        return problems.database_failed(self.place, told)


def _parsed(url: str) -> sa.URL:
    """Return the parts of the URL; what the person wrote is never shown.

    Raises:
        DomainError: `unsupported_database`.
    """
    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        parsed = None
    # A password with a bare @ ends up in the host's name, and that is shown.
    if parsed is None or "@" in (parsed.host or ""):
        raise problems.unsupported_database(database_scheme(url)) from None
    return parsed


def _engine(url: sa.URL, busy_timeout_s: float) -> sa.Engine:
    given = url.query.get("options", "")
    # Times must come back in UTC: a server's zone would push the first and last years over the
    # edge of the calendar.
    options = f"{given} -c timezone=UTC -c lock_timeout={round(busy_timeout_s * 1000)}"
    return sa.create_engine(
        url,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_pre_ping=True,
        hide_parameters=True,  # hashes and secrets of accounts stay out of tracebacks
        connect_args={
            "options": options.strip(),
            "application_name": "sispamkota",
            "connect_timeout": CONNECT_TIMEOUT_S,
        },
    )


KNOWN_FAILURES: tuple[tuple[tuple[str, ...], tuple[str, ...], str, Text, Text], ...] = (
    (
        ("28",),
        ("password authentication failed", "no password supplied", "pg_hba.conf", "role "),
        "database_login",
        Text(
            "PostgreSQL menolak pengguna atau sandi untuk basis data {place}",
            "PostgreSQL refused the user or the password for the database {place}",
        ),
        Text(
            "Periksa pengguna dan sandi di SISPAMKOTA_DATABASE_URL atau [database] url.",
            "Check user and password in SISPAMKOTA_DATABASE_URL or [database] url.",
        ),
    ),
    (
        ("3D",),
        ("does not exist",),
        "database_missing",
        Text("tidak ada basis data {place}", "there is no database {place}"),
        Text(
            "Buat dengan: createdb NAMA; atau perbaiki nama di akhir url.",
            "Make it with: createdb NAME; or mend the name at the end of the url.",
        ),
    ),
    (
        ("25006",),
        ("read-only",),
        "database_readonly",
        Text(
            "basis data {place} sedang hanya-baca; tidak ada yang diubah",
            "the database {place} is read-only; nothing was changed",
        ),
        Text(
            "Sambungkan ke server utama (bukan replika), atau cabut mode hanya-baca.",
            "Connect to the primary server (not a replica), or end its read-only mode.",
        ),
    ),
    (
        ("42501",),
        (),
        "database_readonly",
        Text(
            "pengguna itu tidak berhak menulis di basis data {place}; tidak ada yang diubah",
            "that user may not write in the database {place}; nothing was changed",
        ),
        Text(
            "Jadikan pengguna itu pemilik basis datanya (ALTER DATABASE … OWNER TO …).",
            "Make that user the owner of the database (ALTER DATABASE … OWNER TO …).",
        ),
    ),
    (
        ("55P03", "40"),
        (),
        "database_locked",
        Text(
            "basis data {place} sedang ditulisi perintah lain; tidak ada yang diubah",
            "another command is writing to the database {place}; nothing was changed",
        ),
        Text(
            "Tunggu sampai perintah lain selesai (atau hentikan), lalu ulangi.",
            "Wait until the other command has ended (or stop it), then repeat.",
        ),
    ),
    (
        ("53100",),
        (),
        "disk_full",
        Text(
            "disk server basis data {place} penuh; tidak ada yang diubah",
            "the disk of the server of {place} is full; nothing was changed",
        ),
        Text("Kosongkan ruang disk, lalu ulangi.", "Free some disk space, then repeat."),
    ),
    (
        ("53", "57P", "08"),
        ("too many", "connection slots", "starting up", "shutting down"),
        "database_unreachable",
        Text(
            "server basis data {place} terlalu sibuk, sedang berhenti atau terputus",
            "the server of the database {place} is too busy, stopping or cut off",
        ),
        Text("Tunggu sebentar, lalu ulangi.", "Wait a moment, then repeat."),
    ),
)
"""SQL states (or their beginnings) and, where there is none yet, words of the message."""
