"""One cell of a spreadsheet as people write it, turned into a code, a number or a date.

A parser that returns None met an empty cell; text it cannot read raises `CellError`, whose texts
say what is expected. Nothing is guessed: a number that could be meant in two ways is refused.
"""

from __future__ import annotations

import datetime as dt
import re

from sispamkota.kernel.text import Text

EMPTY = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "null", "none", "#n/a"})
_FLOAT_TAIL = re.compile(r"^(\d+)\.0+$")
_SCIENTIFIC = re.compile(r"^(\d)[.,]?(\d*)e\+?(\d+)$", re.IGNORECASE)
_GROUPED = re.compile(r"^[+-]?\d{1,3}([.,  ' ])\d{3}(\1\d{3})*$")
_WHOLE = re.compile(r"^[+-]?\d+([.,]0+)?$")
_TRUE = frozenset({"1", "ya", "y", "yes", "true", "benar", "x", "v", "✓"})
_FALSE = frozenset({"0", "tidak", "t", "no", "n", "false", "bukan"})
_PARTS_OF_MONTH, _PARTS_OF_DAY = 2, 3


class CellError(ValueError):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, message: Text, remedy: Text) -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy


MOST_DIGITS = 15  # a count of anything here is shorter; longer is a slip or an attack


def text_of(cell: str | None) -> str | None:
    """Return the trimmed text with single spaces, or None for a cell that says nothing."""
    if cell is None:
        return None
    text = " ".join(cell.split())
    return None if text.lower() in EMPTY else text


def digits_of(cell: str | None) -> str | None:
    """Return a code as digits alone: '16.08.01.1007', '1608011007.0', "'1608 01 1007" alike.

    Raises:
        CellError: for letters, or a code that a spreadsheet rounded ('1.60801E+12').
    """
    text = text_of(cell)
    if text is None:
        return None
    if match := _FLOAT_TAIL.match(text):
        return match.group(1)
    if match := _SCIENTIFIC.match(text):
        first, rest, power = match.groups()
        if len(rest) < int(power):
            raise CellError(
                Text(
                    f"kode '{text}' sudah dibulatkan oleh lembar kerja; digitnya hilang",
                    f"code '{text}' was rounded by a spreadsheet; its digits are lost",
                ),
                Text(
                    "Atur kolom kode sebagai Teks di berkas asli, lalu simpan ulang.",
                    "Format the code column as Text in the original file and save it again.",
                ),
            )
        return first + rest[: int(power)]
    bare = re.sub(r"[\s.\-/'’]", "", text)
    if not bare.isascii() or not bare.isdigit():
        raise CellError(
            Text(f"kode '{text}' bukan angka", f"code '{text}' is not made of digits"),
            Text(
                "Tulis kode sebagai angka, boleh bertitik.",
                "Write the code in digits; dots are fine.",
            ),
        )
    return bare


def whole_of(cell: str | None) -> int | None:
    """Return a whole number: '2180', '2180.0', '2.180', '2,180' and '2 180' are the same.

    Raises:
        CellError: for text, or a number with a fraction.
    """
    text = text_of(cell)
    if text is None:
        return None
    digits = sum(c.isdigit() for c in text)
    if digits <= MOST_DIGITS and _GROUPED.match(text):
        return int(re.sub(r"[^\d+-]", "", text))
    if digits <= MOST_DIGITS and _WHOLE.match(text):
        return int(re.split(r"[.,]", text)[0])
    raise CellError(
        Text(f"'{text}' bukan bilangan bulat", f"'{text}' is not a whole number"),
        Text(
            "Isi angka saja (2180 atau 2.180), tanpa teks atau satuan; kosongkan bila tidak tahu.",
            "Enter digits only (2180 or 2.180), no text or unit; leave it empty when unknown.",
        ),
    )


def decimal_of(cell: str | None) -> float | None:
    """Return a number with a decimal point or comma: '104.35' and '104,35' are the same.

    With both signs the last one is the decimal sign ('1.234,5').

    Raises:
        CellError: for text.
    """
    text = text_of(cell)
    if text is None:
        return None
    bare = text.replace(" ", "").replace(" ", "")
    if "," in bare:
        comma_last = bare.rfind(",") > bare.rfind(".")
        bare = bare.replace(".", "").replace(",", ".") if comma_last else bare.replace(",", "")
    try:
        value = float(bare)
    except ValueError:
        value = float("nan")
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  (nan test)
        raise CellError(
            Text(f"'{text}' bukan angka", f"'{text}' is not a number"),
            Text(
                "Isi angka desimal seperti 104.35 atau 104,35.",
                "Enter a decimal number such as 104.35 or 104,35.",
            ),
        )
    return value


def truth_of(cell: str | None) -> bool | None:
    """Return yes or no: ya/tidak, yes/no, true/false, 1/0.

    Raises:
        CellError: for anything else.
    """
    text = text_of(cell)
    if text is None:
        return None
    word = text.lower().removesuffix(".0")
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise CellError(
        Text(f"'{text}' bukan ya atau tidak", f"'{text}' is neither yes nor no"),
        Text("Isi ya atau tidak.", "Enter yes or no."),
    )


def date_of(cell: str | None) -> dt.date | None:
    """Return a date: 2024-02-11, 11/02/2024 (day first, as in Indonesia), or 2024-02 for its 1st.

    Raises:
        CellError: for anything else.
    """
    text = text_of(cell)
    if text is None:
        return None
    parts = re.split(r"[-/.]", text.split("T")[0].split(" ")[0])
    try:
        numbers = [int(p) for p in parts]
        if len(numbers) == _PARTS_OF_MONTH:
            return dt.date(numbers[0], numbers[1], 1)
        if len(numbers) == _PARTS_OF_DAY:
            first_is_year = len(parts[0]) == len("2024")
            year, month, day = numbers if first_is_year else reversed(numbers)
            return dt.date(year, month, day)
    except ValueError:
        pass
    raise CellError(
        Text(f"'{text}' bukan tanggal", f"'{text}' is not a date"),
        Text("Tulis tanggal sebagai 2024-02-14.", "Write the date as 2024-02-14."),
    )
