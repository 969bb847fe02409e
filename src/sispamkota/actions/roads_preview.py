"""A dry run of any import, roads among them: what a browser shows before it keeps a file."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sispamkota.actions.imports import KINDS, ImportReport, Request
from sispamkota.actions.imports.preview import (
    KindFit,
    Preview,
    accept_import,
    check_bytes,
    preview_import,
    refused,
)
from sispamkota.actions.imports.readers import SNIFFED_BYTES
from sispamkota.actions.imports.understand import digest, standing_import
from sispamkota.actions.road_words import counted
from sispamkota.actions.roads_import import (
    KIND,
    MEANING,
    RoadReport,
    import_roads,
    is_road_file,
    read_road_file,
)
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]
LANGUAGES: tuple[Lang, ...] = ("id", "en")
UPLOADED_MB = 2000
"""What is too large to send is refused before it comes here."""


def preview_any(workspace: Workspace, request: Request, progress: Progress) -> Preview:
    """Show what an import would do; see `preview_import`."""
    if request.kind == KIND or (not request.kind and looks_like_roads(request.path)):
        return _preview_roads(workspace, request, progress)
    found = preview_import(workspace, request)
    return replace(found, kinds=(*found.kinds, KindFit(kind=KIND, meaning=MEANING, fit=0.0)))


def accept_any(
    workspace: Workspace, request: Request, sha256: str, now: dt.datetime, progress: Progress
) -> ImportReport | RoadReport:
    """Import what was previewed: the same bytes, with the request of the preview."""
    if request.kind != KIND:
        return accept_import(workspace, request, sha256, now)
    check_bytes(request, sha256)
    return import_roads(workspace, request, now, progress)


def looks_like_roads(path: Path) -> bool:
    """Say whether a file is one of roads: by its name, a GeoJSON by its first shapes."""
    if is_road_file(path):
        return True
    if not path.name.lower().endswith((".geojson", ".geojson.gz", ".json")):
        return False
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            head = stream.read(SNIFFED_BYTES)
    except (OSError, EOFError):
        return False
    return b"LineString" in head and b"Polygon" not in head


def _preview_roads(workspace: Workspace, request: Request, progress: Progress) -> Preview:
    settled = replace(request, kind=KIND, limit_mb=UPLOADED_MB)
    sha256 = digest(request.path)
    none = [KindFit(kind=k.name, meaning=k.meaning, fit=0.0) for k in KINDS.values()]
    shown = Preview(
        request=settled,
        sha256=sha256,
        kinds=(*none, KindFit(kind=KIND, meaning=MEANING, fit=1.0)),
        rows={},
        already_imported=standing_import(workspace, sha256),
    )
    try:
        read = read_road_file(workspace, settled, progress)
    except DomainError as error:
        return refused(shown, error)
    facts = read.facts()
    told = {lang: _counted(facts["report"], lang) for lang in LANGUAGES}
    return replace(
        shown,
        rows={KIND: 1},
        notes=read.notes,
        warnings=read.warnings,
        roads={**facts, "counted": told},
    )


def _counted(report: Mapping[str, Any], lang: Lang) -> list[dict[str, Any]]:
    return [{"what": what, "count": count} for what, count in counted(report, lang)]
