from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.territory import frames
from sispamkota.territory.intake.tps_counts import expand_counts
from sispamkota.territory.model import Territory
from sispamkota.territory.okut import load_okut_facts
from sispamkota.territory.positions import place_tps, spread_inside

from .helpers import area, known

DAY = dt.date(2024, 2, 14)
DESA = "1608011007"


def stations(n):
    counts = pl.DataFrame({"desa": [DESA], "regular": [n], "khusus": [0], "first": [901]})
    return expand_counts(counts.with_columns(source=pl.lit("uji"), as_of=pl.lit(DAY)))


@st.composite
def desa_shapes(draw):
    """Star-shaped polygons, thin ones among them, of desa size."""
    corners = draw(st.integers(3, 9))
    reach = [draw(st.floats(0.001, 0.08)) for _ in range(corners)]
    squeeze = draw(st.floats(0.02, 1.0))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = [
        (104.5 + r * np.cos(a), -4.2 + squeeze * r * np.sin(a))
        for r, a in zip(reach, angles, strict=True)
    ]
    shape = shapely.make_valid(shapely.Polygon(ring))
    return (
        shape
        if shape.geom_type == "Polygon" and shape.area > 1e-9
        else shapely.box(104, -4.1, 104.1, -4)
    )


@given(desa_shapes(), st.integers(1, 60))
def test_every_approximate_point_lies_inside_its_desa(shape, n):
    boundaries = pl.DataFrame(
        {"code": [DESA], "wkb": [shapely.to_wkb(shape)], "source": ["uji"], "as_of": [DAY]},
        schema=frames.BOUNDARIES,
    )
    placed = place_tps(
        Territory(areas=known(area(DESA, "A")).areas, tps=stations(n), boundaries=boundaries)
    )
    assert shapely.contains_xy(shape, placed["lon"].to_numpy(), placed["lat"].to_numpy()).all()
    assert placed["position"].unique().to_list() == ["approximate"]
    assert placed.select("lon", "lat").is_unique().all()


@given(desa_shapes(), st.integers(1, 60))
def test_spread_gives_as_many_different_points_inside(shape, n):
    points = spread_inside(shape, n)
    assert points.shape == (n, 2)
    assert shapely.contains_xy(shape, points[:, 0], points[:, 1]).all()
    assert len({tuple(p) for p in points}) == n


@given(st.integers(1, 80), st.floats(0.05, 200))
def test_without_boundary_points_stay_within_half_the_radius_of_the_area(n, km2):
    placed = place_tps(Territory(areas=known(area(DESA, "A", km2=km2)).areas, tps=stations(n)))
    east = (placed["lon"] - 104.5) * 111.32 * np.cos(np.radians(4.2))
    north = (placed["lat"] + 4.2) * 111.32
    assert float(((east**2 + north**2) ** 0.5).max()) <= 0.5 * np.sqrt(km2 / np.pi) + 1e-9
    assert placed.select("lon", "lat").is_unique().all()


def test_surveyed_points_stay_and_the_same_input_gives_the_same_points():
    tps = stations(3).with_columns(
        lon=pl.Series([104.9, None, None]), lat=pl.Series([-4.0, None, None]),
        position=pl.Series(["surveyed", None, None]),
    )  # fmt: skip
    territory = Territory(areas=known(area(DESA, "A")).areas, tps=tps)
    first = place_tps(territory)
    assert first["position"].to_list() == ["surveyed", "approximate", "approximate"]
    assert first.row(0, named=True)["lon"] == 104.9
    assert first.equals(place_tps(territory))


def test_a_desa_without_point_uses_its_kecamatan_and_nothing_known_stays_null():
    with_kecamatan = place_tps(Territory(areas=known(area("160801", "K")).areas, tps=stations(2)))
    assert with_kecamatan["lon"].null_count() == 0
    nothing = place_tps(Territory(tps=stations(2)))
    assert nothing["lon"].null_count() == nothing["position"].null_count() == 2


def test_built_in_facts_place_every_tps_apart():
    placed = place_tps(load_okut_facts())
    assert placed["lon"].null_count() == 0
    assert placed.select("lon", "lat").is_unique().all()
