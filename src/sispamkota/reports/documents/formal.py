"""What makes a paper official: letterhead, number, classification, signature, trace of the plan.

Nothing is invented: what nobody gave is a blank line to fill in by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import day
from sispamkota.reports.situation import Situation

Kind = Literal["renpam", "sprin", "rekap", "traffic"]
State = Literal["draft", "reviewed", "approved", "superseded", "simulation"]

STATE_TEXT: dict[str, Text] = {
    "draft": Text("draf", "draft"),
    "reviewed": Text("sudah diperiksa, belum disahkan", "reviewed, not approved"),
    "approved": Text("disahkan", "approved"),
    "superseded": Text("sudah diganti", "superseded"),
    "simulation": Text("simulasi", "simulation"),
}
WATERMARK: dict[str, Text] = {
    "draft": Text("DRAF", "DRAFT"),
    "reviewed": Text("DRAF", "DRAFT"),
    "approved": Text("", ""),
    "superseded": Text("SUDAH DIGANTI", "SUPERSEDED"),
    "simulation": Text("SIMULASI", "SIMULATION"),
}
FORCE = "KEPOLISIAN NEGARA REPUBLIK INDONESIA"
SHOWN_DIGITS = 16  # of the plan's SHA-256, on every page; the Renpam gives all 64
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a plan beside its content.

    Attributes:
        plan: its id.
        sha256: hex digest of its bytes.
        version: its number among the guard plans, None where it has none.
        state: draft until a named officer approves it.
        approved_by: name of the officer who approved it; "" where nobody did.
    """

    plan: str
    sha256: str
    version: int | None = None
    state: State = "draft"
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formalities:
    """What an office writes on its papers; empty texts become blanks or are taken from the areas.

    Attributes:
        letterhead: lines of the letterhead.
        place: where papers are issued.
        function: title of the function that signs.
        classification: line at the top and bottom of each page.
        pattern: how a number is written, with {number}, {month} and {year}.
        number: the running number, or a whole number with its strokes.
        issued: date of issue; also gives month and year of the number.
    """

    letterhead: tuple[str, ...] = ()
    place: str = ""
    function: str = ""
    classification: str = ""
    pattern: str = ""
    number: str = ""
    issued: dt.date | None = None


def formal(
    situation: Situation,
    standing: Standing,
    papers: Formalities,
    heading: tuple[str, list[str]],
    lang: Lang,
) -> dict[str, Any]:
    """Return the `formal` values of a template.

    Args:
        situation: for names of areas, sample label and time.
        standing: of the plan.
        papers: what the office gave.
        heading: title of the paper, and lines below it.
        lang: language of the paper.
    """
    letterhead = papers.letterhead or default_letterhead(situation)
    label = situation.sample_label()
    return {
        "lang": lang,
        "title": f"{heading[0]} - {situation.name}",
        "office": letterhead[-1],
        "heading": heading[0],
        "subtitle": heading[1],
        "letterhead": list(letterhead),
        "classification": papers.classification,
        "sample": label.in_(lang) if label else "",
        "watermark": WATERMARK[standing.state].in_(lang),
        "number": number_parts(papers),
        "place": papers.place or default_place(situation),
        "date": day(papers.issued, lang) if papers.issued else "",
        "function": papers.function or default_function(letterhead),
        "signer": standing.approved_by,
        "trace": trace(situation, standing, lang),
    }


def words(lang: Lang) -> dict[str, str]:
    """Return the fixed words of every paper."""
    table: Mapping[str, Text] = {
        "page": Text("Halaman {x} dari {y}", "Page {x} of {y}"),
        "number": Text("Nomor: ", "Number: "),
        "issued_at": Text("Dikeluarkan di", "Issued at"),
        "issued_on": Text("pada tanggal", "on"),
        "rank": Text("PANGKAT, NRP ", "RANK, NRP "),
    }
    return {key: text.in_(lang) for key, text in table.items()}


def trace(situation: Situation, standing: Standing, lang: Lang) -> str:
    """Say on every page which version of which plan it shows, and when it was printed."""
    state = STATE_TEXT[standing.state].in_(lang)
    version = ""
    if standing.version is not None:
        version = Text(f" · versi {standing.version}", f" · version {standing.version}").in_(lang)
    made = ""
    if situation.made_at:
        clock = in_wib(situation.made_at)
        hour = clock.strftime("%H.%M WIB" if lang == "id" else "%H:%M WIB")
        made = Text(" · dicetak ", " · printed ").in_(lang) + f"{day(clock.date(), lang)} {hour}"
    plan = Text("Rencana", "Plan").in_(lang)
    return (
        f"{plan} {standing.plan}{version} · {state} · SHA-256 {standing.sha256[:SHOWN_DIGITS]}"
        f"{made}"
    )


def default_letterhead(situation: Situation) -> tuple[str, ...]:
    """Return the letterhead of the regency's police, from the names of its areas."""
    regency = _name(situation, "kabupaten_kota")
    province = _name(situation, "provinsi")
    for word in ("Kabupaten ", "Kota ", "Provinsi "):
        regency, province = regency.removeprefix(word), province.removeprefix(word)
    lines = [FORCE]
    lines += [f"DAERAH {province.upper()}"] if province else []
    lines += [f"RESOR {regency.upper()}"] if regency else []
    return tuple(lines)


def default_function(letterhead: tuple[str, ...]) -> str:
    """Return the title of who commands the office of the letterhead."""
    last = letterhead[-1]
    return f"KEPALA KEPOLISIAN {last}" if last.startswith(("RESOR", "DAERAH", "SEKTOR")) else ""


def default_place(situation: Situation) -> str:
    """Return the kecamatan in which the Polres stands, "" where that is not known."""
    posts = situation.posts.filter(pl.col("kind") == "polres").drop_nulls("kecamatan")
    if posts.height != 1:
        return ""
    return situation.names().get(posts["kecamatan"][0], "")


def number_parts(papers: Formalities) -> list[str]:
    """Return the number in parts, "" where a part is to be written by hand.

    A number with its own strokes is the whole number. A pattern without {number} and no number
    given makes no number line.
    """
    if "/" in papers.number or not papers.pattern:
        return [papers.number] if papers.number else []
    given = {
        "{number}": papers.number,
        "{month}": ROMAN[papers.issued.month - 1] if papers.issued else "",
        "{year}": str(papers.issued.year) if papers.issued else "",
    }
    parts: list[str] = []
    rest = papers.pattern
    while rest:
        at, name = min(
            ((rest.find(name), name) for name in given if name in rest), default=(len(rest), "")
        )
        parts += [rest[:at]] if at else []
        parts += [given[name]] if name else []
        rest = rest[at + len(name) :]
    return parts


def _name(situation: Situation, level: str) -> str:
    found = situation.areas.filter(pl.col("level") == level)["name"].to_list()
    return str(found[0]) if len(found) == 1 else ""
