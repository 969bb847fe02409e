"""Plans of two kinds lie side by side: who asks for one must not get the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.versions import GUARDS, TRAFFIC

KIND_NAMES: dict[str, Text] = {
    GUARDS: Text("rencana pengamanan TPS", "guard plan"),
    TRAFFIC: Text("rencana lalu lintas", "traffic plan"),
}


def kind_of(plan: Mapping[str, Any]) -> str:
    """Return the kind of a plan; guard plans carry no mark of theirs."""
    return TRAFFIC if plan.get("kind") == TRAFFIC else GUARDS


def require_kind(plan: Mapping[str, Any], name: str, wanted: str) -> None:
    """Refuse a plan of another kind than is asked for.

    Raises:
        DomainError: `other_kind`.
    """
    found = kind_of(plan)
    if found == wanted:
        return
    is_, ask = KIND_NAMES[found], KIND_NAMES[wanted]
    raise DomainError(
        "other_kind",
        Text(
            f"{name} adalah {is_.id}; yang diminta {ask.id}",
            f"{name} is a {is_.en}; what is asked for is a {ask.en}",
        ),
        Text(
            "Pilih dari daftar: sispamkota plan list.",
            "Choose from the list: sispamkota plan list.",
        ),
        {"plan": name, "kind": found, "wanted": wanted},
    )


__all__ = ["KIND_NAMES", "kind_of", "require_kind"]
