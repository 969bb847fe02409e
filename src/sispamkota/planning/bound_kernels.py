"""Compiled inner loops of the bound: one knapsack an anchor.

Plain loops over arrays, because numba turns them into machine code. Types are those that
`bound.py` passes; behaviour is tested there against brute force.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def relax_kernel(travel, weight, capacity, opening, value):
    n = len(weight)
    worth = np.empty(n, np.float64)
    cover = np.zeros(n, np.float64)
    gain = np.empty(capacity + 1, np.float64)
    item = np.empty(n, np.int64)
    profit = np.empty(n, np.float64)
    useful = np.empty(capacity + 1, np.int64)
    taken = np.empty((n, capacity + 1), np.bool_)
    for a in range(n):
        room = capacity - weight[a]
        base = opening[a] - value[a] + travel[a, a]
        if room < 0:
            worth[a] = np.inf
            continue
        count = 0
        optimist = base
        for i in range(n):
            g = value[i] - travel[a, i]
            if g > 0.0 and i != a and weight[i] <= room:
                item[count] = i
                profit[count] = -g
                count += 1
                optimist -= g
        if optimist >= 0.0:
            # even taking everything does not pay: the anchor stays closed, its worth is >= 0
            worth[a] = optimist
            continue
        # of one weight only the best few can ever fit together: the knapsack needs no others
        useful[:] = 0
        kept = 0
        order = np.argsort(profit[:count])
        for o in order:
            w = weight[item[o]]
            if useful[w] + w <= room:
                useful[w] += w
                order[kept] = o
                kept += 1
        for r in range(room + 1):
            gain[r] = 0.0
        for c in range(kept):
            g = -profit[order[c]]
            w = weight[item[order[c]]]
            for r in range(room, w - 1, -1):
                taken[c, r] = gain[r - w] + g > gain[r]
                if taken[c, r]:
                    gain[r] = gain[r - w] + g
        worth[a] = base - gain[room]
        if worth[a] < 0.0:
            cover[a] += 1.0
            r = room
            for c in range(kept - 1, -1, -1):
                i = item[order[c]]
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
