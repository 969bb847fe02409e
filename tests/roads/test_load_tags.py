"""What each tag means to each profile; a row reads: tags, then how each goes along the way."""

from __future__ import annotations

import numpy as np
import pytest

from roads.drawn import all_directions, osm, read, tags_of
from sispamkota.roads.network import PROFILES
from sispamkota.roads.profiles import barred_by, kind_of, relevant_keys, rules

ACCESS = [
    # tags of the way                                car  moto truck foot boat
    ("highway=residential", "               ><   ><   ><   ><   -"),
    ("highway=motorway", "                  >    -    >    -    -"),
    ("highway=motorway oneway=no", "        ><   -    ><   -    -"),
    ("highway=motorway motorcycle=yes", "   >    >    >    -    -"),
    ("highway=trunk oneway=yes", "          >    >    >    ><   -"),
    ("highway=primary oneway=-1", "         <    <    <    ><   -"),
    ("highway=primary oneway=reverse", "    <    <    <    ><   -"),
    ("highway=primary oneway=reversible", " -    -    -    ><   -"),
    ("highway=primary oneway=alternating", "><   ><   ><   ><   -"),
    ("highway=tertiary junction=roundabout", " >  >    >    ><   -"),
    ("highway=tertiary junction=circular", " >    >    >    ><   -"),
    ("highway=tertiary junction=roundabout oneway=no", "><   ><   ><   ><   -"),
    ("highway=residential oneway=yes oneway:motorcycle=no", ">   ><   >   ><   -"),
    ("highway=residential oneway:motorcycle=yes", "         ><  >    ><  ><   -"),
    ("highway=residential oneway=yes motorcycle:backward=yes", " > ><  >  ><   -"),
    ("highway=residential oneway=yes oneway:foot=yes", ">   >    >    >    -"),
    ("highway=path", "                      -    ><   -    ><   -"),
    ("highway=path motorcycle=no", "        -    -    -    ><   -"),
    ("highway=path motor_vehicle=no", "     -    -    -    ><   -"),
    ("highway=footway", "                   -    -    -    ><   -"),
    ("highway=footway motorcycle=yes", "    -    ><   -    ><   -"),
    ("highway=footway access=yes", "        -    -    -    ><   -"),
    ("highway=steps foot=yes", "            -    -    -    ><   -"),
    ("highway=pedestrian motor_vehicle=delivery", "><   ><   ><   ><   -"),
    ("highway=service access=private", "    -    -    -    -    -"),
    ("highway=service access=private motor_vehicle=yes", "><   ><   ><   -    -"),
    ("highway=service access=no foot=yes", "-    -    -    ><   -"),
    ("highway=service vehicle=no", "        -    -    -    ><   -"),
    ("highway=service vehicle=no motorcycle=yes", "-    ><   -    ><   -"),
    ("highway=service motor_vehicle=no motorcar=yes", "><   -    -    ><   -"),
    ("highway=service hgv=no", "            ><   ><   -    ><   -"),
    ("highway=service motorcar=no", "       -    ><   ><   ><   -"),
    ("highway=service motorcar=no hgv=no", "-    ><   -    ><   -"),
    ("highway=service motor_vehicle:forward=no", "<    <    <    ><   -"),
    ("highway=service motor_vehicle=destination", "><   ><   ><   ><   -"),
    ("highway=service access=nonsense", "   ><   ><   ><   ><   -"),
    ("highway=service foot=use_sidepath", " ><   ><   ><   -    -"),
    ("highway=residential smoothness=impassable", "-    -    -    ><   -"),
    ("highway=track", "                     ><   ><   ><   ><   -"),
    ("highway=busway", "                    -    -    -    -    -"),
    ("highway=busway motorcycle=yes", "     -    ><   -    -    -"),
    ("route=ferry", "                       -    -    -    ><   ><"),
    ("route=ferry motor_vehicle=yes", "     ><   ><   ><   ><   ><"),
    ("route=ferry motorcycle=yes foot=yes", " -   ><   -    ><   ><"),
    ("route=ferry foot=no boat=yes", "      -    -    -    -    ><"),
    ("waterway=river", "                    -    -    -    -    ><"),
    ("waterway=canal boat=yes", "           -    -    -    -    ><"),
    ("waterway=river boat=no", "            -    -    -    -    -"),
    ("waterway=river motor_vehicle=yes", "  -    -    -    -    ><"),
    ("waterway=stream", "                   -    -    -    -    -"),
    ("waterway=stream boat=yes", "          -    -    -    -    ><"),
    ("highway=construction", "              -    -    -    -    -"),
    ("highway=pedestrian area=yes", "       -    -    -    -    -"),
    ("building=yes", "                      -    -    -    -    -"),
]


@pytest.mark.parametrize(("tags", "expected"), ACCESS, ids=[tags for tags, _ in ACCESS])
def test_tags_say_who_goes_where(tags, expected):
    content = osm({1: ([1, 2], tags_of(tags)), 2: ([2, 3], {"highway": "road"})})
    assert all_directions(read(content), 1) == " ".join(expected.split())


CAR_KMH = [
    # tags, km/h of a car
    ("highway=trunk", 70),
    ("highway=residential", 30),
    ("highway=residential surface=asphalt", 30),
    ("highway=residential surface=gravel", 24),  # 30 x 0.8
    ("highway=secondary surface=gravel", 30),  # 60 x 0.8 = 48, capped
    ("highway=secondary maxspeed=40", 36),  # 0.9 of the limit
    ("highway=secondary maxspeed=40 surface=sand", 15),  # the surface binds harder
    ("highway=secondary maxspeed=30@mph", 43.452288),
    ("highway=secondary maxspeed=ID:urban", 45),
    ("highway=secondary maxspeed=signals", 60),
    ("highway=secondary maxspeed=1", 60),  # no limit one can drive
    ("highway=secondary maxspeed=999", 100),
    ("highway=track tracktype=grade1", 20),
    ("highway=track tracktype=grade5", 5),
    ("highway=unclassified tracktype=grade5", 15),
    ("highway=tertiary smoothness=very_bad", 15),
    ("highway=footway motor_vehicle=yes", 10),
]


@pytest.mark.parametrize(("tags", "expected"), CAR_KMH)
def test_speed_of_a_car(tags, expected):
    parsed = {k: v.replace("@", " ") for k, v in tags_of(tags).items()}
    assert kind_of(parsed).forward[0] == pytest.approx(expected)


def test_limits_differ_by_direction_and_vehicle():
    tags = "highway=primary maxspeed:forward=50 maxspeed:backward=30 maxspeed:hgv=20"
    kind = kind_of(tags_of(tags))
    assert kind.forward[:3] == pytest.approx((45, 45, 18))
    assert kind.backward[:3] == pytest.approx((27, 27, 18))


def test_no_class_is_faster_than_the_law_allows():
    table = rules()["speed_kmh"]
    assert max(row.get("car", 0) for row in table.values()) <= 100
    rural = [row for name, row in table.items() if not name.startswith("motorway")]
    assert max(row.get(p, 0) for row in rural for p in ("car", "motorcycle", "truck")) <= 80
    assert table["residential"]["car"] <= 30


def test_every_figure_belongs_to_a_profile_and_every_source_is_told():
    data = rules()
    assert all(set(row) <= set(PROFILES) for row in data["speed_kmh"].values())
    assert all(set(row) <= set(PROFILES) for row in data["barrier"].values())
    assert set(data["access"]) == {*PROFILES, "allowed", "denied"}
    assert all(len(text) > 20 for text in data["sources"].values())


def test_ways_equal_in_the_relevant_tags_are_of_one_kind():
    tags = tags_of("highway=residential oneway=yes surface=gravel maxspeed=40 name=Melati lit=yes")
    assert kind_of(tags) == kind_of({k: v for k, v in tags.items() if k in relevant_keys()})


BARRIERS = [
    # tags of the node                car    moto   truck  foot: who is let through
    ("barrier=gate", "                yes    yes    yes    yes"),
    ("barrier=gate access=private", " no     no     no     no"),
    ("barrier=gate access=no foot=yes", "no  no     no     yes"),
    ("barrier=bollard", "             no     yes    no     yes"),
    ("barrier=bollard motor_vehicle=no", "no no     no     yes"),
    ("barrier=bollard motorcar=yes", "yes    yes    no     yes"),
    ("barrier=block", "               no     yes    no     yes"),
    ("barrier=cycle_barrier", "       no     no     no     yes"),
    ("barrier=height_restrictor", "   yes    yes    no     yes"),
    ("barrier=toll_booth", "          yes    yes    yes    yes"),
    ("barrier=wall", "                no     no     no     no"),
    ("barrier=never_heard_of", "      no     no     no     yes"),
]


@pytest.mark.parametrize(("tags", "expected"), BARRIERS, ids=[tags for tags, _ in BARRIERS])
def test_barriers_stop_some_and_let_others_through(tags, expected):
    bars = barred_by(tags_of(tags))
    told = ["no" if bars & (1 << i) else "yes" for i in range(4)]
    assert told == expected.split()


def test_a_barrier_parts_the_road_for_those_it_stops():
    content = osm({1: ([1, 2, 3], {"highway": "residential"})}, nodes={2: {"barrier": "bollard"}})
    network = read(content)
    assert network.segments == 3
    assert network.report["barriers"] == {"applied": 1, "at_junctions": 0, "at_ends": 0}
    pieces = {p: c["pieces"] for p, c in network.report["connectivity"].items()}
    assert pieces == {"car": 2, "motorcycle": 1, "truck": 2, "foot": 1}
    assert sorted(network.node_id.tolist()) == [-1, 1, 2, 3]
    passage = np.flatnonzero(network.length_m == 0)
    assert len(passage) == 2
    assert not network.usable("car")[passage].any()
    assert network.usable("foot")[passage].all()


def test_a_wall_leaves_nothing_between():
    content = osm({1: ([1, 2, 3], {"highway": "residential"})}, nodes={2: {"barrier": "wall"}})
    network = read(content)
    assert network.segments == 2
    assert {c["pieces"] for c in network.report["connectivity"].values()} == {2}


def test_barriers_where_roads_meet_or_end_are_counted_not_applied():
    ways = {1: ([1, 2, 3], {"highway": "service"}), 2: ([5, 2], {"highway": "service"})}
    network = read(osm(ways, nodes={2: {"barrier": "bollard"}, 5: {"barrier": "bollard"}}))
    assert network.report["barriers"] == {"applied": 0, "at_junctions": 1, "at_ends": 1}
    assert network.report["connectivity"]["car"]["pieces"] == 1


def test_a_barrier_between_two_ways_parts_them():
    ways = {1: ([1, 2], {"highway": "service"}), 2: ([2, 3], {"highway": "service"})}
    network = read(osm(ways, nodes={2: {"barrier": "bollard"}}))
    assert network.report["connectivity"]["car"]["pieces"] == 2
    assert network.report["connectivity"]["foot"]["pieces"] == 1


def test_a_ferry_takes_the_time_of_its_timetable():
    ferry = {"route": "ferry", "duration": "00:30", "motor_vehicle": "yes"}
    network = read(osm({1: ([1, 2, 4], ferry), 2: ([2, 5], {"highway": "residential"})}))
    car = network.times_ds("car")[(network.way[network.segment] == 1) & network.forward]
    assert len(car) == 2  # parted where the road meets it
    assert car.sum() == pytest.approx(18_000, abs=2)


@pytest.mark.parametrize("text", ["", "soon", "1:2:3:4", "0", "00:00", "-5", "1.5"])
def test_a_duration_that_is_none_leaves_the_usual_speed(text):
    assert kind_of({"route": "ferry", "duration": text}).duration_s is None


def test_guesses_are_counted():
    ways = {
        1: ([1, 2], tags_of("highway=residential surface=asphalt maxspeed=40")),
        2: ([2, 3], tags_of("highway=residential")),
        3: ([3, 4], tags_of("highway=path surface=ground")),
        4: ([5, 7], tags_of("waterway=river")),
        5: ([6, 8], tags_of("highway=residential surface=asphalt maxspeed=none")),
    }
    guessed = read(osm(ways)).report["guessed"]
    assert guessed == {"speed": 3, "surface": 1, "boat_on_river": 1, "motorcycle_on_path": 1}
