"""The audit trail: who signed in, was refused, read what is sensitive, changed what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.connection import ASGIConnection

from sispamkota.server.asked import address_of
from sispamkota.server.house import House
from sispamkota.storage.accounts import Account, AuditEntry

Connection = ASGIConnection[Any, Any, Any, Any]


def note(
    house: House,
    connection: Connection,
    account: Account | None,
    action: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    *,
    name: str = "",
) -> None:
    """Write an entry; `name` is what was typed where nobody is signed in."""
    house.opened.accounts.audit(
        AuditEntry(
            at=house.clock(),
            account=account.id if account else None,
            name=account.name if account else name[:60],
            action=action,
            subject=subject[:200],
            detail=dict(detail or {}),
            address=address_of(connection.scope),
        )
    )


def note_refusal(house: House, connection: Connection, account: Account, code: str) -> None:
    """Write down what somebody signed in was not allowed to do."""
    scope: Any = connection.scope
    detail = {"method": scope["method"], "code": code}
    note(house, connection, account, "refused", scope["path"], detail)
