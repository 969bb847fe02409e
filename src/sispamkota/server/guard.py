"""The guard before every route: who asks, whether they may, and whether they mean to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler

from sispamkota.access.rights import Right
from sispamkota.access.viewer import Viewer, forbidden, viewer_of
from sispamkota.actions.secrets import same
from sispamkota.actions.sign_in import current_session
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.asked import CSRF_HEADER, header, session_token
from sispamkota.server.errors import NOT_UNDERSTOOD, no_session
from sispamkota.server.house import House
from sispamkota.server.record import note_refusal
from sispamkota.server.rules import PUBLIC, rule_of
from sispamkota.storage.accounts import Account, Session

READS = frozenset({"GET", "HEAD", "OPTIONS"})
HIDDEN_NUL = b"\\u0000"
Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: the session, its account, and the viewer that rules and rows look at."""

    session: Session
    account: Account
    viewer: Viewer


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request through to its route, or refuse it.

    Raises:
        DomainError: `foreign_origin`, `no_session`, `bad_csrf`, `password_change_needed`,
            `forbidden`, or `bad_input` for a body with NUL.
    """
    method = method_of(connection)
    if method == "OPTIONS":
        return
    if method not in READS:
        check_origin(connection)
        await _check_body(connection, handler)
    wanted = rule_of(handler)
    if wanted is PUBLIC:
        return
    house: House = connection.app.state.house
    asker = await sync_to_thread(find_asker, house, connection)
    if asker is None:
        raise no_session()
    connection.scope["state"]["asker"] = asker
    try:
        _check(connection, asker, wanted, early=bool(handler.opt.get("early")))
    except DomainError as refusal:
        await sync_to_thread(note_refusal, house, connection, asker.account, refusal.code)
        raise


def _check(connection: Connection, asker: Asker, wanted: object, *, early: bool) -> None:
    if method_of(connection) not in READS:
        given = connection.headers.get(CSRF_HEADER, "")
        if not same(given, asker.session.csrf):
            raise _bad_csrf()
    if asker.account.must_change and not early:
        raise _password_change_needed()
    if isinstance(wanted, Right) and not asker.viewer.may(wanted):
        raise forbidden(wanted)


def method_of(connection: Connection) -> str:
    """Return the method; only HTTP comes here."""
    scope: Any = connection.scope
    return str(scope["method"])


def find_asker(house: House, connection: Connection) -> Asker | None:
    """Return who the session cookie belongs to, None where it counts no longer."""
    token = session_token(connection.scope)
    if token is None:
        return None
    found = current_session(house.opened.accounts, token, house.clock())
    if found is None:
        return None
    session, account = found
    if account.demo and not house.loopback:
        return None
    return Asker(session=session, account=account, viewer=viewer_of_account(account))


def viewer_of_account(account: Account) -> Viewer:
    """Return an account as rules and rows look at it."""
    return viewer_of(account.id, account.name, account.person, account.function, account.areas)


def still_signed_in(house: House, asker: Asker, now: dt.datetime) -> bool:
    """Say whether a session still counts: for answers that take long."""
    session = house.opened.accounts.session(asker.session.token_sha256)
    return session is not None and session.revoked_at is None and session.expires_at > now


def check_origin(connection: Connection) -> None:
    """Refuse a command that another site's page makes the browser send.

    Raises:
        DomainError: `foreign_origin`.
    """
    site = header(connection.scope, "sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise _foreign_origin()
    origin = header(connection.scope, "origin")
    if origin is not None:
        host = (header(connection.scope, "host") or "").lower()
        if origin.lower() not in {f"http://{host}", f"https://{host}"}:
            raise _foreign_origin()


async def _check_body(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse NUL in a JSON body: databases keep no such text."""
    if not handler.opt.get("json_body", True) or not isinstance(connection, Request):
        return
    body = await connection.body()
    if b"\0" in body or HIDDEN_NUL in body:
        raise DomainError(*NOT_UNDERSTOOD)


def _bad_csrf() -> DomainError:
    return DomainError(
        "bad_csrf",
        Text("tanda pengaman permintaan tidak cocok", "the request's safety token does not match"),
        Text("Muat ulang halaman, lalu ulangi.", "Reload the page and repeat."),
    )


def _foreign_origin() -> DomainError:
    return DomainError(
        "foreign_origin",
        Text("permintaan datang dari situs lain", "the request comes from another site"),
        Text("Buka halaman Sispamkota sendiri.", "Open the page of Sispamkota itself."),
    )


def _password_change_needed() -> DomainError:
    return DomainError(
        "password_change_needed",
        Text("kata sandi sekali pakai harus diganti dulu", "the one-time password must be changed"),
        Text("Ganti kata sandi, lalu lanjutkan.", "Change the password, then go on."),
    )
