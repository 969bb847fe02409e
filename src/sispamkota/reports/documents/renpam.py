"""Renpam: the guarding plan as a staff paper, from situation to signature."""

from __future__ import annotations

from typing import Any

from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.documents import execution, quality, setting
from sispamkota.reports.documents.blocks import Block
from sispamkota.reports.documents.formal import Formalities, Standing, formal, words
from sispamkota.reports.documents.official import Official
from sispamkota.reports.situation import Situation

TITLE = Text("RENCANA PENGAMANAN", "GUARDING PLAN (RENCANA PENGAMANAN)")


def renpam_values(
    situation: Situation,
    standing: Standing,
    papers: Formalities,
    official: Official,
    lang: Lang,
    kecamatan: str | None = None,
) -> dict[str, Any]:
    """Return what the template `chapters` prints as a Renpam.

    Args:
        situation: with a plan.
        standing: of that plan.
        papers: what the office writes on its papers.
        official: legal bases, bans and duties.
        lang: language.
        kecamatan: limit the assignment and the reasons to one kecamatan.
    """
    name = situation.names().get(kecamatan or "", kecamatan or "")
    under = [situation.name.upper()] + ([f"KECAMATAN {name.upper()}"] if kecamatan else [])
    blocks: list[Block] = [
        *setting.introduction(situation, official, lang),
        *setting.situation_chapter(situation, lang, kecamatan),
        *setting.need_chapter(situation, lang, kecamatan),
        *execution.execution_chapter(situation, lang, kecamatan),
        *execution.logistics_chapter(situation, lang),
        *execution.command_chapter(situation, official, lang),
        *quality.quality_chapter(situation, standing, lang),
        *quality.source_chapter(situation, official, lang),
        *quality.closing(lang),
    ]
    return {
        "formal": formal(situation, standing, papers, (TITLE.in_(lang), under), lang),
        "words": words(lang),
        "flipped": False,
        "signed": True,
        "blocks": blocks,
    }
