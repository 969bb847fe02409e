"""Compiled inner loops of the hierarchy: building it, giving it weights.

States are numbered by rank here: in the order of contraction. Arcs of the hierarchy are kept at
their lower end, those that lead up from it ("out") apart from those that come down to it ("in"),
both sorted by the upper end. For each state the arcs of lower ones that touch it are listed too.
Dibbelt, Strasser & Wagner, "Customizable Contraction Hierarchies" (2016), made one-way: an arc that
no path can ever use is left out. Behaviour is tested through `cch.py`.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import njit

from sispamkota.roads.graph import UNREACHED_DS

FAR = np.int32(UNREACHED_DS)
OUT, IN = 1, 2


@njit(cache=True, nogil=True)
def parents_kernel(n, first, lower):
    """Elimination tree (Liu 1986): `lower` lists by state its neighbours of lower rank."""
    parent = np.full(n, -1, np.int32)
    root = np.full(n, -1, np.int32)
    for v in range(n):
        for i in range(first[v], first[v + 1]):
            u = lower[i]
            while u != -1 and u != v:
                above = root[u]
                root[u] = v
                if above == -1:
                    parent[u] = v
                u = above
    return parent


@njit(cache=True, nogil=True)
def postorder_kernel(parent):
    """Number the states so that what hangs below one of them comes right before it."""
    n = len(parent)
    size = np.ones(n, np.int32)
    for v in range(n):
        if parent[v] >= 0:
            size[parent[v]] += size[v]
    # a state's subtree fills the places up to its own; later siblings take the later ones
    free = np.zeros(n + 1, np.int32)
    place = np.empty(n, np.int32)
    for v in range(n - 1, -1, -1):
        above = parent[v] if parent[v] >= 0 else n
        begin = free[above]
        place[v] = begin + size[v] - 1
        free[above] += size[v]
        free[v] = begin
    return place


@njit(cache=True, nogil=True)
def chordal_kernel(n, first, higher):
    """Upper neighbours by state after contraction of all states in order, sorted."""
    size = max(16, 4 * len(higher))
    heads = np.empty(size, np.int32)
    begins = np.zeros(n + 1, np.int64)
    seen = np.full(n, -1, np.int32)
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    total = 0
    for v in range(n):
        need = first[v + 1] - first[v]
        c = child[v]
        while c >= 0:
            need += begins[c + 1] - begins[c]
            c = sibling[c]
        if total + need > len(heads):
            more = np.empty(2 * len(heads) + need, np.int32)
            more[:total] = heads[:total]
            heads = more
        for i in range(first[v], first[v + 1]):
            h = higher[i]
            if seen[h] != v:
                seen[h] = v
                heads[total] = h
                total += 1
        c = child[v]
        while c >= 0:
            for i in range(begins[c] + 1, begins[c + 1]):
                h = heads[i]
                if seen[h] != v:
                    seen[h] = v
                    heads[total] = h
                    total += 1
            c = sibling[c]
        begins[v + 1] = total
        if total > begins[v]:
            mine = heads[begins[v] : total]
            mine.sort()
            sibling[v] = child[mine[0]]
            child[mine[0]] = v
    return begins, heads[:total].copy()


@njit(cache=True, nogil=True)
def find(heads, low, high, wanted):
    """Place of `wanted` among sorted heads; -1 if it is not there."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if heads[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < end and heads[low] == wanted else -1


@njit(cache=True, nogil=True)
def reversed_kernel(n, first, heads):
    """Arcs by upper end: where they start, the lower end, the arc; lower ends ascending."""
    begins = np.zeros(n + 1, np.int64)
    for i in range(len(heads)):
        begins[heads[i] + 1] += 1
    for v in range(n):
        begins[v + 1] += begins[v]
    at = begins[:-1].copy()
    lower = np.empty(len(heads), np.int32)
    slot = np.empty(len(heads), np.int32)
    for v in range(n):
        for i in range(first[v], first[v + 1]):
            h = heads[i]
            lower[at[h]] = v
            slot[at[h]] = i
            at[h] += 1
    return begins, lower, slot


@njit(cache=True, nogil=True)
def directions_kernel(n, arcs, below, tails, tips):
    """Which ways each arc can ever be used: bits OUT (up) and IN (down)."""
    first, heads = arcs
    begins, lower, slot = below
    ways = np.zeros(len(heads), np.uint8)
    for t in range(len(tails)):
        a, b = tails[t], tips[t]
        if a < b:
            ways[find(heads, first[a], first[a + 1], b)] |= OUT
        else:
            ways[find(heads, first[b], first[b + 1], a)] |= IN
    place = np.zeros(n, np.int64)
    for x in range(n):
        for i in range(first[x], first[x + 1]):
            place[heads[i]] = i
        for i in range(begins[x], begins[x + 1]):
            v, arc = lower[i], slot[i]
            up, down = ways[arc] & OUT, ways[arc] & IN
            for j in range(arc + 1, first[v + 1]):
                way = ways[j]
                if down and way & OUT:
                    ways[place[heads[j]]] |= OUT
                if up and way & IN:
                    ways[place[heads[j]]] |= IN
    return ways


@njit(cache=True, nogil=True)
def kept_kernel(n, first, heads, ways, bit):
    """Only the arcs that can be used one way."""
    begins = np.zeros(n + 1, np.int64)
    total = 0
    for i in range(len(heads)):
        total += (ways[i] & bit) != 0
    kept = np.empty(total, np.int32)
    total = 0
    for v in range(n):
        for i in range(first[v], first[v + 1]):
            if ways[i] & bit:
                kept[total] = heads[i]
                total += 1
        begins[v + 1] = total
    return begins, kept


@njit(cache=True, nogil=True)
def arcs_of_turns_kernel(up, down, tails, tips):
    """The arc of each turn; those that come down are numbered after all that lead up."""
    arcs = np.empty(len(tails), np.int32)
    for t in range(len(tails)):
        a, b = tails[t], tips[t]
        if a < b:
            arcs[t] = find(up[1], up[0][a], up[0][a + 1], b)
        else:
            arcs[t] = len(up[1]) + find(down[1], down[0][b], down[0][b + 1], a)
    return arcs


@njit(cache=True, nogil=True)
def customise_kernel(n, up, down, up_low, down_low, weight):
    """Give every arc the least time over it or over two arcs below it, from the bottom up."""
    first_out, head_out = up
    first_in, head_in = down
    w_out, w_in = weight[: len(head_out)], weight[len(head_out) :]
    place_out = np.zeros(n, np.int64)
    place_in = np.zeros(n, np.int64)
    for x in range(n):
        for i in range(first_out[x], first_out[x + 1]):
            place_out[head_out[i]] = i
        for i in range(first_in[x], first_in[x + 1]):
            place_in[head_in[i]] = i
        for i in range(down_low[0][x], down_low[0][x + 1]):
            v, w = down_low[1][i], w_in[down_low[2][i]]
            j = first_out[v + 1] - 1
            while w < FAR and j >= first_out[v] and head_out[j] > x:
                over = np.int32(w + w_out[j])
                at = place_out[head_out[j]]
                if over < w_out[at]:
                    w_out[at] = over
                j -= 1
        for i in range(up_low[0][x], up_low[0][x + 1]):
            v, w = up_low[1][i], w_out[up_low[2][i]]
            j = first_in[v + 1] - 1
            while w < FAR and j >= first_in[v] and head_in[j] > x:
                over = np.int32(w + w_in[j])
                at = place_in[head_in[j]]
                if over < w_in[at]:
                    w_in[at] = over
                j -= 1


@njit(cache=True, nogil=True)
def ends_of(arc, up, down, low):
    """Begin and end of an arc."""
    ups = len(up[1])
    if arc < ups:
        return low[arc], up[1][arc]
    return down[1][arc - ups], low[arc]


@njit(cache=True, nogil=True)
def least_below(begin, end, enough, up_low, down_low, weight, ups):
    """The least time over a state below both ends, and that state's two arcs.

    The search is over when a time is found that is no more than `enough`.
    """
    best, one, two = np.int64(FAR), np.int64(-1), np.int64(-1)
    i, last_i = down_low[0][begin], down_low[0][begin + 1]
    j, last_j = up_low[0][end], up_low[0][end + 1]
    while i < last_i and j < last_j:
        u, v = down_low[1][i], up_low[1][j]
        if u == v:
            to, on = np.int64(ups + down_low[2][i]), np.int64(up_low[2][j])
            over = np.int64(weight[to]) + weight[on]
            if over < best:
                best, one, two = over, to, on
                if over <= enough:
                    break
        i += u <= v
        j += v <= u
    return best, one, two


@njit(cache=True, nogil=True)
def _triangles(x, tip, mine, mine_at, theirs, theirs_at, below, below_at, one, other):
    """Pair the arcs on one side of a state with the arcs that they lead to beyond another arc.

    The arc joins `x` to the higher `tip`; `mine` are the arcs of x that continue it at x, and for
    each there is an arc from its upper end to the tip: among those kept at the tip (`theirs`) or
    kept below it (`below`). `..._at` is what turns a place in each list into the arc's number.
    """
    size = 0
    i, last = mine[0][x + 1] - 1, mine[0][x]
    j = theirs[0][tip + 1] - 1
    while i >= last and mine[1][i] > tip:
        while theirs[1][j] > mine[1][i]:
            j -= 1
        one[size], other[size] = mine_at + i, theirs_at + j
        size += 1
        i -= 1
    if i >= last and mine[1][i] == tip:
        i -= 1
    j = below[0][tip + 1] - 1
    while i >= last:
        while below[1][j] > mine[1][i]:
            j -= 1
        one[size], other[size] = mine_at + i, below_at + below[2][j]
        size += 1
        i -= 1
    return size


@njit(cache=True, nogil=True)
def _beyond(arc, up, down, up_low, down_low, low, one, other):
    """All that a change of an arc can change: the arcs beside it and the arcs over both."""
    ups = len(up[1])
    begin, end = ends_of(arc, up, down, low)
    if begin < end:
        return _triangles(begin, end, down, ups, down, ups, up_low, 0, one, other)
    return _triangles(end, begin, up, 0, up, 0, down_low, ups, one, other)


@njit(cache=True, nogil=True)
def _queue(arc, low, queued, heap):
    if not queued[arc]:
        queued[arc] = 1
        heappush(heap, np.int64(low[arc]) << 32 | arc)


@njit(cache=True, nogil=True)
def raise_kernel(arcs, up, down, up_low, down_low, low, base, weight, queued, one, other):
    """Set right all weights after `base` rose for some arcs.

    An arc can only rise if a path of its old weight led over one that rose. The lowest are looked
    at first, so that each is looked at once.
    """
    heap = [np.int64(0)]
    heap.pop()
    for arc in arcs:
        _queue(arc, low, queued, heap)
    while heap:
        arc = heappop(heap) & 0xFFFFFFFF
        queued[arc] = 0
        before, after = np.int64(weight[arc]), np.int64(base[arc])
        if after <= before:
            continue
        begin, end = ends_of(arc, up, down, low)
        over, _, _ = least_below(begin, end, before, up_low, down_low, weight, len(up[1]))
        after = min(after, over)
        if after <= before:
            continue
        weight[arc] = after
        for i in range(_beyond(arc, up, down, up_low, down_low, low, one, other)):
            w = np.int64(weight[one[i]])
            if w < FAR and w + before == weight[other[i]]:
                _queue(np.int64(other[i]), low, queued, heap)


@njit(cache=True, nogil=True)
def lower_kernel(arcs, up, down, up_low, down_low, low, base, weight, queued, one, other):
    """Set right all weights after `base` fell for some arcs."""
    heap = [np.int64(0)]
    heap.pop()
    for arc in arcs:
        if base[arc] < weight[arc]:
            weight[arc] = base[arc]
            _queue(arc, low, queued, heap)
    while heap:
        arc = heappop(heap) & 0xFFFFFFFF
        queued[arc] = 0
        now = np.int64(weight[arc])
        for i in range(_beyond(arc, up, down, up_low, down_low, low, one, other)):
            over = now + weight[one[i]]
            if over < weight[other[i]]:
                weight[other[i]] = over
                _queue(np.int64(other[i]), low, queued, heap)
