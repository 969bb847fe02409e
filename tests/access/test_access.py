"""Functions, areas, fields and passwords, as the rules see them."""

from __future__ import annotations

import pytest

from sispamkota.access.fields import FIELDS, hidden, redact, redact_deep
from sispamkota.access.functions import agencies, check_holder, functions
from sispamkota.access.passwords import check_password
from sispamkota.access.rights import Right
from sispamkota.access.viewer import viewer_of
from sispamkota.kernel.errors import DomainError

KNOWN = ("160801", "160802")


def viewer(function, areas=()):
    return viewer_of("id", "name", "Person", function, areas)


def holders(right):
    return {name for name, one in functions().items() if right in one.rights}


class TestFunctions:
    @pytest.mark.parametrize(
        ("right", "who"),
        [
            (Right.PLAN_APPROVE, {"kapolres"}),
            (Right.PLAN_WRITE, {"kabag_ops"}),
            (Right.PLAN_REVIEW, {"kabag_ops"}),
            (Right.SETTINGS_WRITE, {"kabag_ops"}),
            (Right.IMPORT_WRITE, {"kabag_ops"}),
            (Right.ROSTER_WRITE, {"kabag_ops"}),
            (Right.ROSTER_READ, {"kapolres", "kabag_ops", "kasat_lantas"}),
            (Right.REASONS_READ, {"kapolres", "kabag_ops", "pamatwil"}),
            (Right.OVERRIDE_WRITE, {"kapolres", "kabag_ops"}),
            (Right.USER_MANAGE, {"administrator"}),
            (Right.AUDIT_READ, {"administrator", "kapolres"}),
            (Right.ROADS_CLOSE, {"kabag_ops", "kasat_lantas"}),
            (Right.TRAFFIC_WRITE, {"kabag_ops", "kasat_lantas"}),
            (
                Right.TRAFFIC_READ,
                {"kapolres", "kabag_ops", "kasat_lantas", "operator", "pamatwil", "padal"},
            ),
        ],
    )
    def test_who_holds_what_is_sensitive(self, right, who):
        assert holders(right) == who

    def test_the_administrator_sees_nothing_of_the_plan(self):
        assert functions()["administrator"].rights == {Right.USER_MANAGE, Right.AUDIT_READ}

    @pytest.mark.parametrize("function", ["kpu", "bawaslu"])
    def test_election_bodies_see_counts_and_no_class(self, function):
        rights = functions()[function].rights
        assert rights == {Right.OPERATION_READ, Right.TERRITORY_READ, Right.CHECK_READ}

    def test_nobody_both_writes_and_approves_plans(self):
        assert not holders(Right.PLAN_WRITE) & holders(Right.PLAN_APPROVE)

    def test_every_agency_and_function_has_both_names(self):
        texts = [*agencies().values(), *(one.name for one in functions().values())]
        assert all(text.id and text.en for text in texts)

    @pytest.mark.parametrize(
        ("function", "agency", "areas", "code"),
        [
            ("jenderal", "polri", (), "unknown_function"),
            ("kapolres", "kpu", (), "wrong_agency"),
            ("padal", "polri", (), "areas_needed"),
            ("padal", "polri", ("1608",), "unknown_area"),
            ("padal", "polri", ("160899",), "unknown_area"),
        ],
    )
    def test_what_does_not_go_together_is_refused(self, function, agency, areas, code):
        with pytest.raises(DomainError) as refused:
            check_holder(function, agency, areas, KNOWN)
        assert refused.value.code == code

    def test_what_goes_together_passes(self):
        check_holder("padal", "polri", ("160801", "160802"), KNOWN)
        check_holder("liaison", "tni", (), KNOWN)


class TestViewer:
    def test_an_unknown_function_has_no_right(self):
        assert viewer("removed").rights == frozenset()

    def test_without_areas_one_sees_the_regency(self):
        one = viewer("kabag_ops")
        assert one.covers("160801")
        assert one.covers(None)

    def test_with_areas_one_sees_these_alone(self):
        one = viewer("padal", ("160801",))
        assert one.covers("1608011007001")
        assert not one.covers("160802")
        assert not one.covers("1608")
        assert not one.covers("")
        assert not one.covers(None)

    def test_rows_of_other_areas_are_left_out(self):
        rows = [{"kecamatan": "160801"}, {"kecamatan": "160802"}, {"kecamatan": None}]
        assert viewer("padal", ("160801",)).rows(rows) == rows[:1]

    def test_refusals_are_named(self):
        one = viewer("padal", ("160801",))
        with pytest.raises(DomainError, match="may not") as refused:
            one.require(Right.PLAN_WRITE)
        assert refused.value.code == "forbidden"
        with pytest.raises(DomainError, match="outside") as refused:
            one.require_area("160802")
        assert refused.value.code == "outside_area"


class TestFields:
    @pytest.mark.parametrize(
        ("function", "closed"),
        [
            ("kabag_ops", set()),
            ("kpu", set(FIELDS["tps"])),
            ("padal", {n for n, r in FIELDS["tps"].items() if r is Right.REASONS_READ}),
        ],
    )
    def test_fields_of_a_tps(self, function, closed):
        assert hidden("tps", functions()[function].rights) == closed

    def test_a_row_loses_closed_fields_alone(self):
        row = {"code": "1", "class": "rawan", "score": 3.0}
        assert redact("tps", row, functions()["padal"].rights) == {"code": "1", "class": "rawan"}

    def test_people_leave_a_plan_at_any_depth(self):
        plan = {
            "teams_detail": [{"id": "t", "leader": "A", "members": ["A", "B"]}],
            "padal": [{"kecamatan": "160801", "person": "C"}],
            "spare_officers": ["D"],
        }
        shown = redact_deep("plan", plan, functions()["padal"].rights)
        assert shown == {"teams_detail": [{"id": "t"}], "padal": [{"kecamatan": "160801"}]}


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        ["", "short", "a" * 12, "abababababab", "katasandi2024!", "Password12345", "1" * 300,
         "qwertyuiop123456", "kabagops2024", "123456789012"],
    )  # fmt: skip
    def test_weak_ones_are_refused(self, password):
        with pytest.raises(DomainError) as refused:
            check_password(password, "kabagops")
        assert refused.value.code == "weak_password"

    @pytest.mark.parametrize("password", ["kuda baterai staples 7", "gunung biru pagi hari"])
    def test_long_ones_of_several_words_pass(self, password):
        check_password(password, "kabagops")
