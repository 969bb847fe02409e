"""Lines along roads, and pieces of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sispamkota.roads.network import Floats, Network


def line_of(network: Network, arcs: Sequence[int], begins: float, ends: float) -> Floats:
    """Return lon, lat along arcs; the first is begun and the last left at a part of its length."""
    if len(arcs) == 1:
        return part_of(network.line(int(arcs[0])), begins, ends)
    lines = [
        part_of(network.line(int(arcs[0])), begins, 1),
        *(network.line(int(a)) for a in arcs[1:-1]),
        part_of(network.line(int(arcs[-1])), 0, ends),
    ]
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


def part_of(line: Floats, begins: float, ends: float) -> Floats:
    """Return the piece of a line between two parts of its length."""
    if begins <= 0 and ends >= 1:
        return line
    scale = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*(np.diff(line, axis=0) * scale).T))))
    if along[-1] <= 0:
        return line
    low, high = begins * along[-1], ends * along[-1]
    within = line[(along > low) & (along < high)]
    cuts = np.stack([np.interp([low, high], along, line[:, i]) for i in (0, 1)], axis=1)
    return np.concatenate((cuts[:1], within, cuts[1:]))
