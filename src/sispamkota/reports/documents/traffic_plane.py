"""The plane of a printed traffic map, in millimetres of paper, and lines drawn on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.shapes import KM_PER_DEGREE

Floats: TypeAlias = NDArray[np.float64]
Line: TypeAlias = Sequence[Sequence[float]]
FONT = "Libertinus Serif"
INK, PAPER = "#000000", "#FFFFFF"
EDGE = 0.07  # of the box, left free around what is drawn
SMOOTH = 0.04  # mm: below what paper shows
ARROW_EVERY = 17.0  # mm along a line
SHORTEST_ARROW = 4.0  # mm: a shorter piece has no room for an arrowhead
LOWEST = 0.6  # of the room's height: a map is not flatter


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Degrees → millimetres on paper; y grows downwards as in SVG. Equirectangular, local."""

    west: float
    north: float
    per_lon: float
    per_lat: float
    wide: float
    high: float

    def points(self, lonlat: Floats) -> Floats:
        """Project an (n, 2) array of longitude and latitude."""
        x = (lonlat[:, 0] - self.west) * self.per_lon
        y = (self.north - lonlat[:, 1]) * self.per_lat
        return np.column_stack([x, y])

    def at(self, lonlat: Sequence[float]) -> tuple[float, float]:
        """Project one point."""
        x, y = self.points(np.array([lonlat[:2]], dtype=np.float64))[0]
        return float(x), float(y)

    def holds(self, x: float, y: float, edge: float = 0.0) -> bool:
        """Say whether a point lies on the map, `edge` mm from its border."""
        return edge <= x <= self.wide - edge and edge <= y <= self.high - edge

    @property
    def per_km(self) -> float:
        """Millimetres of paper that one kilometre takes."""
        return self.per_lat / KM_PER_DEGREE

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the map, degrees."""
        east = self.west + self.wide / self.per_lon
        return self.west, self.north - self.high / self.per_lat, east, self.north

    def drawn(self, geometry: Any) -> list[shapely.LineString]:
        """Return the parts of lines in degrees that lie on the map, in mm."""
        flat = shapely.simplify(shapely.transform(geometry, self.points), SMOOTH)
        cut = shapely.clip_by_rect(flat, 0, 0, self.wide, self.high)
        return [
            part
            for part in shapely.get_parts(cut)
            if part.geom_type == "LineString" and not part.is_empty
        ]


def plane_around(points: Floats, room_mm: tuple[float, float], least_km: float) -> Plane:
    """Return a plane as wide as the room that holds all points, at least `least_km` across."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    shrink = math.cos(math.radians((south + north) / 2))
    wide_km = max((east - west) * KM_PER_DEGREE * shrink, least_km)
    high_km = max((north - south) * KM_PER_DEGREE, least_km * LOWEST)
    wide_km, high_km = wide_km * (1 + 2 * EDGE), high_km * (1 + 2 * EDGE)
    mm = min(room_mm[0] / wide_km, room_mm[1] / high_km)
    high = min(room_mm[1], max(high_km * mm, room_mm[1] * LOWEST))
    per_lat, per_lon = mm * KM_PER_DEGREE, mm * KM_PER_DEGREE * shrink
    return Plane(
        west=float((west + east) / 2 - room_mm[0] / per_lon / 2),
        north=float((south + north) / 2 + high / per_lat / 2),
        per_lon=per_lon,
        per_lat=per_lat,
        wide=room_mm[0],
        high=high,
    )


def once(lines: Iterable[Line]) -> Any:
    """Return lines as one geometry in which no piece runs twice in the same direction."""
    pieces: dict[tuple[tuple[float, float], tuple[float, float]], None] = {}
    for line in lines:
        at = [(float(p[0]), float(p[1])) for p in line]
        pieces.update(dict.fromkeys((a, b) for a, b in pairwise(at) if a != b))
    if not pieces:
        return shapely.MultiLineString()
    whole = shapely.multilinestrings([shapely.linestrings(pair) for pair in pieces])
    return shapely.line_merge(whole, directed=True)


def beside(lines: Iterable[shapely.LineString], mm: float) -> list[shapely.LineString]:
    """Return lines moved to the left of their direction: traffic keeps left in Indonesia."""
    moved = []
    for line in lines:
        # y grows downwards, so what is left on paper is right for the plane
        aside = shapely.offset_curve(line, -mm, quad_segs=3, join_style="round")
        moved += [p for p in shapely.get_parts(aside) if p.geom_type == "LineString"]
    return [line for line in moved if not line.is_empty]


def stroke(lines: Iterable[shapely.LineString], colour: str, mm: float, **more: str | None) -> Html:
    """Return lines as one path."""
    drawn = "".join(path(line) for line in lines)
    if not drawn:
        return Html("")
    given: dict[str, str | None] = {"stroke_linejoin": "round", **more}
    return tag("path", d=drawn, fill="none", stroke=colour, stroke_width=f"{mm:g}", **given)


def path(line: shapely.LineString) -> str:
    """Return the path data of a line."""
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in shapely.get_coordinates(line))


def arrows(
    lines: Iterable[shapely.LineString], colour: str, size: float, *, hollow: bool = False
) -> Html:
    """Return arrowheads along lines, at least one on each that has room for it."""
    drawn = []
    for line in lines:
        if line.length >= SHORTEST_ARROW:
            drawn += [_arrow(line, at, size) for at in _stops(line.length)]
    fill = PAPER if hollow else colour
    return tag("path", d="".join(drawn), fill=fill, stroke=colour, stroke_width="0.2",
               stroke_linejoin="round") if drawn else Html("")  # fmt: skip


def _stops(length: float) -> Iterator[float]:
    count = max(1, round(length / ARROW_EVERY))
    for i in range(count):
        yield length * (i + 0.5) / count


def _arrow(line: shapely.LineString, at: float, size: float) -> str:
    tip = line.interpolate(min(at + size / 2, line.length))
    back = line.interpolate(max(at - size / 2, 0.0))
    along = np.array([tip.x - back.x, tip.y - back.y])
    long = float(np.hypot(*along)) or 1.0
    ahead = along / long * size
    aside = np.array([-ahead[1], ahead[0]]) * 0.42
    foot = np.array([tip.x, tip.y]) - ahead
    corners = [(tip.x, tip.y), tuple(foot + aside), tuple(foot + 0.25 * ahead), tuple(foot - aside)]
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in corners) + "Z"


def words(
    text: str,
    x: float,
    y: float,
    size: float,
    *,
    bold: bool = False,
    turn: float = 0.0,
    anchor: str = "middle",
) -> Html:
    """Return words with a white edge, readable on any line."""
    plain: dict[str, str | None] = {
        "x": n(x), "y": n(y), "font_size": f"{size:g}", "text_anchor": anchor,
        "font_family": FONT, "font_weight": "bold" if bold else None,
        "transform": f"rotate({turn:.1f} {n(x)} {n(y)})" if turn else None,
    }  # fmt: skip
    edge = tag("text", text, **plain, fill="none", stroke=PAPER, stroke_width="0.7",
               stroke_linejoin="round")  # fmt: skip
    return join(edge, tag("text", text, **plain, fill=INK))


def n(value: float) -> str:
    """Write a coordinate; minus nought is nought, so that bytes repeat."""
    return f"{round(float(value), 2) + 0.0:g}"
