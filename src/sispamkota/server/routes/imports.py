"""Import in the browser: look at a file and every problem first, then accept or leave it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from sispamkota.access.rights import Right
from sispamkota.actions.imports import Request, list_imports, undo_imports
from sispamkota.actions.imports.preview import upload_path
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.rules import rule
from sispamkota.server.uploads import Upload

CHUNK = 1 << 20
LONGEST_FIELD = 300
TRUE = frozenset({"1", "true", "ya", "yes", "on"})


@post("/api/imports", opt=rule(Right.IMPORT_WRITE, body=False), status_code=200)
async def preview(request: Asked) -> Answer:
    """Look at a file (multipart: file, kind, source, as_of, sample, sheet, mapping).

    Nothing changes. The answer's token accepts the same bytes.
    """
    asker_of(request).viewer.require_area(None)
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise _bad_field("file", Text("berkas tidak disertakan", "no file was sent"))
    house = house_of(request)
    folder = house.uploads.folder()
    try:
        path = upload_path(folder, file.filename or "berkas")
        await _write(file, path)
        asked = _request(form, path)
        return await sync_to_thread(_preview, request, folder, asked)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


async def _write(file: UploadFile, path: Path) -> None:
    with path.open("wb") as out:
        while chunk := await file.read(CHUNK):
            out.write(chunk)


def _request(form: Any, path: Path) -> Request:
    mapping = _field(form, "mapping")
    try:
        columns = msgspec.json.decode(mapping, type=dict[str, str]) if mapping else None
    except (msgspec.MsgspecError, RecursionError) as error:
        why = Text("pemetaan bukan JSON kolom: judul", "the mapping is no JSON of column: header")
        raise _bad_field("mapping", why) from error
    as_of = _field(form, "as_of")
    try:
        day = dt.date.fromisoformat(as_of) if as_of else None
    except ValueError as error:
        why = Text("tanggal bukan tahun-bulan-hari", "the date is not year-month-day")
        raise _bad_field("as_of", why) from error
    return Request(
        kind=_field(form, "kind") or "",
        path=path,
        source=_field(form, "source"),
        as_of=day,
        mapping=columns,
        sheet=_field(form, "sheet"),
        sample=(_field(form, "sample") or "").lower() in TRUE,
    )


def _field(form: Any, name: str) -> str | None:
    value = form.get(name)
    if value is None or value == "":
        return None
    limit = CHUNK if name == "mapping" else LONGEST_FIELD
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise _bad_field(name, Text(f"'{name}' tidak dapat dibaca", f"'{name}' cannot be read"))
    return value


def _preview(request: Asked, folder: Path, asked: Request) -> Answer:
    house, asker = house_of(request), asker_of(request)
    shown, settled, sha256 = house.on_intake("preview", asked=asked, lang=asked_lang(request))
    upload = Upload(folder=folder, owner=asker.account.id, request=settled, sha256=sha256)
    return fresh(request, {"token": house.uploads.keep(upload), **shown})


@post(
    "/api/imports/{token:str}/accept",
    opt=rule(Right.IMPORT_WRITE),
    sync_to_thread=True,
    status_code=200,
)
def accept(request: Asked, token: FromPath[str]) -> Answer:
    """Import the file that was looked at, the same bytes, all or nothing."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    upload = house.uploads.find(token, asker.account.id)
    report = house.on_intake(
        "accept",
        asked=upload.request,
        sha256=upload.sha256,
        now=house.clock(),
        lang=asked_lang(request),
    )
    house.uploads.drop(token)
    detail = {"kind": report["kind"], "file": report["file"], "rows": report["rows"]}
    note(house, request, asker.account, "import.accept", ",".join(report["imports"]), detail)
    return fresh(request, report)


@get("/api/imports", opt=rule(Right.IMPORT_WRITE), sync_to_thread=True)
def imports(request: Asked) -> Answer:
    """Return the imports, newest first."""
    return fresh(request, {"imports": list_imports(house_of(request).workspace)})


@delete("/api/imports/{import_id:str}", opt=rule(Right.IMPORT_WRITE), sync_to_thread=True)
def withdraw(request: Asked, import_id: FromPath[str]) -> Response[None]:
    """Take an import out of what holds; its rows stay in the history."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    undo_imports(house.workspace, [import_id], house.clock())
    note(house, request, asker.account, "import.withdraw", import_id)
    return Response(None, status_code=204)


def _bad_field(name: str, why: Text) -> DomainError:
    return DomainError(
        "bad_input",
        why,
        Text("Perbaiki isian itu, lalu kirim lagi.", "Mend that field and send again."),
        {"field": name},
    )


ROUTES = (preview, accept, imports, withdraw)
