"""Figures of a situation that more than one report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import percent, span
from sispamkota.reports.situation import CLASSES, Situation

Interval = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """Persons of one force: needed, available, and how many are lacking (negative: spare)."""

    force: str
    required: Interval
    available: float | None
    gap: Interval


def class_counts(situation: Situation) -> dict[str, int]:
    """Count TPS per class; khusus TPS are inside their class (a flag, not a class)."""
    counts = dict.fromkeys(CLASSES, 0)
    if situation.scores.height:
        counts.update(dict(situation.scores.group_by("class").len().iter_rows()))
    return counts


def khusus_count(situation: Situation) -> int:
    """Count TPS khusus."""
    return int(situation.tps["khusus"].sum() or 0) if situation.tps.height else 0


def uncertain_count(situation: Situation) -> int:
    """Count TPS whose class would change if unknown answers turned out badly."""
    scores = situation.scores
    return scores.filter(pl.col("certainty") != "certain").height if scores.height else 0


def drawn_class(scores: pl.DataFrame) -> pl.DataFrame:
    """Return tps → the class that its symbol shows: khusus wins over the degree."""
    drawn = pl.when(pl.col("khusus")).then(pl.lit("khusus")).otherwise(pl.col("class"))
    return scores.select("tps", drawn=drawn)


def chosen_need(situation: Situation, grouping: str = "kecamatan") -> Mapping[str, Any] | None:
    """Return the need under the pattern in force, formed inside a kecamatan as the planner does."""
    name = (situation.plan or {}).get("pattern") or situation.pattern
    same = [n for n in situation.need if n.get("name") == name]
    grouped = [n for n in same if n.get("grouping") == grouping]
    return next(iter(grouped or same), None)


def strengths(entry: Mapping[str, Any] | None) -> list[Strength]:
    """Return need, available and gap of each force of one `need` entry."""
    if not entry:
        return []
    required, available = entry.get("required") or {}, entry.get("available") or {}
    low, high = entry.get("required_low") or {}, entry.get("required_high") or {}
    return [
        _strength(force, _interval(force, required, low, high), available.get(force))
        for force in (*required, *(f for f in available if f not in required))
    ]


def _interval(force: str, *ends: Mapping[str, Any]) -> Interval:
    """Return the least and the most persons of a force (over all possible classes)."""
    required, low, high = (end.get(force) for end in ends)
    now = span(required)
    return (
        now[0] if low is None else span(low)[0],
        now[1] if high is None else span(high)[1],
    )


def _strength(force: str, required: Interval, available: object) -> Strength:
    low, high = required
    have = span(available)[0]
    gap: Interval = (None, None)
    if have is not None:
        gap = (None if low is None else low - have, None if high is None else high - have)
    return Strength(force=force, required=(low, high), available=have, gap=gap)


def kecamatan_need(situation: Situation) -> pl.DataFrame:
    """Return one row per kecamatan: TPS per class, teams, Polri required and sent.

    `available` are the officers of the teams that the plan sends there (none before planning); in
    beats of mixed classes they may cover all TPS though the need, which does not mix, is higher.
    The plan's own figures win over the need computed before planning. `required_low` equals
    `required_high` unless unknown answers leave the class of some TPS open.
    """
    columns = {"kecamatan": pl.String(), **dict.fromkeys(_NEED_COLUMNS, pl.Float64())}
    rows = {code: dict.fromkeys(_NEED_COLUMNS) for code in _kecamatan_codes(situation)}
    entry = chosen_need(situation) or {}
    sent = Counter[str]()
    for team in situation.planned("teams_detail"):
        sent[str(team.get("kecamatan"))] += len(team.get("members") or [])
    for code, officers in sent.items():
        rows.setdefault(code, dict.fromkeys(_NEED_COLUMNS))["available"] = officers
    for source in (entry.get("kecamatan") or [], situation.planned("kecamatan")):
        for item in source:
            code = str(item.get("kecamatan"))
            rows.setdefault(code, dict.fromkeys(_NEED_COLUMNS))
            rows[code] |= {k: v for k, v in _need_of(item).items() if v is not None}
    table = pl.DataFrame([{"kecamatan": c, **r} for c, r in rows.items()], schema=columns)
    return _class_columns(situation).join(table, on="kecamatan", how="right").sort("kecamatan")


_NEED_COLUMNS = ("teams", "required_low", "required_high", "available", "uncovered", "gap")


def _need_of(item: Mapping[str, Any]) -> dict[str, float | None]:
    forces = [item.get(key) or {} for key in ("required", "required_low", "required_high")]
    low, high = _interval("polri", *forces)
    if "required_polri" in item:
        low, high = span(item["required_polri"])
    available = item.get("available_polri", (item.get("available") or {}).get("polri"))
    return {
        "teams": span(item.get("teams"))[1],
        "required_low": low,
        "required_high": high,
        "available": span(available)[0],
        "uncovered": span(item.get("uncovered"))[0],
        # An optimality gap, not a shortage: only plan rows carry a bound beside it.
        "gap": span(item.get("gap"))[0] if "lower_bound" in item else None,
    }


def _kecamatan_codes(situation: Situation) -> list[str]:
    listed = situation.areas.filter(pl.col("level") == "kecamatan")["code"].to_list()
    return sorted(set(listed) | set(situation.tps["kecamatan"].drop_nulls().to_list()))


def _class_columns(situation: Situation) -> pl.DataFrame:
    counts = (
        pl.col("tps").filter(pl.col("class") == name).len().cast(pl.Int64).alias(name)
        for name in CLASSES
    )
    return situation.scores.group_by("kecamatan").agg(
        pl.len().cast(pl.Int64).alias("tps"),
        *counts,
        pl.col("khusus").sum().cast(pl.Int64).alias("khusus"),
    )


def certificate_sentence(plan: Mapping[str, Any] | None, lang: Lang) -> str:
    """Say in one plain sentence how good the plan is proven to be."""
    if not plan:
        return Text(
            "Belum ada rencana; jalankan `sispamkota plan guards`.",
            "No plan yet; run `sispamkota plan guards`.",
        ).in_(lang)
    gap, bound = span(plan.get("gap"))[0], span(plan.get("lower_bound"))[0]
    objective = plan.get("objective")
    total = span(objective.get("total") if isinstance(objective, Mapping) else objective)[0]
    if gap is None or bound is None or total is None:
        return Text(
            "Rencana ini tidak membawa batas terbukti.", "This plan carries no proven bound."
        ).in_(lang)
    return Text(
        f"Nilai rencana {number(total, 'id')} detik (tempuh berbobot dan TPS terbuka); terbukti"
        f" tidak ada rencana di bawah {number(bound, 'id')}, jadi rencana lain paling banyak"
        f" {percent(gap, 'id')} lebih murah.",
        f"The plan costs {number(total, 'en')} seconds (weighted travel and open TPS); proven that"
        f" no plan is below {number(bound, 'en')}, so no other can be more than"
        f" {percent(gap, 'en')} cheaper.",
    ).in_(lang)
