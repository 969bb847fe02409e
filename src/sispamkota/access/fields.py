"""Which right a field needs: one table, used wherever rows leave the program.

A field that is not named here needs no more than the right of the route it is on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sispamkota.access.rights import Right

FIELDS: dict[str, dict[str, Right]] = {
    "tps": {
        "class": Right.CLASS_READ,
        "class_low": Right.CLASS_READ,
        "class_high": Right.CLASS_READ,
        "certainty": Right.CLASS_READ,
        "override": Right.CLASS_READ,
        "computed_class": Right.REASONS_READ,
        "score": Right.REASONS_READ,
        "low": Right.REASONS_READ,
        "high": Right.REASONS_READ,
        "stability": Right.REASONS_READ,
        "contributions": Right.REASONS_READ,
        "reasons": Right.REASONS_READ,
        "learn_first": Right.REASONS_READ,
        "overrides": Right.REASONS_READ,
        "override_by": Right.REASONS_READ,
        "override_reason": Right.REASONS_READ,
        "beat": Right.PLAN_READ,
        "team": Right.PLAN_READ,
    },
    "desa": {"classes": Right.CLASS_READ, "top_class": Right.CLASS_READ},
    "operation": {
        "head": Right.PLAN_READ,
        "approved": Right.PLAN_READ,
        "settings": Right.NEED_READ,
        "catalogue": Right.CLASS_READ,
    },
    "plan": {
        "leader": Right.ROSTER_READ,
        "members": Right.ROSTER_READ,
        "person": Right.ROSTER_READ,
        "spare_officers": Right.ROSTER_READ,
        "unavailable": Right.ROSTER_READ,
        "stand_in": Right.ROSTER_READ,
    },
    # In a traffic plan too: who stands where is for those who may see the roster.
    "traffic": {"assigned": Right.ROSTER_READ},
    # What was decided of a TPS or a person; who decided and when is for every reader of the audit.
    "audit": {
        "class": Right.CLASS_READ,
        "reason": Right.REASONS_READ,
        "before": Right.ROSTER_READ,
        "after": Right.ROSTER_READ,
    },
}
"""Kind of object → field → right. In a plan the fields are taken out at any depth."""


def hidden(kind: str, rights: frozenset[Right]) -> frozenset[str]:
    """Return the fields of a kind that these rights do not open."""
    return frozenset(name for name, right in FIELDS[kind].items() if right not in rights)


def redact(kind: str, row: Mapping[str, Any], rights: frozenset[Right]) -> dict[str, Any]:
    """Return the object without the fields that these rights do not open."""
    closed = hidden(kind, rights)
    return {name: value for name, value in row.items() if name not in closed}


def redact_deep(kind: str, value: Any, rights: frozenset[Right]) -> Any:
    """Return a tree of objects and lists without the closed fields, wherever they stand."""
    return _without(value, hidden(kind, rights))


def _without(value: Any, closed: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v, closed) for k, v in value.items() if k not in closed}
    if isinstance(value, list | tuple):
        return [_without(v, closed) for v in value]
    return value
