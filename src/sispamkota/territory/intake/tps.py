"""TPS lists (one row per TPS) and TPS counts (one row per desa) become TPS rows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sispamkota.kernel.cells import CellError, truth_of
from sispamkota.kernel.errors import Problem
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import (
    DESA_DIGITS,
    KECAMATAN_DIGITS,
    LAST_NUMBER,
    TPS_DIGITS,
    is_khusus,
    tps_code,
)
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.common import Intake, Sheet, some
from sispamkota.territory.intake.places import Gazetteer
from sispamkota.territory.intake.tps_counts import is_count_list, read_counts
from sispamkota.territory.intake.tps_shared import (
    desa_codes,
    fit,
    has_problem,
    list_notes,
    no_number,
    stated_total,
)
from sispamkota.territory.model import Territory

_ACCESS = {
    "road": ("road", "darat", "jalan", "mobil", "car"),
    "motorcycle": ("motorcycle", "motor", "sepeda motor", "roda dua", "roda 2"),
    "boat": ("boat", "perahu", "air", "sungai", "kapal", "speedboat"),
}
_ACCESS_BY_WORD = {word: code for code, words in _ACCESS.items() for word in words}
_KHUSUS_WORDS, _REGULAR_WORDS = (
    ("khusus", "special", "lokasi khusus"),
    ("reguler", "regular", "biasa"),
)


def parse_tps(
    table: RawTable,
    source: Source,
    mapping: Mapping[str, str],
    known: Territory,
    stage: str,
) -> Intake:
    """Read a TPS list, or counts per desa, which become TPS 1..n and 901.. (khusus).

    A desa may be given by code or, where the workspace knows its areas, by name and kecamatan.

    Args:
        table: the file.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        known: what the workspace knows already (areas to check against).
        stage: the election, for a total that a footer row states (`pemilu_2024`).

    Returns:
        An intake with `tps`, and `figures` where the file states a total.

    Raises:
        DomainError: `bad_input` with every problem of the file.
    """
    sheet = Sheet.open(table, columns.TPS, mapping)
    places = Gazetteer.of(known)
    if is_count_list(sheet):
        return read_counts(sheet, source, places, stage)
    return _list(sheet, source, places, stage)


def _list(sheet: Sheet, source: Source, places: Gazetteer, stage: str) -> Intake:
    if "code" not in sheet and "number" not in sheet:
        sheet.findings.add(_nothing_to_count())
        sheet.finish()
    codes = sheet.codes("code", (TPS_DIGITS,))
    numbers = sheet.wholes("number", 1, LAST_NUMBER)
    desa = desa_codes(sheet, places, codes)
    for i in range(len(sheet)):
        codes[i], numbers[i] = _identify(sheet, i, codes[i], numbers[i], desa[i])
    _check_unique(sheet, codes)
    khusus, warnings = _khusus(sheet, numbers)
    lons, lats = sheet.positions("lon", "lat")
    access = _access(sheet)
    sheet.finish()
    frame = pl.DataFrame(
        {
            "code": codes, "desa": desa, "number": numbers, "khusus": khusus,
            "lon": lons, "lat": lats, "access": access, "name": sheet.texts("name"),
        },
        schema_overrides={"lon": pl.Float64, "lat": pl.Float64, "access": pl.String, "name": pl.String},  # noqa: E501
    ).with_columns(
        kecamatan=pl.col("desa").str.slice(0, KECAMATAN_DIGITS),
        position=pl.when(pl.col("lon").is_not_null()).then(pl.lit("surveyed")),
        source=pl.lit(source.name),
        as_of=pl.lit(source.as_of),
    )  # fmt: skip
    frame = fit(frame, frames.TPS)
    return Intake(
        frames={"tps": frame, **stated_total(sheet, "number", frame, source, stage)},
        ignored=sheet.ignored(),
        notes=list_notes(places, frame),
        warnings=warnings,
    )


def _identify(
    sheet: Sheet, i: int, code: str | None, number: int | None, desa: str | None
) -> tuple[str | None, int | None]:
    """Agree TPS code and number of one row; either may be missing, both must not contradict."""
    if code is None:
        if number is None:
            if not has_problem(sheet, i):
                sheet.problem(
                    i, "number" if "number" in sheet else "code", "missing_number", *no_number()
                )
            return None, None
        return (tps_code(desa, number) if desa else None), number
    own = int(code[DESA_DIGITS:])
    if own == 0 or (number is not None and number != own):
        sheet.problem(
            i, "number" if number is not None else "code", "wrong_number",
            Text(f"kode TPS {code} berakhir {own:03d}, bukan nomor {number}",
                 f"TPS code {code} ends in {own:03d}, not in number {number}"),
            Text("Perbaiki kode atau nomornya.", "Correct the code or the number."),
        )  # fmt: skip
    return code, own


def _check_unique(sheet: Sheet, codes: list[str | None]) -> None:
    first: dict[str, int] = {}
    for i, code in enumerate(codes):
        if code is None or first.setdefault(code, i) == i:
            continue
        seen = sheet.row_number(first[code])
        sheet.problem(
            i, "code" if "code" in sheet else "number", "duplicate_tps",
            Text(f"TPS {code} sudah ada di baris {seen}", f"TPS {code} is already in row {seen}"),
            Text("Hapus baris yang ganda atau perbaiki nomornya.",
                 "Remove the duplicate row or correct its number."),
        )  # fmt: skip


def _khusus(sheet: Sheet, numbers: list[int | None]) -> tuple[list[bool], tuple[Text, ...]]:
    flags: list[bool] = []
    differing: list[str] = []
    for i, (word, number) in enumerate(zip(sheet.texts("khusus"), numbers, strict=True)):
        by_number = number is not None and is_khusus(number)
        said = _khusus_word(sheet, i, word)
        flags.append(by_number if said is None else said or by_number)
        if said is not None and said != by_number:
            differing.append(str(sheet.row_number(i)))
    if not differing:
        return flags, ()
    rows = some(differing, 20)
    return flags, (
        Text(
            f"jenis TPS tidak cocok dengan nomornya (901 ke atas = khusus), baris {rows}",
            f"kind of TPS does not fit its number (901 and up = khusus), rows {rows}",
        ),
    )


def _khusus_word(sheet: Sheet, i: int, word: str | None) -> bool | None:
    if word is None:
        return None
    plain = word.lower()
    if plain in _KHUSUS_WORDS or plain in _REGULAR_WORDS:
        return plain in _KHUSUS_WORDS
    try:
        return truth_of(word)
    except CellError as error:
        remedy = Text("Isi reguler atau khusus.", "Enter reguler or khusus.")
        sheet.problem(i, "khusus", "bad_cell", error.message, remedy)
        return None


def _access(sheet: Sheet) -> list[str | None]:
    result: list[str | None] = []
    for i, word in enumerate(sheet.texts("access")):
        code = _ACCESS_BY_WORD.get(word.lower()) if word else None
        if word and code is None:
            known = ", ".join(_ACCESS_BY_WORD)
            sheet.problem(
                i, "access", "bad_access",
                Text(f"akses '{word}' tidak dikenal", f"access '{word}' is not known"),
                Text(f"Pilih dari: {known}; atau kosongkan.", f"Choose from: {known}; or leave it empty."),  # noqa: E501
            )  # fmt: skip
        result.append(code)
    return result


def _nothing_to_count() -> Problem:
    known = "kode_tps, no_tps, n_tps_reguler, n_tps_total"
    return Problem(
        code="missing_column",
        message=Text(
            "tidak ada kolom kode, nomor atau jumlah TPS",
            "there is no column with TPS code, number or count",
        ),
        remedy=Text(
            f"Beri judul salah satu dari: {known}; atau petakan kolomnya (--map code=JUDUL).",
            f"Name a column one of: {known}; or map a column (--map code=HEADER).",
        ),
        row=1,
        column="code",
    )
