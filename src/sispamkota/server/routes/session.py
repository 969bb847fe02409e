"""Sign in and out; what the sign-in screen needs to know; one's own sessions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from sispamkota.access.passwords import MIN_LENGTH
from sispamkota.access.rights import Right
from sispamkota.actions.demo_accounts import shown_demo_accounts
from sispamkota.actions.sign_in import LONGEST, sign_in
from sispamkota.actions.users import account_json
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import LANGS, Lang, Text
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.asked import COOKIE, address_of, header
from sispamkota.server.errors import no_session
from sispamkota.server.guard import find_asker, viewer_of_account
from sispamkota.server.house import House
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.rules import PUBLIC, SIGNED_IN, rule
from sispamkota.storage.accounts import Account, Session

ID_LENGTH = 16


class SignIn(Struct, forbid_unknown_fields=True):
    """Name, password and, where the account has a second factor, its present code."""

    name: Annotated[str, Meta(max_length=100)]
    password: Annotated[str, Meta(max_length=1000)]
    code: Annotated[str, Meta(max_length=20)] | None = None


@get("/api/hello", opt=rule(PUBLIC), sync_to_thread=True)
def hello(request: Asked) -> Answer:
    """Return the product, the operation's name and, in a demo, its accounts."""
    house, lang = house_of(request), asked_lang(request)
    accounts = shown_demo_accounts(house.workspace, lang) if house.loopback else []
    body = {
        "product": "Sispamkota",
        "version": version("sispamkota"),
        "demo": bool(accounts),
        "languages": list(LANGS),
        "operation_name": house.workspace.config.operation.name,
    }
    return fresh(request, {**body, "demo_accounts": accounts} if accounts else body)


@post("/api/session", opt=rule(PUBLIC), sync_to_thread=True, status_code=200)
def begin(request: Asked, data: JSONBody[SignIn]) -> Answer:
    """Sign in; the answer sets the session's cookie."""
    house = house_of(request)
    now, address = house.clock(), address_of(request.scope)
    house.limits.check(data.name, address, now)
    agent = header(request.scope, "user-agent") or ""
    try:
        made = sign_in(
            house.opened.accounts, data.name, data.password, data.code, now=now, agent=agent
        )
        _refuse_demo_abroad(house, made.account)
    except DomainError as refusal:
        house.limits.failed(data.name, address, now)
        note(house, request, None, "session.refused", detail={"code": refusal.code}, name=data.name)
        raise
    house.limits.succeeded(data.name)
    note(house, request, made.account, "session.start")
    viewer = viewer_of_account(made.account)
    if viewer.may(Right.SIMULATE) or viewer.may(Right.PLAN_WRITE):
        house.warm()
    answer = fresh(request, session_json(made.session, made.account, asked_lang(request)))
    answer.set_cookie(_cookie(house, made.token, int(LONGEST.total_seconds())))
    return answer


def _refuse_demo_abroad(house: House, account: Account) -> None:
    if account.demo and not house.loopback:
        raise DomainError(
            "bad_credentials",
            Text(
                "akun demo hanya berlaku di komputer ini", "demo accounts work on this machine only"
            ),
            Text("Buat akun: sispamkota user add.", "Make an account: sispamkota user add."),
        )


def _cookie(house: House, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        path="/",
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=house.secure,
    )


@get("/api/session", opt=rule(PUBLIC), sync_to_thread=True)
def current(request: Asked) -> Answer:
    """Return who is signed in."""
    asker = find_asker(house_of(request), request)
    if asker is None:
        raise no_session()
    return fresh(request, session_json(asker.session, asker.account, asked_lang(request)))


def session_json(session: Session, account: Account, lang: Lang) -> dict[str, Any]:
    """Return what the screen needs of a session."""
    viewer = viewer_of_account(account)
    return {
        "account": account_json(account, lang),
        "rights": sorted(viewer.rights),
        "csrf": session.csrf,
        "expires_at": session.expires_at,
        "password_min": MIN_LENGTH,
    }


@delete("/api/session", opt=rule(SIGNED_IN, early=True), sync_to_thread=True)
def end(request: Asked) -> Response[None]:
    """Sign out."""
    house, asker = house_of(request), asker_of(request)
    house.opened.accounts.revoke_session(asker.session.token_sha256, house.clock())
    note(house, request, asker.account, "session.end")
    answer = Response(None, status_code=204, headers={"Cache-Control": "no-store"})
    answer.set_cookie(_cookie(house, "", 0))
    return answer


@get("/api/sessions", opt=rule(SIGNED_IN, early=True), sync_to_thread=True)
def own_sessions(request: Asked) -> Answer:
    """Return one's own sessions that still count."""
    house, asker = house_of(request), asker_of(request)
    now = house.clock()
    rows = [
        {
            "id": one.token_sha256[:ID_LENGTH],
            "created_at": one.created_at,
            "seen_at": one.seen_at,
            "expires_at": one.expires_at,
            "agent": one.agent,
            "current": one.token_sha256 == asker.session.token_sha256,
        }
        for one in house.opened.accounts.sessions(asker.account.id)
        if one.expires_at > now
    ]
    return fresh(request, {"sessions": rows})


@delete("/api/sessions/{session:str}", opt=rule(SIGNED_IN, early=True), sync_to_thread=True)
def end_session(request: Asked, session: FromPath[str]) -> Response[None]:
    """End one of one's own sessions: a browser left somewhere."""
    house, asker = house_of(request), asker_of(request)
    for one in house.opened.accounts.sessions(asker.account.id):
        if one.token_sha256[:ID_LENGTH] == session:
            house.opened.accounts.revoke_session(one.token_sha256, house.clock())
            note(house, request, asker.account, "session.revoke", session)
            return Response(None, status_code=204)
    raise DomainError(
        "unknown_session",
        Text("sesi itu tidak ada", "there is no such session"),
        Text("Muat ulang daftarnya.", "Reload the list."),
        {"session": session[:40]},
    )


ROUTES = (hello, begin, current, end, own_sessions, end_session)
