"""Understand one file: read, recognise and check it against what is known; nothing is kept.

A preview shows what this finds; an import keeps it. Both go this one way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sispamkota.actions.imports import refusals
from sispamkota.actions.imports.kinds import KINDS, Job, Kind
from sispamkota.actions.imports.readers import DEFAULT_LIMIT_MB, Reading, read_tables
from sispamkota.actions.territory import election_stage, load_lists
from sispamkota.kernel.errors import DomainError, Findings
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import Column, RawTable, recognise
from sispamkota.kernel.text import Text
from sispamkota.kernel.times import in_wib
from sispamkota.storage.store import Batch, ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.intake.common import Intake
from sispamkota.territory.model import Territory
from sispamkota.vulnerability.neutrality import forbidden_word
from sispamkota.vulnerability.refusals import refuse_forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asks to import.

    Attributes:
        kind: a word of `KINDS`.
        path: the file.
        source: who says so; the file's name when None.
        as_of: the day the figures hold for; the file's own date, said in a note, when None.
        mapping: known column → header as written.
        sheet: sheet of a workbook.
        sample: generated data, labelled CONTOH everywhere.
        limit_mb: refuse larger files.
    """

    kind: str
    path: Path
    source: str | None = None
    as_of: dt.date | None = None
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    sample: bool = False
    limit_mb: int = DEFAULT_LIMIT_MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One file, understood without a problem.

    Attributes:
        kind: the kind asked for.
        table: its cells.
        source: who says so, for which day.
        sha256: hex digest of the file's bytes.
        known: what the workspace knew when it was checked.
        intake: rows by kind, ready to be kept.
        again: says that the same bytes were imported before, where they were.
        notes: how the file was understood.
    """

    kind: Kind
    table: RawTable
    source: Source
    sha256: str
    known: Territory
    intake: Intake
    again: tuple[Text, ...]
    notes: tuple[Text, ...]

    def batches(self, now: dt.datetime) -> list[Batch]:
        """Return the rows with their origin, one batch per kind that has any."""
        record = ImportRecord(
            file=self.table.file, sha256=self.sha256, source=self.source, imported_at=now
        )
        return [(k, f, record) for k, f in self.intake.frames.items() if f.height]


def understand(workspace: Workspace, request: Request) -> Understood:
    """Understand a file for a workspace; the workspace does not change.

    Raises:
        DomainError: anything wrong with file or content, with every problem found.
    """
    kind = kind_of(request.kind)
    columns = kind.columns(workspace.config.operation.election)
    table = choose_table(request, read_file(request, columns), columns)
    return understand_table(workspace, request, kind, table)


def understand_table(
    workspace: Workspace, request: Request, kind: Kind, table: RawTable
) -> Understood:
    """Understand a table that was read already; see `understand`."""
    as_of, notes = _as_of(request)
    if request.source and (word := forbidden_word(request.source)):
        raise refusals.forbidden_source(word)
    source = Source(name=request.source or request.path.name, as_of=as_of, sample=request.sample)
    known = load_lists(workspace.store)
    intake = kind.parse(
        Job(
            table=table,
            source=source,
            mapping=request.mapping or {},
            known=known,
            stage=election_stage(workspace),
            election=workspace.config.operation.election,
            persons=_persons(workspace, kind),
        )
    )
    # after the parser, whose own refusals (a NIK, say) tell more
    refuse_forbidden(table)
    if not any(frame.height for frame in intake.frames.values()):
        raise refusals.empty(request.path)
    sha256 = digest(request.path)
    return Understood(
        kind=kind,
        table=table,
        source=source,
        sha256=sha256,
        again=_again(standing_import(workspace, sha256)),
        known=known,
        intake=intake,
        notes=(
            *notes,
            *intake.notes,
            *_kept(kind, known, intake),
        ),
    )


def kind_of(word: str) -> Kind:
    """Return the kind of import of this word.

    Raises:
        DomainError: `unknown_kind`.
    """
    if word not in KINDS:
        listed = ", ".join(KINDS)
        raise DomainError(
            "unknown_kind",
            Text(f"jenis impor '{word}' tidak dikenal", f"kind of import '{word}' is not known"),
            Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
            {"kind": word},
        )
    return KINDS[word]


def _persons(workspace: Workspace, kind: Kind) -> Collection[str]:
    if kind.name != "training":
        return ()
    return frozenset(workspace.store.current("personnel")["id"])


def read_file(request: Request, columns: Sequence[Column]) -> list[RawTable]:
    """Read every table of the file, as `read_tables`."""
    reading = Reading(
        columns=columns,
        mapping=request.mapping,
        sheet=request.sheet,
        limit_mb=request.limit_mb,
    )
    return read_tables(request.path, reading)


def choose_table(
    request: Request, tables: Sequence[RawTable], columns: Sequence[Column]
) -> RawTable:
    """Choose the table of a file: the only one, or the only one that fits.

    Raises:
        DomainError: `several_sheets` where more than one fits equally well.
    """
    mapping = request.mapping or {}
    if len(tables) == 1:
        return tables[0]
    fits = []
    for table in tables:
        findings = Findings()
        found = recognise(table, columns, mapping, findings)
        missing = any(p.code == "missing_column" for p in findings.problems)
        fits.append(0 if missing or not table.rows else len(found))
    best = [t for t, n in zip(tables, fits, strict=True) if n == max(fits)]
    if len(best) > 1 and max(fits):
        raise refusals.several_sheets(request.path, [t.sheet or "" for t in best])
    return best[0]


def _as_of(request: Request) -> tuple[dt.date, tuple[Text, ...]]:
    if request.as_of is not None:
        return request.as_of, ()
    modified = dt.datetime.fromtimestamp(request.path.stat().st_mtime).astimezone().date()
    return modified, (
        Text(
            f"tanggal data dianggap {modified} (tanggal berkas); nyatakan tanggalnya (--as-of)",
            f"as-of date taken as {modified} (date of the file); state the date (--as-of)",
        ),
    )


def _kept(kind: Kind, known: Territory, intake: Intake) -> tuple[Text, ...]:
    """Say how many TPS known before are not in a new TPS list: they stay until withdrawn."""
    if kind.name != "tps" or known.tps.is_empty():
        return ()
    new = intake.frames["tps"].select("code", "desa")
    stay = known.tps.join(new, on="code", how="anti").filter(
        pl.col("desa").is_in(new["desa"].implode())
    )
    if stay.is_empty():
        return ()
    n = stay.height
    return (
        Text(
            f"{n} TPS yang sudah ada di desa itu tidak ada dalam berkas ini dan tetap berlaku; "
            "cabut impor lama (--undo) bila daftar ini menggantikannya",
            f"{n} TPS known before in the same desa are not in this file and stay; "
            "withdraw the old import (--undo) if this list replaces it",
        ),
    )


def standing_import(workspace: Workspace, sha256: str) -> dict[str, Any] | None:
    """Return the first import of a file with this digest that still holds, None without one."""
    imports = workspace.store.imports()
    same = imports.filter((pl.col("sha256") == sha256) & pl.col("withdrawn_at").is_null())
    return same.row(0, named=True) if same.height else None


def _again(earlier: Mapping[str, Any] | None) -> tuple[Text, ...]:
    """Say that the same bytes were imported before: allowed, but seldom meant."""
    if earlier is None:
        return ()
    day = f"{in_wib(earlier['imported_at']):%Y-%m-%d %H:%M} WIB"
    return (
        Text(
            f"berkas yang sama sudah diimpor sebagai {earlier['id']} pada {day}",
            f"the same file was imported before as {earlier['id']} on {day}",
        ),
    )


def digest(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
