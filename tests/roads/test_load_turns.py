"""Turn restrictions by hand: the map is a street 1-2-3-4 with arms 5, 6 at 2 and 7, 8 at 3."""

from __future__ import annotations

import pytest

from roads.drawn import bans, osm, read

ROAD = {"highway": "residential"}
# west, middle, east along the street; north and south arms of the two crossings
STREET = {
    10: ([1, 2], ROAD),
    20: ([2, 3], ROAD),
    30: ([3, 4], ROAD),
    50: ([2, 5], ROAD),
    60: ([2, 6], ROAD),
    70: ([3, 7], ROAD),
    80: ([3, 8], ROAD),
}
LEFT = [("from", "way", 10), ("via", "node", 2), ("to", "way", 50)]
NOT_LEFT = {(10, 2, 50)}
AHEAD = [("from", "way", 10), ("via", "node", 2), ("to", "way", 20)]
ONLY_AHEAD = {(10, 2, 10), (10, 2, 50), (10, 2, 60)}


def restriction(members, tags, ways=None):
    return read(osm(ways or STREET, relations=[(members, {"type": "restriction", **tags})]))


RULES = [
    # members, tags, banned for car, motorcycle, truck
    (LEFT, {"restriction": "no_left_turn"}, (NOT_LEFT, NOT_LEFT, NOT_LEFT)),
    (AHEAD, {"restriction": "only_straight_on"}, (ONLY_AHEAD, ONLY_AHEAD, ONLY_AHEAD)),
    (LEFT, {"restriction:hgv": "no_left_turn"}, (set(), set(), NOT_LEFT)),
    (LEFT, {"restriction:motorcycle": "no_left_turn"}, (set(), NOT_LEFT, set())),
    (LEFT, {"restriction": "no_left_turn", "except": "motorcycle"}, (NOT_LEFT, set(), NOT_LEFT)),
    (LEFT, {"restriction": "no_left_turn", "except": "psv;hgv"}, (NOT_LEFT, NOT_LEFT, set())),
    (LEFT, {"restriction": "no_left_turn", "except": "motorcar; hgv"}, (set(), NOT_LEFT, set())),
    (LEFT, {"restriction": "no_left_turn", "except": "bicycle"}, (NOT_LEFT,) * 3),
    (
        [("from", "way", 10), ("via", "node", 2), ("to", "way", 10)],
        {"restriction": "no_u_turn"},
        ({(10, 2, 10)},) * 3,
    ),
    (
        [*LEFT, ("from", "way", 60)],
        {"restriction": "no_entry"},
        ({(10, 2, 50), (60, 2, 50)},) * 3,
    ),
    ([*LEFT, ("to", "way", 60)], {"restriction": "no_exit"}, ({(10, 2, 50), (10, 2, 60)},) * 3),
]


@pytest.mark.parametrize(("members", "tags", "expected"), RULES)
def test_restrictions_ban_turns(members, tags, expected):
    network = restriction(members, tags)
    assert tuple(bans(network, p) for p in ("car", "motorcycle", "truck")) == expected
    assert bans(network, "foot") == set()
    assert network.report["restrictions"]["honoured"] == 1


NOT_APPLIED = [
    (LEFT, {"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, "conditional"),
    (LEFT, {"restriction": "no_left_turn", "hour_on": "07:00"}, "conditional"),
    (LEFT, {"restriction:bus": "no_left_turn"}, "other_vehicles"),
    (LEFT, {"restriction": "no_left_turn", "except": "motor_vehicle"}, "other_vehicles"),
    (LEFT, {"restriction": "give_way"}, "unknown_rule"),
    (LEFT, {}, "unknown_rule"),
    (LEFT[:2], {"restriction": "no_left_turn"}, "incomplete"),
]


@pytest.mark.parametrize(("members", "tags", "reason"), NOT_APPLIED)
def test_what_is_not_applied_is_counted_by_name(members, tags, reason):
    network = restriction(members, tags)
    assert len(network.banned) == 0
    assert network.report["restrictions_not_applied"] == {reason: 1}


NOT_HONOURED = [
    ([("from", "way", 99), *LEFT[1:]], {}, "from_not_in_network"),
    ([LEFT[0], ("via", "node", 99), LEFT[2]], {}, "not_in_network"),
    ([LEFT[0], LEFT[1], ("to", "way", 99)], {"restriction": "only_left_turn"}, "to_not_in_network"),
]


@pytest.mark.parametrize(("members", "tags", "reason"), NOT_HONOURED)
def test_what_cannot_be_honoured_is_listed(members, tags, reason):
    network = restriction(members, {"restriction": "no_left_turn", **tags})
    missed = network.report["restrictions"]["not_honoured_by_reason"]
    assert missed == {reason: {"count": 1, "relations": [900]}}


def test_a_way_that_passes_through_the_junction_is_ambiguous():
    ways = {**STREET, 10: ([1, 2, 3], ROAD)}
    del ways[20]
    told = restriction(LEFT, {"restriction": "no_left_turn"}, ways).report["restrictions"]
    assert list(told["not_honoured_by_reason"]) == ["from_way_passes_through"]
    one_way = {**ways, 10: ([1, 2, 3], {**ROAD, "oneway": "yes"})}
    assert bans(restriction(LEFT, {"restriction": "no_left_turn"}, one_way)) == {(10, 2, 50)}


VIA_WAY = [("from", "way", 10), ("via", "way", 20), ("to", "way", 70)]


def test_a_path_entered_from_one_road_alone_is_banned_at_its_end():
    ways = {n: way for n, way in STREET.items() if n not in (50, 60)}
    network = restriction(VIA_WAY, {"restriction": "no_left_turn"}, ways)
    assert bans(network) == {(20, 3, 70)}
    assert network.report["restrictions"]["honoured_by_rule"] == {"no_left_turn (via way)": 1}


def test_a_path_that_can_only_go_one_way_on_is_banned_at_its_start():
    ways = {n: way for n, way in STREET.items() if n not in (30, 80)}
    assert bans(restriction(VIA_WAY, {"restriction": "no_left_turn"}, ways)) == {(10, 2, 20)}


def test_only_over_a_way_bans_all_other_exits():
    ways = {n: way for n, way in STREET.items() if n not in (50, 60)}
    network = restriction(VIA_WAY, {"restriction": "only_left_turn"}, ways)
    assert bans(network) == {(20, 3, 30), (20, 3, 80)}


def test_a_path_that_no_single_turn_tells_from_others_is_listed_by_number():
    network = restriction(VIA_WAY, {"restriction": "no_left_turn"})
    assert len(network.banned) == 0
    missed = network.report["restrictions"]["not_honoured_by_reason"]
    assert missed == {"via_way_not_expressible": {"count": 1, "relations": [900]}}


def test_a_turn_into_a_road_closed_to_the_vehicle_needs_no_ban():
    ways = {**STREET, 50: ([5, 2], {**ROAD, "oneway": "yes"})}
    network = restriction(LEFT, {"restriction": "no_left_turn"}, ways)
    assert bans(network) == set()
    assert network.report["restrictions"]["honoured"] == 1
