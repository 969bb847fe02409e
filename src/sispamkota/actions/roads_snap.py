"""How far TPS, posts and desa lie from the roads: what a road file is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sispamkota.actions.road_places import Places
from sispamkota.actions.roads_network import points_of
from sispamkota.kernel.text import Text, number
from sispamkota.roads.network import Network, Profile
from sispamkota.roads.snap import snap

SHOWN_WORST = 20
NAMED_IN_WARNING = 5
CUT_OFF_M = 100.0
"""A place whose nearest road is nearer by this than the nearest of the main network is outside."""
NAMES: Mapping[str, Text] = {
    "tps": Text("TPS", "TPS"),
    "post": Text("pos", "posts"),
    "desa": Text("desa", "desa"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SnappedKind:
    """How the places of one kind lie on the roads.

    Attributes:
        kind: `tps`, `post` or `desa`.
        count: places with a point.
        far: further than the limit from any road of the main network.
        outside: their nearest road is not joined to the main network.
        approximate: places whose own point is only estimated.
        farthest_m: largest distance, metres; 0 without any place.
        worst: far and outside places, the farthest first.
    """

    kind: str
    count: int
    far: int
    outside: int
    approximate: int
    farthest_m: float
    worst: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the entry of `snapped[]`."""
        return {
            "kind": self.kind,
            "count": self.count,
            "far": self.far,
            "outside": self.outside,
            "approximate": self.approximate,
            "farthest_m": round(self.farthest_m, 1),
            "worst": [dict(row) for row in self.worst],
        }


def snapped_kinds(
    network: Network, places: Places, far_m: float, profile: Profile = "car"
) -> tuple[SnappedKind, ...]:
    """Return how each kind of place lies on the roads of a profile."""
    return tuple(
        _snapped(network, kind, places.of(kind), far_m, profile) for kind in ("tps", "post", "desa")
    )


def _snapped(
    network: Network, kind: str, frame: pl.DataFrame, far_m: float, profile: Profile
) -> SnappedKind:
    points = points_of(frame)
    main = snap(network, points, profile, within_component=True, limit_m=far_m)
    any_road = snap(network, points, profile, within_component=False, limit_m=far_m)
    outside = np.asarray(main.distance_m - any_road.distance_m > CUT_OFF_M)
    odd = np.flatnonzero(main.far | outside)
    order = odd[np.argsort(-main.distance_m[odd], kind="stable")][:SHOWN_WORST]
    rows = frame.select("code", "name", "lon", "lat")
    approximate = int((frame["position"] != "surveyed").sum()) if "position" in frame.columns else 0
    return SnappedKind(
        kind=kind,
        count=frame.height,
        far=int(main.far.sum()),
        outside=int(outside.sum()),
        approximate=approximate,
        farthest_m=float(main.distance_m.max()) if frame.height else 0.0,
        worst=tuple(
            {
                **rows.row(int(i), named=True),
                "distance_m": round(float(main.distance_m[i]), 1),
                "outside": bool(outside[i]),
            }
            for i in order
        ),
    )


def snap_warnings(kinds: Sequence[SnappedKind], far_m: float) -> tuple[Text, ...]:
    """Say which places are far from any road or beside a road that leads nowhere."""
    found = []
    for one in kinds:
        name = NAMES[one.kind]
        if one.far:
            limit = (number(far_m, "id"), number(far_m, "en"))
            rows = [r for r in one.worst if r["distance_m"] > far_m]
            found.append(
                Text(
                    f"{one.far} {name.id} lebih dari {limit[0]} m dari jalan yang tersambung: "
                    f"{_named(rows, 'id')}",
                    f"{one.far} {name.en} over {limit[1]} m from a joined road: "
                    f"{_named(rows, 'en')}",
                )
            )
        if one.outside:
            rows = [r for r in one.worst if r["outside"]]
            found.append(
                Text(
                    f"{one.outside} {name.id} di tepi jalan yang tidak tersambung ke jaringan "
                    f"utama: {_named(rows, 'id')}",
                    f"{one.outside} {name.en} beside roads that are not joined to the main "
                    f"network: {_named(rows, 'en')}",
                )
            )
    return tuple(found)


def _named(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    shown = [
        f"{r['name']} ({r['code']}, {number(r['distance_m'], 'id' if lang == 'id' else 'en')} m)"
        for r in rows[:NAMED_IN_WARNING]
    ]
    more = " …" if len(rows) > NAMED_IN_WARNING else ""
    return "; ".join(shown) + more
