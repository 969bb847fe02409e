"""Rosters and training lists as agencies keep them become PERSONNEL and TRAINING rows.

People are opaque ids: names and other columns that planning does not need are not read, and a
file that carries identity numbers is refused whole, without repeating any of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import polars as pl

from sispamkota.forces import frames, roster_cells
from sispamkota.forces.roster_columns import PERSONNEL_COLUMNS, TRAINING_COLUMNS
from sispamkota.forces.vocabulary import AGENCIES, DUTIES, UNITS, may_lead
from sispamkota.kernel.cells import date_of, truth_of
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable, plain_name
from sispamkota.kernel.text import Text
from sispamkota.territory.codes import DESA_DIGITS
from sispamkota.territory.intake.common import Intake, Sheet, some
from sispamkota.territory.model import Territory

ON_TPS = ("polri", "linmas")
"""Agencies whose people are on TPS duty where a roster has no duty column (an assumption)."""


def parse_personnel(
    table: RawTable, source: Source, mapping: Mapping[str, str], known: Territory
) -> Intake:
    """Read a roster: one row per person.

    Where the file is silent: unit follows the home post, may-lead follows the rank, duty is TPS
    for Polri and Linmas and reserve for others, a person is available.

    Args:
        table: the file.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        known: posts and areas that the workspace knows.

    Returns:
        An intake with `personnel`.

    Raises:
        DomainError: `identity_numbers`, or `bad_input` with every problem of the file.
    """
    roster_cells.refuse_identity_numbers(table)
    sheet = Sheet.open(table, PERSONNEL_COLUMNS, mapping)
    ids = _ids(sheet)
    agencies = roster_cells.words(sheet, "agency", AGENCIES)
    posts = _posts(sheet, agencies, known.posts)
    ranks = roster_cells.ranks(sheet, agencies)
    leads, ready = _truths(sheet, "leader"), _truths(sheet, "available")
    columns = {
        "id": ids,
        "agency": agencies,
        "unit": _units(sheet, agencies, posts, known.posts),
        "rank": ranks,
        "leader": [
            may_lead(agency, rank) if said is None and agency else bool(said)
            for said, agency, rank in zip(leads, agencies, ranks, strict=True)
        ],
        "home_post": posts,
        "home_desa": _desa(sheet, known),
        "duty": _duties(sheet, agencies),
        "transport": roster_cells.transports(sheet),
        "qualifications": roster_cells.qualifications(sheet),
        "available": [True if said is None else said for said in ready],
    }
    sheet.finish()
    frame = pl.DataFrame(
        columns, schema={k: v for k, v in frames.PERSONNEL.items() if k in columns}
    ).with_columns(
        source=pl.lit(source.name), as_of=pl.lit(source.as_of), sample=pl.lit(source.sample)
    )
    return Intake(frames={"personnel": frame}, ignored=sheet.ignored(), notes=_notes(sheet))


def parse_training(
    table: RawTable, source: Source, mapping: Mapping[str, str], persons: Collection[str]
) -> Intake:
    """Read training records: one row per person and kind.

    Of several records of one person and kind in the file the latest is kept.

    Args:
        table: the file.
        source: who says so, and for which day.
        mapping: known column → header, where recognition does not do.
        persons: ids of the roster.

    Returns:
        An intake with `training`.

    Raises:
        DomainError: `identity_numbers`, or `bad_input` with every problem of the file.
    """
    roster_cells.refuse_identity_numbers(table)
    sheet = Sheet.open(table, TRAINING_COLUMNS, mapping)
    people = _trained(sheet, frozenset(persons))
    kinds = roster_cells.training_kinds(sheet)
    held, expires = _dates(sheet, "date", required=True), _dates(sheet, "expires")
    _check_order(sheet, held, expires)
    sheet.finish()
    frame = pl.DataFrame(
        {"person": people, "kind": kinds, "date": held, "expires": expires},
        schema={k: v for k, v in frames.TRAINING.items() if k not in ("source", "as_of")},
    )
    # No expiry lasts longest, so among records of the same day it comes last.
    latest = frame.sort("person", "kind", "date", "expires", nulls_last=True).unique(
        ["person", "kind"], keep="last", maintain_order=True
    )
    dropped = frame.height - latest.height
    notes = (
        Text(
            f"{dropped} catatan lama diganti yang lebih baru dari orang dan jenis yang sama",
            f"{dropped} older records gave way to newer ones of the same person and kind",
        ),
    )
    return Intake(
        frames={
            "training": latest.with_columns(source=pl.lit(source.name), as_of=pl.lit(source.as_of))
        },
        ignored=sheet.ignored(),
        notes=notes if dropped else (),
    )


def _check_order(sheet: Sheet, held: list[dt.date | None], expires: list[dt.date | None]) -> None:
    for i, (day, last) in enumerate(zip(held, expires, strict=True)):
        if day is not None and last is not None and last < day:
            sheet.problem(
                i,
                "expires",
                "expires_before_date",
                Text(f"berlaku sampai {last}, sebelum {day}", f"expires {last}, before {day}"),
                Text("Perbaiki salah satu tanggalnya.", "Correct one of the dates."),
            )


def _ids(sheet: Sheet) -> list[str | None]:
    ids = sheet.texts("id")
    first: dict[str, int] = {}
    for i, person in enumerate(ids):
        if person is None:
            sheet.problem(
                i,
                "id",
                "missing_id",
                Text("id personel kosong", "the person's id is empty"),
                Text("Isi id yang tidak memuat identitas.", "Give an id that is no identity."),
            )
        elif first.setdefault(person, i) != i:
            row = sheet.row_number(first[person])
            sheet.problem(
                i,
                "id",
                "duplicate_id",
                Text(f"id '{person}' sudah ada di baris {row}", f"id '{person}' is in row {row}"),
                Text("Tiap orang satu baris dan satu id.", "One row and one id per person."),
            )
    return ids


def _posts(sheet: Sheet, agencies: list[str | None], known: pl.DataFrame) -> list[str | None]:
    by_name = {plain_name(str(name)): str(code) for code, name in known["code", "name"].iter_rows()}
    by_name |= {plain_name(code): code for code in known["code"].to_list()}
    found: list[str | None] = []
    for i, cell in enumerate(sheet.texts("home_post")):
        post = by_name.get(plain_name(cell)) if cell else None
        # Police teams start from a post; people of other agencies may have none.
        if post is None and (cell or agencies[i] == "polri") and "home_post" in sheet:
            said = Text(f"pos '{cell}' tidak dikenal", f"post '{cell}' is not known")
            empty = Text("pos asal kosong", "the home post is empty")
            listed = some(sorted(known["code"].to_list()), limit=15) or "-"
            sheet.problem(
                i,
                "home_post",
                "unknown_post",
                said if cell else empty,
                Text(
                    f"Tulis kode atau nama pos: {listed}; atau impor pos dulu.",
                    f"Write a post's code or name: {listed}; or import posts first.",
                ),
            )
        found.append(post)
    return found


def _units(
    sheet: Sheet, agencies: list[str | None], posts: list[str | None], known: pl.DataFrame
) -> list[str | None]:
    said = roster_cells.words(sheet, "unit", UNITS)
    kinds: dict[str, str] = dict(known.select("code", "kind").iter_rows())
    return [
        unit or (kinds.get(post) if agency == "polri" and post else None)
        for unit, agency, post in zip(said, agencies, posts, strict=True)
    ]


def _desa(sheet: Sheet, known: Territory) -> list[str | None]:
    codes = sheet.codes("home_desa", (DESA_DIGITS,))
    there = set(known.of_level("desa_kelurahan")["code"])
    for i, code in enumerate(codes):
        if code is not None and code not in there:
            sheet.problem(
                i,
                "home_desa",
                "unknown_desa",
                Text(f"desa {code} tidak dikenal", f"desa {code} is not known"),
                Text(
                    "Pakai kode KPU 10 digit; kosongkan bila rumahnya di luar wilayah.",
                    "Use the 10-digit KPU code; leave it empty for a home outside the area.",
                ),
            )
    return codes


def _duties(sheet: Sheet, agencies: list[str | None]) -> list[str | None]:
    said = roster_cells.words(sheet, "duty", DUTIES)
    return [
        duty or ("tps" if agency in ON_TPS else "reserve")
        for duty, agency in zip(said, agencies, strict=True)
    ]


def _truths(sheet: Sheet, name: str) -> list[bool | None]:
    return roster_cells.read(sheet, name, truth_of)


def _trained(sheet: Sheet, persons: frozenset[str]) -> list[str | None]:
    people = sheet.texts("person")
    for i, person in enumerate(people):
        if person is None or person not in persons:
            sheet.problem(
                i,
                "person",
                "unknown_person",
                Text(
                    f"id '{person or ''}' tidak ada di daftar personel",
                    f"id '{person or ''}' is not in the roster",
                ),
                Text(
                    "Impor personel dulu, atau perbaiki id.",
                    "Import personnel first, or correct the id.",
                ),
            )
    return people


def _dates(sheet: Sheet, name: str, *, required: bool = False) -> list[dt.date | None]:
    days = roster_cells.read(sheet, name, date_of)
    if not required:
        return days
    for i, cell in enumerate(sheet.texts(name)):
        if cell is None and name in sheet:
            sheet.problem(
                i,
                name,
                "missing_date",
                Text("tanggal pelatihan kosong", "the date of the training is empty"),
                Text("Tulis tanggal sebagai 2024-02-01.", "Write the date as 2024-02-01."),
            )
    return days


def _notes(sheet: Sheet) -> tuple[Text, ...]:
    assumed: dict[str, Text] = {
        "leader": Text(
            "boleh memimpin tim ditentukan dari pangkat: Bripka atau Sertu ke atas (asumsi)",
            "who may lead follows the rank: Bripka or Sertu and above (assumption)",
        ),
        "duty": Text(
            "tanpa kolom tugas, Polri dan Linmas dianggap bertugas di TPS (asumsi)",
            "without a duty column, Polri and Linmas count as TPS duty (assumption)",
        ),
        "available": Text(
            "tanpa kolom ketersediaan, semua dianggap tersedia (asumsi)",
            "without an availability column, all count as available (assumption)",
        ),
    }
    return tuple(text for name, text in assumed.items() if name not in sheet)
