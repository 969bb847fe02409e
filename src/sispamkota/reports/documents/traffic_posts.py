"""Posts of a printed traffic plan: the table of who stands where, and a card for each."""

from __future__ import annotations

from typing import Any

from sispamkota.kernel.text import number
from sispamkota.reports.documents.blocks import (
    Block,
    chapter,
    head,
    minor,
    remark,
    section,
    table,
)
from sispamkota.reports.documents.traffic_marks import VEHICLES
from sispamkota.reports.documents.traffic_matter import Matter, Row
from sispamkota.reports.documents.traffic_words import (
    PROFILE_TEXT,
    TASK_TEXT,
    between,
    clock,
    dated,
    heading_of,
    length,
    listed,
    named,
    span,
    spot,
    vehicles,
)

SMALL = 7.8
MOST_TURNS = 5  # lines of a card that say where to send whom


def post_chapter(matter: Matter) -> list[Block]:
    """Return the chapter of posts: a table per event, then the task of each post."""
    found: list[Block] = [
        {"kind": "break"},
        chapter(matter.say("Pos dan petugas", "Posts and officers")),
        section(matter.say("Tabel pos", "Table of posts")),
    ]
    if not matter.officers:
        found.append(remark(matter.say(
            "Id petugas tidak dicetak: hanya untuk yang berhak melihat daftar personel.",
            "Ids of officers are not printed: they are for those who may see the roster.",
        )))  # fmt: skip
    for event in matter.plan["events"]:
        found += _table(matter, event)
    found.append(section(matter.say("Peran tiap pos", "Task of each post")))
    for event in matter.plan["events"]:
        cards = [_card(matter, event, post) for post in matter.posts(event)]
        if cards:
            found.append(minor(event["name"]))
            found.append({"kind": "cards", "cards": cards})
    return found


def _table(matter: Matter, event: Row) -> list[Block]:
    lang = matter.lang
    rows: list[tuple[Any, ...]] = [
        (matter.numbers[row["id"]], named(row["name"], lang), spot(row["lon"], row["lat"]),
         TASK_TEXT[row["task"]].in_(lang), matter.ids(row["assigned"], row["officers"]),
         between(row["begins"], row["ends"], lang), matter.told(row["reason"]))
        for row in matter.posts(event)
    ]  # fmt: skip
    for sign, key, task in (("K", "escorts", "kawal"), ("R", "patrols", "patroli")):
        for i, row in enumerate(matter.of(key, event), 1):
            where = matter.say("rute kawal", "route of the escort")
            if key == "patrols":
                where = matter.say("keliling", "going round")
            rows.append(
                (f"{sign}{i}", where, "–", TASK_TEXT[task].in_(lang),
                 matter.ids(row["assigned"], row["officers"]),
                 between(row["begins"], row["ends"], lang), matter.told(row["reason"]))
            )  # fmt: skip
    if not rows:
        return []
    heads = (
        head("Pos", "Post"), head("Tempat", "Place", 2.6),
        head("Lintang, bujur", "Lat, lon", 1.5), head("Tugas", "Task", 1.05),
        head("Petugas", "Officers", 2.2), head("Pukul", "Time", 1.15),
        head("Mengapa", "Why", 2.7),
    )  # fmt: skip
    hours = span(event["setup_at"], event["clear_at"], lang)
    caption = f"{event['name']}, {hours}"
    return [{**table(caption, heads, rows, lang), "size": SMALL}]


def _card(matter: Matter, event: Row, post: Row) -> Row:
    """Return what one post must know, short enough to be cut out and carried."""
    lang = matter.lang
    facts = [
        [matter.say("Tempat", "Place"), named(post["name"], lang)],
        [matter.say("Lintang, bujur", "Lat, lon"), spot(post["lon"], post["lat"])],
        [matter.say("Apel", "Roll call"), dated(event["assembly_at"], lang)],
        [matter.say("Di titik", "On point"), f"{between(post['begins'], post['ends'], lang)} WIB"],
        [matter.say("Petugas", "Officers"), matter.ids(post["assigned"], post["officers"])],
    ]
    role = {
        "closure_end": matter.say("ujung penutupan", "end of a closure"),
        "place": matter.say("lokasi kegiatan", "place of the event"),
        "junction": matter.say("simpang pengalihan", "junction of a diversion"),
    }.get(post["role"], post["role"])
    task = TASK_TEXT[post["task"]].in_(lang)
    title = matter.say(f"Pos {matter.numbers[post['id']]}", f"Post {matter.numbers[post['id']]}")
    return {"title": title, "role": f"{task} · {role}", "facts": facts,
            "duties": _duties(matter, event, post)}  # fmt: skip


def _duties(matter: Matter, event: Row, post: Row) -> list[str]:
    if post["role"] == "closure_end":
        found = _closing_duties(matter, post)
    elif post["role"] == "place":
        found = _place_duties(matter, event)
    else:
        found = []
    turns = _turns(matter, post)
    if turns:
        found += turns
    elif post["role"] == "junction":
        found.append(matter.told(post["reason"]))
    found.append(matter.say(
        "Lapor ke pengendali saat tiba, saat situasi berubah, dan saat selesai.",
        "Report to the officer in charge on arrival, on any change, and at the end.",
    ))  # fmt: skip
    return found


def _closing_duties(matter: Matter, post: Row) -> list[str]:
    lang = matter.lang
    row = next((c for c in matter.plan["closures"] if c["id"] == post["closure"]), None)
    if row is None:
        return []
    name = matter.told(row["name"])
    barred = vehicles(row["profiles"], lang)
    found = [
        matter.say(
            f"Tutup {name} pukul {clock(row['begins'], lang)} untuk {barred}; "
            f"buka pukul {clock(row['ends'], lang)}.",
            f"Close {name} at {clock(row['begins'], lang)} for {barred}; "
            f"open it at {clock(row['ends'], lang)}.",
        )
    ]
    if row["crowd"]:
        found.append(matter.say(
            "Ambulans dan pemadam diantar sampai tepi massa; siapkan jalan bagi tandu.",
            "Ambulances and fire engines are led to the edge of the crowd; keep a way for"
            " stretchers.",
        ))  # fmt: skip
    elif "emergency" in row["exempt"]:
        found.append(matter.say(
            "Ambulans, pemadam, dan kendaraan darurat lain selalu dipersilakan lewat.",
            "Ambulances, fire engines and other emergency vehicles are always let through.",
        ))  # fmt: skip
    else:
        found.append(matter.say("Tidak ada yang dikecualikan.", "Nobody is exempt."))
    return found


def _place_duties(matter: Matter, event: Row) -> list[str]:
    lang = matter.lang
    found = [
        matter.say("Jaga massa dan parkir tidak keluar dari ruas yang ditutup.",
                   "Keep crowd and parked vehicles within the closed roads.")
        if matter.of("closures", event)
        else matter.say("Atur keluar masuk lokasi; jalan di depannya tetap mengalir.",
                        "Regulate who comes and goes; the road before it keeps flowing.")
    ]  # fmt: skip
    ways = [r for r in matter.of("corridors", event) if r["direction"] == "to_place"]
    if ways:
        names = listed(dict.fromkeys(row["from"]["name"] for row in ways), lang)
        walk = max(row["walk_m"] for row in ways)
        on_foot = matter.say(
            f" (tandu {length(walk, lang)})" if walk else "",
            f" (stretcher {length(walk, lang)})" if walk else "",
        )
        clear = matter.say(
            f"Koridor darurat dari {names} tetap kosong{on_foot}.",
            f"The emergency corridor from {names} stays clear{on_foot}.",
        )
        found.append(clear)
    if event["groups"]:
        doors = [
            f"{r['group']} – {named(r['door']['name'], lang)}"
            for r in matter.of("approaches", event)
            if r["direction"] == "arrival" and r["door"]
        ]
        if doors:
            found.append(matter.say("Pintu: ", "Doors: ") + "; ".join(doors) + ".")
    return found


def _turns(matter: Matter, post: Row) -> list[str]:
    """Say where each class of vehicle is sent at a post, from the diversions that pass it."""
    lang = matter.lang
    sent: dict[tuple[str, str], dict[str, float]] = {}
    for row in matter.plan["diversions"]:
        if row["event"] != post["event"]:
            continue
        for step in row["decisions"]:
            if step["node"] != post["node"]:
                continue
            way = heading_of(row["line"], step["lon"], step["lat"], lang)
            key = (step["role"], _toward(matter, row, post["node"], way))
            flows = sent.setdefault(key, {})
            flows[row["profile"]] = flows.get(row["profile"], 0.0) + row["flow_pcu_h"]
    ranked = sorted(sent.items(), key=lambda kv: (-sum(kv[1].values()), kv[0]))
    return [_turn(matter, role, toward, flows) for (role, toward), flows in ranked[:MOST_TURNS]]


def _turn(matter: Matter, role: str, toward: str, flows: dict[str, float]) -> str:
    lang = matter.lang
    who = listed([PROFILE_TEXT[code].in_(lang) for code in VEHICLES if code in flows], lang)
    pcu = number(sum(flows.values()), lang)
    verb = {
        "leaves": matter.say("Belokkan", "Turn off"),
        "turns": matter.say("Arahkan", "Lead"),
        "joins": matter.say("Kembalikan ke rute semula:", "Back to the usual way:"),
    }.get(role, matter.say("Arahkan", "Lead"))
    to = f" {toward}" if toward else ""
    return matter.say(f"{verb} {who}{to} ({pcu} smp/jam).", f"{verb} {who}{to} ({pcu} pcu/h).")


def _toward(matter: Matter, row: Row, node: int, way: str) -> str:
    """Return the road and the point of the compass that a diversion takes after a node."""
    road = ""
    if matter.same_roads:
        net = matter.network
        after = [a for a in row["arcs"][1:] if int(net.tail[a]) == node]
        after += [a for a in row["arcs"][:1] if int(net.tail[a]) == node and not row["begins_part"]]
        road = net.name_of(after[-1]) if after and not net.estimated else ""
    parts = [
        matter.say(f"ke {road}", f"to {road}") if road else "",
        matter.say(f"arah {way}", f"heading {way}") if way else "",
    ]
    return " ".join(part for part in parts if part)
