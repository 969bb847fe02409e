"""What TPS lists and TPS counts share: whose desa a row is, stated totals, notes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.territory import frames
from sispamkota.territory.codes import DESA_DIGITS, KECAMATAN_DIGITS
from sispamkota.territory.intake.common import Sheet, footer_values
from sispamkota.territory.intake.places import Gazetteer


def fit(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give a table exactly the columns and types of `schema`, absent ones null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def desa_codes(sheet: Sheet, places: Gazetteer, tps: list[str | None]) -> list[str | None]:
    """Return the desa of every row from its code, its TPS code or its name, and check it."""
    desa = sheet.codes("desa_code", (DESA_DIGITS,))
    stated = sheet.codes("kecamatan_code", (KECAMATAN_DIGITS,))
    names, kecamatan_names = sheet.texts("desa_name"), sheet.texts("kecamatan_name")
    for i in range(len(sheet)):
        own = tps[i]
        if desa[i] is not None and own is not None and not own.startswith(desa[i] or ""):
            sheet.problem(i, "code", "wrong_desa", *_not_in(own, desa[i] or ""))
        desa[i] = desa[i] or (own[:DESA_DIGITS] if own else None)
        if desa[i] is None and not has_problem(sheet, i):
            kecamatan = stated[i] or places.find_kecamatan(kecamatan_names[i])
            desa[i] = places.find_desa(kecamatan, names[i])
            if desa[i] is None:
                where = ", ".join(filter(None, (names[i], kecamatan_names[i] or stated[i])))
                sheet.problem(
                    i, "desa_name" if names[i] else "desa_code", "no_desa", *_no_desa(where)
                )
        _check_desa(sheet, i, desa[i], stated[i], places)
    return desa


def _check_desa(
    sheet: Sheet, i: int, desa: str | None, stated: str | None, places: Gazetteer
) -> None:
    if desa is None:
        return
    if stated is not None and not desa.startswith(stated):
        sheet.problem(i, "kecamatan_code", "wrong_kecamatan", *_not_in(desa, stated))
    elif places.known_desa and desa not in places.known_desa:
        sheet.problem(
            i, "desa_code" if "desa_code" in sheet else "code", "unknown_desa",
            Text(f"desa {desa} tidak ada dalam daftar wilayah", f"desa {desa} is not in the list of areas"),  # noqa: E501
            Text("Perbaiki kodenya, atau impor daftar desanya dulu (sispamkota import areas).",
                 "Correct the code, or import the list of desa first (sispamkota import areas)."),
        )  # fmt: skip


def stated_total(
    sheet: Sheet, column: str, frame: pl.DataFrame, source: Source, stage: str
) -> dict[str, pl.DataFrame]:
    """Keep the total of a footer row as a figure, for `check` to compare with the rows."""
    totals = footer_values(sheet, column)
    if not totals or frame.is_empty():
        return {}
    row, value = totals[-1]
    low, high = str(frame["code"].min()), str(frame["code"].max())
    subject = max((low[:n] for n in (2, 4, 6, 10) if low[:n] == high[:n]), key=len, default="")
    if not subject:
        return {}
    figure = {
        "subject": subject, "measure": "tps", "stage": stage, "value": value, "estimated": 0,
        "basis": f"baris jumlah / footer row {row}", "source": source.name, "as_of": source.as_of,
    }  # fmt: skip
    return {"figures": pl.DataFrame([figure], schema=frames.FIGURES)}


def list_notes(places: Gazetteer, frame: pl.DataFrame) -> tuple[Text, ...]:
    """Say what could not be checked and how many TPS have no coordinates."""
    notes = []
    if not places.known_desa:
        notes.append(
            Text(
                "daftar wilayah belum diimpor: kode desa belum dapat dicocokkan",
                "no list of areas is imported yet: desa codes could not be checked against it",
            )
        )
    without = frame["lon"].null_count()
    if without:
        notes.append(
            Text(
                f"{without} TPS tanpa koordinat: letaknya di desa diperkirakan dan ditandai begitu",
                f"{without} TPS without coordinates: placed approximately in their desa, marked so",
            )
        )
    return tuple(notes)


def has_problem(sheet: Sheet, i: int) -> bool:
    """Say whether the row was just found wrong, so that one mistake is told once."""
    row = sheet.row_number(i)
    return any(p.row == row for p in sheet.findings.problems[-3:])


def _not_in(code: str, parent: str) -> tuple[Text, Text]:
    return (
        Text(f"{code} tidak berada di {parent}", f"{code} is not in {parent}"),
        Text(
            "Perbaiki salah satu kode: kode bawahan diawali kode induknya.",
            "Correct one of the codes: a code begins with that of its parent.",
        ),
    )


def _no_desa(where: str) -> tuple[Text, Text]:
    said = f" ({where})" if where else ""
    return (
        Text(
            f"desa TPS ini tidak dapat dikenali{said}", f"the desa of this TPS cannot be told{said}"
        ),
        Text(
            "Isi kode desa 10 digit, atau impor daftar wilayah lalu tulis nama desa dan kecamatannya.",  # noqa: E501
            "Enter the 10-digit desa code, or import the areas and give desa and kecamatan names.",
        ),
    )


def no_number() -> tuple[Text, Text]:
    """Return the message and remedy for an empty TPS number or count."""
    return (
        Text("nomor atau jumlah TPS kosong", "TPS number or count is empty"),
        Text(
            "Isi nomor TPS (1..999) atau jumlahnya.", "Enter the TPS number (1..999) or the count."
        ),
    )
