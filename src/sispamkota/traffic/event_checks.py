"""What can be wrong with an event that reads well: its times, its groups, its closures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from sispamkota.kernel.errors import Problem
from sispamkota.kernel.neutrality import forbidden_word, partisan_word, party_name
from sispamkota.kernel.text import Text
from sispamkota.traffic.events import TrafficEvent

_NO_DIGITS = re.compile(r"\D+")
LONGEST = dt.timedelta(days=31)
EARLIEST_SETUP = dt.timedelta(days=2)


def check_event(event: TrafficEvent, where: str) -> Iterator[Problem]:
    """Yield every problem of an event, the roads apart (`event_places` looks at those)."""
    yield from _times(event, where)
    yield from _groups(event, where)
    yield from _names(event, where)
    yield from _closures(event, where)
    if event.kind == "logistics_convoy" and len(event.route) < 2:  # noqa: PLR2004
        yield _problem(
            where,
            "route",
            "route_needed",
            Text("konvoi perlu rute", "a convoy needs a route"),
            Text(
                "Isi route: [asal, ..., tujuan], masing-masing [bujur, lintang].",
                "Give route: [origin, ..., destination], each [lon, lat].",
            ),
        )


def _times(event: TrafficEvent, where: str) -> Iterator[Problem]:
    window = f"{event.starts_at.isoformat()} - {event.ends_at.isoformat()}"
    if not dt.timedelta(0) < event.ends_at - event.starts_at <= LONGEST:
        yield _problem(
            where,
            "ends_at",
            "bad_window",
            Text(
                "berakhir sebelum mulai atau lebih dari 31 hari",
                "ends before it starts, or after more than 31 days",
            ),
            Text(
                "ends_at sesudah starts_at, paling lama 31 hari.",
                "ends_at after starts_at, by at most 31 days.",
            ),
            window,
        )
    setup = event.setup_at
    if setup is not None and not (event.starts_at - EARLIEST_SETUP <= setup <= event.starts_at):
        yield _problem(
            where,
            "setup_at",
            "bad_window",
            Text(
                "persiapan sesudah mulai atau lebih dari 2 hari sebelumnya",
                "set-up after the start or more than 2 days before it",
            ),
            Text("setup_at sebelum starts_at.", "setup_at before starts_at."),
            setup.isoformat(),
        )


def _groups(event: TrafficEvent, where: str) -> Iterator[Problem]:
    labels = [g.label for g in event.groups]
    for i, group in enumerate(event.groups):
        place = f"{where}.groups[{i}]"
        if not group.label:
            yield _problem(
                place,
                "label",
                "missing_field",
                Text("kelompok tanpa label", "group without a label"),
                Text("Tulis 'Kelompok A'.", "Write 'Kelompok A'."),
            )
        elif partisan_word(group.label):
            yield _problem(
                place,
                "label",
                "partisan_label",
                Text(
                    "label menyebut partai, calon atau golongan",
                    "the label names a party, a candidate or a community",
                ),
                Text(
                    "Pakai label netral: 'Kelompok A', 'Kelompok B'. Polri netral.",
                    "Use a neutral label: 'Kelompok A', 'Kelompok B'. The police are neutral.",
                ),
            )
        elif group.label in labels[:i]:
            yield _problem(
                place,
                "label",
                "group_twice",
                Text("label dipakai dua kali", "label used twice"),
                Text("Satu label untuk satu kelompok.", "One label for one group."),
                group.label,
            )


def _names(event: TrafficEvent, where: str) -> Iterator[Problem]:
    written = {"id": event.id, "name": event.name, "place_name": event.place_name}
    written |= {"note": event.note, "sttp.number": event.sttp.number if event.sttp else ""}
    written |= {"crowd.source": event.crowd.source if event.crowd else ""}
    written |= {f"closures[{i}].name": c.name for i, c in enumerate(event.closures)}
    written |= {f"closures[{i}].reason": c.reason for i, c in enumerate(event.closures)}
    for name, text in written.items():
        if _identity_number(text):
            yield _problem(
                where,
                name,
                "personal_data",
                Text("memuat nomor 16 angka (NIK)", "holds a number of 16 digits (NIK)"),
                Text(
                    "Hapus nomor itu; kegiatan tidak memuat data pribadi.",
                    "Remove the number; an event holds no personal data.",
                ),
            )
        if party_name(text):
            yield _problem(
                where,
                name,
                "partisan_label",
                Text("menyebut nama partai", "names a party"),
                Text(
                    "Sebut kegiatan dengan tempat dan bentuknya saja (Rapat umum Lapangan X).",
                    "Name the event by place and form alone (Rally at X field).",
                ),
            )
    if not event.name:
        yield _problem(
            where,
            "name",
            "missing_field",
            Text("kegiatan tanpa nama", "event without a name"),
            Text("Isi name.", "Give name."),
        )


def _identity_number(text: str) -> bool:
    """Whether a text holds a number as long as a NIK."""
    return forbidden_word(_NO_DIGITS.sub(" ", text)) is not None


def _closures(event: TrafficEvent, where: str) -> Iterator[Problem]:
    for i, wish in enumerate(event.closures):
        place = f"{where}.closures[{i}]"
        begins, ends = wish.begins or event.starts_at, wish.ends or event.ends_at
        if begins >= ends or (wish.begins and wish.begins >= event.ends_at):
            yield _problem(
                place,
                "ends",
                "bad_window",
                Text(
                    "penutupan berakhir sebelum mulai, atau mulai sesudah kegiatan",
                    "the closure ends before it begins, or begins after the event",
                ),
                Text(
                    "begins sebelum ends, di sekitar waktu kegiatan.",
                    "begins before ends, around the time of the event.",
                ),
                f"{begins.isoformat()} - {ends.isoformat()}",
            )
        for j, other in enumerate(event.closures[:i]):
            apart = ends <= (other.begins or event.starts_at) or begins >= (
                other.ends or event.ends_at
            )
            same = set(wish.segments) & set(other.segments)
            if (same or (wish.way is not None and wish.way == other.way)) and not apart:
                yield _problem(
                    place,
                    "closures",
                    "event_overlaps_itself",
                    Text(
                        f"menutup ruas yang sama dengan closures[{j}] pada waktu yang sama",
                        f"closes the same road as closures[{j}] at the same time",
                    ),
                    Text("Satukan kedua penutupan itu.", "Join the two closures."),
                    ", ".join(map(str, sorted(same)))[:80] or str(wish.way),
                )


def _problem(
    where: str, field: str, code: str, message: Text, remedy: Text, value: str | None = None
) -> Problem:
    said = "" if value is None else f" ({value})"
    return Problem(
        code=code,
        message=Text(f"{field}: {message.id}{said}", f"{field}: {message.en}{said}"),
        remedy=remedy,
        column=field,
        value=value,
        where=where,
    )
