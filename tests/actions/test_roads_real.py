"""Real road files through the actions: what is told of them, and answers that hold together."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
import shapely

from sispamkota.actions.closures import close_roads, lift_closure
from sispamkota.actions.imports import Request
from sispamkota.actions.road_answers import Trip, find_route, travel_times
from sispamkota.actions.road_facts import road_at, road_names, roads_summary
from sispamkota.actions.road_reach import critical, isochrone
from sispamkota.actions.roads import load_roads
from sispamkota.actions.roads_import import import_roads
from sispamkota.roads.router import Router
from sispamkota.storage.workspace import create_workspace
from sispamkota.territory.frames import AREAS, BOUNDARIES, POSTS, TPS

from .conftest import frame, record
from .road_world import NOW, quiet

pytestmark = pytest.mark.data
TRIP = Trip(at=NOW)
LAKE = (1.5725, 42.5935)  # Engolasters is near by; no road of Andorra is within 500 m of here


@pytest.fixture(scope="module")
def andorra(data_dir, tmp_path_factory):
    """Andorra with a grid of made-up TPS on it, one of them far from any road, and three posts."""
    with create_workspace(
        tmp_path_factory.mktemp("andorra") / "w",
        name="Andorra",
        election="pemilu",
        voting_day=dt.date(2024, 2, 14),
    ) as made:
        rng = np.random.default_rng(7)
        box = ((1.46, 42.47), (1.60, 42.57))
        points = rng.uniform(*box, (60, 2)).round(6).tolist()
        areas = [
            {"code": "160801", "level": "kecamatan", "name": "A", "parent": "1608"},
            {"code": "1608011001", "level": "desa_kelurahan", "name": "Desa", "parent": "160801",
             "lon": 1.52, "lat": 42.51},
        ]  # fmt: skip
        tps = [
            {"code": f"1608011001{i:03d}", "desa": "1608011001", "kecamatan": "160801",
             "number": i, "khusus": False, "lon": lon, "lat": lat, "position": "surveyed"}
            for i, (lon, lat) in enumerate([*points, LAKE], start=1)
        ]  # fmt: skip
        posts = [
            {"code": f"pos-{i}", "name": f"Pos {i}", "kind": "polsek", "kecamatan": "160801",
             "lon": lon, "lat": lat}
            for i, (lon, lat) in enumerate(((1.5218, 42.5063), (1.4894, 42.4636), (1.58, 42.545)))
        ]  # fmt: skip
        made.store.append_all(
            [
                ("areas", frame(areas, AREAS), record("areas")),
                ("tps", frame(tps, TPS), record("tps")),
                ("posts", frame(posts, POSTS), record("posts")),
            ]
        )
        file = data_dir / "roads" / "andorra.osm.pbf"
        import_roads(made, Request(kind="roads", path=file, source="OSM"), NOW, quiet)
        yield made


class TestAndorra:
    def test_a_tps_in_a_lake_is_told(self, andorra):
        found = roads_summary(andorra, NOW, "id")
        (tps, *_) = found["snapped"]
        assert tps["far"] >= 1
        assert "1608011001061" in {row["code"] for row in tps["worst"]}
        assert any("lebih dari 500 m dari jalan" in w for w in found["warnings"])

    def test_times_equal_those_of_the_plain_search_with_and_without_a_closure(self, andorra):
        def both():
            roads = load_roads(andorra)
            exact = Router.exact(roads.network, "car")
            exact.set_closed(roads.closed("car", at=NOW))
            times = travel_times(andorra, "posts", "tps", TRIP, lang="id")
            ends = [
                roads.snap(np.column_stack([f["lon"], f["lat"]]), "car")
                for f in (times.origins, times.destinations)
            ]
            return times.seconds, exact.matrix(*ends).seconds

        ours, plain = both()
        assert np.array_equal(ours, plain)
        assert np.isfinite(ours).all()
        made, effect = close_roads(andorra, {"road": "CG-2"}, by="AKP A", reason="salju", now=NOW)
        shut, plain = both()
        assert np.array_equal(shut, plain)
        assert (shut >= ours).all()
        assert (shut > ours).any()
        assert effect.isolated.height == int((~np.isfinite(shut)).all(axis=0).sum())
        lift_closure(andorra, made.id, by="AKP A", reason="selesai", now=NOW)
        again, _ = both()
        assert np.array_equal(again, ours)

    def test_a_route_of_real_streets(self, andorra):
        found = find_route(andorra, "pos-0", "pos-2", TRIP, more=2, lang="id")
        (first, *_) = found["routes"]
        assert "CG-2" in first["roads"]
        assert 5_000 < first["length_m"] < 15_000
        assert sum(s["travel_s"] for s in first["steps"]) == pytest.approx(first["travel_s"], abs=1)

    def test_one_road_by_point_and_by_name(self, andorra):
        names = road_names(andorra, "cg-2", 5, "id")["names"]
        assert names[0]["name"] == "CG-2"
        picked = road_at(andorra, names[0]["lon"], names[0]["lat"], "car", "id")
        assert picked["name"] == "CG-2"
        assert picked["distance_m"] < 1

    def test_the_worst_link_really_cuts_off_as_many(self, andorra):
        worst = critical(andorra, TRIP, limit=3, lang="id")["links"][0]
        made, effect = close_roads(
            andorra, {"segments": [worst["segment"]]}, by="AKP A", reason="uji", now=NOW
        )
        lift_closure(andorra, made.id, by="AKP A", reason="uji", now=NOW)
        assert effect.isolated.height == worst["isolated_tps"]

    def test_reach_holds_what_the_matrix_says(self, andorra):
        found = isochrone(andorra, "pos-0", [5.0, 15.0], TRIP, lang="id")
        seconds = travel_times(andorra, "posts", "tps", TRIP, lang="id").seconds[0]
        told = [f["properties"]["tps"] for f in found["features"]]
        assert told == [int((seconds <= 900).sum()), int((seconds <= 300).sum())]


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("helsinki.osm.pbf", 0.8),
        ("balikpapan_kota_drive.graphml.gz", 0.9),
        ("labusel_sumut_osm_main_roads.geojson.gz", 0.9),
        ("karangasem_bali_jalan.geojson.gz", 0.8),
        ("monaco.osm.gz", 0.7),
    ],
)
def test_every_kind_of_file_comes_in(data_dir, empty_workspace, name, share):
    request = Request(kind="roads", path=data_dir / "roads" / name, source="uji")
    report = import_roads(empty_workspace, request, NOW, quiet)
    facts = report.as_json()["roads"]
    (car,) = [c for c in facts["components"] if c["profile"] == "car"]
    assert car["main_share"] > share
    assert facts["length_m"] > 10_000
    assert load_roads(empty_workspace).network.segments == facts["segments"]


def test_a_regency_is_cut_by_its_own_boundary(data_dir, empty_workspace):
    """Labuhanbatu Selatan without its margin: roads that leave the border are cut off there."""
    folder = data_dir / "roads"
    border = json.loads((folder / "labusel_sumut_batas_kabupaten.geojson").read_bytes())
    shape = shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in border["features"]])
    row = {"code": "1222", "wkb": shapely.to_wkb(shape.buffer(-0.1))}
    empty_workspace.store.append("boundaries", frame([row], BOUNDARIES), record("boundaries"))
    roads = folder / "labusel_sumut_osm_main_roads.geojson.gz"
    request = Request(kind="roads", path=roads, source="uji")
    report = import_roads(empty_workspace, request, NOW, quiet)
    west, south, east, north = report.read.clip
    inner = shape.buffer(-0.1).bounds
    assert west < inner[0] < inner[2] < east
    facts = report.read.facts()
    assert facts["report"]["clipped"]["ways_cut"] > 0
    assert west - 0.05 < facts["bounds"][0] < facts["bounds"][2] < east + 0.05
    assert south - 0.05 < facts["bounds"][1] < facts["bounds"][3] < north + 0.05
