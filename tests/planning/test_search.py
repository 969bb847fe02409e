"""The search for beats against exhaustive search on tiny cases and known optima on others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.planning import solve as solving
from sispamkota.planning.problem import GuardProblem
from sispamkota.planning.search import OPEN, Block, construct, cost_of, search
from sispamkota.planning.solve import NORMAL, send_teams, solve

from .helpers import best_plan, inputs, post, problem_of, site
from .test_bound import EPSILON, blocks
from .tiny import tiny_operations

WITHIN = 1.02  # no tiny case may cost more than this over the best plan there is


def check_shape(problem, chosen):
    """Every beat within capacity, travel limit and teams; every TPS in one beat or open."""
    for block, anchor_of in zip(problem.blocks, chosen, strict=True):
        for a in np.unique(anchor_of[anchor_of != OPEN]):
            inside = np.flatnonzero(anchor_of == a)
            assert a in inside
            assert block.weight[inside].sum() <= block.capacity
            assert np.isfinite(block.travel[a, inside]).all()
    beats = sum(len(np.unique(a[a != OPEN])) for a in chosen)
    assert beats <= problem.team_count


class TestWhole:
    """The whole planner: prices, searches, sharing of teams, sending."""

    @given(tiny_operations())
    @settings(max_examples=25)
    def test_between_the_best_plan_and_two_per_cent_above(self, problem):
        found = solve(problem, seed=1, effort=NORMAL)
        check_shape(problem, found.anchor_of)
        cost, sent = send_teams(problem, found.anchor_of)
        best = best_plan(problem)

        assert best - EPSILON <= cost <= WITHIN * best + EPSILON
        assert found.prices.total <= best + EPSILON
        posts = np.bincount([post for _, _, post in sent], minlength=len(problem.posts))
        assert (posts <= problem.teams).all()

    @given(tiny_operations(most=6, teams=st.integers(0, 1)))
    @settings(max_examples=20)
    def test_shortage(self, problem):
        """Fewer teams than wanted, down to one in all: still the best plan, and no crash."""
        if problem.team_count == 0:
            return
        found = solve(problem, seed=1, effort=NORMAL)
        cost, _ = send_teams(problem, found.anchor_of)
        assert cost <= WITHIN * best_plan(problem) + EPSILON

    @pytest.mark.parametrize("class_", ["kurang_rawan", "rawan", "sangat_rawan"])
    @pytest.mark.parametrize("tps", [5, 7])
    def test_one_team_for_many_whole_team_tps_at_one_place(self, tps, class_):
        """Every team price either buys none or far more than the curves walk back from."""
        sites = [site(1, 1, 901 + i, class_, khusus=True) for i in range(tps)]
        given = inputs(sites, [], [post("polsek-a")], pattern="pemilu-2024-2.4.8")
        problem = problem_of(given, {"polsek-a": 1})
        cost, _ = send_teams(problem, solve(problem, seed=1, effort=NORMAL).anchor_of)
        assert cost == best_plan(problem)

    def test_nearly_always_the_best_plan(self):
        draw = np.random.default_rng(5)
        reached = 0
        for _ in range(12):
            problem = random_operation(draw)
            cost, _ = send_teams(problem, solve(problem, seed=1, effort=NORMAL).anchor_of)
            reached += cost <= best_plan(problem) + EPSILON
        assert reached >= 11

    @pytest.mark.parametrize("workers", [1, 3])
    def test_same_plan_with_any_number_of_threads(self, monkeypatch, workers):
        problem = random_operation(np.random.default_rng(3), tps=40, teams=5)
        usual = solve(problem, seed=4, effort=NORMAL)
        monkeypatch.setattr(solving, "WORKERS", workers)
        other = solve(problem, seed=4, effort=NORMAL)

        assert all((a == b).all() for a, b in zip(usual.anchor_of, other.anchor_of, strict=True))
        assert usual.prices.total == other.prices.total
        for a, b in zip(usual.prices.value, other.prices.value, strict=True):
            assert (a == b).all()


def random_operation(draw, tps=7, teams=3):
    """Two kecamatan and two posts, some teams short."""
    sites = [
        site(
            int(draw.integers(1, 3)), 1, i + 1,
            str(draw.choice(["kurang_rawan", "kurang_rawan", "kurang_rawan", "rawan"])),
            east=draw.uniform(0, 8), north=draw.uniform(0, 8),
        )
        for i in range(tps)
    ]  # fmt: skip
    posts = [post("polsek-a", east=1, north=1), post("polsek-b", east=7, north=6)]
    count = {p["code"]: int(draw.integers(1, teams + 1)) for p in posts}
    return problem_of(inputs(sites, [], posts), count)


def one_block(block, most):
    """A block as a whole operation with one post whose ways are the block's openings."""
    return GuardProblem(
        kecamatan=("160801",),
        tps=(tuple(str(i) for i in range(block.size)),),
        blocks=(block,),
        posts=("polsek",),
        ways=(block.opening[None, :],),
        teams=np.array([most]),
    )


class TestOneBlock:
    """`search` itself, on any travel times: asymmetric, unreachable pairs, whole-team TPS."""

    @given(blocks(most=6), st.integers(0, 6), st.integers(0, 5))
    def test_finds_the_best_within_most(self, block, most, seed):
        found = search(block, seed=seed, moves=600, most=most)
        problem = one_block(block, most)
        check_shape(problem, [found.anchor_of])
        best = best_plan(problem)
        assert found.cost == pytest.approx(cost_of(block, found.anchor_of))
        assert best - EPSILON <= found.cost <= WITHIN * best + EPSILON

    @given(blocks())
    def test_construct_is_a_plan_and_search_never_worse(self, block):
        for most in (0, 1, block.size):
            first = construct(block, most)
            check_shape(one_block(block, most), [first])
            found = search(block, seed=1, moves=50, most=most, start=first)
            assert found.cost <= cost_of(block, first) + EPSILON

    @given(blocks())
    def test_same_seed_same_beats(self, block):
        once, again = (search(block, seed=7, moves=100) for _ in range(2))
        assert (once.anchor_of == again.anchor_of).all()

    def test_start_is_not_changed(self):
        block = random_operation(np.random.default_rng(1), tps=20).blocks[0]
        start = construct(block, block.size)
        copy = start.copy()
        search(block, seed=1, moves=500, start=start)
        assert (start == copy).all()

    def test_cost_by_its_definition(self):
        block = Block(
            travel=np.array([[0.0, 5.0, 9.0], [7.0, 0.0, 3.0], [np.inf, 3.0, 0.0]]),
            weight=np.array([1, 1, 2]),
            capacity=2,
            opening=np.array([10.0, 20.0, 40.0]),
            penalty=np.array([100.0, 200.0, 400.0]),
        )
        assert cost_of(block, np.array([0, 0, OPEN])) == 10 + 5 + 400
        assert cost_of(block, np.array([1, 1, 2])) == 20 + 7 + 40
        assert cost_of(block, np.array([OPEN] * 3)) == 700

    def test_least_and_most(self):
        block = random_operation(np.random.default_rng(2), tps=24).blocks[0]
        block = replace(block, opening=np.zeros(block.size))
        start = construct(block, block.size)
        count = len(np.unique(start[start >= 0]))
        assert search(block, seed=1, moves=2000, least=count, start=start).count >= count
        assert search(block, seed=1, moves=2000, most=count, start=start).count <= count


def read_pmedcap(file):
    """OR-Library: "number best", "n p Q", then "id x y demand"; distances cut to whole numbers."""
    words = file.read_text().split()
    best, n, p, capacity = (int(w) for w in words[1:5])
    rows = np.array(words[5 : 5 + 4 * n], float).reshape(n, 4)
    apart = rows[:, None, 1:3] - rows[None, :, 1:3]
    block = Block(
        travel=np.floor(np.sqrt((apart**2).sum(axis=2))),
        weight=rows[:, 3].astype(np.int64),
        capacity=capacity,
        opening=np.zeros(n),
        penalty=np.full(n, 1e5),
    )
    return block, p, best


@pytest.mark.data
def test_pmedcap(data_dir):
    gaps = []
    for number in range(1, 11):
        block, p, best = read_pmedcap(data_dir / "benchmarks/pmedcap" / f"pmedcap{number:02d}.txt")
        found = search(block, seed=1, moves=4_000, most=p)
        check_shape(one_block(block, p), [found.anchor_of])
        assert (found.anchor_of != OPEN).all()
        gaps.append(found.cost / best - 1)
    assert min(gaps) >= 0  # nothing beats the proven optimum
    assert np.mean(gaps) <= 0.002
