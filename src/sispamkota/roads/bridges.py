"""Pieces of road without which a part of the network falls off."""

from __future__ import annotations

import numpy as np

from sispamkota.roads.network import Bools, Network, Profile
from sispamkota.roads.search_kernels import bridges_kernel


def bridges(network: Network, profile: Profile, closed: Bools | None = None) -> Bools:
    """Return per segment whether its loss cuts the roads of a profile into more parts.

    One-way rules are not looked at: a bridge is so in whatever direction one goes. Where one-way
    streets make a link irreplaceable though it is no bridge, `critical` finds it by travel times.

    Args:
        network: the roads.
        profile: whose roads; segments it may not use are no bridges.
        closed: arcs left out.
    """
    usable = network.usable(profile)
    if closed is not None:
        usable = usable & ~closed
    segments, arcs = np.unique(network.segment[usable], return_index=True)
    arc = np.flatnonzero(usable)[arcs]
    # a road that leads back to where it began joins nothing
    joins = network.tail[arc] != network.head[arc]
    segments, arc = segments[joins], arc[joins]
    begins = np.concatenate((network.tail[arc], network.head[arc]))
    ends = np.concatenate((network.head[arc], network.tail[arc]))
    number = np.tile(np.arange(len(arc), dtype=np.int32), 2)
    order = np.argsort(begins, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(begins, minlength=network.nodes))))
    found = bridges_kernel(
        first.astype(np.int64), ends[order].astype(np.int32), number[order], len(arc)
    )
    bridge = np.zeros(network.segments, np.bool_)
    bridge[segments] = found
    return bridge
