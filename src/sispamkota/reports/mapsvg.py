"""The map as one standalone SVG file: for a browser without WebGL, and for printing.

Classes are drawn only where they may be seen: without them desa are plain and TPS are dots.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import resources

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.labels import CLASS_SHORT, POST_LETTER, POST_TEXT, word
from sispamkota.reports.mapdraw import (
    CSS_CLASS,
    POST_SIDE,
    SMALLEST_VIEW,
    SYMBOLS,
    count_words,
    desa_counts,
    desa_fill,
    kecamatan_labels,
    pattern_defs,
    placed_tps,
    post_marks,
    post_points,
    scale_bar,
    spread,
    symbol,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.shapes import WIDTH, Shapes, make_shapes
from sispamkota.reports.situation import Situation

PIXELS = 1000
MAGNIFIED = 1.8  # size of symbols in the map of one kecamatan over that in the whole
COARSE = 2.0  # map units: what is simplified away when the whole regency is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of the map that is shown, in map units; `unit` is a 70th of its width."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def unit(self) -> float:
        """Size of a letter of ordinary text, map units."""
        return self.wide / 70


def map_svg(
    situation: Situation, lang: Lang, *, kecamatan: str | None = None, classes: bool = True
) -> str | None:
    """Return the map as SVG text, or None where nothing, or not this kecamatan, has a place.

    Args:
        situation: areas, TPS, posts, boundaries and scores; the rest is not shown.
        lang: language of names and legend.
        kecamatan: code of the only kecamatan to show, with its desa named.
        classes: whether classes may be seen; False leaves no trace of them in the file.
    """
    shapes = make_shapes(situation)
    if shapes is None or (kecamatan is not None and kecamatan not in shapes.kecamatan):
        return None
    if kecamatan is None:
        shapes = _coarser(shapes)
    names = situation.names()
    view = _view(shapes, kecamatan)
    title = _title(situation, names, kecamatan, lang)
    legend, height = _legend(situation, shapes, view, lang, classes=classes)
    posts = [p for p in post_points(situation, shapes, lang) if _inside(view, p.x, p.y)]
    body = join(
        tag("title", title),
        tag("style", Html(_css())),
        pattern_defs() if classes else "",
        tag("g", _desa(situation, shapes, lang, kecamatan, classes=classes), class_="desa"),
        *(
            tag("path", d=_path(s), class_="batas" if kecamatan in (None, k) else "batas luar")
            for k, s in shapes.kecamatan.items()
        ),
        tag("g", _tps(situation, shapes, view, kecamatan, classes=classes), class_="tps"),
        post_marks(posts, POST_SIDE if kecamatan is None else view.unit * 1.2),
        _desa_names(shapes, names, kecamatan, view)
        if kecamatan
        else join(kecamatan_labels(shapes, names), scale_bar(shapes, lang)),
        legend,
    )
    ratio = (view.high + height) / view.wide
    svg = tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{view.x:.1f} {view.y:.1f} {view.wide:.1f} {view.high + height:.1f}",
        width=PIXELS,
        height=round(PIXELS * ratio),
        role="img",
        aria_label=title,
        lang=lang,
        class_=" ".join(_looks(shapes, kecamatan)) or None,
    )
    return f"{svg}\n"


def _looks(shapes: Shapes, kecamatan: str | None) -> list[str]:
    return ["kira"] * shapes.approximate + ["dekat"] * (kecamatan is not None)


def _css() -> str:
    file = resources.files("sispamkota.reports").joinpath("mapsvg.css")
    return file.read_text(encoding="utf-8")


def _view(shapes: Shapes, kecamatan: str | None) -> View:
    if kecamatan is None:
        return View(x=0, y=0, wide=WIDTH, high=shapes.height)
    left, top, right, bottom = shapes.kecamatan[kecamatan].bounds
    wide = max(right - left, SMALLEST_VIEW) + 8
    high = max(bottom - top, SMALLEST_VIEW * 0.6) + 8
    return View(x=(left + right - wide) / 2, y=(top + bottom - high) / 2, wide=wide, high=high)


def _coarser(shapes: Shapes) -> Shapes:
    """Return shapes with fewer points; borders that desa share stay shared."""
    codes, drawn = list(shapes.desa), np.array(list(shapes.desa.values()), dtype=object)
    simple = shapely.coverage_simplify(drawn, COARSE)
    return replace(
        shapes,
        desa=dict(zip(codes, simple, strict=True)),
        kecamatan={k: shapely.simplify(s, COARSE / 3) for k, s in shapes.kecamatan.items()},
    )


def _inside(view: View, x: float, y: float) -> bool:
    return view.x < x < view.x + view.wide and view.y < y < view.y + view.high


def _title(situation: Situation, names: dict[str, str], kecamatan: str | None, lang: Lang) -> str:
    what = situation.name
    if kecamatan is not None:
        what = f"Kec. {names.get(kecamatan, kecamatan)} · {what}"
    return Text(f"Peta {what}", f"Map of {what}").in_(lang)


def _desa(
    situation: Situation, shapes: Shapes, lang: Lang, kecamatan: str | None, *, classes: bool
) -> Html:
    names = situation.names()
    counts = desa_counts(situation) if classes else {}
    parts = []
    for code, shape in shapes.desa.items():
        if kecamatan is not None and not code.startswith(kecamatan):
            continue
        label = f"{names.get(code, code)} ({code})"
        if classes:
            label += f": {count_words(counts.get(code), lang)}"
        fill = desa_fill(counts.get(code)) if classes else "polos"
        parts.append(tag("path", tag("title", label), d=_path(shape), class_=fill))
    return join(*parts)


def _tps(
    situation: Situation, shapes: Shapes, view: View, kecamatan: str | None, *, classes: bool
) -> Html:
    """Return the TPS of a kecamatan or of all, the most severe on top."""
    scale = 1 if kecamatan is None else MAGNIFIED * view.wide / WIDTH
    tps = placed_tps(situation, shapes)
    if kecamatan is not None:
        tps = tps.filter(pl.col("kecamatan") == kecamatan)
    if not classes:
        return tag("path", d=_dots(tps), class_="titik")
    parts = []
    for kind in SYMBOLS:
        of_kind = tps.filter(pl.col("drawn").fill_null("kurang_rawan") == kind)
        for unknown in (False, True):
            rows = of_kind.filter((pl.col("certainty") == "unknown") == unknown)
            if rows.height:
                parts.append(_marks(kind, rows, " u" if unknown else "", scale))
    return join(*parts)


def _marks(kind: str, rows: pl.DataFrame, unknown: str, scale: float) -> Html:
    look = CSS_CLASS[kind] + unknown
    if kind == "kurang_rawan":
        # Dots of a round line end: a third of the bytes of circles, and most TPS are of this class.
        dots = f"titik-{len(unknown)}"
        fixed = None if scale == 1 else "non-scaling-stroke"
        return join(
            tag("g", tag("path", d=_dots(rows), id=dots, vector_effect=fixed), class_="tepi"),
            tag("use", href=f"#{dots}", class_=f"isi {look}"),
        )
    if scale == 1 and kind != "khusus":
        shapes = (symbol(kind, x, y) for x, y in rows.select("x", "y").iter_rows())
        return tag("path", d="".join(shapes), class_=look)
    return join(*(_mark(kind, x, y, look, scale) for x, y in rows.select("x", "y").iter_rows()))


def _mark(kind: str, x: float, y: float, look: str, scale: float) -> Html:
    drawn = tag("path", d=symbol(kind, 0, 0), class_=look)
    if kind == "khusus":
        hatch = tag("path", d=symbol(kind, 0, 0), fill="url(#arsir)", stroke="none")
        drawn = join(drawn, hatch, tag("text", "K", y="3.2", class_="huruf"))
    size = "" if scale == 1 else f" scale({scale:.2f})"
    return tag("g", drawn, transform=f"translate({x:g} {y:g}){size}")


def _dots(rows: pl.DataFrame) -> str:
    return "".join(f"M{x:g} {y:g}h0" for x, y in rows.select("x", "y").iter_rows())


def _path(shape: BaseGeometry) -> str:
    """Write polygons as relative steps of a tenth of a unit: half the bytes of absolute ones."""
    written: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            at = np.round(shapely.get_coordinates(ring)[:-1] * 10).astype(np.int64)
            steps = np.diff(at, axis=0)
            steps = steps[np.any(steps != 0, axis=1)]
            start = f"M{_tenths(at[0, 0])}{_signed(at[0, 1])}l"
            written.append(start + "".join(_signed(v) for v in steps.ravel()).lstrip() + "z")
    return "".join(written)


def _tenths(value: int) -> str:
    text = f"{value / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _signed(value: int) -> str:
    """Return a number with its separator, which a minus sign does not need."""
    text = _tenths(value)
    return text if text.startswith("-") else f" {text}"


def _desa_names(shapes: Shapes, names: dict[str, str], kecamatan: str, view: View) -> Html:
    size = view.unit
    points = [
        (shapely.point_on_surface(shape), names.get(code, code))
        for code, shape in shapes.desa.items()
        if code.startswith(kecamatan)
    ]
    placed = spread([(p.x, p.y, name) for p, name in points], size * 1.05, size * 0.62)
    texts = [tag("text", name, x=f"{x:.1f}", y=f"{y:.1f}") for x, y, name in placed]
    return tag("g", *texts, class_="label nama", style=f"font-size:{size:.1f}px")


def _legend(
    situation: Situation, shapes: Shapes, view: View, lang: Lang, *, classes: bool
) -> tuple[Html, float]:
    """Return the legend below the map and its height in map units."""
    size = view.unit
    line = size * 1.6
    left, top = view.x + size, view.y + view.high
    rows: list[Html] = []
    x, y = left, top + line
    for swatch, text in _entries(situation, lang, classes=classes):
        width = size * (3.2 + 0.55 * len(text))
        if x > left and x + width > view.x + view.wide - size:
            x, y = left, y + line
        rows.append(_swatch(swatch, x, y, size))
        rows.append(tag("text", text, x=f"{x + size * 1.6:.1f}", y=f"{y:.1f}"))
        x += width
    for text in _remarks(situation, shapes, lang):
        y += line
        rows.append(tag("text", text, x=f"{left:.1f}", y=f"{y:.1f}", class_="catatan"))
    high = y - top + size
    ground = tag(
        "rect",
        x=f"{view.x:.1f}",
        y=f"{top:.1f}",
        width=f"{view.wide:.1f}",
        height=f"{high:.1f}",
        class_="alas",
    )
    return tag("g", ground, *rows, class_="legenda", style=f"font-size:{size:.1f}px"), high


def _entries(situation: Situation, lang: Lang, *, classes: bool) -> list[tuple[str, str]]:
    entries = []
    if classes:
        entries = [(CSS_CLASS[k], CLASS_SHORT[k]) for k in SYMBOLS]
        entries.append(("k0", Text("belum dinilai", "not assessed").in_(lang)))
    else:
        entries.append(("titik", "TPS"))
    there = set(situation.posts["kind"].to_list())
    entries += [
        (letter, word(POST_TEXT, kind, lang))
        for kind, letter in POST_LETTER.items()
        if kind in there
    ]
    return entries


def _swatch(swatch: str, x: float, y: float, size: float) -> Html:
    middle = y - size * 0.35
    if len(swatch) == 1:
        return tag(
            "g",
            tag("rect", x=f"{x:.1f}", y=f"{middle - size / 2:.1f}", width=f"{size:.1f}",
                height=f"{size:.1f}"),
            tag("text", swatch, x=f"{x + size / 2:.1f}", y=f"{y - size * 0.05:.1f}",
                style=f"font-size:{size * 0.78:.1f}px"),
            class_="pos",
        )  # fmt: skip
    if swatch == "titik":
        dot = f"M{x + size * 0.25:.1f} {middle:.1f}h{size / 2:.1f}"
        return tag("path", d=dot, style=f"stroke:var(--tps);stroke-width:{size * 0.4:.1f}px")
    return tag(
        "rect", x=f"{x:.1f}", y=f"{middle - size / 2:.1f}", width=f"{size:.1f}",
        height=f"{size:.1f}", class_=f"{swatch} swatch",
    )  # fmt: skip


def _remarks(situation: Situation, shapes: Shapes, lang: Lang) -> list[str]:
    remarks = []
    label = situation.sample_label()
    if label:
        remarks.append(label.in_(lang))
    if shapes.approximate:
        remarks.append(
            Text(
                "Wilayah perkiraan: batas desa belum diimpor.",
                "Approximate areas (wilayah perkiraan): desa boundaries are not imported.",
            ).in_(lang)
        )
    return remarks
