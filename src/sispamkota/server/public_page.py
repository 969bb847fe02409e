"""The public page: one HTML answer without script, small enough for a slow phone."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from urllib.parse import urlencode

from sispamkota.actions.public import MOST_FOUND, PublicClosure, PublicDesa, PublicFacts
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import day
from sispamkota.reports.markup import Html, join, tag

PATHS: dict[Lang, str] = {"id": "/", "en": "/en"}
LONGEST_SOURCE = 160
MOST_CLOSURES = 40
EMERGENCY: tuple[tuple[str, Text], ...] = (
    ("110", Text("Polisi, bebas pulsa", "Police, free of charge")),
    ("112", Text("Panggilan darurat, di daerah yang melayaninya",
                 "Emergency call, where the region serves it")),
)  # fmt: skip


def public_page(facts: PublicFacts, lang: Lang, query: str, code: str, now: dt.datetime) -> str:
    """Return the page.

    Args:
        facts: what everybody may know.
        lang: language.
        query: what was typed into the search, as typed.
        code: desa whose TPS are asked for, or "".
        now: decides which closures are in force, to come, or over.
    """
    main = tag(
        "main",
        _search(facts, lang, query),
        _found(facts, lang, query, code),
        _closures(facts, lang, now),
        _emergency(facts, lang),
        _all_desa(facts, lang),
        id="isi",
    )
    skip = tag(
        "a", Text("Lompat ke isi", "Skip to content").in_(lang), href="#isi", class_="lompat"
    )
    body = tag("body", skip, _header(facts, lang, query, code), main, _footer(facts, lang))
    return "<!DOCTYPE html>\n" + tag("html", _head(facts, lang), body, lang=lang)


def _head(facts: PublicFacts, lang: Lang) -> Html:
    title = Text("Cari TPS dan nomor darurat", "Find your TPS, emergency numbers").in_(lang)
    css = resources.files("sispamkota.server").joinpath("public.css").read_text(encoding="utf-8")
    return tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        Html('<link rel="icon" href="data:,">'),
        tag("title", f"{title} · {facts.place or facts.name}"),
        tag("style", Html(css)),
    )


def _header(facts: PublicFacts, lang: Lang, query: str, code: str) -> Html:
    other: Lang = "en" if lang == "id" else "id"
    asked = _asked(query, code)
    link = tag(
        "a",
        "English" if other == "en" else "Bahasa Indonesia",
        href=PATHS[other] + asked,
        hreflang=other,
        lang=other,
    )
    contoh = Text("CONTOH: sebagian daftar ini dibangkitkan, bukan data nyata.",
                  "CONTOH (sample): part of these lists is generated, not real.")  # fmt: skip
    place = facts.place or facts.name
    title = Text(f"TPS dan nomor darurat {place}", f"TPS and emergency numbers, {place}").in_(lang)
    voting = Text("Hari pemungutan suara: ", "Voting day: ").in_(lang)
    return join(
        tag("p", contoh.in_(lang), class_="contoh", role="note") if facts.sample else "",
        tag(
            "header",
            tag("p", tag("span", "SISPAMKOTA", class_="produk"), link, class_="atas"),
            tag("h1", title),
            tag("p", voting, tag("b", day(facts.voting_day, lang))),
        ),
    )


def _asked(query: str, code: str) -> str:
    asked = {k: v for k, v in (("q", query), ("desa", code)) if v}
    return f"?{urlencode(asked)}" if asked else ""


def _search(facts: PublicFacts, lang: Lang, query: str) -> Html:
    title = Text("Cari TPS menurut desa", "Find your TPS by desa").in_(lang)
    label = Text("Nama desa atau kelurahan", "Name of the desa or kelurahan").in_(lang)
    field = tag(
        "div",
        tag("label", label, for_="q"),
        Html(
            join(
                Html(
                    '<input id="q" name="q" type="search" maxlength="80" autocomplete="off" value="'
                ),
                query,
                Html('">'),
            )
        ),
        tag("button", Text("Cari", "Search").in_(lang), type="submit"),
        class_="kotak",
    )
    total = sum(len(one.tps) for one in facts.desa)
    count = Text(
        f"{number(total, 'id')} TPS di {number(len(facts.desa), 'id')} desa dan kelurahan.",
        f"{number(total, 'en')} TPS in {number(len(facts.desa), 'en')} desa and kelurahan.",
    ).in_(lang)
    form = tag("form", field, action=PATHS[lang], method="get", role="search")
    return tag(
        "section", tag("h2", title, id="cari"), tag("p", count), form, aria_labelledby="cari"
    )


def _found(facts: PublicFacts, lang: Lang, query: str, code: str) -> Html:
    """Return the TPS asked for, or what to try where there are none."""
    if not query and not code:
        return Html("")
    chosen = facts.desa_of(code) if code else None
    found = [chosen] if chosen else facts.find(query)
    title = Text("Hasil", "Result").in_(lang)
    if not found:
        none = Text(
            "Tidak ada desa dengan nama itu. Coba sebagian nama, atau pilih dari daftar di bawah.",
            "There is no desa of that name. Try a part of it, or choose from the list below.",
        ).in_(lang)
        parts = [tag("p", none)]
    else:
        parts = [_desa(one, facts, lang) for one in found[:MOST_FOUND]]
        if len(found) > MOST_FOUND:
            more = Text(
                f"{len(found) - MOST_FOUND} desa lain cocok; ketik lebih lengkap.",
                f"{len(found) - MOST_FOUND} more desa match; type more of the name.",
            ).in_(lang)
            parts.append(tag("p", more))
    return tag(
        "section",
        tag("h2", title, id="hasil"),
        *parts,
        aria_labelledby="hasil",
        class_="hasil",
    )


def _desa(one: PublicDesa, facts: PublicFacts, lang: Lang) -> Html:
    kecamatan = facts.kecamatan.get(one.kecamatan, one.kecamatan)
    where = Text(f"Kecamatan {kecamatan}", f"Kecamatan {kecamatan}").in_(lang)
    stations = [
        tag("li", f"TPS {tps.number:03d}", tag("span", f" {tps.name}") if tps.name else "")
        for tps in one.tps
    ]
    return tag(
        "article",
        tag("h3", one.name),
        tag("p", f"{where} · {len(one.tps)} TPS"),
        tag("ol", *stations, class_="tps"),
    )


def _emergency(facts: PublicFacts, lang: Lang) -> Html:
    title = Text("Nomor darurat", "Emergency numbers").in_(lang)
    rows = [(tag("b", call), words.in_(lang), call) for call, words in EMERGENCY]
    rows += [(tag("b", phone), name, phone) for name, phone in facts.phones]
    items = [
        tag("li", tag("a", shown, href=f"tel:{_dial(phone)}"), " ", tag("span", name))
        for shown, name, phone in rows
    ]
    return tag(
        "section",
        tag("h2", title, id="darurat"),
        tag("ul", *items, class_="nomor"),
        aria_labelledby="darurat",
    )


def _closures(facts: PublicFacts, lang: Lang, now: dt.datetime) -> Html:
    """Return the roads that are closed or will be; nothing where there are none."""
    shown = [c for c in facts.closures if c.state(now) != "past"]
    if not shown:
        return Html("")
    title = Text("Penutupan jalan", "Closed roads").in_(lang)
    return tag(
        "section",
        tag("h2", title, id="jalan"),
        tag("ul", *(_closure(c, lang, now) for c in shown[:MOST_CLOSURES]), class_="tutup"),
        aria_labelledby="jalan",
    )


def _closure(closure: PublicClosure, lang: Lang, now: dt.datetime) -> Html:
    planned = closure.state(now) == "planned"
    state = Text("Akan ditutup", "Will be closed") if planned else Text("Ditutup", "Closed")
    parts = [f"{state.in_(lang)}: {_window(closure, lang, planned=planned)}."]
    if closure.reason:
        parts.append(f"{closure.reason.rstrip('.')}.")
    if closure.walkers:
        parts.append(Text("Pejalan kaki boleh lewat.", "People on foot may pass.").in_(lang))
    return tag("li", tag("b", closure.title.in_(lang)), " ", tag("span", " ".join(parts)))


def _window(closure: PublicClosure, lang: Lang, *, planned: bool) -> str:
    begins = _time(closure.begins, lang) if planned and closure.begins else ""
    ends = _time(closure.ends, lang) if closure.ends else ""
    open_ended = Text("sampai pemberitahuan berikutnya", "until further notice").in_(lang)
    since = Text(f"mulai {begins} ", f"from {begins} ").in_(lang) if begins else ""
    until = Text(f"sampai {ends}", f"until {ends}").in_(lang) if ends else open_ended
    return f"{since}{until}"


def _time(moment: dt.datetime, lang: Lang) -> str:
    local = in_wib(moment)
    return f"{day(local.date(), lang)}, {local:%H.%M} WIB"


def _dial(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit() or c == "+")


def _all_desa(facts: PublicFacts, lang: Lang) -> Html:
    title = Text("Semua desa dan kelurahan", "All desa and kelurahan").in_(lang)
    groups = []
    for code, name in facts.kecamatan.items():
        own = [one for one in facts.desa if one.kecamatan == code]
        links = [
            tag("li", tag("a", one.name, href=f"{PATHS[lang]}?desa={one.code}#hasil"))
            for one in own
        ]
        count = f" ({len(own)})"
        groups.append(tag("details", tag("summary", name, count), tag("ul", *links, class_="desa")))
    if not groups:
        none = Text("Daftar TPS belum dimuat.", "No list of TPS is loaded yet.").in_(lang)
        groups.append(tag("p", none))
    return tag("section", tag("h2", title, id="semua"), *groups, aria_labelledby="semua")


def _footer(facts: PublicFacts, lang: Lang) -> Html:
    title = Text("Sumber", "Sources").in_(lang)
    note = Text(
        "Alamat TPS yang pasti tercantum pada surat pemberitahuan dari KPPS. Halaman ini tidak "
        "memuat data pemilih, dan tidak mencatat siapa yang membukanya.",
        "Your notice from the KPPS states the exact address of your TPS. This page holds no data "
        "of voters and does not record who opens it.",
    ).in_(lang)
    sources = [tag("li", source[:LONGEST_SOURCE]) for source in facts.sources[:4]]
    officers = Text("Petugas: masuk", "Officers: sign in").in_(lang)
    return tag(
        "footer",
        tag("p", note),
        tag("p", tag("b", title)) if sources else "",
        tag("ul", *sources) if sources else "",
        tag("p", tag("a", officers, href="/app/")),
    )
