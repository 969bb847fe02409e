"""`sispamkota roads` and `import roads` as a person types them: answers, files, exit codes."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pytest
from actions.road_world import NOW, ROADS, add_places, at, write_roads
from click.testing import CliRunner

from sispamkota.cli.main import main
from sispamkota.storage.workspace import create_workspace

CLOCK = ["--clock", "2024-02-10T08:00+07:00"]
BY = ["--by", "AKP Contoh", "--reason", "jembatan rusak"]


@pytest.fixture
def folder(tmp_path):
    with create_workspace(
        tmp_path / "w", name="Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        add_places(made)
    return tmp_path / "w"


@pytest.fixture
def roads(folder, tmp_path):
    run(folder, "import", "roads", write_roads(tmp_path), "--source", "uji")
    return folder


def run(folder, *words, code=0, as_json=True):
    told = [*map(str, words), "-w", str(folder), *(["--json"] if as_json else [])]
    result = CliRunner().invoke(main, told, catch_exceptions=False)
    assert result.exit_code == code, result.output + result.stderr
    return json.loads(result.stdout) if as_json else result.stdout


class TestImport:
    def test_it_tells_what_was_kept_and_ends_with_findings(self, folder, tmp_path):
        without_the_dead_end = write_roads(tmp_path, ROADS[:-1])
        found = run(folder, "import", "roads", without_the_dead_end, code=1)
        assert found["roads"]["snapped"][2]["far"] == 1
        assert found["kind"] == "roads"
        assert found["roads"]["segments"] > 5
        assert found["roads"]["components"][0]["profile"] == "car"
        listed = run(folder, "import", "--list")["imports"]
        assert listed[0]["id"] == found["imports"][0]
        run(folder, "import", "--undo", found["imports"][0])
        assert run(folder, "roads", "report", code=1)["estimated"]

    def test_for_people(self, folder, tmp_path):
        text = run(folder, "import", "roads", write_roads(tmp_path), as_json=False)
        assert "km jalan" in text
        assert "--undo roads-" in text

    def test_a_damaged_file(self, folder, tmp_path):
        file = tmp_path / "x.osm.pbf"
        file.write_bytes(b"rubbish")
        assert run(folder, "import", "roads", file, code=2)["error"]["code"] == "damaged_roads"


class TestAnswers:
    def test_report(self, roads):
        found = run(roads, "roads", "report")
        assert not found["estimated"]
        assert [s["kind"] for s in found["snapped"]] == ["tps", "post", "desa"]
        assert "Jembatan" not in run(roads, "roads", "report", as_json=False)

    def test_matrix_as_json_and_csv(self, roads, tmp_path):
        found = run(roads, "roads", "matrix", *CLOCK)
        assert (len(found["travel_s"]), len(found["travel_s"][0])) == (2, 8)
        out = tmp_path / "m.csv"
        brief = run(roads, "roads", "matrix", "--from", "desa", "--to", "posts", "--out", out)
        assert brief["file"] == str(out)
        rows = list(csv.DictReader(out.read_text().splitlines()))
        assert len(rows) == 8
        assert rows[0].keys() == {"from", "from_name", "to", "to_name", "travel_s"}

    def test_matrix_says_what_has_no_way(self, roads, tmp_path):
        for name in ("Jembatan Barat", "Jembatan Timur"):
            run(roads, "roads", "close", "--road", name, *BY, *CLOCK,
                code=1 if name.endswith("Timur") else 0)  # fmt: skip
        found = run(roads, "roads", "matrix", *CLOCK, code=1)
        assert found["unreachable"] == 8
        assert None in found["travel_s"][0]
        out = tmp_path / "m.json"
        run(roads, "roads", "matrix", "--out", out, *CLOCK, code=1)
        assert json.loads(out.read_text())["unreachable"] == 8

    def test_route_with_directions(self, roads):
        found = run(roads, "roads", "route", "polsek-1", "desa:1608021003", "--alternates", 1)
        (first, *others) = found["routes"]
        assert others
        assert first["steps"][0]["text"]
        assert sum(s["length_m"] for s in first["steps"]) == pytest.approx(first["length_m"], abs=1)
        text = run(roads, "roads", "route", "polsek-1", "1608021003", as_json=False)
        assert "menit" in text
        assert "Jembatan" in text

    def test_no_way_is_a_finding(self, roads):
        lon, lat = at(0)
        found = run(
            roads, "roads", "route", f"{lon},{lat}", "polsek-1", "--profile", "boat", code=1
        )
        assert not found["reachable"]
        assert found["routes"] == []

    def test_nearest(self, roads):
        found = run(roads, "roads", "nearest", "desa:1608021004", "-k", 1)
        assert [p["code"] for p in found["posts"]] == ["rs-1"]

    def test_isochrone(self, roads, tmp_path):
        out = tmp_path / "i.geojson"
        found = run(roads, "roads", "isochrone", "polsek-1", "--minutes", "2,30", "--out", out)
        wide, narrow = (f["properties"] for f in found["features"])
        assert wide["minutes"] > narrow["minutes"]
        assert (wide["tps"], wide["voters"]) == (8, 1600)
        assert wide["area_km2"] > narrow["area_km2"]
        assert json.loads(out.read_text())["features"]
        assert "30" in run(roads, "roads", "isochrone", "polsek-1", "--minutes", "30",
                           as_json=False)  # fmt: skip

    def test_critical(self, roads):
        found = run(roads, "roads", "critical", code=1)
        worst = found["links"][0]
        assert worst["isolated_tps"] > 0
        assert worst["rank"] == 1
        assert "Jalan Buntu" in {link["road"] for link in found["links"]}
        assert "ruas kritis" in run(roads, "roads", "critical", code=1, as_json=False)

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            (["route", "x:1", "polsek-1"], "bad_place"),
            (["route", "tps:1", "polsek-1"], "unknown_place"),
            (["nearest", "104.5,-4.1", "--clock", "besok"], "bad_clock"),
            (["isochrone", "polsek-1", "--minutes", "0"], "bad_limit"),
        ],
    )
    def test_bad_input(self, roads, words, error):
        assert run(roads, "roads", *words, code=2)["error"]["code"] == error


class TestClosing:
    def test_check_keeps_nothing_then_close_list_and_reopen(self, roads):
        seen = run(roads, "roads", "close", "--road", "Jembatan Barat", "--check", *CLOCK)
        assert seen["roads"] == ["Jembatan Barat"]
        assert seen["length_m"] > 0
        assert run(roads, "roads", "closures", *CLOCK)["closures"] == []

        made = run(roads, "roads", "close", "--road", "Jembatan Barat", *BY, *CLOCK)
        (row,) = run(roads, "roads", "closures", *CLOCK)["closures"]
        assert row["id"] == made["closure"]["id"]
        assert made["closure"]["made_at"] == NOW.isoformat()

        run(roads, "roads", "reopen", row["id"], "--by", "AKP B", "--reason", "selesai", *CLOCK)
        assert run(roads, "roads", "closures", *CLOCK)["closures"] == []
        (old,) = run(roads, "roads", "closures", "--all", *CLOCK)["closures"]
        assert old["lifted"]["person"] == "AKP B"
        again = run(roads, "roads", "reopen", row["id"], *BY, code=2)
        assert again["error"]["code"] == "closure_lifted"

    def test_an_area_from_a_file_for_a_window(self, roads, tmp_path):
        ring = [at(1, 1.5), at(7, 1.5), at(7, 2.5), at(1, 2.5), at(1, 1.5)]
        shape = {"type": "Polygon", "coordinates": [ring]}
        for i, body in enumerate(
            (shape, {"type": "Feature", "geometry": shape},
             {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": shape}]})
        ):  # fmt: skip
            file = tmp_path / f"{i}.geojson"
            file.write_text(json.dumps(body))
            seen = run(roads, "roads", "close", "--area", file, "--flood", "--check",
                       "--from", "2024-02-10T09:00+07:00", "--until", "2024-02-10T12:00+07:00",
                       *CLOCK, code=1)  # fmt: skip
            assert set(seen["roads"]) == {"Jembatan Barat", "Jembatan Timur"}
            assert seen["isolated"]["tps"] == 4
        text = run(roads, "roads", "close", "--area", file, "--check", code=1, as_json=False)
        assert "--check" in text

    @pytest.mark.parametrize("content", ["{}", "[]", "x", '{"type": "Point"}'])
    def test_a_file_that_is_no_area(self, roads, tmp_path, content):
        file = tmp_path / "a.geojson"
        file.write_text(content)
        found = run(roads, "roads", "close", "--area", file, *BY, code=2)
        assert found["error"]["code"] == "bad_area_file"

    def test_who_and_why_are_asked_for(self, roads):
        found = run(roads, "roads", "close", "--way", 1, "--reason", "banjir", code=2)
        assert found["error"]["code"] == "missing_name"


def test_roads_and_closures_are_exported(roads, tmp_path):
    run(roads, "roads", "close", "--road", "Jembatan Barat", *BY)
    for layer, kind in (("roads", "LineString"), ("closures", "MultiLineString")):
        out = tmp_path / f"{layer}.geojson"
        run(roads, "export", "geojson", "--layer", layer, "--out", out)
        body = json.loads(out.read_text())
        assert {f["geometry"]["type"] for f in body["features"]} == {kind}
        assert body["estimated"] is False


def test_the_extract_is_fetched_only_when_asked_and_offline_is_told(folder, tmp_path):
    found = run(folder, "roads", "fetch", "--out", tmp_path / "x.osm.pbf",
                "--mirror", "http://127.0.0.1:9", code=2)  # fmt: skip
    assert found["error"]["code"] == "offline"
    assert "import roads" in found["error"]["remedy"]
