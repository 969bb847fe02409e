"""The XLSX workbook: situation, TPS, need, beats, teams, uncovered, sources; its sums are live."""

from __future__ import annotations

import io
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import CLASS_SHORT, FORCE_TEXT, GROUPING_TEXT, day, span, word
from sispamkota.reports.sheet import (
    HEADER_ROW,
    INK,
    fill_table,
    formula,
    header,
    new_sheet,
    paint_class,
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
    TPS_COLUMNS,
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
    "beats": Text("Beat", "Beats"),
    "teams": Text("Tim", "Teams"),
    "uncovered": Text("Tidak terjaga", "Uncovered"),
    "sources": Text("Sumber", "Sources"),
}


def workbook_bytes(situation: Situation, lang: Lang) -> bytes:
    """Return the workbook as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = situation.name
    book.properties.creator = "Sispamkota"
    book.calculation.fullCalcOnLoad = True
    tps = tps_table(situation, lang)
    _situation_sheet(book, situation, tps, lang)
    _plain_sheet(book, situation, tps, lang)
    _need_sheet(book, situation, lang)
    for table in (beat_table(situation, lang), team_table(situation, lang)):
        _plain_sheet(book, situation, table, lang, summed=True)
    _plain_sheet(book, situation, uncovered_table(situation, lang), lang)
    _sources_sheet(book, situation, lang)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain_sheet(
    book: Workbook, situation: Situation, table: Table, lang: Lang, *, summed: bool = False
) -> None:
    sheet = new_sheet(book, SHEETS[table.name], table.title, situation, lang)
    last = fill_table(sheet, table, lang)
    if last == HEADER_ROW:
        none = Text("Tidak ada baris.", "No rows.")
        put(sheet.cell(HEADER_ROW + 1, 1), none.in_(lang))
    elif summed:
        _totals(sheet, table.columns, last, lang)


_SUMMED = {"tps_count", "travel_s", "travel_to_post_s", "size"}


def _totals(sheet: Worksheet, columns: tuple[Column, ...], last: int, lang: Lang) -> None:
    """Add the sum of all rows and of the rows that a filter leaves in sight."""
    words = (
        (Text("Jumlah", "Total"), "SUM({})"),
        (Text("Jumlah tersaring", "Total of filtered rows"), "SUBTOTAL(109,{})"),
    )
    for row, (text, call) in enumerate(words, start=last + 2):
        put(sheet.cell(row, 1), text.in_(lang))
        sheet.cell(row, 1).font = Font(bold=True, color=INK)
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
    header(sheet, HEADER_ROW, [c.head.in_(lang) for c in columns])
    sheet.row_dimensions[HEADER_ROW].height = 45
    widths(sheet, (c.width for c in columns))
    for row in range(HEADER_ROW + 1, last + 1):
        for i, end in enumerate(("low", "high"), start=len(table.columns) + 1):
            needed, have = f"{at[f'required_{end}']}{row}", f"{at['available']}{row}"
            formula(sheet.cell(row, i), f'IF(OR({needed}="",{have}=""),"",{needed}-{have})')
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}"
    if last > HEADER_ROW:
        _totals(sheet, columns, last, lang)
    _pattern_block(sheet, situation, last + 6, lang)


def _pattern(situation: Situation) -> str:
    return str((situation.plan or {}).get("pattern") or situation.pattern or "–")


def _pattern_block(sheet: Worksheet, situation: Situation, row: int, lang: Lang) -> None:
    """Write need under each doctrine pattern: one row per pattern, grouping and force."""
    heads = (
        Text("Pola", "Pattern"), Text("Pengelompokan", "Grouping"), Text("Kekuatan", "Force"),
        Text("Tim", "Teams"), Text("Perlu (terendah)", "Needed (low)"),
        Text("Perlu (tertinggi)", "Needed (high)"), Text("Tersedia", "Available"),
        Text("Selisih terendah", "Gap, low"), Text("Selisih tertinggi", "Gap, high"),
    )  # fmt: skip
    put(sheet.cell(row - 1, 1), Text("Semua pola doktrin", "All doctrine patterns").in_(lang))
    sheet.cell(row - 1, 1).font = Font(bold=True, size=12, color=INK)
    header(sheet, row, [h.in_(lang) for h in heads])
    for entry in situation.need:
        for strength in strengths(entry):
            row += 1
            put(sheet.cell(row, 1), str(entry.get("name", "")))
            put(sheet.cell(row, 2), word(GROUPING_TEXT, entry.get("grouping"), lang))
            put(sheet.cell(row, 3), word(FORCE_TEXT, strength.force, lang))
            put(sheet.cell(row, 4), span(entry.get("teams"))[1], "int")
            put(sheet.cell(row, 5), strength.required[0], "int")
            put(sheet.cell(row, 6), strength.required[1], "int")
            put(sheet.cell(row, 7), strength.available, "int")
            formula(sheet.cell(row, 8), f'IF(OR(E{row}="",G{row}=""),"",E{row}-G{row})')
            formula(sheet.cell(row, 9), f'IF(OR(F{row}="",G{row}=""),"",F{row}-G{row})')


def _situation_sheet(book: Workbook, situation: Situation, tps: Table, lang: Lang) -> None:
    title = Text("Situasi dan rencana pengamanan TPS", "Situation and guard plan of the TPS")
    sheet = new_sheet(book, SHEETS["situation"], title, situation, lang)
    widths(sheet, (34, 18, 18, 18, 60))
    header(sheet, HEADER_ROW, [Text("Kelas", "Class").in_(lang), "TPS"])
    span_of = _tps_column("class", tps.frame.height)
    row = HEADER_ROW
    for row, name in enumerate(CLASSES, start=HEADER_ROW + 1):
        put(sheet.cell(row, 1), CLASS_SHORT[name])
        paint_class(sheet.cell(row, 1), CLASS_SHORT[name])
        formula(sheet.cell(row, 2), f"COUNTIF({span_of},A{row})")
    row += 1
    put(sheet.cell(row, 1), Text("Jumlah", "Total").in_(lang))
    formula(sheet.cell(row, 2), f"SUM(B{HEADER_ROW + 1}:B{row - 1})", total=True)
    for label, value in _facts(situation, lang):
        row += 1
        put(sheet.cell(row + 1, 1), label)
        cell = sheet.cell(row + 1, 2)
        put(cell, value, "int")
        if isinstance(value, str):
            sheet.merge_cells(start_row=row + 1, end_row=row + 1, start_column=2, end_column=5)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[row + 1].height = 15 * (1 + len(value) // 95)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"


def _tps_column(key: str, rows: int) -> str:
    letter = get_column_letter([c.key for c in TPS_COLUMNS].index(key) + 1)
    return f"TPS!${letter}${HEADER_ROW + 1}:${letter}${HEADER_ROW + max(rows, 1)}"


def _facts(situation: Situation, lang: Lang) -> list[tuple[str, Any]]:
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
    return shown + [(note, text.in_(lang)) for text in notes(situation)]


def _sources_sheet(book: Workbook, situation: Situation, lang: Lang) -> None:
    title = Text("Sumber, ketidakcocokan, sertifikat", "Sources, mismatches, certificate")
    sheet = new_sheet(book, SHEETS["sources"], title, situation, lang)
    widths(sheet, (30, 60, 18, 16, 50))
    heads = (
        Text("Data", "Data"),
        Text("Sumber", "Source"),
        Text("Per tanggal", "As of"),
        Text("Baris", "Rows"),
    )
    header(sheet, HEADER_ROW, [h.in_(lang) for h in heads])
    row = HEADER_ROW
    for row, item in enumerate(source_rows(situation), start=HEADER_ROW + 1):
        put(sheet.cell(row, 1), item.what.in_(lang))
        put(sheet.cell(row, 2), item.source)
        put(sheet.cell(row, 3), day(item.as_of, lang))
        put(sheet.cell(row, 4), item.rows, "int")
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.auto_filter.ref = f"A{HEADER_ROW}:D{max(row, HEADER_ROW + 1)}"
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    row = _mismatch_block(sheet, situation, row + 2, lang)
    row = _heading(
        sheet, row + 1, Text("Sertifikat dan asumsi", "Certificate and assumptions").in_(lang)
    )
    for name, value in certificate_rows(situation, lang):
        put(sheet.cell(row, 1), name)
        put(sheet.cell(row, 2), value)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1


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
    header(sheet, row, [h.in_(lang) for h in heads])
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
        for column in (1, 2):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    return row + 1


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    put(sheet.cell(row, 1), text)
    sheet.cell(row, 1).font = Font(bold=True, size=12, color=INK)
    return row + 1
