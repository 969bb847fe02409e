"""Event files: what they may say, and one clear message for each slip."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.traffic.event_places import check_places
from sispamkota.traffic.event_reader import read_event, read_events
from sispamkota.traffic.events import KINDS, event_json
from sispamkota.traffic.rules import default_kinds

from .plan_cases import CONVOY, KPU, RALLY, at, town

TOML = b"""
[[events]]
id = "rapat-umum"
kind = "campaign_rally"
name = "Rapat umum Lapangan Merdeka"
starts_at = 2024-01-21T13:00:00
ends_at = "2024-01-21 16:00"
place = [104.62, -4.10]
crowd = 3000

[events.sttp]
number = "STTP/7/I/2024"
issued_on = 2024-01-18

[[events.groups]]
label = "Kelompok A"
size = 500
gathering = [104.60, -4.12]
"""

SIXTEEN_DIGITS = "160801" + "0101010001"  # as a NIK is built; nobody's


class TestReading:
    """Files that are right."""

    def test_json_one_list_or_wrapped_are_the_same(self):
        one = read_events("a.json", json.dumps(RALLY).encode())
        assert one == read_events("a.json", json.dumps([RALLY]).encode())
        assert one == read_events("a.json", json.dumps({"events": [RALLY]}).encode())

    def test_toml(self):
        (event,) = read_events("kegiatan.toml", TOML)
        assert event.starts_at == dt.datetime(2024, 1, 21, 6, 0, tzinfo=dt.UTC)
        assert event.sttp is not None
        assert event.sttp.issued_on == dt.date(2024, 1, 18)
        assert event.groups[0].label == "Kelompok A"

    def test_times_without_a_zone_are_wib(self):
        local = read_event(RALLY)
        zoned = read_event(RALLY | {"starts_at": "2024-01-21T06:00:00Z"})
        assert local.starts_at == zoned.starts_at == dt.datetime(2024, 1, 21, 6, tzinfo=dt.UTC)

    def test_clocks_as_people_write_them(self):
        for written in ("2024-01-21 9.00", "2024-01-21 9:00", "2024-01-21T09:00"):
            assert read_event(RALLY | {"starts_at": written}).starts_at.hour == 2

    def test_a_convoy_ends_where_its_route_ends(self):
        assert list(read_event(CONVOY).place) == CONVOY["route"][-1]

    def test_a_road_is_proposed_for_closure_unless_closures_are_named(self):
        assert read_event(RALLY).propose_closures
        assert not read_event(RALLY | {"closures": [{"way": 100}]}).propose_closures

    def test_every_kind_has_its_defaults(self):
        assert tuple(default_kinds()) == KINDS
        for kind in default_kinds().values():
            assert kind.assembly_min == 60  # 15.30 to 16.30 in the source
            assert min(kind.end_officers, kind.post_officers) >= 2  # never alone
            assert kind.closure_m <= kind.stretcher_m
            assert kind.name.id
            assert kind.name.en

    @given(
        crowd=st.integers(0, 10**6),
        low=st.integers(0, 10**6),
        label=st.sampled_from(["Kelompok A", "Rombongan Utara", "Gelombang 2"]),
        size=st.integers(0, 10**6),
        hours=st.floats(0.1, 700),
        kind=st.sampled_from(KINDS),
        closures=st.lists(
            st.sampled_from(
                [{"way": 7}, {"segments": [3, 1]}, {"road": "Jalan B2", "crowd": False},
                 {"line": [at(0, 0), at(1, 0)], "exempt": []},
                 {"area": [at(0, 0), at(1, 0), at(1, 1)]}]
            ),
            max_size=2, unique_by=str,
        ),
    )  # fmt: skip
    def test_what_is_written_is_read_back(self, crowd, low, label, size, hours, kind, closures):
        start = dt.datetime(2024, 1, 21, 6, tzinfo=dt.UTC)
        body = RALLY | {
            "kind": kind,
            "ends_at": (start + dt.timedelta(hours=hours)).isoformat(),
            "crowd": {"expected": max(crowd, low), "low": min(crowd, low)},
            "groups": [{"label": label, "size": size, "gathering": at(1, 1)}],
            "route": [at(0, 0), at(1, 1)],
            "closures": closures,
        }
        event = read_event(body)
        assert read_event(event_json(event)) == event
        assert read_events("x.json", json.dumps(event_json(event)).encode()) == (event,)


SLIPS = [
    ({"starts_at": "besok"}, "bad_field", "starts_at"),
    ({"ends_at": "2024-01-21 12:00"}, "bad_window", "ends_at"),
    ({"ends_at": "2024-04-21 12:00"}, "bad_window", "ends_at"),
    ({"setup_at": "2024-01-21 14:00"}, "bad_window", "setup_at"),
    ({"kind": "konser"}, "bad_field", "kind"),
    ({"id": "rapat umum!"}, "bad_field", "id"),
    ({"id": None}, "missing_field", "id"),
    ({"name": ""}, "missing_field", "name"),
    ({"place": [104.6]}, "bad_field", "place"),
    ({"place": [-4.1, 104.6]}, "bad_field", "place"),
    ({"place": None}, "missing_field", "place"),
    ({"crowd": -5}, "bad_field", "crowd"),
    ({"crowd": {"expected": 10, "low": 20}}, "bad_field", "crowd"),
    ({"vehicles": {"becak": 3}}, "bad_field", "vehicles"),
    ({"vehicles": {"car": -1}}, "bad_field", "vehicles"),
    ({"officers_min": 2.5}, "bad_field", "officers_min"),
    ({"sttp": "7/2024"}, "bad_field", "sttp"),
    ({"route": [[104.6, -4.1]]}, "bad_field", "route"),
    ({"partai": "X"}, "forbidden_field", "partai"),
    ({"pendukung": 3}, "forbidden_field", "pendukung"),
    ({"massa": 300}, "unknown_field", "massa"),
    ({"name": "Rapat umum Golkar"}, "partisan_label", "name"),
    ({"id": "rapat-golkar"}, "partisan_label", "id"),
    ({"sttp": {"number": "STTP/PDIP/1"}}, "partisan_label", "sttp.number"),
    ({"crowd": {"expected": 5, "source": "DPC Golkar"}}, "partisan_label", "crowd.source"),
    ({"note": "Hubungi " + SIXTEEN_DIGITS}, "personal_data", "note"),
    ({"place_name": "NIK" + SIXTEEN_DIGITS}, "personal_data", "place_name"),
    ({"groups": [{"label": "PDI Perjuangan", "gathering": at(1, 1)}]}, "partisan_label", "label"),
    ({"groups": [{"label": "Partai Buruh", "gathering": at(1, 1)}]}, "partisan_label", "label"),
    ({"groups": [{"label": "Nomor urut 2", "gathering": at(1, 1)}]}, "partisan_label", "label"),
    ({"groups": [{"label": "Kelompok A"}]}, "missing_field", "gathering"),
    ({"groups": [RALLY["groups"][0]] * 2}, "group_twice", "label"),
    ({"groups": ["Kelompok A"]}, "bad_field", "groups[0]"),
    ({"closures": [{}]}, "bad_field", "closures"),
    ({"closures": [{"way": 1, "road": "Jalan B2"}]}, "bad_field", "closures"),
    ({"closures": [{"way": 1, "profiles": []}]}, "bad_field", "profiles"),
    ({"closures": [{"way": 1, "direction": "left"}]}, "bad_field", "direction"),
    ({"closures": [{"way": 1, "ends": "2024-01-21 12:00"}]}, "bad_window", "ends"),
    ({"closures": [{"way": 1}, {"way": 1}]}, "event_overlaps_itself", "closures"),
    ({"closures": [{"segments": [1, 2]}, {"segments": [2]}]}, "event_overlaps_itself", "closures"),
]


class TestRefused:
    """Files with slips."""

    @pytest.mark.parametrize(("change", "code", "field"), SLIPS, ids=lambda v: str(v)[:40])
    def test_each_slip_has_one_clear_message(self, change, code, field):
        with pytest.raises(DomainError) as caught:
            read_event(RALLY | change)
        error = caught.value
        assert error.code == code
        assert error.where["field"] == field
        assert len(error.problems) == 1
        for text in (error.message, error.remedy):
            assert field in text.en or text is error.remedy
            assert text.id

    def test_all_slips_are_told_at_once(self):
        with pytest.raises(DomainError) as caught:
            read_event(RALLY | {"kind": "konser", "crowd": -1, "place": "di sini"})
        assert caught.value.code == "bad_event"
        assert {p.column for p in caught.value.problems} == {"kind", "crowd", "place"}

    def test_a_convoy_needs_a_route(self):
        with pytest.raises(DomainError) as caught:
            read_event(RALLY | {"kind": "logistics_convoy"})
        assert caught.value.code == "route_needed"

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "a.json"),
            (b"{", "a.json"),
            (b"[]", "a.json"),
            (b'{"id": NaN}', "a.json"),
            (b"\xff\xfe", "a.json"),
            (b"id = ", "a.toml"),
            (b"[1, 2]", "a.json"),
            (b"[" * 100_000, "a.json"),
        ],
    )
    def test_what_is_no_event_file(self, content, name):
        with pytest.raises(DomainError) as caught:
            read_events(name, content)
        assert caught.value.code == "bad_event_file"

    def test_an_event_that_overlaps_itself(self):
        later = RALLY | {"starts_at": "2024-01-21 15:00", "ends_at": "2024-01-21 18:00"}
        with pytest.raises(DomainError) as caught:
            read_events("a.json", json.dumps([RALLY, later]).encode())
        assert caught.value.code == "event_overlaps_itself"
        other_day = RALLY | {"starts_at": "2024-01-25 15:00", "ends_at": "2024-01-25 18:00"}
        with pytest.raises(DomainError) as caught:
            read_events("a.json", json.dumps([RALLY, other_day]).encode())
        assert caught.value.code == "event_twice"

    def test_a_party_is_not_repeated_in_the_message(self):
        with pytest.raises(DomainError) as caught:
            read_event(RALLY | {"groups": [{"label": "Golkar", "gathering": at(1, 1)}]})
        assert "golkar" not in str(caught.value.as_json()).lower()

    @given(st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from([*sorted(RALLY), "way", "label", "size"]), inner, max_size=5),
        max_leaves=12,
    ))  # fmt: skip
    def test_anything_else_is_refused_without_a_traceback(self, body):
        if not isinstance(body, dict):
            body = {"groups": body}
        try:
            read_event(RALLY | body)
        except DomainError as error:
            if not error.message.id or not error.remedy.en:
                raise


class TestPlaces:
    """Events on the roads."""

    def test_those_on_the_roads_pass(self):
        check_places(town(), [read_event(e) for e in (RALLY, CONVOY, KPU)])

    def test_a_place_in_a_lake(self):
        with pytest.raises(DomainError) as caught:
            check_places(town(), [read_event(RALLY | {"place": [104.3, -4.3]})])
        assert caught.value.code == "event_far_from_roads"
        assert caught.value.where["distance_m"] > 500
