"""Compiled inner loops that ask the hierarchy; states and arcs as in `cch_kernels`.

From a state the search climbs its elimination tree, which needs no queue. Many ends are reached by
sweeping down, once, over all that lies above them, for many origins side by side (Delling, Goldberg
& Werneck, "Faster Batched Shortest Paths in Road Networks", 2011). Behaviour is tested through
`cch.py`.
"""

# numba infers the types
# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False

from __future__ import annotations

import numpy as np
from numba import njit

from sispamkota.roads.cch_kernels import FAR, ends_of, least_below

LANES = 16


@njit(cache=True, nogil=True)
def _climb(states, costs, parent, first, heads, weight, times, came, path):
    """Times (and arcs taken) up the elimination tree from some states; returns how many met."""
    at = np.empty(len(states), np.int64)
    live = 0
    for i in range(len(states)):
        if states[i] >= 0:
            at[live] = states[i]
            live += 1
            if costs[i] < times[states[i]]:
                times[states[i]] = costs[i]
                came[states[i]] = -1
    size = 0
    while live:
        v = at[0]
        for i in range(1, live):
            v = min(v, at[i])
        left = 0
        above = np.int64(parent[v])
        met = False
        for i in range(live):
            if at[i] != v:
                at[left] = at[i]
                left += 1
            elif not met and above >= 0:
                met = True
                at[left] = above
                left += 1
        live = left
        path[size] = v
        size += 1
        t = times[v]
        if t < FAR:
            for i in range(first[v], first[v + 1]):
                over = np.int64(t) + weight[i]
                # what ends on the way costs less than nought: then even FAR might pass for less
                if weight[i] < FAR and over < times[heads[i]]:
                    times[heads[i]] = over
                    came[heads[i]] = i
    return size


@njit(cache=True, nogil=True)
def pairs_kernel(out_state, out_cost, in_state, in_cost, parent, up, down, weight, scratch):
    """Times between the seeds of the same row."""
    w_out, w_in = weight[: len(up[1])], weight[len(up[1]) :]
    ahead, behind, came, _, path, trail, _ = scratch
    found = np.full(len(out_state), FAR)
    for r in range(len(out_state)):
        size = _climb(out_state[r], out_cost[r], parent, up[0], up[1], w_out, ahead, came, path)
        back = _climb(in_state[r], in_cost[r], parent, down[0], down[1], w_in, behind, came, trail)
        for i in range(size):
            v = path[i]
            if ahead[v] < FAR and behind[v] < FAR:
                found[r] = min(found[r], ahead[v] + behind[v])
            ahead[v] = FAR
        for i in range(back):
            behind[trail[i]] = FAR
    return found


@njit(cache=True, nogil=True)
def path_kernel(out_state, out_cost, in_state, in_cost, tree, base, weight, scratch):
    """States of a shortest way between seeds; empty where there is none."""
    parent, up, down, up_low, down_low, low = tree
    ups = len(up[1])
    ahead, behind, came, goes, path, trail, _ = scratch
    size = _climb(out_state, out_cost, parent, up[0], up[1], weight[:ups], ahead, came, path)
    back = _climb(in_state, in_cost, parent, down[0], down[1], weight[ups:], behind, goes, trail)
    best, meet = np.int64(FAR), np.int64(-1)
    for i in range(size):
        v = path[i]
        if ahead[v] < FAR and behind[v] < FAR and np.int64(ahead[v]) + behind[v] < best:
            best, meet = np.int64(ahead[v]) + behind[v], v
    for i in range(size):
        ahead[path[i]] = FAR
    for i in range(back):
        behind[trail[i]] = FAR
    states = [np.int64(0)]
    states.pop()
    if meet < 0:
        return states
    todo = [np.int64(0)]
    todo.pop()
    v = meet
    while goes[v] >= 0:
        todo.append(ups + goes[v])
        v = low[ups + goes[v]]
    todo.reverse()
    v = meet
    while came[v] >= 0:
        todo.append(np.int64(came[v]))
        v = low[came[v]]
    states.append(v)
    while todo:
        arc = todo.pop()
        begin, end = ends_of(arc, up, down, low)
        if weight[arc] == base[arc]:
            states.append(end)
        else:
            _, one, two = least_below(begin, end, weight[arc], up_low, down_low, weight, ups)
            todo.append(two)
            todo.append(one)
    return states


@njit(cache=True, nogil=True)
def spread_kernel(states, costs, parent, up, down, weight, scratch):
    """Times from some states to all (Delling et al., PHAST, 2013)."""
    n, ups = len(parent), len(up[1])
    times = np.full(n, FAR)
    _, _, came, _, path, _, _ = scratch
    _climb(states, costs, parent, up[0], up[1], weight[:ups], times, came, path)
    for v in range(n - 1, -1, -1):
        best = times[v]
        for i in range(down[0][v], down[0][v + 1]):
            best = min(best, np.int32(times[down[1][i]] + weight[ups + i]))
        times[v] = best
    return times


@njit(cache=True, nogil=True)
def closure_kernel(n, states, first, heads):
    """All states above some, by the arcs given, the highest first, and the arcs among them.

    Returns the states, where the arcs of each start, and per arc the place of its upper end.
    """
    seen = np.zeros(n, np.bool_)
    size, arcs = 0, 0
    members = np.empty(n, np.int32)
    for s in states:
        if s >= 0 and not seen[s]:
            seen[s] = True
            members[size] = s
            size += 1
    i = 0
    while i < size:
        v = members[i]
        i += 1
        arcs += first[v + 1] - first[v]
        for j in range(first[v], first[v + 1]):
            h = heads[j]
            if not seen[h]:
                seen[h] = True
                members[size] = h
                size += 1
    members = members[:size].copy()
    members.sort()
    members = members[::-1].copy()
    place = np.full(n, -1, np.int32)
    for i in range(size):
        place[members[i]] = i
    begins = np.zeros(size + 1, np.int64)
    places = np.empty(arcs, np.int32)
    total = 0
    for i in range(size):
        v = members[i]
        for j in range(first[v], first[v + 1]):
            places[total] = place[heads[j]]
            total += 1
        begins[i + 1] = total
    return members, begins, places, place


@njit(cache=True, nogil=True)
def _climb_lanes(states, costs, lanes, first, heads, weight, place, members, times):
    """Times up from the seeds of up to LANES rows at once; returns how many states, and them."""
    size = 0
    for r in range(lanes):
        for s in states[r]:
            if s >= 0 and place[s] < 0:
                place[s] = 0
                members[size] = s
                size += 1
    i = 0
    while i < size:
        v = members[i]
        i += 1
        for j in range(first[v], first[v + 1]):
            h = heads[j]
            if place[h] < 0:
                place[h] = 0
                members[size] = h
                size += 1
    members[:size].sort()
    if size > len(times):
        times = np.empty((size + size // 2, LANES), np.int32)
    for i in range(size):
        place[members[i]] = i
        times[i, :] = FAR
    for r in range(lanes):
        for c in range(states.shape[1]):
            s = states[r, c]
            if s >= 0:
                times[place[s], r] = min(times[place[s], r], costs[r, c])
    for i in range(size):
        v = members[i]
        for j in range(first[v], first[v + 1]):
            w, k = weight[j], place[heads[j]]
            if w < FAR:
                for lane in range(LANES):
                    over = np.int32(times[i, lane] + w)
                    if over < times[k, lane]:
                        times[k, lane] = over
    return size, times


@njit(cache=True, nogil=True)
def _sweep_lanes(nodes, begins, places, first, weight, times):
    """Times down to all members of a closure, from those already there."""
    for i in range(len(nodes)):
        base = first[nodes[i]] - begins[i]
        for j in range(begins[i], begins[i + 1]):
            w, k = weight[base + j], places[j]
            if w < FAR:
                for lane in range(LANES):
                    over = np.int32(times[k, lane] + w)
                    if over < times[i, lane]:
                        times[i, lane] = over


@njit(cache=True, nogil=True)
def table_kernel(
    rows, state, cost, climb, w_climb, pin, first, w_sweep, end_place, end_cost, found, scratch
):
    """Times from rows of seeds to the ends that a closure was pinned for.

    `climb` is what the rows' seeds climb by; `pin` the closure, swept down by its own arcs.
    """
    nodes, begins, places, _ = pin
    _, _, _, _, members, _, place = scratch
    above = np.empty((1024, LANES), np.int32)
    times = np.empty((len(nodes), LANES), np.int32)
    for begin in range(0, len(rows), LANES):
        batch = rows[begin : begin + LANES]
        lanes = len(batch)
        size, above = _climb_lanes(
            state[batch], cost[batch], lanes, climb[0], climb[1], w_climb, place, members, above
        )
        for i in range(len(nodes)):
            k = place[nodes[i]]
            if k >= 0:
                times[i, :] = above[k, :]
            else:
                times[i, :] = FAR
        for i in range(size):
            place[members[i]] = -1
        _sweep_lanes(nodes, begins, places, first, w_sweep, times)
        for lane in range(lanes):
            r = batch[lane]
            for d in range(len(end_place)):
                best = FAR
                for c in range(end_place.shape[1]):
                    k = end_place[d, c]
                    if k >= 0 and times[k, lane] < FAR:
                        best = min(best, np.int32(times[k, lane] + end_cost[d, c]))
                found[r, d] = best


@njit(cache=True, nogil=True)
def single_kernel(
    state, cost, parent, climb, w_climb, pin, first, w_sweep, end_place, end_cost, scratch
):
    """As `table_kernel`, for one row at a time: for questions that come one by one."""
    nodes, begins, places, _ = pin
    above, _, came, _, path, _, _ = scratch
    times = np.empty(len(nodes), np.int32)
    found = np.empty((len(state), len(end_place)), np.int32)
    for r in range(len(state)):
        size = _climb(state[r], cost[r], parent, climb[0], climb[1], w_climb, above, came, path)
        for i in range(len(nodes)):
            best = np.int64(above[nodes[i]])
            base = first[nodes[i]] - begins[i]
            for j in range(begins[i], begins[i + 1]):
                if w_sweep[base + j] < FAR:
                    best = min(best, np.int64(times[places[j]]) + w_sweep[base + j])
            times[i] = best
        for i in range(size):
            above[path[i]] = FAR
        for d in range(len(end_place)):
            best = np.int64(FAR)
            for c in range(end_place.shape[1]):
                k = end_place[d, c]
                if k >= 0 and times[k] < FAR:
                    best = min(best, np.int64(times[k]) + end_cost[d, c])
            found[r, d] = best
    return found
