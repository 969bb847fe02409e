"""A road network as columns: nodes where roads meet or end, and one arc per direction of travel.

Everything downstream (routing, closures, critical links, traffic) names roads by the numbers here:
`arc` is one direction of a piece of road, `segment` the piece itself (both of its directions).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

Profile: TypeAlias = Literal["car", "motorcycle", "truck", "foot", "boat"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
"""Vehicle classes, in the order of the bits of `Network.access` and the rows of `speed_kmh`."""

CLOSED_DS = 2**31 - 1
"""Time of an arc that may not be used; far above any sum of real times (int32, deciseconds)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """A directed road network, junction to junction.

    Attributes:
        node_lon: degrees, EPSG:4326, one per node.
        node_lat: degrees.
        node_id: number of the node in the source; negative where it was made here.
        tail: node where an arc begins.
        head: node where it ends.
        segment: piece of road of an arc, 0..segments-1; the two directions share it.
        forward: whether the arc runs in the direction of its segment's shape.
        length_m: length of an arc along its shape.
        access: bit p set = profile `PROFILES[p]` may use the arc.
        speed_kmh: (profiles, arcs) free speed; 0 where the profile may not use the arc.
        way: per segment, number of the way in the source.
        highway: per segment, index into `highways`.
        name: per segment, index into `names`; index 0 is "" (unknown).
        shape_start: per segment, first vertex in `shape`; one longer than the segments.
        shape: (vertices, 2) lon, lat of all segments, both ends included.
        banned: (k, 2) arcs: turning from the first into the second is forbidden; the profiles it
            holds for are in `banned_access` (bits as in `access`).
        banned_access: one per row of `banned`.
        highways: classes of road as the source names them ("trunk", "residential", "ferry", ...).
        names: names of roads.
        estimated: the network is a stand-in, not a survey of roads; every answer must say so.
        source: who made the data, with its licence.
        as_of: the day the data hold for.
        report: what was kept, dropped and guessed, ready for JSON.
    """

    node_lon: Floats
    node_lat: Floats
    node_id: Longs
    tail: Ints
    head: Ints
    segment: Ints
    forward: Bools
    length_m: Floats
    access: NDArray[np.uint8]
    speed_kmh: NDArray[np.float32]
    way: Longs
    highway: Ints
    name: Ints
    shape_start: Longs
    shape: Floats
    banned: Ints
    banned_access: NDArray[np.uint8]
    highways: tuple[str, ...]
    names: tuple[str, ...]
    estimated: bool
    source: str
    as_of: dt.date
    report: Mapping[str, Any]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lon)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @property
    def segments(self) -> int:
        """Number of pieces of road."""
        return len(self.way)

    def usable(self, profile: Profile) -> Bools:
        """Return per arc whether the profile may use it."""
        usable: Bools = (self.access & np.uint8(1 << PROFILES.index(profile))) != 0
        return usable

    def times_ds(self, profile: Profile) -> Ints:
        """Return per arc the free travel time in deciseconds, >= 1; `CLOSED_DS` where barred."""
        row = self.speed_kmh[PROFILES.index(profile)].astype(np.float64)
        usable = self.usable(profile) & (row > 0)
        seconds = np.divide(self.length_m * 3.6, row, out=np.zeros(self.arcs), where=usable)
        times = np.maximum(1, np.rint(seconds * 10)).astype(np.int64)
        return np.where(usable, np.minimum(times, CLOSED_DS - 1), CLOSED_DS).astype(np.int32)

    def line(self, arc: int) -> Floats:
        """Return the (vertices, 2) lon, lat of an arc in its direction of travel."""
        segment = self.segment[arc]
        shape = self.shape[self.shape_start[segment] : self.shape_start[segment + 1]]
        return shape if self.forward[arc] else shape[::-1]

    def name_of(self, arc: int) -> str:
        """Return the name of the road of an arc; "" where the source has none."""
        return self.names[int(self.name[self.segment[arc]])]
