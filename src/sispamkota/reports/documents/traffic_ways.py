"""Ways through an event of a printed traffic plan: emergency corridor, escorts, patrols."""

from __future__ import annotations

from sispamkota.reports.documents.blocks import Block, count, head, remark, section, table
from sispamkota.reports.documents.traffic_matter import Matter, Row
from sispamkota.reports.documents.traffic_words import between, lasting, length, roads, span

SMALL = 7.8  # pt of tables with long cells


def corridors(matter: Matter, event: Row) -> list[Block]:
    """Return how an ambulance comes and goes under the closures."""
    found = matter.of("corridors", event)
    title = section(matter.say("Koridor darurat", "Emergency corridor"))
    if not found:
        none = matter.say("Tidak ada rumah sakit dengan tempat yang diketahui: koridor darurat"
                          " belum dapat dibuktikan.",
                          "No hospital with a known place: the emergency corridor cannot be"
                          " proved.")  # fmt: skip
        return [title, {"kind": "warning", "text": none}]
    lang = matter.lang
    rows = [
        (f"{row['from']['name']} → {row['to']['name']}", roads(row["roads"], lang),
         length(row["length_m"], lang), lasting(row["travel_open_s"], lang),
         lasting(row["travel_closed_s"], lang), lasting(row["limit_s"], lang),
         lasting(row["limit_s"] - row["travel_closed_s"], lang),
         length(row["walk_m"], lang) if row["walk_m"] else "–")
        for row in found
    ]  # fmt: skip
    heads = (
        head("Dari – ke", "From – to", 2.4), head("Lewat", "By way of", 3),
        head("Panjang", "Length", 1), head("Terbuka", "Open", 1.1),
        head("Saat ditutup", "Under closure", 1.2), head("Batas", "Limit", 1.1),
        head("Sisa", "Margin", 1.1), head("Tandu", "Stretcher", 1),
    )  # fmt: skip
    proof = matter.say(
        "Dibuktikan dengan merutekan ambulans di bawah semua penutupan; ruas yang dipenuhi massa"
        " tidak dipakai ambulans. Jalan ini tetap kosong selama penutupan.",
        "Proved by routing an ambulance under all closures; it does not use roads that the crowd"
        " fills. This way stays clear as long as roads are closed.",
    )
    rough = matter.say(" Posisi rumah sakit perkiraan.", " Positions of hospitals approximate.")
    if any(row["approximate"] for row in found):
        proof += rough
    reasons = dict.fromkeys(
        f"{row['from']['name']} → {row['to']['name']}: {matter.told(row['reason'])}"
        for row in found
    )
    return [
        title,
        {"kind": "lead", "text": proof},
        {**table("", heads, rows, lang), "size": SMALL},
        *(remark(reason) for reason in reasons),
    ]


def escorts(matter: Matter, event: Row) -> list[Block]:
    """Return the escorts of an event with their fall-back routes."""
    found: list[Block] = []
    for row in matter.of("escorts", event):
        found.append(section(matter.say("Kawal", "Escort (kawal)")))
        found += _escort(matter, row)
    return found


def _escort(matter: Matter, row: Row) -> list[Block]:
    lang = matter.lang
    said = matter.say(
        f"{row['vehicles']} kendaraan kawal, {row['officers']} petugas; siap "
        f"{span(row['begins'], row['ends'], 'id')}.",
        f"{row['vehicles']} escort vehicles, {row['officers']} officers; on duty "
        f"{span(row['begins'], row['ends'], 'en')}.",
    )
    main = row["primary"]
    rows = [(matter.say("Utama", "Main"), roads(main["roads"], lang, 12),
             length(main["length_m"], lang), lasting(main["travel_s"], lang), "–")]  # fmt: skip
    rows += [
        (matter.say(f"Cadangan {i}", f"Fall-back {i}"), roads(way["roads"], lang, 12),
         length(way["length_m"], lang), lasting(way["travel_s"], lang),
         matter.say("terpisah penuh", "fully apart") if way["link_disjoint"]
         else length(way["shared_m"], lang))
        for i, way in enumerate(row["alternates"], 1)
    ]  # fmt: skip
    heads = (
        head("Rute", "Route", 1.4), head("Lewat", "By way of", 5), head("Panjang", "Length", 1),
        head("Waktu", "Time", 1.1), head("Bersama rute utama", "Shared with the main", 1.6),
    )  # fmt: skip
    return [
        {"kind": "lead", "text": said},
        {**table("", heads, rows, lang),
         "size": SMALL},
        remark(matter.told(row["reason"])),
    ]  # fmt: skip


def patrols(matter: Matter, event: Row) -> list[Block]:
    """Return the patrols of an event."""
    found = matter.of("patrols", event)
    if not found:
        return []
    lang = matter.lang
    rows = [
        (row["officers"], between(row["begins"], row["ends"], lang),
         ", ".join(str(matter.numbers[p]) for p in row["posts"] if p in matter.numbers) or "–",
         roads(row["roads"], lang, 8) if row["line"] else "–",
         length(row["length_m"], lang) if row["line"] else "–", matter.told(row["reason"]))
        for row in found
    ]  # fmt: skip
    heads = (
        count("Petugas", "Officers"), head("Pukul", "Time", 1.2),
        head("Pos yang didatangi", "Posts visited", 1.6), head("Lewat", "By way of", 3),
        head("Panjang", "Length", 1), head("Tugas", "Task", 3),
    )  # fmt: skip
    return [
        section(matter.say("Patroli", "Patrol (patroli)")),
        {**table("", heads, rows, lang), "size": SMALL},
    ]
