"""What the rest of the program asks of storage: append, read what holds now, keep plans.

One interface, on SQLite and on PostgreSQL. Nothing is ever overwritten: a later
figure stands beside the earlier one, and a withdrawn import stays readable in the history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import polars as pl

from sispamkota.kernel.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """Where the rows of one import came from; the store adds its id, kind and row count.

    Attributes:
        file: name of the file as the person gave it, or of the built-in table.
        sha256: hex digest of the file's bytes, so that the same file is recognised.
        source: who said so, for which day, and whether it is generated (CONTOH).
        imported_at: when it was imported, with time zone.
    """

    file: str
    sha256: str
    source: Source
    imported_at: dt.datetime


Batch: TypeAlias = tuple[str, pl.DataFrame, ImportRecord]
"""Kind, rows and origin of one import."""

IMPORTS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "kind": pl.String(),
    "file": pl.String(),
    "sha256": pl.String(),
    "rows": pl.Int64(),
    "source": pl.String(),
    "as_of": pl.Date(),
    "sample": pl.Boolean(),
    "imported_at": pl.Datetime("us", "UTC"),
    "withdrawn_at": pl.Datetime("us", "UTC"),
}

PLANS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "kind": pl.String(),
    "sha256": pl.String(),
    "size_bytes": pl.Int64(),
    "saved_at": pl.Datetime("us", "UTC"),
}


class ImportMark(NamedTuple):
    """What tells an import from any other, of another database too, and whether it holds."""

    id: str
    kind: str
    file: str
    sha256: str
    imported_at: str
    withdrawn: bool


class Store(Protocol):
    """Append-only tables of one operation, and its plans.

    Every method is one transaction and raises `DomainError` where the storage itself fails
    (locked, full, damaged). Kinds are the names of `storage.tables.KINDS`.
    """

    def append(self, kind: str, frame: pl.DataFrame, record: ImportRecord) -> str:
        """Keep all rows of one import, or none, and return the import's id."""
        ...

    def append_all(self, batches: Sequence[Batch]) -> list[str]:
        """Keep several imports together, or none of them; ids in the order given."""
        ...

    def current(self, kind: str) -> pl.DataFrame:
        """Return what holds now: per key the latest row by as-of, then by import; sorted by key.

        Rows of withdrawn imports are left out.
        """
        ...

    def current_all(self, kinds: Sequence[str]) -> dict[str, pl.DataFrame]:
        """Return `current` of several kinds as they stood at one moment."""
        ...

    def history(self, kind: str, imports: Sequence[str] | None = None) -> pl.DataFrame:
        """Return every row ever imported with its `import_id`, in order of import.

        Args:
            kind: name of the kind.
            imports: ids of the imports wanted; None = all.
        """
        ...

    def marks(self, kinds: Sequence[str]) -> tuple[ImportMark, ...]:
        """Return what tells the imports of some kinds apart, in order: a light `imports`."""
        ...

    def imports(self) -> pl.DataFrame:
        """Return the imports (schema `IMPORTS`) in order."""
        ...

    def withdraw(self, import_id: str, *, at: dt.datetime | None = None) -> None:
        """Take an import out of what holds now; its rows stay in the history.

        Raises:
            DomainError: `unknown_import`, or `already_withdrawn`.
        """
        ...

    def save_plan(
        self, plan_id: str, kind: str, body: bytes, *, at: dt.datetime | None = None
    ) -> None:
        """Keep a plan, with a version number and the command line as its author.

        The same content again changes nothing; another content under the same id stands before
        the earlier one and is a further version.

        Raises:
            DomainError: `plan_exists` where the content would change under a plan that is
                reviewed, approved or superseded.
        """
        ...

    def load_plan(self, plan_id: str) -> bytes:
        """Return the body of the plan as last saved.

        Raises:
            DomainError: `unknown_plan`.
        """
        ...

    def plans(self) -> pl.DataFrame:
        """Return the plans (schema `PLANS`), each id once, in order of saving."""
        ...

    def revision(self) -> str:
        """Return a token that changes with every import, withdrawal, plan and plan event.

        It is cheap, and another for another database; settings of `sispamkota.toml` are not in it.
        """
        ...

    def close(self) -> None:
        """Give up connections; may be called twice."""
        ...
