"""Files of roads become networks; what is no such file is refused in one clear message."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roads.drawn import AS_OF, PLACES, osm, read
from sispamkota.kernel.errors import DomainError
from sispamkota.roads import load_errors
from sispamkota.roads.codec import inconsistency
from sispamkota.roads.load import read_geojson, read_graphml, read_pbf, read_roads

ROAD = {"highway": "residential"}
STREET = {1: ([1, 2, 3, 4], ROAD), 2: ([5, 2, 6], ROAD)}


def refused(name: str, content: bytes, **told) -> DomainError:
    with pytest.raises(DomainError) as caught:
        read_roads(name, content, source="test", as_of=AS_OF, **told)
    error = caught.value
    assert error.message.id != error.message.en
    assert error.remedy.id
    assert error.remedy.en
    assert name in error.message.id
    assert name in error.message.en
    assert error.where["file"] == name
    json.dumps(error.as_json())
    return error


def test_a_crossing_parts_both_roads_and_shape_stays():
    network = read(osm(STREET))
    assert sorted(network.node_id.tolist()) == [1, 2, 4, 5, 6]
    assert network.segments == 4
    assert network.arcs == 8
    # vertex 3 is shape only
    long = int(np.argmax(np.diff(network.shape_start)))
    assert network.shape[network.shape_start[long] : network.shape_start[long + 1]].tolist() == [
        list(PLACES[n]) for n in (2, 3, 4)
    ]
    assert network.way[long] == 1
    assert inconsistency(network) is None


def test_length_is_the_great_circle():
    network = read(osm({1: ([2, 5], ROAD)}))
    assert network.length_m.tolist() == [pytest.approx(111.195, abs=0.001)] * 2


def test_a_ring_is_a_loop_at_the_place_where_it_is_met():
    network = read(osm({1: ([2, 3, 7, 5, 2], ROAD), 2: ([1, 2], ROAD)}))
    assert network.segments == 2
    loops = network.tail == network.head
    assert loops.sum() == 2
    assert (network.length_m[loops] > 400).all()


def test_repeated_vertices_and_dots_are_dropped_and_counted():
    places = {**PLACES, 9: PLACES[3]}
    ways = {1: ([1, 2, 2, 3], ROAD), 2: ([9, 9], ROAD), 3: ([3, 4, 3], ROAD)}
    network = read(osm(ways, places=places))
    assert network.report["repeated_vertices"] == 2
    assert set(network.way.tolist()) == {1, 3}


def test_names_fall_back_on_the_number_of_the_road():
    ways = {
        1: ([1, 2], {**ROAD, "name": "Jalan Melati", "ref": "12"}),
        2: ([2, 3], {**ROAD, "ref": "12"}),
        3: ([3, 4], ROAD),
    }
    network = read(osm(ways))
    named = {int(network.way[network.segment[a]]): network.name_of(a) for a in range(network.arcs)}
    assert named == {1: "Jalan Melati", 2: "12", 3: ""}


def test_a_box_cuts_roads_and_says_so():
    # the box ends between 2 and 3: the piece over the edge stays, what lies beyond goes
    network = read(osm(STREET), clip=(104.4995, -4.3005, 104.5015, -4.2995))
    assert sorted(network.node_id.tolist()) == [1, 2, 3, 5, 6]
    assert network.report["clipped"] == {"ways_missing_nodes": 0, "ways_cut": 1}


def test_ways_outside_the_box_are_counted():
    network = read(osm({**STREET, 3: ([7, 8], ROAD)}), clip=(104.4995, -4.3005, 104.5015, -4.2995))
    assert network.report["ways_outside"] == 1


def test_missing_nodes_cut_a_way_and_are_counted():
    places = {n: at for n, at in PLACES.items() if n != 3}
    network = read(osm({1: ([1, 2, 3, 4], ROAD), 2: ([4, 8], ROAD)}, places=places))
    assert network.report["clipped"]["ways_missing_nodes"] == 1
    assert network.segments == 2


def test_a_network_in_pieces_is_a_finding():
    network = read(osm({1: ([1, 2], ROAD), 2: ([3, 4], {**ROAD, "name": "Jalan Jauh"})}))
    car = network.report["connectivity"]["car"]
    assert car["pieces"] == 2
    assert car["outside"][0]["roads"] in (["Jalan Jauh"], [])


def test_progress_is_told():
    told = []
    read(osm(STREET), progress=lambda step, part: told.append((step, part)))
    assert told[0] == ("read", 0.0)
    assert told[-1] == ("connect", 1.0)
    assert all(0 <= part <= 1 for _, part in told)


def test_the_same_file_gives_the_same_network():
    one, two = read(osm(STREET)), read(osm(STREET))
    assert one.tail.tolist() == two.tail.tolist()
    assert one.report == two.report


def test_front_doors_by_kind_agree():
    said = {"source": "test", "as_of": AS_OF}
    line = {"type": "LineString", "coordinates": [PLACES[1], PLACES[2]]}
    assert read_geojson(json.dumps(line).encode(), **said).segments == 1
    with pytest.raises(DomainError):
        read_pbf(b"", **said)
    with pytest.raises(DomainError):
        read_graphml(b"", **said)


WRONG = [
    ("a.osm", b"", "damaged_roads"),
    ("a.osm", osm(STREET)[:-10], "damaged_roads"),
    ("a.osm", osm(STREET)[:400], "damaged_roads"),
    ("a.osm", b"<html><body>404</body></html>", "damaged_roads"),
    ("a.osm.gz", gzip.compress(osm(STREET))[:-9], "damaged_roads"),
    ("a.osm.gz", gzip.compress(osm(STREET))[:40], "damaged_roads"),
    ("a.osm.pbf", b"", "damaged_roads"),
    ("a.osm.pbf", b"not a map at all" * 50, "damaged_roads"),
    ("a.osm.pbf", osm(STREET), "damaged_roads"),
    ("a.osm", osm({}), "no_roads"),
    ("a.osm", osm({1: ([1, 2], {"building": "yes"})}), "no_roads"),
    ("a.osm", osm({1: ([1, 2], {"highway": "proposed"})}), "no_roads"),
    ("a.osm", osm({1: ([1], ROAD)}), "no_roads"),
    ("a.osm", osm({1: ([1, 1], ROAD)}), "no_roads"),
    ("a.osm", osm({1: ([1, 2], ROAD)}, places={1: (190.0, 95.0), 2: (1, 2)}), "no_positions"),
    ("a.osm", osm({1: ([1, 2], ROAD)}, places={1: (9e6, 5e5), 2: (1, 2)}), "damaged_roads"),
    ("a.osm", osm({1: ([98, 99], ROAD)}), "no_positions"),
    ("roads.shp", b"", "unknown_roads_format"),
    ("roads", b"", "unknown_roads_format"),
    ("a.graphml", b"", "damaged_roads"),
    ("a.graphml", b"<graphml/>", "damaged_roads"),
    ("a.graphml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><graphml>&a;</graphml>", "damaged_roads"),
]


@pytest.mark.parametrize(("name", "content", "code"), WRONG)
def test_a_file_that_is_no_road_file_is_refused(name, content, code):
    assert refused(name, content).code == code


def test_roads_elsewhere_are_refused_with_both_places():
    error = refused("a.osm", osm(STREET), clip=(95.0, 3.0, 96.0, 4.0))
    assert error.code == "roads_outside"
    assert "95.0000, 3.0000" in error.message.en
    assert "104.5000" in error.message.en


def test_roads_elsewhere_in_geojson_are_refused():
    line = {"type": "LineString", "coordinates": [PLACES[1], PLACES[2]]}
    error = refused("a.geojson", json.dumps(line).encode(), clip=(95.0, 3.0, 96.0, 4.0))
    assert error.code == "roads_outside"


def test_a_file_too_big_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(load_errors, "MOST_BYTES", 100)
    assert refused("a.osm", osm(STREET)).code == "roads_too_big"
    assert refused("a.osm.gz", gzip.compress(b"<osm>" + b" " * 5000)).code == "roads_too_big"


@pytest.mark.data
@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.9, 0.9999])
def test_a_truncated_pbf_is_refused(data_dir, part):
    content = (data_dir / "roads" / "andorra.osm.pbf").read_bytes()
    assert refused("andorra.osm.pbf", content[: int(part * len(content))]).code == "damaged_roads"


@pytest.mark.data
@settings(max_examples=25)
@given(place=st.floats(0.001, 0.999), flip=st.integers(1, 255))
def test_a_pbf_with_a_changed_byte_never_ends_in_a_traceback(data_dir, place, flip):
    content = bytearray((data_dir / "roads" / "helsinki.osm.pbf").read_bytes())
    content[int(place * len(content))] ^= flip
    try:
        network = read_roads("h.osm.pbf", bytes(content), source="x", as_of=dt.date(2020, 1, 1))
    except DomainError:
        return
    assert inconsistency(network) is None
