"""The one value that every report is made of: what is known, what is needed, what is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sispamkota.kernel.text import Text

REASONS: dict[str, pl.DataType] = {"tps": pl.String(), "id": pl.String(), "en": pl.String()}

CLASSES = ("kurang_rawan", "rawan", "sangat_rawan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a report may show, gathered beforehand; reports read nothing else.

    Attributes:
        name: name of the operation.
        election: `pemilu` or `pilkada`.
        voting_day: H, where it is set.
        sample: True when any part is generated; every page and sheet then says CONTOH.
        pattern: name of the doctrine pattern in force.
        made_at: when the report was made (given, for reports have no clock).
        areas, tps, posts, boundaries, figures: territory frames; `tps` with placed positions.
        scores, contributions: vulnerability frames.
        reasons: one row per reason of a TPS, in both languages (REASONS).
        personnel: roster frame (opaque ids only).
        need: `patterns[]` of the `need` command; an entry may carry `kecamatan[]`.
        plan: the guard plan, or None before planning. Any key may be missing.
        counts, mismatches: the two keys of the `check` command.
    """

    name: str
    election: str
    voting_day: dt.date | None
    sample: bool
    pattern: str = ""
    made_at: dt.datetime | None = None
    areas: pl.DataFrame
    tps: pl.DataFrame
    posts: pl.DataFrame
    boundaries: pl.DataFrame
    figures: pl.DataFrame
    scores: pl.DataFrame
    contributions: pl.DataFrame
    reasons: pl.DataFrame
    personnel: pl.DataFrame
    need: Sequence[Mapping[str, Any]] = ()
    plan: Mapping[str, Any] | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)
    mismatches: Sequence[Mapping[str, Any]] = ()

    def names(self) -> dict[str, str]:
        """Return area code → name."""
        return dict(self.areas.select("code", "name").iter_rows())

    def planned(self, key: str) -> list[dict[str, Any]]:
        """Return a list of the plan (`beats`, `uncovered`, ...), empty where it has none."""
        return list((self.plan or {}).get(key) or [])

    def sample_parts(self) -> tuple[Text, ...]:
        """Say which parts are generated, so that the CONTOH label tells what not to trust."""
        parts: list[Text] = []
        if _has_sample(self.contributions):
            parts.append(Text("jawaban indikator", "indicator answers"))
        if _has_sample(self.personnel):
            parts.append(Text("daftar personel", "the roster"))
        if (self.plan or {}).get("sample"):
            parts.append(Text("rencana pengamanan", "the guard plan"))
        return tuple(parts)

    def sample_label(self) -> Text | None:
        """Return the CONTOH label of every page and sheet, or None for real data alone."""
        if not self.sample:
            return None
        parts = self.sample_parts()
        if not parts:
            return Text(
                "CONTOH: sebagian data dibangkitkan, bukan data nyata.",
                "CONTOH (sample): part of the data is generated, not real.",
            )
        return Text(
            f"CONTOH: {_listed([p.id for p in parts], 'dan')} dibangkitkan, bukan data nyata.",
            f"CONTOH (sample), generated, not real: {_listed([p.en for p in parts], 'and')}.",
        )


def _has_sample(frame: pl.DataFrame) -> bool:
    return "sample" in frame.columns and bool(frame["sample"].any())


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
