"""The rule of every route: for everybody, for whoever is signed in, or for holders of a right.

A route says its rule beside its path (`opt=rule(...)`); the server does not start while one does
not.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, TypeAlias

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from sispamkota.access.rights import Right

KEY = "rule"


class Open(Enum):
    """Rules that ask for no right."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


Rule: TypeAlias = Open | Right
PUBLIC, SIGNED_IN = Open.PUBLIC, Open.SIGNED_IN


def rule(wanted: Rule, *, early: bool = False, body: bool = True) -> dict[str, Any]:
    """Return the `opt` of a route.

    Args:
        wanted: who may use it.
        early: also open to an account that must change its password first.
        body: whether its body is JSON, looked through before it is parsed.
    """
    return {KEY: wanted, "early": early, "json_body": body}


def rule_of(handler: BaseRouteHandler) -> Rule:
    """Return the rule of a handler.

    Raises:
        RuntimeError: it has none.
    """
    found = handler.opt.get(KEY)
    if not isinstance(found, Open | Right):
        raise RuntimeError(f"route {sorted(handler.paths)} has no rule")  # noqa: TRY004
    return found


def ruled_routes(app: Litestar) -> Iterator[tuple[str, str, Rule]]:
    """Yield method, path and rule of every route.

    Raises:
        RuntimeError: a route has no rule, or is none that the guard sees.
    """
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise RuntimeError(f"route {route.path} is not guarded")  # noqa: TRY004
        for method, (handler, _) in sorted(route.route_handler_map.items()):
            if method != "OPTIONS":  # made by the framework; tells the methods, nothing else
                yield method, route.path, rule_of(handler)
