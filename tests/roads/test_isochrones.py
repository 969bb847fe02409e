from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.roads.isochrones import isochrones
from sispamkota.roads.router import Router
from sispamkota.roads.snap import snap

from .made_networks import Road, grid, line_of, made, place
from .test_alternates import on, trips
from .test_critical import spots


def shape_of(isochrone):
    parts = [shapely.Polygon(p[0], p[1:]) for p in isochrone.polygons]
    return shapely.union_all(parts)


class TestShape:
    """Strips along what is reached, cut where the time is up."""

    def test_a_straight_road_both_ways(self):
        network = line_of(5)  # 10 m/s
        router = Router.exact(network, "car")
        start = snap(network, np.array([place(2, 0)]), "car")
        found = isochrones(router, start, [60], width_m=50)[0]
        assert found.road_m == pytest.approx(1200, abs=2)
        # a rectangle of 1,200 by 100 m, and half a circle at either end
        assert found.area_km2 == pytest.approx((1200 * 100 + np.pi * 50**2) / 1e6, rel=0.02)
        west, south, east, north = shape_of(found).bounds
        assert (west + east) / 2 == pytest.approx(place(2, 0)[0], abs=1e-5)
        assert (north - south) * 111_195 == pytest.approx(100, abs=1)

    def test_one_way_goes_one_way(self):
        network = line_of(3, two_way=False)
        router = Router.exact(network, "car")
        found = isochrones(router, on(0, 0.5), [30], width_m=20)[0]
        assert found.road_m == pytest.approx(300, abs=2)
        assert shape_of(found).bounds[0] > place(0.5, 0)[0] - 0.0003

    def test_round_a_one_way_block_behind_oneself(self):
        network = made(
            [(0, 0), (1, 0), (1, 1), (0, 1)],
            [Road(ends=(i, (i + 1) % 4), two_way=False) for i in range(4)],
        )
        router = Router.exact(network, "car")
        around = float(network.length_m.sum())
        found = isochrones(router, on(0, 0.5), [around / 20, 2 * around / 10])
        assert found[0].road_m == pytest.approx(around / 2, rel=0.01)
        assert found[1].road_m == pytest.approx(around, rel=0.001)

    def test_the_middle_of_a_block_is_a_hole(self):
        network = grid(2, 2)
        router = Router.exact(network, "car")
        found = isochrones(router, on(0, 0.5), [1000])[0]
        assert len(found.polygons) == 1
        assert len(found.polygons[0]) == 2

    @given(trips(), st.lists(st.sampled_from([30, 60, 120, 300]), min_size=1, max_size=3))
    def test_holds_what_is_reached_and_those_of_shorter_times(self, trip, limits):
        network, origin, target = trip
        router = Router.exact(network, "car")
        found = isochrones(router, origin, limits, targets=target)
        seconds = router.matrix(origin, target).seconds[0, 0]
        line = network.line(int(target.arc[0]))
        lon, lat = line[0] + target.fraction[0] * (line[-1] - line[0])  # made roads are straight
        for isochrone in found:
            inside = shape_of(isochrone).covers(shapely.Point(lon, lat))
            assert bool(isochrone.reached) == (seconds <= isochrone.limit_s)
            if isochrone.reached:
                assert inside
            assert isochrone.reached + isochrone.unreached == (0,)
        for small, large in pairwise(found):
            assert small.limit_s < large.limit_s
            assert small.area_km2 <= large.area_km2
            assert shape_of(large).buffer(1e-6).covers(shape_of(small))

    @given(trips())
    def test_with_time_enough_all_that_is_reached_is_in_it(self, trip):
        network, origin, _ = trip
        router = Router.exact(network, "car")
        found = isochrones(router, origin, [1e6])[0]
        seconds = router.reach(origin)
        for arc in np.flatnonzero(np.isfinite(seconds)).tolist():
            assert shape_of(found).covers(shapely.Point(network.line(arc)[-1]))


class TestAround:
    """Closures, places, refusals."""

    def test_a_closed_road_is_not_in_it(self):
        network = line_of(4)
        router = Router.exact(network, "car")
        start = on(0, 0.5)
        wide = isochrones(router, start, [1000])[0]
        version = router.close(network.segment == 1)
        narrow = isochrones(router, start, [1000])[0]
        assert narrow.road_m < wide.road_m
        assert narrow.version == version
        assert not shape_of(narrow).covers(shapely.Point(place(2, 0)))

    def test_rows_reached_and_not(self):
        network = line_of(4)
        router = Router.exact(network, "car")
        found = isochrones(router, on(0, 0.0), [60], targets=spots((0, 0.25), (0, 0.75), (2, 0.5)))
        assert (found[0].reached, found[0].unreached) == ((0,), (1, 2))

    def test_on_no_open_road_there_is_no_shape(self):
        network = line_of(3)
        router = Router.exact(network, "car")
        router.close(network.segment == 0)
        found = isochrones(router, on(0, 0.5), [60], targets=spots((1, 0.5)))[0]
        assert (found.polygons, found.area_km2, found.reached) == ((), 0.0, ())

    @pytest.mark.parametrize(
        "limits", [[], [0], [-5], [float("inf")], [float("nan")], range(1, 99)]
    )
    def test_refused(self, limits):
        network = line_of(3)
        with pytest.raises(DomainError) as refused:
            isochrones(Router.exact(network, "car"), on(0, 0.5), limits)
        assert refused.value.code == "bad_limit"
