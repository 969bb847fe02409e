"""Published totals become FIGURES rows: one row per subject, measure, election and source.

Three layouts are read: counts per area in columns (dpt, L, P, n_tps, ...), a list of stages
(`tahap`: "DPT Pilkada 2024"), and the long form (subject, measure, stage, value).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from sispamkota.kernel.cells import CellError, date_of
from sispamkota.kernel.errors import Problem
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable, plain_name
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import LEVELS, TPS_DIGITS
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.common import Intake, Sheet, footer_values
from sispamkota.territory.model import Territory

Row = dict[str, Any]
_STAGE = re.compile(r"(pemilu|pilkada|pilpres|pileg|pilgub)\D*(\d{4})")
_LISTS = ("dpt", "dps", "dpshp", "dptb", "dpk")
# column → (measure, election fixed by the column's own year)
_MEASURES: dict[str, tuple[str, str | None]] = {
    "dpt": ("dpt", None),
    "dpt_male": ("dpt_male", None),
    "dpt_female": ("dpt_female", None),
    "dpt_read": ("dpt_read", None),
    "tps_read": ("tps_read", None),
    "tps": ("tps", None),
    "tps_regular": ("tps_regular", None),
    "tps_khusus": ("tps_khusus", None),
    "desa_count": ("desa", None),
    "dpt_read_2019": ("dpt_read", "pemilu_2019"),
    "tps_2019": ("tps", "pemilu_2019"),
    "tps_read_2019": ("tps_read", "pemilu_2019"),
}
# column → suffix of the voter list that the row or the file is about
_LIST_COLUMNS = {"value": "", "total": "", "male": "_male", "female": "_female"}


def parse_figures(
    table: RawTable,
    source: Source,
    mapping: Mapping[str, str],
    known: Territory,
    stage: str,
) -> Intake:
    """Read totals; a figure later than another stands beside it, never in its place.

    Where a file gives both an estimated DPT and the part that was really read, the difference is
    kept as `estimated`. Figures without an area code are about the regency of the workspace.

    Args:
        table: the file.
        source: who says so, and for which day, where a row does not say itself.
        mapping: known column → header, where recognition does not do.
        known: what the workspace knows already (the regency).
        stage: the election meant where the file does not say (`pemilu_2024`).

    Returns:
        An intake with `figures`.

    Raises:
        DomainError: `bad_input` with every problem of the file.
    """
    sheet = Sheet.open(table, columns.FIGURES, mapping)
    subjects = _subjects(sheet, known)
    origins = _origins(sheet, source)
    read = _long if "measure" in sheet else _wide
    rows = read(sheet, subjects, stage)
    if not rows and not sheet.findings:
        sheet.findings.add(_nothing_measured())
    for row in rows:
        row["source"], row["as_of"] = origins[row.pop("index")]
    sheet.finish()
    rows += _footers(sheet, rows, stage, source)
    frame = pl.DataFrame(rows, schema=frames.FIGURES)
    return Intake(
        frames={"figures": frame}, ignored=sheet.ignored(), notes=_notes(sheet, rows, stage)
    )


def _subjects(sheet: Sheet, known: Territory) -> list[str | None]:
    if "subject" in sheet:
        return sheet.codes("subject", (*LEVELS, TPS_DIGITS))
    regencies = known.of_level("kabupaten_kota")["code"].to_list() or sorted(
        {c[:4] for c in known.areas["code"] if len(c) > 4}  # noqa: PLR2004  (digits of a regency)
    )
    if len(regencies) != 1:
        sheet.findings.add(_whose(sheet))
        return [None] * len(sheet)
    return [regencies[0]] * len(sheet)


def _origins(sheet: Sheet, source: Source) -> list[tuple[str, dt.date]]:
    names, urls = sheet.texts("source"), sheet.texts("url")
    result: list[tuple[str, dt.date]] = []
    for i, cell in enumerate(sheet.texts("as_of")):
        as_of = source.as_of
        try:
            as_of = date_of(cell) or as_of
        except CellError as error:
            sheet.problem(i, "as_of", "bad_cell", error.message, error.remedy)
        name = names[i] or source.name
        url = urls[i]
        result.append((f"{name} {url}" if url else name, as_of))
    return result


def stage_of(words: str | None) -> str | None:
    """Return the election that words name: 'DPT Pilkada 2024' → 'pilkada_2024'."""
    match = _STAGE.search((words or "").lower().replace("_", " "))
    return f"{match.group(1)}_{match.group(2)}" if match else None


def _list_of(words: str | None) -> str | None:
    """Return the voter list that words name (dps, dpt, dptb, ...)."""
    said = plain_name(words or "").split("_")
    return next((name for name in said if name in _LISTS), None)


def _long(sheet: Sheet, subjects: list[str | None], stage: str) -> list[Row]:
    values, estimated = sheet.wholes("value"), sheet.wholes("estimated")
    stages, bases = sheet.texts("stage"), sheet.texts("basis")
    rows = []
    for i, name in enumerate(sheet.texts("measure")):
        if name is None or values[i] is None:
            if not any(p.row == sheet.row_number(i) for p in sheet.findings.problems[-3:]):
                sheet.problem(i, "value" if name else "measure", "missing_value", *_empty())
            continue
        own = stages[i]
        rows.append(
            _row(i, subjects[i], plain_name(name), plain_name(own) if own else stage, values[i],
                 estimated[i] or 0, bases[i])
        )  # fmt: skip
    return rows


def _wide(sheet: Sheet, subjects: list[str | None], stage: str) -> list[Row]:
    stages = sheet.texts("stage")
    bases = sheet.texts("basis")
    read = {name: sheet.wholes(name) for name in (*_MEASURES, *_LIST_COLUMNS) if name in sheet}
    estimated = _estimated(sheet, read)
    # Without a stage column a bare L/P/jumlah is the list that the file's own name says, else DPT.
    default_list = _list_of(sheet.table.file) or "dpt"
    rows: list[Row] = []
    for i in range(len(sheet)):
        own = stage_of(stages[i]) or stage
        voters = _list_of(stages[i]) or default_list
        for name, values in read.items():
            value = values[i]
            if value is None:
                continue
            measure, fixed = _MEASURES.get(name) or (voters + _LIST_COLUMNS[name], None)
            part = estimated[i] if name == "dpt" else 0
            rows.append(_row(i, subjects[i], measure, fixed or own, value, part, bases[i]))
    return rows


def _estimated(sheet: Sheet, read: Mapping[str, list[int | None]]) -> list[int]:
    """Return how much of each row's DPT is an estimate."""
    if "estimated" in sheet:
        return [n or 0 for n in sheet.wholes("estimated")]
    if "dpt" in sheet and "estimasi" in plain_name(sheet.header_of("dpt")):
        known = read.get("dpt_read") or [0] * len(sheet)
        return [max((a or 0) - (b or 0), 0) for a, b in zip(read["dpt"], known, strict=True)]
    return [0] * len(sheet)


def _row(
    index: int, subject: str | None, measure: str, stage: str, value: int | None,
    estimated: int, basis: str | None,
) -> Row:  # fmt: skip
    if basis is None and estimated:
        basis = "sebagian perkiraan / partly an estimate"
    return {
        "index": index, "subject": subject, "measure": measure, "stage": stage, "value": value,
        "estimated": estimated, "basis": basis,
    }  # fmt: skip


def _footers(sheet: Sheet, rows: list[Row], stage: str, source: Source) -> list[Row]:
    """Keep the totals of a JUMLAH row as figures of the area that all rows share."""
    codes = sorted({r["subject"] for r in rows if r["subject"]})
    if not sheet.footer or not codes:
        return []
    low, high = codes[0], codes[-1]
    shared = [low[:n] for n in LEVELS if n < len(low) and low[:n] == high[:n]]
    if not shared:
        return []
    voters = _list_of(sheet.table.file) or "dpt"
    totals = []
    for name in (*_MEASURES, *_LIST_COLUMNS):
        for row_number, value in footer_values(sheet, name)[-1:]:
            measure, fixed = _MEASURES.get(name) or (voters + _LIST_COLUMNS[name], None)
            totals.append(
                {
                    "subject": shared[-1], "measure": measure, "stage": fixed or stage,
                    "value": value, "estimated": 0,
                    "basis": f"baris jumlah / footer row {row_number}",
                    "source": source.name, "as_of": source.as_of,
                }
            )  # fmt: skip
    return totals


def _notes(sheet: Sheet, rows: list[Row], stage: str) -> tuple[Text, ...]:
    notes = []
    if "stage" not in sheet:
        notes.append(
            Text(f"angka dianggap milik {stage}", f"figures are taken as those of {stage}")
        )
    estimated = sum(r["estimated"] for r in rows)
    if estimated:
        notes.append(
            Text(
                f"{estimated} pemilih di antaranya perkiraan",
                f"{estimated} of the voters are an estimate",
            )
        )
    return tuple(notes)


def _whose(sheet: Sheet) -> Problem:
    return Problem(
        code="no_subject",
        message=Text(
            "tidak jelas angka ini milik wilayah mana",
            "which area the figures are about is not clear",
        ),
        remedy=Text(
            "Tambahkan kolom kode wilayah, atau impor daftar wilayah dulu.",
            "Add a column with the area code, or import the areas first.",
        ),
        where=sheet.table.sheet,
    )


def _nothing_measured() -> Problem:
    known = "dpt, l, p, jumlah, n_tps, measure + value"
    return Problem(
        code="missing_column",
        message=Text(
            "tidak ada kolom angka yang dikenal", "there is no column with a known figure"
        ),
        remedy=Text(
            f"Beri judul salah satu dari: {known}; atau petakan kolomnya (--map dpt=JUDUL).",
            f"Name a column one of: {known}; or map a column (--map dpt=HEADER).",
        ),
        row=1,
        column="value",
    )


def _empty() -> tuple[Text, Text]:
    return (
        Text("ukuran atau nilainya kosong", "the measure or its value is empty"),
        Text("Isi keduanya, atau hapus barisnya.", "Enter both, or remove the row."),
    )
