"""Desa as polygons for a map on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from sispamkota.actions.territory import load_known
from sispamkota.reports.shapes import desa_shapes
from sispamkota.storage.workspace import Workspace

DECIMALS = 5
"""Of a degree: about one metre."""
SIMPLIFY_DEGREES = 0.00005


def desa_geojson(
    workspace: Workspace, rows: Sequence[Mapping[str, Any]], *, made_up: bool, classes: bool
) -> dict[str, Any]:
    """Return the desa of `rows` (see `places.desa`) as a FeatureCollection.

    Args:
        workspace: an open workspace.
        rows: the desa to draw.
        made_up: draw desa without a boundary from their point and area too, as the maps do.
        classes: give each desa the class of its most vulnerable TPS.
    """
    known = load_known(workspace.store)
    land = desa_shapes(known.areas, known.boundaries)
    features = []
    for row in rows:
        shape, rough = land.desa.get(row["code"]), row["code"] in land.approximate
        if shape is None or (rough and not made_up):
            continue
        properties = {name: row[name] for name in ("code", "name", "kecamatan")}
        if classes:
            properties["top_class"] = row["top_class"]
        features.append(
            {
                "type": "Feature",
                "id": row["code"],
                "properties": {**properties, "approximate": rough},
                "geometry": _geometry(shape),
            }
        )
    rough_any = any(f["properties"]["approximate"] for f in features)
    return {"type": "FeatureCollection", "approximate": rough_any, "features": features}


def _geometry(shape: Any) -> dict[str, Any]:
    plain = shapely.set_precision(shapely.simplify(shape, SIMPLIFY_DEGREES), 10**-DECIMALS)
    found: dict[str, Any] = shapely.geometry.mapping(plain if not plain.is_empty else shape)
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_rounded(part) for part in value]
