"""Accounts of the demo: one for each main function, with passwords that everybody may read.

They work only in a demo workspace that answers this machine alone; the server refuses them
elsewhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sispamkota.access.functions import functions
from sispamkota.actions.secrets import hash_password
from sispamkota.kernel.text import Lang
from sispamkota.storage.accounts import Account
from sispamkota.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One account of the demo and its published password."""

    name: str
    password: str
    person: str
    agency: str
    function: str
    areas: tuple[str, ...] = ()


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        name="kabagops",
        password="contoh-kabag-ops",  # noqa: S106  (published on purpose)
        person="CONTOH Kabag Ops",
        agency="polri",
        function="kabag_ops",
    ),
    DemoAccount(
        name="kapolres",
        password="contoh-kapolres",  # noqa: S106
        person="CONTOH Kapolres",
        agency="polri",
        function="kapolres",
    ),
    DemoAccount(
        name="kasatlantas",
        password="contoh-kasat-lantas",  # noqa: S106
        person="CONTOH Kasat Lantas",
        agency="polri",
        function="kasat_lantas",
    ),
    DemoAccount(
        name="operator",
        password="contoh-operator",  # noqa: S106
        person="CONTOH Operator",
        agency="polri",
        function="operator",
    ),
    DemoAccount(
        name="pamatwil",
        password="contoh-pamatwil",  # noqa: S106
        person="CONTOH Pamatwil Martapura",
        agency="polri",
        function="pamatwil",
        areas=("160801",),
    ),
    DemoAccount(
        name="padal",
        password="contoh-padal-1",  # noqa: S106
        person="CONTOH Padal Martapura",
        agency="polri",
        function="padal",
        areas=("160801",),
    ),
    DemoAccount(
        name="kpu",
        password="contoh-kpu-oku-timur",  # noqa: S106
        person="CONTOH KPU",
        agency="kpu",
        function="kpu",
    ),
    DemoAccount(
        name="administrator",
        password="contoh-administrator",  # noqa: S106
        person="CONTOH Administrator",
        agency="polri",
        function="administrator",
    ),
)


def add_demo_accounts(workspace: Workspace, now: dt.datetime) -> None:
    """Give a demo workspace its accounts."""
    for one in DEMO_ACCOUNTS:
        workspace.accounts.add_account(
            Account(
                id=f"demo-{one.name}",
                name=one.name,
                person=one.person,
                agency=one.agency,
                function=one.function,
                areas=one.areas,
                password_hash=hash_password(one.password),
                demo=True,
                created_at=now,
                created_by="demo",
            )
        )


def shown_demo_accounts(workspace: Workspace, lang: Lang) -> list[dict[str, Any]]:
    """Return name, password, person and function_name of the demo accounts that still work."""
    there = {a.name for a in workspace.accounts.accounts() if a.demo and a.revoked_at is None}
    return [
        {
            "name": one.name,
            "password": one.password,
            "person": one.person,
            "function_name": functions()[one.function].name.in_(lang),
        }
        for one in DEMO_ACCOUNTS
        if one.name in there
    ]
