"""Roads on the base map: more of them the nearer one looks, named, and marked where estimated."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from pmtiles.reader import MemorySource, Reader
from test_tiles import decoded

from sispamkota.reports.road_tiles import CLASSES, FIRST_ZOOM, class_of
from sispamkota.reports.tiles import MAX_ZOOM, MIN_ZOOM, base_map
from sispamkota.roads.fallback import fallback_network
from sispamkota.roads.load import read_roads

DAY = dt.date(2024, 2, 1)


def network(situation, *classes):
    """One straight road of each class through the middle of the areas, named after its class."""
    lon, lat = situation.areas["lon"].mean(), situation.areas["lat"].mean()
    features = [
        {
            "type": "Feature",
            "properties": {"highway": name, "name": f"Jalan {name}"},
            "geometry": {
                "type": "LineString",
                "coordinates": [[lon - 0.05, lat + 0.01 * i], [lon + 0.05, lat + 0.01 * i]],
            },
        }
        for i, name in enumerate(classes)
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return read_roads("a.geojson", body, source="uji", as_of=DAY)


class TestRoads:
    def test_every_zoom_shows_its_classes_once(self, situation):
        given = ("trunk", "secondary", "tertiary", "residential", "track")
        found = decoded(base_map(situation.areas, situation.boundaries, network(situation, *given)))
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            shown = {f["class"] for f in found[zoom]["roads"]}
            assert shown == {c for c in given if FIRST_ZOOM[c] <= zoom}
        names = {f["class"]: f["name"] for f in found[MAX_ZOOM]["roads"]}
        assert names["trunk"] == "Jalan trunk"
        assert not any(f["approximate"] for f in found[MAX_ZOOM]["roads"])

    def test_the_layer_is_described_once(self, situation):
        body = base_map(situation.areas, situation.boundaries, network(situation, "trunk", "path"))
        layers = Reader(MemorySource(body)).metadata()["vector_layers"]
        (roads,) = [layer for layer in layers if layer["id"] == "roads"]
        assert (roads["minzoom"], roads["maxzoom"]) == (5, MAX_ZOOM)
        assert set(roads["fields"]) == {"class", "name", "approximate"}

    def test_the_same_roads_give_the_same_bytes(self, situation):
        made = [
            base_map(situation.areas, situation.boundaries, network(situation, "trunk", "path"))
            for _ in range(2)
        ]
        assert made[0] == made[1]

    def test_a_stand_in_is_marked(self, situation):
        desa = situation.areas.filter(situation.areas["level"] == "desa_kelurahan")
        stand_in = fallback_network(
            np.column_stack([desa["lon"], desa["lat"]]),
            desa["code"].to_list(),
            desa["name"].to_list(),
            detour_factor=1.4,
            speed_kmh=25,
            as_of=DAY,
            source="uji",
        )
        found = decoded(base_map(situation.areas, situation.boundaries, stand_in))
        roads = found[MAX_ZOOM]["roads"]
        assert roads
        assert all(f["approximate"] and f["class"] == "estimated" for f in roads)


@pytest.mark.parametrize(
    ("highway", "shown"),
    [("motorway_link", "motorway"), ("Other_road", "residential"), ("footway", "path"),
     ("construction", "other"), ("", "other")],
)  # fmt: skip
def test_class_of(highway, shown):
    assert class_of(highway) == shown


def test_every_class_has_a_zoom():
    assert set(FIRST_ZOOM) == {*CLASSES, "other"}


@pytest.mark.data
def test_a_real_country_fits_small_tiles(situation, data_dir):
    body = read_roads(
        "andorra.osm.pbf",
        (data_dir / "roads" / "andorra.osm.pbf").read_bytes(),
        source="OSM",
        as_of=DAY,
    )
    made = base_map(situation.areas, situation.boundaries, body)
    assert len(made) < 3_000_000
    header = Reader(MemorySource(made)).header()
    assert header["min_lon_e7"] < 14_500_000  # the map reaches to where its roads are
