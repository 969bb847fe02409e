"""Rengaturlalin: the regulation of traffic round dated events as a staff paper, to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from sispamkota.reports.documents.formal import Formalities, Standing, formal, words
from sispamkota.reports.documents.official import Official
from sispamkota.reports.documents.traffic_event import event_chapter
from sispamkota.reports.documents.traffic_matter import Matter, numbers_of
from sispamkota.reports.documents.traffic_posts import post_chapter
from sispamkota.reports.documents.traffic_quality import (
    added,
    command_chapter,
    load_chapter,
    quality_chapter,
)
from sispamkota.reports.documents.traffic_words import clock, dated, lasting, listed, span
from sispamkota.reports.situation import Situation
from sispamkota.roads.network import Network

TITLE = Text("RENCANA PENGATURAN LALU LINTAS",
             "TRAFFIC REGULATION PLAN (RENCANA PENGATURAN LALU LINTAS)")  # fmt: skip
SHORT = "RENGATURLALIN"


def traffic_matter(
    plan: Mapping[str, Any],
    network: Network,
    network_sha256: str,
    areas: pl.DataFrame,
    lang: Lang,
    *,
    officers: bool = True,
) -> Matter:
    """Return what the paper of a traffic plan is made of.

    Args:
        plan: the plan document.
        network: roads of the workspace, drawn below the maps.
        network_sha256: digest of that network.
        areas: frame of areas; names of desa stand on maps whose roads have none.
        lang: language.
        officers: print the ids of officers.
    """
    desa = areas.filter(pl.col("level") == "desa_kelurahan").drop_nulls(["lon", "lat"]).sort("code")
    return Matter(
        plan=dict(plan),
        network=network,
        same_roads=plan["network"]["sha256"] == network_sha256,
        places=tuple(desa.select("lon", "lat", "name").iter_rows()),
        lang=lang,
        officers=officers,
        numbers=numbers_of(dict(plan)),
    )


def traffic_values(
    situation: Situation,
    matter: Matter,
    standing: Standing,
    papers: Formalities,
    official: Official,
) -> dict[str, Any]:
    """Return what the template `chapters` prints as a Rengaturlalin.

    Args:
        situation: for names of areas, sample label and time of printing.
        matter: the plan and its roads.
        standing: of that plan.
        papers: what the office writes on its papers.
        official: legal bases.
    """
    lang = matter.lang
    blocks: list[Block] = [
        *_introduction(matter, official),
        *_summary(matter),
        *(block for event in matter.plan["events"] for block in event_chapter(matter, event)),
        *post_chapter(matter),
        *load_chapter(matter),
        *quality_chapter(matter, standing, official),
        *command_chapter(matter),
    ]
    under = [f"({SHORT})", str(matter.plan["operation"] or situation.name).upper()]
    return {
        "formal": formal(situation, standing, papers, (TITLE.in_(lang), under), lang),
        "words": words(lang),
        "flipped": False,
        "signed": True,
        "blocks": blocks,
    }


def _introduction(matter: Matter, official: Official) -> list[Block]:
    events, lang = matter.plan["events"], matter.lang
    names = listed([event["name"] for event in events], lang)
    count_, plural = len(events), "" if len(events) == 1 else "s"
    general = matter.say(
        f"Rencana ini mengatur lalu lintas di sekitar {count_} kegiatan: {names}. Isinya"
        " penutupan dengan jamnya, pengalihan per jenis kendaraan, pos dan petugasnya, jalan datang"
        " dan pulang tiap kelompok, koridor darurat, kawal, dan patroli.",
        f"This plan regulates traffic round {count_} event{plural}: {names}. It holds closures with"
        " their hours, diversions per class of vehicle, posts with their officers, the ways of each"
        " group there and back, the emergency corridor, escorts and patrols.",
    )
    bases = [text.in_(lang) + ";" for text in official.traffic_bases]
    bases += [
        f"{_receipt(event['sttp']['number'])} ({event['name']});"
        for event in events
        if event["sttp"]
    ]
    caution = official.caution()
    return [
        chapter(matter.say("Pendahuluan", "Introduction")),
        section(matter.say("Umum", "General")),
        paragraph(general),
        section(matter.say("Dasar", "Legal bases")),
        *points(bases),
        *([remark(caution.in_(lang))] if caution else []),
    ]


def _receipt(number_: str) -> str:
    """Return the number of an STTP, told as such unless it says so itself."""
    return number_ if number_.upper().startswith("STTP") else f"STTP {number_}"


def _summary(matter: Matter) -> list[Block]:
    plan, lang = matter.plan, matter.lang
    found: list[Block] = [chapter(matter.say("Ringkasan", "Summary"))]
    if plan["estimated"]:
        found.append({"kind": "warning", "text": matter.say(
            "PERKIRAAN: jaringan jalan belum diimpor. Rencana ini dibuat di atas garis antardesa,"
            " bukan jalan sebenarnya; penutupan, pengalihan, dan waktu tempuh di sini tidak dapat"
            " dipakai di lapangan sebelum jalan diimpor dan rencana disusun ulang.",
            "ESTIMATE: no road network is imported. This plan was made on lines between desa, not"
            " on real roads; its closures, diversions and times cannot be used in the field until"
            " roads are imported and the plan is made again.",
        )})  # fmt: skip
    found.append(table(matter.say("Kegiatan", "Events"), _event_heads(), _event_rows(matter), lang))
    heads = (head("Hal", "Item", 3), head("Isi", "Value", 5))
    found.append(table(matter.say("Angka pokok", "Key figures"), heads, _figures(matter), lang))
    if plan["conflicts"]:
        found.append({"kind": "warning", "text": matter.say(
            f"{len(plan['conflicts'])} benturan harus diselesaikan sebelum disahkan: lihat bab"
            " Benturan.",
            f"{len(plan['conflicts'])} conflicts to be settled before approval: see the chapter on"
            " conflicts.",
        )})  # fmt: skip
    if plan["remarks"]:
        found.append(section(matter.say("Catatan", "Remarks")))
        found += points([matter.told(text) for text in plan["remarks"]])
    return found


def _event_heads() -> tuple[Any, ...]:
    return (
        count("No", "No"), head("Kegiatan", "Event", 3), head("Jenis", "Kind", 2),
        head("Waktu", "Time", 2.6), head("Tugas sejak – sampai", "On duty from – to", 2.2),
        count("Pos", "Posts", 0.7), count("Petugas", "Officers", 1),
    )  # fmt: skip


def _event_rows(matter: Matter) -> list[tuple[object, ...]]:
    lang = matter.lang
    rows: list[tuple[object, ...]] = []
    for i, event in enumerate(matter.plan["events"], 1):
        posts = matter.posts(event)
        staff = [*posts, *matter.of("escorts", event), *matter.of("patrols", event)]
        on_duty = f"{clock(event['assembly_at'], lang)}–{clock(event['clear_at'], lang)}"
        rows.append((i, event["name"], matter.told(event["kind_name"]),
                     span(event["starts_at"], event["ends_at"], lang), on_duty, len(posts),
                     number(sum(row["officers"] for row in staff), lang)))  # fmt: skip
    return rows


def _figures(matter: Matter) -> list[tuple[str, str]]:
    plan, lang = matter.plan, matter.lang
    officers, peak = plan["officers"], plan["officers"]["peak"]
    counts = [
        (matter.say("penutupan", "closures"), "closures"),
        (matter.say("pengalihan", "diversions"), "diversions"),
        (matter.say("pos gatur", "posts"), "posts"),
        (matter.say("kawal", "escorts"), "escorts"),
        (matter.say("patroli", "patrols"), "patrols"),
    ]
    begins = min(event["assembly_at"] for event in plan["events"])
    ends = max(event["clear_at"] for event in plan["events"])
    missing = matter.say("kurang", "missing")
    staff = f"{officers['needed']} / {officers['available']} / {officers['assigned']}"
    return [
        (matter.say("Masa berlaku", "Window"), span(begins, ends, lang)),
        (matter.say("Isi", "Content"), ", ".join(f"{name} {len(plan[key])}"
                                                  for name, key in counts)),
        (matter.say("Petugas perlu / ada / ditugaskan", "Officers needed / there / assigned"),
         f"{staff}; {missing} {officers['gap']}"),
        (matter.say("Puncak kebutuhan", "Peak of need"), _peak(matter, peak)),
        (matter.say("Tambahan jam kendaraan pada jam tersibuk",
                    "Vehicle hours added in the busiest hour"), _added(matter)),
        (matter.say("Koridor darurat terketat", "Tightest emergency corridor"), _margin(matter)),
    ]  # fmt: skip


def _peak(matter: Matter, peak: Mapping[str, Any]) -> str:
    if not peak or not peak.get("at"):
        return "–"
    people = matter.say("petugas", "officers")
    return f"{peak['needed']} {people}, {dated(peak['at'], matter.lang)}"


def _added(matter: Matter) -> str:
    """Return the vehicle hours that each event adds, with the bounds of the demand."""
    names = {event["id"]: event["name"] for event in matter.plan["events"]}
    said = [
        f"{names.get(row['event'], row['event'])}: {added(matter, row)}"
        for row in matter.plan["assignment"]
    ]
    return "; ".join(said) or "–"


def _margin(matter: Matter) -> str:
    """Say how much time the corridor with the least to spare has left."""
    rows = matter.plan["corridors"]
    if not rows:
        return matter.say("belum dapat dibuktikan: tidak ada rumah sakit dengan tempat",
                          "not proved: no hospital with a known place")  # fmt: skip
    lang = matter.lang
    row = min(rows, key=lambda r: r["limit_s"] - r["travel_closed_s"])
    took, limit = lasting(row["travel_closed_s"], lang), lasting(row["limit_s"], lang)
    left = lasting(row["limit_s"] - row["travel_closed_s"], lang)
    way = f"{row['from']['name']} → {row['to']['name']}"
    return matter.say(f"{took} dari batas {limit} (sisa {left}): {way}",
                      f"{took} of a limit of {limit} (margin {left}): {way}")  # fmt: skip
