"""A head of traffic plays the whole way on real road files, by commands alone, and checks it.

Places, officers and events are made up on each network (`story_world`); what is said of the roads
is held against published counts, against each other, and against a naive reader and search of its
own (`plain_osm`).
"""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from cli.plain_osm import Plain
from cli.story_world import middle, spread, vertices, write_events, write_places
from click.testing import CliRunner
from pypdf import PdfReader

from sispamkota.cli.main import main
from sispamkota.territory.intake import common

pytestmark = [pytest.mark.data, pytest.mark.slow]
CLOCK = ["--clock", "2024-01-21T13:30+07:00"]
BY = ["--by", "AKP Contoh"]

# what the sources of the files say of them, and what the loader must make of it
EXTRACTS = {
    "andorra.osm.pbf": {"ways_dropped": {"highway=construction": 2}},
    "helsinki.osm.pbf": {"restriction_relations": 45, "restrictions": {"honoured": 38}},
    "balikpapan_kota_drive.graphml.gz": {"edges": 2683},
    "labusel_sumut_osm_main_roads.geojson.gz": {"ways_dropped": {"highway=construction": 1}},
    "karangasem_bali_jalan.geojson.gz": {"ways_kept": 902, "repair": {"pieces_before": 445}},
}
FAR = {"labusel_sumut_osm_main_roads.geojson.gz"}  # places of ours lie off its joined network
WORDS = {
    "id": re.compile(r"\b(the|of|with|without|from|are|is|kept|guessed|dropped|roads?)\b"),
    "en": re.compile(r"\b(yang|dengan|tanpa|dari|dan|tidak|oleh|ruas|menit)\b"),
}


def invoke(*words):
    """Run one command; an exception that it lets through fails here, not as exit code 1."""
    done = CliRunner().invoke(main, [str(w) for w in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


class Story:
    """A workspace on one road file.

    Attributes:
        name: name of the road file.
        folder: where everything of it is.
        imported: what the import of the roads answered.
    """

    def __init__(self, file, folder):
        self.name, self.folder, self.file = file.name, folder, file
        points = vertices(file)
        assert invoke("init", folder / "w", "--name", "Operasi Rekaan").exit_code == 0
        for kind, table in write_places(folder, points):
            self.run("import", kind, table, "--source", "rekaan", "--as-of", "2024-01-01")
        self.imported = self.run("import", "roads", file, "--source", "OpenStreetMap",
                                 "--as-of", "2024-01-01", code=None)  # fmt: skip
        self.events = write_events(folder / "kegiatan.json", points)
        self.place = spread(middle(points), 1)[0]
        self.plan = None

    def invoke(self, *words):
        return invoke(*words, "-w", self.folder / "w")

    def run(self, *words, code=0):
        done = self.invoke(*words, "--json")
        assert done.exit_code in ((0, 1) if code is None else (code,)), done.output
        return json.loads(done.stdout)

    def matrix(self, start, end):
        found = self.run("roads", "matrix", "--from", start, "--to", end, *CLOCK, code=None)
        seconds = [[np.inf if s is None else s for s in row] for row in found["travel_s"]]
        return found, np.array(seconds)

    def traffic_plan(self):
        if self.plan is None:
            self.run("traffic", "event", "add", self.events, *BY, *CLOCK)
            self.plan = self.run("plan", "traffic", *BY, code=None)
        return self.plan

    def plan_file(self):
        return json.loads((self.folder / "w" / "plans" / f"{self.traffic_plan()['plan']}.json")
                          .read_bytes())  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _everywhere():
    """Andorra and Helsinki are no places of Indonesia: tables may lie there for these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common, "LON", (-180.0, 180.0))
        patch.setattr(common, "LAT", (-90.0, 90.0))
        yield


@pytest.fixture(scope="module", params=EXTRACTS)
def story(request, data_dir, tmp_path_factory):
    return Story(data_dir / "roads" / request.param, tmp_path_factory.mktemp("cerita"))


class TestRoads:
    def test_the_import_tells_what_is_published_of_the_file(self, story):
        told = story.imported["roads"]["report"]
        for key, value in EXTRACTS[story.name].items():
            part = value if not isinstance(value, dict) else {k: told[key][k] for k in value}
            assert part == value
            assert told[key] == value or isinstance(value, dict)
        far = sum(s["far"] for s in story.imported["roads"]["snapped"])
        assert bool(far) == (story.name in FAR)
        assert bool(story.imported["warnings"]) or not far
        assert all(c["main_share"] > 0.75 for c in story.imported["roads"]["components"])

    def test_a_route_costs_what_the_matrix_says(self, story):
        found, seconds = story.matrix("posts", "desa")
        for i, post in enumerate(found["from"]):
            for j in (0, 3, 5):
                place = f"desa:{found['to'][j]['code']}"
                answer = story.run("roads", "route", post["code"], place, *CLOCK, code=None)
                assert answer["reachable"] == np.isfinite(seconds[i, j])
                for way in answer["routes"][:1]:
                    assert way["travel_s"] == pytest.approx(seconds[i, j], abs=0.11)
                    steps = sum(s["length_m"] for s in way["steps"])
                    assert steps == pytest.approx(way["length_m"], abs=1)

    def test_the_nearest_posts_are_those_of_the_matrix(self, story):
        found, seconds = story.matrix("posts", "desa")
        for j, desa in enumerate(found["to"]):
            answer = story.run("roads", "nearest", f"desa:{desa['code']}", "-k", 4, *CLOCK)
            told = [p["travel_s"] for p in answer["posts"]]
            assert told == pytest.approx(sorted(seconds[:, j])[: len(told)], abs=0.11)

    def test_an_isochrone_counts_what_the_matrix_reaches(self, story):
        found, seconds = story.matrix("posts", "tps")
        row = [p["code"] for p in found["from"]].index("polres")
        answer = story.run("roads", "isochrone", "polres", "--minutes", "4,9", *CLOCK)
        for feature in answer["features"]:
            inside, limit = feature["properties"]["tps"], feature["properties"]["minutes"] * 60
            assert inside == np.count_nonzero(seconds[row] <= limit)

    def test_closing_a_critical_link_cuts_off_and_reopening_restores_every_answer(self, story):
        before, seconds = story.matrix("posts", "tps")
        worst = story.run("roads", "critical", "--limit", 1, *CLOCK, code=1)["links"][0]
        closed = story.run("roads", "close", "--segment", worst["segment"], *BY, *CLOCK,
                           "--reason", "longsor", code=1)  # fmt: skip
        assert closed["isolated"]["tps"] == worst["isolated_tps"] > 0
        assert closed["isolated"]["voters"] == worst["isolated_voters"]
        during, cut = story.matrix("posts", "tps")
        lost = np.isfinite(seconds).any(axis=0) & np.isinf(cut).all(axis=0)
        assert np.count_nonzero(lost) == worst["isolated_tps"]
        assert during["version"] == before["version"] + 1
        assert (cut >= seconds).all()
        story.run("roads", "reopen", closed["closure"]["id"], *BY, *CLOCK, "--reason", "selesai")
        after, _ = story.matrix("posts", "tps")
        assert after["version"] == before["version"] + 2
        assert {**after, "version": 0} == {**before, "version": 0}

    def test_the_exported_lines_are_as_long_as_the_report_says(self, story, tmp_path):
        out = tmp_path / "jalan.geojson"
        story.run("export", "geojson", "--layer", "roads", "--out", out)
        metres = 0.0
        for feature in json.loads(out.read_text())["features"]:
            line = np.radians(np.array(feature["geometry"]["coordinates"]))
            east = np.diff(line[:, 0]) * np.cos((line[1:, 1] + line[:-1, 1]) / 2)
            metres += 6_371_008.8 * np.hypot(east, np.diff(line[:, 1])).sum()
        assert metres == pytest.approx(story.imported["roads"]["length_m"], rel=0.005)

    def test_guards_go_by_the_roads(self, story):
        plan = story.run("plan", "guards", code=None)
        assert plan["tps_covered"] + sum(plan["tps_uncovered"].values()) == 48
        assert plan["gap"] <= 0.03
        assert story.run("verify", plan["plan"])["valid"] is True


class TestTrafficPlan:
    def test_it_is_valid_and_keeps_every_corridor(self, story):
        made = story.traffic_plan()
        checked = story.run("verify", made["plan"])
        assert checked == {"plan": made["plan"], "valid": True, "violations": []}
        plan = story.plan_file()
        assert [e["id"] for e in plan["events"]] == ["rapat-umum", "logistik", "pemungutan"]
        assert {c["event"] for c in plan["corridors"]} == {e["id"] for e in plan["events"]}
        assert all(c["travel_closed_s"] <= c["limit_s"] for c in plan["corridors"])
        assert plan["certificate"]["relative_gap"] <= plan["certificate"]["gap_target"]
        ends = {p["node"] for p in plan["posts"] if p["role"] == "closure_end"}
        assert {n["node"] for c in plan["closures"] for n in c["ends_nodes"]} <= ends
        assert {e["event"] for e in plan["escorts"]} >= {"logistik"}

    def test_the_same_inputs_make_the_same_plan(self, story):
        again = story.run("plan", "traffic", *BY, code=None)
        assert again["plan"] == story.traffic_plan()["plan"]

    @pytest.mark.parametrize(
        ("rule", "forge"),
        [
            ("corridor", lambda p: p["corridors"][0].update(travel_closed_s=1.0)),
            ("closure", lambda p: p["closures"][0].update(ends=p["closures"][0]["begins"])),
            ("post", lambda p: p["posts"].pop(0)),
            ("officers", lambda p: p["officers"].update(gap=99)),
            ("load", lambda p: p["assignment"][0]["after"].update(vehicle_hours=0.0)),
            ("way_figures", lambda p: p["escorts"][0]["primary"].update(length_m=1.0)),
            ("inputs", lambda p: p.update(inputs_sha256="0" * 64)),
        ],
    )
    def test_a_forged_plan_is_refused_by_the_rule_it_breaks(self, story, tmp_path, rule, forge):
        plan = copy.deepcopy(story.plan_file())
        forge(plan)
        file = tmp_path / "palsu.json"
        file.write_text(json.dumps(plan))
        answer = story.run("verify", file, code=1)
        assert answer["valid"] is False
        assert any(rule in v["rule"] for v in answer["violations"]), answer["violations"]

    def test_it_is_printed_with_its_posts_and_officers(self, story, tmp_path):
        story.traffic_plan()
        out = tmp_path / "lalu-lintas.pdf"
        story.run("report", "traffic", "--out", out)
        text = re.sub(r"\s+", " ", " ".join(p.extract_text() for p in PdfReader(out).pages))
        plan = story.plan_file()
        for name in {p["name"] for p in plan["posts"]} | {e["name"] for e in plan["events"]}:
            assert re.sub(r"\s+", " ", name) in text, name
        assert "DRAF" in text

    def test_it_is_written_for_sumo_with_every_piece_of_road(self, story, tmp_path):
        story.traffic_plan()
        story.run("export", "sumo", "--out", tmp_path / "sumo")
        edges = list((tmp_path / "sumo").rglob("*.edg.xml"))
        assert len(edges) >= 3
        for file in edges:
            assert sum(1 for e in ET.parse(file).iter("edge")) > 500

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_people_read_one_language(self, story, lang):
        story.traffic_plan()
        for words in (
            ["roads", "report"],
            ["roads", "matrix", "--from", "posts", "--to", "desa"],
            ["roads", "route", "polres", "rsud", "--alternates", 1],
            ["roads", "nearest", "desa:1608022003"],
            ["roads", "isochrone", "polres"],
            ["roads", "critical"],
            ["roads", "reach"],
            ["roads", "closures", "--all"],
            ["traffic", "event", "list"],
            ["plan", "traffic"],
            ["verify", story.traffic_plan()["plan"]],
        ):
            done = story.invoke(*words, *(["--lang", lang]))
            assert done.exit_code in (0, 1), done.output
            text = done.stdout.replace(str(story.folder), "")
            assert text.strip()
            assert WORDS[lang].findall(text) == [], f"{words}: {text}"


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("andorra.osm.pbf", 1.0),
        ("helsinki.osm.pbf", 0.99),
        ("north-bayreuth.osm.gz", 1.0),
        ("monaco.osm.gz", 0.98),
    ],
)
def test_times_are_those_of_a_naive_reader_and_search(data_dir, tmp_path, name, share):
    """1,000 random pairs within 5 %; the others start or end where several roads meet.

    A place exactly at a junction belongs to one of its roads; where that one is one-way, it leaves
    along it. Without forbidden turns and turning round nothing can be quicker.
    """
    file = data_dir / "roads" / name
    story = Story(file, tmp_path)
    found, got = story.matrix("tps", "tps")
    places = [(p["lon"], p["lat"]) for p in found["from"]]
    plain = Plain(file)
    near, on_main = plain.nearest(places)
    pairs = np.argwhere(on_main[:, None] & on_main[None, :] & (near[:, None] != near[None, :]))
    pairs = pairs[np.random.default_rng(5).permutation(len(pairs))[:1000]]
    assert len(pairs) == 1000
    i, j = pairs.T
    want, free = plain.times(near)[i, j], plain.free_times(near)[i, j]
    ours = got[i, j]
    close = np.abs(ours - want) <= np.maximum(0.05 * want, 2)
    assert np.mean(close) >= share
    assert (ours >= free - np.maximum(0.05 * free, 2)).all()
    roads = np.array([len(set(plain.head[plain.leaving[n]])) for n in near])
    assert (np.maximum(roads[i[~close]], roads[j[~close]]) > 2).all()
