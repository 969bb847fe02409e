"""Compiled inner loops of the assignment: flow moved between the paths of a pair of zones.

Plain loops over arrays, because numba turns them into machine code. Links are numbered by their
tail, so that the links out of node n are `first[n] .. first[n + 1] - 1`. Paths lie one after the
other in `Bag.pool`; those of one pair of zones are chained by `Bag.after`, beginning at `top`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sispamkota.traffic.tree_kernels import NONE, longer, mend_kernel, tree_kernel

FLAT, LINEAR, QUARTIC, OTHER = 0, 1, 2, 3  # kinds of cost function
NEEDY, SPREAD, FIXED = 0, 1, 2  # ways to sweep
STEPS = 40  # of the line search, at most; nearly always one is enough
GOOD = 0.1  # a step is good when it leaves this part of the difference of two paths
NOISE = 1e-15  # relative: below it two costs are equal as far as a float can tell
DUST = 1e-14  # share of a pair's demand below which a path is given up


class Flows(NamedTuple):
    """Cost functions (`costs.LinkCosts.law`), and volume, cost and slope of the cost as of now."""

    law: NDArray[np.float64]
    kind: NDArray[np.int8]
    volume: NDArray[np.float64]
    cost: NDArray[np.float64]
    slope: NDArray[np.float64]


class Trips(NamedTuple):
    """Demand by origin: the pairs of `origins[o]` are `begin[o] .. begin[o + 1] - 1`."""

    origins: NDArray[np.int32]
    begin: NDArray[np.int64]
    destination: NDArray[np.int32]
    demand: NDArray[np.float64]


class Bag(NamedTuple):
    """Paths: where their links lie in the pool, how many; flow; the next of the pair; whose."""

    pool: NDArray[np.int32]
    start: NDArray[np.int64]
    length: NDArray[np.int32]
    share: NDArray[np.float64]
    after: NDArray[np.int32]
    pair: NDArray[np.int32]


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
def refresh_kernel(flows):
    for k in range(len(flows.volume)):
        c, s = cost_slope(flows.law, flows.kind, k, flows.volume[k])
        flows.cost[k] = c
        flows.slope[k] = s


@njit(cache=True, nogil=True)
def _difference(flows, only, size_p, size, x, work):
    """Cost of p less cost of q where they differ, and its fall, had x gone over from p to q."""
    gap = 0.0
    fall = 0.0
    for i in range(size):
        sign = 1.0 if i < size_p else -1.0
        k = only[i]
        c, s = cost_slope(flows.law, flows.kind, k, max(flows.volume[k] - sign * x, 0.0))
        work[0, i] = c
        work[1, i] = s
        gap += sign * c
        fall += s
    return gap, fall


@njit(cache=True, nogil=True)
def _move(flows, only, size_p, size, flow_p, flow_q, work):
    """Move flow between two paths so that they cost the same, or one is empty; return how much.

    `only` holds the links that p alone has (`size_p`), then those of q alone.
    """
    before = 0.0
    both = 0.0
    fall = 0.0
    for i in range(size):
        c = flows.cost[only[i]]
        before += c if i < size_p else -c
        both += c
        fall += flows.slope[only[i]]
    if abs(before) <= NOISE * both:
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
        gap, fall = _difference(flows, only, size_p, size, x, work)
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
        _difference(flows, only, size_p, size, x, work)
    for i in range(size):
        k = only[i]
        flows.volume[k] = max(flows.volume[k] - (x if i < size_p else -x), 0.0)
        flows.cost[k] = work[0, i]
        flows.slope[k] = work[1, i]
    return x


@njit(cache=True, nogil=True)
def _path_cost(bag, cost, p):
    # from the origin on, as Dijkstra adds: the same path then costs the same to the last bit
    total = 0.0
    for i in range(bag.start[p], bag.start[p] + bag.length[p]):
        total += cost[bag.pool[i]]
    return total


@njit(cache=True, nogil=True)
def _balance(flows, bag, top, mark, turn, only, work):
    """Bring the paths of one pair nearer to one cost; return its excess before that."""
    best, least = top, np.inf
    spent, amount = 0.0, 0.0
    p = top
    while p != NONE:
        c = _path_cost(bag, flows.cost, p)
        spent += c * bag.share[p]
        amount += bag.share[p]
        if c < least:
            best, least = p, c
        p = bag.after[p]
    excess = max(spent - amount * least, 0.0)
    q0, q1 = bag.start[best], bag.start[best] + bag.length[best]
    p = top
    while p != NONE:
        if p != best and bag.share[p] > 0.0:
            turn += 2
            for i in range(q0, q1):
                mark[bag.pool[i]] = turn
            size_p = 0
            for i in range(bag.start[p], bag.start[p] + bag.length[p]):
                k = bag.pool[i]
                if mark[k] == turn:
                    mark[k] = turn + 1
                else:
                    only[size_p] = k
                    size_p += 1
            size = size_p
            for i in range(q0, q1):
                if mark[bag.pool[i]] == turn:
                    only[size] = bag.pool[i]
                    size += 1
            x = _move(flows, only, size_p, size, bag.share[p], bag.share[best], work)
            bag.share[p] = max(bag.share[p] - x, 0.0)
            bag.share[best] = max(bag.share[best] + x, 0.0)
        p = bag.after[p]
    return excess, turn


@njit(cache=True, nogil=True)
def inner_kernel(flows, bag, top, most, aim):
    """Balance all pairs with several paths until the excess is below `aim`; return passes."""
    n = len(flows.volume)
    mark = np.zeros(n, np.int64)
    only = np.empty(2 * n, np.int32)
    work = np.empty((2, 2 * n))
    turn = 0
    for done in range(most):
        excess = 0.0
        for w in range(len(top)):
            if top[w] != NONE and bag.after[top[w]] != NONE:
                part, turn = _balance(flows, bag, top[w], mark, turn, only, work)
                excess += part
        if excess <= aim:
            return done + 1
    return most


@njit(cache=True, nogil=True)
def sweep_kernel(graph, trips, flows, trees, bag, top, count, way, least_of):
    """Give every pair its shortest path.

    `way` is SPREAD (balance each pair at once), NEEDY (the same, only for origins that have a pair
    without any path), or FIXED (costs stand still: `least_of` is exact at the end).

    Returns:
        the paths (arrays may have grown), their count, excess cost, cost of all flow.
    """
    pool, start, length, share, after, pair = bag
    n, m = len(graph.first) - 1, len(graph.head)
    stamp = np.zeros(n, np.int64)
    far = np.empty(n)
    alone = np.empty(n, np.int32)
    path = np.empty(n, np.int32)
    keys = np.empty(m + 1)
    items = np.empty(m + 1, np.int32)
    mark = np.zeros(m, np.int64)
    only = np.empty(2 * m, np.int32)
    work = np.empty((2, 2 * m))
    cost, tail = flows.cost, graph.tail
    turn = 0
    excess = 0.0
    total = 0.0
    used = start[count - 1] + length[count - 1] if count > 0 else 0
    for o in range(len(trips.origins)):
        source = trips.origins[o]
        pairs = range(trips.begin[o], trips.begin[o + 1])
        needy = way != NEEDY
        for w in pairs:
            stamp[trips.destination[w]] = source + 1
            needy = needy or top[w] == NONE
        if not needy:
            continue
        into = trees.into[o] if len(trees.into) > 0 else alone
        if len(trees.into) > 0 and trees.known[o]:
            keys, items = mend_kernel(graph, cost, source, far, into, keys, items, path)
        else:
            tree_kernel(graph, cost, source, len(pairs), stamp, far, into, keys, items)
            trees.known[o] = True
        loaded = False
        for w in pairs:
            node = trips.destination[w]
            demand = trips.demand[w]
            stamp[node] = 0
            least_of[w] = far[node]
            if far[node] == np.inf:
                continue
            least, spent = np.inf, 0.0
            p = top[w]
            while p != NONE:
                c = _path_cost(Bag(pool, start, length, share, after, pair), cost, p)
                spent += share[p] * c
                least = min(least, c)
                p = after[p]
            # costs move while an origin is worked on: the tree may no longer hold the best path
            now, hops = far[node], 0
            at = node
            if way != FIXED:
                now = 0.0
            while at != source:
                hops += 1
                if way != FIXED:
                    now += cost[into[at]]
                at = tail[into[at]]
            empty = top[w] == NONE
            if empty:
                spent = demand * now
            excess += max(spent - demand * min(least, now), 0.0)
            total += spent
            if now < least * (1.0 - NOISE):
                if used + hops > len(pool):
                    pool = longer(pool, used + hops)
                if count == len(start):
                    start = longer(start, count)
                    length = longer(length, count)
                    share = longer(share, count)
                    after = longer(after, count)
                    pair = longer(pair, count)
                at = node
                for i in range(used + hops - 1, used - 1, -1):
                    pool[i] = into[at]
                    at = tail[into[at]]
                start[count] = used
                length[count] = hops
                share[count] = demand if empty else 0.0
                after[count] = top[w]
                pair[count] = w
                top[w] = count
                count += 1
                if empty:
                    for i in range(used, used + hops):
                        flows.volume[pool[i]] += demand
                    loaded = True
                used += hops
            if way != FIXED and after[top[w]] != NONE:
                grown = Bag(pool, start, length, share, after, pair)
                _, turn = _balance(flows, grown, top[w], mark, turn, only, work)
        if loaded and way != FIXED:
            refresh_kernel(flows)
    return Bag(pool, start, length, share, after, pair), count, excess, total


@njit(cache=True, nogil=True)
def compact_kernel(bag, top, count, demand, volume):
    """Drop empty paths in place, let the rest add up to the demand, add up volumes afresh.

    Chains are made anew from `bag.pair`. Returns the number of paths left.
    """
    amount = np.zeros(len(demand))
    biggest = np.full(len(demand), NONE, np.int32)
    for p in range(count):
        w = bag.pair[p]
        if bag.share[p] <= DUST * demand[w]:
            bag.share[p] = 0.0
        amount[w] += bag.share[p]
        if biggest[w] == NONE or bag.share[p] > bag.share[biggest[w]]:
            biggest[w] = p
    for w in range(len(demand)):
        top[w] = NONE
        if biggest[w] != NONE:
            bag.share[biggest[w]] += demand[w] - amount[w]
    volume[:] = 0.0
    kept = 0
    used = 0
    for p in range(count):
        if bag.share[p] <= 0.0:
            continue
        begin = bag.start[p]
        for i in range(bag.length[p]):
            bag.pool[used + i] = bag.pool[begin + i]
            volume[bag.pool[used + i]] += bag.share[p]
        w = bag.pair[p]
        bag.start[kept] = used
        bag.length[kept] = bag.length[p]
        bag.share[kept] = bag.share[p]
        bag.pair[kept] = w
        bag.after[kept] = top[w]
        top[w] = kept
        used += bag.length[kept]
        kept += 1
    return kept


@njit(cache=True, nogil=True)
def open_kernel(shut, begin, links):
    """Tell which paths have no link that is shut."""
    fine = np.ones(len(begin) - 1, np.bool_)
    for p in range(len(fine)):
        for i in range(begin[p], begin[p + 1]):
            if shut[links[i]]:
                fine[p] = False
                break
    return fine
