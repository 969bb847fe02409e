"""A guard plan written down: the JSON object of a plan file, complete enough to be checked alone.

Everything a reader or the verifier needs is in it: beats, teams, what is open and why, objective
in its parts, bound with the prices that prove it, assumptions, and a hash of the inputs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

from sispamkota.forces.strength import Strength
from sispamkota.kernel.text import Text
from sispamkota.planning.bound import Prices
from sispamkota.planning.crews import Team
from sispamkota.planning.figures import (
    both,
    gap_of,
    objective_parts,
    open_rows,
    route,
    shift_row,
    team_row,
)
from sispamkota.planning.pattern_types import LINMAS_PER_TPS, Pattern
from sispamkota.planning.problem import CLASSES, GuardProblem, GuardRules, risk_lower_bound
from sispamkota.planning.remarks import assumptions, degraded, road_remarks
from sispamkota.planning.search import OPEN, Floats, Ints
from sispamkota.planning.travel import TravelTimes

FORMAT = "sispamkota-guard-plan/1"
LIBRARIES = ("sispamkota", "numpy", "numba", "scipy", "highspy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A solved plan before it is written down; `GuardInputs` and `GuardProblem` say the parts."""

    sites: pl.DataFrame
    posts: pl.DataFrame
    personnel: pl.DataFrame
    pattern: Pattern
    rules: GuardRules
    travel: TravelTimes
    problem: GuardProblem
    teams: Sequence[Team]
    sent: Mapping[tuple[int, int], int]
    anchor_of: Sequence[Ints]
    prices: Prices
    integer_bounds: Floats
    one_more: Sequence[Ints | None]
    padal: Mapping[str, str | None]
    spare: Sequence[str]
    reserve: int
    strength: Strength
    seed: int
    effort: str
    sample: bool
    assumptions: Sequence[Text] = ()


def inputs_hash(
    sites: pl.DataFrame, posts: pl.DataFrame, personnel: pl.DataFrame, settings: Mapping[str, Any]
) -> str:
    """Return the SHA-256 of what a plan depends on, in an order that does not depend on storage."""
    digest = hashlib.sha256()
    for frame, key, columns in (
        (sites, "code", ("code", "desa", "kecamatan", "class", "khusus", "lon", "lat", "access")),
        (posts, "code", ("code", "lon", "lat")),
        (
            personnel,
            "id",
            (
                "id",
                "agency",
                "unit",
                "leader",
                "home_post",
                "home_desa",
                "duty",
                "transport",
                "available",
            ),
        ),
    ):
        digest.update(frame.select(columns).sort(key).write_csv().encode())
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def settings_of(
    pattern: Pattern, rules: GuardRules, travel: TravelTimes, strength: str
) -> dict[str, Any]:
    """Return the settings that a plan was made under, as the plan file keeps them."""
    roads = travel.settings()
    return {
        "pattern": {
            "name": pattern.name,
            "guards": {
                c: {"polri": g.polri, "tps": g.tps} for c, g in sorted(pattern.guards.items())
            },
        },
        "rules": {**asdict(rules), "risk": dict(rules.risk)},
        "travel": travel.assumption().en,
        "strength": strength,
        **({} if roads is None else {"roads": roads}),
    }


def write_plan(draft: Draft) -> dict[str, Any]:
    """Return the plan as the object of its file."""
    beats = _beats(draft)
    beats_of = {(b["block"], b["at"]): b for b in beats}
    uncovered = _uncovered(draft)
    parts = objective_parts(draft.rules, beats, uncovered)
    blocks = _kecamatan(draft, beats, uncovered)
    bound = float(draft.integer_bounds.sum() - draft.prices.team_price @ draft.problem.teams)
    bound = min(bound, parts["total"])
    settings = settings_of(draft.pattern, draft.rules, draft.travel, draft.strength)
    digest = inputs_hash(draft.sites, draft.posts, draft.personnel, settings)
    name = hashlib.sha256(f"{digest}/{draft.seed}/{draft.effort}".encode()).hexdigest()
    risk = _risk(draft, parts["risk_uncovered"])
    for beat in beats:
        del beat["block"], beat["at"]
    return {
        "format": FORMAT,
        "plan": f"guards-{name[:10]}",
        "sample": draft.sample,
        "pattern": draft.pattern.name,
        "settings": settings,
        **_travel(draft),
        "objective": parts["total"],
        "objective_parts": {k: v for k, v in parts.items() if k != "total"},
        "lower_bound": bound,
        "gap": gap_of(parts["total"], bound),
        "uncovered_risk": risk,
        "tps_covered": draft.problem.size - len(uncovered),
        "tps_uncovered": {c: sum(u["class"] == c for u in uncovered) for c in CLASSES},
        "teams": len(beats),
        "officers": sum(len(draft.teams[t].members) for t in draft.sent.values()),
        "linmas": LINMAS_PER_TPS * draft.problem.size,
        "beats": beats,
        "teams_detail": _teams(draft, beats_of),
        "spare_teams": [
            team_row(t) for i, t in enumerate(draft.teams) if i not in set(draft.sent.values())
        ],
        "spare_officers": sorted(draft.spare),
        "reserve": draft.reserve,
        "padal": [{"kecamatan": k, "person": p} for k, p in sorted(draft.padal.items())],
        "uncovered": uncovered,
        "one_more_team": _one_more(draft),
        "degraded": both(degraded(draft.padal, draft.spare, uncovered, _guarded(draft, uncovered))),
        "kecamatan": blocks,
        "certificate": {
            "lower_bound": bound,
            "lagrangian_bound": min(draft.prices.total, parts["total"]),
            "gap": gap_of(parts["total"], bound),
            "solver": "ruin and recreate + Lagrangian bound"
            + (" + HiGHS per kecamatan" if draft.effort == "high" else ""),
            "seed": draft.seed,
            "effort": draft.effort,
            "inputs_sha256": digest,
            "versions": {n: version(n) for n in LIBRARIES},
            "assumptions": both(
                [*draft.assumptions, *assumptions(draft.sites, draft.rules, draft.travel)]
            ),
            "prices": _prices(draft),
        },
    }


def _travel(draft: Draft) -> dict[str, Any]:
    """Return what the plan says of the roads under it; nothing without a network."""
    stated = draft.travel.stated(draft.sites, draft.posts)
    if stated is None:
        return {}
    problem = draft.problem
    lost = sorted(
        codes[i]
        for k, codes in enumerate(problem.tps)
        for i in np.flatnonzero(~problem.reachable(k))
    )
    told = road_remarks(stated, len(lost))
    return {"travel": {**stated, "unreachable_tps": lost, "remarks": both(told)}}


def _guarded(draft: Draft, uncovered: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    classes = draft.sites["class"]
    left = [u["class"] for u in uncovered]
    return {c: int((classes == c).sum()) - left.count(c) for c in CLASSES}


def _rows(draft: Draft) -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in draft.sites.iter_rows(named=True)}


def _ways(draft: Draft) -> dict[tuple[int, int], float]:
    """Return the unweighted way from its team's post to each beat's anchor, in one matrix."""
    rows = _rows(draft)
    keys = list(draft.sent)
    if not keys:
        return {}
    sites = np.array([[rows[draft.problem.tps[k][a]][c] for c in ("lon", "lat")] for k, a in keys])
    row_of = {p: g for g, p in enumerate(draft.posts["code"])}
    matrix = draft.travel.seconds(draft.posts.select("lon", "lat").to_numpy(), sites)
    return {
        key: float(matrix[row_of[draft.teams[draft.sent[key]].post], b])
        for b, key in enumerate(keys)
    }


def _beats(draft: Draft) -> list[dict[str, Any]]:
    """Return the beats in order of kecamatan and anchor; `block` and `at` stay in this module."""
    ways = _ways(draft)
    beats: list[dict[str, Any]] = []
    running: dict[int, int] = {}
    for k, a in sorted(draft.sent):
        block, codes = draft.problem.blocks[k], draft.problem.tps[k]
        members = np.flatnonzero(draft.anchor_of[k] == a)
        running[k] = running.get(k, 0) + 1
        team = draft.teams[draft.sent[k, a]]
        beats.append(
            {
                "id": f"{draft.problem.kecamatan[k]}-B{running[k]:02d}",
                "kecamatan": draft.problem.kecamatan[k],
                "anchor": codes[a],
                "tps": [codes[i] for i in route(block.travel, a, members)],
                "team": team.id,
                "post": team.post,
                "way_s": ways[k, a],
                "travel_s": float(block.travel[a, members].sum()),
                "load": f"{int(block.weight[members].sum())}/{block.capacity}",
                "block": k,
                "at": a,
            }
        )
    return beats


def _uncovered(draft: Draft) -> list[dict[str, Any]]:
    rows = _rows(draft)
    left = [
        rows[codes[i]]
        for codes, solved in zip(draft.problem.tps, draft.anchor_of, strict=True)
        for i in np.flatnonzero(solved == OPEN)
    ]
    return open_rows(left, draft.rules)


def _risk(draft: Draft, risk: float) -> dict[str, float]:
    """Return the open risk with the least that any plan with these teams must leave open."""
    blocks = draft.problem.blocks
    room = draft.problem.team_count * (blocks[0].capacity if blocks else 0)
    least = risk_lower_bound(
        [b.weight for b in blocks], [b.penalty / draft.rules.penalty_s for b in blocks], room
    )
    least = min(least, risk)
    return {"value": risk, "lower_bound": least, "gap": (risk - least) / risk if risk else 0.0}


def _kecamatan(
    draft: Draft, beats: Sequence[Mapping[str, Any]], uncovered: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return each kecamatan's own objective and bound, the bound given the teams it was sent."""
    row_of = {p: g for g, p in enumerate(draft.problem.posts)}
    found = []
    for k, code in enumerate(draft.problem.kecamatan):
        own = [b for b in beats if b["block"] == k]
        left = [u for u in uncovered if u["kecamatan"] == code]
        parts = objective_parts(draft.rules, own, left)
        paid = sum(float(draft.prices.team_price[row_of[b["post"]]]) for b in own)
        low = min(float(draft.integer_bounds[k]) - paid, parts["total"])
        proven = draft.integer_bounds[k] > draft.prices.block_bound[k]
        found.append(
            {
                "kecamatan": code,
                "tps": draft.problem.blocks[k].size,
                "teams": len(own),
                "objective": parts["total"],
                "lower_bound": low,
                "gap": gap_of(parts["total"], low),
                "bound_by": "highs" if proven else "lagrangian",
                "uncovered": len(left),
                "uncovered_risk": parts["risk_uncovered"],
            }
        )
    return found


def _teams(
    draft: Draft, beats: Mapping[tuple[int, int], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    found = [
        shift_row(team_row(draft.teams[index]), beats[key], draft.rules)
        for key, index in draft.sent.items()
    ]
    return sorted(found, key=lambda t: t["beat"])


def _one_more(draft: Draft) -> dict[str, Any] | None:
    """Say what the first further team would buy, and where; None where it would buy nothing."""
    best: dict[str, Any] | None = None
    for k, more in enumerate(draft.one_more):
        if more is None:
            continue
        block, now = draft.problem.blocks[k], draft.anchor_of[k]
        gain = _cost(block.travel, block.opening, block.penalty, now) - _cost(
            block.travel, block.opening, block.penalty, more
        )
        covered = int((now == OPEN).sum() - (more == OPEN).sum())
        if gain > 0 and (best is None or gain > best["saves_s"]):
            best = {
                "kecamatan": draft.problem.kecamatan[k],
                "saves_s": gain,
                "tps_covered": covered,
            }
    return best


def _cost(travel: Floats, opening: Floats, penalty: Floats, anchor_of: Ints) -> float:
    covered = anchor_of >= 0
    anchors = anchor_of[covered]
    return float(
        opening[np.unique(anchors)].sum()
        + travel[anchors, np.flatnonzero(covered)].sum()
        + penalty[~covered].sum()
    )


def _prices(draft: Draft) -> dict[str, Any]:
    """Return the dual prices: with them anyone can recompute the Lagrangian bound."""
    return {
        "posts": {
            p: float(v) for p, v in zip(draft.problem.posts, draft.prices.team_price, strict=True)
        },
        "tps": {
            c: float(v)
            for codes, values in zip(draft.problem.tps, draft.prices.value, strict=True)
            for c, v in zip(codes, values, strict=True)
        },
    }
