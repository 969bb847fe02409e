"""Bad roads, closures and events: one clear message each, and nothing half-imported."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import gzip
import json

import pytest
from actions.road_world import ROADS, add_places, at, write_roads
from click.testing import CliRunner

from sispamkota.cli.main import main
from sispamkota.storage.workspace import create_workspace

CLOCK = ["--clock", "2024-02-10T08:00+07:00"]
BY = ["--by", "AKP Contoh"]
CLOSE = ["roads", "close", *BY, "--reason", "banjir", *CLOCK]
EVENT = {
    "id": "rapat", "kind": "campaign_rally", "name": "Rapat umum",
    "starts_at": "2024-02-10 13:00", "ends_at": "2024-02-10 16:00", "place": at(4),
    "crowd": {"expected": 900}, "groups": [{"label": "Kelompok A", "size": 300,
                                            "gathering": at(7)}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    with create_workspace(
        tmp_path / "w", name="Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as made:
        add_places(made)
    assert call(tmp_path / "w", "import", "roads", write_roads(tmp_path)).exit_code == 0
    return tmp_path / "w"


def call(folder, *words):
    """Run one command; an exception that it lets through fails here, not as exit code 1."""
    done = CliRunner().invoke(main, [*map(str, words), "-w", str(folder)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def kept(folder):
    """Return all that the workspace says of itself: imports, closures, events, roads."""
    told = [
        call(folder, *words, "--json").stdout
        for words in (["import", "--list"], ["roads", "closures", "--all", *CLOCK],
                      ["traffic", "event", "list", "--all"], ["roads", "report", *CLOCK],
                      ["roads", "matrix", *CLOCK])
    ]  # fmt: skip
    assert all(told)
    return told


def refused(folder, *words):
    """Run a command that must be refused and change nothing; return its error."""
    before = kept(folder)
    answers = {}
    for lang in ("id", "en"):
        done = call(folder, *words, "--json", "--lang", lang)
        assert done.exit_code == 2, done.output
        assert len(done.stdout.strip().splitlines()) == 1
        answers[lang] = json.loads(done.stdout)["error"]
        told = call(folder, *words, "--lang", lang)
        assert told.exit_code == 2
        assert told.stdout == ""
        assert "Traceback" not in told.stderr
        assert answers[lang]["remedy"]
    assert answers["id"]["message"] != answers["en"]["message"]
    assert kept(folder) == before
    return answers["id"]


FILES = {
    "empty": ("jalan.osm.pbf", b"", "damaged_roads"),
    "rubbish": ("jalan.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"x" * 64, "damaged_roads"),
    "no osm at all": ("jalan.osm", b"<html></html>", None),
    "broken xml": ("jalan.osm", b"<osm><node id='1'", "damaged_roads"),
    "no gzip": ("jalan.osm.gz", b"<osm/>", "damaged_roads"),
    "half a gzip": ("jalan.geojson.gz", gzip.compress(b"{}" * 9999)[:20], "damaged_roads"),
    "no json": ("jalan.geojson", b"{", "damaged_roads"),
    "json of something else": ("jalan.geojson", b'{"a": 1}', None),
    "points, no lines": (
        "jalan.geojson",
        json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {},
             "geometry": {"type": "Point", "coordinates": at(1)}}]}).encode(),
        None,
    ),
    "broken graphml": ("jalan.graphml", b"<graphml><graph>", "damaged_roads"),
    "a workbook": ("jalan.xlsx", b"PK\x03\x04", None),
    "a shapefile": ("jalan.shp", b"\x00\x00\x27\x0a", None),
    "not there": ("jalan.osm.pbf", None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_bad_road_file(folder, tmp_path, case):
    name, content, code = FILES[case]
    file = tmp_path / "bad" / name
    file.parent.mkdir()
    if content is not None:
        file.write_bytes(content)
    error = refused(folder, "import", "roads", file)
    assert code in (None, error["code"])
    assert name in error["message"] + json.dumps(error["where"])


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "part"),
    [("andorra.osm.pbf", 0.5), ("andorra.osm.pbf", 0.98), ("monaco.osm.gz", 0.6),
     ("balikpapan_kota_drive.graphml.gz", 0.7), ("karangasem_bali_jalan.geojson.gz", 0.9)],
)  # fmt: skip
def test_a_file_that_broke_off(folder, tmp_path, data_dir, name, part):
    whole = (data_dir / "roads" / name).read_bytes()
    file = tmp_path / f"putus-{name}"
    file.write_bytes(whole[: int(len(whole) * part)])
    error = refused(folder, "import", "roads", file)
    assert error["code"] == "damaged_roads"
    assert file.name in error["message"] + json.dumps(error["where"])


@pytest.mark.data
@pytest.mark.parametrize("name", ["andorra.osm.pbf", "karangasem_bali_jalan.geojson.gz"])
def test_roads_of_elsewhere(folder, data_dir, name):
    error = refused(folder, "import", "roads", data_dir / "roads" / name)
    assert error["code"] == "roads_outside"


def test_a_network_in_pieces_comes_in_with_a_warning(folder, tmp_path):
    pieces = [r for r in ROADS if "Jembatan" not in r["properties"]["name"]]
    file = write_roads(tmp_path, pieces, "terputus.geojson")
    done = call(folder, "import", "roads", file, "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert found["warnings"]
    car = next(c for c in found["roads"]["components"] if c["profile"] == "car")
    assert car["components"] == 2
    assert car["main_share"] < 0.9


def test_a_tps_in_a_lake_is_named(folder, tmp_path):
    file = tmp_path / "tps.csv"
    lake = [at(4, 30)[0], at(4, 30)[1]]
    with file.open("w", newline="") as out:
        csv.writer(out).writerows(
            [["kode_desa_kpu", "no_tps", "lon", "lat"], ["1608011001", 1, *at(1)],
             ["1608011001", 2, *lake]]
        )  # fmt: skip
    assert call(folder, "import", "tps", file).exit_code == 0
    done = call(folder, "roads", "report", "--json")
    assert done.exit_code == 1
    (tps,) = (s for s in json.loads(done.stdout)["snapped"] if s["kind"] == "tps")
    assert (tps["far"], tps["worst"][0]["code"]) == (1, "1608011001002")
    assert tps["worst"][0]["distance_m"] > 500
    assert "1608011001002" in call(folder, "roads", "report").stdout


CLOSURES = {
    "nothing named": ([], "bad_closure"),
    "two things named": (["--way", 1, "--road", "Jalan Utara"], "bad_closure"),
    "no such way": (["--way", 99999], "closure_on_no_road"),
    "no such segment": (["--segment", 99999], "closure_on_no_road"),
    "a road mistyped": (["--road", "Jembatan Barrat"], "unknown_road"),
    "ends before it begins": (
        ["--road", "Jalan Utara", "--from", "2024-02-10T12:00+07:00",
         "--until", "2024-02-10T09:00+07:00"],
        "bad_window",
    ),
    "a time that is none": (["--road", "Jalan Utara", "--from", "besok pagi"], "bad_time"),
    "a time without zone": (["--road", "Jalan Utara", "--until", "2024-02-30T10:00+07:00"],
                            "bad_time"),
    "religion in the reason": (["--road", "Jalan Utara", "--reason", "umat kristen"], None),
}  # fmt: skip


@pytest.mark.parametrize("case", CLOSURES)
def test_a_bad_closure(folder, case):
    words, code = CLOSURES[case]
    error = refused(folder, *CLOSE, *words)
    assert code in (None, error["code"])


def test_near_names_are_offered_for_an_unknown_road(folder):
    error = refused(folder, *CLOSE, "--road", "jembatan barrat")
    assert "Jembatan Barat" in error["remedy"] + json.dumps(error["where"])


def test_an_area_where_no_road_is(folder, tmp_path):
    file = tmp_path / "sawah.geojson"
    ring = [at(1, 1), at(1.2, 1), at(1.2, 1.2), at(1, 1.2), at(1, 1)]
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    error = refused(folder, *CLOSE, "--area", file)
    assert error["code"] == "closure_on_no_road"


def changed(**fields):
    return {**copy.deepcopy(EVENT), **fields}


EVENTS = {
    "ends before it starts": (changed(ends_at="2024-02-10 09:00"), "ends_at"),
    "a day that is none": (changed(starts_at="2024-02-30 13:00"), "starts_at"),
    "no time": (changed(starts_at="siang"), "starts_at"),
    "an unknown kind": (changed(kind="pesta"), "kind"),
    "place swapped": (changed(place=at(4)[::-1]), "place"),
    "place of one number": (changed(place=[104.5]), "place"),
    "crowd below zero": (changed(crowd={"expected": -5}), "crowd"),
    "low above high": (changed(crowd={"expected": 10, "low": 30, "high": 20}), "crowd"),
    "an unknown field": (changed(partai="x"), "partai"),
    "a party in a label": (
        changed(groups=[{"label": "Partai Golkar", "size": 3, "gathering": at(7)}]), "label",
    ),
    "a party in the name": (changed(name="Rapat umum PDI Perjuangan"), "name"),
    "a convoy without a route": (changed(kind="logistics_convoy"), "route"),
    "two of one id": ([EVENT, EVENT], "id"),
    "a closure longer than the event": (
        changed(closures=[{"road": "Jalan Utara", "begins": "2024-02-10 15:00",
                           "ends": "2024-02-10 14:00"}]), "closures",
    ),
    "no events": ([], ""),
    "in the lake": (changed(place=at(4, 40)), "place"),
    "on a road that is not there": (changed(closures=[{"road": "Jalan Barat Laut"}]), "Jalan"),
    "a route off the network": (
        changed(route=[at(1), at(4, 40), at(4)]), "route",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EVENTS)
def test_a_bad_event(folder, tmp_path, case):
    event, field = EVENTS[case]
    file = tmp_path / "kegiatan.json"
    file.write_text(json.dumps(event))
    error = refused(folder, "traffic", "event", "add", file, *BY, *CLOCK)
    assert field in json.dumps(error)


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_an_event_file_that_is_none(folder, tmp_path, content):
    file = tmp_path / "kegiatan.json"
    file.write_bytes(content)
    error = refused(folder, "traffic", "event", "add", file, *BY, *CLOCK)
    assert "kegiatan.json" in json.dumps(error)


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "traffic"],
        ["plan", "traffic", "--event", "tidak-ada"],
        ["traffic", "event", "remove", "tidak-ada", *BY],
        ["roads", "reopen", "c-0000000000", *BY, "--reason", "x"],
        ["roads", "route", "post:tidak-ada", "polsek-1"],
        ["roads", "nearest", "999,999"],
        ["roads", "isochrone", "polsek-1", "--minutes", "-5"],
        ["report", "traffic", "--out", "x.pdf"],
        ["simulate"],
    ],
    ids=" ".join,
)
def test_a_command_with_nothing_to_work_on(folder, tmp_path, words):
    words = [str(tmp_path / w) if w.endswith(".pdf") else w for w in words]
    refused(folder, *words)
