"""What the importers of territory tables share: reading a column with its problems collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import polars as pl

from sispamkota.kernel.cells import (
    CellError,
    decimal_of,
    digits_of,
    text_of,
    whole_of,
)
from sispamkota.kernel.errors import Findings, Problem
from sispamkota.kernel.table import Column, RawTable, plain_name, recognise
from sispamkota.kernel.text import Text
from sispamkota.territory.codes import DESA_DIGITS, TPS_DIGITS

T = TypeVar("T")
_CODES_UNDER_NAMES = {"desa_code": "desa_name", "kecamatan_code": "kecamatan_name"}
LON, LAT = (94.0, 142.0), (-12.0, 7.0)
_FOOTER = re.compile(r"^(jumlah|total|sub[ -]?total|grand total|jml)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a file became: tables by kind, and what the person who imported it should know.

    Attributes:
        frames: kind of table (areas, tps, figures, ...) → rows to store.
        ignored: headers that were not used.
        notes: how the file was understood (assumptions, derived rows).
        warnings: facts of the file that do not fit but were imported or left out by name.
    """

    frames: Mapping[str, pl.DataFrame]
    ignored: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A raw table with its columns recognised; reads whole columns and collects the problems.

    A footer row (JUMLAH, TOTAL) is set apart: it states totals and is no area or TPS.
    """

    table: RawTable
    found: dict[str, int]
    findings: Findings
    footer: list[tuple[int, tuple[str | None, ...]]] = field(default_factory=list)

    @classmethod
    def open(cls, table: RawTable, columns: Sequence[Column], mapping: Mapping[str, str]) -> Sheet:
        """Recognise the columns of `table` and set its footer rows apart."""
        findings = Findings()
        footer = [i for i, row in enumerate(table.rows) if _is_footer(row)]
        body = _without(table, set(footer)) if footer else table
        found = recognise(body, columns, mapping, findings)
        for code, name in _CODES_UNDER_NAMES.items():
            # "Desa" or "Kecamatan" as header usually stands over names, sometimes over codes.
            if name in found and code not in found and all(map(_is_code, body.cells(found, name))):
                found[code] = found.pop(name)
        if not table.rows:
            findings.add(_no_rows(table))
        sheet = cls(body, found, findings)
        sheet.footer = [(table.row_numbers[i], table.rows[i]) for i in footer]
        return sheet

    def __contains__(self, name: str) -> bool:
        return name in self.found

    def __len__(self) -> int:
        return len(self.table.rows)

    def ignored(self) -> tuple[str, ...]:
        """Return the headers that nothing uses."""
        return self.table.ignored(self.found)

    def texts(self, name: str) -> list[str | None]:
        """Return the trimmed texts of a column, None where empty or absent."""
        return [text_of(c) for c in self.table.cells(self.found, name)]

    def codes(self, name: str, lengths: Iterable[int]) -> list[str | None]:
        """Return a column of codes as digits; a wrong length is a problem."""
        allowed = tuple(lengths)
        codes = self._read(name, digits_of)
        for i, code in enumerate(codes):
            if code is not None and len(code) not in allowed:
                self.problem(i, name, "bad_code", *_wrong_length(code, allowed))
                codes[i] = None
        return codes

    def wholes(self, name: str, low: int = 0, high: int = 10**12) -> list[int | None]:
        """Return a column of whole numbers between `low` and `high`."""
        values = self._read(name, whole_of)
        for i, value in enumerate(values):
            if value is not None and not low <= value <= high:
                self.problem(i, name, "out_of_range", *_outside(value, low, high))
                values[i] = None
        return values

    def decimals(self, name: str) -> list[float | None]:
        """Return a column of decimal numbers."""
        return self._read(name, decimal_of)

    def positions(self, lon: str, lat: str) -> tuple[list[float | None], list[float | None]]:
        """Return longitudes and latitudes; outside Indonesia, swapped or halved is a problem."""
        lons, lats = self.decimals(lon), self.decimals(lat)
        for i, (x, y) in enumerate(zip(lons, lats, strict=True)):
            if x is None and y is None:
                continue
            trouble = trouble_with_point(x, y)
            if trouble is not None and not self._already(i):
                shown = f"{lon}={x}, {lat}={y}"
                self.problem(i, lon if y is not None else lat, "bad_position", *trouble, shown)
            if trouble is not None:
                lons[i] = lats[i] = None
        return lons, lats

    def header_of(self, name: str) -> str:
        """Return the header as the file writes it, or the known name where it is absent."""
        return self.table.columns[self.found[name]] if name in self.found else name

    def problem(
        self,
        index: int,
        name: str,
        code: str,
        message: Text,
        remedy: Text,
        value: str | None = None,
    ) -> None:
        """Note a problem of row `index` in the column known as `name`."""
        if value is None and name in self.found:
            value = self.table.rows[index][self.found[name]]
        self.findings.add(
            Problem(
                code=code,
                message=message,
                remedy=remedy,
                row=self.table.row_numbers[index],
                column=self.header_of(name),
                value=value,
                where=self.table.sheet,
            )
        )

    def row_number(self, index: int) -> int:
        """Return the number of row `index` as the reader sees it."""
        return self.table.row_numbers[index]

    def finish(self) -> None:
        """Raise every problem found so far as one error.

        Raises:
            DomainError: `bad_input`, when there is any.
        """
        self.findings.raise_if_any(self.table.file)

    def _already(self, index: int) -> bool:
        last = self.findings.problems[-1:]
        return bool(last) and last[0].row == self.table.row_numbers[index]

    def _read(self, name: str, read: Callable[[str | None], T | None]) -> list[T | None]:
        values: list[T | None] = []
        for i, cell in enumerate(self.table.cells(self.found, name)):
            try:
                values.append(read(cell))
            except CellError as error:
                values.append(None)
                self.problem(i, name, "bad_cell", error.message, error.remedy, cell)
        return values


def footer_values(sheet: Sheet, name: str) -> list[tuple[int, int]]:
    """Return (row number, stated total) of the footer rows for one column, where readable."""
    if name not in sheet.found:
        return []
    totals: list[tuple[int, int]] = []
    for row, cells in sheet.footer:
        try:
            value = whole_of(cells[sheet.found[name]])
        except CellError:
            value = None
        if value is not None:
            totals.append((row, value))
    return totals


def trouble_with_point(lon: float | None, lat: float | None) -> tuple[Text, Text] | None:
    """Say what is wrong with a longitude and latitude in degrees, or None when they may be true."""
    if lon is None or lat is None:
        return (
            Text("koordinat hanya separuh", "only half of a coordinate is given"),
            Text(
                "Isi bujur dan lintang, atau kosongkan keduanya.",
                "Give longitude and latitude, or neither.",
            ),
        )
    if _inside(lon, lat):
        return None
    if _inside(lat, lon):
        return (
            Text("bujur dan lintang tertukar", "longitude and latitude are swapped"),
            Text(
                "Tukar judul kedua kolom, atau petakan (--map lon=JUDUL --map lat=JUDUL).",
                "Swap the two headers, or map them (--map lon=HEADER --map lat=HEADER).",
            ),
        )
    return (
        Text(
            f"titik {lon}, {lat} di luar Indonesia (bujur 94..142, lintang -12..7)",
            f"point {lon}, {lat} is outside Indonesia (longitude 94..142, latitude -12..7)",
        ),
        Text(
            "Pakai derajat desimal WGS84, mis. 104.35 dan -4.30.",
            "Use decimal degrees WGS84, e.g. 104.35 and -4.30.",
        ),
    )


def some(names: Sequence[str], limit: int = 5) -> str:
    """Return the first few of many names, with how many more there are."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f", … (+{rest})" if rest > 0 else "")


def name_key(name: str) -> str:
    """Return a place name reduced for comparison: 'BELITANG  Ii' and 'Belitang II' are the same."""
    return plain_name(
        re.sub(r"^(kec(amatan)?|desa|kel(urahan)?)[. ]+", "", name.strip(), flags=re.IGNORECASE)
    )


def _inside(lon: float, lat: float) -> bool:
    return LON[0] <= lon <= LON[1] and LAT[0] <= lat <= LAT[1]


def _is_footer(row: tuple[str | None, ...]) -> bool:
    # Only a first word in the leading cells: a desa may be called "Total Jaya", but then the row
    # also holds its code.
    said = [c.strip() for c in row if c and c.strip()]
    if not said:
        return False
    leading = next((c for c in said[:2] if _FOOTER.match(c)), None)
    return leading is not None and not any(_looks_like_code(c) for c in said)


def _looks_like_code(cell: str) -> bool:
    try:
        code = digits_of(cell)
    except CellError:
        return False
    return code is not None and len(code) in (DESA_DIGITS, TPS_DIGITS)


def _is_code(cell: str | None) -> bool:
    return cell is not None and cell.replace(".", "").strip().isdigit()


def _without(table: RawTable, drop: set[int]) -> RawTable:
    keep = [i for i in range(len(table.rows)) if i not in drop]
    return replace(
        table,
        rows=[table.rows[i] for i in keep],
        row_numbers=[table.row_numbers[i] for i in keep],
        geometries=None if table.geometries is None else [table.geometries[i] for i in keep],
    )


def _no_rows(table: RawTable) -> Problem:
    return Problem(
        code="no_rows",
        message=Text(
            "tidak ada baris data di bawah judul", "there are no data rows below the header"
        ),
        remedy=Text("Periksa lembar dan berkasnya.", "Check the sheet and the file."),
        where=table.sheet,
    )


def _wrong_length(code: str, allowed: tuple[int, ...]) -> tuple[Text, Text]:
    digits = "/".join(map(str, allowed))
    return (
        Text(
            f"kode '{code}' punya {len(code)} digit, bukan {digits}",
            f"code '{code}' has {len(code)} digits, not {digits}",
        ),
        Text(
            "Pakai kode KPU/Kemendagri (mis. 16.08.01.1007), sebagai teks.",
            "Use the KPU/Kemendagri code (e.g. 16.08.01.1007), as text.",
        ),
    )


def _outside(value: int, low: int, high: int) -> tuple[Text, Text]:
    return (
        Text(f"{value} di luar {low}..{high}", f"{value} is outside {low}..{high}"),
        Text("Perbaiki angkanya.", "Correct the number."),
    )
