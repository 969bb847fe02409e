"""Where the figures of a report come from, what does not add up, and what the plan rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import percent
from sispamkota.reports.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source of one kind of data; `as_of` is the day for which it holds."""

    what: Text
    source: str
    as_of: dt.date | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MismatchRow:
    """A figure that does not agree with another, with the difference."""

    what: str
    stated: Any
    computed: Any
    difference: Any
    sources: str
    note: str = ""


_KINDS = (
    ("areas", Text("Wilayah", "Areas")),
    ("tps", Text("TPS", "TPS")),
    ("posts", Text("Pos", "Posts")),
    ("boundaries", Text("Batas wilayah", "Boundaries")),
    ("figures", Text("Angka resmi", "Official figures")),
    ("contributions", Text("Jawaban indikator", "Indicator answers")),
    ("personnel", Text("Personel", "Personnel")),
)


def source_rows(situation: Situation) -> list[SourceRow]:
    """List every source with its as-of day and how many rows rest on it."""
    rows: list[SourceRow] = []
    for name, what in _KINDS:
        frame: pl.DataFrame = getattr(situation, name)
        if not {"source", "as_of"} <= set(frame.columns):
            continue
        groups = (
            frame.drop_nulls("source").group_by("source", "as_of").len().sort("source", "as_of")
        )
        rows += [
            SourceRow(what=what, source=source, as_of=as_of, rows=count)
            for source, as_of, count in groups.iter_rows()
        ]
    return rows


def mismatch_rows(situation: Situation, lang: Lang) -> list[MismatchRow]:
    """Return the mismatches of `check` with words in `lang` and their sources joined."""
    return [
        MismatchRow(
            what=_words(item.get("what"), lang),
            stated=item.get("stated"),
            computed=item.get("computed"),
            difference=_difference(item),
            sources=_sources(item.get("sources")),
            note=_words(item.get("note"), lang),
        )
        for item in situation.mismatches
    ]


def _difference(item: Mapping[str, Any]) -> Any:
    """Return stated - computed with its sign where both are numbers."""
    stated, computed = item.get("stated"), item.get("computed")
    if isinstance(stated, int | float) and isinstance(computed, int | float):
        return stated - computed
    return item.get("difference")


def _words(value: object, lang: Lang) -> str:
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get("en") or "")
    return "" if value is None else str(value)


def _sources(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return "" if value is None else str(value)


def certificate_rows(situation: Situation, lang: Lang) -> list[tuple[str, str]]:
    """Return name and value of each line of the plan's certificate, assumptions last."""
    certificate = (situation.plan or {}).get("certificate") or {}
    names = (
        ("lower_bound", Text("Batas bawah terbukti", "Proven lower bound")),
        ("gap", Text("Selisih relatif", "Relative gap")),
        ("solver", Text("Penyelesai", "Solver")),
        ("seed", Text("Benih acak", "Seed")),
        ("created_at", Text("Dibuat", "Made at")),
        ("inputs_sha256", Text("SHA-256 masukan", "SHA-256 of inputs")),
        ("versions", Text("Versi", "Versions")),
    )
    rows = [
        (text.in_(lang), _certified(key, certificate[key], lang))
        for key, text in names
        if certificate.get(key) is not None
    ]
    assumption = Text("Asumsi", "Assumption").in_(lang)
    degraded = Text("Diturunkan", "Degraded").in_(lang)
    rows += [(assumption, _words(a, lang)) for a in certificate.get("assumptions") or []]
    rows += [(degraded, _words(d, lang)) for d in situation.planned("degraded")]
    return rows


def _certified(key: str, value: object, lang: Lang) -> str:
    if key == "gap":
        return percent(value, lang, 2)
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, float):
        return number(value, lang, 1)
    return str(value)


def notes(situation: Situation) -> list[Text]:
    """Say what a reader must know before trusting positions, areas and voter figures."""
    found: list[Text] = []
    about = situation.tps.filter(pl.col("position") != "surveyed").height
    if about:
        total = situation.tps.height
        found.append(
            Text(
                f"Posisi {number(about, 'id')} dari {number(total, 'id')} TPS adalah perkiraan di"
                " dalam desanya, bukan hasil pengukuran; waktu tempuh ikut perkiraan.",
                f"Positions of {number(about, 'en')} of {number(total, 'en')} TPS are approximate"
                " places inside their desa, not surveyed; travel times share that doubt.",
            )
        )
    estimated = situation.counts.get("dpt_estimated")
    if estimated:
        found.append(
            Text(
                f"DPT per desa sebagian perkiraan: {number(estimated, 'id')} pemilih.",
                f"DPT per desa is partly an estimate: {number(estimated, 'en')} voters.",
            )
        )
    return found
