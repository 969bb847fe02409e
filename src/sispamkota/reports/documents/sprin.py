"""Sprin: the order of one kecamatan, a cover and one page per team.

A team sees the class of each TPS, never the reasons, scores or answers behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.planning.pattern_types import LINMAS_PER_TPS
from sispamkota.planning.travel import TravelTimes
from sispamkota.reports.documents.enrolment import enrolment_reference, qr_svg
from sispamkota.reports.documents.execution import padal_of
from sispamkota.reports.documents.formal import Formalities, Standing, formal, words
from sispamkota.reports.documents.maps import Backdrop, route_chart, short_beat
from sispamkota.reports.documents.official import Official
from sispamkota.reports.documents.setting import ELECTION_TEXT
from sispamkota.reports.labels import CLASS_SHORT, day, minutes, word
from sispamkota.reports.shapes import make_shapes
from sispamkota.reports.situation import Situation
from sispamkota.reports.tables import transport_words

TITLE = Text("SURAT PERINTAH", "ORDER (SURAT PERINTAH)")
MAP_ROOM_MM = (72.0, 62.0)


def sprin_values(
    situation: Situation,
    standing: Standing,
    papers: Formalities,
    official: Official,
    travel: TravelTimes,
    lang: Lang,
    kecamatan: str | None = None,
) -> dict[str, Any]:
    """Return what the template `orders` prints: the order of one kecamatan, or of each.

    Args:
        situation: with a plan.
        standing: of that plan.
        papers: what the office writes on its papers.
        official: legal bases, bans and duties.
        travel: times between the TPS of a round.
        lang: language.
        kecamatan: code of the only kecamatan; None = all that have a team.
    """
    beats = [b for b in situation.planned("beats") if b.get("team")]
    codes = sorted({str(b.get("kecamatan")) for b in beats})
    book = _Book(situation, standing, travel, lang)
    orders = [
        _order(book, code, [b for b in beats if str(b.get("kecamatan")) == code], official)
        for code in codes
        if kecamatan in (None, code)
    ]
    return {
        "formal": formal(situation, standing, papers, (TITLE.in_(lang), []), lang),
        "words": {**words(lang), **_words(lang)},
        "duties": [text.in_(lang) for text in official.duties],
        "bans": [text.in_(lang) for text in official.bans],
        "ban_source": official.ban_source,
        "travel": travel.assumption().in_(lang),
        "orders": orders,
    }


class _Book:
    """What pages of all teams look up: names, classes, places, posts, people."""

    def __init__(
        self, situation: Situation, standing: Standing, travel: TravelTimes, lang: Lang
    ) -> None:
        self.situation, self.standing, self.travel, self.lang = situation, standing, travel, lang
        self.names = situation.names()
        self.teams = {str(t.get("id")): t for t in situation.planned("teams_detail")}
        self.posts = {row["code"]: row for row in situation.posts.iter_rows(named=True)}
        classes = (
            dict(situation.scores.select("tps", "class").iter_rows())
            if situation.scores.height
            else {}
        )
        columns = ("code", "desa", "number", "khusus", "lon", "lat")
        self.tps = {
            code: {"desa": self.names.get(desa, desa), "number": f"{n:03}", "khusus": bool(khusus),
                   "class": classes.get(code), "at": (lon, lat)}
            for code, desa, n, khusus, lon, lat in situation.tps.select(columns).iter_rows()
        }  # fmt: skip
        shapes = make_shapes(situation)
        self.backdrop = Backdrop.of(situation, shapes) if shapes else None

    def text(self, ind: str, en: str) -> str:
        return ind if self.lang == "id" else en

    def posko(self) -> Mapping[str, Any]:
        """Return the Polres's post where there is exactly one."""
        found = [p for p in self.posts.values() if p["kind"] == "polres"]
        return found[0] if len(found) == 1 else {}


def _order(
    book: _Book, code: str, beats: list[dict[str, Any]], official: Official
) -> dict[str, Any]:
    situation, lang = book.situation, book.lang
    name = book.names.get(code, code)
    padal = padal_of(situation, code)
    pages = [_team_page(book, beat, padal) for beat in beats]
    officers = sum(len(page["members"]) for page in pages)
    tps = sum(len(page["stops"]) for page in pages)
    election = word(ELECTION_TEXT, situation.election, lang)
    voting = day(situation.voting_day, lang)
    why = book.text(
        f"bahwa untuk mengamankan TPS pada {election} tanggal {voting} di Kecamatan {name}, perlu"
        " dikeluarkan surat perintah.",
        f"that an order is needed to guard the TPS of the {election} on {voting} in Kecamatan"
        f" {name}.",
    )
    plan = book.text(
        f"Rencana pengamanan {book.standing.plan} (SHA-256 {book.standing.sha256[:16]}).",
        f"Guarding plan {book.standing.plan} (SHA-256 {book.standing.sha256[:16]}).",
    )
    to = book.text(
        f"Padal Kecamatan {name} ({padal or 'nama diisi'}) dan {len(pages)} tim, {officers} orang,"
        f" menjaga {tps} TPS:",
        f"Padal of Kecamatan {name} ({padal or 'name to fill in'}) and {len(pages)} teams,"
        f" {officers} officers, guarding {tps} TPS:",
    )
    tasks = [
        book.text(
            f"Di samping tugas sehari-hari, melaksanakan pengamanan TPS pada {voting} menurut"
            " halaman tim masing-masing.",
            f"Beside daily duties, guard the TPS on {voting} as the page of each team says.",
        ),
        book.text(
            "Melapor kepada Padal; Padal melapor kepada Pamatwil dan Kapolres.",
            "Report to the Padal; the Padal reports to the Pamatwil and the Kapolres.",
        ),
        book.text(
            "Melaksanakan perintah ini dengan penuh rasa tanggung jawab.",
            "Carry out this order with full responsibility.",
        ),
    ]
    caution = official.caution()
    return {
        "kecamatan": name,
        "why": why,
        "bases": [*(t.in_(lang) for t in official.bases), plan],
        "caution": caution.in_(lang) if caution else "",
        "to": to,
        "tasks": tasks,
        "rows": [
            [str(i), p["team"], p["leader"], p["post"], str(len(p["stops"])), p["leave_at"]]
            for i, p in enumerate(pages, start=1)
        ],
        "teams": pages,
    }


def _team_page(book: _Book, beat: Mapping[str, Any], padal: str) -> dict[str, Any]:
    lang = book.lang
    name = str(beat["team"])
    team: Mapping[str, Any] = book.teams.get(name, {})
    post = book.posts.get(str(team.get("post") or beat.get("post")), {})
    posko = book.posko()
    codes = [str(code) for code in beat.get("tps") or []]
    reference = enrolment_reference(book.standing.plan, name)
    members = [str(m) for m in team.get("members") or []]
    return {
        "team": name,
        "beat": short_beat(beat),
        "kecamatan": book.names.get(str(beat.get("kecamatan")), str(beat.get("kecamatan"))),
        "leader": str(team.get("leader") or ""),
        "members": members,
        "padal": padal,
        "post": str(post.get("name") or beat.get("post") or "–"),
        "post_phone": str(post.get("phone") or ""),
        "posko": str(posko.get("name") or "Polres"),
        "posko_phone": str(posko.get("phone") or ""),
        "transport": transport_words(team.get("transport"), lang) or "–",
        "day": day(book.situation.voting_day, lang),
        "leave_at": str(team.get("leave_at") or ""),
        "start": str(team.get("start") or ""),
        "end": str(team.get("end") or ""),
        "linmas": number(LINMAS_PER_TPS * len(codes), lang),
        "stops": _stops(book, beat, codes),
        "qr": qr_svg(reference),
        "reference": reference,
        "map": _route_map(book, codes, post, lang),
    }


def _stops(book: _Book, beat: Mapping[str, Any], codes: list[str]) -> list[dict[str, Any]]:
    """Return the TPS in route order with the minutes from the stop before; first from the post."""
    legs: list[Any] = [beat.get("way_s"), *_legs(book, codes)]
    stops = []
    for code, leg in zip(codes, legs, strict=False):
        known = book.tps.get(code, {})
        kind = str(known.get("class") or "")
        stops.append(
            {
                "code": code,
                "number": str(known.get("number", "")),
                "desa": str(known.get("desa", "")),
                "class": CLASS_SHORT.get(kind, "–"),
                "severe": kind in ("rawan", "sangat_rawan"),
                "khusus": bool(known.get("khusus")),
                "minutes": minutes(leg, book.lang),
                "linmas": str(LINMAS_PER_TPS),
            }
        )
    return stops


def _legs(book: _Book, codes: list[str]) -> list[float | None]:
    """Return seconds from each TPS to the next; None where either has no place."""
    at = [book.tps.get(code, {}).get("at", (None, None)) for code in codes]
    legs: list[float | None] = []
    for here, there in pairwise(at):
        if None in here or None in there:
            legs.append(None)
            continue
        seconds = book.travel.seconds(np.array([here]), np.array([there]))[0, 0]
        legs.append(float(seconds) if np.isfinite(seconds) else None)
    return legs


def _route_map(
    book: _Book, codes: list[str], post: Mapping[str, Any], lang: Lang
) -> dict[str, Any] | None:
    if book.backdrop is None:
        return None
    places = [book.tps.get(code, {}).get("at", (None, None)) for code in codes]
    kinds = ["khusus" if book.tps.get(c, {}).get("khusus") else
             str(book.tps.get(c, {}).get("class") or "kurang_rawan") for c in codes]  # fmt: skip
    stops = [(i, k, p) for i, (k, p) in enumerate(zip(kinds, places, strict=True), start=1)
             if None not in p]  # fmt: skip
    if not stops:
        return None
    home = (post.get("lon"), post.get("lat"))
    start = None if None in home else (float(home[0] or 0), float(home[1] or 0))
    chart = route_chart(book.backdrop, stops, start, lang, MAP_ROOM_MM)
    return {"svg": chart.svg, "height": round(chart.high_mm, 1)}


def _words(lang: Lang) -> dict[str, str]:
    table = {
        "why": Text("Pertimbangan", "Considering"),
        "bases": Text("Dasar", "Legal bases"),
        "ordered": Text("DIPERINTAHKAN", "IT IS ORDERED"),
        "to": Text("Kepada", "To"),
        "for": Text("Untuk", "For"),
        "done": Text("Selesai.", "End of order."),
        "no": Text("No", "No"),
        "team": Text("Tim", "Team"),
        "leader": Text("Ketua (id)", "Leader (id)"),
        "post": Text("Pos asal", "Home post"),
        "tps": Text("TPS", "TPS"),
        "leaves": Text("Berangkat", "Leaves"),
        "annex": Text("LAMPIRAN SURAT PERINTAH", "ANNEX OF THE ORDER"),
        "team_title": Text("Perintah untuk tim", "Order to team"),
        "kecamatan": Text("Kecamatan, beat", "Kecamatan, beat"),
        "members": Text("Anggota (ketua lebih dulu)", "Members (leader first)"),
        "name_nrp": Text("nama, pangkat, NRP", "name, rank, NRP"),
        "padal": Text("Padal", "Padal"),
        "phone": Text("telepon", "phone"),
        "posko": Text("Posko", "Posko (command post)"),
        "transport": Text("Angkutan", "Transport"),
        "day": Text("Hari H", "Day H"),
        "times": Text("Waktu (WIB)", "Times (WIB)"),
        "leave": Text("berangkat", "leave"),
        "start": Text("di TPS 1", "at TPS 1"),
        "end": Text("selesai", "end"),
        "linmas": Text("Linmas", "Linmas"),
        "persons": Text("orang di TPS tim ini (2 per TPS)", "persons at these TPS (2 per TPS)"),
        "desa": Text("Desa/kelurahan", "Desa/kelurahan"),
        "code": Text("Kode TPS", "TPS code"),
        "class": Text("Kelas", "Class"),
        "minutes": Text("Menit tempuh", "Travel min"),
        "minutes_note": Text(
            "Menit tempuh dari TPS sebelumnya; nomor 1 dari pos asal.",
            "Travel minutes from the TPS before; of number 1 from the home post.",
        ),
        "check": Text("Jam tiba", "Arrived"),
        "duties": Text("Tugas", "Duties"),
        "bans": Text("Polri di TPS dilarang", "At a TPS police may not"),
        "map": Text("Rute", "Route"),
        "scan": Text("Pendaftaran HP tim", "Enrols the team's phone"),
        "received": Text("Diterima ketua tim,", "Received, leader of the team,"),
        "controlled": Text("Padal,", "Padal,"),
    }
    return {key: text.in_(lang) for key, text in table.items()}
