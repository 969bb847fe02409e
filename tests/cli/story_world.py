"""A made-up operation on a real road file: what a newcomer would type into five spreadsheets."""

from __future__ import annotations

import csv
import gzip
import json
import re

import numpy as np
import osmium

DAY = "2024-02-01"
PARTS = 6  # desa, three to a kecamatan


def vertices(file):
    """Return the points of roads that the file draws, read without the program's readers."""
    if ".geojson" in file.name:
        return _of_geojson(json.loads(gzip.decompress(file.read_bytes())))
    if ".graphml" in file.name:
        text = gzip.decompress(file.read_bytes()).decode()
        lat, lon = (re.findall(rf'<data key="d{k}">(-?[\d.]+)</data>', text) for k in (4, 5))
        return np.array([lon, lat], float).T
    points = []
    for way in osmium.FileProcessor(str(file)).with_locations().with_filter(
        osmium.filter.KeyFilter("highway")
    ):  # fmt: skip
        if way.is_way() and way.tags.get("highway") in ("primary", "secondary", "residential"):
            points += [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
    return np.unique(np.array(points), axis=0)


def _of_geojson(body):
    points = []
    for feature in body["features"]:
        shape = feature["geometry"]
        lines = shape["coordinates"]
        for line in lines if shape["type"] == "MultiLineString" else [lines]:
            points += [point[:2] for point in line]
    return np.unique(np.array(points), axis=0)


def middle(points, share=0.6):
    """Return the points in the middle of the land, where the roads are dense."""
    lo, hi = np.quantile(points, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return points[((points >= lo) & (points <= hi)).all(axis=1)]


def spread(points, count):
    """Return `count` of the points far from each other, always the same ones."""
    chosen = [int(np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1)))]
    distance = np.full(len(points), np.inf)
    while len(chosen) < count:
        distance = np.minimum(distance, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(distance.argmax()))
    return points[chosen].round(6)


def write_places(folder, points):
    """Write areas, figures, TPS, posts and roster as CSV; return their kinds and files, in order.

    Six desa in two kecamatan, eight TPS each; a polsek in either kecamatan, a Polres with the
    traffic officers, a hospital.
    """
    draw = np.random.default_rng(16)
    points = middle(points)
    centres = spread(points, PARTS + 2)
    areas = [["kode", "nama", "jenis", "kode_induk", "lon", "lat"],
             ["1608", "Kabupaten Rekaan", "kabupaten", "", "", ""]]  # fmt: skip
    figures = [["kode", "tahap", "ukuran", "nilai"]]
    tps = [["kode_desa_kpu", "no_tps", "lon", "lat"]]
    areas += [[f"16080{k}", f"Kecamatan {k}", "kecamatan", "1608", "", ""] for k in (1, 2)]
    for i, (lon, lat) in enumerate(centres[:PARTS]):
        desa = f"16080{1 + i % 2}200{i}"
        areas.append([desa, f"Desa {i}", "desa", desa[:6], lon, lat])
        figures.append([desa, "pemilu_2024", "dpt", 1600 + 200 * i])
        near = points[np.argsort(((points - centres[i]) ** 2).sum(axis=1))[:400]]
        for number, (x, y) in enumerate(draw.choice(near, 8, replace=False), start=1):
            tps.append([desa, number, round(float(x), 6), round(float(y), 6)])
    posts = [["kode_pos_jaga", "nama", "jenis", "kode_kec_kpu", "lon", "lat", "presisi"]]
    names = (("polres", "Polres Rekaan", "polres"), ("polsek-1", "Polsek Satu", "polsek"),
             ("polsek-2", "Polsek Dua", "polsek"), ("rsud", "RSUD Rekaan", "rsud"))  # fmt: skip
    spots = (centres[0], centres[2], centres[3], centres[PARTS])
    for (code, name, kind), (lon, lat) in zip(names, spots, strict=True):
        kecamatan = "160802" if code == "polsek-2" else "160801"
        posts.append([code, name, kind, kecamatan, lon, lat, "surveyed"])
    people = [["id", "instansi", "pangkat", "pimpinan", "pos", "tugas", "tersedia"]]
    for post in ("polsek-1", "polsek-2"):
        people += [[f"{post}-{n:02d}", "polri", "bripka", "ya" if n % 2 else "tidak", post, "tps",
                    "ya"] for n in range(30)]  # fmt: skip
        people.append([f"{post}-padal", "polri", "iptu", "ya", post, "padal", "ya"])
    people += [[f"lantas-{n:02d}", "polri", "bripka", "tidak", "polres", "lantas", "ya"]
               for n in range(60)]  # fmt: skip
    tables = {"areas": areas, "figures": figures, "tps": tps, "posts": posts, "personnel": people}
    return [(kind, write_table(folder / f"{kind}.csv", rows)) for kind, rows in tables.items()]


def write_table(file, rows):
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def write_events(file, points):
    """Write a rally with two groups and a route, a convoy, and voting day; return the file."""
    points = middle(points)
    places = spread(points, PARTS + 2)
    west, square, east = places[2], places[PARTS + 1], places[3]
    rally = {
        "id": "rapat-umum", "kind": "campaign_rally", "name": "Rapat umum Lapangan Rekaan",
        "starts_at": "2024-01-21 13:00", "ends_at": "2024-01-21 16:00",
        "place": square.tolist(), "place_name": "Lapangan Rekaan", "officers_min": 12,
        "route": [west.tolist(), square.tolist()],
        "crowd": {"expected": 2000, "low": 1500, "high": 3000, "source": "STTP/7/I/2024"},
        "sttp": {"number": "STTP/7/I/2024", "issued_on": "2024-01-18"},
        "groups": [{"label": "Kelompok A", "size": 700, "gathering": west.tolist()},
                   {"label": "Kelompok B", "size": 600, "gathering": east.tolist()}],
    }  # fmt: skip
    convoy = {
        "id": "logistik", "kind": "logistics_convoy", "name": "Logistik ke Kecamatan 2",
        "starts_at": "2024-02-13 07:00", "ends_at": "2024-02-13 11:00",
        "route": [places[0].tolist(), places[3].tolist()], "vehicles": {"truck": 3, "car": 2},
    }  # fmt: skip
    voting = {
        "id": "pemungutan", "kind": "voting_day", "name": "Pemungutan suara",
        "starts_at": "2024-02-14 07:00", "ends_at": "2024-02-14 13:00",
        "place": places[1].tolist(), "place_name": "TPS besar",
    }  # fmt: skip
    file.write_text(json.dumps({"events": [rally, convoy, voting]}), encoding="utf-8")
    return file
