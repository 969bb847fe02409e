"""Whatever the town, closures and hours: no plan cuts the ambulance off, none is unsound."""

from __future__ import annotations

import heapq
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.traffic.verify import verify_traffic

from .plan_cases import HOSPITAL, KPU, RALLY, at, facts_of, inputs, planned, town

COLUMNS, ROWS = 5, 4
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def pieces():
    """Pieces of road of the small town, by their two crossings."""
    cells = [(c, r) for r in range(ROWS) for c in range(COLUMNS)]
    return [
        (cell, (cell[0] + dc, cell[1] + dr))
        for cell in cells
        for dc, dr in ((1, 0), (0, 1))
        if (cell[0] + dc, cell[1] + dr) in set(cells)
    ]


@st.composite
def days(draw):
    """Draw a town with holes and one-way streets, one or two events, closures of any kind."""
    gone = draw(st.sets(st.sampled_from(pieces()), max_size=6))
    one_way = draw(st.sets(st.sampled_from(pieces()), max_size=4))
    network = town(COLUMNS, ROWS, without=gone, one_way=one_way)
    events = []
    for base in draw(st.sampled_from([[RALLY], [RALLY, KPU]])):
        place = at(draw(st.floats(0.1, COLUMNS - 1.1)), draw(st.integers(0, ROWS - 1)))
        wish = st.fixed_dictionaries(
            {
                "segments": st.lists(
                    st.integers(0, network.segments - 1), min_size=1, max_size=3, unique=True
                ),
                "exempt": st.sampled_from([[], ["emergency"]]),
                "direction": st.sampled_from(["both", "both", "forward"]),
            }
        )
        # each piece of road is named once: an event that names one twice is refused on reading
        wishes = draw(st.lists(wish, max_size=3))
        seen: set[int] = set()
        for w in wishes:
            w["segments"] = [s for s in w["segments"] if s not in seen]
            seen |= set(w["segments"])
        events.append(
            base
            | {
                "place": place,
                "closures": [w for w in wishes if w["segments"]],
                "propose_closures": draw(st.booleans()),
                "groups": [
                    {
                        "label": g["label"],
                        "size": g["size"],
                        "gathering": at(draw(st.integers(0, 4)), 1),
                    }
                    for g in base.get("groups", [])
                ],
            }
        )
    return inputs(*events, network=network, officers=draw(st.sampled_from([0, 10, 60])))


def ambulance_s(network, plan, event, inward):
    """Seconds from the hospital to the nearest junction that its corridor may end at, by hand.

    Only what the plan file says is closed is looked at; a plain search over junctions and arcs.
    """
    row = next(
        c
        for c in plan["corridors"]
        if c["event"] == event and c["direction"] == ("to_place" if inward else "to_hospital")
    )
    shut = set()
    window = next(e for e in plan["events"] if e["id"] == event)
    for c in plan["closures"]:
        together = c["begins"] < window["clear_at"] and window["setup_at"] < c["ends"]
        if together and "emergency" not in c["exempt"]:
            for a in range(network.arcs):
                forward = bool(network.forward[a])
                if network.segment[a] in c["segments"] and (
                    c["direction"] == "both" or forward == (c["direction"] == "forward")
                ):
                    shut.add(a)
    arcs = row["arcs"]
    assert not shut & set(arcs), "the corridor drives through a closure that lets nobody in"
    times = network.times_ds("car")
    best = {arcs[0]: 0}
    queue = [(0, arcs[0])]
    while queue:
        time, arc = heapq.heappop(queue)
        if arc == arcs[-1]:
            return (time + int(times[arcs[0]])) / 10
        for b in range(network.arcs):
            if network.tail[b] == network.head[arc] and b not in shut:
                later = time + int(times[b])
                if later < best.get(b, 10**9):
                    best[b] = later
                    heapq.heappush(queue, (later, b))
    return None


@pytest.mark.slow
class TestAnyDay:
    """Properties that hold for every day that can be drawn."""

    @FEW
    @given(day=days())
    def test_a_plan_is_sound_or_refused_for_its_corridor(self, day):
        try:
            plan = planned(day)
        except DomainError as refused:
            if refused.code != "corridor_cut" or not refused.where["closures"]:
                raise
            return
        the_corridor_holds(day, plan)
        conflicts_are_those_of_clock_and_map(day, plan)
        assert verify_traffic(json.loads(json.dumps(plan)), facts_of(day)) == ()


def the_corridor_holds(day, plan):
    for event in day.events:
        for inward in (True, False):
            found = ambulance_s(day.network, plan, event.id, inward)
            direction = "to_place" if inward else "to_hospital"
            row = next(
                c
                for c in plan["corridors"]
                if c["event"] == event.id and c["direction"] == direction
            )
            assert found is not None
            assert row["holds"]
            assert row["travel_closed_s"] <= row["limit_s"]
            assert row["hospital"] == HOSPITAL.id


def conflicts_are_those_of_clock_and_map(day, plan):
    """Two events conflict on a road exactly when both close it at the same time."""
    if len(day.events) == 1:
        return
    one, other = ([c for c in plan["closures"] if c["event"] == e.id] for e in day.events)
    shared = {
        s
        for a in one
        for b in other
        if a["begins"] < b["ends"] and b["begins"] < a["ends"]
        for s in set(a["segments"]) & set(b["segments"])
    }
    told = [c for c in plan["conflicts"] if c["kind"] == "same_road_same_hour"]
    assert {s for c in told for s in c["segments"]} == shared
    assert bool(told) == bool(shared)
