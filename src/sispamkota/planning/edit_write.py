"""An edited plan written down: shapes of its beats, then every figure of the plan file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sispamkota.planning.edit_base import EditBase
from sispamkota.planning.edit_ops import running_number
from sispamkota.planning.figures import (
    both,
    finite,
    gap_of,
    objective_parts,
    open_rows,
    route,
    shift_row,
)
from sispamkota.planning.problem import CLASSES
from sispamkota.planning.remarks import degraded
from sispamkota.planning.search import Floats

TEAM_KEYS = ("id", "post", "leader", "members", "transport")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One beat as it lies on the map; a time that no way leads to is None.

    Attributes:
        beat, area: its id; its kecamatan.
        anchor: TPS from which the others are reached; None where it has none.
        tps: its TPS in the order of a round.
        seconds: from the anchor to each of them; empty for a beat that is as in the base plan.
        team, post: who has it and from where; None where nobody.
        way_s: from the post to the anchor; None without both.
        travel_s: sum of `seconds`.
        unreachable: TPS or post that no way joins to the anchor.
    """

    beat: str
    area: str
    anchor: str | None
    tps: tuple[str, ...]
    seconds: tuple[float | None, ...]
    team: str | None
    post: str | None
    way_s: float | None
    travel_s: float | None
    unreachable: tuple[str, ...]

    @property
    def guarded(self) -> bool:
        """Whether a team guards its TPS."""
        return self.team is not None and bool(self.tps)

    def same_as(self, row: Mapping[str, Any] | None) -> bool:
        """Say whether a row of `beats[]` is this beat; an empty one is as one never made."""
        if row is None:
            return not self.tps
        same = (self.team, self.anchor) == (row["team"], row["anchor"])
        return same and list(self.tps) == row["tps"]


def shape_of(
    base: EditBase,
    *,
    beat: str,
    area: str,
    members: Sequence[str],
    crew: tuple[str, str] | None,
    before: Mapping[str, Any] | None,
) -> Shape:
    """Return the shape of a beat with these members, as the base plan had it where it can stay."""
    team, post = crew or (None, None)
    if not members:
        return Shape(
            beat=beat,
            area=area,
            anchor=None,
            tps=(),
            seconds=(),
            team=team,
            post=post,
            way_s=None,
            travel_s=0.0,
            unreachable=(),
        )
    codes = sorted(members)
    if before is not None and before["team"] == team and sorted(before["tps"]) == codes:
        return _as_before(before)
    travel, way = _times(base, codes, post)
    unchanged = before is not None and sorted(before["tps"]) == codes
    at = _anchor(base, codes, travel, way, before, keep=unchanged)
    if unchanged and before is not None:
        order = [codes.index(t) for t in before["tps"]]
    else:
        order = route(travel, at, np.arange(len(codes)))
    seconds = [float(travel[at, i]) for i in order]
    lost = [codes[i] for i, s in zip(order, seconds, strict=True) if not math.isfinite(s)]
    if post is not None and not math.isfinite(way[at]):
        lost.append(post)
    return Shape(
        beat=beat,
        area=area,
        anchor=codes[at],
        tps=tuple(codes[i] for i in order),
        seconds=tuple(finite(s) for s in seconds),
        team=team,
        post=post,
        way_s=None if post is None else finite(float(way[at])),
        travel_s=finite(sum(seconds)),
        unreachable=tuple(lost),
    )


def _as_before(row: Mapping[str, Any]) -> Shape:
    """Return the shape of a beat that nobody touched; its single times are not needed."""
    return Shape(
        beat=row["id"],
        area=row["kecamatan"],
        anchor=row["anchor"],
        tps=tuple(row["tps"]),
        seconds=(),
        team=row["team"],
        post=row["post"],
        way_s=row["way_s"],
        travel_s=row["travel_s"],
        unreachable=(),
    )


def _times(base: EditBase, codes: Sequence[str], post: str | None) -> tuple[Floats, Floats]:
    """Return the seconds between the TPS, and from the post to each (0 without a post)."""
    places = np.array([(base.sites[c]["lon"], base.sites[c]["lat"]) for c in codes])
    times = base.inputs.travel
    travel = times.seconds(places, places)
    np.fill_diagonal(travel, 0.0)
    if post is None:
        return travel, np.zeros(len(codes))
    return travel, times.seconds(np.array([base.posts[post]]), places)[0]


def _anchor(
    base: EditBase,
    codes: Sequence[str],
    travel: Floats,
    way: Floats,
    before: Mapping[str, Any] | None,
    *,
    keep: bool,
) -> int:
    """Keep the anchor the beat had where all are within the limit of it, else take the cheapest.

    A function of the members and the base plan alone: moving a TPS away and back leaves no trace.
    """
    rules = base.inputs.rules
    over = (travel > rules.beat_limit_s).sum(axis=1)
    if before is not None and before["anchor"] in codes:
        at = codes.index(before["anchor"])
        if keep or not over[at]:
            return at
    cost = rules.post_weight * way + travel.sum(axis=1)
    return min(range(len(codes)), key=lambda i: (int(over[i]), float(cost[i]), codes[i]))


def write_edited(base: EditBase, shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Return the plan file of the layout, still under the id of the base plan."""
    rules = base.inputs.rules
    found = sorted(shapes.values(), key=lambda s: (s.area, running_number(s.beat), s.beat))
    beats = [_beat_row(base, s) for s in found if s.guarded]
    guarded = {t for b in beats for t in b["tps"]}
    uncovered = open_rows([r for c, r in base.sites.items() if c not in guarded], rules)
    parts = _parts(base, beats, uncovered)
    total = parts["total"]
    rows = _kecamatan(base, beats, uncovered)
    bound = None if total is None else min(total, _bound(base, beats, rows))
    sent, spare = _crews(base, beats)
    plan, proof = base.plan, base.plan["certificate"]
    gap = None if total is None or bound is None else gap_of(total, bound)
    risk = float(sum(u["risk"] for u in uncovered))
    least = min(base.least_risk, risk)
    by_hand = " + edited by hand"
    kept = {k: v for k, v in plan.items() if k != "roads_difference"}  # that is of the base
    return {
        **kept,
        "objective": total,
        "objective_parts": {k: v for k, v in parts.items() if k != "total"},
        "lower_bound": bound,
        "gap": gap,
        "uncovered_risk": {
            "value": risk,
            "lower_bound": least,
            "gap": (risk - least) / risk if risk else 0.0,
        },
        "tps_covered": len(guarded),
        "tps_uncovered": {c: sum(u["class"] == c for u in uncovered) for c in CLASSES},
        "teams": len(beats),
        "officers": sum(len(t["members"]) for t in sent),
        "beats": beats,
        "teams_detail": sent,
        "spare_teams": spare,
        "uncovered": uncovered,
        "one_more_team": None,
        "degraded": both(_degraded(base, guarded, uncovered)),
        "kecamatan": rows,
        "certificate": {
            **proof,
            "lower_bound": bound,
            "lagrangian_bound": base.lagrangian if total is None else min(base.lagrangian, total),
            "gap": gap,
            "solver": proof["solver"].removesuffix(by_hand) + by_hand,
        },
    }


def _beat_row(base: EditBase, shape: Shape) -> dict[str, Any]:
    return {
        "id": shape.beat,
        "kecamatan": shape.area,
        "anchor": shape.anchor,
        "tps": list(shape.tps),
        "team": shape.team,
        "post": shape.post,
        "way_s": shape.way_s,
        "travel_s": shape.travel_s,
        "load": f"{sum(base.weight[t] for t in shape.tps)}/{base.capacity}",
    }


def _parts(
    base: EditBase, beats: Sequence[Mapping[str, Any]], uncovered: Sequence[Mapping[str, Any]]
) -> dict[str, float | None]:
    """Return the parts of the objective; None where a way is missing."""
    known = [{"travel_s": _or_inf(b["travel_s"]), "way_s": _or_inf(b["way_s"])} for b in beats]
    parts = objective_parts(base.inputs.rules, known, uncovered)
    if base.inputs.rules.post_weight == 0 and math.isnan(parts["total"]):
        parts["total"] = math.inf
    return {k: finite(v) for k, v in parts.items()}


def _or_inf(seconds: float | None) -> float:
    return math.inf if seconds is None else seconds


def _kecamatan(
    base: EditBase, beats: Sequence[Mapping[str, Any]], uncovered: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    found = []
    for row in base.plan["kecamatan"]:
        code = row["kecamatan"]
        own = [b for b in beats if b["kecamatan"] == code]
        left = [u for u in uncovered if u["kecamatan"] == code]
        parts = _parts(base, own, left)
        total = parts["total"]
        paid = sum(base.team_price[b["post"]] for b in own)
        low = None if total is None else min(base.block_bound[code] - paid, total)
        found.append(
            {
                **row,
                "teams": len(own),
                "objective": total,
                "lower_bound": low,
                "gap": None if total is None or low is None else gap_of(total, low),
                "uncovered": len(left),
                "uncovered_risk": parts["risk_uncovered"],
            }
        )
    return found


def _bound(
    base: EditBase, beats: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> float:
    """Return the bounds of the kecamatan less the worth of the teams left idle.

    For a plan that keeps the rules this is the bound of the base plan.
    """
    crews = (*base.plan["teams_detail"], *base.plan["spare_teams"])
    worth = sum(base.team_price[t["post"]] for t in crews)
    paid = sum(base.team_price[b["post"]] for b in beats)
    return float(sum(r["lower_bound"] for r in rows) - (worth - paid))


def _crews(
    base: EditBase, beats: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the teams sent, in order of beat, and of the idle ones."""
    plan = base.plan
    rows = {t["id"]: t for t in (*plan["teams_detail"], *plan["spare_teams"])}
    crews = {i: {k: t[k] for k in TEAM_KEYS} for i, t in rows.items()}
    sent = [shift_row(crews[b["team"]], b, base.inputs.rules) for b in beats]
    busy = {b["team"] for b in beats}
    return sorted(sent, key=lambda t: t["beat"]), [crews[i] for i in sorted(crews) if i not in busy]


def _degraded(
    base: EditBase, guarded: set[str], uncovered: Sequence[Mapping[str, Any]]
) -> list[Any]:
    padal = {r["kecamatan"]: r["person"] for r in base.plan["padal"]}
    count = dict.fromkeys(CLASSES, 0)
    for tps in guarded:
        count[base.sites[tps]["class"]] += 1
    return list(degraded(padal, base.plan["spare_officers"], uncovered, count))
