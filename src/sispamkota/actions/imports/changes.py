"""What an import would change: rows that are new, changed, the same, or older than what holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.actions.imports.understand import Understood
from sispamkota.storage.tables import KINDS
from sispamkota.storage.workspace import Workspace

EXAMPLES = 20
_ORIGIN = ("source", "as_of", "sample")
_MERGED = ("areas", "tps", "posts")
"""Kinds whose rows are joined column by column: an empty cell does not erase what was said."""

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell that an import would change."""

    key: str
    column: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an import would do to the rows of one kind.

    Attributes:
        kind: kind of row.
        new: rows about something not known before.
        changed: rows that say otherwise than what holds now.
        same: rows that say what holds already.
        older: rows kept in the history only, for a later day is known.
        examples: some of the changed cells.
    """

    kind: str
    new: int
    changed: int
    same: int
    older: int
    examples: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the entry of `changes[]` of a preview."""
        return {
            "kind": self.kind,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "older": self.older,
            "examples": [
                {"key": c.key, "column": c.column, "before": c.before, "after": c.after}
                for c in self.examples
            ],
        }


def changes_of(workspace: Workspace, found: Understood) -> tuple[Changes, ...]:
    """Compare what an import would keep with what holds now."""
    lists = {name: getattr(found.known, name) for name in _MERGED}
    return tuple(
        _compare(kind, frame, lists[kind] if kind in lists else workspace.store.current(kind))
        for kind, frame in found.intake.frames.items()
        if frame.height
    )


def _compare(kind: str, frame: pl.DataFrame, now: pl.DataFrame) -> Changes:
    key = list(KINDS[kind].key)
    columns = [c for c in frame.columns if c not in (*key, *_ORIGIN)]
    both = frame.join(
        now.select(*key, *columns, "as_of", _there=pl.lit(value=True)),
        on=key,
        how="left",
        suffix="_now",
        maintain_order="left",
    )
    known = pl.col("_there").is_not_null()
    differs = {c: _differs(kind, c) for c in columns}
    older = known & (pl.col("as_of") < pl.col("as_of_now"))
    changed = known & ~older & pl.any_horizontal(False, *differs.values())
    marked = both.with_columns(_older=older, _changed=changed)
    counts = marked.select(
        new=(~known).sum(),
        older=pl.col("_older").sum(),
        changed=pl.col("_changed").sum(),
        same=(known & ~pl.col("_older") & ~pl.col("_changed")).sum(),
    ).row(0, named=True)
    shown = marked.filter("_changed").head(EXAMPLES)
    examples = tuple(
        Change(
            key=" ".join(str(row[k]) for k in key),
            column=name,
            before=_cell(row[f"{name}_now"]),
            after=_cell(row[name]),
        )
        for row in shown.with_columns(**{f"_d_{c}": e for c, e in differs.items()}).to_dicts()
        for name in columns
        if row[f"_d_{name}"]
    )
    return Changes(kind=kind, examples=examples[:EXAMPLES], **counts)


def _differs(kind: str, column: str) -> pl.Expr:
    differs = pl.col(column).ne_missing(pl.col(f"{column}_now"))
    return differs & pl.col(column).is_not_null() if kind in _MERGED else differs


def _cell(value: Any) -> Cell:
    match value:
        case bytes():
            return "…"
        case dt.date():
            return value.isoformat()
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)
