"""The naive plan that certified plans are compared with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sispamkota.planning.greedy import naive_greedy
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.search import OPEN
from sispamkota.planning.solve import NORMAL, send_teams, solve

from .helpers import best_plan, inputs, post, problem_of, site, two_kecamatan
from .test_search import check_shape
from .tiny import tiny_operations


def rank_by_risk(problem):
    return [b.penalty.astype(np.int64) for b in problem.blocks]


@given(tiny_operations())
def test_a_plan_within_the_rules_never_below_the_best(problem):
    solved, cost = naive_greedy(problem, rank_by_risk(problem))
    check_shape(problem, solved)
    assert cost >= best_plan(problem) - 1e-6
    # it sends each beat its nearest free team; sent at best, the same beats cost no more
    assert cost >= send_teams(problem, solved)[0] - 1e-6


def test_by_hand():
    """The rawan TPS first, then by code; the beat takes its nearest until full."""
    sites = [
        site(1, 1, 1, east=0), site(1, 1, 2, east=1), site(1, 1, 3, "rawan", east=2),
        site(1, 1, 4, east=3), site(1, 1, 5, east=9),
    ]  # fmt: skip
    rules = GuardRules(post_weight=1.0)
    problem = problem_of(inputs(sites, [], [post("polsek-a")], rules=rules), {"polsek-a": 2})
    solved, cost = naive_greedy(problem, rank_by_risk(problem))

    # the rawan one takes half a team, then two of the kurang rawan at a quarter each
    assert solved[0].tolist() == [0, 2, 2, 2, OPEN]
    travel, way = problem.blocks[0].travel, problem.ways[0][0]
    assert cost == pytest.approx(way[2] + way[0] + travel[2, 1] + travel[2, 3] + 7200)


def test_no_team_no_beat():
    problem = problem_of(two_kecamatan(), {})
    solved, cost = naive_greedy(problem, rank_by_risk(problem))
    assert all((s == OPEN).all() for s in solved)
    assert cost == sum(b.penalty.sum() for b in problem.blocks)


def test_the_planner_is_better():
    problem = problem_of(two_kecamatan(per_kecamatan=40), {"polsek-a": 14, "polsek-b": 14})
    _, naive = naive_greedy(problem, rank_by_risk(problem))
    found = solve(problem, seed=1, effort=NORMAL)
    assert send_teams(problem, found.anchor_of)[0] < naive
