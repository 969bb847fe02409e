from __future__ import annotations

import io
import re

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from sispamkota.kernel.text import LANGS
from sispamkota.reports.labels import CLASS_COLOUR, CLASS_INK
from sispamkota.reports.workbook import workbook_bytes

NAMES = {
    "id": ["Situasi", "TPS", "Kebutuhan", "Pola", "Beat", "Tim", "Tidak terjaga", "Sumber"],
    "en": ["Situation", "TPS", "Need", "Patterns", "Beats", "Teams", "Uncovered", "Sources"],
}
# Labels of sums run over into the empty cells beside them.
FREE = ("Jumlah", "Total")


@pytest.fixture(params=LANGS)
def book(request, situation):
    body = workbook_bytes(situation, request.param)
    return request.param, openpyxl.load_workbook(io.BytesIO(body))


class TestWorkbook:
    """A planner can open, filter, sum and print it, and knows what is generated."""

    def test_sheets_are_named_in_the_language(self, book):
        lang, sheets = book
        assert sheets.sheetnames == NAMES[lang]

    def test_every_sheet_says_contoh_prints_on_a4_and_keeps_its_header(self, book):
        for sheet in book[1]:
            assert sheet["A3"].value.startswith("CONTOH")
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.page_setup.paperSize == 9
            several_blocks = sheet.title in {NAMES[book[0]][0], NAMES[book[0]][-1]}
            assert sheet.print_title_rows == (None if several_blocks else "$5:$5")
            assert sheet.freeze_panes

    def test_one_row_per_tps_with_codes_as_text(self, book, situation):
        sheet = book[1]["TPS"]
        codes = [c.value for c in sheet["A"][5:]]
        assert codes == situation.tps["code"].to_list()
        assert sheet["A6"].number_format == "@"
        assert sheet.auto_filter.ref == "A5:T65"

    def test_text_never_becomes_a_formula(self, book):
        """Only cells that we wrote as formulas are formulas."""
        for sheet in book[1]:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert re.match(r"=(IF|SUM|SUBTOTAL|COUNTIF|C\d+-D\d+)", cell.value)
        cells = (c for row in book[1]["TPS"].iter_rows() for c in row)
        evil = [c for c in cells if c.value == "=HYPERLINK(1)"]
        assert evil
        assert evil[0].data_type == "s"

    def test_gap_and_totals_are_live(self, book):
        lang, sheets = book
        sheet = sheets[NAMES[lang][2]]
        assert sheet["M6"].value == '=IF(OR(I6="",K6=""),"",I6-K6)'
        totals = [c.value for c in sheet["C"] if isinstance(c.value, str) and "SUM(" in c.value]
        assert totals == ["=SUM(C6:C8)"]
        assert any("SUBTOTAL" in str(c.value) for c in sheet["C"])
        assert "COUNTIF(TPS!$E$6:$E$65" in sheets[NAMES[lang][0]]["B6"].value

    def test_every_pattern_has_a_row_of_its_own_sheet_with_a_live_gap(self, book):
        lang, sheets = book
        sheet = sheets[NAMES[lang][3]]
        assert [c.value for c in sheet["A"][5:]] == ["uji-2.8.16"] * 4 + ["uji-2.4.8"] * 2
        assert sheet["H6"].value == '=IF(OR(E6="",G6=""),"",E6-G6)'
        assert sheet["I11"].value == '=IF(OR(F11="",G11=""),"",F11-G11)'
        assert sheet.auto_filter.ref == "A5:I11"

    def test_rows_are_high_enough_for_their_text(self, book):
        """Even if letters were a fifth narrower than digits, the rows hold all lines."""
        for sheet in book[1]:
            merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
            for row in sheet.iter_rows(min_row=5):
                height = sheet.row_dimensions[row[0].row].height or 15
                for cell in row:
                    if cell.data_type != "s" or cell.coordinate in merged:
                        continue
                    width = sheet.column_dimensions[cell.column_letter].width
                    if 0.8 * len(cell.value) > width and not cell.value.startswith(FREE):
                        assert cell.alignment.wrap_text
                        assert height >= 15 * 0.8 * len(cell.value) / width

    def test_prints_the_columns_that_a_reader_needs_at_a_readable_size(self, book):
        """A4 landscape takes about 180 units at 7 pt, even in the widest substitute font."""
        for sheet in book[1]:
            edge = sheet.max_column
            if sheet.print_area:
                edge = sheet[sheet.print_area.split(":")[1].replace("$", "")].column
            units = sum(
                sheet.column_dimensions[get_column_letter(i)].width for i in range(1, edge + 1)
            )
            assert units <= 182, sheet.title
        tps = book[1]["TPS"]
        assert tps.print_area.startswith("'TPS'!$A$1:$K$")
        assert {"Bujur", "Longitude"} & {c.value for c in tps[5]}

    def test_mismatch_shows_its_difference(self, book):
        lang, sheets = book
        rows = list(sheets[NAMES[lang][7]].iter_rows(values_only=True))
        row = next(r for r in rows if r[0] == "DPT")
        assert row[2:4] == (100, 115)
        assert re.fullmatch(r"=C\d+-D\d+", row[4])

    def test_works_before_anything_is_known(self, bare):
        sheets = openpyxl.load_workbook(io.BytesIO(workbook_bytes(bare, "id")))
        assert sheets["TPS"].max_row == 65
        assert sheets["TPS"]["A3"].value is None


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", CLASS_COLOUR)
def test_class_words_are_readable_on_their_colour(name):
    light, dark = sorted((luminance(CLASS_COLOUR[name]), luminance(CLASS_INK[name])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
