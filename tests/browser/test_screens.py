"""Every screen, light and dark, desk and phone, in both languages: as everybody may use it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from . import house
from .house import DESK, PHONE, Visit
from .steps import (
    KECAMATAN,
    TPS,
    button,
    open_sign_in,
    save_version,
    settled,
    sign_in,
    word,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNTRANSLATED = re.compile(r"\bundefined\b|\[object|\bNaN\b|\{\w+\}|\bnull\b")
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
WINDOWS = [
    pytest.param({"size": DESK, "dark": False, "lang": "id"}, id="desk-light-id"),
    pytest.param({"size": DESK, "dark": True, "lang": "en"}, id="desk-dark-en"),
    pytest.param({"size": PHONE, "dark": False, "lang": "en"}, id="phone-light-en"),
    pytest.param({"size": PHONE, "dark": True, "lang": "id"}, id="phone-dark-id"),
]
BAD_AREAS = (
    "kode_desa_kpu,nama_desa,kode_kec_kpu,nama_kec\n"
    "1608011007,DUSUN,160801,MARTAPURA\n"
    "16080110,PENDEK,160801,MARTAPURA\n"
    "1608011009,,160801,MARTAPURA\n"
    "1608011007,DUSUN LAGI,160801,MARTAPURA\n"
)


@pytest.fixture(scope="module")
def base(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[str]:
    """A house with two versions of the plan, the newer one breaking a rule."""
    folder = tmp_path_factory.mktemp("screens") / "demo"
    shutil.copytree(demo_template, folder)
    with house.serving(folder) as address:
        with house.visit(browser, address) as visit:
            sign_in(visit, "kabagops")
            save_version(visit.page, TPS, "Dibuat untuk dilihat bedanya")
        yield address


class Looks:
    """Looks at one screen after another and collects what is wrong with each."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.wrong: list[str] = []

    def at(self, screen: str) -> None:
        """Look at the screen as it stands now."""
        page = self.visit.page
        settled(page)
        found = house.axe_violations(page)
        lang = page.locator("html").get_attribute("lang")
        if lang != self.visit.lang:
            found.append(f"html lang is {lang}")
        if (over := page.evaluate(OVERFLOW)) > 0:
            found.append(f"{over} px wider than the window")
        if raw := UNTRANSLATED.findall(page.locator("body").inner_text()):
            found.append(f"raw text {raw}")
        self.wrong += [f"{screen}: {one}" for one in found]

    def end(self) -> None:
        """Fail with everything that was wrong."""
        wrong = self.wrong + self.visit.complaints + self.visit.foreign_requests()
        assert not wrong, "\n".join(wrong)


@pytest.fixture(params=WINDOWS)
def looks(request: pytest.FixtureRequest, browser: Browser, base: str) -> Iterator[Looks]:
    """A window in one size, theme and language."""
    with house.visit(browser, base, **request.param) as visit:
        yield Looks(visit)


def tab(visit: Visit, indonesian: str, english: str) -> None:
    """Show one part of the planning screen; a desk shows all of them at once."""
    if visit.page.viewport_size == PHONE:
        button(visit, indonesian, english).first.click()


def close(visit: Visit) -> None:
    visit.page.get_by_role("dialog").get_by_role(
        "button", name=word(visit, "Tutup", "Close"), exact=True
    ).click()


class TestPlanning:
    """The planning screen with each of its panels."""

    def test_the_planning_screen(self, looks: Looks) -> None:
        visit, page = looks.visit, looks.visit.page
        open_sign_in(visit)
        expect(button(visit, "Masuk sebagai", "Sign in as").first).to_be_visible()
        looks.at("sign-in")
        sign_in(visit, "kabagops")
        expect(page.locator("[data-map=ready]")).to_be_visible()
        looks.at("map")
        tab(visit, "Daftar", "List")
        expect(page.get_by_role("row").nth(5)).to_be_visible()
        looks.at("list")
        page.goto(f"{visit.base}/app/#/plan/kecamatan/{KECAMATAN}")
        tab(visit, "Rincian", "Details")
        expect(page.get_by_role("heading", name="Martapura", exact=False).first).to_be_visible()
        looks.at("kecamatan")
        page.goto(f"{visit.base}/app/#/plan/tps/{TPS}")
        reasons = word(visit, "Penyebab dan sumbangannya", "Reasons and what they add")
        expect(page.get_by_role("heading", name=reasons)).to_be_visible()
        looks.at("TPS")
        looks.end()

    def test_the_tools_of_the_plan(self, looks: Looks) -> None:
        visit, page = looks.visit, looks.visit.page
        sign_in(visit, "kabagops")
        page.goto(f"{visit.base}/app/#/plan/tps/1608011007002")
        tab(visit, "Rincian", "Details")
        button(visit, "Pindahkan ke beat lain", "Move to another beat").click()
        looks.at("move a TPS")
        button(visit, "Biarkan tanpa tim", "Leave without team").click()
        button(visit, "Suntingan", "Edits").click()
        expect(button(visit, "Simpan sebagai draf", "Save as draft")).to_be_enabled()
        looks.at("edits")
        button(visit, "Simpan sebagai draf", "Save as draft").click()
        looks.at("save")
        close(visit)
        button(visit, "Batalkan semua pemindahan", "Drop all moves").click()
        button(visit, "Bagaimana jika", "What if").click()
        looks.at("what if")
        button(visit, "Rencana baru", "New plan").click()
        looks.at("new plan")
        button(visit, "Versi", "Versions").click()
        looks.at("versions")
        button(visit, "Bandingkan dengan", "Compare with").first.click()
        expect(button(visit, "Tutup perbandingan", "Close the comparison")).to_be_visible()
        looks.at("differences")
        button(visit, "Dokumen", "Documents").click()
        looks.at("documents")
        close(visit)
        button(visit, "Bantuan papan ketik", "Keyboard help").click()
        looks.at("help")
        close(visit)
        looks.end()


class TestOffice:
    """Imports, reconciliation, personnel, users, account and audit."""

    def test_the_screens_of_the_data(self, looks: Looks, tmp_path: Path) -> None:
        visit, page = looks.visit, looks.visit.page
        sign_in(visit, "kabagops")
        page.goto(f"{visit.base}/app/#/import")
        bad = tmp_path / "wilayah.csv"
        bad.write_text(BAD_AREAS, encoding="utf-8")
        page.locator("input[type=file]").set_input_files(bad)
        button(visit, "Periksa berkas", "Check the file").click()
        problems = word(visit, "Masalah", "Problems")
        expect(page.get_by_role("heading", name=problems, exact=True)).to_be_visible()
        looks.at("import")
        for path in ("check", "roster", "account"):
            page.goto(f"{visit.base}/app/#/{path}")
            expect(page.get_by_role("table").first).to_be_visible()
            looks.at(path)
            if path == "roster":
                page.get_by_role("button", name=re.compile(r"^(Ubah|Change|Edit)")).first.click()
                looks.at("roster, one person")
                page.keyboard.press("Escape")
        looks.end()

    def test_the_screens_of_the_administrator(self, looks: Looks) -> None:
        visit, page = looks.visit, looks.visit.page
        sign_in(visit, "administrator")
        for path in ("users", "audit"):
            page.goto(f"{visit.base}/app/#/{path}")
            expect(page.get_by_role("table").first).to_be_visible()
            looks.at(path)
        looks.end()


class TestPublic:
    """The page for everybody."""

    def test_the_public_page(self, looks: Looks) -> None:
        visit = looks.visit
        for query in ("", "?q=kota", "?q=tidak-ada"):
            visit.go(f"{word(visit, '/', '/en')}{query}")
            looks.at(f"public page {query}")
        looks.end()
