"""Take the pictures of docs/images from the demo house, with the browser the tests use.

`python -m scripts.screenshots` after `make web`; docs/screens.md shows them. Every screen in both
languages, desk and phone, light and dark; the few that are kept are listed in KEPT.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.house import CHROMIUM_FLAGS, House, served
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZES = {"desk": (1366, 768), "phone": (360, 740)}
SCREENS: dict[str, str] = {
    "planning": "#/plan",
    "closures": "#/traffic/closures",
    "traffic": "#/traffic/plan",
    "import": "#/import",
    "check": "#/check",
    "roster": "#/roster",
    "account": "#/account",
}
KEPT = (
    "planning-id-desk-light",
    "planning-en-desk-dark",
    "planning-en-phone-light",
    "traffic-id-desk-light",
    "traffic-en-desk-dark",
    "closures-id-phone-light",
    "import-en-desk-light",
    "check-id-desk-light",
    "roster-en-desk-light",
    "signin-id-phone-dark",
    "public-id-phone-light",
)

EVENT = {
    "id": "rapat-umum-martapura",
    "kind": "campaign_rally",
    "name": "CONTOH rapat umum di Martapura",
    "starts_at": "2024-01-28 13:00",
    "ends_at": "2024-01-28 17:00",
    "place": [104.35, -4.32],
    "place_name": "Lapangan",
    "crowd": {"expected": 5000, "low": 3000, "high": 8000, "source": "CONTOH"},
    "groups": [
        {"label": "Kelompok A", "size": 3000, "gathering": [104.45, -4.25]},
        {"label": "Kelompok B", "size": 2000, "gathering": [104.30, -4.35]},
    ],
}
BY = ("--by", "CONTOH Kasat Lantas")
ROAD = "Tulang Bawang - Sukabaru"
TRAFFIC = {"closures": "ul.rows a.line", "traffic": "a[href*='traffic/plan/']"}
MAP_MOVES_MS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: which screen, in which language, size and theme."""

    screen: str
    lang: str
    size: str
    theme: str

    @property
    def name(self) -> str:
        """Its file name without ending."""
        return f"{self.screen}-{self.lang}-{self.size}-{self.theme}"


def shots() -> list[Shot]:
    """Return every picture there is to take."""
    return [
        Shot(screen=screen, lang=lang, size=size, theme=theme)
        for lang in ("id", "en")
        for size in SIZES
        for theme in ("light", "dark")
        for screen in ("public", "signin", *SCREENS)
    ]


def take(browser: Browser, house: House, shot: Shot, folder: Path) -> None:
    """Open the screen in a window of its own and keep the picture."""
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="id-ID" if shot.lang == "id" else "en-GB",
        color_scheme="dark" if shot.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    open_screen(page, house, shot)
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


def open_screen(page: Page, house: House, shot: Shot) -> None:
    """Go to the screen and wait until it stands."""
    openers: dict[str, Callable[[], None]] = {
        "public": lambda: _go(page, f"{house.base}/{'' if shot.lang == 'id' else 'en'}"),
        "signin": lambda: _front_door(page, house, shot.lang),
    }
    openers.get(shot.screen, lambda: _signed_in(page, house, shot))()
    page.wait_for_load_state("networkidle")


def _go(page: Page, address: str) -> None:
    page.goto(address)


def _front_door(page: Page, house: House, lang: str) -> None:
    """Open the sign-in page; it speaks Indonesian until asked otherwise."""
    page.goto(f"{house.base}/app/")
    page.get_by_text(lang.upper(), exact=True).click()


def _signed_in(page: Page, house: House, shot: Shot) -> None:
    place = SCREENS[shot.screen]
    _front_door(page, house, shot.lang)
    page.fill("input[name=username]", house.name)
    page.fill("input[name=password]", house.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("[data-map=ready]")
    page.goto(f"{house.base}/app/{place}")
    if shot.screen == "planning":
        page.locator(r"text=/\bv1\b/").first.wait_for()  # the plan is read after the rows
        page.wait_for_timeout(MAP_MOVES_MS)
    elif shot.screen in TRAFFIC:
        page.wait_for_selector("[data-map=ready]")
        page.click(TRAFFIC[shot.screen])
        page.wait_for_timeout(MAP_MOVES_MS)
    else:
        page.wait_for_selector("[data-map=ready]", state="detached")
        page.wait_for_selector("tbody tr")


def command(*arguments: str | Path) -> None:
    """Run the program; findings (exit code 1) are no failure."""
    done = subprocess.run([sys.executable, "-m", "sispamkota", *map(str, arguments)], check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.returncode)


def with_traffic(folder: Path) -> Path:
    """Make a demo in which an event is planned and a road is closed; return its folder."""
    demo, event = folder / "demo", folder / "event.json"
    command("demo", "--dir", demo, "--no-serve")
    event.write_text(json.dumps(EVENT), encoding="utf-8")
    command("traffic", "event", "add", event, *BY, "-w", demo)
    command("plan", "traffic", *BY, "-w", demo)
    road = ("--road", ROAD, "--reason", "CONTOH jembatan diperbaiki")
    command("roads", "close", *road, *BY, "-w", demo)
    return demo


def main() -> None:
    """Take the kept pictures, or all of them into a folder to look at."""
    command = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    command.add_argument("--all", type=Path, metavar="DIR", help="every picture, into DIR")
    asked = command.parse_args()
    folder = asked.all or IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("SISPAMKOTA_CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(with_traffic(Path(scratch))) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_FLAGS), headless=True
        )
        for shot in shots():
            if asked.all or shot.name in KEPT:
                take(browser, house, shot, folder)
        browser.close()


if __name__ == "__main__":
    main()
