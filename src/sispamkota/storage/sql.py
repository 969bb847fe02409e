"""The store in SQLAlchemy Core, without any dialect's own SQL."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

import polars as pl
import sqlalchemy as sa

from sispamkota.storage import problems
from sispamkota.storage.database import Database
from sispamkota.storage.sql_versions import (
    Step,
    is_kept,
    keep_plan,
    last_plan,
    refuse_settled,
)
from sispamkota.storage.store import IMPORTS, PLANS, Batch, ImportMark, ImportRecord
from sispamkota.storage.tables import (
    IMPORTS_TABLE,
    KINDS,
    PLAN_EVENTS_TABLE,
    PLANS_TABLE,
    ROW_TABLES,
    Kind,
    Schema,
)
from sispamkota.storage.versions import COMMAND_LINE

INSERT_ROWS = 20_000
"""Rows handed to the driver at once: bounds memory, costs no speed."""


def _last(table: sa.Table, *names: str) -> list[sa.ScalarSelect[Any]]:
    """Return columns of the last row of a table, found by its number alone."""
    newest = table.c.number.desc()
    return [sa.select(table.c[name]).order_by(newest).limit(1).scalar_subquery() for name in names]


def _withdrawn(what: sa.Function[Any]) -> sa.ScalarSelect[Any]:
    gone = IMPORTS_TABLE.c.withdrawn_at.is_not(None)
    return sa.select(what).select_from(IMPORTS_TABLE).where(gone).scalar_subquery()


# Numbers tell that something was added; hashes and times, that it is another database.
REVISION_MARKS = sa.select(
    *_last(IMPORTS_TABLE, "number", "sha256", "imported_at"),
    _withdrawn(sa.func.count()),
    _withdrawn(sa.func.max(IMPORTS_TABLE.c.withdrawn_at)),
    *_last(PLANS_TABLE, "number", "sha256", "saved_at"),
    *_last(PLAN_EVENTS_TABLE, "number", "plan", "at"),
)


class SqlStore:
    """A `Store` on any `Database`, which it closes when closed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, kind: str, frame: pl.DataFrame, record: ImportRecord) -> str:
        """Keep all rows of one import, or none; see `Store.append`.

        Raises:
            ValueError: when the frame is not of the kind's schema or has a null key.
        """
        return self.append_all([(kind, frame, record)])[0]

    def append_all(self, batches: Sequence[Batch]) -> list[str]:
        """Keep several imports together, or none of them; see `Store.append_all`."""
        ready = [(kind, _conforming(kind, frame), record) for kind, frame, record in batches]
        with self._database.writing() as connection:
            last = connection.execute(sa.select(sa.func.max(IMPORTS_TABLE.c.number))).scalar()
            first = (last or 0) + 1
            return [
                self._insert(connection, first + i, kind, frame, record)
                for i, (kind, frame, record) in enumerate(ready)
            ]

    def _insert(
        self,
        connection: sa.Connection,
        number: int,
        kind: str,
        frame: pl.DataFrame,
        record: ImportRecord,
    ) -> str:
        import_id = f"{kind}-{number:04d}"
        connection.execute(
            IMPORTS_TABLE.insert(),
            {
                "number": number,
                "id": import_id,
                "kind": kind,
                "file": record.file,
                "sha256": record.sha256,
                "rows": frame.height,
                "source": record.source.name,
                "as_of": record.source.as_of,
                "sample": record.source.sample,
                "imported_at": record.imported_at,
            },
        )
        marked = frame.with_columns(import_id=pl.lit(import_id))
        for part in marked.iter_slices(INSERT_ROWS):
            self._database.insert_rows(connection, ROW_TABLES[kind], part)
        return import_id

    def current(self, kind: str) -> pl.DataFrame:
        """Return what holds now; see `Store.current`."""
        return self.current_all([kind])[kind]

    def current_all(self, kinds: Sequence[str]) -> dict[str, pl.DataFrame]:
        """Return `current` of several kinds as they stood at one moment."""
        with self._database.reading() as connection:
            return {kind: latest(_standing(connection, kind), _kind(kind)) for kind in kinds}

    def history(self, kind: str, imports: Sequence[str] | None = None) -> pl.DataFrame:
        """Return every row ever imported with its `import_id`; see `Store.history`."""
        schema: Schema = {"import_id": pl.String(), **_kind(kind).schema}
        table = ROW_TABLES[kind]
        query = sa.select(*(table.c[name] for name in schema)).order_by(table.c.row_number)
        if imports is not None:
            query = query.where(table.c.import_id.in_(imports))
        with self._database.reading() as connection:
            return _fetch(connection, query, schema)

    def imports(self) -> pl.DataFrame:
        """Return the imports (schema `IMPORTS`) in order."""
        table = IMPORTS_TABLE
        query = sa.select(*(table.c[name] for name in IMPORTS)).order_by(table.c.number)
        with self._database.reading() as connection:
            return _fetch(connection, query, IMPORTS)

    def marks(self, kinds: Sequence[str]) -> tuple[ImportMark, ...]:
        """Return what tells the imports of some kinds apart, in order; see `Store.marks`."""
        table = IMPORTS_TABLE
        as_text = sa.cast(table.c.imported_at, sa.String)  # told apart, not read
        gone = table.c.withdrawn_at.is_not(None)
        query = (
            sa.select(table.c.id, table.c.kind, table.c.file, table.c.sha256, as_text, gone)
            .where(table.c.kind.in_(kinds))
            .order_by(table.c.number)
        )
        with self._database.reading() as connection:
            return tuple(map(ImportMark._make, connection.execute(query).all()))

    def withdraw(self, import_id: str, *, at: dt.datetime | None = None) -> None:
        """Take an import out of what holds now; see `Store.withdraw`."""
        table = IMPORTS_TABLE
        with self._database.writing() as connection:
            found = connection.execute(
                sa.select(table.c.withdrawn_at).where(table.c.id == import_id)
            ).first()
            if found is None:
                known = connection.execute(sa.select(table.c.id).order_by(table.c.number))
                raise problems.unknown_import(import_id, list(known.scalars()))
            if found.withdrawn_at is not None:
                raise problems.already_withdrawn(import_id, found.withdrawn_at)
            connection.execute(
                table.update().where(table.c.id == import_id).values(withdrawn_at=at or _now())
            )

    def save_plan(
        self, plan_id: str, kind: str, body: bytes, *, at: dt.datetime | None = None
    ) -> None:
        """Keep a plan; saving the same body again changes nothing. See `Store.save_plan`."""
        step = Step(account=None, person=COMMAND_LINE, reason="", at=at or _now())
        with self._database.writing() as connection:
            if not is_kept(connection, plan_id, kind, body):
                refuse_settled(connection, plan_id)
                keep_plan(connection, plan_id, kind, body, step)

    def load_plan(self, plan_id: str) -> bytes:
        """Return the body of the plan as last saved; see `Store.load_plan`."""
        with self._database.reading() as connection:
            found = connection.execute(last_plan(plan_id)).first()
        if found is None:
            raise problems.unknown_plan(plan_id, self.plans()["id"].to_list())
        return bytes(found.body)

    def plans(self) -> pl.DataFrame:
        """Return the plans (schema `PLANS`), each id once, in order of saving."""
        table = PLANS_TABLE
        query = sa.select(*(table.c[name] for name in PLANS)).order_by(table.c.number)
        with self._database.reading() as connection:
            return _fetch(connection, query, PLANS).unique("id", keep="last", maintain_order=True)

    def revision(self) -> str:
        """Return a token that changes with every import, withdrawal, plan and plan event."""
        with self._database.reading() as connection:
            marks = connection.execute(REVISION_MARKS).one()
        return hashlib.sha256(repr([str(mark) for mark in marks]).encode()).hexdigest()[:16]

    def close(self) -> None:
        """Give up connections; may be called twice."""
        self._database.close()


def latest(rows: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Keep per key the row with the latest `kind.order`, the later import among equals.

    Args:
        rows: frame of the kind's columns, in order of import.
        kind: says key and order.

    Returns:
        each key once, sorted by key; a missing date counts as older than any.
    """
    if kind.order is not None:
        rows = rows.sort(kind.order, maintain_order=True, nulls_last=False)
    return rows.unique(kind.key, keep="last", maintain_order=True).sort(kind.key)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise problems.unknown_kind(name, list(KINDS))
    return KINDS[name]


def _conforming(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the kind's columns in order; NaN, which is no number, becomes null."""
    kind = _kind(name)
    if set(frame.columns) != set(kind.schema):
        odd = sorted(set(frame.columns) ^ set(kind.schema))
        raise ValueError(f"{name}: columns differ from the schema: {odd}")
    wrong = [c for c, dtype in kind.schema.items() if frame.schema[c] != dtype]
    if wrong:
        raise ValueError(f"{name}: types differ from the schema: {wrong}")
    nulls = [c for c in kind.key if frame[c].null_count()]
    if nulls:
        raise ValueError(f"{name}: null in key column(s) {nulls}")
    # A NUL in a text means nothing, and PostgreSQL cannot keep it.
    texts = pl.col(pl.String).str.replace_all("\0", "", literal=True)
    return frame.select(list(kind.schema)).fill_nan(None).with_columns(texts)


def _standing(connection: sa.Connection, name: str) -> pl.DataFrame:
    """Return the rows of imports that were not withdrawn, in order of import."""
    kind, table = _kind(name), ROW_TABLES[name]
    query = (
        sa.select(*(table.c[column] for column in kind.schema))
        .join(IMPORTS_TABLE, IMPORTS_TABLE.c.id == table.c.import_id)
        .where(IMPORTS_TABLE.c.withdrawn_at.is_(None))
        .order_by(table.c.row_number)
    )
    return _fetch(connection, query, kind.schema)


def _fetch(connection: sa.Connection, query: sa.Select[tuple[()]], schema: Schema) -> pl.DataFrame:
    """Read a query into a frame, column by column (half the time of row by row)."""
    rows = connection.execute(query).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    series = [
        pl.Series(name, values, dtype=dtype, strict=True)
        for (name, dtype), values in zip(schema.items(), columns, strict=True)
    ]
    return pl.DataFrame(series)
