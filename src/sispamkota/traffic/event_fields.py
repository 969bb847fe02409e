"""Fields of an event file, one reader each; a field that cannot be read becomes a problem."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sispamkota.kernel.errors import Findings, Problem
from sispamkota.kernel.neutrality import forbidden_word
from sispamkota.kernel.text import Text
from sispamkota.kernel.times import WIB
from sispamkota.roads.network import PROFILES, Profile
from sispamkota.traffic.events import KINDS, Crowd, Direction, Point, Sttp

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CLOCK = re.compile(r"^(\d{4}-\d\d-\d\d)[ T](\d{1,2})[:.](\d\d)$")
_MOST = 10_000_000
_NEEDED = object()
_LON, _LAT = 180, 90


class FieldError(ValueError):
    """A value that is not what its field holds."""

    def __init__(self, message: Text, remedy: Text) -> None:
        super().__init__(message.en)
        self.message = message
        self.remedy = remedy


@dataclass(slots=True)
class Fields:
    """One object of an event file while it is read."""

    body: Mapping[str, Any]
    where: str
    findings: Findings
    broken: bool = False

    def only(self, known: frozenset[str]) -> None:
        """Refuse fields that are not known; those that name a party with a word of their own."""
        for name in self.body:
            if name in known:
                continue
            if forbidden_word(str(name)):
                self.wrong(
                    str(name),
                    None,
                    Text("isian terlarang: Polri netral", "forbidden field: police are neutral"),
                    Text(
                        "Hapus isian itu; sebut kelompok dengan label netral (Kelompok A).",
                        "Remove the field; call groups by neutral labels (Kelompok A).",
                    ),
                    code="forbidden_field",
                )
            else:
                listed = ", ".join(sorted(known))
                self.wrong(
                    str(name),
                    None,
                    Text("isian tidak dikenal", "unknown field"),
                    Text(f"Isian yang dikenal: {listed}.", f"Known fields: {listed}."),
                    code="unknown_field",
                )

    def read(self, name: str, reader: Callable[[Any], Any], default: Any = _NEEDED) -> Any:
        """Return a field, or its default where it is missing; tell of one that cannot be read."""
        value = self.body.get(name)
        if value is None:
            if default is _NEEDED or (name == "place" and default is None):
                self.wrong(
                    name,
                    None,
                    Text("wajib diisi", "is required"),
                    Text(f"Tambahkan '{name}'.", f"Add '{name}'."),
                    code="missing_field",
                )
                return None
            return default
        try:
            return reader(value)
        except FieldError as error:
            self.wrong(name, value, error.message, error.remedy)
            return () if default is _NEEDED else default

    def wrong(
        self, name: str, value: Any, message: Text, remedy: Text, code: str = "bad_field"
    ) -> None:
        """Tell of a field."""
        self.broken = True
        shown = None if value is None else str(value)[:80]
        said = "" if shown is None else f" ({shown})"
        self.findings.add(
            Problem(
                code=code,
                message=Text(f"{name}: {message.id}{said}", f"{name}: {message.en}{said}"),
                remedy=remedy,
                column=name,
                value=shown,
                where=self.where,
            )
        )


def text(most: int) -> Callable[[Any], str]:
    """Return a reader of text up to a length."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or not value.isprintable():
            raise FieldError(
                Text(f"bukan teks sampai {most} huruf", f"is not text of up to {most} letters"),
                Text("Tulis teks biasa dalam tanda petik.", "Write plain text in quotes."),
            )
        return value.strip()

    return read


def short_id(value: Any) -> str:
    """Return an id."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise FieldError(
            Text("bukan id", "is not an id"),
            Text(
                "Huruf, angka, titik, - dan _; paling banyak 64, tanpa spasi.",
                "Letters, digits, dots, - and _; at most 64, no spaces.",
            ),
        )
    return value


def kind_of(value: Any) -> str:
    """Return a kind of event."""
    if value not in KINDS:
        listed = ", ".join(KINDS)
        raise FieldError(
            Text("jenis kegiatan tidak dikenal", "unknown kind of event"),
            Text(f"Pilih salah satu: {listed}.", f"Choose one of: {listed}."),
        )
    return str(value)


def at_time(value: Any) -> dt.datetime:
    """Return a moment in UTC; without a zone it is WIB. "9.00" is a time, too."""
    try:
        clock = _CLOCK.match(value) if isinstance(value, str) else None
        if clock:
            value = f"{clock[1]} {clock[2]:0>2}:{clock[3]}"
        at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        if at.tzinfo is None:
            at = at.replace(tzinfo=WIB)
        return at.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise FieldError(
            Text("bukan waktu", "is not a time"),
            Text(
                "Tulis 2024-01-21 13:00 (WIB) atau 2024-01-21T06:00:00+00:00.",
                "Write 2024-01-21 13:00 (WIB) or 2024-01-21T06:00:00+00:00.",
            ),
        ) from error


def day(value: Any) -> dt.date:
    """Return a day."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FieldError(
            Text("bukan tanggal", "is not a date"), Text("Tulis 2024-01-18.", "Write 2024-01-18.")
        ) from error


def point(value: Any) -> Point:
    """Return lon, lat."""
    if not _is_point(value):
        raise FieldError(
            Text("bukan [bujur, lintang]", "is not [lon, lat]"),
            Text(
                "Tulis bujur dahulu, lalu lintang: [104.62, -4.10].",
                "Write longitude first, then latitude: [104.62, -4.10].",
            ),
        )
    return float(value[0]), float(value[1])


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) == len(("lon", "lat"))
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
        and all(math.isfinite(v) for v in value)
        and abs(value[0]) <= _LON
        and abs(value[1]) <= _LAT
    )


def points(value: Any) -> tuple[Point, ...]:
    """Return two points or more."""
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    if not listed or len(value) < 2 or len(value) > 2000:  # noqa: PLR2004
        raise FieldError(
            Text("bukan dua titik atau lebih", "is not two points or more"),
            Text("Tulis [[bujur, lintang], ...].", "Write [[lon, lat], ...]."),
        )
    return tuple(point(p) for p in value)


def count(value: Any) -> int:
    """Return a whole number that is not negative."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise FieldError(
            Text("bukan bilangan bulat 0 atau lebih", "is not a whole number of 0 or more"),
            Text("Tulis angka, misalnya 1500.", "Write a number, such as 1500."),
        )
    return value


def boolean(value: Any) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise FieldError(
            Text("bukan true atau false", "is neither true nor false"),
            Text("Tulis true atau false.", "Write true or false."),
        )
    return value


def segments_of(value: Any) -> tuple[int, ...]:
    """Return numbers of segments, each once."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise FieldError(
            Text("bukan daftar nomor ruas", "is not a list of segments"),
            Text("Tulis [12, 13].", "Write [12, 13]."),
        )
    return tuple(sorted({count(v) for v in value}))


def words_of(known: Sequence[str]) -> Callable[[Any], tuple[str, ...]]:
    """Return a reader of a list of known words."""

    def read(value: Any) -> tuple[str, ...]:
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        if not listed or any(v not in known for v in value):
            shown = ", ".join(known)
            raise FieldError(
                Text("bukan daftar kata yang dikenal", "is not a list of known words"),
                Text(f"Yang dikenal: {shown}.", f"Known: {shown}."),
            )
        return tuple(w for w in known if w in value)

    return read


def closure_profiles(value: Any) -> tuple[Profile, ...]:
    """Return whom a closure bars; at least one."""
    found = words_of(PROFILES)(value)
    if not found:
        raise FieldError(
            Text("kosong", "is empty"),
            Text("Sebut paling sedikit satu kendaraan.", "Name at least one class of vehicle."),
        )
    return tuple(p for p in PROFILES if p in found)


def direction_of(value: Any) -> Direction:
    """Return a direction of closure."""
    if value == "forward":
        return "forward"
    if value == "backward":
        return "backward"
    if value == "both":
        return "both"
    raise FieldError(
        Text("bukan both, forward, backward", "is not both, forward, backward"),
        Text("Tulis both untuk dua arah.", "Write both for the two directions."),
    )


def counts_of(value: Any, known: Sequence[str]) -> dict[str, int]:
    """Return an object of counts."""
    if not isinstance(value, Mapping) or any(k not in known for k in value):
        shown = ", ".join(known)
        raise FieldError(
            Text("bukan objek jumlah", "is not an object of counts"),
            Text(f"Isi {shown} dengan angka.", f"Give {shown} as numbers."),
        )
    return {k: count(v) for k, v in value.items()}


def crowd_of(value: Any) -> Crowd:
    """Return the crowd from a number, or from expected, low, high and source."""
    if not isinstance(value, Mapping):
        people = count(value)
        return Crowd(expected=people, low=people, high=people)
    if not set(value) <= {"expected", "low", "high", "source"} or "expected" not in value:
        raise FieldError(
            Text("bukan perkiraan massa", "is not an expected crowd"),
            Text(
                "Isi expected, dan bila ada low, high, source.",
                "Give expected, and where known low, high, source.",
            ),
        )
    people = count(value["expected"])
    low, high = count(value.get("low", people)), count(value.get("high", people))
    if not low <= people <= high:
        raise FieldError(
            Text("low, expected, high tidak berurutan", "low, expected, high are out of order"),
            Text("low <= expected <= high.", "low <= expected <= high."),
        )
    return Crowd(expected=people, low=low, high=high, source=text(300)(value.get("source", "")))


def sttp_of(value: Any) -> Sttp:
    """Return the receipt of a campaign notice."""
    known = {"number", "issued_on"}
    if not isinstance(value, Mapping) or not set(value) <= known or "number" not in value:
        raise FieldError(
            Text("bukan STTP", "is not an STTP"),
            Text("Isi number dan issued_on.", "Give number and issued_on."),
        )
    issued = value.get("issued_on")
    return Sttp(
        number=text(100)(value["number"]), issued_on=None if issued is None else day(issued)
    )
