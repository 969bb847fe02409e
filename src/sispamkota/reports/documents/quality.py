"""Chapters of the Renpam that say how far it can be trusted: certificate, assumptions, sources."""

from __future__ import annotations

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    count,
    head,
    paragraph,
    points,
    section,
    table,
)
from sispamkota.reports.documents.formal import STATE_TEXT, Standing
from sispamkota.reports.documents.official import Official
from sispamkota.reports.documents.setting import doubts
from sispamkota.reports.labels import day
from sispamkota.reports.situation import Situation
from sispamkota.reports.sources import certificate_rows, mismatch_rows, source_rows
from sispamkota.reports.summary import certificate_sentence

ASSUMPTIONS = ("Asumsi", "Assumption", "Diturunkan", "Degraded")


def quality_chapter(situation: Situation, standing: Standing, lang: Lang) -> list[Block]:
    """Return the chapter on the quality of the plan: its certificate in words and figures."""
    version = str(standing.version) if standing.version is not None else "–"
    rows = [
        (Text("Rencana", "Plan").in_(lang), standing.plan),
        (Text("Versi, status", "Version, state").in_(lang),
         f"{version}, {STATE_TEXT[standing.state].in_(lang)}"),
        (Text("SHA-256 rencana", "SHA-256 of the plan").in_(lang), standing.sha256),
    ]  # fmt: skip
    rows += [(name, value) for name, value in certificate_rows(situation, lang)
             if name not in ASSUMPTIONS]  # fmt: skip
    heads = (head("Hal", "Item", 2), head("Isi", "Value", 6))
    check = Text(
        f"Siapa pun dapat memeriksanya lagi: sispamkota verify {standing.plan}.",
        f"Anyone can check it again: sispamkota verify {standing.plan}.",
    )
    return [
        chapter(Text("Mutu rencana", "Quality of the plan").in_(lang)),
        section(Text("Sertifikat", "Certificate").in_(lang)),
        paragraph(certificate_sentence(situation.plan, lang)),
        paragraph(check.in_(lang)),
        table(Text("Sertifikat", "Certificate").in_(lang), heads, rows, lang),
    ]


def source_chapter(situation: Situation, official: Official, lang: Lang) -> list[Block]:
    """Return the chapter on assumptions, open data and sources."""
    assumed = [v for name, v in certificate_rows(situation, lang) if name in ASSUMPTIONS]
    caution = official.caution()
    label = situation.sample_label()
    open_points = [
        *([label.in_(lang)] if label else []),
        *doubts(situation, lang),
        *([caution.in_(lang)] if caution else []),
    ]
    return [
        chapter(
            Text("Asumsi, data terbuka, dan sumber", "Assumptions, open data and sources").in_(lang)
        ),
        section(Text("Asumsi", "Assumptions").in_(lang)),
        *points([*assumed, *open_points]),
        section(Text("Angka yang tidak cocok", "Figures that do not agree").in_(lang)),
        *_mismatches(situation, lang),
        section(Text("Sumber", "Sources").in_(lang)),
        _sources(situation, official, lang),
    ]


def _mismatches(situation: Situation, lang: Lang) -> list[Block]:
    rows = [
        (m.what + (f" {m.note}" if m.note else ""), *(_figure(v, lang) for v in
         (m.stated, m.computed, m.difference)), m.sources)
        for m in mismatch_rows(situation, lang)
    ]  # fmt: skip
    if not rows:
        return [paragraph(Text("Tidak ada.", "None.").in_(lang))]
    heads = (
        head("Yang diperiksa", "What is checked", 3), count("Disebut", "Stated", 1),
        count("Dihitung", "Computed", 1), count("Selisih", "Difference", 1),
        head("Sumber", "Sources", 4),
    )  # fmt: skip
    caption = Text("Selisih ditampilkan, tidak diperbaiki", "Differences are shown, not repaired")
    return [table(caption.in_(lang), heads, rows, lang) | {"size": 7.5}]


def _figure(value: object, lang: Lang) -> str:
    if isinstance(value, int | float):
        return number(value, lang)
    return "–" if value is None else str(value)


def _sources(situation: Situation, official: Official, lang: Lang) -> Block:
    rows = [
        (row.what.in_(lang), row.source, day(row.as_of, lang), number(row.rows, lang))
        for row in source_rows(situation)
    ]
    laws = Text("Dasar hukum", "Legal bases").in_(lang)
    rows += [(laws, source, "–", "") for source in official.sources]
    heads = (
        head("Data", "Data", 1.6), head("Sumber", "Source", 6), head("Per tanggal", "As of", 1.6),
        count("Baris", "Rows", 0.8),
    )  # fmt: skip
    return table("", heads, rows, lang) | {"size": 7.5}


def closing(lang: Lang) -> list[Block]:
    """Return the last chapter."""
    end = Text(
        "Rencana ini berlaku sejak disahkan. Perubahan menjadi versi baru dengan nama perwira dan"
        " alasannya; versi lama tetap tersimpan.",
        "This plan holds from its approval. Changes become a new version with an officer's name and"
        " reason; former versions are kept.",
    )
    return [chapter(Text("Penutup", "Closing").in_(lang)), paragraph(end.in_(lang))]
