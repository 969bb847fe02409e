"""Ways to tamper with a valid traffic plan, each with the rules that may name it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from .plan_cases import segment

TAMPERINGS = []


def tampering(*rules):
    """Register a change of a valid plan together with the rules that may name it."""

    def keep(change):
        name = change.__name__.replace("_", " ").strip()
        TAMPERINGS.append(pytest.param(change, rules, id=name))
        return change

    return keep


def find(plan, part, **wanted):
    return next(r for r in plan[part] if all(r[k] == v for k, v in wanted.items()))


# frame


@tampering("format")
def another_format(plan, facts):
    plan["format"] = "sispamkota-plan/1"


@tampering("same_inputs")
def a_hash_of_other_inputs(plan, facts):
    plan["inputs_sha256"] = "0" * 64


@tampering("same_network")
def another_network(plan, facts):
    plan["network"]["arcs"] += 1


@tampering("estimated")
def a_stand_in_passed_off_as_roads(plan, facts):
    plan["estimated"] = True


@tampering("events")
def an_event_left_out(plan, facts):
    plan["events"].pop()


@tampering("events")
def an_event_moved_by_an_hour(plan, facts):
    plan["events"][0]["starts_at"] = "2024-01-21T07:00:00+00:00"


@tampering("neutral")
def a_party_as_label(plan, facts):
    plan["events"][0]["groups"][0]["label"] = "Simpatisan Golkar"


# closures


@tampering("closure_window")
def a_closure_that_ends_before_the_crowd_has_left(plan, facts):
    find(plan, "closures", proposed=True)["ends"] = "2024-01-21T08:00:00+00:00"


@tampering("closure_on_road")
def a_closure_on_no_road(plan, facts):
    plan["closures"][0]["segments"] = [10**6]


@tampering("closure_figures")
def a_closure_of_another_length(plan, facts):
    plan["closures"][0]["length_m"] += 100


@tampering("closure_wish")
def a_closure_asked_for_left_out(plan, facts):
    plan["closures"].remove(find(plan, "closures", proposed=False))


@tampering("closure_wish")
def a_closure_that_bars_others_than_asked(plan, facts):
    find(plan, "closures", proposed=False)["profiles"] = ["truck"]


@tampering("closure_proposed")
def a_proposal_far_from_the_place(plan, facts):
    row = find(plan, "closures", proposed=True)
    row["segments"] = [segment(facts.network, (0, 0), (1, 0))]


@tampering("closure_ends", "closure_end_manned")
def an_end_of_a_closure_forgotten(plan, facts):
    plan["closures"][0]["ends_nodes"].pop()


# the corridor


@tampering("corridor_present")
def no_way_back_to_the_hospital(plan, facts):
    plan["corridors"].pop()


@tampering("corridor_holds")
def a_corridor_over_its_limit(plan, facts):
    row = plan["corridors"][0]
    row["travel_closed_s"] = row["limit_s"] + 60


@tampering("corridor_limit")
def a_limit_made_longer(plan, facts):
    plan["corridors"][0]["limit_s"] += 900


@tampering("corridor_time")
def an_open_way_said_to_be_longer(plan, facts):
    plan["corridors"][0]["travel_open_s"] += 60


@tampering("corridor_time")
def an_ambulance_faster_than_it_can_be(plan, facts):
    plan["corridors"][0]["travel_closed_s"] -= 30


@tampering("corridor_cut")
def a_crowd_on_the_ambulances_way(plan, facts):
    """The closure grows over the corridor, and not even ambulances are let through."""
    way = [int(facts.network.segment[a]) for a in plan["corridors"][0]["arcs"]]
    row = find(plan, "closures", proposed=False)
    row["segments"], row["exempt"] = [way[1]], []


@tampering("corridor_ends")
def a_corridor_that_ends_short(plan, facts):
    row = plan["corridors"][0]
    row["arcs"] = row["arcs"][:-1]
    row["ends_part"] = 1.0


@tampering("corridor_ends")
def fewer_metres_to_walk(plan, facts):
    next(c for c in plan["corridors"] if c["walk_m"] > 20)["walk_m"] = 1.0


@tampering("corridor_hospital")
def a_hospital_nobody_knows(plan, facts):
    plan["corridors"][0]["hospital"] = "klinik"


# ways


@tampering("way_closed")
def a_way_around_through_the_closure(plan, facts):
    row = plan["diversions"][0]
    row["arcs"] = list(row["arcs_before"])


@tampering("way_connected")
def a_way_with_a_gap(plan, facts):
    row = max(plan["diversions"], key=lambda d: len(d["arcs"]))
    del row["arcs"][1]


@tampering("way_figures")
def a_way_said_to_be_shorter(plan, facts):
    plan["diversions"][0]["length_m"] -= 50


@tampering("way_access", "way_connected")
def a_way_that_is_no_road(plan, facts):
    plan["diversions"][0]["arcs"][0] = -5


@tampering("diversion_added")
def time_added_misstated(plan, facts):
    plan["diversions"][0]["added_s"] -= 10


@tampering("diversion_around")
def a_way_around_nothing(plan, facts):
    plan["diversions"][0]["closures"] = ["tidak-ada"]


@tampering("diversion_ends")
def a_way_that_leaves_elsewhere(plan, facts):
    row = next(d for d in plan["diversions"] if d["begins_part"] == 0)
    row["from"]["node"] = 0 if row["from"]["node"] else 1


@tampering("diversion_missing")
def no_way_around_at_all(plan, facts):
    plan["diversions"] = []


@tampering("approach_group")
def a_group_forgotten(plan, facts):
    plan["approaches"].pop()


@tampering("approach_ends")
def a_group_from_elsewhere(plan, facts):
    a = find(plan, "approaches", group="Kelompok A", direction="arrival")
    b = find(plan, "approaches", group="Kelompok B", direction="arrival")
    for key in ("arcs", "begins_part", "ends_part", "door"):
        a[key], b[key] = b[key], a[key]


@tampering("approach_shared")
def shared_road_kept_quiet(plan, facts):
    plan["approaches"][0]["shared_m"] += 120


@tampering("approach_window")
def a_group_at_another_hour(plan, facts):
    plan["approaches"][0]["begins"] = "2024-01-21T02:00:00+00:00"


@tampering("escort_present")
def a_convoy_without_escort(plan, facts):
    plan["escorts"] = []


@tampering("escort_apart")
def a_fall_back_said_to_share_nothing(plan, facts):
    way = plan["escorts"][0]["alternates"][0]
    way["link_disjoint"] = not way["link_disjoint"]


@tampering("escort_strength")
def fewer_vehicles_on_escort(plan, facts):
    plan["escorts"][0]["vehicles"] = 1


@tampering("patrol_posts")
def a_patrol_that_claims_another_post(plan, facts):
    row = next(p for p in plan["patrols"] if p["arcs"])
    row["posts"].append(find(plan, "posts", role="place", event="kantor-kpu")["id"])
    row["posts"].append("tidak-ada")


# officers


@tampering("officer_once")
def an_officer_in_two_places(plan, facts):
    one, other = [p for p in plan["posts"] if p["event"] == "rapat-umum" and p["assigned"]][:2]
    other["assigned"][0] = one["assigned"][0]


@tampering("officer_known")
def an_officer_nobody_knows(plan, facts):
    plan["posts"][0]["assigned"][0] = "X1"


@tampering("officers_count")
def more_officers_than_the_post_takes(plan, facts):
    plan["posts"][0]["assigned"] += ["P058", "P059"]


@tampering("officers_told")
def a_gap_hidden(plan, facts):
    plan["officers"]["available"] += 10


@tampering("officers_needed")
def less_needed_than_there_is(plan, facts):
    plan["officers"]["needed"] += 4
    plan["officers"]["gap"] = max(0, plan["officers"]["needed"] - 60)


@tampering("officers_idle")
def a_post_left_empty(plan, facts):
    plan["posts"][0]["assigned"] = []


@tampering("officers_min")
def fewer_officers_at_the_place(plan, facts):
    find(plan, "posts", role="place", event="kantor-kpu")["officers"] -= 2


@tampering("post_junction")
def a_post_beside_its_junction(plan, facts):
    plan["posts"][0]["lon"] += 0.001


@tampering("post_score")
def a_post_worth_more_than_it_is(plan, facts):
    find(plan, "posts", role="closure_end")["score"] += 100


@tampering("closure_end_manned")
def an_end_without_a_post(plan, facts):
    plan["posts"].remove(find(plan, "posts", role="closure_end"))


@tampering("posts_best", "posts_value", "officers_needed")
def a_worse_choice_of_junctions(plan, facts):
    best = max(
        (p for p in plan["posts"] if p["role"] == "junction"), key=lambda p: p["diverted_pcu_h"]
    )
    plan["posts"].remove(best)


@tampering("posts_bound")
def a_bound_below_the_choice(plan, facts):
    plan["certificate"]["posts_bound"] = 0.0


# traffic


@tampering("load_conserved")
def traffic_that_vanishes(plan, facts):
    flows = plan["assignment"][0]["flows"]["after"]
    flows[int(np.argmax(flows))] *= 0.5


@tampering("load_closed")
def traffic_on_a_closed_road(plan, facts):
    segments = find(plan, "closures", proposed=True, event="rapat-umum")["segments"]
    arc = next(a for a, s in enumerate(facts.network.segment) if s == segments[0])
    plan["assignment"][0]["flows"]["after"][arc] = 50.0


@tampering("load_gap", "load_conserved")
def traffic_before_passed_off_as_after(plan, facts):
    row = plan["assignment"][0]
    row["flows"]["after"] = list(row["flows"]["before"])


@tampering("load_hours")
def vehicle_hours_misstated(plan, facts):
    plan["assignment"][0]["after"]["vehicle_hours"] *= 0.9


@tampering("load_demand")
def demand_made_smaller(plan, facts):
    plan["assignment"][0]["trips_pcu_h"] *= 0.8


@tampering("load_unroutable")
def people_said_to_be_cut_off(plan, facts):
    plan["assignment"][0]["after"]["unroutable_pcu_h"] += 30


@tampering("load_totals")
def added_hours_misstated(plan, facts):
    plan["assignment"][0]["added_vehicle_hours"] = 0.0


@tampering("load_busiest")
def the_busiest_road_made_calm(plan, facts):
    plan["assignment"][0]["busiest"][0]["ratio"] = 0.01


@tampering("load_changed")
def changes_misstated(plan, facts):
    plan["assignment"][0]["changed"][0][2] += 40


@tampering("load_present")
def an_hour_left_out(plan, facts):
    plan["assignment"].pop()


@tampering("demand_told")
def people_misstated(plan, facts):
    plan["demand"]["people"] += 1


# conflicts


@tampering("conflict_told")
def a_conflict_kept_quiet(plan, facts):
    plan["conflicts"].remove(find(plan, "conflicts", kind="closure_blocks_route"))


@tampering("conflict_true")
def a_conflict_made_up(plan, facts):
    row = deepcopy(find(plan, "conflicts", kind="closure_blocks_route"))
    row["events"] = ["kantor-kpu", "konvoi"]
    plan["conflicts"].append(row)


# shape


@tampering("readable")
def a_part_missing(plan, facts):
    del plan["closures"]


@tampering("readable")
def a_figure_that_is_none(plan, facts):
    plan["corridors"][0]["travel_closed_s"] = float("nan")
