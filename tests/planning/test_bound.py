"""The lower bound against exhaustive search: never above the best plan there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.planning.bound import (
    Prices,
    block_relaxation,
    lower_bound,
    price_bound,
    priced_opening,
)
from sispamkota.planning.certify import integer_bounds
from sispamkota.planning.search import Block, cost_of
from sispamkota.planning.solve import NORMAL, solve

from .helpers import best_beat, best_plan
from .tiny import few_posts, tiny_operations

EPSILON = 1e-6


@st.composite
def blocks(draw, most=7):
    """One block with any whole travel times, asymmetric, some pairs unreachable."""
    n = draw(st.integers(1, most))
    capacity = draw(st.sampled_from([1, 4, 16]))
    seconds = st.one_of(st.integers(0, 600), st.just(np.inf))
    travel = np.array(draw(st.lists(seconds, min_size=n * n, max_size=n * n)), float).reshape(n, n)
    np.fill_diagonal(travel, 0.0)
    return Block(
        travel=travel,
        weight=np.array(draw(st.lists(st.integers(1, capacity), min_size=n, max_size=n))),
        capacity=capacity,
        opening=np.array(draw(st.lists(st.integers(0, 400), min_size=n, max_size=n)), float),
        penalty=np.array(draw(st.lists(st.integers(1, 2000), min_size=n, max_size=n)), float),
    )


@st.composite
def priced_blocks(draw):
    block = draw(blocks())
    prices = st.floats(-50, 800, allow_nan=False)
    value = np.array(draw(st.lists(prices, min_size=block.size, max_size=block.size)))
    return block, np.minimum(value, block.penalty)


@given(priced_blocks())
def test_every_anchor_is_worth_its_best_knapsack(case):
    block, value = case
    worth, cover = block_relaxation(block, block.opening, value)

    for a in range(block.size):
        best = best_beat(block, block.opening, value, a)
        if best < -EPSILON:
            assert worth[a] == pytest.approx(best)
        else:
            assert -EPSILON <= worth[a] <= best + EPSILON
    opened = int((worth < 0).sum())
    assert cover.sum() >= opened
    assert (cover <= opened).all()


@given(priced_blocks())
def test_an_opened_anchor_always_covers_itself(case):
    block, value = case
    worth, cover = block_relaxation(block, block.opening, value)
    assert (cover[worth < 0] >= 1).all()


@given(tiny_operations(), st.data())
def test_the_bound_holds_at_any_prices(problem, data):
    """Not only at the prices that the subgradient finds."""
    best = best_plan(problem)
    value = [
        np.minimum(np.array(data.draw(few_posts(b.size, -100, 9000))), b.penalty)
        for b in problem.blocks
    ]
    price = np.array(data.draw(few_posts(len(problem.posts), 0, 9000)))
    found = price_bound(problem.blocks, problem.ways, problem.teams, value, price)
    assert found.total <= best + EPSILON


@given(tiny_operations(), st.integers(0, 200))
def test_steps_never_lower_the_bound_nor_lift_it_above_the_best_plan(problem, rounds):
    best = best_plan(problem)
    nothing = [np.zeros(b.size) for b in problem.blocks]
    free = np.zeros(len(problem.posts))
    start = price_bound(problem.blocks, problem.ways, problem.teams, nothing, free)
    with ThreadPoolExecutor(1) as pool:
        found = lower_bound(
            problem.blocks,
            problem.ways,
            problem.teams,
            target=best,
            start=start,
            rounds=rounds,
            pool=pool,
        )
    assert start.total - EPSILON <= found.total <= best + EPSILON


@given(tiny_operations())
@settings(max_examples=25)
def test_a_wild_target_does_no_harm(problem):
    """Polyak's step aims at a cost; one that is far off makes a poor bound, never a false one."""
    best = best_plan(problem)
    nothing = [np.zeros(b.size) for b in problem.blocks]
    start = Prices(
        value=tuple(nothing),
        team_price=np.zeros(len(problem.posts)),
        block_bound=np.zeros(len(problem.blocks)),
        total=-np.inf,
    )
    with ThreadPoolExecutor(2) as pool:
        for target in (0.0, 100 * best):
            found = lower_bound(
                problem.blocks,
                problem.ways,
                problem.teams,
                target=target,
                start=start,
                rounds=60,
                pool=pool,
            )
            assert found.total <= best + EPSILON


@given(tiny_operations())
@settings(max_examples=15)
def test_highs_tightens_without_passing_the_best_plan(problem):
    """With the integer bound of each block the whole is still a bound."""
    found = solve(problem, seed=1, effort=NORMAL)
    priced = [
        replace(b, opening=priced_opening(w, found.prices.team_price))
        for b, w in zip(problem.blocks, problem.ways, strict=True)
    ]
    known = [cost_of(b, a) for b, a in zip(priced, found.anchor_of, strict=True)]
    bounds = integer_bounds(priced, found.prices, known, lambda _what, _part: None)
    total = float(bounds.sum() - found.prices.team_price @ problem.teams)

    assert found.prices.total - EPSILON <= total <= best_plan(problem) * (1 + 1e-9) + EPSILON
