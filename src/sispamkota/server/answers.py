"""Answers: JSON encoded once per revision, compressed, and not sent again to whoever has it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec
from litestar import Request, Response

from sispamkota.access.viewer import Viewer
from sispamkota.server.asked import header, lang_of, takes
from sispamkota.server.house import House
from sispamkota.server.memory import Packed, pack

Asked: TypeAlias = Request[Any, Any, Any]
Answer: TypeAlias = Response[Any]
JSON = "application/json"


def encode(value: Any) -> bytes:
    """Return a value as JSON: dates as ISO, not-a-number as null."""
    return msgspec.json.encode(value, enc_hook=str)


def answer(request: Asked, house: House, viewer: Viewer, make: Callable[[], Any]) -> Answer:
    """Answer a read with what `make` returns.

    The same rights, areas, language and query share one encoded answer until the data change.

    Args:
        request: who asks for what.
        house: the house.
        viewer: for whom `make` leaves fields and rows out.
        make: returns the object to encode.
    """
    return told(request, house, viewer, JSON, lambda: encode(make()))


def told(
    request: Asked,
    house: House,
    viewer: Viewer,
    media_type: str,
    make: Callable[[], bytes],
) -> Answer:
    """Answer a read of any media type; see `answer`."""
    revision, key = house.revision(), _key(request, viewer)
    etag = f'W/"{hashlib.sha256(f"{revision} {key}".encode()).hexdigest()[:24]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Accept-Language",
    }
    if _has(request, etag):
        return Response(b"", status_code=304, headers=headers)
    packed = house.memory.value(revision, key, lambda: pack(make()))
    return sent(request, packed, media_type, headers)


def sent(
    request: Asked, body: Packed, media_type: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """Answer with a body, compressed where the asker takes it."""
    told_headers = dict(headers or {})
    if body.packed is not None:
        vary = told_headers.get("Vary")
        told_headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
        if takes(request.scope, "gzip"):
            told_headers["Content-Encoding"] = "gzip"
            return Response(body.packed, media_type=media_type, headers=told_headers)
    return Response(body.plain, media_type=media_type, headers=told_headers)


def fresh(request: Asked, value: Any, status: int = 200) -> Answer:
    """Answer with what nobody may keep: results of a command, sessions, accounts."""
    made = sent(request, pack(encode(value)), JSON, {"Cache-Control": "no-store"})
    made.status_code = status
    return made


def attached(request: Asked, body: bytes, media_type: str, file: str) -> Answer:
    """Answer with a file to save under the name `file`."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in file)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file)}",
        "Cache-Control": "no-store",
    }
    return sent(request, pack(body), media_type, headers)


def _key(request: Asked, viewer: Viewer) -> str:
    query = "&".join(f"{k}={v}" for k, v in sorted(request.query_params.multi_items()))
    rights = hashlib.sha256(" ".join(sorted(viewer.rights)).encode()).hexdigest()[:16]
    areas = ",".join(viewer.areas)
    return f"{lang_of(request.scope)} {request.url.path}?{query} {rights} [{areas}]"


def _has(request: Asked, etag: str) -> bool:
    given = header(request.scope, "if-none-match") or ""
    bare = etag.removeprefix("W/")
    return any(part.strip().removeprefix("W/") in {bare, "*"} for part in given.split(","))
