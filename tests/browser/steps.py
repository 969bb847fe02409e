"""What people do in the house, for tests that need to get somewhere first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from . import house
from .house import Visit

PEOPLE = {
    "kabagops": "CONTOH Kabag Ops",
    "kapolres": "CONTOH Kapolres",
    "operator": "CONTOH Operator",
    "padal": "CONTOH Padal Martapura",
    "kpu": "CONTOH KPU",
    "administrator": "CONTOH Administrator",
}
PASSWORDS = {
    "kabagops": "contoh-kabag-ops",
    "kapolres": "contoh-kapolres",
    "operator": "contoh-operator",
    "padal": "contoh-padal-1",
    "kpu": "contoh-kpu-oku-timur",
    "administrator": "contoh-administrator",
}
TPS, KECAMATAN, OTHER_KECAMATAN = "1608011007001", "160801", "160805"


def word(visit: Visit, indonesian: str, english: str) -> str:
    """Return a word of the screen in the language of the window."""
    return indonesian if visit.lang == "id" else english


def button(visit: Visit, indonesian: str, english: str) -> Locator:
    """Return the button that begins with these words."""
    begin = re.compile(rf"^{re.escape(word(visit, indonesian, english))}")
    return visit.page.get_by_role("button", name=begin)


def open_sign_in(visit: Visit) -> None:
    """Open the sign-in screen in the language of the window."""
    visit.go("/app/")
    visit.page.get_by_role("button", name="ID" if visit.lang == "id" else "EN", exact=False).click()


def sign_in(visit: Visit, who: str) -> None:
    """Sign in with the button of a demo account; ends where the frame stands."""
    open_sign_in(visit)
    press = word(visit, "Masuk sebagai", "Sign in as")
    visit.page.get_by_role("button", name=f"{press} {PEOPLE[who]}", exact=True).click()
    expect(visit.page.get_by_role("navigation")).to_be_visible()


def settled(page: Page) -> None:
    """Wait until nothing on the screen says that it is loading."""
    expect(page.get_by_text(re.compile(r"^(Memuat|Loading)…$"))).to_have_count(0)


def ask(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Ask the server as the page would; returns the answer's JSON or None."""
    return page.evaluate(
        """async ([method, path, body]) => {
            const session = await (await fetch('/api/session')).json();
            const headers = {'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json'};
            const answer = await fetch(path, {
                method, headers, body: body === null ? undefined : JSON.stringify(body)});
            const text = await answer.text();
            return text ? JSON.parse(text) : null;
        }""",
        [method, path, body],
    )


def save_version(page: Page, tps: str, reason: str) -> dict[str, Any]:
    """Save a version that leaves one TPS without its team, through the API."""
    head = ask(page, "GET", "/api/plans")["head"]
    body = {
        "ops": [{"op": "move_tps", "tps": tps, "to": None}],
        "reason": reason,
        "seen_version": head["version"],
        "beside": False,
    }
    saved = ask(page, "POST", f"/api/plans/{head['plan']}/save", body)
    assert saved["version"] > head["version"], saved
    return dict(saved)


@contextmanager
def desk_of(browser: Browser, base: str, who: str = "kabagops") -> Iterator[Visit]:
    """A window of somebody signed in, on the planning screen."""
    with house.visit(browser, base) as visit:
        sign_in(visit, who)
        at_work(visit.page)
        yield visit


def at_work(page: Page) -> None:
    """Wait until the lists and the plan are there."""
    expect(page.get_by_role("row").nth(5)).to_be_visible()
    expect(page.get_by_text(re.compile("^Rencana v"))).to_be_visible()
    page.wait_for_load_state("networkidle")
