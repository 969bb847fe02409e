"""The files for SUMO: every road and turn once, bans held, vehicles that add up; answers read."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from roads.made_networks import Road, made

from sispamkota.kernel.text import Text
from sispamkota.reports.sumo import (
    Path,
    connections_xml,
    count_of,
    edge_ids,
    edges_xml,
    nodes_xml,
    read_run,
    routes_xml,
    selection,
)
from sispamkota.reports.sumo_page import page
from sispamkota.roads.graph import turn_graph

PLACES = [(0, 0), (1, 0), (2, 0), (1, 1)]
ROADS = (
    Road(ends=(0, 1), name='Jalan "A" & B'),
    Road(ends=(1, 2), two_way=False),
    Road(ends=(1, 3), highway="trunk"),
    Road(ends=(3, 3), via=((1.5, 1), (1.5, 1.5))),  # ends where it begins
    Road(ends=(2, 3), profiles=("foot",)),
)
# arcs: 0..4 along, 5 = 1-0, 6 = 3-1, 7 = the loop backwards, 8 = 3-2 on foot
BANNED = ((0, 2),)


@pytest.fixture(scope="module")
def network():
    return made(PLACES, ROADS, BANNED)


@pytest.fixture(scope="module")
def graph(network):
    return turn_graph(network, "car")


def parsed(text):
    return ET.fromstring(text)


def test_an_edge_for_every_arc_of_cars(network, graph):
    capacity = np.where(np.arange(network.arcs) == 2, 3000.0, 500.0)
    edges = {e.get("id"): e.attrib for e in parsed(edges_xml(network, graph, capacity))}
    assert set(edges) == {e for a in graph.arc.tolist() for e in edge_ids(network, a)}
    assert edges["a0"]["from"], edges["a0"]["to"] == ("n0", "n1")
    assert edges["a0"]["name"] == 'Jalan "A" & B'
    assert float(edges["a0"]["length"]) == pytest.approx(network.length_m[0], abs=0.01)
    assert float(edges["a0"]["speed"]) == pytest.approx(10.0)
    assert (edges["a0"]["numLanes"], edges["a2"]["numLanes"]) == ("1", "2")
    assert "a4" not in edges


def test_a_loop_is_cut_in_two(network, graph):
    capacity = np.full(network.arcs, 500.0)
    edges = {e.get("id"): e.attrib for e in parsed(edges_xml(network, graph, capacity))}
    nodes = {n.get("id"): n.attrib for n in parsed(nodes_xml(network))}
    for arc in (3, 7):
        first, second = edge_ids(network, arc)
        assert edges[first]["to"] == edges[second]["from"] == "m3"
        joint = edges[first]["shape"].split()[-1]
        assert joint == edges[second]["shape"].split()[0]
        assert joint == f"{nodes['m3']['x']},{nodes['m3']['y']}"
        total = sum(float(edges[e]["length"]) for e in (first, second))
        assert total == pytest.approx(network.length_m[arc], abs=0.02)
    assert all(e["from"] != e["to"] for e in edges.values())


def test_every_allowed_turn_and_no_other(network, graph):
    found = [(c.get("from"), c.get("to")) for c in parsed(connections_xml(network, graph))]
    assert len(found) == len(set(found))
    assert ("a0", "a2") not in found  # forbidden
    assert ("a0", "a1") in found
    assert ("a1", None) in found  # one-way into a place that no car leaves
    assert ("a3", "a3b") in found
    assert ("a2", "a3") in found
    assert ("a3b", "a6") in found
    assert ("a5", "a0") in found  # turning round at the dead end alone


FLOWS = st.lists(st.floats(0, 30), min_size=1, max_size=12)


@given(FLOWS)
def test_vehicles_add_up_and_are_in_order(flows):
    network = made(PLACES, ROADS)
    paths = [Path(arcs=(0, 2) if i % 2 else (6, 5), flow=f) for i, f in enumerate(flows)]
    text = routes_xml(network, paths)
    vehicles = parsed(text).findall("vehicle")
    assert len(vehicles) == count_of(paths)
    assert abs(len(vehicles) - sum(flows)) < 1 + 1e-6
    departs = [float(v.get("depart")) for v in vehicles]
    assert departs == sorted(departs)
    assert all(0 <= d < 3600.01 for d in departs)
    assert len({v.get("id") for v in vehicles}) == len(vehicles)
    assert text == routes_xml(network, paths)


def test_a_way_over_a_loop_takes_both_halves(network):
    text = routes_xml(network, [Path(arcs=(2, 3, 6), flow=1)])
    assert parsed(text).find("vehicle/route").get("edges") == "a2 a3 a3b a6"
    assert selection(network, [3, 0]) == "edge:a3\nedge:a3b\nedge:a0\n"


STATISTICS = b"""<statistics><vehicles loaded="10" inserted="9" running="2" waiting="1"/>
<teleports total="3" jam="3" yield="0" wrongLane="0"/>
<vehicleTripStatistics count="7" duration="120.5" timeLoss="20.25" departDelay="1.5"/>
</statistics>"""
SUMMARY = b"""<summary><step time="0.00" running="1" halting="0" waiting="2"/>
<step time="60.00" running="5" halting="4" waiting="0"/></summary>"""


def test_what_sumo_says_is_read():
    run = read_run(STATISTICS, SUMMARY)
    assert run.as_json() == {
        "loaded": 10, "completed": 7, "running": 2, "waiting": 1, "teleports": 3,
        "mean_travel_s": 120.5, "mean_time_lost_s": 20.2, "mean_depart_delay_s": 1.5,
        "longest_queue": 4,
    }  # fmt: skip
    assert run.curve[1] == (60.0, 5, 4, 0)


def test_the_curve_ends_when_everybody_has_arrived():
    steps = "".join(
        f'<step time="{60 * i}" running="{max(0, 3 - i)}" halting="0" waiting="0"/>'
        for i in range(9)
    )
    run = read_run(STATISTICS, f"<summary>{steps}</summary>".encode())
    assert [row[0] for row in run.curve] == [0.0, 60.0, 120.0, 180.0]


@pytest.mark.parametrize("told", [b"", b"<statistics/>", STATISTICS.replace(b"loaded", b"x")])
def test_what_is_none_of_sumo_is_refused(told):
    with pytest.raises(ValueError, match="no output of SUMO"):
        read_run(told, SUMMARY)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_is_whole_and_safe(lang):
    run = read_run(STATISTICS, SUMMARY)
    text = page("<b>Rapat</b>", [Text("a & b", "a & b")], {"before": run, "after": run}, lang)
    assert "<b>Rapat" not in text
    assert "a &amp; b" in text
    for svg in text.split("<svg")[1:]:
        picture = parsed("<svg" + svg.split("</svg>")[0] + "</svg>")
        assert picture.get("aria-label")
        assert len(picture.findall("{http://www.w3.org/2000/svg}polyline")) == 2
