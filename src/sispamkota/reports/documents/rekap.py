"""Rekap: the tables of a plan on wide paper, one row per kecamatan, one per post."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.planning.pattern_types import LINMAS_PER_TPS
from sispamkota.reports.documents.blocks import Block, count, head, paragraph, section, table
from sispamkota.reports.documents.execution import padal_of
from sispamkota.reports.documents.formal import Formalities, Standing, formal, words
from sispamkota.reports.labels import whole
from sispamkota.reports.situation import Situation
from sispamkota.reports.summary import certificate_sentence, kecamatan_need

TITLE = Text("REKAPITULASI PENGAMANAN TPS", "SUMMARY OF TPS GUARDS (REKAPITULASI)")
COUNTED = ("tps", "kurang_rawan", "rawan", "sangat_rawan", "khusus", "teams", "available")


def rekap_values(
    situation: Situation,
    standing: Standing,
    papers: Formalities,
    lang: Lang,
    kecamatan: str | None = None,
) -> dict[str, Any]:
    """Return what the template `chapters` prints as a rekap; arguments as of the Renpam."""
    blocks = [
        section(Text("Per kecamatan", "Per kecamatan").in_(lang)),
        _by_kecamatan(situation, lang, kecamatan),
        section(Text("Per pos asal", "Per home post").in_(lang)),
        _by_post(situation, lang, kecamatan),
        section(Text("Mutu", "Quality").in_(lang)),
        paragraph(certificate_sentence(situation.plan, lang)),
    ]
    name = (TITLE.in_(lang), [situation.name.upper()])
    return {
        "formal": formal(situation, standing, papers, name, lang),
        "words": words(lang),
        "flipped": True,
        "signed": True,
        "blocks": blocks,
    }


def _by_kecamatan(situation: Situation, lang: Lang, kecamatan: str | None) -> Block:
    heads = (
        head("Kode", "Code", 1), head("Kecamatan", "Kecamatan", 2.6), count("TPS", "TPS", 0.9),
        count("Kurang rawan", "Kurang rawan", 1), count("Rawan", "Rawan", 0.9),
        count("Sangat rawan", "Sangat rawan", 1), count("Khusus", "Khusus", 0.9),
        count("Tim", "Teams", 0.9), count("Polri", "Polri", 0.9), count("Linmas", "Linmas", 0.9),
        count("Polri perlu", "Polri needed", 1.1), count("Selisih", "Gap", 1),
        count("TPS terbuka", "TPS open", 1), head("Padal (id)", "Padal (id)", 1.7),
    )  # fmt: skip
    frame = kecamatan_need(situation)
    if kecamatan is not None:
        frame = frame.filter(pl.col("kecamatan") == kecamatan)
    names = situation.names()
    rows = [
        (
            row["kecamatan"],
            names.get(row["kecamatan"], row["kecamatan"]),
            *_figures(row, lang),
            padal_of(situation, row["kecamatan"]) or "–",
        )
        for row in frame.iter_rows(named=True)
    ]
    keys = (*COUNTED, "required_low", "required_high", "uncovered")
    total = {key: frame[key].sum() if frame[key].count() else None for key in keys}
    foot = ("", Text("Jumlah", "Total").in_(lang), *_figures(total, lang), "")
    caption = Text(
        "Polri: petugas tim dalam rencana. Perlu dan selisih: menurut pola, tanpa mencampur kelas;"
        " angka positif berarti kurang. Linmas: dua per TPS.",
        "Polri: officers of the plan's teams. Needed and gap: under the pattern, without mixing"
        " classes; a positive figure is a shortage. Linmas: two per TPS.",
    )
    return table(caption.in_(lang), heads, rows, lang, foot)


def _figures(row: dict[str, Any], lang: Lang) -> list[str]:
    low, high, have = row["required_low"], row["required_high"], row["available"]
    gap = None if None in (low, high, have) else [low - have, high - have]
    linmas = None if row["tps"] is None else LINMAS_PER_TPS * row["tps"]
    counted = [whole(row[key], lang) for key in COUNTED]
    return [
        *counted,
        whole(linmas, lang),
        whole([low, high], lang),
        whole(gap, lang),
        whole(row["uncovered"], lang),
    ]


def _by_post(situation: Situation, lang: Lang, kecamatan: str | None) -> Block:
    teams, officers, tps = Counter[str](), Counter[str](), Counter[str]()
    size = {
        str(t.get("id")): len(t.get("members") or []) for t in situation.planned("teams_detail")
    }
    for beat in situation.planned("beats"):
        if not beat.get("team") or kecamatan not in (None, str(beat.get("kecamatan"))):
            continue
        post = str(beat.get("post"))
        teams[post] += 1
        officers[post] += size.get(str(beat["team"]), 0)
        tps[post] += len(beat.get("tps") or [])
    names = dict(situation.posts.select("code", "name").iter_rows())
    heads = (
        head("Pos asal", "Home post", 4), count("Tim", "Teams", 1), count("Polri", "Polri", 1),
        count("TPS dijaga", "TPS guarded", 1.2),
    )  # fmt: skip
    rows = [
        (names.get(p, p), *(number(c[p], lang) for c in (teams, officers, tps)))
        for p in sorted(teams)
    ]
    foot = (Text("Jumlah", "Total").in_(lang),
            *(number(c.total(), lang) for c in (teams, officers, tps)))  # fmt: skip
    return table("", heads, rows, lang, foot)
