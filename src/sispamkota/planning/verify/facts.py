"""What the verifier reads: the inputs as plain rows, and its own arithmetic on them."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sispamkota.kernel.text import Lang, Text
from sispamkota.planning.verify.roads import RoadFacts

Plan = Mapping[str, Any]
TOLERANCE_S = 1.0  # rounding of one travel time
RELATIVE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule: its name, where, and what was found."""

    rule: str
    where: str
    detail: Text

    def as_json(self, lang: Lang = "en") -> dict[str, str]:
        """Return the object of `violations[]`."""
        return {"rule": self.rule, "where": self.where, "detail": self.detail.in_(lang)}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The inputs of a plan as plain rows, read anew from the workspace.

    Attributes:
        sites: TPS code → row (desa, kecamatan, class, khusus, lon, lat, access).
        posts: post code → (lon, lat).
        people: person id → row of the roster.
        guards: category → (polri, tps) of the pattern in force for the plan.
        rules: beat_limit_s, post_weight, risk, penalty_s, duty_hours, mixed_classes, grouping.
        detour_factor, speed_kmh: how straight lines become seconds.
        strength: `released` or `whole` (a third of the Polres stays as reserve).
        sample: whether any input is generated (CONTOH).
        settings: pattern, rules, travel and strength as the plan file must state them.
        inputs_sha256: hash of today's inputs, as the plan file defines it.
        roads: the roads that times are taken on; None = straight lines.
    """

    sites: Mapping[str, Mapping[str, Any]]
    posts: Mapping[str, tuple[float, float]]
    people: Mapping[str, Mapping[str, Any]]
    guards: Mapping[str, tuple[int, int]]
    rules: Mapping[str, Any]
    detour_factor: float
    speed_kmh: float
    strength: str
    sample: bool
    settings: Mapping[str, Any]
    inputs_sha256: str
    roads: RoadFacts | None = None
    _seen: dict[tuple[float, ...], float] = field(default_factory=dict)

    def seconds(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        """Return the travel time: on the roads, else by the great circle's form with atan2."""
        if self.roads is not None:
            return self.roads.seconds(a, b)
        key = (*a, *b)
        if key not in self._seen:
            lon1, lat1, lon2, lat2 = (math.radians(v) for v in key)
            d = lon2 - lon1
            across = math.hypot(
                math.cos(lat2) * math.sin(d),
                math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(d),
            )
            along = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(d)
            metres = 6_371_008.8 * math.atan2(across, along)
            self._seen[key] = float(round(metres * self.detour_factor * 3.6 / self.speed_kmh))
        return self._seen[key]

    def within(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        """Return the travel time; infinite where it may be as it is beyond the limit of a beat."""
        return self.seconds(a, b) if self.roads is None else self.roads.within(a, b)

    def place(self, tps: str) -> tuple[float, float]:
        """Return lon, lat of a TPS."""
        return self.sites[tps]["lon"], self.sites[tps]["lat"]

    def team_size(self) -> int:
        """Officers of a team: the least the pattern uses, never below two."""
        return self._size

    @cached_property
    def _size(self) -> int:
        return max(2, min(polri for polri, _ in self.guards.values()))

    def part(self, tps: str) -> float:
        """Return the part of one team that this TPS takes."""
        site = self.sites[tps]
        polri, group = self.guards["khusus" if site["khusus"] else site["class"]]
        return polri / (group * self.team_size())

    def risk(self, tps: str) -> float:
        """Return the risk of leaving this TPS open."""
        return float(self.rules["risk"][self.sites[tps]["class"]])

    @cached_property
    def severe(self) -> frozenset[str]:
        """TPS of class sangat rawan."""
        return frozenset(c for c, s in self.sites.items() if s["class"] == "sangat_rawan")

    def teams_possible(self, without: Collection[str] = ()) -> Mapping[str, int]:
        """Return post → teams that its free officers and leaders can form, some persons apart."""
        free = [
            p
            for p in self.people.values()
            if p["agency"] == "polri"
            and p["duty"] == "tps"
            and p["available"]
            and p["home_post"] in self.posts
            and p["id"] not in without
        ]
        officers = Counter(p["home_post"] for p in free)
        leaders = Counter(p["home_post"] for p in free if p["leader"])
        return {p: min(n // self.team_size(), leaders[p]) for p, n in officers.items()}


Rule = Callable[[Plan, Facts], Iterator[Violation]]


def bad(rule: str, where: str, id_: str, en: str) -> Violation:
    """Return a violation with its detail in both languages."""
    return Violation(rule=rule, where=where, detail=Text(id_, en))


def inputs_sha256(sites: str, posts: str, people: str, settings: Mapping[str, Any]) -> str:
    """Return the hash of inputs given as the CSV texts that the plan file's format defines."""
    digest = hashlib.sha256()
    for text in (sites, posts, people):
        digest.update(text.encode())
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    return digest.hexdigest()
