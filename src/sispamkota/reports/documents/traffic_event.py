"""The chapter of one event of a printed traffic plan: what is closed, who goes where and when."""

from __future__ import annotations

from collections.abc import Sequence

from sispamkota.kernel.text import number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    count,
    head,
    paragraph,
    remark,
    section,
    table,
)
from sispamkota.reports.documents.traffic_maps import (
    closing_map,
    coming_map,
    group_style,
    has_closing_map,
    has_coming_map,
    short_label,
)
from sispamkota.reports.documents.traffic_marks import (
    ESCORT,
    PATROL,
    VEHICLES,
    Style,
    body_swatch,
    gathering,
    hospital,
    item,
    line_swatch,
    post_mark,
    star,
)
from sispamkota.reports.documents.traffic_matter import Matter, Row
from sispamkota.reports.documents.traffic_ways import SMALL, corridors, escorts, patrols
from sispamkota.reports.documents.traffic_words import (
    DIRECTION_TEXT,
    PROFILE_TEXT,
    VEHICLE_TEXT,
    between,
    clock,
    dated,
    exempt,
    lasting,
    length,
    listed,
    moment,
    more,
    named,
    roads,
    span,
    spot,
    tasks,
    vehicles,
)
from sispamkota.reports.labels import day

ROOM_MM = (168.0, 186.0)  # of a map, above its legend
GROUP_LEGEND_MM = 6.0


def event_chapter(matter: Matter, event: Row) -> list[Block]:
    """Return the chapter of an event."""
    title = f"{event['name']} ({matter.told(event['kind_name'])})"
    return [
        {"kind": "break"},
        chapter(title),
        section(matter.say("Kegiatan", "Event")),
        _facts(matter, event),
        section(matter.say("Jadwal", "Timetable")),
        _timetable(matter, event),
        *_closing(matter, event),
        *_coming(matter, event),
        *corridors(matter, event),
        *escorts(matter, event),
        *patrols(matter, event),
    ]


def _facts(matter: Matter, event: Row) -> Block:
    lang = matter.lang
    rows = [
        (matter.say("Waktu", "Time"), span(event["starts_at"], event["ends_at"], lang)),
        (matter.say("Lokasi", "Place"), _place(event)),
    ]
    if event["sttp"]:
        issued = event["sttp"].get("issued_on")
        on = f" ({day(issued, lang)})" if issued else ""
        rows.append(("STTP", f"{event['sttp']['number']}{on}"))
    if event["crowd"]:
        rows.append((matter.say("Perkiraan massa", "Expected crowd"), _crowd(matter, event)))
    stated = _vehicles(matter, event)
    if stated:
        rows.append((matter.say("Kendaraan", "Vehicles"), stated))
    for group in event["groups"]:
        size = matter.say(f"{number(group['size'], lang)} orang, berkumpul di ",
                          f"{number(group['size'], lang)} persons, gathering at ")  # fmt: skip
        rows.append((group["label"], size + spot(*group["gathering"])))
    if event["route"]:
        way = event["route"]
        said = f"{roads(way['roads'], lang, 12)} ({length(way['length_m'], lang)})"
        rows.append((matter.say("Rute", "Route"), said))
    rows.append((matter.say("Tugas lalu lintas", "Traffic duties"), tasks(event["tasks"], lang)))
    return table("", (head("Hal", "Item", 2), head("Isi", "Value", 7)), rows, lang)


def _place(event: Row) -> str:
    name = event["place_name"]
    return f"{name} ({spot(*event['place'])})" if name else spot(*event["place"])


def _crowd(matter: Matter, event: Row) -> str:
    lang, crowd = matter.lang, event["crowd"]
    said = number(crowd["expected"], lang)
    if crowd["low"] != crowd["high"]:
        said += f" ({number(crowd['low'], lang)}–{number(crowd['high'], lang)})"
    source = crowd.get("source")
    return said + (matter.say("; sumber: ", "; source: ") + source if source else "")


def _vehicles(matter: Matter, event: Row) -> str:
    parts = [
        f"{number(event['vehicles'][code], matter.lang)} {text.in_(matter.lang)}"
        for code, text in VEHICLE_TEXT.items()
        if event["vehicles"].get(code)
    ]
    if not parts:
        return ""
    guess = matter.say(" (perkiraan)", " (estimated)") if event["vehicles_estimated"] else ""
    return listed(parts, matter.lang) + guess


def _timetable(matter: Matter, event: Row) -> Block:
    """Return every hour that somebody must keep, in order."""
    lang = matter.lang
    rows: list[tuple[str, str]] = [
        (event["assembly_at"], matter.say("Apel", "Roll call (apel)")),
        (event["setup_at"], matter.say("Semua petugas di titik", "All officers on point")),
        (event["starts_at"], matter.say("Kegiatan mulai", "Event begins")),
        (event["ends_at"], matter.say("Kegiatan selesai", "Event ends")),
    ]
    for row in matter.of("closures", event):
        name = matter.told(row["name"])
        rows.append((row["begins"], matter.say(f"Ditutup: {name}", f"Closed: {name}")))
        rows.append((row["ends"], matter.say(f"Dibuka: {name}", f"Opened: {name}")))
    for row in matter.of("approaches", event):
        way = DIRECTION_TEXT[row["direction"]].in_(lang)
        hours = between(row["begins"], row["ends"], lang)
        rows.append((row["begins"], f"{row['group']}: {way} ({hours})"))
    ready = matter.say("Kawal siap", "Escort ready")
    rows += [(row["begins"], ready) for row in matter.of("escorts", event)]
    rows.append((event["clear_at"], matter.say("Tugas selesai, apel konsolidasi",
                                               "End of duty, debriefing")))  # fmt: skip
    ordered = sorted(rows, key=lambda r: r[0])
    days = {moment(r[0]).date() for r in rows}
    told = [(clock(at, lang) if len(days) == 1 else dated(at, lang), what) for at, what in ordered]
    caption = day(min(days), lang) + " (WIB)" if len(days) == 1 else "WIB"
    return table(caption, (head("Pukul", "Time", 1 if len(days) == 1 else 2.4),
                           head("Apa", "What", 7)), told, lang)  # fmt: skip


def _chart(matter: Matter, drawn: tuple[str, float], caption: str, legend: list[Row]) -> Block:
    svg, high = drawn
    network = matter.network
    source = matter.say(
        f" Jalan: {network.source}, per {day(network.as_of, 'id')}.",
        f" Roads: {network.source}, as of {day(network.as_of, 'en')}.",
    )
    if network.estimated:
        source += matter.say(
            " Garis putus-putus kelabu adalah garis antardesa (perkiraan), bukan jalan.",
            " Grey dashes are lines between desa (an estimate), not roads.",
        )
    elif not matter.same_roads:
        source += matter.say(
            " Peta memakai jaringan jalan yang sekarang; rencana dibuat atas jaringan sebelumnya.",
            " The map shows the roads of today; the plan was made on an earlier network.",
        )
    return {"kind": "map", "svg": svg, "height": high, "caption": caption + source,
            "legend": legend}  # fmt: skip


def _closing(matter: Matter, event: Row) -> list[Block]:
    """Return map and tables of closures and diversions."""
    found: list[Block] = []
    if has_closing_map(matter, event):
        caption = matter.say(
            f"Peta A. Penutupan, pengalihan, dan pos: {event['name']}.",
            f"Map A. Closures, diversions and posts: {event['name']}.",
        )
        drawn = closing_map(matter, event, ROOM_MM)
        title = matter.say(
            "Peta penutupan, pengalihan, dan pos", "Map of closures, diversions and posts"
        )
        found += [section(title), _chart(matter, drawn, caption, _legend_a(matter, event))]
    found.append(section(matter.say("Penutupan jalan", "Road closures")))
    closures = matter.of("closures", event)
    if not closures:
        none = matter.say("Tidak ada jalan yang ditutup.", "No road is closed.")
        return [*found, paragraph(none)]
    diverted = section(matter.say("Pengalihan per jenis kendaraan",
                                  "Diversions per class of vehicle"))  # fmt: skip
    return [
        *found,
        _closure_table(matter, closures),
        diverted,
        *_diversion_blocks(matter, matter.of("diversions", event)),
    ]


def _legend_a(matter: Matter, event: Row) -> list[Row]:
    number_ = matter.say("Pos dan nomornya", "Post and its number")
    found = [item(post_mark(2.5, 2.5, 1, 2.0), number_, 5.0)]
    found.append(item(star(2.8, 2.6), matter.say("Lokasi kegiatan", "Place of the event"), 5.6))
    if matter.of("closures", event):
        found.append(item(body_swatch("closed"), matter.say("Ditutup (× = ujung)",
                                                           "Closed (× = end)")))  # fmt: skip
    used = {row["profile"] for row in matter.of("diversions", event)}
    found += [
        item(line_swatch(style), matter.say("Alih ", "Diverted ") + PROFILE_TEXT[code].in_(
            matter.lang))
        for code, style in VEHICLES.items() if code in used
    ]  # fmt: skip
    if any(len(row["line"]) > 1 for row in matter.of("patrols", event)):
        found.append(item(line_swatch(PATROL, head=False), matter.say("Patroli", "Patrol")))
    if matter.plan["standing"] and matter.same_roads:
        found.append(item(line_swatch(Style(colour="#555555", mm=2.0, dash="0.5 0.7"), head=False),
                          matter.say("Penutupan lain yang berlaku",
                                     "Other closures in force")))  # fmt: skip
    return found


def _closure_table(matter: Matter, closures: Sequence[Row]) -> Block:
    lang = matter.lang
    rows = [
        (i, _closure_name(matter, row), length(row["length_m"], lang), dated(row["begins"], lang),
         dated(row["ends"], lang), vehicles(row["profiles"], lang), exempt(row["exempt"], lang),
         "; ".join(named(end["name"], lang) for end in row["ends_nodes"]) or "–")
        for i, row in enumerate(closures, 1)
    ]  # fmt: skip
    heads = (
        count("No", "No"), head("Ruas dan alasan", "Road and reason", 3.4),
        head("Panjang", "Length", 0.9), head("Ditutup", "Closed", 1.6),
        head("Dibuka", "Opened", 1.6), head("Untuk", "For", 1.3),
        head("Kecuali", "Except", 1.3), head("Ujung penutupan", "Ends of the closure", 2.6),
    )  # fmt: skip
    return {**table("", heads, rows, lang), "size": SMALL}


def _closure_name(matter: Matter, row: Row) -> str:
    direction = {
        "both": "",
        "forward": matter.say(" (satu arah: maju)", " (one direction: forward)"),
        "backward": matter.say(" (satu arah: mundur)", " (one direction: backward)"),
    }[row["direction"]]
    crowd = matter.say(" Berisi massa: ambulans berhenti di tepinya.",
                       " Filled by the crowd: ambulances stop at its edge.")  # fmt: skip
    reason = matter.told(row["reason"])
    return f"{matter.told(row['name'])}{direction}. {reason}{crowd if row['crowd'] else ''}"


def _diversion_blocks(matter: Matter, rows: Sequence[Row]) -> list[Block]:
    """Return one row per way round, with what each class of vehicle loses there."""
    if not rows:
        none = matter.say(
            "Tidak ada arus yang perlu dialihkan: perjalanan yang ada tidak melewati ruas ini.",
            "No traffic needs to be diverted: no trip passes the closed road.",
        )
        return [paragraph(none)]
    lang = matter.lang
    ways: dict[str, list[Row]] = {}
    for row in rows:
        ways.setdefault(f"{row['from']['node']} {row['to']['node']} {row['line']}", []).append(row)
    told = []
    for number_, same in enumerate(ways.values(), 1):
        one = same[0]
        of = {row["profile"]: row for row in same}
        told.append(
            (number_, named(one["from"]["name"], lang), roads(one["roads"], lang),
             named(one["to"]["name"], lang), length(one["length_m"], lang),
             *(_loss(of.get(code), matter) for code in VEHICLES))
        )  # fmt: skip
    heads = (
        count("No", "No"), head("Dari", "From", 2), head("Dialihkan lewat", "Led by way of", 3),
        head("Kembali di", "Back at", 2), head("Panjang", "Length", 1),
        *(head(PROFILE_TEXT[code].id.capitalize(), PROFILE_TEXT[code].en.capitalize(), 1.5)
          for code in VEHICLES),
    )  # fmt: skip
    note = matter.say(
        "Arus dalam smp/jam pada jam tersibuk; tambahan waktu dibanding jalan yang ditutup. Angka"
        " perkiraan.",
        "Flows in passenger car units an hour (pcu/h) of the busiest hour; time added against the"
        " closed road. Estimates.",
    )
    made = table("", heads, told, lang)
    return [{**made, "size": SMALL}, remark(note)]


def _loss(row: Row | None, matter: Matter) -> str:
    if row is None:
        return "–"
    flow = number(row["flow_pcu_h"], matter.lang, 0 if row["flow_pcu_h"] >= 1 else 1)
    unit = matter.say("smp/jam", "pcu/h")
    return f"{flow} {unit}, {more(row['added_s'], matter.lang)}"


def _coming(matter: Matter, event: Row) -> list[Block]:
    """Return map B and the table of approaches."""
    ways = matter.of("approaches", event)
    if not has_coming_map(matter, event):
        return []
    caption = matter.say(
        f"Peta B. Datang, pulang, koridor darurat, dan kawal: {event['name']}.",
        f"Map B. Approaches, dispersal, emergency corridor and escort: {event['name']}.",
    )
    chart = _chart(matter, coming_map(matter, event, ROOM_MM), caption, _legend_b(matter, event))
    found: list[Block] = [
        section(matter.say("Peta datang, pulang, dan koridor darurat",
                           "Map of approaches, dispersal and emergency corridor")),
        chart,
    ]  # fmt: skip
    if ways:
        found.append(section(matter.say("Datang dan pulang per kelompok",
                                        "Approaches and dispersal per group")))  # fmt: skip
        found.append(_approach_table(matter, ways))
    return found


def _legend_b(matter: Matter, event: Row) -> list[Row]:
    found = [item(star(2.8, 2.6), matter.say("Lokasi kegiatan", "Place of the event"), 5.6)]
    if matter.of("closures", event):
        found.append(item(body_swatch("closed"), matter.say("Ditutup", "Closed")))
    if matter.posts(event) and not has_closing_map(matter, event):
        found.append(item(post_mark(2.5, 2.5, 1, 2.0), matter.say("Pos", "Post"), 5.0))
    if matter.of("corridors", event):
        found.append(item(hospital(2.6, 2.5), matter.say("Rumah sakit", "Hospital"), 5.2))
        found.append(item(body_swatch("corridor"), matter.say("Koridor darurat (ambulans)",
                                                             "Emergency corridor")))  # fmt: skip
    for i, group in enumerate(event["groups"]):
        mark = gathering(2.9, 2.9, short_label(group["label"], i))
        style = group_style(i)
        found.append(item(mark, matter.say("Titik kumpul ", "Gathering of ") + group["label"],
                          GROUP_LEGEND_MM))  # fmt: skip
        found.append(item(line_swatch(style), group["label"] + matter.say(" datang", " arriving")))
        found.append(item(line_swatch(style, hollow=True),
                          group["label"] + matter.say(" pulang", " leaving")))  # fmt: skip
    if matter.of("escorts", event):
        found.append(item(line_swatch(ESCORT), matter.say("Kawal, rute utama",
                                                         "Escort, main route")))  # fmt: skip
        spare = Style(colour=ESCORT.colour, mm=0.5, dash="0.6 1.1")
        text = matter.say("Kawal, rute cadangan", "Escort, fall-back")
        found.append(item(line_swatch(spare, hollow=True), text))
    return found


def _approach_table(matter: Matter, ways: Sequence[Row]) -> Block:
    lang = matter.lang
    rows = [
        (f"{row['group']} ({number(row['size'], lang)})",
         DIRECTION_TEXT[row["direction"]].in_(lang),
         between(row["begins"], row["ends"], lang), roads(row["roads"], lang, 8),
         named(row["door"]["name"], lang) if row["door"] else matter.say("lokasi", "the place"),
         f"{length(row['length_m'], lang)}, {lasting(row['travel_s'], lang)}",
         _shared(matter, row))
        for row in ways
    ]  # fmt: skip
    heads = (
        head("Kelompok", "Group", 1.5), head("Arah", "Way", 1), head("Pukul", "Time", 1.2),
        head("Lewat", "By way of", 3.6), head("Pintu", "Door", 2),
        head("Jauh, waktu", "Length, time", 1.4), head("Bersama", "Shared", 1.5),
    )  # fmt: skip
    return {**table("", heads, rows, lang),
            "size": SMALL}  # fmt: skip


def _shared(matter: Matter, row: Row) -> str:
    if not row["shared_m"]:
        return matter.say("terpisah", "apart")
    return f"{length(row['shared_m'], matter.lang)} ({listed(row['shared_with'], matter.lang)})"
