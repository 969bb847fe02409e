from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.cells import (
    CellError,
    date_of,
    decimal_of,
    digits_of,
    truth_of,
    whole_of,
)


@pytest.mark.parametrize(
    "written",
    [
        "16.08.01.1007",
        "1608011007",
        "1608011007.0",
        "'1608011007",
        "1608 01 1007",
        "1,608011007E+9",
    ],
)
def test_one_code_in_many_spellings(written):
    assert digits_of(written) == "1608011007"


@pytest.mark.parametrize("written", ["1.60801E+12", "16o8011007", "Martapura"])
def test_a_code_that_lost_digits_or_has_letters_is_refused(written):
    with pytest.raises(CellError):
        digits_of(written)


@pytest.mark.parametrize(
    "written", ["2180", "2.180", "2,180", "2 180", "2180.0", " 2180 ", "2180,00"]
)
def test_whole_numbers_as_written_in_indonesia(written):
    assert whole_of(written) == 2180


@pytest.mark.parametrize("written", ["12 TPS", "2.5", "2.18", "dua", "1.2345", "2.1250"])
def test_text_and_fractions_are_no_whole_numbers(written):
    with pytest.raises(CellError):
        whole_of(written)


@given(st.integers(-(10**9), 10**9))
def test_thousand_dots_read_back(n):
    assert whole_of(f"{n:,}".replace(",", ".")) == n


@given(st.floats(-180, 180))
def test_decimal_comma_reads_back(x):
    assert decimal_of(f"{x:.6f}".replace(".", ",")) == pytest.approx(x, abs=1e-6)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "n/a", "NULL"])
@pytest.mark.parametrize("read", [digits_of, whole_of, decimal_of, truth_of, date_of])
def test_cells_that_say_nothing(cell, read):
    assert read(cell) is None


def test_dates_and_truth():
    assert date_of("2024-02-14") == date_of("14/02/2024") == dt.date(2024, 2, 14)
    assert date_of("2023-04") == dt.date(2023, 4, 1)
    assert truth_of("Ya") is True
    assert truth_of("tidak") is False
    with pytest.raises(CellError):
        date_of("kemarin")
    with pytest.raises(CellError):
        decimal_of("nan-ish")
