"""What counts as hard to reach, slower, or near enough to a road: assumptions, kept as data."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

Need: TypeAlias = Literal["car", "motorcycle", "boat", "foot", "none"]
"""The least that gets from a post to a TPS; `none` = nothing that is mapped does."""

Positive = Annotated[float, Meta(gt=0)]
Grade = Annotated[float, Meta(ge=0, le=1)]


class HardRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a need and a travel time leave possible as the answer to "hard to reach"."""

    need: tuple[Need, ...]
    low: Grade
    high: Grade
    below_min: Positive | None = None

    def fits(self, need: Need, seconds: float) -> bool:
        """Say whether the rule is for this TPS."""
        soon = self.below_min is None or seconds < 60 * self.below_min
        return need in self.need and soon


class ReachRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Thresholds of reach.

    Attributes:
        as_of: the day they were set.
        source: who set them; `assumption` where it was this program.
        slower_factor: a TPS is slowed when help takes so many times as long ...
        slower_least_s: ... and so many seconds more.
        access_m: a TPS within this distance of a road is reached by what drives there.
        landing_m: water and road as near as this make a landing.
        walk_kmh: on foot to the landing.
        hard: answers to the indicator, the first that fits.
    """

    as_of: dt.date
    source: str
    slower_factor: Annotated[float, Meta(gt=1)]
    slower_least_s: Annotated[float, Meta(ge=0)]
    access_m: Positive
    landing_m: Positive
    walk_kmh: Positive
    hard: tuple[HardRule, ...]


@cache
def reach_rules() -> ReachRules:
    """Return the rules of the data file."""
    file = files("sispamkota.data") / "roads" / "reach.toml"
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), ReachRules)
