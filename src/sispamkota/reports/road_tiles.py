"""The layer `roads` of the base map: fewer and simpler roads the further away one looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sispamkota.roads.network import Network

CLASSES: dict[str, tuple[str, ...]] = {
    "motorway": ("motorway", "motorway_link"),
    "trunk": ("trunk", "trunk_link"),
    "primary": ("primary", "primary_link"),
    "secondary": ("secondary", "secondary_link"),
    "tertiary": ("tertiary", "tertiary_link"),
    "residential": ("residential", "living_street", "unclassified", "road", "other_road"),
    "estimated": ("estimated",),
    "service": ("service",),
    "track": ("track",),
    "path": ("path", "footway", "cycleway", "bridleway", "steps", "pedestrian"),
    "ferry": ("ferry", "river", "canal", "stream"),
}
"""Class on the map → classes of the source; what is in none is `other`."""
OTHER = "other"
FIRST_ZOOM: dict[str, int] = {
    "motorway": 5, "trunk": 5, "primary": 5, "secondary": 8, "tertiary": 10, "residential": 11,
    "other": 11, "estimated": 8, "ferry": 10, "service": 12, "track": 12, "path": 12,
}  # fmt: skip
SHIFT = 4096 / 2
"""A line is simplified by no more than this part of a tile's side: two units of its grid."""
_CLASS_OF = {name: shown for shown, names in CLASSES.items() for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadFeature:
    """Roads of one class and name, joined where they meet."""

    road_class: str
    name: str
    approximate: bool
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadZooms:
    """What is drawn at some zooms."""

    first: int
    last: int
    features: Sequence[RoadFeature]


def class_of(highway: str) -> str:
    """Return the class on the map of a class of the source."""
    return _CLASS_OF.get(highway.lower().replace(" ", "_"), OTHER)


def road_zooms(network: Network, last: int) -> Iterator[RoadZooms]:
    """Yield what is drawn, from far to near.

    Args:
        network: the roads.
        last: nearest zoom of the map.
    """
    joined = _joined(network)
    firsts = sorted({FIRST_ZOOM[road_class] for road_class, _ in joined})
    for i, first in enumerate(firsts):
        until = firsts[i + 1] - 1 if i + 1 < len(firsts) else last
        tolerance = 360 / 2**until / SHIFT
        features = [
            RoadFeature(
                road_class=road_class,
                name=name,
                approximate=network.estimated,
                shape=shapely.simplify(shape, tolerance),
            )
            for (road_class, name), shape in sorted(joined.items())
            if FIRST_ZOOM[road_class] <= first
        ]
        yield RoadZooms(first=first, last=until, features=features)


def _joined(network: Network) -> dict[tuple[str, str], Any]:
    """Return the roads by class and name, each joined to lines as long as they go."""
    counts = np.diff(network.shape_start)
    lines = shapely.linestrings(network.shape, indices=np.repeat(np.arange(len(counts)), counts))
    shown = [class_of(name) for name in network.highways]
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for segment in np.flatnonzero(shapely.length(lines) > 0).tolist():
        key = (shown[network.highway[segment]], network.names[network.name[segment]])
        groups[key].append(segment)
    return {
        key: shapely.line_merge(shapely.multilinestrings(lines[segments]))
        for key, segments in groups.items()
    }
