"""Plain OpenStreetMap PBF, read by compiled loops.

Ways come first although they stand last in the file: then only the nodes that roads need are kept,
and a whole island's file is read in little more memory than itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sispamkota.roads import osm_kernels as kernels
from sispamkota.roads.load_ways import GRID
from sispamkota.roads.network import Floats, Longs
from sispamkota.roads.osm_blocks import (
    Blob,
    Bytes,
    Strings,
    Unusual,
    blobs_of,
    check_header,
    unpacked,
)
from sispamkota.roads.osm_gather import Columns, Gathering

_DENSE, _WAYS, _RELATIONS = 2, 3, 4
_PLAIN = (100, 0, 0, 1)  # granularity, offsets, whole
_WAY_KEYS = (b"highway", b"route", b"waterway")
_MEMBERS = ("n", "w", "r")


def gather_pbf(content: bytes, gathered: Gathering) -> bool:
    """Gather the roads of a PBF file.

    Returns:
        Whether that was possible. If not, what was gathered is to be thrown away and the file
        read by osmium: it is damaged, or plain in none of our senses (unpacked nodes, another
        compression, history, nodes after ways).
    """
    try:
        blobs = blobs_of(content)
        if not blobs:
            return False
        for blob in blobs:
            if blob.kind == b"OSMHeader":
                check_header(unpacked(content, blob))
        data = [blob for blob in blobs if blob.kind == b"OSMData"]
        _Reading(gathered=gathered, content=content, data=data).read()
    except (Unusual, UnicodeDecodeError, IndexError):
        return False
    return True


@dataclass(slots=True, kw_only=True)
class _Reading:
    gathered: Gathering
    content: bytes
    data: list[Blob]
    pending: list[Columns] = field(default_factory=list)
    words: dict[bytes, int] = field(default_factory=dict)
    kinds: dict[bytes, int | None] = field(default_factory=dict)

    def read(self) -> None:
        first = self._first_beyond_nodes()
        # the block before may hold the last nodes and the first ways
        for i in range(max(0, first - 1), len(self.data)):
            self.gathered.progress("ways", 0.3 * i / len(self.data))
            self._beyond_nodes(i, mixed=i < first)
        wanted = np.unique(
            np.concatenate([c.node for c in self.pending] or [np.empty(0, np.int64)])
        )
        place = np.full((len(wanted), 2), np.nan)
        for i in range(first):
            self.gathered.progress("nodes", 0.3 + 0.3 * i / first)
            self._nodes(i, wanted, place, mixed=i == first - 1)
        for columns in self.pending:
            at = place[np.searchsorted(wanted, columns.node)]
            self.gathered.add(columns._replace(position=at))

    def _block(self, number: int) -> tuple[Bytes, Strings, Longs]:
        buf = np.frombuffer(unpacked(self.content, self.data[number]), np.uint8)
        spans, groups, settings = kernels.block_kernel(buf)
        if tuple(settings.tolist()) != _PLAIN:
            raise Unusual
        return buf, Strings(buf, spans), groups

    def _first_beyond_nodes(self) -> int:
        """The first block that does not begin with nodes, in a file that is in order."""

        def beyond(number: int) -> bool:
            buf, _, groups = self._block(number)
            return not len(groups) or kernels.group_kernel(buf, *groups[0]) != _DENSE

        return bisect_left(range(len(self.data)), True, key=beyond)

    def _groups(self, number: int) -> Iterator[tuple[int, Bytes, tuple[int, int], Strings]]:
        buf, strings, groups = self._block(number)
        for begin, end in groups.tolist():
            yield int(kernels.group_kernel(buf, begin, end)), buf, (begin, end), strings

    def _beyond_nodes(self, number: int, *, mixed: bool) -> None:
        for kind, buf, span, strings in self._groups(number):
            if kind == _WAYS:
                self._ways(buf, span, strings)
            elif kind == _RELATIONS:
                self._relations(buf, span, strings)
            elif kind != _DENSE or not mixed:
                raise Unusual  # nodes after the ways that need them, or what is not known here

    def _nodes(self, number: int, wanted: Longs, place: Floats, *, mixed: bool) -> None:
        for kind, buf, span, strings in self._groups(number):
            if kind != _DENSE:
                if mixed:
                    return
                raise Unusual
            barrier = strings.among((b"barrier",))
            ids, lons, lats, hits, tags, whole = kernels.dense_kernel(buf, *span, barrier)
            if not whole:
                raise Unusual
            for row, first, last in hits.tolist():
                told = strings.tags(tags[first:last:2], tags[first + 1 : last : 2])
                self.gathered.barrier(int(ids[row]), told)
            if len(wanted):
                row = np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)
                needed = wanted[row] == ids
                again = not np.isnan(place[row[needed], 0]).all()
                if again or not (np.diff(ids) > 0).all():
                    raise Unusual  # one node at two places
                place[row[needed]] = _degrees(lons[needed], lats[needed])

    def _ways(self, buf: Bytes, span: tuple[int, int], strings: Strings) -> None:
        spans, whole = kernels.entity_kernel(buf, *span, strings.among(_WAY_KEYS))
        keys, tagged, keys_whole = kernels.numbers_kernel(buf, spans, 1, False)
        values, valued, values_whole = kernels.numbers_kernel(buf, spans, 3, False)
        refs, sizes, refs_whole = kernels.numbers_kernel(buf, spans, 5, True)
        if not (whole and keys_whole and values_whole and refs_whole):
            raise Unusual
        if not np.array_equal(tagged, valued) or not strings.has(keys) or not strings.has(values):
            raise Unusual
        kind, name = self._meanings(keys, values, tagged, strings)
        asked = zip(kind, sizes.tolist(), strict=True)
        taken = np.array([k >= 0 and self.gathered.takes(k, n) for k, n in asked], bool)
        self.pending.append(
            Columns(
                id=spans[taken, 0],
                sizes=sizes[taken],
                node=refs[np.repeat(taken, sizes)],
                position=np.empty((0, 2)),
                kind=np.array(kind, np.int32)[taken],
                name=np.array(name, np.int32)[taken],
            )
        )

    def _meanings(
        self, keys: Longs, values: Longs, tagged: Longs, strings: Strings
    ) -> tuple[list[int], list[int]]:
        """Kind (-1: no road) and name of each way; ways of equal relevant tags are asked once."""
        relevant = strings.relevant(self.gathered.relevant)
        matters = relevant[keys]
        ends = np.concatenate(([0], np.cumsum(tagged)))
        kept = np.concatenate(([0], np.cumsum(matters)))[ends].tolist()
        pairs = np.stack([strings.numbered(keys[matters], self.words),
                          strings.numbered(values[matters], self.words)], axis=1)  # fmt: skip
        name = strings.values_of(b"name", keys, values, tagged)
        ref = strings.values_of(b"ref", keys, values, tagged)
        kinds, names = [], []
        chosen_keys, chosen_values = keys[matters], values[matters]
        for row in range(len(tagged)):
            first, last = kept[row], kept[row + 1]
            told = pairs[first:last].tobytes()
            if told not in self.kinds:
                tags = strings.tags(chosen_keys[first:last], chosen_values[first:last])
                self.kinds[told] = self.gathered.kind(tags)
            kind = self.kinds[told]
            kinds.append(-1 if kind is None else kind)
            named = kind is not None and self.gathered.meanings[kind].dropped is None
            names.append(
                self.gathered.named(strings.text(name[row]), strings.text(ref[row])) if named else 0
            )
        return kinds, names

    def _relations(self, buf: Bytes, span: tuple[int, int], strings: Strings) -> None:
        wanted = strings.among((b"restriction", b"type"))
        spans, whole = kernels.entity_kernel(buf, *span, wanted)
        keys, tagged, keys_whole = kernels.numbers_kernel(buf, spans, 1, False)
        values, valued, values_whole = kernels.numbers_kernel(buf, spans, 3, False)
        if not (whole and keys_whole and values_whole) or not np.array_equal(tagged, valued):
            raise Unusual
        if not strings.has(keys) or not strings.has(values):
            raise Unusual
        restricts = strings.beginning(b"restriction")
        told = np.flatnonzero(restricts[keys] | restricts[values])
        rows = np.unique(np.repeat(np.arange(len(tagged)), tagged)[told]).tolist()
        ends = np.concatenate(([0], np.cumsum(tagged))).tolist()
        for row in rows:
            own = slice(ends[row], ends[row + 1])
            members = _members(buf, spans[row : row + 1], strings)
            number = int(spans[row, 0])
            self.gathered.relation(number, strings.tags(keys[own], values[own]), members)


def _degrees(lon: Longs, lat: Longs) -> Floats:
    place: Floats = np.stack([lon, lat], axis=1).astype(np.float64) / GRID
    place[(np.abs(lon) > 180 * GRID) | (np.abs(lat) > 90 * GRID)] = np.nan
    return place


def _members(buf: Bytes, span: Longs, strings: Strings) -> list[tuple[str, str, int]]:
    """Members of one relation as (role, kind, number)."""
    roles, _, roles_whole = kernels.numbers_kernel(buf, span, 5, False)
    refs, _, refs_whole = kernels.numbers_kernel(buf, span, 7, True)
    kinds, _, kinds_whole = kernels.numbers_kernel(buf, span, 9, False)
    if not (roles_whole and refs_whole and kinds_whole) or not strings.has(roles):
        raise Unusual
    if not len(roles) == len(refs) == len(kinds) or not set(kinds.tolist()) <= {0, 1, 2}:
        raise Unusual
    rows = zip(roles.tolist(), kinds.tolist(), refs.tolist(), strict=True)
    return [(strings.text(role) or "", _MEMBERS[kind], ref) for role, kind, ref in rows]
