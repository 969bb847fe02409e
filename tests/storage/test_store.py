"""The store's contract, on both engines: append-only, whole or nothing, what holds now, plans."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.store import IMPORTS, PLANS, Store
from sispamkota.storage.tables import IMPORTS_TABLE, KINDS, ROW_TABLES
from sispamkota.storage.versions import COMMAND_LINE

from .conftest import NOON, answers, at_once, emptied, record

CELLS = {
    pl.String: st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
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
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(kind_and_frame(), kind_and_frame())
    def test_what_goes_in_comes_out(self, database, first, second):
        store: Store = SqlStore(emptied(database))
        for name, frame in (first, second):
            import_id = store.append(name, frame, record())
            mine = store.history(name).filter(pl.col("import_id") == import_id)
            assert_frame_equal(mine.drop("import_id"), frame)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_current_is_the_latest_of_each_key(self, database, data):
        """Against a plain reading of the rule, row by row."""
        store = SqlStore(emptied(database))
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

    def test_nul_in_a_text_is_left_out(self, store):
        store.append("answers", answers(("t\0", "i", 0.5, 1)), record())
        assert store.current("answers")["subject"].to_list() == ["t"]

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


def network(body: bytes, day: int) -> pl.DataFrame:
    row = ("main", body, "OSM", dt.date(2024, 1, day))
    return pl.DataFrame([row], schema=KINDS["roads"].schema, orient="row")


def decision(closure: str, state: str, reason: str) -> pl.DataFrame:
    row = (closure, '{"kind": "way"}', state, "Kasat Lantas", reason, NOON)
    return pl.DataFrame([row], schema=KINDS["closures"].schema, orient="row")


class TestMarks:
    def test_they_tell_imports_of_some_kinds_apart_and_whether_they_hold(self, store):
        first = store.append("answers", answers(), record())
        store.append("figures", pl.DataFrame(schema=KINDS["figures"].schema), record())
        second = store.append("answers", answers(), record())
        store.withdraw(first, at=NOON)
        marks = store.marks(["answers", "roads"])
        assert [(m.id, m.kind, m.withdrawn) for m in marks] == [
            (first, "answers", True),
            (second, "answers", False),
        ]
        told = store.imports().filter(pl.col("kind") == "answers")
        assert [(m.file, m.sha256) for m in marks] == list(told.select("file", "sha256").rows())
        assert len({hash(m) for m in marks}) == 2
        assert store.marks(["answers", "roads"]) == marks

    def test_the_history_of_some_imports(self, store):
        first, second = (store.append("answers", answers(), record()) for _ in range(2))
        whole = store.history("answers")
        for one in (first, second):
            part = store.history("answers", [one])
            assert_frame_equal(part, whole.filter(pl.col("import_id") == one))
        assert store.history("answers", []).is_empty()


class TestRoads:
    def test_a_network_comes_back_byte_for_byte(self, store):
        body = bytes(range(256)) * 20_000
        store.append("roads", network(body, 1), record())
        assert store.current("roads")["body"].to_list() == [body]

    def test_the_network_imported_last_stands_and_undo_brings_back_the_earlier(self, store):
        store.append("roads", network(b"new", 20), record())
        later = store.append("roads", network(b"other cut of older data", 10), record())
        assert store.current("roads")["body"].to_list() == [b"other cut of older data"]
        store.withdraw(later)
        assert store.current("roads")["body"].to_list() == [b"new"]

    def test_the_last_decision_on_a_closure_stands_and_none_is_lost(self, store):
        store.append("closures", decision("c-1", "open", "banjir"), record())
        store.append("closures", decision("c-2", "open", "longsor"), record())
        store.append("closures", decision("c-1", "lifted", "surut"), record())
        found = store.current("closures").select("id", "state", "reason").rows()
        assert found == [("c-1", "lifted", "surut"), ("c-2", "open", "longsor")]
        assert store.history("closures")["reason"].to_list() == ["banjir", "longsor", "surut"]

    def test_an_event_written_again_replaces_what_stood(self, store):
        schema = KINDS["traffic_events"].schema
        for body, state in (("{}", "active"), ('{"a":1}', "active"), ('{"a":1}', "withdrawn")):
            row = ("e-1", body, state, "Kasat Lantas", NOON)
            store.append("traffic_events", pl.DataFrame([row], schema, orient="row"), record())
        assert store.current("traffic_events").select("body", "state").rows() == [
            ('{"a":1}', "withdrawn")
        ]


class TestWholeOrNothing:
    def test_an_error_in_the_second_import_leaves_nothing_of_the_first(self, store, monkeypatch):
        good = ("answers", answers(("t", "i", 1.0, 1)), record())
        boom = RuntimeError("power cut")

        def cut(connection, cursor, statement, *rest):
            if statement.startswith("INSERT INTO imports") and "areas" in str(rest):
                raise boom

        area = {"code": "16", "level": "provinsi", "name": "Sumatera Selatan"}
        areas = pl.DataFrame([area], schema=KINDS["areas"].schema)
        sa.event.listen(store._database.engine, "before_cursor_execute", cut)
        with pytest.raises(RuntimeError, match="power cut"):
            store.append_all([good, ("areas", areas, record())])
        sa.event.remove(store._database.engine, "before_cursor_execute", cut)
        assert store.imports().is_empty()
        assert store.history("answers").is_empty()
        assert store.append(*good) == "answers-0001"

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


class TestSideBySide:
    def test_a_reader_sees_the_state_before_the_writer_commits(self, store, opener):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        with opener().writing() as writer:
            writer.execute(ROW_TABLES["answers"].update().values(value=0.7))
            assert store.current("answers")["value"].to_list() == [0.5]
            writer.rollback()
        assert store.current("answers")["value"].to_list() == [0.5]

    def test_a_reader_sees_one_moment(self, store, database):
        with database.reading() as reader:
            count = sa.select(sa.func.count()).select_from(IMPORTS_TABLE)
            assert reader.execute(count).scalar() == 0
            store.append("answers", answers(("t", "i", 0.5, 1)), record())
            assert reader.execute(count).scalar() == 0

    def test_a_second_writer_is_told_what_to_do(self, store, opener):
        with opener().writing(), pytest.raises(DomainError) as caught:
            store.append("answers", answers(("t", "i", 0.5, 1)), record())
        assert caught.value.code == "database_locked"
        assert "repeat" in caught.value.remedy.en
        assert "ulangi" in caught.value.remedy.id
        store.append("answers", answers(("t", "i", 0.5, 1)), record())

    def test_many_writers_and_readers(self, opener):
        def write(number: int) -> list[str]:
            mine, ids = SqlStore(opener(busy_timeout_s=30)), []
            for i in range(5):
                rows = [(f"t{number}", f"i{i}", 0.5, 1), (f"u{number}", f"i{i}", 0.5, 1)]
                ids.append(mine.append("answers", answers(*rows), record()))
                assert mine.current("answers").height % 2 == 0
            return ids

        ids = [i for mine in at_once(write, range(4)) for i in mine]
        store = SqlStore(opener())
        assert store.current("answers").height == 40
        assert sorted(ids) == [f"answers-{n:04d}" for n in range(1, 21)]
        assert store.imports()["id"].to_list() == sorted(ids)

    def test_only_one_of_two_withdraws(self, store, opener):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())

        def withdraw(_: int) -> str:
            try:
                SqlStore(opener(busy_timeout_s=30)).withdraw("answers-0001")
            except DomainError as error:
                return error.code
            return "done"

        assert sorted(at_once(withdraw, range(4))) == ["already_withdrawn"] * 3 + ["done"]

    def test_several_kinds_as_of_one_moment(self, store):
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        found = store.current_all(["areas", "answers"])
        assert {name: frame.height for name, frame in found.items()} == {"areas": 0, "answers": 1}


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

    def test_a_saved_plan_has_a_version_by_the_command_line(self, store, versions):
        store.save_plan("g1", "guards", b"one", at=NOON)
        store.save_plan("s1", "standby", b"two", at=NOON)
        store.save_plan("g1", "guards", b"three", at=NOON)
        found = [(e.plan, e.version, e.state, e.person, e.account) for e in versions.events()]
        assert found == [
            ("g1", 1, "draft", COMMAND_LINE, None),
            ("s1", 1, "draft", COMMAND_LINE, None),
            ("g1", 2, "draft", COMMAND_LINE, None),
        ]

    def test_content_on_which_people_rely_is_not_replaced(self, store, versions):
        store.save_plan("g1", "guards", b"one")
        who = {"account": None, "person": "Kabag Ops", "reason": "", "at": NOON}
        versions.add_event("g1", "reviewed", expected_state="draft", **who)
        store.save_plan("g1", "guards", b"one")
        with pytest.raises(DomainError) as caught:
            store.save_plan("g1", "guards", b"other")
        assert caught.value.code == "plan_exists"
        assert store.load_plan("g1") == b"one"

    def test_unknown_plan_names_those_there_are(self, store):
        store.save_plan("g1", "guards", b"one")
        with pytest.raises(DomainError) as caught:
            store.load_plan("g2")
        assert caught.value.code == "unknown_plan"
        assert "g1" in caught.value.remedy.en


class TestRevision:
    """A token for caches: the same while nothing changed, another after every change."""

    def test_every_change_makes_another(self, store, versions):
        seen = [store.revision()]

        def changed() -> bool:
            seen.append(store.revision())
            assert store.revision() == seen[-1]
            return len(set(seen)) == len(seen)

        who = {"account": None, "person": "Kabag Ops", "reason": "", "at": NOON}
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        assert changed()
        store.append("answers", answers(("t", "i", 0.5, 1)), record())
        assert changed()
        store.withdraw("answers-0001", at=NOON)
        assert changed()
        store.save_plan("g1", "guards", b"one", at=NOON)
        assert changed()
        versions.add_version("g2", "guards", b"two", **who)
        assert changed()
        versions.add_event("g2", "reviewed", expected_state="draft", **who)
        assert changed()

    def test_reading_changes_nothing(self, store, accounts):
        before = store.revision()
        store.current("tps")
        accounts.accounts()
        assert store.revision() == before


def test_answers_of_a_whole_regency_are_kept(store):
    """48,000 rows in one import; how fast is the matter of benchmarks/flow.py."""
    count = 48_000
    rows = ((f"16080110{i % 2180:05d}", f"n{i // 2180}", 0.5, 1) for i in range(count))
    frame = answers(*rows)
    store.append("answers", frame, record())
    assert store.current("answers").height == count
