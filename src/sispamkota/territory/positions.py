"""Where a TPS without coordinates is drawn and measured: an approximate point inside its desa.

Assumption, stated wherever the points are used: the settled part of a desa is taken as the disc
round its middle with half the radius that a disc of the desa's whole area would have. The TPS of
the desa lie on a sunflower spiral in that disc (Vogel 1979), which spreads any number evenly and
never repeats a point. Where a boundary is known, points that fall outside it are replaced.
Same territory, same points: no randomness.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from sispamkota.territory.model import Territory

SETTLED_SHARE_OF_RADIUS: Final = 0.5
KM_PER_DEGREE: Final = 111.32
# Used only where not even the area of the desa is known: a small desa of the Sumatran plain.
ASSUMED_AREA_KM2: Final = 5.0
_GOLDEN_ANGLE: Final = np.pi * (3.0 - np.sqrt(5.0))
_CANDIDATES: Final = 16
_INSIDE_CIRCLE: Final = 0.9


def place_tps(territory: Territory) -> pl.DataFrame:
    """Give every TPS a position; those without a surveyed one get `approximate` ones.

    Args:
        territory: TPS with the areas and boundaries of their desa.

    Returns:
        The TPS table by code; lon/lat stay null only where nothing is known of the desa or its
        kecamatan but a name.
    """
    tps = territory.tps.sort("code")
    if tps.is_empty() or not tps["lon"].has_nulls():
        return tps
    shapes = _shapes(territory, tps["desa"].unique())
    placed = _discs(tps, _centres(territory, shapes))
    placed = _inside(placed, shapes)
    missing = pl.col("lon").is_null()
    return placed.with_columns(
        lon=pl.coalesce("lon", "x"),
        lat=pl.coalesce("lat", "y"),
        position=pl.when(missing & pl.col("x").is_not_null())
        .then(pl.lit("approximate"))
        .otherwise("position"),
    ).select(tps.columns)


def spread_inside(shape: Any, count: int) -> np.ndarray:
    """Return `count` different points (longitude, latitude) inside one polygon.

    Args:
        shape: Polygon or MultiPolygon in degrees, of positive area.
        count: how many points.

    Returns:
        Array of `count` rows of longitude and latitude.
    """
    lon, lat, radius = _middle(shape)
    x, y = _sunflower(np.arange(count * _CANDIDATES), count * _CANDIDATES, lon, lat, radius)
    inside = np.flatnonzero(shapely.contains_xy(shape, x, y))
    if len(inside) < count:
        # A thin or hollow desa: fall back on the disc that surely fits round an inner point.
        point = shapely.point_on_surface(shape)
        lon, lat = point.x, point.y
        radius_deg = point.distance(shapely.boundary(shape)) * _INSIDE_CIRCLE
        angle, share = _spiral(np.arange(count), count)
        return np.column_stack(
            [lon + radius_deg * share * np.cos(angle), lat + radius_deg * share * np.sin(angle)]
        )
    # Evenly through the candidates, so that the points fill the whole of what is inside.
    chosen = inside[(np.arange(count) * len(inside)) // count]
    return np.column_stack([x[chosen], y[chosen]])


def _shapes(territory: Territory, desa: pl.Series) -> dict[str, Any]:
    wanted = territory.boundaries.filter(pl.col("code").is_in(desa.implode())).sort("code")
    shapes = shapely.from_wkb(wanted["wkb"].to_list())
    return {c: s for c, s in zip(wanted["code"], shapes, strict=True) if s.area > 0}


def _middle(shape: Any) -> tuple[float, float, float]:
    """Return a middle inside the polygon and the radius in km of its settled part."""
    centre = shape.centroid
    if not shape.contains(centre):
        centre = shapely.point_on_surface(shape)
    km2 = shape.area * KM_PER_DEGREE**2 * np.cos(np.radians(centre.y))
    return centre.x, centre.y, float(np.sqrt(km2 / np.pi)) * SETTLED_SHARE_OF_RADIUS


def _centres(territory: Territory, shapes: dict[str, Any]) -> pl.DataFrame:
    """Return code → middle and radius: from the boundary, else from the area's own point."""
    points = territory.areas.filter(pl.col("lon").is_not_null()).select(
        "code", "lon", "lat", radius=_radius_of(pl.col("area_km2"))
    )
    middles = [(code, *_middle(shape)) for code, shape in sorted(shapes.items())]
    surer = pl.DataFrame(middles, schema=points.schema, orient="row")
    return pl.concat([surer, points]).unique("code", keep="first", maintain_order=True)


def _radius_of(area_km2: pl.Expr) -> pl.Expr:
    area = pl.when(area_km2 > 0).then(area_km2).otherwise(ASSUMED_AREA_KM2)
    return (area / np.pi).sqrt() * SETTLED_SHARE_OF_RADIUS


def _discs(tps: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """Add x, y: every TPS on the spiral of its desa, in order of TPS number."""
    own = centres.rename({"lon": "cx", "lat": "cy"})
    wider = own.rename({"cx": "kx", "cy": "ky", "radius": "kr"})
    joined = tps.join(own, left_on="desa", right_on="code", how="left", maintain_order="left")
    joined = joined.join(
        wider, left_on="kecamatan", right_on="code", how="left", maintain_order="left"
    )
    # A desa known only by its kecamatan: the TPS of all such desa share the kecamatan's disc.
    group = pl.when(pl.col("cx").is_not_null()).then("desa").otherwise("kecamatan")
    joined = joined.with_columns(group=group).with_columns(
        cx=pl.coalesce("cx", "kx"),
        cy=pl.coalesce("cy", "ky"),
        radius=pl.coalesce("radius", "kr"),
        rank=pl.col("code").cum_count().over("group") - 1,
        count=pl.len().over("group"),
    )
    x, y = _sunflower(
        joined["rank"].to_numpy(), joined["count"].to_numpy(),
        joined["cx"].to_numpy(), joined["cy"].to_numpy(), joined["radius"].to_numpy(),
    )  # fmt: skip
    return joined.with_columns(x=pl.Series(x).fill_nan(None), y=pl.Series(y).fill_nan(None))


def _inside(placed: pl.DataFrame, shapes: dict[str, Any]) -> pl.DataFrame:
    """Replace the points of every desa that has one outside its boundary."""
    if not shapes:
        return placed
    numbers = placed.with_row_index("i").filter(pl.col("desa").is_in(list(shapes)))
    x, y = placed["x"].to_numpy().copy(), placed["y"].to_numpy().copy()
    rows = numbers["i"].to_numpy()
    owners = np.array([shapes[d] for d in numbers["desa"]], dtype=object)
    outside = ~shapely.contains_xy(owners, x[rows], y[rows])
    for desa in numbers.filter(pl.Series(outside))["desa"].unique().sort():
        own = numbers.filter(pl.col("desa") == desa)["i"].to_numpy()
        points = spread_inside(shapes[desa], len(own))
        x[own], y[own] = points[:, 0], points[:, 1]
    return placed.with_columns(x=pl.Series(x).fill_nan(None), y=pl.Series(y).fill_nan(None))


def _spiral(index: Any, count: Any) -> tuple[Any, Any]:
    """Return angle and share of the radius of each point of a sunflower of `count` points."""
    return index * _GOLDEN_ANGLE, np.sqrt((index + 0.5) / count)


def _sunflower(index: Any, count: Any, lon: Any, lat: Any, radius_km: Any) -> tuple[Any, Any]:
    angle, share = _spiral(index, count)
    north = radius_km / KM_PER_DEGREE
    east = north / np.cos(np.radians(lat))
    return lon + east * share * np.cos(angle), lat + north * share * np.sin(angle)
