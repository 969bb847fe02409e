"""The zip archive of an XLSX workbook, looked at before its reader: sizes, spans, formulas.

The reader holds whatever an archive unpacks to, so a small file that unpacks to very much is
refused here. Formulas without a stored result would read as empty cells; they are found by name.
"""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

from sispamkota.actions.imports import refusals

_MB = 1_000_000
MOST_CELLS = 20_000_000
MOST_ENTRIES = 5_000
LARGEST_RATIO = 300
"""Unpacked over packed size: real sheets stay under 60, deflate itself ends near 1000."""
RATIO_FROM = 10 * _MB

_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CELL_TEXT = 16  # bytes of the longest such mark, kept where a chunk may cut it
# A formula cell without a value; t="str" with an empty value is a formula that gives no text.
_EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?![^>]*t="str")[^>]*>\s*'
    rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_SHEET = re.compile(r'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')

Formulas = dict[str, frozenset[tuple[int, int]]]


def inspect(path: Path, limit_mb: int) -> Formulas:
    """Refuse an archive that is a trap, and return its formula cells without a result.

    Returns:
        sheet name → (row number from 1, column index from 0).

    Raises:
        DomainError: `too_large`, `zip_bomb` or `too_many_cells`.
        zipfile.BadZipFile: where an entry is not what the directory says (size, checksum).
    """
    with zipfile.ZipFile(path) as archive:
        _refuse_trap(path, archive, limit_mb)
        sheets = _sheets(archive)
        found: Formulas = {}
        for entry in archive.namelist():
            if _is_sheet(entry):
                cells = _scan(path, archive, entry)
                found[sheets.get(entry, entry)] = cells
            else:
                _drain(archive, entry)
        return found


def _refuse_trap(path: Path, archive: zipfile.ZipFile, limit_mb: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limit_mb * _MB:
        raise refusals.too_large(path, limit_mb)
    dense = unpacked > RATIO_FROM and unpacked > LARGEST_RATIO * packed
    # Entries that share the same packed bytes add up to more than the file.
    if dense or len(entries) > MOST_ENTRIES or packed > path.stat().st_size:
        raise refusals.zip_bomb(path, len(entries), unpacked)


def _is_sheet(entry: str) -> bool:
    return entry.startswith("xl/worksheets/") and entry.endswith(".xml")


def _drain(archive: zipfile.ZipFile, entry: str) -> None:
    """Unpack an entry and forget it: the checksum shows whether its stated size is true."""
    with archive.open(entry) as stream:
        while stream.read(_MB):
            pass


def _scan(path: Path, archive: zipfile.ZipFile, entry: str) -> frozenset[tuple[int, int]]:
    """Refuse a sheet whose cells span too wide a range: the reader holds the whole range.

    One stray value in the last cell of a sheet makes it span 17 thousand million cells.
    """
    last_row = last_column = 0
    formulas = False
    with archive.open(entry) as sheet:
        rest = b""
        while chunk := sheet.read(_MB):
            formulas = formulas or b"<f" in rest + chunk
            for column, row in _CELL.findall(rest + chunk):
                last_row = max(last_row, int(row))
                last_column = max(last_column, _column_number(column))
            rest = chunk[-_CELL_TEXT:]
    if last_row * last_column > MOST_CELLS:
        raise refusals.too_wide(path, last_row, last_column)
    if not formulas:
        return frozenset()
    cells = _EMPTY_FORMULA.findall(archive.read(entry))
    return frozenset((int(row), _column_number(column) - 1) for column, row in cells)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return entry → sheet name, as the workbook's own parts say; nothing where they are odd."""
    try:
        book = archive.read("xl/workbook.xml").decode(errors="replace")
        rels = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
    except KeyError:
        return {}
    targets = {}
    for relation in _RELATION.findall(rels):
        attributes = dict(_ATTRIBUTE.findall(relation))
        target = attributes.get("Target", "").removeprefix("/xl/").removeprefix("/")
        targets[attributes.get("Id", "")] = f"xl/{target}"
    return {
        targets[key]: html.unescape(name) for name, key in _SHEET.findall(book) if key in targets
    }
