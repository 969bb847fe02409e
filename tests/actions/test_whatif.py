"""What-if and comparison through the workspace: nothing is kept, bad questions are refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sispamkota.actions.compare import compare_guard_plans, compare_plan_files
from sispamkota.actions.verify import verify
from sispamkota.actions.whatif import simulate
from sispamkota.cli.plan import plan as command
from sispamkota.kernel.errors import DomainError


class TestSimulate:
    def test_nothing_is_kept(self, workspace, plan, folder):
        before = workspace.store.revision(), sorted(p.name for p in folder.rglob("*"))
        found = simulate(workspace, {"closed_beats": [plan["beats"][0]["id"]]})
        after = workspace.store.revision(), sorted(p.name for p in folder.rglob("*"))
        assert before == after
        assert found["simulation"] is True
        assert found["compare"]["plans"][0] == plan["plan"]
        assert found["differences"]
        json.dumps(found, allow_nan=False)

    def test_one_kecamatan(self, workspace, plan):
        code = plan["kecamatan"][1]["kecamatan"]
        found = simulate(workspace, {"beat_limit_s": 100}, kecamatan=code, base=plan["plan"])
        assert [r["kecamatan"] for r in found["compare"]["kecamatan"]] == [code]
        changed = {r["key"] for r in found["compare"]["settings_changed"]}
        assert changed == {"rules.beat_limit_s"}

    @pytest.mark.parametrize(
        "changes",
        [
            {"speed_kmh": 60},
            {"detour_factor": 2},
            {"post_weight": 0},
            {"mixed_classes": False},
            {"grouping": "desa"},
            {"duty_hours": 8},
            {"risk": {"rawan": 20}},
            {"pattern": "pemilu-2024-2.8.16"},
            {"available": {"polri": 10}},
            {"strength_delta": {"polsek-a": -2, "polsek-b": 2}},
            {"closed_posts": ["polsek-a"]},
        ],
    )
    def test_every_change(self, workspace, changes):
        found = simulate(workspace, changes)
        assert found["plan"]["what_if"]["changes"] == changes

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"unknown": 1}, "bad_change"),
            ({"beat_limit_s": -1}, "bad_change"),
            ({"beat_limit_s": "long"}, "bad_change"),
            ({"beat_limit_s": float("nan")}, "bad_change"),
            ({"speed_kmh": float("inf")}, "bad_change"),
            ({"risk": {"sedang": 1}}, "bad_change"),
            ({"risk": {"rawan": -1}}, "bad_change"),
            ({"risk": {"rawan": float("nan")}}, "bad_change"),
            ({"available": {"polri": 4}, "strength_delta": {"polsek-a": 1}}, "bad_change"),
            ({"available": {"tni": 4}}, "bad_change"),
            ({"strength_delta": {"polsek-a": 1.5}}, "bad_change"),
            ({"grouping": "provinsi"}, "bad_change"),
            ({"pattern": "tidak-ada"}, "unknown_pattern"),
            ({"closed_beats": ["x"]}, "unknown_beat"),
            ({"closed_posts": ["x"]}, "unknown_post"),
            ({"available": {"polri": 0}}, "no_teams"),
        ],
    )
    def test_refused(self, workspace, changes, code):
        with pytest.raises(DomainError) as caught:
            simulate(workspace, changes)
        assert caught.value.code == code


class TestCompare:
    def test_by_id(self, workspace, plan):
        found = compare_guard_plans(workspace, plan["plan"], plan["plan"])
        assert found["objective"]["delta"] == 0
        assert found["differences"]

    def test_files_only_for_a_person_at_the_machine(self, workspace, plan, tmp_path):
        file = tmp_path / "other.json"
        file.write_bytes(workspace.load_plan(plan["plan"]))
        assert not compare_plan_files(workspace, plan["plan"], str(file))["tps_changed"]
        with pytest.raises(DomainError) as caught:
            compare_guard_plans(workspace, plan["plan"], str(file))
        assert caught.value.code == "bad_plan_id"

    def test_a_damaged_plan(self, workspace, plan, tmp_path):
        file = tmp_path / "other.json"
        file.write_text(json.dumps({k: v for k, v in plan.items() if k != "beats"}))
        with pytest.raises(DomainError) as caught:
            compare_plan_files(workspace, plan["plan"], str(file))
        assert caught.value.code == "damaged_plan"


class TestCommands:
    """The same over the command line: JSON, exit codes, errors told."""

    def run(self, folder, *words):
        answer = CliRunner().invoke(command, [*words, "-w", str(folder), "--json"])
        return answer.exit_code, json.loads(answer.stdout)

    def test_edit_diff_review_approve_list(self, folder, plan, tmp_path):
        beats = [b for b in plan["beats"] if b["kecamatan"] == plan["beats"][-1]["kecamatan"]]
        moves = tmp_path / "moves.json"
        moves.write_text(
            json.dumps([{"op": "move_team", "team": beats[0]["team"], "to": beats[1]["id"]}])
        )
        name = plan["plan"]
        code, found = self.run(folder, "edit", name, str(moves), "--check")
        assert code == 0
        assert "plan" not in found
        why = ("--by", "AKP A", "--reason", "uji")
        code, found = self.run(folder, "edit", name, str(moves), *why)
        assert (code, found["version"]) == (0, 2)
        code, compared = self.run(folder, "diff", name, found["plan"])
        assert code == 0
        assert compared["tps_changed"]
        assert self.run(folder, "approve", found["plan"], *why)[0] == 2
        assert self.run(folder, "review", found["plan"], *why)[0] == 0
        assert self.run(folder, "send-back", found["plan"], *why)[1]["state"] == "draft"
        assert self.run(folder, "review", found["plan"], *why)[0] == 0
        assert self.run(folder, "approve", found["plan"], *why)[1]["state"] == "approved"
        code, listed = self.run(folder, "list")
        assert [(p["version"], p["state"]) for p in listed["plans"]] == [
            (1, "draft"),
            (2, "approved"),
        ]

    def test_simulate(self, folder, workspace, tmp_path):
        out = tmp_path / "simulasi.json"
        code, found = self.run(
            folder, "simulate", "--polri", "4", "--risk", "rawan=9", "--out", str(out)
        )
        assert code == 1
        assert found["simulation"] is True
        assert "beats" not in found["plan"]
        assert json.loads(out.read_bytes())["plan"] == found["plan"]["plan"]
        _, violations = verify(workspace, str(out))
        assert [v.rule for v in violations] == ["simulation"]

    @pytest.mark.parametrize(
        "words",
        [
            ("--strength", "polsek-a"),
            ("--strength", "polsek-a=1.5"),
            ("--strength", "polsek-a=nan"),
            ("--risk", "rawan=banyak"),
            ("--beat-limit-s", "nan"),
            ("--out", "/tidak/ada/simulasi.json"),
        ],
    )
    def test_bad_words(self, folder, words):
        code, found = self.run(folder, "simulate", *words)
        assert code == 2
        assert found["error"]["code"] in {"bad_change", "cannot_write"}

    def test_plain_text_in_both_languages(self, folder, plan):
        for lang in ("id", "en"):
            for words in (
                ["diff", plan["plan"], plan["plan"]],
                ["list"],
                ["simulate", "--kecamatan", plan["kecamatan"][0]["kecamatan"]],
            ):
                answer = CliRunner().invoke(command, [*words, "-w", str(folder), "--lang", lang])
                assert answer.exit_code in {0, 1}, answer.output
                assert plan["plan"] in answer.output

    @pytest.mark.parametrize("body", ["{}", "[1", ""])
    def test_moves_that_are_none(self, folder, plan, tmp_path, body):
        moves = tmp_path / "moves.json"
        moves.write_text(body)
        code, found = self.run(folder, "edit", plan["plan"], str(moves), "--check")
        assert (code, found["error"]["code"]) == (2, "bad_edit")
