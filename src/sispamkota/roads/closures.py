"""Roads that may not be used for a while: what is closed, for whom, when, and who is let through.

A closure names ways, segments, or an area. An area closes every piece of road that meets it; a
flood is an area that stops everything but boats. The network itself never changes: closures are
laid over it as a mask of arcs, and taken away again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np
import shapely

from sispamkota.kernel.text import Text
from sispamkota.roads.closure_errors import (
    bad_window,
    no_road_there,
    no_zone,
    nobody_barred,
    nobody_there,
    not_an_area,
    not_read,
    nothing_named,
    one_of,
    outside,
    unknown_roads,
)
from sispamkota.roads.network import PROFILES, Bools, Longs, Network, Profile

ClosureKind: TypeAlias = Literal["way", "segments", "area", "flood"]
Direction: TypeAlias = Literal["both", "forward", "backward"]
Ring: TypeAlias = tuple[tuple[float, float], ...]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """One closure.

    Attributes:
        id: stable name.
        reason: why, as written by whoever closed it.
        kind: what was named; `area` and `flood` need `area`, the others ways or segments.
        segments: pieces of road by their number in the network.
        ways: roads by their number in the source; each closes all of its segments.
        area: ring of lon, lat; closed or not.
        begins: from this moment on; None = always was.
        ends: open again from this moment on; None = until lifted.
        profiles: whom it bars. A flood never bars boats.
        exempt: kinds of vehicle let through, e.g. `emergency`.
        direction: as the shape of the segment runs, against it, or both.
    """

    id: str
    reason: Text | str
    kind: ClosureKind
    segments: tuple[int, ...] = ()
    ways: tuple[int, ...] = ()
    area: Ring | None = None
    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    profiles: tuple[Profile, ...] = PROFILES
    exempt: tuple[str, ...] = ()
    direction: Direction = "both"

    def in_force(self, at: dt.datetime | None) -> bool:
        """Say whether it holds at a moment; at None the time window is not looked at."""
        if at is None:
            return True
        begun = self.begins is None or self.begins <= at
        return begun and (self.ends is None or at < self.ends)

    def bars(self, profile: Profile, exempt_as: str | None = None) -> bool:
        """Say whether it stops a profile, or a vehicle of the kind `exempt_as` of that profile."""
        if self.kind == "flood" and profile == "boat":
            return False
        return profile in self.profiles and (exempt_as is None or exempt_as not in self.exempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRoad:
    """A road that a closure touches, for a person to confirm.

    Attributes:
        name: of the road; "" where the source has none.
        highway: class of road of most of it.
        length_m: what is closed of it.
        segments: how many pieces.
        ways: numbers of the ways in the source.
    """

    name: str
    highway: str
    length_m: float
    segments: int
    ways: tuple[int, ...]


def closed_arcs(
    network: Network,
    closures: Iterable[Closure],
    *,
    profile: Profile,
    at: dt.datetime | None,
    exempt_as: str | None = None,
) -> Bools:
    """Return per arc whether a closure bars it.

    Arcs that the profile may not use anyway are not looked at: they may be in the mask or not.

    Args:
        network: the roads.
        closures: any number of them; what one closes, another does not open.
        profile: for whom.
        at: the moment; None = all closures, whatever their time window.
        exempt_as: the kind of vehicle that asks, e.g. `emergency`.
    """
    closed = np.zeros(network.arcs, np.bool_)
    for closure in closures:
        if closure.in_force(at) and closure.bars(profile, exempt_as):
            closed |= arcs_of(network, closure)
    return closed


def arcs_of(network: Network, closure: Closure) -> Bools:
    """Return per arc whether a closure lies on it, in its direction, whoever it bars."""
    shut = np.zeros(network.segments, np.bool_)
    shut[segments_of(network, closure)] = True
    arcs: Bools = shut[network.segment]
    if closure.direction != "both":
        arcs &= network.forward == (closure.direction == "forward")
    return arcs


def segments_of(network: Network, closure: Closure) -> Longs:
    """Return the segments that a closure lies on, ascending; numbers of no segment are left out."""
    parts = [_known(network, closure.segments)]
    if closure.ways:
        parts.append(np.flatnonzero(np.isin(network.way, np.array(closure.ways, np.int64))))
    if closure.area is not None:
        parts.append(_meeting(network, closure.area))
    return np.unique(np.concatenate(parts)).astype(np.int64)


def _known(network: Network, segments: Sequence[int]) -> Longs:
    numbers = np.array(segments, np.int64)
    return numbers[(numbers >= 0) & (numbers < network.segments)]


@lru_cache(maxsize=256)
def _meeting(network: Network, area: Ring) -> Longs:
    """Segments that meet an area; kept, because every question asks for it again."""
    lines, tree = _lines(network)
    if not len(lines):
        return np.empty(0, np.int64)
    polygon = shapely.polygons(np.array(area, np.float64))
    return np.sort(tree.query(polygon, predicate="intersects")).astype(np.int64)


@lru_cache(maxsize=2)
def _lines(network: Network) -> tuple[Any, Any]:
    lines = shapely.linestrings(
        network.shape,
        indices=np.repeat(np.arange(network.segments), np.diff(network.shape_start)),
    )
    return lines, shapely.STRtree(lines)


def name_closures(network: Network, closures: Iterable[Closure]) -> tuple[ClosedRoad, ...]:
    """Tell which roads closures touch and how much of each, the longest first.

    Pieces without a name are told by class of road. What two closures touch counts once.
    """
    parts = [segments_of(network, closure) for closure in closures]
    segments = np.unique(np.concatenate([np.empty(0, np.int64), *parts]))
    metres = segment_lengths(network)[segments]
    name, highway = network.name[segments], network.highway[segments]
    # unnamed pieces of different classes are different roads to the person who confirms
    key = np.where(name > 0, name.astype(np.int64), -1 - highway.astype(np.int64))
    roads = [_road(network, segments[key == k], metres[key == k]) for k in np.unique(key)]
    return tuple(sorted(roads, key=lambda r: (-r.length_m, r.name, r.highway)))


def segment_lengths(network: Network) -> Any:
    """Return per segment its length in metres."""
    lengths = np.zeros(network.segments)
    lengths[network.segment] = network.length_m
    return lengths


def _road(network: Network, segments: Longs, metres: Any) -> ClosedRoad:
    classes, place = np.unique(network.highway[segments], return_inverse=True)
    most = classes[np.bincount(place, weights=metres).argmax()]
    return ClosedRoad(
        name=network.names[network.name[segments[0]]],
        highway=network.highways[most],
        length_m=round(float(metres.sum()), 1),
        segments=len(segments),
        ways=tuple(np.unique(network.way[segments]).tolist()),
    )


def encode_closure(closure: Closure) -> str:
    """Return a closure as JSON, the same text for the same closure."""
    return msgspec.json.encode(closure).decode()


def decode_closure(text: str | bytes) -> Closure:
    """Return the closure of a JSON text.

    Raises:
        DomainError: `bad_closure` where the text is not one.
    """
    try:
        return msgspec.json.decode(text, type=Closure)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise not_read(str(error)) from error


def validate(network: Network, closure: Closure) -> None:
    """Refuse a closure that closes nothing or cannot be meant so.

    Raises:
        DomainError: `bad_closure` (says nothing, contradicts itself, its area is none),
            `bad_window` (ends before it begins, a time without a zone), `closure_outside` (area
            off the network), `closure_on_no_road` (no such way or segment, an area between
            roads, roads that those it bars could not use anyway).
    """
    _check_words(closure)
    _check_window(closure)
    if closure.area is not None:
        _check_area(network, closure.area)
    _check_numbers(network, closure)
    arcs = arcs_of(network, closure)
    barred = [p for p in PROFILES if closure.bars(p)]
    if not any((arcs & network.usable(p)).any() for p in barred):
        raise nobody_there(barred, closure.direction)


def _check_words(closure: Closure) -> None:
    for field, value, known in (
        ("kind", closure.kind, get_args(ClosureKind)),
        ("direction", closure.direction, get_args(Direction)),
        *(("profiles", p, PROFILES) for p in closure.profiles),
    ):
        if value not in known:
            raise one_of(field, value, known)
    if not any(closure.bars(p) for p in PROFILES):
        raise nobody_barred()
    if closure.kind in ("area", "flood"):
        named = bool(closure.area)
    else:
        named = bool(closure.ways if closure.kind == "way" else closure.segments)
    if not named:
        raise nothing_named(closure.kind)


def _check_window(closure: Closure) -> None:
    for field, moment in (("begins", closure.begins), ("ends", closure.ends)):
        if moment is not None and moment.tzinfo is None:
            raise no_zone(field, moment.isoformat())
    if closure.begins is not None and closure.ends is not None and closure.ends <= closure.begins:
        raise bad_window(closure.begins.isoformat(), closure.ends.isoformat())


def _check_area(network: Network, ring: Ring) -> None:
    for position in ring:
        if len(position) != 2 or not _on_earth(*position):  # noqa: PLR2004
            detail = Text(
                f"{position} bukan bujur, lintang", f"{position} is not longitude, latitude"
            )
            raise not_an_area(detail, at=[str(x) for x in position])
    if len(set(ring)) < 3:  # noqa: PLR2004
        raise not_an_area(Text("kurang dari 3 titik", "fewer than 3 points"), points=len(ring))
    polygon = shapely.Polygon(ring)
    if polygon.convex_hull.area == 0:
        raise not_an_area(Text("tidak melingkupi apa pun", "it encloses nothing"))
    if not polygon.is_valid:
        place = [float(x) for x in _NUMBER.findall(shapely.is_valid_reason(polygon))[:2]]
        crossed = Text(f"garisnya saling memotong di {place}", f"its lines cross at {place}")
        raise not_an_area(crossed, at=place)
    if not network.segments or not polygon.intersects(shapely.box(*_bounds(network))):
        raise outside(polygon.bounds, _bounds(network))
    if not len(_meeting(network, ring)):
        raise no_road_there(polygon.bounds)


def _on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90  # noqa: PLR2004


def _bounds(network: Network) -> tuple[float, ...]:
    if not len(network.shape):
        return (0.0, 0.0, 0.0, 0.0)
    return (*network.shape.min(axis=0).tolist(), *network.shape.max(axis=0).tolist())


def _check_numbers(network: Network, closure: Closure) -> None:
    missing = [s for s in closure.segments if not 0 <= s < network.segments]
    if missing:
        raise unknown_roads("segments", missing)
    absent = np.setdiff1d(np.array(closure.ways, np.int64), network.way)
    if len(absent):
        raise unknown_roads("ways", absent.tolist())
