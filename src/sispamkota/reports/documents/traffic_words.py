"""Words of the printed traffic plan: clocks, spans, vehicles, tasks, places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from math import atan2, degrees
from typing import Any

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.kernel.times import in_wib
from sispamkota.reports.labels import day

Row = Mapping[str, Any]

PROFILE_TEXT: dict[str, Text] = {
    "car": Text("mobil", "car"),
    "motorcycle": Text("sepeda motor", "motorcycle"),
    "truck": Text("truk", "truck"),
    "foot": Text("pejalan kaki", "pedestrian"),
    "boat": Text("perahu", "boat"),
}
VEHICLE_TEXT: dict[str, Text] = {
    "car": Text("mobil", "cars"),
    "motorcycle": Text("sepeda motor", "motorcycles"),
    "bus": Text("bus", "buses"),
    "truck": Text("truk", "trucks"),
}
TASK_TEXT: dict[str, Text] = {
    "gatur": Text("gatur", "gatur (regulate)"),
    "kawal": Text("kawal", "kawal (escort)"),
    "patroli": Text("patroli", "patroli (patrol)"),
}
EXEMPT_TEXT: dict[str, Text] = {
    "emergency": Text("kendaraan darurat", "emergency vehicles"),
    "event": Text("kendaraan kegiatan", "vehicles of the event"),
}
DIRECTION_TEXT: dict[str, Text] = {
    "arrival": Text("datang", "arrival"),
    "dispersal": Text("pulang", "dispersal"),
    "to_place": Text("ke lokasi", "to the place"),
    "to_hospital": Text("ke rumah sakit", "to the hospital"),
}
CONFLICT_TEXT: dict[str, Text] = {
    "same_road_same_hour": Text("jalan yang sama pada jam yang sama", "same road, same hour"),
    "rival_groups_meet": Text("kelompok bertemu", "groups meet"),
    "closure_blocks_route": Text("penutupan memotong rute", "a closure blocks a route"),
    "officers_short": Text("petugas kurang", "too few officers"),
}
HEADINGS: tuple[Text, ...] = (
    Text("utara", "north"),
    Text("timur laut", "north-east"),
    Text("timur", "east"),
    Text("tenggara", "south-east"),
    Text("selatan", "south"),
    Text("barat daya", "south-west"),
    Text("barat", "west"),
    Text("barat laut", "north-west"),
)
UNNAMED = Text("jalan tanpa nama", "a road without a name")
BLANK = "………………………"
KM = 1000.0


def moment(value: str | dt.datetime) -> dt.datetime:
    """Return a time of the plan on the clock of WIB."""
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return in_wib(at)


def clock(value: str, lang: Lang) -> str:
    """Return the hour of a time: 13.00 or 13:00."""
    return moment(value).strftime("%H.%M" if lang == "id" else "%H:%M")


def dated(value: str, lang: Lang) -> str:
    """Return day and hour of a time."""
    return f"{day(moment(value).date(), lang)} {clock(value, lang)} WIB"


def between(begin: str, end: str, lang: Lang) -> str:
    """Return two times as hours of one day, or with both days."""
    if moment(begin).date() == moment(end).date():
        return f"{clock(begin, lang)}–{clock(end, lang)}"
    return f"{dated(begin, lang)} – {dated(end, lang)}"


def span(begin: str, end: str, lang: Lang) -> str:
    """Return the day and the hours of a span of time."""
    if moment(begin).date() == moment(end).date():
        return f"{day(moment(begin).date(), lang)}, {between(begin, end, lang)} WIB"
    return between(begin, end, lang)


def length(metres: float | None, lang: Lang) -> str:
    """Return a length: 376 m, 2,2 km; a dash for none."""
    if metres is None:
        return "–"
    if round(metres) < KM:
        return f"{number(metres, lang)} m"
    return f"{number(metres / KM, lang, 1)} km"


def lasting(seconds: float | None, lang: Lang) -> str:
    """Return a duration in minutes, or that there is no way."""
    if seconds is None:
        return Text("tak terjangkau", "unreachable").in_(lang)
    return f"{number(seconds / 60, lang, 1)} {Text('mnt', 'min').in_(lang)}"


def more(seconds: float | None, lang: Lang) -> str:
    """Return a difference of durations with its sign."""
    if seconds is None:
        return "–"
    sign = "+" if seconds >= 0 else "−"
    return f"{sign}{lasting(abs(seconds), lang)}"


def spot(lon: float, lat: float) -> str:
    """Return coordinates as a phone's map takes them: latitude, longitude."""
    return f"{lat:.5f}, {lon:.5f}"


def named(name: str, lang: Lang) -> str:
    """Return the name of a place on roads, or that it has none."""
    return name or UNNAMED.in_(lang)


def roads(names: Sequence[str], lang: Lang, most: int = 6) -> str:
    """Return roads in order of travel; long lists keep their first and last."""
    found = [name for name in names if name]
    if not found:
        return UNNAMED.in_(lang)
    if len(found) <= most:
        return ", ".join(found)
    left = len(found) - most
    rest = Text(f"({left} jalan lain)", f"({left} more roads)").in_(lang)
    return ", ".join([*found[: most - 2], rest, *found[-2:]])


def listed(words: Iterable[str], lang: Lang) -> str:
    """Return words as a list with its 'and'."""
    found = list(words)
    if len(found) < 2:  # noqa: PLR2004  (one word is no list)
        return "".join(found)
    last = Text(" dan ", " and ").in_(lang)
    return ", ".join(found[:-1]) + last + found[-1]


def vehicles(codes: Sequence[str], lang: Lang) -> str:
    """Return classes of vehicles in words."""
    return listed([_word(PROFILE_TEXT, code, lang) for code in codes], lang)


def exempt(codes: Sequence[str], lang: Lang) -> str:
    """Return who is let through in words, a dash for nobody."""
    return listed([_word(EXEMPT_TEXT, code, lang) for code in codes], lang) or "–"


def tasks(codes: Sequence[str], lang: Lang) -> str:
    """Return tasks in words."""
    return listed([_word(TASK_TEXT, code, lang) for code in codes], lang)


def heading_of(line: Sequence[Sequence[float]], lon: float, lat: float, lang: Lang) -> str:
    """Return where a line goes on from a place on it, as a point of the compass; "" at its end."""
    found = [i for i, (x, y) in enumerate(line) if abs(x - lon) + abs(y - lat) < NEAR]
    if not found or found[-1] + 1 >= len(line):
        return ""
    (x, y), (u, v) = line[found[-1]][:2], line[found[-1] + 1][:2]
    return compass(u - x, v - y).in_(lang)


NEAR = 3e-6  # degrees: places of a plan are written with six decimals


def compass(east: float, north: float) -> Text:
    """Return the point of the compass of a direction (near the equator)."""
    return HEADINGS[round(degrees(atan2(east, north)) / 45) % 8]


def _word(table: Mapping[str, Text], code: str, lang: Lang) -> str:
    text = table.get(code)
    return text.in_(lang) if text else code
