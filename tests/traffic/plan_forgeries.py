"""Forgeries of a valid traffic plan that agree with themselves, each with the rules for it.

Where `plan_tamperings` changes one figure, these change all that would give it away.
"""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from .plan_cases import segment
from .plan_tamperings import find

FORGERIES = []


def forgery(*rules):
    """Register a forgery together with the rules that may name it."""

    def keep(change):
        name = change.__name__.replace("_", " ").strip()
        FORGERIES.append(pytest.param(change, rules, id=name))
        return change

    return keep


def metres(network, segments):
    length = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    return round(sum(length[s] for s in segments), 1)


def reshaped(plan, network, row, segments):
    """Give a closure other segments and everything that follows from them."""
    row["segments"] = sorted(segments)
    row["ways"] = sorted({int(network.way[s]) for s in segments})
    row["roads"] = sorted({network.names[network.name[s]] for s in segments} - {""})
    row["length_m"] = metres(network, segments)
    start = network.shape_start
    row["lines"] = [
        np.round(network.shape[start[s] : start[s + 1]], 6).tolist() for s in row["segments"]
    ]


def recounted(plan):
    """Officers told as the duties have them."""
    posts, escorts, patrols = plan["posts"], plan["escorts"], plan["patrols"]
    told = plan["officers"]
    told["by_task"] = {
        "kawal": sum(e["officers"] for e in escorts),
        "gatur": sum(p["officers"] for p in posts),
        "patroli": sum(p["officers"] for p in patrols),
    }
    told["assigned"] = len({a for d in [*posts, *escorts, *patrols] for a in d["assigned"]})


# what is printed


@forgery("events")
def a_crowd_made_smaller(plan, facts):
    plan["events"][0]["crowd"] = {"expected": 30, "low": 20, "high": 50, "source": "STTP"}


@forgery("events")
def a_group_moved_to_another_gathering(plan, facts):
    plan["events"][0]["groups"][0]["gathering"] = plan["events"][0]["groups"][1]["gathering"]


@forgery("events")
def another_receipt(plan, facts):
    plan["events"][0]["sttp"]["number"] = "STTP/8/I/2024"


@forgery("events")
def an_event_renamed(plan, facts):
    plan["events"][0]["name"] = "Bazar"


@forgery("events")
def two_events_swapped_by_name(plan, facts):
    one, other = plan["events"][0], plan["events"][2]
    for key in ("name", "place_name", "crowd", "groups", "officers_min"):
        one[key], other[key] = other[key], one[key]


@forgery("route", "way_figures")
def a_convoy_said_to_go_elsewhere(plan, facts):
    """Its route and every conflict with it are cut, so that nobody sees the closure on it."""
    row = next(e for e in plan["events"] if e["route"])
    row["route"]["arcs"] = row["route"]["arcs"][:1]
    row["route"] |= {"length_m": 1.0, "travel_s": 1.0}
    plan["conflicts"] = [c for c in plan["conflicts"] if row["id"] not in c["events"]]


@forgery("neutral")
def a_party_in_a_reason(plan, facts):
    plan["closures"][0]["reason"]["id"] = "Permintaan Golkar"


@forgery("neutral")
def a_party_in_a_remark(plan, facts):
    plan["remarks"].append({"id": "Massa PDIP datang dari barat", "en": "-"})


@forgery("standing")
def a_standing_closure_made_up(plan, facts):
    plan["standing"].append(
        {
            "id": "x",
            "segments": [3],
            "ways": [],
            "begins": None,
            "ends": None,
            "profiles": ["car"],
            "exempt": [],
            "direction": "both",
        }
    )


@forgery("same_network")
def roads_of_another_day(plan, facts):
    plan["network"]["as_of"] = "2030-01-01"


@forgery("plan_id")
def another_name_of_the_plan(plan, facts):
    plan["plan"] = "traffic-000000000000"


@forgery("way_line")
def the_map_shows_another_ambulance_way(plan, facts):
    row = plan["corridors"][0]
    line = row["line"]
    middle = len(line) // 2
    line[middle] = [line[middle][0] + 0.01, line[middle][1]]


@forgery("way_line")
def the_map_shows_a_straight_way_around(plan, facts):
    row = max(plan["diversions"], key=lambda d: len(d["arcs"]))
    row["line"] = [row["line"][0], row["line"][-1]]


@forgery("way_roads")
def other_names_of_roads_on_the_way(plan, facts):
    plan["corridors"][0]["roads"] = ["Jalan Lain"]


@forgery("closure_figures")
def the_map_shows_another_closure(plan, facts):
    plan["closures"][0]["lines"] = [[[104.0, -4.0], [104.1, -4.0]]]


@forgery("closure_figures")
def a_closure_of_another_name(plan, facts):
    plan["closures"][0]["roads"] = ["Jalan Lain"]


@forgery("corridor_hospital")
def a_corridor_from_another_hospital_in_print(plan, facts):
    plan["corridors"][0]["from"]["name"] = "RS Lain"


@forgery("corridor_hospital")
def a_rough_position_said_to_be_surveyed(plan, facts):
    plan["corridors"][0]["approximate"] = True


@forgery("ids")
def a_diversion_told_twice(plan, facts):
    plan["diversions"].append(deepcopy(plan["diversions"][0]))


@forgery("ids")
def two_posts_of_one_id(plan, facts):
    row = deepcopy(find(plan, "posts", role="closure_end"))
    row["assigned"] = []
    plan["posts"].append(row)


# closures


@forgery("closure_wish")
def a_crowd_said_not_to_stand_there(plan, facts):
    """The wish does not hold a crowd; saying that it does bars ambulances where they may go."""
    row = find(plan, "closures", proposed=False)
    row["crowd"] = not row["crowd"]


@forgery("closure_proposed")
def a_proposal_that_reaches_across_the_town(plan, facts):
    row = find(plan, "closures", proposed=True)
    far = segment(facts.network, (0, 0), (1, 0))
    reshaped(plan, facts.network, row, {*row["segments"], far})


@forgery("closure_proposed")
def a_proposal_that_bars_boats_alone(plan, facts):
    find(plan, "closures", proposed=True)["profiles"] = ["boat"]


@forgery("closure_proposed")
def a_proposal_in_one_direction(plan, facts):
    find(plan, "closures", proposed=True)["direction"] = "forward"


@forgery("closure_missing")
def a_closure_dropped_with_all_that_hangs_on_it(plan, facts):
    row = find(plan, "closures", proposed=True, event="rapat-umum")
    plan["closures"].remove(row)
    plan["posts"] = [p for p in plan["posts"] if p["closure"] != row["id"]]
    plan["diversions"] = [d for d in plan["diversions"] if row["id"] not in d["closures"]]
    recounted(plan)


# ways around


@forgery("diversion_around")
def a_way_around_no_closure(plan, facts):
    plan["diversions"][0]["closures"] = []


@forgery("diversion_flow")
def more_flow_on_a_way_around(plan, facts):
    for d in plan["diversions"]:
        d["flow_pcu_h"] = round(d["flow_pcu_h"] * 3 + 500, 2)


@forgery("diversion_decisions")
def a_junction_of_a_role_nobody_knows(plan, facts):
    row = next(d for d in plan["diversions"] if d["decisions"])
    row["decisions"][0]["role"] = "sight_m"


@forgery("diversion_decisions")
def a_junction_where_nobody_turns(plan, facts):
    row = max(plan["diversions"], key=lambda d: len(d["arcs"]))
    told = {x["node"] for x in row["decisions"]}
    node = next(n for n in (int(facts.network.head[a]) for a in row["arcs"]) if n not in told)
    row["decisions"].append({"role": "leaves"} | {"node": node, "lon": 0, "lat": 0, "name": ""})


@forgery("diversion_decisions")
def a_turn_kept_quiet(plan, facts):
    row = max(plan["diversions"], key=lambda d: len(d["decisions"]))
    row["decisions"] = [x for x in row["decisions"] if x["role"] != "turns"]


# officers


@forgery("post_place")
def the_post_of_the_place_moved_away(plan, facts):
    row = find(plan, "posts", role="place", event="kantor-kpu")
    row["node"] = 0
    row["lon"], row["lat"] = float(facts.network.node_lon[0]), float(facts.network.node_lat[0])
    row["name"] = ""


@forgery("post_place")
def a_post_of_a_closure_moved_to_a_quiet_corner(plan, facts):
    """A second post at an end that is none."""
    row = deepcopy(find(plan, "posts", role="closure_end"))
    row |= {"id": "baru", "node": 0, "score": 0.0, "diverted_pcu_h": 0.0, "conflicts": 0}
    row["lon"], row["lat"] = float(facts.network.node_lon[0]), float(facts.network.node_lat[0])
    row["assigned"], row["officers"] = [], 0
    plan["posts"].append(row)


@forgery("post_place")
def a_role_nobody_knows(plan, facts):
    find(plan, "posts", role="junction")["role"] = "simpang"


@forgery("post_strength")
def fewer_officers_at_a_junction(plan, facts):
    row = find(plan, "posts", role="junction")
    row["officers"] -= 1
    row["assigned"] = row["assigned"][: row["officers"]]
    recounted(plan)


@forgery("duty_window")
def an_escort_at_another_hour(plan, facts):
    """So that its officers are free for another post."""
    row = plan["escorts"][0]
    row["begins"], row["ends"] = "2024-01-22T01:00:00+00:00", "2024-01-22T02:00:00+00:00"


@forgery("duty_window")
def a_patrol_at_another_hour(plan, facts):
    row = plan["patrols"][0]
    row["begins"], row["ends"] = "2024-01-22T01:00:00+00:00", "2024-01-22T02:00:00+00:00"


@forgery("duty_window", "post_window")
def an_end_manned_for_a_week(plan, facts):
    find(plan, "posts", role="closure_end")["ends"] = "2024-01-28T12:00:00+00:00"


@forgery("posts_best")
def a_poor_choice_with_an_honest_looking_gap(plan, facts):
    """The worst junctions are kept; value and gap are said to be right."""
    plan["certificate"]["posts_gap"] = 1.0


# the hours


@forgery("load_period")
def the_quieter_hour(plan, facts):
    row = plan["assignment"][0]
    row["period"] = "dispersal" if row["period"] == "arrival" else "arrival"


@forgery("load_objective")
def an_objective_made_up(plan, facts):
    plan["assignment"][0]["after"]["objective"] *= 0.9


@forgery("load_busiest")
def capacity_made_greater(plan, facts):
    for b in plan["assignment"][0]["busiest"]:
        b["capacity_pcu_h"] *= 2
        b["ratio"] = round(b["flow_pcu_h"] / b["capacity_pcu_h"], 4)


@forgery("load_busiest")
def the_busiest_roads_left_out(plan, facts):
    del plan["assignment"][0]["busiest"][:3]


@forgery("load_changed")
def changes_left_out(plan, facts):
    del plan["assignment"][0]["changed"][:2]


@forgery("load_bounds")
def low_demand_that_makes_more_hours(plan, facts):
    row = plan["assignment"][0]
    row["low"], row["high"] = row["high"], row["low"]


@forgery("load_bounds")
def hours_added_at_high_demand_misstated(plan, facts):
    plan["assignment"][0]["high"]["added_vehicle_hours"] = 0.0001


@forgery("certificate")
def a_better_gap_in_the_certificate(plan, facts):
    plan["certificate"]["relative_gap"] = 0.0


@forgery("certificate")
def a_gap_nobody_aimed_at(plan, facts):
    plan["certificate"]["gap_target"] = 1e-12


@forgery("certificate")
def assumptions_taken_out(plan, facts):
    plan["certificate"]["assumptions"] = []


# approaches and conflicts


@forgery("approach_group", "approach_lost")
def a_group_said_to_have_no_way(plan, facts):
    plan["approaches"] = [a for a in plan["approaches"] if a["group"] != "Kelompok A"]
    plan["remarks"].append({"id": "Kelompok A: -", "en": "Kelompok A: no open road"})
    for a in plan["approaches"]:
        a["shared_m"], a["shared_with"] = 0.0, []
    plan["conflicts"] = [c for c in plan["conflicts"] if c["kind"] != "rival_groups_meet"]


@forgery("conflict_hours")
def a_conflict_at_another_hour(plan, facts):
    row = find(plan, "conflicts", kind="closure_blocks_route")
    row["begins"], row["ends"] = "2024-01-28T01:00:00+00:00", "2024-01-28T02:00:00+00:00"


@forgery("junction_printed")
def an_end_of_a_closure_drawn_elsewhere(plan, facts):
    plan["closures"][0]["ends_nodes"][0]["lon"] += 0.01


@forgery("junction_printed")
def a_post_named_after_other_roads(plan, facts):
    plan["posts"][0]["name"] = "Simpang Lain"


@forgery("approach_ends")
def a_smaller_group(plan, facts):
    plan["approaches"][0]["size"] = 9


@forgery("events")
def officers_who_assemble_too_late(plan, facts):
    plan["events"][0]["assembly_at"] = plan["events"][0]["ends_at"]


@forgery("conflict_true")
def a_conflict_on_another_road(plan, facts):
    plan["conflicts"][0]["roads"] = ["Jalan Lain"]


# shape


@forgery("readable")
def a_plan_nested_without_end(plan, facts):
    deep = []
    for _ in range(900):
        deep = [deep]
    plan["remarks"].append({"id": deep, "en": deep})


@forgery("readable")
def text_where_a_figure_belongs(plan, facts):
    plan["closures"][0]["length_m"] = "100"


@forgery("readable")
def a_figure_beyond_all_bounds(plan, facts):
    plan["posts"][0]["score"] = 10**400
