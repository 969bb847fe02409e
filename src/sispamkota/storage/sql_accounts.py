"""Accounts, sessions and audit entries in SQLAlchemy Core.

Every step is one statement, or locks the account's row first, so that it needs no turn among the
writers of plans and imports: signing in does not wait for a long import on PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from sispamkota.storage import problems
from sispamkota.storage.accounts import Account, AuditEntry, Session
from sispamkota.storage.database import Database
from sispamkota.storage.tables import (
    ACCOUNTS_TABLE,
    AUDIT_TABLE,
    SESSIONS_TABLE,
    without_nul,
)

ACCOUNTS, SESSIONS, AUDIT = ACCOUNTS_TABLE.c, SESSIONS_TABLE.c, AUDIT_TABLE.c


class SqlAccounts:
    """`Accounts` on any `Database`; see the protocol for what each method does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_account(self, account: Account) -> None:
        """Keep a new account."""
        row = {
            **asdict(account),
            "name_key": name_key(account.name),
            "areas": json.dumps(account.areas),
        }
        with self._database.writing(alone=False) as connection:
            try:
                connection.execute(ACCOUNTS_TABLE.insert(), without_nul(row))
            except IntegrityError as error:
                raise problems.account_exists(account.name) from error

    def account(self, account_id: str) -> Account | None:
        """Return the account, revoked or not, or None."""
        return self._account(ACCOUNTS.id, account_id)

    def account_named(self, name: str) -> Account | None:
        """Return the account of this name in any case, revoked or not, or None."""
        return self._account(ACCOUNTS.name_key, name_key(name))

    def _account(self, column: sa.Column[Any], value: str) -> Account | None:
        # no row holds a NUL, and PostgreSQL refuses to compare with one
        if "\0" in value:
            return None
        with self._database.reading() as connection:
            row = connection.execute(sa.select(ACCOUNTS_TABLE).where(column == value)).first()
        return None if row is None else _account_of(row)

    def accounts(self) -> list[Account]:
        """Return all accounts, revoked ones too, in order of making."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(ACCOUNTS_TABLE).order_by(ACCOUNTS.number)).all()
        return [_account_of(row) for row in rows]

    def set_password(self, account_id: str, password_hash: str, must_change: bool) -> None:  # noqa: FBT001
        """Replace the password."""
        self._change(account_id, password_hash=password_hash, must_change=must_change)

    def set_totp(self, account_id: str, secret: str | None) -> None:
        """Replace the secret of the second factor and forget its last step."""
        self._change(account_id, totp_secret=secret, totp_step=None)

    def use_totp_step(self, account_id: str, step: int) -> bool:
        """Use up a time step: True once only."""
        unused = ACCOUNTS.totp_step.is_(None) | (ACCOUNTS.totp_step < step)
        statement = _standing(account_id).where(unused).values(totp_step=step)
        with self._database.writing(alone=False) as connection:
            return connection.execute(statement).rowcount == 1

    def revoke_account(self, account_id: str, at: dt.datetime) -> None:
        """End an account and all its sessions."""
        with self._database.writing(alone=False) as connection:
            ended = connection.execute(_standing(account_id).values(revoked_at=at)).rowcount
            known = sa.select(ACCOUNTS.id).where(ACCOUNTS.id == account_id)
            if not ended and connection.execute(known).first() is None:
                raise problems.unknown_account(account_id)
            connection.execute(_open_sessions(account_id).values(revoked_at=at))

    def add_session(self, session: Session) -> None:
        """Keep a new session."""
        # Shared lock: an account revoked at the same moment either sees this session and ends it,
        # or is seen revoked here.
        standing = (
            sa.select(ACCOUNTS.id)
            .where(ACCOUNTS.id == session.account, ACCOUNTS.revoked_at.is_(None))
            .with_for_update(read=True)
        )
        with self._database.writing(alone=False) as connection:
            if connection.execute(standing).first() is None:
                raise problems.unknown_account(session.account)
            connection.execute(SESSIONS_TABLE.insert(), without_nul(asdict(session)))

    def session(self, token_sha256: str) -> Session | None:
        """Return the session, expired and revoked ones too, or None."""
        query = sa.select(SESSIONS_TABLE).where(SESSIONS.token_sha256 == token_sha256)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _session_of(row)

    def touch_session(
        self, token_sha256: str, seen_at: dt.datetime, expires_at: dt.datetime
    ) -> None:
        """Note that a session was used."""
        statement = _open_session(token_sha256).values(seen_at=seen_at, expires_at=expires_at)
        with self._database.writing(alone=False) as connection:
            connection.execute(statement)

    def revoke_session(self, token_sha256: str, at: dt.datetime | None = None) -> None:
        """End one session."""
        with self._database.writing(alone=False) as connection:
            connection.execute(_open_session(token_sha256).values(revoked_at=at or _now()))

    def revoke_sessions(
        self, account_id: str, at: dt.datetime | None = None, *, keep: str | None = None
    ) -> int:
        """End all sessions of an account but the one with hash `keep`; return how many."""
        statement = _open_sessions(account_id).values(revoked_at=at or _now())
        if keep is not None:
            statement = statement.where(SESSIONS.token_sha256 != keep)
        with self._database.writing(alone=False) as connection:
            return connection.execute(statement).rowcount

    def sessions(self, account_id: str) -> list[Session]:
        """Return the sessions of an account that are not revoked, newest first."""
        query = (
            sa.select(SESSIONS_TABLE)
            .where(SESSIONS.account == account_id, SESSIONS.revoked_at.is_(None))
            .order_by(SESSIONS.number.desc())
        )
        with self._database.reading() as connection:
            return [_session_of(row) for row in connection.execute(query)]

    def audit(self, entry: AuditEntry) -> AuditEntry:
        """Keep an entry and return it with its number."""
        row = {**asdict(entry), "detail": json.dumps(dict(entry.detail), ensure_ascii=False)}
        del row["number"]
        with self._database.writing(alone=False) as connection:
            statement = AUDIT_TABLE.insert().values(without_nul(row)).returning(AUDIT_TABLE)
            return _entry_of(connection.execute(statement).one())

    def audit_entries(self, limit: int = 100, before: int | None = None) -> list[AuditEntry]:
        """Return the newest `limit` entries with numbers below `before`, newest first."""
        query = sa.select(AUDIT_TABLE).order_by(AUDIT.number.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.number < before)
        with self._database.reading() as connection:
            return [_entry_of(row) for row in connection.execute(query)]

    def _change(self, account_id: str, **values: Any) -> None:
        with self._database.writing(alone=False) as connection:
            if not connection.execute(_standing(account_id).values(**values)).rowcount:
                raise problems.unknown_account(account_id)


def name_key(name: str) -> str:
    """Return what two names share that differ in case or outer spaces only."""
    return name.strip().casefold()


def _standing(account_id: str) -> sa.Update:
    return ACCOUNTS_TABLE.update().where(ACCOUNTS.id == account_id, ACCOUNTS.revoked_at.is_(None))


def _open_session(token_sha256: str) -> sa.Update:
    return SESSIONS_TABLE.update().where(
        SESSIONS.token_sha256 == token_sha256, SESSIONS.revoked_at.is_(None)
    )


def _open_sessions(account_id: str) -> sa.Update:
    return SESSIONS_TABLE.update().where(
        SESSIONS.account == account_id, SESSIONS.revoked_at.is_(None)
    )


def _account_of(row: sa.Row[Any]) -> Account:
    values = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    del values["number"], values["name_key"]
    return Account(**{**values, "areas": tuple(json.loads(values["areas"]))})


def _session_of(row: sa.Row[Any]) -> Session:
    values = dict(row._mapping)  # noqa: SLF001
    del values["number"]
    return Session(**values)


def _entry_of(row: sa.Row[Any]) -> AuditEntry:
    values = dict(row._mapping)  # noqa: SLF001
    return AuditEntry(**{**values, "detail": json.loads(values["detail"])})


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
