"""Small parts of the page: tables with caption and scope, class words with their shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.labels import CLASS_SHORT
from sispamkota.reports.mapdraw import CSS_CLASS, symbol
from sispamkota.reports.markup import Html, join, tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Heading of a page table; `css` is n (number), kode (code), lebar (long text) or empty."""

    text: Text
    css: str = ""


def head(ind: str, en: str, css: str = "") -> Head:
    """Return a heading in both languages."""
    return Head(text=Text(ind, en), css=css)


def data_table(
    caption: str,
    heads: Sequence[Head],
    rows: Iterable[Sequence[object]],
    lang: Lang,
    foot: Sequence[object] | None = None,
) -> Html:
    """Return a table whose first cell of each row heads that row; it scrolls inside itself."""
    top = [tag("th", h.text.in_(lang), scope="col", class_=h.css or None) for h in heads]
    body = [tag("tr", *_cells(row, heads)) for row in rows]
    end = tag("tfoot", tag("tr", *_cells(foot, heads))) if foot else ""
    table = tag(
        "table",
        tag("caption", tag("span", caption)),
        tag("thead", tag("tr", *top)),
        tag("tbody", *body),
        end,
    )
    return tag("div", table, class_="gulir", tabindex=0, role="region", aria_label=caption)


def _cells(row: Sequence[object], heads: Sequence[Head]) -> list[Html]:
    cells = [tag("th", row[0], scope="row", class_=heads[0].css or None)]
    pairs = zip(row[1:], heads[1:], strict=True)
    return cells + [tag("td", value, class_=h.css or None) for value, h in pairs]


def swatch(kind: str) -> Html:
    """Return the TPS symbol of a class as a small picture without a name of its own."""
    parts = [tag("path", d=symbol(kind, 7, 6), class_=CSS_CLASS[kind])]
    if kind == "khusus":
        parts = [
            tag("path", d=symbol(kind, 7, 6), class_=CSS_CLASS[kind]),
            tag("text", "K", x=7, y=9.2, class_="huruf"),
        ]
    picture = tag("g", *parts, class_="tps")
    # The circle is small on the map, for there are many; in words it is drawn larger.
    view = "3 2.6 8 6.8" if kind == "kurang_rawan" else "0 0 14 12"
    return tag("svg", picture, viewBox=view, aria_hidden="true", focusable="false")


def class_word(code: str | None, *, khusus: bool = False) -> Html:
    """Return a class as shape and word, never as colour alone."""
    if not code:
        return Html("–")
    shape = swatch("khusus" if khusus else code)
    words = CLASS_SHORT.get(code, code) + (" · Khusus" if khusus else "")
    return tag("span", shape, words, class_="kelas")


def bullets(items: Sequence[object]) -> Html:
    """Return a list, or nothing for no items."""
    return tag("ul", *(tag("li", item) for item in items)) if items else join()


def section(name: str, title: str, *parts: object) -> Html:
    """Return a section with its heading, reachable by #name."""
    return tag(
        "section", tag("h2", title, id=f"h-{name}"), *parts, id=name, aria_labelledby=f"h-{name}"
    )
