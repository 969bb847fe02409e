"""A made-up regency on the real roads of Labuhanbatu Selatan: 4 kecamatan, 24 desa, 160 TPS."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sispamkota.actions.imports import Request
from sispamkota.actions.roads_import import import_roads
from sispamkota.forces.frames import PERSONNEL
from sispamkota.territory.frames import AREAS, POSTS, TPS

from .conftest import frame, record

NOW = dt.datetime(2024, 2, 10, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2024, 2, 1)
ROADS = "labusel_sumut_osm_main_roads.geojson.gz"
# middles of the made-up kecamatan; all lie beside the trunk road
MIDDLES = {"122201": (100.10, 1.90), "122202": (100.02, 2.05), "122203": (100.20, 1.75),
           "122204": (100.25, 2.00)}  # fmt: skip


def quiet(_step, _part):
    pass


def build(workspace, data_dir):
    """Import the roads and put people and TPS round them, always the same."""
    draw = np.random.default_rng(4)
    areas, tps, posts, people = [], [], [], []
    areas.append({"code": "1222", "level": "kabupaten_kota", "name": "Kabupaten Rekaan"})
    for kecamatan, (lon, lat) in MIDDLES.items():
        areas.append({"code": kecamatan, "level": "kecamatan", "name": f"Kec. {kecamatan}",
                      "parent": "1222"})  # fmt: skip
        post = f"polsek-{kecamatan}"
        posts.append({"code": post, "name": post, "kind": "polsek", "kecamatan": kecamatan,
                      "lon": lon, "lat": lat, "position": "surveyed"})  # fmt: skip
        for d in range(6):
            x, y = np.array([lon, lat]) + draw.normal(0, 0.025, 2)
            desa = f"{kecamatan}{2001 + d}"
            areas.append({"code": desa, "level": "desa_kelurahan", "name": f"Desa {desa}",
                          "parent": kecamatan, "lon": x, "lat": y})  # fmt: skip
            for n in range(1, 8 if d else 6):
                dx, dy = draw.normal(0, 0.004, 2)
                tps.append({"code": f"{desa}{n:03d}", "desa": desa, "kecamatan": kecamatan,
                            "number": n, "khusus": False, "lon": x + dx, "lat": y + dy,
                            "position": "surveyed"})  # fmt: skip
        people += [_person(f"{kecamatan}-{i:02d}", post, leader=i % 2 == 0) for i in range(16)]
        people.append(_person(f"{kecamatan}-padal", post, leader=True, duty="padal"))
    workspace.store.append_all(
        [
            ("areas", frame(areas, AREAS), record("areas")),
            ("tps", frame(tps, TPS), record("tps")),
            ("posts", frame(posts, POSTS), record("posts")),
            ("personnel", frame(people, PERSONNEL), record("personnel")),
        ]
    )
    asked = Request(kind="roads", path=data_dir / "roads" / ROADS, source="OSM (uji)", as_of=DAY)
    return import_roads(workspace, asked, NOW, quiet)


def _person(name, post, *, leader, duty="tps"):
    return {"id": name, "agency": "polri", "unit": "polsek", "rank": "bripka", "leader": leader,
            "home_post": post, "duty": duty, "transport": "motorcycle", "available": True,
            "sample": True}  # fmt: skip
