"""The ways of a plan as JSON: around closures, of groups, of ambulances, escorts and patrols."""

from __future__ import annotations

from typing import Any

from sispamkota.kernel.text import Text
from sispamkota.traffic.approaches import Approach
from sispamkota.traffic.corridors import Corridor
from sispamkota.traffic.draft import Draft, text, utc, way_json
from sispamkota.traffic.escorts import Escort
from sispamkota.traffic.lines import node_json, plain, road_text
from sispamkota.traffic.remarks import corridor_reason


def diversions_json(draft: Draft) -> list[dict[str, Any]]:
    """Return the ways around, the most driven first within each event."""
    network = draft.scene.ways.network
    found = []
    number: dict[str, int] = {}
    for d in draft.diversions:
        number[d.event] = number.get(d.event, 0) + 1
        around = road_text(d.after.roads)
        old = road_text(d.before.roads)
        found.append(
            {
                "id": f"{d.event}-alih-{number[d.event]}",
                "event": d.event,
                "closures": list(d.closures),
                "profile": d.profile,
                **{k: v for k, v in way_json(d.after).items() if k != "travel_s"},
                "line_before": plain(d.before.line),
                "arcs_before": list(d.before.arcs),
                "before_begins_part": round(d.before.begins, 9),
                "before_ends_part": round(d.before.ends, 9),
                "travel_before_s": round(d.before.seconds, 1),
                "travel_after_s": round(d.after.seconds, 1),
                "added_s": round(d.after.seconds - d.before.seconds, 1),
                "flow_pcu_h": round(d.flow, 2),
                "from": node_json(network, int(network.tail[d.after.arcs[0]])),
                "to": node_json(network, int(network.head[d.after.arcs[-1]])),
                "decisions": [{"role": x.role} | node_json(network, x.node) for x in d.decisions],
                "reason": text(
                    Text(
                        f"Dari {old.id} lewat {around.id}.", f"From {old.en} by way of {around.en}."
                    )
                ),
            }
        )
    return found


def approach_json(draft: Draft, approach: Approach) -> dict[str, Any]:
    """Return a group's way."""
    network, coming = draft.scene.ways.network, approach.coming
    door = None if approach.door < 0 else node_json(network, approach.door)
    gathering, place = list(coming.group.gathering), list(draft.placed(coming.event).event.place)
    there = coming.heading == "arrival"
    labels = ", ".join(approach.shared_with)
    apart = (
        Text("Tidak bersinggungan dengan kelompok lain.", "Meets no other group.")
        if not approach.shared_with
        else Text(
            f"{approach.shared_m:.0f} m bersama {labels}: tidak ditemukan jalan terpisah yang "
            "lebih baik.",
            f"{approach.shared_m:.0f} m with {labels}: no better way was found.",
        )
    )
    return {
        "event": coming.event,
        "group": coming.group.label,
        "size": coming.group.size,
        "direction": coming.heading,
        "from": gathering if there else place,
        "to": place if there else gathering,
        "door": door,
        **way_json(approach.way),
        "begins": utc(coming.begins),
        "ends": utc(coming.ends),
        "shared_m": round(approach.shared_m, 1),
        "shared_with": list(approach.shared_with),
        "reason": text(apart),
    }


def corridor_json(draft: Draft, corridor: Corridor) -> dict[str, Any]:
    """Return the way of an ambulance."""
    placed = draft.placed(corridor.event)
    hospital = {
        "id": corridor.hospital.id,
        "name": corridor.hospital.name,
        "lon": corridor.hospital.lon,
        "lat": corridor.hospital.lat,
    }
    lon, lat = placed.event.place
    place = {"name": placed.event.place_name or placed.event.name, "lon": lon, "lat": lat}
    there = corridor.direction == "to_place"
    told = way_json(corridor.way)
    closed_s = told.pop("travel_s")
    return {
        "event": corridor.event,
        "direction": corridor.direction,
        "from": hospital if there else place,
        "to": place if there else hospital,
        "hospital": corridor.hospital.id,
        **told,
        "travel_open_s": round(corridor.open_s, 1),
        "travel_closed_s": closed_s,
        "walk_m": round(corridor.walk_m, 1),
        "limit_s": round(corridor.limit_s, 1),
        "holds": True,
        "approximate": corridor.hospital.approximate,
        "reason": text(corridor_reason(corridor, draft.scene.kind(placed))),
    }


def escort_json(draft: Draft, escort: Escort) -> dict[str, Any]:
    """Return an escort with its ways to fall back on."""
    placed = draft.placed(escort.event)
    kind = draft.scene.kind(placed)
    duty = next((d for d in draft.duties.duties if d.id == f"{escort.event}-kawal"), None)
    window = draft.scene.window(placed)
    reason = (
        Text("Rute sesuai permohonan.", "The route as asked for.")
        if escort.stated
        else Text(
            "Rute tercepat yang terbuka, dengan cadangan yang paling sedikit berbagi ruas.",
            "The quickest open route, with fall-backs that share as little road as can be.",
        )
    )
    return {
        "id": f"{escort.event}-kawal",
        "event": escort.event,
        "vehicles": kind.escort_vehicles,
        "officers": duty.officers if duty else 0,
        "begins": utc(window.setup),
        "ends": utc(window.clear),
        "assigned": list(duty.assigned) if duty else [],
        "stated": escort.stated,
        "primary": way_json(escort.primary),
        "alternates": [
            way_json(f.way) | {"shared_m": round(f.shared_m, 1), "link_disjoint": f.link_disjoint}
            for f in escort.alternates
        ],
        "reason": text(reason),
    }


def patrols_json(draft: Draft) -> list[dict[str, Any]]:
    """Return the rounds of patrols."""
    found = []
    for duty in draft.duties.duties:
        if duty.role != "patrol":
            continue
        way, nodes = draft.patrols.get(duty.event, (None, ()))
        at = {d.node: d.id for d in draft.duties.duties if d.event == duty.event and d.node >= 0}
        empty = {"line": [], "arcs": [], "length_m": 0.0, "travel_s": 0.0, "roads": []}
        found.append(
            {
                "id": duty.id,
                "event": duty.event,
                "officers": duty.officers,
                "begins": utc(duty.begins),
                "ends": utc(duty.ends),
                "assigned": list(duty.assigned),
                **(way_json(way) if way else empty),
                "posts": [at[n] for n in nodes if n in at],
                "reason": text(
                    Text(
                        "Berkeliling dari pos ke pos di luar penutupan.",
                        "Goes round from post to post outside the closures.",
                    )
                ),
            }
        )
    return found
