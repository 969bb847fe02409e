"""GeoJSON lines become ways; a register whose lines have no common points is joined first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads import load_errors
from sispamkota.roads.load_repair import joined
from sispamkota.roads.load_tags import Road, road_of, words
from sispamkota.roads.load_ways import Ways, on_grid
from sispamkota.roads.network import Floats, Longs
from sispamkota.roads.profiles import Kind

_Feature: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any] | None]
_MOST_NUMBER = 2**63
_LINES = ("LineString", "MultiLineString")
_DEGREES = ("CRS84", "4326", "WGS84", "WGS 84")


def read_geojson_ways(name: str, content: bytes) -> Ways:
    """Read the lines of a GeoJSON file (positions in degrees).

    Raises:
        DomainError: `damaged_roads` when it is no GeoJSON, `bad_position`, `bad_projection`.
    """
    try:
        return _read(name, _features(name, content))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # JSON, but not in the shape of GeoJSON
        raise load_errors.damaged(name, f"{type(error).__name__}: {error}") from error


def _read(name: str, features: list[_Feature]) -> Ways:
    roads: list[Road] = []
    lines: list[Floats] = []
    feature_of: list[int] = []
    dropped: Counter[str] = Counter()
    for number, (properties, geometry) in enumerate(features):
        kind = geometry.get("type") if geometry else None
        if geometry is None or kind not in _LINES:
            dropped[f"geometry {kind}"] += 1
            continue
        parts = geometry["coordinates"] if kind == "MultiLineString" else [geometry["coordinates"]]
        roads.append(road_of(properties))
        for part in parts:
            line = _line(name, part, number)
            if len(line) < 2:  # noqa: PLR2004
                dropped["one_point"] += 1
                continue
            lines.append(line)
            feature_of.append(len(roads) - 1)
    return _ways(roads, lines, feature_of, dropped)


def _features(name: str, content: bytes) -> list[_Feature]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise load_errors.damaged(name, str(error)) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind not in ("FeatureCollection", "Feature", *_LINES):
        raise load_errors.damaged(name, f"GeoJSON FeatureCollection? type={kind!r}")
    stated = (document.get("crs") or {}).get("properties", {}).get("name", "CRS84")
    if not str(stated).endswith(_DEGREES):
        raise _projected(name, str(stated))
    if kind in _LINES:
        return [({}, document)]
    rows = document.get("features", []) if kind == "FeatureCollection" else [document]
    return list(_rows(name, rows))


def _rows(name: str, rows: Any) -> Iterator[_Feature]:
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise load_errors.damaged(name, f"feature {number + 1}", {"feature": number + 1})
        properties, geometry = row.get("properties") or {}, row.get("geometry")
        drawn = isinstance(geometry, dict) and geometry.get("type") in _LINES
        if drawn and not isinstance((geometry or {}).get("coordinates"), list):
            raise load_errors.damaged(name, f"feature {number + 1}", {"feature": number + 1})
        yield properties, geometry


def _line(name: str, part: Any, number: int) -> Floats:
    try:
        line = np.array([(point[0], point[1]) for point in part], np.float64).reshape(-1, 2)
    except (TypeError, ValueError, IndexError) as error:
        where = {"feature": number + 1}
        raise load_errors.damaged(name, f"feature {number + 1}: {error}", where) from error
    wrong = ~((np.abs(line[:, 0]) <= 180) & (np.abs(line[:, 1]) <= 90))  # noqa: PLR2004
    if wrong.any():
        lon, lat = line[int(np.argmax(wrong))]
        raise load_errors.absurd(name, f"feature {number + 1}", float(lon), float(lat))
    return on_grid(line)


def _ways(
    roads: list[Road], lines: list[Floats], feature_of: list[int], dropped: Counter[str]
) -> Ways:
    kinds: dict[Kind, int] = {}
    names: dict[str, int] = {"": 0}
    kept: list[int] = []
    kind_of_road = [road.kind() for road in roads]
    for i, feature in enumerate(feature_of):
        reason = kind_of_road[feature].dropped
        if reason is None:
            kept.append(i)
        else:
            dropped[reason] += 1
    own = [roads[feature_of[i]] for i in kept]
    kind = [kinds.setdefault(kind_of_road[feature_of[i]], len(kinds)) for i in kept]
    name = [names.setdefault(road.name, len(names)) for road in own]
    ids, numbered = _numbers([feature_of[i] for i in kept], own)
    start = np.concatenate(([0], np.cumsum([len(lines[i]) for i in kept]))).astype(np.int64)
    position = np.concatenate([lines[i] for i in kept]) if kept else np.empty((0, 2))
    _, node = np.unique(position, axis=0, return_inverse=True)
    ways = Ways(
        id=ids,
        start=start,
        node=node.reshape(-1).astype(np.int64) + 1,
        position=position,
        kind=np.array(kind, np.int32),
        kinds=tuple(kinds),
        name=np.array(name, np.int32),
        names=tuple(names),
    )
    report = {
        "ways_kept": len(kept),
        "ways_dropped": dict(sorted(dropped.items())),
        "ways_outside": 0,
        "found": _extent(position),
        "way_numbers": numbered,
        "class_guessed": sum(road.class_guessed for road in own),
    }
    return _repaired(ways, own, report)


def _repaired(ways: Ways, own: list[Road], report: dict[str, Any]) -> Ways:
    if own and not any(road.from_osm for road in own):
        ways, told = joined(ways, float(words()["repair"]["tolerance_m"]))
        report["repair"] = told
    return replace(ways, report=report)


def _numbers(features: list[int], own: list[Road]) -> tuple[Longs, str]:
    """Numbers of ways as OpenStreetMap has them if each road is one line, else a running number."""
    numbers = [road.number for road in own if abs(road.number or 0) < _MOST_NUMBER]
    single = len(set(features)) == len(features) == len(numbers) > 0
    if single and None not in numbers and len(set(numbers)) == len(numbers):
        return np.array(numbers, np.int64), "source"
    return np.arange(1, len(own) + 1, dtype=np.int64), "running"


def _extent(position: Floats) -> list[float]:
    if not len(position):
        return [180.0, 90.0, -180.0, -90.0]
    return [*map(float, position.min(axis=0)), *map(float, position.max(axis=0))]


def _projected(name: str, stated: str) -> DomainError:
    return DomainError(
        "bad_projection",
        Text(
            f"{name}: sistem koordinat {stated}, bukan derajat (EPSG:4326)",
            f"{name}: coordinate system {stated}, not degrees (EPSG:4326)",
        ),
        Text(
            "Simpan ulang berkas dalam EPSG:4326 (di QGIS: Ekspor, Simpan Fitur Sebagai).",
            "Save the file again in EPSG:4326 (in QGIS: Export, Save Features As).",
        ),
        {"file": name, "crs": stated},
    )
