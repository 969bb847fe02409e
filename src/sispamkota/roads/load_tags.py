"""Properties of registers and exports become the tags that OpenStreetMap would have."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from sispamkota.roads.profiles import Kind, kind_of, rules


@cache
def words() -> Mapping[str, Any]:
    """Return data/roads/classes.toml."""
    path = files("sispamkota.data") / "roads" / "classes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _meanings() -> Mapping[str, tuple[str, int]]:
    """Tidy property name → (what it means, how much it is preferred among its kind)."""
    return {
        _tidy(name): (meaning, rank)
        for meaning, names in words()["properties"].items()
        for rank, name in reversed(list(enumerate(names)))
    }


def _tidy(name: str) -> str:
    return "".join(c for c in name.casefold() if c not in " _.-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """What the properties of one road say.

    Attributes:
        tags: as OpenStreetMap would have them, only what is known.
        name: of the road, "" where unknown.
        number: of the way in OpenStreetMap, where it is told.
        class_guessed: the class was not understood, or taken from the status.
        from_osm: the properties are those of an OpenStreetMap export.
    """

    tags: Mapping[str, str]
    name: str
    number: int | None
    class_guessed: bool
    from_osm: bool

    def kind(self) -> Kind:
        """Return what the road is to each profile."""
        return kind_of(self.tags)


def road_of(properties: Mapping[str, Any]) -> Road:
    """Read the properties of a road, whatever its source calls them."""
    told: dict[str, list[tuple[int, str]]] = {}
    for name, value in properties.items():
        meaning, rank = _meanings().get(_tidy(name), (None, 0))
        text = "" if value is None else str(value).strip()
        if meaning is not None and text:
            told.setdefault(meaning, []).append((rank, text))
    said = {meaning: [text for _, text in sorted(found)] for meaning, found in told.items()}
    highway, guessed = _class(said)
    tags = {"highway": highway}
    for key in ("surface", "smoothness", "oneway"):
        if key in said:
            tags[key] = words()[key].get(said[key][0].casefold(), said[key][0])
    if "maxspeed" in said and said["maxspeed"][0] not in ("0", "0.0"):
        tags["maxspeed"] = said["maxspeed"][0].removesuffix(".0")
    for key in ("access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "hgv", "foot"):
        if properties.get(key):
            tags[key] = str(properties[key])
    for key in ("junction", "tracktype", "area"):
        if properties.get(key):
            tags[key] = str(properties[key])
    return Road(
        tags=tags,
        name=_name(said),
        number=_number(said),
        class_guessed=guessed,
        from_osm="highway" in {n.casefold() for n in properties} or "fclass" in properties,
    )


def _class(said: Mapping[str, list[str]]) -> tuple[str, bool]:
    known, dropped = rules()["speed_kmh"], rules()["dropped"]["highway"]
    table = words()["highway"]
    for text in said.get("highway", ()):
        lower = text.casefold()
        if lower in known or lower in dropped:
            return lower, False
        if lower in table:
            return table[lower], lower == "other_road"
    for text in said.get("status", ()):
        if text.casefold() in table:
            return table[text.casefold()], True
    return words()["otherwise"]["highway"], True


def _name(said: Mapping[str, list[str]]) -> str:
    if "name" in said:
        return said["name"][0]
    ends = [said[key][0] for key in ("name_from", "name_to") if key in said]
    return " - ".join(ends) or said.get("ref", [""])[0]


def _number(said: Mapping[str, list[str]]) -> int | None:
    text = said.get("number", [""])[0].removeprefix("way/").removeprefix("w")
    return int(text) if text.isascii() and text.isdigit() else None


def one_way(kind: Kind) -> Kind:
    """Return the kind with nobody allowed back."""
    return replace(kind, backward=(0.0,) * len(kind.backward))
