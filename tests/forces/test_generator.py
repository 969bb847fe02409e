"""The made-up roster: published totals, people who can be planned with, same seed same roster."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.forces.coverage import coverage_per_force
from sispamkota.forces.frames import PERSONNEL, TRAINING
from sispamkota.forces.generator import OKU_TIMUR, RosterTotals, generate_roster
from sispamkota.forces.strength import available_people
from sispamkota.kernel.errors import DomainError

from .places import DAY, territory

PLACE = territory()


@pytest.fixture(scope="module")
def roster():
    return generate_roster(PLACE.posts, PLACE.areas, seed=7)


class TestOkuTimur:
    """446 on TPS duty, 20 Padal, 11 Pamatwil."""

    def test_totals(self, roster):
        personnel, training = roster
        on_tps = personnel.filter(duty="tps")

        assert dict(personnel.schema) == PERSONNEL
        assert dict(training.schema) == TRAINING
        assert personnel.height == 477
        assert dict(on_tps.group_by("unit").len().iter_rows()) == {
            "polres": 153,
            "polsek": 174,
            "bko": 119,
        }
        assert dict(personnel.group_by("duty").len().iter_rows()) == {
            "tps": 446,
            "padal": 20,
            "pamatwil": 11,
        }
        assert available_people(personnel) == {"polri": 446}

    def test_each_polsek_has_an_even_number_of_at_least_four(self, roster):
        per_post = roster[0].filter(duty="tps", unit="polsek").group_by("home_post").len()

        assert per_post.height == 11
        assert (per_post["len"] % 2 == 0).all()
        assert per_post["len"].min() >= 4

    def test_spread_follows_the_tps_served(self):
        tps = {f"1608{k:02d}": 50 for k in range(1, 21)} | {"160801": 500}
        personnel, _ = generate_roster(PLACE.posts, PLACE.areas, seed=7, tps_per_kecamatan=tps)
        per_post = dict(
            personnel.filter(duty="tps", unit="polsek").group_by("home_post").len().iter_rows()
        )

        # 500 of 1,450 TPS; the last polsek serves the ten kecamatan nearest to it.
        assert per_post["polsek-kec-1"] == pytest.approx(174 * 500 / 1450, abs=8)
        assert per_post["polsek-kec-11"] == pytest.approx(174 * 500 / 1450, abs=8)
        assert sum(per_post.values()) == 174

    def test_a_padal_stands_at_the_post_of_each_kecamatan(self, roster):
        padal = roster[0].filter(duty="padal")

        assert padal["leader"].all()
        assert padal.filter(home_post="polsek-kec-11").height == 10

    def test_every_post_can_form_teams_with_a_leader(self, roster):
        teams = (
            roster[0]
            .filter(duty="tps")
            .group_by("unit", "home_post")
            .agg(pl.len().alias("people"), pl.col("leader").sum())
        )

        assert (teams["leader"] * 2 >= teams["people"]).all()
        assert roster[0].filter(duty="tps")["leader"].mean() == pytest.approx(0.5, abs=0.01)

    def test_homes_are_real_desa_and_bko_come_from_outside(self, roster):
        personnel = roster[0]
        desa = PLACE.of_level("desa_kelurahan")["code"]

        assert personnel.filter(unit="bko")["home_desa"].is_null().all()
        home = personnel.filter(pl.col("unit") != "bko")["home_desa"]
        assert home.null_count() == 0
        assert home.is_in(desa.implode()).all()

    def test_it_is_labelled_sample(self, roster):
        personnel, training = roster

        assert personnel["sample"].all()
        assert personnel["source"].str.contains("CONTOH").all()
        assert training["source"].str.contains("CONTOH").all()
        assert personnel["id"].is_unique().all()

    def test_training_is_partly_expired_and_partly_unknown(self, roster):
        personnel, training = roster
        kinds = ["latihan_pra_operasi", "pam_tps", "dalmas", "p3k", "negosiator"]
        cover = coverage_per_force(personnel, training, kinds, OKU_TIMUR.as_of)

        assert set(training["kind"]) == set(kinds)
        assert training["person"].is_in(personnel["id"].implode()).all()
        assert (cover["valid"] > 0).all()
        assert (cover["unknown"] > 0).all()
        assert cover["expired"].sum() > 0

    def test_same_seed_same_roster(self, roster):
        again = generate_roster(PLACE.posts, PLACE.areas, seed=7)
        other = generate_roster(PLACE.posts, PLACE.areas, seed=8)

        assert roster[0].equals(again[0])
        assert roster[1].equals(again[1])
        assert not roster[0].equals(other[0])


class TestAnyRegency:
    """Other numbers of posts and people."""

    @given(
        polsek=st.integers(0, 6),
        people=st.tuples(*[st.integers(0, 60)] * 5),
        seed=st.integers(0, 3),
    )
    def test_totals_hold(self, polsek, people, seed):
        place = territory(kecamatan=6, polsek=polsek, desa=2)
        keys = ("polres", "polsek", "bko", "padal", "pamatwil")
        totals = RosterTotals(source="x", as_of=DAY, **dict(zip(keys, people, strict=True)))

        personnel, _ = generate_roster(place.posts, place.areas, seed=seed, totals=totals)

        assert personnel.height == sum(people)
        assert personnel.filter(duty="tps").height == totals.on_tps
        assert personnel.filter(duty="tps", unit="polsek").height == totals.polsek
        per_post = personnel.filter(duty="tps", unit="polsek").group_by("home_post").len()
        assert (per_post["len"] % 2).sum() <= 1
        if polsek and totals.polsek >= 4 * polsek:
            assert per_post["len"].min() >= 4

    def test_without_posts_or_desa_it_says_so(self):
        with pytest.raises(DomainError, match="polres"):
            generate_roster(PLACE.posts.clear(), PLACE.areas, seed=1)
        with pytest.raises(DomainError, match="desa"):
            generate_roster(PLACE.posts, PLACE.areas.clear(), seed=1)
