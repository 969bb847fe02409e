"""Accounts, their sessions and the audit trail: what the server asks of storage.

Only hashes of passwords and of session tokens come here, never the secrets themselves. Nothing is
deleted: a revoked account and its audit entries stay readable, and its name stays taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        id: opaque, made by the caller.
        name: what is typed to sign in; unique without regard to case.
        person: who it is, as shown in audit entries and on plans.
        agency: "polri", "kpu", ...
        function: id of a function of `data/access/functions.toml`.
        areas: KPU codes of the kecamatan it is limited to; empty = the whole regency.
        password_hash: argon2 hash with its parameters.
        totp_secret: base32 secret of the second factor; None until enrolled.
        totp_step: last time step used, so that no code works twice.
        must_change: the password was given by somebody else and must be changed first.
        demo: made by `sispamkota demo`; its password is public.
        created_by: id of the account that made it, or a word for the command line.
        revoked_at: None while it may sign in.
    """

    id: str
    name: str
    person: str
    agency: str
    function: str
    areas: tuple[str, ...]
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    totp_step: int | None = None
    must_change: bool = False
    demo: bool = False
    created_at: dt.datetime
    created_by: str
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser.

    Attributes:
        token_sha256: hex digest of the cookie's token.
        account: id of the account.
        csrf: token that writes must repeat in a header.
        expires_at: moment from which it no longer counts; the caller compares it with its clock.
        revoked_at: None while it counts.
        agent: User-Agent as sent, shown in the list of sessions.
    """

    token_sha256: str
    account: str
    csrf: str = field(repr=False)
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did or saw what, and when.

    Attributes:
        number: order of the entries, given by the store; 0 before it is kept.
        account: id of the account; None where nobody was signed in.
        name: the account's name, or the name that was typed.
        action: e.g. "session.start", "plan.approve", "reasons.read".
        subject: what it was done to (plan id, TPS code, ...), "" where nothing.
        detail: more facts, plain JSON values; never secrets.
        address: network address it came from.
    """

    number: int = 0
    at: dt.datetime
    account: str | None
    name: str
    action: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""


class Accounts(Protocol):
    """Accounts, sessions and audit entries of one workspace; each method is one transaction."""

    def add_account(self, account: Account) -> None:
        """Keep a new account.

        Raises:
            DomainError: `account_exists` where the name (in any case) or the id is taken.
        """
        ...

    def account(self, account_id: str) -> Account | None:
        """Return the account, revoked or not, or None."""
        ...

    def account_named(self, name: str) -> Account | None:
        """Return the account of this name in any case, revoked or not, or None."""
        ...

    def accounts(self) -> list[Account]:
        """Return all accounts, revoked ones too, in order of making."""
        ...

    def set_password(self, account_id: str, password_hash: str, must_change: bool) -> None:  # noqa: FBT001
        """Replace the password; sessions stay (see `revoke_sessions`).

        Raises:
            DomainError: `unknown_account`, also where it is revoked.
        """
        ...

    def set_totp(self, account_id: str, secret: str | None) -> None:
        """Replace the secret of the second factor and forget its last step.

        Raises:
            DomainError: `unknown_account`, also where it is revoked.
        """
        ...

    def use_totp_step(self, account_id: str, step: int) -> bool:
        """Use up a time step: True once only, for a step later than every one used before."""
        ...

    def revoke_account(self, account_id: str, at: dt.datetime) -> None:
        """End an account and all its sessions; again does nothing.

        Raises:
            DomainError: `unknown_account`.
        """
        ...

    def add_session(self, session: Session) -> None:
        """Keep a new session.

        Raises:
            DomainError: `unknown_account`, also where it is revoked.
        """
        ...

    def session(self, token_sha256: str) -> Session | None:
        """Return the session, expired and revoked ones too, or None."""
        ...

    def touch_session(
        self, token_sha256: str, seen_at: dt.datetime, expires_at: dt.datetime
    ) -> None:
        """Note that a session was used; a revoked one stays revoked and unchanged."""
        ...

    def revoke_session(self, token_sha256: str, at: dt.datetime | None = None) -> None:
        """End one session (at = now); unknown or ended before: nothing happens."""
        ...

    def revoke_sessions(
        self, account_id: str, at: dt.datetime | None = None, *, keep: str | None = None
    ) -> int:
        """End all sessions of an account but the one with hash `keep`; return how many."""
        ...

    def sessions(self, account_id: str) -> list[Session]:
        """Return the sessions of an account that are not revoked, newest first."""
        ...

    def audit(self, entry: AuditEntry) -> AuditEntry:
        """Keep an entry and return it with its number."""
        ...

    def audit_entries(self, limit: int = 100, before: int | None = None) -> list[AuditEntry]:
        """Return the newest `limit` entries with numbers below `before`, newest first."""
        ...
