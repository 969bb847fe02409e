"""A small town with named streets, its events, and plans of them, for tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
from roads.made_networks import Road, made, place

from sispamkota.traffic.event_reader import read_event
from sispamkota.traffic.plan import Site, TrafficInputs, plan_traffic
from sispamkota.traffic.verify import TrafficFacts

NOW = dt.datetime(2024, 1, 20, 3, 0, tzinfo=dt.UTC)
BLOCK = 0.2  # grid steps, about 220 m
COLUMNS, ROWS = 8, 6
FIELDS = (
    *("network", "network_sha256", "events", "zones", "hospitals", "officers", "standing"),
    *("counts", "rules", "kinds"),
)


def at(column, row):
    """Lon, lat of a crossing of the town, or of a point between two."""
    return list(place(column * BLOCK, row * BLOCK))


def town(columns=COLUMNS, rows=ROWS, *, without=(), one_way=(), banned=()):
    """A grid of streets: `Jalan B0..` run east, `Jalan U0..` north; B2 is the main road.

    `without` and `one_way` name pieces by their two crossings.
    """
    places = [(c, r) for r in range(rows) for c in range(columns)]
    number = {p: i for i, p in enumerate(places)}
    roads = []
    for c, r in places:
        for dc, dr in ((1, 0), (0, 1)):
            other = (c + dc, r + dr)
            if other not in number or ((c, r), other) in without:
                continue
            main = dc and r == 2
            roads.append(
                Road(
                    ends=(number[c, r], number[other]),
                    name=f"Jalan B{r}" if dc else f"Jalan U{c}",
                    highway="primary" if main else "residential",
                    speed=54.0 if main else 36.0,
                    two_way=((c, r), other) not in one_way,
                )
            )
    return made([(c * BLOCK, r * BLOCK) for c, r in places], roads, banned)


def segment(network, one, other):
    """The piece of road between two crossings, given as (column, row)."""
    nodes = [
        int(np.argmin(np.hypot(network.node_lon - lon, network.node_lat - lat)))
        for lon, lat in (at(*one), at(*other))
    ]
    found = np.flatnonzero(
        ((network.tail == nodes[0]) & (network.head == nodes[1]))
        | ((network.tail == nodes[1]) & (network.head == nodes[0]))
    )
    return int(network.segment[found[0]])


def zones(network, count=12, people=3000):
    """Zones at crossings all over the town."""
    rows = np.linspace(0, network.nodes - 1, count).round().astype(int)
    return pl.DataFrame(
        {
            "code": [f"16080120{i:02d}" for i in range(count)],
            "name": [f"Desa {i}" for i in range(count)],
            "lon": network.node_lon[rows],
            "lat": network.node_lat[rows],
            "people": [people + 100 * i for i in range(count)],
        }
    )


RALLY = {
    "id": "rapat-umum",
    "kind": "campaign_rally",
    "name": "Rapat umum Lapangan Merdeka",
    "starts_at": "2024-01-21 13:00",
    "ends_at": "2024-01-21 16:00",
    "place": at(3.5, 2),
    "crowd": {"expected": 3000, "low": 2000, "high": 5000, "source": "STTP"},
    "sttp": {"number": "STTP/7/I/2024", "issued_on": "2024-01-18"},
    "groups": [
        {"label": "Kelompok A", "size": 900, "gathering": at(0, 0.5)},
        {"label": "Kelompok B", "size": 800, "gathering": at(7, 4.5)},
    ],
}
CONVOY = {
    "id": "konvoi",
    "kind": "logistics_convoy",
    "name": "Konvoi kotak suara",
    "starts_at": "2024-01-21 14:00",
    "ends_at": "2024-01-21 15:00",
    "route": [at(0, 2.5), at(7, 3.5)],
}
KPU = {
    "id": "kantor-kpu",
    "kind": "kpu_office",
    "name": "Pengundian nomor",
    "starts_at": "2024-01-21 15:00",
    "ends_at": "2024-01-21 18:00",
    "place": at(5.5, 4),
    "crowd": 600,
    "officers_min": 20,
}
HOSPITAL = Site(id="rsud", name="RSUD", lon=at(1, 4.5)[0], lat=at(1, 4.5)[1])


def inputs(*events, network=None, officers=60, **changes):
    """Inputs of a plan for events as files say them."""
    network = network or town()
    made_of = TrafficInputs(
        network=network,
        network_sha256="ab" * 32,
        events=tuple(read_event(e) for e in events),
        zones=zones(network),
        hospitals=(HOSPITAL,),
        officers=tuple(f"P{i:03d}" for i in range(officers)),
        operation="Operasi uji",
    )
    return replace(made_of, **changes)


def planned(given):
    """The plan of inputs."""
    return plan_traffic(given, made_at=NOW)


def facts_of(given):
    """What the verifier reads."""
    return TrafficFacts(**{name: getattr(given, name) for name in FIELDS})
