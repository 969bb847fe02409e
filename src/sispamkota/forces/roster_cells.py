"""Cells of rosters: words of a vocabulary, lists in one cell, and numbers that identify people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from sispamkota.forces.vocabulary import RANKS, TRAINING_KINDS, TRANSPORT, find_rank, find_word
from sispamkota.kernel.cells import CellError
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.table import RawTable, plain_name
from sispamkota.kernel.text import Text
from sispamkota.territory.intake.common import Sheet

T = TypeVar("T")
_IDENTITY_HEADERS = frozenset({"nik", "no_nik", "nomor_nik", "ktp", "no_ktp", "nomor_ktp"})
_IDENTITY_NUMBER = re.compile(r"^\d{16}(\.0+)?$|^\d([.,]\d+)?e\+?15$", re.IGNORECASE)
_LIST = re.compile(r"[;,/|+&]|\bdan\b|\band\b", re.IGNORECASE)
_LONGEST_WORD = 40


def refuse_identity_numbers(table: RawTable) -> None:
    """Refuse a table that holds identity numbers (NIK), by header or by 16-digit cells.

    Raises:
        DomainError: `identity_numbers`; names the column and row, never the number.
    """
    for index, header in enumerate(table.columns):
        named = bool(_IDENTITY_HEADERS & {plain_name(header)}) or "nik" in plain_name(header).split(
            "_"
        )
        row = next(
            (n for n, cells in zip(table.row_numbers, table.rows, strict=True)
             if is_identity(cells[index])),
            None,
        )  # fmt: skip
        if named or row is not None:
            raise _identity(table.file, header, 1 if named else row)


def is_identity(cell: str | None) -> bool:
    """Tell a cell that looks like an identity number (NIK): 16 digits, however written."""
    return cell is not None and bool(_IDENTITY_NUMBER.match(re.sub(r"[\s\-'’]", "", cell)))


def _identity(file: str, header: str, row: int | None) -> DomainError:
    return DomainError(
        "identity_numbers",
        Text(
            f"{file}: kolom '{header}' memuat NIK; tidak ada yang diimpor",
            f"{file}: column '{header}' holds identity numbers (NIK); nothing was imported",
        ),
        Text(
            "Pakai id buatan sendiri yang tidak memuat identitas (mis. P001), dan hapus kolom NIK.",
            "Use an opaque id of your own (such as P001), and remove the NIK column.",
        ),
        {"file": file, "column": header, "row": row},
    )


def read(sheet: Sheet, name: str, parse: Callable[[str | None], T | None]) -> list[T | None]:
    """Read a column with a cell parser; each unreadable cell is a problem."""
    values: list[T | None] = []
    for i, cell in enumerate(sheet.table.cells(sheet.found, name)):
        try:
            values.append(parse(cell))
        except CellError as error:
            values.append(None)
            sheet.problem(i, name, "bad_cell", error.message, error.remedy, cell)
    return values


def words(sheet: Sheet, name: str, vocabulary: Mapping[str, tuple[str, ...]]) -> list[str | None]:
    """Return a column in the kept words; an unknown word is a problem, so is an empty agency."""
    found: list[str | None] = []
    for i, cell in enumerate(sheet.texts(name)):
        word = find_word(vocabulary, cell) if cell else None
        if word is None and (cell or name == "agency") and name in sheet:
            _unknown(sheet, i, name, cell, tuple(vocabulary))
        found.append(word)
    return found


def ranks(sheet: Sheet, agencies: list[str | None]) -> list[str | None]:
    """Return ranks; police and army ranks must be known ones, others are kept as written."""
    found: list[str | None] = []
    for i, (cell, agency) in enumerate(zip(sheet.texts("rank"), agencies, strict=True)):
        rank = find_rank(agency, cell) if cell and agency else None
        if cell and agency and rank is None:
            _unknown(sheet, i, "rank", cell, RANKS.get(agency, ()))
        found.append(rank)
    return found


def transports(sheet: Sheet) -> list[str | None]:
    """Return means of transport joined by ';', in the vocabulary's order."""
    found: list[str | None] = []
    for i, cell in enumerate(sheet.texts("transport")):
        kept = set()
        for part in _parts(cell):
            word = find_word(TRANSPORT, part)
            if word is None:
                _unknown(sheet, i, "transport", part, tuple(TRANSPORT))
            else:
                kept.add(word)
        found.append(";".join(w for w in TRANSPORT if w in kept) or None)
    return found


def qualifications(sheet: Sheet) -> list[str | None]:
    """Return qualifications as plain words joined by ';'; the set is open."""
    cells = sheet.texts("qualifications")
    return [";".join(sorted({_training_word(p) for p in _parts(c)})) or None for c in cells]


def training_kinds(sheet: Sheet) -> list[str | None]:
    """Return kinds of training; known spellings are unified, the set is open."""
    found: list[str | None] = []
    for i, cell in enumerate(sheet.texts("kind")):
        kind = _training_word(cell) if cell else None
        if not kind and "kind" in sheet:
            _unknown(sheet, i, "kind", cell, tuple(TRAINING_KINDS))
        found.append(kind)
    return found


def _training_word(text: str) -> str:
    return find_word(TRAINING_KINDS, text) or plain_name(text)[:_LONGEST_WORD]


def _parts(cell: str | None) -> list[str]:
    return [part for part in _LIST.split(cell or "") if plain_name(part)]


def _unknown(
    sheet: Sheet, index: int, name: str, cell: str | None, allowed: tuple[str, ...]
) -> None:
    listed = ", ".join(allowed)
    message = (
        Text(f"'{cell}' tidak dikenal", f"'{cell}' is not known")
        if cell
        else Text("sel wajib kosong", "a required cell is empty")
    )
    sheet.problem(
        index,
        name,
        "unknown_word" if cell else "missing_cell",
        message,
        Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
    )
