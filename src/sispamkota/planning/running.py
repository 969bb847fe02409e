"""A plan file read back into arrays, to be repaired, and written down again after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.bound import Prices, price_bound
from sispamkota.planning.crews import Team
from sispamkota.planning.document import Draft, write_plan
from sispamkota.planning.guards import GuardInputs, team_share
from sispamkota.planning.priority import serve_dangerous
from sispamkota.planning.problem import GuardProblem, build_problem
from sispamkota.planning.repair import MOVE_PRICE_S, Repair, Running, repair
from sispamkota.planning.search import OPEN, Ints

Plan = Mapping[str, Any]


def repair_plan(
    plan: Plan, inputs: GuardInputs, lost: str, *, price: float = MOVE_PRICE_S
) -> dict[str, Any]:
    """Return the plan repaired after team `lost` dropped out, with a bound of its own.

    Args:
        plan: a valid guard plan made from `inputs`.
        inputs: what it was made from.
        lost: id of the team.
        price: seconds that one TPS of another team changing hands costs.

    Raises:
        DomainError: `unknown_team`.
    """
    running = read_running(plan, inputs)
    index = {t.id: i for i, t in enumerate(running.teams)}
    if lost not in index:
        raise DomainError(
            "unknown_team",
            Text(f"tidak ada tim '{lost}' di rencana ini", f"this plan has no team '{lost}'"),
            Text("Lihat daftar tim di berkas rencana.", "See the teams in the plan file."),
            {"team": lost},
        )
    team = running.teams[index[lost]]
    fixed = (
        repair(running, index[lost], price=price)
        if index[lost] in running.sent.values()
        else _idle_loss(running)
    )
    return _write(plan, inputs, running, team, fixed)


def read_running(plan: Plan, inputs: GuardInputs) -> Running:
    """Return the plan in arrays."""
    personnel = {r["id"]: r for r in inputs.personnel.iter_rows(named=True)}
    teams = tuple(team_of(t, personnel) for t in (*plan["teams_detail"], *plan["spare_teams"]))
    problem = problem_of(inputs, teams)
    row = {c: (k, i) for k, codes in enumerate(problem.tps) for i, c in enumerate(codes)}
    index = {t.id: i for i, t in enumerate(teams)}
    anchor_of: tuple[Ints, ...] = tuple(
        np.full(b.size, OPEN, dtype=np.int64) for b in problem.blocks
    )
    sent: dict[tuple[int, int], int] = {}
    for beat in plan["beats"]:
        k, a = row[beat["anchor"]]
        sent[k, a] = index[beat["team"]]
        for code in beat["tps"]:
            anchor_of[k][row[code][1]] = a
    sites = inputs.sites.select("code", "desa", "access").rows()
    return Running(
        problem=problem,
        teams=teams,
        anchor_of=anchor_of,
        sent=sent,
        desa={c: d for c, d, _ in sites},
        access={c: a for c, _, a in sites if a},
    )


def team_of(row: Mapping[str, Any], personnel: Mapping[str, Mapping[str, Any]]) -> Team:
    """Return the team of a plan file's row; `personnel` maps ids to rows of the roster."""
    homes = (personnel[p]["home_desa"] for p in row["members"] if p in personnel)
    return Team(
        id=row["id"],
        post=row["post"],
        leader=row["leader"],
        members=tuple(row["members"]),
        transport=frozenset(row["transport"]),
        home_desa=frozenset(str(h) for h in homes if h),
    )


def problem_of(inputs: GuardInputs, teams: tuple[Team, ...]) -> GuardProblem:
    """Return the arrays of the inputs with these teams."""
    _, share = team_share(inputs.pattern)
    known = inputs.posts.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    count: dict[str, int] = {}
    for team in teams:
        count[team.post] = count.get(team.post, 0) + 1
    return build_problem(
        inputs.sites, known, count, share=share, rules=inputs.rules, travel=inputs.travel
    )


def _idle_loss(running: Running) -> Repair:
    return Repair(
        anchor_of=tuple(running.anchor_of),
        sent=dict(running.sent),
        orphans=(),
        moved=(),
        stand_in=None,
    )


def _write(
    plan: Plan, inputs: GuardInputs, running: Running, lost: Team, fixed: Repair
) -> dict[str, Any]:
    """Write the repaired plan; its bound is the old prices' bound with one team fewer."""
    teams = tuple(t for t in running.teams if t.id != lost.id)
    index = {t.id: i for i, t in enumerate(teams)}
    problem = running.problem
    at = problem.posts.index(lost.post)
    count = problem.teams.copy()
    count[at] -= 1
    problem = replace(problem, teams=count)
    sent = {key: index[running.teams[t].id] for key, t in fixed.sent.items()}
    anchor_of, sent = serve_dangerous(problem, inputs.sites, fixed.anchor_of, sent, teams)
    prices = prices_of(plan, problem)
    posts = inputs.posts.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    gone = [*plan.get("unavailable", ()), *lost.members]
    body = write_plan(
        Draft(
            sites=inputs.sites,
            posts=posts,
            personnel=inputs.personnel,
            pattern=inputs.pattern,
            rules=inputs.rules,
            travel=inputs.travel,
            problem=problem,
            teams=teams,
            sent=sent,
            anchor_of=anchor_of,
            prices=prices,
            integer_bounds=prices.block_bound,
            one_more=(),
            padal={r["kecamatan"]: r["person"] for r in plan["padal"]},
            spare=plan["spare_officers"],
            reserve=plan["reserve"],
            strength=inputs.strength,
            seed=plan["certificate"]["seed"],
            effort=plan["certificate"]["effort"],
            sample=inputs.sample,
            assumptions=inputs.assumptions,
        )
    )
    moved = _moved(plan, body, lost.id)
    root = str(plan["plan"]).split("-r-")[0]
    name = hashlib.sha256(f"{plan['plan']}/{lost.id}".encode()).hexdigest()[:8]
    return {
        **body,
        "plan": f"{root}-r-{name}",
        **({"edited": plan["edited"]} if "edited" in plan else {}),
        "unavailable": gone,
        "repair": {
            "of": plan["plan"],
            "without": lost.id,
            "tps_of_lost": len(fixed.orphans),
            "tps_moved": len(moved),
            "moved": moved,
            "stand_in": None if fixed.stand_in is None else running.teams[fixed.stand_in].id,
            "objective_before": plan["objective"],
        },
    }


def _moved(before: Plan, after: Plan, lost: str) -> list[str]:
    """Return the TPS of other teams that another team guards now, or none."""
    team_of = {t: b["team"] for b in after["beats"] for t in b["tps"]}
    return sorted(
        t
        for b in before["beats"]
        if b["team"] != lost
        for t in b["tps"]
        if team_of.get(t) != b["team"]
    )


def prices_of(plan: Plan, problem: GuardProblem) -> Prices:
    """Return the bound of the problem at the prices that the plan states."""
    stated = plan["certificate"]["prices"]
    return price_bound(
        problem.blocks,
        problem.ways,
        problem.teams,
        [np.array([stated["tps"][c] for c in codes]) for codes in problem.tps],
        np.array([stated["posts"].get(p, 0.0) for p in problem.posts]),
    )
