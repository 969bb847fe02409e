"""How many teams and people a doctrine pattern asks for, before any plan is made.

A team is never shared between categories here (the planner may mix them), so within each group of
TPS `teams = ceil(TPS of the category / TPS per team)`. Grouped over the whole regency this is the
least that any plan of that pattern needs without mixing; grouped inside a desa it is the most.

`gap` = required - available: above 0 so many people are short, at or below 0 none are (the
amount below is spare). It is never rounded. Where available is not known, it is None, not 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.planning.need_interval import Boxes, Ints, Ratio, extremes
from sispamkota.planning.need_tally import grouped, tally_scores
from sispamkota.planning.pattern_types import CATEGORIES, LINMAS_PER_TPS, Guard, Pattern, Remark
from sispamkota.vulnerability.frames import CLASSES

Grouping = Literal["regency", "kecamatan", "desa"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
FORCES = ("polri", "linmas")
Available = Mapping[str, int | None]

KECAMATAN_NEED: dict[str, pl.DataType] = {
    "kecamatan": pl.String(),
    "tps": pl.Int64(),
    **dict.fromkeys(CATEGORIES, pl.Int64()),
    "teams": pl.Int64(),
    "polri": pl.Int64(),
    "polri_low": pl.Int64(),
    "polri_high": pl.Int64(),
    "linmas": pl.Int64(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryNeed:
    """Need of one category at the classes in force: TPS, teams and persons."""

    tps: int
    teams: int
    polri: int
    linmas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one pattern asks for under one grouping.

    Attributes:
        pattern: name of the pattern.
        grouping: area inside which TPS share a team.
        teams: teams at the classes in force.
        required: persons by force at the classes in force.
        required_low, required_high: least and most over all possible classes; equal to
            `required` where every class is certain.
        available: persons by force; None or absent = not known.
        categories: need per category (khusus apart from the three classes).
        kecamatan: KECAMATAN_NEED frame; empty where teams cross kecamatan or only counts are
            known.
        remarks: where the pattern breaks a rule above it.
    """

    pattern: str
    grouping: Grouping
    teams: int
    required: Mapping[str, int]
    required_low: Mapping[str, int]
    required_high: Mapping[str, int]
    available: Available
    categories: Mapping[str, CategoryNeed]
    kecamatan: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KECAMATAN_NEED))
    remarks: tuple[Remark, ...] = ()

    @property
    def gap(self) -> dict[str, int | None]:
        """Persons short at the classes in force (negative: spare), by force."""
        return _gap(self.required, self.available)

    @property
    def short(self) -> bool:
        """Whether any force is short, or may be once uncertain classes become known."""
        worst = _gap(self.required_high, self.available)
        return any(gap is not None and gap > 0 for gap in worst.values())

    @property
    def breach(self) -> bool:
        """Whether the pattern breaks the two-officer rule."""
        return any(remark.breach for remark in self.remarks)

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return one entry of `patterns[]` (design.md section 3)."""
        return {
            "name": self.pattern,
            "grouping": self.grouping,
            "teams": self.teams,
            "required": dict(self.required),
            "required_low": dict(self.required_low),
            "required_high": dict(self.required_high),
            "available": {
                force: self.available.get(force)
                for force in (*FORCES, *(f for f in self.available if f not in FORCES))
            },
            "gap": self.gap,
            "gap_low": _gap(self.required_low, self.available),
            "gap_high": _gap(self.required_high, self.available),
            "warnings": [remark.as_json(lang) for remark in self.remarks],
            "categories": {
                name: {"tps": c.tps, "teams": c.teams, "polri": c.polri, "linmas": c.linmas}
                for name, c in self.categories.items()
            },
            "kecamatan": [_kecamatan_json(row) for row in self.kecamatan.iter_rows(named=True)],
        }


def need_from_counts(
    counts: Mapping[str, int],
    pattern: Pattern,
    *,
    available: Available | None = None,
    kecamatan: int | None = None,
) -> Need:
    """Return the need of bare TPS counts, grouped over the whole area.

    Args:
        counts: category → TPS; `khusus` TPS are not in another category. Missing = 0.
        pattern: the doctrine pattern.
        available: persons by force, where known.
        kecamatan: how many kecamatan there are; needed by a pattern with standby per kecamatan.

    Raises:
        DomainError: `unknown_category`, `negative_count` or `kecamatan_needed`.
    """
    known = _checked(counts)
    categories = {
        name: _category(known[name], _teams(known[name], pattern, name, kecamatan), guard)
        for name, guard in pattern.guards.items()
    }
    required = {
        "polri": sum(c.polri for c in categories.values()),
        "linmas": sum(c.linmas for c in categories.values()),
    }
    return Need(
        pattern=pattern.name,
        grouping="regency",
        teams=sum(c.teams for c in categories.values()),
        required=required,
        required_low=required,
        required_high=required,
        available=dict(available or {}),
        categories=categories,
        remarks=pattern.remarks(),
    )


def need_table(
    scores: pl.DataFrame,
    pattern: Pattern,
    grouping: Grouping,
    available: Available | None = None,
) -> Need:
    """Return the need of a SCORES frame; for several patterns make the tally once instead."""
    return need_from_tally(tally_scores(scores), pattern, grouping, available)


def need_from_tally(
    tally: pl.DataFrame,
    pattern: Pattern,
    grouping: Grouping,
    available: Available | None = None,
) -> Need:
    """Return the need of a TALLY frame.

    Standby teams belong to a kecamatan, so a `per_kecamatan` pattern is grouped inside a
    kecamatan whatever grouping is asked for; its remarks say so where that changes the figures.

    Args:
        tally: from `tally_scores`.
        pattern: the doctrine pattern.
        grouping: area inside which TPS share a team.
        available: persons by force, where known.
    """
    used: Grouping = "kecamatan" if pattern.kind == "per_kecamatan" else grouping
    groups = _group_needs(grouped(tally, used), pattern)
    teams = {name: int(groups[f"teams_{name}"].sum()) for name in CATEGORIES}
    categories = {
        name: _category(int(groups[name].sum()), teams[name], guard)
        for name, guard in pattern.guards.items()
    }
    linmas = int(groups["linmas"].sum())
    low, now, high = (int(groups[c].sum()) for c in ("polri_low", "polri", "polri_high"))
    return Need(
        pattern=pattern.name,
        grouping=grouping,
        teams=sum(teams.values()),
        required={"polri": now, "linmas": linmas},
        required_low={"polri": low, "linmas": linmas},
        required_high={"polri": high, "linmas": linmas},
        available=dict(available or {}),
        categories=categories,
        kecamatan=_per_kecamatan(groups),
        remarks=(*pattern.remarks(), *_regrouped(pattern, grouping, used)),
    )


def _group_needs(groups: pl.DataFrame, pattern: Pattern) -> pl.DataFrame:
    """Add teams and persons to each group of a tally."""
    ratios = tuple(Ratio(pattern.guards[c].polri, pattern.guards[c].tps) for c in CLASSES)
    boxes = Boxes(
        least=_matrix(groups, "least_"),
        most=_matrix(groups, "most_"),
        total=groups.select(pl.sum_horizontal(*CLASSES)).to_series().to_numpy().astype(np.int64),
    )
    low, high = extremes(boxes, (ratios[0], ratios[1], ratios[2]))
    khusus = pl.col("teams_khusus") * pattern.guards["khusus"].polri
    teams = groups.with_columns(
        _team_count(name, guard).alias(f"teams_{name}") for name, guard in pattern.guards.items()
    )
    return teams.with_columns(
        tps=pl.sum_horizontal(*CATEGORIES),
        teams=pl.sum_horizontal(*(f"teams_{name}" for name in CATEGORIES)),
        polri=pl.sum_horizontal(
            *(pl.col(f"teams_{name}") * guard.polri for name, guard in pattern.guards.items())
        ),
        polri_low=pl.Series(low, dtype=pl.Int64) + khusus,
        polri_high=pl.Series(high, dtype=pl.Int64) + khusus,
        linmas=pl.sum_horizontal(*CATEGORIES) * LINMAS_PER_TPS,
    )


def _matrix(groups: pl.DataFrame, prefix: str) -> Ints:
    columns = [groups[prefix + name].to_numpy().astype(np.int64) for name in CLASSES]
    return np.column_stack(columns)


def _team_count(category: str, guard: Guard) -> pl.Expr:
    tps = pl.col(category)
    if guard.tps is None:
        return (tps > 0).cast(pl.Int64)
    return (tps + guard.tps - 1) // guard.tps


def _per_kecamatan(groups: pl.DataFrame) -> pl.DataFrame:
    if "kecamatan" not in groups.columns:
        return pl.DataFrame(schema=KECAMATAN_NEED)
    sums = groups.group_by("kecamatan").agg(pl.col(list(KECAMATAN_NEED)[1:]).sum())
    return sums.select(pl.col(n).cast(k) for n, k in KECAMATAN_NEED.items()).sort("kecamatan")


def _regrouped(pattern: Pattern, asked: Grouping, used: Grouping) -> tuple[Remark, ...]:
    shared = any(g.tps is not None and g.tps > 1 for g in pattern.guards.values())
    if asked == used or not shared:
        return ()
    return (
        Remark(
            code="grouped_in_kecamatan",
            category=None,
            message=Text(
                "pola siaga per kecamatan selalu dikelompokkan di dalam kecamatan",
                "a pattern with standby per kecamatan is always grouped inside a kecamatan",
            ),
            breach=False,
        ),
    )


def _category(tps: int, teams: int, guard: Guard) -> CategoryNeed:
    return CategoryNeed(
        tps=tps, teams=teams, polri=teams * guard.polri, linmas=tps * LINMAS_PER_TPS
    )


def _teams(tps: int, pattern: Pattern, category: str, kecamatan: int | None) -> int:
    per_team = pattern.guards[category].tps
    if per_team is not None:
        return -(-tps // per_team)
    if kecamatan is None:
        raise DomainError(
            "kecamatan_needed",
            Text(
                f"pola {pattern.name} menyiagakan tim per kecamatan; jumlah kecamatan tidak ada",
                f"pattern {pattern.name} has standby teams per kecamatan; their number is missing",
            ),
            Text("Tambahkan --kecamatan N.", "Add --kecamatan N."),
            {"pattern": pattern.name},
        )
    # Fewer such TPS than kecamatan: the kecamatan without any needs no standby team.
    return min(kecamatan, tps)


def _checked(counts: Mapping[str, int]) -> dict[str, int]:
    unknown = [name for name in counts if name not in CATEGORIES]
    if unknown:
        names = ", ".join(CATEGORIES)
        raise DomainError(
            "unknown_category",
            Text(f"kelas '{unknown[0]}' tidak dikenal", f"category '{unknown[0]}' is not known"),
            Text(f"Pilih dari: {names}.", f"Choose from: {names}."),
            {"counts": unknown[0]},
        )
    negative = [name for name, count in counts.items() if count < 0]
    if negative:
        name = negative[0]
        raise DomainError(
            "negative_count",
            Text(f"{name}: jumlah TPS di bawah nol", f"{name}: the number of TPS is below zero"),
            Text("Isi 0 atau lebih.", "Enter 0 or more."),
            {"counts": name, "value": counts[name]},
        )
    return {name: counts.get(name, 0) for name in CATEGORIES}


def _gap(required: Mapping[str, int], available: Available) -> dict[str, int | None]:
    gaps: dict[str, int | None] = {}
    for force, persons in required.items():
        have = available.get(force)
        gaps[force] = None if have is None else persons - have
    return gaps


def _kecamatan_json(row: Mapping[str, Any]) -> dict[str, Any]:
    linmas = row["linmas"]
    return {
        "kecamatan": row["kecamatan"],
        "tps": row["tps"],
        "categories": {name: row[name] for name in CATEGORIES},
        "teams": row["teams"],
        "required": {"polri": row["polri"], "linmas": linmas},
        "required_low": {"polri": row["polri_low"], "linmas": linmas},
        "required_high": {"polri": row["polri_high"], "linmas": linmas},
    }
