"""CONTOH positions for the TPS of a province: none are published.

Each desa gets a point drawn evenly inside the polygon of its kecamatan, each TPS one drawn round
its desa's point as far as a desa of that kecamatan reaches. Where a polygon is missing, a disc of
the median area stands in, on a grid by code. Same seed, same places.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import polars as pl
import shapely

KM_PER_DEGREE = 111.2  # on the meridian; good enough near the equator for made-up places
AREA_KM2 = 80.0  # of a kecamatan, where no polygon of the province is known
POLYGONS = "boundaries/sumsel_kecamatan.geojson"
GRID = 15  # discs in a row


def place_province(tps: pl.DataFrame, data: Path, seed: int) -> tuple[pl.DataFrame, int]:
    """Give each TPS lon and lat.

    Args:
        tps: code, desa, kecamatan and what else is to be kept.
        data: the data folder.
        seed: of the draws.

    Returns:
        the TPS with places, by code, and how many kecamatan had no polygon.
    """
    rng = np.random.default_rng(seed)
    known = _polygons(data / POLYGONS)
    wanted = sorted(tps["kecamatan"].unique())
    missing = [k for k in wanted if k not in known]
    areas = [known[k].area * KM_PER_DEGREE**2 for k in wanted if k in known]
    radius = math.sqrt((float(np.median(areas)) if areas else AREA_KM2) / math.pi) / KM_PER_DEGREE
    for at, kecamatan in enumerate(missing):
        centre = shapely.Point(3 * radius * (at % GRID), 3 * radius * (at // GRID))
        known[kecamatan] = centre.buffer(radius)
    parts = [
        _placed(rows.sort("code"), known[str(kecamatan)], rng)
        for (kecamatan,), rows in tps.sort("code").group_by("kecamatan", maintain_order=True)
    ]
    return pl.concat(parts).sort("code"), len(missing)


def _polygons(file: Path) -> dict[str, shapely.Geometry]:
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return {
        f["properties"]["kode"].replace(".", ""): shapely.make_valid(
            shapely.geometry.shape(f["geometry"])
        )
        for f in features
    }


def _placed(rows: pl.DataFrame, shape: shapely.Geometry, rng: np.random.Generator) -> pl.DataFrame:
    desa = rows["desa"].unique(maintain_order=True)
    points = _inside(shape, len(desa), rng)
    reach = math.sqrt(shape.area / len(desa) / math.pi)
    at = rows["desa"].replace_strict(desa, pl.Series(range(len(desa)))).to_numpy()
    distance = reach * np.sqrt(rng.random(rows.height))
    angle = 2 * math.pi * rng.random(rows.height)
    return rows.with_columns(
        lon=pl.Series(points[at, 0] + distance * np.cos(angle)),
        lat=pl.Series(points[at, 1] + distance * np.sin(angle)),
    )


def _inside(
    shape: shapely.Geometry, count: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Draw points evenly inside a shape: throw them at its box until enough have hit."""
    west, south, east, north = shape.bounds
    shapely.prepare(shape)
    hits = np.empty((0, 2))
    while len(hits) < count:
        thrown = rng.uniform((west, south), (east, north), (4 * count, 2))
        hits = np.concatenate(
            [hits, thrown[shapely.contains_xy(shape, thrown[:, 0], thrown[:, 1])]]
        )
    return np.asarray(hits[:count])
