"""Compiled inner loops over a turn graph: searches, bridges, and the loss of one link at a time.

Plain loops over arrays, because numba turns them into machine code. Types are those that
`search.py`, `bridges.py` and `critical.py` pass; tests hold them against brute force.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from sispamkota.roads.network import Bools, Ints, Longs

_Function = TypeVar("_Function", bound=Callable[..., Any])
FAR = 2**62 - 1
"""Larger than any time."""


def _compiled(function: _Function) -> _Function:
    return cast("_Function", njit(cache=True, nogil=True)(function))


@_compiled
def _push(keys: Longs, nodes: Ints, size: int, key: int, node: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at], nodes[at] = keys[above], nodes[above]
        at = above
    keys[at], nodes[at] = key, node
    return size + 1


@_compiled
def _drop(keys: Longs, nodes: Ints, size: int) -> int:
    size -= 1
    key, node = keys[size], nodes[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], nodes[at] = keys[below], nodes[below]
        at = below
    keys[at], nodes[at] = key, node
    return size


@_compiled
def spread_kernel(
    first: Longs, ends: Ints, weight: Longs, at: Ints, cost: Longs, stop: int
) -> tuple[Longs, Longs]:
    """Times to every node and the edge by which each is reached (-1 = begun there)."""
    times = np.full(len(first) - 1, FAR, np.int64)
    via = np.full(len(first) - 1, -1, np.int64)
    keys = np.empty(len(ends) + len(at) + 1, np.int64)
    nodes = np.empty(len(ends) + len(at) + 1, np.int32)
    size = 0
    for i in range(len(at)):
        if cost[i] < times[at[i]]:
            times[at[i]] = cost[i]
            size = _push(keys, nodes, size, cost[i], at[i])
    while size > 0:
        key, node = keys[0], nodes[0]
        size = _drop(keys, nodes, size)
        if key > times[node]:
            continue
        if node == stop:
            break
        for edge in range(first[node], first[node + 1]):
            total = key + weight[edge]
            if total < times[ends[edge]]:
                times[ends[edge]] = total
                via[ends[edge]] = edge
                size = _push(keys, nodes, size, total, ends[edge])
    return times, via


@_compiled
def bridges_kernel(first: Longs, ends: Ints, edge: Ints, edges: int) -> Bools:
    """Which edges of an undirected graph are bridges (Tarjan 1974, without recursion).

    Each edge stands at both of its ends; parallel edges are told apart by their number.
    """
    nodes = len(first) - 1
    bridge = np.zeros(edges, np.bool_)
    seen = np.full(nodes, -1, np.int64)
    low = np.zeros(nodes, np.int64)
    by = np.full(nodes, -1, np.int64)
    above = np.full(nodes, -1, np.int64)
    next_ = first[:-1].copy()
    clock = 0
    for root in range(nodes):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock += 1
        node = root
        while node >= 0:
            if next_[node] < first[node + 1]:
                i = next_[node]
                next_[node] += 1
                other = ends[i]
                if edge[i] == by[node]:
                    continue
                if seen[other] >= 0:
                    low[node] = min(low[node], seen[other])
                    continue
                seen[other] = low[other] = clock
                clock += 1
                by[other], above[other] = edge[i], node
                node = other
            else:
                parent = above[node]
                if parent >= 0:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > seen[parent]:
                        bridge[by[node]] = True
                node = parent
    return bridge


@_compiled
def tree_kernel(parent: Ints) -> tuple[Ints, Ints, Ints]:
    """Nodes of a forest with each before its own, where each stands, and where its own end."""
    nodes = len(parent)
    first = np.zeros(nodes + 2, np.int64)
    for node in range(nodes):
        first[parent[node] + 2] += 1  # those without a parent come first
    first = np.cumsum(first)
    fill = first.copy()
    children = np.empty(nodes, np.int32)
    for node in range(nodes):
        children[fill[parent[node] + 1]] = node
        fill[parent[node] + 1] += 1
    order = np.empty(nodes, np.int32)
    place = np.empty(nodes, np.int32)
    last = np.empty(nodes, np.int32)
    stack = np.empty(nodes + 1, np.int32)
    count = 0
    size = 0
    for i in range(first[1] - 1, first[0] - 1, -1):
        stack[size] = children[i]
        size += 1
    while size > 0:
        size -= 1
        node = stack[size]
        order[count] = node
        place[node] = count
        count += 1
        for i in range(first[node + 2] - 1, first[node + 1] - 1, -1):
            stack[size] = children[i]
            size += 1
    for i in range(nodes):
        last[order[i]] = i + 1
    for i in range(nodes - 1, -1, -1):
        node = order[i]
        if parent[node] >= 0:
            last[parent[node]] = max(last[parent[node]], last[node])
    return order, place, last


@_compiled
def losses_kernel(
    first: Longs,
    ends: Ints,
    weight: Longs,
    begins: Ints,
    first_into: Longs,
    into: Longs,
    begun: Longs,
    times: Longs,
    via: Longs,
    place: Ints,
    last: Ints,
    order: Ints,
    states: int,
    segment: Ints,
    first_on: Longs,
    on: Ints,
) -> tuple[Ints, Ints, Longs]:
    """For the loss of each segment, the arrivals whose time it changes: segment, node, time.

    What a loss changes lies below the segment in the tree of quickest ways. Only that part is
    searched again, from what borders on it, until its arrivals are settled.
    """
    nodes = len(times)
    counted = np.zeros(nodes + 1, np.int64)
    for i in range(nodes):
        counted[i + 1] = counted[i] + (1 if order[i] >= states else 0)
    segments = len(first_on) - 1
    most = 0
    for lost in range(segments):
        for i in range(first_on[lost], first_on[lost + 1]):
            most += counted[last[on[i]]] - counted[place[on[i]]]
    out_segment = np.empty(most, np.int32)
    out_node = np.empty(most, np.int32)
    out_time = np.empty(most, np.int64)
    count = 0
    mark = np.full(nodes, -1, np.int32)
    done = np.full(nodes, -1, np.int32)
    after = np.empty(nodes, np.int64)
    keys = np.empty(len(ends) + nodes + 1, np.int64)
    queue = np.empty(len(ends) + nodes + 1, np.int32)
    for lost in range(segments):
        arrivals = 0
        # what hangs on the segment: entered by a turn, or arrived at along it
        for i in range(first_on[lost], first_on[lost + 1]):
            root = on[i]
            if times[root] >= FAR or (via[root] < 0) == (root < states):
                continue
            if mark[root] == lost or counted[last[root]] == counted[place[root]]:
                continue
            for at in range(place[root], last[root]):
                if mark[order[at]] != lost:
                    mark[order[at]] = lost
                    if order[at] >= states:
                        arrivals += 1
        if arrivals == 0:
            continue
        size = 0
        for i in range(first_on[lost], first_on[lost + 1]):
            root = on[i]
            for at in range(place[root], last[root]):
                node = order[at]
                if mark[node] != lost or done[node] == -2 - lost:
                    continue
                done[node] = -2 - lost
                lying = segment[node] == lost
                best = FAR if lying and node >= states else begun[node]
                if not (lying and node < states):
                    for j in range(first_into[node], first_into[node + 1]):
                        other = begins[into[j]]
                        if mark[other] != lost and times[other] < FAR:
                            best = min(best, times[other] + weight[into[j]])
                after[node] = best
                if best < FAR:
                    size = _push(keys, queue, size, best, node)
        settled = 0
        while size > 0 and settled < arrivals:
            key, node = keys[0], queue[0]
            size = _drop(keys, queue, size)
            if key > after[node] or done[node] == lost:
                continue
            done[node] = lost
            if node >= states:
                settled += 1
                continue
            for edge in range(first[node], first[node + 1]):
                other = ends[edge]
                if mark[other] != lost or (segment[other] == lost and other < states):
                    continue
                if key + weight[edge] < after[other]:
                    after[other] = key + weight[edge]
                    size = _push(keys, queue, size, after[other], other)
        for i in range(first_on[lost], first_on[lost + 1]):
            root = on[i]
            for at in range(place[root], last[root]):
                node = order[at]
                if node >= states and mark[node] == lost:
                    mark[node] = -1
                    out_segment[count], out_node[count] = lost, node
                    out_time[count] = after[node]
                    count += 1
    return out_segment[:count], out_node[:count], out_time[:count]
