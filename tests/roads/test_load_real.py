"""Real extracts against what can be counted in them without our code."""

from __future__ import annotations

import datetime as dt
import gzip
import math
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest

from sispamkota.roads.codec import decode, encode, inconsistency, network_sha256
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import PROFILES, Network

pytestmark = pytest.mark.data

EXTRACTS = (
    "andorra.osm.pbf",
    "helsinki.osm.pbf",
    "monaco.osm.gz",
    "campo-grande.osm.gz",
    "north-bayreuth.osm.gz",
)
OTHERS = (
    "labusel_sumut_osm_main_roads.geojson.gz",
    "balikpapan_kota_drive.graphml.gz",
    "karangasem_bali_jalan.geojson.gz",
)
COUNTS = {  # nodes, segments, arcs, restrictions honoured of those in the file
    "andorra.osm.pbf": (2368, 2792, 5470, 0, 0),
    "helsinki.osm.pbf": (3209, 4208, 8415, 38, 45),
    "monaco.osm.gz": (1161, 1534, 3066, 0, 0),
    "campo-grande.osm.gz": (8856, 13792, 27584, 0, 1),
    "north-bayreuth.osm.gz": (2823, 3575, 7061, 38, 40),
}


@cache
def loaded(path: Path) -> Network:
    return read_roads(path.name, path.read_bytes(), source="OSM", as_of=dt.date(2020, 1, 1))


@pytest.fixture(params=EXTRACTS)
def extract(request, data_dir):
    path = data_dir / "roads" / request.param
    return path, loaded(path)


@pytest.fixture(params=EXTRACTS + OTHERS)
def network(request, data_dir):
    return loaded(data_dir / "roads" / request.param)


@cache
def counted(path: Path):
    """Per way of the file: its length and its nodes, by a plain loop and a formula of our own."""
    metres: dict[int, float] = {}
    nodes: dict[int, list[int]] = {}
    known: set[int] = set()
    for way in osmium.FileProcessor(str(path)).with_locations():
        if not way.is_way() or not any(k in way.tags for k in ("highway", "route", "waterway")):
            continue
        at = [(n.ref, n.location) for n in way.nodes]
        nodes[way.id] = [ref for ref, _ in at]
        known |= {ref for ref, place in at if place.valid()}
        metres[way.id] = sum(
            _metres(a, b) for (_, a), (_, b) in pairwise(at) if a.valid() and b.valid()
        )
    return metres, nodes, known


def _metres(a, b) -> float:
    """Spherical law of haversines, written out."""
    la, lb = math.radians(a.lat), math.radians(b.lat)
    d = math.radians(b.lon - a.lon)
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(d / 2) ** 2
    return 2 * 6_371_008.8 * math.atan2(math.sqrt(h), math.sqrt(1 - h))


def segment_metres(network: Network) -> np.ndarray:
    metres = np.zeros(network.segments)
    metres[network.segment] = network.length_m
    return metres


def test_counts_stay(extract):
    path, network = extract
    honoured = network.report["restrictions"]["honoured"]
    relations = network.report["restriction_relations"]
    found = (network.nodes, network.segments, network.arcs, honoured, relations)
    assert found == COUNTS[path.name]


def test_every_way_keeps_its_whole_length(extract):
    path, network = extract
    metres, _, _ = counted(path)
    mine: defaultdict[int, float] = defaultdict(float)
    for way, length in zip(network.way.tolist(), segment_metres(network).tolist(), strict=True):
        mine[way] += length
    for way, length in mine.items():
        assert length == pytest.approx(metres[way], abs=0.02, rel=1e-6)
    total = sum(network.report["length_km"].values())
    assert total == pytest.approx(sum(metres[w] for w in mine) / 1000, abs=0.01)


def test_classes_agree_with_a_direct_count(extract):
    path, network = extract
    metres, _, _ = counted(path)
    kept = set(network.way.tolist())
    by_class: Counter[str] = Counter()
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
        if way.id in kept:
            name = way.tags.get("highway") or (
                "ferry" if way.tags.get("route") == "ferry" else way.tags["waterway"]
            )
            by_class[name] += metres[way.id]
    told = network.report["length_km"]
    assert set(told) == set(by_class)
    for name, length in by_class.items():
        assert told[name] == pytest.approx(length / 1000, abs=0.01)


def test_no_way_is_lost_uncounted(extract):
    path, network = extract
    report = network.report
    ways = [
        w
        for w in osmium.FileProcessor(str(path), osmium.osm.WAY)
        if "highway" in w.tags
        or w.tags.get("route") == "ferry"
        or w.tags.get("waterway") in ("river", "canal", "stream")
    ]
    # iterating keeps no way alive: count only
    assert report["ways_kept"] + sum(report["ways_dropped"].values()) == len(ways)


def test_every_meeting_of_roads_is_a_node(extract):
    path, network = extract
    _, nodes, known = counted(path)
    kept = set(network.way.tolist())
    met: Counter[int] = Counter()
    for way in kept:
        drawn = [n for n in nodes[way] if n in known]
        met.update(drawn[1:] if drawn[0] == drawn[-1] else drawn)
    crossings = {node for node, times in met.items() if times > 1}
    # rings count their own start twice only if another road meets it there
    assert crossings <= set(network.node_id.tolist())


def test_nodes_are_where_arcs_begin_and_end(network):
    assert inconsistency(network) is None
    first = network.shape[network.shape_start[:-1]]
    last = network.shape[network.shape_start[1:] - 1]
    at = np.stack([network.node_lon, network.node_lat], axis=1)
    segment, ahead = network.segment, network.forward[:, None]
    assert np.array_equal(at[network.tail], np.where(ahead, first[segment], last[segment]))
    assert np.array_equal(at[network.head], np.where(ahead, last[segment], first[segment]))


def test_degrees_add_up(network):
    degree = np.bincount(network.tail, minlength=network.nodes)
    degree += np.bincount(network.head, minlength=network.nodes)
    assert degree.sum() == 2 * network.arcs
    assert degree.min() >= 1
    per_segment = np.bincount(network.segment, minlength=network.segments)
    assert set(per_segment.tolist()) <= {1, 2}
    for_cars = np.bincount(network.segment[network.usable("car")], minlength=network.segments)
    assert network.report["one_way_segments"] == np.count_nonzero(for_cars == 1)


def test_two_arcs_of_a_segment_are_opposite_and_equally_long(network):
    order = np.lexsort((~network.forward, network.segment))
    same = network.segment[order][1:] == network.segment[order][:-1]
    a, b = order[:-1][same], order[1:][same]
    assert network.forward[a].all()
    assert not network.forward[b].any()
    assert np.array_equal(network.tail[a], network.head[b])
    assert np.array_equal(network.length_m[a], network.length_m[b])


def test_access_and_speed_say_the_same(network):
    for i, profile in enumerate(PROFILES):
        assert np.array_equal(network.usable(profile), network.speed_kmh[i] > 0)
    assert (network.access > 0).all()


def test_banned_turns_are_turns(network):
    if len(network.banned):
        first, second = network.banned.T
        assert np.array_equal(network.head[first], network.tail[second])
        assert (network.banned_access & network.access[first] & network.access[second] != 0).all()


def test_bytes_and_back(network):
    content = encode(network)
    assert encode(decode(content)) == content
    assert network_sha256(decode(content)) == network_sha256(network)


def test_most_roads_hang_together(network):
    for profile in ("car", "motorcycle"):
        assert network.report["connectivity"][profile]["largest_length_share"] > 0.85


HELSINKI = [  # relation, from, via, to; what may follow `from` at `via` for a car
    (68880, 30288210, 313781304, 30148325, {30148325}),  # only_straight_on
    (55895, 17214423, 175882281, 30259987, {30259987}),  # only_straight_on
    (63153, 33971193, 315280752, 28684237, {28684237}),  # only_left_turn
    (85850, 31570125, 59628850, 37289251, {37289251}),  # only_left_turn
]


@pytest.mark.parametrize(("relation", "source", "via", "target", "allowed"), HELSINKI)
def test_only_rules_of_helsinki_leave_one_way_on(data_dir, relation, source, via, target, allowed):
    network = loaded(data_dir / "roads" / "helsinki.osm.pbf")
    node = int(np.flatnonzero(network.node_id == via)[0])
    car = network.usable("car")
    way = network.way[network.segment]
    (incoming,) = np.flatnonzero((network.head == node) & car & (way == source))
    outgoing = np.flatnonzero((network.tail == node) & car)
    banned = {b for a, b in network.banned.tolist() if a == incoming}
    assert {int(way[a]) for a in outgoing if a not in banned} == allowed
    assert target in allowed


def test_no_rules_of_helsinki_ban_the_one_turn(data_dir):
    network = loaded(data_dir / "roads" / "helsinki.osm.pbf")
    way = network.way[network.segment]
    # relation 59335: no_left_turn except bus; of 2214225, no_right_turn, nothing is left to ban:
    # its target is a pedestrian street
    for source, via, target in ((333061573, 25291537, 30568275), (28545316, 289550887, None)):
        node = int(np.flatnonzero(network.node_id == via)[0])
        rows = [
            (int(way[a]), int(way[b]), int(bars))
            for (a, b), bars in zip(network.banned.tolist(), network.banned_access, strict=True)
            if network.head[a] == node and way[a] == source
        ]
        assert rows == ([(source, target, 0b111)] if target else [])


def test_all_rules_of_helsinki_are_honoured_or_named(data_dir):
    report = loaded(data_dir / "roads" / "helsinki.osm.pbf").report
    assert report["restriction_relations"] == 45
    assert report["restrictions_not_applied"] == {"conditional": 2}
    told = report["restrictions"]
    assert told["honoured"] + told["not_honoured"] == 43
    reasons = {r: row["relations"] for r, row in told["not_honoured_by_reason"].items()}
    assert reasons == {
        "from_not_in_network": [67551, 423033, 423034],
        "not_in_network": [12993],
        "to_not_in_network": [68861],
    }


def test_balikpapan_has_the_lengths_it_tells(data_dir):
    path = data_dir / "roads" / "balikpapan_kota_drive.graphml.gz"
    network = loaded(path)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    keys = {k.get("id"): k.get("attr.name") for k in root.iter(f"{space}key")}
    told: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    closed = 0
    for edge in root.iter(f"{space}edge"):
        data = {keys[d.get("key")]: d.text for d in edge}
        if data.get("access") in ("private", "no"):
            closed += 1
            continue
        ends = int(edge.get("source")), int(edge.get("target"))
        told[ends].append(float(data["length"]))
    car = np.flatnonzero(network.usable("car"))
    assert len(car) == sum(map(len, told.values())) == 2683 - closed
    mine: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for arc in car.tolist():
        ends = network.node_id[network.tail[arc]], network.node_id[network.head[arc]]
        mine[int(ends[0]), int(ends[1])].append(float(network.length_m[arc]))
    assert set(mine) == set(told)
    for ends, lengths in told.items():
        assert sorted(mine[ends]) == pytest.approx(sorted(lengths), abs=0.05, rel=1e-4)


def test_labusel_has_the_classes_and_lengths_of_its_description(data_dir):
    network = loaded(data_dir / "roads" / "labusel_sumut_osm_main_roads.geojson.gz")
    told = network.report["length_km"]
    assert {k: round(v) for k, v in told.items() if k != "unclassified"} == {
        "trunk": 105, "secondary": 246, "tertiary": 102
    }  # fmt: skip
    assert told["unclassified"] == pytest.approx(2265, rel=0.005)  # Other_road
    assert network.report["ways_dropped"] == {"highway=construction": 1}
    assert network.report["class_guessed"] == 2623
    assert "repair" not in network.report  # OpenStreetMap: a crossing without a node is a bridge
    assert network.report["connectivity"]["car"]["largest_length_share"] > 0.97


def test_karangasem_is_joined_and_says_what_was_repaired(data_dir):
    network = loaded(data_dir / "roads" / "karangasem_bali_jalan.geojson.gz")
    repair = network.report["repair"]
    assert repair["pieces_before"] == 445
    assert repair["pieces_after"] < 20
    assert repair["ends_joined"] > 0
    assert repair["crossings_joined"] > 0
    car = network.report["connectivity"]["car"]
    assert car["pieces"] == repair["pieces_after"]
    assert car["largest_length_share"] > 0.95
    # joining moves ends by metres: the length stays
    assert sum(network.report["length_km"].values()) == pytest.approx(1473, rel=0.002)


def test_a_part_of_andorra_is_cut_out(data_dir):
    path = data_dir / "roads" / "andorra.osm.pbf"
    box = (1.50, 42.48, 1.56, 42.53)
    cut = read_roads(path.name, path.read_bytes(), clip=box, source="x", as_of=dt.date(2020, 1, 1))
    whole = loaded(path)
    inside = (whole.node_lon >= box[0]) & (whole.node_lon <= box[2])
    inside &= (whole.node_lat >= box[1]) & (whole.node_lat <= box[3])
    assert set(whole.node_id[inside].tolist()) <= set(cut.node_id.tolist())
    assert cut.segments < whole.segments
    assert cut.report["clipped"]["ways_cut"] > 0
    assert cut.report["ways_outside"] > 1000
