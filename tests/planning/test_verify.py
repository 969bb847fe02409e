"""The verifier: a valid plan passes, and each kind of tampering is rejected by its name."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import polars as pl
import pytest

from sispamkota.actions.plan import plan_bytes
from sispamkota.actions.verify import facts_of
from sispamkota.planning.guards import plan_guards
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.running import repair_plan
from sispamkota.planning.verify import verify_plan

from .helpers import crew, inputs, person, post, site, two_kecamatan
from .tamperings import TAMPERINGS
from .tamperings_figures import raise_bound  # registers its tamperings, too


@pytest.mark.parametrize(("change", "rules", "base"), TAMPERINGS)
def test_rejected_by_name(change, rules, base, request):
    _, plan, facts = request.getfixturevalue(base)
    forged = deepcopy(plan)
    facts = change(forged, facts) or facts
    forged = json.loads(json.dumps(forged))  # as it comes from a file

    broken = verify_plan(forged, facts)

    assert broken, "the tampered plan passes"
    assert {v.rule for v in broken} & set(rules), [(v.rule, v.detail.en) for v in broken]
    for violation in broken:
        assert violation.where
        assert violation.detail.id
        assert violation.detail.en


@pytest.mark.parametrize("base", ["roomy", "short"])
def test_the_plan_itself_passes(base, request):
    _, plan, facts = request.getfixturevalue(base)
    assert verify_plan(plan, facts) == ()
    assert verify_plan(json.loads(plan_bytes(plan)), facts) == ()


def test_verifying_changes_nothing(roomy):
    _, plan, facts = roomy
    before = plan_bytes(plan)
    verify_plan(plan, facts)
    assert plan_bytes(plan) == before


@pytest.mark.parametrize(
    ("frame", "column", "value"),
    [
        ("sites", "class", "rawan"),
        ("sites", "lon", 104.31),
        ("sites", "access", "road"),
        ("posts", "lat", -4.2),
        ("personnel", "home_desa", "1608012000"),
        ("personnel", "leader", False),
        ("personnel", "transport", "car"),
    ],
)
def test_any_changed_input_is_seen(roomy, frame, column, value):
    given, plan, _ = roomy
    table = getattr(given, frame)
    changed = table.with_columns(
        pl.when(pl.int_range(pl.len()) == table.height - 1)
        .then(pl.lit(value))
        .otherwise(pl.col(column))
        .alias(column)
    )
    facts = facts_of(replace(given, **{frame: changed}))
    assert "same_inputs" in {v.rule for v in verify_plan(plan, facts)}


@pytest.mark.parametrize(
    "change",
    [
        {"rules": GuardRules(duty_hours=8)},
        {"rules": GuardRules(risk={"kurang_rawan": 1.0, "rawan": 6.0, "sangat_rawan": 31.0})},
        {"strength": "whole"},
    ],
)
def test_any_changed_setting_is_seen(roomy, change):
    given, plan, _ = roomy
    facts = facts_of(replace(given, **change))
    assert "same_inputs" in {v.rule for v in verify_plan(plan, facts)}


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        (GuardRules(grouping="desa"), "one_desa"),
        (GuardRules(mixed_classes=False), "one_class"),
        (GuardRules(beat_limit_s=50.0), "beat_travel_limit"),
        (GuardRules(duty_hours=8.0), "duty_hours"),
    ],
)
def test_rules_of_the_workspace_hold(rules, rule):
    """A plan made under looser rules does not pass under stricter ones."""
    sites = [site(1, 1, 1), site(1, 2, 2, "rawan", east=0.5), site(1, 1, 3, east=1)]
    given = inputs(sites, crew("polsek-a", 2), [post("polsek-a")])
    plan = plan_guards(given)
    assert {v.rule for v in verify_plan(plan, facts_of(replace(given, rules=rules)))} >= {rule}


def test_a_plan_that_sends_the_reserve_is_rejected():
    """Of a whole strength a third stays back: a plan that sends everybody breaks the rule."""
    everybody = two_kecamatan(officers=(10, 10))
    whole = replace(everybody, strength="whole")
    plan, honest = plan_guards(everybody), plan_guards(whole)
    assert plan["officers"] > 20 * 2 // 3
    plan["settings"] = honest["settings"]
    plan["certificate"]["inputs_sha256"] = honest["certificate"]["inputs_sha256"]
    plan["reserve"] = honest["reserve"]

    broken = {v.rule for v in verify_plan(plan, facts_of(whole))}

    assert verify_plan(honest, facts_of(whole)) == ()
    assert any("reserve" in rule for rule in broken), broken


def test_a_plan_from_before_a_loss_is_not_valid_for_the_lost_team(roomy):
    given, plan, facts = roomy
    lost = plan["teams_detail"][0]["id"]
    repaired = repair_plan(plan, given, lost)
    assert verify_plan(repaired, facts) == ()
    repaired["teams_detail"][0]["members"] = list(plan["teams_detail"][0]["members"])
    assert {v.rule for v in verify_plan(repaired, facts)} & {"person_free", "own_post"}


def test_teams_with_a_price_below_nothing_prove_nothing():
    """More teams than TPS at a negative price would lift the "bound" above the best plan."""
    given = two_kecamatan(officers=(40, 40))
    plan = plan_guards(given)
    prices = plan["certificate"]["prices"]["posts"]
    plan["certificate"]["prices"]["posts"] = dict.fromkeys(prices, -5000.0)
    raise_bound(plan, plan["objective"])
    assert "bound_proven" in {v.rule for v in verify_plan(plan, facts_of(given))}


def test_high_effort_passes(roomy):
    given, _, facts = roomy
    assert verify_plan(plan_guards(given, effort="high"), facts) == ()


def test_without_padal_in_the_roster_missing_ones_are_allowed():
    given = inputs(
        [site(1, 1, 1)],
        [*crew("polsek-a", 2), person(50, "polsek-a", duty="padal", available=False)],
        [post("polsek-a")],
    )
    plan = plan_guards(given)
    assert plan["padal"] == [{"kecamatan": "160801", "person": None}]
    assert verify_plan(plan, facts_of(given)) == ()
