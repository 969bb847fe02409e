"""Edits by hand: a pure function of plan and moves, undone without trace, then verified."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.actions.plan import plan_bytes
from sispamkota.actions.verify import facts_of
from sispamkota.kernel.errors import DomainError
from sispamkota.planning.edit import apply_edit, as_result, content_digest, edit_base, signed
from sispamkota.planning.edit_ops import (
    MoveTeam,
    MoveTps,
    NewBeat,
    apply_ops,
    parse_ops,
)
from sispamkota.planning.guards import plan_guards
from sispamkota.planning.running import repair_plan
from sispamkota.planning.travel import StraightLine
from sispamkota.planning.verify import INSTANT, verify_plan

from .helpers import crew, inputs, post, site, two_kecamatan
from .test_guards import UNSHRUNK, any_operation

WHO = {"person": "AKP A. Contoh", "at": "2024-02-10T08:00:00+00:00"}


def raw(op):
    match op:
        case MoveTps():
            return {"op": "move_tps", "tps": op.tps, "to": op.to}
        case MoveTeam():
            return {"op": "move_team", "team": op.team, "to": op.to}
        case NewBeat():
            return {"op": "new_beat", "tps": list(op.tps), "team": op.team}


def keep(edited, ops):
    return signed(edited, [raw(op) for op in ops], **WHO, violations=0)


def broken(edited, facts):
    return sorted({v.rule for v in verify_plan(edited.body, facts, INSTANT)})


def any_op(draw, layout):
    """One move that names only what there is, sensible or not."""
    tps, beats, teams = sorted(layout.beat_of), [*layout.team_of, None], sorted(layout.beat_with)
    kind = draw(st.sampled_from(["move_tps", "move_tps", "move_team", "new_beat"]))
    if kind == "move_tps":
        return MoveTps(tps=draw(st.sampled_from(tps)), to=draw(st.sampled_from(beats)))
    if kind == "move_team":
        return MoveTeam(team=draw(st.sampled_from(teams)), to=draw(st.sampled_from(beats)))
    codes = draw(st.lists(st.sampled_from(tps), min_size=1, max_size=4, unique=True))
    return NewBeat(tps=tuple(codes), team=draw(st.sampled_from(teams)))


def any_moves(draw, base, most=8):
    layout, ops = base.layout, []
    for _ in range(draw(st.integers(0, most))):
        ops.append(any_op(draw, layout))
        layout = apply_ops(base.layout, ops)
    return ops


def inverse(layout, op):
    """The moves that undo one move made from this layout."""
    if isinstance(op, MoveTps):
        return [MoveTps(tps=op.tps, to=layout.beat_of[op.tps])]
    if isinstance(op, NewBeat):
        back = [MoveTps(tps=t, to=layout.beat_of[t]) for t in op.tps]
        return [*back, MoveTeam(team=op.team, to=layout.beat_with[op.team])]
    left = layout.beat_with[op.team]
    other = None if op.to is None else layout.team_of[op.to]
    if other not in (None, op.team) and left is None:
        return [MoveTeam(team=other, to=op.to)]
    return [MoveTeam(team=op.team, to=left)]


def cost_by_hand(body, facts):
    """The objective from its definition, with the verifier's own distances."""
    rules = facts.rules
    total = 0.0
    for beat in body["beats"]:
        anchor = facts.place(beat["anchor"])
        total += sum(facts.seconds(anchor, facts.place(t)) for t in beat["tps"])
        total += rules["post_weight"] * facts.seconds(facts.posts[beat["post"]], anchor)
    guarded = {t for b in body["beats"] for t in b["tps"]}
    return total + rules["penalty_s"] * sum(facts.risk(t) for t in facts.sites if t not in guarded)


def check_whole(edited, facts):
    """Each TPS once, no team twice, the objective true, nothing that JSON cannot hold."""
    body = edited.body
    counted = [t for b in body["beats"] for t in b["tps"]] + [u["tps"] for u in body["uncovered"]]
    assert sorted(counted) == sorted(facts.sites)
    crews = [t["id"] for t in (*body["teams_detail"], *body["spare_teams"])]
    base = edited.base.plan
    assert sorted(crews) == sorted(t["id"] for t in (*base["teams_detail"], *base["spare_teams"]))
    assert all(b["tps"] and b["anchor"] in b["tps"] for b in body["beats"])
    assert body["objective"] == pytest.approx(cost_by_hand(body, facts), abs=len(counted))
    assert body["lower_bound"] <= body["objective"] + 1e-6
    json.dumps(body, allow_nan=False)


@pytest.fixture(scope="module")
def ready(roomy, short):
    return [(edit_base(plan, given_), facts) for given_, plan, facts in (roomy, short)]


class TestAnyMoves:
    """Whatever a person does."""

    @given(st.data())
    @settings(max_examples=120)
    def test_figures_hold_and_a_plan_without_violation_is_valid(self, ready, data):
        base, facts = data.draw(st.sampled_from(ready))
        ops = any_moves(data.draw, base)
        edited = apply_edit(base, ops)
        check_whole(edited, facts)
        instant, full = broken(edited, facts), verify_plan(keep(edited, ops), facts)
        assert sorted({v.rule for v in full}) == instant

    @given(st.data())
    @settings(max_examples=120)
    def test_undone_without_trace(self, ready, data):
        base, _ = data.draw(st.sampled_from(ready))
        first = any_moves(data.draw, base, most=4)
        more = any_moves(data.draw, replace(base, layout=apply_ops(base.layout, first)), most=5)
        layout, back = apply_ops(base.layout, first), []
        for op in more:
            back = [*inverse(layout, op), *back]
            layout = apply_ops(layout, [op])
        before, after = apply_edit(base, first), apply_edit(base, [*first, *more, *back])
        assert after.body == before.body

    @given(st.data())
    @settings(max_examples=40)
    def test_same_moves_same_bytes_and_nothing_else_touched(self, ready, data):
        base, _ = data.draw(st.sampled_from(ready))
        ops = any_moves(data.draw, base)
        plan = deepcopy(base.plan)
        once, again = (plan_bytes(keep(apply_edit(base, ops), ops)) for _ in range(2))
        assert once == again
        assert base.plan == plan

    @given(any_operation(), st.data())
    @settings(max_examples=15, phases=UNSHRUNK)
    def test_on_any_operation(self, given_, data):
        try:
            plan = plan_guards(given_)
        except DomainError as error:
            if error.code != "no_teams":
                raise
            return
        facts, base = facts_of(given_), edit_base(plan, given_)
        ops = any_moves(data.draw, base)
        edited = apply_edit(base, ops)
        check_whole(edited, facts)
        full = {v.rule for v in verify_plan(keep(edited, ops), facts)}
        assert full == set(broken(edited, facts))


class TestNoMove:
    def test_the_plan_stays(self, ready):
        for base, facts in ready:
            edited = apply_edit(base, ())
            for key in ("beats", "teams_detail", "spare_teams", "uncovered", "objective"):
                assert edited.body[key] == base.plan[key]
            assert edited.body["lower_bound"] == pytest.approx(base.plan["lower_bound"])
            assert broken(edited, facts) == []

    def test_high_effort_keeps_what_highs_proved(self):
        given_ = two_kecamatan(officers=(8, 8))
        plan = plan_guards(given_, effort="high")
        edited = apply_edit(edit_base(plan, given_), ())
        assert edited.body["lower_bound"] == pytest.approx(plan["lower_bound"])
        assert verify_plan(keep(edited, ()), facts_of(given_)) == ()

    @pytest.mark.parametrize("mark", ["x", [], {}, {"of": "p", "ops": []}, None])
    def test_a_mark_that_does_not_say_who_moved_what_is_refused(self, mark):
        given_ = two_kecamatan(officers=(8, 8))
        kept = keep(apply_edit(edit_base(plan_guards(given_), given_), ()), ())
        spoilt = {**kept, "edited": mark}
        spoilt["plan"] = f"guards-{content_digest(spoilt)[:10]}"
        found = {(v.rule, v.where) for v in verify_plan(spoilt, facts_of(given_))}
        assert ("label_stated", "edited") in found


def beat_of(plan, tps):
    return next(b for b in plan["beats"] if tps in b["tps"])


class TestBrokenRules:
    """Breaking moves are computed and shown."""

    def small(self, **other):
        """Two beats of kurang rawan TPS in kecamatan 1, one in kecamatan 2, a team idle."""
        sites = [site(1, 1 + i // 4, 1 + i, east=0.3 * i) for i in range(8)]
        sites += [site(2, 1, 1 + i, east=30 + 0.3 * i) for i in range(3)]
        people = crew("polsek-a", 8, **other)
        given_ = inputs(sites, people, [post("polsek-a", east=-15)])
        plan = plan_guards(given_)
        assert len(plan["beats"]) == 3
        assert len(plan["spare_teams"]) == 1
        return edit_base(plan, given_), facts_of(given_)

    def test_over_capacity(self):
        base, facts = self.small()
        first, second = [b for b in base.plan["beats"] if b["kecamatan"] == "160801"]
        edited = apply_edit(base, [MoveTps(tps=first["tps"][0], to=second["id"])])
        assert "capacity" in broken(edited, facts)

    def test_another_kecamatan_and_too_far(self):
        base, facts = self.small()
        near, far = base.plan["beats"][0], base.plan["beats"][-1]
        edited = apply_edit(base, [MoveTps(tps=far["tps"][-1], to=near["id"])])
        assert {"one_kecamatan", "beat_travel_limit"} <= set(broken(edited, facts))
        shown = as_result(edited, [{"rule": "capacity"}])
        assert [t["tps"] for b in shown["changed_beats"] for t in b["tps"] if t["over_limit"]]
        assert shown["gap"] is None
        assert not shown["valid"]

    def test_home_desa(self):
        home = site(1, 1, 1)["desa"]
        sites = [site(1, 1, 1), site(1, 2, 2, "sangat_rawan", east=0.4)]
        people = crew("polsek-a", 2) + crew("polsek-a", 2, first=10, home_desa=home)
        given_ = inputs(sites, people, [post("polsek-a")])
        plan, facts = plan_guards(given_), facts_of(given_)
        base = edit_base(plan, given_)
        beat = beat_of(plan, sites[0]["code"])
        lives_there = beat_of(plan, sites[1]["code"])["team"]
        edited = apply_edit(base, [MoveTeam(team=lives_there, to=beat["id"])])
        assert broken(edited, facts) == ["home_desa"]

    def test_idle_team_and_beat_without_team(self):
        base, facts = self.small()
        beat = base.plan["beats"][0]
        edited = apply_edit(base, [MoveTeam(team=beat["team"], to=None)])
        assert {u["tps"] for u in edited.body["uncovered"]} == set(beat["tps"])
        shown = as_result(edited, [])
        assert shown["tps_uncovered"]["kurang_rawan"] == len(beat["tps"])
        assert not next(b for b in shown["changed_beats"] if b["id"] == beat["id"])["guarded"]
        assert any(beat["id"] in w["en"] for w in shown["warnings"])
        spare = base.plan["spare_teams"][0]["id"]
        again = apply_edit(
            base, [MoveTeam(team=beat["team"], to=None), MoveTeam(team=spare, to=beat["id"])]
        )
        assert again.body["uncovered"] == []
        assert broken(again, facts) == []

    def test_a_team_sent_to_an_occupied_beat_changes_places(self):
        base, _ = self.small()
        first, second = base.plan["beats"][:2]
        body = apply_edit(base, [MoveTeam(team=first["team"], to=second["id"])]).body
        teams = {b["id"]: b["team"] for b in body["beats"]}
        assert teams[first["id"]] == second["team"]
        assert teams[second["id"]] == first["team"]

    def test_new_beat(self):
        base, facts = self.small()
        tps = base.plan["beats"][0]["tps"][-1]
        op = NewBeat(tps=(tps,), team=base.plan["spare_teams"][0]["id"])
        edited = apply_edit(base, [op])
        made = beat_of(edited.body, tps)
        assert made["id"] == "160801-B03"
        assert made["anchor"] == tps
        assert broken(edited, facts) == []

    def test_the_bound_stays_that_of_plans_that_keep_the_rules(self):
        base, _ = self.small()
        first, second = [b for b in base.plan["beats"] if b["kecamatan"] == "160801"]
        ops = [MoveTps(tps=t, to=second["id"]) for t in first["tps"]]
        shown = as_result(apply_edit(base, ops), [{"rule": "capacity"}])
        assert shown["lower_bound"] == pytest.approx(base.plan["lower_bound"])


class Broken(StraightLine):
    """No way between the two banks of a river at 104.40 E."""

    def seconds(self, origins, destinations):
        found = super().seconds(origins, destinations)
        east = (np.asarray(origins)[:, None, 0] > 104.40) != (
            np.asarray(destinations)[None, :, 0] > 104.40
        )
        return np.where(east, np.inf, found)


class TestUnreachable:
    def test_null_and_said_never_infinite(self):
        sites = [site(1, 1, 1), site(1, 1, 2, east=0.3), site(1, 2, 3, east=20)]
        posts = [post("polsek-a"), post("polsek-b", east=20)]
        people = crew("polsek-a", 2) + crew("polsek-b", 2, first=10)
        given_ = replace(inputs(sites, people, posts), travel=Broken())
        plan = plan_guards(given_)
        base = edit_base(plan, given_)
        ops = [MoveTps(tps=sites[2]["code"], to=beat_of(plan, sites[0]["code"])["id"])]
        edited = apply_edit(base, ops)
        assert edited.unreachable
        assert edited.body["objective"] is None
        shown = as_result(edited, [{"rule": "unreachable"}])
        json.dumps([edited.body, shown], allow_nan=False)
        row = next(b for b in shown["changed_beats"] if b["travel_s"] is None)
        assert any(t["travel_s"] is None and t["over_limit"] for t in row["tps"])
        with pytest.raises(DomainError) as caught:
            keep(edited, ops)
        assert caught.value.code == "unreachable_beat"


class TestKept:
    """The plan file of an edit."""

    def test_named_by_content_and_says_who(self, ready):
        base, facts = ready[0]
        ops = [MoveTps(tps=base.plan["beats"][0]["tps"][-1], to=None)]
        body = keep(apply_edit(base, ops), ops)
        assert body["edited"] == {
            "of": base.plan["plan"],
            "ops": [raw(op) for op in ops],
            **WHO,
            "violations": 0,
        }
        assert body["plan"] == f"guards-{content_digest(body)[:10]}"
        forged = {**body, "degraded": [{"id": "lain", "en": "other"}]}
        assert "named" in {v.rule for v in verify_plan(forged, facts)}

    def test_edit_of_a_repair_and_repair_of_an_edit(self, roomy):
        given_, plan, facts = roomy
        fixed = repair_plan(plan, given_, plan["teams_detail"][0]["id"])
        base = edit_base(fixed, given_)
        ops = [MoveTeam(team=fixed["spare_teams"][0]["id"], to=fixed["beats"][0]["id"])]
        body = keep(apply_edit(base, ops), ops)
        rules = {v.rule for v in verify_plan(body, facts)}
        assert rules <= {"home_desa", "transport"}
        again = repair_plan(body, given_, body["teams_detail"][-1]["id"])
        assert {v.rule for v in verify_plan(again, facts)} <= rules
        assert again["edited"] == body["edited"]

    def test_edit_of_an_edit_that_breaks_rules(self, ready):
        base, facts = ready[0]
        far = base.plan["beats"][-1]["tps"][0]
        ops = [MoveTps(tps=far, to=base.plan["beats"][0]["id"])]
        body = keep(apply_edit(base, ops), ops)
        second = edit_base(body, base.inputs)
        back = [MoveTps(tps=far, to=base.plan["beats"][-1]["id"])]
        healed = apply_edit(second, back)
        assert broken(healed, facts) == []
        assert verify_plan(keep(healed, back), facts) == ()


class TestRefused:
    @pytest.mark.parametrize(
        ("op", "code"),
        [
            ({"op": "move_tps", "tps": "9", "to": None}, "unknown_tps"),
            ({"op": "move_team", "team": "9", "to": None}, "unknown_team"),
            ({"op": "new_beat", "tps": ["9"], "team": "9"}, "unknown_tps"),
        ],
    )
    def test_unknown_ids(self, ready, op, code):
        with pytest.raises(DomainError) as caught:
            apply_edit(ready[0][0], parse_ops([op]))
        assert caught.value.code == code

    def test_unknown_beat(self, ready):
        base = ready[0][0]
        tps = base.plan["beats"][0]["tps"][0]
        with pytest.raises(DomainError) as caught:
            apply_edit(base, [MoveTps(tps=tps, to="160801-B99")])
        assert caught.value.code == "unknown_beat"

    @pytest.mark.parametrize(
        "op",
        [
            None,
            "move_tps",
            {},
            {"op": "move_tps", "tps": "1"},
            {"op": "move_tps", "tps": 1, "to": None},
            {"op": "move_tps", "tps": "1", "to": None, "more": 1},
            {"op": "new_beat", "tps": [], "team": "a"},
            {"op": "new_beat", "tps": [None], "team": "a"},
            {"op": "new_beat", "tps": "1608", "team": "a"},
            {"op": "fly", "tps": "1", "to": None},
        ],
    )
    def test_no_move(self, op):
        with pytest.raises(DomainError) as caught:
            parse_ops([{"op": "move_tps", "tps": "1", "to": None}, op])
        assert caught.value.code == "bad_edit"
        assert caught.value.where["step"] == 2

    def test_too_many(self):
        with pytest.raises(DomainError):
            parse_ops([{"op": "move_tps", "tps": "1", "to": None}] * 2001)

    def test_inputs_changed(self, roomy):
        given_, plan, _ = roomy
        for other in (
            replace(given_, sites=given_.sites.head(20)),
            replace(given_, personnel=given_.personnel.head(5)),
            replace(given_, posts=given_.posts.head(1)),
        ):
            with pytest.raises(DomainError) as caught:
                edit_base(plan, other)
            assert caught.value.code == "inputs_changed"
