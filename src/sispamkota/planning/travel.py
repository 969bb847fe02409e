"""Travel times as a value that planners are handed; where they come from is stated with them.

Without a road network (`road_times.RoadTimes`) a time is the great-circle distance times a detour
factor at one mean speed, and every plan says so. Unreachable is infinite, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sispamkota.kernel.text import Text, number

Floats = NDArray[np.float64]
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


class TravelTimes(Protocol):
    """Seconds between places given as (n, 2) arrays of lon, lat (EPSG:4326)."""

    def seconds(self, origins: Floats, destinations: Floats) -> Floats:
        """Return the (origins, destinations) matrix in whole seconds; inf where there is no way."""
        ...

    def assumption(self) -> Text:
        """Say how the times were made, for the certificate and every page that shows them."""
        ...

    def settings(self) -> Mapping[str, Any] | None:
        """Return what of a road network the times hang on, as a plan keeps it; None without one."""
        ...

    def stated(self, sites: pl.DataFrame, posts: pl.DataFrame) -> dict[str, Any] | None:
        """Return what a plan file says of its roads and of places far from them; None without."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLine:
    """Great circle times `detour_factor` at `speed_kmh`: the stated stand-in for roads."""

    detour_factor: float = 1.4
    speed_kmh: float = 25.0

    def seconds(self, origins: Floats, destinations: Floats) -> Floats:
        """Return whole seconds for every pair; see `TravelTimes.seconds`."""
        metres = great_circle_m(origins, destinations) * self.detour_factor
        return np.round(metres / (self.speed_kmh / 3.6))

    def assumption(self) -> Text:
        """Say that these are not road times."""
        return Text(
            f"Waktu tempuh = garis lurus × {number(self.detour_factor, 'id', 1)} pada "
            f"{number(self.speed_kmh, 'id', 0)} km/jam (perkiraan; belum memakai jaringan jalan).",
            f"Travel time = straight line × {number(self.detour_factor, 'en', 1)} at "
            f"{number(self.speed_kmh, 'en', 0)} km/h (approximate; no road network used yet).",
        )

    def settings(self) -> None:
        """Return nothing: there is no network behind these times."""
        return

    def stated(self, sites: pl.DataFrame, posts: pl.DataFrame) -> None:  # noqa: ARG002
        """Return nothing: the assumption says it all."""
        return


def great_circle_m(origins: Floats, destinations: Floats) -> Floats:
    """Return the (origins, destinations) matrix of great-circle distances in metres."""
    a, b = np.radians(origins), np.radians(destinations)
    d_lon = a[:, None, 0] - b[None, :, 0]
    d_lat = a[:, None, 1] - b[None, :, 1]
    cosines = np.cos(a[:, 1])[:, None] * np.cos(b[:, 1])[None, :]
    h = np.sin(d_lat / 2) ** 2 + cosines * np.sin(d_lon / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))
