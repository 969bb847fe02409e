"""Databases of earlier versions are brought up to date in place, whole or not at all."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from sispamkota.kernel.errors import DomainError
from sispamkota.storage import schema
from sispamkota.storage.migrations import upgrade
from sispamkota.storage.postgres import PostgresDatabase
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sql_versions import SqlVersions
from sispamkota.storage.sqlite import SqliteDatabase
from sispamkota.storage.tables import METADATA, SCHEMA_INFO, SCHEMA_VERSION, fingerprint
from sispamkota.storage.versions import COMMAND_LINE

from .conftest import at_once

OLD = (Path(__file__).parent / "schema1.sql").read_text(encoding="utf-8")


@pytest.fixture
def old_file(tmp_path) -> Path:
    file = tmp_path / "sispamkota.db"
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(OLD)
    return file


def tables_of(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as raw:
        return {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}


def shape(connection: sa.Connection) -> dict[str, object]:
    """All that the database itself says of its tables; names of constraints do not matter."""
    inspector = sa.inspect(connection)
    return {
        name: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c.get("autoincrement"))
                for c in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(u["column_names"] for u in inspector.get_unique_constraints(name)),
            "indexes": sorted(
                (i["name"], tuple(i["column_names"]), i["unique"])
                for i in inspector.get_indexes(name)
            ),
            "references": sorted(
                (f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in inspector.get_foreign_keys(name)
            ),
        }
        for name in inspector.get_table_names()
    }


def make_first_version(connection: sa.Connection) -> None:
    """Make the tables of version 1 by the first migration alone."""
    upgrade(connection, 0)
    later = ("plan_events", "sessions", "accounts", "audit", "roads", "closures", "traffic_events")
    for name in later:
        connection.execute(sa.text(f"DROP TABLE {name}"))
    connection.execute(SCHEMA_INFO.insert(), {"version": 1, "fingerprint": schema.EARLIER[1]})


class TestShape:
    def test_all_steps_lead_to_the_tables_of_today(self, database):
        with database.writing() as connection:
            today = shape(connection)
            METADATA.drop_all(connection)
            upgrade(connection, 0)
            stepwise = shape(connection)
        assert stepwise == today
        assert set(today) == set(METADATA.tables)

    def test_the_first_release_upgraded_has_the_tables_of_today(self, old_file, tmp_path):
        with (
            closing(SqliteDatabase(old_file)) as upgraded,
            closing(SqliteDatabase(tmp_path / "new.db")) as new,
            upgraded.reading() as left,
            new.reading() as right,
        ):
            assert shape(left) == shape(right)
            told = left.execute(sa.select(SCHEMA_INFO)).all()
        assert told == [(SCHEMA_VERSION, fingerprint())]


class TestUpgrade:
    def test_what_was_there_still_holds(self, old_file):
        with closing(SqlStore(SqliteDatabase(old_file))) as store:
            assert store.current("overrides")["class"].to_list() == ["rawan"]
            assert store.history("overrides").height == 2
            assert store.plans()["id"].to_list() == ["guards-1", "standby-1", "guards-2"]
            assert store.load_plan("guards-2") == b"three"

    def test_plans_there_are_get_versions(self, old_file):
        with closing(SqliteDatabase(old_file)) as database:
            found = SqlVersions(database).events()
            SqlStore(database).save_plan("guards-3", "guards", b"four")
            later = SqlVersions(database).events("guards-3")
        assert [(e.number, e.plan, e.kind, e.version) for e in found] == [
            (1, "guards-1", "guards", 1),
            (2, "standby-1", "standby", 1),
            (3, "guards-2", "guards", 2),
        ]
        assert {(e.state, e.person, e.account, e.base) for e in found} == {
            ("draft", COMMAND_LINE, None, None)
        }
        assert found[2].at == dt.datetime(2024, 2, 3, 12, 0, tzinfo=dt.UTC)
        assert found[2].sha256 == "dd"
        assert [(e.number, e.version) for e in later] == [(4, 3)]

    def test_the_old_file_is_kept_beside(self, old_file):
        SqliteDatabase(old_file).close()
        backup = old_file.with_name("sispamkota.db.bak-1")
        assert sorted(p.name for p in old_file.parent.iterdir()) == [old_file.name, backup.name]
        with closing(sqlite3.connect(backup)) as raw:
            assert raw.execute("SELECT version FROM sispamkota_schema").fetchall() == [(1,)]
            assert raw.execute("SELECT count(*) FROM plans").fetchall() == [(3,)]

    def test_opened_again_nothing_is_done(self, old_file):
        SqliteDatabase(old_file).close()
        backup = old_file.with_name("sispamkota.db.bak-1")
        backup.unlink()
        SqliteDatabase(old_file).close()
        assert not backup.exists()

    def test_a_failing_step_changes_nothing(self, old_file, monkeypatch):
        before = tables_of(old_file)

        def cut(*_):
            raise RuntimeError("power cut")

        monkeypatch.setattr(schema, "fingerprint", lambda: "x")
        monkeypatch.setattr(SCHEMA_INFO, "delete", cut)
        with pytest.raises(RuntimeError):
            SqliteDatabase(old_file)
        assert tables_of(old_file) == before
        monkeypatch.undo()
        SqliteDatabase(old_file).close()

    def test_without_a_backup_nothing_is_changed(self, old_file):
        before = old_file.read_bytes()
        old_file.with_name("sispamkota.db.bak-1").mkdir()
        with pytest.raises(DomainError) as caught:
            SqliteDatabase(old_file)
        assert caught.value.code == "no_backup"
        assert "bak-1" in caught.value.message.id
        assert old_file.read_bytes() == before

    def test_two_commands_at_once_upgrade_once(self, old_file):
        def versions(_: int) -> int:
            with closing(SqliteDatabase(old_file, busy_timeout_s=30)) as database:
                return len(SqlVersions(database).events())

        assert at_once(versions, range(4)) == [3, 3, 3, 3]

    def test_on_postgresql(self, postgres_schemas):
        url = postgres_schemas()
        with closing(PostgresDatabase(url)) as database, database.writing() as connection:
            METADATA.drop_all(connection)
            make_first_version(connection)
            connection.execute(
                sa.text(
                    "INSERT INTO plans (id, kind, sha256, size_bytes, saved_at, body) VALUES"
                    " ('g1', 'guards', 'ff', 1, '2024-02-01 19:00+07', 'x')"
                )
            )
        with closing(PostgresDatabase(url)) as again:
            (event,) = SqlVersions(again).events()
            SqlStore(again).save_plan("g2", "guards", b"two")
        assert (event.plan, event.version, event.at.hour) == ("g1", 1, 12)

    def test_the_second_version_gets_the_tables_of_roads(self, opener):
        roads = ("roads", "closures", "traffic_events")
        with opener().writing() as connection:
            today = shape(connection)
            for name in roads:
                connection.execute(sa.text(f"DROP TABLE {name}"))
            connection.execute(
                SCHEMA_INFO.update().values(version=2, fingerprint=schema.EARLIER[2])
            )
        with opener().reading() as connection:
            assert shape(connection) == today
            told = connection.execute(sa.select(SCHEMA_INFO)).all()
        assert told == [(SCHEMA_VERSION, fingerprint())]

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            ("UPDATE sispamkota_schema SET version = 99", "newer_database"),
            ("UPDATE sispamkota_schema SET fingerprint = 'x'", "other_schema"),
            ("DELETE FROM sispamkota_schema", "foreign_database"),
            ("DROP TABLE sispamkota_schema", "foreign_database"),
        ],
    )
    def test_what_is_not_ours_is_left_alone(self, opener, statement, code):
        with opener().writing() as connection:
            connection.execute(sa.text(statement))
        with pytest.raises(DomainError) as caught:
            opener()
        assert caught.value.code == code
        assert caught.value.remedy.id


class TestNew:
    def test_many_open_a_new_database_at_once(self, opener):
        def count(_: int) -> int:
            database = opener(busy_timeout_s=30)
            with database.reading() as connection:
                return len(connection.execute(sa.select(SCHEMA_INFO)).all())

        assert at_once(count, range(4)) == [1, 1, 1, 1]
        assert threading.active_count() < 10

    def test_alembic_and_psycopg_are_not_loaded_for_a_workspace_of_today(self, tmp_path):
        program = (
            "import sys; from pathlib import Path; "
            "from sispamkota.storage.config import Config; "
            "from sispamkota.storage.workspace import open_database; "
            f"open_database(Config(), Path({str(tmp_path)!r})).close(); "
            "print([m for m in ('alembic', 'psycopg', 'mako') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"
