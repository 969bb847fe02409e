"""Chapters of the Renpam that say where things stand: introduction, vulnerability, need and gap."""

from __future__ import annotations

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    count,
    head,
    paragraph,
    points,
    remark,
    section,
    table,
)
from sispamkota.reports.documents.maps import legend, regency_chart
from sispamkota.reports.documents.official import Official
from sispamkota.reports.labels import CLASS_SHORT, FORCE_TEXT, day, percent, whole, word
from sispamkota.reports.shapes import Shapes, make_shapes
from sispamkota.reports.situation import Situation
from sispamkota.reports.sources import notes
from sispamkota.reports.summary import (
    chosen_need,
    class_counts,
    kecamatan_need,
    khusus_count,
    strengths,
    uncertain_count,
)
from sispamkota.reports.tables import tps_table, uncovered_table

ROOM_MM = (168.0, 178.0)  # of the regency's map
SEVERITY = {"sangat_rawan": 0, "rawan": 1, "kurang_rawan": 2}
ELECTION_TEXT = {
    "pemilu": Text("Pemilihan Umum (Pemilu)", "general election (Pemilu)"),
    "pilkada": Text("Pemilihan Kepala Daerah (Pilkada)", "regional election (Pilkada)"),
}


def introduction(situation: Situation, official: Official, lang: Lang) -> list[Block]:
    """Return the chapter Pendahuluan: general, legal bases, purpose, scope."""
    election = word(ELECTION_TEXT, situation.election, lang)
    total = number(situation.tps.height, lang)
    voting = day(situation.voting_day, lang)
    general = Text(
        f"{election} dilaksanakan pada {voting} (hari H) di {total} TPS. Rencana ini membagi"
        " personel pengamanan TPS menurut tingkat kerawanan dan waktu tempuh.",
        f"The {election} is held on {voting} (day H) at {total} TPS. This plan assigns officers to"
        " TPS by vulnerability and travel time.",
    )
    purpose = Text(
        "Menjadi pedoman perwira dan petugas: siapa menjaga TPS mana, kapan, dari pos mana, dan di"
        " bawah Padal siapa.",
        "To guide officers: who guards which TPS, when, from which post, and under which Padal.",
    )
    scope = Text(
        "Pengamanan TPS pada hari H. Pengamanan kampanye, logistik, dan rekapitulasi diatur dalam"
        " rencana lain.",
        "Guarding of TPS on day H. Campaign, logistics and recapitulation have plans of their own.",
    )
    bases = [text.in_(lang) + ";" for text in official.bases]
    bases.append(
        Text(f"larangan bagi Polri di TPS: {official.ban_source}.",
             f"bans for Polri at TPS: {official.ban_source}.").in_(lang)
    )  # fmt: skip
    caution = official.caution()
    return [
        chapter(Text("Pendahuluan", "Introduction").in_(lang)),
        section(Text("Umum", "General").in_(lang)),
        paragraph(general.in_(lang)),
        section(Text("Dasar", "Legal bases").in_(lang)),
        *points(bases),
        *([remark(caution.in_(lang))] if caution else []),
        section(Text("Maksud dan tujuan", "Purpose").in_(lang)),
        paragraph(purpose.in_(lang)),
        section(Text("Ruang lingkup", "Scope").in_(lang)),
        paragraph(scope.in_(lang)),
    ]


def situation_chapter(situation: Situation, lang: Lang, kecamatan: str | None) -> list[Block]:
    """Return the chapter Situasi: counts, map, vulnerable TPS with their reasons."""
    return [
        chapter(Text("Situasi dan kerawanan", "Situation and vulnerability").in_(lang)),
        section(Text("TPS menurut kelas", "TPS by class").in_(lang)),
        paragraph(_class_words(situation, lang)),
        _class_table(situation, lang, kecamatan),
        section(Text("Peta kerawanan", "Map of vulnerability").in_(lang)),
        *_map(situation, lang),
        section(Text("TPS rawan dan sangat rawan, dengan alasannya",
                     "Rawan and sangat rawan TPS, with the reasons").in_(lang)),
        *_vulnerable(situation, lang, kecamatan),
    ]  # fmt: skip


def _class_words(situation: Situation, lang: Lang) -> str:
    counts = class_counts(situation)
    parts = ", ".join(f"{number(counts[c], lang)} {CLASS_SHORT[c].lower()}" for c in counts)
    khusus, open_classes = khusus_count(situation), uncertain_count(situation)
    total = number(situation.tps.height, lang)
    said = Text(
        f"Dari {total} TPS: {parts}. {number(khusus, 'id')} di antaranya TPS khusus.",
        f"Of {total} TPS: {parts}. {number(khusus, 'en')} of them are TPS khusus.",
    ).in_(lang)
    if open_classes:
        said += Text(
            f" Kelas {number(open_classes, 'id')} TPS belum pasti: dapat berubah bila jawaban"
            " indikator yang belum ada ternyata buruk.",
            f" The class of {number(open_classes, 'en')} TPS is not certain: it would change if"
            " unknown indicator answers turned out badly.",
        ).in_(lang)
    return said


def _class_table(situation: Situation, lang: Lang, kecamatan: str | None) -> Block:
    heads = (
        head("Kecamatan", "Kecamatan", 3), count("TPS", "TPS", 1),
        count("Kurang rawan", "Kurang rawan", 1.3), count("Rawan", "Rawan", 1),
        count("Sangat rawan", "Sangat rawan", 1.3),
        count("Khusus di dalamnya", "Khusus among them", 1.5),
    )  # fmt: skip
    frame = _only(kecamatan_need(situation), kecamatan)
    keys = ("tps", "kurang_rawan", "rawan", "sangat_rawan", "khusus")
    names = situation.names()
    rows = [
        (names.get(r["kecamatan"], r["kecamatan"]), *(whole(r[k], lang) for k in keys))
        for r in frame.iter_rows(named=True)
    ]
    total = (Text("Jumlah", "Total").in_(lang), *(whole(frame[k].sum(), lang) for k in keys))
    caption = Text("TPS per kecamatan menurut kelas", "TPS per kecamatan by class")
    return table(caption.in_(lang), heads, rows, lang, total)


def _only(frame: pl.DataFrame, kecamatan: str | None) -> pl.DataFrame:
    return frame if kecamatan is None else frame.filter(pl.col("kecamatan") == kecamatan)


def _map(situation: Situation, lang: Lang) -> list[Block]:
    shapes = make_shapes(situation)
    if shapes is None:
        none = Text(
            "Belum ada posisi desa; peta tidak dapat dibuat.", "No desa has a position yet."
        )
        return [paragraph(none.in_(lang))]
    chart = regency_chart(situation, shapes, lang, ROOM_MM)
    rule = Text(
        "Warna desa = kelas TPS paling rawan di desa itu.",
        "Colour of a desa = class of its most vulnerable TPS.",
    ).in_(lang)
    return [
        {
            "kind": "map",
            "svg": chart.svg,
            "height": round(chart.high_mm, 1),
            "legend": legend(situation, lang, beats=False),
            "caption": f"{rule} {map_source(situation, shapes, lang)}",
        }
    ]


def map_source(situation: Situation, shapes: Shapes, lang: Lang) -> str:
    """Say from what a map is drawn, for which day it holds, and how exact it is."""
    about = situation.areas.filter(pl.col("level") == "desa_kelurahan")
    source = about["source"].drop_nulls().unique().sort().to_list()
    days = about["as_of"].drop_nulls().max()
    as_of = day(str(days), lang) if days else "–"
    said = Text("Sumber: ", "Source: ").in_(lang) + "; ".join(source) + f" ({as_of})."
    if shapes.approximate:
        said += Text(
            " Wilayah perkiraan dari titik dan luas desa, bukan batas resmi; letak TPS perkiraan.",
            " Approximate areas from point and size of each desa, no official boundaries; places of"
            " TPS are approximate.",
        ).in_(lang)
    return said


def _vulnerable(situation: Situation, lang: Lang, kecamatan: str | None) -> list[Block]:
    frame = _only(tps_table(situation, lang).frame, None)
    wanted = frame.filter(pl.col("class").is_in(["rawan", "sangat_rawan"]))
    if kecamatan is not None:
        wanted = wanted.filter(pl.col("tps").str.starts_with(kecamatan))
    wanted = wanted.with_columns(
        order=pl.col("class").replace_strict(SEVERITY, default=9, return_dtype=pl.Int32)
    ).sort("order", "tps")
    if not wanted.height:
        return [paragraph(Text("Tidak ada.", "None.").in_(lang))]
    sources = _answer_sources(situation)
    heads = (
        head("TPS", "TPS", 2.4), head("Kecamatan", "Kecamatan", 1.7), head("Kelas", "Class", 1.3),
        head("Alasan (jawaban; poin skor)", "Reasons (answer; points of score)", 7.6),
    )  # fmt: skip
    rows = [
        (
            f"{r['desa_name']} {r['number']:03}",
            r["kecamatan_name"],
            CLASS_SHORT[r["class"]] + (" · khusus" if r["khusus"] else ""),
            _shorter(r["reasons"], sources, lang),
        )
        for r in wanted.iter_rows(named=True)
    ]
    caption = Text(
        f"{len(rows)} TPS, kelas tertinggi lebih dulu", f"{len(rows)} TPS, highest class first"
    )
    return [table(caption.in_(lang), heads, rows, lang) | {"size": 7.5}]


def _answer_sources(situation: Situation) -> list[str]:
    """Return the sources of answers, longest first; they stand once, in the chapter of sources."""
    if "source" not in situation.contributions.columns:
        return []
    found = situation.contributions["source"].drop_nulls().unique().to_list()
    return sorted((str(source) for source in found), key=lambda s: (-len(s), s))


def _shorter(reasons: str | None, sources: list[str], lang: Lang) -> str:
    """Return reasons without the source behind each answer and without answers that say yes."""
    text = reasons or "–"
    for source in sources:
        text = text.replace(f"; {source})", ")")
    yes = Text(" (jawaban: ya)", " (answer: yes)").in_(lang)
    return text.replace(yes, "")


def need_chapter(situation: Situation, lang: Lang, kecamatan: str | None) -> list[Block]:
    """Return the chapter on need, strength and gap, and the TPS left open."""
    pattern = (situation.plan or {}).get("pattern") or situation.pattern
    lead = Text(
        f"Pola pengamanan yang berlaku: {pattern}{_pattern_words(situation, 'id')}. Selisih = perlu"
        " − tersedia; angka positif berarti kurang.",
        f"Pattern in force: {pattern}{_pattern_words(situation, 'en')}. Gap = needed − available; a"
        " positive figure is a shortage.",
    )
    return [
        chapter(Text("Kebutuhan dan kekuatan", "Need and strength").in_(lang)),
        section(Text("Kebutuhan menurut pola", "Need under the pattern").in_(lang)),
        paragraph(lead.in_(lang)),
        _force_table(situation, lang),
        section(Text("Kebutuhan per kecamatan", "Need per kecamatan").in_(lang)),
        _need_table(situation, lang, kecamatan),
        section(Text("TPS yang tidak terjaga", "TPS left open").in_(lang)),
        *_uncovered(situation, lang, kecamatan),
    ]


def _pattern_words(situation: Situation, lang: Lang) -> str:
    guards = ((situation.plan or {}).get("settings") or {}).get("pattern", {}).get("guards", {})
    said = [
        f"{CLASS_SHORT.get(name, name).lower()} {g.get('polri')} Polri / {g.get('tps')} TPS"
        for name, g in guards.items()
    ]
    team = Text("satu tim: ", "one team: ").in_(lang)
    return f" ({team}{'; '.join(said)})" if said else ""


def _force_table(situation: Situation, lang: Lang) -> Block:
    heads = (
        head("Kekuatan", "Force", 2), count("Perlu", "Needed", 1),
        count("Tersedia", "Available", 1), count("Selisih", "Gap", 1),
    )  # fmt: skip
    rows = [
        (
            word(FORCE_TEXT, s.force, lang),
            whole(list(s.required), lang),
            whole(s.available, lang),
            whole(list(s.gap), lang),
        )
        for s in strengths(chosen_need(situation))
    ]
    caption = Text("Dihitung per kecamatan tanpa mencampur kelas; – = tidak diketahui",
                   "Counted per kecamatan without mixing classes; – = not known")  # fmt: skip
    return table(caption.in_(lang), heads, rows, lang)


def _need_table(situation: Situation, lang: Lang, kecamatan: str | None) -> Block:
    heads = (
        head("Kecamatan", "Kecamatan", 3), count("TPS", "TPS", 1), count("Tim", "Teams", 1),
        count("Polri perlu", "Polri needed", 1.2),
        count("Polri dalam rencana", "Polri in plan", 1.4),
        count("Selisih", "Gap", 1), count("TPS tidak terjaga", "TPS left open", 1.3),
        count("Batas mutu", "Bound gap", 1.1),
    )  # fmt: skip
    frame = _only(kecamatan_need(situation), kecamatan)
    names = situation.names()
    rows = [
        (
            names.get(r["kecamatan"], r["kecamatan"]),
            whole(r["tps"], lang),
            whole(r["teams"], lang),
            whole([r["required_low"], r["required_high"]], lang),
            whole(r["available"], lang),
            _gap(r["required_low"], r["required_high"], r["available"], lang),
            whole(r["uncovered"], lang),
            percent(r["gap"], lang),
        )
        for r in frame.iter_rows(named=True)
    ]
    low, high, sent = (_total(frame, k) for k in ("required_low", "required_high", "available"))
    foot = (
        Text("Jumlah", "Total").in_(lang),
        *(whole(_total(frame, k), lang) for k in ("tps", "teams")),
        whole([low, high], lang), whole(sent, lang), _gap(low, high, sent, lang),
        whole(_total(frame, "uncovered"), lang), "",
    )  # fmt: skip
    caption = Text(
        "Batas mutu: paling banyak sekian persen lebih murah bila disusun lain",
        "Bound gap: no other assignment can be cheaper by more than this",
    )
    return table(caption.in_(lang), heads, rows, lang, foot)


def _total(frame: pl.DataFrame, key: str) -> float | None:
    return float(frame[key].sum()) if frame[key].count() else None


def _gap(low: float | None, high: float | None, have: float | None, lang: Lang) -> str:
    if low is None or high is None or have is None:
        return "–"
    return whole([low - have, high - have], lang)


def _uncovered(situation: Situation, lang: Lang, kecamatan: str | None) -> list[Block]:
    frame = uncovered_table(situation, lang).frame
    if kecamatan is not None:
        frame = frame.filter(pl.col("tps").str.starts_with(kecamatan))
    if not frame.height:
        every = Text("Setiap TPS dalam rencana mempunyai tim.", "Every TPS of the plan has a team.")
        return [paragraph(every.in_(lang))]
    heads = (
        head("Kode TPS", "TPS code", 1.6), head("Desa/kelurahan", "Desa/kelurahan", 2),
        head("Kecamatan", "Kecamatan", 2), head("Kelas", "Class", 1.4),
    )  # fmt: skip
    rows = [
        (r["tps"], r["desa_name"], r["kecamatan_name"],
         CLASS_SHORT.get(r["class"] or "", r["class"] or "–"))
        for r in frame.iter_rows(named=True)
    ]  # fmt: skip
    caption = Text(f"{len(rows)} TPS tanpa tim, risiko tertinggi lebih dulu",
                   f"{len(rows)} TPS without a team, highest risk first")  # fmt: skip
    return [table(caption.in_(lang), heads, rows, lang)]


def doubts(situation: Situation, lang: Lang) -> list[str]:
    """Return what a reader must know before trusting positions and voter figures."""
    return [text.in_(lang) for text in notes(situation)]
