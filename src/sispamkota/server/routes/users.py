"""Accounts and the audit trail, for the administrator."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from sispamkota.access.fields import redact
from sispamkota.access.functions import agencies, functions
from sispamkota.access.rights import Right
from sispamkota.actions.users import (
    Holder,
    NewAccess,
    account_json,
    add_user,
    kecamatan_named,
    reset_user,
    revoke_user,
    users_json,
)
from sispamkota.kernel.text import Lang
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asked_lang, asker_of, house_of, viewer_for
from sispamkota.server.qr import qr_svg
from sispamkota.server.record import note
from sispamkota.server.rules import rule

Word = Annotated[str, Meta(min_length=1, max_length=120)]


class NewUser(Struct, forbid_unknown_fields=True):
    """For whom an account is."""

    name: Word
    person: Word
    agency: Word
    function: Word
    areas: Annotated[list[Annotated[str, Meta(max_length=6)]], Meta(max_length=100)] = []


@get("/api/users", opt=rule(Right.USER_MANAGE), sync_to_thread=True)
def users(request: Asked) -> Answer:
    """Return all accounts, and the functions, agencies and kecamatan there are to give."""
    house, lang = house_of(request), asked_lang(request)
    return fresh(
        request,
        {
            "users": users_json(house.opened.accounts.accounts(), lang),
            "functions": [one.as_json(lang) for one in functions().values()],
            "agencies": [{"id": k, "name": v.in_(lang)} for k, v in agencies().items()],
            "kecamatan": kecamatan_named(house.workspace),
        },
    )


@post("/api/users", opt=rule(Right.USER_MANAGE), sync_to_thread=True)
def add(request: Asked, data: JSONBody[NewUser]) -> Answer:
    """Give an account; what it signs in with is in this answer and nowhere else."""
    house, asker = house_of(request), asker_of(request)
    holder = Holder(
        name=data.name,
        person=data.person,
        agency=data.agency,
        function=data.function,
        areas=tuple(data.areas),
    )
    made = add_user(house.workspace, holder, by=asker.account.id, now=house.clock())
    detail = {"name": made.account.name, "function": data.function, "areas": list(data.areas)}
    note(house, request, asker.account, "user.add", made.account.id, detail)
    return fresh(request, access_json(made, asked_lang(request)), 201)


def access_json(made: NewAccess, lang: Lang) -> dict[str, Any]:
    """Return what is handed to the account's holder, once."""
    return {
        "account": account_json(made.account, lang),
        "one_time_password": made.password,
        "totp_uri": made.totp_uri,
        "totp_qr_svg": qr_svg(made.totp_uri),
    }


@post(
    "/api/users/{user:str}/reset", opt=rule(Right.USER_MANAGE), sync_to_thread=True, status_code=200
)
def reset(request: Asked, user: FromPath[str]) -> Answer:
    """Give a new one-time password and second factor; the account's sessions end."""
    house, asker = house_of(request), asker_of(request)
    made = reset_user(house.workspace, user)
    note(house, request, asker.account, "user.reset", made.account.id, {"name": made.account.name})
    return fresh(request, access_json(made, asked_lang(request)))


@delete("/api/users/{user:str}", opt=rule(Right.USER_MANAGE), sync_to_thread=True)
def revoke(request: Asked, user: FromPath[str]) -> Response[None]:
    """End an account and its sessions; what it signed stays."""
    house, asker = house_of(request), asker_of(request)
    ended = revoke_user(house.workspace, user, house.clock())
    note(house, request, asker.account, "user.revoke", ended.id, {"name": ended.name})
    return Response(None, status_code=204)


@get("/api/audit", opt=rule(Right.AUDIT_READ), sync_to_thread=True)
def audit(
    request: Asked,
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> Answer:
    """Return the newest entries below number `before`."""
    rights = viewer_for(request).rights
    entries = house_of(request).opened.accounts.audit_entries(limit, before)
    rows = [
        {
            "number": e.number,
            "at": e.at,
            "name": e.name,
            "action": e.action,
            "subject": e.subject,
            "detail": redact("audit", e.detail, rights),
            "address": e.address,
        }
        for e in entries
    ]
    return fresh(request, {"entries": rows})


ROUTES = (users, add, reset, revoke, audit)
