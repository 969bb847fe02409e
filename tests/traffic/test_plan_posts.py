"""Where officers stand: the best choice by brute force, and nobody in two places."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.traffic.events import KINDS
from sispamkota.traffic.posts import Duty, Junction, assign_officers, choose, near, peak
from sispamkota.traffic.rules import default_rules
from sispamkota.traffic.verify import verify_traffic

from .plan_cases import CONVOY, NOW, RALLY, facts_of, inputs, planned, town

TOWN = town()
RULES = replace(default_rules().posts, sight_m=250.0)  # one block: neighbours see each other


def duty(number, node, *, value=0.0, event="a", begins=0, hours=4, officers=2, role="junction"):
    begin = NOW + dt.timedelta(hours=begins)
    return Duty(
        id=f"{event}-{number}",
        event=event,
        task="gatur",
        role=role,
        node=node,
        closure=None,
        officers=officers,
        begins=begin,
        ends=begin + dt.timedelta(hours=hours),
        junction=Junction(event=event, node=node, diverted=value, conflicts=0, value=value),
    )


def worth(fixed, options, picked):
    """What a choice is worth, from the definition."""
    posts = [*fixed, *picked]
    seen = sum(
        o.junction.value for o in options if any(near(TOWN, o, p, RULES.sight_m) for p in posts)
    )
    return seen - RULES.officer_worth * sum(p.officers for p in picked)


def allowed(fixed, picked, available):
    _, needed = peak([*fixed, *picked], RULES.relief_min)
    _, held = peak(fixed, RULES.relief_min)
    return needed <= max(available, held)


@st.composite
def choices(draw):
    nodes = draw(st.lists(st.integers(0, TOWN.nodes - 1), min_size=1, max_size=7, unique=True))
    made = [
        duty(
            i,
            node,
            value=draw(st.sampled_from([0.0, 5.0, 30.0, 80.0, 81.0, 200.0])),
            event=draw(st.sampled_from("ab")),
            officers=draw(st.integers(1, 4)),
        )
        for i, node in enumerate(nodes)
    ]
    start = {"a": 0, "b": draw(st.sampled_from([0, 2, 4, 5]))}
    made = [
        replace(
            d,
            begins=d.begins + dt.timedelta(hours=start[d.event]),
            ends=d.ends + dt.timedelta(hours=start[d.event]),
        )
        for d in made
    ]
    split = draw(st.integers(0, min(2, len(made) - 1)))
    fixed = [replace(d, role="closure_end") for d in made[:split]]
    return fixed, made[split:], draw(st.integers(0, 12))


class TestChoice:
    """Junctions chosen with the officers there are."""

    @given(choices())
    def test_no_other_choice_is_worth_more(self, drawn):
        fixed, options, available = drawn
        found = choose(TOWN, fixed, options, RULES, available)
        best = max(
            worth(fixed, options, picked)
            for size in range(len(options) + 1)
            for picked in combinations(options, size)
            if allowed(fixed, picked, available)
        )
        assert found.value == pytest.approx(best, abs=1e-6)
        assert worth(fixed, options, found.duties) == pytest.approx(best, abs=1e-6)
        assert found.bound == pytest.approx(best, abs=1e-6)

    def test_nothing_to_choose(self):
        assert choose(TOWN, [], [], RULES, 10).duties == ()


@st.composite
def rosters(draw):
    duties = [
        duty(
            i,
            i,
            begins=draw(st.integers(0, 12)),
            hours=draw(st.integers(1, 6)),
            officers=draw(st.integers(1, 4)),
        )
        for i in range(draw(st.integers(1, 8)))
    ]
    return duties, [f"P{i}" for i in range(draw(st.integers(0, 14)))]


class TestAssignment:
    """Who serves where."""

    @given(rosters())
    def test_nobody_is_in_two_places_and_all_are_served_when_there_are_enough(self, drawn):
        duties, people = drawn
        served = assign_officers(duties, people, 30)
        relief = dt.timedelta(minutes=30)
        for one, other in combinations(served, 2):
            if set(one.assigned) & set(other.assigned):
                assert one.ends + relief <= other.begins or other.ends + relief <= one.begins
        for d in served:
            assert set(d.assigned) <= set(people)
            assert len(set(d.assigned)) == len(d.assigned) <= d.officers
        if peak(duties, 30)[1] <= len(people):
            assert all(len(d.assigned) == d.officers for d in served)

    def test_what_comes_first_is_served_first_when_there_are_too_few(self):
        duties = [duty(0, 0, begins=1), duty(1, 1, begins=0)]
        served = assign_officers(duties, ["P0", "P1", "P2"], 30)
        assert [len(d.assigned) for d in served] == [2, 1]


class TestKinds:
    """Every kind of event can be planned, with whatever its file leaves out."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_kind(self, kind):
        bare = {key: RALLY[key] for key in ("id", "name", "starts_at", "ends_at", "place")} | {
            "kind": kind
        }
        if kind == "logistics_convoy":
            bare["route"] = CONVOY["route"]
        given_ = inputs(bare)
        plan = planned(given_)
        assert verify_traffic(plan, facts_of(given_)) == ()
        assert plan["events"][0]["crowd"] is None
        assert bool(plan["escorts"]) == (kind == "logistics_convoy")

    def test_counted_trips_replace_the_model(self):
        base = inputs(RALLY)
        codes = base.zones["code"].to_list()
        counts = pl.DataFrame(
            {
                "from": codes[:3],
                "to": codes[3:6],
                "car": [100.0, 50.0, 0.0],
                "motorcycle": [400.0, 100.0, 10.0],
                "truck": [10.0, 0.0, 0.0],
            }
        )
        given_ = replace(base, counts=counts)
        plan = planned(given_)
        assert verify_traffic(plan, facts_of(given_)) == ()
        row = plan["assignment"][0]
        counted = 150 + 510 * 0.3 + 10 * 1.3
        assert row["trips_pcu_h"] - row["event_pcu_h"] == pytest.approx(counted)
        assert "counts" in plan["demand"]["method"]["en"]

        wrong = counts.with_columns(pl.lit("?").alias("to"))
        with pytest.raises(DomainError) as caught:
            planned(replace(base, counts=wrong))
        assert caught.value.code == "bad_counts"
