"""Maps for paper: every colour and width written out, for the press knows no CSS variables.

Safe in grey: classes differ in lightness and shape. Lengths of lines and letters are millimetres on
paper, so a map looks the same at any scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import CLASS_COLOUR, CLASS_SHORT, POST_LETTER, POST_TEXT
from sispamkota.reports.mapdraw import (
    SMALLEST_VIEW,
    SYMBOLS,
    Post,
    desa_counts,
    desa_fill,
    placed_tps,
    post_points,
    spread,
    symbol,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.shapes import WIDTH, Shapes, path_data
from sispamkota.reports.situation import Situation

FONT = "Libertinus Serif"
INK, BORDER, LAND, UNKNOWN = "#000000", "#8A949B", "#FFFFFF", "#F4F4F1"
FILLS = {
    "k0": UNKNOWN,
    "k1": CLASS_COLOUR["kurang_rawan"],
    "k2": CLASS_COLOUR["rawan"],
    "k3": CLASS_COLOUR["sangat_rawan"],
}
SYMBOL_FILL = {
    "kurang_rawan": "#FFFFFF",
    "rawan": CLASS_COLOUR["rawan"],
    "sangat_rawan": CLASS_COLOUR["sangat_rawan"],
    "khusus": CLASS_COLOUR["khusus"],
}
ROUND_KM = (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The part of the map that is printed, in map units, and its size on paper."""

    x: float
    y: float
    wide: float
    high: float
    wide_mm: float

    @property
    def mm(self) -> float:
        """Map units that one millimetre of paper takes."""
        return self.wide / self.wide_mm

    @property
    def high_mm(self) -> float:
        """Height on paper, mm."""
        return self.high / self.mm

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point is on the sheet."""
        return self.x < x < self.x + self.wide and self.y < y < self.y + self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A printed map: SVG text and its height on paper, mm."""

    svg: str
    high_mm: float


def regency_chart(
    situation: Situation, shapes: Shapes, lang: Lang, room_mm: tuple[float, float]
) -> Chart:
    """Return the map of the whole regency within a room of (width, height) mm."""
    sheet = _sheet((0, 0, WIDTH, shapes.height), room_mm)
    names = situation.names()
    tps = placed_tps(situation, shapes)
    labels = [
        (p.x, p.y, names.get(code, code).upper()) for code, p in _inner_points(shapes.kecamatan)
    ]
    return _chart(
        sheet,
        _desa(situation, shapes, sheet),
        _borders(shapes, sheet),
        _tps(tps, sheet, 0.62),
        _posts(post_points(situation, shapes, lang), sheet, 2.6),
        _labels(labels, sheet, 2.3, bold=True),
        _scale(shapes, sheet, lang),
    )


def kecamatan_chart(
    situation: Situation, shapes: Shapes, code: str, lang: Lang, room_mm: tuple[float, float]
) -> Chart:
    """Return the map of one kecamatan with its desa, beats and TPS."""
    left, top, right, bottom = shapes.kecamatan[code].bounds
    wide, high = max(right - left, SMALLEST_VIEW), max(bottom - top, SMALLEST_VIEW * 0.6)
    edge = 0.04 * max(wide, high)
    box = ((left + right - wide) / 2 - edge, (top + bottom - high) / 2 - edge,
           wide + 2 * edge, high + 2 * edge)  # fmt: skip
    sheet = _sheet(box, room_mm)
    names = situation.names()
    tps = placed_tps(situation, shapes).filter(pl.col("kecamatan") == code)
    desa = {d: s for d, s in shapes.desa.items() if d.startswith(code)}
    labels = [(p.x, p.y, names.get(d, d)) for d, p in _inner_points(desa)]
    beats = [b for b in situation.planned("beats") if str(b.get("kecamatan")) == code]
    at = {t: (x, y) for t, x, y in tps.select("tps", "x", "y").iter_rows()}
    return _chart(
        sheet,
        _desa(situation, shapes, sheet),
        _veil(shapes, code, sheet),
        _borders(shapes, sheet),
        _spokes(beats, at, sheet),
        _tps(tps, sheet, 1.0),
        _posts(post_points(situation, shapes, lang), sheet, 3.2),
        _labels(labels, sheet, 2.4, bold=False),
        _beat_names(beats, at, sheet),
        _scale(shapes, sheet, lang),
    )


def legend(situation: Situation, lang: Lang, *, beats: bool) -> list[dict[str, str]]:
    """Return swatch and words of each sign of a map."""
    items = [
        {"svg": _swatch(tag("path", d="M1 1h14v8h-14z", **_fill(FILLS[css], 0.3))),
         "text": Text("Desa: ", "Desa: ").in_(lang) + text}
        for css, text in (("k1", CLASS_SHORT["kurang_rawan"]), ("k2", CLASS_SHORT["rawan"]),
                          ("k3", CLASS_SHORT["sangat_rawan"]))
    ]  # fmt: skip
    items += [
        {"svg": _swatch(_symbol(kind, 8, 5.4, 0.9, 0.4)), "text": f"TPS {CLASS_SHORT[kind]}"}
        for kind in SYMBOLS
    ]
    if beats:
        line = tag("path", d="M2 8L14 2", stroke=INK, stroke_width="0.5", fill="none")
        text = Text("Beat: TPS induk ke TPS", "Beat: anchor TPS to TPS").in_(lang)
        items.append({"svg": _swatch(line), "text": text})
    there = set(situation.posts["kind"].to_list())
    for kind, letter in POST_LETTER.items():
        if kind in there:
            mark = _post(8, 5, 7, letter, 0.4)
            items.append({"svg": _swatch(mark), "text": POST_TEXT[kind].in_(lang)})
    return items


def _sheet(box: tuple[float, float, float, float], room_mm: tuple[float, float]) -> Sheet:
    """Fit a box of map units into a room on paper."""
    x, y, wide, high = box
    scale = min(room_mm[0] / wide, room_mm[1] / high)
    return Sheet(x=x, y=y, wide=wide, high=high, wide_mm=wide * scale)


def _chart(sheet: Sheet, *parts: Html) -> Chart:
    svg = tag(
        "svg",
        tag("rect", x=_n(sheet.x), y=_n(sheet.y), width=_n(sheet.wide), height=_n(sheet.high),
            fill=LAND),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{_n(sheet.x)} {_n(sheet.y)} {_n(sheet.wide)} {_n(sheet.high)}",
        width=f"{sheet.wide_mm:.1f}mm",
        height=f"{sheet.high_mm:.1f}mm",
    )  # fmt: skip
    return Chart(svg=str(svg), high_mm=sheet.high_mm)


def _desa(situation: Situation, shapes: Shapes, sheet: Sheet) -> Html:
    counts = desa_counts(situation)
    frame = shapely.box(sheet.x, sheet.y, sheet.x + sheet.wide, sheet.y + sheet.high)
    paths = [
        tag("path", d=path_data(shape), fill=FILLS[desa_fill(counts.get(code)).split()[0]])
        for code, shape in shapes.desa.items()
        if shape.intersects(frame)
    ]
    return tag("g", *paths, stroke=BORDER, stroke_width=_n(0.12 * sheet.mm))


def _veil(shapes: Shapes, code: str, sheet: Sheet) -> Html:
    """Pale what lies outside the kecamatan, so that it stands out."""
    frame = shapely.box(sheet.x, sheet.y, sheet.x + sheet.wide, sheet.y + sheet.high)
    outside = shapely.difference(frame, shapes.kecamatan[code])
    return tag("path", d=path_data(outside), fill="#FFFFFF", fill_opacity="0.75",
               fill_rule="evenodd")  # fmt: skip


def _borders(shapes: Shapes, sheet: Sheet) -> Html:
    dashes = f"{_n(1.2 * sheet.mm)} {_n(0.6 * sheet.mm)}" if shapes.approximate else None
    paths = [tag("path", d=path_data(shape)) for shape in shapes.kecamatan.values()]
    return tag("g", *paths, fill="none", stroke=INK, stroke_width=_n(0.3 * sheet.mm),
               stroke_dasharray=dashes, stroke_linejoin="round")  # fmt: skip


def _tps(tps: pl.DataFrame, sheet: Sheet, half_mm: float) -> Html:
    """Return the symbols of TPS, most severe on top; `half_mm` is half the size of a dot's box."""
    size = half_mm * sheet.mm / 2.4
    drawn = pl.col("drawn").fill_null("kurang_rawan")
    parts = [
        _symbol(kind, x, y, size, 0.18 * sheet.mm)
        for kind in SYMBOLS
        for x, y in tps.filter(drawn == kind).select("x", "y").iter_rows()
    ]
    return join(*parts)


def _symbol(kind: str, x: float, y: float, size: float, line: float) -> Html:
    """Return the symbol of a class, `size` times as large as on screen."""
    path = tag(
        "path",
        d=symbol(kind, 0, 0),
        **_fill(SYMBOL_FILL[kind], line / size),
    )
    parts = [path]
    if kind == "khusus":
        letter = tag("text", "K", x="0", y="3.2", font_size="6", text_anchor="middle",
                     font_family=FONT, font_weight="bold", fill="#FFFFFF")  # fmt: skip
        parts.append(letter)
    return tag("g", *parts, transform=f"translate({_n(x)} {_n(y)}) scale({size:.3f})")


def _spokes(
    beats: Iterable[Mapping[str, Any]], at: Mapping[str, tuple[float, float]], sheet: Sheet
) -> Html:
    """Return lines from the anchor of each beat to its TPS."""
    lines = []
    for beat in beats:
        anchor = at.get(str(beat.get("anchor")))
        ends = [at.get(str(code)) for code in beat.get("tps") or []]
        if anchor:
            lines += [f"M{_n(anchor[0])} {_n(anchor[1])}L{_n(e[0])} {_n(e[1])}" for e in ends if e]
    return tag("path", d="".join(lines) or None, stroke=INK, stroke_width=_n(0.2 * sheet.mm),
               fill="none")  # fmt: skip


def _beat_names(
    beats: Iterable[Mapping[str, Any]], at: Mapping[str, tuple[float, float]], sheet: Sheet
) -> Html:
    wanted = [(*at[str(b["anchor"])], short_beat(b)) for b in beats if str(b.get("anchor")) in at]
    placed = spread(
        [(x, y - 1.6 * sheet.mm, text) for x, y, text in wanted], 2.3 * sheet.mm, 1.2 * sheet.mm
    )
    return join(*(_words(text, x, y, 2.2, sheet, bold=True) for x, y, text in placed))


def short_beat(beat: Mapping[str, Any]) -> str:
    """Return the part of a beat's id that tells it from others of its kecamatan: B01."""
    return str(beat.get("id") or "").rpartition("-")[2]


def _posts(posts: list[Post], sheet: Sheet, side_mm: float) -> Html:
    side = side_mm * sheet.mm
    return join(
        *(_post(p.x, p.y, side, p.letter, 0.25 * sheet.mm) for p in posts if sheet.holds(p.x, p.y))
    )


def _post(x: float, y: float, side: float, letter: str, line: float) -> Html:
    box = tag("rect", x=_n(x - side / 2), y=_n(y - side / 2), width=_n(side), height=_n(side),
              **_fill("#FFFFFF", line))  # fmt: skip
    text = tag("text", letter, x=_n(x), y=_n(y + side * 0.29), font_size=_n(side * 0.85),
               text_anchor="middle", font_family=FONT, font_weight="bold")  # fmt: skip
    return join(box, text)


def _labels(
    labels: list[tuple[float, float, str]], sheet: Sheet, size_mm: float, *, bold: bool
) -> Html:
    size = size_mm * sheet.mm
    placed = spread(labels, size * 1.05, size * 0.6)
    return join(*(_words(text, x, y, size_mm, sheet, bold=bold) for x, y, text in placed))


def _words(text: str, x: float, y: float, size_mm: float, sheet: Sheet, *, bold: bool) -> Html:
    """Return words with a white edge, readable on any fill."""
    plain = {
        "x": _n(x), "y": _n(y), "font_size": _n(size_mm * sheet.mm), "text_anchor": "middle",
        "font_family": FONT, "font_weight": "bold" if bold else None,
    }  # fmt: skip
    edge = tag("text", text, **plain, fill="none", stroke="#FFFFFF",
               stroke_width=_n(0.7 * sheet.mm), stroke_linejoin="round")  # fmt: skip
    return join(edge, tag("text", text, **plain, fill=INK))


def _scale(shapes: Shapes, sheet: Sheet, lang: Lang) -> Html:
    """Return a scale bar of a round length, at most a quarter of the map, and the ratio."""
    unit = shapes.projection.units_per_km
    km = next((k for k in ROUND_KM if k * unit <= sheet.wide / 4), ROUND_KM[-1])
    x, y = sheet.x + 3 * sheet.mm, sheet.y + sheet.high - 3 * sheet.mm
    path = f"M{_n(x)} {_n(y - sheet.mm)}v{_n(sheet.mm)}h{_n(km * unit)}v{_n(-sheet.mm)}"
    bar = tag("path", d=path, fill="none", stroke=INK, stroke_width=_n(0.3 * sheet.mm))
    ratio = round(1_000_000 * sheet.mm / unit, -3)  # mm of ground in one mm of paper
    text = f"{number(km, lang, 0 if km >= 1 else 1)} km · 1 : {number(ratio, lang)}"
    middle = x + km * unit / 2
    left = max(middle, sheet.x + 18 * sheet.mm)
    return join(bar, _words(text, left, y - 1.6 * sheet.mm, 2.4, sheet, bold=False))


def _inner_points(
    shapes: Mapping[str, BaseGeometry],
) -> list[tuple[str, shapely.Point]]:
    points = ((code, shapely.point_on_surface(shape)) for code, shape in shapes.items())
    return [(code, point) for code, point in points if not point.is_empty]


def _swatch(mark: Html) -> str:
    return str(tag("svg", mark, xmlns="http://www.w3.org/2000/svg", viewBox="0 0 16 10"))


def _fill(colour: str, line: float) -> dict[str, str]:
    return {"fill": colour, "stroke": INK, "stroke_width": _n(line)}


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """What all route maps of a plan share: shapes and, for each desa, its name and label point."""

    shapes: Shapes
    labels: dict[str, tuple[float, float, str]]

    @classmethod
    def of(cls, situation: Situation, shapes: Shapes) -> Backdrop:
        """Prepare the backdrop of a situation."""
        names = situation.names()
        return cls(
            shapes=shapes,
            labels={
                code: (p.x, p.y, names.get(code, code)) for code, p in _inner_points(shapes.desa)
            },
        )


def route_chart(
    backdrop: Backdrop,
    stops: list[tuple[int, str, tuple[float, float]]],
    start: tuple[float, float] | None,
    lang: Lang,
    room_mm: tuple[float, float],
) -> Chart:
    """Return the small map of a team's round.

    Args:
        backdrop: shapes and labels.
        stops: number, drawn class, and (lon, lat) of each TPS in route order.
        start: (lon, lat) of the home post; shown where it falls on the map.
        lang: language of the scale.
        room_mm: width and height on paper.
    """
    shapes = backdrop.shapes
    at = shapes.projection.points(np.array([place for _, _, place in stops]))
    sheet = _sheet(_around(at, shapes, room_mm), room_mm)
    frame = shapely.box(sheet.x, sheet.y, sheet.x + sheet.wide, sheet.y + sheet.high)
    near = [code for code, shape in shapes.desa.items() if shape.intersects(frame)]
    paths = [tag("path", d=path_data(shapely.intersection(shapes.desa[c], frame))) for c in near]
    labels = [
        backdrop.labels[c] for c in near if c in backdrop.labels
        and sheet.holds(*backdrop.labels[c][:2])
    ]  # fmt: skip
    line = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in at)
    marks = [
        _symbol(kind, x, y, sheet.mm * 0.42, 0.18 * sheet.mm)
        for (_, kind, _), (x, y) in zip(stops, at, strict=True)
    ]
    numbers = [
        (float(x), float(y) - 1.4 * sheet.mm, str(number_))
        for (number_, _, _), (x, y) in zip(stops, at, strict=True)
    ]
    home = []
    if start is not None:
        (x, y) = shapes.projection.points(np.array([start]))[0]
        home = [_post(x, y, 3 * sheet.mm, "P", 0.25 * sheet.mm)] if sheet.holds(x, y) else []
    return _chart(
        sheet,
        tag("g", *paths, fill="#F7F6F1", stroke=BORDER, stroke_width=_n(0.15 * sheet.mm)),
        tag("path", d=line, fill="none", stroke=INK, stroke_width=_n(0.25 * sheet.mm),
            stroke_dasharray=f"{_n(sheet.mm)} {_n(0.6 * sheet.mm)}"),
        *home,
        _labels(labels, sheet, 2.2, bold=False),
        *marks,
        _labels(numbers, sheet, 2.2, bold=True),
        _scale(shapes, sheet, lang),
    )  # fmt: skip


def _around(
    at: NDArray[np.float64], shapes: Shapes, room_mm: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return a box of the room's proportions around points, at least a kilometre high."""
    least = shapes.projection.units_per_km
    (left, top), (right, bottom) = at.min(axis=0), at.max(axis=0)
    high = max(bottom - top, (right - left) * room_mm[1] / room_mm[0], least) * 1.3
    wide = high * room_mm[0] / room_mm[1]
    return (left + right - wide) / 2, (top + bottom - high) / 2, wide, high
