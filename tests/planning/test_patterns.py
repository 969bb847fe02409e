"""Doctrine patterns: what ships, what a Polres may write, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.planning.patterns import (
    CATEGORIES,
    DEFAULT_PATTERN,
    default_patterns,
    find_pattern,
    load_patterns,
    parse_patterns,
)

OWN = {
    "name": "polres-kami",
    "source": "Renpam kami",
    "as_of": dt.date(2024, 11, 1),
    "kurang_rawan": {"polri": 2, "tps": 7, "linmas": 14},
    "rawan": {"polri": 2, "tps": 2, "linmas": 4},
    "sangat_rawan": {"polri": 2, "tps": 1, "linmas": 2},
}


def own(**changes):
    return {"pattern": [{**OWN, **changes}]}


class TestBuiltIn:
    """What ships with the product."""

    @pytest.mark.parametrize("tps", [4, 6, 8, 10, 12, 13, 16, 20])
    def test_2024_ratio_is_named_after_kurang_rawan(self, tps):
        pattern = find_pattern(f"pemilu-2024-2.{tps}.{2 * tps}")

        guards = {name: (g.polri, g.tps, g.linmas) for name, g in pattern.guards.items()}
        assert guards == {
            "kurang_rawan": (2, tps, 2 * tps),
            "rawan": (2, 2, 4),
            "sangat_rawan": (2, 1, 2),
            "khusus": (2, 1, 2),
        }
        assert pattern.remarks() == ()

    def test_default_patterns_run_from_dense_to_sparse(self):
        sizes = [p.guards["kurang_rawan"].tps for p in default_patterns()]

        assert sizes == [4, 6, 8, 10, 12, 13, 16, 20]
        assert DEFAULT_PATTERN in {p.name for p in default_patterns()}

    def test_figures_that_no_source_prints_say_so(self):
        basis = {p.name: p.guards["kurang_rawan"].basis for p in default_patterns()}

        derived = {name for name, said in basis.items() if said == "derived"}
        assert derived == {f"pemilu-2024-2.{n}" for n in ("10.20", "13.26", "20.40")}
        assert all(find_pattern(name).note.id for name in derived)

    def test_every_pattern_has_all_categories_source_and_date(self):
        for pattern in load_patterns():
            assert tuple(pattern.guards) == CATEGORIES
            assert "https://" in pattern.source
            assert pattern.as_of <= dt.date(2024, 11, 27)

    def test_ogan_ilir_lets_an_officer_stand_alone(self):
        remarks = find_pattern("ogan-ilir-2024").remarks()

        assert [(r.code, r.category, r.breach) for r in remarks] == [("buddy_rule", "rawan", True)]

    def test_2019_triplets_differ_from_two_linmas_per_tps(self):
        remarks = find_pattern("pemilu-2019").remarks()

        assert {r.category for r in remarks} == set(CATEGORIES)
        assert {r.code for r in remarks} == {"linmas_not_two_per_tps"}
        assert not any(r.breach for r in remarks)

    def test_unknown_name_lists_the_names(self):
        with pytest.raises(DomainError) as caught:
            find_pattern("2.8.16")

        assert caught.value.code == "unknown_pattern"
        assert "pemilu-2024-2.8.16" in caught.value.remedy.en


class TestOwnPatterns:
    """`[[pattern]]` tables of a Polres."""

    def test_no_tables_no_patterns(self):
        assert parse_patterns({}) == ()

    def test_khusus_left_out_is_guarded_as_sangat_rawan_and_says_assumed(self):
        (pattern,) = parse_patterns(own())

        assert (pattern.guards["khusus"].polri, pattern.guards["khusus"].tps) == (2, 1)
        assert pattern.guards["khusus"].basis == "assumed"

    def test_own_pattern_wins_over_a_built_in_of_the_same_name(self):
        mine = parse_patterns(own(name=DEFAULT_PATTERN))

        assert find_pattern(DEFAULT_PATTERN, mine).guards["kurang_rawan"].tps == 7

    def test_all_problems_are_told_at_once(self):
        table = {**OWN, "as_of": "kemarin", "colour": 1, "rawan": {"polri": 0, "tps": True}}
        del table["sangat_rawan"]

        with pytest.raises(DomainError) as caught:
            parse_patterns({"pattern": [table]})

        places = {problem.column for problem in caught.value.problems}
        assert places >= {"as_of", "colour", "rawan.polri", "rawan.tps", "sangat_rawan"}

    @pytest.mark.parametrize(
        "changes",
        [
            {"kurang_rawan": {"polri": 2, "per": "kecamatan"}},
            {"kind": "per_kecamatan", "rawan": {"polri": 2, "per": "kecamatan"}},
            {"kind": "per_kecamatan", "kurang_rawan": {"polri": 2, "tps": 3, "per": "kecamatan"}},
            {"rawan": {"polri": 2}},
            {"rawan": [2, 2, 4]},
            {"rawan": "2.2.4"},
            {"basis": "guessed"},
            {"source": " "},
            {"note": 5},
            {"rawan": {"polri": 2, "tps": 2, "linmas": -4}},
        ],
    )
    def test_what_is_not_a_pattern_is_refused(self, changes):
        with pytest.raises(DomainError) as caught:
            parse_patterns(own(**changes))

        assert caught.value.code == "bad_input"

    def test_bare_list_instead_of_tables_is_refused(self):
        with pytest.raises(DomainError):
            parse_patterns({"pattern": "2.8.16"})

    def test_a_name_given_twice_is_refused(self):
        with pytest.raises(DomainError, match="twice"):
            parse_patterns({"pattern": [OWN, OWN]})
