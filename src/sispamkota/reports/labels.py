"""Words, colours and shapes of the reports, one place for all of them (direction "peta kerja")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sispamkota.kernel.text import Lang, Text, number

CLASS_TEXT: dict[str, Text] = {
    "kurang_rawan": Text("Kurang rawan", "Kurang rawan (low)"),
    "rawan": Text("Rawan", "Rawan (vulnerable)"),
    "sangat_rawan": Text("Sangat rawan", "Sangat rawan (highly vulnerable)"),
    "khusus": Text("Khusus", "Khusus (special site)"),
}
# Official terms stay Indonesian in English too; the short form is for cells and tooltips.
CLASS_SHORT = {
    "kurang_rawan": "Kurang rawan",
    "rawan": "Rawan",
    "sangat_rawan": "Sangat rawan",
    "khusus": "Khusus",
}
CLASS_COLOUR = {
    "kurang_rawan": "#E8E2CF",
    "rawan": "#EDBB5F",
    "sangat_rawan": "#CB6A2A",
    "khusus": "#7C2414",
}
# Ink that keeps at least 4.5:1 on each class colour (checked in tests).
CLASS_INK = {
    "kurang_rawan": "#17222B",
    "rawan": "#17222B",
    "sangat_rawan": "#000000",
    "khusus": "#FFFFFF",
}
CAUTION, CAUTION_INK = "#E0B04A", "#1D1500"

CERTAINTY_TEXT: dict[str, Text] = {
    "certain": Text("pasti", "certain"),
    "possible": Text("mungkin", "possible"),
    "unknown": Text("belum diketahui", "unknown"),
}
POSITION_TEXT: dict[str, Text] = {
    "surveyed": Text("diukur", "surveyed"),
    "approximate": Text("perkiraan", "approximate"),
    "representative_point": Text("titik dalam wilayah", "point inside the area"),
    "centroid": Text("titik tengah", "centroid"),
}
POST_TEXT: dict[str, Text] = {
    "polres": Text("Polres", "Polres (regency police)"),
    "polsek": Text("Polsek", "Polsek (sector police)"),
    "koramil": Text("Koramil", "Koramil (army post)"),
    "hospital": Text("Rumah sakit", "Hospital"),
    "damkar": Text("Damkar", "Damkar (fire station)"),
    "bpbd": Text("BPBD", "BPBD (disaster agency)"),
    "pemda": Text("Pemda", "Pemda (local government)"),
    "other": Text("Pos lain", "Other post"),
}
# K and S belong to the classes, so posts keep off these two letters.
POST_LETTER = {
    "polres": "R",
    "polsek": "P",
    "koramil": "T",
    "hospital": "H",
    "damkar": "D",
    "bpbd": "B",
    "pemda": "G",
    "other": "L",
}
FORCE_TEXT: dict[str, Text] = {
    "polri": Text("Polri", "Polri"),
    "tni": Text("TNI", "TNI"),
    "linmas": Text("Linmas", "Linmas"),
    "satpol_pp": Text("Satpol PP", "Satpol PP"),
}
TRANSPORT_TEXT: dict[str, Text] = {
    "motorcycle": Text("sepeda motor", "motorcycle"),
    "car": Text("mobil", "car"),
    "boat": Text("perahu", "boat"),
}
GROUPING_TEXT: dict[str, Text] = {
    "regency": Text("sekabupaten", "regency-wide"),
    "kabupaten": Text("sekabupaten", "regency-wide"),
    "kecamatan": Text("dalam kecamatan", "inside a kecamatan"),
    "desa": Text("dalam desa", "inside a desa"),
}
HANDLING = Text(
    "Untuk perencana dan komandan: memuat alasan kerawanan TPS. Jangan disebarluaskan.",
    "For planners and commanders: holds the reasons of TPS vulnerability. Do not circulate.",
)

MONTHS_ID = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def word(table: Mapping[str, Text], code: object, lang: Lang) -> str:
    """Return the label of `code`; a code without a label is shown as it is."""
    if code is None:
        return ""
    text = table.get(str(code))
    return text.in_(lang) if text else str(code)


def day(value: dt.date | str | None, lang: Lang) -> str:
    """Write a date in words: 14 Februari 2024. Text that is no date is shown as it is."""
    if value is None:
        return "–"
    if isinstance(value, str):
        try:
            return day(dt.date.fromisoformat(value[:10]), lang)
        except ValueError:
            return value
    months = MONTHS_ID if lang == "id" else MONTHS_EN
    return f"{value.day} {months[value.month - 1]} {value.year}"


def whole(value: object, lang: Lang) -> str:
    """Write a count; an interval as 'low–high'; a missing one as a dash."""
    low, high = span(value)
    if low is None or high is None:
        return "–"
    if low == high:
        return number(low, lang)
    return f"{number(low, lang)}–{number(high, lang)}"


def span(value: object) -> tuple[float | None, float | None]:
    """Read a figure that may be one number, [low, high] or {"low", "high"}."""
    if isinstance(value, Mapping):
        return _real(value.get("low")), _real(value.get("high"))
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004  (an interval)
        return _real(value[0]), _real(value[1])
    one = _real(value)
    return one, one


def _real(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def percent(value: object, lang: Lang, decimals: int = 1) -> str:
    """Write a share: 0.031 → '3,1 %'."""
    real = _real(value)
    return "–" if real is None else f"{number(100 * real, lang, decimals)} %"


def minutes(seconds: object, lang: Lang) -> str:
    """Write seconds as minutes with one decimal, the unit left to the heading."""
    real = _real(seconds)
    return "–" if real is None else number(real / 60, lang, 1)
