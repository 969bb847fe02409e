"""Shapes and names of ways, ready for maps and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sispamkota.kernel.text import Text
from sispamkota.roads.network import Floats, Network

DIGITS = 6


def plain(line: Floats) -> list[list[float]]:
    """Return a line as JSON."""
    found: list[list[float]] = np.round(line, DIGITS).tolist()
    return found


def segment_lines(network: Network, segments: Iterable[int]) -> list[list[list[float]]]:
    """Return the shapes of segments as JSON."""
    start = network.shape_start
    return [plain(network.shape[start[s] : start[s + 1]]) for s in segments]


def roads_of(network: Network, arcs: Sequence[int]) -> tuple[str, ...]:
    """Return the names of roads along arcs, in order; each once in a row, none twice in a row."""
    names: list[str] = []
    for arc in arcs:
        name = network.name_of(int(arc))
        if name and (not names or names[-1] != name):
            names.append(name)
    return tuple(names)


def names_of(network: Network, segments: Sequence[int]) -> list[str]:
    """Return the names of segments, sorted, each once."""
    found = {network.names[network.name[s]] for s in segments}
    return sorted(found - {""})


def highway_of(network: Network, segment: int) -> str:
    """Return the class of a segment."""
    name: str = network.highways[network.highway[segment]]
    return name


def node_name(network: Network, node: int) -> str:
    """Return what people may call a junction: the roads that meet there."""
    arcs = np.flatnonzero((network.tail == node) | (network.head == node))
    names = names_of(network, network.segment[arcs].tolist())
    return " / ".join(names[:3])


def node_json(network: Network, node: int) -> dict[str, object]:
    """Return a junction as JSON."""
    return {
        "node": int(node),
        "lon": round(float(network.node_lon[node]), DIGITS),
        "lat": round(float(network.node_lat[node]), DIGITS),
        "name": node_name(network, node),
    }


def road_text(names: Sequence[str]) -> Text:
    """Return roads as one says them."""
    listed = ", ".join(names[:4])
    return Text(listed or "jalan tanpa nama", listed or "a road without a name")
