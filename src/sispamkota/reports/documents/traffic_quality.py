"""How far a printed traffic plan can be trusted, and who commands: the last chapters."""

from __future__ import annotations

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    count,
    head,
    minor,
    paragraph,
    points,
    section,
    table,
)
from sispamkota.reports.documents.formal import STATE_TEXT, Standing
from sispamkota.reports.documents.official import Official
from sispamkota.reports.documents.traffic_matter import Matter, Row
from sispamkota.reports.documents.traffic_words import (
    BLANK,
    CONFLICT_TEXT,
    DIRECTION_TEXT,
    UNNAMED,
    length,
    span,
)
from sispamkota.reports.labels import day, percent, word

BUSIEST = 5  # roads told per event
FULL = 1.0  # flow over capacity
ROLES: tuple[tuple[Text, Text], ...] = (
    (Text("Kapolres", "Kapolres"), Text("penanggung jawab", "in charge of all")),
    (Text("Kabag Ops", "Kabag Ops"), Text("pengendali operasi", "head of operations")),
    (Text("Kasat Lantas", "Kasat Lantas"),
     Text("pengendali pengaturan lalu lintas", "in charge of this regulation")),
    (Text("Kapospam", "Kapospam"), Text("pos pengamanan di lokasi kegiatan",
                                        "security post at the place of the event")),
    (Text("Kanit Turjawali", "Kanit Turjawali"),
     Text("gatur, kawal, dan patroli", "gatur, kawal and patroli")),
    (Text("Perwira penghubung", "Liaison officer"),
     Text("Dishub, rumah sakit, Damkar, panitia kegiatan",
          "Dishub, hospitals, Damkar, organisers of the event")),
)  # fmt: skip


def load_chapter(matter: Matter) -> list[Block]:
    """Return the chapter of conflicts, load on roads, demand and its uncertainty."""
    demand = matter.plan["demand"]
    return [
        chapter(matter.say("Benturan dan beban jalan", "Conflicts and load on roads")),
        section(matter.say("Benturan", "Conflicts")),
        *_conflicts(matter),
        section(matter.say("Beban jalan", "Load on roads")),
        *_loads(matter),
        section(matter.say("Permintaan perjalanan dan ketidakpastiannya",
                           "Demand and its uncertainty")),
        paragraph(matter.told(demand["method"])),
        paragraph(matter.told(demand["uncertainty"])),
        paragraph(_base(matter, demand)),
    ]  # fmt: skip


def _base(matter: Matter, demand: Row) -> str:
    lang = matter.lang
    people, zones = number(demand["people"], lang), number(demand["zones"], lang)
    said = matter.say(f"Dasar: {people} orang di {zones} zona.",
                      f"Base: {people} persons in {zones} zones.")  # fmt: skip
    sources = "; ".join(str(s) for s in demand["sources"])
    return f"{said} {matter.say('Sumber: ', 'Sources: ')}{sources}." if sources else said


def _conflicts(matter: Matter) -> list[Block]:
    found = matter.plan["conflicts"]
    if not found:
        return [paragraph(matter.say("Tidak ada kegiatan yang berbenturan.",
                                     "No events collide."))]  # fmt: skip
    lang = matter.lang
    names = {event["id"]: event["name"] for event in matter.plan["events"]}
    rows = [
        (word(CONFLICT_TEXT, row["kind"], lang),
         " – ".join(dict.fromkeys(names.get(e, e) for e in row["events"])),
         span(row["begins"], row["ends"], lang),
         length(row["length_m"], lang) if row["length_m"] else "–", matter.told(row["detail"]))
        for row in found
    ]  # fmt: skip
    heads = (
        head("Benturan", "Conflict", 1.6), head("Kegiatan", "Events", 1.8),
        head("Waktu", "Time", 1.7), head("Panjang", "Length", 0.9),
        head("Yang harus diputuskan", "What is to be settled", 3.4),
    )  # fmt: skip
    lead = matter.say("Harus diselesaikan sebelum rencana disahkan:",
                      "To be settled before the plan is approved:")  # fmt: skip
    return [{"kind": "lead", "text": lead},
            table("", heads, rows, lang)]  # fmt: skip


def _loads(matter: Matter) -> list[Block]:
    lang, names = matter.lang, {e["id"]: e["name"] for e in matter.plan["events"]}
    rows = [
        (names.get(row["event"], row["event"]), DIRECTION_TEXT[row["period"]].in_(lang),
         _trips(matter, row),
         number(row["same_trips_before"]["vehicle_hours"], lang, 1),
         number(row["after"]["vehicle_hours"], lang, 1), added(matter, row),
         number(row["unroutable_pcu_h"], lang))
        for row in matter.plan["assignment"]
    ]  # fmt: skip
    heads = (
        head("Kegiatan", "Event", 2.4), head("Jam", "Hour", 1),
        head("Perjalanan smp/jam", "Trips pcu/h", 2.1),
        count("Jam kendaraan sebelum", "Vehicle hours before", 1.4),
        count("sesudah", "after", 1.2), head("Tambahan", "Added", 2),
        count("Tak terantar", "Unroutable", 1.1),
    )  # fmt: skip
    caption = matter.say(
        "Jam kendaraan (smp-jam) pada jam tersibuk, sebelum dan di bawah rencana",
        "Vehicle hours (pcu hours) of the busiest hour, before and under the plan",
    )
    return [table(caption, heads, rows, lang), *_busiest(matter)]


def _trips(matter: Matter, row: Row) -> str:
    middle, low, high = (
        number(row[key], matter.lang)
        for key in ("trips_pcu_h", "trips_low_pcu_h", "trips_high_pcu_h")
    )
    return f"{middle} ({low}–{high})"


def added(matter: Matter, row: Row) -> str:
    """Return the vehicle hours that the plan adds, with the bounds of the demand."""
    lang = matter.lang
    said = number(row["added_vehicle_hours"] or 0.0, lang, 1)
    if row["low"] and row["high"]:
        low, high = (number(row[k]["added_vehicle_hours"] or 0.0, lang, 1) for k in ("low", "high"))
        said += matter.say(f" ({low} sampai {high})", f" ({low} to {high})")
    return said


def _road(row: Row, lang: Lang) -> str:
    return row["road"] or f"{UNNAMED.in_(lang)} ({row['highway']})"


def _busiest(matter: Matter) -> list[Block]:
    """Return the roads that carry most for their width, one row per road of an event."""
    lang, names = matter.lang, {e["id"]: e["name"] for e in matter.plan["events"]}
    rows = []
    for row in matter.plan["assignment"]:
        for road in row["busiest"][:BUSIEST]:
            over = road["ratio"] > FULL
            rows.append(
                (names.get(row["event"], row["event"]), _road(road, lang),
                 f"{road['lat']:.5f}, {road['lon']:.5f}", number(road["flow_pcu_h"], lang),
                 number(road["capacity_pcu_h"], lang),
                 percent(road["ratio"], lang, 0) + (" !" if over else ""))
            )  # fmt: skip
    if not rows:
        return []
    heads = (
        head("Kegiatan", "Event", 2.2), head("Jalan", "Road", 3),
        head("Lintang, bujur", "Lat, lon", 2), count("Arus smp/jam", "Flow pcu/h", 1.2),
        count("Kapasitas", "Capacity", 1.2), count("Terisi", "Filled", 1),
    )  # fmt: skip
    caption = matter.say("Ruas terpadat di bawah rencana (! = di atas kapasitas)",
                         "Fullest roads under the plan (! = above capacity)")  # fmt: skip
    return [{**table(caption, heads, rows, lang), "size": 8}]


def quality_chapter(matter: Matter, standing: Standing, official: Official) -> list[Block]:
    """Return the chapter of the certificate, its assumptions and the sources."""
    plan, proof, lang = matter.plan, matter.plan["certificate"], matter.lang
    version = str(standing.version) if standing.version is not None else "–"
    network = plan["network"]
    rows = [
        (matter.say("Rencana", "Plan"), standing.plan),
        (matter.say("Versi, status", "Version, state"),
         f"{version}, {STATE_TEXT[standing.state].in_(lang)}"),
        (matter.say("SHA-256 rencana", "SHA-256 of the plan"), standing.sha256),
        (matter.say("SHA-256 masukan", "SHA-256 of the inputs"), plan["inputs_sha256"]),
        (matter.say("Jaringan jalan", "Road network"),
         f"{network['source']}, {day(network['as_of'], lang)}; {number(network['nodes'], lang)} "
         + matter.say("simpul", "nodes") + f", {number(network['arcs'], lang)} "
         + matter.say("arah ruas", "arcs") + f"; SHA-256 {network['sha256']}"),
        (matter.say("Pemecah", "Solver"), str(proof["solver"])),
        (matter.say("Celah relatif (target)", "Relative gap (target)"),
         f"{proof['relative_gap']:.1e} ({proof['gap_target']:.0e})"),
        (matter.say("Pemilihan pos: nilai, batas atas", "Choice of posts: value, upper bound"),
         f"{number(proof['posts_value'], lang, 1)}, {number(proof['posts_bound'], lang, 1)}"),
        (matter.say("Versi perangkat lunak", "Versions of software"),
         ", ".join(f"{k} {v}" for k, v in sorted(proof["versions"].items()))),
    ]  # fmt: skip
    heads = (head("Hal", "Item", 2), head("Isi", "Value", 6))
    check = matter.say(
        f"Siapa pun dapat memeriksanya lagi: sispamkota verify {standing.plan}.",
        f"Anyone can check it again: sispamkota verify {standing.plan}.",
    )
    return [
        chapter(matter.say("Mutu rencana", "Quality of the plan")),
        section(matter.say("Sertifikat", "Certificate")),
        paragraph(_sentence(matter)),
        paragraph(check),
        table("", heads, rows, lang),
        section(matter.say("Asumsi", "Assumptions")),
        *points([matter.told(text) for text in proof["assumptions"]]),
        section(matter.say("Sumber", "Sources")),
        *points(_sources(matter, official)),
    ]


def _sources(matter: Matter, official: Official) -> list[str]:
    """Return who says what this plan rests on, each once."""
    network = matter.plan["network"]
    crowds = [
        f"{event['name']}: {event['crowd']['source']}"
        for event in matter.plan["events"]
        if event["crowd"] and event["crowd"].get("source")
    ]
    of_laws = [
        matter.say(f"Dasar hukum dibaca di {source}", f"Legal bases were read at {source}")
        for source in official.traffic_sources
    ]
    roads = (
        matter.say("Jalan: ", "Roads: ")
        + f"{network['source']}, {day(network['as_of'], matter.lang)}"
    )
    demand = [str(source) for source in matter.plan["demand"]["sources"]]
    return list(dict.fromkeys([roads, *demand, *crowds, *of_laws]))


def _sentence(matter: Matter) -> str:
    """Say in words what is proved and what is not."""
    proof, lang = matter.plan["certificate"], matter.lang
    gap = f"{proof['relative_gap']:.1e}"
    flows = matter.say(
        "Beban jalan adalah keseimbangan pengguna: tidak ada perjalanan yang lebih cepat lewat"
        f" jalan lain, sampai celah relatif {gap}, diperiksa dengan pencarian jalan tersendiri.",
        "The load on roads is a user equilibrium: no trip is quicker by another way, up to a"
        f" relative gap of {gap}, checked by shortest paths of its own.",
    )
    if proof["posts_gap"]:
        share = percent(proof["posts_gap"], lang, 2)
        posts = matter.say(f" Pemilihan pos paling jauh {share} dari yang terbaik.",
                           f" The choice of posts is at most {share} off the best.")  # fmt: skip
    else:
        posts = matter.say(
            " Pemilihan pos terbukti terbaik untuk jumlah petugas ini.",
            " The choice of posts is proved best for this number of officers.",
        )
    rest = matter.say(
        " Koridor darurat dibuktikan di bawah semua penutupan. Yang tidak dibuktikan: angka"
        " permintaan, kapasitas, dan massa, yang merupakan perkiraan.",
        " The emergency corridor is proved under all closures. Not proved are the figures of"
        " demand, capacity and crowd, which are estimates.",
    )
    return flows + posts + rest


def command_chapter(matter: Matter) -> list[Block]:
    """Return the chapter of command: roles by title, with blanks for the pen."""
    lang = matter.lang
    rows = [(role.in_(lang), what.in_(lang), BLANK, BLANK) for role, what in ROLES]
    heads = (
        head("Jabatan", "Function", 2), head("Peran", "Role", 3),
        head("Pangkat, nama, NRP (diisi)", "Rank, name, NRP (to fill in)", 3),
        head("Telepon (diisi)", "Phone (to fill in)", 2.4),
    )  # fmt: skip
    padal = [
        (event["name"], span(event["assembly_at"], event["clear_at"], lang), BLANK, BLANK)
        for event in matter.plan["events"]
    ]
    events = (
        head("Kegiatan", "Event", 3), head("Waktu tugas", "Time of duty", 2.6),
        head("Padal (diisi)", "Padal (to fill in)", 2.6),
        head("Telepon (diisi)", "Phone (to fill in)", 2.4),
    )  # fmt: skip
    orders = [
        matter.say("Pos melapor ke Padal kegiatan; Padal ke Kasat Lantas; laporan naik bertahap.",
                   "Posts report to the Padal of the event, the Padal to the Kasat Lantas; reports"
                   " go up step by step."),
        matter.say("Membuka atau menutup jalan di luar jadwal hanya atas perintah Kasat Lantas.",
                   "Roads are opened or closed off schedule only by order of the Kasat Lantas."),
        matter.say("Koridor darurat tidak pernah ditutup; kendaraan darurat didahulukan.",
                   "The emergency corridor is never closed; emergency vehicles come first."),
        matter.say("Bersikap netral; perlakuan sama bagi semua kelompok.",
                   "Stay neutral; treat all groups alike."),
    ]  # fmt: skip
    return [
        chapter(matter.say("Komando dan pengendalian", "Command and control")),
        *points(orders),
        table(matter.say("Pejabat", "Functions"), heads, rows, lang),
        minor(matter.say("Padal (perwira pengendali) per kegiatan",
                         "Padal (controlling officer) per event")),
        table("", events, padal, lang),
    ]  # fmt: skip
