"""Finding the table in a sheet: titles above it, headers of one or two rows, numbers under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sispamkota.kernel.errors import Problem
from sispamkota.kernel.table import Column, RawTable, plain_name
from sispamkota.kernel.text import Text

Row = Sequence[str | None]
SEARCHED_ROWS = 40
_SMALLEST_TABLE = 2


def known_names(columns: Sequence[Column], mapping: Mapping[str, str]) -> frozenset[str]:
    """Return every header that would be recognised."""
    names = (n for c in columns for n in (c.name, *c.aliases))
    return frozenset(plain_name(n) for n in (*names, *mapping.values()))


def header_row(rows: Sequence[Row], known: frozenset[str]) -> int | None:
    """Return the index of the header among the first rows, or None where nothing looks like one.

    It is the row with most recognised names; without any, the first row with two filled cells.
    """
    searched = rows[:SEARCHED_ROWS]
    scores = [_recognised(row, known) for row in searched]
    if any(scores):
        return scores.index(max(scores))
    filled = [sum(c is not None for c in row) for row in searched]
    wide = min(_SMALLEST_TABLE, max(filled, default=0))
    return next((i for i, n in enumerate(filled) if n >= max(wide, 1)), None)


def _recognised(row: Row, known: frozenset[str]) -> int:
    """Count the recognised names of a row; a letter alone (x, l, p) may as well be data."""
    names = {plain_name(c) for c in row if c} & known
    return len(names) if any(len(name) > 1 for name in names) else 0


def to_table(
    file: str,
    rows: Iterable[tuple[int, Row]],
    known: frozenset[str],
    sheet: str | None = None,
) -> RawTable | None:
    """Make a table of numbered rows: header found, empty rows left out, rows of equal length.

    Returns:
        The table, or None where the sheet is empty. Cells beyond the header are kept as problems.
    """
    numbered = [(n, r) for n, r in rows if any(c is not None for c in r)]
    at = header_row([r for _, r in numbered], known)
    if at is None:
        return None
    columns, body = _columns(numbered[at][1], numbered[at + 1 :], known)
    width = len(columns)
    return RawTable(
        file=file,
        columns=columns,
        rows=[tuple(r[:width]) + (None,) * (width - len(r)) for _, r in body],
        row_numbers=[n for n, _ in body],
        sheet=sheet,
        problems=tuple(
            _too_wide(n, [c for c in r[width:] if c is not None], sheet)
            for n, r in body
            if any(c is not None for c in r[width:])
        )[:1000],
    )


def _columns(
    header: Row, body: list[tuple[int, Row]], known: frozenset[str]
) -> tuple[tuple[str, ...], list[tuple[int, Row]]]:
    """Return the headers, joined with a second header row, and the rows below them."""
    names = [c or "" for c in header]
    while len(names) > 1 and not names[-1]:
        names.pop()
    if body and _is_second_header(names, body[0][1], known):
        second = body[0][1]
        names += [""] * (len(second) - len(names))
        names = [(second[i] if i < len(second) else None) or n for i, n in enumerate(names)]
        body = body[1:]
    if body and _is_numbering(body[0][1], len(names)):
        body = body[1:]
    return tuple(names), body


def _is_second_header(names: list[str], row: Row, known: frozenset[str]) -> bool:
    """Tell a row that names the parts of merged headers ('TPS' over 'Reguler', 'Khusus')."""
    filled = [(i, c) for i, c in enumerate(row) if c is not None]
    gaps = [i for i, _ in filled if i >= len(names) or not names[i]]
    words = all(not any(ch.isdigit() for ch in c) or plain_name(c) in known for _, c in filled)
    named = sum(bool(n) for n in names)
    return bool(gaps) and words and len(filled) < named + len(gaps)


def _is_numbering(row: Row, width: int) -> bool:
    """Tell the row '1 2 3 4 …' that official tables carry under their header."""
    cells = [c for c in row[:width] if c is not None]
    wanted = [str(i) for i in range(1, len(cells) + 1)]
    return (
        len(cells) > _SMALLEST_TABLE and [c.strip("()").removesuffix(".0") for c in cells] == wanted
    )


def _too_wide(number: int, extra: list[str], sheet: str | None) -> Problem:
    return Problem(
        code="too_many_cells",
        message=Text(
            "baris punya lebih banyak sel daripada judul", "the row has more cells than the header"
        ),
        remedy=Text(
            "Periksa tanda pemisah dalam teks; beri tanda kutip.",
            "Look for a separator inside a text; put it in quotes.",
        ),
        row=number,
        value=", ".join(extra)[:80],
        where=sheet,
    )
