"""Compiled inner loops of the search: one ruin-and-recreate move after another.

Plain loops over arrays, because numba turns them into machine code. Types are those that
`search.py` passes; behaviour is tested there against brute force.
"""

from __future__ import annotations

import numpy as np
from numba import njit

OPEN = -1  # anchor_of a TPS that no beat covers
MAX_RUIN = 5  # beats taken apart in one move, at most
MAX_OPEN = 16  # open TPS looked at in one move, nearest first: in a shortage there are hundreds
BLINK = 0.03  # chance to overlook a place (Christiaens & Vanden Berghe 2020: adaptive blinks)


@njit(cache=True, nogil=True)
def construct_kernel(travel, weight, capacity, order, most):
    n = len(weight)
    anchor_of = np.full(n, OPEN, np.int64)
    opened = 0
    for a in order:
        if opened >= most:
            break
        if anchor_of[a] >= 0:
            continue
        anchor_of[a] = a
        load = weight[a]
        opened += 1
        for i in np.argsort(travel[a]):
            if not np.isfinite(travel[a, i]):
                break
            if anchor_of[i] < 0 and load + weight[i] <= capacity:
                anchor_of[i] = a
                load += weight[i]
    return anchor_of


@njit(cache=True, nogil=True)
def _next(state):
    # xorshift64*: a private generator, so that threads cannot disturb one another's draws
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return x * np.uint64(2685821657736338717)


@njit(cache=True, nogil=True)
def _below(state, n):
    return np.int64((_next(state) >> np.uint64(33)) % np.uint64(n))


@njit(cache=True, nogil=True)
def _unit(state):
    return np.float64(_next(state) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def _ruined_anchors(near_row, anchor_of, wanted, out):
    """Collect up to `wanted` beats round a TPS, nearest first."""
    count = 0
    for i in near_row:
        a = anchor_of[i]
        if a < 0:
            continue
        known = False
        for k in range(count):
            if out[k] == a:
                known = True
                break
        if not known:
            out[count] = a
            count += 1
            if count == wanted:
                break
    return count


@njit(cache=True, nogil=True)
def _fill_pool(near_row, anchor_of, ruined, count, pool):
    """Collect the members of the ruined beats and the open TPS around them."""
    size = 0
    idle = 0
    for i in near_row:
        a = anchor_of[i]
        take = a < 0 and idle < MAX_OPEN
        idle += take
        if a >= 0:
            for k in range(count):
                if ruined[k] == a:
                    take = True
                    break
        if take:
            pool[size] = i
            size += 1
    return size


@njit(cache=True, nogil=True)
def _assign(
    state, travel, weight, capacity, penalty, pool, size, anchors, count, home, load, order, regret
):
    """Give each pooled TPS its cheapest anchor with room, dearest regret first."""
    for k in range(count):
        load[k] = weight[anchors[k]]
    for p in range(size):
        i = pool[p]
        best, second = np.inf, np.inf
        for k in range(count):
            t = travel[anchors[k], i]
            if t < best:
                second = best
                best = t
            elif t < second:
                second = t
        second = min(second, penalty[i])
        # heavy TPS first (they fit worst), then by what waiting would cost
        regret[p] = (second - best if best < np.inf else 0.0) + 1e7 * weight[i]
        if _unit(state) < BLINK:
            regret[p] = 1e8 * _unit(state)
        home[p] = -1
        for k in range(count):
            if anchors[k] == i:
                home[p] = k
                regret[p] = -1.0
        order[p] = p
    for p in range(1, size):  # insertion sort: pools are small
        q, r = order[p], regret[order[p]]
        s = p - 1
        while s >= 0 and regret[order[s]] < r:
            order[s + 1] = order[s]
            s -= 1
        order[s + 1] = q
    for s in range(size):
        p = order[s]
        if home[p] >= 0:
            continue
        i = pool[p]
        best, pick = penalty[i], -1
        for k in range(count):
            t = travel[anchors[k], i]
            if t < best and load[k] + weight[i] <= capacity and _unit(state) >= BLINK:
                best = t
                pick = k
        home[p] = pick
        if pick >= 0:
            load[pick] += weight[i]


@njit(cache=True, nogil=True)
def _exchange(travel, weight, capacity, penalty, pool, size, anchors, count, home, load):
    """Improve the pooled assignment by moving one TPS or swapping two, until neither helps."""
    improved = True
    rounds = 0
    while improved and rounds < 2:
        improved = False
        rounds += 1
        for p in range(size):
            i, a = pool[p], home[p]
            if a >= 0 and anchors[a] == i:
                continue
            now = travel[anchors[a], i] if a >= 0 else penalty[i]
            for k in range(count):
                if (
                    k != a
                    and load[k] + weight[i] <= capacity
                    and travel[anchors[k], i] < now - 1e-9
                ):
                    if a >= 0:
                        load[a] -= weight[i]
                    load[k] += weight[i]
                    home[p] = k
                    a = k
                    now = travel[anchors[k], i]
                    improved = True
            for q in range(p + 1, size):
                j, b = pool[q], home[q]
                if a == b or (b >= 0 and anchors[b] == j):
                    continue
                then = travel[anchors[b], j] if b >= 0 else penalty[j]
                first = travel[anchors[b], i] if b >= 0 else penalty[i]
                other = travel[anchors[a], j] if a >= 0 else penalty[j]
                if first + other >= now + then - 1e-9:
                    continue
                d = weight[j] - weight[i]
                if a >= 0 and load[a] + d > capacity:
                    continue
                if b >= 0 and load[b] - d > capacity:
                    continue
                if a >= 0:
                    load[a] += d
                if b >= 0:
                    load[b] -= d
                home[p], home[q] = b, a
                a = b
                now = first
                improved = True


@njit(cache=True, nogil=True)
def _re_anchor(travel, opening, pool, size, anchors, count, home):
    """Move each anchor to the member from which its beat is cheapest; True where one moved."""
    moved = False
    for k in range(count):
        best, pick = np.inf, anchors[k]
        for p in range(size):
            if home[p] != k:
                continue
            c = pool[p]
            total = opening[c]
            for q in range(size):
                if home[q] == k:
                    total += travel[c, pool[q]]
                    if total >= best:
                        break
            if total < best - 1e-9:
                best = total
                pick = c
        if pick != anchors[k]:
            anchors[k] = pick
            moved = True
    return moved


@njit(cache=True, nogil=True)
def _pool_cost(travel, opening, penalty, pool, size, anchors, count, home):
    total = 0.0
    for k in range(count):
        total += opening[anchors[k]]
    for p in range(size):
        total += travel[anchors[home[p]], pool[p]] if home[p] >= 0 else penalty[pool[p]]
    return total


@njit(cache=True, nogil=True)
def _old_cost(travel, opening, penalty, pool, size, ruined, count, anchor_of):
    total = 0.0
    for k in range(count):
        total += opening[ruined[k]]
    for p in range(size):
        i = pool[p]
        a = anchor_of[i]
        total += travel[a, i] if a >= 0 else penalty[i]
    return total


@njit(cache=True, nogil=True)
def _draw_anchors(state, pool, size, ruined, count, wanted, anchors):
    """Choose distinct anchors from the pool, keeping each old one half of the time."""
    got = 0
    for k in range(count):
        if got < wanted and _unit(state) < 0.5:
            anchors[got] = ruined[k]
            got += 1
    tries = 0
    while got < wanted and tries < 60:
        tries += 1
        c = pool[_below(state, size)]
        fresh = True
        for k in range(got):
            if anchors[k] == c:
                fresh = False
        if fresh:
            anchors[got] = c
            got += 1
    return got


@njit(cache=True, nogil=True)
def search_kernel(
    travel, weight, capacity, opening, penalty, near, start, least, most, moves, seed
):
    n = len(weight)
    state = np.empty(1, np.uint64)
    state[0] = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    anchor_of = start.copy()
    best_of = start.copy()
    beats = 0
    current = 0.0
    for i in range(n):
        a = anchor_of[i]
        if a == i:
            beats += 1
            current += opening[i]
        current += travel[a, i] if a >= 0 else penalty[i]
    best = current
    width = MAX_RUIN + 3
    ruined = np.empty(width, np.int64)
    anchors = np.empty(width, np.int64)
    load = np.zeros(width, np.int64)
    pool = np.empty(n, np.int64)
    home = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    regret = np.empty(n, np.float64)
    finite_sum, finite_count = 0.0, 1
    for i in range(n):
        for k in range(min(12, near.shape[1])):
            t = travel[i, near[i, k]]
            if np.isfinite(t):
                finite_sum += t
                finite_count += 1
    hot = 0.6 * finite_sum / finite_count + 1e-9
    for move in range(moves):
        heat = hot * (1.0 - move / moves) ** 2
        seed_tps = _below(state, n)
        wanted = 1 + min(_below(state, MAX_RUIN), _below(state, MAX_RUIN + 2))
        count = _ruined_anchors(near[seed_tps], anchor_of, wanted, ruined)
        size = _fill_pool(near[seed_tps], anchor_of, ruined, count, pool)
        if size == 0:
            continue
        # members outside the seed's list keep their beat whole: ruin only what was gathered whole
        whole = True
        for k in range(count):
            held = 0
            for p in range(size):
                if anchor_of[pool[p]] == ruined[k]:
                    held += weight[pool[p]]
            total = 0
            for q in range(near.shape[1]):
                i = near[ruined[k], q]
                if anchor_of[i] == ruined[k]:
                    total += weight[i]
            if held != total:
                whole = False
        if not whole:
            continue
        step = _unit(state)
        target = count
        if step < 0.12:
            target = count - 1
        elif step > 0.88:
            target = count + 1
        target = max(0, min(target, size))
        if beats - count + target > most or (beats - count + target < least and target < count):
            target = count
        before = _old_cost(travel, opening, penalty, pool, size, ruined, count, anchor_of)
        got = _draw_anchors(state, pool, size, ruined, count, target, anchors)
        if beats - count + got < least and got < count:
            continue
        for _ in range(2):
            _assign(
                state,
                travel,
                weight,
                capacity,
                penalty,
                pool,
                size,
                anchors,
                got,
                home,
                load,
                order,
                regret,
            )
            _exchange(travel, weight, capacity, penalty, pool, size, anchors, got, home, load)
            if not _re_anchor(travel, opening, pool, size, anchors, got, home):
                break
        after = _pool_cost(travel, opening, penalty, pool, size, anchors, got, home)
        if after < before - heat * np.log(_unit(state) + 1e-300):
            pass
        else:
            continue
        for p in range(size):
            anchor_of[pool[p]] = anchors[home[p]] if home[p] >= 0 else OPEN
        beats += got - count
        current += after - before
        if current < best - 1e-9:
            best = current
            best_of[:] = anchor_of
    return best_of, best
