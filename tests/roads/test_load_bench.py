"""The benchmark of reading answers with the keys that others rely on (no timings)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.data
def test_reading_is_measured_on_any_file(data_dir):
    roads = data_dir / "roads" / "helsinki.osm.pbf"
    asked = ["--roads", str(roads), "--tiles", "2", "--repeats", "1", "--no-peer", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.roads_load", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["peer"] is None
    one, two = result["files"]
    assert one["restrictions_honoured"] == 38
    assert two["restrictions_honoured"] == 76
    assert two["segments"] == 2 * one["segments"]
    assert {"elapsed_s", "first_s", "peak_mb", "nodes", "arcs"} <= set(one)
