"""An event file, JSON or TOML, becomes events or one error that names every slip.

Times without a zone are read as WIB. Unknown fields are refused: a slip of the pen must not drop a
closure, and a field for a party has no place here.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sispamkota.kernel.errors import DomainError, Findings, Problem
from sispamkota.kernel.neutrality import forbidden_word
from sispamkota.kernel.text import Text
from sispamkota.traffic.event_checks import check_event
from sispamkota.traffic.event_fields import (
    Fields,
    at_time,
    boolean,
    closure_profiles,
    count,
    counts_of,
    crowd_of,
    direction_of,
    kind_of,
    point,
    points,
    segments_of,
    short_id,
    sttp_of,
    text,
    words_of,
)
from sispamkota.traffic.events import MOTOR, ClosureWish, Group, TrafficEvent, Vehicles
from sispamkota.traffic.rules import VEHICLES

MOST_EVENTS, MOST_BYTES = 200, 5_000_000
_T = TypeVar("_T")

FIELDS = frozenset(TrafficEvent.__dataclass_fields__)
CLOSURE_FIELDS = frozenset(ClosureWish.__dataclass_fields__)
GROUP_FIELDS = frozenset({"label", "size", "gathering"})
"""What an event, a closure and a group may hold."""


def read_events(name: str, content: bytes) -> tuple[TrafficEvent, ...]:
    """Read an event file: one event, a list of events, or `{"events": [...]}`.

    Raises:
        DomainError: `bad_event_file` where it is neither JSON nor TOML, `bad_event` with every
            problem found; nothing is returned then.
    """
    if len(content) > MOST_BYTES:
        raise _bad_file(name, f"{len(content)} byte")
    body = _parsed(name, content)
    if isinstance(body, Mapping) and set(body) <= {"events", "event"} and body:
        body = next(iter(body.values()))
    rows = body if isinstance(body, list) else [body]
    if not rows or len(rows) > MOST_EVENTS or not all(isinstance(r, Mapping) for r in rows):
        raise _bad_file(name, f"{len(rows)} kegiatan/events")
    findings = Findings()
    events = [_event(row, f"events[{i}]", findings) for i, row in enumerate(rows)]
    made = [e for e in events if e is not None]
    _once(made, findings)
    _raise(findings, name)
    return tuple(made)


def read_event(body: Mapping[str, Any], where: str = "event") -> TrafficEvent:
    """Read one event from plain data.

    Raises:
        DomainError: `bad_event` with every problem found.
    """
    findings = Findings()
    event = _event(body, where, findings)
    _raise(findings, where)
    assert event is not None
    return event


def _parsed(name: str, content: bytes) -> Any:
    try:
        plain = content.decode("utf-8-sig")
        if name.lower().endswith(".toml"):
            return tomllib.loads(plain)
        return json.loads(plain, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad_file(name, str(error)[:200]) from error


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _event(body: Mapping[str, Any], where: str, findings: Findings) -> TrafficEvent | None:
    f = Fields(body, where, findings)
    f.only(FIELDS)
    route = f.read("route", points, ())
    event_id = f.read("id", short_id)
    place = f.read("place", point, route[-1] if route else None)
    made = {
        "id": event_id,
        "kind": f.read("kind", kind_of),
        "name": f.read("name", text(200)),
        "starts_at": f.read("starts_at", at_time),
        "ends_at": f.read("ends_at", at_time),
        "setup_at": f.read("setup_at", at_time, None),
        "place": place,
        "place_name": f.read("place_name", text(200), ""),
        "route": route,
        "crowd": f.read("crowd", crowd_of, None),
        "vehicles": f.read("vehicles", _vehicles, None),
        "sttp": f.read("sttp", sttp_of, None),
        "groups": _each(f, "groups", _group),
        "closures": _each(f, "closures", _closure),
        "officers_min": f.read("officers_min", count, 0),
        "note": f.read("note", text(2000), ""),
    }
    made["propose_closures"] = f.read("propose_closures", boolean, not made["closures"])
    if f.broken:
        return None
    event = TrafficEvent(**made)
    for problem in check_event(event, where):
        findings.add(problem)
    return event


def _each(
    f: Fields, name: str, reader: Callable[[Mapping[str, Any], str, Findings], _T | None]
) -> tuple[_T, ...]:
    rows = f.body.get(name) or []
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        f.wrong(
            name, rows, Text("bukan daftar", "is not a list"), Text("Tulis [...].", "Write [...].")
        )
        return ()
    found = []
    for i, row in enumerate(rows):
        place = f"{f.where}.{name}[{i}]"
        if not isinstance(row, Mapping):
            f.wrong(
                f"{name}[{i}]",
                row,
                Text("bukan objek", "is not an object"),
                Text("Tulis {...}.", "Write {...}."),
            )
            continue
        value = reader(row, place, f.findings)
        if value is None:
            f.broken = True
        else:
            found.append(value)
    return tuple(found)


def _vehicles(value: Any) -> Vehicles:
    return Vehicles(**counts_of(value, VEHICLES))


def _group(body: Mapping[str, Any], where: str, findings: Findings) -> Group | None:
    f = Fields(body, where, findings)
    f.only(GROUP_FIELDS)
    made = {
        "label": f.read("label", text(80)),
        "size": f.read("size", count, 0),
        "gathering": f.read("gathering", point),
    }
    return None if f.broken else Group(**cast("Any", made))


def _closure(body: Mapping[str, Any], where: str, findings: Findings) -> ClosureWish | None:
    f = Fields(body, where, findings)
    f.only(CLOSURE_FIELDS)
    made = {
        "name": f.read("name", text(200), ""),
        "segments": f.read("segments", segments_of, ()),
        "way": f.read("way", count, None),
        "road": f.read("road", text(200), None),
        "line": f.read("line", points, ()),
        "area": f.read("area", points, ()),
        "begins": f.read("begins", at_time, None),
        "ends": f.read("ends", at_time, None),
        "profiles": f.read("profiles", closure_profiles, MOTOR),
        "direction": f.read("direction", direction_of, "both"),
        "exempt": f.read("exempt", words_of(("emergency", "event")), ("emergency",)),
        "crowd": f.read("crowd", boolean, None),
        "reason": f.read("reason", text(500), ""),
    }
    named = [k for k in ("segments", "way", "road", "line", "area") if made[k] not in (None, ())]
    if not f.broken and len(named) != 1:
        f.wrong(
            "closures",
            named,
            Text(
                "harus menyebut tepat satu: segments, way, road, line, atau area",
                "must name exactly one of segments, way, road, line, area",
            ),
            Text("Hapus yang lain.", "Remove the others."),
        )
    return None if f.broken else ClosureWish(**cast("Any", made))


def _once(events: Sequence[TrafficEvent], findings: Findings) -> None:
    """An id twice is two events or, worse, one that overlaps itself."""
    seen: dict[str, TrafficEvent] = {}
    for event in events:
        other = seen.setdefault(event.id, event)
        if other is event:
            continue
        overlap = other.starts_at < event.ends_at and event.starts_at < other.ends_at
        what = (
            Text("bertumpang waktu dengan dirinya", "overlaps itself in time")
            if overlap
            else Text("disebut dua kali", "is named twice")
        )
        findings.add(
            Problem(
                code="event_overlaps_itself" if overlap else "event_twice",
                message=Text(f"kegiatan '{event.id}' {what.id}", f"event '{event.id}' {what.en}"),
                remedy=Text(
                    "Beri id lain, atau satukan waktunya.",
                    "Give another id, or join the times into one.",
                ),
                value=event.id,
                where=event.id,
            )
        )


def _raise(findings: Findings, file: str) -> None:
    if not findings:
        return
    first = findings.problems[0]
    more = len(findings.problems) + findings.dropped
    raise DomainError(
        first.code if more == 1 else "bad_event",
        Text(
            f"{file}: {first.where}: {first.message.id}" + (f" (+{more - 1})" if more > 1 else ""),
            f"{file}: {first.where}: {first.message.en}" + (f" (+{more - 1})" if more > 1 else ""),
        ),
        first.remedy,
        {"file": file, "where": first.where, "field": first.column, "value": first.value},
        findings.problems,
    )


def _bad_file(name: str, what: str) -> DomainError:
    shown = "" if forbidden_word(what) else f" ({what})"
    return DomainError(
        "bad_event_file",
        Text(
            f"{name}: bukan berkas kegiatan yang terbaca{shown}",
            f"{name}: not a readable event file{shown}",
        ),
        Text(
            f"Berkas JSON atau TOML berisi 1 sampai {MOST_EVENTS} kegiatan; lihat contoh di "
            "petunjuk plan-traffic.",
            f"A JSON or TOML file with 1 to {MOST_EVENTS} events; see the sample in the guide "
            "plan-traffic.",
        ),
        {"file": name},
    )
