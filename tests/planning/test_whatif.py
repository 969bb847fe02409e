"""What-if: officers really leave, the rest stays as it was, the answer is a valid plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sispamkota.actions.verify import facts_of
from sispamkota.kernel.errors import DomainError
from sispamkota.planning.compare import compare_plans
from sispamkota.planning.guards import plan_guards
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.running import repair_plan
from sispamkota.planning.verify import verify_plan
from sispamkota.planning.whatif import WhatIf, simulate_plan

from .helpers import two_kecamatan
from .test_guards import UNSHRUNK, any_operation


def ask(base, inputs=None, **question):
    given_, plan, _ = base
    case = {"strength_delta": {}, "changes": {"asked": "x"}, **question}
    return simulate_plan(WhatIf(base=plan, inputs=inputs or given_, **case))


def valid(found):
    return verify_plan(found.plan, facts_of(found.inputs)) == ()


def sent(plan):
    return {m for t in plan["teams_detail"] for m in t["members"]}


class TestNothingAsked:
    @pytest.mark.parametrize("base", ["roomy", "short"])
    @pytest.mark.parametrize("kecamatan", [None, "160801", "160802"])
    def test_nobody_changes_place(self, base, kecamatan, request):
        known = request.getfixturevalue(base)
        found = ask(known, kecamatan=kecamatan)
        compared = compare_plans(known[1], found.plan, kecamatan)
        assert valid(found)
        assert compared["objective"]["delta"] <= 1e-6  # never worse than the plan in hand
        if compared["objective"]["delta"] == 0:
            assert not compared["tps_changed"]

    def test_marked_and_never_under_the_id_of_a_plan(self, roomy):
        found = ask(roomy)
        assert found.plan["simulation"] is True
        assert found.plan["what_if"]["of"] == roomy[1]["plan"]
        assert found.plan["plan"].startswith(f"{roomy[1]['plan']}-s-")
        assert ask(roomy, changes={"other": 1}).plan["plan"] != found.plan["plan"]

    def test_same_question_same_answer(self, short):
        once, again = (ask(short, kecamatan="160801").plan for _ in range(2))
        assert once == again


class TestOfficersLeave:
    def test_a_closed_beat_takes_its_team_away(self, roomy):
        beat = roomy[1]["beats"][0]
        crew = next(t for t in roomy[1]["teams_detail"] if t["id"] == beat["team"])
        for kecamatan in (None, beat["kecamatan"]):
            found = ask(roomy, closed_beats=[beat["id"]], kecamatan=kecamatan)
            assert not sent(found.plan) & set(crew["members"])
            assert found.plan["what_if"]["officers_withdrawn"] == 2
            assert valid(found)

    def test_a_closed_post(self, roomy):
        found = ask(roomy, closed_posts=["polsek-a"])
        assert "polsek-a" not in {t["post"] for t in found.plan["teams_detail"]}
        assert valid(found)

    def test_those_missed_least_go_first(self, roomy):
        plan = roomy[1]
        idle = {m for t in plan["spare_teams"] if t["post"] == "polres" for m in t["members"]}
        found = ask(roomy, strength_delta={"polres": -len(idle)})
        assert not idle & sent(found.plan)
        assert found.plan["teams"] == plan["teams"]

    def test_more_than_there_are(self, roomy):
        found = ask(roomy, strength_delta={"polsek-a": -100})
        assert any("could not be taken away" in note.en for note in found.notes)
        assert "polsek-a" not in {t["post"] for t in found.plan["teams_detail"]}

    def test_nobody_left(self, short):
        with pytest.raises(DomainError) as caught:
            ask(short, closed_posts=["polsek-a", "polsek-b"])
        assert caught.value.code == "no_teams"

    def test_who_dropped_out_of_a_repaired_plan_stays_away(self, roomy):
        given_, plan, facts = roomy
        lost = plan["teams_detail"][0]
        fixed = repair_plan(plan, given_, lost["id"])
        found = ask((given_, fixed, facts))
        assert not sent(found.plan) & set(lost["members"])


class TestOfficersCome:
    def test_more_at_a_post(self, short):
        plan = short[1]
        found = ask(short, strength_delta={"polsek-a": 4})
        assert found.plan["teams"] == plan["teams"] + 2
        assert found.plan["objective"] < plan["objective"]
        assert found.plan["sample"]
        assert any("CONTOH" in note.en for note in found.notes)
        assert valid(found)

    @pytest.mark.parametrize("wanted", [4, 6, 9, 12, 20, 31])
    def test_so_many_in_all(self, short, wanted):
        found = ask(short, available=wanted)
        plan = found.plan
        everybody = sent(plan) | {m for t in plan["spare_teams"] for m in t["members"]}
        assert len(everybody | set(plan["spare_officers"])) == wanted
        assert valid(found)
        by_post = Counter(t["post"] for t in (*plan["teams_detail"], *plan["spare_teams"]))
        assert abs(by_post["polsek-a"] - by_post["polsek-b"]) <= 1

    def test_in_one_kecamatan(self, short):
        crews = [t for t in short[1]["teams_detail"] if t["kecamatan"] == "160801"]
        found = ask(short, available=2 * len(crews) + 2, kecamatan="160801")
        assert found.plan["teams"] == len(crews) + 1
        assert valid(found)


class TestOneKecamatan:
    def test_its_own_teams_and_nothing_else(self, roomy):
        plan = roomy[1]
        found = ask(roomy, kecamatan="160802")
        crews = [t for t in plan["teams_detail"] if t["kecamatan"] == "160802"]
        assert sent(found.plan) <= {m for t in crews for m in t["members"]}
        assert {b["kecamatan"] for b in found.plan["beats"]} == {"160802"}
        padal = {r["kecamatan"]: r["person"] for r in plan["padal"]}
        assert found.plan["padal"] == [{"kecamatan": "160802", "person": padal["160802"]}]

    def test_stricter_rules(self, roomy):
        given_ = roomy[0]
        for rules in (GuardRules(beat_limit_s=120.0), GuardRules(grouping="desa")):
            found = ask(roomy, replace(given_, rules=rules), kecamatan="160801")
            assert valid(found)

    @pytest.mark.parametrize(
        ("question", "code"),
        [
            ({"kecamatan": "160899"}, "unknown_kecamatan"),
            ({"closed_beats": ["160801-B99"]}, "unknown_beat"),
            ({"closed_beats": ["160801-B01"], "kecamatan": "160802"}, "unknown_beat"),
            ({"closed_posts": ["pos-x"]}, "unknown_post"),
            ({"strength_delta": {"pos-x": 2}}, "unknown_post"),
        ],
    )
    def test_unknown(self, roomy, question, code):
        with pytest.raises(DomainError) as caught:
            ask(roomy, **question)
        assert caught.value.code == code


class TestShortage:
    def test_told_when_no_plan_could_suffice(self, short):
        found = ask(short, strength_delta={"polsek-a": -4})
        assert any("cannot be guarded" in note.en for note in found.notes)

    def test_whole_strength_keeps_its_reserve(self):
        given_ = replace(two_kecamatan(officers=(16, 16)), strength="whole")
        plan = plan_guards(given_)
        found = ask((given_, plan, None), strength_delta={"polsek-a": -2})
        assert found.plan["reserve"] == plan["reserve"]
        assert valid(found)


@given(any_operation(), st.data())
@settings(max_examples=15, phases=UNSHRUNK)
def test_every_answer_passes_the_verifier(given_, data):
    draw = data.draw
    try:
        plan = plan_guards(given_)
        if verify_plan(plan, facts_of(given_)):
            return  # invalid plans are the matter of test_guards
        beats = [b["id"] for b in plan["beats"]]
        found = ask(
            (given_, plan, None),
            closed_beats=draw(st.lists(st.sampled_from(beats), max_size=2)) if beats else [],
            strength_delta={
                "polsek-a": draw(st.integers(-3, 3)),
                "polsek-b": draw(st.integers(-3, 3)),
            },
        )
    except DomainError as error:
        if error.code != "no_teams":
            raise
        return
    assert [(v.rule, v.where) for v in verify_plan(found.plan, facts_of(found.inputs))] == []
