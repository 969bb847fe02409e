"""What lies below a printed traffic map: roads by class in grey, their names, scale and north."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from sispamkota.kernel.text import Lang, number
from sispamkota.reports.documents.traffic_plane import (
    INK,
    PAPER,
    Floats,
    Plane,
    n,
    path,
    stroke,
    words,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.roads.network import Network

Rows: TypeAlias = NDArray[np.int64]

# Classes from the greatest to the least: width in mm, grey, and up to how many km across they are
# drawn at all.
STYLES: tuple[tuple[frozenset[str], float, str, float], ...] = (
    (frozenset({"motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"}),
     1.5, "#A9AFB5", math.inf),
    (frozenset({"secondary", "secondary_link"}), 1.15, "#B6BCC1", math.inf),
    (frozenset({"tertiary", "tertiary_link"}), 0.85, "#BFC4C9", 60.0),
    (frozenset({"residential", "unclassified", "living_street", "road"}), 0.5, "#C9CED2", 15.0),
)  # fmt: skip
LEAST = (0.25, "#D3D7DA", 6.0)  # service roads, tracks and paths
STAND_IN = (0.35, "#A9AFB5")
MOST_VERTICES = 60_000
MOST_NAMES = 24
NAME_MM, LETTER_MM = 2.2, 1.02
STRAIGHT = 0.96
ASIDE = (0.0, 2.2, -2.2, 4.0, -4.0)  # mm from the road to its name
ROUND_KM = (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)


@dataclass(slots=True)
class Taken:
    """Room on a map that is taken: discs of (x, y, radius) and lines, in mm."""

    discs: list[tuple[float, float, float]] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)

    def free(self, discs: Iterable[tuple[float, float, float]]) -> bool:
        """Say whether discs touch none that is taken."""
        wanted = list(discs)
        if any(math.hypot(x - u, y - v) < r + s for x, y, r in wanted for u, v, s in self.discs):
            return False
        if not self.lines:
            return True
        centres = shapely.points([(x, y) for x, y, _ in wanted])
        reach = np.array([r for _, _, r in wanted])
        return not bool(np.any(shapely.distance(centres, self._all_lines()) < reach))

    def _all_lines(self) -> Any:
        """Return the lines as one geometry, joined once."""
        if len(self.lines) > 1:
            self.lines = [shapely.multilinestrings(
                [part for line in self.lines for part in shapely.get_parts(line)]
            )]  # fmt: skip
        return self.lines[0]

    def take(self, discs: Iterable[tuple[float, float, float]]) -> None:
        """Take room."""
        self.discs += discs


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Roads of a map, drawn, and the lines whose names may be written on it."""

    drawn: Html
    named: tuple[tuple[str, shapely.LineString], ...]


def ground(network: Network, plane: Plane) -> Ground:
    """Return the roads of a network that lie on a map."""
    near = _near(network, plane)
    lines = shapely.linestrings(_shape(network, near), indices=_parts(network, near))
    if network.estimated:
        width, grey = STAND_IN
        found = [part for line in lines for part in plane.drawn(line)]
        return Ground(drawn=stroke(found, grey, width, stroke_dasharray="1.2 0.9"), named=())
    ranks = _ranks(network, near)
    across = plane.wide / plane.per_km
    layers: list[Html] = []
    named: list[tuple[str, shapely.LineString]] = []
    room = MOST_VERTICES
    for rank in range(len(STYLES) + 1):
        width, grey, most_km = STYLES[rank][1:] if rank < len(STYLES) else LEAST
        rows = np.flatnonzero(ranks == rank)
        if across > most_km or room <= 0:
            continue
        found = [part for i in rows for part in plane.drawn(lines[i])]
        room -= int(shapely.get_num_coordinates(found).sum()) if found else 0
        layers.append(stroke(found, grey, width, stroke_linecap="round"))
        named += _named(network, near[rows], [lines[i] for i in rows], plane)
    return Ground(drawn=join(*reversed(layers)), named=tuple(named))


def _near(network: Network, plane: Plane) -> Rows:
    """Return the segments whose box meets the map."""
    west, south, east, north = plane.box
    if not network.segments:
        return np.zeros(0, dtype=np.int64)
    starts = network.shape_start[:-1]
    low = np.minimum.reduceat(network.shape, starts, axis=0)
    high = np.maximum.reduceat(network.shape, starts, axis=0)
    meets = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (
        high[:, 1] >= south
    )  # fmt: skip
    return np.flatnonzero(meets).astype(np.int64)


def _shape(network: Network, rows: Rows) -> Floats:
    parts = [network.shape[network.shape_start[i] : network.shape_start[i + 1]] for i in rows]
    return np.concatenate(parts) if parts else np.zeros((0, 2))


def _parts(network: Network, rows: Rows) -> Rows:
    counts = np.diff(network.shape_start)[rows]
    return np.repeat(np.arange(len(rows), dtype=np.int64), counts)


def _ranks(network: Network, rows: Rows) -> Rows:
    """Return per segment the row of STYLES, or one past the last."""
    of_class = [
        next((i for i, style in enumerate(STYLES) if name in style[0]), len(STYLES))
        for name in network.highways
    ]
    found: Rows = np.array(of_class, dtype=np.int64)[network.highway[rows]]
    return found


def _named(
    network: Network, segments: Rows, lines: list[shapely.LineString], plane: Plane
) -> list[tuple[str, shapely.LineString]]:
    """Return the longest piece of each named road on the map, the longest first."""
    of_name: dict[str, list[shapely.LineString]] = {}
    for segment, line in zip(segments, lines, strict=True):
        name = network.names[int(network.name[segment])]
        if name:
            of_name.setdefault(name, []).append(line)
    found = []
    for name, pieces in of_name.items():
        joined = shapely.line_merge(shapely.multilinestrings(pieces))
        parts = plane.drawn(joined)
        if parts:
            found.append((name, max(parts, key=lambda part: part.length)))
    return sorted(found, key=lambda row: (-row[1].length, row[0]))


def road_names(land: Ground, plane: Plane, taken: Taken) -> Html:
    """Return names along roads, the greatest first, where there is room for them."""
    drawn: list[Html] = []
    done: set[str] = set()
    for name, line in land.named:
        if len(drawn) == MOST_NAMES:
            break
        placed = None if name in done else _beside(name, line, plane, taken)
        if placed:
            done.add(name)
            drawn.append(placed)
    return join(*drawn)


def _beside(name: str, line: shapely.LineString, plane: Plane, taken: Taken) -> Html | None:
    """Return a name on a straight stretch of its road, or None where there is none."""
    long = len(name) * LETTER_MM
    for share in (0.5, 0.3, 0.7, 0.15, 0.85):
        begin, end = line.length * share - long / 2, line.length * share + long / 2
        if begin < 0 or end > line.length:
            continue
        one, two = line.interpolate(begin), line.interpolate(end)
        wide, high = two.x - one.x, two.y - one.y
        if math.hypot(wide, high) < STRAIGHT * long:
            continue
        if wide < 0:
            wide, high = -wide, -high
        middle = line.interpolate(line.length * share)
        steps = max(2, round(long / NAME_MM) + 1)
        chord = math.hypot(wide, high)
        up = (high / chord, -wide / chord)
        for aside in ASIDE:
            x, y = middle.x + up[0] * aside, middle.y + up[1] * aside
            discs = [
                (x + wide * t, y + high * t, NAME_MM * 0.55) for t in np.linspace(-0.5, 0.5, steps)
            ]
            if all(plane.holds(u, v, 2.0) for u, v, _ in discs) and taken.free(discs):
                taken.take(discs)
                # letters stand on their foot, 0.7 mm below their middle
                return words(name, x - up[0] * 0.7, y - up[1] * 0.7, NAME_MM,
                             turn=math.degrees(math.atan2(high, wide)))  # fmt: skip
    return None


def place_names(places: Iterable[tuple[float, float, str]], plane: Plane, taken: Taken) -> Html:
    """Return dots with names of desa, where no roads have names."""
    drawn: list[Html] = []
    for lon, lat, name in places:
        x, y = plane.at((lon, lat))
        long = len(name) * LETTER_MM
        discs = [(x + t, y + 2.2, NAME_MM * 0.5) for t in np.linspace(-long / 2, long / 2, 7)]
        if all(plane.holds(u, v, 1.0) for u, v, _ in discs) and taken.free(discs):
            taken.take(discs)
            dot = tag("circle", cx=n(x), cy=n(y), r="0.5", fill=PAPER, stroke="#5A6066",
                      stroke_width="0.25")  # fmt: skip
            drawn += [dot, words(name, x, y + 2.9, NAME_MM)]
    return join(*drawn)


def scale_and_north(plane: Plane, lang: Lang) -> Html:
    """Return a scale bar of a round length with the ratio, and an arrow to the north."""
    km = next((k for k in ROUND_KM if k * plane.per_km <= plane.wide / 4), ROUND_KM[-1])
    long = km * plane.per_km
    x, y = 4.0, plane.high - 3.5
    ratio = round(1_000_000 / plane.per_km, -2)
    text = f"{number(km, lang, 0 if km >= 1 else 1)} km · 1 : {number(ratio, lang)}"
    back = tag("rect", x=n(x - 2), y=n(y - 5.5), width=n(max(long, len(text) * 1.25) + 5),
               height="7.5", fill=PAPER, fill_opacity="0.9")  # fmt: skip
    bar = tag("path", d=f"M{n(x)} {n(y - 1)}v1h{n(long)}v-1", fill="none", stroke=INK,
              stroke_width="0.35")  # fmt: skip
    u, v = plane.wide - 6.0, 4.0
    disc = tag("circle", cx=n(u), cy=n(v + 4), r="5", fill=PAPER, fill_opacity="0.9")
    arrow = tag("path", d=f"M{n(u)} {n(v)}l2 6.5l-2 -1.6l-2 1.6z", fill=INK)
    north = "U" if lang == "id" else "N"
    return join(back, bar, words(text, x, y - 1.8, 2.4, anchor="start"), disc, arrow,
                words(north, u, v + 8.6, 2.6, bold=True))  # fmt: skip


__all__ = ["Ground", "Taken", "ground", "path", "place_names", "road_names", "scale_and_north"]
