"""Small maps written by hand, as OpenStreetMap XML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from sispamkota.roads.load import read_roads
from sispamkota.roads.network import PROFILES, Network, Profile

AS_OF = dt.date(2024, 2, 14)
Tags = Mapping[str, str]

# a street of three crossings, A - B - C - D, with E north and F south of B, about 111 m a step
PLACES: dict[int, tuple[float, float]] = {
    1: (104.500, -4.300),
    2: (104.501, -4.300),
    3: (104.502, -4.300),
    4: (104.503, -4.300),
    5: (104.501, -4.299),
    6: (104.501, -4.301),
    7: (104.502, -4.299),
    8: (104.502, -4.301),
}


def osm(
    ways: Mapping[int, tuple[Sequence[int], Tags]],
    nodes: Mapping[int, Tags] | None = None,
    relations: Sequence[tuple[Sequence[tuple[str, str, int]], Tags]] = (),
    places: Mapping[int, tuple[float, float]] = PLACES,
) -> bytes:
    """Write ways over the places, tags of nodes, and relations as (members, tags)."""
    parts = ['<osm version="0.6">']
    for number, (lon, lat) in places.items():
        tags = _tags((nodes or {}).get(number, {}))
        parts.append(f'<node id="{number}" lon="{lon}" lat="{lat}">{tags}</node>')
    for number, (refs, tags) in ways.items():
        drawn = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        parts.append(f'<way id="{number}">{drawn}{_tags(tags)}</way>')
    for number, (members, tags) in enumerate(relations, 900):
        listed = "".join(
            f'<member role="{role}" type="{kind}" ref="{ref}"/>' for role, kind, ref in members
        )
        parts.append(f'<relation id="{number}">{listed}{_tags(tags)}</relation>')
    return "".join([*parts, "</osm>"]).encode()


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def read(content: bytes, name: str = "drawn.osm", **told: Any) -> Network:
    return read_roads(name, content, source="drawn by hand", as_of=AS_OF, **told)


def tags_of(text: str) -> dict[str, str]:
    """`highway=path foot=no` as a dictionary."""
    return dict(word.split("=", 1) for word in text.split())


def directions(network: Network, way: int, profile: Profile) -> str:
    """How the profile goes along a way of one segment: `><`, `>`, `<` or `-`."""
    arcs = np.flatnonzero((network.way[network.segment] == way) & network.usable(profile))
    ahead = ">" if network.forward[arcs].any() else ""
    back = "<" if (~network.forward[arcs]).any() else ""
    return ahead + back or "-"


def all_directions(network: Network, way: int) -> str:
    return " ".join(directions(network, way, profile) for profile in PROFILES)


def bans(network: Network, profile: Profile = "car") -> set[tuple[int, int, int]]:
    """Banned turns as (way, node, way)."""
    bit = 1 << PROFILES.index(profile)
    return {
        (
            int(network.way[network.segment[a]]),
            int(network.node_id[network.head[a]]),
            int(network.way[network.segment[b]]),
        )
        for (a, b), bars in zip(network.banned.tolist(), network.banned_access, strict=True)
        if bars & bit
    }
