"""Travel times by straight line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.planning.travel import StraightLine, great_circle_m

LON = st.floats(95, 141)
LAT = st.floats(-11, 6)
PLACES = st.lists(st.tuples(LON, LAT), min_size=1, max_size=5).map(np.array)


def test_a_degree_along_the_equator():
    metres = great_circle_m(np.array([[104.0, 0.0]]), np.array([[105.0, 0.0]]))
    assert metres[0, 0] == pytest.approx(6_371_008.8 * np.pi / 180)


def test_known_distance():
    """Martapura to Palembang, about 146 km as the crow flies."""
    metres = great_circle_m(np.array([[104.345, -4.298]]), np.array([[104.757, -2.990]]))
    assert metres[0, 0] == pytest.approx(152_500, rel=0.01)


def test_seconds_are_whole_and_follow_detour_and_speed():
    a, b = np.array([[104.30, -4.30]]), np.array([[104.35, -4.30]])
    metres = great_circle_m(a, b)[0, 0]
    usual = StraightLine().seconds(a, b)[0, 0]
    assert usual == round(metres * 1.4 / (25 / 3.6))
    assert StraightLine(detour_factor=2.8).seconds(a, b)[0, 0] == pytest.approx(2 * usual, abs=1)
    assert StraightLine(speed_kmh=50).seconds(a, b)[0, 0] == pytest.approx(usual / 2, abs=1)


@given(PLACES, PLACES)
def test_shape_symmetry_and_zero(origins, destinations):
    travel = StraightLine()
    there = travel.seconds(origins, destinations)
    assert there.shape == (len(origins), len(destinations))
    assert (there == travel.seconds(destinations, origins).T).all()
    assert (there >= 0).all()
    assert np.isfinite(there).all()
    assert (np.diag(travel.seconds(origins, origins)) == 0).all()


def test_empty():
    none = np.empty((0, 2))
    assert StraightLine().seconds(none, np.array([[104.3, -4.3]])).shape == (0, 1)


def test_the_assumption_is_told_in_both_languages():
    told = StraightLine(detour_factor=1.4, speed_kmh=25).assumption()
    assert "1,4" in told.id
    assert "25 km/jam" in told.id
    assert "1.4" in told.en
    assert "no road network" in told.en
