"""A little world of roads: two streets joined by two bridges, four desa with TPS, two posts."""

from __future__ import annotations

import datetime as dt
import json

from sispamkota.actions.imports import Request
from sispamkota.actions.roads_import import import_roads
from sispamkota.territory.frames import AREAS, FIGURES, POSTS, TPS

from .conftest import frame, record

NOW = dt.datetime(2024, 2, 10, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2024, 2, 1)
WEST, SOUTH, STEP = 104.50, -4.10, 0.005
NORTH = SOUTH + 4 * STEP


def at(column, row=0.0):
    return [round(WEST + STEP * column, 6), round(SOUTH + STEP * row, 6)]


def road(points, name, **properties):
    return {
        "type": "Feature",
        "properties": {"highway": "secondary", "name": name, **properties},
        "geometry": {"type": "LineString", "coordinates": points},
    }


# South street 0..8, north street 0..8, bridges at columns 2 and 6, a dead end east of the north.
ROADS = (
    road([at(i) for i in range(9)], "Jalan Selatan"),
    road([at(i, 4) for i in range(9)], "Jalan Utara"),
    road([at(2), at(2, 2), at(2, 4)], "Jembatan Barat"),
    road([at(6), at(6, 2), at(6, 4)], "Jembatan Timur"),
    road([at(8, 4), at(9, 4), at(10, 4)], "Jalan Buntu"),
)


def quiet(_step: str, _part: float) -> None:
    pass


def write_roads(folder, roads=ROADS, name="jalan.geojson"):
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(roads)}))
    return file


def add_places(workspace):
    """Desa 1 and 2 in the south, 3 in the north, 4 at the dead end; posts in the south-west."""
    spots = {1: at(1), 2: at(7), 3: at(4, 4), 4: at(10, 4)}
    areas = [
        {"code": "1608", "level": "kabupaten_kota", "name": "Kabupaten Uji"},
        {"code": "160801", "level": "kecamatan", "name": "Selatan", "parent": "1608"},
        {"code": "160802", "level": "kecamatan", "name": "Utara", "parent": "1608"},
    ]
    tps = []
    for i, (lon, lat) in spots.items():
        kecamatan = "160801" if i < 3 else "160802"
        desa = f"{kecamatan}100{i}"
        areas.append({"code": desa, "level": "desa_kelurahan", "name": f"Desa {i}",
                      "parent": kecamatan, "lon": lon, "lat": lat})  # fmt: skip
        tps += [
            {"code": f"{desa}00{n}", "desa": desa, "kecamatan": kecamatan, "number": n,
             "khusus": False, "lon": lon + 0.0001 * n, "lat": lat, "position": "surveyed"}
            for n in (1, 2)
        ]  # fmt: skip
    lon, lat = at(0)
    posts = [
        {"code": "polsek-1", "name": "Polsek Selatan", "kind": "polsek", "kecamatan": "160801",
         "lon": lon, "lat": lat},
        {"code": "rs-1", "name": "RSUD", "kind": "rs", "kecamatan": "160801",
         "lon": at(8)[0], "lat": lat},
    ]  # fmt: skip
    figures = [
        {"subject": a["code"], "measure": "dpt", "stage": "pemilu_2024", "value": 400,
         "estimated": 0}
        for a in areas if a["level"] == "desa_kelurahan"
    ]  # fmt: skip
    workspace.store.append_all(
        [
            ("areas", frame(areas, AREAS), record("areas")),
            ("tps", frame(tps, TPS), record("tps")),
            ("posts", frame(posts, POSTS), record("posts")),
            ("figures", frame(figures, FIGURES), record("figures")),
        ]
    )


def bring_roads(workspace, folder, roads=ROADS, name="jalan.geojson"):
    request = Request(kind="roads", path=write_roads(folder, roads, name), source="uji", as_of=DAY)
    return import_roads(workspace, request, NOW, quiet)
