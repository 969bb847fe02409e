"""Events of traffic as the workspace keeps them: every version, the last one counts."""

from __future__ import annotations

import datetime as dt

import pytest

from sispamkota.actions.traffic_events import (
    active_events,
    add_event,
    add_events,
    kept_events,
    list_events,
    remove_event,
)
from sispamkota.kernel.errors import DomainError
from sispamkota.traffic.event_reader import read_event

from .road_world import NOW, add_places, at, bring_roads

BY = {"by": "AKP Contoh", "now": NOW}


def event(**options):
    return {
        "id": "kampanye-1",
        "kind": "campaign_rally",
        "name": "Rapat umum lapangan",
        "starts_at": "2024-02-10T09:00:00+07:00",
        "ends_at": "2024-02-10T12:00:00+07:00",
        "place": at(4),
    } | options


@pytest.fixture
def world(empty_workspace, tmp_path):
    add_places(empty_workspace)
    bring_roads(empty_workspace, tmp_path)
    return empty_workspace


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.remedy.id
    return caught.value.code


class TestEvents:
    def test_it_is_kept_as_written(self, world):
        kept, replaced = add_event(world, event(), **BY)
        assert not replaced
        assert active_events(world) == (kept.event,) == (read_event(event()),)
        (row,) = list_events(world)
        assert (row["id"], row["state"], row["person"]) == ("kampanye-1", "active", "AKP Contoh")

    def test_written_again_it_is_another_version(self, world):
        add_event(world, event(), **BY)
        _, replaced = add_event(world, event(name="Rapat umum stadion"), **BY)
        assert replaced
        assert [e.name for e in active_events(world)] == ["Rapat umum stadion"]
        assert world.store.history("traffic_events").height == 2

    def test_without_an_id_it_gets_one(self, world):
        kept, _ = add_event(world, {k: v for k, v in event().items() if k != "id"}, **BY)
        assert kept.event.id.startswith("e-")

    def test_withdrawn_it_is_planned_for_no_more_but_told(self, world):
        add_event(world, event(), **BY)
        remove_event(world, "kampanye-1", by="AKP B", now=NOW + dt.timedelta(hours=1))
        assert active_events(world) == ()
        assert list_events(world) == []
        (row,) = list_events(world, withdrawn=True)
        assert (row["state"], row["person"]) == ("withdrawn", "AKP B")
        assert refused(lambda: remove_event(world, "kampanye-1", **BY)) == "unknown_event"
        _, replaced = add_event(world, event(), **BY)
        assert not replaced
        assert len(active_events(world)) == 1

    def test_all_of_a_file_or_nothing(self, world):
        good, far = read_event(event()), read_event(event(id="jauh", place=[104.51, -4.19]))
        assert refused(lambda: add_events(world, [good, far], **BY)) == "event_far_from_roads"
        assert kept_events(world) == ()

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"ends_at": "2024-02-10T08:00:00+07:00"}, "bad_window"),
            ({"party": "x"}, "forbidden_field"),
            ({"kind": "pesta"}, "bad_field"),
            ({"place": [0.0, 0.0]}, "event_far_from_roads"),
        ],
    )
    def test_what_is_refused(self, world, change, code):
        assert refused(lambda: add_event(world, event(**change), **BY)) == code
        assert kept_events(world) == ()

    def test_nobody_writes_without_a_name(self, world):
        assert refused(lambda: add_event(world, event(), by=" ", now=NOW)) == "missing_name"
