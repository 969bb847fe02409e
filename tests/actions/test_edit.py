"""Editing through the workspace: checked at once, kept as a draft, two planners at a time."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sispamkota.actions.edit import check_edit, save_edit
from sispamkota.actions.plan import plan_bytes
from sispamkota.actions.repair import repair_guard_plan
from sispamkota.actions.verify import verify
from sispamkota.actions.versions import list_versions
from sispamkota.kernel.errors import DomainError

from .conftest import NOW, record

NIK = "160801" + "1203900001"  # synthetic

WHO = {"person": "AKP A. Contoh", "reason": "jalan putus", "now": NOW}


def open_one(plan):
    return [{"op": "move_tps", "tps": plan["beats"][-1]["tps"][-1], "to": None}]


def into_another_kecamatan(plan):
    return [{"op": "move_tps", "tps": plan["beats"][-1]["tps"][-1], "to": plan["beats"][0]["id"]}]


class TestCheck:
    def test_nothing_is_kept(self, workspace, plan):
        revision = workspace.store.revision()
        found = check_edit(workspace, plan["plan"], open_one(plan))
        assert found["tps_covered"] == plan["tps_covered"] - 1
        assert workspace.store.revision() == revision
        json.dumps(found, allow_nan=False)

    def test_violations_in_both_languages(self, workspace, plan):
        found = check_edit(workspace, plan["plan"], into_another_kecamatan(plan))
        assert not found["valid"]
        for one in found["violations"]:
            assert set(one) == {"rule", "where", "detail"}
            assert one["detail"]["id"]
            assert one["detail"]["en"]

    def test_no_move(self, workspace, plan):
        found = check_edit(workspace, plan["plan"], [])
        assert found["valid"]
        assert found["changed_beats"] == found["tps_moved"] == []
        assert found["objective"] == found["objective_before"] == plan["objective"]

    def test_changed_inputs_are_told(self, workspace, plan):
        posts = workspace.store.current("posts")
        check_edit(workspace, plan["plan"], [])
        workspace.store.append("posts", posts.with_columns(lat=posts["lat"] + 0.01), record("b"))
        found = check_edit(workspace, plan["plan"], [])
        assert any("inputs have changed" in w["en"] for w in found["warnings"])

    @pytest.mark.parametrize("name", ["guards-0000000000", "../../etc/passwd", "sispamkota.toml"])
    def test_only_ids_of_plans(self, workspace, name):
        with pytest.raises(DomainError) as caught:
            check_edit(workspace, name, [])
        assert caught.value.code in {"unknown_plan", "bad_plan_id"}


class TestSave:
    def test_a_valid_edit_is_a_draft_that_passes_verify(self, workspace, plan):
        beats = [b for b in plan["beats"] if b["kecamatan"] == plan["beats"][-1]["kecamatan"]]
        ops = [{"op": "move_team", "team": beats[0]["team"], "to": beats[1]["id"]}]
        found = save_edit(workspace, plan["plan"], ops, **WHO, seen_version=1)
        assert (found["version"], found["valid"]) == (2, True)
        assert verify(workspace, found["plan"]) == (found["plan"], ())
        kept = json.loads(workspace.load_plan(found["plan"]))
        assert kept["edited"]["of"] == plan["plan"]
        assert kept["edited"]["ops"] == ops
        event = workspace.versions.events(found["plan"])[0]
        assert (event.state, event.base, event.person) == ("draft", plan["plan"], WHO["person"])

    def test_one_that_breaks_rules_is_kept_and_marked(self, workspace, plan):
        found = save_edit(workspace, plan["plan"], into_another_kecamatan(plan), **WHO)
        assert not found["valid"]
        top = list_versions(workspace)["versions"][0]
        assert (top["plan"], top["valid"], top["edited"]) == (found["plan"], False, True)
        assert top["violations"] == len(found["violations"])
        again = check_edit(workspace, found["plan"], [])  # and can be mended
        assert {v["rule"] for v in again["violations"]} == {v["rule"] for v in found["violations"]}

    def test_two_planners(self, workspace, plan):
        ops = open_one(plan)
        first = save_edit(workspace, plan["plan"], ops, **WHO, seen_version=1)
        other = {**WHO, "person": "IPTU B", "now": NOW + dt.timedelta(minutes=1)}
        moves = [{"op": "move_tps", "tps": plan["beats"][0]["tps"][-1], "to": None}]
        with pytest.raises(DomainError) as caught:
            save_edit(workspace, plan["plan"], moves, **other, seen_version=1)
        assert caught.value.code == "newer_version"
        assert caught.value.where["person"] == WHO["person"]
        assert caught.value.where["plan"] == first["plan"]
        assert len(list_versions(workspace)["versions"]) == 2
        beside = save_edit(workspace, plan["plan"], moves, **other, seen_version=1, beside=True)
        assert beside["version"] == 3

    def test_saved_twice_is_one_version(self, workspace, plan):
        once = save_edit(workspace, plan["plan"], open_one(plan), **WHO, seen_version=1)
        again = save_edit(workspace, plan["plan"], open_one(plan), **WHO, seen_version=1)
        assert once == again

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"person": "  "}, "missing_name"),
            ({"reason": ""}, "missing_reason"),
            ({"reason": "x" * 1001}, "reason_too_long"),
            ({"reason": f"petugas {NIK} sakit"}, "forbidden_reason"),
            ({"reason": "a\u202eb"}, "missing_reason"),
            ({"reason": "banyak pendukung partai"}, "forbidden_reason"),
        ],
    )
    def test_no_decision_without_name_and_reason(self, workspace, plan, change, code):
        with pytest.raises(DomainError) as caught:
            save_edit(workspace, plan["plan"], open_one(plan), **{**WHO, **change})
        assert caught.value.code == code

    def test_nothing_changed(self, workspace, plan):
        with pytest.raises(DomainError) as caught:
            save_edit(workspace, plan["plan"], [], **WHO)
        assert caught.value.code == "nothing_changed"


def test_a_repaired_plan_is_a_draft_of_its_base(workspace, plan):
    fixed = repair_guard_plan(workspace, plan["plan"], plan["beats"][0]["team"])
    assert fixed.version.version == 2
    assert fixed.version.base == plan["plan"]
    assert fixed.version.person == "command line"


def test_no_plan_file_holds_nan(plan):
    with pytest.raises(ValueError, match="JSON"):
        plan_bytes({**plan, "gap": float("nan")})
