"""A stand-in where no road data are at hand: straight links between neighbouring villages.

It is an estimate of travel, not a road network, and everything made of it says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.spatial import Delaunay, QhullError

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.connect import connectivity
from sispamkota.roads.load_report import lengths_by_class
from sispamkota.roads.load_ways import EARTH_M, distances_m, on_grid
from sispamkota.roads.network import PROFILES, Floats, Longs, Network
from sispamkota.roads.profiles import bits_of

STAND_IN = "perkiraan, bukan jaringan jalan"
_ON_FOOT_KMH = 5.0
_USERS = ("car", "motorcycle", "truck", "foot")


def fallback_network(
    points: Floats,
    ids: Sequence[str],
    names: Sequence[str],
    *,
    detour_factor: float,
    speed_kmh: float,
    as_of: dt.date,
    source: str,
) -> Network:
    """Link neighbouring points by straight lines, each longer by the detour factor.

    Two points are neighbours when no third lies in the circle between them (Gabriel graph): what
    results is connected, flat, and no link crosses another.

    Args:
        points: (n, 2) lon, lat of villages and posts; points at one place become one node.
        ids: codes of the points; numeric ones become the numbers of the nodes.
        names: names of the points; a link is called after its two ends.
        detour_factor: road length over straight distance.
        speed_kmh: of all vehicles; walkers go 5 km/h.
        as_of: the day the points hold for.
        source: who gave the points.

    Raises:
        DomainError: `too_few_points` with fewer than two places, `bad_assumption` for a factor
            below 1 or a speed that is not positive.
    """
    if not (detour_factor >= 1 and speed_kmh > 0):
        raise _bad_assumption(detour_factor, speed_kmh)
    places = on_grid(np.asarray(points, np.float64).reshape(-1, 2))
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    _, first = np.unique(places[known], axis=0, return_index=True)
    kept = known[np.sort(first)]
    if len(kept) < 2:  # noqa: PLR2004
        raise _too_few(len(kept))
    at = places[kept]
    pairs = gabriel_pairs(at)
    labels = [names[i] for i in kept.tolist()]
    said = f"{source} ({STAND_IN})" if STAND_IN not in source else source
    return _network(at, _numbers([ids[i] for i in kept.tolist()]), labels, pairs, {
        "detour_factor": detour_factor,
        "speed_kmh": speed_kmh,
        "source": said,
        "as_of": as_of,
        "points": len(places),
        "points_without_position": len(places) - len(known),
        "points_at_one_place": len(known) - len(kept),
    })  # fmt: skip


def gabriel_pairs(at: Floats) -> Longs:
    """Return the links of the Gabriel graph of distinct points (lon, lat), each once, sorted."""
    flat = (at - at.mean(axis=0)) * (np.radians(1.0) * EARTH_M)
    flat[:, 0] *= np.cos(np.radians(at[:, 1].mean()))
    try:
        triangles = Delaunay(flat)
    except (QhullError, ValueError):
        return _chain(flat)  # two points, or all on one line
    corners = triangles.simplices
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    apex = np.concatenate([corners[:, 2], corners[:, 0], corners[:, 1]])
    a, b, c = flat[sides[:, 0]], flat[sides[:, 1]], flat[apex]
    blunt = ((a - c) * (b - c)).sum(axis=1) < 0  # the apex lies inside the side's circle
    links = np.sort(sides, axis=1)
    listed, which = np.unique(links, axis=0, return_inverse=True)
    blocked = np.bincount(which.ravel(), blunt, minlength=len(listed)) > 0
    # points so close to another that the triangulation left them out hang on that one
    spare = np.sort(triangles.coplanar[:, [0, 2]].astype(np.int64), axis=1)
    return np.unique(np.concatenate([listed[~blocked].astype(np.int64), spare]), axis=0)


def _chain(flat: Floats) -> Longs:
    order = np.lexsort((flat[:, 1], flat[:, 0]))
    return np.unique(np.sort(np.stack([order[:-1], order[1:]], axis=1), axis=1), axis=0)


def _numbers(ids: Sequence[str]) -> Longs:
    """Codes as numbers where they are; the others count down from -1."""
    taken: set[int] = set()
    numbers: list[int] = []
    for i, code in enumerate(ids):
        number = int(code) if code.isascii() and code.isdigit() and len(code) < 19 else -i - 1  # noqa: PLR2004
        numbers.append(-i - 1 if number in taken else number)
        taken.add(numbers[-1])
    return np.array(numbers, np.int64)


def _network(
    at: Floats, numbers: Longs, labels: Sequence[str], pairs: Longs, said: dict[str, Any]
) -> Network:
    count = len(pairs)
    straight = distances_m(at[pairs[:, 0]], at[pairs[:, 1]])
    metres = np.round(straight * said["detour_factor"], 3)
    called = [f"{labels[a]} - {labels[b]}" for a, b in pairs.tolist()]
    names = ("", *sorted(set(called) - {""}))
    place = {name: i for i, name in enumerate(names)}
    speed = np.zeros((len(PROFILES), 2 * count), np.float32)
    for profile in _USERS:
        kmh = _ON_FOOT_KMH if profile == "foot" else said["speed_kmh"]
        speed[PROFILES.index(profile)] = kmh
    network = Network(
        node_lon=np.ascontiguousarray(at[:, 0]),
        node_lat=np.ascontiguousarray(at[:, 1]),
        node_id=numbers,
        tail=pairs.ravel().astype(np.int32),
        head=pairs[:, ::-1].ravel().astype(np.int32),
        segment=np.repeat(np.arange(count, dtype=np.int32), 2),
        forward=np.tile([True, False], count),
        length_m=np.repeat(metres, 2),
        access=np.full(2 * count, bits_of(_USERS), np.uint8),
        speed_kmh=speed,
        way=-np.arange(1, count + 1, dtype=np.int64),
        highway=np.zeros(count, np.int32),
        name=np.array([place[name] for name in called], np.int32),
        shape_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        shape=at[pairs.ravel()],
        banned=np.empty((0, 2), np.int32),
        banned_access=np.empty(0, np.uint8),
        highways=("estimated",),
        names=names,
        estimated=True,
        source=said["source"],
        as_of=said["as_of"],
        report={},
    )
    return _told(network, said, float(straight.sum()))


def _told(network: Network, said: dict[str, Any], straight_m: float) -> Network:
    report = {
        "format": "fallback",
        "estimated": True,
        "note": {
            "id": "Pengganti sementara: garis lurus antardesa kali pengali; bukan jaringan jalan.",
            "en": "A stand-in: straight lines between villages times a factor; no road network.",
        },
        "nodes": network.nodes,
        "arcs": network.arcs,
        "segments": network.segments,
        "straight_km": round(straight_m / 1000, 3),
        "detour_factor": said["detour_factor"],
        "speed_kmh": said["speed_kmh"],
        "points": said["points"],
        "points_without_position": said["points_without_position"],
        "points_at_one_place": said["points_at_one_place"],
        "length_km": lengths_by_class(network),
        "connectivity": connectivity(network),
    }
    return replace(network, report=report)


def _too_few(count: int) -> DomainError:
    return DomainError(
        "too_few_points",
        Text(
            f"Perlu paling sedikit dua tempat untuk jaringan perkiraan; ada {count}.",
            f"An estimated network needs at least two places; there are {count}.",
        ),
        Text("Impor wilayah dengan titik desa dahulu.", "Import areas with village points first."),
        {"places": count},
    )


def _bad_assumption(detour_factor: float, speed_kmh: float) -> DomainError:
    return DomainError(
        "bad_assumption",
        Text(
            f"Pengali jarak {detour_factor:g} dan kecepatan {speed_kmh:g} km/jam tidak masuk akal.",
            f"A detour factor of {detour_factor:g} and {speed_kmh:g} km/h make no sense.",
        ),
        Text(
            "Pengali paling kecil 1, kecepatan di atas 0.",
            "The factor is at least 1, the speed above 0.",
        ),
        {"detour_factor": detour_factor, "speed_kmh": speed_kmh},
    )
