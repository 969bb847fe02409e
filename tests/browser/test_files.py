"""Bad files and hostile cells: refused in words, nothing runs, memory stays small."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from . import house
from .steps import (
    TPS,
    ask,
    desk_of,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IMG = "<img src=x onerror=\"window.ran='img'\">"
SCRIPT = "<script>window.ran='script'</script>"
WATCH = (
    "window.broken = [];"
    "addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective));"
)
MOST_MEMORY_MB = 400


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    """Write an XLSX of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def inspect(page: Page, path: Path, kind: str = "") -> None:
    """Hand a file to the import screen and have it checked."""
    page.locator("input[type=file]").set_input_files(path)
    if kind:
        page.get_by_label("Jenis data").first.select_option(kind)
    page.get_by_role("button", name="Periksa berkas").click()


def bring(page: Page, path: Path, kind: str, shown: str) -> None:
    """Import a file by hand, and see a text of it in the preview first."""
    inspect(page, path, kind)
    keep = page.get_by_role("button", name="Simpan ke ruang kerja")
    expect(keep).to_be_enabled()
    expect(page.get_by_text(shown).first).to_be_attached()  # inside what one may open
    keep.click()
    expect(page.get_by_role("status").filter(has_text="Tersimpan dari")).to_be_visible()


class TestScriptInNames:
    """Names that hold markup are text wherever they stand."""

    def test_nothing_runs(self, browser: Browser, own_house: str, tmp_path: Path) -> None:
        areas = workbook(
            tmp_path / "wilayah.xlsx",
            ("kode_desa_kpu", "nama_desa", "kode_kec_kpu", "nama_kec"),
            ("1608011007", IMG, "160801", SCRIPT),
        )
        posts = workbook(
            tmp_path / "pos.xlsx",
            ("nama", "jenis", "kode_kec_kpu", "bujur", "lintang"),
            (f"Polsek {IMG}", "polsek", "160801", 104.35, -4.3),
        )
        with house.visit(browser, own_house) as visit:
            page, asked = visit.page, list[str]()
            visit.context.add_init_script(WATCH)

            def dialog(shown: Dialog) -> None:
                asked.append(shown.message)
                shown.dismiss()

            page.on("dialog", dialog)
            sign_in(visit, "kabagops")
            page.goto(f"{own_house}/app/#/import")
            bring(page, areas, "areas", IMG)
            bring(page, posts, "posts", f"Polsek {IMG}")
            visit.go("/app/#/plan/tps/" + TPS)
            page.reload()
            expect(page.get_by_role("heading", name=f"TPS 001 {IMG}")).to_be_visible()
            expect(page.get_by_text(f"Kecamatan {SCRIPT}").first).to_be_visible()
            page.get_by_label("Cari ( / )").fill("onerror")
            expect(page.get_by_role("rowheader", name=IMG, exact=False).first).to_be_visible()
            for one in ("Pos", "Desa", "Kecamatan"):
                page.get_by_role("group", name="Daftar").get_by_role(
                    "button", name=one, exact=True
                ).click()
                page.get_by_label("Cari ( / )").fill("window.ran")
                expect(page.get_by_role("row").filter(has_text="window.ran").first).to_be_visible()
            self.nothing_ran(page)
            visit.go("/?q=onerror")
            expect(page.get_by_text(IMG).first).to_be_visible()
            self.nothing_ran(page)
            visit.go(f"/?q={SCRIPT}")
            expect(page.get_by_label("Nama desa atau kelurahan")).to_have_value(SCRIPT)
            self.nothing_ran(page)
            assert not asked
            assert not visit.complaints
            assert not visit.foreign_requests()

    @staticmethod
    def nothing_ran(page: Page) -> None:
        assert page.evaluate("window.ran") is None
        assert page.evaluate("window.broken") == []
        assert page.locator("img[src=x]").count() == 0


def rubbish(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 400)


def huge(path: Path) -> None:
    with path.open("wb") as out:
        out.truncate(100_000_000)


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/workbook.xml", b"0" * 30_000_000)


def formulas(path: Path) -> None:
    rows = [("kode", "nama"), *((f"1608{n:02}", '=REPT("A",1000000)') for n in range(1, 21))]
    workbook(path, *rows)


BAD_FILES = {
    "random bytes": (rubbish, "damaged_file"),
    "100 MB": (huge, "too_large"),
    "zip bomb": (zip_bomb, "zip_bomb"),
}


def peak_memory_mb(workspace: str) -> float:
    """Return the largest memory that the server of a workspace ever held."""
    peaks = [
        int(re.findall(r"VmHWM:\s+(\d+)", (process / "status").read_text())[0]) / 1024
        for process in Path("/proc").glob("[0-9]*")
        if workspace in _words_of(process) and "serve" in _words_of(process)
    ]
    assert peaks
    return max(peaks)


def _words_of(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_text().split("\0")
    except OSError:
        return []


class TestBadFiles:
    """Files that are no lists at all."""

    def test_each_is_refused_in_words(self, browser: Browser, demo: Path, tmp_path: Path) -> None:
        with house.serving(demo) as base, desk_of(browser, base) as visit:
            page = visit.page
            before = ask(page, "GET", "/api/imports")
            page.goto(f"{base}/app/#/import")
            for make, code in BAD_FILES.values():
                path = tmp_path / f"{code}.xlsx"
                make(path)
                inspect(page, path)
                note = page.locator(f"[role=alert][data-code={code}]")
                expect(note).to_be_visible()
                expect(note).to_contain_text("Yang dapat dilakukan")
                expect(page.get_by_role("button", name="Simpan ke ruang kerja")).to_have_count(0)
            formulas(tmp_path / "rumus.xlsx")
            inspect(page, tmp_path / "rumus.xlsx", "areas")
            expect(page.get_by_role("heading", name="Masalah", exact=True)).to_be_visible()
            expect(page.get_by_role("button", name="Simpan ke ruang kerja")).to_be_disabled()
            expect(page.get_by_text("rumus").first).to_be_visible()
            assert ask(page, "GET", "/api/imports") == before
            assert peak_memory_mb(str(demo)) < MOST_MEMORY_MB
