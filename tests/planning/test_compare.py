"""Comparison of plans: teams are their people, not their numbers."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from sispamkota.planning.compare import compare_plans, in_words, part_of, within_search
from sispamkota.planning.edit import apply_edit, edit_base
from sispamkota.planning.edit_ops import MoveTeam, MoveTps
from sispamkota.planning.guards import plan_guards
from sispamkota.planning.problem import GuardRules

from .helpers import two_kecamatan


def words(found, lang="en"):
    return [text.in_(lang) for text in in_words(found)]


def edited(base, ops):
    given_, plan, _ = base
    return apply_edit(edit_base(plan, given_), ops).body


def renumbered(plan):
    """The same plan with other team ids."""
    other = deepcopy(plan)
    names = {t["id"]: f"z-{i:03d}" for i, t in enumerate(plan["teams_detail"])}
    for team in other["teams_detail"]:
        team["id"] = names[team["id"]]
    for beat in other["beats"]:
        beat["team"] = names[beat["team"]]
    return other


class TestSame:
    def test_a_plan_and_itself(self, roomy):
        _, plan, _ = roomy
        found = compare_plans(plan, plan)
        assert found["objective"]["delta"] == 0
        assert not found["tps_changed"]
        assert not found["teams_changed"]
        assert not found["settings_changed"]
        assert words(found) == ["Every TPS stays guarded.", "The plan's value is the same."]

    def test_teams_numbered_anew_are_the_same(self, short):
        _, plan, _ = short
        found = compare_plans(plan, renumbered(plan))
        assert not found["tps_changed"]
        assert not found["teams_changed"]


class TestChanges:
    def test_a_tps_that_changes_its_team(self, roomy):
        plan = roomy[1]
        first, second = [b for b in plan["beats"] if len(b["tps"]) > 1][:2]
        tps = first["tps"][-1]
        found = compare_plans(plan, edited(roomy, [MoveTps(tps=tps, to=second["id"])]))
        assert found["tps_changed"] == [
            {
                "tps": tps,
                "kecamatan": first["kecamatan"],
                "team_a": first["team"],
                "team_b": second["team"],
            }
        ]
        assert {t["change"] for t in found["teams_changed"]} == {"other_tps"}
        assert "1 TPS change their team." in words(found)

    def test_an_idle_team_is_gone_and_its_tps_open(self, roomy):
        plan = roomy[1]
        beat = plan["beats"][0]
        found = compare_plans(plan, edited(roomy, [MoveTeam(team=beat["team"], to=None)]))
        assert found["teams"]["delta"] == -1
        assert found["teams_idle"]["delta"] == 1
        assert [t["change"] for t in found["teams_changed"]] == ["removed"]
        assert sum(s["delta"] for s in found["tps_uncovered"].values()) == len(beat["tps"])
        assert {c["team_b"] for c in found["tps_changed"]} == {None}
        row = next(r for r in found["kecamatan"] if r["kecamatan"] == beat["kecamatan"])
        assert row["uncovered_b"] - row["uncovered_a"] == len(beat["tps"])
        assert any("without a team" in w for w in words(found))
        back = compare_plans(edited(roomy, [MoveTeam(team=beat["team"], to=None)]), plan)
        assert [t["change"] for t in back["teams_changed"]] == ["added"]
        assert any("more" in w and "guarded" in w for w in words(back))

    def test_a_member_replaced(self, roomy):
        plan = roomy[1]
        other = deepcopy(plan)
        other["teams_detail"][0]["members"][1] = "P999"
        found = compare_plans(plan, other)
        assert [t["change"] for t in found["teams_changed"]] == ["other_members"]
        assert not found["tps_changed"]

    def test_settings_by_their_path(self):
        given_ = two_kecamatan()
        other = replace(given_, rules=GuardRules(beat_limit_s=600.0, grouping="desa"))
        found = compare_plans(plan_guards(given_), plan_guards(other))
        assert {r["key"]: (r["a"], r["b"]) for r in found["settings_changed"]} == {
            "rules.beat_limit_s": (1200.0, 600.0),
            "rules.grouping": ("kecamatan", "desa"),
        }

    def test_tps_that_one_side_does_not_know(self, roomy):
        given_, plan, _ = roomy
        gone = given_.sites["code"][0]
        fewer = plan_guards(
            replace(given_, sites=given_.sites.filter(given_.sites["code"] != gone))
        )
        assert compare_plans(plan, fewer)["tps_only_a"] == [gone]
        assert compare_plans(fewer, plan)["tps_only_b"] == [gone]


class TestOneKecamatan:
    def test_parts_add_up(self, short):
        _, plan, _ = short
        parts = [part_of(plan, k) for k in ("160801", "160802")]
        for key in ("objective", "teams", "officers", "tps_covered"):
            assert sum(p[key] for p in parts) == pytest.approx(plan[key])
        for key in ("travel_s", "way_s", "risk_uncovered", "penalty_s"):
            total = sum(p["objective_parts"][key] for p in parts)
            assert total == pytest.approx(plan["objective_parts"][key])

    def test_only_it_is_compared(self, roomy):
        plan = roomy[1]
        beat = plan["beats"][-1]
        other = edited(roomy, [MoveTeam(team=beat["team"], to=None)])
        here = compare_plans(plan, other, beat["kecamatan"])
        there = compare_plans(plan, other, plan["beats"][0]["kecamatan"])
        assert here["tps_changed"]
        assert not there["tps_changed"]
        assert [r["kecamatan"] for r in here["kecamatan"]] == [beat["kecamatan"]]


class TestWords:
    def test_both_languages_say_as_much(self, short):
        plan = short[1]
        found = compare_plans(
            plan, edited(short, [MoveTeam(team=plan["beats"][0]["team"], to=None)])
        )
        assert len(words(found, "id")) == len(words(found, "en")) > 2
        assert all(words(found, "id"))

    def test_what_may_be_the_search_is_called_that(self, roomy):
        plan = roomy[1]
        found = compare_plans(plan, plan)
        assert within_search(found) is None
        found["objective"]["delta"] = 0.5 * (found["objective"]["a"] - found["lower_bound"]["a"])
        assert found["objective"]["delta"] == 0 or within_search(found) is not None
