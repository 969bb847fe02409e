"""What a request asks for beside its path: language, address, cookie, compressed answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from sispamkota.kernel.text import Lang

COOKIE = "sispamkota_session"
CSRF_HEADER = "x-csrf-token"
Scope = Mapping[str, Any]


def header(scope: Scope, name: str) -> str | None:
    """Return a header (name in lower case), or None."""
    wanted = name.encode("ascii")
    for key, value in scope["headers"]:
        if key == wanted:
            text: str = value.decode("latin-1")
            return text
    return None


def lang_of(scope: Scope) -> Lang:
    """Return the language: `?lang=`, else the first known one of Accept-Language, else id."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    if asked in {"id", "en"}:
        return "en" if asked == "en" else "id"
    for part in (header(scope, "accept-language") or "").split(","):
        code = part.split(";")[0].strip().lower().partition("-")[0]
        if code in {"id", "in", "en"}:
            return "en" if code == "en" else "id"
    return "id"


def address_of(scope: Scope) -> str:
    """Return the network address that the request came from."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def session_token(scope: Scope) -> str | None:
    """Return the token of the session cookie, or None.

    Cookies of other programs at the same name (ports share them) may hold anything; the parser of
    the standard library would give up at the first odd one.
    """
    for part in (header(scope, "cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and value:
            return value
    return None


def takes(scope: Scope, coding: str) -> bool:
    """Say whether the asker takes answers compressed so: `gzip`, `br`."""
    given = header(scope, "accept-encoding") or ""
    parts = [part.replace(" ", "").lower() for part in given.split(",")]
    return any(p == coding or (p.startswith(f"{coding};") and p != f"{coding};q=0") for p in parts)
