"""The page: one self-contained HTML file with the map; no script, no request to anywhere."""

from __future__ import annotations

from importlib import resources

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import CLASS_TEXT, HANDLING, POST_LETTER, POST_TEXT, day, span, whole
from sispamkota.reports.mapdraw import SYMBOLS, MapDrawing, draw
from sispamkota.reports.markup import Html, join, tag
from sispamkota.reports.pieces import bullets, section, swatch
from sispamkota.reports.plan_sections import team_section, uncovered_section
from sispamkota.reports.sections import (
    check_section,
    need_section,
    reason_section,
    shortage_words,
    source_section,
)
from sispamkota.reports.shapes import Shapes, make_shapes
from sispamkota.reports.situation import CLASSES, Situation
from sispamkota.reports.sources import notes
from sispamkota.reports.summary import (
    certificate_sentence,
    chosen_need,
    class_counts,
    khusus_count,
    strengths,
    uncertain_count,
)


def page_html(situation: Situation, lang: Lang, other: str | None = None) -> str:
    """Return the whole page in `lang`.

    Args:
        situation: what to show.
        lang: language of the page.
        other: address of the same page in the other language, for a link in the header.
    """
    shapes = make_shapes(situation)
    drawing = draw(situation, shapes, lang) if shapes else None
    main = tag(
        "main",
        _key_figures(situation, lang),
        _map_section(situation, shapes, drawing, lang),
        need_section(situation, lang),
        team_section(situation, drawing.details if drawing else {}, lang),
        uncovered_section(situation, lang),
        reason_section(situation, lang),
        check_section(situation, lang),
        source_section(situation, lang),
        id="isi",
    )
    skip = tag(
        "a", Text("Lompat ke isi", "Skip to content").in_(lang), href="#isi", class_="lompat"
    )
    body = tag("body", skip, _header(situation, lang, other), main, _footer(situation, lang))
    return "<!DOCTYPE html>\n" + tag("html", _document_head(situation, lang), body, lang=lang)


def _document_head(situation: Situation, lang: Lang) -> Html:
    title = f"{situation.name} · Sispamkota"
    if situation.sample:
        title = f"CONTOH · {title}"
    css = resources.files("sispamkota.reports").joinpath("page.css").read_text(encoding="utf-8")
    return tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="robots" content="noindex">'),
        Html('<link rel="icon" href="data:,">'),
        tag("title", title),
        tag("style", Html(css + _page_boxes(situation, lang))),
    )


def _page_boxes(situation: Situation, lang: Lang) -> str:
    """Return the margin text of printed pages: CONTOH on each, handling, page numbers."""
    label = situation.sample_label()
    page = Text("Halaman", "Page").in_(lang)
    top = f'@top-center{{content:"{label.in_(lang)}";font-weight:600}}' if label else ""
    foot = f'@bottom-left{{content:"{HANDLING.in_(lang)}"}}'
    count = f'@bottom-right{{content:"{page} " counter(page) "/" counter(pages)}}'
    return f"@page{{font:8pt sans-serif;{top}{foot}{count}}}"


def _header(situation: Situation, lang: Lang, other: str | None) -> Html:
    election = {
        "pemilu": Text("Pemilu", "General election (pemilu)"),
        "pilkada": Text("Pilkada", "Regional election (pilkada)"),
    }
    kind = election.get(situation.election)
    line = [kind.in_(lang)] if kind else []
    line.append(Text("hari H ", "voting day ").in_(lang) + day(situation.voting_day, lang))
    if situation.made_at:
        made_at = in_wib(situation.made_at)
        made = made_at.strftime("%H.%M WIB" if lang == "id" else "%H:%M WIB")
        line.append(Text("dibuat ", "made ").in_(lang) + f"{day(made_at.date(), lang)} {made}")
    code: Lang = "en" if lang == "id" else "id"
    link = (
        tag(
            "a",
            "English" if code == "en" else "Bahasa Indonesia",
            href=other,
            hreflang=code,
            lang=code,
        )
        if other
        else ""
    )
    label = situation.sample_label()
    # A banner role twice would confuse; the CONTOH line belongs to the header.
    return join(
        tag("div", label.in_(lang), class_="contoh", role="note") if label else "",
        tag(
            "header",
            tag("p", tag("span", "SISPAMKOTA", class_="produk"), " · " if link else "", link),
            tag("h1", situation.name),
            tag("p", " · ".join(line)),
            tag("p", HANDLING.in_(lang)),
        ),
    )


def _footer(situation: Situation, lang: Lang) -> Html:
    label = situation.sample_label()
    return tag(
        "footer",
        tag("p", label.in_(lang)) if label else "",
        tag("p", HANDLING.in_(lang)),
    )


def _key_figures(situation: Situation, lang: Lang) -> Html:
    plan = situation.plan or {}
    total = situation.tps.height
    covered = span(plan.get("tps_covered"))[0]
    if covered is None:
        big, small = whole(total, lang), "TPS"
    else:
        big = Text(
            f"{whole(covered, 'id')} dari {whole(total, 'id')}",
            f"{whole(covered, 'en')} of {whole(total, 'en')}",
        ).in_(lang)
        small = Text("TPS terjaga dalam rencana", "TPS covered by the plan").in_(lang)
    pairs = [*_class_figures(situation, lang), *_force_figures(situation, lang)]
    figures = tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs))
    lead = tag("p", tag("b", big), tag("span", small), class_="utama")
    title = Text("Angka pokok", "Key figures").in_(lang)
    return section(
        "pokok",
        title,
        tag("div", lead, figures, class_="kunci"),
        tag("p", certificate_sentence(situation.plan, lang), class_="kalimat"),
    )


def _class_figures(situation: Situation, lang: Lang) -> list[tuple[object, object]]:
    khusus, open_classes = khusus_count(situation), uncertain_count(situation)
    figures: list[tuple[object, object]] = []
    if situation.scores.height:
        counts = class_counts(situation)
        figures += [
            (join(_small(name), CLASS_TEXT[name].in_(lang)), whole(counts[name], lang))
            for name in CLASSES
        ]
    if khusus:
        inside = tag("small", Text(" termasuk di atas", " included above").in_(lang))
        figures.append(
            (
                join(_small("khusus"), CLASS_TEXT["khusus"].in_(lang)),
                join(whole(khusus, lang), inside),
            )
        )
    if open_classes:
        name = Text("Kelas belum pasti", "Class not certain").in_(lang)
        figures.append((name, join(whole(open_classes, lang), tag("small", " TPS"))))
    return figures


def _small(kind: str) -> Html:
    return tag("span", swatch(kind), class_="kelas")


def _force_figures(situation: Situation, lang: Lang) -> list[tuple[object, object]]:
    figures: list[tuple[object, object]] = []
    polri = next((s for s in strengths(chosen_need(situation)) if s.force == "polri"), None)
    if polri:
        figures += [
            (Text("Polri perlu", "Polri needed").in_(lang), whole(polri.required, lang)),
            (Text("Polri tersedia", "Polri available").in_(lang), whole(polri.available, lang)),
            (Text("Selisih Polri", "Polri gap").in_(lang), shortage_words(polri.gap, lang)),
        ]
    teams = (situation.plan or {}).get("teams")
    if teams is not None:
        figures.append((Text("Tim", "Teams").in_(lang), whole(teams, lang)))
    dpt, estimated = situation.counts.get("dpt"), situation.counts.get("dpt_estimated")
    if dpt:
        about = Text(f" {whole(estimated, 'id')} perkiraan", f" {whole(estimated, 'en')} estimated")
        part = tag("small", about.in_(lang)) if estimated else ""
        figures.append((Text("DPT", "DPT (voters)").in_(lang), join(whole(dpt, lang), part)))
    return figures


def _map_section(
    situation: Situation, shapes: Shapes | None, drawing: MapDrawing | None, lang: Lang
) -> Html:
    title = Text("Peta", "Map").in_(lang)
    if shapes is None or drawing is None:
        none = Text(
            "Belum ada posisi desa, jadi peta tidak dapat dibuat.",
            "No desa has a position, so there is no map.",
        )
        return section("peta", title, tag("p", none.in_(lang)))
    name = Text("Peta, dapat digulir", "Map, scrollable").in_(lang)
    frame = tag(
        "div", drawing.overview, class_="bingkai", tabindex=0, role="region", aria_label=name
    )
    said = _map_notes(situation, shapes, drawing, lang)
    return section(
        "peta",
        title,
        bullets(said),
        tag("div", frame, _legend(situation, drawing, lang), class_="baris-peta"),
    )


def _map_notes(situation: Situation, shapes: Shapes, drawing: MapDrawing, lang: Lang) -> list[str]:
    said: list[Text] = []
    if shapes.approximate:
        said.append(
            Text(
                "Wilayah perkiraan: batas desa belum diimpor, jadi desa digambar dari titik dan"
                " luasnya. Bukan batas resmi.",
                "Approximate areas (wilayah perkiraan): desa boundaries are not imported, so desa"
                " are drawn from their point and area. Not official boundaries.",
            )
        )
    said += notes(situation)[:1]
    if drawing.unplaced:
        count = drawing.unplaced
        said.append(
            Text(
                f"{number(count, 'id')} TPS tanpa posisi tidak tampak di peta.",
                f"{number(count, 'en')} TPS without a position are not on the map.",
            )
        )
    return [text.in_(lang) for text in said]


def _legend(situation: Situation, drawing: MapDrawing, lang: Lang) -> Html:
    box = {"viewBox": "0 0 28 20", "aria_hidden": "true", "focusable": "false"}
    fills = [(f"k{i}", CLASS_TEXT[c].in_(lang)) for i, c in enumerate(CLASSES, start=1)]
    if uncertain_count(situation):
        doubt = Text(
            "Arsir: lebih dari separuh TPS belum pasti kelasnya",
            "Hatched: class of more than half of its TPS not certain",
        )
        fills.append(("k1 m", doubt.in_(lang)))
    fills.append(("k0", Text("Belum ada jawaban indikator", "No indicator answers yet").in_(lang)))
    areas = [
        tag(
            "li",
            tag(
                "svg",
                tag(
                    "g", tag("path", d="M1 1h26v18H1z", class_=css), id=f"dl-{css.replace(' ', '')}"
                ),
                **box,
            ),
            tag("span", text),
        )
        for css, text in fills
    ]
    points = [tag("li", swatch(kind), tag("span", CLASS_TEXT[kind].in_(lang))) for kind in SYMBOLS]
    letters = [
        tag("li", tag("b", POST_LETTER[kind]), tag("span", POST_TEXT[kind].in_(lang)))
        for kind in drawing.posts
    ]
    line = tag("g", tag("path", d="M2 16L26 4"), class_="beat")
    lines = [
        tag(
            "li",
            tag("svg", line, **box),
            tag("span", Text("Beat: pangkal ke TPS", "Beat: anchor to TPS").in_(lang)),
        )
    ]
    rule = Text(
        "Warna desa = kelas TPS paling rawan di desa itu, meskipun hanya satu TPS; jumlah tiap"
        " kelas ada pada keterangan desa.",
        "Colour of a desa = class of its most vulnerable TPS, even if it is one TPS; the tooltip of"
        " the desa gives the count of each class.",
    ).in_(lang)
    parts = [
        tag("h3", Text("Desa", "Desa").in_(lang)), tag("ul", *areas), tag("p", rule),
        tag("h3", "TPS"), tag("ul", *points, *(lines if situation.plan else [])),
    ]  # fmt: skip
    if letters:
        parts += [tag("h3", Text("Pos", "Posts").in_(lang)), tag("ul", *letters)]
    return tag("aside", *parts, class_="legenda", aria_label=Text("Legenda", "Legend").in_(lang))
