"""Shapes of the map: desa and kecamatan as plane polygons, real or approximate.

Without imported boundaries the land is what discs of each desa's area cover, gaps closed, and a
desa is the part of it nearest to its own point; the reports then say "wilayah perkiraan".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from sispamkota.reports.situation import Situation

WIDTH = 1000.0  # map units across; one unit is about 80 m for a regency of 80 km
MARGIN = 14.0
TALLEST = 1.1  # height over width of a tall regency's map, so that it fits a laptop screen
SIMPLIFY = 0.4  # map units: below what a screen shows
KM_PER_DEGREE = 111.32


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Longitude and latitude → map units; y grows downwards as in SVG. Equirectangular, local."""

    west: float
    north: float
    per_lon: float
    per_lat: float

    def points(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Project an N x 2 array of longitude and latitude in degrees."""
        x = MARGIN + (lonlat[:, 0] - self.west) * self.per_lon
        y = MARGIN + (self.north - lonlat[:, 1]) * self.per_lat
        return np.column_stack([x, y])

    @property
    def units_per_km(self) -> float:
        """Map units in one kilometre."""
        return self.per_lat / KM_PER_DEGREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Projected shapes of one map.

    Attributes:
        desa, kecamatan: polygon of each code, in map units.
        approximate: True when any desa was drawn from its point.
        height: map units from top to bottom (WIDTH across).
    """

    projection: Projection
    desa: dict[str, BaseGeometry]
    kecamatan: dict[str, BaseGeometry]
    approximate: bool
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DesaShapes:
    """Shapes of desa in degrees (longitude, latitude).

    Attributes:
        desa: polygon of each code, in order of codes.
        approximate: codes that were drawn from their point, for they have no boundary.
    """

    desa: dict[str, BaseGeometry]
    approximate: frozenset[str]


def make_shapes(situation: Situation) -> Shapes | None:
    """Return the shapes of a situation, or None where nothing has a place."""
    land = desa_shapes(situation.areas, situation.boundaries)
    if not land.desa:
        return None
    projection, height = _fit(list(land.desa.values()))
    drawn = {
        code: shapely.simplify(shapely.transform(g, projection.points), SIMPLIFY)
        for code, g in land.desa.items()
    }
    return Shapes(
        projection=projection,
        desa=drawn,
        kecamatan=_dissolve(drawn, situation),
        approximate=bool(land.approximate),
        height=height,
    )


def desa_shapes(areas: pl.DataFrame, boundaries: pl.DataFrame) -> DesaShapes:
    """Return the shape of every desa that has a boundary or a point; the maps all draw these."""
    desa = areas.filter((pl.col("level") == "desa_kelurahan") & pl.col("lon").is_not_null()).sort(
        "code"
    )
    real = _boundaries(boundaries, set(areas["code"]))
    rough = desa.filter(~pl.col("code").is_in(list(real)))
    shapes = {c: g for c, g in {**real, **_discs(desa, rough)}.items() if not g.is_empty}
    return DesaShapes(
        desa=dict(sorted(shapes.items())), approximate=frozenset(rough["code"]) & shapes.keys()
    )


def _boundaries(boundaries: pl.DataFrame, known: set[str]) -> dict[str, BaseGeometry]:
    frame = boundaries.filter(pl.col("code").str.len_chars() == 10)  # noqa: PLR2004
    shapes = shapely.make_valid(shapely.from_wkb(frame["wkb"].to_numpy()))
    pairs = zip(frame["code"], shapes, strict=True)
    return {code: g for code, g in pairs if code in known}


def _discs(desa: pl.DataFrame, rough: pl.DataFrame) -> dict[str, BaseGeometry]:
    """Return approximate areas (degrees) of `rough`, kept apart from all points of `desa`."""
    if not rough.height:
        return {}
    squeeze = math.cos(math.radians(float(np.mean(desa["lat"].to_numpy()))))
    at = desa.select(pl.col("lon") * squeeze, "lat").to_numpy()
    cells = _cells(at)
    median = desa["area_km2"].median()
    usual = float(median) if isinstance(median, int | float) else 10.0
    area = desa["area_km2"].fill_null(usual).to_numpy()
    # A tenth more than the radius of the area, so that neighbours meet rather than leave gaps.
    radius = 1.1 * np.sqrt(area / math.pi) / KM_PER_DEGREE
    discs = shapely.buffer(shapely.points(at), radius, quad_segs=6)
    # Desa touch one another: close the gaps between discs, then share the whole among the cells.
    reach = 2 * float(np.median(radius))
    land = shapely.buffer(shapely.buffer(shapely.union_all(discs), reach), -reach)
    parts = shapely.intersection(cells, land)
    back = shapely.transform(parts, lambda xy: xy / np.array([squeeze, 1.0]))
    wanted = set(rough["code"])
    return {c: g for c, g in zip(desa["code"], back, strict=True) if c in wanted}


def _cells(at: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return the Voronoi cell of each point; points in one place share a wide cell."""
    frame = shapely.box(*(at.min(axis=0) - 1), *(at.max(axis=0) + 1))
    whole = np.array([frame] * len(at), dtype=object)
    if len(np.unique(at, axis=0)) < 2:  # noqa: PLR2004  (one point has no neighbour)
        return whole
    found = shapely.voronoi_polygons(shapely.multipoints(at), extend_to=frame)
    cells = np.array(shapely.get_parts(found), dtype=object)
    tree = shapely.STRtree(cells)
    points, owners = tree.query(shapely.points(at), predicate="intersects")
    whole[points] = cells[owners]
    return whole


def _fit(shapes: list[BaseGeometry]) -> tuple[Projection, float]:
    bounds = shapely.bounds(np.array(shapes, dtype=object))
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide = max((east - west) * squeeze, 1e-6)
    per_lat = (WIDTH - 2 * MARGIN) / max(wide, (north - south) / TALLEST)
    projection = Projection(
        west=float(west - ((WIDTH - 2 * MARGIN) / per_lat - wide) / 2 / squeeze),
        north=float(north),
        per_lon=float(per_lat * squeeze),
        per_lat=float(per_lat),
    )
    return projection, float(2 * MARGIN + (north - south) * per_lat)


def _dissolve(desa: dict[str, BaseGeometry], situation: Situation) -> dict[str, BaseGeometry]:
    """Join the desa of each kecamatan, closing the slivers that simplification leaves."""
    parent = dict(situation.areas.select("code", "parent").iter_rows())
    groups: dict[str, list[BaseGeometry]] = {}
    for code, shape in desa.items():
        groups.setdefault(parent.get(code) or code[:6], []).append(shape)
    return {
        code: shapely.simplify(
            shapely.buffer(
                shapely.union_all(shapely.buffer(np.array(parts, dtype=object), 0.6)), -0.6
            ),
            SIMPLIFY,
        )
        for code, parts in groups.items()
    }


def path_data(shape: BaseGeometry) -> str:
    """Write polygons as SVG path data with one decimal; points and lines are left out."""
    written: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            steps = np.round(shapely.get_coordinates(ring)[:-1], 1)
            written.append("M" + "L".join(f"{x:g} {y:g}" for x, y in steps) + "z")
    return "".join(written)
