"""The planning desk as a person uses it: by roles and labels, in both languages, at both sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from .house import PHONE, Visit

JOB_MS = 120_000
PRINT_MS = 90_000
WORDS: dict[str, dict[str, str]] = {
    "id": {
        "sign_in_as": "Masuk sebagai {person}",
        "name": "Nama pengguna",
        "password": "Kata sandi",
        "sign_in": "Masuk",
        "sign_out": "Keluar",
        "planning": "Perencanaan",
        "import": "Impor data",
        "drop": "Seret berkas ke sini, atau pilih:",
        "source": "Sumber: siapa yang menyatakan",
        "inspect": "Periksa berkas",
        "problems": "Masalah",
        "none_wrong": "Tidak ada masalah.",
        "accept": "Simpan ke ruang kerja",
        "kept": "Tersimpan dari {file}",
        "imports": "Impor di ruang kerja ini",
        "make": "Rencana baru",
        "make_start": "Susun rencana",
        "plan": "Rencana v{version}",
        "search": "Cari ( / )",
        "list": "Daftar",
        "details": "Rincian",
        "map": "Peta",
        "filters": "Saring",
        "tps": "TPS",
        "contributions": "Penyebab dan sumbangannya",
        "override_do": "Tetapkan kelas lain",
        "override_class": "Kelas menurut petugas",
        "override_reason": "Alasan (wajib)",
        "override": "Kelas ditetapkan petugas",
        "set_by": "ditetapkan petugas",
        "rawan": "Rawan",
        "save": "Simpan",
        "whatif": "Bagaimana jika",
        "scope": "Wilayah",
        "pattern": "Pola",
        "simulate": "Hitung simulasi",
        "simulation": "SIMULASI",
        "whatif_result": "Hasil simulasi",
        "cost": "Biaya (waktu berbobot)",
        "back_to_plan": "Kembali ke rencana",
        "drop_simulation": "Buang simulasi",
        "move": "Pindahkan ke beat lain",
        "beat_search": "Cari beat, tim atau kecamatan",
        "edits": "Suntingan",
        "undo": "Urungkan",
        "one_kecamatan": "Satu kecamatan",
        "all_kept": "Semua aturan dipenuhi.",
        "broken": "aturan dilanggar.",
        "no_moves": "Belum ada pemindahan.",
        "save_draft": "Simpan sebagai draf",
        "save_title": "Simpan draf baru",
        "save_reason": "Alasan perubahan (tercatat pada versi)",
        "versions": "Versi",
        "review": "Nyatakan diperiksa",
        "review_title": "Nyatakan v{version} diperiksa",
        "approve": "Sahkan",
        "approve_title": "Sahkan v{version}",
        "verified": "Pemeriksa mandiri: semua aturan dipenuhi.",
        "reason": "Alasan",
        "cancel": "Batal",
        "close": "Tutup",
        "draft": "draf",
        "reviewed": "diperiksa",
        "approved": "disahkan",
        "documents": "Dokumen",
        "renpam": "Renpam (PDF)",
        "sprin": "Sprin (PDF)",
        "sprin_for": "Sprin untuk",
        "no_webgl": "Peramban ini tidak menyediakan WebGL.",
        "map_alt": "Peta wilayah; isinya sama dengan daftar",
        "order_for": "Perintah untuk tim",
        "doc_version": "versi {version}",
        "doc_page": "Halaman {page} dari {pages}",
        "stale": "data telah berubah sejak rencana dibuat",
        "data_newer": "data sudah berubah: buat rencana baru",
    },
    "en": {
        "sign_in_as": "Sign in as {person}",
        "name": "User name",
        "password": "Password",
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "planning": "Planning",
        "import": "Import data",
        "drop": "Drop a file here, or choose one:",
        "source": "Source: who says so",
        "inspect": "Check the file",
        "problems": "Problems",
        "none_wrong": "No problems.",
        "accept": "Keep in the workspace",
        "kept": "Kept from {file}",
        "imports": "Imports of this workspace",
        "make": "New plan",
        "make_start": "Make the plan",
        "plan": "Plan v{version}",
        "search": "Search ( / )",
        "list": "List",
        "details": "Details",
        "map": "Map",
        "filters": "Filter",
        "tps": "TPS",
        "contributions": "Reasons and what they add",
        "override_do": "Set another class",
        "override_class": "Class by the officer",
        "override_reason": "Reason (required)",
        "override": "Class set by an officer",
        "set_by": "set by an officer",
        "rawan": "Rawan (raised)",
        "save": "Save",
        "whatif": "What if",
        "scope": "Area",
        "pattern": "Pattern",
        "simulate": "Simulate",
        "simulation": "SIMULATION",
        "whatif_result": "Result of the simulation",
        "cost": "Cost (weighted time)",
        "back_to_plan": "Back to the plan",
        "drop_simulation": "Discard the simulation",
        "move": "Move to another beat",
        "beat_search": "Search beat, team or kecamatan",
        "edits": "Edits",
        "undo": "Undo",
        "one_kecamatan": "One kecamatan",
        "all_kept": "Every rule is kept.",
        "broken": "rules are broken.",
        "no_moves": "No moves yet.",
        "save_draft": "Save as draft",
        "save_title": "Save a new draft",
        "save_reason": "Reason for the change (recorded with the version)",
        "versions": "Versions",
        "review": "Mark as reviewed",
        "review_title": "Mark v{version} as reviewed",
        "approve": "Approve",
        "approve_title": "Approve v{version}",
        "verified": "Independent verifier: every rule is kept.",
        "reason": "Reason",
        "cancel": "Cancel",
        "close": "Close",
        "draft": "draft",
        "reviewed": "reviewed",
        "approved": "approved",
        "documents": "Documents",
        "renpam": "Renpam, security plan (PDF)",
        "sprin": "Sprin, orders (PDF)",
        "sprin_for": "Sprin for",
        "no_webgl": "This browser offers no WebGL.",
        "map_alt": "Map of the area; the lists hold the same",
        "order_for": "Order to team",
        "doc_version": "version {version}",
        "doc_page": "Page {page} of {pages}",
        "stale": "the inputs have changed since the plan was made",
        "data_newer": "data have changed since: make a new plan",
    },
}


@dataclass(slots=True)
class Desk:
    """One person at the screen."""

    visit: Visit

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def phone(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] <= PHONE["width"]

    def word(self, key: str, **values: object) -> str:
        return WORDS[self.visit.lang][key].format(**values)

    def button(self, key: str, within: Page | Locator | None = None, **values: object) -> Locator:
        """Return the button with exactly this word."""
        return (within or self.page).get_by_role(
            "button", name=self.word(key, **values), exact=True
        )

    def press(self, key: str, within: Page | Locator | None = None, **values: object) -> None:
        self.button(key, within, **values).click()

    @property
    def tools(self) -> Locator:
        """Return the bar of the plan: undo, versions, what-if, documents."""
        name = {"id": "Alat rencana", "en": "Plan tools"}[self.visit.lang]
        return self.page.get_by_role("group", name=name)

    def section(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("region", name=self.word(key, **values), exact=True)

    def dialog(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("dialog", name=self.word(key, **values), exact=True)

    # the house

    def enter_as(self, person: str) -> None:
        """Take a demo account from the sign-in page."""
        self.page.get_by_role("button", name=self.word("sign_in_as", person=person)).click()
        expect(self.page.locator("summary", has_text=person)).to_be_visible()

    def speak(self) -> None:
        """Choose the language of the visit by its switch."""
        name = {"id": "ID, Bahasa Indonesia", "en": "EN, English"}[self.visit.lang]
        self.page.get_by_role("button", name=name).click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.visit.lang)

    def sign_in(self, name: str, password: str) -> None:
        """Type name and password."""
        self.page.get_by_label(self.word("name")).fill(name)
        self.page.get_by_label(self.word("password"), exact=True).fill(password)
        self.press("sign_in")

    def sign_out(self, person: str) -> None:
        self.page.locator("summary", has_text=person).click()
        self.press("sign_out")
        expect(self.page.get_by_label(self.word("password"), exact=True)).to_be_visible()

    def screen(self, key: str) -> None:
        """Go to a screen by the head of the page."""
        self.page.get_by_role("link", name=self.word(key), exact=True).click()

    def tab(self, key: str) -> None:
        """Turn to a part of the desk; on a large screen all parts stand there."""
        if self.phone:
            group = {"id": "Bagian layar", "en": "Parts of the screen"}[self.visit.lang]
            self.press(key, self.page.get_by_role("group", name=group))

    # import

    def inspect(self, file: Path, source: str) -> None:
        self.page.get_by_role("button", name=self.word("drop")).set_input_files(file)
        self.page.get_by_label(self.word("source")).fill(source)
        self.press("inspect")

    def problems(self) -> list[list[str]]:
        """Return what the screen says of each mistake: row, column, value, problem, remedy."""
        table = self.page.get_by_role("table", name=self.word("problems"))
        expect(table).to_be_visible()
        rows = table.get_by_role("row").filter(has=self.page.get_by_role("rowheader"))
        return [
            [cell.text_content() or "" for cell in row.locator("th, td").all()]
            for row in rows.all()
        ]

    # the plan

    def make_plan(self, version: int) -> None:
        """Compute a plan and see it through."""
        self.press("make", self.tools)
        self.press("make_start")
        expect(self.page.get_by_role("progressbar")).to_be_visible()
        self.expect_plan(version, "draft", JOB_MS)

    def expect_plan(self, version: int, state: str, timeout: float = 30_000) -> None:
        """See which version is open, and in which state."""
        bar = self.page.get_by_text(f"{self.word('plan', version=version)} · {self.word(state)}")
        expect(bar).to_be_visible(timeout=timeout)

    def open_tps(self, code: str) -> None:
        """Find a TPS in the list by its code and open it."""
        self.tab("list")
        search = self.page.get_by_label(self.word("search"))
        if self.phone and not search.is_visible():
            self.page.locator("summary", has_text=self.word("filters")).click()
        search.fill(code)
        table = self.page.get_by_role("table", name=self.word("tps"), exact=True)
        table.get_by_role("rowheader").get_by_role("button").first.click()
        expect(self.page.get_by_text(f"· {code}")).to_be_visible()

    def move_to(self, wanted: str, nth: int = 0) -> None:
        """Send the open TPS to a beat that the search finds."""
        self.press("move")
        group = self.page.get_by_role("group", name=self.word("move"), exact=True)
        group.get_by_label(self.word("beat_search")).fill(wanted)
        group.get_by_role("listitem").get_by_role("button").nth(nth).click()

    def check_moves(self) -> bool:
        """Turn to the moves by hand and wait for the rules; return whether all are kept."""
        self.tools.get_by_role("button", name=re.compile(f"^{self.word('edits')} [1-9]")).click()
        kept = self.page.get_by_text(self.word("all_kept"))
        broken = self.page.get_by_text(self.word("broken"))
        expect(kept.or_(broken)).to_be_visible()
        return kept.is_visible()

    def save_moves(self, reason: str) -> None:
        self.press("save_draft")
        dialog = self.dialog("save_title")
        dialog.get_by_label(self.word("save_reason")).fill(reason)
        self.press("save_draft", dialog)
        expect(dialog).to_be_hidden()

    def ask_to(self, step: str, version: int) -> Locator:
        """Open the dialog that reviews or approves a version."""
        self.show_versions()
        name = self.page.get_by_text(f"v{version}", exact=True)
        self.press(step, self.page.get_by_role("listitem").filter(has=name))
        return self.dialog(f"{step}_title", version=version)

    def show_versions(self) -> None:
        """Turn to the panel of versions, if it does not stand there."""
        versions = self.button("versions", self.tools)
        if versions.get_attribute("aria-pressed") != "true":
            versions.click()

    def decide(self, step: str, version: int, reason: str) -> None:
        """Review or approve a version with a reason."""
        dialog = self.ask_to(step, version)
        expect(dialog.get_by_text(self.word("verified"))).to_be_visible()
        dialog.get_by_label(self.word("reason")).fill(reason)
        self.press(f"{step}_title", dialog, version=version)
        expect(dialog).to_be_hidden()

    def printed(self, key: str) -> tuple[str, PdfReader]:
        """Fetch a document from the open dialog; return its file name and pages."""
        with self.page.expect_download(timeout=PRINT_MS) as fetched:
            self.press(key, self.dialog("documents"))
        return fetched.value.suggested_filename, PdfReader(
            BytesIO(Path(fetched.value.path()).read_bytes())
        )
