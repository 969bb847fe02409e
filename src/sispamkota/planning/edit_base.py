"""A plan made ready for edits by hand: what every edit of it needs, worked out once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.edit_ops import Layout, layout_of
from sispamkota.planning.guards import GuardInputs, team_share
from sispamkota.planning.problem import risk_lower_bound, whole_weights
from sispamkota.planning.running import prices_of, problem_of, team_of

Plan = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditBase:
    """A plan made ready for edits; making it costs more than an edit, so it is kept.

    Attributes:
        plan: the plan as its file has it.
        inputs: what it was made from.
        layout: its arrangement.
        sites: TPS code → row of the inputs.
        posts: post code → (lon, lat).
        weight: TPS code → units of a team that it takes.
        capacity: units that one team can guard.
        block_bound: kecamatan → bound of its cost when teams are bought at their price.
        team_price: post → price of one team.
        bound: what no plan with these teams that keeps the rules can undercut.
        lagrangian: the same from the prices alone.
        least_risk: risk that these teams must leave open at least.
    """

    plan: Plan
    inputs: GuardInputs
    layout: Layout
    sites: Mapping[str, Mapping[str, Any]]
    posts: Mapping[str, tuple[float, float]]
    weight: Mapping[str, int]
    capacity: int
    block_bound: Mapping[str, float]
    team_price: Mapping[str, float]
    bound: float
    lagrangian: float
    least_risk: float


def edit_base(plan: Plan, inputs: GuardInputs) -> EditBase:
    """Make a plan ready for edits.

    Raises:
        DomainError: `inputs_changed` where TPS, posts or people of the plan are gone, or TPS
            were added since.
    """
    sites = {r["code"]: r for r in inputs.sites.iter_rows(named=True)}
    people = {r["id"]: r for r in inputs.personnel.iter_rows(named=True)}
    places = inputs.posts.drop_nulls(["lon", "lat"]).select("code", "lon", "lat")
    posts = {code: (lon, lat) for code, lon, lat in places.iter_rows()}
    crews = (*plan["teams_detail"], *plan["spare_teams"])
    members = {m for t in crews for m in t["members"]}
    same_tps = plan["certificate"]["prices"]["tps"].keys() == sites.keys()
    if not (same_tps and members <= people.keys() and {t["post"] for t in crews} <= posts.keys()):
        raise inputs_changed(str(plan["plan"]))
    teams = tuple(team_of(t, people) for t in crews)
    problem = problem_of(inputs, teams)
    prices = prices_of(plan, problem)
    weight_of, capacity = whole_weights(team_share(inputs.pattern)[1])
    team_price = dict(zip(problem.posts, map(float, prices.team_price), strict=True))
    block_bound = dict(zip(problem.kecamatan, map(float, prices.block_bound), strict=True))
    proven = {k: max(b, _by_highs(plan, k, team_price)) for k, b in block_bound.items()}
    worth = float(prices.team_price @ problem.teams)
    room = problem.team_count * capacity
    risks = [b.penalty / inputs.rules.penalty_s for b in problem.blocks]
    return EditBase(
        plan=plan,
        inputs=inputs,
        layout=layout_of(plan, {c: r["kecamatan"] for c, r in sites.items()}),
        sites=sites,
        posts=posts,
        weight={c: weight_of["khusus" if r["khusus"] else r["class"]] for c, r in sites.items()},
        capacity=capacity,
        block_bound=proven,
        team_price=team_price,
        bound=sum(proven.values()) - worth,
        lagrangian=prices.total,
        least_risk=risk_lower_bound([b.weight for b in problem.blocks], risks, room),
    )


def _by_highs(plan: Plan, kecamatan: str, team_price: Mapping[str, float]) -> float:
    """Return what HiGHS proved for a kecamatan when the plan was made, at priced teams."""
    row = next(r for r in plan["kecamatan"] if r["kecamatan"] == kecamatan)
    if row["bound_by"] != "highs":
        return -math.inf
    paid = sum(team_price[b["post"]] for b in plan["beats"] if b["kecamatan"] == kecamatan)
    return float(row["lower_bound"]) + paid


def inputs_changed(plan: str) -> DomainError:
    """Say that a plan no longer fits the data."""
    return DomainError(
        "inputs_changed",
        Text(
            f"data telah berubah sejak rencana {plan} dibuat",
            f"the inputs have changed since plan {plan} was made",
        ),
        Text(
            "Buat rencana baru: sispamkota plan guards.", "Make a new plan: sispamkota plan guards."
        ),
        {"plan": plan},
    )
