"""Ways as a source draws them, as columns; what every reader hands to the builder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from sispamkota.roads.network import Floats, Ints, Longs
from sispamkota.roads.profiles import Kind

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

Progress: TypeAlias = Callable[[str, float], None]
"""Told the step and the part done, 0 to 1."""

EARTH_M = 6_371_008.8
GRID = 10_000_000  # positions are kept to 1e-7 degrees, about a centimetre, as OpenStreetMap does


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A turn restriction of the source.

    Attributes:
        id: number of the relation.
        rule: `no_left_turn`, `only_straight_on`, ...
        from_ways: ways one comes from.
        via_nodes: the node between; empty where ways are.
        via_ways: the ways between, in order.
        to_ways: ways one may not (or may only) go to.
        bars: profiles it holds for, as bits.
    """

    id: int
    rule: str
    from_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    bars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Ways of the source with their vertices.

    Attributes:
        id: number of each way in the source.
        start: first vertex of each way; one longer than the ways.
        node: number of the node at each vertex; equal numbers are one place.
        position: (vertices, 2) lon, lat; NaN where the source lacks the node.
        kind: per way, index into `kinds`.
        kinds: what the ways are.
        name: per way, index into `names`; 0 is "".
        names: names of roads.
        barriers: profiles barred, as bits, by number of node.
        restrictions: turn restrictions to honour.
        report: what the reader counted (kept, dropped, guessed, repaired).
    """

    id: Longs
    start: Longs
    node: Longs
    position: Floats
    kind: Ints
    kinds: tuple[Kind, ...]
    name: Ints
    names: tuple[str, ...]
    barriers: Mapping[int, int] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)


def silent(_step: str, _part: float) -> None:
    """Tell nobody."""


def on_grid(position: Floats) -> Floats:
    """Return positions rounded to the grid on which networks are kept."""
    rounded: Floats = np.rint(position * GRID) / GRID
    return rounded


def distances_m(a: Floats, b: Floats) -> Floats:
    """Return great-circle distances in metres between rows of lon, lat."""
    lon_a, lat_a = np.radians(a[..., 0]), np.radians(a[..., 1])
    lon_b, lat_b = np.radians(b[..., 0]), np.radians(b[..., 1])
    half = np.sin((lat_b - lat_a) / 2) ** 2
    half = half + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    metres: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return metres
