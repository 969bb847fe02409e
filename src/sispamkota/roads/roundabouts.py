"""What a driver sees at a junction: the ways on, their angles, and whether it is a roundabout.

A network does not say what is a roundabout. One is known by its shape: a small ring of one-way
road, rounder than a block of houses.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely

from sispamkota.roads.graph import opposite_arcs
from sispamkota.roads.load_ways import EARTH_M
from sispamkota.roads.network import Floats, Network, Profile
from sispamkota.roads.shapes import part_of

LOOK_M = 15.0
"""So much road on either side of a junction tells its direction there."""
_MOST_M = 500.0  # round the largest roundabout
_MOST_PIECES = 16
# 4π area ÷ perimeter²: 1 for a circle, 0.79 for a square, 0.87 for a hexagon. Pieces of one way
# that close a ring are hardly ever a block of houses; those of several ways may well be.
_ROUND_ONE_WAY, _ROUND = 0.7, 0.86


class Junctions:
    """The roads of a profile as they meet."""

    def __init__(self, network: Network, profile: Profile) -> None:
        self._network = network
        self._arcs = np.flatnonzero(network.usable(profile)).astype(np.int32)
        self._opposite = opposite_arcs(network, self._arcs)
        tail = network.tail[self._arcs]
        self._leaving = self._arcs[np.argsort(tail, kind="stable")]
        counts = np.bincount(tail, minlength=network.nodes)
        self._first = np.concatenate(([0], np.cumsum(counts)))
        self._circles: dict[int, frozenset[int]] = {}

    def onward(self, arc: int) -> list[int]:
        """Return the arcs on which one may go on, turning round left out."""
        node = self._network.head[arc]
        leaving = self._leaving[self._first[node] : self._first[node + 1]]
        return [a for a in leaving.tolist() if a != self._opposite[arc]]

    def angle(self, before: int, after: int) -> float:
        """Return by how many degrees one turns, right positive, from -180 to 180."""
        turned = self.bearing(after, leaving=True) - self.bearing(before, leaving=False)
        return (turned + 180) % 360 - 180

    def bearing(self, arc: int, *, leaving: bool) -> float:
        """Return the compass bearing at the beginning of an arc, or at its end."""
        line = self._network.line(arc)
        share = min(1.0, LOOK_M / max(float(self._network.length_m[arc]), 1e-9))
        return bearing_of(part_of(line, 0, share) if leaving else part_of(line, 1 - share, 1))

    def circle(self, arc: int) -> frozenset[int]:
        """Return the arcs of the roundabout that an arc belongs to; empty where it is none."""
        if arc not in self._circles:
            found = self._ring(arc, 1) or self._ring(arc, -1)
            self._circles[arc] = found
            self._circles.update(dict.fromkeys(found, found))
        return self._circles[arc]

    def _ring(self, arc: int, side: int) -> frozenset[int]:
        """Go round by always keeping to one side, as traffic in a roundabout does."""
        ring, metres = [arc], 0.0
        while len(ring) <= _MOST_PIECES:
            metres += float(self._network.length_m[ring[-1]])
            if self._opposite[ring[-1]] >= 0 or metres > _MOST_M:
                break
            onward = [a for a in self.onward(ring[-1]) if self._opposite[a] < 0]
            if not onward:
                break
            ring.append(max(onward, key=lambda a: side * self.angle(ring[-1], a)))
            if ring[-1] == arc:
                return frozenset(ring) if self._is_round(ring[:-1], metres) else frozenset()
        return frozenset()

    def _is_round(self, ring: list[int], metres: float) -> bool:
        line = np.concatenate([self._network.line(a)[:-1] for a in ring])
        scale = np.array([np.cos(np.radians(line[0, 1])), 1.0]) * np.radians(1) * EARTH_M
        if len(line) < 4:  # noqa: PLR2004 - a triangle is no circle
            return False
        area = shapely.Polygon((line - line[0]) * scale).area
        one_way = len({int(self._network.way[self._network.segment[a]]) for a in ring}) == 1
        least = _ROUND_ONE_WAY if one_way else _ROUND
        return bool(4 * np.pi * area >= least * metres**2)


@lru_cache(maxsize=8)
def junctions(network: Network, profile: Profile) -> Junctions:
    """Return the junctions of a network, kept for the next question."""
    return Junctions(network, profile)


def bearing_of(line: Floats) -> float:
    """Return the compass bearing from the first to the last point of a line, 0 to 360."""
    east, north = line[-1] - line[0]
    east *= np.cos(np.radians(line[0, 1]))
    return float(np.degrees(np.arctan2(east, north))) % 360
