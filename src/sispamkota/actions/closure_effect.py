"""What a closure does to TPS: whom it cuts off from every post, and for whom the way doubles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sispamkota.actions.road_places import Places
from sispamkota.actions.roads import Roads
from sispamkota.actions.roads_network import points_of
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, closed_arcs
from sispamkota.roads.critical_reach import compare_seconds
from sispamkota.roads.network import PROFILES, Bools, Floats, Profile
from sispamkota.roads.reach_rules import reach_rules

SHOWN_TPS = 200
NO_POSTS = Text(
    "belum ada pos: akibat bagi TPS tidak dihitung",
    "there are no posts yet: what it does to TPS is not computed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """TPS that a closure touches.

    Attributes:
        profile: for whom it was computed; None where there is no post to come from.
        isolated: rows of TPS that no post reaches any more.
        on_closed_road: how many of these lie on a piece of road that is closed itself.
        slower: rows of TPS that the nearest post reaches later, by what `reach_rules` say.
    """

    profile: Profile | None
    isolated: pl.DataFrame
    on_closed_road: int
    slower: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Return the objects `isolated` and `slower`."""
        shown = self.isolated.sort("code").head(SHOWN_TPS)
        return {
            "isolated": {
                **counted(self.isolated),
                "on_closed_road": self.on_closed_road,
                "list": [
                    {"tps": row.pop("code"), **row}
                    for row in shown.select("code", "name", "kecamatan", "lon", "lat").to_dicts()
                ],
            },
            "slower": counted(self.slower),
        }


def counted(tps: pl.DataFrame) -> dict[str, Any]:
    """Return how many TPS and voters a frame has."""
    return {"tps": tps.height, "voters": round(float(tps["voters"].fill_null(0.0).sum()))}


def effect_of(
    roads: Roads, places: Places, closures: Sequence[Closure], now: dt.datetime
) -> Effect:
    """Return what further closures do, beside those in force when each of them begins.

    A TPS counts that is cut off at any of these moments; as slower, one that is never cut off.
    """
    profile = next((p for p in PROFILES if _barred(roads, closures, p)), None)
    if profile is None or places.posts.is_empty() or places.tps.is_empty():
        none = places.tps.clear()
        return Effect(profile=None, isolated=none, on_closed_road=0, slower=none)
    cut, slow, on_it = (np.zeros(places.tps.height, np.bool_) for _ in range(3))
    own = roads.snap(points_of(places.tps), profile).arc
    for at in sorted({max(now, c.begins or now) for c in closures}):
        before = roads.closed(profile, at=at)
        held = [c for c in closures if c.in_force(at)]
        more = closed_arcs(roads.network, held, profile=profile, at=None)
        first = soonest(roads, places, profile, before)
        then = soonest(roads, places, profile, before | more)
        change = compare_seconds(first, then, reach_rules())
        cut[list(change.isolated)] = True
        slow[list(change.slower)] = True
        on_it |= more[own]
    return Effect(
        profile=profile,
        isolated=places.tps.filter(pl.Series(cut)),
        on_closed_road=int((cut & on_it).sum()),
        slower=places.tps.filter(pl.Series(slow & ~cut)),
    )


def _barred(roads: Roads, closures: Sequence[Closure], profile: Profile) -> bool:
    barred = any(profile in c.profiles for c in closures)
    return barred and bool(roads.network.usable(profile).any())


def soonest(roads: Roads, places: Places, profile: Profile, closed: Bools) -> Floats:
    """Return per TPS the seconds from the post that is there soonest, under these closures."""
    router = roads.router(profile, at=None)
    router.set_closed(closed)
    posts = roads.snap(points_of(places.posts), profile)
    tps = roads.snap(points_of(places.tps), profile)
    found: Floats = router.matrix(posts, tps).seconds.min(axis=0)
    return found
