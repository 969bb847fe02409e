"""The whole work of one evening, played on the built pages in real Chromium.

Kabag Ops signs in, imports a roster with three mistakes, mends it, computes, overrides a class,
asks what-if, moves a TPS into a violation and back, saves and reviews; the Kapolres approves and
prints. On a desk in Indonesian, on a phone in English, and on a desk without WebGL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from . import house
from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KABAG_OPS = "CONTOH Kabag Ops"
KAPOLRES = "CONTOH Kapolres"
ROSTER_HEAD = ("id", "instansi", "pangkat", "pimpinan", "pos_asal", "tugas", "tersedia")
MENDED = (
    ("BKO-01", "polri", "bripka", "ya", "Polsek Martapura", "tps", "ya"),
    ("BKO-02", "polri", "briptu", "tidak", "Polsek Martapura", "tps", "ya"),
    ("BKO-03", "polri", "bripka", "ya", "Polsek Buay Madang", "tps", "ya"),
    ("BKO-04", "polri", "briptu", "tidak", "Polsek Buay Madang", "tps", "ya"),
)
WRONG = {(0, 1): "polisi hutan", (1, 4): "Polsek Entah", (3, 3): "barangkali"}
OVER_CLASS = "rawan"
KECAMATAN = "Martapura"
NEAR, FAR = "160801", "160808"
"""Beats are told by the code of their kecamatan: Martapura, and one that lies far from it."""
OVERRIDDEN, MOVED = "1608011007001", "1608011007004"


def roster(file: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a roster as a Polres would send it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ROSTER_HEAD, *rows):
        sheet.append(row)
    book.save(file)
    return file


def with_mistakes() -> list[list[str]]:
    rows = [list(row) for row in MENDED]
    for (row, column), value in WRONG.items():
        rows[row][column] = value
    return rows


def play_import(desk: Desk, folder: Path) -> None:
    """Three mistakes are told and nothing can be kept; the mended file is kept and listed."""
    desk.screen("import")
    desk.inspect(roster(folder / "bko.xlsx", with_mistakes()), "Polda Sumsel, surat bantuan")
    told = desk.problems()
    assert len(told) == len(WRONG)
    for (row, column), value in WRONG.items():
        mine = next(one for one in told if one[0].strip() == str(row + 2))
        assert ROSTER_HEAD[column] in mine[1], mine
        assert value in mine[2], mine
        assert all(text.strip() for text in mine[3:5]), mine
    expect(desk.button("accept")).to_be_disabled()

    file = roster(folder / "bko-diperbaiki.xlsx", MENDED)
    desk.inspect(file, "Polda Sumsel, surat bantuan")
    expect(desk.page.get_by_text(desk.word("none_wrong"))).to_be_visible()
    desk.press("accept")
    expect(desk.page.get_by_text(desk.word("kept", file=file.name))).to_be_visible()
    listed = desk.page.get_by_role("table", name=desk.word("imports"))
    expect(listed.get_by_text(file.name)).to_be_visible()


def play_override(desk: Desk, tps: str) -> None:
    """A TPS tells its reasons; the officer's class and reason stand beside the computed one."""
    desk.open_tps(tps)
    expect(desk.section("contributions").get_by_role("listitem").first).to_be_visible()
    desk.press("override_do")
    desk.page.get_by_label(desk.word("override_class")).select_option(OVER_CLASS)
    reason = "Laporan Bhabinkamtibmas malam ini"
    desk.page.get_by_label(desk.word("override_reason")).fill(reason)
    desk.press("save")
    expect(desk.section("override").get_by_text(reason).first).to_be_visible()
    expect(desk.section("override").get_by_text(KABAG_OPS).first).to_be_visible()


def play_what_if(desk: Desk, kecamatan: str) -> None:
    """Another pattern for one kecamatan: SIMULASI is said, and what differs is shown."""
    desk.press("whatif", desk.tools)
    desk.page.get_by_label(desk.word("scope"), exact=True).last.select_option(label=kecamatan)
    pattern = desk.page.get_by_label(desk.word("pattern"), exact=True).last
    pattern.select_option(index=1)
    desk.press("simulate")
    result = desk.section("whatif_result")
    expect(result).to_be_visible(timeout=60_000)
    expect(desk.page.get_by_text(desk.word("simulation"), exact=True).first).to_be_visible()
    row = result.get_by_role("row").filter(
        has=desk.page.get_by_role("rowheader", name=desk.word("cost"), exact=True)
    )
    figures = [text.strip() for text in row.get_by_role("cell").all_inner_texts()]
    assert len(figures) == 3
    assert figures[0] != figures[1], f"the other pattern costs the same: {figures}"
    desk.press("drop_simulation")
    expect(result).to_be_hidden()


def play_stale(desk: Desk, version: int) -> None:
    """A plan made before the override is told to be of older data and cannot be reviewed."""
    expect(desk.page.get_by_text(desk.word("data_newer"))).to_be_visible()
    dialog = desk.ask_to("review", version)
    expect(dialog.get_by_text(desk.word("stale"))).to_be_visible()
    desk.press("cancel", dialog)
    expect(dialog).to_be_hidden()


def play_violation(desk: Desk, tps: str, far: str) -> None:
    """A TPS sent to a beat of a far kecamatan breaks rules, which are named; undo takes it back."""
    desk.open_tps(tps)
    desk.move_to(far)
    assert not desk.check_moves()
    expect(desk.page.get_by_text(desk.word("one_kecamatan"), exact=True).first).to_be_visible()
    desk.press("undo", desk.tools)
    expect(desk.page.get_by_text(desk.word("no_moves"))).to_be_visible()
    expect(desk.page.get_by_text(desk.word("one_kecamatan"), exact=True)).to_have_count(0)


def play_good_move(desk: Desk, tps: str, near: str) -> None:
    """As a person does: try the nearest beats with room until all rules are kept, then save."""
    for nth in range(8):
        desk.open_tps(tps)
        desk.move_to(near, nth)
        if desk.check_moves():
            break
        desk.press("undo", desk.tools)
    else:
        pytest.fail("no beat near by takes the TPS")
    desk.save_moves("Jalan utama ditutup, beat sebelah lebih dekat")


def play_sign_out(desk: Desk, person: str) -> None:
    """After signing out the cookie that was is worth nothing."""
    visit = desk.visit
    before = visit.context.cookies()
    assert visit.context.request.get(f"{visit.base}/api/tps").status == 200
    desk.sign_out(person)
    assert visit.context.request.get(f"{visit.base}/api/tps").status == 401
    visit.context.add_cookies(before)  # type: ignore[arg-type]
    assert visit.context.request.get(f"{visit.base}/api/tps").status == 401
    desk.page.reload()
    expect(desk.page.get_by_label(desk.word("password"), exact=True)).to_be_visible()


def read(pages: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pages.pages)


def play_prints(desk: Desk, version: int, kecamatan: str) -> None:
    """Renpam and Sprin in the language of the screen, labelled, with the state of the version."""
    desk.press("documents", desk.tools)
    dialog = desk.dialog("documents")
    renpam = check_document(desk, "renpam", version)
    assert len(renpam.pages) >= 20, "every kecamatan has its table and map"
    dialog.get_by_label(desk.word("sprin_for")).select_option(label=kecamatan)
    sprin = check_document(desk, "sprin", version)
    teams = [page for page in sprin.pages if desk.word("order_for") in page.extract_text()]
    assert len(teams) == len(sprin.pages) - 1 >= 5, "the letter, then a page for each team"
    desk.press("close", dialog)


def check_document(desk: Desk, key: str, version: int) -> PdfReader:
    """Every page says CONTOH, the version, its state and its own number."""
    name, document = desk.printed(key)
    tongue = "" if desk.visit.lang == "id" else "-en"
    form = rf"{key}-[\w-]+-v{version}-approved-\d{{8}}-\d{{4}}WIB{tongue}\.pdf"
    assert re.fullmatch(form, name), name
    assert document.trailer["/Root"]["/Lang"] == desk.visit.lang
    for number, page in enumerate(document.pages, start=1):
        text = page.extract_text()
        assert "CONTOH" in text, f"{name} page {number} lacks its label"
        for said in (
            desk.word("doc_version", version=version),
            desk.word("approved"),
            desk.word("doc_page", page=number, pages=len(document.pages)),
        ):
            assert said in text, f"{name} page {number} lacks {said!r}: {text[-300:]}"
    return document


def check_quiet(visit: house.Visit) -> None:
    """Nothing left the house, nothing was complained of, the page tells its language."""
    assert visit.foreign_requests() == []
    assert visit.complaints == []
    expect(visit.page.locator("html")).to_have_attribute("lang", visit.lang)


def sign_in_as_kabag_ops(desk: Desk) -> None:
    desk.visit.go("/app/")
    desk.speak()
    desk.enter_as(KABAG_OPS)


def play_decision(desk: Desk, version: int) -> None:
    """Kabag Ops reviews and leaves; the Kapolres approves, prints and leaves."""
    desk.decide("review", version, "Sesuai dengan keadaan lapangan")
    desk.expect_plan(version, "reviewed")
    play_sign_out(desk, KABAG_OPS)
    desk.sign_in("kapolres", "contoh-kapolres")
    desk.expect_plan(version, "reviewed")
    desk.decide("approve", version, "Laksanakan")
    desk.expect_plan(version, "approved")
    play_prints(desk, version, KECAMATAN)
    play_sign_out(desk, KAPOLRES)


@pytest.mark.parametrize(
    ("lang", "size"),
    [("id", house.DESK), ("en", house.PHONE)],
    ids=["desk-indonesian", "phone-english"],
)
def test_an_evening_from_a_roster_with_mistakes_to_signed_orders(
    browser: Browser, own_house: str, tmp_path: Path, lang: str, size: dict[str, int]
) -> None:
    with house.visit(browser, own_house, lang=lang, size=size) as visit:
        desk = Desk(visit)
        sign_in_as_kabag_ops(desk)
        play_import(desk, tmp_path)
        desk.screen("planning")
        desk.make_plan(2)
        play_override(desk, OVERRIDDEN)
        play_stale(desk, 2)
        desk.make_plan(3)
        play_what_if(desk, KECAMATAN)
        play_violation(desk, MOVED, FAR)
        play_good_move(desk, MOVED, NEAR)
        desk.expect_plan(4, "draft")
        play_decision(desk, 4)
        check_quiet(visit)


def test_without_webgl_the_drawn_map_and_the_lists_carry_the_work(
    browser_without_webgl: Browser, own_house: str, tmp_path: Path
) -> None:
    with house.visit(browser_without_webgl, own_house) as visit:
        desk = Desk(visit)
        sign_in_as_kabag_ops(desk)
        desk.expect_plan(1, "draft")
        expect(desk.page.get_by_text(desk.word("no_webgl"))).to_be_visible()
        drawn = desk.page.get_by_role("img", name=desk.word("map_alt"))
        expect(drawn).to_be_visible()
        assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        play_import(desk, tmp_path)
        desk.screen("planning")
        play_override(desk, OVERRIDDEN)
        desk.make_plan(2)
        play_what_if(desk, KECAMATAN)
        play_violation(desk, MOVED, FAR)
        play_good_move(desk, MOVED, NEAR)
        desk.expect_plan(3, "draft")
        play_decision(desk, 3)
        check_quiet(visit)
