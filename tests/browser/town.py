"""Roads for the demo house: a way from each desa to its neighbours, and a town of streets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sispamkota.actions.road_places import load_places
from sispamkota.storage.workspace import open_workspace

from .house import command

NEIGHBOURS = 4
BLOCKS, BLOCK_DEG = 6, 0.004
CENTRE = "160801"
MAIN_STREET, CROSS_STREET = "Jalan Merdeka", "Jalan Pahlawan"


def give_roads(workspace: Path, folder: Path) -> None:
    """Import the town's roads into a demo workspace."""
    file = folder / "jalan-kota.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": roads(workspace)}))
    given = ("--source", "jalan uji", "--as-of", "2024-01-02", "-w", workspace)
    done = command("import", "roads", file, *given, check=False)
    assert done.returncode in {0, 1}, done.stderr  # 1: some TPS lie far from these few roads


def roads(workspace: Path) -> list[dict[str, Any]]:
    """Return the roads of the town as GeoJSON features."""
    desa = load_places(open_workspace(workspace)).desa
    points = desa.select("lon", "lat").to_numpy().round(6)
    names = [str(name).title() for name in desa["name"]]
    found = _streets(centre(workspace))
    hub = found[0]["geometry"]["coordinates"][0]
    found.append(_road([list(points[_nearest(points, hub)]), hub], "Jalan Masuk Kota", "primary"))
    seen = set()
    for i, point in enumerate(points):
        order = np.argsort(np.hypot(*(points - point).T))
        for j in order[1 : NEIGHBOURS + 1]:
            pair = (min(i, int(j)), max(i, int(j)))
            if pair not in seen and not np.array_equal(points[j], point):
                seen.add(pair)
                line = [list(point), list(points[j])]
                found.append(_road(line, f"Jalan {names[pair[0]]} - {names[pair[1]]}", "tertiary"))
    return found


def centre(workspace: Path) -> list[float]:
    """Return the south-west corner of the streets: the middle of the desa of the centre."""
    desa = load_places(open_workspace(workspace)).desa
    middle = desa.filter(desa["code"].str.starts_with(CENTRE))
    return [round(float(middle[c].median()), 6) for c in ("lon", "lat")]  # type: ignore[arg-type]


def _streets(corner: list[float]) -> list[dict[str, Any]]:
    west, south = corner

    def at(column: int, row: int) -> list[float]:
        return [round(west + BLOCK_DEG * column, 6), round(south + BLOCK_DEG * row, 6)]

    lines = range(BLOCKS + 1)
    along = [
        _road(
            [at(column, row) for column in lines],
            MAIN_STREET if row == 0 else f"Jalan Melati {row}",
            "primary" if row == 0 else "residential",
        )
        for row in lines
    ]
    across = [
        _road(
            [at(column, row) for row in lines],
            CROSS_STREET if column == 0 else f"Jalan Mawar {column}",
            "secondary" if column == 0 else "residential",
        )
        for column in lines
    ]
    return along + across


def _road(line: list[Any], name: str, highway: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"highway": highway, "name": name},
        "geometry": {"type": "LineString", "coordinates": line},
    }


def _nearest(points: np.ndarray[Any, Any], hub: list[float]) -> int:
    return int(np.hypot(*(points - hub).T).argmin())
