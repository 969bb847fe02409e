"""Registers of roads in GeoJSON: names of properties, joining of lines, wrong files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from roads.drawn import read
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.load_tags import road_of

STEP = 0.001  # about 111 m


def line(*points, **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "LineString", "coordinates": [[104 + x, -4 + y] for x, y in points]},
    }


def geojson(*features, **more) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def pieces(network) -> int:
    return network.report["connectivity"]["car"]["pieces"]


def roads(*features):
    return read(geojson(*features), "register.geojson")


PROPERTIES = [
    # properties → class, name, class guessed
    ({"highway": "trunk", "name": "Jalan Lintas"}, "trunk", "Jalan Lintas", False),
    ({"fclass": "residential"}, "residential", "", False),
    ({"Fungsi_Jalan": "Kolektor Primer", "NAMA_JALAN": "Melati"}, "primary", "Melati", False),
    ({"ket": "", "jenis": "Jalan Lokal Melenceng"}, "tertiary", "", False),
    ({"STATUS_JLN": "Jln. Desa"}, "unclassified", "", True),
    ({"KELAS": "III-B"}, "unclassified", "", True),
    ({}, "unclassified", "", True),
    ({"PGKL_RUAS": "Sibetan", "UJUNG_RUAS": "Pantai"}, "unclassified", "Sibetan - Pantai", True),
    ({"highway": "Other_road", "ref": "12"}, "unclassified", "12", True),
]


@pytest.mark.parametrize(("properties", "highway", "name", "guessed"), PROPERTIES)
def test_properties_are_found_under_their_many_names(properties, highway, name, guessed):
    road = road_of(properties)
    assert (road.tags["highway"], road.name, road.class_guessed) == (highway, name, guessed)


def test_surface_and_condition_slow_a_road_down():
    good = road_of({"jenis": "lokal", "TIPE_JALAN": "Aspal/Laston", "KOND_JALAN": "Baik"})
    bad = road_of({"jenis": "lokal", "TIPE_JALAN": "Tanah", "KOND_JALAN": "Rusak Berat"})
    assert good.kind().forward[0] == 50
    assert bad.kind().forward[0] == 15


def test_one_way_words():
    assert road_of({"highway": "primary", "oneway": "F"}).kind().backward[0] == 0
    assert road_of({"highway": "primary", "oneway": "T"}).kind().forward[0] == 0
    assert road_of({"highway": "primary", "oneway": "B"}).kind().backward[0] > 0


def test_numbers_of_ways_are_kept_where_each_road_is_one_line():
    one = line((0, 0), (STEP, 0), highway="primary", osm_id="77")
    two = line((STEP, 0), (2 * STEP, 0), highway="primary", osm_id="78")
    assert sorted(roads(one, two).way.tolist()) == [77, 78]
    assert sorted(roads(one, {**two, "properties": one["properties"]}).way.tolist()) == [1, 2]


def test_roads_that_cross_are_joined_in_a_register():
    network = roads(line((-STEP, 0), (STEP, 0)), line((0, -STEP), (0, STEP)))
    assert pieces(network) == 1
    assert network.segments == 4
    repair = network.report["repair"]
    assert (repair["pieces_before"], repair["pieces_after"]) == (2, 1)
    assert repair["crossings_joined"] == 1


def test_roads_of_openstreetmap_that_cross_without_a_node_stay_apart():
    over = line((-STEP, 0), (STEP, 0), highway="primary", bridge="yes")
    under = line((0, -STEP), (0, STEP), highway="primary")
    network = roads(over, under)
    assert pieces(network) == 2
    assert "repair" not in network.report


def test_an_end_near_a_road_is_joined_to_it():
    gap = 5 / 111_195
    network = roads(line((-STEP, 0), (STEP, 0)), line((0, gap), (0, STEP)))
    assert pieces(network) == 1
    assert network.segments == 3
    assert network.report["repair"]["ends_joined"] == 1


def test_an_end_far_from_a_road_is_left():
    gap = 15 / 111_195
    network = roads(line((-STEP, 0), (STEP, 0)), line((0, gap), (0, STEP)))
    assert pieces(network) == 2
    assert network.report["repair"]["ends_joined"] == 0


def test_two_ends_that_nearly_meet_become_one():
    gap = 5 / 111_195
    network = roads(line((-STEP, 0), (0, 0)), line((0, gap), (0, STEP)))
    assert pieces(network) == 1
    assert network.nodes == 3


def test_several_crossings_on_one_line_are_in_order():
    rungs = [line((x * STEP, -STEP), (x * STEP, STEP)) for x in (3, 1, 2)]
    network = roads(line((0, 0), (4 * STEP, 0)), *rungs)
    assert network.segments == 4 + 6
    own = network.way[network.segment] == 1
    metres = network.length_m[own & network.forward]
    assert metres.tolist() == pytest.approx([metres.mean()] * 4, rel=1e-3)


def test_the_length_of_joined_roads_stays():
    rng = np.random.default_rng(4)
    drawn = [line(*rng.uniform(0, 5 * STEP, (4, 2)).tolist()) for _ in range(12)]
    whole = sum(roads(one).length_m.sum() for one in drawn)
    assert roads(*drawn).length_m.sum() == pytest.approx(whole, rel=0.01)


def test_what_is_no_line_is_counted():
    point = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [0, 0]},
    }
    nothing = {"type": "Feature", "properties": None, "geometry": None}
    network = roads(line((0, 0), (STEP, 0)), point, nothing)
    assert network.report["ways_dropped"] == {"geometry None": 1, "geometry Point": 1}


WRONG = [
    (b"", "damaged_roads"),
    (b"{}", "damaged_roads"),
    (b"[]", "damaged_roads"),
    (b"\xff\xfe", "damaged_roads"),
    (b"[" * 100_000, "damaged_roads"),
    (b'{"type":"FeatureCollection"}', "no_roads"),
    (b'{"type":"FeatureCollection","features":[1]}', "damaged_roads"),
    (b'{"type":"FeatureCollection","features":"abc"}', "damaged_roads"),
    (b'{"type":"FeatureCollection","features":null}', "damaged_roads"),
    (b'{"type":"FeatureCollection","crs":"x","features":[]}', "damaged_roads"),
    (b'{"type":"LineString","coordinates":"abc"}', "damaged_roads"),
    (b'{"type":"LineString","coordinates":[[1],[2]]}', "damaged_roads"),
    (b'{"type":"LineString","coordinates":[[NaN,1],[2,3]]}', "bad_position"),
    (b'{"type":"LineString","coordinates":[[500000,9500000],[500100,9500000]]}', "bad_position"),
    (b'{"type":"LineString","coordinates":[[1,2]]}', "no_roads"),
    (b'{"type":"Feature","geometry":"x","properties":"y"}', "damaged_roads"),
    (geojson(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}), "bad_projection"),
]


@pytest.mark.parametrize(("content", "code"), WRONG)
def test_wrong_files_are_refused(content, code):
    with pytest.raises(DomainError) as caught:
        read(content, "a.geojson")
    assert caught.value.code == code
    assert "a.geojson" in caught.value.message.id
