"""Maps for a screen: the base map as tiles, and the static SVG map where there is no WebGL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from sispamkota.actions.export import write_whole
from sispamkota.actions.roads_network import RoadBase, road_base
from sispamkota.actions.territory import load_known, load_territory
from sispamkota.actions.vulnerability import Assessment, assess
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.mapsvg import map_svg
from sispamkota.reports.situation import Situation
from sispamkota.reports.tiles import VERSION
from sispamkota.reports.tiles import base_map as draw_base_map
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory

_DRAWN = ("code", "level", "name", "parent", "lon", "lat", "area_km2")


def base_map(workspace: Workspace) -> Path:
    """Return the PMTiles file of the workspace's areas and roads, made when they changed.

    The name holds a digest of what is drawn, so a file never changes; those of before are removed.
    Ask again only when `Store.revision` changes: the digest needs every boundary.

    Raises:
        DomainError: `no_places` where no desa has a boundary or a point, or `cannot_write`.
    """
    known = load_known(workspace.store)
    roads = _roads(workspace)
    file = workspace.site / f"base-{_digest(known, roads)}.pmtiles"
    if file.exists():
        return file
    body = draw_base_map(known.areas, known.boundaries, roads.network if roads else None)
    if body is None:
        raise no_places()
    workspace.site.mkdir(parents=True, exist_ok=True)
    write_whole(file, body)
    for old in workspace.site.glob("base-*.pmtiles"):
        if old != file:
            old.unlink(missing_ok=True)
    return file


def no_places() -> DomainError:
    """Nothing can be drawn: no desa has a boundary or a point."""
    return DomainError(
        "no_places",
        Text("belum ada desa dengan batas atau titik", "no desa has a boundary or a point yet"),
        Text(
            "Impor batas wilayah (GeoJSON), atau wilayah dengan kolom bujur dan lintang.",
            "Import boundaries (GeoJSON), or areas with columns of longitude and latitude.",
        ),
    )


def _roads(workspace: Workspace) -> RoadBase | None:
    """Return the roads to draw; None where there is not even a stand-in."""
    try:
        return road_base(workspace)
    except DomainError as error:
        if error.code in {"no_road_network", "too_few_points"}:
            return None
        raise


def _digest(known: Territory, roads: RoadBase | None) -> str:
    hashed = hashlib.sha256(f"{VERSION}\n{roads.sha256 if roads else ''}\n".encode())
    hashed.update(known.areas.select(*_DRAWN).sort("code").write_csv().encode())
    for code, wkb in known.boundaries.sort("code").select("code", pl.col("wkb")).iter_rows():
        hashed.update(code.encode() + wkb)
    return hashed.hexdigest()[:16]


def svg_map(
    workspace: Workspace,
    lang: Lang,
    *,
    kecamatan: str | None = None,
    classes: bool = True,
    assessment: Assessment | None = None,
) -> str:
    """Return the static map as SVG text, for where there is no WebGL.

    Args:
        workspace: an open workspace.
        lang: language of names and legend.
        kecamatan: code of the only kecamatan to show.
        classes: False for a reader who may not see classes: the file then holds none.
        assessment: the scores, where they are at hand already.

    Raises:
        DomainError: `no_places`, or `unknown_kecamatan`.
    """
    territory = load_territory(workspace)
    if classes and assessment is None and territory.tps.height:
        assessment = assess(workspace)
    scored = assessment.scored if classes and assessment else None
    operation = workspace.config.operation
    situation = Situation(
        name=operation.name,
        election=operation.election,
        voting_day=operation.voting_day,
        sample=bool(scored and assessment and assessment.sample),
        areas=territory.areas,
        tps=territory.tps,
        posts=territory.posts,
        boundaries=territory.boundaries,
        figures=territory.figures,
        scores=scored.scores if scored else pl.DataFrame(),
        contributions=scored.contributions if scored else pl.DataFrame(),
        reasons=pl.DataFrame(),
        personnel=pl.DataFrame(),
    )
    drawn = map_svg(situation, lang, kecamatan=kecamatan, classes=classes)
    if drawn is not None:
        return drawn
    known = territory.of_level("kecamatan")["code"].to_list()
    raise no_places() if kecamatan is None else _unknown_kecamatan(kecamatan, known)


def _unknown_kecamatan(code: str, known: list[str]) -> DomainError:
    listed = ", ".join(known[:30])
    return DomainError(
        "unknown_kecamatan",
        Text(f"kecamatan '{code}' tidak dikenal", f"kecamatan '{code}' is not known"),
        Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
        {"kecamatan": code},
    )
