"""Files of roads made to break the reader: one clear error each, in bounded memory."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import struct
import tracemalloc
import zlib

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.roads import load_errors
from sispamkota.roads.load import read_roads

OSM = """<?xml version='1.0'?><osm version='0.6'>{}</osm>"""
GRAPHML = """<?xml version='1.0' encoding='utf-8'?>{}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/>
<key id="h" for="edge" attr.name="highway"/><key id="o" for="edge" attr.name="osmid"/>
<key id="n" for="edge" attr.name="name"/>
<graph edgedefault="directed">
<node id="1"><data key="x">104.6</data><data key="y">-4.1</data></node>
{}</graph></graphml>"""
NODE = '<node id="{}"><data key="x">104.61</data><data key="y">-4.11</data></node>'
EDGE = '<edge source="1" target="{}"><data key="h">{}</data><data key="o">{}</data></edge>'


def read(name, content, **more):
    body = content if isinstance(content, bytes) else content.encode()
    return read_roads(name, body, source="uji", as_of=dt.date(2024, 1, 1), **more)


def refused(name, content):
    with pytest.raises(DomainError) as error:
        read(name, content)
    return error.value.code


def line(*points, **properties):
    return {
        "type": "Feature",
        "properties": {"highway": "residential"} | properties,
        "geometry": {"type": "LineString", "coordinates": [list(p) for p in points]},
    }


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


@pytest.mark.parametrize(
    "row",
    [
        NODE.format("2") + EDGE.format(2, "[1 + 1j]", "1"),
        NODE.format("2").replace('id="2"', "") + EDGE.format(2, "residential", "1"),
        NODE.format("2") + '<edge source="1"><data key="h">residential</data></edge>',
        NODE.format("2").replace("104.61", "nan"),
    ],
    ids=lambda r: r[-90:-50],
)
def test_graphml_out_of_shape_is_one_error(row):
    assert refused("jalan.graphml", GRAPHML.format("", row)) in (
        *("damaged_roads", "bad_position", "no_roads"),
    )


@pytest.mark.parametrize(
    "row",
    [
        NODE.format("2") + EDGE.format(2, "residential", 10**30),
        NODE.format(10**30) + EDGE.format(10**30, "residential", "1"),
        NODE.format("-\u00b2") + EDGE.format("-\u00b2", "residential", "\u00b2"),
        NODE.format("2") + EDGE.format(2, "[residential", "1"),
        NODE.format("2") + EDGE.format(2, "[" * 5000, "[" * 5000),
    ],
    ids=["way", "node", "signs", "list", "nested"],
)
def test_odd_graphml_is_borne(row):
    assert read("jalan.graphml", GRAPHML.format("", row)).segments == 1


LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("pad", ["", "<!--" + " " * 9000 + "-->"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_are_declared(pad, encoding):
    text = GRAPHML.format(pad + LAUGHS, NODE.format("2") + EDGE.format(2, "&b;", "1"))
    text = text.replace("utf-8", encoding)
    assert refused("jalan.graphml", text.encode(encoding)) == "damaged_roads"


def test_entities_in_osm_do_not_grow():
    grown = ["ha", *("".join([f"&e{i};"] * 10) for i in range(11))]
    declared = "".join(f'<!ENTITY e{i} "{text}">' for i, text in enumerate(grown))
    body = "<node id='1' lat='1' lon='1'><tag k='barrier' v='&e11;'/></node>"
    code = refused("jalan.osm", f"<!DOCTYPE osm [{declared}]><osm version='0.6'>{body}</osm>")
    assert code in ("damaged_roads", "no_roads")


@pytest.mark.parametrize(
    "feature",
    [
        line((10**400, 0), (1, 1)),
        line((104.6, -4.1), (104.61, 1e308)),
        line((104.6,), (104.61, -4.1)),
        line(("a", "b"), (1, 1)),
        line((104.6, -4.1), (104.61, -4.1))
        | {"geometry": {"type": "MultiLineString", "coordinates": [5]}},
        5,
        line((104.6, -4.1), (104.61, -4.1)) | {"properties": "x"},
    ],
    ids=range(7),
)
def test_geojson_out_of_shape_is_one_error(feature):
    assert refused("jalan.geojson", collection(feature)) in ("damaged_roads", "bad_position")


@pytest.mark.parametrize(
    "properties",
    [
        {"osm_id": 10**30},
        {"osm_id": "9" * 40},
        {"osm_id": float(2**70)},
        {"osm_id": -5},
        {"maxspeed": 10**40},
        {"maxspeed": "9" * 400},
        {"maxspeed": "nan"},
        {"maxspeed": -30},
        {"lanes": [], "oneway": 10**400},
        {"name": ["Jalan"]},
        {"name": 5},
        {"name": "x" * 100_000},
    ],
    ids=str,
)
def test_odd_tags_of_geojson_are_borne(properties):
    given = collection(line((104.6, -4.1), (104.61, -4.1), **properties))
    network = read("jalan.geojson", given)
    assert network.segments == 1
    assert (network.speed_kmh >= 0).all()
    assert network.speed_kmh.max() < 300


def osm_way(number, nodes, **tags):
    told = {"highway": "residential"} | tags
    return (
        f"<way id='{number}'>"
        + "".join(f"<nd ref='{n}'/>" for n in nodes)
        + "".join(f"<tag k='{k}' v='{v}'/>" for k, v in told.items())
        + "</way>"
    )


def osm_node(number, lon, lat):
    return f"<node id='{number}' lat='{lat}' lon='{lon}'/>"


HERE = osm_node(1, 104.6, -4.1) + osm_node(2, 104.61, -4.1) + osm_node(3, 104.61, -4.11)


def osm(*parts):
    return read("jalan.osm", OSM.format(HERE + "".join(parts)))


def test_a_way_told_twice_is_one_road_or_two_of_the_same_ends():
    network = osm(osm_way(1, [1, 2, 3]), osm_way(1, [1, 2, 3]))
    assert set(network.way.tolist()) == {1}


def test_negative_numbers_of_ways_and_nodes_are_borne():
    network = osm(
        osm_node(-7, 104.62, -4.1), osm_way(-3, [2, -7]), osm_way(1, [1, 2]), osm_way(-4, [2, 3])
    )
    # a node not yet uploaded has no position that osmium keeps; the report counts its way
    assert set(network.way.tolist()) == {-4, 1}
    assert network.report["clipped"]["ways_missing_nodes"] == 1


def test_missing_nodes_break_a_way_not_the_file():
    network = osm(osm_way(1, [1, 2, 99]), osm_way(2, [98, 97]), osm_way(3, [3]), osm_way(4, []))
    assert set(network.way.tolist()) == {1}


@pytest.mark.parametrize(
    "tags",
    [
        {"maxspeed": "9" * 500},
        {"maxspeed": "-5"},
        {"maxspeed": "0"},
        {"maxspeed": "nan"},
        {"maxspeed": "1e400"},
        {"maxspeed": "50;30"},
        {"oneway": "reversible"},
        {"oneway": "-1", "junction": "roundabout"},
        {"access": "x" * 900},
        {"name": "\U0001f600" * 200},
        {"highway": "\u202eresidential"},
    ],
    ids=lambda t: str(t)[:30],
)
def test_odd_tags_are_borne(tags):
    network = osm(osm_way(1, [1, 2], **tags), osm_way(2, [2, 3]))
    assert (network.speed_kmh >= 0).all()
    assert network.speed_kmh.max() < 300
    for profile in ("car", "motorcycle", "truck", "foot"):
        assert (network.times_ds(profile) >= 1).all()


def test_thousands_of_restrictions_on_one_junction():
    rule = (
        "<relation id='{}'><member type='way' ref='1' role='from'/>"
        "<member type='node' ref='2' role='via'/><member type='way' ref='{}' role='to'/>"
        "<tag k='type' v='restriction'/><tag k='restriction' v='{}'/></relation>"
    )
    rules = [
        rule.format(i, 2 + i % 2, "no_left_turn" if i % 3 else "only_straight_on")
        for i in range(3000)
    ]
    network = osm(osm_way(1, [1, 2]), osm_way(2, [2, 3]), *rules)
    assert len(network.banned) <= 16


def test_positions_beyond_the_globe_are_refused():
    text = OSM.format(HERE + osm_node(9, 1000, 500) + osm_way(1, [1, 9]) + osm_way(2, [1, 2]))
    assert refused("jalan.osm", text) == "damaged_roads"


def packed(size, first=b""):
    """A gzip of noughts that unpacks to `size` bytes."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [pack.compress(first)]
    block = bytes(1 << 20)
    parts += [pack.compress(block) for _ in range(size >> 20)]
    parts.append(pack.flush())
    return b"".join(parts)


@pytest.mark.parametrize("name", ["jalan.osm.gz", "jalan.geojson.gz", "jalan.graphml.gz"])
def test_what_unpacks_beyond_bounds_is_refused_without_being_kept(name, monkeypatch):
    monkeypatch.setattr(load_errors, "MOST_BYTES", 200_000_000)
    monkeypatch.setattr(load_errors, "MOST_TEXT", 200_000_000)
    content = packed(400_000_000)
    tracemalloc.start()
    try:
        assert refused(name, content) == "roads_too_big"
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_a_text_too_long_to_be_parsed_is_refused(monkeypatch):
    monkeypatch.setattr(load_errors, "MOST_TEXT", 1000)
    given = collection(*[line((104.6, -4.1), (104.61, -4.1)) for _ in range(50)])
    for name, content in (
        ("j.geojson", given.encode()),
        ("j.geojson.gz", gzip.compress(given.encode())),
    ):
        assert refused(name, content) == "roads_too_big"


def test_gzip_in_several_members_is_read_whole():
    text = OSM.format(HERE + osm_way(1, [1, 2, 3])).encode()
    content = gzip.compress(text[:100]) + gzip.compress(text[100:])
    assert read("jalan.osm.gz", content).segments == 1


@pytest.mark.parametrize("size", [2**31, 2**32 - 1, 65 * 1024])
def test_absurd_sizes_of_blobs(size):
    assert (
        refused(
            "jalan.osm.pbf", struct.pack(">I", size) + b"\x0a\x07OSMData\x18\xff\xff\xff\xff\x07"
        )
        == "damaged_roads"
    )
