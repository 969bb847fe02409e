"""Plain OpenStreetMap PBF, read by compiled loops: blocks of nodes, then of ways and relations."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sispamkota.roads import osm_kernels as kernels
from sispamkota.roads.load_ways import GRID
from sispamkota.roads.network import Bools, Floats, Ints, Longs
from sispamkota.roads.osm_gather import Columns, Gathering

_MOST_BLOB = 32 * 2**20  # bytes of a blob, as the format allows
_MOST_HEAD = 64 * 2**10
_KNOWN = {b"OsmSchema-V0.6", b"DenseNodes"}
_DENSE, _WAYS, _RELATIONS = 2, 3, 4
_PLAIN = (100, 0, 0, 1)  # granularity, offsets, whole
_WAY_KEYS = (b"highway", b"route", b"waterway")
_MEMBERS = ("n", "w", "r")

_Bytes = NDArray[np.uint8]


class _Unusual(Exception):  # noqa: N818 - no error: another reader has to look
    """The file is damaged, or has what only osmium reads."""


def gather_pbf(content: bytes, gathered: Gathering) -> bool:
    """Gather the roads of a PBF file.

    Returns:
        Whether that was possible. If not, what was gathered is to be thrown away and the file
        read by osmium: it is damaged, or plain in none of our senses (unpacked nodes, another
        compression, history, nodes after ways, numbers out of order).
    """
    reading = _Reading(gathered=gathered)
    try:
        for kind, blob in _blobs(content):
            if kind == b"OSMHeader":
                _check_header(blob)
            elif kind == b"OSMData":
                reading.block(np.frombuffer(blob, np.uint8))
        reading.finish()
    except (_Unusual, UnicodeDecodeError, IndexError):
        return False
    return True


def _blobs(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, size = 0, len(content)
    if not size:
        raise _Unusual
    while at < size:
        if at + 4 > size:
            raise _Unusual
        (length,) = struct.unpack_from(">I", content, at)
        at += 4
        if length > _MOST_HEAD or at + length > size:
            raise _Unusual
        head = _fields(content[at : at + length])
        at += length
        length = head.get(3, -1)
        if not isinstance(length, int) or not 0 <= length <= _MOST_BLOB or at + length > size:
            raise _Unusual
        yield bytes(head.get(1, b"")), _inflated(_fields(content[at : at + length]))
        at += length


def _inflated(blob: dict[int, Any]) -> bytes:
    if isinstance(blob.get(1), bytes):
        return bytes(blob[1])
    packed, size = blob.get(3), blob.get(2)
    if not isinstance(packed, bytes) or not isinstance(size, int) or not 0 <= size <= _MOST_BLOB:
        raise _Unusual
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(packed, size + 1)
    except zlib.error as error:
        raise _Unusual from error
    if len(plain) != size or not unpack.eof:
        raise _Unusual
    return plain


def _check_header(block: bytes) -> None:
    for number, value in _field_list(block):
        if number == 4 and value not in _KNOWN:  # noqa: PLR2004
            raise _Unusual


def _fields(message: bytes) -> dict[int, Any]:
    return dict(_field_list(message))


def _field_list(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a small protobuf message: numbers and bytes."""
    at, size = 0, len(message)
    while at < size:
        tag, at = _varint(message, at)
        if tag & 7 == 0:
            value, at = _varint(message, at)
            yield tag >> 3, value
        elif tag & 7 == 2:  # noqa: PLR2004
            length, at = _varint(message, at)
            if at + length > size:
                raise _Unusual
            yield tag >> 3, message[at : at + length]
            at += length
        else:
            raise _Unusual


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:  # noqa: PLR2004
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004
            return value, at
        shift += 7
    raise _Unusual


@dataclass(slots=True, kw_only=True)
class _Reading:
    gathered: Gathering
    ids: list[Longs] = field(default_factory=list)
    lons: list[Ints] = field(default_factory=list)
    lats: list[Ints] = field(default_factory=list)
    node: Longs | None = None
    place: Floats = field(default_factory=lambda: np.empty((0, 2)))
    words: dict[bytes, int] = field(default_factory=dict)
    kinds: dict[bytes, int | None] = field(default_factory=dict)

    def block(self, buf: _Bytes) -> None:
        spans, groups, settings = kernels.block_kernel(buf)
        if tuple(settings.tolist()) != _PLAIN:
            raise _Unusual
        strings = _Strings(buf, spans)
        for begin, end in groups.tolist():
            kind = kernels.group_kernel(buf, begin, end)
            if kind == _DENSE:
                self._nodes(buf, begin, end, strings)
            elif kind == _WAYS:
                self._ways(buf, begin, end, strings)
            elif kind == _RELATIONS:
                self._relations(buf, begin, end, strings)
            else:
                raise _Unusual

    def finish(self) -> None:
        """Put numbers of the nodes in order, even where no way followed."""
        if self.node is None:
            self._sort()

    def _nodes(self, buf: _Bytes, begin: int, end: int, strings: _Strings) -> None:
        if self.node is not None:
            raise _Unusual  # after the ways that need them
        wanted = strings.among((b"barrier",))
        ids, lons, lats, hits, tags, whole = kernels.dense_kernel(buf, begin, end, wanted)
        if not whole:
            raise _Unusual
        self.ids.append(ids)
        self.lons.append(lons)
        self.lats.append(lats)
        for row, first, last in hits.tolist():
            self.gathered.barrier(
                int(ids[row]), strings.tags(tags[first:last:2], tags[first + 1 : last : 2])
            )

    def _sort(self) -> None:
        node = np.concatenate(self.ids) if self.ids else np.empty(0, np.int64)
        if len(node) and not (np.diff(node) > 0).all():
            raise _Unusual
        lon = np.concatenate(self.lons) if self.lons else np.empty(0, np.int64)
        lat = np.concatenate(self.lats) if self.lats else np.empty(0, np.int64)
        place: Floats = np.stack([lon, lat], axis=1).astype(np.float64) / GRID
        place[(np.abs(lon) > 180 * GRID) | (np.abs(lat) > 90 * GRID)] = np.nan
        self.node, self.place = node, place
        self.ids, self.lons, self.lats = [], [], []

    def _ways(self, buf: _Bytes, begin: int, end: int, strings: _Strings) -> None:
        if self.node is None:
            self._sort()
        spans, whole = kernels.entity_kernel(buf, begin, end, strings.among(_WAY_KEYS))
        keys, tagged, keys_whole = kernels.numbers_kernel(buf, spans, 1, False)
        values, valued, values_whole = kernels.numbers_kernel(buf, spans, 3, False)
        refs, counts, refs_whole = kernels.numbers_kernel(buf, spans, 5, True)
        if not (whole and keys_whole and values_whole and refs_whole):
            raise _Unusual
        if not np.array_equal(tagged, valued) or not strings.has(keys) or not strings.has(values):
            raise _Unusual
        kind, name = self._meanings(keys, values, tagged, strings)
        taken = np.array(
            [
                k >= 0 and self.gathered.takes(k, n)
                for k, n in zip(kind, counts.tolist(), strict=True)
            ],
            bool,
        )
        vertices = np.repeat(taken, counts)
        node = refs[vertices]
        self.gathered.add(
            Columns(
                id=spans[taken, 0],
                sizes=counts[taken],
                node=node,
                position=self._places(node),
                kind=np.array(kind, np.int32)[taken],
                name=np.array(name, np.int32)[taken],
            )
        )

    def _meanings(
        self, keys: Longs, values: Longs, tagged: Longs, strings: _Strings
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

    def _places(self, node: Longs) -> Floats:
        assert self.node is not None
        if not len(self.node):
            return np.full((len(node), 2), np.nan)
        row = np.minimum(np.searchsorted(self.node, node), len(self.node) - 1)
        place = self.place[row]
        place[self.node[row] != node] = np.nan
        return place

    def _relations(self, buf: _Bytes, begin: int, end: int, strings: _Strings) -> None:
        wanted = strings.among((b"restriction", b"type"))
        spans, whole = kernels.entity_kernel(buf, begin, end, wanted)
        keys, tagged, keys_whole = kernels.numbers_kernel(buf, spans, 1, False)
        values, valued, values_whole = kernels.numbers_kernel(buf, spans, 3, False)
        if not (whole and keys_whole and values_whole) or not np.array_equal(tagged, valued):
            raise _Unusual
        if not strings.has(keys) or not strings.has(values):
            raise _Unusual
        restricts = strings.beginning(b"restriction")
        told = np.flatnonzero(restricts[keys] | restricts[values])
        rows = np.unique(np.repeat(np.arange(len(tagged)), tagged)[told]).tolist()
        ends = np.concatenate(([0], np.cumsum(tagged))).tolist()
        for row in rows:
            own = slice(ends[row], ends[row + 1])
            members = _members(buf, spans[row : row + 1], strings)
            number = int(spans[row, 0])
            self.gathered.relation(number, strings.tags(keys[own], values[own]), members)


def _members(buf: _Bytes, span: Longs, strings: _Strings) -> list[tuple[str, str, int]]:
    """Members of one relation as (role, kind, number)."""
    roles, _, roles_whole = kernels.numbers_kernel(buf, span, 5, False)
    refs, _, refs_whole = kernels.numbers_kernel(buf, span, 7, True)
    kinds, _, kinds_whole = kernels.numbers_kernel(buf, span, 9, False)
    if not (roles_whole and refs_whole and kinds_whole) or not strings.has(roles):
        raise _Unusual
    if not len(roles) == len(refs) == len(kinds) or not set(kinds.tolist()) <= {0, 1, 2}:
        raise _Unusual
    rows = zip(roles.tolist(), kinds.tolist(), refs.tolist(), strict=True)
    return [(strings.text(role) or "", _MEMBERS[kind], ref) for role, kind, ref in rows]


@dataclass(slots=True)
class _Strings:
    """The table of strings of one block."""

    buf: _Bytes
    spans: Longs
    _listed: list[bytes] | None = None
    _place: dict[bytes, int] | None = None

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def listed(self) -> list[bytes]:
        """The strings; cut out only where one is asked for."""
        if self._listed is None:
            raw = self.buf.tobytes()
            self._listed = [raw[begin:end] for begin, end in self.spans.tolist()]
        return self._listed

    def _raw(self) -> bytes:
        """The bytes of the table."""
        if not len(self.spans):
            return b""
        return self.buf[self.spans[0, 0] : self.spans[-1, 1]].tobytes()

    @property
    def place(self) -> dict[bytes, int]:
        """Where each string is."""
        if self._place is None:
            self._place = {word: i for i, word in enumerate(self.listed)}
        return self._place

    def text(self, number: int) -> str | None:
        """The string of a number; None for a negative one."""
        return self.listed[number].decode() if number >= 0 else None

    def has(self, numbers: Longs) -> bool:
        """Whether all numbers are in the table."""
        return not len(numbers) or bool(numbers.min() >= 0 and numbers.max() < len(self))

    def tags(self, keys: Longs, values: Longs) -> dict[str, str]:
        """Tags of numbered keys and values."""
        pairs = zip(keys.tolist(), values.tolist(), strict=True)
        return {self.listed[k].decode(): self.listed[v].decode() for k, v in pairs}

    def among(self, words: tuple[bytes, ...]) -> Bools:
        """Which strings are among the words."""
        found = np.zeros(len(self), bool)
        if len(words) == 1 and words[0] not in self._raw():
            return found
        for word in words:
            if word in self.place:
                found[self.place[word]] = True
        return found

    def beginning(self, word: bytes) -> Bools:
        """Which strings begin with a word."""
        return np.array([text.startswith(word) for text in self.listed], bool)

    def relevant(self, words: frozenset[str]) -> Bools:
        """Which strings are among the words, given as text."""
        return self.among(tuple(word.encode() for word in words))

    def numbered(self, numbers: Longs, words: dict[bytes, int]) -> Longs:
        """Numbers in this block as numbers that hold for the whole file."""
        unique, which = np.unique(numbers, return_inverse=True)
        lasting = [words.setdefault(self.listed[i], len(words)) for i in unique.tolist()]
        return np.array(lasting, np.int64)[which] if len(numbers) else numbers

    def values_of(self, word: bytes, keys: Longs, values: Longs, tagged: Longs) -> list[int]:
        """For each way, the number of the value of a key; -1 where it has none."""
        found = np.full(len(tagged), -1)
        if word in self.place:
            hits = np.flatnonzero(keys == self.place[word])
            way = np.repeat(np.arange(len(tagged)), tagged)
            found[way[hits]] = values[hits]
        told: list[int] = found.tolist()
        return told
