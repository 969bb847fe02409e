"""Maps: the base map as tiles, desa as shapes, and the static map for browsers without WebGL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from sispamkota.access.rights import Right
from sispamkota.access.viewer import Viewer
from sispamkota.actions.places import desa as read_desa
from sispamkota.actions.shapes import desa_geojson
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.answers import Answer, Asked, answer, told
from sispamkota.server.asked import header
from sispamkota.server.near import asked_lang, house_of, viewer_for
from sispamkota.server.routes.territory import assessment_for
from sispamkota.server.rules import rule

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
LARGEST_PIECE = 8 * 1024 * 1024
PMTILES = "application/vnd.pmtiles"


@get(
    "/map/base.pmtiles",
    opt=rule(Right.TERRITORY_READ),
    sync_to_thread=True,
    include_in_schema=False,
)
def base(request: Asked) -> Answer:
    """Return the base map, or the piece of it that a Range header asks for."""
    house = house_of(request)
    file = Path(house.remember("tiles", lambda: house.on_desk("tiles")))
    size = file.stat().st_size
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.stem}"',
        "Cache-Control": "private, no-cache",
    }
    asked = header(request.scope, "range")
    if asked is None or header(request.scope, "if-range") not in {None, headers["ETag"]}:
        return Response(file.read_bytes(), media_type=PMTILES, headers=headers)
    piece = piece_of(asked, size)
    if piece is None:
        headers["Content-Range"] = f"bytes */{size}"
        return Response(b"", status_code=416, media_type=PMTILES, headers=headers)
    first, last = piece
    with file.open("rb") as opened:
        opened.seek(first)
        body = opened.read(last - first + 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(body, status_code=206, media_type=PMTILES, headers=headers)


def piece_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a Range header, None where it cannot be met."""
    found = RANGE.fullmatch(asked.strip())
    if found is None:
        return None
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1, first + LARGEST_PIECE - 1)
    return (first, last) if first <= last else None


POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The map carries its own style sheet, and nothing else."""


@get("/api/map/desa.geojson", opt=rule(Right.TERRITORY_READ), sync_to_thread=True)
def desa(request: Asked, shapes: FromQuery[bool] = False) -> Answer:  # noqa: FBT002  (a query)
    """Return desa as polygons: boundaries where imported, with `shapes` made from points too."""
    house, viewer = house_of(request), viewer_for(request)

    def make() -> dict[str, Any]:
        rows = viewer.rows(read_desa(house.workspace, assessment_for(house, viewer)))
        classes = viewer.may(Right.CLASS_READ)
        return desa_geojson(house.workspace, rows, made_up=shapes, classes=classes)

    return answer(request, house, viewer, make)


@get("/api/map.svg", opt=rule(Right.TERRITORY_READ), sync_to_thread=True, include_in_schema=False)
def svg(request: Asked, kecamatan: FromQuery[str | None] = None) -> Answer:
    """Return the static map, of the whole regency or of one kecamatan."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)
    wanted = _own_kecamatan(viewer, kecamatan)
    classes = viewer.may(Right.CLASS_READ)

    def make() -> bytes:
        text: str = house.on_desk("map_svg", lang=lang, kecamatan=wanted, classes=classes)
        return text.encode()

    shown = told(request, house, viewer, "image/svg+xml", make)
    shown.headers["Content-Security-Policy"] = POLICY
    return shown


def _own_kecamatan(viewer: Viewer, kecamatan: str | None) -> str | None:
    """Return the kecamatan to draw; who has areas gets the first of them when none is named."""
    if kecamatan is None:
        return viewer.areas[0] if viewer.areas else None
    if len(kecamatan) > 10:  # noqa: PLR2004  (no code is longer)
        raise DomainError(
            "unknown_kecamatan",
            Text("kecamatan itu tidak dikenal", "that kecamatan is not known"),
            Text("Pakai kode 6 angka.", "Use a 6-digit code."),
        )
    viewer.require_area(kecamatan)
    return kecamatan


ROUTES = (base, desa, svg)
