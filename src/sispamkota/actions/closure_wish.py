"""What somebody wants to close, read strictly and found on the roads."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from sispamkota.actions.roads import Roads
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, ClosureKind, Direction, Ring, validate
from sispamkota.roads.network import PROFILES, Network, Profile

NAMED_BY = ("way", "road", "segments", "area")
MOST_CORNERS = 2000
MOST_SEGMENTS = 5000
VEHICLES: tuple[Profile, ...] = ("car", "motorcycle", "truck")
"""Whom a closure bars where nobody says otherwise: walkers may pass."""
ON_LAND: tuple[Profile, ...] = (*VEHICLES, "foot")
"""Whom a flood bars."""
EXEMPTIONS = ("emergency", "event")
NEAR_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A closure as it is asked for.

    Attributes:
        way, road, segments, area: what is closed; exactly one of them.
        flood: the area is under water.
        begins, ends: window; None = at once, until lifted.
        profiles: whom it bars.
        exempt: whom it lets through.
        direction: of travel that is barred, as the road is drawn.
    """

    way: int | None = None
    road: str | None = None
    segments: tuple[int, ...] | None = None
    area: Ring | None = None
    flood: bool = False
    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    profiles: tuple[Profile, ...] = VEHICLES
    exempt: tuple[str, ...] = ()
    direction: Direction = "both"


def read_wish(raw: Mapping[str, Any]) -> Wish:
    """Read a wish from plain values (JSON, options of the command line).

    Raises:
        DomainError: `bad_closure`, naming what is wrong.
    """
    known = {*NAMED_BY, "flood", "begins", "ends", "profiles", "exempt", "direction"}
    if strange := sorted(set(raw) - known):
        raise _bad(f"'{strange[0]}' tidak dikenal", f"'{strange[0]}' is not known")
    given = {k: v for k, v in raw.items() if v is not None and v != ""}
    if sum(name in given for name in NAMED_BY) != 1:
        raise _bad(
            "sebut tepat satu: way, road, segments atau area",
            "name exactly one: way, road, segments or area",
        )
    flood = bool(given.get("flood", False))
    if flood and "area" not in given:
        raise _bad("banjir memerlukan area", "a flood needs an area")
    direction = given.get("direction", "both")
    if direction not in get_args(Direction):
        raise _bad("arah: both, forward atau backward", "direction: both, forward or backward")
    return Wish(
        way=_whole(given["way"]) if "way" in given else None,
        road=_name(given["road"]) if "road" in given else None,
        segments=_segments(given["segments"]) if "segments" in given else None,
        area=_ring(given["area"]) if "area" in given else None,
        flood=flood,
        begins=_moment(given.get("begins")),
        ends=_moment(given.get("ends")),
        profiles=_profiles(given.get("profiles"), flood=flood),
        exempt=_exempt(given.get("exempt")),
        direction=direction,
    )


def find_closure(roads: Roads, wish: Wish, now: dt.datetime) -> Closure:
    """Return the closure that a wish means on the roads of today.

    Raises:
        DomainError: `unknown_road`, `bad_window`, or as `roads.closures.validate`.
    """
    if wish.ends is not None and wish.ends <= max(now, wish.begins or now):
        raise _bad_window(wish.begins, wish.ends)
    kind: ClosureKind = "segments"
    segments = wish.segments or ()
    if wish.road is not None:
        segments = _named(roads.network, wish.road)
    elif wish.way is not None:
        kind = "way"
    elif wish.area is not None:
        kind = "flood" if wish.flood else "area"
    closure = Closure(
        id="",
        reason="",
        kind=kind,
        segments=segments,
        ways=(wish.way,) if wish.way is not None else (),
        area=wish.area,
        begins=wish.begins,
        ends=wish.ends,
        profiles=wish.profiles,
        exempt=wish.exempt,
        direction=wish.direction,
    )
    validate(roads.network, closure)
    return closure


def _named(network: Network, road: str) -> tuple[int, ...]:
    wanted = road.casefold()
    numbers = [i for i, name in enumerate(network.names) if name.casefold() == wanted]
    found = np.flatnonzero(np.isin(network.name, numbers))
    if not len(found):
        raise _unknown_road(road, network.names)
    return tuple(int(i) for i in found)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**62:
        raise _bad("nomor jalan (way) harus bilangan bulat", "way must be a whole number")
    return value


def _name(value: Any) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str) else ""
    if not text or len(text) > 200:  # noqa: PLR2004  (no road's name is longer)
        raise _bad("nama jalan kosong atau terlalu panjang", "name of the road empty or too long")
    return text


def _segments(value: Any) -> tuple[int, ...]:
    numbers = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    whole = all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers)
    if not numbers or not whole or len(numbers) > MOST_SEGMENTS or max(numbers) >= 2**31:
        raise _bad(
            f"segments: 1 sampai {MOST_SEGMENTS} nomor ruas",
            f"segments: 1 to {MOST_SEGMENTS} numbers of segments",
        )
    return tuple(sorted(set(numbers)))


def _ring(value: Any) -> Ring:
    try:
        ring = tuple((float(x), float(y)) for x, y in value)
    except (TypeError, ValueError, OverflowError) as error:
        raise _bad_area() from error
    if len(ring) > MOST_CORNERS or not all(math.isfinite(x + y) for x, y in ring):
        raise _bad_area()
    return ring


def _moment(value: Any) -> dt.datetime | None:
    if value is None:
        return None
    try:
        moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _bad_time(value) from error
    if moment.tzinfo is None:
        raise _bad_time(value)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError as error:
        raise _bad_time(value) from error


def _profiles(value: Any, *, flood: bool) -> tuple[Profile, ...]:
    if not value:
        return ON_LAND if flood else VEHICLES
    chosen = set(value) if isinstance(value, list | tuple) else set()
    if not chosen or not chosen <= set(PROFILES):
        listed = ", ".join(PROFILES)
        raise _bad(f"jenis kendaraan: {listed}", f"kinds of vehicle: {listed}")
    return tuple(p for p in PROFILES if p in chosen)


def _exempt(value: Any) -> tuple[str, ...]:
    chosen = list(value) if isinstance(value, list | tuple) else ([] if not value else [None])
    if not set(chosen) <= set(EXEMPTIONS):
        listed = ", ".join(EXEMPTIONS)
        raise _bad(f"pengecualian: {listed}", f"exemptions: {listed}")
    return tuple(sorted({str(e) for e in chosen}))


def _bad(said_id: str, said_en: str) -> DomainError:
    return DomainError(
        "bad_closure",
        Text(f"penutupan tidak jelas: {said_id}", f"the closure is not clear: {said_en}"),
        Text(
            "Sebut jalan menurut nomor way, nama, ruas, atau gambar area; waktu dengan zona.",
            "Name a road by way number, name, segments, or draw an area; times with a zone.",
        ),
    )


def _bad_area() -> DomainError:
    return _bad(
        f"area harus 3 sampai {MOST_CORNERS} titik bujur, lintang",
        f"the area must be 3 to {MOST_CORNERS} points of lon, lat",
    )


def _bad_time(value: Any) -> DomainError:
    shown = str(value)[:40]
    return DomainError(
        "bad_time",
        Text(f"'{shown}' bukan waktu dengan zona", f"'{shown}' is no time with a zone"),
        Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
        {"value": shown},
    )


def _bad_window(begins: dt.datetime | None, ends: dt.datetime) -> DomainError:
    return DomainError(
        "bad_window",
        Text(
            "penutupan berakhir sebelum mulai, atau sudah lewat",
            "the closure ends before it begins, or is over already",
        ),
        Text("Periksa kedua waktunya, juga zonanya.", "Check both times, and their zones."),
        {"begins": begins.isoformat() if begins else None, "ends": ends.isoformat()},
    )


def _unknown_road(road: str, names: Sequence[str]) -> DomainError:
    plain = {name.casefold(): name for name in names if name}
    inside = [name for key, name in plain.items() if road.casefold() in key]
    close = difflib.get_close_matches(road.casefold(), list(plain), n=NEAR_NAMES, cutoff=0.5)
    near = list(dict.fromkeys([*inside, *(plain[key] for key in close)]))[:NEAR_NAMES]
    listed = "; ".join(near)
    remedy = (
        Text(f"Mungkin maksudnya: {listed}.", f"Perhaps: {listed}.")
        if near
        else Text(
            "Tutup menurut nomor way atau gambar area.", "Close by way number or draw an area."
        )
    )
    return DomainError(
        "unknown_road",
        Text(f"tidak ada jalan bernama '{road}'", f"there is no road named '{road}'"),
        remedy,
        {"road": road, "near": near},
    )
