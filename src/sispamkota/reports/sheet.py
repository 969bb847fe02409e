"""How one sheet is laid out: title, label, header row, typed cells, print setup.

Rows 1-3 carry title, operation and the CONTOH label; the header is row 5 and stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
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
from sispamkota.reports.tables import Column, Table

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
_WRAPPED_WIDTH = 40


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
        cell.font = Font(bold=True, color=INK)
        cell.border = _TOTAL_BORDER


def new_sheet(
    book: Workbook, name: Text, title: Text, situation: Situation, lang: Lang
) -> Worksheet:
    """Add a sheet with its title block and print setup; the caller fills rows from HEADER_ROW."""
    sheet = book.create_sheet(name.in_(lang))
    put(sheet["A1"], title.in_(lang))
    sheet["A1"].font = Font(bold=True, size=14, color=INK)
    h = Text("Hari H", "Voting day").in_(lang)
    put(sheet["A2"], f"{situation.name} · {h}: {day(situation.voting_day, lang)}")
    label = situation.sample_label()
    if label:
        put(sheet["A3"], label.in_(lang))
        for column in range(1, 9):
            sheet.cell(3, column).fill = PatternFill("solid", start_color=CAUTION[1:])
        sheet["A3"].font = Font(bold=True, color=CAUTION_INK[1:])
    _print_setup(sheet, "CONTOH" if label else "", lang)
    return sheet


def _print_setup(sheet: Worksheet, mark: str, lang: Lang) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if mark:
        sheet.oddHeader.center.text = mark
    sheet.oddFooter.left.text = HANDLING.in_(lang)
    sheet.oddFooter.left.size = 8
    sheet.oddFooter.right.text = Text("Halaman &P dari &N", "Page &P of &N").in_(lang)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def header(sheet: Worksheet, row: int, heads: Sequence[str]) -> None:
    """Write a header row."""
    for i, head in enumerate(heads, start=1):
        cell = sheet.cell(row, i)
        put(cell, head)
        cell.font = Font(bold=True, color=INK)
        cell.fill = _HEAD_FILL
        cell.border = _HEAD_BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def widths(sheet: Worksheet, sizes: Iterable[float]) -> None:
    """Set column widths in characters."""
    for i, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = size


def fill_table(sheet: Worksheet, table: Table, lang: Lang, *, freeze: str = "B6") -> int:
    """Write a table with filter and frozen header; return the number of its last row."""
    header(sheet, HEADER_ROW, [c.head.in_(lang) for c in table.columns])
    sheet.row_dimensions[HEADER_ROW].height = 30
    columns = [_cells(table.frame[c.key], c, lang) for c in table.columns]
    last = HEADER_ROW
    for last, row in enumerate(zip(*columns, strict=True), start=HEADER_ROW + 1):
        for i, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            cell = sheet.cell(last, i)
            put(cell, value, column.kind)
            if column.kind == "class":
                paint_class(cell, value)
            if column.width >= _WRAPPED_WIDTH:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    widths(sheet, (c.width for c in table.columns))
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
_FONTS = {c: Font(color=ink[1:]) for c, ink in CLASS_INK.items()}


def paint_class(cell: Cell, shown: object) -> None:
    """Give a class cell its colour with readable ink; the word stays, for colour never suffices."""
    code = _CODE_OF.get(str(shown))
    if code:
        cell.fill = _FILLS[code]
        cell.font = _FONTS[code]
