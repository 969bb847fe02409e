"""A file as a person sees it: header, rows with their row numbers, and recognised columns.

Readers of CSV, XLSX and GeoJSON (actions/imports) make a `RawTable`; the domain packages turn it
into typed frames. Column names are recognised in Indonesian and English; codes stay text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sispamkota.kernel.errors import Findings, Problem
from sispamkota.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Cells of one sheet or file, all still text (None for an empty cell).

    Attributes:
        file: name shown in messages.
        columns: header cells as written.
        rows: one tuple per data row, as long as `columns`.
        row_numbers: the number of each row as the reader sees it (header is 1).
        geometries: GeoJSON geometry of each row, or None where the file has none.
        sheet: sheet name of a workbook.
        problems: what the reader found wrong with single rows (cells beyond the header);
            `recognise` passes them on, so that they are told together with all others.
        formulas: cells (row number, index in `columns`) whose formula has no stored result; a
            problem where the column is used.
    """

    file: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str | None, ...]]
    row_numbers: Sequence[int]
    geometries: Sequence[Mapping[str, Any]] | None = None
    sheet: str | None = None
    problems: tuple[Problem, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()

    def cells(self, found: Mapping[str, int], name: str) -> list[str | None]:
        """Return the cells of a recognised column, or None for every row where it is absent."""
        if name not in found:
            return [None] * len(self.rows)
        index = found[name]
        return [row[index] for row in self.rows]

    def ignored(self, found: Mapping[str, int]) -> tuple[str, ...]:
        """Return the headers that no recognised column uses, in the order of the file."""
        used = set(found.values())
        return tuple(h for i, h in enumerate(self.columns) if h and i not in used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a kind of import understands.

    `aliases` are other spellings (Indonesian and English) after `plain_name`.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    meaning: Text = Text("", "")  # noqa: RUF009  (Text is frozen)


def plain_name(header: str) -> str:
    """Reduce a header cell to lower-case words joined by underscores: 'Kode Desa (KPU)' → ..._kpu.

    Accents, punctuation and letter case do not tell columns apart.
    """
    ascii_text = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", ascii_text.lower()).strip("_")


def recognise(
    table: RawTable,
    columns: Sequence[Column],
    mapping: Mapping[str, str],
    findings: Findings,
) -> dict[str, int]:
    """Say which cell of a row holds which known column.

    Args:
        table: the raw table.
        columns: what this kind of import understands.
        mapping: explicit `known column → header as written`, which wins over recognition; an
            empty header leaves the column out.
        findings: receives a problem for a missing required column, a recognised header met
            twice, a mapping to a header that the file does not have, and the table's own problems.

    Returns:
        known column name → index in each row; columns that the file lacks are left out.
    """
    by_header, twice = _headers(table)
    for problem in table.problems:
        findings.add(problem)
    found: dict[str, int] = {}
    for column in columns:
        index = _place(column, by_header, mapping)
        if index is not None:
            found[column.name] = index
        elif mapping.get(column.name):
            findings.add(_no_such_header(column.name, mapping[column.name], table))
        elif column.required:
            findings.add(_missing(column, table))
    for name in sorted(mapping.keys() - {c.name for c in columns}):
        findings.add(_unknown_target(name, columns))
    for name, index in found.items():
        if index in twice:
            findings.add(_met_twice(name, table.columns[index]))
    _note_formulas(table, set(found.values()), findings)
    return found


def _headers(table: RawTable) -> tuple[dict[str, int], set[int]]:
    """Return plain header → first index, and the indices whose header comes again."""
    by_header: dict[str, int] = {}
    twice: set[int] = set()
    for i, header in enumerate(table.columns):
        plain = plain_name(header)
        if plain and by_header.setdefault(plain, i) != i:
            twice.add(by_header[plain])
    return by_header, twice


def _place(column: Column, by_header: Mapping[str, int], mapping: Mapping[str, str]) -> int | None:
    """Return the index of a column's header; an explicit mapping wins over recognition."""
    names = [mapping[column.name]] if column.name in mapping else [column.name, *column.aliases]
    return next((by_header[plain_name(n)] for n in names if plain_name(n) in by_header), None)


def _note_formulas(table: RawTable, used: set[int], findings: Findings) -> None:
    rows = set(table.row_numbers) if table.formulas else set()
    for row, index in sorted(table.formulas):
        if index in used and row in rows:
            findings.add(_formula_without_value(table, row, index))


def _formula_without_value(table: RawTable, row: int, index: int) -> Problem:
    return Problem(
        code="formula_without_value",
        message=Text(
            "sel berisi rumus tanpa hasil tersimpan",
            "the cell holds a formula without a stored result",
        ),
        remedy=Text(
            "Buka di Excel lalu simpan, atau tempel sebagai nilai (Paste Special, Values).",
            "Open it in Excel and save it, or paste as values (Paste Special, Values).",
        ),
        row=row,
        column=table.columns[index],
        where=table.sheet,
    )


def _met_twice(name: str, header: str) -> Problem:
    return Problem(
        code="duplicate_column",
        message=Text(
            f"judul '{header}' ada lebih dari sekali; tidak jelas mana kolom '{name}'",
            f"header '{header}' occurs more than once; which one is '{name}' is not clear",
        ),
        remedy=Text("Beri judul yang berbeda.", "Give the columns different headers."),
        row=1,
        column=header,
    )


def _missing(column: Column, table: RawTable) -> Problem:
    known = ", ".join((column.name, *column.aliases))
    heads = ", ".join(table.columns)
    return Problem(
        code="missing_column",
        message=Text(
            f"kolom wajib '{column.name}' tidak ada; kolom berkas ini: {heads}",
            f"required column '{column.name}' is missing; this file has: {heads}",
        ),
        remedy=Text(
            f"Beri nama kolom salah satu dari: {known}; "
            f"atau petakan kolomnya (--map {column.name}=JUDUL).",
            f"Name the column one of: {known}; or map it to a header (--map {column.name}=HEADER).",
        ),
        row=1,
        column=column.name,
    )


def _no_such_header(name: str, header: str, table: RawTable) -> Problem:
    heads = ", ".join(table.columns)
    return Problem(
        code="mapping_unknown_header",
        message=Text(
            f"pemetaan {name}={header}: berkas tidak punya kolom '{header}'",
            f"mapping {name}={header}: the file has no column '{header}'",
        ),
        remedy=Text(f"Pilih dari: {heads}.", f"Choose from: {heads}."),
        row=1,
        column=header,
    )


def _unknown_target(name: str, columns: Sequence[Column]) -> Problem:
    known = ", ".join(c.name for c in columns)
    return Problem(
        code="mapping_unknown_column",
        message=Text(f"pemetaan {name}: kolom tak dikenal", f"mapping {name}: unknown column"),
        remedy=Text(f"Pilih dari: {known}.", f"Choose from: {known}."),
        row=1,
        column=name,
    )
