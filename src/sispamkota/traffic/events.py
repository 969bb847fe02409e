"""Dated events on roads: a rally with its STTP, a convoy, a day at the KPU office.

Values only; files are read by `event_reader`, places are checked against roads by `event_places`.
Groups of supporters carry neutral labels ("Kelompok A"); there is no field for a party.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from sispamkota.roads.network import Profile

Point: TypeAlias = tuple[float, float]
Direction: TypeAlias = Literal["both", "forward", "backward"]
Task: TypeAlias = Literal["kawal", "gatur", "patroli"]

KINDS = (
    "campaign_rally",
    "kpu_office",
    "recap_site",
    "logistics_convoy",
    "voting_day",
    "other",
)
MOTOR: tuple[Profile, ...] = ("car", "motorcycle", "truck")
"""Whom a closure of an event bars unless it says otherwise; people on foot come to the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people are expected, and within which bounds."""

    expected: int
    low: int
    high: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicles:
    """Vehicles stated on the STTP."""

    car: int = 0
    motorcycle: int = 0
    bus: int = 0
    truck: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.car + self.motorcycle + self.bus + self.truck


@dataclass(frozen=True, slots=True, kw_only=True)
class Sttp:
    """The police's receipt of the notice of a campaign."""

    number: str
    issued_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of supporters that gathers at a place of its own."""

    label: str
    size: int
    gathering: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureWish:
    """A closure that an event asks for, named in exactly one way.

    Attributes:
        name: how the plan calls it; "" = after its roads.
        segments: pieces of road by number.
        way: number of a way in the source of the roads.
        road: name of a road; its pieces within reach of the place.
        line: points along the road.
        area: ring of points; every piece of road that meets it.
        begins: None = with the set-up.
        ends: None = when the crowd has left.
        profiles: whom it bars.
        direction: of travel, against the shape of the segment.
        exempt: who is let through; nobody where the crowd stands.
        crowd: whether the crowd stands there; None = where the place is.
        reason: why.
    """

    name: str = ""
    segments: tuple[int, ...] = ()
    way: int | None = None
    road: str | None = None
    line: tuple[Point, ...] = ()
    area: tuple[Point, ...] = ()
    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    profiles: tuple[Profile, ...] = MOTOR
    direction: Direction = "both"
    exempt: tuple[str, ...] = ("emergency",)
    crowd: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficEvent:
    """A dated event.

    Attributes:
        id: named by who writes the file.
        kind: one of `KINDS`.
        name: as people call it.
        starts_at: UTC.
        ends_at: UTC.
        setup_at: when officers are on point and closures begin; None = by the kind.
        place: lon, lat of where it is held or, for a convoy, where it ends.
        place_name: as people call it.
        route: points of the way of a convoy, in order.
        crowd: None = nobody said.
        vehicles: None = estimated from the crowd.
        sttp: None = none.
        groups: supporters who come apart from each other.
        closures: wishes.
        propose_closures: whether the road before the place is proposed as closed.
        officers_min: the least number of officers asked for.
        note: free text.
    """

    id: str
    kind: str
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: Point
    setup_at: dt.datetime | None = None
    place_name: str = ""
    route: tuple[Point, ...] = ()
    crowd: Crowd | None = None
    vehicles: Vehicles | None = None
    sttp: Sttp | None = None
    groups: tuple[Group, ...] = ()
    closures: tuple[ClosureWish, ...] = ()
    propose_closures: bool = True
    officers_min: int = 0
    note: str = field(default="")


def event_json(event: TrafficEvent) -> dict[str, Any]:
    """Return an event as the object of an event file; reading it back gives the same event."""
    body: dict[str, Any] = {
        "id": event.id,
        "kind": event.kind,
        "name": event.name,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "setup_at": event.setup_at.isoformat() if event.setup_at else None,
        "place": list(event.place),
        "place_name": event.place_name,
        "route": [list(p) for p in event.route],
        "crowd": _plain(event.crowd),
        "vehicles": _plain(event.vehicles),
        "sttp": _plain(event.sttp),
        "groups": [_plain(g) for g in event.groups],
        "closures": [_plain(c) for c in event.closures],
        "propose_closures": event.propose_closures,
        "officers_min": event.officers_min,
        "note": event.note,
    }
    return {k: v for k, v in body.items() if v not in (None, "", [])}


def _plain(value: Any) -> dict[str, Any] | None:
    """Fields of a value, those that say nothing left out."""
    if value is None:
        return None
    found = {name: _json(getattr(value, name)) for name in value.__dataclass_fields__}
    return {k: v for k, v in found.items() if v not in (None, "", []) or k == "exempt"}


def _json(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return value
