"""What goes wrong with a PostgreSQL server is told in both languages, without the password."""

from __future__ import annotations

import os
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.exc import OperationalError

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.postgres import PostgresDatabase
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sql_accounts import SqlAccounts

from .conftest import answers, record

SECRET = "rahasia-sekali"


@pytest.fixture
def postgres(postgres_schemas):
    with closing(PostgresDatabase(postgres_schemas(), busy_timeout_s=0.05)) as opened:
        yield opened


def refused(url: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        PostgresDatabase(url)
    assert caught.value.remedy.id
    assert caught.value.remedy.en
    assert SECRET not in str(caught.value.as_json("id")) + str(caught.value.as_json("en"))
    return caught.value


def server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or '127.0.0.1'}:{parts.port or 5432}"


class TestConnecting:
    def test_nobody_listens(self):
        error = refused(f"postgresql://renops:{SECRET}@127.0.0.1:1/okut")
        assert error.code == "database_unreachable"
        assert "okut (127.0.0.1:1)" in error.message.id

    def test_no_such_server(self):
        error = refused(f"postgresql://renops:{SECRET}@server.invalid/okut")
        assert error.code == "database_unreachable"

    def test_no_such_database(self, postgres_server):
        url = sa.make_url(postgres_server).set(database="sispamkota_none")
        error = refused(url.render_as_string(hide_password=False))
        assert error.code == "database_missing"
        assert "createdb" in error.remedy.en

    def test_an_unknown_user(self, postgres_server):
        error = refused(f"postgresql://sispamkota_none:{SECRET}@{server(postgres_server)}/x")
        assert error.code == "database_login"

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            (f'FATAL:  password authentication failed for user "{SECRET}"', "database_login"),
            ("fe_sendauth: no password supplied", "database_login"),
            ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "database_login"),
            ("FATAL:  sorry, too many clients already", "database_unreachable"),
            ("FATAL:  the database system is starting up", "database_unreachable"),
            (f"timeout expired {SECRET}", "database_unreachable"),
        ],
    )
    def test_what_the_driver_says_while_connecting(self, postgres, told, code):
        """A server that asks for passwords is not at hand: its words, as libpq passes them on."""
        postgres._secret = SECRET
        error = postgres.explain(
            OperationalError("", None, psycopg.OperationalError(f"connection failed: {told}"))
        )
        assert error.code == code
        assert SECRET not in str(error.as_json("id"))

    @pytest.mark.parametrize(
        ("kind", "code"),
        [
            (errors.InvalidPassword, "database_login"),
            (errors.InvalidCatalogName, "database_missing"),
            (errors.DiskFull, "disk_full"),
            (errors.TooManyConnections, "database_unreachable"),
            (errors.AdminShutdown, "database_unreachable"),
            (errors.InsufficientPrivilege, "database_readonly"),
            (errors.LockNotAvailable, "database_locked"),
            (errors.DeadlockDetected, "database_locked"),
            (errors.SyntaxError, "database_failed"),
        ],
    )
    def test_what_the_server_says_by_its_code(self, postgres, kind, code):
        assert postgres.explain(OperationalError("", None, kind("x"))).code == code

    @pytest.mark.parametrize(
        "url",
        [
            f"postgresql://renops:{SECRET}@x@db/okut",
            f"postgresql://renops:{SECRET}@db:port/okut",
        ],
    )
    def test_an_odd_url(self, url):
        error = refused(url)
        assert error.code == "unsupported_database"
        assert "%40" in error.remedy.en

    def test_options_of_the_url_are_kept(self, postgres):
        with postgres.reading() as connection:
            shown = connection.execute(sa.text("SHOW search_path")).scalar()
            zone = connection.execute(sa.text("SHOW timezone")).scalar()
        assert shown.startswith(f"sispamkota_test_{os.getpid()}")
        assert zone == "UTC"


class TestWriting:
    def test_a_server_that_is_read_only(self, postgres_schemas):
        url = postgres_schemas()
        PostgresDatabase(url).close()
        only = f"{url}%20-c%20default_transaction_read_only%3Don"
        with closing(SqlStore(PostgresDatabase(only))) as store:
            assert store.imports().is_empty()
            with pytest.raises(DomainError) as caught:
                store.append("answers", answers(("t", "i", 0.5, 1)), record())
        assert caught.value.code == "database_readonly"

    def test_signing_in_does_not_wait_for_an_import(self, postgres):
        accounts = SqlAccounts(postgres)
        with postgres.writing():
            assert accounts.revoke_sessions("a1") == 0

    def test_a_failing_copy_leaves_nothing_and_is_told(self, postgres):
        store = SqlStore(postgres)
        with postgres.writing() as connection:
            connection.execute(sa.text("ALTER TABLE answers ADD CHECK (value < 1)"))
        with pytest.raises(DomainError) as caught:
            store.append("answers", answers(("t", "i", 2.0, 1)), record())
        assert caught.value.code == "database_failed"
        assert store.imports().is_empty()

    def test_a_connection_that_was_cut_is_made_anew(self, postgres):
        store = SqlStore(postgres)
        store.imports()
        with postgres.engine.connect() as other:
            other.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'sispamkota' AND pid <> pg_backend_pid()"
                    " AND query LIKE :mark"
                ),
                {"mark": "%withdrawn_at%"},
            )
        assert store.imports().is_empty()
