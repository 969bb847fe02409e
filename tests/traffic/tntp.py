"""The benchmarks' reader of TNTP files and Braess's network (benchmarks are not installed)."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT))
try:
    reader = import_module("benchmarks.tntp")
    braess = import_module("benchmarks.assignment").braess
finally:
    sys.path.remove(str(ROOT))

read_network, read_trips, read_flows = reader.read_network, reader.read_trips, reader.read_flows
