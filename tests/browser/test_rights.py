"""What each function sees in the browser, and what its server sends it: no more than its rights."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from . import house
from .house import Visit
from .steps import KECAMATAN, OTHER_KECAMATAN, TPS, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLASS_KEYS = {"class", "classes", "top_class", "computed_class", "category", "certainty"}
REASON_KEYS = {"score", "low", "high", "reasons", "contributions", "learn_first", "stability"}


def keys_of(value: object) -> set[str]:
    """Return every key of a JSON value, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    return set()


class Answers:
    """Everything that the server told a window."""

    def __init__(self, visit: Visit) -> None:
        self.bodies: dict[str, str] = {}
        visit.page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        path = urlsplit(response.url).path
        kind = response.headers.get("content-type", "")
        if path.startswith("/api/") and "json" in kind and response.ok and response.status != 304:
            self.bodies[path] = response.text()

    def json(self) -> dict[str, object]:
        return {path: json.loads(body) for path, body in self.bodies.items()}


@pytest.fixture
def as_(browser: Browser, shared_house: str) -> Iterator[Callable[[str], tuple[Page, Answers]]]:
    """Sign somebody in; returns the window and what the server tells it."""
    with house.visit(browser, shared_house) as visit:

        def go(who: str) -> tuple[Page, Answers]:
            answers = Answers(visit)
            sign_in(visit, who)
            page = visit.page
            expect(page.get_by_role("row").nth(5)).to_be_visible()
            page.goto(f"{visit.base}/app/#/plan/tps/{TPS}")
            expect(page.get_by_role("heading", name="TPS 001", exact=False)).to_be_visible()
            page.wait_for_load_state("networkidle")
            settled(page)
            return page, answers

        yield go


class TestWhoSeesWhat:
    """Screens and answers hold what the function may see, and no more."""

    def test_an_operator(self, as_: Callable[[str], tuple[Page, Answers]]) -> None:
        page, answers = as_("operator")
        for name in ("Bagaimana jika", "Rencana baru", "Dokumen", "Suntingan"):
            assert page.get_by_role("button", name=name).count() == 0, name
        assert page.get_by_role("link", name="Impor data").count() == 0
        assert page.get_by_role("heading", name="Alasan", exact=False).count() == 0
        page.goto(re.sub("#.*", "#/import", page.url))
        expect(page.get_by_text("tidak boleh membukanya")).to_be_visible()
        for path, body in answers.json().items():
            assert not REASON_KEYS & keys_of(body), path

    def test_the_kpu(self, as_: Callable[[str], tuple[Page, Answers]]) -> None:
        page, answers = as_("kpu")
        assert "rawan" not in page.locator("body").inner_text().lower()
        assert page.get_by_role("button", name="Versi", exact=True).count() == 0
        for path, body in answers.json().items():
            if isinstance(body, dict):
                body.pop("patterns", None)  # doctrine names the classes, of no place
            assert not (CLASS_KEYS | REASON_KEYS) & keys_of(body), path
            assert "rawan" not in json.dumps(body), path

    def test_a_padal(self, as_: Callable[[str], tuple[Page, Answers]]) -> None:
        page, answers = as_("padal")
        read = answers.json()
        codes = read["/api/tps"]["columns"]["code"]  # type: ignore[index]
        assert codes
        assert {code[:6] for code in codes} == {KECAMATAN}
        for path, body in answers.bodies.items():
            assert not re.search(rf'"{OTHER_KECAMATAN}\d*"', body), path
        select = page.get_by_label("Kecamatan").first
        assert select.locator("option").count() == 2  # all, and his own
