"""Change one person of the roster: a new row beside the old one, in the name of who changed it.

The row goes through the same parser as an imported roster, so it keeps the same rules. Withdrawing
its import takes the change back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.actions.named import named_person, stated_reason
from sispamkota.actions.territory import load_lists
from sispamkota.forces.frames import PERSONNEL
from sispamkota.forces.roster import parse_personnel
from sispamkota.kernel.errors import DomainError, Problem
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import RawTable
from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import Workspace

EDITABLE = ("available", "duty", "home_post", "leader", "transport")
_FILE = "suntingan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One person changed.

    Attributes:
        person: opaque id.
        before, after: the changed columns alone.
        import_id: what `undo` takes.
        by: who changed it.
        reason: why.
    """

    person: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    import_id: str
    by: str
    reason: str

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:  # noqa: ARG002  (as every answer)
        """Return the answer of `PATCH /api/roster/{id}`."""
        return {
            "id": self.person,
            "before": dict(self.before),
            "after": dict(self.after),
            "import": self.import_id,
            "by": self.by,
            "reason": self.reason,
        }


def edit_person(
    workspace: Workspace,
    person: str,
    changes: Mapping[str, Any],
    *,
    by: str,
    reason: str,
    now: dt.datetime,
) -> Edit:
    """Change one person of the imported roster.

    Args:
        workspace: an open workspace.
        person: opaque id.
        changes: some of `EDITABLE` with the new value; an empty transport is none.
        by: name of the acting person, kept as the source of the row.
        reason: why, kept with the import.
        now: time of the edit, with zone.

    Raises:
        DomainError: `generated_roster` while the roster is the CONTOH one that nobody kept,
            `unknown_person`, `unknown_column`, `missing_name`, `missing_reason`,
            `reason_too_long`, `forbidden_reason`, `nothing_changed`, or `bad_input` for a value
            that the roster's rules refuse.
    """
    by, reason = named_person(by), stated_reason(reason)
    _check_columns(changes)
    row = _person(workspace, person)
    source = Source(
        name=by, as_of=max(in_wib(now).date(), row["as_of"]), sample=bool(row["sample"])
    )
    after = _parsed(workspace, row, changes, source)
    changed = [c for c in EDITABLE if after[c] != row[c]]
    if not changed:
        raise _nothing_changed(person)
    record = ImportRecord(
        file=f"{_FILE} {person}: {reason}",
        sha256=_digest(person, changes, by, reason, now),
        source=source,
        imported_at=now,
    )
    frame = pl.DataFrame([after], schema=PERSONNEL)
    return Edit(
        person=person,
        before={c: row[c] for c in changed},
        after={c: after[c] for c in changed},
        import_id=workspace.store.append("personnel", frame, record),
        by=by,
        reason=reason,
    )


def roster_edits(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Return person → the last edit that holds: import, by, reason, at."""
    imports = workspace.store.imports().filter(
        (pl.col("kind") == "personnel")
        & pl.col("file").str.starts_with(f"{_FILE} ")
        & pl.col("withdrawn_at").is_null()
    )
    edits: dict[str, dict[str, Any]] = {}
    for row in imports.iter_rows(named=True):
        person, _, reason = row["file"].removeprefix(f"{_FILE} ").partition(": ")
        edits[person] = {
            "import": row["id"],
            "by": row["source"],
            "reason": reason,
            "at": row["imported_at"].isoformat(),
        }
    return edits


def _person(workspace: Workspace, person: str) -> dict[str, Any]:
    roster = workspace.store.current("personnel")
    if roster.is_empty():
        raise _generated()
    found = roster.filter(pl.col("id") == person)
    if found.is_empty():
        raise DomainError(
            "unknown_person",
            Text(f"id '{person[:60]}' tidak ada di daftar personel",
                 f"id '{person[:60]}' is not in the roster"),
            Text("Pilih id dari daftar personel.", "Choose an id of the roster."),
            {"id": person[:60]},
        )  # fmt: skip
    return found.row(0, named=True)


def _parsed(
    workspace: Workspace, row: Mapping[str, Any], changes: Mapping[str, Any], source: Source
) -> dict[str, Any]:
    """Read the changed row as a roster of one, so that the rules of an import hold.

    A desa of residence that is no longer listed, or a word of an older vocabulary, is nobody's
    mistake now: only the columns that are changed, and those they depend on, are read again.
    """
    read = {"id": row["id"], "agency": row["agency"], "home_post": row["home_post"], **changes}
    table = RawTable(
        file="roster",
        columns=tuple(read),
        rows=[tuple(_cell(v) for v in read.values())],
        row_numbers=[1],
    )
    try:
        intake = parse_personnel(table, source, {}, load_lists(workspace.store))
    except DomainError as error:
        raise _refused(error, changes) from error
    new = intake.frames["personnel"].row(0, named=True)
    kept = {c: new[c] for c in changes}
    return {**row, **kept, "source": source.name, "as_of": source.as_of, "sample": source.sample}


def _cell(value: Any) -> str | None:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return None if value is None else str(value)


def _refused(error: DomainError, changes: Mapping[str, Any]) -> DomainError:
    """Tell the first problem of the changed columns without the row of a file there is none of."""
    first = next((p for p in error.problems if p.column in changes), None)
    if first is None:
        return error
    problems = [
        Problem(code=p.code, message=p.message, remedy=p.remedy, column=p.column, value=p.value)
        for p in error.problems
    ]
    return DomainError(
        first.code,
        first.message,
        first.remedy,
        {"column": first.column, "value": first.value},
        problems if len(problems) > 1 else (),
    )


def _check_columns(changes: Mapping[str, Any]) -> None:
    strange = [c for c in changes if c not in EDITABLE]
    empty = [c for c, v in changes.items() if c != "transport" and not (_cell(v) or "").strip()]
    known = ", ".join(EDITABLE)
    if strange:
        raise DomainError(
            "unknown_column",
            Text(f"kolom '{strange[0][:60]}' tidak dapat diubah",
                 f"column '{strange[0][:60]}' cannot be changed"),
            Text(f"Yang dapat diubah: {known}.", f"What can be changed: {known}."),
            {"column": strange[0][:60]},
        )  # fmt: skip
    if empty:
        raise DomainError(
            "missing_cell",
            Text(f"'{empty[0]}' kosong", f"'{empty[0]}' is empty"),
            Text("Isi nilainya, atau biarkan kolom itu.", "Give a value, or leave the column out."),
            {"column": empty[0]},
        )


def _generated() -> DomainError:
    return DomainError(
        "generated_roster",
        Text(
            "belum ada daftar personel yang disimpan; daftar CONTOH tidak dapat diubah",
            "no roster is kept yet; the generated CONTOH roster cannot be changed",
        ),
        Text(
            "Impor personel, atau simpan daftar CONTOH: sispamkota roster generate.",
            "Import personnel, or keep the CONTOH roster: sispamkota roster generate.",
        ),
    )


def _nothing_changed(person: str) -> DomainError:
    return DomainError(
        "nothing_changed",
        Text(f"{person}: tidak ada yang berubah", f"{person}: nothing would change"),
        Text("Ubah sedikitnya satu kolom.", "Change at least one column."),
        {"id": person},
    )


def _digest(person: str, changes: Mapping[str, Any], by: str, reason: str, now: dt.datetime) -> str:
    body = json.dumps([person, dict(changes), by, reason, now.isoformat()], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()
