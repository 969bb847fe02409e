"""How far a profile gets: strong components of the network, and what lies outside the largest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from sispamkota.roads.network import PROFILES, Bools, Floats, Ints, Network, Profile

_LISTED = 10  # pieces told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Parts of the network within which one gets from everywhere to everywhere and back.

    Turn restrictions are not looked at: they take single turns, not places.

    Attributes:
        profile: for whom.
        label: per node, the component, the longest road first; -1 = no road of the profile.
        nodes: number of nodes per component.
        length_m: length of road within each component.
        pieces: number of parts that are not connected at all, one-way roads ignored.
    """

    profile: Profile
    label: Ints
    nodes: Ints
    length_m: Floats
    pieces: int

    @property
    def count(self) -> int:
        """Number of components."""
        return len(self.nodes)

    def arcs_within(self, network: Network, component: int = 0) -> Bools:
        """Return per arc whether the profile may use it and both its ends are in the component."""
        tail, head = self.label[network.tail], self.label[network.head]
        within: Bools = (tail == component) & (head == component)
        return within & network.usable(self.profile)


def components(network: Network, profile: Profile) -> Components:
    """Find the strong components of a profile."""
    usable = np.flatnonzero(network.usable(profile))
    tail, head = network.tail[usable], network.head[usable]
    touched = np.zeros(network.nodes, bool)
    touched[tail] = touched[head] = True
    ones = np.ones(len(usable), np.int8)
    graph = sp.csr_matrix((ones, (tail, head)), shape=(network.nodes, network.nodes))
    found, raw = connected_components(graph, directed=True, connection="strong")
    _, loose = connected_components(graph, directed=False)
    within = raw[tail] == raw[head]
    metres = _metres(network, usable[within], raw, found)
    nodes = np.bincount(raw[touched], minlength=found)
    present = np.flatnonzero(nodes)
    first = np.full(found, network.nodes)
    np.minimum.at(first, raw, np.arange(network.nodes))
    ranked = present[np.lexsort((first[present], -nodes[present], -metres[present]))]
    place = np.full(found, -1, np.int32)
    place[ranked] = np.arange(len(ranked))
    return Components(
        profile=profile,
        label=np.where(touched, place[raw], -1).astype(np.int32),
        nodes=nodes[ranked].astype(np.int32),
        length_m=metres[ranked],
        pieces=len(np.unique(loose[touched])),
    )


def _metres(network: Network, arcs: Any, raw: Any, found: int) -> Floats:
    """Length of road per component, both directions of a segment counted once."""
    _, one = np.unique(network.segment[arcs], return_index=True)
    chosen = arcs[one]
    ends = raw[network.tail[chosen]]
    summed = np.bincount(ends, weights=network.length_m[chosen], minlength=found)
    return summed.astype(np.float64)


def connectivity(network: Network) -> dict[str, Any]:
    """Tell, ready for JSON and for every profile, how much of the network hangs together."""
    return {p: _told(network, p) for p in PROFILES if network.usable(p).any()}


def _told(network: Network, profile: Profile) -> dict[str, Any]:
    found = components(network, profile)
    usable = np.flatnonzero(network.usable(profile))
    _, one = np.unique(network.segment[usable], return_index=True)
    total = float(network.length_m[usable[one]].sum())
    nodes = int(found.nodes.sum())
    return {
        "strong_components": found.count,
        "pieces": found.pieces,
        "largest_nodes": int(found.nodes[0]),
        "largest_nodes_share": round(int(found.nodes[0]) / nodes, 6),
        "largest_length_km": round(float(found.length_m[0]) / 1000, 3),
        "largest_length_share": round(float(found.length_m[0]) / total, 6) if total else 0.0,
        "outside_length_km": round(max(0.0, total - float(found.length_m[0])) / 1000, 3),
        "outside": [_piece(network, found, i) for i in range(1, min(found.count, 1 + _LISTED))],
    }


def _piece(network: Network, found: Components, component: int) -> dict[str, Any]:
    node = int(np.flatnonzero(found.label == component)[0])
    arcs = np.flatnonzero(found.arcs_within(network, component))
    named = np.unique(network.name[network.segment[arcs]])
    return {
        "lon": float(network.node_lon[node]),
        "lat": float(network.node_lat[node]),
        "nodes": int(found.nodes[component]),
        "length_km": round(float(found.length_m[component]) / 1000, 3),
        "roads": [network.names[i] for i in named.tolist() if network.names[i]][:5],
    }
