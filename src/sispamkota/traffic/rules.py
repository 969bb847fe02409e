"""What a traffic plan takes for granted, as data: kinds of events, demand, capacities, weights."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from sispamkota.kernel.text import Text

VEHICLES = ("car", "motorcycle", "bus", "truck")
"""Vehicles of a crowd, in the order of the STTP form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a plan takes for one kind of event; figures as in data/traffic/kinds.toml."""

    id: str
    name: Text
    tasks: tuple[str, ...]
    assembly_min: float
    setup_min: float
    clear_min: float
    closure_m: float
    crowd_m2: float
    end_officers: int
    post_officers: int
    place_officers: int
    patrol_officers: int
    escort_vehicles: int
    escort_officers: int
    corridor_s: float
    stretcher_m: float
    arrive_min: float
    leave_min: float
    share: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRules:
    """How many trips residents make; data/traffic/rules.toml `[demand]`."""

    trips_person_day: float
    hour_share: tuple[float, ...]
    share: Mapping[str, float]
    persons: Mapping[str, float]
    decay_s: float
    low: float
    high: float
    least_pcu_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """How a road slows down under load."""

    b: float
    power: float
    turn_s: float
    gap: float
    capacity: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversionRules:
    """Which ways around are listed."""

    least_pcu_h: float
    most_per_closure: int
    straight_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRules:
    """What a post at a junction is worth."""

    sight_m: float
    leaves: float
    turns: float
    joins: float
    conflict: float
    officer_worth: float
    relief_min: float
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachRules:
    """How hard the ways of rival groups are kept apart."""

    shared_penalty: float
    rounds: int
    same_door_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorRules:
    """What closures may add to the way of an ambulance that is too long anyway."""

    delay_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EscortRules:
    """How many alternates an escort has."""

    alternates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRules:
    """How far a place may be from a road."""

    far_m: float
    route_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficRules:
    """Everything in data/traffic/rules.toml."""

    demand: DemandRules
    occupancy: Mapping[str, float]
    pcu: Mapping[str, float]
    links: LinkRules
    diversions: DiversionRules
    posts: PostRules
    approaches: ApproachRules
    corridor: CorridorRules
    escorts: EscortRules
    places: PlaceRules

    def capacity_of(self, highway: str) -> float:
        """Return the capacity of a class of road, passenger car units an hour in one direction."""
        table = self.links.capacity
        return float(table.get(highway, table.get(highway.removesuffix("_link"), table["other"])))


@cache
def default_rules() -> TrafficRules:
    """Return the rules that ship with the program, every figure an assumption."""
    return rules_of(_read("rules.toml"))


@cache
def default_kinds() -> Mapping[str, Kind]:
    """Return the kinds of events that ship with the program, by id."""
    body = _read("kinds.toml")
    found = [msgspec.convert(row, Kind) for row in body["kind"]]
    return {kind.id: kind for kind in found}


def rules_of(body: Mapping[str, Any]) -> TrafficRules:
    """Return rules from the tables of a TOML file."""
    tables = {k: v for k, v in body.items() if k not in ("as_of", "basis")}
    return msgspec.convert(tables, TrafficRules, strict=False)


def rules_json(rules: TrafficRules, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return rules and kinds as plain data, to be hashed."""
    plain: dict[str, Any] = msgspec.to_builtins({"rules": rules, "kinds": dict(kinds)})
    return plain


def _read(name: str) -> dict[str, Any]:
    path = files("sispamkota.data") / "traffic" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))
