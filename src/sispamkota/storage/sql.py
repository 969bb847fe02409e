"""The store in SQLAlchemy Core, without any dialect's own SQL; sqlite.py adds the engine."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from sispamkota.kernel.errors import DomainError
from sispamkota.storage import problems
from sispamkota.storage.store import IMPORTS, PLANS, Batch, ImportRecord
from sispamkota.storage.tables import (
    IMPORTS_TABLE,
    KINDS,
    METADATA,
    PLANS_TABLE,
    ROW_TABLES,
    SCHEMA_INFO,
    SCHEMA_VERSION,
    Kind,
    Schema,
    fingerprint,
)

INSERT_ROWS = 20_000
"""Rows handed to the driver at once: bounds memory, costs no speed."""

WRITE_OPTION = "sispamkota_write"
"""Execution option of connections that will write; SQLite takes its write lock at once for it."""


class SqlStore:
    """A `Store` on any SQLAlchemy engine.

    Args:
        engine: connections; the store disposes of it when closed.
        place: what a person calls the database (file name), for messages.
    """

    def __init__(self, engine: sa.Engine, place: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITE_OPTION: True})
        self._place = place
        self._prepare()

    def explain(self, error: DBAPIError) -> DomainError:
        """Say a driver's error to a person; dialects know more."""
        return problems.database_failed(self._place, str(error.orig))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self.explain(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self._writer.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self.explain(error) from error

    def _prepare(self) -> None:
        """Make the tables of a new database; refuse one that is foreign or of another shape."""
        with self._reading() as connection:
            if self._is_ours(connection):
                return
        with self._writing() as connection:
            # Somebody may have made them between the two transactions.
            if not self._is_ours(connection):
                METADATA.create_all(connection)
                connection.execute(
                    SCHEMA_INFO.insert(),
                    {"version": SCHEMA_VERSION, "fingerprint": fingerprint()},
                )

    def _is_ours(self, connection: sa.Connection) -> bool:
        """Return False for an empty database.

        Raises:
            DomainError: `foreign_database`, `newer_database` or `other_schema`.
        """
        names = sa.inspect(connection).get_table_names()
        if not names:
            return False
        if SCHEMA_INFO.name not in names:
            raise problems.foreign(self._place)
        found = connection.execute(sa.select(SCHEMA_INFO)).first()
        if found is None:
            raise problems.foreign(self._place)
        if found.version > SCHEMA_VERSION:
            raise problems.newer(self._place, found.version, SCHEMA_VERSION)
        if (found.version, found.fingerprint) != (SCHEMA_VERSION, fingerprint()):
            raise problems.other_schema(self._place, found.version, SCHEMA_VERSION)
        return True

    def append(self, kind: str, frame: pl.DataFrame, record: ImportRecord) -> str:
        """Keep all rows of one import, or none; see `Store.append`.

        Raises:
            ValueError: when the frame is not of the kind's schema or has a null key.
        """
        return self.append_all([(kind, frame, record)])[0]

    def append_all(self, batches: Sequence[Batch]) -> list[str]:
        """Keep several imports together, or none of them; see `Store.append_all`."""
        ready = [(kind, _conforming(kind, frame), record) for kind, frame, record in batches]
        with self._writing() as connection:
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
            self.insert_rows(connection, ROW_TABLES[kind], part)
        return import_id

    def insert_rows(self, connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
        """Insert rows; dialects may know a quicker way."""
        connection.execute(table.insert(), frame.to_dicts())

    def current(self, kind: str) -> pl.DataFrame:
        """Return what holds now; see `Store.current`."""
        return self.current_all([kind])[kind]

    def current_all(self, kinds: Sequence[str]) -> dict[str, pl.DataFrame]:
        """Return `current` of several kinds as they stood at one moment."""
        with self._reading() as connection:
            return {kind: latest(_standing(connection, kind), _kind(kind)) for kind in kinds}

    def history(self, kind: str) -> pl.DataFrame:
        """Return every row ever imported with its `import_id`; see `Store.history`."""
        schema: Schema = {"import_id": pl.String(), **_kind(kind).schema}
        table = ROW_TABLES[kind]
        query = sa.select(*(table.c[name] for name in schema)).order_by(table.c.row_number)
        with self._reading() as connection:
            return _fetch(connection, query, schema)

    def imports(self) -> pl.DataFrame:
        """Return the imports (schema `IMPORTS`) in order."""
        table = IMPORTS_TABLE
        query = sa.select(*(table.c[name] for name in IMPORTS)).order_by(table.c.number)
        with self._reading() as connection:
            return _fetch(connection, query, IMPORTS)

    def withdraw(self, import_id: str, *, at: dt.datetime | None = None) -> None:
        """Take an import out of what holds now; see `Store.withdraw`."""
        table = IMPORTS_TABLE
        with self._writing() as connection:
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
        row = {
            "id": plan_id,
            "kind": kind,
            "sha256": hashlib.sha256(body).hexdigest(),
            "size_bytes": len(body),
            "saved_at": at or _now(),
            "body": body,
        }
        with self._writing() as connection:
            last = connection.execute(_last_plan(plan_id)).first()
            if last is None or (last.sha256, last.kind) != (row["sha256"], kind):
                connection.execute(PLANS_TABLE.insert(), row)

    def load_plan(self, plan_id: str) -> bytes:
        """Return the body of the plan as last saved; see `Store.load_plan`."""
        with self._reading() as connection:
            found = connection.execute(_last_plan(plan_id)).first()
        if found is None:
            raise problems.unknown_plan(plan_id, self.plans()["id"].to_list())
        return bytes(found.body)

    def plans(self) -> pl.DataFrame:
        """Return the plans (schema `PLANS`), each id once, in order of saving."""
        table = PLANS_TABLE
        query = sa.select(*(table.c[name] for name in PLANS)).order_by(table.c.number)
        with self._reading() as connection:
            return _fetch(connection, query, PLANS).unique("id", keep="last", maintain_order=True)

    def close(self) -> None:
        """Give up connections; may be called twice."""
        self._engine.dispose()


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
    return frame.select(list(kind.schema)).fill_nan(None)


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


def _last_plan(plan_id: str) -> sa.Select[tuple[()]]:
    table = PLANS_TABLE
    return (
        sa.select(table.c.sha256, table.c.kind, table.c.body)
        .where(table.c.id == plan_id)
        .order_by(table.c.number.desc())
        .limit(1)
    )
