"""What every request passes first, and the headers that every answer carries.

A known host, a body within its limit, text without NUL. It stands outside the framework, so that an
unknown path or a broken request passes it too.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

import structlog

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.asked import header, lang_of
from sispamkota.server.errors import NOT_UNDERSTOOD, status_of, too_large

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

JSON_LIMIT = 1_000_000
UPLOAD_LIMIT = 64 * 1024 * 1024
UPLOAD_PATHS = frozenset({"/api/imports"})
"""The only paths that take a file."""
DRAIN_S = 20.0
"""Seconds for which the rest of a refused body is read and dropped, so that the sender reads the
refusal rather than a broken connection."""

HEADERS: dict[str, str] = {
    # Everything from our own files: the map library sets styles through the object model.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
}
TLS_ONLY = ("strict-transport-security", "max-age=31536000")

LOG = structlog.get_logger("sispamkota.server")


class Shield:
    """The outermost layer.

    Args:
        app: what answers.
        hosts: names under which the server may be asked, without port, in lower case.
        secure: whether it speaks TLS.
        upload_limit: largest upload, bytes.
    """

    def __init__(
        self,
        app: App,
        hosts: frozenset[str],
        *,
        secure: bool = False,
        upload_limit: int = UPLOAD_LIMIT,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.upload_limit = upload_limit
        self.headers = dict(HEADERS)
        if secure:
            self.headers[TLS_ONLY[0]] = TLS_ONLY[1]

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with what is wrong."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await _hang_up(scope, receive, send)
        begun = time.monotonic()
        told: dict[str, int] = {}

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                self._dress(message)
            await send(message)

        limit = self.upload_limit if scope["path"] in UPLOAD_PATHS else JSON_LIMIT
        refusal = self._refusal(scope, limit)
        if refusal is not None:
            await _refuse(scope, refusal, receive, dressed)
        else:
            await self.app(scope, _measured(receive, limit), dressed)
        took = round((time.monotonic() - begun) * 1000)
        # Never the query or the body: they may name people or carry secrets.
        LOG.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            ms=took,
            status=told.get("status"),
        )
        return None

    def _dress(self, message: Message) -> None:
        present = {key.lower() for key, _ in message["headers"]}
        extra = [
            (key.encode("ascii"), value.encode("ascii"))
            for key, value in self.headers.items()
            if key.encode("ascii") not in present
        ]
        message["headers"] = [*message["headers"], *extra]

    def _refusal(self, scope: Any, limit: int) -> DomainError | None:
        host = host_name(header(scope, "host") or "")
        if host not in self.hosts:
            return _host_not_allowed(host)
        if b"\0" in unquote_to_bytes(scope.get("raw_path") or b"") + unquote_to_bytes(
            scope["query_string"].replace(b"+", b" ")
        ):
            return DomainError(*NOT_UNDERSTOOD)
        length = header(scope, "content-length")
        if length is not None and length.isdigit() and int(length) > limit:
            return too_large(limit)
        return None


def host_name(host: str) -> str:
    """Return the name of a Host header without its port, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _measured(receive: Receive, limit: int) -> Receive:
    """Return `receive` that refuses to hand over more than `limit` bytes (no length was told)."""
    taken = 0

    async def measured() -> Message:
        nonlocal taken
        message: Message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise too_large(limit)
        return message

    return measured


async def _refuse(scope: Any, error: DomainError, receive: Receive, send: Send) -> None:
    body = json.dumps({"error": error.as_json(lang_of(scope))}, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status_of(error.code), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    try:
        async with asyncio.timeout(DRAIN_S):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _hang_up(scope: Any, receive: Receive, send: Send) -> None:
    """Refuse anything that is not HTTP; there are no web sockets here."""
    del scope
    await receive()
    await send({"type": "websocket.close", "code": 1008})


def _host_not_allowed(host: str) -> DomainError:
    return DomainError(
        "host_not_allowed",
        Text("server ini tidak melayani nama itu", "this server does not answer to that name"),
        Text(
            "Buka alamat yang ditampilkan saat server dimulai, atau tambahkan --allow-host NAMA.",
            "Open the address shown when the server started, or add --allow-host NAME.",
        ),
        {"host": host[:100]},
    )
