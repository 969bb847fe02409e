from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest
from hypothesis import given

from sispamkota.roads.directions import directions, words
from sispamkota.roads.load import read_roads
from sispamkota.roads.network import PROFILES
from sispamkota.roads.router import Router
from sispamkota.roads.snap import snap

from .made_networks import Road, line_of, made, place
from .test_alternates import on, trips


def told(network, begin, end, profile="car", target=None):
    router = Router.exact(network, profile)
    spots = snap(network, np.array([place(*begin), place(*end)]), profile)
    route = router.route(spots.take([0]), spots.take([1]))
    return directions(network, route, profile, target=target)


def crossing(**names) -> object:
    """A crossing of four arms; one comes from the south."""
    return made(
        [(0, -1), (0, 0), (-1, 0), (0, 1), (1, 0)],
        [
            Road(ends=(0, 1), name=names.get("south", "Jalan Selatan")),
            Road(ends=(1, 2), name=names.get("west", "Jalan Barat")),
            Road(ends=(1, 3), name=names.get("north", "Jalan Utara")),
            Road(ends=(1, 4), name=names.get("east", "Jalan Timur")),
        ],
    )


class TestTurns:
    """Left, right and straight on, in both languages."""

    @pytest.mark.parametrize(
        ("end", "id_", "en"),
        [
            ((-0.5, 0), "Belok kiri ke Jalan Barat, 550 m", "Turn left onto Jalan Barat, 550 m"),
            ((0.5, 0), "Belok kanan ke Jalan Timur, 550 m", "Turn right onto Jalan Timur, 550 m"),
            ((0, 0.5), "Lurus ke Jalan Utara, 560 m", "Continue straight onto Jalan Utara, 560 m"),
        ],
    )
    def test_at_a_crossing(self, end, id_, en):
        steps = told(crossing(), (0, -0.9), end)
        assert steps[0].maneuver == "depart"
        assert steps[0].text.id == "Berangkat ke arah utara lewat Jalan Selatan, 1,0 km"
        assert steps[0].text.en == "Head north on Jalan Selatan, 1.0 km"
        assert (steps[1].text.id, steps[1].text.en) == (id_, en)
        assert steps[1].lon == pytest.approx(place(0, 0)[0])
        assert steps[-1].text.id == "Sampai di tujuan"

    def test_straight_on_the_same_road_is_not_told(self):
        steps = told(crossing(north="Jalan Selatan"), (0, -0.9), (0, 0.9))
        assert [s.maneuver for s in steps] == ["depart", "arrive"]

    def test_a_turn_within_the_same_road_is_told(self):
        steps = told(crossing(west="Jalan Selatan"), (0, -0.9), (-0.9, 0))
        assert [s.maneuver for s in steps] == ["depart", "left", "arrive"]

    def test_a_bend_without_another_way_on_is_not_told(self):
        network = made(
            [(0, 0), (0, 1), (1, 1)], [Road(ends=(0, 1), name="A"), Road(ends=(1, 2), name="A")]
        )
        assert [s.maneuver for s in told(network, (0, 0.1), (0.9, 1))] == ["depart", "arrive"]

    def test_unnamed_roads_are_told_by_their_class(self):
        steps = told(crossing(west=""), (0, -0.9), (-0.9, 0))
        assert steps[1].road == ""
        assert steps[1].text.id.startswith("Belok kiri ke jalan permukiman")
        assert steps[1].text.en.startswith("Turn left onto the residential street")

    def test_turning_round_at_a_dead_end(self):
        network = made(
            [(0, 0), (1, 0), (1, 1)],
            [Road(ends=(0, 1), name="Jalan Buntu"), Road(ends=(1, 2), two_way=False)],
        )
        shut = Router.exact(network, "car")
        # from the far half back to the start: round at the place's end is never needed
        route = shut.route(on(0, 0.9), on(0, 0.1))
        assert [s.maneuver for s in directions(network, route, "car")] == ["depart", "arrive"]
        one = line_of(2)
        router = Router.exact(one, "car")
        router.close([1])  # cannot leave backwards, and cannot come back
        assert router.route(on(0, 0.9), on(0, 0.1)) is None

    def test_left_and_right_of_the_road(self):
        east = place(-0.5, 0)
        left = told(crossing(), (0, -0.9), (-0.5, 0), target=(east[0], east[1] - 0.0003))
        right = told(crossing(), (0, -0.9), (-0.5, 0), target=(east[0], east[1] + 0.0003))
        assert left[-1].text.id == "Sampai: tujuan di kiri jalan"
        assert right[-1].text.en == "Arrive: the destination is on the right"


class TestBoats:
    """On and off a ferry; on the water itself turns are turns."""

    def river(self):
        return made(
            [(0, 0), (1, 0), (2, 0), (3, 0)],
            [
                Road(ends=(0, 1), name="Jalan Dermaga"),
                Road(
                    ends=(1, 2), highway="ferry", name="Getek Komering", profiles=("foot", "boat")
                ),
                Road(ends=(2, 3), profiles=("foot",)),
            ],
        )

    def test_on_and_off(self):
        steps = told(self.river(), (0.1, 0), (2.9, 0), "foot")
        assert [s.maneuver for s in steps] == ["depart", "board", "land", "arrive"]
        assert steps[1].text.id.startswith("Naik perahu: Getek Komering")
        assert steps[2].text.id.startswith("Turun dari perahu, lanjut lewat jalan permukiman")

    def test_a_boat_does_not_board_itself(self):
        assert [s.maneuver for s in told(self.river(), (1.1, 0), (1.9, 0), "boat")] == [
            "depart",
            "arrive",
        ]


def roundabout(*, corners: int, clockwise: bool):
    """A ring of one-way road with four arms, as wide as it is given corners."""
    radius = 0.02  # of a step: about 22 m
    angles = np.linspace(90, 90 - 360, corners, endpoint=False)
    if not clockwise:
        angles = 180 - angles
    ring = [(radius * np.cos(np.radians(a)), radius * np.sin(np.radians(a))) for a in angles]
    far = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    near = [min(range(corners), key=lambda i: np.hypot(*np.subtract(ring[i], f))) for f in far]
    arms = [Road(ends=(i, corners + k), name=f"Arm {k}", way=50 + k) for k, i in enumerate(near)]
    circle = [
        Road(ends=(i, (i + 1) % corners), two_way=False, way=9, highway="primary")
        for i in range(corners)
    ]
    return made([*ring, *far], [*circle, *arms])


class TestRoundabouts:
    """Known by their shape; exits are counted in the direction of travel."""

    @pytest.mark.parametrize("corners", [4, 8, 12])
    @pytest.mark.parametrize(
        ("clockwise", "end", "exit_"),
        [
            (True, (-0.9, 0), 1),
            (True, (0, 0.9), 2),
            (True, (0.9, 0), 3),
            (False, (0.9, 0), 1),
            (False, (0, 0.9), 2),
            (False, (-0.9, 0), 3),
        ],
    )
    def test_exits(self, corners, clockwise, end, exit_):
        steps = told(roundabout(corners=corners, clockwise=clockwise), (0, -0.9), end)
        assert [s.maneuver for s in steps] == ["depart", "roundabout", "arrive"]
        assert f"jalan keluar ke-{exit_} ke Arm" in steps[1].text.id
        assert f"take exit {exit_} onto Arm" in steps[1].text.en

    def test_a_block_of_one_way_streets_is_none(self):
        ring = [(0, 0), (0, 0.1), (0.1, 0.1), (0.1, 0)]
        network = made(
            [*ring, (0, -1), (0.1, 1)],
            [
                *(Road(ends=(i, (i + 1) % 4), two_way=False, way=i + 1) for i in range(4)),
                Road(ends=(4, 0), way=8),
                Road(ends=(2, 5), way=9),
            ],
        )
        assert "roundabout" not in [s.maneuver for s in told(network, (0, -0.9), (0.1, 0.9))]


class TestSums:
    """Nothing is left out."""

    @given(trips())
    def test_lengths_and_times_add_up(self, trip):
        network, origin, destination = trip
        route = Router.exact(network, "car").route(origin, destination)
        if route is None:
            return
        steps = directions(network, route, "car")
        assert steps[0].maneuver == "depart"
        assert steps[-1].maneuver == "arrive"
        assert sum(s.length_m for s in steps) == pytest.approx(route.length_m)
        assert sum(s.travel_s for s in steps) == pytest.approx(route.seconds, abs=0.3)
        for step in steps:
            assert step.text.id
            assert step.text.en
            assert not re.search(r"[{}]", step.text.id + step.text.en)


def test_every_word_is_in_both_languages():
    for table in ("maneuver", "compass", "unnamed"):
        for entry in words()[table].values():
            assert set(entry) == {"id", "en"}
            fields = [sorted(re.findall(r"\{\w+\}", t)) for t in entry.values()]
            assert fields[0] == fields[1]


@pytest.mark.data
@pytest.mark.parametrize("file", ["andorra.osm.pbf", "helsinki.osm.pbf"])
def test_real_routes_in_words(data_dir, file):
    content = (data_dir / "roads" / file).read_bytes()
    network = read_roads(
        file, content, clip=None, source="uji", as_of=dt.date(2026, 11, 24),
        progress=lambda *_: None,
    )  # fmt: skip
    rng = np.random.default_rng(4)
    for profile in ("car", "foot"):
        assert profile in PROFILES
        router = Router.exact(network, profile)
        nodes = rng.integers(0, network.nodes, (25, 2))
        for pair in nodes:
            points = np.stack((network.node_lon[pair], network.node_lat[pair]), axis=1)
            spots = snap(network, points, profile)
            route = router.route(spots.take([0]), spots.take([1]))
            assert route is not None
            steps = directions(network, route, profile, target=tuple(points[1].tolist()))
            assert sum(s.length_m for s in steps) == pytest.approx(route.length_m)
            assert sum(s.travel_s for s in steps) == pytest.approx(route.seconds, abs=0.5)
            assert len(steps) <= 3 + 0.7 * len(route.arcs)
