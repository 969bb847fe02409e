"""Travel times on the road network: the way to the road, the road, the way from the road.

Mapped roads end before most TPS do. What lies between a place and its nearest road is gone in a
straight line at a slow speed of its own; two places nearer to each other than either is to any
road are joined directly at that speed. Closures of voting day hold for the whole day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sispamkota.kernel.text import Text
from sispamkota.planning.road_words import road_assumption
from sispamkota.planning.travel import Floats, great_circle_m
from sispamkota.roads.network import Bools, Network, Profile
from sispamkota.roads.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadTimes:
    """Times of one vehicle class on a network under the closures of one day.

    Attributes:
        network: the imported roads.
        sha256: digest of the network.
        profile: vehicle of the teams.
        access_kmh: speed between a place and the nearest road.
        far_m: places further than this from any road are told.
        closed: per arc, whether a closure of the day bars it.
        closures: ids of these closures.
        version: number of the state of all closures when the times were taken.
        day: the day.
        snap: puts places on the roads.
        matrix: (origins, destinations) seconds on the roads under `closed`; inf = no way.
    """

    network: Network
    sha256: str
    profile: Profile
    access_kmh: float
    far_m: float
    closed: Bools
    closures: tuple[str, ...]
    version: int
    day: dt.date
    snap: Callable[[Floats], Snapped]
    matrix: Callable[[Snapped, Snapped], Floats]

    def seconds(self, origins: Floats, destinations: Floats) -> Floats:
        """Return whole seconds for every pair; see `TravelTimes.seconds`."""
        begin, end = self.snap(origins), self.snap(destinations)
        off = np.add.outer(begin.distance_m, end.distance_m) * 3.6 / self.access_kmh
        there = self.matrix(begin, end) + off
        apart = great_circle_m(origins, destinations)
        beside = apart <= np.minimum.outer(begin.distance_m, end.distance_m)
        seconds: Floats = np.where(beside, apart * 3.6 / self.access_kmh, there)
        return seconds.round()

    def assumption(self) -> Text:
        """Say on which roads, with what, and what is assumed beside them."""
        return road_assumption(
            self.network.source, self.network.as_of, self.profile, self.access_kmh
        )

    def settings(self) -> dict[str, Any]:
        """Return what the times hang on: the roads, the vehicle, and what is closed."""
        return {
            "network_sha256": self.sha256,
            "profile": self.profile,
            "access_kmh": self.access_kmh,
            "closed_sha256": hashlib.sha256(np.packbits(self.closed).tobytes()).hexdigest(),
        }

    def stated(self, sites: pl.DataFrame, posts: pl.DataFrame) -> dict[str, Any]:
        """Return the plan file's `travel`, without what no way leads to: that hangs on teams."""
        return {
            "kind": "roads",
            "profile": self.profile,
            "access_kmh": self.access_kmh,
            "network": {
                "sha256": self.sha256,
                "source": self.network.source,
                "as_of": self.network.as_of.isoformat(),
                "nodes": self.network.nodes,
                "arcs": self.network.arcs,
            },
            "day": self.day.isoformat(),
            "closures": list(self.closures),
            "closures_version": self.version,
            "closed_arcs": int(self.closed.sum()),
            "far_m": self.far_m,
            "far_tps": self._far(sites),
            "far_posts": self._far(posts),
        }

    def _far(self, places: pl.DataFrame) -> list[str]:
        off = self.snap(places.select("lon", "lat").to_numpy()).distance_m
        return sorted(places.filter(pl.Series(off > self.far_m))["code"].to_list())


__all__ = ["RoadTimes"]
