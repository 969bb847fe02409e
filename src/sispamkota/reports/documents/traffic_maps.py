"""Maps of an event of a traffic plan: what is closed and diverted, and who comes and goes where.

Safe in grey: every kind of line has its own dash or body, every mark its own shape.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from sispamkota.reports.documents.traffic_ground import (
    Taken,
    ground,
    place_names,
    road_names,
    scale_and_north,
)
from sispamkota.reports.documents.traffic_marks import (
    ESCORT,
    GROUPS,
    PATROL,
    VEHICLES,
    Style,
    corridor_lines,
    crosses,
    gathering,
    hospital,
    ladder,
    post_mark,
    star,
)
from sispamkota.reports.documents.traffic_matter import Matter, Row
from sispamkota.reports.documents.traffic_plane import (
    INK,
    PAPER,
    Floats,
    Plane,
    arrows,
    beside,
    n,
    once,
    plane_around,
    stroke,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.roads.network import Network

LEAST_NEAR_KM, LEAST_FAR_KM = 0.6, 1.0
POST_MM = 2.0  # radius of a post's disc
RINGS = (3.4, 5.2, 7.4, 10.0, 13.0)  # mm from a post to its number
ASIDE = 0.75  # mm between lines that run side by side


def has_coming_map(matter: Matter, event: Row) -> bool:
    """Say whether an event has ways to show: approaches, corridors or escorts."""
    return any(matter.of(key, event) for key in ("approaches", "corridors", "escorts"))


def has_closing_map(matter: Matter, event: Row) -> bool:
    """Say whether an event closes or patrols roads; its posts alone fit on the other map."""
    if matter.of("closures", event) or any(row["line"] for row in matter.of("patrols", event)):
        return True
    return bool(matter.posts(event)) and not has_coming_map(matter, event)


def closing_map(matter: Matter, event: Row, room_mm: tuple[float, float]) -> tuple[str, float]:
    """Return the SVG of closures, diversions, patrols and posts, and its height in mm."""
    closures, posts = matter.of("closures", event), matter.posts(event)
    diverted = matter.of("diversions", event)
    patrols = [row["line"] for row in matter.of("patrols", event) if len(row["line"]) > 1]
    shut = [line for row in closures for line in row["lines"]]
    points = [*_flat(shut), *_flat(row["line"] for row in diverted), event["place"]]
    points += [(row["lon"], row["lat"]) for row in posts]
    plane = plane_around(_array(points), room_mm, LEAST_NEAR_KM)
    taken = Taken()
    marks = _posts(matter, posts, plane, taken)
    place = star(*plane.at(event["place"]))
    taken.take([(*plane.at(event["place"]), 2.4)])
    layers = [
        _other_closures(matter, plane),
        _patrols(patrols, plane),
        *_diversions(diverted, plane, taken),
        _shut(shut, plane, taken),
        crosses([plane.at((e["lon"], e["lat"])) for row in closures for e in row["ends_nodes"]]),
    ]
    return _map(matter, plane, layers, [place, marks], taken)


def coming_map(matter: Matter, event: Row, room_mm: tuple[float, float]) -> tuple[str, float]:
    """Return the SVG of approaches, corridors, hospitals and escorts, and its height in mm."""
    ways, corridors = matter.of("approaches", event), matter.of("corridors", event)
    escorts = matter.of("escorts", event)
    shut = [line for row in matter.of("closures", event) for line in row["lines"]]
    points = [*_flat(row["line"] for row in (*ways, *corridors)), event["place"], *_flat(shut)]
    points += [group["gathering"] for group in event["groups"]]
    if not has_closing_map(matter, event):
        points += [(post["lon"], post["lat"]) for post in matter.posts(event)]
    for row in escorts:
        points += _flat(way["line"] for way in (row["primary"], *row["alternates"]))
    homes = _hospitals(corridors)
    plane = plane_around(_array([*points, *homes]), room_mm, LEAST_FAR_KM)
    taken = Taken()
    taken.take([(*plane.at(at), 2.6) for at in (event["place"], *homes)])
    marks = [star(*plane.at(event["place"]))]
    marks += [hospital(*plane.at(at)) for at in homes]
    for i, group in enumerate(event["groups"]):
        at = plane.at(group["gathering"])
        taken.take([(*at, 2.6)])
        marks.append(gathering(*at, short_label(group["label"], i)))
    if not has_closing_map(matter, event):
        marks.append(_posts(matter, matter.posts(event), plane, taken))
    layers = [
        *_approaches(event, ways, plane, taken),
        corridor_lines(_drawn([row["line"] for row in corridors], plane)),
        *_escorts(escorts, plane, taken),
        _shut(shut, plane, taken),
    ]
    return _map(matter, plane, layers, marks, taken)


def short_label(label: str, number: int) -> str:
    """Return what of a group's label tells it from others: A of Kelompok A."""
    last = label.rpartition(" ")[2]
    return last if 0 < len(last) <= 2 else str(number + 1)  # noqa: PLR2004  (fits the disc)


def group_style(number: int) -> Style:
    """Return the line of a group; beyond the table they repeat."""
    return GROUPS[number % len(GROUPS)]


def _map(
    matter: Matter, plane: Plane, layers: list[Html], marks: list[Html], taken: Taken
) -> tuple[str, float]:
    taken.take([(plane.wide - 6.0, 8.0, 6.5)])  # north
    taken.take([(4.0 + t, plane.high - 5.0, 3.0) for t in range(0, 50, 5)])  # scale
    land = ground(matter.network, plane)
    if matter.network.estimated:
        names = place_names(matter.places, plane, taken)
    else:
        names = road_names(land, plane, taken)
    frame = tag("rect", x="0", y="0", width=n(plane.wide), height=n(plane.high), fill=PAPER)
    svg = tag(
        "svg", frame, land.drawn, *layers, names, *marks, scale_and_north(plane, matter.lang),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {n(plane.wide)} {n(plane.high)}",
        width=f"{plane.wide:.1f}mm", height=f"{plane.high:.1f}mm",
    )  # fmt: skip
    return str(svg), plane.high


def _drawn(lines: Iterable[Sequence[Sequence[float]]], plane: Plane) -> list[shapely.LineString]:
    found = [line for line in lines if len(line) > 1]
    return plane.drawn(once(found)) if found else []


def _diversions(rows: list[Row], plane: Plane, taken: Taken) -> list[Html]:
    """Return the diversions of each class of vehicle, side by side where they share a road."""
    layers = []
    for i, (profile, style) in enumerate(VEHICLES.items()):
        lines = _drawn([r["line"] for r in rows if r["profile"] == profile], plane)
        moved = beside(lines, ASIDE * (i + 1))
        taken.lines += moved
        layers += [
            stroke(moved, style.colour, style.mm, stroke_dasharray=style.dash),
            arrows(moved, style.colour, 1.9),
        ]
    return layers


def _patrols(lines: list[Any], plane: Plane) -> Html:
    return stroke(_drawn(lines, plane), PATROL.colour, PATROL.mm, stroke_dasharray=PATROL.dash,
                  stroke_linecap="round")  # fmt: skip


def _approaches(event: Row, rows: list[Row], plane: Plane, taken: Taken) -> list[Html]:
    """Return the ways of each group: there with full arrowheads, back with hollow ones."""
    layers = []
    for i, group in enumerate(event["groups"]):
        style = group_style(i)
        for direction in ("arrival", "dispersal"):
            lines = [
                row["line"] for row in rows
                if row["group"] == group["label"] and row["direction"] == direction
            ]  # fmt: skip
            moved = beside(_drawn(lines, plane), 1.5 + 0.95 * i)
            taken.lines += moved
            layers += [
                stroke(moved, style.colour, style.mm, stroke_dasharray=style.dash),
                arrows(moved, style.colour, 2.0, hollow=direction == "dispersal"),
            ]
    return layers


def _escorts(rows: list[Row], plane: Plane, taken: Taken) -> list[Html]:
    layers = []
    for row in rows:
        aside = _drawn([way["line"] for way in row["alternates"]], plane)
        main = _drawn([row["primary"]["line"]], plane)
        taken.lines += [*aside, *main]
        layers += [
            stroke(aside, ESCORT.colour, 0.5, stroke_dasharray="0.6 1.1"),
            arrows(aside, ESCORT.colour, 1.8, hollow=True),
            stroke(main, ESCORT.colour, ESCORT.mm),
            arrows(main, ESCORT.colour, 2.4),
        ]
    return layers


def _shut(lines: list[Any], plane: Plane, taken: Taken) -> Html:
    drawn = _drawn(lines, plane)
    taken.lines += drawn
    return ladder(drawn)


def _other_closures(matter: Matter, plane: Plane) -> Html:
    """Return what was closed before this plan, where its segments can still be named."""
    if not matter.same_roads:
        return Html("")
    lines = [
        _segment(matter.network, s).tolist() for row in matter.plan["standing"]
        for s in row["segments"]
    ]  # fmt: skip
    return ladder(_drawn(lines, plane), colour="#555555")


def _segment(network: Network, segment: int) -> Floats:
    return network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]


def _posts(matter: Matter, posts: list[Row], plane: Plane, taken: Taken) -> Html:
    """Return dots at the posts and their numbers beside them, none upon another."""
    dots = [plane.at((row["lon"], row["lat"])) for row in posts]
    taken.take([(x, y, 0.9) for x, y in dots])
    lines, marks = [], []
    for row, (x, y) in zip(posts, dots, strict=True):
        u, v = _room(x, y, plane, taken)
        taken.take([(u, v, POST_MM + 0.25)])
        lines.append(f"M{n(x)} {n(y)}L{n(u)} {n(v)}")
        marks.append(post_mark(u, v, matter.numbers[row["id"]], POST_MM))
    spots = [
        tag("circle", cx=n(x), cy=n(y), r="0.8", fill=INK, stroke=PAPER, stroke_width="0.25")
        for x, y in dots
    ]
    back = tag("path", d="".join(lines), fill="none", stroke=PAPER, stroke_width="0.9")
    leads = tag("path", d="".join(lines), fill="none", stroke=INK, stroke_width="0.3")
    return join(back, leads, *spots, *marks) if posts else Html("")


def _room(x: float, y: float, plane: Plane, taken: Taken) -> tuple[float, float]:
    """Return the nearest free room for a number beside a post, away from the middle first."""
    out = math.atan2(y - plane.high / 2, x - plane.wide / 2)
    turns = sorted(np.arange(16) * math.pi / 8, key=lambda t: (round(1 - math.cos(t), 6), t))
    for ring in RINGS:
        for turn in turns:
            u, v = x + ring * math.cos(out + turn), y + ring * math.sin(out + turn)
            if plane.holds(u, v, POST_MM + 0.5) and taken.free([(u, v, POST_MM + 0.25)]):
                return u, v
    return x, y


def _hospitals(corridors: list[Row]) -> list[tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for row in corridors:
        end = row["from"] if row["direction"] == "to_place" else row["to"]
        found.setdefault(str(row["hospital"]), (end["lon"], end["lat"]))
    return list(found.values())


def _flat(lines: Iterable[Sequence[Any]]) -> list[Any]:
    return [point for line in lines for point in line]


def _array(points: Iterable[Any]) -> Floats:
    return np.array([(float(p[0]), float(p[1])) for p in points], dtype=np.float64)


__all__ = [
    "closing_map",
    "coming_map",
    "group_style",
    "has_closing_map",
    "has_coming_map",
    "short_label",
]
