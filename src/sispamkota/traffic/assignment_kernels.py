"""Compiled inner loops of the assignment: shortest trees, and flow moved between paths.

Plain loops over arrays, because numba turns them into machine code. Links are numbered by their
tail, so that the links out of node n are `first[n] .. first[n + 1] - 1`. `law` and `kind` hold the
cost functions (`costs.LinkCosts.law`); a closed link costs inf. Paths lie one after the other in
`pool`; those of one pair of zones are chained by `after`, beginning at `head_path`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NONE = -1
FLAT, LINEAR, QUARTIC, OTHER = 0, 1, 2, 3  # kinds of cost function
STEPS = 40  # of the line search, at most; nearly always one is enough
GOOD = 0.1  # a step is good when it leaves this part of the difference of two paths
NOISE = 1e-15  # relative: below it two costs are equal as far as a float can tell
DUST = 1e-14  # share of a pair's demand below which a path is given up


@njit(cache=True, nogil=True)
def cost_slope(law, kind, k, v):
    if kind[k] == FLAT:
        return law[k, 0], 0.0
    x = v * law[k, 2]
    if kind[k] == QUARTIC:
        cube = x * x * x
        return law[k, 0] + law[k, 1] * cube * x, 4.0 * law[k, 1] * law[k, 2] * cube
    if kind[k] == LINEAR:
        return law[k, 0] + law[k, 1] * x, law[k, 1] * law[k, 2]
    power = law[k, 3]
    if x <= 0.0:
        return law[k, 0], 0.0 if power > 1.0 else np.inf
    y = law[k, 1] * x**power
    return law[k, 0] + y, power * y / x * law[k, 2]


@njit(cache=True, nogil=True)
def refresh_kernel(law, kind, volume, cost, slope):
    for k in range(len(volume)):
        cost[k], slope[k] = cost_slope(law, kind, k, volume[k])


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
def tree_kernel(first, head, cost, source, first_thru, wanted, stamp, far, into, keys, items):
    """Dijkstra from a node until all `wanted` nodes are settled; zones are not passed through.

    `stamp` marks the wanted nodes with `source + 1`; `far` and `into` (last link) are filled.
    """
    far[:] = np.inf
    far[source] = 0.0
    into[source] = NONE
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
        if node < first_thru and node != source:
            continue
        for k in range(first[node], first[node + 1]):
            reached = key + cost[k]
            if reached < far[head[k]]:
                far[head[k]] = reached
                into[head[k]] = k
                size = _push(keys, items, size, reached, head[k])


@njit(cache=True, nogil=True)
def least_costs_kernel(first, head, cost, first_thru, origins, begin, destination):
    """Return the cost of the shortest path of each pair, at fixed costs."""
    n = len(first) - 1
    stamp = np.zeros(n, np.int64)
    far = np.empty(n)
    into = np.empty(n, np.int32)
    keys = np.empty(len(head) + 1)
    items = np.empty(len(head) + 1, np.int32)
    least = np.empty(len(destination))
    for o in range(len(origins)):
        for w in range(begin[o], begin[o + 1]):
            stamp[destination[w]] = origins[o] + 1
        wanted = begin[o + 1] - begin[o]
        tree_kernel(
            first, head, cost, origins[o], first_thru, wanted, stamp, far, into, keys, items
        )
        for w in range(begin[o], begin[o + 1]):
            least[w] = far[destination[w]]
            stamp[destination[w]] = 0
    return least


@njit(cache=True, nogil=True)
def _longer(array, size):
    more = np.empty(size + size // 2 + 1024, array.dtype)
    more[: len(array)] = array
    return more


@njit(cache=True, nogil=True)
def _difference(law, kind, volume, only_p, size_p, only_q, size_q, x, new_cost, new_slope):
    """Cost of p less cost of q where they differ, and its fall, had x gone over from p to q."""
    gap = 0.0
    fall = 0.0
    for i in range(size_p):
        k = only_p[i]
        c, s = cost_slope(law, kind, k, max(volume[k] - x, 0.0))
        new_cost[i] = c
        new_slope[i] = s
        gap += c
        fall += s
    for i in range(size_q):
        k = only_q[i]
        c, s = cost_slope(law, kind, k, max(volume[k] + x, 0.0))
        new_cost[size_p + i] = c
        new_slope[size_p + i] = s
        gap -= c
        fall += s
    return gap, fall


@njit(cache=True, nogil=True)
def _move(law, kind, volume, cost, slope, only_p, size_p, only_q, size_q, flow_p, flow_q, work):
    """Move flow between two paths so that they cost the same, or one is empty; return how much."""
    up = 0.0
    down = 0.0
    fall = 0.0
    for i in range(size_p):
        up += cost[only_p[i]]
        fall += slope[only_p[i]]
    for i in range(size_q):
        down += cost[only_q[i]]
        fall += slope[only_q[i]]
    before = up - down
    if abs(before) <= NOISE * (up + down):
        return 0.0
    low, high = (0.0, flow_p) if before > 0.0 else (-flow_q, 0.0)
    end = flow_p if before > 0.0 else -flow_q
    if low == high:
        return 0.0
    x = end
    if fall == np.inf:
        x = 0.5 * end
    elif fall > 0.0:
        x = before / fall
    for _ in range(STEPS):
        x = min(max(x, low), high)
        gap, fall = _difference(
            law, kind, volume, only_p, size_p, only_q, size_q, x, work[0], work[1]
        )
        if abs(gap) <= GOOD * abs(before) or (x == end and gap * before > 0.0):
            break
        if gap > 0.0:
            low = x
        else:
            high = x
        x = x + gap / fall if 0.0 < fall < np.inf else np.inf
        if not low < x < high:
            x = 0.5 * (low + high)
    else:
        _difference(law, kind, volume, only_p, size_p, only_q, size_q, x, work[0], work[1])
    for i in range(size_p):
        k = only_p[i]
        volume[k] = max(volume[k] - x, 0.0)
        cost[k] = work[0, i]
        slope[k] = work[1, i]
    for i in range(size_q):
        k = only_q[i]
        volume[k] = max(volume[k] + x, 0.0)
        cost[k] = work[0, size_p + i]
        slope[k] = work[1, size_p + i]
    return x


@njit(cache=True, nogil=True)
def _path_cost(pool, start, length, cost, p):
    # from the origin on, as Dijkstra adds: the same path then costs the same to the last bit
    total = 0.0
    for i in range(start[p], start[p] + length[p]):
        total += cost[pool[i]]
    return total


@njit(cache=True, nogil=True)
def _balance(
    law, kind, volume, cost, slope, pool, start, length, share, after, top, mark, turn, lists, work
):
    """Bring the paths of one pair nearer to one cost; return its excess before that."""
    best, least = top, np.inf
    spent, amount = 0.0, 0.0
    p = top
    while p != NONE:
        c = _path_cost(pool, start, length, cost, p)
        spent += c * share[p]
        amount += share[p]
        if c < least:
            best, least = p, c
        p = after[p]
    excess = spent - amount * least
    q0, q1 = start[best], start[best] + length[best]
    p = top
    while p != NONE:
        if p != best and share[p] > 0.0:
            turn += 2
            for i in range(q0, q1):
                mark[pool[i]] = turn
            size_p = 0
            for i in range(start[p], start[p] + length[p]):
                k = pool[i]
                if mark[k] == turn:
                    mark[k] = turn + 1
                else:
                    lists[0, size_p] = k
                    size_p += 1
            size_q = 0
            for i in range(q0, q1):
                if mark[pool[i]] == turn:
                    lists[1, size_q] = pool[i]
                    size_q += 1
            x = _move(
                law,
                kind,
                volume,
                cost,
                slope,
                lists[0],
                size_p,
                lists[1],
                size_q,
                share[p],
                share[best],
                work,
            )
            share[p] = max(share[p] - x, 0.0)
            share[best] = max(share[best] + x, 0.0)
        p = after[p]
    return excess, turn


@njit(cache=True, nogil=True)
def inner_kernel(
    law, kind, volume, cost, slope, pool, start, length, share, after, head_path, most, aim
):
    """Balance all pairs with several paths, until the excess is below `aim`; return passes."""
    mark = np.zeros(len(volume), np.int64)
    n = len(volume)
    lists = np.empty((2, n), np.int32)
    work = np.empty((2, 2 * n))
    turn = 0
    excess = np.inf
    for done in range(most):
        excess = 0.0
        for w in range(len(head_path)):
            top = head_path[w]
            if top == NONE or after[top] == NONE:
                continue
            part, turn = _balance(
                law,
                kind,
                volume,
                cost,
                slope,
                pool,
                start,
                length,
                share,
                after,
                top,
                mark,
                turn,
                lists,
                work,
            )
            excess += part
        if excess <= aim:
            return done + 1, excess
    return most, excess


@njit(cache=True, nogil=True)
def sweep_kernel(
    first,
    head,
    tail,
    first_thru,
    origins,
    begin,
    destination,
    demand,
    law,
    kind,
    volume,
    cost,
    slope,
    pool,
    start,
    length,
    share,
    after,
    head_path,
    count,
    fixed,
):
    """Give every pair its shortest path; unless `fixed`, balance each pair at once.

    Returns:
        the arrays of paths (they may have grown), their count, excess cost, cost of all flow.
    """
    n = len(first) - 1
    m = len(head)
    stamp = np.zeros(n, np.int64)
    far = np.empty(n)
    into = np.empty(n, np.int32)
    keys = np.empty(m + 1)
    items = np.empty(m + 1, np.int32)
    mark = np.zeros(m, np.int64)
    lists = np.empty((2, m), np.int32)
    work = np.empty((2, 2 * m))
    turn = 0
    excess = 0.0
    total = 0.0
    used = start[count - 1] + length[count - 1] if count > 0 else 0
    for o in range(len(origins)):
        for w in range(begin[o], begin[o + 1]):
            stamp[destination[w]] = origins[o] + 1
        wanted = begin[o + 1] - begin[o]
        tree_kernel(
            first, head, cost, origins[o], first_thru, wanted, stamp, far, into, keys, items
        )
        loaded = False
        for w in range(begin[o], begin[o + 1]):
            node = destination[w]
            stamp[node] = 0
            if far[node] == np.inf:
                continue
            least = np.inf
            spent = 0.0
            p = head_path[w]
            while p != NONE:
                c = _path_cost(pool, start, length, cost, p)
                spent += share[p] * c
                least = min(least, c)
                p = after[p]
            empty = head_path[w] == NONE
            # costs move while an origin is worked on: the tree may no longer hold the best path
            now = 0.0
            hops = 0
            at = node
            while at != origins[o]:
                hops += 1
                now += cost[into[at]]
                at = tail[into[at]]
            if empty:
                spent = demand[w] * now
            excess += max(spent - demand[w] * min(least, now), 0.0)
            total += spent
            if now < least * (1.0 - NOISE):
                if used + hops > len(pool):
                    pool = _longer(pool, used + hops)
                if count == len(start):
                    start = _longer(start, count)
                    length = _longer(length, count)
                    share = _longer(share, count)
                    after = _longer(after, count)
                at = node
                for i in range(used + hops - 1, used - 1, -1):
                    pool[i] = into[at]
                    at = tail[into[at]]
                start[count] = used
                length[count] = hops
                share[count] = demand[w] if empty else 0.0
                after[count] = head_path[w]
                head_path[w] = count
                count += 1
                if empty:
                    for i in range(used, used + hops):
                        volume[pool[i]] += demand[w]
                    loaded = True
                used += hops
            if not fixed and after[head_path[w]] != NONE:
                _, turn = _balance(
                    law,
                    kind,
                    volume,
                    cost,
                    slope,
                    pool,
                    start,
                    length,
                    share,
                    after,
                    head_path[w],
                    mark,
                    turn,
                    lists,
                    work,
                )
        if loaded and not fixed:
            refresh_kernel(law, kind, volume, cost, slope)
    return pool, start, length, share, after, count, excess, total


@njit(cache=True, nogil=True)
def compact_kernel(pool, start, length, share, after, head_path, pair, count, demand, volume):
    """Drop empty paths in place, let the rest add up to the demand, add up volumes afresh.

    Returns:
        the number of paths left.
    """
    # whose path it is: the chains say it
    for w in range(len(head_path)):
        p = head_path[w]
        biggest, amount = NONE, 0.0
        while p != NONE:
            pair[p] = w
            if share[p] <= DUST * demand[w]:
                share[p] = 0.0
            amount += share[p]
            if biggest == NONE or share[p] > share[biggest]:
                biggest = p
            p = after[p]
        if biggest != NONE:
            share[biggest] += demand[w] - amount
        head_path[w] = NONE
    volume[:] = 0.0
    kept = 0
    used = 0
    for p in range(count):
        if share[p] <= 0.0:
            continue
        begin = start[p]
        for i in range(length[p]):
            pool[used + i] = pool[begin + i]
            volume[pool[used + i]] += share[p]
        w = pair[p]
        start[kept] = used
        length[kept] = length[p]
        share[kept] = share[p]
        pair[kept] = w
        after[kept] = head_path[w]
        head_path[w] = kept
        used += length[kept]
        kept += 1
    return kept
