"""The reader of TNTP files, on the oddities that real ones have."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest

from .tntp import ROOT, read_network, read_trips

NET = """<NUMBER OF ZONES> 2\t\t
<NUMBER OF NODES> 4
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 4
<ORIGINAL HEADER>~ Init node : Term node <of old> ;
<END OF METADATA>

~ a comment: with colons 1 2 3 ;
~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;
\t1\t3\t100\t10\t1\t0.15\t4\t0\t50\t1\t;
\t3\t4\t100\t20\t0\t0.15\t0.5\t0\t0\t1\t;
\t3\t4\t1e2\t30\t2.5\t0\t0\t0\t100\t1;
\t4\t2\t999999\t0\t.5\t0.15\t4\t0\t0\t1\t; ~ the last
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 12.5
<END OF METADATA>
~ origins: below
Origin  1
    1 :    0.0;    2 :    7.5;
   2 :
 1.0;
Origin \t 2
    1:4.0;
"""


@pytest.fixture
def files(tmp_path):
    net, trips = tmp_path / "x_net.tntp", tmp_path / "x_trips.tntp"
    net.write_text(NET)
    trips.write_text(TRIPS)
    return net, trips


def test_a_network(files):
    network = read_network(files[0])
    links = network.links(length_cost=0.04, toll_cost=0.02)

    assert (network.zones, links.nodes, links.first_thru_node, links.size) == (2, 4, 2, 4)
    assert links.tail.tolist() == [0, 2, 2, 3]
    assert links.costs.length_cost == pytest.approx([1.4, 0.8, 3.2, 0])
    assert links.costs.power.tolist() == [4, 0.5, 0, 4]
    assert network.links().costs.length_cost.tolist() == [0, 0, 0, 0]


def test_columns_that_are_not_the_usual_ones(tmp_path):
    net = tmp_path / "net.tntp"
    net.write_text(NET.replace("speed\ttoll\tlink_type", "speed\tcritical_speed\tlanes"))

    assert read_network(net).links(toll_cost=1).costs.length_cost.tolist() == [0, 0, 0, 0]


def test_no_line_that_names_the_columns(tmp_path):
    net = tmp_path / "net.tntp"
    net.write_text("".join(x for x in NET.splitlines(keepends=True) if "init_node" not in x))

    assert read_network(net).links(toll_cost=1).costs.length_cost.tolist() == [50, 0, 100, 0]


def test_trips_broken_over_lines(files):
    demand = read_trips(files[1])

    rows = list(zip(demand.origin, demand.destination, demand.volume, strict=True))
    assert rows == [(0, 0, 0.0), (0, 1, 7.5), (0, 1, 1.0), (1, 0, 4.0)]


def test_gzip(files, tmp_path):
    packed = tmp_path / "x_net.tntp.gz"
    packed.write_bytes(gzip.compress(NET.encode()))

    assert read_network(packed).links().size == 4


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", NET.replace("LINKS> 4", "LINKS> 5"), NET[:300]])
def test_another_file_is_refused(tmp_path, text):
    net = tmp_path / "net.tntp"
    net.write_text(text)

    with pytest.raises(SystemExit):
        read_network(net)


def test_the_command_tells_its_figures(files):
    options = ["--net", files[0], "--trips", files[1], "--gap", "1e-8", "--length-cost", "0.04"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.assignment", "--json", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["relative_gap"] <= 1e-8
    assert result["elapsed_s"] > 0
    assert result["unroutable"] == 4.0
    assert result["objective"] > 0
