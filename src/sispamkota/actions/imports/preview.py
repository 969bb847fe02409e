"""A dry run of an import: how the file would be read, every problem, and what would change.

Nothing is kept. `accept_import` then imports the same bytes with the same request.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sispamkota.actions.imports.changes import Changes, changes_of
from sispamkota.actions.imports.kinds import KINDS, Kind
from sispamkota.actions.imports.readers import read_head, sheet_names
from sispamkota.actions.imports.run import ImportReport, import_file
from sispamkota.actions.imports.titles import title_of
from sispamkota.actions.imports.understand import (
    Request,
    choose_table,
    digest,
    kind_of,
    read_file,
    standing_import,
    understand_table,
)
from sispamkota.forces.roster_cells import is_identity
from sispamkota.kernel.errors import DomainError, Findings, Problem
from sispamkota.kernel.table import Column, RawTable, recognise
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.config import Election
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.intake.common import Sheet

SAMPLE_ROWS = 8
LONGEST_CELL = 120
_NOT_SHOWN = ("identity_numbers", "forbidden_column")
"""Refusals of files of which nothing may be repeated, not even on the screen of who sent them."""
_OPTION = re.compile(r" \(--[^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedColumn:
    """A column that the kind understands, and the header of the file that was taken for it."""

    known: str
    title: Text
    header: str | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFit:
    """How well the file fits a kind of import: share of the headers known to it, 0 to 1."""

    kind: str
    meaning: Text
    fit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import of one file would do.

    Attributes:
        request: as asked, with kind, sheet and date as they were settled; accept takes it.
        sha256: hex digest of the file's bytes.
        kinds: every kind of import and how well the file fits it.
        sheets: sheets to choose from; empty where the file is no workbook.
        columns: mapping of the columns.
        headers: headers of the file as written.
        sample_rows: row number and the cells under `headers` of the first rows.
        table_rows: data rows in the file.
        rows: kind of row → how many would be kept.
        ignored: headers that are not used.
        notes, warnings: what the import would say.
        problems: everything that stands against it (the first 1,000).
        problem_count: how many problems there are in all.
        changes: what would change; empty while there is a problem.
        already_imported: the import of the same bytes that holds now, None without one.
        roads: size, connections and snapping of a road file, None for a table.
    """

    request: Request
    sha256: str
    kinds: tuple[KindFit, ...]
    sheets: tuple[str, ...] = ()
    columns: tuple[MappedColumn, ...] = ()
    headers: tuple[str, ...] = ()
    sample_rows: tuple[tuple[int, tuple[str | None, ...]], ...] = ()
    table_rows: int = 0
    rows: Mapping[str, int]
    ignored: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    changes: tuple[Changes, ...] = ()
    already_imported: Mapping[str, Any] | None = None
    roads: Mapping[str, Any] | None = None

    @property
    def acceptable(self) -> bool:
        """Whether an import would keep the file."""
        return not self.problems

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the answer of `POST /api/imports` but for its token."""
        asked = self.request
        return {
            "kind": asked.kind,
            "kinds": [
                {"kind": k.kind, "meaning": k.meaning.in_(lang), "fit": round(k.fit, 2)}
                for k in self.kinds
            ],
            "file": asked.path.name,
            "sha256": self.sha256,
            "source": asked.source,
            "as_of": asked.as_of.isoformat() if asked.as_of else None,
            "sample": asked.sample,
            "sheet": asked.sheet,
            "sheets": list(self.sheets),
            "columns": [
                {
                    "known": c.known,
                    "title": c.title.in_(lang),
                    "header": c.header,
                    "required": c.required,
                }
                for c in self.columns
            ],
            "headers": list(self.headers),
            "sample_rows": [{"row": n, "cells": list(cells)} for n, cells in self.sample_rows],
            "table_rows": self.table_rows,
            "rows": dict(self.rows),
            "ignored": list(self.ignored),
            "notes": [_on_screen(t, lang) for t in self.notes],
            "warnings": [_on_screen(t, lang) for t in self.warnings],
            "problems": [_problem(p, lang) for p in self.problems],
            "problem_count": self.problem_count,
            "changes": [c.as_json() for c in self.changes],
            "acceptable": self.acceptable,
            "already_imported": _told(self.already_imported),
            "roads": None if self.roads is None else dict(self.roads),
        }


def preview_import(workspace: Workspace, request: Request) -> Preview:
    """Show what an import would do; the workspace does not change.

    Args:
        workspace: where to.
        request: what and how; an empty `kind` takes the kind that the headers fit best.

    Raises:
        DomainError: the file cannot be shown at all (missing, too large, damaged, no table), or
            the kind is unknown. What is wrong with its content is in `problems` instead.
    """
    election = workspace.config.operation.election
    if request.kind:
        kind_of(request.kind)
    table, refusal = _table(request, election)
    kinds = _kinds(table, election)
    settled = replace(request, kind=request.kind or _best(kinds))
    kind = kind_of(settled.kind)
    if not request.kind:
        table, refusal = _table(settled, election)
    settled = replace(settled, sheet=settled.sheet or table.sheet)
    sha256 = digest(request.path)
    columns = kind.columns(election)
    headed = [i for i, header in enumerate(table.columns) if header]
    shown = Preview(
        request=settled,
        sha256=sha256,
        kinds=kinds,
        sheets=sheet_names(request.path),
        columns=_mapped(table, columns, settled.mapping or {}),
        headers=tuple(table.columns[i] for i in headed),
        sample_rows=tuple(
            (n, tuple(_shown(row[i]) for i in headed))
            for n, row in zip(table.row_numbers[:SAMPLE_ROWS], table.rows, strict=False)
        ),
        table_rows=len(table.rows),
        rows={},
        already_imported=standing_import(workspace, sha256),
    )
    return refused(shown, refusal) if refusal else _judged(workspace, shown, kind, table)


def accept_import(
    workspace: Workspace, request: Request, sha256: str, now: dt.datetime
) -> ImportReport:
    """Import what was previewed: the same bytes, with the request of the preview.

    Raises:
        DomainError: `file_changed` where the bytes are others, else as `import_file`.
    """
    check_bytes(request, sha256)
    return import_file(workspace, request, now)


def check_bytes(request: Request, sha256: str) -> None:
    """Refuse a file that is no longer the one that was previewed.

    Raises:
        DomainError: `file_changed`.
    """
    if not request.path.is_file() or digest(request.path) != sha256:
        raise DomainError(
            "file_changed",
            Text(
                f"{request.path.name}: berkas bukan lagi yang diperiksa",
                f"{request.path.name}: the file is no longer the one that was checked",
            ),
            Text("Unggah dan periksa lagi.", "Upload and check it again."),
            {"file": request.path.name},
        )


def _table(request: Request, election: Election) -> tuple[RawTable, DomainError | None]:
    """Return the table to show, with the refusal that an import of it would end in."""
    columns = kind_of(request.kind).columns(election) if request.kind else ()
    try:
        tables = read_file(request, columns)
    except DomainError as error:
        head = read_head(request.path) if error.code == "no_known_column" else None
        if head is None:
            raise
        return head, error
    try:
        return choose_table(request, tables, columns), None
    except DomainError as error:
        return tables[0], error


def _kinds(table: RawTable, election: Election) -> tuple[KindFit, ...]:
    """Say how well a table fits each kind; a header that many kinds know tells little."""
    knows = {
        kind.name: set(recognise(table, kind.columns(election), {}, Findings()).values())
        for kind in KINDS.values()
    }
    users = [sum(i in found for found in knows.values()) for i in range(len(table.columns))]
    heads = sum(bool(h) for h in table.columns) or 1
    return tuple(
        KindFit(
            kind=name,
            meaning=KINDS[name].meaning,
            fit=_fit(table, KINDS[name], election) and sum(1 / users[i] for i in found) / heads,
        )
        for name, found in knows.items()
    )


def _fit(table: RawTable, kind: Kind, election: Election) -> float:
    """Return 0 where a required column or the polygons are missing, else 1."""
    findings = Findings()
    recognise(table, kind.columns(election), {}, findings)
    areal = any((g or {}).get("type", "").endswith("Polygon") for g in table.geometries or ())
    missing = any(p.code == "missing_column" for p in findings.problems)
    return float(not missing and areal == (kind.name == "boundaries"))


def _best(kinds: Sequence[KindFit]) -> str:
    return max(kinds, key=lambda k: k.fit).kind


def _mapped(
    table: RawTable, columns: Sequence[Column], mapping: Mapping[str, str]
) -> tuple[MappedColumn, ...]:
    found = Sheet.open(table, columns, mapping).found
    return tuple(
        MappedColumn(
            known=c.name,
            title=title_of(c),
            header=table.columns[found[c.name]] if c.name in found else None,
            required=c.required,
        )
        for c in columns
    )


def _judged(workspace: Workspace, shown: Preview, kind: Kind, table: RawTable) -> Preview:
    try:
        found = understand_table(workspace, shown.request, kind, table)
    except DomainError as error:
        return refused(shown, error)
    changes = changes_of(workspace, found)
    return replace(
        shown,
        rows={k: f.height for k, f in found.intake.frames.items() if f.height},
        ignored=found.intake.ignored,
        notes=found.notes,
        warnings=found.intake.warnings,
        changes=changes,
    )


def refused(shown: Preview, error: DomainError) -> Preview:
    """Show a refusal: its single problems, or itself as the one problem there is."""
    problems = error.problems or (_as_problem(error),)
    used = {c.header for c in shown.columns}
    return replace(
        shown,
        sample_rows=() if error.code in _NOT_SHOWN else shown.sample_rows,
        ignored=tuple(h for h in shown.headers if h not in used),
        problems=problems,
        problem_count=int(error.where.get("count", len(problems))),
    )


def _shown(cell: str | None) -> str | None:
    """Shorten a cell; what looks like an identity number is not repeated."""
    if cell is None:
        return None
    return "…" if is_identity(cell) else cell[:LONGEST_CELL]


def _as_problem(error: DomainError) -> Problem:
    row, column, value = (error.where.get(k) for k in ("row", "column", "value"))
    return Problem(
        code=error.code,
        message=error.message,
        remedy=error.remedy,
        row=row if isinstance(row, int) else None,
        column=None if column is None else str(column),
        value=None if value is None else str(value),
    )


def _problem(problem: Problem, lang: Lang) -> dict[str, Any]:
    value = problem.value
    return {
        **problem.as_json(lang),
        "message": _on_screen(problem.message, lang),
        "remedy": _on_screen(problem.remedy, lang),
        "value": value[:LONGEST_CELL] if value else value,
    }


def _on_screen(text: Text, lang: Lang) -> str:
    """Return a text without the options of the command line, which stand in parentheses."""
    return _OPTION.sub("", text.in_(lang))


def _told(earlier: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    return {
        "id": earlier["id"],
        "kind": earlier["kind"],
        "file": earlier["file"],
        "source": earlier["source"],
        "imported_at": earlier["imported_at"].isoformat(),
    }


UPLOAD_NAME = re.compile(r"[^\w.()\- ]+")
LONGEST_NAME = 100


def upload_name(name: str) -> str:
    """Return the name of an uploaded file without folders or signs that a disk may refuse.

    The name is shown in messages and kept with the import; it never leads out of its folder.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = UPLOAD_NAME.sub("_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > LONGEST_NAME:
        plain = f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending[:20]}"
    return plain or "berkas"


def upload_path(folder: Path, name: str) -> Path:
    """Return where an upload of this name is put inside `folder`."""
    return folder / upload_name(name)
