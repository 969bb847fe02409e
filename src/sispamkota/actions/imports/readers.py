"""Files as tables: CSV, XLSX and GeoJSON, plain or gzipped, refused early when they are neither.

A rubbish file must cost neither memory nor time: the first 64 kB are looked at, sizes are limited
(also what a compressed file unpacks to), and a CSV without a known header is read no further.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import python_calamine

from sispamkota.actions.imports import archive, refusals
from sispamkota.actions.imports.header import SEARCHED_ROWS, known_names, to_table
from sispamkota.kernel.table import Column, RawTable, plain_name

SNIFFED_BYTES = 65_536
LONGEST_LINE = 32_768
DEFAULT_LIMIT_MB = 100
DELIMITERS = (",", ";", "\t", "|")
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\f")
_MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a file.

    Attributes:
        columns: what the kind of import understands, to find the header.
        mapping: explicit known column → header.
        sheet: the one sheet of a workbook to read; all of them when None.
        limit_mb: refuse files larger than this, unpacked.
    """

    columns: Sequence[Column] = ()
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    limit_mb: int = DEFAULT_LIMIT_MB


def read_tables(path: Path, reading: Reading) -> list[RawTable]:
    """Read every table of a file; empty sheets are left out.

    Args:
        path: CSV, TSV, TXT, XLSX, GeoJSON or JSON, the text kinds also gzipped.
        reading: what to look for and how much to accept.

    Returns:
        At least one table.

    Raises:
        DomainError: the file is missing, too large, of no known kind, damaged or empty.
    """
    if not path.is_file():
        raise refusals.no_file(path)
    if path.stat().st_size > reading.limit_mb * _MB:
        raise refusals.too_large(path, reading.limit_mb)
    known = known_names(reading.columns, reading.mapping or {})
    kind = _kind(path)
    if kind == "xlsx":
        tables = _read_xlsx(path, reading, known)
    elif kind == "geojson":
        tables = [_read_geojson(path, reading.limit_mb)]
    else:
        tables = _read_csv(path, known, reading.limit_mb)
    if not tables:
        raise refusals.empty(path)
    return tables


def read_head(path: Path) -> RawTable | None:
    """Read the first rows of a CSV whatever its header, to show them to a person.

    Returns:
        the table of the first 64 kB, or None where the file is no CSV or has no line.

    Raises:
        DomainError: what the first bytes already tell (empty, binary, old Excel).
    """
    if _kind(path) != "csv":
        return None
    with _opened(path) as stream:
        head = _read_head(path, stream)
    sample = head.decode(_encoding(head), errors="replace")
    whole = sample if len(head) < SNIFFED_BYTES else sample[: sample.rfind("\n") + 1]
    return to_table(path.name, _csv_rows(whole, _delimiter(whole)), frozenset())


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the sheets of a workbook in their order; none for any other file."""
    if _kind(path) != "xlsx":
        return ()
    try:
        return tuple(python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names)
    except (python_calamine.CalamineError, OSError) as error:
        raise refusals.damaged(path, str(error)) from error


def _kind(path: Path) -> str:
    """Tell the format from the first bytes, not from the name: exports are often misnamed."""
    with _opened(path) as stream:
        head = _read_head(path, stream)
    if not head.strip():
        raise refusals.empty(path)
    if head[:4] == b"PK\x03\x04":
        return "xlsx"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refusals.old_excel(path)
    if b"\x00" in head or sum(head.count(c) for c in _CONTROL) > len(head) // 1000:
        raise refusals.not_a_table(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "geojson"
    if max(len(line) for line in head.split(b"\n")) > LONGEST_LINE:
        raise refusals.not_a_table(path)
    return "csv"


def _opened(path: Path) -> BinaryIO:
    stream = path.open("rb")
    gzipped = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    if not gzipped:
        return stream
    stream.close()
    return gzip.open(path, "rb")  # type: ignore[return-value]


def _read_head(path: Path, stream: BinaryIO) -> bytes:
    try:
        return stream.read(SNIFFED_BYTES)
    except (OSError, EOFError) as error:
        raise refusals.damaged(path, str(error)) from error


def _read_bytes(path: Path, limit_mb: int) -> bytes:
    """Read a file whole, unpacked, but never more than the limit (a small gzip may hold much)."""
    limit = limit_mb * _MB
    try:
        with _opened(path) as stream:
            body = stream.read(limit + 1)
    except (OSError, EOFError) as error:
        raise refusals.damaged(path, str(error)) from error
    if len(body) > limit:
        raise refusals.too_large(path, limit_mb)
    return body


def _read_csv(path: Path, known: frozenset[str], limit_mb: int) -> list[RawTable]:
    with _opened(path) as stream:
        head = _read_head(path, stream)
    encoding = _encoding(head)
    sample = head.decode(encoding, errors="replace")
    delimiter = _delimiter(sample)
    _refuse_unknown(path, sample, delimiter, known)
    text = _decoded(path, _read_bytes(path, limit_mb), encoding)
    try:
        table = to_table(path.name, _csv_rows(text, delimiter), known)
    except csv.Error as error:
        raise refusals.damaged(path, str(error)) from error
    return [table] if table else []


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str | None]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    # A quoted cell may hold line breaks: rows are numbered by the line where they begin.
    line = 1
    for row in reader:
        yield line, [_text(c) for c in row]
        line = reader.line_num + 1


def _text(cell: str) -> str | None:
    return cell.strip() or None


def _refuse_unknown(path: Path, sample: str, delimiter: str, known: frozenset[str]) -> None:
    """Stop before reading on when no header in the first rows is known (a large wrong file)."""
    if not known:
        return
    rows = [r for _, r in itertools.islice(_csv_rows(sample, delimiter), SEARCHED_ROWS)]
    table = to_table(path.name, list(enumerate(rows, start=1)), known)
    if table is not None and not {plain_name(c) for c in table.columns} & known:
        raise refusals.no_known_column(path, table.columns, sorted(known))


def _encoding(head: bytes) -> str:
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        # The cut at 64 kB may fall inside a character.
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(path: Path, body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        try:
            return body.decode("cp1252")
        except UnicodeDecodeError as error:
            raise refusals.not_a_table(path) from error


def _delimiter(sample: str) -> str:
    """Return the separator that splits most lines alike; a comma when none does."""
    lines = [line for line in sample.splitlines()[:SEARCHED_ROWS] if line.strip()]

    def weight(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        return (counts.count(common) if common else 0, common)

    return max(DELIMITERS, key=weight)


def _read_xlsx(path: Path, reading: Reading, known: frozenset[str]) -> list[RawTable]:
    try:
        formulas = archive.inspect(path, reading.limit_mb)
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        if reading.sheet is not None and reading.sheet not in names:
            raise refusals.no_sheet(path, reading.sheet, names)
        chosen = [reading.sheet] if reading.sheet is not None else names
        grids = {n: workbook.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in chosen}
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise refusals.damaged(path, str(error)) from error
    tables = [
        (name, to_table(path.name, enumerate(map(_row_text, grid), start=1), known, name))
        for name, grid in grids.items()
    ]
    return [replace(t, formulas=formulas.get(name, frozenset())) for name, t in tables if t]


def _row_text(row: Sequence[Any]) -> list[str | None]:
    return [_cell_text(c) for c in row]


def _cell_text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell))
        text = repr(cell)
        # A true 2.125 must not be taken for 2,125 written with an Indonesian thousand dot.
        return text + "0" if len(text.rpartition(".")[2]) == len("000") else text
    if cell is None:
        return None
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    return _text(str(cell))


def _read_geojson(path: Path, limit_mb: int) -> RawTable:
    try:
        body = msgspec.json.decode(_read_bytes(path, limit_mb).removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusals.damaged(path, str(error)) from error
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list):
        raise refusals.not_geojson(path)
    if not features:
        raise refusals.empty(path)
    properties = [_mapping(f, "properties") for f in features]
    columns = tuple(dict.fromkeys(str(k) for p in properties for k in p))
    return RawTable(
        file=path.name,
        columns=columns,
        rows=[tuple(_json_cell(p.get(c)) for c in columns) for p in properties],
        row_numbers=range(1, len(features) + 1),
        geometries=[_mapping(f, "geometry") for f in features],
    )


def _mapping(feature: Any, key: str) -> Mapping[str, Any]:
    value = feature.get(key) if isinstance(feature, dict) else None
    return value if isinstance(value, dict) else {}


def _json_cell(value: Any) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return _cell_text(value)
