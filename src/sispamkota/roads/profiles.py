"""What the tags of a way and of a barrier mean to each profile; the figures are data/roads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, get_args

from sispamkota.roads.network import PROFILES, Profile

Direction: TypeAlias = Literal["forward", "backward"]
Speeds: TypeAlias = tuple[float, ...]  # km/h, one per profile, 0 = barred

MOTOR: tuple[Profile, ...] = ("car", "motorcycle", "truck")
NOBODY: Speeds = (0.0,) * len(PROFILES)
GUESSES = ("speed", "surface", "boat_on_river", "motorcycle_on_path")
"""What can be guessed about a piece of road, in the order of the bits of `Kind.guessed`."""

WATERWAYS = ("river", "canal", "stream")
_NUMBER = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?\s*$")
_MPH = 1.609344
_SUFFIXES = ("", ":forward", ":backward")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a combination of tags means.

    Attributes:
        highway: the class as the source names it; `ferry`, `river`, `canal` on water.
        forward: free speed per profile in the direction the way was drawn.
        backward: against it.
        duration_s: how long the whole way takes (a ferry's timetable), instead of the speeds.
        guessed: bit i set = `GUESSES[i]` was guessed.
        dropped: why the way is no part of the network; None = it is.
    """

    highway: str
    forward: Speeds = NOBODY
    backward: Speeds = NOBODY
    duration_s: float | None = None
    guessed: int = 0
    dropped: str | None = None


@cache
def rules() -> Mapping[str, Any]:
    """Return data/roads/profiles.toml."""
    path = files("sispamkota.data") / "roads" / "profiles.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def bits_of(profiles: Iterable[str]) -> int:
    """Return the profiles as bits, in the order of `Network.access`."""
    return sum(1 << PROFILES.index(p) for p in PROFILES if p in set(profiles))


@cache
def relevant_keys() -> frozenset[str]:
    """Return the tags that `kind_of` reads; ways equal in these are of one kind."""
    chains = {key for profile in PROFILES for key in _chain(profile)}
    keys = set(_spoken_of())
    keys |= {f"oneway:{key}" for key in chains} | {f"maxspeed{suffix}" for suffix in _SUFFIXES}
    keys |= {"maxspeed:hgv", "maxspeed:motorcycle", "highway", "route", "waterway", "area"}
    keys |= {"oneway", "junction", "surface", "tracktype", "smoothness", "duration", "impassable"}
    return frozenset(keys)


def kind_of(tags: Mapping[str, str]) -> Kind:
    """Return what a way is, from its tags (`relevant_keys` are enough)."""
    highway = _class_of(tags)
    table = rules()["speed_kmh"]
    if highway not in table or highway in rules()["dropped"]["highway"]:
        return Kind(highway=highway, dropped=_unusable(highway))
    if tags.get("area") == "yes":
        return Kind(highway=highway, dropped="area")
    forward = tuple(_speed(tags, highway, p, "forward") for p in PROFILES)
    backward = tuple(_speed(tags, highway, p, "backward") for p in PROFILES)
    if not any(forward) and not any(backward):
        reason = f"waterway={highway}" if highway in WATERWAYS else "no_access"
        return Kind(highway=highway, dropped=reason)
    return Kind(
        highway=highway,
        forward=forward,
        backward=backward,
        duration_s=_duration(tags.get("duration", "")) if highway == "ferry" else None,
        guessed=_guesses(tags, highway, forward),
    )


def barred_by(tags: Mapping[str, str]) -> int:
    """Return, as bits, the profiles that a node with these tags stops."""
    barrier = tags.get("barrier", "no")
    table = rules()["barrier"]
    let_through = set(table.get(barrier, table["other"]))
    for profile in PROFILES:
        verdict = _verdict(tags, _chain(profile), "forward")
        if verdict is not None:
            (let_through.add if verdict else let_through.discard)(profile)
    return bits_of(PROFILES) & ~bits_of(let_through)


def _class_of(tags: Mapping[str, str]) -> str:
    if "highway" in tags:
        return tags["highway"]
    if tags.get("route") == "ferry":
        return "ferry"
    return tags.get("waterway") or f"route={tags.get('route', '')}"


def _unusable(highway: str) -> str:
    if highway in rules()["dropped"]["highway"]:
        return f"highway={highway}"
    return "other"


def _chain(profile: Profile) -> list[str]:
    chain: list[str] = rules()["access"][profile]
    return chain


@cache
def _spoken_of() -> frozenset[str]:
    """All tags that can say who may pass, in any direction."""
    chains = {key for profile in PROFILES for key in _chain(profile)}
    return frozenset(key + suffix for key in chains for suffix in _SUFFIXES)


def _verdict(tags: Mapping[str, str], chain: Iterable[str], direction: Direction) -> bool | None:
    """Whether the tags let it pass; None = they say nothing that is understood."""
    if _spoken_of().isdisjoint(tags):
        return None
    access = rules()["access"]
    for key in chain:
        for name in (f"{key}:{direction}", key):
            value = tags.get(name, "").split(";", 1)[0].strip()
            if value in access["denied"]:
                return False
            if value in access["allowed"]:
                return True
    return None


def _open(tags: Mapping[str, str], highway: str, profile: Profile, direction: Direction) -> float:
    """The class's speed where the profile may go, the tagged speed where only a tag says so."""
    base = float(rules()["speed_kmh"][highway].get(profile, 0))
    chain = _chain(profile)
    if base > 0:
        return base if _verdict(tags, chain, direction) is not False else 0.0
    if highway in WATERWAYS and profile != "boat":
        return 0.0
    # a general access=yes opens a footway to nobody but walkers
    particular = [key for key in chain if key != "access"]
    if _verdict(tags, particular, direction):
        return float(rules()["tagged_kmh"][profile])
    return 0.0


def _speed(tags: Mapping[str, str], highway: str, profile: Profile, direction: Direction) -> float:
    speed = _open(tags, highway, profile, direction)
    if speed <= 0 or not _flows(tags, highway, profile, direction):
        return 0.0
    return _driven(tags, highway, profile, direction, speed) if profile in MOTOR else speed


def _flows(tags: Mapping[str, str], highway: str, profile: Profile, direction: Direction) -> bool:
    """Whether one-way rules let the profile go in this direction."""
    if profile == "boat":
        return True
    chain = _chain(profile)[:-1]
    value = next((tags[f"oneway:{key}"] for key in chain if f"oneway:{key}" in tags), None)
    if profile == "foot" and value is None:
        return True
    if value is None:
        round_about = tags.get("junction") in ("roundabout", "circular") or highway == "motorway"
        value = tags.get("oneway", "yes" if round_about else "no")
        against = f"{chain[0]}:backward"
        if direction == "backward" and tags.get(against) in rules()["access"]["allowed"]:
            return True
    if value in ("yes", "true", "1"):
        return direction == "forward"
    if value in ("-1", "reverse"):
        return direction == "backward"
    return value != "reversible"


def _driven(
    tags: Mapping[str, str], highway: str, profile: Profile, direction: Direction, speed: float
) -> float:
    data = rules()
    track = data["tracktype"].get(tags.get("tracktype", ""), {})
    if highway == "track" and "kmh" in track:
        speed = min(speed, track["kmh"]) if profile == "truck" else float(track["kmh"])
    surface = data["surface"].get(tags.get("surface", ""), {})
    if highway != "ferry":
        speed *= surface.get("factor", 1.0) if highway != "track" or not track else 1.0
    posted = _posted(tags, profile, direction)
    if posted is not None:
        most = 80.0 if profile == "truck" else 100.0
        speed = min(posted * data["limit"]["share"], most)
    caps = [data["smoothness"].get(tags.get("smoothness", "")), surface.get("cap")]
    caps.append(track.get("cap") if highway != "track" else None)
    return min([speed, *(float(cap) for cap in caps if cap is not None)])


def _posted(tags: Mapping[str, str], profile: Profile, direction: Direction) -> float | None:
    own = {"truck": "maxspeed:hgv", "motorcycle": "maxspeed:motorcycle"}.get(profile)
    names = [own] if own else []
    for name in (*names, f"maxspeed:{direction}", "maxspeed"):
        speed = _kmh(tags.get(name, ""))
        if speed is not None and speed >= rules()["limit"]["least_kmh"]:
            return speed
    return None


def _kmh(text: str) -> float | None:
    zone = rules()["limit"]["zones"].get(text)
    if zone is not None:
        return float(zone)
    matched = _NUMBER.match(text)
    if matched is None:
        return None
    return float(matched[1]) * (_MPH if matched[2] == "mph" else 1.0)


def _duration(text: str) -> float | None:
    """Seconds of `hh:mm`, `hh:mm:ss` or plain minutes; None where it is none of them."""
    parts = text.strip().split(":")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:  # noqa: PLR2004
        return None
    if len(parts) == 1:
        return float(parts[0]) * 60 or None
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    return float(hours * 3600 + minutes * 60 + seconds) or None


def _guesses(tags: Mapping[str, str], highway: str, forward: Speeds) -> int:
    road = highway != "ferry" and highway not in WATERWAYS
    guessed = (
        road and all(_posted(tags, "car", way) is None for way in get_args(Direction)),
        road and tags.get("surface", "") not in rules()["surface"],
        highway in WATERWAYS and _verdict(tags, _chain("boat"), "forward") is None,
        highway == "path"
        and forward[PROFILES.index("motorcycle")] > 0
        and _verdict(tags, _chain("motorcycle"), "forward") is None,
    )
    return sum(1 << i for i, yes in enumerate(guessed) if yes)
