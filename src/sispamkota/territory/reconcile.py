"""Do the totals add up? Every difference is shown with its sources; none is repaired.

The rules are data (`data/reconcile.toml`): which measure should equal which others. Beside them
two comparisons always hold: a stated figure against what is counted or summed from its parts,
and two sources of the same measure against each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text
from sispamkota.territory import counts as counting
from sispamkota.territory.model import Territory
from sispamkota.territory.rules import Rule, load_rules, measure_name

KEY = ["subject", "measure", "stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A stated figure that another figure contradicts.

    Attributes:
        rule: name of the rule (`sources`, `counted`, `children`, or one of the data file).
        subject: area code the figure is about.
        what: what is compared.
        stated: the figure as published.
        computed: what its parts, its children, the count or the other source give.
        difference: how far apart the two are (never negative; the direction shows in them).
        sources: who says so; first of the stated figure.
        note: a known explanation, always marked as inference.
    """

    rule: str
    subject: str
    what: Text
    stated: int
    computed: int
    difference: int
    sources: tuple[str, ...]
    note: Text | None = None

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the keys of design.md section 3, and the rule, subject and note beside them."""
        return {
            "what": self.what.in_(lang),
            "stated": self.stated,
            "computed": self.computed,
            "difference": self.difference,
            "sources": list(self.sources),
            "rule": self.rule,
            "subject": self.subject,
            "note": self.note.in_(lang) if self.note else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was counted and what does not agree.

    Attributes:
        counts: kecamatan, desa, tps, tps_khusus, dpt, dpt_estimated (the part of dpt that is an
            estimate); dpt is None where no voter figure is known.
        mismatches: largest areas first.
        stage: the election that the counts are about.
    """

    counts: dict[str, int | None]
    mismatches: tuple[Mismatch, ...]
    stage: str


def reconcile(territory: Territory, stage: str | None = None) -> Check:
    """Count a territory and compare every published figure with its parts and with the others.

    Args:
        territory: tables to check.
        stage: election of the TPS and area lists; without it the one most figures are about.

    Returns:
        Counts and mismatches.
    """
    stage = stage or _main_stage(territory.figures)
    counted = counting.counted(territory, stage)
    picked = counting.latest(territory.figures)
    summed = counting.summed(picked, territory.areas)
    found = [
        *_against_lists(territory.figures, counted),
        *_against_children(picked, summed, counted),
        *_between_sources(territory.figures, counted),
        *(m for rule in load_rules() for m in _by_rule(rule, picked)),
    ]
    found.sort(key=lambda m: (len(m.subject), m.subject, m.rule, -m.difference))
    return Check(
        counts=counting.headline(territory, picked, stage),
        mismatches=tuple(found),
        stage=stage,
    )


def _main_stage(figures: pl.DataFrame) -> str:
    if figures.is_empty():
        return ""
    sizes = figures.group_by("stage").len().sort("len", "stage", descending=[True, False])
    return str(sizes["stage"][0])


def _origin(row: dict[str, Any]) -> str:
    return f"{row['source']} ({row['as_of']})"


def _what(row: dict[str, Any], suffix: Text) -> Text:
    name = measure_name(row["measure"])
    place = f"{row['subject']} {row['stage']}".strip()
    return Text(f"{name.id} {place}: {suffix.id}", f"{name.en} {place}: {suffix.en}")


def _against_lists(figures: pl.DataFrame, counted: pl.DataFrame) -> list[Mismatch]:
    """Compare stated numbers of desa and TPS with the lists themselves.

    Where one source agrees with the list, `_between_sources` tells of the others: once is enough.
    """
    agrees = pl.col("value") == pl.col("counted")
    joined = (
        counting.latest_by_source(figures)
        .join(counted, on=KEY, how="inner")
        .filter(~agrees.any().over(KEY))
    )
    suffix = Text(
        "pernyataan dibanding hitungan dari daftar", "stated against counted from the list"
    )
    return [
        Mismatch(
            rule="counted", subject=r["subject"], what=_what(r, suffix), stated=r["value"],
            computed=r["counted"], difference=abs(r["counted"] - r["value"]),
            sources=(_origin(r), r["list_source"]),
        )
        for r in joined.iter_rows(named=True)
    ]  # fmt: skip


def _against_children(
    picked: pl.DataFrame, summed: pl.DataFrame, counted: pl.DataFrame
) -> list[Mismatch]:
    """Compare an area's figure with the sum over all areas directly below it."""
    joined = (
        picked.join(summed, on=KEY, how="inner")
        .join(counted, on=KEY, how="anti")
        .filter(pl.col("value") != pl.col("summed"))
    )
    suffix = Text("dibanding jumlah wilayah di bawahnya", "against the sum of the areas below")
    return [
        Mismatch(
            rule="children", subject=r["subject"], what=_what(r, suffix), stated=r["value"],
            computed=r["summed"], difference=abs(r["summed"] - r["value"]),
            sources=(_origin(r), *r["child_sources"]),
        )
        for r in joined.iter_rows(named=True)
    ]  # fmt: skip


def _between_sources(figures: pl.DataFrame, counted: pl.DataFrame) -> list[Mismatch]:
    """Compare the sources of one figure with the latest of them; counted ones only among stated."""
    latest = counting.latest_by_source(figures)
    several = latest.filter(pl.col("value").n_unique().over(KEY) > 1)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in several.sort("as_of", "order", descending=True).iter_rows(named=True):
        groups[tuple(row[k] for k in KEY)].append(row)
    by_list = {tuple(r[k] for k in KEY): r["counted"] for r in counted.iter_rows(named=True)}
    suffix = Text("dua sumber berbeda", "two sources disagree")
    found = []
    for key, rows in groups.items():
        # The list itself settles which of the stated figures is the reference, if any agrees.
        agreeing = [r for r in rows if r["value"] == by_list.get(key)]
        reference = (agreeing or rows)[0]
        found += [
            Mismatch(
                rule="sources", subject=r["subject"], what=_what(r, suffix), stated=r["value"],
                computed=reference["value"], difference=abs(reference["value"] - r["value"]),
                sources=(_origin(r), _origin(reference)),
            )
            for r in rows
            if r["value"] != reference["value"]
        ]  # fmt: skip
    return found


def _by_rule(rule: Rule, picked: pl.DataFrame) -> list[Mismatch]:
    """Apply one arithmetic rule wherever all its terms are known."""
    wanted = [rule.stated, *rule.terms, *rule.optional]
    rows = picked.filter(pl.col("measure").is_in(wanted))
    if rule.stages:
        rows = rows.filter(pl.col("stage").str.split("_").list.first().is_in(list(rule.stages)))
    groups: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows.iter_rows(named=True):
        groups[row["subject"], row["stage"]][row["measure"]] = row
    found = []
    for (subject, stage), known in groups.items():
        if rule.stated not in known or not rule.terms.keys() <= known.keys():
            continue
        parts = {m: f for m, f in (rule.terms | rule.optional).items() if m in known}
        computed = sum(f * known[m]["value"] for m, f in parts.items())
        stated = known[rule.stated]["value"]
        if computed == stated:
            continue
        origins = dict.fromkeys(_origin(known[m]) for m in (rule.stated, *parts))
        place = f"{subject} {stage}".strip()
        found.append(
            Mismatch(
                rule=rule.id, subject=subject, stated=stated, computed=computed,
                what=Text(f"{rule.what.id} ({place})", f"{rule.what.en} ({place})"),
                difference=abs(computed - stated), sources=tuple(origins), note=rule.note,
            )
        )  # fmt: skip
    return found
