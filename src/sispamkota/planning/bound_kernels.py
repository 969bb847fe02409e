"""Compiled inner loops of the bound: one knapsack an anchor.

Plain loops over arrays, because numba turns them into machine code. Types are those that
`bound.py` passes; behaviour is tested there against brute force.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def relax_kernel(travel, weight, capacity, opening, value):
    """Return the worth of a beat at each anchor, and how often opened beats cover each TPS."""
    n = len(weight)
    worth = np.empty(n, np.float64)
    cover = np.zeros(n, np.float64)
    best = np.empty(capacity + 1, np.float64)
    # per weight the best few TPS, dearest first: of one weight no others can ever fit together
    shelf = np.empty((capacity + 1, capacity), np.int64)
    held = np.empty(capacity + 1, np.int64)
    item = np.empty(n, np.int64)
    taken = np.empty((n, capacity + 1), np.bool_)
    for a in range(n):
        room = capacity - weight[a]
        if room < 0:
            worth[a] = np.inf
            continue
        base = opening[a] - value[a] + travel[a, a]
        held[:] = 0
        optimist = base
        for i in range(n):
            g = value[i] - travel[a, i]
            w = weight[i]
            if g <= 0.0 or w > room or i == a:
                continue
            optimist -= g
            limit = room // w
            c = held[w]
            if c == limit:
                last = shelf[w, c - 1]
                if value[last] - travel[a, last] >= g:
                    continue
                c -= 1
            else:
                held[w] += 1
            while c > 0 and value[shelf[w, c - 1]] - travel[a, shelf[w, c - 1]] < g:
                shelf[w, c] = shelf[w, c - 1]
                c -= 1
            shelf[w, c] = i
        if optimist >= 0.0:
            # even taking everything does not pay: the anchor stays closed, its worth is >= 0
            worth[a] = optimist
            continue
        best[: room + 1] = 0.0
        kept = 0
        for w in range(1, room + 1):
            for c in range(held[w]):
                i = shelf[w, c]
                g = value[i] - travel[a, i]
                item[kept] = i
                for r in range(room, w - 1, -1):
                    taken[kept, r] = best[r - w] + g > best[r]
                    if taken[kept, r]:
                        best[r] = best[r - w] + g
                kept += 1
        worth[a] = base - best[room]
        if worth[a] < 0.0:
            cover[a] += 1.0
            r = room
            for c in range(kept - 1, -1, -1):
                i = item[c]
                if r >= weight[i] and taken[c, r]:
                    cover[i] += 1.0
                    r -= weight[i]
    return worth, cover


@njit(cache=True, nogil=True)
def relax_blocks_kernel(
    travel, weight, way, value, price, cuts, squares, capacity, first, last, worth, cover, post
):
    """Relax blocks `first` to `last` of all; fills worth, cover and the post of each anchor."""
    for k in range(first, last):
        a, b = cuts[k], cuts[k + 1]
        n = b - a
        opening = np.empty(n, np.float64)
        for i in range(n):
            best, pick = np.inf, 0
            for g in range(len(price)):
                c = way[g, a + i] + price[g]
                if c < best:
                    best = c
                    pick = g
            opening[i] = best
            post[a + i] = pick
        block = travel[squares[k] : squares[k + 1]].reshape((n, n))
        w, c = relax_kernel(block, weight[a:b], capacity, opening, value[a:b])
        worth[a:b] = w
        cover[a:b] = c
