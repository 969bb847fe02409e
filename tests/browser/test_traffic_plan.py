"""Events and the traffic plan on the screen, on the demo, which has no road network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from . import house
from .house import DESK, PHONE, Visit
from .steps import ask, button, settled, sign_in, word

pytestmark = [pytest.mark.browser, pytest.mark.slow]

JOB_MS = 120_000
RAW = re.compile(r"\bundefined\b|\[object|\bNaN\b|\{\w+\}|\bnull\b")
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
RALLY = "Rapat umum Lapangan Dusun"
EVENT: dict[str, Any] = {
    "id": "rapat-dusun",
    "kind": "campaign_rally",
    "name": RALLY,
    "starts_at": "2024-01-21 13:00",
    "ends_at": "2024-01-21 16:00",
    "place": [104.3464, -4.29805],
    "place_name": "Dusun Martapura",
    "crowd": {"expected": 3000, "low": 2000, "high": 5000, "source": "STTP"},
    "sttp": {"number": "STTP/12/I/2024", "issued_on": "2024-01-15"},
    "groups": [
        {"label": "Kelompok A", "size": 1800, "gathering": [104.35373, -4.31032]},
        {"label": "Kelompok B", "size": 1200, "gathering": [104.34193, -4.31248]},
    ],
}
CONVOY: dict[str, Any] = {
    "id": "konvoi",
    "kind": "logistics_convoy",
    "name": "Konvoi logistik",
    "starts_at": "2024-01-21 12:00",
    "ends_at": "2024-01-21 15:00",
    "route": [[104.35729, -4.29566], [104.35373, -4.31032], [104.3464, -4.29805]],
    "vehicles": {"truck": 6, "car": 4},
}


@pytest.fixture(scope="module")
def planned(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[str]:
    """A house with two events and a traffic plan for both."""
    folder = tmp_path_factory.mktemp("traffic") / "demo"
    shutil.copytree(demo_template, folder)
    with house.serving(folder) as address:
        with house.visit(browser, address) as visit:
            sign_in(visit, "kabagops")
            for event in (EVENT, CONVOY):
                kept = ask(visit.page, "POST", "/api/traffic/events", {"event": event})
                assert kept["event"]["id"] == event["id"], kept
            visit.go("/app/#/traffic/plan")
            button(visit, "Susun rencana", "Make the plan").click()
            expect(parts(visit)).to_be_visible(timeout=JOB_MS)
        yield address


def parts(visit: Visit) -> Locator:
    """Return the buttons of the parts of a plan."""
    return visit.page.get_by_role("group", name=word(visit, "Bagian rencana", "Parts of the plan"))


def part(visit: Visit, indonesian: str, english: str) -> Locator:
    """Turn to a part of the open plan and return it."""
    name = word(visit, indonesian, english)
    parts(visit).get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
    return visit.page.get_by_role("region", name=name, exact=True).first


def place(page: Page, label: str, wanted: str) -> None:
    """Choose a desa in a place field by searching it."""
    field = page.get_by_role("combobox", name=label, exact=True)
    field.fill(wanted)
    page.get_by_role("option", name=wanted).first.click()
    expect(field).to_have_value(wanted)


def fill_rally(page: Page) -> None:
    """Fill the form of an event with two groups; a convoy then leaves them one road."""
    page.get_by_label("Nama kegiatan").fill(RALLY)
    place(page, "Tempat", "Dusun Martapura")
    page.get_by_label("Mulai (WIB)").fill("2024-01-21T13:00")
    page.get_by_label("Selesai (WIB)").fill("2024-01-21T16:00")
    page.get_by_label("Perkiraan", exact=True).fill("3000")
    page.get_by_label("Paling sedikit", exact=True).fill("2000")
    page.get_by_label("Paling banyak", exact=True).fill("5000")
    page.get_by_label("Nomor STTP").fill("STTP/12/I/2024")
    for label, at in (("Kelompok A", "Pasar Martapura"), ("Kelompok B", "Paku Sengkunyit")):
        page.get_by_role("button", name=f"Tambah {label}").click()
        group = page.get_by_role("group", name=label, exact=True)
        group.get_by_label("Jumlah orang").fill("1500")
        place(page, f"Titik kumpul {label}", at)


class TestStory:
    """An event becomes an approved plan."""

    def test_from_the_form_to_the_approved_plan(self, browser: Browser, own_house: str) -> None:
        with house.visit(browser, own_house) as visit:
            page = visit.page
            sign_in(visit, "kabagops")
            visit.go("/app/#/traffic/events")
            button(visit, "Tambah kegiatan", "Add an event").click()
            fill_rally(page)
            button(visit, "Simpan kegiatan", "Keep the event").click()
            expect(page.get_by_role("heading", name=RALLY)).to_be_visible()
            expect(page.get_by_text("21 Jan 2024, 13.00–16.00 WIB")).to_be_visible()

            ask(page, "POST", "/api/traffic/events", {"event": CONVOY})
            visit.go("/app/#/traffic/plan")
            button(visit, "Susun rencana", "Make the plan").click()
            expect(page.get_by_role("progressbar")).to_be_visible()
            expect(parts(visit)).to_be_visible(timeout=JOB_MS)
            expect(page.get_by_role("heading", name="Rencana v1 · draf")).to_be_visible()
            expect(page.get_by_text("Tanpa jaringan jalan")).to_be_visible()

            posts = part(visit, "Pos", "Posts")
            expect(posts.get_by_role("row").filter(has_text="lokasi").first).to_be_visible()
            posts.get_by_role("rowheader").first.locator("~ td").first.get_by_role("button").click()
            expect(posts.locator("[aria-pressed=true]")).to_have_count(1)
            corridor = part(visit, "Ambulans", "Ambulance").get_by_role("listitem").first
            expect(corridor).to_contain_text("terjaga")
            expect(corridor).to_contain_text("batas")
            meeting = part(visit, "Bentrok", "Conflicts").get_by_role("listitem").first
            expect(meeting).to_contain_text("Kelompok A dan Kelompok B")

            button(visit, "Periksa rencana", "Verify the plan").click()
            kept = page.get_by_text("Pemeriksa mandiri: semua aturan dipenuhi.")
            expect(kept).to_be_visible(timeout=JOB_MS)
            decide(visit, "Nyatakan diperiksa", "Nyatakan v1 diperiksa")
            expect(page.get_by_role("heading", name="Rencana v1 · diperiksa")).to_be_visible()
            address = page.url
            assert visit.complaints == []
        with house.visit(browser, own_house) as visit:
            sign_in(visit, "kapolres")
            visit.page.goto(address)
            decide(visit, "Sahkan", "Sahkan v1")
            approved = visit.page.get_by_role("heading", name="Rencana v1 · disahkan")
            expect(approved).to_be_visible()
            assert visit.complaints == []
            assert visit.foreign_requests() == []

    def test_what_is_refused_stands_at_its_field(self, browser: Browser, own_house: str) -> None:
        with house.visit(browser, own_house) as visit:
            page = visit.page
            sign_in(visit, "kabagops")
            visit.go("/app/#/traffic/events")
            button(visit, "Tambah kegiatan", "Add an event").click()
            keep = button(visit, "Simpan kegiatan", "Keep the event")
            keep.click()
            expect(page.locator("[data-problem=starts_at]")).to_have_text("Wajib diisi.")
            expect(page.locator("[data-problem=place]")).to_have_text("Wajib diisi.")
            fill_rally(page)
            page.get_by_label("Label", exact=True).first.fill("Massa PDIP")
            page.get_by_label("Selesai (WIB)").fill("2024-01-21T12:00")
            keep.click()
            expect(page.locator("[data-problem='groups[0].label']")).to_contain_text("Polri netral")
            expect(page.locator("[data-problem=ends_at]")).to_contain_text("sebelum mulai")
            expect(page.locator("[data-problem=starts_at]")).to_have_count(0)
            assert ask(page, "GET", "/api/traffic/events?all=true")["events"] == []

    def test_withdrawn_undone_and_by_file(
        self, browser: Browser, own_house: str, tmp_path: Path
    ) -> None:
        with house.visit(browser, own_house) as visit:
            page = visit.page
            sign_in(visit, "kabagops")
            visit.go("/app/#/traffic/events")
            chooser = page.locator("input[type=file]")
            bad = tmp_path / "setengah.json"
            late = {**CONVOY, "ends_at": "2024-01-20 12:00"}
            bad.write_text(json.dumps({"events": [EVENT, late]}), encoding="utf-8")
            chooser.set_input_files(bad)
            expect(page.get_by_role("alert")).to_contain_text("ends_at")
            assert ask(page, "GET", "/api/traffic/events")["events"] == []
            good = tmp_path / "kegiatan.json"
            good.write_text(json.dumps([EVENT, CONVOY]), encoding="utf-8")
            chooser.set_input_files(good)
            expect(page.get_by_text("2 kegiatan disimpan dari kegiatan.json.")).to_be_visible()

            page.get_by_role("link", name=RALLY).click()
            with page.expect_download() as fetched:
                button(visit, "Unduh JSON", "Download JSON").click()
            body = json.loads(Path(fetched.value.path()).read_text(encoding="utf-8"))
            assert body["events"][0]["groups"] == EVENT["groups"]
            button(visit, "Tarik kegiatan", "Withdraw the event").click()
            expect(page.get_by_role("link", name="Konvoi logistik")).to_be_visible()
            expect(page.get_by_text("Ditarik (1)")).to_be_visible()
            button(visit, "Urungkan", "Undo").click()
            expect(page.get_by_text(f"Kegiatan {RALLY} berlaku lagi.")).to_be_visible()
            expect(page.get_by_text("Ditarik (1)")).to_have_count(0)


def decide(visit: Visit, step: str, title: str) -> None:
    """Review or approve the open plan with a reason, after the independent check."""
    page = visit.page
    page.get_by_role("button", name=step, exact=True).click()
    dialog = page.get_by_role("dialog", name=title)
    checked = dialog.get_by_text("Pemeriksa mandiri: semua aturan dipenuhi.")
    expect(checked).to_be_visible(timeout=JOB_MS)
    dialog.get_by_label("Alasan").fill("Sesuai rapat koordinasi")
    dialog.get_by_role("button", name=title).click()
    expect(dialog).to_be_hidden(timeout=JOB_MS)


PARTS = (
    ("Ringkasan", "Summary"),
    ("Bentrok", "Conflicts"),
    ("Penutupan", "Closures"),
    ("Pengalihan", "Diversions"),
    ("Pos", "Posts"),
    ("Jalur massa", "Crowd"),
    ("Ambulans", "Ambulance"),
    ("Kawal", "Kawal (escort)"),
    ("Patroli", "Patrols"),
    ("Beban", "Load"),
    ("Sertifikat", "Certificate"),
)
WINDOWS = [
    pytest.param({"size": DESK, "dark": True, "lang": "en"}, id="desk-dark-en"),
    pytest.param({"size": PHONE, "dark": False, "lang": "id"}, id="phone-light-id"),
]


class TestLooks:
    """Every part, in both languages and sizes."""

    @pytest.mark.parametrize("window", WINDOWS)
    def test_every_part(self, browser: Browser, planned: str, window: dict[str, Any]) -> None:
        with house.visit(browser, planned, **window) as visit:
            sign_in(visit, "kabagops")
            wrong: list[str] = []
            visit.go("/app/#/traffic/events")
            expect(visit.page.get_by_role("link", name=RALLY)).to_be_visible()
            wrong += look(visit, "events")
            visit.page.get_by_role("link", name=RALLY).click()
            expect(visit.page.get_by_role("heading", name=RALLY)).to_be_visible()
            wrong += look(visit, "event")
            visit.page.get_by_role("link", name=word(visit, "Ubah", "Change"), exact=True).click()
            expect(button(visit, "Simpan kegiatan", "Keep the event")).to_be_visible()
            wrong += look(visit, "form")
            visit.go("/app/#/traffic/plan")
            wrong += look(visit, "plans")
            visit.page.get_by_role("link", name="v1", exact=True).click()
            for names in PARTS:
                expect(part(visit, *names)).to_be_visible()
                wrong += look(visit, names[1])
            assert wrong + visit.complaints + visit.foreign_requests() == []

    def test_without_webgl_the_lists_hold_everything(
        self, browser_without_webgl: Browser, planned: str
    ) -> None:
        with house.visit(browser_without_webgl, planned) as visit:
            sign_in(visit, "kabagops")
            visit.go("/app/#/traffic/plan")
            visit.page.get_by_role("link", name="v1", exact=True).click()
            corridors = part(visit, "Ambulans", "Ambulance")
            corridors.get_by_role("button").first.click()
            expect(corridors.locator("[aria-pressed=true]")).to_have_count(1)
            assert visit.complaints == []


def look(visit: Visit, screen: str) -> list[str]:
    """Return what is wrong with the screen as it stands."""
    page = visit.page
    settled(page)
    found = house.axe_violations(page)
    if (over := page.evaluate(OVERFLOW)) > 0:
        found.append(f"{over} px wider than the window")
    if raw := RAW.findall(page.locator("body").inner_text()):
        found.append(f"raw text {raw}")
    return [f"{screen}: {one}" for one in found]
