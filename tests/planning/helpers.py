"""Small made-up operations, an exhaustive planner to hold the real one against, and shorthands."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import combinations

import numpy as np
import polars as pl

from sispamkota.forces.frames import PERSONNEL
from sispamkota.planning.guards import GuardInputs, team_share
from sispamkota.planning.patterns import find_pattern
from sispamkota.planning.problem import GuardProblem, GuardRules, build_problem
from sispamkota.planning.search import Block
from sispamkota.planning.travel import StraightLine
from sispamkota.territory.frames import POSTS

LON, LAT = 104.30, -4.30
DENSE = "pemilu-2024-2.4.8"
SITES: dict[str, pl.DataType] = {
    "code": pl.String(), "desa": pl.String(), "kecamatan": pl.String(), "class": pl.String(),
    "khusus": pl.Boolean(), "lon": pl.Float64(), "lat": pl.Float64(), "position": pl.String(),
    "access": pl.String(), "certainty": pl.String(),
}  # fmt: skip


def site(kecamatan, desa, number, class_="kurang_rawan", *, east=0.0, north=0.0, **other):
    """One TPS, `east` and `north` in km from a corner of the regency."""
    village = f"1608{kecamatan:02d}{2000 + desa}"
    row = {
        "code": f"{village}{number:03d}", "desa": village, "kecamatan": f"1608{kecamatan:02d}",
        "class": class_, "khusus": False, "lon": LON + east / 111.0, "lat": LAT + north / 111.2,
        "position": "approximate", "access": None, "certainty": "certain",
    }  # fmt: skip
    return row | other


def person(number, post, *, leader=False, duty="tps", **other):
    row = {
        "id": f"P{number:03d}", "agency": "polri", "unit": "polsek", "rank": "bripka",
        "leader": leader, "home_post": post, "home_desa": None, "duty": duty,
        "transport": "motorcycle", "qualifications": None, "available": True,
        "source": "uji", "as_of": dt.date(2024, 2, 1), "sample": True,
    }  # fmt: skip
    return row | other


def post(code, *, east=0.0, north=0.0, **other):
    row = dict.fromkeys(POSTS) | {
        "code": code, "name": code, "kind": "polsek", "position": "surveyed", "source": "uji",
        "as_of": dt.date(2024, 2, 1), "lon": LON + east / 111.0, "lat": LAT + north / 111.2,
    }  # fmt: skip
    return row | other


def crew(post_code, officers, *, first=0, **other):
    """`officers` of one post, every second one a leader."""
    return [person(first + i, post_code, leader=i % 2 == 0, **other) for i in range(officers)]


def inputs(sites, people, posts, *, pattern=DENSE, rules=None, **other):
    return GuardInputs(
        sites=pl.DataFrame(sites, schema=SITES),
        posts=pl.DataFrame(posts, schema=POSTS),
        personnel=pl.DataFrame(people, schema=PERSONNEL),
        pattern=find_pattern(pattern),
        rules=rules or GuardRules(),
        travel=StraightLine(),
        **other,
    )


def two_kecamatan(*, officers=(12, 12), far=0, per_kecamatan=12, seed=1, padal=2, **other):
    """Two kecamatan of three desa, 10 km apart, each with its post; `far` more 60 km away.

    Each has one sangat rawan and two rawan TPS; the first TPS of all is khusus besides. With the
    dense pattern a kecamatan takes 1 + 2/2 + 9/4 teams, so at least five.
    """
    draw = np.random.default_rng(seed)
    sites = []
    for kec in (1, 2):
        for i in range(per_kecamatan):
            class_ = "sangat_rawan" if i == 0 else "rawan" if i in {5, 9} else "kurang_rawan"
            desa = i % 3
            east, north = draw.uniform(0, 1.6, 2) + np.array(
                [1.5 * desa + 10 * (kec - 1), 0.4 * desa]
            )
            number = 901 if (kec, i) == (1, 0) else i + 1
            sites.append(
                site(kec, desa, number, class_, east=east, north=north, khusus=number > 900)
            )
    posts = [post("polsek-a", east=1, north=1), post("polsek-b", east=11, north=1)]
    people = crew("polsek-a", officers[0]) + crew("polsek-b", officers[1], first=100)
    if far:
        posts.append(post("polres", east=60))
        people += crew("polres", far, first=200)
    people += [person(900 + i, "polsek-a", duty="padal", leader=True) for i in range(padal)]
    return inputs(sites, people, posts, **other)


def problem_of(given, teams):
    """The arrays of `given` with `teams` (post → number) instead of its roster."""
    _, share = team_share(given.pattern)
    return build_problem(
        given.sites, given.posts, teams, share=share, rules=given.rules, travel=given.travel
    )


def subsets(n):
    return range(1, 1 << n)


def members(mask):
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def best_plan(problem: GuardProblem, risk_only: float | None = None) -> float:
    """Return the least cost over all partitions, anchors, posts of the teams and open TPS.

    With `risk_only` (the penalty of one unit of risk) the least open risk instead of the cost.
    """
    spots = [(k, i) for k, b in enumerate(problem.blocks) for i in range(b.size)]
    n, posts = len(spots), len(problem.posts)
    beat = {}
    for mask in subsets(n):
        inside = members(mask)
        (k, *others) = {spots[s][0] for s in inside}
        block = problem.blocks[k]
        at = [spots[s][1] for s in inside]
        if others or block.weight[at].sum() > block.capacity:
            continue
        for a in at:
            inner = float(block.travel[a, at].sum())
            if not np.isfinite(inner):
                continue
            for g in range(posts):
                cost = 0.0 if risk_only else inner + float(problem.ways[k][g, a])
                beat[mask, g] = min(cost, beat.get((mask, g), np.inf))
    unit = risk_only or 1.0
    penalty = [float(problem.blocks[k].penalty[i]) / unit for k, i in spots]
    beats_with = {s: [(m, g, c) for (m, g), c in beat.items() if m >> s & 1] for s in range(n)}

    @cache
    def least(left: int, teams: tuple[int, ...]) -> float:
        if not left:
            return 0.0
        s = (left & -left).bit_length() - 1
        best = penalty[s] + least(left & ~(1 << s), teams)
        for mask, g, cost in beats_with[s]:
            if mask & ~left == 0 and teams[g]:
                fewer = (*teams[:g], teams[g] - 1, *teams[g + 1 :])
                best = min(best, cost + least(left & ~mask, fewer))
        return best

    return least((1 << n) - 1, tuple(int(t) for t in problem.teams))


def best_beat(block: Block, opening, value, anchor) -> float:
    """Return the least cost of a beat at `anchor` at these prices, over all its subsets."""
    others = [i for i in range(block.size) if i != anchor]
    best = np.inf
    for size in range(block.size):
        for chosen in combinations(others, size):
            inside = [anchor, *chosen]
            if block.weight[inside].sum() <= block.capacity:
                cost = opening[anchor] + (block.travel[anchor, inside] - value[inside]).sum()
                best = min(best, float(cost))
    return best
