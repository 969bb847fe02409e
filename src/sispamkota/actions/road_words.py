"""Words of tables about roads: vehicles, places, and what a reader counted in a road file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sispamkota.kernel.text import Lang, Text
from sispamkota.roads.directions import unnamed_road

VEHICLES: Mapping[str, Text] = {
    "car": Text("mobil", "car"),
    "motorcycle": Text("sepeda motor", "motorcycle"),
    "truck": Text("truk", "truck"),
    "foot": Text("pejalan kaki", "on foot"),
    "boat": Text("perahu", "boat"),
}
"""In the order in which they are shown."""
PLACES: Mapping[str, Text] = {
    "tps": Text("TPS", "TPS"),
    "post": Text("pos", "post"),
    "desa": Text("desa", "desa"),
}
COUNTED: Mapping[str, Text] = {
    "ways_kept": Text("jalan dimuat", "roads kept"),
    "ways_outside": Text("jalan di luar wilayah", "roads outside the area"),
    "ways_dropped": Text("dibuang", "dropped"),
    "clipped": Text("di tepi berkas", "at the edge"),
    "edges": Text("sisi graf", "edges of the graph"),
    "opposite_edges_paired": Text("pasangan sisi dua arah", "edges paired in both directions"),
    "repeated_vertices": Text("titik berulang", "repeated vertices"),
    "zero_length_loops": Text("putaran tanpa panjang", "loops without length"),
    "one_way_segments": Text("ruas satu arah bagi mobil", "one-way segments for cars"),
    "ferries": Text("ruas penyeberangan", "ferry segments"),
    "class_guessed": Text("diduga: kelas jalan", "guessed: class of road"),
    "guessed": Text("diduga", "guessed"),
    "repair": Text("perbaikan sambungan", "mended joints"),
    "barrier_kinds": Text("penghalang", "barriers"),
    "barriers": Text("penghalang", "barriers"),
    "restriction_relations": Text("relasi larangan belok", "turn restriction relations"),
    "restrictions": Text("larangan belok", "turn restrictions"),
    "restrictions_not_applied": Text("larangan belok tidak dipakai", "turn restrictions not used"),
    "detour_factor": Text("pengali jarak", "detour factor"),
    "speed_kmh": Text("kecepatan km/jam", "speed km/h"),
    "straight_km": Text("panjang garis lurus km", "straight lines km"),
    "points": Text("titik desa", "points of desa"),
    "points_without_position": Text("desa tanpa titik", "desa without a point"),
    "points_at_one_place": Text("desa di titik yang sama", "desa at the same point"),
    # parts
    "area": Text("bidang, bukan garis", "areas, not lines"),
    "no_access": Text("tidak boleh dilalui", "no access"),
    "other": Text("bukan jalan", "no roads"),
    "ways_cut": Text("jalan terpotong", "roads cut"),
    "ways_missing_nodes": Text("jalan yang titiknya tidak lengkap", "roads that lack points"),
    "speed": Text("kecepatan", "speed"),
    "surface": Text("permukaan", "surface"),
    "boat_on_river": Text("perahu di sungai", "boats on rivers"),
    "motorcycle_on_path": Text("sepeda motor di jalan setapak", "motorcycles on paths"),
    "tolerance_m": Text("jarak gabung m", "tolerance m"),
    "pieces_before": Text("bagian sebelumnya", "pieces before"),
    "pieces_after": Text("bagian sesudahnya", "pieces after"),
    "crossings_joined": Text("persilangan disambung", "crossings joined"),
    "ends_joined": Text("ujung disambung", "ends joined"),
    "applied": Text("dipakai", "applied"),
    "at_ends": Text("di ujung jalan", "at ends of roads"),
    "at_junctions": Text("di persimpangan", "at junctions"),
    "banned_turns": Text("belokan terlarang", "banned turns"),
    "honoured": Text("dipatuhi", "honoured"),
    "honoured_by_rule": Text("dipatuhi", "honoured"),
    "not_honoured": Text("tidak dapat dipatuhi", "not honoured"),
    "not_honoured_by_reason": Text("tidak dapat dipatuhi", "not honoured"),
    "no_left_turn": Text("dilarang belok kiri", "no left turn"),
    "no_right_turn": Text("dilarang belok kanan", "no right turn"),
    "no_straight_on": Text("dilarang lurus", "no straight on"),
    "no_u_turn": Text("dilarang putar balik", "no U-turn"),
    "only_left_turn": Text("wajib belok kiri", "only left turn"),
    "only_right_turn": Text("wajib belok kanan", "only right turn"),
    "only_straight_on": Text("wajib lurus", "only straight on"),
    "only_u_turn": Text("wajib putar balik", "only U-turn"),
    "from_not_in_network": Text("jalan asal tidak dimuat", "the road from is not kept"),
    "to_not_in_network": Text("jalan tujuan tidak dimuat", "the road to is not kept"),
    "not_in_network": Text("jalannya tidak dimuat", "its roads are not kept"),
    "conditional": Text("bersyarat", "conditional"),
    "unknown_rule": Text("aturan tidak dikenal", "unknown rule"),
}
"""In the order in which they are shown; a tag of the file that is not here stays as it is."""
_BEFORE = {name: i for i, name in enumerate(COUNTED)}
SHOWN_ELSEWHERE = {"connectivity", "profiles", "length_km", "nodes", "arcs", "segments"}
"""Parts of the reader's report that stand in tables of their own."""


def counted(report: Mapping[str, Any], lang: Lang) -> list[tuple[str, float]]:
    """Return what a reader counted, in words: what was kept, dropped, guessed; no zeros."""
    parts = {k: v for k, v in report.items() if k not in SHOWN_ELSEWHERE}
    return [(": ".join(_word(p, lang) for p in path), n) for path, n in _numbers(parts)]


def road_or_class(name: str, highway: str, lang: Lang) -> str:
    """Return the name of a road, or what a road of its class is called in directions."""
    return name or unnamed_road(highway).in_(lang)


def _word(part: str, lang: Lang) -> str:
    return COUNTED[part].in_(lang) if part in COUNTED else part.replace("_", " ")


def _numbers(report: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], float]]:
    for key in sorted(report, key=lambda k: (_BEFORE.get(k, len(_BEFORE)), k)):
        value = report[key]
        if isinstance(value, Mapping):
            for path, n in _numbers(value):
                yield ((key,) if path == ("count",) else (key, *path)), n
        elif isinstance(value, int | float) and not isinstance(value, bool) and value:
            yield (key,), float(value)


__all__ = ["COUNTED", "PLACES", "VEHICLES", "counted", "road_or_class"]
