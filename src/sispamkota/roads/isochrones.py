"""How far one gets in a given time: the land along the roads reached, and who lives there.

The shape is the union of strips along every stretch of road that is reached, the last one cut
where the time is up. A hull round the reached places would also cover land that no reached road
leads to: the far bank of a river, the middle of a plantation. Which places are reached is told
from travel times, never from the shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.load_ways import EARTH_M
from sispamkota.roads.network import Bools, Floats, Network
from sispamkota.roads.router import Router
from sispamkota.roads.seeds import places
from sispamkota.roads.shapes import part_of
from sispamkota.roads.snap import Snapped

WIDTH_M = 100.0
"""Land within this distance of a reached road counts as reached (assumption)."""
MOST_LIMITS = 12
_CORNERS = 4  # of a quarter of a circle: the strip is at most 2 % narrower there
_SMOOTH_M = 2.0

Rings: TypeAlias = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Isochrone:
    """What is reached within a time.

    Attributes:
        limit_s: the time.
        polygons: GeoJSON coordinates of a MultiPolygon (lon, lat; outer ring first); empty where
            the origin lies on no open road.
        area_km2: of the polygons.
        road_m: length of road reached, both directions once.
        reached: rows of the places asked about that are reached in time, ascending.
        unreached: all other rows.
        width_m: half the width of the strips.
        version: of the closures.
    """

    limit_s: float
    polygons: tuple[Rings, ...]
    area_km2: float
    road_m: float
    reached: tuple[int, ...]
    unreached: tuple[int, ...]
    width_m: float
    version: int


def isochrones(
    router: Router,
    origin: Snapped,
    limits_s: Sequence[float],
    *,
    targets: Snapped | None = None,
    width_m: float = WIDTH_M,
) -> tuple[Isochrone, ...]:
    """Return what is reached from the first row of the origin within each time, shortest first.

    Every shape holds those of the shorter times.

    Args:
        router: whose roads, with its closures of this moment.
        origin: where from.
        limits_s: times; each once in the answer.
        targets: places of which to tell whether they are reached.
        width_m: half the width of the strips along roads.

    Raises:
        DomainError: `bad_limit` for no time, too many, or one that is not above nought.
    """
    limits = sorted({float(s) for s in limits_s})
    if not 0 < len(limits) <= MOST_LIMITS or not all(0 < s < np.inf for s in limits):
        raise _bad_limit(limits_s)
    start = origin.take(slice(0, 1))
    seconds = router.reach(start)
    version, closed = router.version, router.closed
    times = np.empty(0)
    if targets is not None and len(targets):
        times = router.matrix(start, targets).seconds[0]
    stretches = _Stretches.of(router, start, closed, seconds)
    plane = _Plane.at(router.network, start)
    shape, made = shapely.Polygon(), []
    told = np.zeros(router.network.segments, np.bool_)
    for limit in limits:
        lines, metres = stretches.within(limit, told)
        strips = shapely.buffer(plane.flat(lines), width_m, quad_segs=_CORNERS)
        shape = shapely.union_all([shape, *strips])
        made.append(
            Isochrone(
                limit_s=limit,
                polygons=_coordinates(plane.round(shape)),
                area_km2=round(shape.area / 1e6, 4),
                road_m=round(metres, 1),
                reached=tuple(np.flatnonzero(times <= limit).tolist()),
                unreached=tuple(np.flatnonzero(times > limit).tolist()),
                width_m=width_m,
                version=version,
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stretches:
    """When each arc is entered and how long it takes; where the trip begins on one."""

    network: Network
    entered_s: Floats
    time_s: Floats
    begun: tuple[tuple[int, float], ...]

    @classmethod
    def of(cls, router: Router, origin: Snapped, closed: Bools, seconds: Floats) -> _Stretches:
        graph = router.graph
        time = np.full(router.network.arcs, np.inf)
        time[graph.arc] = graph.time_ds / 10
        entered = np.full(router.network.arcs, np.inf)
        reached = np.flatnonzero(np.isfinite(seconds))
        entered[reached] = seconds[reached] - time[reached]
        at = places(graph, origin, closed)
        begun = []
        for state, part in zip(at.state[0].tolist(), at.part[0].tolist(), strict=True):
            if state < 0:
                continue
            arc = int(graph.arc[state])
            begun.append((arc, part))
            # the rest of it is reached by going round, if at all
            turns = graph.turns_into(state)
            before = seconds[graph.arc[graph.begins[turns]]]
            turning = (graph.weight_ds[turns] - graph.time_ds[state]) / 10
            entered[arc] = (before + turning).min(initial=np.inf)
        return cls(network=router.network, entered_s=entered, time_s=time, begun=tuple(begun))

    def within(self, limit: float, told: Bools) -> tuple[list[Floats], float]:
        """Return the lines that the limit adds, and the metres of road reached in all.

        `told` are the segments that are known to be reached from end to end; it is added to.
        """
        network = self.network
        parts: dict[int, list[tuple[float, float]]] = {}
        for arc in np.flatnonzero(self.entered_s < limit).tolist():
            end = min(1.0, (limit - self.entered_s[arc]) / self.time_s[arc])
            _note(network, parts, arc, 0.0, end)
        for arc, part in self.begun:
            _note(network, parts, arc, part, min(1.0, part + limit / self.time_s[arc]))
        lines, metres = [], 0.0
        lengths = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
        for segment, stretches in parts.items():
            joined = _joined(stretches)
            metres += lengths[segment] * sum(high - low for low, high in joined)
            if told[segment]:
                continue
            told[segment] = joined == [(0.0, 1.0)]
            shape = network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]
            lines += [part_of(shape, low, high) for low, high in joined]
        return lines, metres


def _note(
    network: Network, parts: dict[int, list[tuple[float, float]]], arc: int, low: float, high: float
) -> None:
    stretch = (low, high) if network.forward[arc] else (1 - high, 1 - low)
    parts.setdefault(int(network.segment[arc]), []).append(stretch)


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for low, high in sorted(stretches):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plane:
    """A plane in metres that touches the globe where the trip begins."""

    lon: float
    lat: float
    east_m: float
    north_m: float

    @classmethod
    def at(cls, network: Network, origin: Snapped) -> _Plane:
        lon, lat = 0.0, 0.0
        if origin.arc[0] >= 0:
            lon, lat = network.line(int(origin.arc[0]))[0].tolist()
        degree = float(np.radians(1.0)) * EARTH_M
        return cls(lon=lon, lat=lat, east_m=degree * np.cos(np.radians(lat)), north_m=degree)

    def flat(self, lines: list[Floats]) -> Any:
        if not lines:
            return np.empty(0, object)
        sizes = [len(line) for line in lines]
        vertices = np.concatenate(lines) - (self.lon, self.lat)
        made = shapely.linestrings(
            vertices * (self.east_m, self.north_m), indices=np.repeat(np.arange(len(lines)), sizes)
        )
        return shapely.simplify(made, _SMOOTH_M)

    def round(self, shape: Any) -> Any:
        return shapely.transform(
            shape, lambda xy: xy / (self.east_m, self.north_m) + (self.lon, self.lat)
        )


def _coordinates(shape: Any) -> tuple[Rings, ...]:
    """GeoJSON coordinates, to about a decimetre."""
    grid = shapely.set_precision(shape, 1e-6)
    return tuple(
        tuple(
            tuple((round(x, 6), round(y, 6)) for x, y in ring.coords)
            for ring in (part.exterior, *part.interiors)
        )
        for part in shapely.get_parts(grid)
        if part.geom_type == "Polygon" and not part.is_empty
    )


def _bad_limit(limits: Sequence[float]) -> DomainError:
    told = ", ".join(f"{s:g}" for s in list(limits)[:MOST_LIMITS])
    return DomainError(
        "bad_limit",
        Text(f"batas waktu tidak benar: {told} detik", f"time limits are not right: {told} s"),
        Text(
            f"Beri 1 sampai {MOST_LIMITS} waktu di atas nol.",
            f"Give 1 to {MOST_LIMITS} times above nought.",
        ),
        {"limits_s": [f"{s:g}" for s in list(limits)[:MOST_LIMITS]]},
    )
