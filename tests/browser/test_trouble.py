"""Bad input and bad days: nothing is lost, nothing runs, and the screen says what happened."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from sispamkota.actions.secrets import hash_password
from sispamkota.storage.accounts import Account
from sispamkota.storage.workspace import open_workspace

from . import house
from .steps import (
    PASSWORDS,
    TPS,
    ask,
    at_work,
    desk_of,
    open_sign_in,
    save_version,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECOND_TPS = "1608011007002"
IMG = "<img src=x onerror=\"window.ran='img'\">"
SCRIPT = "<script>window.ran='script'</script>"
WATCH = (
    "window.broken = [];"
    "addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective));"
)
MOST_MEMORY_MB = 400


def open_move(page: Page, tps: str) -> None:
    """Find a TPS in the list and open the form that moves it."""
    page.get_by_label("Cari ( / )").fill(tps)
    page.get_by_role("row").filter(has_text=tps).get_by_role("button").click()
    page.get_by_role("button", name="Pindahkan ke beat lain").click()


def leave_open(page: Page, tps: str) -> None:
    """Leave a TPS without its team, by hand."""
    open_move(page, tps)
    page.get_by_role("button", name="Biarkan tanpa tim").click()


def edits(page: Page, count: int) -> Locator:
    """Return the button that tells how many moves there are."""
    return page.get_by_role("button", name=re.compile(rf"^Suntingan {count}\b"))


def save_draft(page: Page, reason: str) -> None:
    """Fill in the dialog that saves a draft; what comes then is the caller's."""
    save = page.get_by_role("button", name="Simpan sebagai draf")
    expect(save).to_be_enabled()
    save.click()
    box = page.get_by_role("dialog")
    box.get_by_role("textbox").fill(reason)
    box.get_by_role("button", name="Simpan sebagai draf").click()


class TestSession:
    """A session that ends in the middle of the work."""

    @staticmethod
    def revoke_the_others(page: Page) -> None:
        for one in ask(page, "GET", "/api/sessions")["sessions"]:
            if not one["current"]:
                ask(page, "DELETE", f"/api/sessions/{one['id']}")

    @staticmethod
    def hold(page: Page, path: str) -> list[Route]:
        """Keep the next request of a path back: it comes into the list and waits there."""
        held: list[Route] = []

        def keep(route: Route) -> None:
            held.append(route)

        page.route(f"**{path}", keep, times=1)
        return held

    @staticmethod
    def sign_in_again(page: Page) -> None:
        again = page.get_by_role("dialog", name="Sesi berakhir")
        expect(again).to_be_visible()
        again.get_by_label("Kata sandi").fill(PASSWORDS["kabagops"])
        again.get_by_role("button", name="Masuk").click()
        expect(again).to_be_hidden()

    def test_moves_outlive_a_revoked_session_and_a_reload(
        self, browser: Browser, own_house: str
    ) -> None:
        with desk_of(browser, own_house) as first, desk_of(browser, own_house) as second:
            page = first.page
            # every answer is in before the session ends: only the next step meets the end
            with page.expect_response("**/check"):
                leave_open(page, TPS)
            with page.expect_response(f"**/api/tps/{SECOND_TPS}"):
                open_move(page, SECOND_TPS)
            self.revoke_the_others(second.page)
            page.get_by_role("button", name="Biarkan tanpa tim").click()
            self.sign_in_again(page)
            edits(page, 2).click()
            expect(page.get_by_role("button", name="Simpan sebagai draf")).to_be_enabled()
            page.once("dialog", lambda asked: asked.accept())  # the page warns of unsaved moves
            page.reload()
            edits(page, 2).click()
            save_draft(page, "Setelah sesi berakhir")
            expect(page.get_by_text("Setelah sesi berakhir")).to_be_visible()
            saved = ask(page, "GET", "/api/plans")["versions"][0]
            assert saved["reason"] == "Setelah sesi berakhir"
            assert ask(page, "GET", f"/api/plans/{saved['plan']}")["edited"]["ops"] == [
                {"op": "move_tps", "tps": one, "to": None} for one in (TPS, SECOND_TPS)
            ]

    def test_an_open_form_outlives_a_session_that_ends_under_it(
        self, browser: Browser, own_house: str
    ) -> None:
        with desk_of(browser, own_house) as first, desk_of(browser, own_house) as second:
            page = first.page
            held = self.hold(page, f"/api/tps/{SECOND_TPS}")
            with page.expect_request(f"**/api/tps/{SECOND_TPS}"):
                open_move(page, SECOND_TPS)
            self.revoke_the_others(second.page)
            held[0].continue_()  # what the panel reads is refused: the dialog opens over the form
            self.sign_in_again(page)
            page.get_by_role("button", name="Biarkan tanpa tim").click()
            edits(page, 1).click()
            expect(page.get_by_role("button", name="Simpan sebagai draf")).to_be_enabled()

    def test_a_refusal_that_comes_after_the_new_sign_in_asks_nobody(
        self, browser: Browser, own_house: str
    ) -> None:
        with desk_of(browser, own_house) as first, desk_of(browser, own_house) as second:
            page = first.page
            held = self.hold(page, f"/api/tps/{SECOND_TPS}")
            with page.expect_request(f"**/api/tps/{SECOND_TPS}"):
                open_move(page, SECOND_TPS)
            self.revoke_the_others(second.page)
            late = held[0].fetch()
            assert late.status == HTTPStatus.UNAUTHORIZED
            page.get_by_role("button", name="Biarkan tanpa tim").click()
            self.sign_in_again(page)
            with page.expect_response(lambda one: one.url.endswith(SECOND_TPS) and one.ok):
                held[0].fulfill(response=late)
            edits(page, 1).click()
            expect(page.get_by_role("button", name="Simpan sebagai draf")).to_be_enabled()
            expect(page.get_by_role("dialog")).to_have_count(0)

    def test_a_server_that_stops_and_comes_back(self, browser: Browser, demo: Path) -> None:
        with house.visit(browser, "") as visit:
            page = visit.page
            with house.serving(demo) as base:
                visit.base = base
                sign_in(visit, "kabagops")
                at_work(page)
            leave_open(page, TPS)
            edits(page, 1).click()
            note = page.get_by_role("alert")
            expect(note).to_contain_text("Server tidak dapat dihubungi")
            expect(note).to_contain_text("tidak hilang")
            with house.serving(demo, "--port", str(urlsplit(base).port)):
                note.get_by_role("button", name="Coba lagi").click()
                save_draft(page, "Setelah server kembali")
                expect(page.get_by_text("Setelah server kembali")).to_be_visible()


class TestTwoPlanners:
    """Two people change one plan: the second sees it and chooses."""

    @pytest.fixture
    def base(self, demo: Path) -> Iterator[str]:
        """A house with a second planner."""
        with open_workspace(demo) as workspace:
            workspace.accounts.add_account(
                Account(
                    id="planner-2",
                    name="wakil",
                    person="CONTOH Wakil Kabag Ops",
                    agency="polri",
                    function="kabag_ops",
                    areas=(),
                    password_hash=hash_password("contoh-wakil-kabag"),
                    created_at=dt.datetime(2024, 2, 1, tzinfo=dt.UTC),
                    created_by="test",
                )
            )
        with house.serving(demo) as address:
            yield address

    @pytest.fixture
    def second(self, browser: Browser, base: str) -> Iterator[Page]:
        """The second planner's window with one move, after the first has saved a version."""
        with house.visit(browser, base) as hers, desk_of(browser, base) as his:
            open_sign_in(hers)
            page = hers.page
            page.get_by_label("Nama pengguna").fill("wakil")
            page.get_by_label("Kata sandi").fill("contoh-wakil-kabag")
            page.get_by_role("button", name="Masuk", exact=True).click()
            at_work(page)
            leave_open(page, SECOND_TPS)
            edits(page, 1).click()
            save_version(his.page, TPS, "Yang pertama menyimpan")
            save_draft(page, "Yang kedua menyimpan")
            told = page.get_by_role("dialog", name="Sudah ada versi yang lebih baru")
            expect(told).to_contain_text("CONTOH Kabag Ops")
            expect(told).to_contain_text("Yang pertama menyimpan")
            expect(told).to_contain_text(re.compile(r"\d\d[.:]\d\d"))
            yield page

    def test_she_keeps_hers_beside_his(self, second: Page) -> None:
        second.get_by_role("button", name="Simpan milik saya").click()
        expect(second.get_by_role("dialog")).to_have_count(0)
        newest, former = ask(second, "GET", "/api/plans")["versions"][:2]
        assert newest["person"] == "CONTOH Wakil Kabag Ops"
        assert former["reason"] == "Yang pertama menyimpan"
        assert newest["base"] == former["base"]

    def test_she_replays_her_moves_on_his(self, second: Page) -> None:
        second.get_by_role("button", name="Ulangi pemindahan saya").click()
        expect(second.get_by_role("dialog")).to_have_count(0)
        expect(edits(second, 1)).to_be_visible()
        save_draft(second, "Di atas versi pertama")
        expect(second.get_by_text("Di atas versi pertama")).to_be_visible()
        newest, former = ask(second, "GET", "/api/plans")["versions"][:2]
        assert newest["base"] == former["plan"]
        assert set(newest["tps_uncovered"]) == set(former["tps_uncovered"])
        assert newest["tps_covered"] == former["tps_covered"] - 1


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


class TestWithoutWebGL:
    """A browser that cannot draw the map."""

    def test_a_still_map_and_the_lists(
        self, browser_without_webgl: Browser, shared_house: str
    ) -> None:
        with desk_of(browser_without_webgl, shared_house) as visit:
            page = visit.page
            expect(page.get_by_text("tidak menyediakan WebGL")).to_be_visible()
            drawn = page.get_by_role("img", name="Peta wilayah")
            expect(drawn).to_be_visible()
            page.wait_for_function("() => document.querySelector('.flat img').naturalWidth > 100")
            page.get_by_role("rowheader").get_by_role("button").first.click()
            expect(page.get_by_role("heading", name="Tim dan rute")).to_be_visible()
            assert not visit.foreign_requests()
            assert not [one for one in visit.complaints if "pageerror" in one]


class TestKeyboard:
    """The planning screen without a mouse."""

    def test_search_open_move_undo(self, browser: Browser, shared_house: str) -> None:
        with desk_of(browser, shared_house) as visit:
            page = visit.page
            page.keyboard.press("/")
            expect(page.get_by_label("Cari ( / )")).to_be_focused()
            page.keyboard.type("kota baru")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowUp")
            expect(page.locator("tr[aria-current=true]")).to_have_count(1)
            page.keyboard.press("Enter")
            expect(page.locator("[data-panel='3']")).to_be_focused()
            expect(page.get_by_role("heading", name="Tim dan rute")).to_be_visible()
            self.tab_to(page, "Pindahkan ke beat lain")
            page.keyboard.press("Enter")
            self.tab_to(page, "Biarkan tanpa tim")
            page.keyboard.press("Enter")
            expect(edits(page, 1)).to_be_visible()
            page.keyboard.press("Control+z")
            expect(edits(page, 0)).to_be_visible()
            page.keyboard.press("Control+Shift+z")
            expect(edits(page, 1)).to_be_visible()
            page.keyboard.press("Control+z")
            page.keyboard.press("?")
            expect(page.get_by_role("dialog", name="Papan ketik")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
            page.keyboard.press("Escape")
            expect(page.get_by_role("heading", name="Tim dan rute")).to_have_count(0)

    @staticmethod
    def tab_to(page: Page, name: str) -> None:
        wanted = page.get_by_role("button", name=name)
        for _ in range(60):
            page.keyboard.press("Tab")
            if wanted.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{name} cannot be reached by Tab")
