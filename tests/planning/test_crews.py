"""People into teams, teams to beats, Padal to kecamatan."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.forces.frames import PERSONNEL
from sispamkota.planning.crews import Beat, Team, assign_padal, eligible, fits, form_teams, match

from .helpers import crew, person


def frame(people):
    return pl.DataFrame(people, schema=PERSONNEL)


ROSTERS = st.lists(
    st.tuples(
        st.sampled_from(["polsek-a", "polsek-b"]),
        st.booleans(),
        st.sampled_from([None, "1608012001", "1608012002"]),
    ),
    max_size=20,
).map(
    lambda rows: frame(
        [person(i, p, leader=lead, home_desa=home) for i, (p, lead, home) in enumerate(rows)]
    )
)


class TestTeams:
    @given(ROSTERS, st.integers(2, 4))
    def test_everybody_once_and_as_many_teams_as_can_be(self, roster, size):
        teams, spare = form_teams(eligible(roster), size=size)
        row = {r["id"]: r for r in roster.iter_rows(named=True)}
        used = [m for t in teams for m in t.members] + list(spare)
        assert sorted(used) == sorted(row)
        for team in teams:
            assert len(team.members) == size
            assert team.members[0] == team.leader
            assert row[team.leader]["leader"]
            assert {row[m]["home_post"] for m in team.members} == {team.post}
            homes = {row[m]["home_desa"] for m in team.members} - {None}
            assert team.home_desa == homes
        for name in ("polsek-a", "polsek-b"):
            own = [r for r in row.values() if r["home_post"] == name]
            leaders = sum(r["leader"] for r in own)
            assert sum(t.post == name for t in teams) == min(leaders, len(own) // size)
        assert len({t.id for t in teams}) == len(teams)

    @given(ROSTERS)
    def test_order_of_the_roster_does_not_matter(self, roster):
        turned = roster.reverse()
        assert form_teams(eligible(roster), size=2) == form_teams(eligible(turned), size=2)

    def test_transport_of_any_member_counts(self):
        people = [
            person(1, "polsek-a", leader=True, transport="boat;motorcycle"),
            person(2, "polsek-a", transport=None),
        ]
        ((team,), _) = form_teams(frame(people), size=2)
        assert team.transport == {"boat", "motorcycle"}

    @pytest.mark.parametrize(
        "change",
        [
            {"agency": "tni"},
            {"duty": "padal"},
            {"duty": "reserve"},
            {"available": False},
            {"home_post": None},
        ],
    )
    def test_who_may_not_go(self, change):
        people = crew("polsek-a", 2)
        people[0] |= change
        assert eligible(frame(people))["id"].to_list() == ["P001"]


def team(**changes):
    usual = {
        "id": "t", "post": "polsek-a", "leader": "P1", "members": ("P1", "P2"),
        "transport": frozenset(), "home_desa": frozenset(),
    }  # fmt: skip
    return Team(**(usual | changes))


def beat(**changes):
    usual = {
        "kecamatan": "160801", "anchor": "a", "tps": ("a",), "desa": frozenset({"d1"}),
        "access": frozenset(),
    }  # fmt: skip
    return Beat(**(usual | changes))


class TestFits:
    @pytest.mark.parametrize(
        ("its_team", "its_beat", "answer"),
        [
            ({}, {}, True),
            ({"home_desa": frozenset({"d1"})}, {}, False),
            ({"home_desa": frozenset({"d2"})}, {}, True),
            ({"home_desa": frozenset({"d2"})}, {"desa": frozenset({"d1", "d2"})}, False),
            ({}, {"access": frozenset({"road"})}, True),
            ({}, {"access": frozenset({"boat"})}, False),
            ({"transport": frozenset({"boat"})}, {"access": frozenset({"boat"})}, True),
            (
                {"transport": frozenset({"boat"})},
                {"access": frozenset({"boat", "motorcycle"})},
                False,
            ),
        ],
    )
    def test_table(self, its_team, its_beat, answer):
        assert fits(team(**its_team), beat(**its_beat)) is answer


class TestMatch:
    @given(
        st.integers(1, 4).flatmap(
            lambda beats: st.tuples(
                st.lists(
                    st.lists(st.integers(0, 900), min_size=beats, max_size=beats),
                    min_size=1,
                    max_size=5,
                ),
                st.sets(st.tuples(st.integers(0, 4), st.integers(0, beats - 1)), max_size=6),
            )
        )
    )
    def test_most_beats_then_least_way(self, case):
        rows, forbidden = case
        way = np.array(rows, float)
        beats = [beat(desa=frozenset({f"d{b}"})) for b in range(way.shape[1])]
        teams = [
            team(id=f"t{t}", home_desa=frozenset(f"d{b}" for s, b in forbidden if s == t))
            for t in range(len(way))
        ]
        found = match(teams, beats, way)

        used = [t for t in found if t is not None]
        assert len(used) == len(set(used))
        assert all(fits(teams[t], b) for t, b in zip(found, beats, strict=True) if t is not None)
        best = (0, 0.0)
        nobody = [None] * len(beats)
        for chosen in set(permutations([*range(len(teams)), *nobody], len(beats))):
            pairs = [(t, b) for b, t in enumerate(chosen) if t is not None]
            if all(fits(teams[t], beats[b]) for t, b in pairs):
                best = min(best, (-len(pairs), float(sum(way[t, b] for t, b in pairs))))
        cost = float(sum(way[t, b] for b, t in enumerate(found) if t is not None))
        assert (-len(used), cost) == best

    def test_nothing_to_send_or_nobody(self):
        assert match([], [beat()], np.empty((0, 1))) == [None]
        assert match([team()], [], np.empty((1, 0))) == []


class TestPadal:
    SECONDS = np.array([[10.0, 100.0], [90.0, 20.0]])
    AREAS, POSTS = ("160801", "160802"), ("polsek-a", "polsek-b")

    def given(self, *people):
        return assign_padal(frame(people), self.AREAS, self.SECONDS, self.POSTS)

    def test_nearest_in_total(self):
        chosen = self.given(
            person(1, "polsek-b", duty="padal"), person(2, "polsek-a", duty="padal")
        )
        assert chosen == {"160801": "P002", "160802": "P001"}

    def test_each_serves_one_and_the_rest_is_missing(self):
        chosen = self.given(person(1, "polsek-b", duty="padal"))
        assert chosen == {"160801": None, "160802": "P001"}

    def test_none(self):
        assert self.given(person(1, "polsek-a")) == {"160801": None, "160802": None}

    def test_one_away_does_not_count_and_one_of_an_unknown_post_does(self):
        chosen = self.given(
            person(1, "polsek-a", duty="padal", available=False),
            person(2, None, duty="padal"),
            person(3, "nowhere", duty="padal"),
        )
        assert Counter(chosen.values()) == Counter(["P002", "P003"])
