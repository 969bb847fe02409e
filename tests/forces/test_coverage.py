"""Training coverage and released strength."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sispamkota.forces.coverage import coverage_per_force, coverage_per_post, coverage_per_team
from sispamkota.forces.frames import PERSONNEL, TRAINING
from sispamkota.forces.strength import available_people, released_of

ON = dt.date(2024, 2, 14)


def people(*rows):
    keys = ("id", "agency", "unit", "home_post", "duty", "available")
    return pl.DataFrame([dict(zip(keys, row, strict=True)) for row in rows], schema=PERSONNEL)


def training(*rows):
    keys = ("person", "kind", "date", "expires")
    return pl.DataFrame([dict(zip(keys, row, strict=True)) for row in rows], schema=TRAINING)


PEOPLE = people(
    ("P1", "polri", "polres", "a", "tps", True),
    ("P2", "polri", "polres", "a", "tps", True),
    ("P3", "polri", "polsek", "b", "tps", True),
    ("P4", "tni", None, None, "reserve", True),
)
RECORDS = training(
    ("P1", "p3k", dt.date(2023, 1, 1), ON),
    ("P2", "p3k", dt.date(2022, 1, 1), ON - dt.timedelta(days=1)),
    ("P4", "p3k", dt.date(2024, 3, 1), None),
)


class TestCoverage:
    """Valid, expired, unknown; a share is an interval."""

    def test_per_force(self):
        rows = coverage_per_force(PEOPLE, RECORDS, ["p3k"], ON).to_dicts()

        assert rows == [
            {
                "group": "polri", "kind": "p3k", "people": 3, "valid": 1, "expired": 1,
                "unknown": 1, "share_low": pytest.approx(1 / 3), "share_high": pytest.approx(2 / 3),
            },
            # A course still to come proves nothing on the day.
            {
                "group": "tni", "kind": "p3k", "people": 1, "valid": 0, "expired": 0,
                "unknown": 1, "share_low": 0.0, "share_high": 1.0,
            },
        ]  # fmt: skip

    def test_per_post_and_team(self):
        per_post = coverage_per_post(PEOPLE, RECORDS, ["p3k", "dalmas"], ON)
        teams = pl.DataFrame({"team": ["T1", "T1"], "person": ["P1", "P3"]})
        per_team = coverage_per_team(teams, RECORDS, ["p3k"], ON)

        assert per_post["group"].to_list() == ["a", "a", "b", "b"]
        assert per_post.filter(kind="dalmas")["share_high"].to_list() == [1.0, 1.0]
        assert per_team.select("people", "valid", "unknown").row(0) == (2, 1, 1)

    def test_a_renewed_course_counts(self):
        renewed = pl.concat([RECORDS, training(("P2", "p3k", dt.date(2024, 1, 1), None))])

        assert coverage_per_force(PEOPLE, renewed, ["p3k"], ON)["valid"][0] == 2


class TestStrength:
    """Who is there for TPS duty."""

    @pytest.mark.parametrize(("whole", "released"), [(0, 0), (1, 0), (2, 1), (3, 2), (669, 446)])
    def test_one_third_stays_rounded_up(self, whole, released):
        assert released_of(whole) == released
        assert whole - released >= whole / 3

    def test_a_force_not_listed_is_unknown_and_one_without_tps_duty_is_zero(self):
        assert available_people(PEOPLE) == {"polri": 3, "tni": 0}
        assert available_people(PEOPLE.clear()) == {}

    def test_whole_strength_spares_the_bko(self):
        own = [(f"P{i}", "polri", "polres", "a", "tps", True) for i in range(10)]
        bko = [(f"B{i}", "polri", "bko", "a", "tps", True) for i in range(5)]

        assert available_people(people(*own, *bko), "whole") == {"polri": 6 + 5}
        assert available_people(people(*own, *bko), "released") == {"polri": 15}

    def test_the_unavailable_do_not_count(self):
        roster = people(("P1", "polri", "polres", "a", "tps", False))

        assert available_people(roster) == {"polri": 0}
