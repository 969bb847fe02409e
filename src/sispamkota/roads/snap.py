"""Places are put on the nearest road, with the distance said and a flag where it is far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from sispamkota.roads.connect import components
from sispamkota.roads.load_ways import EARTH_M, distances_m
from sispamkota.roads.network import Bools, Floats, Ints, Longs, Network, Profile

LIMIT_M = 500.0
"""Beyond this a place is called far from any road (an assumption, to be set by who asks)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """Places on the network, one row per point asked for.

    Attributes:
        arc: an arc of the nearest segment, the forward one where both may be used; -1 = none.
        fraction: how far along that arc, 0 at its tail to 1 at its head.
        distance_m: from the point to the place; infinite where there is none.
        far: the distance is over `limit_m`.
        place: (points, 2) lon, lat of the place on the road; NaN where there is none.
        limit_m: what counts as far.
    """

    arc: Ints
    fraction: Floats
    distance_m: Floats
    far: Bools
    place: Floats
    limit_m: float

    def __len__(self) -> int:
        return len(self.arc)

    def take(self, rows: Any) -> Snapped:
        """Return the rows asked for (indices or a mask)."""
        return Snapped(
            arc=self.arc[rows],
            fraction=self.fraction[rows],
            distance_m=self.distance_m[rows],
            far=self.far[rows],
            place=self.place[rows],
            limit_m=self.limit_m,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Snapper:
    """The roads of a profile, ready to be searched again and again.

    Distances are measured on a plane in metres that touches the globe at the middle of the
    network: over a regency it is right to far below the width of a road.

    Attributes:
        network: where to snap to.
        profile: whose roads.
        within_component: only to roads from which all others can be reached and back.
        limit_m: beyond it a place is far.
    """

    network: Network
    profile: Profile
    within_component: bool = True
    limit_m: float = LIMIT_M
    _arc: Ints = field(init=False)
    _lines: Any = field(init=False)
    _tree: Any = field(init=False)
    _middle: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        self._arc = _arcs(self.network, self.profile, within=self.within_component)
        self._middle = _middle(self.network)
        self._lines = _lines(self.network, self.network.segment[self._arc], self._middle)
        self._tree = shapely.STRtree(self._lines)

    def snap(self, points: Floats) -> Snapped:
        """Put points (lon, lat) on the nearest of the roads; of equally near the lowest arc."""
        points = np.asarray(points, np.float64).reshape(-1, 2)
        row = np.full(len(points), -1, np.int64)
        fit = np.flatnonzero(np.isfinite(points).all(axis=1))
        flat = shapely.points(_flat(points[fit], self._middle))
        if len(fit) and len(self._arc):
            asked, found = self._tree.query_nearest(flat, all_matches=True)
            nearest = np.full(len(fit), len(self._arc))
            np.minimum.at(nearest, asked, found)
            row[fit] = nearest
        return self._told(points, row, dict(zip(fit.tolist(), flat, strict=True)))

    def _told(self, points: Floats, row: Longs, flat: dict[int, Any]) -> Snapped:
        arc = np.full(len(points), -1, np.int32)
        fraction, distance = np.zeros(len(points)), np.full(len(points), np.inf)
        place = np.full((len(points), 2), np.nan)
        on = np.flatnonzero(row >= 0)
        lines = self._lines[row[on]]
        along = shapely.line_locate_point(lines, [flat[i] for i in on.tolist()])
        length = shapely.length(lines)
        on_line = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
        part = np.divide(along, length, out=np.zeros(len(on)), where=length > 0)
        arc[on] = self._arc[row[on]]
        fraction[on] = np.where(self.network.forward[arc[on]], part, 1 - part)
        place[on] = _round(on_line.reshape(-1, 2), self._middle)
        distance[on] = distances_m(points[on], place[on])
        return Snapped(
            arc=arc,
            fraction=np.clip(fraction, 0, 1),
            distance_m=distance,
            far=distance > self.limit_m,
            place=place,
            limit_m=self.limit_m,
        )


def snap(
    network: Network,
    points: Floats,
    profile: Profile,
    *,
    within_component: bool = True,
    limit_m: float = LIMIT_M,
) -> Snapped:
    """Put points on the nearest road that the profile may use.

    Args:
        network: where to snap to.
        points: (n, 2) lon, lat.
        profile: whose roads.
        within_component: only to the largest strong component, so that every place can be
            reached from every other and left again.
        limit_m: beyond it a place is far.
    """
    made = Snapper(
        network=network, profile=profile, within_component=within_component, limit_m=limit_m
    )
    return made.snap(points)


def _arcs(network: Network, profile: Profile, *, within: bool) -> Ints:
    """One arc for each segment one may snap to; barriers and other dots are none."""
    if within:
        usable = components(network, profile).arcs_within(network)
    else:
        usable = network.usable(profile)
    arcs = np.flatnonzero(usable & (network.length_m > 0))
    # forward arcs stand before the backward ones of their segment
    ranked = arcs[np.lexsort((~network.forward[arcs], network.segment[arcs]))]
    _, first = np.unique(network.segment[ranked], return_index=True)
    return ranked[first].astype(np.int32)


def _middle(network: Network) -> tuple[float, float]:
    if not len(network.shape):
        return 0.0, 0.0
    (west, south), (east, north) = network.shape.min(axis=0), network.shape.max(axis=0)
    return float(west + east) / 2, float(south + north) / 2


def _flat(position: Floats, middle: tuple[float, float]) -> Floats:
    degree = np.radians(1.0) * EARTH_M
    scale = np.array([degree * np.cos(np.radians(middle[1])), degree])
    flat: Floats = (position - np.array(middle)) * scale
    return flat


def _round(flat: Floats, middle: tuple[float, float]) -> Floats:
    degree = np.radians(1.0) * EARTH_M
    scale = np.array([degree * np.cos(np.radians(middle[1])), degree])
    position: Floats = flat / scale + np.array(middle)
    return position


def _lines(network: Network, segments: Ints, middle: tuple[float, float]) -> Any:
    if not len(segments):
        return np.empty(0, object)
    sizes = np.diff(network.shape_start)[segments]
    begins = network.shape_start[segments]
    step = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    vertices = _flat(network.shape[np.repeat(begins, sizes) + step], middle)
    return shapely.linestrings(vertices, indices=np.repeat(np.arange(len(segments)), sizes))
