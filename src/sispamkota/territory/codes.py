"""KPU codes of areas and TPS: digits that nest.

Province 2, regency 4, kecamatan 6, desa 10, TPS 13 digits.

The KPU code of 2024 is the Kemendagri code without its dots (16.08.01.1007 = 1608011007). BPS
numbers the same places differently (OKU Timur is 1609 there), so BPS codes are only ever
carried as a cross-reference and never compared with these.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

LEVELS: Final[dict[int, str]] = {
    2: "provinsi",
    4: "kabupaten_kota",
    6: "kecamatan",
    10: "desa_kelurahan",
}
KECAMATAN_DIGITS: Final = 6
DESA_DIGITS: Final = 10
TPS_DIGITS: Final = 13
FIRST_KHUSUS: Final = 901
LAST_NUMBER: Final = 999
_GROUPS: Final = (2, 4, 6)


def level_of(code: str) -> str | None:
    """Return the level that a code's length stands for, or None for a length no area has."""
    return LEVELS.get(len(code))


def parent_of(code: str) -> str | None:
    """Return the code of the area (or, for a TPS, the desa) above; None for a provinsi."""
    lengths = [n for n in (*LEVELS, TPS_DIGITS) if n < len(code)]
    return code[: lengths[-1]] if lengths else None


def dotted(code: str) -> str:
    """Write an area code as Kemendagri does: '1608011007' → '16.08.01.1007'."""
    edges = [0, *(n for n in _GROUPS if n < len(code)), len(code)]
    return ".".join(code[a:b] for a, b in pairwise(edges))


def tps_code(desa: str, number: int) -> str:
    """Return the code of TPS `number` of a desa: ('1608011007', 1) → '1608011007001'."""
    return f"{desa}{number:03d}"


def is_khusus(number: int) -> bool:
    """Say whether KPU numbers this TPS as one at a special location (901 and up)."""
    return number >= FIRST_KHUSUS
