"""Compiled inner loops that take a map apart: chains of roads, and cuts by inertial flow.

Schild & Sommer, "On Balanced Separators in Road Networks" (SEA 2015): the nodes that lie furthest
in a direction are the source, those furthest against it the sink, and the least cut between them
is a good place to part the map. Behaviour is tested through `order.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SHARE = 0.3  # of a cell's nodes that are source, and as many sink
SMALL = 24  # cells of fewer nodes are looked at from half the directions


@njit(cache=True, nogil=True)
def adjacency(n, ends):
    """Neighbours by node: where they start, the neighbour, the edge. Loops are left out."""
    first = np.zeros(n + 1, np.int64)
    for e in range(len(ends)):
        if ends[e, 0] != ends[e, 1]:
            first[ends[e, 0] + 1] += 1
            first[ends[e, 1] + 1] += 1
    for i in range(n):
        first[i + 1] += first[i]
    at = first[:-1].copy()
    other = np.empty(first[n], np.int32)
    edge = np.empty(first[n], np.int32)
    for e in range(len(ends)):
        u, v = ends[e, 0], ends[e, 1]
        if u != v:
            other[at[u]] = v
            edge[at[u]] = e
            at[u] += 1
            other[at[v]] = u
            edge[at[v]] = e
            at[v] += 1
    return first, other, edge


@njit(cache=True, nogil=True)
def _walk(begin, slot, kept, first, other, edge, ends, chain_of, place, flipped, chain):
    """Follow a chain from a kept node to the next; return where it ends and how long it is."""
    node, length = begin, 0
    while True:
        e = edge[slot]
        chain_of[e] = chain
        place[e] = length
        flipped[e] = ends[e, 0] != node
        length += 1
        node = other[slot]
        if kept[node]:
            return node, length
        slot = first[node] if edge[first[node]] != e else first[node] + 1


@njit(cache=True, nogil=True)
def chains_kernel(n, ends, first, other, edge):
    """Join segments that meet where no other does.

    Returns per segment its chain, its place in it and whether it lies against it; per chain both
    ends and its length. A segment that is a loop is a chain of its own.
    """
    m = len(ends)
    kept = np.zeros(n, np.bool_)
    for v in range(n):
        kept[v] = first[v + 1] - first[v] != 2
    chain_of = np.full(m, -1, np.int32)
    place = np.zeros(m, np.int32)
    flipped = np.zeros(m, np.bool_)
    tips = np.empty((m, 2), np.int32)
    lengths = np.empty(m, np.int32)
    chains = 0
    for e in range(m):
        if ends[e, 0] == ends[e, 1]:
            kept[ends[e, 0]] = True
            chain_of[e] = chains
            tips[chains] = ends[e]
            lengths[chains] = 1
            chains += 1
    # kept nodes first; what then is left are rings, which may begin anywhere
    for sweep in range(2):
        for v in range(n):
            if sweep == 0 and not kept[v]:
                continue
            for slot in range(first[v], first[v + 1]):
                if chain_of[edge[slot]] < 0:
                    kept[v] = True
                    end, length = _walk(
                        v, slot, kept, first, other, edge, ends, chain_of, place, flipped, chains
                    )
                    tips[chains, 0], tips[chains, 1] = v, end
                    lengths[chains] = length
                    chains += 1
    return chain_of, place, flipped, tips[:chains].copy(), lengths[:chains].copy()


@njit(cache=True, nogil=True)
def _select(keys, items, size, k):
    """Bring the k items of least key to the front."""
    low, high = 0, size - 1
    while low < high:
        pivot = keys[items[(low + high) // 2]]
        i, j = low, high
        while i <= j:
            while keys[items[i]] < pivot:
                i += 1
            while keys[items[j]] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if k - 1 <= j:
            high = j
        elif k - 1 >= i:
            low = i
        else:
            return


@njit(cache=True, nogil=True, inline="always")
def _room(flow, tails, e, u):
    """Whether one more unit can go along an edge from one of its ends."""
    return flow[e] < 1 if tails[e] == u else flow[e] > -1


@njit(cache=True, nogil=True)
def _levels(nodes, cell, first, other, edge, tails, flow, mark, level, queue):
    """Steps from the source by what has room; whether the sink is reached."""
    me = cell[nodes[0]]
    size = 0
    for v in nodes:
        level[v] = -1
        if mark[v] == 1:
            level[v] = 0
            queue[size] = v
            size += 1
    i = 0
    reached = False
    while i < size:
        u = queue[i]
        i += 1
        for slot in range(first[u], first[u + 1]):
            v = other[slot]
            if cell[v] == me and level[v] < 0 and _room(flow, tails, edge[slot], u):
                level[v] = level[u] + 1
                queue[size] = v
                size += 1
                reached |= mark[v] == 2
    return reached, size


@njit(cache=True, nogil=True)
def _push(source, cell, first, other, edge, tails, flow, mark, level, at, stack, trail):
    """Send one unit from a source node to the sink along rising levels, if that can be done."""
    me = cell[source]
    depth, u = 0, source
    while True:
        if mark[u] == 2:
            for i in range(depth):
                e = edge[stack[i]]
                flow[e] += 1 if tails[e] == trail[i] else -1
            return True
        slot = at[u]
        while slot < first[u + 1]:
            v = other[slot]
            if cell[v] == me and level[v] == level[u] + 1 and _room(flow, tails, edge[slot], u):
                break
            slot += 1
        at[u] = slot
        if slot < first[u + 1]:
            stack[depth] = slot
            trail[depth] = u
            depth += 1
            u = other[slot]
        elif depth == 0:
            return False
        else:
            depth -= 1
            u = trail[depth]
            at[u] += 1


@njit(cache=True, nogil=True)
def _greatest_flow(nodes, cell, graph, flow, mark, level, at, queue, stack, most):
    """Dinic's algorithm with unit capacities; stops when the flow exceeds `most`."""
    first, other, edge, tails = graph
    total = 0
    while True:
        reached, _ = _levels(nodes, cell, first, other, edge, tails, flow, mark, level, queue)
        if not reached:
            return total
        for v in nodes:
            at[v] = first[v]
        for v in nodes:
            if mark[v] == 1:
                while _push(
                    v, cell, first, other, edge, tails, flow, mark, level, at, stack, queue
                ):
                    total += 1
                    if total > most:
                        return total


@njit(cache=True, nogil=True)
def _behind(nodes, cell, graph, flow, mark, level, queue):
    """Count what can still reach the sink; such nodes get level -2."""
    first, other, edge, tails = graph
    me = cell[nodes[0]]
    size = 0
    for v in nodes:
        if mark[v] == 2:
            level[v] = -2
            queue[size] = v
            size += 1
    i = 0
    while i < size:
        v = queue[i]
        i += 1
        for slot in range(first[v], first[v + 1]):
            u = other[slot]
            if cell[u] == me and level[u] == -1 and _room(flow, tails, edge[slot], u):
                level[u] = -2
                queue[size] = u
                size += 1
    return size


@njit(cache=True, nogil=True)
def _best_cut(nodes, cell, graph, x, y, directions, work, side):
    """Part a cell in two; `side` becomes whether a node lies in the first."""
    flow, mark, level, at, queue, stack, keys, items = work
    first, _, edge, _ = graph
    n = len(nodes)
    few = max(1, int(n * SHARE))
    best = np.inf
    step = 2 if n < SMALL else 1
    for d in range(0, len(directions), step):
        for i in range(n):
            v = nodes[i]
            keys[i] = x[v] * directions[d, 0] + y[v] * directions[d, 1]
            items[i] = i
            mark[v] = 0
            for slot in range(first[v], first[v + 1]):
                flow[edge[slot]] = 0
        _select(keys, items, n, few)
        _select(keys, items[few:n], n - few, n - 2 * few)
        for i in range(few):
            mark[nodes[items[i]]] = 1
            mark[nodes[items[n - 1 - i]]] = 2
        most = len(flow) if best == np.inf else int(best * (n // 2))
        value = _greatest_flow(nodes, cell, graph, flow, mark, level, at, queue, stack, most)
        if value > most:
            continue
        near = 0
        for v in nodes:
            near += level[v] >= 0
        far = _behind(nodes, cell, graph, flow, mark, level, queue)
        near_part, far_part = min(near, n - near), min(far, n - far)
        score = value / max(near_part, far_part)
        if score < best:
            best = score
            for v in nodes:
                side[v] = level[v] >= 0 if near_part >= far_part else level[v] != -2


@njit(cache=True, nogil=True)
def _part(nodes, side):
    """Bring the first side's nodes to the front; return how many they are."""
    i, j = 0, len(nodes) - 1
    while i <= j:
        if side[nodes[i]]:
            i += 1
        else:
            nodes[i], nodes[j] = nodes[j], nodes[i]
            j -= 1
    return i


@njit(cache=True, nogil=True)
def dissect_kernel(ends, first, other, edge, x, y, directions):
    """Cut a map in two again and again until every node is alone.

    Returns per edge the number of the cut it belongs to (-1 for loops), numbered so that a cell's
    cut comes right before all cuts within it, and whether its first end lies on the first side.
    """
    n, m = len(x), len(ends)
    tails = ends[:, 0].copy()
    graph = (first, other, edge, tails)
    work = (
        np.zeros(m, np.int8),
        np.zeros(n, np.int8),
        np.zeros(n, np.int32),
        np.zeros(n, np.int64),
        np.empty(n, np.int32),
        np.empty(n + 1, np.int64),
        np.empty(n),
        np.empty(n, np.int32),
    )
    cut_of = np.full(m, -1, np.int32)
    ahead = np.zeros(m, np.bool_)
    side = np.zeros(n, np.bool_)
    cell = np.zeros(n, np.int32)
    nodes = np.arange(n).astype(np.int32)
    todo = [(0, n)]
    cuts, cells = 0, 1
    while todo:
        low, high = todo.pop()
        here = nodes[low:high]
        if len(here) < 2:
            continue
        if len(here) == 2:
            side[here[0]], side[here[1]] = True, False
        else:
            _best_cut(here, cell, graph, x, y, directions, work, side)
        me = cell[here[0]]
        for u in here:
            for slot in range(first[u], first[u + 1]):
                e = edge[slot]
                if tails[e] == u and cell[other[slot]] == me and side[u] != side[other[slot]]:
                    cut_of[e] = cuts
                    ahead[e] = side[u]
        cuts += 1
        middle = low + _part(here, side)
        for v in nodes[middle:high]:
            cell[v] = cells
        cells += 1
        todo.append((low, middle))
        todo.append((middle, high))
    return cut_of, ahead


@njit(cache=True, nogil=True)
def depths_kernel(lengths, begins, total):
    """Per link of each chain how often a chain must be halved before the link is in its middle."""
    depth = np.zeros(total, np.int32)
    for c in range(len(lengths)):
        todo = [(0, lengths[c], 0)]
        while todo:
            low, high, d = todo.pop()
            if low < high:
                middle = (low + high) // 2
                depth[begins[c] + middle] = d
                todo.append((low, middle, d + 1))
                todo.append((middle + 1, high, d + 1))
    return depth
