"""A route in words: where to turn, onto which road, and how far, in Indonesian and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.roads.load_ways import EARTH_M
from sispamkota.roads.network import Floats, Network, Profile
from sispamkota.roads.roundabouts import LOOK_M, Junctions, bearing_of, junctions
from sispamkota.roads.router import Route
from sispamkota.roads.shapes import part_of

_BESIDE_M = 3.0  # a destination nearer to the middle of the road lies on neither side
_NOTHING_M = 1.0  # so little of an arc is not driven: an end at a junction, a gate
_SHORT_M = 30.0  # unnamed pieces between the carriageways of a junction
_STRAIGHTER = 10.0  # degrees by which another way on must be straighter to mislead
_COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction.

    Attributes:
        maneuver: key in the data file, e.g. `left`.
        text: the instruction with the length that follows it.
        road: name of the road; "" where it has none.
        length_m: until the next instruction.
        travel_s: until the next instruction, the turn itself included.
        lon: where it is.
        lat: where it is.
    """

    maneuver: str
    text: Text
    road: str
    length_m: float
    travel_s: float
    lon: float
    lat: float


@dataclass(slots=True, kw_only=True, eq=False)
class _Leg:
    """Arcs driven without an instruction between them, by their place in the route.

    `named` are those that tell which road it is: not the ring of a roundabout.
    """

    maneuver: str
    arcs: list[int]
    named: list[int] = field(default_factory=list)
    exit: int = 0


def directions(
    network: Network,
    route: Route,
    profile: Profile,
    *,
    target: tuple[float, float] | None = None,
) -> tuple[Step, ...]:
    """Return the instructions of a route; their lengths and times add up to its own.

    Args:
        network: the roads of the route.
        route: from a router or an alternate.
        profile: who drives it.
        target: lon, lat of the destination itself, to say on which side of the road it lies.
    """
    guide = _Guide(network, route, profile)
    return (*(guide.step(leg) for leg in guide.legs()), guide.arrival(target))


class _Guide:
    """One route on its network."""

    def __init__(self, network: Network, route: Route, profile: Profile) -> None:
        self.network = network
        self.route = route
        self.arcs = list(route.arcs)
        self.boat = profile == "boat"
        self.junctions: Junctions = junctions(network, profile)
        parts = [[0.0, 1.0] for _ in self.arcs]
        parts[0][0], parts[-1][1] = route.begins, route.ends
        shares = np.array([max(0.0, high - low) for low, high in parts])
        self.metres = network.length_m[self.arcs] * shares
        self.seconds = self._seconds(profile, shares)
        self.lines = [part_of(network.line(a), *p) for a, p in zip(self.arcs, parts, strict=True)]

    def _seconds(self, profile: Profile, shares: Floats) -> Floats:
        """Time per arc; what the route takes beyond that is its turning round."""
        seconds = self.network.times_ds(profile)[self.arcs] / 10 * shares
        segment = self.network.segment[self.arcs]
        round_ = np.flatnonzero(segment[1:] == segment[:-1]) + 1
        more = self.route.seconds - float(seconds.sum())
        at = round_ if len(round_) else np.array([len(self.arcs) - 1])
        seconds[at] += more / len(at)
        return np.maximum(seconds, 0.0)

    def legs(self) -> list[_Leg]:
        """Return the legs in order; every arc of the route is in one."""
        driven = [i for i in range(len(self.arcs)) if self.metres[i] >= _NOTHING_M]
        if not driven:
            return [_Leg(maneuver="depart", arcs=[*range(len(self.arcs))], named=[0])]
        legs = [_Leg(maneuver="depart", arcs=[driven[0]], named=[driven[0]])]
        at = 1
        while at < len(driven):
            circle = self._circle(driven[at])
            if circle and not self._circle(driven[at - 1]):
                at = self._round(legs, driven, at, circle)
                continue
            turn = self._turn(legs[-1], driven[at - 1], driven[at])
            if turn == "straight" and self._leads_into(legs[-1]):
                legs[-1].named = [driven[at]]
            elif turn:
                legs.append(_Leg(maneuver=turn, arcs=[], named=[driven[at]]))
            elif self.metres[driven[at]] > _SHORT_M or self._name(driven[at]):
                legs[-1].named.append(driven[at])
            legs[-1].arcs.append(driven[at])
            at += 1
        return self._filled(legs)

    def _filled(self, legs: list[_Leg]) -> list[_Leg]:
        """Give the arcs that are hardly driven to the legs they lie in."""
        begins = [0, *(leg.arcs[0] for leg in legs[1:]), len(self.arcs)]
        for leg, begin, end in zip(legs, begins[:-1], begins[1:], strict=True):
            leg.arcs = list(range(begin, end))
        return legs

    def _round(self, legs: list[_Leg], driven: list[int], at: int, circle: frozenset[int]) -> int:
        """Add a leg through a roundabout and onto its exit; return where it has got to."""
        begin, exits = at, 0
        while at < len(driven) and self.arcs[driven[at]] in circle:
            out = [a for a in self.junctions.onward(self.arcs[driven[at]]) if a not in circle]
            exits += bool(out)
            at += 1
        left = at < len(driven)
        arcs = driven[begin : at + 1] if left else driven[begin:]
        maneuver = "roundabout" if left else "roundabout_stay"
        legs.append(_Leg(maneuver=maneuver, arcs=arcs, named=[arcs[-1]], exit=exits))
        return at + 1

    def _leads_into(self, leg: _Leg) -> bool:
        """Whether a leg is but a short piece without a name before the road one turns into."""
        short = sum(self.metres[i] for i in leg.arcs) <= _SHORT_M
        return short and leg.maneuver != "depart" and not any(map(self._name, leg.arcs))

    def _circle(self, i: int) -> frozenset[int]:
        return self.junctions.circle(self.arcs[i])

    def _turn(self, leg: _Leg, before: int, after: int) -> str:
        """Return what to tell a driver between two arcs; "" = nothing."""
        one, other = self.arcs[before], self.arcs[after]
        if self.network.segment[one] == self.network.segment[other]:
            return "u_turn"
        if not self.boat and self._ferry(before) != self._ferry(after):
            return "board" if self._ferry(after) else "land"
        angle = self.junctions.angle(one, other)
        # behind a gate or the like, the ways on are those there
        onward = self.junctions.onward(self.arcs[after - 1])
        same = self._name(after) == self._name(leg.named[-1]) != ""
        if same and abs(angle) < words()["angles"]["straight"]:
            return ""
        if self._goes_on(one, other, angle, onward):
            short = not self._name(after) and self.metres[after] <= _SHORT_M
            if short or self._name(after) == self._name(leg.named[-1]):
                return ""
        return _turned(angle)

    def _goes_on(self, one: int, other: int, angle: float, onward: list[int]) -> bool:
        """Whether a driver who is told nothing takes this arc."""
        others = [abs(self.junctions.angle(one, a)) for a in onward if a != other]
        if not others:
            return True
        straighter = min(others) < abs(angle) - _STRAIGHTER
        return abs(angle) < words()["angles"]["slight"] and not straighter

    def _ferry(self, i: int) -> bool:
        return self._class(i) == "ferry"

    def _class(self, i: int) -> str:
        highway = int(self.network.highway[self.network.segment[self.arcs[i]]])
        return self.network.highways[highway]

    def _name(self, i: int) -> str:
        return self.network.name_of(self.arcs[i])

    def step(self, leg: _Leg) -> Step:
        """Return the instruction of a leg."""
        first = leg.arcs[0]
        name = self._name(leg.named[0])
        road = Text(name, name) if name else self._unnamed(leg)
        compass = _COMPASS[round(self._heading(leg) / 45) % 8]
        length = float(self.metres[leg.arcs].sum())
        return Step(
            maneuver=leg.maneuver,
            text=_with_length(_filled_in(leg.maneuver, road, compass, leg.exit), length),
            road=name,
            length_m=length,
            travel_s=float(self.seconds[leg.arcs].sum()),
            lon=round(float(self.lines[first][0, 0]), 6),
            lat=round(float(self.lines[first][0, 1]), 6),
        )

    def _unnamed(self, leg: _Leg) -> Text:
        """What a road without a name is called: by the class of most of it."""
        metres: dict[str, float] = {}
        for i in leg.named:
            metres[self._class(i)] = metres.get(self._class(i), 0.0) + float(self.metres[i])
        return unnamed_road(max(metres, key=lambda c: metres[c]))

    def _heading(self, leg: _Leg) -> float:
        i = leg.named[0]
        share = min(1.0, LOOK_M / max(float(self.metres[i]), 1e-9))
        return bearing_of(part_of(self.lines[i], 0, share))

    def arrival(self, target: tuple[float, float] | None) -> Step:
        """Return the last instruction: on which side the destination lies."""
        line = next((x for x in self.lines[::-1] if np.ptp(x, axis=0).any()), self.lines[-1])
        end = self.lines[-1][-1]
        side = _side(line, end, target)
        key = f"arrive_{side}" if side else "arrive"
        return Step(
            maneuver=key,
            text=_filled_in(key, Text("", ""), "n", 0),
            road=self._name(len(self.arcs) - 1),
            length_m=0.0,
            travel_s=0.0,
            lon=round(float(end[0]), 6),
            lat=round(float(end[1]), 6),
        )


def _side(line: Floats, end: Floats, target: tuple[float, float] | None) -> str:
    """Return "left" or "right" of the last stretch of a way; "" where it is on neither."""
    if target is None:
        return ""
    scale = np.array([np.cos(np.radians(end[1])), 1.0]) * np.radians(1) * EARTH_M
    ahead, aside = (end - line[-2]) * scale, (np.array(target) - end) * scale
    length = float(np.hypot(*ahead))
    if length <= 0:
        return ""
    off = float(ahead[0] * aside[1] - ahead[1] * aside[0]) / length
    if abs(off) < _BESIDE_M:
        return ""
    return "left" if off > 0 else "right"


def _turned(angle: float) -> str:
    angles = words()["angles"]
    size = abs(angle)
    if size < angles["straight"]:
        return "straight"
    if size >= angles["u_turn"]:
        return "u_turn"
    side = "right" if angle > 0 else "left"
    if size < angles["slight"]:
        return f"slight_{side}"
    return f"sharp_{side}" if size >= angles["sharp"] else side


def _filled_in(maneuver: str, road: Text, compass: str, exit_: int) -> Text:
    table: Mapping[str, Any] = words()
    said = {}
    for lang in ("id", "en"):
        point = table["compass"][compass][lang]
        said[lang] = table["maneuver"][maneuver][lang].format(
            road=getattr(road, lang), compass=point, exit=exit_
        )
    return Text(**said)


def _with_length(text: Text, metres: float) -> Text:
    return Text(f"{text.id}, {_length(metres, 'id')}", f"{text.en}, {_length(metres, 'en')}")


def _length(metres: float, lang: Lang) -> str:
    tens = max(10, round(metres / 10) * 10)
    return f"{tens} m" if tens < 1000 else f"{number(metres / 1000, lang, 1)} km"  # noqa: PLR2004


@cache
def words() -> dict[str, Any]:
    """Return the words of the data file."""
    file = files("sispamkota.data") / "roads" / "directions.toml"
    return tomllib.loads(file.read_text("utf-8"))


def unnamed_road(highway: str) -> Text:
    """Return what a road of a class is called where it has no name."""
    table = words()["unnamed"]
    return Text(**table.get(highway, table["other"]))
