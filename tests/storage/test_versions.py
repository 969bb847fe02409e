"""Versions of plans and what became of each, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.storage import sql_versions
from sispamkota.storage.sql import SqlStore
from sispamkota.storage.sql_versions import SqlVersions
from sispamkota.storage.versions import STATES, Versions, current_states

from .conftest import NOON, at_once, emptied

OPS = {"account": "a1", "person": "Kabag Ops", "reason": "banjir", "at": NOON}
HEAD = {"account": "a2", "person": "Kapolres", "reason": "setuju", "at": NOON}


def code_of(work, *args, **options) -> str:
    with pytest.raises(DomainError) as caught:
        work(*args, **options)
    assert caught.value.remedy.id
    return caught.value.code


def states(versions: Versions) -> dict[str, tuple[int, str]]:
    return {p: (e.version, e.state) for p, e in current_states(versions.events()).items()}


class TestAddVersion:
    def test_plan_and_event_are_kept_together(self, versions, store):
        event = versions.add_version("g1", "guards", b"one", **OPS)
        assert (event.number, event.version, event.state, event.base) == (1, 1, "draft", None)
        assert (event.account, event.person, event.reason, event.at) == tuple(OPS.values())
        assert versions.events() == versions.events("g1") == [event]
        assert store.load_plan("g1") == b"one"

    def test_versions_are_counted_per_kind(self, versions):
        for plan, kind in (("g1", "guards"), ("s1", "standby"), ("g2", "guards")):
            versions.add_version(plan, kind, plan.encode(), base="g0", **OPS)
        assert [(e.plan, e.version, e.base) for e in versions.events()] == [
            ("g1", 1, "g0"),
            ("s1", 1, "g0"),
            ("g2", 2, "g0"),
        ]

    def test_times_are_utc_whatever_zone_came_in(self, versions):
        wib = dt.timezone(dt.timedelta(hours=7))
        event = versions.add_version("g1", "guards", b"1", **{**OPS, "at": NOON.astimezone(wib)})
        assert event == versions.events()[0]
        assert event.at.tzinfo == dt.UTC

    def test_the_same_plan_again_is_the_version_it_was(self, versions):
        first = versions.add_version("g1", "guards", b"one", **OPS)
        versions.add_version("g2", "guards", b"two", **OPS)
        assert versions.add_version("g1", "guards", b"one", seen_version=0, **HEAD) == first
        assert len(versions.events()) == 2

    def test_one_id_has_one_content(self, versions, store):
        versions.add_version("g1", "guards", b"one", **OPS)
        assert code_of(versions.add_version, "g1", "guards", b"two", **OPS) == "plan_exists"
        assert store.load_plan("g1") == b"one"

    def test_a_newer_version_is_named(self, versions, store):
        versions.add_version("g1", "guards", b"one", **OPS)
        versions.add_version("g2", "guards", b"two", seen_version=1, **OPS)
        versions.add_event("g2", "reviewed", expected_state="draft", **HEAD)
        with pytest.raises(DomainError) as caught:
            versions.add_version("g3", "guards", b"three", seen_version=1, **HEAD)
        assert caught.value.code == "newer_version"
        assert caught.value.where == {
            "plan": "g2",
            "version": 2,
            "person": "Kabag Ops",
            "at": NOON.isoformat(timespec="seconds"),
            "reason": "banjir",
        }
        assert store.plans()["id"].to_list() == ["g1", "g2"]
        beside = versions.add_version(
            "g3", "guards", b"three", seen_version=1, beside=True, base="g1", **HEAD
        )
        assert (beside.version, beside.base) == (3, "g1")

    def test_simulations_and_other_kinds_are_in_nobodys_way(self, versions):
        versions.add_version("g1", "guards", b"one", **OPS)
        versions.add_version("g2", "guards", b"two", state="simulation", **OPS)
        versions.add_version("s1", "standby", b"one", **OPS)
        versions.add_version("s2", "standby", b"two", **OPS)
        event = versions.add_version("g3", "guards", b"three", seen_version=1, **OPS)
        assert event.version == 3

    @pytest.mark.parametrize("state", ["reviewed", "approved", "superseded"])
    def test_nothing_is_born_approved(self, versions, state):
        with pytest.raises(ValueError, match=state):
            versions.add_version("g1", "guards", b"one", state=state, **OPS)

    def test_an_error_leaves_neither_plan_nor_event(self, versions, store, monkeypatch):
        def cut(*_):
            raise RuntimeError("power cut")

        monkeypatch.setattr(sql_versions, "_insert", cut)
        with pytest.raises(RuntimeError):
            versions.add_version("g1", "guards", b"one", **OPS)
        assert store.plans().is_empty()
        assert versions.events() == []

    def test_numbers_are_never_shared(self, opener):
        def save(number: int) -> list[tuple[int, int]]:
            mine, found = SqlVersions(opener(busy_timeout_s=30)), []
            for i in range(4):
                plan = f"g{number}-{i}"
                event = mine.add_version(plan, "guards", plan.encode(), **OPS)
                found.append((event.number, event.version))
            return found

        found = sorted(pair for mine in at_once(save, range(4)) for pair in mine)
        assert found == [(n, n) for n in range(1, 17)]

    def test_of_many_who_saw_the_same_version_one_saves(self, versions, opener):
        versions.add_version("g0", "guards", b"zero", **OPS)

        def save(number: int) -> str:
            mine = SqlVersions(opener(busy_timeout_s=30))
            try:
                mine.add_version(f"g{number + 1}", "guards", b"%d" % number, seen_version=1, **OPS)
            except DomainError as error:
                return error.code
            return "saved"

        assert sorted(at_once(save, range(4))) == ["newer_version"] * 3 + ["saved"]


class TestAddEvent:
    @pytest.fixture(autouse=True)
    def _plans(self, versions):
        for plan in ("g1", "g2"):
            versions.add_version(plan, "guards", plan.encode(), base="g0", **OPS)

    def approve(self, versions, plan):
        versions.add_event(plan, "reviewed", expected_state="draft", **OPS)
        return versions.add_event(plan, "approved", expected_state="reviewed", **HEAD)

    def test_the_event_is_of_its_plan(self, versions):
        event = self.approve(versions, "g2")
        born = versions.events("g2")[0]
        assert (event.version, event.kind, event.base, event.sha256) == (
            born.version,
            born.kind,
            born.base,
            born.sha256,
        )
        assert (event.person, event.reason) == ("Kapolres", "setuju")
        assert versions.events()[-1] == event

    def test_approving_supersedes_the_one_before(self, versions):
        self.approve(versions, "g1")
        self.approve(versions, "g2")
        assert states(versions) == {"g1": (1, "superseded"), "g2": (2, "approved")}
        superseded = versions.events("g1")[-1]
        assert (superseded.reason, superseded.person) == ("g2", "Kapolres")
        assert superseded.number == versions.events("g2")[-1].number - 1

    def test_plans_of_another_kind_stay_approved(self, versions):
        versions.add_version("s1", "standby", b"one", **OPS)
        self.approve(versions, "s1")
        self.approve(versions, "g1")
        assert states(versions)["s1"] == (1, "approved")

    def test_somebody_was_quicker(self, versions):
        self.approve(versions, "g1")
        with pytest.raises(DomainError) as caught:
            versions.add_event("g1", "draft", expected_state="reviewed", **OPS)
        assert caught.value.code == "state_changed"
        assert caught.value.where["state"] == "approved"
        assert caught.value.where["person"] == "Kapolres"
        assert states(versions)["g1"] == (1, "approved")

    def test_unknown_plan_names_those_there_are(self, versions):
        with pytest.raises(DomainError) as caught:
            versions.add_event("g9", "reviewed", expected_state="draft", **OPS)
        assert caught.value.code == "unknown_plan"
        assert "g1, g2" in caught.value.remedy.en
        assert versions.events("g9") == []

    def test_of_two_who_approve_the_same_plan_one_wins(self, versions, opener):
        versions.add_event("g1", "reviewed", expected_state="draft", **OPS)

        def approve(_: int) -> str:
            mine = SqlVersions(opener(busy_timeout_s=30))
            try:
                mine.add_event("g1", "approved", expected_state="reviewed", **HEAD)
            except DomainError as error:
                return error.code
            return "approved"

        assert sorted(at_once(approve, range(4))) == ["approved"] + ["state_changed"] * 3

    def test_of_two_plans_approved_at_once_one_stands(self, versions, opener):
        for plan in ("g1", "g2"):
            versions.add_event(plan, "reviewed", expected_state="draft", **OPS)

        def approve(number: int) -> None:
            mine = SqlVersions(opener(busy_timeout_s=30))
            mine.add_event(f"g{number}", "approved", expected_state="reviewed", **HEAD)

        at_once(approve, (1, 2))
        assert sorted(state for _, state in states(versions).values()) == [
            "approved",
            "superseded",
        ]


PLAN = st.sampled_from(["g1", "g2", "g3"])
STEP = st.one_of(
    st.tuples(st.just("save"), PLAN, st.sampled_from(["draft", "simulation"])),
    st.tuples(st.just("turn"), PLAN, st.tuples(*[st.sampled_from(STATES)] * 2)),
    st.tuples(st.just("command"), PLAN, st.none()),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=12))
def test_against_a_plain_model(database, steps):
    """Any order of saving and deciding: numbers grow, at most one plan is approved."""
    database = emptied(database)
    versions, store = SqlVersions(database), SqlStore(database)
    model: dict[str, tuple[int, str]] = {}
    for what, plan, how in steps:
        body = plan.encode()
        if what == "turn":
            state, expected = how
            if model.get(plan, (0, ""))[1] != expected:
                with pytest.raises(DomainError):
                    versions.add_event(plan, state, expected_state=expected, **OPS)
                continue
            versions.add_event(plan, state, expected_state=expected, **OPS)
            if state == "approved":
                for other, (number, was) in model.items():
                    model[other] = (number, "superseded" if was == "approved" else was)
            model[plan] = (model[plan][0], state)
            continue
        if what == "save":
            versions.add_version(plan, "guards", body, state=how, **OPS)
        else:
            store.save_plan(plan, "guards", body)
        model.setdefault(plan, (len(model) + 1, how or "draft"))
    assert states(versions) == model
    assert [e.number for e in versions.events()] == [n + 1 for n in range(len(versions.events()))]
    assert [s for _, s in model.values()].count("approved") <= 1
