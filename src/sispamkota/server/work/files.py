"""Tasks of files: look at an upload, import it, draw maps, write workbook, tables and documents.

What a stranger's file may do to memory it does to a worker, not to the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sispamkota.actions import report
from sispamkota.actions.export import gather
from sispamkota.actions.imports import Request
from sispamkota.actions.roads_preview import accept_any, preview_any
from sispamkota.actions.tiles import base_map, svg_map
from sispamkota.kernel.text import Lang
from sispamkota.reports.documents.formal import Kind
from sispamkota.reports.geojson import geojson_text
from sispamkota.reports.tables import TABLES, csv_text
from sispamkota.reports.workbook import workbook_bytes
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]


def preview(
    workspace: Workspace, progress: Progress, *, asked: Request, lang: Lang
) -> tuple[dict[str, Any], Request, str]:
    """Return what an import would do, the request as settled, and the digest of the bytes."""
    found = preview_any(workspace, asked, progress)
    return found.as_json(lang), found.request, found.sha256


def accept(
    workspace: Workspace,
    progress: Progress,
    *,
    asked: Request,
    sha256: str,
    now: dt.datetime,
    lang: Lang,
) -> dict[str, Any]:
    """Import what was previewed."""
    return accept_any(workspace, asked, sha256, now, progress).as_json(lang)


def tiles(workspace: Workspace, progress: Progress) -> str:
    """Return the file of the base map, made where the areas have changed."""
    del progress
    return str(base_map(workspace))


def map_svg(
    workspace: Workspace, progress: Progress, *, lang: Lang, kecamatan: str | None, classes: bool
) -> str:
    """Return the static map."""
    del progress
    return svg_map(workspace, lang, kecamatan=kecamatan, classes=classes)


def workbook(
    workspace: Workspace, progress: Progress, *, plan: str | None, lang: Lang, now: dt.datetime
) -> bytes:
    """Return the workbook."""
    del progress
    return workbook_bytes(gather(workspace, plan, now), lang)


def table(
    workspace: Workspace,
    progress: Progress,
    *,
    name: str,
    plan: str | None,
    lang: Lang,
    now: dt.datetime,
) -> bytes:
    """Return one table as CSV."""
    del progress
    return csv_text(TABLES[name](gather(workspace, plan, now), lang)).encode()


def tps_geojson(
    workspace: Workspace, progress: Progress, *, plan: str | None, lang: Lang, now: dt.datetime
) -> bytes:
    """Return the TPS as GeoJSON."""
    del progress
    return geojson_text(gather(workspace, plan, now), lang, "tps").encode()


def document(
    workspace: Workspace,
    progress: Progress,
    *,
    kind: Kind,
    plan: str | None,
    kecamatan: str | None,
    officers: bool,
    lang: Lang,
    now: dt.datetime,
) -> tuple[str, bytes]:
    """Return file name and bytes of a PDF."""
    del progress
    made = report.document(
        workspace, kind, plan=plan, kecamatan=kecamatan, officers=officers, lang=lang, now=now
    )
    return made.name, made.body
