"""`sispamkota traffic` as a person types it: events by file, closures of a plan by order."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from actions.road_world import add_places, at, write_roads
from click.testing import CliRunner

from sispamkota.cli.main import main
from sispamkota.storage.workspace import create_workspace

CLOCK = ["--clock", "2024-02-05T08:00+07:00"]
BY = ["--by", "AKP Contoh"]
WHY = ["--reason", "rapat umum"]
RALLY = {
    "id": "rapat-1",
    "kind": "campaign_rally",
    "name": "Rapat umum lapangan",
    "starts_at": "2024-02-10 13:00",
    "ends_at": "2024-02-10 16:00",
    "place": at(4),
    "crowd": {"expected": 1500, "low": 1000, "high": 2000, "source": "STTP/7/I/2024"},
    "sttp": {"number": "STTP/7/I/2024", "issued_on": "2024-01-18"},
}
OTHER = RALLY | {"id": "rapat-2", "name": "Rapat umum stadion", "starts_at": "2024-02-09 13:00",
                 "ends_at": "2024-02-09 16:00"}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    with create_workspace(
        tmp_path / "w", name="Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        add_places(made)
    run(tmp_path / "w", "import", "roads", write_roads(tmp_path), "--source", "uji")
    return tmp_path / "w"


def run(folder, *words, code=0, as_json=True):
    told = [*map(str, words), "-w", str(folder), *(["--json"] if as_json else [])]
    result = CliRunner().invoke(main, told, catch_exceptions=False)
    assert result.exit_code == code, result.output + result.stderr
    return json.loads(result.stdout) if as_json else result.stdout


def written(tmp_path, *events, name="kegiatan.json"):
    file = tmp_path / name
    file.write_text(json.dumps({"events": events}))
    return file


def add(folder, tmp_path, *events, **more):
    return run(folder, "traffic", "event", "add", written(tmp_path, *events), *BY, *CLOCK, **more)


class TestEvents:
    def test_several_come_in_by_one_file(self, folder, tmp_path):
        made = add(folder, tmp_path, RALLY, OTHER)["events"]
        assert [(e["id"], e["version"], e["replaced"]) for e in made] == [
            ("rapat-1", 1, False),
            ("rapat-2", 1, False),
        ]
        listed = run(folder, "traffic", "event", "list")["events"]
        assert [e["id"] for e in listed] == ["rapat-2", "rapat-1"]  # by start
        assert {e["person"] for e in listed} == {"AKP Contoh"}
        assert listed[1]["starts_at"] == "2024-02-10T06:00:00+00:00"

    def test_toml_holds_the_same(self, folder, tmp_path):
        file = tmp_path / "kegiatan.toml"
        file.write_text(
            'id = "rapat-1"\nkind = "campaign_rally"\nname = "Rapat umum lapangan"\n'
            'starts_at = "2024-02-10 13:00"\nends_at = "2024-02-10 16:00"\n'
            f"place = {RALLY['place']}\ncrowd = 1500\n"
        )
        run(folder, "traffic", "event", "add", file, *BY)
        (row,) = run(folder, "traffic", "event", "list")["events"]
        assert row["crowd"]["expected"] == 1500

    def test_one_slip_and_nothing_of_the_file_is_kept(self, folder, tmp_path):
        slips = OTHER | {"starts_at": "kemarin", "party": "x"}
        error = add(folder, tmp_path, RALLY, slips, code=2)["error"]
        assert error["code"] == "bad_event"
        assert len(error["problems"]) == 2
        far = OTHER | {"place": [0.0, 0.0]}
        assert add(folder, tmp_path, RALLY, far, code=2)["error"]["code"] == "event_far_from_roads"
        assert run(folder, "traffic", "event", "list", "--all")["events"] == []

    def test_a_slip_is_told_for_people_with_its_remedy(self, folder, tmp_path):
        file = written(tmp_path, RALLY | {"ends_at": "2024-02-10 11:00"})
        words = ["traffic", "event", "add", str(file), *BY, "-w", str(folder)]
        for lang, remedy in (("id", "Perbaikan"), ("en", "Remedy")):
            result = CliRunner().invoke(main, [*words, "--lang", lang])
            assert result.exit_code == 2
            assert remedy in result.stderr
            assert "Traceback" not in result.stderr

    def test_nobody_adds_or_removes_without_a_name(self, folder, tmp_path):
        file = written(tmp_path, RALLY)
        found = run(folder, "traffic", "event", "add", file, code=2)
        assert found["error"]["code"] == "missing_name"
        add(folder, tmp_path, RALLY)
        found = run(folder, "traffic", "event", "remove", "rapat-1", code=2)
        assert found["error"]["code"] == "missing_name"

    def test_an_earlier_version_is_brought_back(self, folder, tmp_path):
        add(folder, tmp_path, RALLY)
        (second,) = add(folder, tmp_path, RALLY | {"name": "Pindah ke stadion"})["events"]
        assert (second["version"], second["replaced"]) == (2, True)
        old = tmp_path / "lama.json"
        shown = run(folder, "traffic", "event", "show", "rapat-1", "--version", 1, "--out", old)
        assert shown["event"]["name"] == RALLY["name"]
        assert [v["version"] for v in shown["versions"]] == [1, 2]
        run(folder, "traffic", "event", "add", old, *BY)
        now = run(folder, "traffic", "event", "show", "rapat-1")
        assert (now["version"], now["event"]) == (3, shown["event"])

    def test_one_withdrawn_is_told_and_comes_back(self, folder, tmp_path):
        add(folder, tmp_path, RALLY)
        gone = run(folder, "traffic", "event", "remove", "rapat-1", "--by", "AKP B", *CLOCK)
        assert (gone["event"]["state"], gone["event"]["person"]) == ("withdrawn", "AKP B")
        assert run(folder, "traffic", "event", "list")["events"] == []
        (row,) = run(folder, "traffic", "event", "list", "--all")["events"]
        assert row["state"] == "withdrawn"
        again = run(folder, "traffic", "event", "remove", "rapat-1", *BY, code=2)
        assert again["error"]["code"] == "unknown_event"
        add(folder, tmp_path, RALLY)
        assert len(run(folder, "traffic", "event", "list")["events"]) == 1

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_for_people_in_both_languages(self, folder, tmp_path, lang):
        words = {"id": ("Kampanye", "Batalkan", "ditarik"), "en": ("rally", "Undo", "withdrawn")}
        file = written(tmp_path, RALLY)
        more = {"as_json": False}
        told = run(folder, "traffic", "event", "add", file, *BY, "--lang", lang, **more)
        assert "13:00" in told  # WIB
        told += run(folder, "traffic", "event", "list", "--lang", lang, **more)
        told += run(folder, "traffic", "event", "show", "rapat-1", "--lang", lang, **more)
        told += run(folder, "traffic", "event", "remove", "rapat-1", *BY, "--lang", lang, **more)
        for word in words[lang]:
            assert word.lower() in told.lower()

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            (["show", "x"], "unknown_event"),
            (["show", "rapat-1", "--version", "2"], "unknown_event_version"),
            (["remove", "x", *BY], "unknown_event"),
            (["remove", "rapat-1", *BY, "--clock", "besok"], "bad_clock"),
        ],
    )
    def test_bad_input(self, folder, tmp_path, words, error):
        add(folder, tmp_path, RALLY)
        assert run(folder, "traffic", "event", *words, code=2)["error"]["code"] == error


@pytest.fixture
def approved(folder, tmp_path):
    """A workspace with a hospital and an approved plan for a rally; the folder and the plan."""
    lon, lat = at(0, 4)
    posts = tmp_path / "rs.csv"
    posts.write_text(f"kode,nama,jenis,lon,lat\nrsud,RSUD Uji,rumah sakit,{lon},{lat}\n")
    run(folder, "import", "posts", posts, "--source", "uji")
    add(folder, tmp_path, RALLY)
    plan = run(folder, "plan", "traffic", code=1)["plan"]
    for word in ("review", "approve"):
        run(folder, "plan", word, plan, "--by", "AKBP Contoh", "--reason", "uji")
    return folder, plan


class TestOrder:
    def test_seen_first_then_ordered_listed_and_lifted(self, approved):
        folder, plan = approved
        seen = run(folder, "traffic", "order", plan, "--check", *CLOCK)
        assert seen["counts"]["new"] == len(seen["closures"]) > 0
        assert run(folder, "roads", "closures", "--all", *CLOCK)["closures"] == []

        made = run(folder, "traffic", "order", plan, *BY, *WHY, *CLOCK)
        rows = run(folder, "roads", "closures", *CLOCK)["closures"]
        assert {r["origin"]["order"] for r in rows} == {made["order"]}
        assert {r["state"] for r in rows} == {"planned"}
        again = run(folder, "traffic", "order", plan, *BY, *WHY, *CLOCK, code=2)
        assert again["error"]["code"] == "nothing_to_order"

        run(folder, "traffic", "lift", made["order"], "--by", "AKP B", *WHY, *CLOCK)
        assert run(folder, "roads", "closures", *CLOCK)["closures"] == []

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_for_people_in_both_languages(self, approved, lang):
        folder, plan = approved
        words = {
            "id": ("akan ditutup", "Tidak ada yang disimpan", "Batalkan", "direncanakan"),
            "en": ("to be closed", "Nothing was kept", "Undo", "planned"),
        }
        more = {"as_json": False}
        told = run(folder, "traffic", "order", plan, "--check", *CLOCK, "--lang", lang, **more)
        told += run(folder, "traffic", "order", plan, *BY, *WHY, *CLOCK, "--lang", lang, **more)
        told += run(folder, "traffic", "lift", plan, *BY, *WHY, *CLOCK, "--lang", lang, **more)
        for word in words[lang]:
            assert word in told

    def test_who_and_why_are_asked_for(self, approved):
        folder, plan = approved
        found = run(folder, "traffic", "order", plan, *WHY, *CLOCK, code=2)
        assert found["error"]["code"] == "missing_name"
        found = run(folder, "traffic", "lift", plan, *BY, *WHY, *CLOCK, code=2)
        assert found["error"]["code"] == "unknown_order"
