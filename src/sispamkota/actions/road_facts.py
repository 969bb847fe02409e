"""What is known of the roads of a workspace: size, how places lie on them, names, one road."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import numpy as np
import shapely

from sispamkota.actions.closure_records import ClosureState, segment_lines
from sispamkota.actions.closures import closures_geojson, heading, lines_of
from sispamkota.actions.export import write_whole
from sispamkota.actions.kept import Kept
from sispamkota.actions.road_places import PLACE_KINDS, find_place, load_places, one_point
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.roads_import import network_facts
from sispamkota.actions.roads_network import import_marks
from sispamkota.actions.roads_snap import SnappedKind, snap_warnings, snapped_kinds
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.roads.closures import segment_lengths
from sispamkota.roads.network import Network, Profile
from sispamkota.storage.workspace import Workspace

PICK_WITHIN_M = 2000.0
MOST_NAMES = 100
_SNAPPED: Kept[tuple[SnappedKind, ...]] = Kept(2)


def roads_summary(workspace: Workspace, at: dt.datetime, lang: Lang) -> dict[str, Any]:
    """Return the answer of `roads report` and of `GET /api/roads`."""
    roads = load_roads(workspace)
    snapped = _snapped(workspace, roads)
    warnings = [text for text in (roads.base.warning,) if text]
    if not roads.estimated:  # nothing is near the lines of a stand-in
        warnings += snap_warnings(snapped, roads.far_m)
    states = Counter(c.state(at) for c in roads.closures)
    facts = network_facts(roads.network)
    usable = [entry["profile"] for entry in facts["components"]]
    return {
        **heading(roads, lang),
        "network": {
            "name": roads.base.file,
            "source": roads.network.source,
            "as_of": roads.network.as_of.isoformat(),
            "import": roads.base.import_id,
            "sha256": roads.base.sha256,
            **{k: v for k, v in facts.items() if k != "components"},
            "profiles": usable,
        },
        "components": facts["components"],
        "snapped": [one.as_json() for one in snapped],
        "closures": {state: states[state] for state in get_args(ClosureState)},
        "warnings": [text.in_(lang) for text in warnings],
    }


def _snapped(workspace: Workspace, roads: Roads) -> tuple[SnappedKind, ...]:
    marks = import_marks(workspace, PLACE_KINDS)
    key = (str(workspace.folder), roads.base.sha256, roads.far_m, marks)
    return _SNAPPED.get(
        key, lambda: snapped_kinds(roads.network, load_places(workspace), roads.far_m)
    )


def road_at(
    workspace: Workspace, lon: float, lat: float, profile: Profile, lang: Lang
) -> dict[str, Any]:
    """Return the road nearest to a point of the map: to be picked by mouse.

    Raises:
        DomainError: `no_road_there` where none is within two kilometres, `bad_place`.
    """
    roads = load_roads(workspace)
    point = one_point(find_place(workspace, f"{lon:.7f},{lat:.7f}"))
    found = roads.snap(point, profile, within_component=False)
    if found.arc[0] < 0 or found.distance_m[0] > PICK_WITHIN_M:
        raise _no_road_there(lon, lat)
    network = roads.network
    segment = int(network.segment[found.arc[0]])
    way = int(network.way[segment])
    of_way = np.flatnonzero(network.way == way)
    lengths = segment_lengths(network)
    same = network.name == network.name[segment]
    return {
        **heading(roads, lang),
        "segment": segment,
        "way": way,
        "name": network.names[network.name[segment]],
        "highway": network.highways[network.highway[segment]],
        "distance_m": round(float(found.distance_m[0]), 1),
        "length_m": round(float(lengths[segment]), 1),
        "line": lines_of(network, [segment])[0],
        "way_segments": [int(s) for s in of_way],
        "way_length_m": round(float(lengths[of_way].sum()), 1),
        "way_lines": lines_of(network, of_way),
        "road_segments": int(same.sum()) if network.name[segment] else len(of_way),
    }


def road_names(workspace: Workspace, query: str, limit: int, lang: Lang) -> dict[str, Any]:
    """Return names of roads that hold every word of the query; the longest roads where it is empty.

    Each with segments, metres and a point on it.
    """
    roads = load_roads(workspace)
    network = roads.network
    words = query.casefold().split()
    lengths = segment_lengths(network)
    metres = np.bincount(network.name, lengths, minlength=len(network.names))
    counts = np.bincount(network.name, minlength=len(network.names))
    fit = [
        (not name.casefold().startswith(query.casefold()), -metres[i], name, i)
        for i, name in enumerate(network.names)
        if name and counts[i] and all(w in name.casefold() for w in words)
    ]
    found = []
    for _, _, name, i in sorted(fit)[: min(max(limit, 1), MOST_NAMES)]:
        lon, lat = _point_on(network, i, lengths)
        found.append(
            {
                "name": name,
                "segments": int(counts[i]),
                "length_m": round(float(metres[i]), 1),
                "lon": lon,
                "lat": lat,
            }
        )
    return {**heading(roads, lang), "names": found}


def _point_on(network: Network, name: int, lengths: Any) -> tuple[float, float]:
    """Return the middle of the longest piece of a road."""
    own = np.flatnonzero(network.name == name)
    longest = int(own[np.argmax(lengths[own])])
    shape = network.shape[network.shape_start[longest] : network.shape_start[longest + 1]]
    middle = shapely.line_interpolate_point(shapely.linestrings(shape), 0.5, normalized=True)
    return round(middle.x, 5), round(middle.y, 5)


def roads_geojson(workspace: Workspace, lang: Lang) -> dict[str, Any]:
    """Return every piece of road as a FeatureCollection, for programs that draw maps."""
    roads = load_roads(workspace)
    network = roads.network
    lengths = segment_lengths(network)
    lines = segment_lines(network)
    features = [
        {
            "type": "Feature",
            "id": i,
            "properties": {
                "segment": i,
                "way": int(network.way[i]),
                "highway": network.highways[network.highway[i]],
                "name": network.names[network.name[i]],
                "length_m": round(float(lengths[i]), 1),
                "estimated": roads.estimated,
            },
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [round(x, 6), round(y, 6)] for x, y in shapely.get_coordinates(lines[i])
                ],
            },
        }
        for i in range(network.segments)
    ]
    return {
        "type": "FeatureCollection",
        "name": "roads",
        **heading(roads, lang),
        "source": network.source,
        "as_of": network.as_of.isoformat(),
        "features": features,
    }


def export_road_layer(
    workspace: Workspace, out: Path, layer: str, at: dt.datetime, lang: Lang
) -> Path:
    """Write roads, or closures in force and planned, as GeoJSON."""
    closures = layer == "closures"
    body = closures_geojson(workspace, at, lang) if closures else roads_geojson(workspace, lang)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return write_whole(out, text.encode())


def _no_road_there(lon: float, lat: float) -> DomainError:
    return DomainError(
        "no_road_there",
        Text(
            f"tidak ada jalan dalam {PICK_WITHIN_M:.0f} m dari {lon:.4f}, {lat:.4f}",
            f"there is no road within {PICK_WITHIN_M:.0f} m of {lon:.4f}, {lat:.4f}",
        ),
        Text("Pilih titik yang lebih dekat ke jalan.", "Choose a point nearer to a road."),
        {"lon": lon, "lat": lat},
    )
