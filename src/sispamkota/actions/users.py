"""Accounts of named people: give, list, revoke, reset; their own password and second factor."""

from __future__ import annotations

import datetime as dt
import re
import secrets as random_source
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.access.functions import agencies, check_holder, functions
from sispamkota.access.passwords import check_password
from sispamkota.access.rights import Right
from sispamkota.actions.secrets import (
    hash_password,
    new_totp_secret,
    one_time_password,
    password_matches,
    totp_step,
    totp_uri,
)
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.accounts import Account
from sispamkota.storage.workspace import Workspace

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
LONGEST_PERSON = 120
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccess:
    """What a person needs to sign in, shown once and kept nowhere.

    Attributes:
        account: the account.
        password: one-time password, to be changed at the first sign-in.
        totp_uri: address for the authenticator app.
    """

    account: Account
    password: str
    totp_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who an account is for."""

    name: str
    person: str
    agency: str
    function: str
    areas: tuple[str, ...] = ()


def add_user(workspace: Workspace, holder: Holder, *, by: str, now: dt.datetime) -> NewAccess:
    """Give an account to a named person.

    Args:
        workspace: an open workspace.
        holder: name to sign in with, the person, agency, function and areas.
        by: id of the account that gives it, or `COMMAND_LINE`.
        now: the moment.

    Raises:
        DomainError: `bad_account_name`, `missing_name`, `account_exists`, or what `check_holder`
            refuses.
    """
    holder = check(workspace, holder)
    password, secret = one_time_password(), new_totp_secret()
    account = Account(
        id=random_source.token_hex(8),
        name=holder.name,
        person=holder.person,
        agency=holder.agency,
        function=holder.function,
        areas=holder.areas,
        password_hash=hash_password(password),
        totp_secret=secret,
        must_change=True,
        created_at=now,
        created_by=by,
    )
    workspace.accounts.add_account(account)
    return NewAccess(account=account, password=password, totp_uri=totp_uri(secret, account.name))


def check(workspace: Workspace, holder: Holder) -> Holder:
    """Return the holder with tidy texts, or refuse it.

    Raises:
        DomainError: as `add_user`.
    """
    name = holder.name.strip().casefold()
    person = " ".join(holder.person.split())
    if not NAME.fullmatch(name):
        raise _bad_account_name(holder.name)
    if not person or len(person) > LONGEST_PERSON or not person.isprintable():
        raise DomainError(
            "missing_name",
            Text(
                "nama orang kosong atau terlalu panjang", "the person's name is empty or too long"
            ),
            Text(
                f"Isi nama pemegang akun, paling panjang {LONGEST_PERSON} huruf.",
                f"Give the name of the account's holder, {LONGEST_PERSON} characters at most.",
            ),
        )
    areas = tuple(dict.fromkeys(holder.areas))
    check_holder(holder.function, holder.agency, areas, kecamatan_codes(workspace))
    return Holder(
        name=name, person=person, agency=holder.agency, function=holder.function, areas=areas
    )


def kecamatan_codes(workspace: Workspace) -> list[str]:
    """Return the codes of the kecamatan that the workspace knows, of areas or of TPS."""
    areas = workspace.store.current("areas").filter(pl.col("level") == "kecamatan")["code"]
    tps = workspace.store.current("tps")["kecamatan"].unique()
    return sorted({*areas.to_list(), *tps.to_list()})


def kecamatan_named(workspace: Workspace) -> list[dict[str, str]]:
    """Return code and name of every kecamatan, to choose the areas of an account from."""
    areas = workspace.store.current("areas")
    names: dict[str, str | None] = dict(areas.select("code", "name").iter_rows())
    return [{"code": code, "name": names.get(code) or code} for code in kecamatan_codes(workspace)]


def reset_user(workspace: Workspace, account_id: str) -> NewAccess:
    """Give a new one-time password and second factor, and end the account's sessions.

    Raises:
        DomainError: `unknown_account`, also for a revoked one, or `demo_account`.
    """
    account = active_account(workspace, account_id)
    _refuse_demo(account)
    password, secret = one_time_password(), new_totp_secret()
    workspace.accounts.set_password(account.id, hash_password(password), True)
    workspace.accounts.set_totp(account.id, secret)
    workspace.accounts.revoke_sessions(account.id)
    return NewAccess(account=account, password=password, totp_uri=totp_uri(secret, account.name))


def revoke_user(workspace: Workspace, account_id: str, now: dt.datetime) -> Account:
    """End an account and its sessions; its name stays in what it signed.

    Raises:
        DomainError: `unknown_account`, or `last_administrator` where nobody would be left to give
            accounts.
    """
    account = active_account(workspace, account_id)
    if _manages(account) and not [
        other
        for other in workspace.accounts.accounts()
        if other.id != account.id
        and other.revoked_at is None
        and _manages(other)
        and (account.demo or not other.demo)  # those of the demo do not open a served Polres
    ]:
        raise DomainError(
            "last_administrator",
            Text(
                f"'{account.name}' administrator terakhir",
                f"'{account.name}' is the last administrator",
            ),
            Text("Buat administrator lain dulu.", "Make another administrator first."),
            {"account": account.id},
        )
    workspace.accounts.revoke_account(account.id, now)
    return account


def change_password(workspace: Workspace, account: Account, old: str, new: str, keep: str) -> None:
    """Replace one's own password and end one's other sessions.

    Args:
        workspace: an open workspace.
        account: whose.
        old: present password.
        new: the password from now on.
        keep: hash of the session that stays.

    Raises:
        DomainError: `bad_password`, `weak_password`, `same_password` or `demo_account`.
    """
    _refuse_demo(account)
    confirm_password(account, old)
    check_password(new, account.name)
    if old == new:
        raise DomainError(
            "same_password",
            Text("kata sandi baru sama dengan yang lama", "the new password is the old one"),
            Text("Pilih kata sandi lain.", "Choose another password."),
        )
    workspace.accounts.set_password(account.id, hash_password(new), False)
    workspace.accounts.revoke_sessions(account.id, keep=keep)


def confirm_password(account: Account, password: str) -> None:
    """Refuse a wrong password of somebody who is signed in.

    Raises:
        DomainError: `bad_password`.
    """
    if not password_matches(account.password_hash, password):
        raise DomainError(
            "bad_password",
            Text("kata sandi lama salah", "the present password is wrong"),
            Text("Ketik ulang kata sandi yang sekarang.", "Type your present password again."),
        )


def confirm_totp(
    workspace: Workspace, account: Account, secret: str, code: str, now: dt.datetime
) -> None:
    """Take a second factor into use once its app has shown a right code.

    Raises:
        DomainError: `bad_code` or `demo_account`.
    """
    _refuse_demo(account)
    step = totp_step(secret, code, now)
    if step is None:
        raise DomainError(
            "bad_code",
            Text("kode salah atau sudah lewat", "the code is wrong or has passed"),
            Text(
                "Periksa jam ponsel, lalu isi kode yang sedang tampil.",
                "Check the phone's clock and enter the code shown now.",
            ),
        )
    if secret != account.totp_secret:
        workspace.accounts.set_totp(account.id, secret)
    workspace.accounts.use_totp_step(account.id, step)


def active_account(workspace: Workspace, account_id: str) -> Account:
    """Return the account of this id, or of this name.

    Raises:
        DomainError: `unknown_account`, also for a revoked one.
    """
    found = workspace.accounts.account(account_id) or workspace.accounts.account_named(account_id)
    if found is None or found.revoked_at is not None:
        raise DomainError(
            "unknown_account",
            Text(f"akun '{account_id}' tidak ada atau sudah dicabut",
                 f"account '{account_id}' does not exist or was revoked"),
            Text("Lihat daftar: sispamkota user list.", "See the list: sispamkota user list."),
            {"account": account_id},
        )  # fmt: skip
    return found


def account_json(account: Account, lang: Lang) -> dict[str, Any]:
    """Return what the account's holder and the administrator see of it."""
    function = functions().get(account.function)
    agency = agencies().get(account.agency)
    return {
        "id": account.id,
        "name": account.name,
        "person": account.person,
        "agency": account.agency,
        "agency_name": agency.in_(lang) if agency else account.agency,
        "function": account.function,
        "function_name": function.name.in_(lang) if function else account.function,
        "areas": list(account.areas),
        "demo": account.demo,
        "must_change": account.must_change,
    }


def users_json(accounts: Sequence[Account], lang: Lang) -> list[dict[str, Any]]:
    """Return the list of accounts, with who made them and whether they were revoked."""
    return [
        {
            **account_json(account, lang),
            "totp": account.totp_secret is not None,
            "created_at": account.created_at,
            "created_by": account.created_by,
            "revoked_at": account.revoked_at,
        }
        for account in accounts
    ]


def _manages(account: Account) -> bool:
    function = functions().get(account.function)
    return function is not None and Right.USER_MANAGE in function.rights


def _refuse_demo(account: Account) -> None:
    if account.demo:
        raise DomainError(
            "demo_account",
            Text("akun demo tidak dapat diubah", "a demo account cannot be changed"),
            Text(
                "Kata sandinya tampil di layar masuk; buat akun sendiri dengan `user add`.",
                "Its password is shown where one signs in; make your own account with `user add`.",
            ),
        )


def _bad_account_name(name: str) -> DomainError:
    return DomainError(
        "bad_account_name",
        Text(f"nama akun '{name}' tidak dapat dipakai", f"account name '{name}' cannot be used"),
        Text(
            "3 sampai 40 huruf kecil, angka, titik, garis; diawali huruf atau angka.",
            "3 to 40 lower-case letters, digits, dots, dashes; a letter or digit first.",
        ),
        {"name": name[:60]},
    )
