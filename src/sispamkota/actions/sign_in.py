"""Sign in, find the session of a token, sign out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sispamkota.actions.secrets import new_token, password_matches, token_hash, totp_step
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.accounts import Account, Accounts, Session

LONGEST = dt.timedelta(hours=12)
IDLE = dt.timedelta(minutes=30)
TOUCH_EVERY = dt.timedelta(seconds=60)
"""A session's use is noted at most this often: a note is a write."""
AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session and the token for its cookie; only the token's hash is kept."""

    token: str
    session: Session
    account: Account


def sign_in(
    accounts: Accounts, name: str, password: str, code: str | None, *, now: dt.datetime, agent: str
) -> SignedIn:
    """Begin a session.

    Which of name, password and code was wrong is not told, by words or by time.

    Raises:
        DomainError: `bad_credentials`.
    """
    account = accounts.account_named(name.strip())
    usable = account is not None and account.revoked_at is None
    matched = password_matches(account.password_hash if usable and account else None, password)
    if account is None or not matched or not _second_factor(accounts, account, code, now):
        raise _bad_credentials()
    token = new_token()
    session = Session(
        token_sha256=token_hash(token),
        account=account.id,
        csrf=new_token(),
        created_at=now,
        seen_at=now,
        expires_at=now + IDLE,
        agent=agent[:AGENT_LENGTH],
    )
    accounts.add_session(session)
    return SignedIn(token=token, session=session, account=account)


def _second_factor(
    accounts: Accounts, account: Account, code: str | None, now: dt.datetime
) -> bool:
    if account.totp_secret is None:
        return True
    step = totp_step(account.totp_secret, code or "", now)
    return step is not None and accounts.use_totp_step(account.id, step)


def current_session(
    accounts: Accounts, token: str, now: dt.datetime
) -> tuple[Session, Account] | None:
    """Return the session of a token and its account, or None where it no longer counts.

    Its end slides with use, but never past `LONGEST` after sign-in.
    """
    session = accounts.session(token_hash(token))
    if session is None or session.revoked_at is not None or session.expires_at <= now:
        return None
    account = accounts.account(session.account)
    if account is None or account.revoked_at is not None:
        return None
    if now - session.seen_at >= TOUCH_EVERY:
        end = min(session.created_at + LONGEST, now + IDLE)
        accounts.touch_session(session.token_sha256, now, end)
    return session, account


def _bad_credentials() -> DomainError:
    return DomainError(
        "bad_credentials",
        Text("nama, kata sandi atau kode salah", "name, password or code is wrong"),
        Text(
            "Ketik ulang. Lupa kata sandi: minta administrator menyetel ulang akun.",
            "Type them again. Forgotten password: ask the administrator to reset the account.",
        ),
    )
