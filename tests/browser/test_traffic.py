"""Closing roads in the house, by mouse and by form, and what the way from A to B makes of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from . import house, town
from .house import PHONE, Visit
from .steps import ask, button, settled, sign_in, word

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
DRAWN = """(role) => window.__map?.getStyle().layers.some(({id}) => id === `ov-${role}-line`)
    && window.__map.queryRenderedFeatures({layers: [`ov-${role}-line`]}).length > 0"""


@pytest.fixture(scope="module")
def roads_house(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[float]]]:
    """A house with streets, and the south-west corner of them."""
    folder = tmp_path_factory.mktemp("traffic")
    workspace = Path(shutil.copytree(demo_template, folder / "demo"))
    town.give_roads(workspace, folder)
    with house.serving(workspace) as base:
        yield base, town.centre(workspace)


def at(corner: list[float], column: float, row: float) -> list[float]:
    return [round(corner[i] + town.BLOCK_DEG * (column, row)[i], 5) for i in (0, 1)]


def open_traffic(visit: Visit, path: str = "closures") -> None:
    visit.go(f"/app/#/traffic/{path}")
    settled(visit.page)


def look_at(page: Page, place: list[float], zoom: float = 14.5) -> None:
    """Bring a place of the map into the middle."""
    page.locator("[data-map=ready]").wait_for()
    page.evaluate("([at, zoom]) => window.__map.jumpTo({center: at, zoom})", [place, zoom])
    page.wait_for_function("() => window.__map.loaded() && !window.__map.isMoving()")


def click_map(page: Page, place: list[float], times: int = 1) -> None:
    """Press the map where a place lies."""
    x, y = page.evaluate(
        """(at) => { const {x, y} = window.__map.project(at);
            const box = window.__map.getCanvas().getBoundingClientRect();
            return [box.left + x, box.top + y]; }""",
        place,
    )
    page.mouse.click(x, y, click_count=times)


def rows(visit: Visit) -> Locator:
    name = word(visit, "Penutupan", "Closures")
    return visit.page.get_by_role("list", name=name, exact=True).get_by_role("listitem")


def fill_reason(visit: Visit, text: str) -> None:
    visit.page.get_by_label(word(visit, "Alasan (tercatat", "Reason (recorded")).fill(text)


def see_and_close(visit: Visit) -> None:
    """Look at the effect, then close."""
    effect = visit.page.get_by_role(
        "group", name=word(visit, "Akibat penutupan", "What the closure does")
    )
    button(visit, "Lihat akibatnya", "See what it does").click()
    expect(effect).to_be_visible()
    expect(effect).to_be_focused()
    button(visit, "Tutup sekarang", "Close it").click()


def choose_place(visit: Visit, label: str, text: str) -> None:
    box = visit.page.get_by_role("combobox", name=label, exact=True)
    box.fill(text)
    found = visit.page.get_by_role("listbox", name=label)
    expect(found.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(found).to_be_hidden()


def travel_s(visit: Visit, start: list[float], end: list[float]) -> float:
    """Ask the server how long it takes."""
    places = [f"{lon},{lat}" for lon, lat in (start, end)]
    found: Any = ask(visit.page, "GET", f"/api/roads/route?from={places[0]}&to={places[1]}")
    return float(found["routes"][0]["travel_s"])


def fine(visit: Visit) -> list[str]:
    """Return what is wrong with the screen as it stands."""
    settled(visit.page)
    found = house.axe_violations(visit.page)
    if (over := visit.page.evaluate(OVERFLOW)) > 0:
        found.append(f"{over} px wider than the window")
    return found


def test_a_road_is_closed_by_mouse_changes_the_route_and_is_opened_by_undo(
    browser: Browser, roads_house: tuple[str, list[float]]
) -> None:
    base, corner = roads_house
    start, end, between = at(corner, 0.5, 0), at(corner, 3.5, 0), at(corner, 1.5, 0)
    with house.visit(browser, base) as visit:
        page = visit.page
        sign_in(visit, "kabagops")
        open_traffic(visit)
        before = travel_s(visit, start, end)
        page.get_by_role("link", name="Tutup jalan…").click()
        look_at(page, between)
        page.get_by_role("button", name="Pilih di peta", exact=True).click()
        click_map(page, between)
        expect(page.get_by_text(re.compile("1 jalan dipilih"))).to_be_visible()
        page.keyboard.press("Escape")
        pieces = page.get_by_role("list", name="Jalan yang dipilih")
        expect(pieces.get_by_role("listitem")).to_have_count(1)
        expect(pieces).to_contain_text(town.MAIN_STREET)
        fill_reason(visit, "Pawai")
        assert fine(visit) == []
        see_and_close(visit)
        said = page.get_by_role("status").filter(has_text=town.MAIN_STREET)
        expect(said).to_contain_text(re.compile(r"ditutup\. Jaringan v\d+"))
        expect(rows(visit).filter(has_text="Pawai")).to_contain_text("berlaku")
        page.wait_for_function(DRAWN, arg="closures-closed")
        assert travel_s(visit, start, end) > before
        assert fine(visit) == []
        page.get_by_role("button", name="Urungkan").click()
        expect(page.get_by_role("status").filter(has_text="dibuka kembali")).to_be_visible()
        assert travel_s(visit, start, end) == before
        assert visit.foreign_requests() == []
        assert visit.complaints == []


def test_a_road_is_closed_wholly_by_keys_and_form_and_the_route_tool_tells_the_difference(
    browser: Browser, roads_house: tuple[str, list[float]]
) -> None:
    base, corner = roads_house
    with house.visit(browser, base, lang="en", dark=True) as visit:
        page = visit.page
        sign_in(visit, "kabagops")
        open_traffic(visit, "closures/new")
        page.get_by_role("radio", name="Name of a road").check()
        choose_place(visit, "Name of the road", "merdeka")
        expect(page.get_by_role("combobox", name="Name of the road")).to_have_value(
            town.MAIN_STREET
        )
        button(visit, "Lihat", "See what it does").click()
        expect(page.get_by_role("alert").filter(has_text="Write the reason")).to_be_visible()
        fill_reason(visit, "Night market")
        page.get_by_label("Begins (WIB)").fill("2024-01-20T07:00")
        page.get_by_label("Ends (WIB)").fill("2099-01-20T17:30")
        page.get_by_label("Reason for the public page").fill("Market")
        see_and_close(visit)
        row = rows(visit).filter(has_text="Night market")
        expect(row).to_contain_text(re.compile(r"20 Jan 2024 07\.00 WIB – 20 Jan 2099 17\.30 WIB"))
        expect(row).to_contain_text("in force")
        # the way round
        open_traffic(visit, "roads/route")
        for label, place in (("From", at(corner, 0, 0.5)), ("To", at(corner, 4, 0.5))):
            choose_place(visit, label, f"{place[0]}, {place[1]}")
        page.get_by_role("button", name="Find the route").click()
        expect(page.get_by_role("list", name="Directions")).to_be_visible()
        expect(page.get_by_text(re.compile(r"Without closures: .*Closures add"))).to_be_visible()
        page.wait_for_function(DRAWN, arg="tools-route")
        assert fine(visit) == []
        # opened again, with a reason
        open_traffic(visit)
        rows(visit).filter(has_text="Night market").get_by_role("link").click()
        button(visit, "Buka kembali", "Open again").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason for opening again").fill("Over")
        dialog.get_by_role("button", name="Open again", exact=True).click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("status").filter(has_text="is open again")).to_be_visible()
        assert visit.complaints == []


def test_an_area_is_drawn_its_corners_taken_back_and_the_other_tools_answer(
    browser: Browser, roads_house: tuple[str, list[float]]
) -> None:
    base, corner = roads_house
    with house.visit(browser, base) as visit:
        page = visit.page
        sign_in(visit, "kabagops")
        open_traffic(visit, "closures/new")
        page.get_by_role("radio", name="Wilayah, banjir").check()
        look_at(page, at(corner, 3, 3), 13.5)
        page.get_by_role("button", name="Gambar di peta").click()
        for column, row in ((2.5, 2.5), (3.5, 2.5), (6.5, 6.5)):
            click_map(page, at(corner, column, row))
            page.wait_for_timeout(400)  # two presses at once would be a double one
        expect(page.get_by_text("3 titik")).to_be_visible()
        page.keyboard.press("Backspace")
        expect(page.get_by_text("2 titik")).to_be_visible()
        click_map(page, at(corner, 3.5, 3.5))
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Gambar ulang")).to_be_focused()
        page.get_by_role("checkbox", name="Banjir").check()
        fill_reason(visit, "Sungai meluap")
        see_and_close(visit)
        expect(rows(visit).filter(has_text="Sungai meluap")).to_contain_text("berlaku")
        page.get_by_role("button", name="Urungkan").click()
        expect(page.get_by_role("status").filter(has_text="dibuka kembali")).to_be_visible()
        for tool, press, table in (
            ("reach", "Hitung jangkauan", "Jangkauan"),
            ("nearest", "Cari pos", "Pos terdekat"),
            ("critical", "Hitung", "Ruas kritis"),
        ):
            open_traffic(visit, f"roads/{tool}")
            if tool != "critical":
                choose_place(visit, "Dari" if tool == "reach" else "Ke", "1608011007001")
            page.get_by_role("button", name=press, exact=True).click()
            expect(page.get_by_role("table", name=table)).to_be_visible(timeout=120_000)
            assert fine(visit) == [], tool
        assert visit.complaints == []


def test_on_a_phone_in_english_the_sheet_makes_room_for_the_map(
    browser: Browser, roads_house: tuple[str, list[float]]
) -> None:
    base, corner = roads_house
    place = at(corner, 0, 2.5)
    with house.visit(browser, base, lang="en", size=PHONE) as visit:
        page = visit.page
        sign_in(visit, "kabagops")
        open_traffic(visit)
        assert fine(visit) == []
        page.get_by_role("link", name="Close a road…").click()
        page.get_by_role("button", name="Pick on the map").click()
        look_at(page, place)
        click_map(page, place)
        page.get_by_role("button", name="Done (Esc)").click()
        pieces = page.get_by_role("list", name="Roads picked")
        expect(pieces).to_contain_text(town.CROSS_STREET)
        fill_reason(visit, "Phone")
        see_and_close(visit)
        expect(rows(visit).filter(has_text="Phone")).to_be_visible()
        assert fine(visit) == []
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status").filter(has_text="is open again")).to_be_visible()
        assert visit.complaints == []


def test_without_webgl_and_roads_the_estimate_is_told_and_the_form_works(
    browser_without_webgl: Browser, own_house: str
) -> None:
    with house.visit(browser_without_webgl, own_house) as visit:
        page = visit.page
        sign_in(visit, "kabagops")
        open_traffic(visit, "closures/new")
        expect(page.get_by_role("note")).to_contain_text("Perkiraan, bukan jaringan jalan")
        expect(page.get_by_role("application", name=re.compile("^Peta"))).to_be_visible()
        page.get_by_role("radio", name="Nama jalan").check()
        box = page.get_by_role("combobox", name="Nama jalan")
        box.focus()
        names = page.get_by_role("listbox", name="Nama jalan")
        expect(names.get_by_role("option").first).to_be_visible()
        box.press("ArrowDown")
        box.press("Enter")
        fill_reason(visit, "Uji perkiraan")
        see_and_close(visit)
        expect(rows(visit).filter(has_text="Uji perkiraan")).to_be_visible()
        assert fine(visit) == []
