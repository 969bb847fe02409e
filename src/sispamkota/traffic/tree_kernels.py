"""Compiled loops for trees of shortest paths, made anew or mended after costs have changed.

Links are numbered by their tail, so that those out of node n are `first[n] .. first[n + 1] - 1`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

NONE = -1


class Graph(NamedTuple):
    """Where links lead; nodes below `first_thru` are not passed through."""

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    tail: NDArray[np.int32]
    first_thru: int


class Trees(NamedTuple):
    """Trees of shortest paths kept from look to look: last link into each node, per origin.

    `into` has no rows where keeping them would take too much memory.
    """

    into: NDArray[np.int32]
    known: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def longer(array, size):
    more = np.empty(size + size // 2 + 1024, array.dtype)
    more[: len(array)] = array
    return more


@njit(cache=True, nogil=True)
def _push(keys, items, size, key, item):
    i = size
    while i > 0:
        parent = (i - 1) >> 2
        if keys[parent] <= key:
            break
        keys[i] = keys[parent]
        items[i] = items[parent]
        i = parent
    keys[i] = key
    items[i] = item
    return size + 1


@njit(cache=True, nogil=True)
def _drop_top(keys, items, size):
    size -= 1
    key, item = keys[size], items[size]
    i = 0
    while True:
        child = 4 * i + 1
        if child >= size:
            break
        least = child
        for c in range(child + 1, min(child + 4, size)):
            if keys[c] < keys[least]:
                least = c
        if keys[least] >= key:
            break
        keys[i] = keys[least]
        items[i] = items[least]
        i = least
    keys[i] = key
    items[i] = item
    return size


@njit(cache=True, nogil=True)
def tree_kernel(graph, cost, source, wanted, stamp, far, into, keys, items):
    """Dijkstra from a node until all `wanted` nodes are settled; zones are not passed through.

    `stamp` marks the wanted nodes with `source + 1`; `far` and `into` (last link) are filled.
    """
    first, head = graph.first, graph.head
    far[:] = np.inf
    into[:] = NONE
    far[source] = 0.0
    size = _push(keys, items, 0, 0.0, source)
    while size > 0:
        key, node = keys[0], items[0]
        size = _drop_top(keys, items, size)
        if key > far[node]:
            continue
        if stamp[node] == source + 1:
            stamp[node] = 0
            wanted -= 1
            if wanted == 0:
                break
        if node < graph.first_thru and node != source:
            continue
        for k in range(first[node], first[node + 1]):
            reached = key + cost[k]
            if reached < far[head[k]]:
                far[head[k]] = reached
                into[head[k]] = k
                size = _push(keys, items, size, reached, head[k])


@njit(cache=True, nogil=True)
def mend_kernel(graph, cost, source, far, into, keys, items, path):
    """Make a tree of earlier costs the tree of shortest paths at today's.

    Labels are summed up along the tree as it was, then lowered wherever a link says so, until none
    does (label correcting): much less work than a new tree while costs change little. A pointer
    moves only where the way gets strictly shorter, so the tree never closes to a ring.
    """
    first, head, tail = graph.first, graph.head, graph.tail
    n = len(far)
    far[:] = -1.0
    far[source] = 0.0
    for node in range(n):
        at, depth = node, 0
        while far[at] < 0.0:
            path[depth] = at
            depth += 1
            if into[at] == NONE:
                far[at] = np.inf
                depth -= 1
                break
            at = tail[into[at]]
        while depth > 0:
            depth -= 1
            at = path[depth]
            far[at] = far[tail[into[at]]] + cost[into[at]]
    size = 0
    for node in range(n):
        if far[node] == np.inf or (node < graph.first_thru and node != source):
            continue
        for k in range(first[node], first[node + 1]):
            reached = far[node] + cost[k]
            if reached < far[head[k]]:
                size = _push(keys, items, size, far[node], node)
                break
    while size > 0:
        key, node = keys[0], items[0]
        size = _drop_top(keys, items, size)
        if key > far[node]:
            continue
        if node < graph.first_thru and node != source:
            continue
        for k in range(first[node], first[node + 1]):
            reached = key + cost[k]
            if reached < far[head[k]]:
                far[head[k]] = reached
                into[head[k]] = k
                if size == len(keys):
                    keys, items = longer(keys, size), longer(items, size)
                size = _push(keys, items, size, reached, head[k])
    return keys, items
