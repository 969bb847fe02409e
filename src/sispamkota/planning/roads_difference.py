"""What planning on real roads changes against straight lines, for whoever doubts that it matters.

A second, quick plan is made on straight lines, and then carried out on the roads: what it took
for near and is not shows there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from sispamkota.kernel.text import Text, number
from sispamkota.planning.guards import EffortName, GuardInputs, known_posts, plan_guards
from sispamkota.planning.solve import Progress
from sispamkota.planning.travel import TravelTimes

Plan = Mapping[str, Any]
EFFORT: EffortName = "quick"


def roads_difference(
    inputs: GuardInputs,
    plan: Plan,
    straight: TravelTimes,
    *,
    seed: int,
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Return how a plan on roads differs from one on straight lines, per kecamatan and in all.

    Args:
        inputs: what the plan was made from, times on roads.
        plan: the plan made on roads.
        straight: the times to compare with.
        seed: seed of the search.
        progress: called with the step's name and the part done.

    Returns:
        `roads` (the plan), `straight` (the plan on straight lines, by its own times) and
        `straight_on_roads` (the same beats and teams at the times of the roads), each with
        `travel_s`, `way_s`, `tps_covered`, and `kecamatan` with the same of each; `words`.
    """
    other = plan_guards(
        replace(inputs, travel=straight),
        seed=seed,
        effort=EFFORT,
        progress=lambda _what, part: progress("compare", part),
    )
    codes = [row["kecamatan"] for row in plan["kecamatan"]]
    cases = {
        "roads": _by_area(plan, codes),
        "straight": _by_area(other, codes),
        "straight_on_roads": _on_roads(inputs, other, codes),
    }
    totals = {name: _total(rows) for name, rows in cases.items()}
    totals["roads"]["objective"] = plan["objective"]
    totals["straight"]["objective"] = other["objective"]
    words = _words(totals, plan["settings"]["rules"]["beat_limit_s"])
    return {
        "effort": EFFORT,
        "assumption": {"id": straight.assumption().id, "en": straight.assumption().en},
        **totals,
        "kecamatan": [
            {"kecamatan": code, **{name: rows[code] for name, rows in cases.items()}}
            for code in codes
        ],
        "words": [{"id": t.id, "en": t.en} for t in words],
    }


def _empty() -> dict[str, Any]:
    return {"travel_s": 0.0, "way_s": 0.0, "tps_covered": 0}


def _by_area(plan: Plan, codes: list[str]) -> dict[str, dict[str, Any]]:
    found = {code: _empty() for code in codes}
    for beat in plan["beats"]:
        row = found[beat["kecamatan"]]
        row["travel_s"] += beat["travel_s"]
        row["way_s"] += beat["way_s"]
        row["tps_covered"] += len(beat["tps"])
    return found


def _on_roads(inputs: GuardInputs, plan: Plan, codes: list[str]) -> dict[str, dict[str, Any]]:
    """Carry a plan out on the roads: a TPS counts where its team comes within the limit."""
    found = {code: {**_empty(), "tps_over_limit": 0, "tps_unreachable": 0} for code in codes}
    site = _places(inputs.sites)
    post = _places(known_posts(inputs))
    for beat in plan["beats"]:
        row = found[beat["kecamatan"]]
        anchor = np.array([site[beat["anchor"]]])
        way = float(inputs.travel.seconds(np.array([post[beat["post"]]]), anchor)[0, 0])
        times = inputs.travel.seconds(anchor, np.array([site[t] for t in beat["tps"]]))[0]
        if not math.isfinite(way):
            row["tps_unreachable"] += len(beat["tps"])
            continue
        reached = np.isfinite(times)
        kept = times <= inputs.rules.beat_limit_s
        row["way_s"] += way
        row["travel_s"] += float(times[reached].sum())
        row["tps_unreachable"] += int((~reached).sum())
        row["tps_over_limit"] += int((reached & ~kept).sum())
        row["tps_covered"] += int(kept.sum())
    return found


def _places(frame: pl.DataFrame) -> dict[str, tuple[float, float]]:
    return {c: (x, y) for c, x, y in frame.select("code", "lon", "lat").iter_rows()}


def _total(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    names = next(iter(rows.values()), _empty())
    return {name: sum(row[name] for row in rows.values()) for name in names}


def _words(totals: Mapping[str, Mapping[str, Any]], limit_s: float) -> list[Text]:
    roads, straight = totals["roads"], totals["straight"]
    real = totals["straight_on_roads"]
    id_, en = (_figures(roads, straight, real, lang) for lang in ("id", "en"))
    found = [
        Text(
            f"Di jalan nyata rencana ini menempuh {id_[0]} menit di dalam beat dan {id_[1]} menit "
            f"dari pos, menjaga {id_[6]} TPS; rencana garis lurus mengira "
            f"{id_[2]} dan {id_[3]} menit, {id_[7]} TPS.",
            f"On real roads this plan travels {en[0]} minutes inside beats and {en[1]} minutes "
            f"from posts and guards {en[6]} TPS; a straight-line plan expects "
            f"{en[2]} and {en[3]} minutes and {en[7]} TPS.",
        )
    ]
    lost = real["tps_over_limit"] + real["tps_unreachable"]
    limit = (number(limit_s / 60, "id"), number(limit_s / 60, "en"))
    found.append(
        Text(
            f"Dijalankan di jalan nyata, rencana garis lurus itu memerlukan {id_[4]} dan {id_[5]} "
            f"menit; {lost} TPS-nya di luar batas {limit[0]} menit atau tidak terjangkau.",
            f"Carried out on real roads that straight-line plan takes {en[4]} and {en[5]} "
            f"minutes; {lost} of its TPS are beyond the limit of {limit[1]} minutes or cut off.",
        )
    )
    return found


def _figures(
    roads: Mapping[str, Any], straight: Mapping[str, Any], real: Mapping[str, Any], lang: Any
) -> list[str]:
    minutes = [
        number(case[name] / 60, lang)
        for case in (roads, straight, real)
        for name in ("travel_s", "way_s")
    ]
    return [*minutes, number(roads["tps_covered"], lang), number(straight["tps_covered"], lang)]


__all__ = ["roads_difference"]
