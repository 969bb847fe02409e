"""Compiled inner loops that read the protobuf of OpenStreetMap PBF.

Plain loops over bytes, because numba turns them into machine code. Nothing is read beyond the end
that is given, and whatever is not as expected ends with a negative answer: the caller then lets
osmium read the file. Tests hold them against osmium on whole files and on damaged ones.
"""
# numba infers the types of the compiled loops
# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

BAD = -1
SPANS = 11  # id, then begin and end of keys (2), values (3), fields 8, 9 and 10


@njit(cache=True, nogil=True)
def _varint(buf, at, end):
    value = np.uint64(0)
    shift = np.uint64(0)
    while at < end and shift < np.uint64(64):
        byte = np.uint64(buf[at])
        at += 1
        value |= (byte & np.uint64(127)) << shift
        if byte < np.uint64(128):
            return value, at
        shift += np.uint64(7)
    return np.uint64(0), BAD


@njit(cache=True, nogil=True)
def _signed(value):
    return np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1))


@njit(cache=True, nogil=True)
def _field(buf, at, end):
    """Number of the field, where its bytes begin and end (a plain number: itself, BAD), next."""
    tag, at = _varint(buf, at, end)
    if at < 0:
        return 0, 0, 0, BAD
    number, wire = np.int64(tag >> np.uint64(3)), np.int64(tag & np.uint64(7))
    if wire == 0:
        value, at = _varint(buf, at, end)
        return number, np.int64(value), BAD, at
    if wire == 2:
        size, at = _varint(buf, at, end)
        if at < 0 or size > np.uint64(end - at):
            return 0, 0, 0, BAD
        after = at + np.int64(size)
        return number, at, after, after
    return 0, 0, 0, BAD


@njit(cache=True, nogil=True)
def block_kernel(buf):
    """Where the strings and the groups of a block are; its granularity and offsets."""
    end = len(buf)
    table_begin = table_end = 0
    groups = 0
    settings = np.array([100, 0, 0, 1], np.int64)  # granularity, offsets, whether all is well
    at = 0
    while at < end:
        number, begin, after, at = _field(buf, at, end)
        if at < 0:
            settings[3] = 0
            break
        if number == 1 and after >= 0:
            table_begin, table_end = begin, after
        elif number == 2 and after >= 0:
            groups += 1
        elif number == 17:
            settings[0] = begin
        elif number == 19:
            settings[1] = begin
        elif number == 20:
            settings[2] = begin
    group_spans = np.zeros((groups, 2), np.int64)
    at = 0
    found = 0
    while at < end and settings[3] == 1:
        number, begin, after, at = _field(buf, at, end)
        if number == 2 and after >= 0:
            group_spans[found, 0] = begin
            group_spans[found, 1] = after
            found += 1
    strings = 0
    at = table_begin
    while at < table_end and settings[3] == 1:
        number, begin, after, at = _field(buf, at, table_end)
        if at < 0 or number != 1 or after < 0:
            settings[3] = 0
        strings += 1
    string_spans = np.zeros((strings, 2), np.int64)
    at = table_begin
    strings = 0
    while at < table_end and settings[3] == 1:
        number, begin, after, at = _field(buf, at, table_end)
        string_spans[strings, 0] = begin
        string_spans[strings, 1] = after
        strings += 1
    return string_spans, group_spans, settings


@njit(cache=True, nogil=True)
def group_kernel(buf, begin, end):
    """The one kind of thing in a group, by the number of its field; BAD for several or none."""
    kind = 0
    at = begin
    while at < end:
        number, _, after, at = _field(buf, at, end)
        if at < 0 or after < 0 or (kind != 0 and number != kind):
            return BAD
        kind = number
    return kind if kind != 0 else BAD


@njit(cache=True, nogil=True)
def _count(buf, begin, end):
    """How many numbers are packed in these bytes; BAD when the last breaks off."""
    count = 0
    for at in range(begin, end):
        if buf[at] < 128:
            count += 1
    if end > begin and buf[end - 1] >= 128:
        return BAD
    return count


@njit(cache=True, nogil=True)
def _unpack(buf, begin, end, out, first, delta):
    """Write packed numbers from `first` on; with `delta` they are steps, with signs."""
    at = begin
    running = np.int64(0)
    while at < end:
        value, at = _varint(buf, at, end)
        if at < 0:
            return BAD
        if delta:
            running += _signed(value)
            out[first] = running
        else:
            out[first] = np.int64(value)
        first += 1
    return first


@njit(cache=True, nogil=True)
def dense_kernel(buf, begin, end, wanted):
    """Numbers and places of dense nodes, and which of them have a wanted key.

    Returns:
        numbers, lon, lat, (hits, 3): node, begin and end in the packed tags; the packed tags;
        whether all is well.
    """
    none = np.zeros(0, np.int64)
    hits = np.zeros((0, 3), np.int64)
    spans = np.zeros((4, 2), np.int64)
    number, begin, after, at = _field(buf, begin, end)
    if at != end or number != 2 or after < 0:
        return none, none, none, hits, none, False
    at = begin
    while at < after:
        number, inner, inner_end, at = _field(buf, at, after)
        slot = -1
        if number == 1:
            slot = 0
        elif number == 8:
            slot = 1
        elif number == 9:
            slot = 2
        elif number == 10:
            slot = 3
        if at < 0 or (slot >= 0 and (inner_end < 0 or spans[slot, 1] > 0)):
            return none, none, none, hits, none, False
        if slot >= 0:
            spans[slot, 0] = inner
            spans[slot, 1] = inner_end
    count = _count(buf, spans[0, 0], spans[0, 1])
    same = _count(buf, spans[1, 0], spans[1, 1]) == count
    same &= _count(buf, spans[2, 0], spans[2, 1]) == count
    tagged = _count(buf, spans[3, 0], spans[3, 1])
    if count < 0 or tagged < 0 or not same:
        return none, none, none, hits, none, False
    ids = np.empty(count, np.int64)
    lats = np.empty(count, np.int64)
    lons = np.empty(count, np.int64)
    tags = np.empty(tagged, np.int64)
    ok = _unpack(buf, spans[0, 0], spans[0, 1], ids, 0, True) >= 0
    ok &= _unpack(buf, spans[1, 0], spans[1, 1], lats, 0, True) >= 0
    ok &= _unpack(buf, spans[2, 0], spans[2, 1], lons, 0, True) >= 0
    ok &= _unpack(buf, spans[3, 0], spans[3, 1], tags, 0, False) >= 0
    if not ok:
        return none, none, none, hits, none, False
    hits = np.empty((tagged // 2 + 1, 3), np.int64)
    found = 0
    node = 0
    at = 0
    while at < tagged:
        first = at
        hit = False
        while at < tagged and tags[at] != 0:
            if at + 1 >= tagged or tags[at] < 0 or tags[at] >= len(wanted):
                return none, none, none, hits, none, False
            hit |= wanted[tags[at]]
            at += 2
        if hit:
            hits[found, 0] = node
            hits[found, 1] = first
            hits[found, 2] = at
            found += 1
        at += 1
        node += 1
    if node > count:
        return none, none, none, hits, none, False
    return ids, lons, lats, hits[:found], tags, True


@njit(cache=True, nogil=True)
def entity_kernel(buf, begin, end, wanted):
    """Spans of the ways or relations of a group that have a wanted key; whether all is well."""
    count = 0
    at = begin
    while at < end:
        _, _, _, at = _field(buf, at, end)
        if at < 0:
            return np.zeros((0, SPANS), np.int64), False
        count += 1
    spans = np.zeros((count, SPANS), np.int64)
    kept = 0
    at = begin
    while at < end:
        _, inner, inner_end, at = _field(buf, at, end)
        for i in range(SPANS):
            spans[kept, i] = 0
        while inner < inner_end:
            number, first, after, inner = _field(buf, inner, inner_end)
            if inner < 0:
                return spans[:0], False
            slot = -1
            if number == 1:
                if after >= 0:
                    return spans[:0], False
                spans[kept, 0] = first
            elif number == 2 or number == 3:
                slot = 2 * number - 3
            elif 8 <= number <= 10:
                slot = 2 * number - 11
            if slot >= 0:
                if after < 0 or spans[kept, slot + 1] > 0:
                    return spans[:0], False
                spans[kept, slot] = first
                spans[kept, slot + 1] = after
        hit = False
        key = spans[kept, 1]
        while key < spans[kept, 2]:
            value, key = _varint(buf, key, spans[kept, 2])
            if key < 0 or value >= np.uint64(len(wanted)):
                return spans[:0], False
            hit |= wanted[np.int64(value)]
        if hit:
            kept += 1
    return spans[:kept], True


@njit(cache=True, nogil=True)
def numbers_kernel(buf, spans, slot, delta):
    """The packed numbers of all spans in turn, and how many each has; whether all is well."""
    rows = len(spans)
    counts = np.zeros(rows, np.int64)
    total = 0
    for row in range(rows):
        counts[row] = _count(buf, spans[row, slot], spans[row, slot + 1])
        if counts[row] < 0:
            return np.zeros(0, np.int64), counts, False
        total += counts[row]
    out = np.empty(total, np.int64)
    first = 0
    for row in range(rows):
        first = _unpack(buf, spans[row, slot], spans[row, slot + 1], out, first, delta)
        if first < 0:
            return out[:0], counts, False
    return out, counts, True
