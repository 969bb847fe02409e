"""The SVG map: desa filled by class, TPS symbols, posts, beat lines; readable without scripts.

Elements are grouped by kecamatan with ids, so that the detail map of a kecamatan shows the same
elements again (`use`) at another scale instead of repeating them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import shapely

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import (
    CERTAINTY_TEXT,
    CLASS_SHORT,
    POST_LETTER,
    POST_TEXT,
    word,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.shapes import WIDTH, Shapes, path_data
from sispamkota.reports.situation import CLASSES, Situation
from sispamkota.reports.summary import drawn_class

SYMBOLS = ("kurang_rawan", "rawan", "sangat_rawan", "khusus")
CSS_CLASS = {"kurang_rawan": "k1", "rawan": "k2", "sangat_rawan": "k3", "khusus": "k4"}
UNKNOWN_FILL = "k0"
POST_SIDE = 9.0
SMALLEST_VIEW = 130.0  # map units; a smaller kecamatan is not magnified further


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post on the map, in map units."""

    x: float
    y: float
    letter: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapDrawing:
    """The overview map and one detail map per kecamatan, as SVG."""

    overview: Html
    details: dict[str, Html]
    posts: tuple[str, ...]
    unplaced: int


def draw(situation: Situation, shapes: Shapes, lang: Lang) -> MapDrawing:
    """Draw the maps of a situation."""
    tps = placed_tps(situation, shapes)
    names = situation.names()
    groups = _desa_groups(situation, shapes, lang)
    symbols = {k: _symbols(part, names, lang) for k, part in _by_kecamatan(tps)}
    beats = _beat_groups(situation, tps)
    posts = post_points(situation, shapes, lang)
    borders = join(
        *(tag("path", d=path_data(s), class_="batas") for s in shapes.kecamatan.values())
    )
    layers = join(
        *(tag("g", g, id=f"d{k}") for k, g in groups.items()),
        tag("g", borders, id="batas"),
        *(tag("g", g, id=f"b{k}", class_="beat") for k, g in beats.items()),
        *(tag("g", g, id=f"t{k}", class_="tps") for k, g in symbols.items()),
        post_marks(posts, POST_SIDE),
    )
    title = Text("Peta desa dan TPS menurut kelas kerawanan", "Map of desa and TPS by class").in_(
        lang
    )
    overview = tag(
        "svg",
        tag("title", title),
        pattern_defs(),
        layers,
        kecamatan_labels(shapes, names),
        scale_bar(shapes, lang),
        viewBox=f"0 0 {WIDTH:g} {shapes.height:.0f}",
        role="img",
        aria_label=title,
        class_="peta kira" if shapes.approximate else "peta",
    )
    drawn = (("d", groups), ("b", beats), ("t", symbols))
    uses = {
        k: [f"{prefix}{k}" if k in have else "" for prefix, have in drawn] for k in shapes.kecamatan
    }
    details = {k: _detail(k, shapes, names, (uses[k], posts), lang) for k in shapes.kecamatan}
    kinds = tuple(k for k in POST_LETTER if k in set(situation.posts["kind"].to_list()))
    return MapDrawing(
        overview=overview,
        details=details,
        posts=kinds,
        unplaced=situation.tps.height - tps.height,
    )


def placed_tps(situation: Situation, shapes: Shapes) -> pl.DataFrame:
    """Return the TPS that have a place, with map units, drawn class, certainty and team."""
    wanted = pl.DataFrame(schema={"tps": pl.String(), "drawn": pl.String()})
    scores = situation.scores
    known = drawn_class(scores) if scores.height else wanted
    certainty = scores.select("tps", "certainty") if scores.height else None
    tps = situation.tps.drop_nulls(["lon", "lat"]).rename({"code": "tps"})
    tps = tps.join(known, on="tps", how="left")
    tps = tps.join(certainty, on="tps", how="left") if certainty is not None else tps
    if "certainty" not in tps.columns:
        tps = tps.with_columns(certainty=pl.lit("unknown"))
    teams = {
        str(t): str(b.get("team"))
        for b in situation.planned("beats")
        if b.get("team")
        for t in b.get("tps") or []
    }
    at = shapes.projection.points(tps.select("lon", "lat").to_numpy())
    team = [teams.get(code) for code in tps["tps"]]
    return tps.with_columns(
        x=np.round(at[:, 0], 1), y=np.round(at[:, 1], 1), team=pl.Series(team, dtype=pl.String)
    ).sort("kecamatan", "tps")


def _by_kecamatan(tps: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    parts = tps.partition_by("kecamatan", as_dict=True)
    return [(str(key[0]), part) for key, part in sorted(parts.items())]


def symbol(kind: str, x: float, y: float) -> str:
    """Return the path data of a TPS symbol: circle, diamond, square, triangle by class."""
    match kind:
        case "rawan":
            return f"M{x:g} {y - 3.6:g}l3.6 3.6-3.6 3.6-3.6-3.6z"
        case "sangat_rawan":
            return f"M{x - 2.9:g} {y - 2.9:g}h5.8v5.8h-5.8z"
        case "khusus":
            return f"M{x:g} {y - 5.6:g}l5.6 9.6h-11.2z"
        case _:
            return f"M{x - 1.8:g} {y:g}a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0z"


def _symbols(part: pl.DataFrame, names: dict[str, str], lang: Lang) -> Html:
    """Return the TPS symbols of one kecamatan, the most severe on top."""
    layers = []
    for kind in SYMBOLS:
        of_kind = pl.col("drawn").fill_null("kurang_rawan") == kind
        rows = part.filter(of_kind).select("tps", "number", "desa", "x", "y", "team", "certainty")
        drawn = [_symbol(kind, row, names, lang) for row in rows.iter_rows()]
        if drawn:
            layers.append(tag("g", *drawn, class_=CSS_CLASS[kind]))
    return join(*layers)


def _symbol(kind: str, row: tuple[Any, ...], names: dict[str, str], lang: Lang) -> Html:
    code, tps_number, desa, x, y, team, certainty = row
    unguarded = Text("tanpa tim", "no team").in_(lang)
    label = f"TPS {tps_number:03} {names.get(desa, desa)} ({code}): {CLASS_SHORT[kind]}"
    if certainty != "certain":
        label += f" ({word(CERTAINTY_TEXT, certainty, lang)})"
    label += f"; {team or unguarded}"
    title = tag("title", label)
    shape = tag("path", title, d=symbol(kind, x, y), class_="u" if certainty == "unknown" else None)
    if kind != "khusus":
        return shape
    hatch = tag("path", d=symbol(kind, x, y), fill="url(#arsir)", stroke="none")
    return join(shape, hatch, tag("text", "K", x=f"{x:g}", y=f"{y + 3.2:g}", class_="huruf"))


def _desa_groups(situation: Situation, shapes: Shapes, lang: Lang) -> dict[str, Html]:
    """Return the filled desa of each kecamatan; a desa takes its most severe TPS class."""
    names = situation.names()
    counts = desa_counts(situation)
    parent = dict(situation.areas.select("code", "parent").iter_rows())
    groups: dict[str, list[Html]] = {}
    for code, shape in shapes.desa.items():
        kecamatan = parent.get(code) or code[:6]
        row = counts.get(code)
        label = f"{names.get(code, code)} ({code}), Kec. {names.get(kecamatan, kecamatan)}"
        path = tag(
            "path",
            tag("title", f"{label}: {count_words(row, lang)}"),
            d=path_data(shape),
            class_=desa_fill(row),
        )
        groups.setdefault(kecamatan, []).append(path)
    return {k: join(*parts) for k, parts in groups.items()}


def desa_counts(situation: Situation) -> dict[str, dict[str, Any]]:
    """Count the TPS of each desa by class, khusus and certainty; empty before scoring."""
    if not situation.scores.height:
        return {}
    of_class = ((pl.col("class") == name).sum().alias(name) for name in CLASSES)
    doubts = (
        (pl.col("certainty") == "unknown").sum().alias("unknown"),
        (pl.col("certainty") != "certain").sum().alias("uncertain"),
    )
    frame = situation.scores.group_by("desa").agg(
        pl.len().alias("tps"), *of_class, pl.col("khusus").sum(), *doubts
    )
    return {row["desa"]: row for row in frame.iter_rows(named=True)}


def desa_fill(row: dict[str, Any] | None) -> str:
    """Return the CSS class of a desa: its most severe TPS class, or `k0` for nothing known.

    `m` is added (hatched) where the class of more than half of its TPS is not certain.
    """
    if not row or row["unknown"] == row["tps"]:
        return UNKNOWN_FILL
    worst = next((name for name in reversed(CLASSES) if row[name]), "kurang_rawan")
    doubtful = " m" if 2 * row["uncertain"] > row["tps"] else ""
    return CSS_CLASS[worst] + doubtful


def count_words(row: dict[str, Any] | None, lang: Lang) -> str:
    """Say the TPS of a desa by class in words."""
    if not row:
        return Text("belum dinilai", "not assessed").in_(lang)
    parts = [f"{number(row[c], lang)} {CLASS_SHORT[c].lower()}" for c in CLASSES if row[c]]
    khusus = Text(f", {row['khusus']} di antaranya khusus", f", {row['khusus']} of them khusus")
    doubt = Text(f"; {row['uncertain']} belum pasti", f"; {row['uncertain']} not certain").in_(lang)
    said = f"{row['tps']} TPS = {', '.join(parts)}" + (khusus.in_(lang) if row["khusus"] else "")
    return said + (doubt if row["uncertain"] else "")


def _beat_groups(situation: Situation, tps: pl.DataFrame) -> dict[str, Html]:
    """Return lines from the anchor of each beat to its TPS, one path per kecamatan."""
    at = {code: (x, y) for code, x, y in tps.select("tps", "x", "y").iter_rows()}
    lines: dict[str, list[str]] = {}
    for beat in situation.planned("beats"):
        anchor = at.get(str(beat.get("anchor")))
        if anchor is None:
            continue
        for code in beat.get("tps") or []:
            end = at.get(str(code))
            if end is not None and end != anchor:
                line = f"M{anchor[0]:g} {anchor[1]:g}L{end[0]:g} {end[1]:g}"
                lines.setdefault(str(beat.get("kecamatan")), []).append(line)
    return {k: tag("path", d="".join(v)) for k, v in sorted(lines.items())}


def post_points(situation: Situation, shapes: Shapes, lang: Lang) -> list[Post]:
    """Return the posts that have a place, in map units."""
    posts = situation.posts.drop_nulls(["lon", "lat"]).sort("code")
    at = shapes.projection.points(posts.select("lon", "lat").to_numpy().reshape(-1, 2))
    rough = Text(" (posisi perkiraan)", " (approximate position)").in_(lang)
    rows = posts.select("name", "kind", "position").iter_rows()
    return [
        Post(
            x=float(x),
            y=float(y),
            letter=POST_LETTER.get(kind, "L"),
            title=f"{word(POST_TEXT, kind, lang)}: {name}{'' if position == 'surveyed' else rough}",
        )
        for (name, kind, position), (x, y) in zip(rows, at, strict=True)
    ]


def post_marks(posts: list[Post], side: float) -> Html:
    """Return small squares with a letter, `side` map units wide."""
    marks = [
        tag(
            "g",
            tag("title", p.title),
            tag(
                "rect",
                x=f"{p.x - side / 2:.1f}",
                y=f"{p.y - side / 2:.1f}",
                width=f"{side:.1f}",
                height=f"{side:.1f}",
            ),
            tag("text", p.letter, x=f"{p.x:.1f}", y=f"{p.y + side * 0.29:.1f}"),
        )
        for p in posts
    ]
    return tag("g", *marks, class_="pos", style=f"font-size:{side * 0.78:.1f}px")


LABEL_LINE, LABEL_LETTER = 12.0, 8.4  # map units that a line and a capital take


def kecamatan_labels(shapes: Shapes, names: dict[str, str]) -> Html:
    """Return the names of the kecamatan in capitals, none upon another."""
    points = {code: shapely.point_on_surface(shape) for code, shape in shapes.kecamatan.items()}
    wanted = [
        (p.x, p.y, names.get(code, code).upper()) for code, p in points.items() if not p.is_empty
    ]
    texts = [tag("text", text, x=f"{x:.1f}", y=f"{y:.1f}") for x, y, text in spread(wanted)]
    return tag("g", *texts, class_="label")


def spread(
    labels: list[tuple[float, float, str]], line: float = LABEL_LINE, letter: float = LABEL_LETTER
) -> list[tuple[float, float, str]]:
    """Move labels down until none lies on another, from north to south.

    `line` and `letter` are the room that a line and a letter take, in map units.
    """
    placed: list[tuple[float, float, str]] = []
    for x, start, text in sorted(labels, key=lambda label: (label[1], label[0])):
        y = start
        half = len(text) * letter / 2
        for other_x, other_y, other in sorted(placed, key=lambda label: label[1]):
            near = abs(x - other_x) < half + len(other) * letter / 2
            if near and abs(y - other_y) < line:
                y = other_y + line
        placed.append((x, y, text))
    return placed


def scale_bar(shapes: Shapes, lang: Lang) -> Html:
    """Return a scale bar of a round length in the lower left corner."""
    unit = shapes.projection.units_per_km
    km = next((k for k in (50, 20, 10, 5, 2, 1) if k * unit <= WIDTH / 5), 1)
    y = shapes.height - 12
    bar = tag("path", d=f"M14 {y - 5:.0f}v5h{km * unit:.1f}v-5", class_="skala")
    text = tag("text", f"{number(km, lang)} km", x=18, y=f"{y - 5:.0f}")
    return tag("g", bar, text, class_="skala")


def pattern_defs() -> Html:
    """Return the hatches: khusus (on its symbol), desa unknown, desa not certain per class."""
    line = tag("path", d="M0 0v3", class_="garis-k")
    wide = tag("path", d="M0 0v6", class_="garis-0")
    box = {"patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    doubtful = [
        tag(
            "pattern",
            tag("rect", width=5, height=5, class_=f"k{i}"),
            tag("path", d="M0 0v5", class_="garis-m"),
            id=f"m{i}",
            width=5,
            height=5,
            **box,
        )
        for i in (1, 2, 3)
    ]
    return tag(
        "defs",
        *doubtful,
        tag("pattern", line, id="arsir", width=2.2, height=3, **box),
        tag(
            "pattern",
            tag("rect", width=6, height=6, class_="dasar-0"),
            wide,
            id="takdiketahui",
            width=6,
            height=6,
            **box,
        ),
    )


def _detail(
    code: str,
    shapes: Shapes,
    names: dict[str, str],
    shown: tuple[list[str], list[Post]],
    lang: Lang,
) -> Html:
    """Return the map of one kecamatan: the overview's own elements, posts and labels apart."""
    left, top, right, bottom = shapes.kecamatan[code].bounds
    wide, high = max(right - left, SMALLEST_VIEW) + 8, max(bottom - top, SMALLEST_VIEW * 0.6) + 8
    x, y = (left + right - wide) / 2, (top + bottom - high) / 2
    size = max(wide, high * 1.2) / 62  # about 11 px when the map is 680 px wide
    ids, posts = shown
    near = [p for p in posts if x < p.x < x + wide and y < p.y < y + high]
    points = {
        desa: shapely.point_on_surface(shape)
        for desa, shape in shapes.desa.items()
        if desa.startswith(code)
    }
    wanted_labels = [(p.x, p.y, names.get(desa, desa)) for desa, p in points.items()]
    labels = [
        tag("text", text, x=f"{lx:.1f}", y=f"{ly:.1f}")
        for lx, ly, text in spread(wanted_labels, size * 1.05, size * 0.62)
    ]
    title = Text(
        f"Peta Kecamatan {names.get(code, code)}", f"Map of Kecamatan {names.get(code, code)}"
    )
    return tag(
        "svg",
        tag("title", title.in_(lang)),
        *(tag("use", href=f"#{name}") for name in (ids[0], "batas", *ids[1:]) if name),
        post_marks(near, size * 1.2),
        tag("g", *labels, class_="label desa", style=f"font-size:{size:.1f}px"),
        viewBox=f"{x:.1f} {y:.1f} {wide:.1f} {high:.1f}",
        role="img",
        aria_label=title.in_(lang),
        class_="peta rinci kira" if shapes.approximate else "peta rinci",
    )
