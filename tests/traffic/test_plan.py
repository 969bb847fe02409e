"""The traffic plan: what it decides for events in a small town, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure
from sispamkota.traffic.verify import verify_traffic

from .plan_cases import CONVOY, KPU, RALLY, at, facts_of, inputs, planned, segment, town


@pytest.fixture(scope="module")
def day():
    """Three events of one day, with their plan."""
    given = inputs(RALLY, CONVOY, KPU)
    return given, planned(given)


def of(plan, part, event="rapat-umum"):
    return [row for row in plan[part] if row["event"] == event]


class TestPlan:
    """What a plan holds."""

    def test_it_passes_its_verifier_as_a_file(self, day):
        given, plan = day
        assert verify_traffic(json.loads(json.dumps(plan, allow_nan=False)), facts_of(given)) == ()

    def test_same_inputs_same_plan(self, day):
        given, plan = day
        again = planned(given)
        for each in (plan, again):
            each["certificate"]["elapsed_s"] = 0
        assert again == plan

    def test_the_road_before_the_place_is_closed_while_the_crowd_is_there(self, day):
        given, plan = day
        (closure,) = of(plan, "closures")
        assert segment(given.network, (3, 2), (4, 2)) in closure["segments"]
        assert closure["roads"] == ["Jalan B2"]
        assert closure["begins"] == "2024-01-21T04:00:00+00:00"  # 11.00 WIB, two hours before
        assert closure["ends"] == "2024-01-21T10:00:00+00:00"
        assert plan["events"][0]["assembly_at"] == "2024-01-21T03:00:00+00:00"

    def test_every_class_is_led_around(self, day):
        given, plan = day
        rows = of(plan, "diversions")
        shut = {s for c in plan["closures"] for s in c["segments"]}
        assert {r["profile"] for r in rows} == {"car", "motorcycle", "truck"}
        for row in rows:
            assert not {int(given.network.segment[a]) for a in row["arcs"]} & shut
            # in full traffic cars also took longer ways through, so the one around may be shorter
            assert row["added_s"] > 0 or row["profile"] == "car"
        # a trip that begins or ends near the closure is not told where to leave or to join
        roles = [[d["role"] for d in r["decisions"]] for r in rows]
        assert any(r[:1] == ["leaves"] and r[-1:] == ["joins"] for r in roles)

    def test_both_ends_of_a_closure_have_a_post(self, day):
        _, plan = day
        ends = {n["node"] for c in of(plan, "closures") for n in c["ends_nodes"]}
        posts = [p for p in of(plan, "posts") if p["role"] == "closure_end"]
        assert {p["node"] for p in posts} == ends
        assert all(p["officers"] == 2 and len(p["assigned"]) == 2 for p in posts)

    def test_groups_come_from_opposite_sides_without_meeting(self, day):
        _, plan = day
        rows = of(plan, "approaches")
        assert len(rows) == 4
        assert all(r["shared_m"] == 0 for r in rows)
        arrivals = [r["door"]["node"] for r in rows if r["direction"] == "arrival"]
        assert len(set(arrivals)) == 2

    def test_the_ambulance_stops_at_the_crowd_and_gets_there_in_time(self, day):
        _, plan = day
        there, back = of(plan, "corridors")
        assert (there["direction"], back["direction"]) == ("to_place", "to_hospital")
        assert there["travel_closed_s"] <= there["limit_s"]
        assert 0 < there["walk_m"] <= 250

    def test_an_escort_has_a_way_that_shares_no_road(self, day):
        _, plan = day
        (escort,) = plan["escorts"]
        assert escort["alternates"][0]["link_disjoint"]
        assert escort["vehicles"] == 2
        assert len(escort["assigned"]) == escort["officers"] == 6

    def test_supporters_are_escorted_into_the_road_that_is_closed_for_them(self):
        given = inputs(RALLY | {"route": [at(0, 0.5), at(2, 1), at(3.5, 2)]})
        plan = planned(given)
        (escort,) = plan["escorts"]
        assert escort["stated"]
        last = int(given.network.segment[escort["primary"]["arcs"][-1]])
        assert last in plan["closures"][0]["segments"]
        assert plan["officers"]["by_task"]["kawal"] == escort["officers"] == 4
        assert verify_traffic(plan, facts_of(given)) == ()

    def test_an_event_has_the_officers_it_asks_for(self, day):
        _, plan = day
        own = [*of(plan, "posts", "kantor-kpu"), *of(plan, "patrols", "kantor-kpu")]
        assert sum(p["officers"] for p in own) >= 20

    def test_traffic_is_in_equilibrium_and_closures_cost_time(self, day):
        _, plan = day
        for row in plan["assignment"]:
            assert row["before"]["relative_gap"] <= 1e-6
            assert row["after"]["relative_gap"] <= 1e-6
            assert row["added_vehicle_hours"] >= 0
            assert row["trips_low_pcu_h"] < row["trips_pcu_h"] < row["trips_high_pcu_h"]
        assert plan["assignment"][0]["added_vehicle_hours"] > 0
        assert plan["assignment"][0]["event_pcu_h"] > 0

    def test_a_trip_within_one_piece_of_road_loads_none(self):
        """The place is a zone's own point: who lives there does not drive round the block."""
        given = inputs(RALLY)
        home = given.zones.row(5, named=True)
        given = inputs(RALLY | {"place": [home["lon"], home["lat"]]})
        plan = planned(given)

        assert verify_traffic(plan, facts_of(given)) == ()

    def test_texts_are_in_both_languages(self, day):
        _, plan = day

        def look(part):
            if isinstance(part, dict):
                if set(part) == {"id", "en"}:
                    assert part["id"]
                    assert part["en"]
                for inner in part.values():
                    look(inner)
            elif isinstance(part, list):
                for inner in part:
                    look(inner)

        look(plan)


class TestOfficers:
    """Who serves where, and what is missing."""

    def test_a_gap_is_shown_not_rounded_away(self):
        given = inputs(RALLY, KPU, officers=16)
        plan = planned(given)
        officers = plan["officers"]
        assert officers["gap"] == officers["needed"] - 16 > 0
        assert any(c["kind"] == "officers_short" for c in plan["conflicts"])
        assert verify_traffic(plan, facts_of(given)) == ()
        ends = [p for p in plan["posts"] if p["role"] == "closure_end"]
        assert all(p["assigned"] for p in ends if p["event"] == "rapat-umum")

    def test_without_a_roster_the_plan_says_how_many_are_needed(self):
        given = inputs(RALLY, officers=0)
        plan = planned(given)
        assert plan["officers"]["gap"] == plan["officers"]["needed"] > 0
        assert any(p["role"] == "junction" for p in plan["posts"])
        assert verify_traffic(plan, facts_of(given)) == ()

    def test_one_officer_serves_two_events_when_there_is_time_between(self):
        evening = KPU | {"starts_at": "2024-01-22 15:00", "ends_at": "2024-01-22 18:00"}
        given = inputs(RALLY, evening, officers=40)
        plan = planned(given)
        duties = [*plan["posts"], *plan["patrols"]]
        first = {p for d in duties if d["event"] == "rapat-umum" for p in d["assigned"]}
        second = {p for d in duties if d["event"] == "kantor-kpu" for p in d["assigned"]}
        assert first & second
        assert verify_traffic(plan, facts_of(given)) == ()


class TestClosures:
    """Closures that events ask for."""

    @pytest.mark.parametrize(
        "wish",
        [
            {"road": "jalan b2"},
            {"line": [at(2.1, 2), at(4.9, 2)]},
            {"area": [at(3.2, 1.8), at(3.8, 1.8), at(3.8, 2.2), at(3.2, 2.2)]},
            {"way": 100},
        ],
    )
    def test_named_in_any_way(self, wish):
        given = inputs(RALLY | {"closures": [wish | {"reason": "Panggung"}]})
        plan = planned(given)
        (closure,) = plan["closures"]
        assert closure["segments"]
        assert not closure["proposed"]
        assert closure["reason"]["id"] == "Panggung"
        assert verify_traffic(plan, facts_of(given)) == ()

    def test_one_direction_leaves_the_other_open(self):
        network = town()
        wish = {"segments": [segment(network, (3, 2), (4, 2))], "direction": "forward"}
        given = inputs(RALLY | {"closures": [wish | {"crowd": False}]}, network=network)
        plan = planned(given)
        flows = np.array(plan["assignment"][0]["flows"]["after"])
        arcs = network.segment == wish["segments"][0]
        assert flows[arcs & network.forward] == 0
        assert flows[arcs & ~network.forward] > 0
        assert verify_traffic(plan, facts_of(given)) == ()

    def test_a_standing_closure_is_kept(self):
        network = town()
        flood = Closure(
            id="banjir",
            reason=Text("Banjir", "Flood"),
            kind="segments",
            segments=(segment(network, (3, 1), (4, 1)), segment(network, (3, 3), (4, 3))),
        )
        given = inputs(RALLY, network=network, standing=(flood,))
        plan = planned(given)
        for row in plan["diversions"]:
            assert not {int(network.segment[a]) for a in row["arcs"]} & set(flood.segments)
        assert verify_traffic(plan, facts_of(given)) == ()

    def test_forbidden_turns_are_kept(self):
        free = town()
        arcs = {
            (int(t), int(h)): a for a, (t, h) in enumerate(zip(free.tail, free.head, strict=True))
        }
        # at the crossing before the closure nobody may turn left into Jalan U3
        at_crossing = 2 * 8 + 3
        banned = [(arcs[at_crossing - 1, at_crossing], arcs[at_crossing, at_crossing + 8])]
        given = inputs(RALLY, network=town(banned=banned))
        plan = planned(given)
        turns = {pair for d in plan["diversions"] for pair in pairwise(d["arcs"])}
        assert banned[0] not in turns
        assert verify_traffic(plan, facts_of(given)) == ()


class TestRefused:
    """What no plan is made for, and the one message it gives."""

    def refusal(self, given):
        with pytest.raises(DomainError) as caught:
            planned(given)
        error = caught.value
        for text in (error.message, error.remedy):
            assert text.id
            assert text.en
        return error

    def test_closures_that_cut_the_corridor_are_named(self):
        network = town()
        sides = [((3, 2), (2, 2)), ((3, 2), (3, 1)), ((3, 2), (3, 3))]
        sides += [((4, 2), (5, 2)), ((4, 2), (4, 1)), ((4, 2), (4, 3))]
        ring = [segment(network, *ends) for ends in sides]
        wishes = [{"segments": [s], "exempt": [], "crowd": False} for s in ring]
        error = self.refusal(inputs(RALLY | {"closures": wishes}, network=network))
        assert error.code == "corridor_cut"
        assert error.where["event"] == "rapat-umum"
        assert len(error.where["closures"]) == 6

        opened = [w | {"exempt": ["emergency"]} for w in wishes]
        given = inputs(RALLY | {"closures": opened}, network=network)
        assert verify_traffic(planned(given), facts_of(given)) == ()

    def test_the_closure_that_alone_cuts_it_is_named(self):
        # a dead end: the hospital side joins the place by one street only
        network = town(3, 1)
        hospital = inputs(RALLY).hospitals[0]
        hospital = replace(hospital, lon=at(0.5, 0)[0], lat=at(0.5, 0)[1])
        rally = RALLY | {
            "place": at(1.9, 0),
            "groups": [],
            "closures": [
                {"segments": [0], "exempt": [], "crowd": False, "begins": "2024-01-21 11:00"},
            ],
        }
        error = self.refusal(inputs(rally, network=network, hospitals=(hospital,)))
        assert error.code == "corridor_cut"
        assert error.where["closures"] == ["rapat-umum-tutup-1"]
        assert error.where["hospital"] == ["rsud"]

    def test_a_proposal_gives_way_instead(self):
        """The hospital lies on the very street that would be closed from end to end."""
        network = town(4, 1)
        hospital = inputs(RALLY).hospitals[0]
        hospital = replace(hospital, lon=at(1.2, 0)[0], lat=at(1.2, 0)[1])
        rally = RALLY | {"place": at(1.6, 0), "groups": []}
        given = inputs(rally, network=network, hospitals=(hospital,))
        plan = planned(given)
        assert plan["closures"] == []
        assert any("ambulan" in r["id"] for r in plan["remarks"])
        assert verify_traffic(plan, facts_of(given)) == ()

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"place": [104.9, -3.1]}, "event_far_from_roads"),
            ({"groups": [{"label": "Kelompok A", "gathering": [104.9, -3.1]}]},
             "gathering_far_from_roads"),
            ({"closures": [{"road": "Jalan Tidak Ada"}]}, "unknown_road"),
            ({"closures": [{"segments": [99999]}]}, "closure_on_no_road"),
            ({"closures": [{"way": 5}]}, "closure_on_no_road"),
            ({"closures": [{"line": [[104.9, -3.1], [104.91, -3.1]]}]}, "closure_on_no_road"),
            ({"route": [at(0, 2), [104.9, -3.1]]}, "route_off_network"),
        ],
    )  # fmt: skip
    def test_what_is_not_on_the_roads(self, change, code):
        assert self.refusal(inputs(RALLY | change)).code == code

    def test_nothing_to_plan(self):
        assert self.refusal(inputs()).code == "no_events"
        assert self.refusal(inputs(RALLY, hospitals=())).code == "no_hospital"
        few = inputs(RALLY)
        assert self.refusal(replace(few, zones=few.zones.head(1))).code == "no_zones"


class TestConflicts:
    """Events that get in each other's way."""

    def kinds(self, *events):
        given = inputs(*events)
        plan = planned(given)
        assert verify_traffic(plan, facts_of(given)) == ()
        return {(c["kind"], *c["events"]) for c in plan["conflicts"]}

    def test_the_same_road_at_the_same_hour(self):
        other = RALLY | {"id": "rapat-lain", "groups": [], "place": at(3.6, 2)}
        found = self.kinds(RALLY, other)
        assert ("same_road_same_hour", "rapat-lain", "rapat-umum") in found

    def test_not_on_another_day(self):
        other = RALLY | {
            "id": "rapat-lain",
            "groups": [],
            "starts_at": "2024-01-22 13:00",
            "ends_at": "2024-01-22 16:00",
        }
        assert self.kinds(RALLY, other) == set()

    def test_a_closure_on_a_route_asked_for(self):
        convoy = CONVOY | {"route": [at(0, 2.5), at(3.5, 2), at(7, 3.5)]}
        assert ("closure_blocks_route", "rapat-umum", "konvoi") in self.kinds(RALLY, convoy)

    def test_rivals_from_one_side_meet(self):
        groups = [
            {"label": "Kelompok A", "size": 10, "gathering": at(0, 0.5)},
            {"label": "Kelompok B", "size": 10, "gathering": at(0, 0.6)},
        ]
        found = self.kinds(RALLY | {"groups": groups})
        assert ("rival_groups_meet", "rapat-umum", "rapat-umum") in found
