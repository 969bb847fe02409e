"""sispamkota import KIND FILE: bring in a table, all of it or nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from sispamkota.actions.imports import (
    KINDS,
    ImportReport,
    Request,
    import_file,
    list_imports,
    undo_imports,
)
from sispamkota.actions.imports.readers import DEFAULT_LIMIT_MB
from sispamkota.cli.output import FINDINGS, console, emit_table
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text, number
from sispamkota.storage.workspace import Workspace, open_workspace

ROADS = "roads"
"""The kind of import that is no table."""
ROADS_LIMIT_MB = 2000


@click.command(name="import")
@click.argument("kind", type=click.Choice([*KINDS, ROADS]), required=False)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--source", help="Who says so (default: the file's name).")
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day the figures hold for (default: the file's date, with a note).",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=HEADER",
    help="Header of a column that is not recognised; may be repeated.",
)
@click.option("--sheet", help="Sheet of a workbook.")
@click.option("--sample", is_flag=True, help="Generated data: labelled CONTOH everywhere.")
@click.option(
    "--max-mb",
    type=click.IntRange(min=1),
    help=f"Refuse larger files (unpacked; default: {DEFAULT_LIMIT_MB}; roads: as large as they "
    "can be read).",
)
@click.option("--list", "listing", is_flag=True, help="List the imports of the workspace.")
@click.option("--undo", multiple=True, metavar="ID", help="Withdraw an import; may be repeated.")
@shared
def import_(shell: Shell, listing: bool, undo: tuple[str, ...], **options: object) -> None:  # noqa: FBT001
    """Bring a table into the workspace: XLSX, CSV or GeoJSON, all of it or nothing.

    KIND roads takes a road network: OpenStreetMap (.osm.pbf, .osm), GeoJSON or GraphML, cut to the
    area of the operation.
    """
    with open_workspace(shell.workspace) as workspace:
        if listing or undo:
            _manage(shell, workspace, undo)
            return
        request = _request(**options)  # type: ignore[arg-type]
        if request.kind == ROADS:
            # Only here: a table is imported without loading what reads roads.
            from sispamkota.cli.roads_import import import_and_show  # noqa: PLC0415

            import_and_show(shell, workspace, request)
            return
        report = import_file(workspace, request, dt.datetime.now(dt.UTC))
    shell.result(report.as_json(shell.lang), lambda: _show(shell, report))
    if report.warnings:
        raise click.exceptions.Exit(FINDINGS)


def _request(
    *,
    kind: str | None,
    file: Path | None,
    source: str | None,
    as_of: dt.datetime | None,
    maps: tuple[str, ...],
    sheet: str | None,
    sample: bool,
    max_mb: int | None,
) -> Request:
    if kind is None or file is None:
        listed = ", ".join([*KINDS, ROADS])
        raise click.UsageError(f"import needs KIND and FILE; KIND is one of: {listed}")
    return Request(
        kind=kind,
        path=file,
        source=source,
        as_of=as_of.date() if as_of else None,
        mapping=dict(_pair(m) for m in maps),
        sheet=sheet,
        sample=sample,
        limit_mb=max_mb or (ROADS_LIMIT_MB if kind == ROADS else DEFAULT_LIMIT_MB),
    )


def _pair(text: str) -> tuple[str, str]:
    column, equals, header = text.partition("=")
    if not equals or not column.strip() or not header.strip():
        raise DomainError(
            "bad_mapping",
            Text(f"--map '{text}' bukan KOLOM=JUDUL", f"--map '{text}' is not COLUMN=HEADER"),
            Text("Contoh: --map code='Kode Desa'.", "Example: --map code='Kode Desa'."),
            {"map": text},
        )
    return column.strip(), header.strip()


def _manage(shell: Shell, workspace: Workspace, undo: tuple[str, ...]) -> None:
    if undo:
        undo_imports(workspace, undo, dt.datetime.now(dt.UTC))
    rows = list_imports(workspace)
    names = ("id", "kind", "file", "rows", "as_of", "imported_at", "withdrawn_at", "source")
    shell.result(
        {"imports": rows, "withdrawn": list(undo)},
        lambda: emit_table(
            shell.text(Text("Impor, terbaru dulu", "Imports, newest first")),
            names,
            ([_cell(row[n]) for n in names] for row in rows),
        ),
    )


def _cell(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else value


def _show(shell: Shell, report: ImportReport) -> None:
    out = console()
    kept = ", ".join(f"{number(n, shell.lang)} {k}" for k, n in report.rows.items())
    out.print(
        shell.text(
            Text(
                f"{report.file}: {kept} diimpor (per {report.as_of}, sumber {report.source})",
                f"{report.file}: {kept} imported (as of {report.as_of}, source {report.source})",
            )
        ),
        markup=False,
    )
    for label, texts in (
        (Text("Catatan", "Note"), report.notes),
        (Text("Peringatan", "Warning"), report.warnings),
    ):
        for text in texts:
            out.print(f"  {shell.text(label)}: {shell.text(text)}", markup=False)
    if report.ignored:
        said = Text("Kolom tak dipakai", "Columns not used")
        out.print(f"  {shell.text(said)}: {', '.join(report.ignored)}", markup=False)
    undo = " ".join(f"--undo {i}" for i in report.import_ids)
    out.print(f"  {shell.text(Text('Batalkan', 'Undo'))}: sispamkota import {undo}", markup=False)
