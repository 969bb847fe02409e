"""Blocks of which a document of chapters is made; each is a plain value that the template sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sispamkota.kernel.text import Lang, Text

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Head of a column: `width` in shares of the paper (0 = as wide as its content)."""

    text: Text
    width: float = 0
    number: bool = False


def head(ind: str, en: str, width: float = 0) -> Head:
    """Return the head of a column of words."""
    return Head(text=Text(ind, en), width=width)


def count(ind: str, en: str, width: float = 0) -> Head:
    """Return the head of a column of numbers."""
    return Head(text=Text(ind, en), width=width, number=True)


def chapter(text: str) -> Block:
    """Return a chapter's title; chapters are numbered I, II, III."""
    return {"kind": "chapter", "text": text}


def section(text: str) -> Block:
    """Return a section's title; sections are numbered through the whole paper."""
    return {"kind": "section", "text": text}


def minor(text: str) -> Block:
    """Return a title without a number."""
    return {"kind": "minor", "text": text}


def paragraph(text: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": text}


def lead(text: str) -> Block:
    """Return a paragraph that stays with what follows it."""
    return {"kind": "lead", "text": text}


def remark(text: str) -> Block:
    """Return a small note."""
    return {"kind": "note", "text": text}


def points(items: Iterable[str]) -> list[Block]:
    """Return a list lettered a, b, c; nothing for no items."""
    found = [item for item in items if item]
    return [{"kind": "list", "items": found}] if found else []


def table(
    caption: str,
    heads: Sequence[Head],
    rows: Iterable[Sequence[object]],
    lang: Lang,
    foot: Sequence[object] = (),
) -> Block:
    """Return a table whose heads repeat on each page."""
    return {
        "kind": "table",
        "caption": caption,
        "heads": [{"text": h.text.in_(lang), "width": h.width, "number": h.number} for h in heads],
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
        "foot": ["" if cell is None else str(cell) for cell in foot],
    }


def new_page() -> Block:
    """Return a page break."""
    return {"kind": "break"}
