from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import shapely

from sispamkota.kernel.text import LANGS
from sispamkota.reports.mapdraw import desa_fill, spread, symbol
from sispamkota.reports.page import page_html
from sispamkota.reports.shapes import make_shapes

VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """Checks nesting and collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text += data

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module", params=LANGS)
def page(request, situation):
    text = page_html(situation, request.param)
    return request.param, text, Page(text)


class TestPage:
    """One file that anyone can open, print and read aloud, and that nothing can inject into."""

    def test_has_language_title_landmarks_and_skip_link(self, page):
        lang, text, read = page
        assert text.startswith("<!DOCTYPE html>")
        assert read.open == []
        assert read.all("html") == [{"lang": lang}]
        assert len(read.all("title")) >= 1
        assert len(read.all("main")) == len(read.all("header")) == len(read.all("footer")) == 1
        assert {"href": "#isi", "class": "lompat"} in read.all("a")

    def test_asks_nothing_of_the_network_and_runs_nothing(self, page):
        _, text, read = page
        assert not read.all("script")
        assert not read.all("img")
        assert not read.all("iframe")
        assert not re.search(r"(?:src|href)=\"(?!#|data:)", text)
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)
        assert not any(key.startswith("on") for _, attrs in read.tags for key in attrs)

    def test_input_text_stays_text(self, page):
        _, text, read = page
        assert "<script>" not in text
        assert "alert(1)" in read.text
        assert "Operasi <Uji> & Coba" in read.text

    def test_tables_have_caption_and_scope_and_ids_are_unique(self, page):
        _, _, read = page
        assert len(read.all("caption")) == len(read.all("table")) > 5
        assert all(h.get("scope") in {"col", "row"} for h in read.all("th"))
        ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        used = {a["href"][1:] for a in read.all("use")}
        assert used <= set(ids)
        assert all(s.get("role") == "img" or s.get("aria-hidden") for s in read.all("svg"))

    def test_every_tps_and_desa_is_on_the_map_with_a_name(self, page, situation):
        _, text, _ = page
        for code in situation.tps["code"]:
            assert f"({code})" in text
        for code in situation.scores["desa"].unique():
            assert f"({code})" in text

    def test_says_contoh_approximate_and_certificate(self, page):
        lang, _, read = page
        assert read.text.count("CONTOH") >= 3
        words = {
            "id": (
                "perkiraan di dalam desanya",
                "terbukti tidak ada rencana di bawah 12.000",
                "2,8 %",
            ),
            "en": ("approximate places inside", "no plan is below 12,000", "2.8 %"),
        }[lang]
        assert all(word in read.text for word in words)
        assert ("Wilayah perkiraan" in read.text) is False

    def test_shows_gap_with_its_sign_and_mismatch_with_difference(self, page):
        _, _, read = page
        assert "+2" in read.text
        assert "−15" in read.text

    def test_real_data_carries_no_contoh_and_a_bare_workspace_still_has_a_page(self, bare):
        read = Page(page_html(bare, "id"))
        assert "CONTOH" not in read.text
        assert "Wilayah perkiraan" in read.text
        assert "Belum ada rencana" in read.text

    def test_no_position_no_map(self, bare):
        areas = bare.areas.with_columns(lon=None, lat=None)
        nowhere = replace(bare, areas=areas.cast(bare.areas.schema))
        assert "Belum ada posisi desa" in page_html(nowhere, "id")

    def test_same_input_same_page(self, situation):
        assert page_html(situation, "id") == page_html(situation, "id")


class TestShapes:
    """Approximate areas are honest: one per desa, apart from each other, round their point."""

    def test_without_boundaries_each_desa_has_an_area_of_its_own(self, bare):
        shapes = make_shapes(bare)
        assert shapes is not None
        assert shapes.approximate
        assert len(shapes.desa) == 8
        parts = list(shapes.desa.values())
        overlap = sum(p.area for p in parts) - shapely.union_all(parts).area
        assert overlap < 0.01 * sum(p.area for p in parts)

    def test_with_boundaries_they_are_drawn(self, situation):
        shapes = make_shapes(situation)
        assert shapes is not None
        assert not shapes.approximate
        assert set(shapes.kecamatan) == {"990101", "990102", "990103"}


def test_a_desa_takes_its_most_severe_class():
    row = {"tps": 5, "unknown": 1, "uncertain": 2, "kurang_rawan": 4, "rawan": 1, "sangat_rawan": 0}
    assert desa_fill(row) == "k2"
    assert desa_fill({**row, "sangat_rawan": 1}) == "k3"
    assert desa_fill({**row, "uncertain": 3}) == "k2 m"
    assert desa_fill({**row, "unknown": 5}) == "k0"
    assert desa_fill(None) == "k0"


def test_classes_differ_by_shape():
    kinds = ("kurang_rawan", "rawan", "sangat_rawan", "khusus")
    assert len({symbol(kind, 0, 0) for kind in kinds}) == 4


def test_labels_do_not_lie_on_each_other():
    placed = spread([(0, 0, "AAAA"), (1, 1, "BBBB"), (2, 2, "CCCC"), (500, 0, "D")])
    heights = sorted(y for x, y, _ in placed if x < 100)
    assert all(b - a >= 12 for a, b in pairwise(heights))
