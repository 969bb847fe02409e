"""Ways to tamper with the figures, the proof and the shape of a valid plan."""

from __future__ import annotations

import math

from .tamperings import largest, tampering

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


# labels, statements and leftovers


@tampering("label_stated")
def the_assumptions_taken_away(plan, facts):
    plan["certificate"]["assumptions"] = []


@tampering("label_stated", base="short")
def what_is_given_up_not_said(plan, facts):
    plan["degraded"] = []


@tampering("settings_stated")
def the_settings_taken_away(plan, facts):
    plan["settings"] = {}


@tampering("named")
def another_id(plan, facts):
    plan["plan"] = "guards-0000000000"


@tampering("named", "team_agrees")
def two_beats_of_one_id(plan, facts):
    plan["beats"][1]["id"] = plan["beats"][0]["id"]


@tampering("open_stated", base="short")
def an_open_tps_called_khusus(plan, facts):
    plan["uncovered"][0]["khusus"] = not plan["uncovered"][0]["khusus"]


@tampering("duty_hours")
def leaving_on_another_day(plan, facts):
    plan["teams_detail"][0]["leave_at"] = "23:59 +9d"


@tampering("duty_hours")
def a_shift_below_nothing(plan, facts):
    plan["teams_detail"][0]["duty_s"] = -1


@tampering("transport")
def a_helicopter(plan, facts):
    plan["teams_detail"][0]["transport"] = ["helicopter"]


@tampering("padal")
def a_padal_row_of_a_foreign_kecamatan(plan, facts):
    plan["padal"].append({"kecamatan": "999999", "person": None})


@tampering("spares")
def spares_not_listed(plan, facts):
    plan["spare_teams"], plan["spare_officers"], plan["reserve"] = [], [], 500


@tampering("spares")
def persons_called_unavailable_without_a_repair(plan, facts):
    plan["unavailable"] = ["nobody"]


@tampering("readable")
def an_objective_beyond_all_numbers(plan, facts):
    plan["objective"] = 10**400
