"""The base map as PMTiles: borders and names of areas, for a map that asks nobody else for tiles.

One archive of vector tiles with the layers `kabupaten`, `kecamatan`, `desa` (polygons), `label`
(points) and, where there is a network, `roads` (lines). GDAL writes an archive for each layer; a
vector tile is a list of layers, so the bytes of the same tile are set one after the other. Same
inputs, same bytes.
"""

from __future__ import annotations

import gzip
import io
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio.raw
import shapely
from pmtiles import reader, writer
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from shapely.geometry.base import BaseGeometry

from sispamkota.reports.road_tiles import RoadZooms, road_zooms
from sispamkota.reports.shapes import DesaShapes, desa_shapes
from sispamkota.roads.network import Network

VERSION = 2
"""Raised with every change of what is written, so that cached archives are made anew."""
MIN_ZOOM, MAX_ZOOM = 5, 13
LEVELS = {"kabupaten": 4, "kecamatan": 6, "desa": 10}
"""Layer → digits of the codes of its areas."""
SLIVER = 0.00005  # degrees, about five metres: gaps between neighbours closed in a union
E7 = 10_000_000
READER: Any = reader
WRITER: Any = writer
"""The package has no types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One area or label of a layer."""

    code: str
    level: str
    name: str
    approximate: bool
    shape: BaseGeometry


def base_map(
    areas: pl.DataFrame, boundaries: pl.DataFrame, network: Network | None = None
) -> bytes | None:
    """Return the base map, or None where nothing has a place.

    Args:
        areas: AREAS; desa without a boundary are drawn from their point, as the SVG map does, and
            carry `approximate`.
        boundaries: BOUNDARIES.
        network: roads; a stand-in carries `approximate`.
    """
    layers = map_layers(areas, boundaries)
    if not layers["desa"]:
        return None
    tiles: defaultdict[int, list[bytes]] = defaultdict(list)
    described: list[Any] = []
    with tempfile.TemporaryDirectory(prefix="sispamkota-tiles-") as folder:
        for name, features in layers.items():
            file = Path(folder) / f"{name}.pmtiles"
            _write_layer(file, name, features)
            described += _collect(file, tiles)
        for zooms in road_zooms(network, MAX_ZOOM) if network else ():
            file = Path(folder) / f"roads-{zooms.first}.pmtiles"
            _write_roads(file, zooms)
            described += _collect(file, tiles)
    shapes = [f.shape for f in layers["desa"]]
    if network:
        shapes.append(shapely.multipoints(network.shape))
    bounds = shapely.total_bounds(np.array(shapes, dtype=object))
    return _archive(tiles, _one_each(described), tuple(float(v) for v in bounds))


def map_layers(areas: pl.DataFrame, boundaries: pl.DataFrame) -> dict[str, list[Feature]]:
    """Return the features of each layer, in order of codes."""
    land = desa_shapes(areas, boundaries)
    names: dict[str, str] = dict(areas.select("code", "name").iter_rows())
    shapes = {
        "desa": land.desa,
        "kecamatan": _joined(land, boundaries, LEVELS["kecamatan"]),
        "kabupaten": _joined(land, boundaries, LEVELS["kabupaten"]),
    }
    rough = {code[:digits] for code in land.approximate for digits in LEVELS.values()}
    real = set(boundaries["code"])
    layers = {
        level: [
            Feature(
                code=code,
                level=level,
                name=names.get(code, code),
                approximate=code in rough and code not in real,
                shape=shape,
            )
            for code, shape in sorted(shapes[level].items())
        ]
        for level in LEVELS
    }
    layers["label"] = [
        Feature(
            code=f.code,
            level=f.level,
            name=f.name,
            approximate=f.approximate,
            shape=shapely.point_on_surface(f.shape),
        )
        for level in ("kecamatan", "desa")
        for f in layers[level]
    ]
    return layers


def _joined(land: DesaShapes, boundaries: pl.DataFrame, digits: int) -> dict[str, BaseGeometry]:
    """Return the areas above the desa: their own boundary, else what their desa cover."""
    groups: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for code, shape in land.desa.items():
        groups[code[:digits]].append(shape)
    own = dict(
        boundaries.filter(pl.col("code").is_in(list(groups))).select("code", "wkb").iter_rows()
    )
    return {
        code: shapely.make_valid(shapely.from_wkb(own[code])) if code in own else _union(parts)
        for code, parts in sorted(groups.items())
    }


def _union(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    wide = shapely.buffer(np.array(parts, dtype=object), SLIVER, quad_segs=1)
    joined = shapely.buffer(shapely.union_all(wide), -SLIVER, quad_segs=1)
    return shapely.simplify(joined, 2 * SLIVER)


def _write_layer(file: Path, name: str, features: Sequence[Feature]) -> None:
    columns = [
        np.array([f.code for f in features], dtype=object),
        np.array([f.level for f in features], dtype=object),
        np.array([f.name for f in features], dtype=object),
        np.array([f.approximate for f in features], dtype=bool),
    ]
    pyogrio.raw.write(
        file,
        shapely.to_wkb(np.array([f.shape for f in features], dtype=object)),
        columns,
        ["code", "level", "name", "approximate"],
        layer=name,
        driver="PMTiles",
        crs="EPSG:4326",
        geometry_type="Point" if name == "label" else "Unknown",
        dataset_options={"MINZOOM": str(MIN_ZOOM), "MAXZOOM": str(MAX_ZOOM)},
    )


def _write_roads(file: Path, zooms: RoadZooms) -> None:
    features = zooms.features
    pyogrio.raw.write(
        file,
        shapely.to_wkb(np.array([f.shape for f in features], dtype=object)),
        [
            np.array([f.road_class for f in features], dtype=object),
            np.array([f.name for f in features], dtype=object),
            np.array([f.approximate for f in features], dtype=bool),
        ],
        ["class", "name", "approximate"],
        layer="roads",
        driver="PMTiles",
        crs="EPSG:4326",
        geometry_type="Unknown",
        dataset_options={"MINZOOM": str(zooms.first), "MAXZOOM": str(zooms.last)},
    )


def _one_each(described: Sequence[Any]) -> list[Any]:
    """Return what each layer holds once: one written for several zooms is told of several times."""
    found: dict[str, Any] = {}
    for layer in described:
        before = found.setdefault(layer["id"], dict(layer))
        before["minzoom"] = min(before["minzoom"], layer["minzoom"])
        before["maxzoom"] = max(before["maxzoom"], layer["maxzoom"])
        before["fields"] = {**before["fields"], **layer["fields"]}
    return list(found.values())


def _collect(file: Path, tiles: defaultdict[int, list[bytes]]) -> list[Any]:
    """Add the tiles of one layer's archive to `tiles`, and return its `vector_layers`."""
    with file.open("rb") as stream:
        source = READER.MmapSource(stream)
        for (zoom, x, y), body in READER.all_tiles(source):
            tiles[zxy_to_tileid(zoom, x, y)].append(gzip.decompress(body))
        return list(READER.Reader(source).metadata()["vector_layers"])


def _archive(
    tiles: Mapping[int, Sequence[bytes]], described: Sequence[Any], bounds: tuple[float, ...]
) -> bytes:
    out = io.BytesIO()
    writer = WRITER.Writer(out)
    for tile in sorted(tiles):
        writer.write_tile(tile, gzip.compress(b"".join(tiles[tile]), mtime=0))
    west, south, east, north = (round(v * E7) for v in bounds)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 9,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    writer.finalize(header, {"name": "sispamkota", "vector_layers": list(described)})
    return out.getvalue()
