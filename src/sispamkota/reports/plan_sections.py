"""Parts of the page that show the plan: teams per kecamatan and what stays uncovered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.labels import minutes, span, whole
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.pieces import bullets, class_word, data_table, head, section
from sispamkota.reports.situation import Situation
from sispamkota.reports.tables import notes_words, team_table, uncovered_table


def team_section(situation: Situation, details: dict[str, Html], lang: Lang) -> Html:
    """Return the teams of each kecamatan, folded, with a map of that kecamatan."""
    title = Text("Tim per kecamatan", "Teams per kecamatan").in_(lang)
    if not situation.plan:
        none = Text("Belum ada rencana pengamanan.", "There is no guard plan yet.").in_(lang)
        parts = [_folded(situation, k, [], d, lang) for k, d in sorted(details.items())]
        return section("tim", title, tag("p", none), *parts)
    teams = team_table(situation, lang).frame
    beats: dict[str, list[dict[str, Any]]] = {}
    for beat in situation.planned("beats"):
        beats.setdefault(str(beat.get("kecamatan")), []).append(beat)
    of_team = {row["team"]: row for row in teams.iter_rows(named=True)}
    numbers = _tps_numbers(situation)
    parts = [
        _folded(
            situation,
            kecamatan,
            [_team_row(b, of_team, numbers, lang) for b in beats.get(kecamatan, [])],
            details.get(kecamatan, Html("")),
            lang,
        )
        for kecamatan in sorted(set(beats) | set(details))
    ]
    lead = Text(
        "Orang ditulis dengan id; nama hanya ada di Polres.",
        "People appear by id; names stay with the Polres.",
    ).in_(lang)
    return section("tim", title, tag("p", lead), *parts)


def _folded(
    situation: Situation, kecamatan: str, rows: list[tuple[object, ...]], drawing: Html, lang: Lang
) -> Html:
    name = situation.names().get(kecamatan, kecamatan)
    tps = situation.tps.filter(pl.col("kecamatan") == kecamatan).height
    padal = [
        str(p.get("person"))
        for p in situation.planned("padal")
        if str(p.get("kecamatan")) == kecamatan
    ]
    count = Text(f"{len(rows)} beat, {tps} TPS", f"{len(rows)} beats, {tps} TPS").in_(lang)
    heads = (
        head("Tim", "Team", "kode"), head("Ketua dan anggota", "Leader and members"),
        head("Pos asal", "Home post"), head("Angkutan", "Transport"),
        head("TPS", "TPS", "lebar"), head("Dari pos, menit", "From post, min", "n"),
        head("Dalam beat, menit", "Inside beat, min", "n"), head("Berangkat", "Leaves at"),
        head("Catatan", "Notes"),
    )  # fmt: skip
    caption = Text(f"Tim Kecamatan {name}", f"Teams of Kecamatan {name}").in_(lang)
    if padal:
        caption += f" · Padal: {', '.join(padal)}"
    table = data_table(caption, heads, rows, lang) if rows else ""
    summary = tag("summary", tag("b", name), f" · {count}")
    return tag("details", summary, drawing, table, id=f"kec-{kecamatan}")


def _team_row(
    beat: dict[str, Any],
    of_team: dict[str, dict[str, Any]],
    numbers: dict[str, tuple[str, str]],
    lang: Lang,
) -> tuple[object, ...]:
    team = of_team.get(str(beat.get("team")), {})
    leader = team.get("leader")
    people = ", ".join(p for p in (team.get("members") or "–").split(", ") if p != leader)
    open_beat = tag("b", Text("tanpa tim", "no team").in_(lang))
    return (
        str(beat["team"]) if beat.get("team") else open_beat,
        tag("span", tag("b", leader), f" · {people}") if leader else people,
        team.get("post") or "–",
        team.get("transport") or "–",
        tps_words(beat.get("tps") or [], numbers),
        minutes(beat.get("way_s", beat.get("travel_to_post_s")), lang),
        minutes(beat.get("travel_s"), lang),
        team.get("leave_at") or "–",
        team.get("notes") or "",
    )


def _tps_numbers(situation: Situation) -> dict[str, tuple[str, str]]:
    names = situation.names()
    rows = situation.tps.select("code", "desa", "number").iter_rows()
    return {code: (names.get(desa, desa), f"{n:03}") for code, desa, n in rows}


def tps_words(codes: Sequence[object], numbers: dict[str, tuple[str, str]]) -> str:
    """Write TPS by desa: 'Terukis 001, 002; Pakuan 004'."""
    by_desa: dict[str, list[str]] = {}
    for code in codes:
        desa, tps = numbers.get(str(code), ("?", str(code)))
        by_desa.setdefault(desa, []).append(tps)
    return "; ".join(f"{desa} {', '.join(sorted(tps))}" for desa, tps in by_desa.items())


def uncovered_section(situation: Situation, lang: Lang) -> Html:
    """Return the TPS without a team and what one more team would buy."""
    title = Text("TPS tidak terjaga", "Uncovered TPS").in_(lang)
    frame = uncovered_table(situation, lang).frame
    parts: list[object] = []
    if not situation.plan:
        parts.append(tag("p", Text("Belum ada rencana.", "No plan yet.").in_(lang)))
    elif not frame.height:
        parts.append(
            tag(
                "p",
                Text("Semua TPS dalam rencana punya tim.", "Every TPS of the plan has a team.").in_(
                    lang
                ),
            )
        )
    else:
        heads = (
            head("TPS", "TPS", "kode"), head("Desa", "Desa"), head("Kecamatan", "Kecamatan"),
            head("Kelas", "Class"), head("Risiko", "Risk", "n"),
            head("Alasan kelas", "Reasons of the class", "lebar"),
        )  # fmt: skip
        keys = ("tps", "desa_name", "kecamatan_name", "class", "khusus", "risk", "reasons")
        rows = [
            (tps, desa, kec, class_word(c, khusus=bool(k)), whole(risk, lang), why or "")
            for tps, desa, kec, c, k, risk, why in frame.select(keys).iter_rows()
        ]
        caption = Text(
            "TPS tanpa tim, risiko tertinggi di atas", "TPS without a team, highest risk first"
        )
        parts.append(data_table(caption.in_(lang), heads, rows, lang))
    parts.append(_one_more(situation, lang))
    degraded = [notes_words(d, lang) for d in situation.planned("degraded")]
    if degraded:
        parts.append(
            tag("h3", Text("Yang diturunkan dan sebabnya", "What is degraded and why").in_(lang))
        )
        parts.append(bullets(degraded))
    return section("terbuka", title, *parts)


def _one_more(situation: Situation, lang: Lang) -> Html:
    more = (situation.plan or {}).get("one_more_team") or {}
    saves = span(more.get("saves_s", more.get("saves")))[0]
    gained = int(span(more.get("tps_covered"))[0] or 0)
    if saves is None:
        return join()
    code = str(more.get("kecamatan") or "")
    place = situation.names().get(code, code) or "–"
    return tag(
        "p",
        Text(
            f"Satu tim lagi paling berguna di {place}: biaya rencana turun {number(saves, 'id')}"
            + (f" dan {gained} TPS lagi terjaga." if gained else "."),
            f"One more team helps most in {place}: the plan's cost falls by {number(saves, 'en')}"
            + (f" and {gained} more TPS are covered." if gained else "."),
        ).in_(lang),
    )
