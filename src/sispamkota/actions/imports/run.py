"""Import one file: gather it, understand it, keep it in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sispamkota.actions.imports.understand import Request, understand
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.workspace import Workspace


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
    found = understand(workspace, request)
    batches = found.batches(now)
    ids = workspace.store.append_all(batches)
    return ImportReport(
        kind=found.kind.name,
        file=found.table.file,
        import_ids=tuple(ids),
        rows={k: f.height for k, f, _ in batches},
        source=found.source.name,
        as_of=found.source.as_of,
        ignored=found.intake.ignored,
        notes=(*found.notes, *found.again),
        warnings=found.intake.warnings,
    )


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
