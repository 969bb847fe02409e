"""Import one file: gather it, understand it, keep it in one transaction or not at all."""

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
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.store import Batch, ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.intake.common import Intake
from sispamkota.territory.model import Territory
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
class ImportReport:
    """What an import did.

    Attributes:
        kind: the word asked for.
        file: name of the file.
        import_ids: what `import --undo` takes, one per kind of row kept.
        rows: kind of row → how many.
        source: who says so.
        as_of: the day the rows hold for.
        ignored: headers that were not used.
        notes: how the file was understood.
        warnings: what does not fit and was imported or left out by name (exit code 1).
    """

    kind: str
    file: str
    import_ids: tuple[str, ...]
    rows: Mapping[str, int]
    source: str
    as_of: dt.date
    ignored: tuple[str, ...]
    notes: tuple[Text, ...]
    warnings: tuple[Text, ...]

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the JSON object of `sispamkota import`."""
        return {
            "kind": self.kind,
            "file": self.file,
            "imports": list(self.import_ids),
            "rows": dict(self.rows),
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "ignored": list(self.ignored),
            "notes": [t.in_(lang) for t in self.notes],
            "warnings": [t.in_(lang) for t in self.warnings],
        }


def import_file(workspace: Workspace, request: Request, now: dt.datetime) -> ImportReport:
    """Import one file into the workspace.

    Args:
        workspace: where to.
        request: what and how.
        now: time of the import, with zone.

    Returns:
        What was kept, how it was understood, and what to look at.

    Raises:
        DomainError: anything wrong with file or content; the workspace is then unchanged.
    """
    kind = _kind(request.kind)
    election = workspace.config.operation.election
    table = _one_table(request, kind.columns(election))
    as_of, notes = _as_of(request)
    source = Source(name=request.source or request.path.name, as_of=as_of, sample=request.sample)
    known = load_lists(workspace.store)
    intake = kind.parse(
        Job(
            table=table,
            source=source,
            mapping=request.mapping or {},
            known=known,
            stage=election_stage(workspace),
            election=election,
            persons=_persons(workspace, kind),
        )
    )
    # after the parser, whose own refusals (a NIK, say) tell more
    refuse_forbidden(table)
    record = ImportRecord(
        file=request.path.name, sha256=_sha256(request.path), source=source, imported_at=now
    )
    batches: list[Batch] = [(k, f, record) for k, f in intake.frames.items() if f.height]
    if not batches:
        raise refusals.empty(request.path)
    ids = workspace.store.append_all(batches)
    return ImportReport(
        kind=kind.name,
        file=request.path.name,
        import_ids=tuple(ids),
        rows={k: f.height for k, f, _ in batches},
        source=source.name,
        as_of=as_of,
        ignored=intake.ignored,
        notes=(*notes, *intake.notes, *_kept(kind, known, intake)),
        warnings=intake.warnings,
    )


def _kind(word: str) -> Kind:
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


def _one_table(request: Request, columns: Sequence[Column]) -> RawTable:
    """Read the file and choose its table: the only one, or the only one that fits."""
    mapping = request.mapping or {}
    tables = read_tables(
        request.path,
        Reading(columns=columns, mapping=mapping, sheet=request.sheet, limit_mb=request.limit_mb),
    )
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
            f"tanggal data dianggap {modified} (tanggal berkas); nyatakan dengan --as-of",
            f"as-of date taken as {modified} (date of the file); state it with --as-of",
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
            "cabut impor lama dengan --undo bila daftar ini menggantikannya",
            f"{n} TPS known before in the same desa are not in this file and stay; "
            "withdraw the old import with --undo if this list replaces it",
        ),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_imports(workspace: Workspace) -> list[dict[str, Any]]:
    """Return every import with its id, newest first."""
    return workspace.store.imports().reverse().to_dicts()


def undo_imports(workspace: Workspace, import_ids: Sequence[str], now: dt.datetime) -> None:
    """Take imports out of what holds now; their rows stay in the history.

    Raises:
        DomainError: for an id that the store does not know.
    """
    for import_id in import_ids:
        workspace.store.withdraw(import_id, at=now)
