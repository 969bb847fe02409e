"""What is told about a network that was read: counts of what was kept and what was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sispamkota.roads.network import PROFILES, Floats, Ints, Network
from sispamkota.roads.profiles import GUESSES, Kind


def segment_lengths_m(network: Network) -> Floats:
    """Return the length of every segment."""
    metres = np.zeros(network.segments)
    metres[network.segment] = network.length_m
    return metres


def lengths_by_class(network: Network) -> dict[str, float]:
    """Return kilometres of road (not of arcs) per class, longest first."""
    metres = np.bincount(network.highway, segment_lengths_m(network), len(network.highways))
    ranked = sorted(zip(network.highways, metres.tolist(), strict=True), key=lambda row: -row[1])
    return {name: round(length / 1000, 3) for name, length in ranked}


def kept(network: Network, kinds: Sequence[Kind], kind: Ints, passages: int) -> dict[str, Any]:
    """Count nodes, arcs and segments, who may use how much, and what was guessed.

    Args:
        network: what was built.
        kinds: what the ways are.
        kind: per segment, index into `kinds`.
        passages: pieces at the end that are barriers, not road.
    """
    metres = segment_lengths_m(network)
    guessed = np.array([k.guessed for k in kinds], np.int64)[kind] if len(kind) else kind
    road = np.arange(network.segments) < network.segments - passages
    usable = {p: network.usable(p) for p in PROFILES}
    reached = {p: metres[np.unique(network.segment[usable[p]])].sum() for p in PROFILES}
    return {
        "nodes": network.nodes,
        "arcs": network.arcs,
        "segments": network.segments,
        "profiles": {
            p: {
                "arcs": int(np.count_nonzero(usable[p])),
                "length_km": round(float(reached[p]) / 1000, 3),
            }
            for p in PROFILES
        },
        "one_way_segments": int(
            np.count_nonzero(
                np.bincount(network.segment[usable["car"]], minlength=network.segments) == 1
            )
        ),
        "ferries": sum(
            int(np.count_nonzero(network.highway == i))
            for i, name in enumerate(network.highways)
            if name == "ferry"
        ),
        "guessed": {
            name: int(np.count_nonzero(road & ((guessed >> i) & 1 > 0)))
            for i, name in enumerate(GUESSES)
        },
    }
