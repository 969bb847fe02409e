"""The verifier: a valid plan passes, and each kind of tampering is rejected by its name."""

from __future__ import annotations

import json
import math
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

TAMPERINGS = []


def tampering(*rules, base="roomy"):
    """Register a change of a valid plan together with the rules that may name it."""

    def keep(change):
        name = change.__name__.replace("_", " ").strip()
        TAMPERINGS.append(pytest.param(change, rules, base, id=name))
        return change

    return keep


def largest(plan):
    return max(plan["beats"], key=lambda b: len(b["tps"]))


def team_of(plan, beat):
    return next(t for t in plan["teams_detail"] if t["id"] == beat["team"])


def other_beat(plan, beat, *, same_kecamatan=True):
    return next(
        b
        for b in plan["beats"]
        if b["id"] != beat["id"] and (b["kecamatan"] == beat["kecamatan"]) == same_kecamatan
    )


# where


@tampering("tps_once")
def a_tps_in_two_beats(plan, facts):
    beat = largest(plan)
    other_beat(plan, beat)["tps"].append(beat["tps"][-1])


@tampering("tps_once")
def a_tps_twice_in_its_beat(plan, facts):
    largest(plan)["tps"].append(largest(plan)["tps"][-1])


@tampering("tps_once")
def a_guarded_tps_also_open(plan, facts):
    code = largest(plan)["tps"][-1]
    plan["uncovered"].append(
        {"tps": code, "kecamatan": code[:6], "class": facts.sites[code]["class"], "risk": 1.0}
    )


@tampering("tps_accounted")
def a_tps_dropped(plan, facts):
    largest(plan)["tps"].pop()


@tampering("tps_accounted", base="short")
def an_open_tps_dropped(plan, facts):
    plan["uncovered"].pop()


@tampering("tps_known")
def a_tps_that_does_not_exist(plan, facts):
    largest(plan)["tps"].append("1608012001999")


@tampering("one_kecamatan")
def a_tps_of_another_kecamatan(plan, facts):
    beat = largest(plan)
    away = other_beat(plan, beat, same_kecamatan=False)
    beat["tps"].append(away["tps"].pop())


@tampering("one_kecamatan")
def a_beat_recorded_under_another_kecamatan(plan, facts):
    beat = largest(plan)
    beat["kecamatan"] = other_beat(plan, beat, same_kecamatan=False)["kecamatan"]


@tampering("capacity")
def an_overloaded_beat(plan, facts):
    beat = largest(plan)
    beat["tps"] += other_beat(plan, beat)["tps"]


@tampering("beat_travel_limit")
def a_tps_too_far_from_its_anchor(plan, facts):
    beat = largest(plan)
    away = next(b for b in plan["beats"] if b["kecamatan"] != beat["kecamatan"])
    beat["tps"][-1] = away["tps"][-1]


@tampering("anchor_inside")
def an_anchor_outside_its_beat(plan, facts):
    beat = largest(plan)
    beat["anchor"] = other_beat(plan, beat)["anchor"]


@tampering("travel_stated")
def travel_misstated(plan, facts):
    largest(plan)["travel_s"] -= 60


@tampering("way_stated")
def way_misstated(plan, facts):
    largest(plan)["way_s"] -= 60


@tampering("way_stated", "team_agrees")
def a_nearer_post_claimed(plan, facts):
    beat = largest(plan)
    beat["post"] = "polsek-b" if beat["post"] == "polsek-a" else "polsek-a"


@tampering("post_known")
def a_post_that_does_not_exist(plan, facts):
    largest(plan)["post"] = "polsek-z"


# who


@tampering("team_once")
def a_team_twice(plan, facts):
    beat = largest(plan)
    beat["team"] = other_beat(plan, beat)["team"]


@tampering("team_once")
def a_team_listed_twice(plan, facts):
    plan["teams_detail"].append(plan["teams_detail"][0])


@tampering("team_known")
def an_unknown_team(plan, facts):
    largest(plan)["team"] = "polsek-a-999"


@tampering("team_agrees")
def a_team_recorded_for_another_beat(plan, facts):
    first, second = plan["teams_detail"][:2]
    first["beat"], second["beat"] = second["beat"], first["beat"]


@tampering("team_agrees")
def a_team_without_a_beat(plan, facts):
    plan["teams_detail"].append(plan["spare_teams"][0] | {"beat": "-", "kecamatan": "160801"} | {
        k: plan["teams_detail"][0][k] for k in ("leave_at", "start", "end", "duty_s")
    })  # fmt: skip


@tampering("person_once")
def a_person_in_two_teams(plan, facts):
    first = plan["teams_detail"][0]
    second = next(t for t in plan["teams_detail"][1:] if t["post"] == first["post"])
    second["members"][1] = first["members"][1]


@tampering("person_once")
def a_person_also_in_a_spare_team(plan, facts):
    """The stand-in that a commander counts on is already on duty."""
    plan["spare_teams"][0]["members"][1] = plan["teams_detail"][0]["members"][1]


@tampering("person_known")
def a_person_that_does_not_exist(plan, facts):
    plan["teams_detail"][0]["members"][1] = "P999"


@tampering("team_size")
def a_team_of_one(plan, facts):
    plan["teams_detail"][0]["members"].pop()


@tampering("team_size")
def one_person_counted_as_two(plan, facts):
    team = plan["teams_detail"][0]
    team["members"] = [team["leader"], team["leader"]]


@tampering("leader")
def a_team_led_by_one_who_may_not(plan, facts):
    team = plan["teams_detail"][0]
    team["leader"] = next(p for p in team["members"] if not facts.people[p]["leader"])


@tampering("leader")
def a_leader_of_another_team(plan, facts):
    first, second = plan["teams_detail"][:2]
    first["leader"] = second["leader"]


@tampering("person_free")
def a_padal_sent_to_a_tps(plan, facts):
    team = next(t for t in plan["teams_detail"] if t["post"] == "polsek-a")
    team["members"][1] = plan["padal"][0]["person"]


@tampering("person_free")
def a_person_lost_since(plan, facts):
    plan["unavailable"] = [plan["teams_detail"][0]["members"][1]]


@tampering("person_free")
def an_unavailable_person_used(plan, facts):
    person = plan["teams_detail"][0]["members"][1]
    return replace(
        facts, people=dict(facts.people) | {person: facts.people[person] | {"available": False}}
    )


@tampering("own_post")
def a_member_of_another_post(plan, facts):
    spare = plan["spare_teams"][0]
    team = next(t for t in plan["teams_detail"] if t["post"] != spare["post"])
    team["members"][1] = spare["members"][1]


@tampering("home_desa")
def a_team_sent_to_its_home_desa(plan, facts):
    beat = largest(plan)
    person = team_of(plan, beat)["members"][1]
    home = facts.sites[beat["tps"][0]]["desa"]
    return replace(
        facts, people=dict(facts.people) | {person: facts.people[person] | {"home_desa": home}}
    )


@tampering("transport")
def a_boat_tps_without_a_boat(plan, facts):
    code = largest(plan)["tps"][-1]
    return replace(
        facts, sites=dict(facts.sites) | {code: facts.sites[code] | {"access": "boat"}}
    )


@tampering("transport")
def a_team_that_says_it_has_a_boat(plan, facts):
    """What a team has is read from the roster, not from the plan."""
    for team in plan["teams_detail"]:
        team["transport"] = ["boat"]
    return a_boat_tps_without_a_boat(plan, facts)


@tampering("duty_hours")
def a_shift_too_long(plan, facts):
    plan["teams_detail"][0]["end"] = "20:00"


@tampering("duty_hours")
def a_shift_into_the_next_day(plan, facts):
    plan["teams_detail"][0]["end"] = "06:00 +1d"


@tampering("duty_hours")
def duty_longer_than_the_clock_says(plan, facts):
    plan["teams_detail"][0]["duty_s"] += 3600


@tampering("padal")
def a_padal_twice(plan, facts):
    plan["padal"][0]["person"] = plan["padal"][1]["person"]


@tampering("padal")
def a_padal_taken_away(plan, facts):
    plan["padal"][0]["person"] = None


@tampering("padal")
def a_kecamatan_without_its_row_of_padal(plan, facts):
    plan["padal"].pop()


@tampering("padal")
def an_officer_of_a_team_as_padal(plan, facts):
    plan["padal"][0]["person"] = plan["teams_detail"][0]["leader"]


@tampering("dangerous_first", base="short")
def a_sangat_rawan_tps_left_open_by_swapping(plan, facts):
    """The team of a sangat rawan TPS goes to an open kurang rawan one; all figures follow."""
    open_ = plan["uncovered"][0]
    beat = next(
        b for b in plan["beats"]
        if b["tps"][0] in facts.severe and b["kecamatan"] == open_["kecamatan"]
    )  # fmt: skip
    plan["uncovered"][0] = {
        "tps": beat["anchor"], "kecamatan": beat["kecamatan"], "class": "sangat_rawan",
        "khusus": False, "risk": 30.0,
    }  # fmt: skip
    place = facts.place(open_["tps"])
    beat |= {"anchor": open_["tps"], "tps": [open_["tps"]], "travel_s": 0.0}
    beat["way_s"] = facts.seconds(facts.posts[beat["post"]], place)
    plan["tps_uncovered"]["sangat_rawan"] += 1
    plan["tps_uncovered"]["kurang_rawan"] -= 1


# figures


@tampering("open_stated", base="short")
def an_open_tps_called_less_dangerous(plan, facts):
    plan["uncovered"][0]["risk"] = 0.0


@tampering("open_stated", base="short")
def the_class_of_an_open_tps_changed(plan, facts):
    plan["uncovered"][0]["class"] = "rawan"


@tampering("counts_stated", base="short")
def open_tps_by_class_lowered(plan, facts):
    plan["tps_uncovered"]["kurang_rawan"] -= 1


def stated(key, by, *rules, base="roomy"):
    def change(plan, facts):
        plan[key] += by

    change.__name__ = f"{key}_misstated"
    tampering(*rules, base=base)(change)


stated("tps_covered", 1, "counts_stated")
stated("teams", -1, "counts_stated")
stated("officers", 2, "counts_stated")
stated("linmas", -2, "counts_stated")
stated("objective", -100.0, "objective_stated")
stated("gap", -0.001, "gap_stated")
stated("lower_bound", 10.0, "bound_stated", "bound_proven")


@tampering("objective_stated")
def the_objective_of_one_kecamatan_misstated(plan, facts):
    plan["kecamatan"][0]["objective"] -= 100
    plan["kecamatan"][1]["objective"] += 100


@tampering("objective_stated", "kecamatan_stated", "readable")
def a_kecamatan_left_out(plan, facts):
    plan["kecamatan"].pop()


@tampering("bound_proven")
def the_bound_raised_everywhere(plan, facts):
    raise_bound(plan, plan["objective"])


@tampering("bound_proven", "bound_stated")
def the_bound_above_the_objective(plan, facts):
    raise_bound(plan, plan["objective"] * 1.1)


def raise_bound(plan, bound):
    plan["lower_bound"] = plan["certificate"]["lower_bound"] = bound
    plan["certificate"]["lagrangian_bound"] = bound
    plan["gap"] = plan["certificate"]["gap"] = (plan["objective"] - bound) / plan["objective"]


@tampering("bound_proven", "bound_stated", "kecamatan_stated")
def the_bound_raised_and_called_proven_by_highs(plan, facts):
    """Marking a kecamatan as bounded by HiGHS must not make any figure pass."""
    lagrangian = plan["certificate"]["lagrangian_bound"]
    raise_bound(plan, plan["objective"])
    plan["certificate"]["lagrangian_bound"] = lagrangian
    plan["kecamatan"][0]["bound_by"] = "highs"


@tampering("bound_proven")
def prices_taken_away(plan, facts):
    prices = plan["certificate"]["prices"]
    prices["tps"] = dict.fromkeys(prices["tps"], 0.0)


@tampering("bound_proven")
def one_price_tampered(plan, facts):
    prices = plan["certificate"]["prices"]["tps"]
    prices[max(prices, key=prices.get)] = -5000.0


@tampering("bound_proven")
def a_price_above_the_penalty(plan, facts):
    """A TPS may always be left open, so no price above its penalty proves anything."""
    prices = plan["certificate"]["prices"]["tps"]
    plan["certificate"]["prices"]["tps"] = dict.fromkeys(prices, 1e6)
    raise_bound(plan, plan["objective"])


@tampering("bound_proven", "readable")
def a_post_without_a_price(plan, facts):
    del plan["certificate"]["prices"]["posts"]["polsek-b"]


@tampering("bound_proven", "readable")
def a_price_that_is_no_number(plan, facts):
    code = next(iter(plan["certificate"]["prices"]["tps"]))
    plan["certificate"]["prices"]["tps"][code] = math.nan
    raise_bound(plan, plan["objective"])


@tampering("objective_stated", "readable")
def an_objective_that_is_no_number(plan, facts):
    plan["objective"] = math.nan


@tampering("gap_stated", "readable")
def a_gap_that_is_no_number(plan, facts):
    plan["gap"] = plan["certificate"]["gap"] = math.nan


@tampering("way_stated", "readable")
def a_way_that_is_no_number(plan, facts):
    largest(plan)["way_s"] = math.nan


@tampering("gap_stated", "bound_stated")
def the_gap_of_the_certificate_misstated(plan, facts):
    plan["certificate"]["gap"] = plan["gap"] - 0.01


@tampering("kecamatan_stated", "bound_stated", "bound_proven")
def the_bound_of_one_kecamatan_raised(plan, facts):
    row = plan["kecamatan"][0]
    row["lower_bound"], row["gap"] = row["objective"] * 1.5, -0.5


@tampering("kecamatan_stated", "gap_stated")
def the_gap_of_one_kecamatan_misstated(plan, facts):
    plan["kecamatan"][0]["gap"] += 0.2


@tampering("kecamatan_stated", "counts_stated")
def the_teams_of_one_kecamatan_misstated(plan, facts):
    plan["kecamatan"][0]["teams"] += 1


@tampering("kecamatan_stated", "counts_stated")
def the_tps_of_one_kecamatan_misstated(plan, facts):
    plan["kecamatan"][0]["tps"] -= 1


@tampering("kecamatan_stated", "counts_stated", base="short")
def the_open_tps_of_one_kecamatan_lowered(plan, facts):
    row = max(plan["kecamatan"], key=lambda k: k["uncovered"])
    row["uncovered"], row["uncovered_risk"] = 0, 0.0


@tampering("risk_stated", "counts_stated", base="short")
def the_open_risk_lowered(plan, facts):
    plan["uncovered_risk"]["value"] -= 5


@tampering("risk_stated", "bound_proven", "bound_stated", base="short")
def the_least_open_risk_raised(plan, facts):
    plan["uncovered_risk"] |= {"lower_bound": plan["uncovered_risk"]["value"] + 3, "gap": 0.0}


@tampering("objective_stated")
def the_parts_of_the_objective_misstated(plan, facts):
    plan["objective_parts"]["travel_s"] -= 200
    plan["objective_parts"]["way_s"] += 800


@tampering("load_stated", "capacity")
def a_load_misstated(plan, facts):
    largest(plan)["load"] = "1/4"


@tampering("same_inputs")
def made_for_other_inputs(plan, facts):
    plan["certificate"]["inputs_sha256"] = "0" * 64


# shape


@tampering("readable")
def a_part_missing(plan, facts):
    del plan["beats"]


@tampering("readable")
def beats_of_another_shape(plan, facts):
    plan["beats"] = {"160801-B01": "polsek-a-001"}


@tampering("readable")
def text_instead_of_a_number(plan, facts):
    plan["objective"] = "2.032"


@tampering("readable")
def a_clock_that_is_none(plan, facts):
    plan["teams_detail"][0]["end"] = "malam"


@tampering("readable")
def nothing_where_a_list_should_be(plan, facts):
    plan["padal"] = None


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
