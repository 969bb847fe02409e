"""Parts of the page: need and gap, reasons, mismatches, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import (
    CERTAINTY_TEXT,
    FORCE_TEXT,
    GROUPING_TEXT,
    day,
    percent,
    span,
    whole,
    word,
)
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.pieces import bullets, class_word, data_table, head, section
from sispamkota.reports.situation import Situation
from sispamkota.reports.sources import certificate_rows, mismatch_rows, notes, source_rows
from sispamkota.reports.summary import kecamatan_need, strengths
from sispamkota.reports.tables import (
    notes_words,
    tps_table,
)

SHA256_HEX = 64  # letters; such a value may break anywhere


def need_section(situation: Situation, lang: Lang) -> Html:
    """Return need and gap per kecamatan, and under every doctrine pattern."""
    title = Text("Kebutuhan dan selisih", "Need and gap").in_(lang)
    pattern = (situation.plan or {}).get("pattern") or situation.pattern or "–"
    lead = Text(
        f"Pola yang dipakai: {pattern}. Selisih = perlu − tersedia; angka positif berarti kurang.",
        f"Pattern in force: {pattern}. Gap = needed − available; a positive figure is a shortage.",
    ).in_(lang)
    return section(
        "kebutuhan",
        title,
        tag("p", lead),
        _by_kecamatan(situation, lang),
        _patterns(situation, lang),
    )


def _by_kecamatan(situation: Situation, lang: Lang) -> Html:
    frame = kecamatan_need(situation)
    names = situation.names()
    heads = (
        head("Kecamatan", "Kecamatan"), head("TPS", "TPS", "n"),
        head("Kurang rawan", "Kurang rawan", "n"), head("Rawan", "Rawan", "n"),
        head("Sangat rawan", "Sangat rawan", "n"), head("Khusus", "Khusus", "n"),
        head("Tim", "Teams", "n"), head("Polri perlu", "Polri needed", "n"),
        head("Polri dalam rencana", "Polri in plan", "n"), head("Selisih", "Gap", "n"),
        head("TPS tak terjaga", "TPS uncovered", "n"), head("Batas", "Bound gap", "n"),
    )  # fmt: skip
    counts = ("tps", "kurang_rawan", "rawan", "sangat_rawan", "khusus", "teams")
    rows = [
        (
            names.get(r["kecamatan"], r["kecamatan"]),
            *(whole(r[c], lang) for c in counts),
            whole([r["required_low"], r["required_high"]], lang),
            whole(r["available"], lang),
            gap_words(_gap(r), lang),
            whole(r["uncovered"], lang),
            percent(r["gap"], lang),
        )
        for r in frame.iter_rows(named=True)
    ]
    total = {
        c: frame[c].sum() if frame[c].count() else None
        for c in frame.columns
        if c not in ("kecamatan", "gap")
    }
    foot = (
        Text("Jumlah", "Total").in_(lang),
        *(whole(total[c], lang) for c in counts),
        whole([total["required_low"], total["required_high"]], lang),
        whole(total["available"], lang),
        gap_words(_gap(total), lang),
        whole(total["uncovered"], lang),
        percent((situation.plan or {}).get("gap"), lang),
    )
    caption = Text(
        "Kebutuhan per kecamatan. Khusus sudah termasuk di kelasnya. Kebutuhan dihitung per kelas;"
        " beat campuran dapat menjaga semua TPS dengan lebih sedikit petugas. Batas: jarak terbukti"
        " ke rencana terbaik.",
        "Need per kecamatan. Khusus are counted inside their class. Need is counted class by class;"
        " mixed beats may cover all TPS with fewer officers. Bound gap: proven distance from the"
        " best plan.",
    ).in_(lang)
    return data_table(caption, heads, rows, lang, foot)


def _gap(row: dict[str, Any]) -> tuple[float | None, float | None]:
    have = row["available"]
    ends = (row["required_low"], row["required_high"])
    low, high = (None if have is None or need is None else need - have for need in ends)
    return low, high


def gap_words(gap: Sequence[float | None], lang: Lang) -> Html:
    """Write a shortage with its sign: +12 lacks twelve, −3 has three to spare."""
    low, high = gap
    if low is None or high is None:
        return Html("–")
    texts = [_signed(v, lang) for v in ((low,) if low == high else (low, high))]
    words = Text(" s.d. ", " to ").in_(lang).join(texts)
    return tag("span", words, class_="kurang" if high > 0 else None)


def shortage_words(gap: Sequence[float | None], lang: Lang) -> str:
    """Say a shortage in words: 'kurang 12', 'lebih 76'; an interval names both ends."""
    said = [_shortage(value, lang) for value in gap if value is not None]
    return Text(" s.d. ", " to ").in_(lang).join(dict.fromkeys(said)) or "–"


def _shortage(value: float, lang: Lang) -> str:
    if value == 0:
        return Text("pas", "exact").in_(lang)
    shown = number(abs(value), lang)
    if value > 0:
        return Text(f"kurang {shown}", f"{shown} short").in_(lang)
    return Text(f"lebih {shown}", f"{shown} spare").in_(lang)


def _signed(value: float, lang: Lang) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), lang)


def _patterns(situation: Situation, lang: Lang) -> Html:
    if not situation.need:
        return join()
    forces = list(dict.fromkeys(s.force for entry in situation.need for s in strengths(entry)))
    heads = [
        head("Pola", "Pattern", "kode"),
        head("Pengelompokan", "Grouping"),
        head("Tim", "Teams", "n"),
    ]
    for force in forces:
        name = word(FORCE_TEXT, force, lang)
        heads += [
            head(f"{name} perlu", f"{name} needed", "n"),
            head("Tersedia", "Available", "n"),
            head("Selisih", "Gap", "n"),
        ]
    rows = [_pattern_row(entry, forces, lang) for entry in situation.need]
    caption = Text("Kebutuhan menurut pola doktrin", "Need under each doctrine pattern").in_(lang)
    table = data_table(caption, heads, rows, lang)
    return join(table, bullets(_warnings(situation, lang)))


def _pattern_row(entry: Mapping[str, Any], forces: list[str], lang: Lang) -> list[object]:
    by_force = {s.force: s for s in strengths(entry)}
    row: list[object] = [
        str(entry.get("name", "")),
        word(GROUPING_TEXT, entry.get("grouping"), lang),
        whole(entry.get("teams"), lang),
    ]
    for force in forces:
        s = by_force.get(force)
        row += [
            whole(s.required if s else None, lang),
            whole(s.available if s else None, lang),
            gap_words(s.gap if s else (None, None), lang),
        ]
    return row


def _warnings(situation: Situation, lang: Lang) -> list[str]:
    """Return where a pattern breaks a rule above it, each told once."""
    told = [
        f"{entry.get('name')}: {notes_words(warning.get('message'), lang)}"
        for entry in situation.need
        for warning in entry.get("warnings") or []
    ]
    return list(dict.fromkeys(told))


def reason_section(situation: Situation, lang: Lang) -> Html:
    """Return why each rawan and sangat rawan TPS is so classed."""
    title = Text("Mengapa rawan", "Why vulnerable").in_(lang)
    frame = tps_table(situation, lang).frame
    degree = pl.col("class").replace_strict({"sangat_rawan": 0, "rawan": 1}, default=None)
    risky = frame.filter(degree.is_not_null()).sort(degree, "tps")
    if not risky.height:
        none = Text(
            "Tidak ada TPS rawan atau sangat rawan menurut fakta yang diketahui.",
            "No TPS is rawan or sangat rawan by the known facts.",
        )
        return section("alasan", title, tag("p", none.in_(lang)))
    heads = (
        head("TPS", "TPS", "kode"), head("Desa", "Desa"), head("Kecamatan", "Kecamatan"),
        head("Kelas", "Class"), head("Kepastian", "Certainty"), head("Skor", "Score", "n"),
        head("Rentang", "Range", "n"), head("Alasan", "Reasons", "lebar"),
        head("Tim", "Team", "kode"),
    )  # fmt: skip
    rows = [_reason_row(r, lang) for r in risky.iter_rows(named=True)]
    caption = Text(
        "Skor 0-100 dari fakta yang diketahui; rentang: bila semua yang belum diketahui ternyata"
        " baik atau buruk.",
        "Score 0-100 from known facts; range: if everything unknown turned out well or badly.",
    ).in_(lang)
    return section("alasan", title, data_table(caption, heads, rows, lang))


def _reason_row(r: dict[str, Any], lang: Lang) -> tuple[object, ...]:
    why: list[object] = [r["reasons"] or "–"]
    if r["override_by"]:
        computed = class_word(r["computed_class"])
        by = Text(
            f"Kelas ditetapkan {r['override_by']}: ", f"Class set by {r['override_by']}: "
        ).in_(lang)
        hand = Text("; hitungan: ", "; computed: ").in_(lang)
        why += [Html("<br>"), by, r["override_reason"], hand, computed]
    ends = [number(v, lang, 1) for v in (r["low"], r["high"])]
    return (
        r["tps"],
        r["desa_name"],
        r["kecamatan_name"],
        class_word(r["class"], khusus=bool(r["khusus"])),
        word(CERTAINTY_TEXT, r["certainty"], lang),
        number(r["score"], lang, 1),
        "–".join(ends),
        join(*why),
        r["team"] or Text("tanpa tim", "none").in_(lang),
    )


def check_section(situation: Situation, lang: Lang) -> Html:
    """Return figures that do not agree, with the difference; they are shown, not repaired."""
    title = Text("Angka yang tidak cocok", "Figures that do not agree").in_(lang)
    rows = [
        (
            join(m.what, f" ({m.note})" if m.note else ""),
            whole(m.stated, lang),
            whole(m.computed, lang),
            _difference(m.difference, lang),
            m.sources,
        )
        for m in mismatch_rows(situation, lang)
    ]
    if not rows:
        none = Text(
            "Semua jumlah yang diperiksa cocok.", "All totals that were checked agree."
        ).in_(lang)
        return section("periksa", title, tag("p", none))
    heads = (
        head("Apa", "What", "lebar"), head("Tertulis", "Stated", "n"),
        head("Terhitung", "Computed", "n"), head("Selisih", "Difference", "n"),
        head("Sumber", "Sources", "lebar"),
    )  # fmt: skip
    caption = Text(
        "Ditunjukkan dengan selisihnya, tidak diperbaiki", "Shown with the difference, not repaired"
    )
    return section("periksa", title, data_table(caption.in_(lang), heads, rows, lang))


def _difference(value: object, lang: Lang) -> str:
    real = span(value)[0]
    return str(value or "–") if real is None else _signed(real, lang)


def source_section(situation: Situation, lang: Lang) -> Html:
    """Return sources with as-of days, the certificate and its assumptions."""
    title = Text("Sumber, sertifikat, asumsi", "Sources, certificate, assumptions").in_(lang)
    heads = (
        head("Data", "Data"), head("Sumber", "Source", "lebar"),
        head("Per tanggal", "As of", "kode"), head("Baris", "Rows", "n"),
    )  # fmt: skip
    rows = [
        (s.what.in_(lang), s.source, day(s.as_of, lang), whole(s.rows, lang))
        for s in source_rows(situation)
    ]
    caption = Text("Sumber dan tanggal berlakunya", "Sources and the day they hold for").in_(lang)
    certificate = [
        join(
            tag("b", name),
            ": ",
            tag("code", value) if len(value) == SHA256_HEX else value,
        )
        for name, value in certificate_rows(situation, lang)
    ]
    known = [text.in_(lang) for text in notes(situation)]
    return section(
        "sumber",
        title,
        bullets(known),
        data_table(caption, heads, rows, lang),
        bullets(certificate),
    )
