"""One's own password and second factor."""

from __future__ import annotations

from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from sispamkota.actions.secrets import new_totp_secret, totp_uri
from sispamkota.actions.users import change_password, confirm_password, confirm_totp
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.asked import address_of
from sispamkota.server.near import asker_of, house_of
from sispamkota.server.qr import qr_svg
from sispamkota.server.record import note
from sispamkota.server.rules import SIGNED_IN, rule


class NewPassword(Struct, forbid_unknown_fields=True):
    """The present password and the one from now on."""

    old: Annotated[str, Meta(max_length=1000)]
    new: Annotated[str, Meta(max_length=1000)]


class Totp(Struct, forbid_unknown_fields=True):
    """`password` begins a new second factor; `code` of its app then takes it into use."""

    code: Annotated[str, Meta(max_length=20)] | None = None
    password: Annotated[str, Meta(max_length=1000)] | None = None


@post(
    "/api/account/password", opt=rule(SIGNED_IN, early=True), sync_to_thread=True, status_code=200
)
def password(request: Asked, data: JSONBody[NewPassword]) -> Answer:
    """Change one's own password; one's other sessions end."""
    house, asker = house_of(request), asker_of(request)
    now, address = house.clock(), address_of(request.scope)
    # A session left open must not become a place to guess the password.
    house.limits.check(asker.account.name, address, now)
    house.limits.failed(asker.account.name, address, now)
    keep = asker.session.token_sha256
    change_password(house.workspace, asker.account, data.old, data.new, keep)
    house.limits.proved(asker.account.name, address)
    note(house, request, asker.account, "password.change")
    return fresh(request, {"changed": True})


@post("/api/account/totp", opt=rule(SIGNED_IN, early=True), sync_to_thread=True, status_code=200)
def totp(request: Asked, data: JSONBody[Totp]) -> Answer:
    """Begin a new second factor, or take the begun one into use."""
    house, asker = house_of(request), asker_of(request)
    now, address = house.clock(), address_of(request.scope)
    house.limits.check(asker.account.name, address, now)
    house.limits.failed(asker.account.name, address, now)
    key = asker.session.token_sha256
    if data.code is None:
        confirm_password(asker.account, data.password or "")
        secret = new_totp_secret()
        house.begun_totp.put(key, secret)
        uri = totp_uri(secret, asker.account.name)
        house.limits.proved(asker.account.name, address)
        return fresh(request, {"totp_uri": uri, "totp_qr_svg": qr_svg(uri)})
    secret = house.begun_totp.get(key) or asker.account.totp_secret or ""
    confirm_totp(house.workspace, asker.account, secret, data.code, now)
    house.begun_totp.drop(key)
    house.limits.proved(asker.account.name, address)
    note(house, request, asker.account, "totp.change")
    return fresh(request, {"confirmed": True})


ROUTES = (password, totp)
