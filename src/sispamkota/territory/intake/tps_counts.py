"""Counts of TPS per desa become TPS rows numbered as KPU does."""

from __future__ import annotations

import polars as pl

from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import FIRST_KHUSUS, KECAMATAN_DIGITS, LAST_NUMBER
from sispamkota.territory.intake.common import Intake, Sheet, some
from sispamkota.territory.intake.places import Gazetteer
from sispamkota.territory.intake.tps_shared import (
    desa_codes,
    fit,
    has_problem,
    list_notes,
    no_number,
    stated_total,
)


def expand_counts(counts: pl.DataFrame) -> pl.DataFrame:
    """Turn counts per desa into TPS rows numbered 1..regular and first..first+khusus-1.

    Args:
        counts: columns desa, regular, khusus, first (first khusus number), source, as_of.

    Returns:
        TPS rows without position, by code.
    """
    first = pl.col("first")
    numbers = pl.concat_list(
        pl.int_ranges(1, pl.col("regular") + 1, dtype=pl.Int32),
        pl.int_ranges(first, first + pl.col("khusus"), dtype=pl.Int32),
    )
    number = pl.col("number")
    long = (
        counts.with_columns(number=numbers)
        .explode("number")
        .filter(number.is_not_null())
        .with_columns(
            code=pl.col("desa") + number.cast(pl.String).str.zfill(3),
            kecamatan=pl.col("desa").str.slice(0, KECAMATAN_DIGITS),
            khusus=number >= FIRST_KHUSUS,
        )
    )
    return fit(long, frames.TPS).sort("code")


def is_count_list(sheet: Sheet) -> bool:
    """Tell a table of counts per desa from a list with one row per TPS."""
    if "code" in sheet:
        return False
    if "number" in sheet:
        # A column headed just "TPS" holds numbers in a list and counts in a table per desa: in
        # the latter no desa comes twice.
        bare = sheet.header_of("number").strip().lower() == "tps"
        desa = sheet.texts("desa_code") if "desa_code" in sheet else sheet.texts("desa_name")
        counts = bare and len(set(desa)) == len(desa) > 1
        if counts:
            sheet.found["total_count"] = sheet.found.pop("number")
        return counts
    return any(name in sheet for name in ("regular_count", "total_count"))


def read_counts(sheet: Sheet, source: Source, places: Gazetteer, stage: str) -> Intake:
    """Read counts per desa; regular TPS become 1..n, khusus 901.. (or from the number given)."""
    desa = desa_codes(sheet, places, [None] * len(sheet))
    regular = sheet.wholes("regular_count", 0, FIRST_KHUSUS - 1)
    khusus = [n or 0 for n in sheet.wholes("khusus_count", 0, LAST_NUMBER - FIRST_KHUSUS + 1)]
    total = sheet.wholes("total_count", 0, LAST_NUMBER)
    first = [n or FIRST_KHUSUS for n in sheet.wholes("khusus_first", FIRST_KHUSUS, LAST_NUMBER)]
    unequal: list[str] = []
    for i in range(len(sheet)):
        stated = total[i]
        if regular[i] is None and stated is not None:
            regular[i] = stated - khusus[i]
        if regular[i] is None and not has_problem(sheet, i):
            sheet.problem(
                i,
                "total_count" if "total_count" in sheet else "regular_count",
                "missing_count",
                *no_number(),
            )
        elif stated is not None and stated != (regular[i] or 0) + khusus[i]:
            unequal.append(f"{sheet.row_number(i)}: {regular[i]} + {khusus[i]} ≠ {stated}")
    _check_one_row_each(sheet, desa)
    sheet.finish()
    counts = pl.DataFrame(
        {"desa": desa, "regular": regular, "khusus": khusus, "first": first},
        schema_overrides={"regular": pl.Int64, "khusus": pl.Int64, "first": pl.Int64},
    ).with_columns(source=pl.lit(source.name), as_of=pl.lit(source.as_of))
    frame = expand_counts(counts)
    column = "total_count" if "total_count" in sheet else "regular_count"
    numbered = Text(
        "nomor TPS dianggap 1..n (khusus 901..): berkas hanya memuat jumlah per desa",
        "TPS are taken as numbered 1..n (khusus 901..): the file holds counts per desa only",
    )
    listed = some(unequal, 20)
    warnings = (
        (Text(f"jumlah TPS tidak sama dengan bagiannya, baris {listed}",
              f"TPS total differs from its parts, rows {listed}"),)
        if unequal else ()
    )  # fmt: skip
    return Intake(
        frames={"tps": frame, **stated_total(sheet, column, frame, source, stage)},
        ignored=sheet.ignored(),
        notes=(numbered, *list_notes(places, frame)),
        warnings=warnings,
    )


def _check_one_row_each(sheet: Sheet, desa: list[str | None]) -> None:
    first: dict[str, int] = {}
    for i, code in enumerate(desa):
        if code is not None and first.setdefault(code, i) != i:
            seen = sheet.row_number(first[code])
            sheet.problem(
                i, "desa_code" if "desa_code" in sheet else "desa_name", "duplicate_desa",
                Text(f"desa {code} sudah ada di baris {seen}", f"desa {code} is already in row {seen}"),  # noqa: E501
                Text("Satu baris per desa.", "One row per desa."),
            )  # fmt: skip
