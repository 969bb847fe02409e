"""What only SQLite does: one file, its damages, files of others."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sqlite import SqliteDatabase
from sispamkota.storage.tables import SCHEMA_VERSION

from .conftest import answers, record


@pytest.fixture
def store(sqlite):
    return SqlStore(sqlite)


class TestOneFile:
    def test_a_killed_process_leaves_nothing(self, store, sqlite):
        """A transaction that was never committed is gone for whoever opens the file next."""
        raw = sqlite3.connect(sqlite.path, isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            "INSERT INTO imports (id, kind, file, sha256, rows, source, as_of, sample, imported_at)"
            " VALUES ('x', 'areas', 'f', 's', 0, 's', '2024-01-01', 0, '2024-01-01 00:00:00')"
        )
        raw.close()
        with closing(SqlStore(SqliteDatabase(sqlite.path))) as again:
            assert again.imports().is_empty()

    def test_a_row_of_no_import_is_refused(self, sqlite):
        with closing(sqlite3.connect(sqlite.path)) as raw:
            raw.execute("PRAGMA foreign_keys = ON")
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute("INSERT INTO areas (import_id, code) VALUES ('none', '16')")

    def test_between_commands_the_database_is_one_file(self, store, sqlite):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        store.close()
        assert [p.name for p in sqlite.path.parent.iterdir()] == ["s.db"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
class TestOwner:
    def test_others_of_the_machine_cannot_read_secrets(self, store, sqlite):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        modes = {p.name: p.stat().st_mode & 0o777 for p in sqlite.path.parent.iterdir()}
        assert set(modes.values()) == {0o600}, modes

    def test_a_backup_is_no_more_open_than_its_file(self, sqlite):
        sqlite.back_up(1)
        assert sqlite.path.with_name("s.db.bak-1").stat().st_mode & 0o777 == 0o600

    def test_what_an_owner_opened_to_a_group_stays_so(self, sqlite):
        sqlite.path.chmod(0o660)
        SqliteDatabase(sqlite.path).close()
        assert sqlite.path.stat().st_mode & 0o777 == 0o660


class TestOtherDatabases:
    def test_opened_again_it_holds_what_it_held(self, store, sqlite):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        with closing(SqlStore(SqliteDatabase(sqlite.path))) as again:
            assert again.current("answers").height == 1

    def test_not_a_database(self, tmp_path):
        file = tmp_path / "s.db"
        file.write_bytes(b"Kode;Nama\n" * 500)
        with pytest.raises(DomainError) as caught:
            SqliteDatabase(file)
        assert caught.value.code == "foreign_database"
        assert file.read_bytes() == b"Kode;Nama\n" * 500

    def test_a_database_of_another_program_is_left_as_it_is(self, tmp_path):
        file = tmp_path / "s.db"
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("CREATE TABLE recipes (name TEXT)")
        before = file.read_bytes()
        with pytest.raises(DomainError) as caught:
            SqliteDatabase(file)
        assert caught.value.code == "foreign_database"
        assert file.read_bytes() == before

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            (f"UPDATE sispamkota_schema SET version = {SCHEMA_VERSION + 1}", "newer_database"),
            ("UPDATE sispamkota_schema SET version = 0", "other_schema"),
            ("UPDATE sispamkota_schema SET fingerprint = 'x'", "other_schema"),
            ("DELETE FROM sispamkota_schema", "foreign_database"),
        ],
    )
    def test_another_version(self, sqlite, statement, code):
        with closing(sqlite3.connect(sqlite.path)) as raw:
            raw.execute(statement)
            raw.commit()
        with pytest.raises(DomainError) as caught:
            SqliteDatabase(sqlite.path)
        assert caught.value.code == code
        assert caught.value.remedy.id

    def test_no_such_folder(self, tmp_path):
        with pytest.raises(DomainError) as caught:
            SqliteDatabase(tmp_path / "none" / "s.db")
        assert caught.value.code == "database_unreachable"

    def test_damaged(self, store, sqlite):
        store.append("answers", answers(*((f"t{i}", "i", 0.5, 1) for i in range(2000))), record())
        store.close()
        content = bytearray(sqlite.path.read_bytes())
        content[8192:] = b"\xa5" * (len(content) - 8192)
        sqlite.path.write_bytes(content)
        with pytest.raises(DomainError) as caught:
            store.current("answers")
        assert caught.value.code == "database_damaged"

    def test_any_other_failure_is_told_too(self, store, sqlite):
        with closing(sqlite3.connect(sqlite.path)) as raw:
            raw.execute("DROP TABLE plans")
        with pytest.raises(DomainError) as caught:
            store.plans()
        assert caught.value.code == "database_failed"
