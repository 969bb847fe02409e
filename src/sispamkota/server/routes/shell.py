"""The built web pages, the health of the server, and the description of the API."""

from __future__ import annotations

from pathlib import Path

from litestar import MediaType, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.markup import tag
from sispamkota.server.answers import JSON, Answer, Asked, encode, fresh, sent
from sispamkota.server.asked import takes
from sispamkota.server.errors import FRAMEWORK
from sispamkota.server.house import House
from sispamkota.server.memory import pack
from sispamkota.server.near import asked_lang, house_of
from sispamkota.server.rules import PUBLIC, rule

TYPES: dict[str, str] = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Only files of these kinds are served."""
PACKED_ALREADY = frozenset({".woff2", ".png", ".ico"})
SQUEEZED = ".br"
"""Ending of the Brotli form that the build puts beside a file: a sixth smaller than gzip."""
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@get(["/app", "/app/"], opt=rule(PUBLIC), sync_to_thread=True, include_in_schema=False)
def app(request: Asked) -> Answer:
    """Return the shell of the screens, or how to build it."""
    if request.scope["path"] == "/app":
        # Relative addresses inside the page need the slash; the framework drops it from `path`.
        raw = request.scope.get("raw_path") or b"/app/"
        if not raw.endswith(b"/"):
            return Redirect("/app/")
    house = house_of(request)
    file = house.dist / "app" / "index.html"
    if not file.is_file():
        return Response(not_built(asked_lang(request)), media_type=MediaType.HTML, status_code=503)
    return _file(request, house, file, ASK_AGAIN)


@get("/assets/{name:path}", opt=rule(PUBLIC), sync_to_thread=True, include_in_schema=False)
def asset(request: Asked, name: FromPath[Path]) -> Answer:
    """Return a built file; its name holds its hash, so it never changes."""
    house = house_of(request)
    folder = (house.dist / "assets").resolve()
    file = (folder / str(name).lstrip("/")).resolve()
    if not file.is_relative_to(folder) or file.suffix not in TYPES or not _is_file(file):
        code, message, remedy = FRAMEWORK[404]
        raise DomainError(code, message, remedy)
    return _file(request, house, file, FOR_GOOD)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name that is too long
        return False


def _file(request: Asked, house: House, file: Path, cache: str) -> Answer:
    stamp = file.stat()
    key = f"{file} {stamp.st_mtime_ns} {stamp.st_size}"
    if file.suffix in PACKED_ALREADY:
        return Response(
            file.read_bytes(), media_type=TYPES[file.suffix], headers={"Cache-Control": cache}
        )
    squeezed = file.with_name(f"{file.name}{SQUEEZED}")
    if takes(request.scope, "br") and squeezed.is_file():
        told = {"Cache-Control": cache, "Content-Encoding": "br", "Vary": "Accept-Encoding"}
        return Response(squeezed.read_bytes(), media_type=TYPES[file.suffix], headers=told)
    packed = house.files.value("", key, lambda: pack(file.read_bytes()))
    return sent(request, packed, TYPES[file.suffix], {"Cache-Control": cache})


def not_built(lang: Lang) -> str:
    """Return the page that says how to build the web pages."""
    title = Text("Halaman web belum dibangun", "The web pages are not built yet").in_(lang)
    how = Text(
        "Di salinan kode jalankan: make web (perlu Node 20 atau lebih baru). Paket yang dipasang "
        "sudah memuat halaman ini.",
        "In a checkout run: make web (needs Node 20 or newer). An installed package carries them.",
    ).in_(lang)
    public = Text("Halaman publik tanpa JavaScript", "Public page without JavaScript").in_(lang)
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title))
    link = tag("a", public, href="/" if lang == "id" else "/en")
    body = tag("body", tag("h1", title), tag("p", how), tag("p", link))
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang=lang)


@get("/api/health", opt=rule(PUBLIC), sync_to_thread=True)
def health(request: Asked) -> Answer:
    """Say that the server answers and the database can be read."""
    house_of(request).opened.store.revision()
    return fresh(request, {"status": "ok"})


@get("/api/openapi.json", opt=rule(PUBLIC), sync_to_thread=True, include_in_schema=False)
def openapi(request: Asked) -> Answer:
    """Return the description of the API."""
    described = house_of(request).files.value(
        "", "openapi", lambda: pack(encode(request.app.state.describe()))
    )
    return sent(request, described, JSON, {"Cache-Control": ASK_AGAIN})


ROUTES = (app, asset, health, openapi)
