from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from sispamkota.actions.demo import make_demo
from sispamkota.actions.imports import undo_imports
from sispamkota.actions.roster_edit import edit_person, roster_edits
from sispamkota.actions.roster_view import coverage_view, roster_view
from sispamkota.actions.settings import CHANGEABLE, change_settings, set_value
from sispamkota.kernel.errors import DomainError
from sispamkota.storage.workspace import CONFIG_NAME, create_workspace, open_workspace

NOW = dt.datetime(2024, 2, 20, 20, tzinfo=dt.UTC)
BY = {"by": "AKP Rahmat", "reason": "sakit", "now": NOW}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with make_demo(tmp_path_factory.mktemp("demo") / "d", NOW) as workspace:
        yield workspace


@pytest.fixture
def demo(made):
    """The demo, with every edit of the test withdrawn afterwards."""
    before = set(made.store.imports()["id"])
    yield made
    later = made.store.imports()
    standing = later.filter(later["withdrawn_at"].is_null())["id"]
    undo_imports(made, [i for i in standing if i not in before], NOW)


def one(workspace, agency="polri"):
    roster = workspace.store.current("personnel")
    rows = roster.filter((roster["agency"] == agency) & roster["available"])
    return rows.row(0, named=True)


def now_of(workspace, person):
    roster = workspace.store.current("personnel")
    return roster.filter(roster["id"] == person).row(0, named=True)


def code_of(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.message.id != caught.value.message.en
    assert caught.value.remedy.id
    return caught.value.code


class TestEditOnePerson:
    """A change is a row beside the old one, named and dated."""

    def test_changed_named_dated_and_undone(self, demo):
        before = one(demo)
        edit = edit_person(demo, before["id"], {"available": False, "duty": "cadangan"}, **BY)
        after = now_of(demo, before["id"])
        assert (after["available"], after["duty"], after["source"]) == (
            False,
            "reserve",
            "AKP Rahmat",
        )
        # 20:00 UTC is the next day in WIB
        assert after["as_of"] == dt.date(2024, 2, 21)
        assert after["sample"] == before["sample"]
        unchanged = before.keys() - {"available", "duty", "source", "as_of"}
        assert {k: after[k] for k in unchanged} == {k: before[k] for k in unchanged}
        assert edit.as_json()["before"] == {"available": True, "duty": "tps"}
        assert roster_edits(demo)[before["id"]]["reason"] == "sakit"
        undo_imports(demo, [edit.import_id], NOW)
        assert now_of(demo, before["id"]) == before
        assert roster_edits(demo) == {}

    def test_two_edits_on_one_day_both_hold(self, demo):
        person = one(demo)["id"]
        edit_person(demo, person, {"leader": True, "transport": "mobil, motor"}, **BY)
        edit_person(demo, person, {"available": False}, **BY)
        after = now_of(demo, person)
        assert (after["leader"], after["available"]) == (True, False)
        assert after["transport"] == "motorcycle;car"
        edit_person(demo, person, {"transport": None}, **BY)
        assert now_of(demo, person)["transport"] is None

    def test_a_roster_dated_later_than_today_is_changed_all_the_same(self, demo):
        before = one(demo)
        early = {**BY, "now": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}
        edit_person(demo, before["id"], {"available": False}, **early)
        assert now_of(demo, before["id"])["available"] is False

    def test_a_post_may_be_named(self, demo):
        person = one(demo)
        post = demo.store.current("posts")
        other = post.filter((post["kind"] == "polsek") & (post["code"] != person["home_post"]))
        edit_person(demo, person["id"], {"home_post": other["name"][0]}, **BY)
        assert now_of(demo, person["id"])["home_post"] == other["code"][0]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"home_post": "POLSEK-TIDAK-ADA"}, "unknown_post"),
            ({"duty": "koki"}, "unknown_word"),
            ({"transport": "unta"}, "unknown_word"),
            ({"available": "barangkali"}, "bad_cell"),
            ({"duty": ""}, "missing_cell"),
            ({"available": None}, "missing_cell"),
            ({"rank": "kompol"}, "unknown_column"),
            ({"id": "X"}, "unknown_column"),
            ({}, "nothing_changed"),
            ({"available": True}, "nothing_changed"),
        ],
    )
    def test_refused_and_nothing_kept(self, demo, changes, code):
        person, imports = one(demo)["id"], demo.store.imports().height
        assert code_of(lambda: edit_person(demo, person, changes, **BY)) == code
        assert demo.store.imports().height == imports

    def test_unknown_person_and_missing_reason(self, demo):
        person = one(demo)["id"]
        for who, words, code in (
            ("TIDAK-ADA", {}, "unknown_person"),
            (person, {"reason": "  "}, "missing_reason"),
            (person, {"by": ""}, "missing_name"),
            (person, {"reason": "x" * 1001}, "reason_too_long"),
            (person, {"reason": "pendukung partai itu"}, "forbidden_reason"),
        ):
            call = {**BY, **words}
            assert (
                code_of(lambda w=who, c=call: edit_person(demo, w, {"leader": True}, **c)) == code
            )

    def test_a_roster_that_nobody_kept_cannot_be_changed(self, tmp_path):
        day = dt.date(2024, 2, 14)
        with create_workspace(tmp_path / "w", name="u", election="pemilu", voting_day=day) as new:
            assert code_of(lambda: edit_person(new, "P1", {"leader": True}, **BY)) == (
                "generated_roster"
            )


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(
        tmp_path / "w", name="uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as new:
        yield new


def comments(text):
    return re.findall(r"#.*", text)


class TestSettings:
    """Settings change in the file, with its comments and order kept."""

    def test_changed_in_place(self, workspace):
        file = workspace.folder / CONFIG_NAME
        text = file.read_text().replace("speed_kmh = 25.0", "speed_kmh = 25.0  # jalan desa")
        file.write_text(text)
        done = change_settings(
            workspace,
            {
                "planning.speed_kmh": 30,
                "planning": {"risk": {"rawan": 7}, "mixed_classes": False},
                "operation.name": 'Operasi "Mantap" \\ Brata',
                "operation.voting_day": "2024-11-27",
                "planning.duty_hours": 12,
            },
        )
        assert done["planning.speed_kmh"] == {"from": 25.0, "to": 30.0}
        assert "planning.duty_hours" not in done
        later = file.read_text()
        assert comments(later) == comments(text)
        assert "speed_kmh = 30.0  # jalan desa\n" in later
        changed = [a for a, b in zip(text.splitlines(), later.splitlines(), strict=True) if a != b]
        assert len(changed) == 5
        with open_workspace(workspace.folder) as again:
            config = again.config
        assert config.operation.name == 'Operasi "Mantap" \\ Brata'
        assert config.operation.voting_day == dt.date(2024, 11, 27)
        assert (config.planning.risk.rawan, config.planning.mixed_classes) == (7.0, False)

    def test_every_changeable_setting_is_in_the_file_of_a_new_workspace(self, workspace):
        text = (workspace.folder / CONFIG_NAME).read_text()
        for name in CHANGEABLE:
            assert set_value(text, name, 1).count("\n") == text.count("\n"), name

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"planning.speed": 3}, "unknown_setting"),
            ({"database.url": "sqlite:///x"}, "unknown_setting"),
            ({"planning.speed_kmh": -3}, "bad_config"),
            ({"planning.speed_kmh": float("nan")}, "bad_config"),
            ({"planning.speed_kmh": "cepat"}, "bad_config"),
            ({"planning.speed_kmh": None}, "bad_config"),
            ({"planning.shift_start": "25:00"}, "bad_config"),
            ({"vulnerability.rawan": 90}, "bad_config"),
            ({"operation.voting_day": "besok"}, "bad_config"),
            ({"operation.name": "a\nb"}, "bad_name"),
            ({"operation.name": 'x"\n[database]\nurl = "y'}, "bad_name"),
            ({"doctrine.pattern": "tidak-ada"}, "unknown_pattern"),
        ],
    )
    def test_refused_and_the_file_stays(self, workspace, changes, code):
        file = workspace.folder / CONFIG_NAME
        before = file.read_bytes()
        with pytest.raises(DomainError) as caught:
            change_settings(workspace, {**changes, "planning.duty_hours": 10})
        assert caught.value.code == code
        assert file.read_bytes() == before

    def test_missing_keys_and_tables_are_added(self, workspace):
        file = workspace.folder / CONFIG_NAME
        file.write_text('[operation]\nname = "u"\n# akhir')
        change_settings(workspace, {"operation.voting_day": "2024-02-15", "planning.risk.rawan": 7})
        assert file.read_text() == (
            '[operation]\nname = "u"\nvoting_day = 2024-02-15\n# akhir\n'
            "\n[planning.risk]\nrawan = 7.0\n"
        )

    @pytest.mark.parametrize("hidden_in", ["[operation]\nname", "[documents]\nletterhead"])
    def test_a_file_that_hides_its_tables_is_left_alone(self, workspace, hidden_in):
        file = workspace.folder / CONFIG_NAME
        text = f'{hidden_in} = """\n[planning]\nspeed_kmh = 3.0\n"""\n[planning]\nspeed_kmh = 9.0\n'
        file.write_text(text)
        with pytest.raises(DomainError):
            change_settings(workspace, {"planning.speed_kmh": 30})
        assert file.read_text() == text


class TestView:
    """What the screen shows of the roster."""

    def test_people_choices_and_last_edit(self, demo):
        person = one(demo)["id"]
        edit = edit_person(demo, person, {"leader": True, "available": False}, **BY)
        shown = roster_view(demo, "id")
        assert len(shown["people"]) == demo.store.current("personnel").height
        row = next(p for p in shown["people"] if p["id"] == person)
        assert row["edited"]["import"] == edit.import_id
        assert row["available"] is False
        assert set(row["training"]) == {"pam_tps", "latihan_pra_operasi"}
        assert shown["generated"] is None
        assert shown["editable"]
        duties = {d["code"] for d in shown["duties"]}
        assert {p["duty"] for p in shown["people"]} <= duties
        assert {p["agency"] for p in shown["people"]} <= {a["code"] for a in shown["agencies"]}
        json.dumps(shown)

    @pytest.mark.parametrize("by", ["force", "post"])
    def test_coverage_adds_up(self, demo, by):
        rows = coverage_view(demo, by, "en")["rows"]
        assert rows
        assert all(r["people"] == r["valid"] + r["expired"] + r["unknown"] for r in rows)
        assert all(r["name"] for r in rows)
