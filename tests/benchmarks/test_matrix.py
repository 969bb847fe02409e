"""The benchmark of travel times: on a real network and on one made large, equal to SciPy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.data


def matrix(*arguments: str | Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.matrix", *map(str, arguments), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_on_real_roads(data_dir):
    roads = data_dir / "roads" / "helsinki.osm.pbf"
    result = matrix("--roads", roads, "--sources", "20", "--targets", "30")

    assert result["max_difference"] == 0
    assert result["cells_compared"] == 2 * 20 * 30
    assert result["ratio"] == pytest.approx(result["scipy_s"] / result["elapsed_s"], rel=0.01)
    assert 0 < result["closure_p50_s"] <= result["closure_p95_s"]
    assert result["nearest_p95_s"] > 0
    assert result["prep_s"] > 0
    assert result["peak_mb"] > 0


def test_a_large_network_is_copies_that_hang_together(data_dir):
    roads = data_dir / "roads" / "helsinki.osm.pbf"
    small = ("--sources", "40", "--targets", "50")
    one = matrix("--roads", roads, *small)
    four = matrix("--roads", roads, "--nodes", str(4 * one["nodes"]), *small)

    assert four["nodes"] == 4 * one["nodes"]
    assert four["network"] == {"copies": 4, "links": 20}
    assert four["arcs"] == 4 * one["arcs"] + 2 * 20
    assert four["forbidden_turns"] > 4 * one["forbidden_turns"]
    assert four["unreachable"] < 0.1
    assert four["max_difference"] == 0
