"""Traffic plans on real roads, and on the stand-in of OKU Timur: made, sound, verified."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from sispamkota.roads.codec import network_sha256
from sispamkota.roads.connect import components
from sispamkota.roads.fallback import fallback_network
from sispamkota.roads.load import read_roads
from sispamkota.territory.okut import load_okut_facts
from sispamkota.traffic.event_reader import read_event
from sispamkota.traffic.plan import Site, TrafficInputs, plan_traffic
from sispamkota.traffic.verify import TrafficFacts, verify_traffic

from .plan_cases import FIELDS, NOW

REAL = [
    "andorra.osm.pbf",
    "helsinki.osm.pbf",  # with forbidden turns
    "balikpapan_kota_drive.graphml.gz",
    "labusel_sumut_osm_main_roads.geojson.gz",
]
ZONES = 25


def hours(day, begin, end):
    return {"starts_at": f"2024-01-{day} {begin}:00", "ends_at": f"2024-01-{day} {end}:00"}


def events(network, centre):
    """A rally in town, a convoy through it, a day at the KPU office, a second event that meets."""
    nodes = np.flatnonzero(components(network, "car").label == 0)
    far = np.hypot(network.node_lon - centre[0], network.node_lat - centre[1])
    near = nodes[np.argsort(far[nodes])]
    away = np.random.default_rng(3).choice(nodes, 6, replace=False)

    def at(node):
        return [float(network.node_lon[node]), float(network.node_lat[node])]

    car = np.flatnonzero(network.usable("car"))
    street = car[np.isin(network.tail[car], near[5]) | np.isin(network.head[car], near[5])][0]
    middle = network.line(street).mean(axis=0).tolist()
    rows = [
        {
            "id": "rapat-umum",
            "kind": "campaign_rally",
            "name": "Rapat umum",
            "place": middle,
            **hours(21, 13, 16),
            "crowd": {"expected": 3000, "low": 2000, "high": 5000},
            "groups": [
                {"label": "Kelompok A", "size": 800, "gathering": at(away[0])},
                {"label": "Kelompok B", "size": 700, "gathering": at(away[1])},
            ],
        },
        {
            "id": "konvoi",
            "kind": "logistics_convoy",
            "name": "Konvoi kotak suara",
            **hours(21, 14, 15),
            "route": [at(away[2]), at(near[5]), at(away[3])],
        },
        {
            "id": "kantor-kpu",
            "kind": "kpu_office",
            "name": "Pengundian nomor",
            **hours(22, 9, 12),
            "place": at(away[4]),
            "crowd": 1000,
            "officers_min": 40,
        },
        {
            "id": "kegiatan-lain",
            "kind": "other",
            "name": "Kegiatan lain",
            **hours(21, 15, 18),
            "place": at(near[30]),
            "crowd": 800,
            "groups": [{"label": "Kelompok C", "size": 300, "gathering": at(away[5])}],
        },
    ]
    return tuple(read_event(r) for r in rows)


def sampled_zones(network):
    """People are made up: on these roads only the roads are real."""
    rng = np.random.default_rng(1)
    nodes = np.flatnonzero(components(network, "car").label == 0)
    rows = rng.choice(nodes, ZONES, replace=False)
    return pl.DataFrame(
        {
            "code": [f"zona-{i:02d}" for i in range(ZONES)],
            "name": [f"Zona {i}" for i in range(ZONES)],
            "lon": network.node_lon[rows],
            "lat": network.node_lat[rows],
            "people": rng.integers(500, 4000, ZONES),
        }
    )


def checked(network, zones, hospitals, **more):
    centre = (float(zones["lon"].mean()), float(zones["lat"].mean()))
    given = TrafficInputs(
        network=network,
        network_sha256=network_sha256(network),
        events=events(network, centre),
        zones=zones,
        hospitals=hospitals,
        officers=tuple(f"P{i:03d}" for i in range(60)),
        **more,
    )
    plan = plan_traffic(given, made_at=NOW)
    facts = TrafficFacts(**{name: getattr(given, name) for name in FIELDS})
    assert verify_traffic(json.loads(json.dumps(plan, allow_nan=False)), facts) == ()
    for row in plan["corridors"]:
        assert row["holds"]
        assert row["travel_closed_s"] <= row["limit_s"]
    for row in plan["assignment"]:
        assert row["before"]["relative_gap"] <= 1e-6
        assert row["after"]["relative_gap"] <= 1e-6
    assert plan["certificate"]["posts_gap"] == 0
    return plan


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_on_real_roads(name, data_dir):
    content = (data_dir / "roads" / name).read_bytes()
    as_of = dt.date(2026, 11, 24)
    network = read_roads(name, content, source="OpenStreetMap (ODbL)", as_of=as_of)
    nodes = np.flatnonzero(components(network, "car").label == 0)
    homes = np.random.default_rng(2).choice(nodes, 2, replace=False)
    hospitals = tuple(
        Site(id=f"rs-{i}", name=f"RS {i}", lon=network.node_lon[n], lat=network.node_lat[n])
        for i, n in enumerate(homes.tolist())
    )
    plan = checked(network, sampled_zones(network), hospitals)
    assert not plan["estimated"]
    assert plan["closures"]
    assert plan["diversions"]
    assert plan["escorts"][0]["primary"]["length_m"] > 0


@pytest.mark.slow
def test_on_the_stand_in_of_oku_timur():
    facts = load_okut_facts()
    desa = facts.areas.filter(pl.col("level") == "desa_kelurahan")
    dpt = facts.figures.filter(pl.col("measure") == "dpt").select(code="subject", people="value")
    zones = desa.join(dpt, on="code").select("code", "name", "lon", "lat", "people")
    network = fallback_network(
        desa.select("lon", "lat").to_numpy(),
        desa["code"].to_list(),
        desa["name"].to_list(),
        detour_factor=1.4,
        speed_kmh=25,
        as_of=dt.date(2024, 2, 14),
        source="Kepmendagri 300.2.2-2138/2025",
    )
    posts = facts.posts.filter(pl.col("kind") == "hospital").iter_rows(named=True)
    hospitals = tuple(
        Site(id=p["code"], name=p["name"], lon=p["lon"], lat=p["lat"], approximate=True)
        for p in posts
    )
    plan = checked(network, zones, hospitals)
    assert plan["estimated"]
    assert plan["demand"]["people"] == int(zones["people"].sum())
    said = " ".join(t["en"] for t in plan["certificate"]["assumptions"])
    assert "stand-in" in said
    assert all(c["approximate"] for c in plan["corridors"])
