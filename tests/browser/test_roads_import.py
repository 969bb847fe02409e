"""Roads by the import screen: what a file holds is read before it is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sispamkota.actions.roads import load_roads
from sispamkota.storage.workspace import open_workspace

from . import house, town
from .steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def given(page: Page, file: Path) -> None:
    """Hand a file to the import screen and have it checked."""
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()


def read_then_kept(page: Page) -> None:
    """See size, connections, places and what was counted; keep it then."""
    part = page.get_by_role("heading", name="Jaringan jalan dalam berkas ini")
    expect(part).to_be_visible(timeout=60_000)
    for table in ("Keterhubungan", "Tempat pada jalan"):
        rows = page.get_by_role("table", name=table).get_by_role("row")
        expect(rows.nth(1)).to_contain_text(re.compile(r"\d"))
    page.locator("summary", has_text="Dimuat, dibuang, dan diduga").click()
    counted = page.get_by_role("table", name="Dimuat, dibuang, dan diduga")
    expect(counted.get_by_role("row").first).to_be_visible()
    keep = page.get_by_role("button", name="Simpan ke ruang kerja")
    expect(keep).to_be_enabled()
    keep.click()
    kept = page.get_by_role("status").filter(has_text="Tersimpan dari")
    expect(kept).to_be_visible(timeout=60_000)


def imported(demo: Path) -> bool:
    with open_workspace(demo) as workspace:
        return not load_roads(workspace).estimated


def test_a_geojson_of_the_town(browser: Browser, demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "jalan-kota.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": town.roads(demo)}))
    with house.serving(demo) as base, house.visit(browser, base) as visit:
        sign_in(visit, "kabagops")
        visit.page.goto(f"{base}/app/#/import")
        given(visit.page, file)
        assert not imported(demo)
        read_then_kept(visit.page)
        assert imported(demo)
        assert not visit.complaints


@pytest.mark.data
def test_roads_of_another_town_are_refused_in_words(
    browser: Browser, demo: Path, data_dir: Path
) -> None:
    file = data_dir / "roads" / "balikpapan_kota_drive.graphml.gz"
    with house.serving(demo) as base, house.visit(browser, base) as visit:
        sign_in(visit, "kabagops")
        visit.page.goto(f"{base}/app/#/import")
        given(visit.page, file)
        verdict = visit.page.get_by_role("status").filter(has_text="Belum dapat disimpan")
        expect(verdict).to_be_visible(timeout=60_000)
        expect(visit.page.get_by_role("button", name="Simpan ke ruang kerja")).to_be_disabled()
        expect(visit.page.get_by_text("di luar").first).to_be_visible()
        assert not visit.complaints
        assert not imported(demo)
