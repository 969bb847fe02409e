"""How one sheet is laid out: title, label, header row, typed cells, print setup.

Rows 1-3 carry title, operation and the CONTOH label; the header is row 5 and stays in sight.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.labels import (
    CAUTION,
    CAUTION_INK,
    CERTAINTY_TEXT,
    CLASS_COLOUR,
    CLASS_INK,
    CLASS_SHORT,
    HANDLING,
    POSITION_TEXT,
    day,
    word,
)
from sispamkota.reports.situation import Situation
from sispamkota.reports.tables import Column, Kind, Table

HEADER_ROW = 5
LONGEST_CELL = 32_767  # what a spreadsheet cell may hold

INK, RULE, GROUND = "17222B", "D5D8D2", "F4F5F2"
_LINE = Side(style="thin", color=RULE)
_HEAD_FILL = PatternFill("solid", start_color=GROUND)
_HEAD_BORDER = Border(bottom=Side(style="thin", color=INK))
_TOTAL_BORDER = Border(top=Side(style="thin", color=INK))
_FORMATS = {
    "int": "#,##0",
    "float": "#,##0.0",
    "minutes": "#,##0.0",
    "degree": "0.00000",
    "percent": "0.0%",
    "code": "@",
    "text": "@",
}
_NUMBERS = {"int", "float", "minutes", "degree", "percent"}
_LINE_HEIGHT, _TALLEST = 15.0, 405.0  # points; a row cannot be higher than 409
_PADDING, _BOLD = 1.0, 1.15  # characters lost to a cell's edges; bold letters are wider
_NARROW = frozenset(" .,:;'!|()[]ijltfrI-/")
_PIECES = re.compile(r"[^\s-]+-?\s*|-\s*")


def ink(*, bold: bool = True, size: float = 11, colour: str = INK) -> Font:
    """Return the workbook's font: a style without a name would fall back to a serif face."""
    return Font(name="Calibri", family=2, size=size, bold=bold, color=colour)


def put(cell: Cell, value: object, kind: str = "text") -> None:
    """Write a value; text stays text even where it begins like a formula."""
    if value is None:
        return
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
        cell.data_type = "s"
        cell.number_format = "@"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    else:
        cell.value = value
        cell.number_format = _FORMATS.get(kind, "General")


def formula(cell: Cell, expression: str, kind: str = "int", *, total: bool = False) -> None:
    """Write a live formula (of ours, never of an input)."""
    cell.value = f"={expression}"
    cell.number_format = _FORMATS.get(kind, "General")
    if total:
        cell.font = ink()
        cell.border = _TOTAL_BORDER


def new_sheet(
    book: Workbook, name: Text, title: Text, situation: Situation, lang: Lang
) -> Worksheet:
    """Add a sheet with its title block and print setup; the caller fills rows from HEADER_ROW."""
    sheet = book.create_sheet(name.in_(lang))
    put(sheet["A1"], title.in_(lang))
    sheet["A1"].font = ink(size=14)
    h = Text("Hari H", "Voting day").in_(lang)
    put(sheet["A2"], f"{situation.name} · {h}: {day(situation.voting_day, lang)}")
    label = situation.sample_label()
    if label:
        put(sheet["A3"], label.in_(lang))
        sheet["A3"].font = ink(colour=CAUTION_INK[1:])
    _print_setup(sheet, "CONTOH" if label else "", lang)
    return sheet


def _print_setup(sheet: Worksheet, mark: str, lang: Lang) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.top = sheet.page_margins.bottom = 0.65
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    if mark:
        sheet.oddHeader.center.text = mark
    sheet.oddFooter.left.text = HANDLING.in_(lang)
    sheet.oddFooter.left.size = 8
    sheet.oddFooter.right.text = Text("Halaman &P dari &N", "Page &P of &N").in_(lang)


def header(sheet: Worksheet, row: int, heads: Sequence[str], kinds: Sequence[Kind] = ()) -> None:
    """Write a header row; heads of numbers stand at the right, above their numbers."""
    for i, head in enumerate(heads, start=1):
        cell = sheet.cell(row, i)
        put(cell, head)
        cell.font = ink()
        cell.fill = _HEAD_FILL
        cell.border = _HEAD_BORDER
        cell.alignment = _aligned(kinds[:i], wrap_text=True, vertical="top")


def _aligned(kinds: Sequence[Kind], **more: Any) -> Alignment:
    """Align a cell whose column and those before it hold `kinds`: numbers to the right.

    Text just after a column of numbers stands off from it.
    """
    if kinds and kinds[-1] in _NUMBERS:
        return Alignment(horizontal="right", **more)
    apart = len(kinds) > 1 and kinds[-2] in _NUMBERS
    return Alignment(horizontal="left", indent=int(apart), **more)


def widths(sheet: Worksheet, sizes: Iterable[float]) -> None:
    """Set column widths in characters and draw the CONTOH band across these columns."""
    for i, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = size
        if sheet["A3"].value:
            sheet.cell(3, i).fill = PatternFill("solid", start_color=CAUTION[1:])


def fit_rows(sheet: Worksheet, first: int, last: int) -> None:
    """Wrap text that is longer than its column and make its row high enough to show it.

    Spreadsheet programs do not reliably size the rows of a written file themselves; the height
    is reckoned from characters, rather too high than too low.
    """
    room = {
        i: sheet.column_dimensions[get_column_letter(i)].width
        for i in range(1, sheet.max_column + 1)
    }
    merged = {
        (area.min_row, area.min_col): sum(room[i] for i in range(area.min_col, area.max_col + 1))
        for area in sheet.merged_cells.ranges
    }
    for row in sheet.iter_rows(min_row=first, max_row=last):
        lines = {c: _lines(c, merged.get((c.row, c.column), room[c.column])) for c in row}
        most = max(lines.values(), default=1)
        if most == 1:
            continue
        sheet.row_dimensions[row[0].row].height = min(_LINE_HEIGHT * most, _TALLEST)
        for cell, count in lines.items():
            now = cell.alignment
            cell.alignment = Alignment(
                wrap_text=count > 1, vertical="top", horizontal=now.horizontal, indent=now.indent
            )


def _lines(cell: Cell | MergedCell, width: float) -> int:
    """Count the lines of a cell's text, broken at spaces and hyphens."""
    text = cell.value
    if not isinstance(text, str) or cell.data_type == "f":
        return 1
    room = width - _PADDING - cell.alignment.indent
    stretch = _BOLD if cell.font.bold else 1.0
    lines, used = 1, 0.0
    for piece in _PIECES.findall(text):
        word = piece.rstrip()
        size = stretch * sum(map(_letter, word))
        if used and used + size > room:
            lines, used = lines + 1, 0.0
        more = max(math.ceil(size / room) - 1, 0)
        gap = 0.6 * (len(piece) - len(word))
        lines, used = lines + more, used + size - more * room + gap
    return lines


def _letter(char: str) -> float:
    """Return the width of a letter in digits, about as in Calibri and in DejaVu Sans."""
    if char in _NARROW:
        return 0.6
    if char in "mwMW%@":
        return 1.5
    return 1.15 if char.isupper() else 1.0


def print_columns(sheet: Worksheet, count: int) -> None:
    """Print the first `count` columns only; the others are for the screen."""
    sheet.print_area = f"A1:{get_column_letter(count)}{sheet.max_row}"


def fill_table(sheet: Worksheet, table: Table, lang: Lang, *, freeze: str = "B6") -> int:
    """Write a table with filter and frozen header; return the number of its last row."""
    heads = [c.head.in_(lang) for c in table.columns]
    kinds = [c.kind for c in table.columns]
    header(sheet, HEADER_ROW, heads, kinds)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    aligned = [_aligned(kinds[:i]) for i in range(1, len(kinds) + 1)]
    columns = [_cells(table.frame[c.key], c, lang) for c in table.columns]
    last = HEADER_ROW
    for last, row in enumerate(zip(*columns, strict=True), start=HEADER_ROW + 1):
        for i, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            cell = sheet.cell(last, i)
            put(cell, value, column.kind)
            if column.kind == "class":
                paint_class(cell, value)
            if aligned[i - 1].indent:
                cell.alignment = aligned[i - 1]
    widths(sheet, (c.width for c in table.columns))
    fit_rows(sheet, HEADER_ROW, last)
    height = sheet.row_dimensions[HEADER_ROW].height or _LINE_HEIGHT
    sheet.row_dimensions[HEADER_ROW].height = max(height, 2 * _LINE_HEIGHT)  # room for filters
    sheet.freeze_panes = freeze
    edge = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{edge}{max(last, HEADER_ROW + 1)}"
    return last


def _cells(series: pl.Series, column: Column, lang: Lang) -> list[Any]:
    values = series.to_list()
    yes = Text("ya", "yes").in_(lang)
    match column.kind:
        case "class":
            return [CLASS_SHORT.get(v, v) for v in values]
        case "certainty":
            return [word(CERTAINTY_TEXT, v, lang) for v in values]
        case "position":
            return [word(POSITION_TEXT, v, lang) for v in values]
        case "bool":
            return [yes if v else "" for v in values]
        case "minutes":
            return [None if v is None else v / 60 for v in values]
        case _:
            return values


_CODE_OF = {short: code for code, short in CLASS_SHORT.items()}
_FILLS = {c: PatternFill("solid", start_color=colour[1:]) for c, colour in CLASS_COLOUR.items()}
_FONTS = {c: ink(bold=False, colour=shade[1:]) for c, shade in CLASS_INK.items()}


def paint_class(cell: Cell, shown: object) -> None:
    """Give a class cell its colour with readable ink; the word stays, for colour never suffices."""
    code = _CODE_OF.get(str(shown))
    if code:
        cell.fill = _FILLS[code]
        cell.font = _FONTS[code]
