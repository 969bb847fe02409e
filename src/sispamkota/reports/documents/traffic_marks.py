"""Lines and marks of a printed traffic map, and their legend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from sispamkota.reports.documents.traffic_plane import (
    FONT,
    INK,
    PAPER,
    arrows,
    n,
    stroke,
)
from sispamkota.reports.markup import Html, join, tag

SWATCH_WIDE, SWATCH_HIGH = 14.0, 5.0  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A line: colour, width and dash, in mm."""

    colour: str
    mm: float
    dash: str | None = None


CLOSED = Style(colour="#B4121F", mm=2.0)
CORRIDOR = Style(colour="#14752F", mm=1.7)
ESCORT = Style(colour="#000000", mm=1.0)
PATROL = Style(colour="#3A3A3A", mm=0.8, dash="0 1.5")
VEHICLES: dict[str, Style] = {
    "car": Style(colour="#123F80", mm=0.65, dash="3.2 1"),
    "motorcycle": Style(colour="#6B2FA0", mm=0.65, dash="0.9 0.8"),
    "truck": Style(colour="#8A4300", mm=0.65, dash="3.2 0.8 0.7 0.8"),
}
GROUPS: tuple[Style, ...] = (
    Style(colour="#0A5C86", mm=0.8, dash="4.2 1.2"),
    Style(colour="#A8520B", mm=0.8, dash="1.3 1"),
    Style(colour="#6B2FA0", mm=0.8, dash="4.2 0.9 0.9 0.9"),
    Style(colour="#5B6B00", mm=0.8, dash="2.2 0.8 0.6 0.8 0.6 0.8"),
)


def ladder(lines: Iterable[shapely.LineString], colour: str = CLOSED.colour) -> Html:
    """Return closed roads: a thick line hatched across."""
    found = list(lines)
    return join(
        stroke(found, PAPER, CLOSED.mm + 0.6),
        stroke(found, colour, CLOSED.mm),
        stroke(found, PAPER, CLOSED.mm * 0.62, stroke_dasharray="0.55 0.75",
               stroke_linejoin="bevel"),
    )  # fmt: skip


def crosses(points: Iterable[tuple[float, float]]) -> Html:
    """Return a cross at each end of a closure."""
    drawn = "".join(
        f"M{n(x - 1.3)} {n(y - 1.3)}l2.6 2.6M{n(x + 1.3)} {n(y - 1.3)}l-2.6 2.6"
        for x, y in dict.fromkeys(points)
    )
    if not drawn:
        return Html("")
    under = tag("path", d=drawn, fill="none", stroke=PAPER, stroke_width="1.5")
    return join(under, tag("path", d=drawn, fill="none", stroke="#7A0A13", stroke_width="0.8"))


def corridor_lines(lines: Iterable[shapely.LineString]) -> Html:
    """Return the way kept open for ambulances: a double line."""
    found = list(lines)
    return join(
        stroke(found, CORRIDOR.colour, CORRIDOR.mm + 0.5),
        stroke(found, PAPER, CORRIDOR.mm - 0.5),
        arrows(found, CORRIDOR.colour, 2.0, hollow=True),
    )


def post_mark(x: float, y: float, number: int, radius: float) -> Html:
    """Return a numbered disc."""
    text = str(number)
    size = radius * (1.45 if len(text) < 3 else 1.1)  # noqa: PLR2004  (three digits)
    disc = tag("circle", cx=n(x), cy=n(y), r=f"{radius:g}", fill=PAPER, stroke=INK,
               stroke_width="0.35")  # fmt: skip
    return join(disc, _letter(text, x, y, size))


def star(x: float, y: float) -> Html:
    """Return the mark of the place of an event."""
    outer = "M0 -2.6L0.76 -1.05L2.47 -0.8L1.24 0.4L1.53 2.1L0 1.3L-1.53 2.1L-1.24 0.4"
    shape = tag("path", d=f"{outer}L-2.47 -0.8L-0.76 -1.05Z", fill=INK, stroke=PAPER,
                stroke_width="0.4")  # fmt: skip
    return tag("g", shape, transform=f"translate({n(x)} {n(y)})")


def hospital(x: float, y: float) -> Html:
    """Return the mark of a hospital: a cross in a square."""
    box = tag("rect", x=n(x - 2.1), y=n(y - 2.1), width="4.2", height="4.2", fill=PAPER,
              stroke=INK, stroke_width="0.4")  # fmt: skip
    cross = tag("path", d=f"M{n(x)} {n(y - 1.5)}v3M{n(x - 1.5)} {n(y)}h3", fill="none",
                stroke=CORRIDOR.colour, stroke_width="1.1")  # fmt: skip
    return join(box, cross)


def gathering(x: float, y: float, letter: str) -> Html:
    """Return the mark of a gathering point: a letter in a diamond."""
    shape = tag("path", d=f"M{n(x)} {n(y - 2.9)}l2.9 2.9l-2.9 2.9l-2.9 -2.9z", fill=PAPER,
                stroke=INK, stroke_width="0.4")  # fmt: skip
    return join(shape, _letter(letter, x, y, 2.8 if len(letter) == 1 else 2.1))


def _letter(text: str, x: float, y: float, size: float) -> Html:
    return tag("text", text, x=n(x), y=n(y + size * 0.33), font_size=f"{size:g}",
               text_anchor="middle", font_family=FONT, font_weight="bold", fill=INK)  # fmt: skip


def line_swatch(style: Style, *, hollow: bool = False, head: bool = True) -> Html:
    """Return a sample of a line with its arrowhead."""
    line = [shapely.LineString([(0.5, SWATCH_HIGH / 2), (SWATCH_WIDE - 0.5, SWATCH_HIGH / 2)])]
    more = {"stroke_dasharray": style.dash} if style.dash else {}
    if style is PATROL:
        more["stroke_linecap"] = "round"
    tip = arrows(line, style.colour, 2.2, hollow=hollow) if head else Html("")
    return join(stroke(line, style.colour, style.mm, **more), tip)


def body_swatch(kind: str) -> Html:
    """Return a sample of a closure (`closed`) or a corridor."""
    line = [shapely.LineString([(1.5, SWATCH_HIGH / 2), (SWATCH_WIDE - 1.5, SWATCH_HIGH / 2)])]
    if kind == "corridor":
        return corridor_lines(line)
    middle = SWATCH_HIGH / 2
    return join(ladder(line), crosses([(1.5, middle), (SWATCH_WIDE - 1.5, middle)]))


def item(mark: Html, text: str, wide: float = SWATCH_WIDE) -> dict[str, str]:
    """Return an entry of a legend."""
    svg = tag("svg", mark, xmlns="http://www.w3.org/2000/svg",
              viewBox=f"0 0 {wide:g} {SWATCH_HIGH:g}", width=f"{wide:g}mm",
              height=f"{SWATCH_HIGH:g}mm")  # fmt: skip
    return {"svg": str(svg), "text": text}
