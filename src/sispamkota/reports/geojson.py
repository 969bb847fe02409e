"""GeoJSON (RFC 7946): TPS points with class, reasons and team, and desa polygons with counts."""

from __future__ import annotations

import json
from typing import Any, Literal

import polars as pl
import shapely

from sispamkota.kernel.text import Lang
from sispamkota.reports.situation import CLASSES, Situation
from sispamkota.reports.tables import tps_table

Layer = Literal["tps", "desa"]
LAYERS: tuple[Layer, ...] = ("tps", "desa")
DECIMALS = 5  # about one metre
SIMPLIFY_DEGREES = 0.0001  # about ten metres


def geojson_text(situation: Situation, lang: Lang, layer: Layer = "tps") -> str:
    """Return one layer as a FeatureCollection; keys are English, reasons in `lang`.

    The collection carries `sample` (and `label` where it is true), `operation` and `layer`. A TPS
    or desa without a place has a null geometry rather than being left out.
    """
    features = _tps_features(situation, lang) if layer == "tps" else _desa_features(situation)
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "name": layer,
        "operation": situation.name,
        "sample": situation.sample,
    }
    label = situation.sample_label()
    if label:
        body["label"] = label.in_(lang)
    body["features"] = features
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


_TPS_KEYS = (
    *("tps", "number", "desa", "desa_name", "kecamatan_name", "class", "computed_class"),
    *("khusus", "score", "low", "high", "certainty", "reasons", "position", "beat", "team"),
)


def _tps_features(situation: Situation, lang: Lang) -> list[dict[str, Any]]:
    frame = tps_table(situation, lang).frame
    return [
        {
            "type": "Feature",
            "id": row["tps"],
            "geometry": _point(row["lon"], row["lat"]),
            "properties": {
                **{key: row[key] for key in _TPS_KEYS},
                "position_approximate": row["position"] != "surveyed",
                "sample": situation.sample,
            },
        }
        for row in frame.iter_rows(named=True)
    ]


def _point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    if lon is None or lat is None:
        return None
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def _desa_features(situation: Situation) -> list[dict[str, Any]]:
    shapes = _desa_shapes(situation)
    counts = _desa_counts(situation)
    desa = situation.areas.filter(pl.col("level") == "desa_kelurahan").sort("code")
    rows = desa.select("code", "name", "parent", "lon", "lat").iter_rows()
    return [
        {
            "type": "Feature",
            "id": code,
            "geometry": shapes.get(code) or _point(lon, lat),
            "properties": {
                "desa": code,
                "name": name,
                "kecamatan": parent,
                **counts.get(code, {}),
                "boundary": code in shapes,
                "sample": situation.sample,
            },
        }
        for code, name, parent, lon, lat in rows
    ]


def _desa_shapes(situation: Situation) -> dict[str, dict[str, Any]]:
    frame = situation.boundaries.filter(pl.col("code").str.len_chars() == 10)  # noqa: PLR2004
    shapes = shapely.simplify(shapely.from_wkb(frame["wkb"].to_numpy()), SIMPLIFY_DEGREES)
    # Counter-clockwise outer rings, as RFC 7946 wants them; rounding after, so orientation stays.
    texts = shapely.to_geojson(shapely.orient_polygons(shapes))
    rounded = (json.loads(text, parse_float=lambda v: round(float(v), DECIMALS)) for text in texts)
    return dict(zip(frame["code"], rounded, strict=True))


def _desa_counts(situation: Situation) -> dict[str, dict[str, Any]]:
    if not situation.scores.height:
        return {}
    per_class = ((pl.col("class") == name).sum().alias(name) for name in CLASSES)
    frame = situation.scores.group_by("desa").agg(
        pl.len().alias("tps"), *per_class, pl.col("khusus").sum()
    )
    worst = pl.coalesce(
        *(pl.when(pl.col(name) > 0).then(pl.lit(name)) for name in reversed(CLASSES))
    )
    frame = frame.with_columns(worst.alias("most_severe_class"))
    return {row.pop("desa"): row for row in frame.iter_rows(named=True)}
