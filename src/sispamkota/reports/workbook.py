"""The XLSX workbook: situation, TPS, need, beats, teams, uncovered, sources; its sums are live."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import CLASS_SHORT, FORCE_TEXT, GROUPING_TEXT, day, span, word
from sispamkota.reports.sheet import (
    HEADER_ROW,
    fill_table,
    fit_rows,
    formula,
    header,
    ink,
    new_sheet,
    paint_class,
    print_columns,
    put,
    widths,
)
from sispamkota.reports.situation import CLASSES, Situation
from sispamkota.reports.sources import certificate_rows, mismatch_rows, notes, source_rows
from sispamkota.reports.summary import (
    certificate_sentence,
    khusus_count,
    strengths,
    uncertain_count,
)
from sispamkota.reports.tables import (
    Column,
    Table,
    beat_table,
    need_table,
    team_table,
    tps_table,
    uncovered_table,
)

SHEETS = {
    "situation": Text("Situasi", "Situation"),
    "tps": Text("TPS", "TPS"),
    "need": Text("Kebutuhan", "Need"),
    "patterns": Text("Pola", "Patterns"),
    "beats": Text("Beat", "Beats"),
    "teams": Text("Tim", "Teams"),
    "uncovered": Text("Tidak terjaga", "Uncovered"),
    "sources": Text("Sumber", "Sources"),
}
# Columns for work on the screen: they stand last, outside of the printed area.
SCREEN_ONLY = {
    "tps": (
        "desa",
        "computed_class",
        "override_reason",
        "low",
        "high",
        "position",
        "lon",
        "lat",
        "beat",
    ),
}
PATTERN_COLUMNS = tuple(
    Column(key=key, head=Text(ind, en), kind=kind, width=width)
    for key, ind, en, kind, width in (
        ("pattern", "Pola", "Pattern", "text", 28),
        ("grouping", "Pengelompokan", "Grouping", "text", 20),
        ("force", "Kekuatan", "Force", "text", 14),
        ("teams", "Tim", "Teams", "int", 10),
        ("required_low", "Perlu (terendah)", "Needed (low)", "int", 13),
        ("required_high", "Perlu (tertinggi)", "Needed (high)", "int", 13),
        ("available", "Tersedia", "Available", "int", 12),
        ("short_low", "Selisih terendah", "Gap, low", "int", 13),
        ("short_high", "Selisih tertinggi", "Gap, high", "int", 13),
    )
)


def workbook_bytes(situation: Situation, lang: Lang) -> bytes:
    """Return the workbook as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = situation.name
    book.properties.creator = "Sispamkota"
    book.calculation.fullCalcOnLoad = True
    tps = _for_print(tps_table(situation, lang))
    _situation_sheet(book, situation, tps, lang)
    _plain_sheet(book, situation, tps, lang)
    _need_sheet(book, situation, lang)
    _patterns_sheet(book, situation, lang)
    for table in (beat_table(situation, lang), team_table(situation, lang)):
        _plain_sheet(book, situation, table, lang, summed=True)
    _plain_sheet(book, situation, uncovered_table(situation, lang), lang)
    _sources_sheet(book, situation, lang)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain_sheet(
    book: Workbook, situation: Situation, table: Table, lang: Lang, *, summed: bool = False
) -> Worksheet:
    sheet = new_sheet(book, SHEETS[table.name], table.title, situation, lang)
    last = fill_table(sheet, table, lang)
    if last == HEADER_ROW:
        none = Text("Tidak ada baris.", "No rows.")
        put(sheet.cell(HEADER_ROW + 1, 1), none.in_(lang))
    elif summed:
        _totals(sheet, table.columns, last, lang)
    print_columns(sheet, len(table.columns) - len(SCREEN_ONLY.get(table.name, ())))
    return sheet


def _for_print(table: Table) -> Table:
    """Move the columns that are for the screen only behind the printed ones."""
    last = SCREEN_ONLY[table.name]
    columns = tuple(sorted(table.columns, key=lambda c: c.key in last))
    return replace(table, columns=columns)


_SUMMED = {"tps_count", "travel_s", "travel_to_post_s", "size"}


def _totals(sheet: Worksheet, columns: tuple[Column, ...], last: int, lang: Lang) -> None:
    """Add the sum of all rows and of the rows that a filter leaves in sight."""
    words = (
        (Text("Jumlah", "Total"), "SUM({})"),
        (Text("Jumlah tersaring", "Total of filtered rows"), "SUBTOTAL(109,{})"),
    )
    for row, (text, call) in enumerate(words, start=last + 2):
        put(sheet.cell(row, 1), text.in_(lang))
        sheet.cell(row, 1).font = ink()
        for i, column in enumerate(columns, start=1):
            if column.key in _SUMMED or column.key in _NEED_SUMMED:
                letter = get_column_letter(i)
                cells = f"{letter}{HEADER_ROW + 1}:{letter}{last}"
                formula(sheet.cell(row, i), call.format(cells), column.kind, total=True)


_NEED_SUMMED = {
    *("tps", "kurang_rawan", "rawan", "sangat_rawan", "khusus", "teams"),
    *("required_low", "required_high", "available", "uncovered", "short_low", "short_high"),
}


def _need_sheet(book: Workbook, situation: Situation, lang: Lang) -> None:
    table = need_table(situation, lang)
    title = Text(
        f"Kebutuhan dan selisih: {_pattern(situation)}", f"Need and gap: {_pattern(situation)}"
    )
    sheet = new_sheet(book, SHEETS["need"], title, situation, lang)
    last = fill_table(sheet, table, lang, freeze="C6")
    at = {c.key: get_column_letter(i) for i, c in enumerate(table.columns, start=1)}
    shorts = tuple(
        Column(key=f"short_{end}", head=head, kind="int", width=12)
        for end, head in (
            ("low", Text("Selisih terendah (perlu − rencana)", "Gap, low (needed − plan)")),
            (
                "high",
                Text("Selisih tertinggi (perlu − rencana)", "Gap, high (needed − plan)"),
            ),
        )
    )
    columns = (*table.columns, *shorts)
    header(sheet, HEADER_ROW, [c.head.in_(lang) for c in columns], [c.kind for c in columns])
    widths(sheet, (c.width for c in columns))
    fit_rows(sheet, HEADER_ROW, HEADER_ROW)
    for row in range(HEADER_ROW + 1, last + 1):
        for i, end in enumerate(("low", "high"), start=len(table.columns) + 1):
            needed, have = f"{at[f'required_{end}']}{row}", f"{at['available']}{row}"
            formula(sheet.cell(row, i), f'IF(OR({needed}="",{have}=""),"",{needed}-{have})')
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}"
    if last > HEADER_ROW:
        _totals(sheet, columns, last, lang)


def _pattern(situation: Situation) -> str:
    return str((situation.plan or {}).get("pattern") or situation.pattern or "–")


def _patterns_sheet(book: Workbook, situation: Situation, lang: Lang) -> None:
    """Write need under each doctrine pattern: one row per pattern, grouping and force."""
    rows = [
        {
            "pattern": str(entry.get("name", "")),
            "grouping": word(GROUPING_TEXT, entry.get("grouping"), lang),
            "force": word(FORCE_TEXT, strength.force, lang),
            "teams": span(entry.get("teams"))[1],
            "required_low": strength.required[0],
            "required_high": strength.required[1],
            "available": strength.available,
        }
        for entry in situation.need
        for strength in strengths(entry)
    ]
    schema = {c.key: pl.Float64() if c.kind == "int" else pl.String() for c in PATTERN_COLUMNS}
    title = Text("Kebutuhan menurut semua pola doktrin", "Need under all doctrine patterns")
    frame = pl.DataFrame(rows, schema=schema)
    table = Table(name="patterns", title=title, columns=PATTERN_COLUMNS, frame=frame)
    sheet = _plain_sheet(book, situation, table, lang)
    for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + frame.height):
        for gap, needed in (("H", "E"), ("I", "F")):
            empty = f'OR({needed}{row}="",G{row}="")'
            formula(sheet[f"{gap}{row}"], f'IF({empty},"",{needed}{row}-G{row})')


def _situation_sheet(book: Workbook, situation: Situation, tps: Table, lang: Lang) -> None:
    title = Text("Situasi dan rencana pengamanan TPS", "Situation and guard plan of the TPS")
    sheet = new_sheet(book, SHEETS["situation"], title, situation, lang)
    widths(sheet, (34, 14, 18, 18, 60))
    header(sheet, HEADER_ROW, [Text("Kelas", "Class").in_(lang), "TPS"], ["text", "int"])
    span_of = _column_cells(tps, "class")
    row = HEADER_ROW
    for row, name in enumerate(CLASSES, start=HEADER_ROW + 1):
        put(sheet.cell(row, 1), CLASS_SHORT[name])
        paint_class(sheet.cell(row, 1), CLASS_SHORT[name])
        formula(sheet.cell(row, 2), f"COUNTIF({span_of},A{row})")
    row += 1
    put(sheet.cell(row, 1), Text("Jumlah", "Total").in_(lang))
    formula(sheet.cell(row, 2), f"SUM(B{HEADER_ROW + 1}:B{row - 1})", total=True)
    for block in _facts(situation, lang):
        row += 1
        for label, value in block:
            row += 1
            put(sheet.cell(row, 1), label)
            put(sheet.cell(row, 2), value, "int")
            if isinstance(value, str):
                sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=5)
    fit_rows(sheet, HEADER_ROW, row)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"


def _column_cells(table: Table, key: str) -> str:
    """Return the address of a column's cells on the sheet of TPS."""
    letter = get_column_letter([c.key for c in table.columns].index(key) + 1)
    return f"TPS!${letter}${HEADER_ROW + 1}:${letter}${HEADER_ROW + max(table.frame.height, 1)}"


def _facts(situation: Situation, lang: Lang) -> tuple[list[tuple[str, Any]], ...]:
    """Return what is known: figures (to the right in their column), then words."""
    plan = situation.plan or {}
    open_tps = sum((plan.get("tps_uncovered") or {}).values())
    made = f"{in_wib(situation.made_at):%Y-%m-%d %H:%M} WIB" if situation.made_at else None
    facts: list[tuple[Text, Any]] = [
        (Text("Khusus (termasuk di atas)", "Khusus (included above)"), khusus_count(situation)),
        (Text("Kelas belum pasti", "Class not certain"), uncertain_count(situation)),
        (Text("DPT", "DPT (voters)"), situation.counts.get("dpt")),
        (Text("DPT perkiraan", "DPT, estimated"), situation.counts.get("dpt_estimated")),
        (Text("Pola", "Pattern"), _pattern(situation)),
        (Text("Rencana", "Plan"), plan.get("plan")),
        (Text("TPS terjaga", "TPS covered"), plan.get("tps_covered")),
        (Text("TPS tidak terjaga", "TPS uncovered"), open_tps if plan else None),
        (Text("Tim", "Teams"), plan.get("teams")),
        (Text("Sertifikat", "Certificate"), certificate_sentence(situation.plan, lang)),
        (Text("Dibuat", "Made at"), made),
    ]  # fmt: skip
    shown = [(text.in_(lang), value) for text, value in facts if value is not None]
    note = Text("Catatan", "Note").in_(lang)
    shown += [(note, text.in_(lang)) for text in notes(situation)]
    words = [fact for fact in shown if isinstance(fact[1], str)]
    return [fact for fact in shown if not isinstance(fact[1], str)], words


def _sources_sheet(book: Workbook, situation: Situation, lang: Lang) -> None:
    title = Text("Sumber, ketidakcocokan, sertifikat", "Sources, mismatches, certificate")
    sheet = new_sheet(book, SHEETS["sources"], title, situation, lang)
    widths(sheet, (34, 76, 18, 13, 18))
    heads = (
        Text("Data", "Data"),
        Text("Sumber", "Source"),
        Text("Per tanggal", "As of"),
        Text("Baris", "Rows"),
    )
    header(sheet, HEADER_ROW, [h.in_(lang) for h in heads], ["text", "text", "text", "int"])
    row = HEADER_ROW
    for row, item in enumerate(source_rows(situation), start=HEADER_ROW + 1):
        put(sheet.cell(row, 1), item.what.in_(lang))
        put(sheet.cell(row, 2), item.source)
        put(sheet.cell(row, 3), day(item.as_of, lang))
        put(sheet.cell(row, 4), item.rows, "int")
    sheet.auto_filter.ref = f"A{HEADER_ROW}:D{max(row, HEADER_ROW + 1)}"
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    # Blocks with heads of their own: no page may carry the first one's head over the others.
    sheet.row_breaks.append(Break(id=row + 1))
    row = _mismatch_block(sheet, situation, row + 2, lang)
    row = _heading(
        sheet, row + 1, Text("Sertifikat dan asumsi", "Certificate and assumptions").in_(lang)
    )
    for name, value in certificate_rows(situation, lang):
        put(sheet.cell(row, 1), name)
        put(sheet.cell(row, 2), value)
        row += 1
    fit_rows(sheet, HEADER_ROW, row)


def _mismatch_block(sheet: Worksheet, situation: Situation, row: int, lang: Lang) -> int:
    title = Text(
        "Ketidakcocokan (ditunjukkan, tidak diperbaiki)", "Mismatches (shown, not repaired)"
    )
    row = _heading(sheet, row, title.in_(lang))
    heads = (
        Text("Apa", "What"), Text("Sumber", "Sources"), Text("Tertulis", "Stated"),
        Text("Terhitung", "Computed"),
        Text("Selisih (tertulis − terhitung)", "Difference (stated − computed)"),
    )  # fmt: skip
    header(sheet, row, [h.in_(lang) for h in heads], ["text", "text", "int", "int", "int"])
    for item in mismatch_rows(situation, lang):
        row += 1
        put(sheet.cell(row, 1), f"{item.what} ({item.note})" if item.note else item.what)
        put(sheet.cell(row, 2), item.sources)
        put(sheet.cell(row, 3), item.stated, "int")
        put(sheet.cell(row, 4), item.computed, "int")
        if isinstance(item.stated, int | float) and isinstance(item.computed, int | float):
            formula(sheet.cell(row, 5), f"C{row}-D{row}")
        else:
            put(sheet.cell(row, 5), item.difference)
    return row + 1


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    put(sheet.cell(row, 1), text)
    sheet.cell(row, 1).font = ink(size=12)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
    return row + 1
