"""The store's contract: append-only, whole or nothing, what holds now, plans."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from contextlib import closing

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy.dialects import postgresql

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.sqlite import SqliteStore
from sispamkota.storage.store import IMPORTS, PLANS, Store
from sispamkota.storage.tables import (
    KINDS,
    METADATA,
    ROW_TABLES,
    SCHEMA_VERSION,
    UtcTime,
    column_type,
)

from .conftest import NOON, answers, record

CELLS = {
    pl.String: st.text(st.characters(codec="utf-8"), max_size=8),
    pl.Boolean: st.booleans(),
    pl.Int32: st.integers(-(2**31), 2**31 - 1),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats(allow_nan=False),
    pl.Date: st.dates(),
    pl.Datetime: st.datetimes(timezones=st.just(dt.UTC)),
    pl.Binary: st.binary(max_size=8),
}


@st.composite
def kind_and_frame(draw):
    name = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[name]
    row = st.fixed_dictionaries(
        {
            column: CELLS[dtype.base_type()]
            if column in kind.key
            else st.none() | CELLS[dtype.base_type()]
            for column, dtype in kind.schema.items()
        }
    )
    return name, pl.DataFrame(draw(st.lists(row, max_size=6)), schema=kind.schema)


class TestRoundTrip:
    @given(kind_and_frame(), kind_and_frame())
    def test_what_goes_in_comes_out(self, tmp_path_factory, first, second):
        store: Store = SqliteStore(tmp_path_factory.mktemp("s") / "s.db")
        for name, frame in (first, second):
            import_id = store.append(name, frame, record())
            mine = store.history(name).filter(pl.col("import_id") == import_id)
            assert_frame_equal(mine.drop("import_id"), frame)

    @given(st.data())
    def test_current_is_the_latest_of_each_key(self, tmp_path_factory, data):
        """Against a plain reading of the rule, row by row."""
        store = SqliteStore(tmp_path_factory.mktemp("s") / "s.db")
        row = st.tuples(
            st.sampled_from("ab"), st.sampled_from("xy"), st.just(0.5), st.integers(1, 5)
        )
        imports = data.draw(st.lists(st.lists(row, max_size=5), max_size=4))
        count = 0
        expected: dict[tuple[str, str], tuple[int, float]] = {}
        for rows in imports:
            numbered = []
            for subject, indicator, _, day in rows:
                count += 1
                numbered.append((subject, indicator, count / 100, day))
            import_id = store.append("answers", answers(*numbered), record())
            if data.draw(st.booleans()):
                store.withdraw(import_id, at=NOON)
                continue
            for subject, indicator, value, day in numbered:
                if day >= expected.get((subject, indicator), (0, 0.0))[0]:
                    expected[subject, indicator] = (day, value)
        found = store.current("answers")
        assert found.select("subject", "indicator").rows() == sorted(expected)
        assert {
            (s, i): (day.day, value)
            for s, i, value, day in found.select("subject", "indicator", "value", "as_of").rows()
        } == expected

    @pytest.mark.parametrize("name", sorted(KINDS))
    def test_nothing_stored_has_the_full_schema(self, store, name):
        assert store.current(name).schema == pl.Schema(KINDS[name].schema)
        assert store.history(name).schema == pl.Schema(
            {"import_id": pl.String(), **KINDS[name].schema}
        )

    def test_columns_in_another_order_are_the_same_rows(self, store):
        frame = answers(("t", "i", 1.0, 1))
        store.append("answers", frame.select(reversed(frame.columns)), record())
        assert_frame_equal(store.current("answers"), frame)

    def test_nan_is_no_number(self, store):
        store.append("answers", answers(("t", "i", float("nan"), 1)), record())
        assert store.current("answers")["value"].to_list() == [None]

    def test_times_are_utc_whatever_zone_came_in(self, store):
        wib = dt.timezone(dt.timedelta(hours=7))
        at = dt.datetime(2024, 2, 14, 3, 0, tzinfo=wib)
        frame = pl.DataFrame(
            {"tps": ["t"], "class": ["rawan"], "by": ["Padal"], "reason": ["banjir"], "at": [at]}
        ).cast(KINDS["overrides"].schema)
        store.append("overrides", frame, record())
        assert store.current("overrides")["at"].to_list() == [
            dt.datetime(2024, 2, 13, 20, 0, tzinfo=dt.UTC)
        ]


class TestAppendOnly:
    def test_an_older_figure_imported_later_does_not_win(self, store):
        store.append("answers", answers(("t", "i", 0.9, 20)), record())
        store.append("answers", answers(("t", "i", 0.1, 10)), record())
        assert store.current("answers")["value"].to_list() == [0.9]
        assert store.history("answers")["value"].to_list() == [0.9, 0.1]

    def test_same_day_the_later_import_wins(self, store):
        store.append("answers", answers(("t", "i", 0.9, 10)), record())
        store.append("answers", answers(("t", "i", 0.1, 10)), record())
        assert store.current("answers")["value"].to_list() == [0.1]

    def test_figures_of_two_sources_stand_side_by_side(self, store):
        schema = KINDS["figures"].schema
        day = dt.date(2024, 1, 1)
        rows = [
            ("1608", "dpt", "pemilu_2024", 498_762, 0, None, "KPU", day),
            ("1608", "dpt", "pemilu_2024", 498_000, 0, None, "Polres", day),
        ]
        store.append("figures", pl.DataFrame(rows, schema=schema, orient="row"), record())
        assert store.current("figures")["source"].to_list() == ["KPU", "Polres"]

    def test_withdrawing_brings_back_the_earlier_figure(self, store):
        store.append("answers", answers(("t", "i", 0.9, 10)), record())
        later = store.append("answers", answers(("t", "i", 0.1, 20)), record())
        store.withdraw(later, at=NOON)
        assert store.current("answers")["value"].to_list() == [0.9]
        assert store.history("answers").height == 2
        assert store.imports()["withdrawn_at"].to_list() == [None, NOON]

    def test_what_was_withdrawn_is_not_withdrawn_again(self, store):
        import_id = store.append("answers", answers(("t", "i", 1.0, 1)), record())
        store.withdraw(import_id)
        with pytest.raises(DomainError) as caught:
            store.withdraw(import_id)
        assert caught.value.code == "already_withdrawn"

    def test_unknown_import_names_those_there_are(self, store):
        import_id = store.append("answers", answers(("t", "i", 1.0, 1)), record())
        with pytest.raises(DomainError) as caught:
            store.withdraw("answers-0099")
        assert caught.value.code == "unknown_import"
        assert import_id in caught.value.remedy.en

    def test_imports_tell_their_origin(self, store):
        ids = store.append_all(
            [
                ("answers", answers(("t", "i", 1.0, 1)), record(sample=True)),
                ("areas", pl.DataFrame(schema=KINDS["areas"].schema), record()),
            ]
        )
        found = store.imports()
        assert found.schema == pl.Schema(IMPORTS)
        assert found["id"].to_list() == ids == ["answers-0001", "areas-0002"]
        assert found["rows"].to_list() == [1, 0]
        assert found["sample"].to_list() == [True, False]
        assert found["imported_at"].to_list() == [NOON, NOON]


class TestWholeOrNothing:
    def test_an_error_in_the_second_import_leaves_nothing_of_the_first(self, store, monkeypatch):
        good = ("answers", answers(("t", "i", 1.0, 1)), record())
        boom = RuntimeError("power cut")

        def cut(connection, cursor, statement, *rest):
            if statement.startswith("INSERT INTO areas"):
                raise boom

        area = {"code": "16", "level": "provinsi", "name": "Sumatera Selatan"}
        areas = pl.DataFrame([area], schema=KINDS["areas"].schema)
        sa.event.listen(store._engine, "before_cursor_execute", cut)
        with pytest.raises(RuntimeError, match="power cut"):
            store.append_all([good, ("areas", areas, record())])
        sa.event.remove(store._engine, "before_cursor_execute", cut)
        assert store.imports().is_empty()
        assert store.history("answers").is_empty()
        assert store.append(*good) == "answers-0001"

    def test_a_killed_process_leaves_nothing(self, store):
        """A transaction that was never committed is gone for whoever opens the file next."""
        raw = sqlite3.connect(store.path, isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            "INSERT INTO imports (id, kind, file, sha256, rows, source, as_of, sample, imported_at)"
            " VALUES ('x', 'areas', 'f', 's', 0, 's', '2024-01-01', 0, '2024-01-01 00:00:00')"
        )
        raw.close()
        with closing(SqliteStore(store.path)) as again:
            assert again.imports().is_empty()

    @pytest.mark.parametrize(
        ("frame", "told"),
        [
            (answers(("t", "i", 1.0, 1)).drop("fact"), "fact"),
            (answers(("t", "i", 1.0, 1)).with_columns(more=1), "more"),
            (answers(("t", "i", 1.0, 1)).cast({"value": pl.String}), "value"),
            (answers(("t", "i", 1.0, 1)).with_columns(subject=None).cast(
                {"subject": pl.String}), "subject"),
        ],
    )  # fmt: skip
    def test_a_frame_of_another_shape_is_a_programming_error(self, store, frame, told):
        with pytest.raises(ValueError, match=told):
            store.append("answers", frame, record())
        assert store.imports().is_empty()

    def test_unknown_kind(self, store):
        with pytest.raises(DomainError) as caught:
            store.append("horoscopes", answers(), record())
        assert caught.value.code == "unknown_kind"
        with pytest.raises(DomainError):
            store.current("horoscopes")

    def test_a_row_of_no_import_is_refused(self, store):
        with closing(sqlite3.connect(store.path)) as raw:
            raw.execute("PRAGMA foreign_keys = ON")
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute("INSERT INTO areas (import_id, code) VALUES ('none', '16')")


class TestSideBySide:
    def test_a_reader_sees_the_state_before_the_writer_commits(self, store):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        with closing(sqlite3.connect(store.path, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE answers SET value = 0.7")
            assert store.current("answers")["value"].to_list() == [0.5]
            writer.execute("ROLLBACK")

    def test_a_second_writer_is_told_what_to_do(self, store):
        with closing(sqlite3.connect(store.path, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(DomainError) as caught:
                store.append("answers", answers(("t", "i", 0.5, 1)), record())
            writer.execute("ROLLBACK")
        assert caught.value.code == "database_locked"
        assert "repeat" in caught.value.remedy.en
        assert "ulangi" in caught.value.remedy.id
        store.append("answers", answers(("t", "i", 0.5, 1)), record())

    def test_many_writers_and_readers(self, tmp_path):
        store = SqliteStore(tmp_path / "s.db", busy_timeout_s=30)
        failures: list[BaseException] = []

        def write(number: int) -> None:
            try:
                for i in range(5):
                    rows = [(f"t{number}", f"i{i}", 0.5, 1), (f"u{number}", f"i{i}", 0.5, 1)]
                    store.append("answers", answers(*rows), record())
                    assert store.current("answers").height % 2 == 0
            except BaseException as error:  # noqa: BLE001  (shown by the assertion below)
                failures.append(error)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert store.current("answers").height == 40
        assert store.imports()["id"].n_unique() == 20

    def test_several_kinds_as_of_one_moment(self, store):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        found = store.current_all(["areas", "answers"])
        assert {name: frame.height for name, frame in found.items()} == {"areas": 0, "answers": 1}

    def test_between_commands_the_database_is_one_file(self, store):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        assert [p.name for p in store.path.parent.iterdir()] == ["s.db"]


class TestPlans:
    def test_a_plan_comes_back_byte_for_byte(self, store):
        body = b'{"plan": "g1"}\n\x00\xff'
        store.save_plan("g1", "guards", body, at=NOON)
        assert store.load_plan("g1") == body
        found = store.plans()
        assert found.schema == pl.Schema(PLANS)
        assert found.select("id", "kind", "size_bytes", "saved_at").rows() == [
            ("g1", "guards", len(body), NOON)
        ]

    def test_saved_again_the_later_body_stands(self, store):
        store.save_plan("g1", "guards", b"one", at=NOON)
        store.save_plan("g2", "guards", b"two", at=NOON)
        store.save_plan("g1", "guards", b"three", at=NOON)
        assert store.load_plan("g1") == b"three"
        assert store.plans()["id"].to_list() == ["g2", "g1"]

    def test_the_same_body_again_changes_nothing(self, store):
        store.save_plan("g1", "guards", b"one", at=NOON)
        store.save_plan("g1", "guards", b"one", at=NOON + dt.timedelta(hours=1))
        assert store.plans()["saved_at"].to_list() == [NOON]

    def test_unknown_plan_names_those_there_are(self, store):
        store.save_plan("g1", "guards", b"one")
        with pytest.raises(DomainError) as caught:
            store.load_plan("g2")
        assert caught.value.code == "unknown_plan"
        assert "g1" in caught.value.remedy.en


class TestOtherDatabases:
    def test_opened_again_it_holds_what_it_held(self, store):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        with closing(SqliteStore(store.path)) as again:
            assert again.current("answers").height == 1

    def test_not_a_database(self, tmp_path):
        file = tmp_path / "s.db"
        file.write_bytes(b"Kode;Nama\n" * 500)
        with pytest.raises(DomainError) as caught:
            SqliteStore(file)
        assert caught.value.code == "foreign_database"
        assert file.read_bytes() == b"Kode;Nama\n" * 500

    def test_a_database_of_another_program_is_left_as_it_is(self, tmp_path):
        file = tmp_path / "s.db"
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("CREATE TABLE recipes (name TEXT)")
        before = file.read_bytes()
        with pytest.raises(DomainError) as caught:
            SqliteStore(file)
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
    def test_another_version(self, store, statement, code):
        with closing(sqlite3.connect(store.path)) as raw:
            raw.execute(statement)
            raw.commit()
        with pytest.raises(DomainError) as caught:
            SqliteStore(store.path)
        assert caught.value.code == code
        assert caught.value.remedy.id

    def test_no_such_folder(self, tmp_path):
        with pytest.raises(DomainError) as caught:
            SqliteStore(tmp_path / "none" / "s.db")
        assert caught.value.code == "database_unreachable"

    def test_damaged(self, store):
        store.append("answers", answers(*((f"t{i}", "i", 0.5, 1) for i in range(2000))), record())
        content = bytearray(store.path.read_bytes())
        content[8192:] = b"\xa5" * (len(content) - 8192)
        store.path.write_bytes(content)
        with pytest.raises(DomainError) as caught:
            store.current("answers")
        assert caught.value.code == "database_damaged"

    def test_any_other_failure_is_told_too(self, store):
        with closing(sqlite3.connect(store.path)) as raw:
            raw.execute("DROP TABLE plans")
        with pytest.raises(DomainError) as caught:
            store.plans()
        assert caught.value.code == "database_failed"


class TestTables:
    def test_they_compile_for_postgresql_too(self):
        for table in METADATA.sorted_tables:
            assert str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))

    def test_every_column_of_every_frame_is_there(self):
        for name, kind in KINDS.items():
            assert set(ROW_TABLES[name].columns.keys()) == {
                "row_number",
                "import_id",
                *kind.schema,
            }
            assert set(kind.key) <= set(kind.schema)
            assert kind.order is None or kind.order in kind.schema

    def test_a_type_without_a_column_type_is_refused(self):
        with pytest.raises(TypeError):
            column_type(pl.Duration())

    def test_a_time_without_zone_is_refused(self):
        naive = dt.datetime(2024, 1, 1)  # noqa: DTZ001
        with pytest.raises(ValueError, match="zone"):
            UtcTime().process_bind_param(naive, None)


def test_answers_of_a_whole_regency_are_kept(tmp_path):
    """48,000 rows in one import; how fast is the matter of benchmarks/flow.py."""
    count = 48_000
    rows = ((f"16080110{i % 2180:05d}", f"n{i // 2180}", 0.5, 1) for i in range(count))
    frame = answers(*rows)
    store = SqliteStore(tmp_path / "s.db")
    store.append("answers", frame, record())
    assert store.current("answers").height == count
