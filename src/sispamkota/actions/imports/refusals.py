"""Why a file cannot be read at all: one clear error each, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

_KINDS = "CSV, XLSX, GeoJSON"


def _refuse(path: Path, code: str, what: Text, remedy: Text) -> DomainError:
    message = Text(f"{path.name}: {what.id}", f"{path.name}: {what.en}")
    return DomainError(code, message, remedy, {"file": str(path)})


def no_file(path: Path) -> DomainError:
    """The path is no file."""
    return _refuse(
        path, "no_such_file", Text("berkas tidak ada", "there is no such file"),
        Text("Periksa nama dan foldernya.", "Check its name and folder."),
    )  # fmt: skip


def too_large(path: Path, limit_mb: int) -> DomainError:
    """More than the limit, packed or unpacked."""
    return _refuse(
        path, "too_large",
        Text(f"lebih besar dari {limit_mb} MB", f"larger than {limit_mb} MB"),
        Text("Periksa apakah berkasnya benar; kalau benar, naikkan batasnya (--max-mb).",
             "Check that it is the right file; if so, raise the limit (--max-mb)."),
    )  # fmt: skip


def zip_bomb(path: Path, entries: int, unpacked: int) -> DomainError:
    """A small archive that would unpack to very much, or to very many parts."""
    mb = unpacked // 1_000_000
    return _refuse(
        path, "zip_bomb",
        Text(f"arsip padat tidak wajar ({entries} bagian, {mb} MB setelah dibuka)",
             f"an archive packed beyond reason ({entries} parts, {mb} MB unpacked)"),
        Text("Buka di Excel, salin tabelnya ke buku kerja baru, lalu simpan sebagai .xlsx.",
             "Open it in Excel, copy the table to a new workbook, and save that as .xlsx."),
    )  # fmt: skip


def not_a_table(path: Path) -> DomainError:
    """Binary data, or text without lines."""
    return _refuse(
        path, "not_a_table",
        Text(f"isinya bukan tabel ({_KINDS})", f"its content is not a table ({_KINDS})"),
        Text("Ekspor ulang sebagai XLSX atau CSV.", "Export it again as XLSX or CSV."),
    )  # fmt: skip


def old_excel(path: Path) -> DomainError:
    """The binary format of Excel before 2007, or a workbook with a password."""
    return _refuse(
        path, "old_excel",
        Text("format Excel lama (.xls) atau berkas bersandi", "old Excel format (.xls) or a file with a password"),  # noqa: E501
        Text("Buka di Excel dan simpan sebagai .xlsx tanpa sandi.",
             "Open it in Excel and save it as .xlsx without a password."),
    )  # fmt: skip


def damaged(path: Path, detail: str) -> DomainError:
    """The format is known, its content is not readable."""
    return _refuse(
        path, "damaged_file",
        Text(f"berkas rusak: {detail}", f"the file is damaged: {detail}"),
        Text("Unduh atau ekspor ulang berkasnya.", "Download or export it again."),
    )  # fmt: skip


def empty(path: Path) -> DomainError:
    """No row at all."""
    return _refuse(
        path, "empty_file",
        Text("kosong: tidak ada judul kolom dan tidak ada baris", "empty: no header and no rows"),
        Text("Pilih lembar (--sheet) atau berkas yang berisi.", "Choose a sheet (--sheet) or file with content."),  # noqa: E501
    )  # fmt: skip


def not_geojson(path: Path) -> DomainError:
    """JSON, but no feature collection."""
    return _refuse(
        path, "not_geojson",
        Text("JSON ini bukan FeatureCollection", "this JSON is no FeatureCollection"),
        Text("Ekspor sebagai GeoJSON (EPSG:4326).", "Export it as GeoJSON (EPSG:4326)."),
    )  # fmt: skip


def no_sheet(path: Path, sheet: str, names: Sequence[str]) -> DomainError:
    """The workbook has no sheet of this name."""
    listed = ", ".join(names)
    return _refuse(
        path, "no_such_sheet",
        Text(f"tidak ada lembar '{sheet}'", f"there is no sheet '{sheet}'"),
        Text(f"Pilih lembar (--sheet) dari: {listed}.",
             f"Choose a sheet (--sheet) from: {listed}."),
    )  # fmt: skip


def several_sheets(path: Path, names: Sequence[str]) -> DomainError:
    """More than one sheet holds a table of this kind."""
    listed = ", ".join(names)
    return _refuse(
        path, "several_sheets",
        Text(f"beberapa lembar memuat tabel: {listed}", f"several sheets hold a table: {listed}"),
        Text("Pilih satu lembar (--sheet).", "Choose one sheet (--sheet)."),
    )  # fmt: skip


def no_known_column(path: Path, headers: Sequence[str], known: Sequence[str]) -> DomainError:
    """Nothing in the first rows is a header of this kind of import."""
    said = ", ".join(h for h in headers[:12] if h)[:200]
    names = ", ".join(known[:40])
    return _refuse(
        path, "no_known_column",
        Text(f"tidak satu pun judul kolom dikenal (ada: {said})", f"no header is known (found: {said})"),  # noqa: E501
        Text(f"Periksa jenis impor dan berkasnya, atau petakan kolomnya (--map KOLOM=JUDUL). Judul yang dikenal: {names}.",  # noqa: E501
             f"Check the kind of import and the file, or map the columns (--map COLUMN=HEADER). Known headers: {names}."),  # noqa: E501
    )  # fmt: skip


def too_wide(path: Path, rows: int, columns: int) -> DomainError:
    """Refuse a sheet that spans too many cells, most often by one stray cell far outside."""
    return DomainError(
        "too_many_cells",
        Text(
            f"{path.name}: lembar membentang {rows} baris × {columns} kolom",
            f"{path.name}: a sheet spans {rows} rows × {columns} columns",
        ),
        Text(
            "Hapus sel yang tersesat jauh di luar tabel, simpan, lalu impor lagi.",
            "Delete the stray cell far outside the table, save, and import again.",
        ),
        {"file": path.name, "row": rows, "column": columns},
    )


def forbidden_source(word: str) -> DomainError:
    """A source stands on every page, the public one too, so it names no contestant."""
    return DomainError(
        "forbidden_source",
        Text(
            f"sumber memuat '{word}': data pihak peserta atau perorangan bukan dasar",
            f"the source says '{word}': data of contestants or about persons are no basis",
        ),
        Text(
            "Sebut lembaga atau dokumen penyelenggara, mis. 'KPU OKU Timur, SK DPT'.",
            "Name the office or document, e.g. 'KPU OKU Timur, decree on the DPT'.",
        ),
        {"word": word},
    )
