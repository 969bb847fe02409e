"""Chapters of the Renpam that say what is done: assignment, logistics, command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    count,
    head,
    lead,
    minor,
    paragraph,
    points,
    remark,
    section,
    table,
)
from sispamkota.reports.documents.maps import kecamatan_chart, legend, short_beat
from sispamkota.reports.documents.official import Official
from sispamkota.reports.documents.setting import map_source
from sispamkota.reports.labels import POST_TEXT, day, minutes, whole, word
from sispamkota.reports.plan_sections import tps_words
from sispamkota.reports.shapes import Shapes, make_shapes
from sispamkota.reports.situation import Situation
from sispamkota.reports.tables import team_table, transport_words

ROOM_MM = (168.0, 92.0)  # of a kecamatan's map


def execution_chapter(situation: Situation, lang: Lang, kecamatan: str | None) -> list[Block]:
    """Return the chapter Pelaksanaan: teams of each kecamatan with their map."""
    shapes = make_shapes(situation)
    people = Text(
        "Orang ditulis dengan id; nama ada pada daftar Polres. Waktu tempuh dari pos ke TPS induk,"
        " lalu jumlah dari TPS induk ke tiap TPS.",
        "People appear by id; names are on the Polres's own list. Travel is from the post to the"
        " anchor TPS, then the sum from the anchor to each TPS.",
    )
    blocks = [
        chapter(Text("Pelaksanaan", "Execution").in_(lang)),
        section(Text("Waktu", "Times").in_(lang)),
        paragraph(_times(situation, lang)),
        section(Text("Penugasan per kecamatan", "Assignment per kecamatan").in_(lang)),
        paragraph(people.in_(lang)),
    ]
    teams = {str(r["team"]): r for r in team_table(situation, lang).frame.iter_rows(named=True)}
    for code in _kecamatan(situation, kecamatan):
        blocks += _assignment(situation, shapes, code, teams, lang)
    return blocks


def _times(situation: Situation, lang: Lang) -> str:
    teams = situation.planned("teams_detail")
    starts = sorted({str(t.get("start")) for t in teams if t.get("start")})
    ends = sorted({str(t.get("end")) for t in teams if t.get("end")})
    leaves = sorted(str(t.get("leave_at")) for t in teams if t.get("leave_at"))
    if not (starts and ends and leaves):
        return Text("Waktu belum ditetapkan.", "Times are not set yet.").in_(lang)
    when = day(situation.voting_day, lang)
    return Text(
        f"{when}: tim berangkat dari pos antara pukul {leaves[0]} dan {leaves[-1]} WIB, sudah di"
        f" TPS induk pukul {', '.join(starts)} WIB, selesai pukul {', '.join(ends)} WIB.",
        f"{when}: teams leave their posts between {leaves[0]} and {leaves[-1]} WIB, stand at the"
        f" anchor TPS at {', '.join(starts)} WIB, and end at {', '.join(ends)} WIB.",
    ).in_(lang)


def _kecamatan(situation: Situation, only: str | None) -> list[str]:
    if only is not None:
        return [only]
    return sorted({str(b.get("kecamatan")) for b in situation.planned("beats")})


def _assignment(
    situation: Situation,
    shapes: Shapes | None,
    code: str,
    teams: Mapping[str, Mapping[str, Any]],
    lang: Lang,
) -> list[Block]:
    name = situation.names().get(code, code)
    beats = [b for b in situation.planned("beats") if str(b.get("kecamatan")) == code]
    blocks = [minor(f"Kecamatan {name}"), lead(_in_short(situation, code, beats, lang))]
    if shapes is not None and code in shapes.kecamatan:
        chart = kecamatan_chart(situation, shapes, code, lang, ROOM_MM)
        blocks.append(
            {
                "kind": "map",
                "svg": chart.svg,
                "height": round(chart.high_mm, 1),
                "legend": legend(situation, lang, beats=True),
                "caption": Text(f"Peta Kecamatan {name}. ", f"Map of Kecamatan {name}. ").in_(lang)
                + map_source(situation, shapes, lang),
            }
        )
    numbers = tps_numbers(situation)
    heads = (
        head("Beat", "Beat", 0.8),
        head("Tim, anggota (ketua lebih dulu)", "Team, members (leader first)", 3.1),
        head("Pos asal", "Home post", 2), head("TPS", "TPS", 4.6),
        count("Dari pos, menit", "From post, min", 1),
        count("Dalam beat, menit", "In beat, min", 1.1),
        head("Berangkat", "Leaves", 1.2),
    )  # fmt: skip
    rows = [_beat_row(b, teams.get(str(b.get("team")), {}), numbers, lang) for b in beats]
    caption = Text(f"Tim Kecamatan {name}", f"Teams of Kecamatan {name}").in_(lang)
    return [*blocks, table(caption, heads, rows, lang) | {"size": 7.5}]


def _in_short(situation: Situation, code: str, beats: list[dict[str, Any]], lang: Lang) -> str:
    padal = padal_of(situation, code)
    tps = sum(len(b.get("tps") or []) for b in beats)
    nobody = Text("belum ditunjuk", "not named yet").in_(lang)
    return Text(
        f"Padal: {padal or nobody}. {len(beats)} beat menjaga {number(tps, 'id')} TPS.",
        f"Padal: {padal or nobody}. {len(beats)} beats guard {number(tps, 'en')} TPS.",
    ).in_(lang)


def padal_of(situation: Situation, kecamatan: str) -> str:
    """Return the id of the Padal of a kecamatan, "" where none is named."""
    rows = (p for p in situation.planned("padal") if str(p.get("kecamatan")) == kecamatan)
    return next((str(p["person"]) for p in rows if p.get("person")), "")


def tps_numbers(situation: Situation) -> dict[str, tuple[str, str]]:
    """Return TPS code → name of its desa, three-digit number."""
    names = situation.names()
    rows = situation.tps.select("code", "desa", "number").iter_rows()
    return {code: (names.get(desa, desa), f"{n:03}") for code, desa, n in rows}


def _beat_row(
    beat: Mapping[str, Any],
    team: Mapping[str, Any],
    numbers: dict[str, tuple[str, str]],
    lang: Lang,
) -> tuple[object, ...]:
    nobody = Text("tanpa tim", "no team").in_(lang)
    who = f"{beat['team']}: {team.get('members') or '–'}" if beat.get("team") else nobody
    return (
        short_beat(beat),
        who,
        team.get("post") or "–",
        tps_words(beat.get("tps") or [], numbers),
        minutes(beat.get("way_s"), lang),
        minutes(beat.get("travel_s"), lang),
        team.get("leave_at") or "–",
    )


def logistics_chapter(situation: Situation, lang: Lang) -> list[Block]:
    """Return the chapter on administration, logistics and communication, from known facts only."""
    plan = situation.plan or {}
    transport = Counter(
        transport_words(t.get("transport"), lang) for t in situation.planned("teams_detail")
    )
    vehicles = "; ".join(f"{k or '–'}: {number(n, lang)}" for k, n in sorted(transport.items()))
    facts = [
        Text(f"Angkutan tim menurut daftar personel: {vehicles}.",
             f"Transport of teams as the roster says: {vehicles}."),
        Text(f"Linmas: {whole(plan.get('linmas'), 'id')} orang, dua per TPS; daftarnya pada"
             " Satlinmas.",
             f"Linmas: {whole(plan.get('linmas'), 'en')} persons, two per TPS; their list is with"
             " Satlinmas."),
        Text("Anggaran, konsumsi, alat komunikasi, dan BBM: belum ada data di aplikasi; diisi Bag"
             " Log.",
             "Budget, food, radios and fuel: no data in the program; Bag Log fills them in."),
    ]  # fmt: skip
    heads = (
        head("Pos", "Post", 3), head("Jenis", "Kind", 2), head("Kecamatan", "Kecamatan", 2),
        head("Telepon", "Phone", 2), count("Tim", "Teams", 0.8),
    )  # fmt: skip
    names = situation.names()
    sent = Counter(str(t.get("post")) for t in situation.planned("teams_detail"))
    rows = [
        (name, word(POST_TEXT, kind, lang), names.get(kec or "", kec or "–"),
         phone or "…………………", sent.get(code) or "")
        for code, name, kind, kec, phone in situation.posts.sort("kind", "code")
        .select("code", "name", "kind", "kecamatan", "phone").iter_rows()
    ]  # fmt: skip
    caption = Text("Pos dan telepon yang diketahui; titik-titik diisi tangan",
                   "Posts and known phones; dots are filled in by hand")  # fmt: skip
    return [
        chapter(Text("Administrasi, logistik, dan komunikasi",
                     "Administration, logistics and communication").in_(lang)),
        section(Text("Administrasi dan logistik", "Administration and logistics").in_(lang)),
        *points(text.in_(lang) for text in facts),
        section(Text("Komunikasi", "Communication").in_(lang)),
        table(caption.in_(lang), heads, rows, lang),
    ]  # fmt: skip


def command_chapter(situation: Situation, official: Official, lang: Lang) -> list[Block]:
    """Return the chapter on command: the chain, its people by id, the bans."""
    pamatwil = _on_duty(situation, "pamatwil")
    listed = ", ".join(pamatwil) or "…………………"
    chain = [
        Text("Kapolres: penanggung jawab dan pengendali umum.", "Kapolres: in charge of all."),
        Text(f"Pamatwil (perwira pengamat wilayah), {len(pamatwil)} orang: {listed}. Pembagian"
             " rayonnya belum ada di aplikasi; diisi Kabag Ops.",
             f"Pamatwil (area supervisors), {len(pamatwil)} persons: {listed}. Their rayon are not"
             " in the program; the Kabag Ops fills them in."),
        Text("Padal (perwira pengendali), satu per kecamatan: tabel di bawah.",
             "Padal (controlling officers), one per kecamatan: table below."),
        Text("Tim: ketua tim melapor ke Padal; laporan naik bertahap.",
             "Team: its leader reports to the Padal; reports go up step by step."),
    ]  # fmt: skip
    names = situation.names()
    posts = dict(situation.posts.select("code", "name").iter_rows())
    homes = (
        dict(situation.personnel.select("id", "home_post").iter_rows())
        if "home_post" in situation.personnel.columns
        else {}
    )
    codes = sorted({str(b.get("kecamatan")) for b in situation.planned("beats")})
    teams = Counter(str(b.get("kecamatan")) for b in situation.planned("beats"))
    rows = []
    for code in codes:
        person = padal_of(situation, code)
        post = homes.get(person)
        rows.append((names.get(code, code), person or "…………………", posts.get(post, post or "–"),
                     teams[code], "………………………………"))  # fmt: skip
    heads = (
        head("Kecamatan", "Kecamatan", 2.4), head("Padal (id)", "Padal (id)", 1.6),
        head("Pos asal", "Home post", 2.4), count("Tim", "Teams", 0.8),
        head("Telepon (diisi)", "Phone (to fill in)", 2.4),
    )  # fmt: skip
    bans = [text.in_(lang) for text in official.bans]
    return [
        chapter(Text("Komando dan pengendalian", "Command and control").in_(lang)),
        section(Text("Rantai komando", "Chain of command").in_(lang)),
        *points(text.in_(lang) for text in chain),
        table(Text("Padal", "Padal").in_(lang), heads, rows, lang),
        section(Text("Larangan bagi Polri di TPS", "What Polri may not do at a TPS").in_(lang)),
        *points(bans),
        remark(f"{official.ban_source}."),
    ]


def _on_duty(situation: Situation, duty: str) -> list[str]:
    people = situation.personnel
    if not {"id", "duty"} <= set(people.columns):
        return []
    return [str(p) for p in people.filter(pl.col("duty") == duty)["id"].sort()]
