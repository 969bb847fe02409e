"""From TPS and posts to arrays, whole weights, and the least open risk."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.planning.problem import (
    CLASSES,
    GuardRules,
    build_problem,
    risk_lower_bound,
    whole_weights,
)

from .helpers import best_plan, inputs, post, problem_of, site, two_kecamatan
from .tiny import tiny_operations

SHARES = st.dictionaries(
    st.sampled_from([*CLASSES, "khusus"]),
    st.builds(Fraction, st.just(1), st.sampled_from([1, 2, 3, 4, 8, 16])),
    min_size=1,
)


class TestWholeWeights:
    def test_usual_pattern(self):
        share = {"kurang_rawan": Fraction(1, 16), "rawan": Fraction(1, 2), "khusus": Fraction(1)}
        assert whole_weights(share) == ({"kurang_rawan": 1, "rawan": 8, "khusus": 16}, 16)

    @given(SHARES)
    def test_exact(self, share):
        weights, capacity = whole_weights(share)
        assert {name: Fraction(w, capacity) for name, w in weights.items()} == share

    @pytest.mark.parametrize("part", [Fraction(0), Fraction(3, 2), Fraction(-1, 2)])
    def test_more_than_a_team_or_nothing_is_refused(self, part):
        with pytest.raises(DomainError) as caught:
            whole_weights({"rawan": part})
        assert caught.value.code == "pattern_not_plannable"
        assert caught.value.where["class"] == "rawan"

    def test_too_fine(self):
        with pytest.raises(DomainError) as caught:
            whole_weights({"rawan": Fraction(1, 997), "sangat_rawan": Fraction(1, 991)})
        assert caught.value.code == "pattern_too_fine"


class TestBuild:
    def test_layout(self):
        given_ = two_kecamatan()
        problem = problem_of(given_, {"polsek-a": 3, "polsek-b": 2})
        assert problem.kecamatan == ("160801", "160802")
        assert problem.size == 24
        assert problem.team_count == 5
        for codes, block, way in zip(problem.tps, problem.blocks, problem.ways, strict=True):
            assert list(codes) == sorted(codes)
            assert (np.diag(block.travel) == 0).all()
            assert way.shape == (2, block.size)
            assert (block.opening == way.min(axis=0)).all()
            assert block.capacity == 4

    def test_weights_risk_and_khusus(self):
        """A khusus takes the share of khusus and keeps the risk of its class."""
        sites = [
            site(1, 1, 1), site(1, 1, 2, "rawan"), site(1, 1, 3, "sangat_rawan"),
            site(1, 1, 901, "kurang_rawan", khusus=True),
        ]  # fmt: skip
        problem = problem_of(inputs(sites, [], [post("polsek-a")]), {"polsek-a": 1})
        (block,) = problem.blocks
        assert block.weight.tolist() == [1, 2, 4, 4]
        assert (block.penalty / 7200).tolist() == [1, 6, 30, 1]

    def test_posts_without_teams_do_not_count(self):
        given_ = two_kecamatan()
        problem = problem_of(given_, {"polsek-a": 3, "polsek-b": 0})
        assert problem.posts == ("polsek-a",)
        assert (problem.blocks[1].opening == problem.ways[1][0]).all()

    def test_way_is_weighted_and_the_limit_is_not(self):
        rules = GuardRules(beat_limit_s=400.0, post_weight=0.5)
        given_ = two_kecamatan(rules=rules)
        problem = problem_of(given_, {"polsek-a": 3})
        sites = given_.sites.filter(given_.sites["kecamatan"] == "160801").sort("code")
        places = sites.select("lon", "lat").to_numpy()
        plain = given_.travel.seconds(places, places)
        block = problem.blocks[0]
        assert (np.isinf(block.travel) == (plain > 400)).all()
        way = given_.travel.seconds(np.array([[104.30 + 1 / 111, -4.30 + 1 / 111.2]]), places)
        assert problem.ways[0] == pytest.approx(0.5 * way, abs=1)

    @pytest.mark.parametrize(
        ("rules", "column"),
        [(GuardRules(mixed_classes=False), "class"), (GuardRules(grouping="desa"), "desa")],
    )
    def test_what_may_not_share_a_beat_is_unreachable(self, rules, column):
        given_ = two_kecamatan(rules=rules)
        sites = given_.sites.sort("kecamatan", "code")
        for k, block in enumerate(problem_of(given_, {"polsek-a": 1}).blocks):
            own = sites[column].to_numpy()[12 * k : 12 * k + 12]
            assert (np.isinf(block.travel) == (own[:, None] != own[None, :])).all()

    def test_without_any_post(self):
        given_ = two_kecamatan()
        problem = build_problem(
            given_.sites,
            given_.posts,
            {},
            share={c: Fraction(1, 2) for c in (*CLASSES, "khusus")},
            rules=given_.rules,
            travel=given_.travel,
        )
        assert problem.team_count == 0
        assert np.isinf(problem.blocks[0].opening).all()


class TestLeastOpenRisk:
    @given(tiny_operations())
    def test_never_above_the_true_least(self, problem):
        penalty = 7200.0
        low = risk_lower_bound(
            [b.weight for b in problem.blocks],
            [b.penalty / penalty for b in problem.blocks],
            problem.team_count * problem.blocks[0].capacity,
        )
        least = best_plan(problem, risk_only=penalty)
        assert 0 <= low <= least + 1e-9

    def test_all_fits_and_nothing_fits(self):
        weight, risk = [np.array([1, 2])], [np.array([1.0, 6.0])]
        assert risk_lower_bound(weight, risk, 3) == 0
        assert risk_lower_bound(weight, risk, 99) == 0
        assert risk_lower_bound(weight, risk, 0) == 7
        assert risk_lower_bound(weight, risk, 1) == 4  # half of the rawan one
