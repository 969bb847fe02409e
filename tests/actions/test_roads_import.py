"""Importing roads: cut, judged, kept whole or not at all, taken back; and the dry run before it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sispamkota.actions.imports import Request, list_imports, undo_imports
from sispamkota.actions.roads_import import import_roads
from sispamkota.actions.roads_network import operation_bounds, road_base, with_margin
from sispamkota.actions.roads_preview import accept_any, looks_like_roads, preview_any
from sispamkota.kernel.errors import DomainError
from sispamkota.territory.frames import AREAS, POSTS

from .conftest import frame, record

NOW = dt.datetime(2024, 2, 10, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2024, 2, 1)
# A street along a parallel with a side street, about 11 km east of the operation nothing more.
WEST, STEP, LAT = 104.50, 0.005, -4.10


def quiet(_step: str, _part: float) -> None:
    pass


def road(points, **properties):
    return {
        "type": "Feature",
        "properties": {"highway": "secondary", **properties},
        "geometry": {"type": "LineString", "coordinates": points},
    }


def street(y=LAT, first=0, last=8, **properties):
    return road([[round(WEST + STEP * i, 5), y] for i in range(first, last + 1)], **properties)


def geojson(folder, *roads, name="jalan.geojson"):
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(roads)}))
    return file


def ask(path, **options):
    given = {"kind": "roads", "source": "uji", "as_of": DAY} | options
    return Request(path=path, **given)


@pytest.fixture
def placed(empty_workspace):
    """Two desa on the street, a post a kilometre off it."""
    areas = [
        {"code": "160801", "level": "kecamatan", "name": "A", "parent": "1608"},
        *(
            {"code": f"160801100{i}", "level": "desa_kelurahan", "name": f"Desa {i}",
             "parent": "160801", "lon": WEST + STEP * x, "lat": LAT}
            for i, x in ((1, 1), (2, 7))
        ),
    ]  # fmt: skip
    posts = [{"code": "p1", "name": "Pos", "kind": "polsek", "lon": WEST + STEP, "lat": LAT - 0.01}]
    empty_workspace.store.append_all(
        [("areas", frame(areas, AREAS), record("areas")), ("posts", frame(posts, POSTS), record())]
    )
    return empty_workspace


class TestImport:
    def test_what_was_kept_is_told_and_stands(self, placed, tmp_path):
        file = geojson(tmp_path, street(name="Jalan Raya"))
        told = []
        report = import_roads(placed, ask(file), NOW, lambda step, part: told.append(step))
        facts = report.as_json("id")["roads"]
        assert facts["segments"] >= 1
        assert facts["length_m"] == pytest.approx(8 * STEP * 111_195 * 0.9974, rel=0.01)
        assert told[0] == "read"
        assert told[-1] == "keep"
        base = road_base(placed)
        assert base.import_id == report.import_id == "roads-0003"
        assert not base.network.estimated
        assert base.warning is None
        assert "Jalan Raya" in base.network.names
        assert list_imports(placed)[0]["kind"] == "roads"

    def test_far_places_are_named_and_counted(self, placed, tmp_path):
        report = import_roads(placed, ask(geojson(tmp_path, street())), NOW, quiet)
        kinds = {k.kind: k for k in report.read.snapped}
        assert (kinds["desa"].count, kinds["desa"].far) == (2, 0)
        assert (kinds["post"].count, kinds["post"].far) == (1, 1)
        assert kinds["post"].farthest_m == pytest.approx(1112, abs=5)
        (row,) = kinds["post"].worst
        assert row["code"] == "p1"
        assert any("Pos (p1, 1.1" in w.id for w in report.warnings)

    def test_a_place_beside_a_piece_that_leads_nowhere_is_outside(self, placed, tmp_path):
        beside = street(LAT - 0.0101, 0, 2, name="Terputus")
        report = import_roads(placed, ask(geojson(tmp_path, street(), beside)), NOW, quiet)
        post = report.read.snapped[1]
        assert (post.outside, post.far) == (1, 1)
        assert any("tidak tersambung" in w.id for w in report.warnings)

    def test_roads_far_away_are_cut(self, placed, tmp_path):
        away = road([[106.0, -4.1], [106.1, -4.1]], name="Jauh")
        report = import_roads(placed, ask(geojson(tmp_path, street(), away)), NOW, quiet)
        assert "Jauh" not in road_base(placed).network.names
        assert report.read.clip == pytest.approx(operation_bounds(placed))

    def test_another_file_takes_its_place_and_undo_brings_it_back(self, placed, tmp_path):
        first = import_roads(placed, ask(geojson(tmp_path, street(name="Satu"))), NOW, quiet)
        second = import_roads(
            placed, ask(geojson(tmp_path, street(name="Dua"), name="b.geojson")), NOW, quiet
        )
        assert "Dua" in road_base(placed).network.names
        undo_imports(placed, [second.import_id], NOW)
        assert "Satu" in road_base(placed).network.names
        undo_imports(placed, [first.import_id], NOW)
        base = road_base(placed)
        assert base.network.estimated
        assert base.import_id is None
        assert "perkiraan" in base.warning.id

    def test_the_same_file_again_is_said(self, placed, tmp_path):
        file = geojson(tmp_path, street())
        import_roads(placed, ask(file), NOW, quiet)
        again = import_roads(placed, ask(file), NOW, quiet)
        assert any("roads-0003" in n.en for n in again.notes)

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.osm.pbf", b"\x00\x00\x00\x0d rubbish", "damaged_roads"),
            ("a.geojson", b'{"type": "FeatureCollection", "features": [', "damaged_roads"),
            ("a.xlsx", b"PK", "unknown_roads_format"),
        ],
    )
    def test_what_cannot_be_read_changes_nothing(self, placed, tmp_path, name, content, code):
        before = placed.store.imports()
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(DomainError) as caught:
            import_roads(placed, ask(file), NOW, quiet)
        assert caught.value.code == code
        assert placed.store.imports().equals(before)

    def test_roads_of_another_place_are_refused_by_name(self, placed, tmp_path):
        file = geojson(tmp_path, road([[1.5, 42.5], [1.6, 42.6]]))
        with pytest.raises(DomainError) as caught:
            import_roads(placed, ask(file), NOW, quiet)
        assert caught.value.code == "roads_outside"
        assert placed.store.current("roads").is_empty()

    @pytest.mark.parametrize(
        ("options", "code"),
        [({"source": "tim sukses paslon 1"}, "forbidden_source"), ({"limit_mb": 0}, "too_large")],
    )
    def test_what_is_refused_of_any_file(self, placed, tmp_path, options, code):
        with pytest.raises(DomainError) as caught:
            import_roads(placed, ask(geojson(tmp_path, street()), **options), NOW, quiet)
        assert caught.value.code == code

    def test_without_any_place_the_whole_file_is_taken(self, empty_workspace, tmp_path):
        report = import_roads(empty_workspace, ask(geojson(tmp_path, street())), NOW, quiet)
        assert report.read.clip is None
        assert any("whole file" in n.en for n in report.notes)
        assert not report.warnings


class TestStandIn:
    def test_lines_between_desa_are_marked_as_an_estimate(self, placed):
        base = road_base(placed)
        assert base.network.estimated
        assert base.network.segments == 1
        assert road_base(placed) is base

    def test_without_desa_there_is_none(self, empty_workspace):
        with pytest.raises(DomainError) as caught:
            road_base(empty_workspace)
        assert caught.value.code == "no_road_network"

    def test_a_margin_is_as_wide_at_any_latitude(self):
        west, south, east, north = with_margin((104.0, -60.0, 104.0, -60.0), 111.32)
        assert north - south == pytest.approx(2.0)
        assert east - west == pytest.approx(4.0, rel=0.01)


class TestPreview:
    def test_nothing_is_kept_and_the_same_bytes_are_accepted(self, placed, tmp_path):
        file = geojson(tmp_path, street(name="Jalan Raya"))
        shown = preview_any(placed, ask(file), quiet)
        body = shown.as_json("id")
        assert body["acceptable"]
        assert body["rows"] == {"roads": 1}
        assert body["roads"]["snapped"][1]["far"] == 1
        assert body["warnings"]
        assert placed.store.current("roads").is_empty()
        report = accept_any(placed, shown.request, shown.sha256, NOW, quiet)
        assert report.as_json()["imports"] == ["roads-0003"]

    def test_other_bytes_are_not_accepted(self, placed, tmp_path):
        file = geojson(tmp_path, street())
        shown = preview_any(placed, ask(file), quiet)
        geojson(tmp_path, street(name="Lain"))
        with pytest.raises(DomainError) as caught:
            accept_any(placed, shown.request, shown.sha256, NOW, quiet)
        assert caught.value.code == "file_changed"

    def test_a_damaged_file_is_a_problem_on_the_screen(self, placed, tmp_path):
        file = tmp_path / "a.osm.pbf"
        file.write_bytes(b"rubbish")
        shown = preview_any(placed, ask(file), quiet)
        assert not shown.acceptable
        assert shown.problems[0].code == "damaged_roads"

    def test_the_kind_is_recognised_by_name_or_shapes(self, placed, tmp_path):
        file = geojson(tmp_path, street())
        assert looks_like_roads(file)
        found = preview_any(placed, ask(file, kind=""), quiet)
        assert found.request.kind == "roads"
        table = tmp_path / "a.csv"
        table.write_text("kode_desa_kpu,nama_desa\n1608011001,Desa 1\n")
        other = preview_any(placed, ask(table, kind=""), quiet)
        assert other.request.kind == "areas"
        assert {k.kind: k.fit for k in other.kinds}["roads"] == 0
        assert other.roads is None
