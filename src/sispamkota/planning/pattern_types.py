"""Doctrine patterns: how many Polri guard how many TPS of each category, as dated, sourced data.

Sources print a pattern as three numbers in different orders, so a pattern here has named fields
only (domain rule 1.2). Two rules stand above every pattern and are told as warnings where a
pattern differs: Linmas are two per TPS, and no officer stands alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sispamkota.kernel.text import Lang, Text

CATEGORIES = ("kurang_rawan", "rawan", "sangat_rawan", "khusus")
LINMAS_PER_TPS = 2
"""The law gives each TPS two order officers set by the PPS (Perppu 1/2014 art. 89(5))."""
BUDDY = 2
"""Officers who stay together at least (buddy system)."""

Kind = Literal["ratio", "per_kecamatan"]
Basis = Literal["printed", "derived", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How TPS of one category are guarded.

    Attributes:
        polri: officers of one team.
        tps: TPS that one team guards; None = one team on standby in each kecamatan with such TPS.
        linmas: Linmas of those TPS as the source states it, None where it is silent.
        basis: whether the source prints the figure, or it was derived or assumed.
        source: who says so.
    """

    polri: int
    tps: int | None
    linmas: int | None
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a pattern does that the rules above it do not allow; `breach` ends in exit code 1."""

    code: str
    category: str | None
    message: Text
    breach: bool

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the remark as `warnings[]` of `need` prints it."""
        return {
            "code": self.code,
            "category": self.category,
            "message": self.message.in_(lang),
            "breach": self.breach,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One doctrine pattern; makes no plan and counts nothing.

    Attributes:
        name: unique name, as `--pattern` takes it.
        event: election it was used in, e.g. `pemilu-2024`.
        kind: `ratio`, or `per_kecamatan` where kurang rawan has a standby team per kecamatan.
        guards: category → how it is guarded; all four categories.
        source, as_of: who said so and for which day.
        note: what a reader must know.
    """

    name: str
    event: str
    kind: Kind
    guards: Mapping[str, Guard] = field(hash=False)
    source: str
    as_of: dt.date
    note: Text

    def remarks(self) -> tuple[Remark, ...]:
        """Return where the pattern breaks the two-officer rule or differs on Linmas."""
        found = []
        for category, guard in self.guards.items():
            if guard.polri < BUDDY:
                found.append(_alone(category, guard))
            if guard.linmas is not None and guard.tps is not None:
                lawful = LINMAS_PER_TPS * guard.tps
                if guard.linmas != lawful:
                    found.append(_linmas(category, guard.linmas, guard.tps, lawful))
        return tuple(found)


def _alone(category: str, guard: Guard) -> Remark:
    label = category.replace("_", " ")
    return Remark(
        code="buddy_rule",
        category=category,
        message=Text(
            f"{label}: {guard.polri} Polri berjaga sendiri; aturan dua orang menuntut paling"
            f" sedikit {BUDDY} bersama",
            f"{label}: {guard.polri} Polri stands alone; the two-officer rule asks for at least"
            f" {BUDDY} together",
        ),
        breach=True,
    )


def _linmas(category: str, stated: int, tps: int, lawful: int) -> Remark:
    label = category.replace("_", " ")
    return Remark(
        code="linmas_not_two_per_tps",
        category=category,
        message=Text(
            f"{label}: pola menyebut {stated} Linmas untuk {tps} TPS; menurut aturan dua per TPS,"
            f" yaitu {lawful}. Kebutuhan dihitung menurut aturan",
            f"{label}: the pattern says {stated} Linmas for {tps} TPS; the law gives two per TPS,"
            f" that is {lawful}. The need is counted by the law",
        ),
        breach=False,
    )
