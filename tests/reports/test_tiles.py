from __future__ import annotations

import datetime as dt
import gzip
import io
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import mapbox_vector_tile
import polars as pl
import pytest
from pmtiles.reader import MemorySource, Reader, all_tiles

from sispamkota.actions import tiles as maps
from sispamkota.actions.demo import make_demo
from sispamkota.actions.imports import Request, import_file
from sispamkota.kernel.errors import DomainError
from sispamkota.reports.mapsvg import map_svg
from sispamkota.reports.tiles import MAX_ZOOM, MIN_ZOOM, base_map
from sispamkota.storage.workspace import create_workspace

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
KECAMATAN = {"990101", "990102", "990103"}
LARGEST_SVG = 150_000
DESA = [f"9901{k:02}{1000 + d}" for k, n in ((1, 3), (2, 3), (3, 2)) for d in range(1, n + 1)]


def decoded(body):
    """Return zoom → layer → [properties with geometry type]."""
    found = {}
    for (zoom, _, _), tile in all_tiles(MemorySource(body)):
        for layer, content in mapbox_vector_tile.decode(gzip.decompress(tile)).items():
            for feature in content["features"]:
                kind = feature["geometry"]["type"]
                found.setdefault(zoom, {}).setdefault(layer, []).append(
                    feature["properties"] | {"type": kind}
                )
    return found


def codes(features):
    return {f["code"] for f in features}


class TestBaseMap:
    """Borders and names as vector tiles."""

    def test_every_area_and_label_is_in_the_tiles_of_every_zoom(self, situation):
        found = decoded(base_map(situation.areas, situation.boundaries))
        assert set(found) == set(range(MIN_ZOOM, MAX_ZOOM + 1))
        for layers in found.values():
            assert codes(layers["desa"]) == set(DESA)
            assert codes(layers["kecamatan"]) == KECAMATAN
            assert codes(layers["kabupaten"]) == {"9901"}
            assert codes(layers["label"]) == KECAMATAN | set(DESA)
        deepest = found[MAX_ZOOM]
        assert all(f["type"] == "Point" for f in deepest["label"])
        assert all("Polygon" in f["type"] for f in deepest["desa"])
        assert not any(f["approximate"] for f in deepest["desa"] + deepest["label"])
        names = dict(situation.areas.select("code", "name").iter_rows())
        assert {f["code"]: f["name"] for f in deepest["label"]} == {
            c: names[c] for c in KECAMATAN | set(DESA)
        }

    def test_desa_without_a_boundary_are_drawn_and_flagged(self, situation):
        some = situation.boundaries.head(3)
        deepest = decoded(base_map(situation.areas, some))[MAX_ZOOM]
        flags = {f["code"]: f["approximate"] for f in deepest["desa"]}
        assert flags.keys() == set(DESA)
        assert {c for c, rough in flags.items() if not rough} == set(some["code"])
        assert all(f["approximate"] for f in deepest["kabupaten"])

    def test_the_same_inputs_give_the_same_bytes(self, situation):
        assert base_map(situation.areas, situation.boundaries) == base_map(
            situation.areas.reverse(), situation.boundaries
        )

    def test_header_and_layers_are_described(self, situation):
        reader = Reader(MemorySource(base_map(situation.areas, situation.boundaries)))
        header = reader.header()
        assert (header["min_zoom"], header["max_zoom"]) == (MIN_ZOOM, MAX_ZOOM)
        assert header["min_lon_e7"] < header["center_lon_e7"] < header["max_lon_e7"]
        layers = {layer["id"] for layer in reader.metadata()["vector_layers"]}
        assert layers == {"desa", "kecamatan", "kabupaten", "label"}

    def test_without_places_there_is_no_map(self, situation):
        nowhere = situation.areas.with_columns(lon=None, lat=None).cast(
            dict(situation.areas.schema)
        )
        assert base_map(nowhere, situation.boundaries.clear()) is None


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with make_demo(tmp_path_factory.mktemp("demo") / "d", NOW) as made:
        yield made


class TestFileOfAWorkspace:
    """The base map is written once and again only when the areas change."""

    def test_cached_by_what_is_drawn(self, demo, data_dir):
        first = maps.base_map(demo)
        body, time = first.read_bytes(), first.stat().st_mtime_ns
        assert maps.base_map(demo) == first
        assert first.stat().st_mtime_ns == time
        first.unlink()
        assert maps.base_map(demo).read_bytes() == body
        request = Request(
            kind="boundaries",
            path=data_dir / "boundaries/okut_desa.geojson",
            as_of=dt.date(2025, 1, 1),
        )
        import_file(demo, request, NOW)
        second = maps.base_map(demo)
        assert second != first
        assert [f.name for f in demo.site.glob("*.pmtiles")] == [second.name]
        deepest = decoded(second.read_bytes())[MAX_ZOOM]
        assert len(codes(deepest["desa"])) == 312
        assert len(codes(deepest["label"])) == 332
        assert not any(f["approximate"] for f in deepest["desa"])

    def test_the_whole_regency_stays_small(self, demo):
        for classes in (True, False):
            assert len(maps.svg_map(demo, "id", classes=classes).encode()) < LARGEST_SVG

    def test_nothing_to_draw_is_told(self, tmp_path):
        day = dt.date(2024, 2, 14)
        with create_workspace(
            tmp_path / "w", name="uji", election="pemilu", voting_day=day
        ) as empty:
            for ask in (maps.base_map, lambda w: maps.svg_map(w, "id")):
                with pytest.raises(DomainError) as caught:
                    ask(empty)
                assert caught.value.code == "no_places"

    def test_an_unknown_kecamatan_is_told(self, demo):
        with pytest.raises(DomainError) as caught:
            maps.svg_map(demo, "en", kecamatan="160899")
        assert caught.value.code == "unknown_kecamatan"


class TestStaticMap:
    """The SVG stands alone, and holds no class for who may not see it."""

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_well_formed_and_self_contained(self, situation, lang):
        text = map_svg(situation, lang)
        root = ET.parse(io.StringIO(text)).getroot()
        assert root.tag.endswith("svg")
        assert not re.search(r"(href|src)=\"(?!#)", text)
        assert text.count("http") == 1
        assert situation.sample_label().in_(lang)[:8] in text

    def test_without_classes_no_trace_of_them(self, situation):
        text = map_svg(situation, "id", classes=False)
        drawn = text[text.index("</style>") :].lower()
        for word in ("rawan", "khusus", 'class="k', "dinilai"):
            assert word not in drawn
        assert text != map_svg(situation, "id")

    def test_one_kecamatan_names_its_desa_and_only_those(self, situation):
        text = map_svg(situation, "id", kecamatan="990101")
        assert DESA[0] in text
        assert DESA[-1] not in text
        assert map_svg(situation, "id", kecamatan="990199") is None

    def test_hostile_names_stay_text(self, situation):
        areas = situation.areas.with_columns(name=pl.lit('"><script>alert(1)</script>'))
        text = map_svg(replace(situation, areas=areas), "id", kecamatan="990101")
        assert "<script" not in text
        ET.fromstring(text)
