"""Bad days: nothing is lost, and the screen says what happened."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

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
