"""The guard plan: who guards which TPS, with what is open and why, and a bound that certifies it.

`plan_guards` is the whole way in one page: check, form teams, lay out the problem, solve, put the
most dangerous TPS first, send teams, certify, write the plan down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import polars as pl

from sispamkota.forces.strength import Strength, released_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.bound import Prices, price_bound, priced_opening
from sispamkota.planning.certify import integer_bounds
from sispamkota.planning.crews import Beat, Team, assign_padal, eligible, form_teams, match
from sispamkota.planning.document import Draft, write_plan
from sispamkota.planning.pattern_types import BUDDY, Pattern
from sispamkota.planning.priority import dangerous_first, serve_dangerous
from sispamkota.planning.problem import GuardProblem, GuardRules, build_problem
from sispamkota.planning.search import OPEN, Floats, Ints, cost_of
from sispamkota.planning.solve import HIGH, NORMAL, QUICK, Progress, solve
from sispamkota.planning.travel import TravelTimes

EffortName = Literal["quick", "normal", "high"]
EFFORTS = {"quick": QUICK, "normal": NORMAL, "high": HIGH}
SITE_COLUMNS = ("code", "desa", "kecamatan", "class", "khusus", "lon", "lat", "position", "access")
SAME_TPS_S = 0.001  # seconds a TPS that a team knows is worth: decides between equals, no more


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardInputs:
    """Everything a guard plan depends on.

    Attributes:
        sites: one row per TPS, columns `SITE_COLUMNS` and `certainty` of its class.
        posts: POSTS frame.
        personnel: PERSONNEL frame.
        pattern: doctrine pattern of kind `ratio`.
        rules: rules and weights.
        travel: travel times.
        strength: whether the roster is already released to TPS duty or the whole Polres.
        sample: whether any input is generated (CONTOH).
        assumptions: what else the inputs take for granted, for the certificate.
    """

    sites: pl.DataFrame
    posts: pl.DataFrame
    personnel: pl.DataFrame
    pattern: Pattern
    rules: GuardRules
    travel: TravelTimes
    strength: Strength = "released"
    sample: bool = False
    assumptions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crews:
    """The teams that a plan may send, and who is in none of them.

    Attributes:
        teams: all teams, in order of post.
        spare: ids of officers in no team.
        reserve: officers of a whole strength who stay back.
        used_to: team id → TPS that it guards in a plan in hand; of two teams that serve a beat
            as well the one that knows its TPS is sent.
        known: beats in hand as (anchor, its TPS), from which the search sets out.
    """

    teams: tuple[Team, ...]
    spare: tuple[str, ...] = ()
    reserve: int = 0
    used_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: Sequence[tuple[str, Sequence[str]]] = ()


def plan_guards(
    inputs: GuardInputs,
    *,
    seed: int = 1,
    effort: EffortName = "normal",
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Make a guard plan with its certificate.

    Args:
        inputs: what the plan depends on.
        seed: seed of the search; same inputs and seed, same plan.
        effort: `high` searches longer and has HiGHS tighten each kecamatan's bound.
        progress: called with the step's name and the part done (0..1).

    Returns:
        The plan as the JSON object of a plan file (docs/reference/plan-file.md).

    Raises:
        DomainError: no TPS, a TPS without position, no officers, a pattern of another kind.
    """
    _check(inputs)
    size, _ = team_share(inputs.pattern)
    officers, reserve = release(inputs.personnel, inputs.strength)
    placed = officers.filter(pl.col("home_post").is_in(known_posts(inputs)["code"].implode()))
    teams, spare = form_teams(placed, size=size)
    if not teams:
        raise _no_teams(inputs, size)
    crews = Crews(teams=teams, spare=(*spare, *_unplaced(officers, placed)), reserve=reserve)
    return plan_with_teams(inputs, crews, seed=seed, effort=effort, progress=progress)


def plan_with_teams(
    inputs: GuardInputs,
    crews: Crews,
    *,
    seed: int = 1,
    effort: EffortName = "normal",
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Make a guard plan for teams that are formed already; else as `plan_guards`."""
    known = known_posts(inputs)
    _, share = team_share(inputs.pattern)
    teams = crews.teams
    count = {p: sum(t.post == p for t in teams) for p in {t.post for t in teams}}
    problem = build_problem(
        inputs.sites, known, count, share=share, rules=inputs.rules, travel=inputs.travel
    )
    solution = solve(
        problem,
        seed=seed,
        effort=EFFORTS[effort],
        progress=progress,
        known=known_anchors(problem, crews.known) if crews.known else (),
    )
    anchor_of = dangerous_first(problem, inputs.sites, solution.anchor_of)
    anchor_of, sent = send(problem, inputs.sites, anchor_of, teams, crews.used_to)
    anchor_of, sent = serve_dangerous(problem, inputs.sites, anchor_of, sent, teams)
    prices = certified_prices(problem, solution.prices)
    integer = _integer(problem, prices, anchor_of, effort, progress)
    return write_plan(
        Draft(
            sites=inputs.sites,
            posts=known,
            pattern=inputs.pattern,
            rules=inputs.rules,
            travel=inputs.travel,
            problem=problem,
            teams=teams,
            sent=sent,
            anchor_of=anchor_of,
            prices=prices,
            integer_bounds=integer,
            one_more=solution.one_more,
            padal=_padal(inputs, problem),
            spare=crews.spare,
            reserve=crews.reserve,
            strength=inputs.strength,
            seed=seed,
            effort=effort,
            sample=inputs.sample,
            assumptions=inputs.assumptions,
            personnel=inputs.personnel,
        )
    )


def known_anchors(
    problem: GuardProblem, beats: Sequence[tuple[str, Sequence[str]]]
) -> tuple[Ints, ...]:
    """Return beats in hand in the arrays of a problem; what its rules forbid is left open."""
    row = {c: (k, i) for k, codes in enumerate(problem.tps) for i, c in enumerate(codes)}
    found = tuple(np.full(b.size, OPEN, dtype=np.int64) for b in problem.blocks)
    for anchor, members in beats:
        if anchor not in row:
            continue
        k, a = row[anchor]
        block, room = problem.blocks[k], problem.blocks[k].capacity
        inside = [row[c][1] for c in members if c in row and row[c][0] == k]
        for i in sorted(inside, key=lambda i: (block.travel[a, i], i != a, i)):
            if np.isfinite(block.travel[a, i]) and block.weight[i] <= room:
                found[k][i] = a
                room -= int(block.weight[i])
    return found


def known_posts(inputs: GuardInputs) -> pl.DataFrame:
    """Return the posts that have a position; teams leave from these alone."""
    return inputs.posts.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())


def team_share(pattern: Pattern) -> tuple[int, dict[str, Fraction]]:
    """Return officers per team and the part of a team that a TPS of each category takes.

    The team is the smallest the pattern uses, never below the buddy rule of two. A TPS takes
    polri / (tps × team): 2 Polri for 16 TPS is 1/16 of a team of two, 2 for 1 a whole one.

    Raises:
        DomainError: the pattern counts per kecamatan, not per TPS.
    """
    share: dict[str, Fraction] = {}
    size = max(BUDDY, min(g.polri for g in pattern.guards.values()))
    for category, guard in pattern.guards.items():
        if guard.tps is None:
            raise DomainError(
                "pattern_not_plannable",
                Text(
                    f"pola '{pattern.name}' menghitung tim per kecamatan, bukan per TPS",
                    f"pattern '{pattern.name}' counts teams per kecamatan, not per TPS",
                ),
                Text(
                    "Pilih pola berjenis ratio untuk rencana; pola ini hanya untuk `need`.",
                    "Choose a pattern of kind ratio to plan; this one serves `need` only.",
                ),
                {"pattern": pattern.name},
            )
        share[category] = Fraction(guard.polri, guard.tps * size)
    return size, share


def release(personnel: pl.DataFrame, strength: Strength) -> tuple[pl.DataFrame, int]:
    """Return the officers who may go to TPS duty and how many of the Polres stay as reserve.

    With the whole strength rostered one third of the Polres's own officers stays (domain rule
    1.2c); those at the largest post stay first, since that post sends the most.
    """
    officers = eligible(personnel)
    if strength == "released":
        return officers, 0
    own = (pl.col("unit") != "bko").fill_null(value=True)
    all_own = personnel.filter((pl.col("agency") == "polri") & own).height
    ready = officers.filter(own)
    allowed = min(ready.height, released_of(all_own))
    kept = (
        ready.sort("id")
        .with_columns(
            crowd=pl.len().over("home_post"),
            # leaders and members by turns, so that those who go can form teams
            turn=pl.int_range(pl.len()).over("home_post", "leader"),
        )
        .sort("crowd", "home_post", "turn", pl.col("leader").not_(), "id")
        .head(allowed)
        .drop("crowd", "turn")
    )
    chosen = pl.concat([kept, officers.filter(~own)]).sort("home_post", "id")
    return chosen, ready.height - allowed


def send(
    problem: GuardProblem,
    sites: pl.DataFrame,
    anchor_of: Sequence[Ints],
    teams: Sequence[Team],
    used_to: Mapping[str, frozenset[str]] | None = None,
) -> tuple[tuple[Ints, ...], dict[tuple[int, int], int]]:
    """Send teams to beats under the rules for persons; a beat that no team fits is opened again.

    `used_to` decides between ways that are equally long (`Crews`).

    Returns:
        the anchors after that, and (block, anchor) → index of the team.
    """
    rows = {r["code"]: r for r in sites.select("code", "desa", "access").iter_rows(named=True)}
    row_of_post = {p: g for g, p in enumerate(problem.posts)}
    keys, beats = [], []
    for k, solved in enumerate(anchor_of):
        for a in np.unique(solved[solved >= 0]):
            members = tuple(problem.tps[k][i] for i in np.flatnonzero(solved == a))
            keys.append((k, int(a)))
            beats.append(
                Beat(
                    kecamatan=problem.kecamatan[k],
                    anchor=problem.tps[k][int(a)],
                    tps=members,
                    desa=frozenset(str(rows[c]["desa"]) for c in members),
                    access=frozenset(str(rows[c]["access"]) for c in members if rows[c]["access"]),
                )
            )
    posts = np.array([row_of_post[t.post] for t in teams])
    way = np.array([problem.ways[k][:, a] for k, a in keys]).reshape(len(keys), len(problem.posts))
    risk = [float(problem.blocks[k].penalty[anchor_of[k] == a].sum()) for k, a in keys]
    cost = way[:, posts].T
    if used_to:
        own = [used_to.get(t.id, frozenset()) for t in teams]
        cost = cost - SAME_TPS_S * np.array([[len(o & set(b.tps)) for b in beats] for o in own])
    found = match(teams, beats, cost, risk)
    after = tuple(a.copy() for a in anchor_of)
    sent: dict[tuple[int, int], int] = {}
    for (k, a), team in zip(keys, found, strict=True):
        if team is None:
            after[k][after[k] == a] = OPEN
        else:
            sent[k, a] = team
    return after, sent


def certified_prices(problem: GuardProblem, prices: Prices) -> Prices:
    """Round the prices to what the plan file prints and bound again at exactly those."""
    value = tuple(
        np.minimum(np.round(v, 2), b.penalty)
        for v, b in zip(prices.value, problem.blocks, strict=True)
    )
    return price_bound(
        problem.blocks, problem.ways, problem.teams, value, np.round(prices.team_price, 2)
    )


def _integer(
    problem: GuardProblem,
    prices: Prices,
    anchor_of: Sequence[Ints],
    effort: EffortName,
    progress: Progress,
) -> Floats:
    """Return per block the better of the Lagrangian bound and, on high effort, that of HiGHS."""
    if effort != "high":
        return prices.block_bound
    blocks = [
        replace(b, opening=priced_opening(w, prices.team_price))
        for b, w in zip(problem.blocks, problem.ways, strict=True)
    ]
    known = [cost_of(b, a) for b, a in zip(blocks, anchor_of, strict=True)]
    return integer_bounds(blocks, prices, known, progress)


def _padal(inputs: GuardInputs, problem: GuardProblem) -> dict[str, str | None]:
    centres = (
        inputs.sites.group_by("kecamatan").agg(pl.col("lon").mean(), pl.col("lat").mean())
    ).sort("kecamatan")
    posts = inputs.posts.filter(pl.col("lon").is_not_null()).sort("code")
    seconds = inputs.travel.seconds(
        posts.select("lon", "lat").to_numpy(), centres.select("lon", "lat").to_numpy()
    )
    return assign_padal(inputs.personnel, problem.kecamatan, seconds, list(posts["code"]))


def _unplaced(officers: pl.DataFrame, placed: pl.DataFrame) -> tuple[str, ...]:
    return tuple(officers.filter(~pl.col("id").is_in(placed["id"].implode()))["id"])


def _check(inputs: GuardInputs) -> None:
    sites = inputs.sites
    if sites.is_empty():
        raise DomainError(
            "no_tps",
            Text("belum ada TPS di ruang kerja ini", "this workspace has no TPS yet"),
            Text(
                "Impor TPS: sispamkota import tps BERKAS.",
                "Import TPS: sispamkota import tps FILE.",
            ),
        )
    nowhere = sites.filter(pl.col("lon").is_null() | pl.col("lat").is_null())
    if not nowhere.is_empty():
        raise DomainError(
            "tps_without_position",
            Text(
                f"{nowhere.height} TPS tanpa posisi, pertama {nowhere['code'][0]}",
                f"{nowhere.height} TPS have no position, first {nowhere['code'][0]}",
            ),
            Text(
                "Impor wilayah dengan titik atau batas desa, lalu ulangi.",
                "Import areas with points or boundaries of the desa, then try again.",
            ),
            {"tps": nowhere["code"][0]},
        )


def _no_teams(inputs: GuardInputs, size: int) -> DomainError:
    officers = eligible(inputs.personnel).height
    return DomainError(
        "no_teams",
        Text(
            f"tidak ada tim yang dapat dibentuk: {officers} petugas Polri siap tugas TPS, "
            f"satu tim {size} orang dengan pimpinan, dari pos yang punya titik",
            f"no team can be formed: {officers} Polri ready for TPS duty; a team is {size} with "
            "a leader, from a post that has a position",
        ),
        Text(
            "Impor personel (sispamkota import personnel) dan pos (sispamkota import posts).",
            "Import personnel (sispamkota import personnel) and posts (sispamkota import posts).",
        ),
        {"officers": officers, "team_size": size},
    )


__all__ = [
    "SITE_COLUMNS",
    "Crews",
    "GuardInputs",
    "known_posts",
    "plan_guards",
    "plan_with_teams",
    "release",
    "send",
    "team_share",
]
