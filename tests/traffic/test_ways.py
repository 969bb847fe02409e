"""Ways between places: round the block too, where a one-way street does not lead back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.roads.router import Router
from sispamkota.traffic.verify import verify_traffic
from sispamkota.traffic.ways import Ways

from .plan_cases import HOSPITAL, KPU, at, facts_of, inputs, planned, town


def pieces():
    return [((c, r), (c + 1, r)) for c in range(4) for r in range(3)]


@settings(max_examples=60)
@given(
    st.sets(st.sampled_from(pieces())),
    st.lists(st.tuples(st.floats(0, 4), st.integers(0, 3)), min_size=2, max_size=2),
    st.sets(st.integers(0, 30), max_size=5),
)
def test_ways_take_as_long_as_the_router_says(one_way, points, shut):
    network = town(5, 4, one_way=one_way)
    ways = Ways(network, "car", far_m=500)
    router = Router.exact(network, "car")
    closed = [a for a, s in enumerate(network.segment.tolist()) if s in shut]
    router.close(closed)
    one, other = (ways.snap([at(*p)]) for p in points)
    found = ways.way(
        ways.from_place(one, router.closed), ways.to_place(other, router.closed), router.closed
    )
    true = router.route(one, other)
    assert (found is None) == (true is None)
    if found is not None and true is not None:
        # both ends on one arc: each part is rounded, or what lies between them
        assert found.seconds == pytest.approx(true.seconds, abs=0.2)
        assert found.length_m >= 0


def test_an_ambulance_goes_round_to_a_place_behind_on_its_one_way_street():
    hospital = type(HOSPITAL)(id="rs", name="RS", lon=at(3.7, 1)[0], lat=at(3.7, 1)[1])
    event = KPU | {"place": at(3.3, 1), "propose_closures": False}
    network = town(one_way={((3, 1), (4, 1))})
    given = inputs(event, network=network, hospitals=(hospital,))
    plan = planned(given)
    there = next(c for c in plan["corridors"] if c["direction"] == "to_place")
    assert len(there["arcs"]) >= 5
    assert there["arcs"][0] == there["arcs"][-1]
    assert verify_traffic(plan, facts_of(given)) == ()
