"""Draft, reviewed, approved, superseded: by named officers, only what holds today, for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from sispamkota.actions.edit import save_edit
from sispamkota.actions.override import override_class
from sispamkota.actions.plan import Maker, keep_draft, make_guard_plan
from sispamkota.actions.versions import change_state, list_versions
from sispamkota.actions.whatif import simulate
from sispamkota.kernel.errors import DomainError
from sispamkota.storage.accounts import Account

from .conftest import DENSE, NOW, record

KABAG = {"person": "KOMPOL Kabag", "reason": "lengkap"}
KAPOLRES = {"person": "AKBP Kapolres", "reason": "disetujui"}


def step(workspace, plan, state, who=KABAG, **other):
    return change_state(workspace, plan, state, **who, **{"now": NOW, **other})


def refused(workspace, plan, state, **other):
    with pytest.raises(DomainError) as caught:
        step(workspace, plan, state, **other)
    return caught.value


def edited(workspace, plan, **other):
    """A valid edit: two teams of one kecamatan change places."""
    beats = [b for b in plan["beats"] if b["kecamatan"] == plan["beats"][-1]["kecamatan"]]
    ops = [{"op": "move_team", "team": beats[0]["team"], "to": beats[1]["id"]}]
    who = {"person": "AKP A", "reason": "uji", "now": NOW, **other}
    found = save_edit(workspace, plan["plan"], ops, **who)
    assert found["valid"]
    return found["plan"]


class TestWay:
    def test_draft_reviewed_approved(self, workspace, plan):
        name = plan["plan"]
        assert step(workspace, name, "reviewed")["state"] == "reviewed"
        event = step(workspace, name, "approved", KAPOLRES)
        assert (event["state"], event["person"]) == ("approved", KAPOLRES["person"])
        found = list_versions(workspace)
        assert found["approved"] == found["head"] == {"version": 1, "plan": name}
        top = found["versions"][0]
        assert [e["state"] for e in top["events"]] == ["draft", "reviewed", "approved"]
        assert top["valid"] is True

    def test_a_later_approval_supersedes(self, workspace, plan):
        first, second = plan["plan"], edited(workspace, plan)
        for name in (first, second):
            step(workspace, name, "reviewed")
            step(workspace, name, "approved", KAPOLRES)
        states = {v["plan"]: v["state"] for v in list_versions(workspace)["versions"]}
        assert states == {first: "superseded", second: "approved"}
        step(workspace, first, "reviewed")  # an earlier version may come back, checked anew
        step(workspace, first, "approved", KAPOLRES)
        assert list_versions(workspace)["approved"]["plan"] == first
        assert list_versions(workspace)["head"]["plan"] == second

    def test_sent_back(self, workspace, plan):
        step(workspace, plan["plan"], "reviewed")
        step(workspace, plan["plan"], "draft")
        assert refused(workspace, plan["plan"], "approved").code == "state_not_reachable"

    @pytest.mark.parametrize("state", ["approved", "draft"])
    def test_no_step_is_skipped(self, workspace, plan, state):
        assert refused(workspace, plan["plan"], state).code == "state_not_reachable"

    @pytest.mark.parametrize("state", ["superseded", "simulation", "", "final"])
    def test_unknown_state(self, workspace, plan, state):
        assert refused(workspace, plan["plan"], state).code == "unknown_state"

    def test_unknown_plan(self, workspace):
        assert refused(workspace, "guards-0000000000", "reviewed").code == "unknown_plan"

    def test_name_and_reason(self, workspace, plan):
        name = plan["plan"]
        assert refused(workspace, name, "reviewed", who={**KABAG, "person": ""}).code == (
            "missing_name"
        )
        assert refused(workspace, name, "reviewed", who={**KABAG, "reason": " "}).code == (
            "missing_reason"
        )


class TestOnlyWhatHolds:
    def test_a_plan_that_breaks_a_rule(self, workspace, plan):
        ops = [{"op": "move_tps", "tps": plan["beats"][-1]["tps"][0], "to": plan["beats"][0]["id"]}]
        found = save_edit(workspace, plan["plan"], ops, person="AKP A", reason="uji", now=NOW)
        error = refused(workspace, found["plan"], "reviewed")
        assert error.code == "plan_not_valid"
        assert error.where["violations"] == len(found["violations"]) == len(error.problems)

    def test_inputs_that_changed_since_review(self, workspace, plan):
        step(workspace, plan["plan"], "reviewed")
        posts = workspace.store.current("posts")
        workspace.store.append("posts", posts.with_columns(lat=posts["lat"] + 0.01), record("b"))
        error = refused(workspace, plan["plan"], "approved", who=KAPOLRES)
        assert (error.code, error.where["rule"]) == ("plan_not_valid", "same_inputs")

    def test_a_file_that_was_changed(self, workspace, plan):
        file = workspace.plan_file(plan["plan"])
        file.write_bytes(file.read_bytes() + b" ")
        error = refused(workspace, plan["plan"], "reviewed")
        assert (error.code, error.where["rule"]) == ("plan_not_valid", "file")

    def test_a_simulation_never(self, workspace, plan):
        found = simulate(workspace, {"beat_limit_s": 900}, base=plan["plan"])
        kept = keep_draft(workspace, found["plan"], Maker(person="AKP A", at=NOW))
        assert kept.version.state == "simulation"
        error = refused(workspace, kept.version.plan, "reviewed")
        assert error.code == "state_not_reachable"
        assert list_versions(workspace)["head"]["plan"] == plan["plan"]


def account(name, function="kapolres", **other):
    made = {
        "id": name, "name": name, "person": name.title(), "agency": "polri",
        "function": function, "areas": (), "password_hash": "x", "totp_secret": None,
        "totp_step": None, "must_change": False, "demo": False, "created_at": NOW,
        "created_by": "uji", "revoked_at": None,
    }  # fmt: skip
    return Account(**(made | other))


class TestFourEyes:
    def reviewed(self, workspace, plan, by):
        name = edited(workspace, plan, account=by)
        step(workspace, name, "reviewed", account="kabag")
        return name

    def test_who_edited_does_not_approve_where_another_can(self, workspace, plan):
        for name in ("kapolres", "wakapolres"):
            workspace.accounts.add_account(account(name))
        name = self.reviewed(workspace, plan, "kapolres")
        error = refused(workspace, name, "approved", account="kapolres")
        assert error.code == "same_person"
        assert "Wakapolres" in error.remedy.en
        assert step(workspace, name, "approved", account="wakapolres")["state"] == "approved"

    def test_where_nobody_else_can(self, workspace, plan):
        workspace.accounts.add_account(account("kapolres"))
        workspace.accounts.add_account(account("operator", "operator"))
        name = self.reviewed(workspace, plan, "kapolres")
        assert step(workspace, name, "approved", account="kapolres")["state"] == "approved"

    def test_switched_off(self, workspace, plan):
        for name in ("kapolres", "wakapolres"):
            workspace.accounts.add_account(account(name))
        name = self.reviewed(workspace, plan, "kapolres")
        config = msgspec.convert(
            msgspec.to_builtins(workspace.config) | {"approval": {"another_person": False}},
            type(workspace.config),
        )
        free = replace(workspace, config=config)
        assert step(free, name, "approved", account="kapolres")["state"] == "approved"


class TestDataNewer:
    def test_an_override_after_the_plan_is_told(self, workspace, plan):
        def told():
            return list_versions(workspace)["versions"][0]["data_newer"]

        assert not told()
        code, later = plan["beats"][0]["tps"][0], dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        override_class(workspace, code, "rawan", by="AKP A", reason="uji", now=later)
        assert told()


class TestComputed:
    def test_made_again_is_the_same_version(self, workspace, plan):
        again = make_guard_plan(workspace, pattern=DENSE)
        assert again.version.version == 1
        assert len(list_versions(workspace)["versions"]) == 1

    def test_by_a_named_officer(self, workspace):
        maker = Maker(person="AKP A", reason="uji", at=NOW + dt.timedelta(hours=1), account="a")
        made = make_guard_plan(workspace, pattern=DENSE, seed=2, maker=maker)
        top = list_versions(workspace)["versions"][0]
        assert (top["version"], top["plan"], top["person"]) == (2, made.plan["plan"], "AKP A")
        assert top["valid"] is None
