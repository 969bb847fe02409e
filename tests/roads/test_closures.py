from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import (
    Closure,
    closed_arcs,
    decode_closure,
    encode_closure,
    name_closures,
    segments_of,
    validate,
)
from sispamkota.roads.network import PROFILES

from .made_networks import STEP, Road, grid, line_of, made, networks, place

MORNING = dt.datetime(2024, 2, 14, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def closing(**parts) -> Closure:
    return Closure(**{"id": "T-1", "reason": "rapat umum", "kind": "segments", **parts})


def around(column: float, row: float, reach: float = 0.2) -> tuple[tuple[float, float], ...]:
    corners = ((-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach))
    return tuple(place(column + c, row + r) for c, r in corners)


def shut(network, *closures, profile="car", at=None, exempt_as=None) -> list[int]:
    mask = closed_arcs(network, closures, profile=profile, at=at, exempt_as=exempt_as)
    return np.flatnonzero(mask).tolist()


class TestWhatIsClosed:
    """Ways, segments, areas; both directions or one."""

    def test_a_segment_closes_in_both_directions(self):
        network = line_of(3)
        assert shut(network, closing(segments=(1,))) == [1, 3]

    def test_a_way_closes_all_its_segments(self):
        network = line_of(4, way=7)
        assert shut(network, closing(kind="way", ways=(7,))) == list(range(6))

    @pytest.mark.parametrize(("direction", "arcs"), [("forward", [1]), ("backward", [3])])
    def test_one_direction(self, direction, arcs):
        assert shut(line_of(3), closing(segments=(1,), direction=direction)) == arcs

    def test_an_area_closes_what_it_touches_and_no_more(self):
        network = grid(3, 3)
        # the middle of the grid: the four streets that meet there
        area = closing(kind="area", area=around(1, 1))
        ends = {
            frozenset((int(network.tail[a]), int(network.head[a]))) for a in shut(network, area)
        }
        assert ends == {frozenset((4, n)) for n in (1, 3, 5, 7)}

    def test_a_road_across_an_area_without_a_corner_in_it_is_closed(self):
        network = line_of(2)
        assert shut(network, closing(kind="area", area=around(0.5, 0, 0.1))) == [0, 1]

    def test_a_flood_stops_all_but_boats(self):
        network = made(
            [(0, 0), (1, 0)],
            [Road(ends=(0, 1)), Road(ends=(0, 1), profiles=("boat",), via=((0.5, 0.1),))],
        )
        flood = closing(kind="flood", area=around(0.5, 0))
        for profile in PROFILES:
            assert bool(shut(network, flood, profile=profile)) == (profile != "boat")

    def test_what_two_closures_close_stays_closed_when_one_goes(self):
        network = line_of(3)
        both = (closing(segments=(0, 1)), closing(segments=(1,)))
        assert shut(network, *both) == [0, 1, 2, 3]
        assert shut(network, both[1]) == [1, 3]


class TestWhomAndWhen:
    """Profiles, exempt vehicles, time windows."""

    def test_profiles_not_named_pass(self):
        network = line_of(2)
        trucks = closing(segments=(0,), profiles=("truck",))
        assert shut(network, trucks, profile="truck") == [0, 1]
        assert shut(network, trucks, profile="car") == []

    def test_the_exempt_pass(self):
        network = line_of(2)
        rally = closing(segments=(0,), exempt=("emergency",))
        assert shut(network, rally, exempt_as="emergency") == []
        assert shut(network, rally, exempt_as="event") == [0, 1]
        assert shut(network, rally) == [0, 1]

    @pytest.mark.parametrize(
        ("after", "closed"),
        [(-1, False), (0, True), (59, True), (60, False), (61, False)],
    )
    def test_the_window_holds_its_first_moment_and_not_its_last(self, after, closed):
        network = line_of(2)
        window = closing(segments=(0,), begins=MORNING, ends=MORNING + HOUR)
        at = MORNING + dt.timedelta(minutes=after)
        assert bool(shut(network, window, at=at)) == closed

    def test_without_a_moment_every_closure_counts(self):
        network = line_of(2)
        assert shut(network, closing(segments=(0,), begins=MORNING, ends=MORNING + HOUR))


positions = st.tuples(st.integers(-5, 35), st.integers(-5, 35)).map(
    lambda p: (p[0] / 10, p[1] / 10)
)


class TestMaskIsGeometry:
    """The mask is that of looking at every segment by itself."""

    @given(networks(), st.lists(positions, min_size=3, max_size=5, unique=True))
    def test_area(self, network, corners):
        polygon = shapely.Polygon([place(*c) for c in corners]).convex_hull
        if polygon.geom_type != "Polygon":
            return
        area = tuple((float(x), float(y)) for x, y in polygon.exterior.coords)
        mask = closed_arcs(network, [closing(kind="area", area=area)], profile="car", at=None)
        for arc in range(network.arcs):
            line = shapely.LineString(network.line(arc))
            assert mask[arc] == line.intersects(shapely.Polygon(area))

    @given(networks(), st.sets(st.integers(1, 5), min_size=1), st.data())
    def test_ways_and_segments(self, network, ways, data):
        segments = data.draw(st.sets(st.integers(0, network.segments - 1)))
        direction = data.draw(st.sampled_from(["both", "forward", "backward"]))
        both = closing(ways=tuple(ways), segments=tuple(segments), direction=direction)
        mask = closed_arcs(network, [both], profile="car", at=None)
        for arc in range(network.arcs):
            piece = network.segment[arc]
            named = network.way[piece] in ways or piece in segments
            runs = direction == "both" or network.forward[arc] == (direction == "forward")
            assert mask[arc] == (named and runs)


class TestRefused:
    """Each mistake has one message; what is right passes."""

    @pytest.mark.parametrize(
        ("parts", "code", "said"),
        [
            ({"segments": (0, 99)}, "closure_on_no_road", "segment 99 is not"),
            ({"kind": "way", "ways": (100, 5)}, "closure_on_no_road", "way 5 is not"),
            ({"segments": ()}, "bad_closure", "names no road"),
            ({"kind": "area"}, "bad_closure", "not drawn"),
            ({"kind": "tree", "segments": (0,)}, "bad_closure", "'tree' is not known"),
            ({"segments": (0,), "direction": "up"}, "bad_closure", "'up' is not known"),
            ({"segments": (0,), "profiles": ("tank",)}, "bad_closure", "'tank' is not known"),
            ({"segments": (0,), "profiles": ()}, "bad_closure", "bars nobody"),
            ({"segments": (0,), "profiles": ("boat",)}, "closure_on_no_road", "used by boat"),
            (
                {"kind": "flood", "area": around(0, 0), "profiles": ("boat",)},
                "bad_closure",
                "bars nobody",
            ),
            (
                {"segments": (0,), "begins": MORNING, "ends": MORNING},
                "bad_window",
                "before or when it begins",
            ),
            (
                {"segments": (0,), "ends": MORNING.replace(tzinfo=None)},
                "bad_window",
                "without a zone",
            ),
            ({"kind": "area", "area": around(50, 50)}, "closure_outside", "lies outside"),
            ({"kind": "area", "area": around(0.5, 0.5, 0.1)}, "closure_on_no_road", "no road"),
            ({"kind": "area", "area": (place(0, 0),) * 5}, "bad_closure", "fewer than 3"),
            (
                {"kind": "area", "area": (place(0, 0), place(1, 0), place(2, 0))},
                "bad_closure",
                "encloses nothing",
            ),
            (
                {"kind": "area", "area": (place(0, 0), place(1, 1), place(1, 0), place(0, 1))},
                "bad_closure",
                "lines cross at [104.005",
            ),
            (
                {"kind": "area", "area": ((104.0, float("nan")), (104.1, -4), (104.2, -3))},
                "bad_closure",
                "is not longitude, latitude",
            ),
            ({"kind": "area", "area": ((-4, 104), (-3, 104), (-3, 105))}, "bad_closure", "is not"),
        ],
    )
    def test_refused(self, parts, code, said):
        with pytest.raises(DomainError) as refused:
            validate(grid(2, 2), closing(**parts))
        assert refused.value.code == code
        assert said in refused.value.message.en
        assert refused.value.message.id != refused.value.message.en
        assert refused.value.remedy.en

    @pytest.mark.parametrize(
        "parts",
        [
            {"segments": (0,)},
            {"kind": "way", "ways": (100,)},
            {"kind": "area", "area": around(0, 0)},
            {"kind": "flood", "area": (*around(0, 0), around(0, 0)[0])},
            {"segments": (0,), "begins": MORNING, "ends": MORNING + HOUR, "direction": "backward"},
        ],
    )
    def test_accepted(self, parts):
        validate(grid(2, 2), closing(**parts))

    def test_against_the_traffic_of_a_one_way_street(self):
        network = line_of(2, two_way=False)
        with pytest.raises(DomainError, match="not used by") as refused:
            validate(network, closing(segments=(0,), direction="backward", profiles=("car",)))
        assert refused.value.code == "closure_on_no_road"


class TestNames:
    """Roads are told by name and metres, for a person to confirm."""

    def test_by_name_longest_first_and_once(self):
        network = made(
            [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)],
            [
                Road(ends=(0, 1), name="Jalan Merdeka", way=1),
                Road(ends=(1, 2), name="Jalan Merdeka", way=2, highway="primary"),
                Road(ends=(2, 3), highway="track", way=3),
                Road(ends=(3, 4), highway="path", way=4, via=((3.5, 0.5),)),
            ],
        )
        told = name_closures(network, [closing(segments=(0, 1, 2, 3)), closing(segments=(1,))])
        assert [(r.name, r.segments, r.ways) for r in told] == [
            ("Jalan Merdeka", 2, (1, 2)),
            ("", 1, (4,)),
            ("", 1, (3,)),
        ]
        assert [r.highway for r in told][1:] == ["path", "track"]
        assert told[0].length_m == pytest.approx(2 * 1110, rel=0.01)

    @given(networks(), st.data())
    def test_metres_add_up(self, network, data):
        chosen = data.draw(st.sets(st.integers(0, network.segments - 1), min_size=1))
        told = name_closures(network, [closing(segments=tuple(chosen))])
        metres = {int(s): m for s, m in zip(network.segment, network.length_m, strict=True)}
        assert sum(r.length_m for r in told) == pytest.approx(sum(metres[s] for s in chosen), abs=1)
        assert sum(r.segments for r in told) == len(chosen)

    def test_nothing_closed_is_no_road(self):
        assert name_closures(line_of(2), []) == ()


class TestWritten:
    """A closure comes back from its text as it was."""

    @pytest.mark.parametrize(
        "closure",
        [
            closing(segments=(1, 2), exempt=("emergency", "event")),
            closing(
                kind="flood", area=around(0, 0), begins=MORNING, reason=Text("banjir", "flood")
            ),
            closing(kind="way", ways=(2**40,), ends=MORNING, profiles=("truck",)),
        ],
    )
    def test_round_trip(self, closure):
        assert decode_closure(encode_closure(closure)) == closure

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 3}', "\ufeff{", b"\xff"])
    def test_rubbish_is_refused(self, text):
        with pytest.raises(DomainError) as refused:
            decode_closure(text)
        assert refused.value.code == "bad_closure"


def test_numbers_of_no_segment_close_nothing():
    assert segments_of(line_of(3), closing(segments=(-1, 1, 50))).tolist() == [1]


def test_a_dot_of_a_barrier_is_closed_by_the_area_round_it():
    network = made([(0, 0), (0, 0), (1, 0)], [Road(ends=(0, 1)), Road(ends=(1, 2))])
    assert network.length_m[0] == 0
    assert segments_of(network, closing(kind="area", area=around(0, 0))).tolist() == [0, 1]


def test_another_network_has_its_own_answer():
    area = closing(kind="area", area=around(0, 0))
    one, other = line_of(2), made([(0, 0), (0, STEP), (9, 9)], [Road(ends=(1, 2))])
    assert segments_of(one, area).tolist() == [0]
    assert segments_of(other, replace(area, id="T-2")).tolist() == [0]
    far = made([(8, 8), (9, 9)], [Road(ends=(0, 1))])
    assert segments_of(far, area).tolist() == []
