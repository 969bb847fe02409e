"""The outer parts of OpenStreetMap PBF: blobs, and the table of strings of a block."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sispamkota.roads.network import Bools, Longs

_MOST_BLOB = 32 * 2**20  # bytes of a blob, as the format allows
_MOST_HEAD = 64 * 2**10
_KNOWN = {b"OsmSchema-V0.6", b"DenseNodes"}

Bytes: TypeAlias = NDArray[np.uint8]


class Unusual(Exception):  # noqa: N818 - no error: another reader has to look
    """The file is damaged, or has what only osmium reads."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob of the file, not yet unpacked."""

    kind: bytes
    begin: int
    end: int


def blobs_of(content: bytes) -> list[Blob]:
    """Find the blobs of a file.

    Raises:
        Unusual: the file breaks off within one, or is no PBF.
    """
    at, size = 0, len(content)
    found: list[Blob] = []
    while at < size:
        if at + 4 > size:
            raise Unusual
        (length,) = struct.unpack_from(">I", content, at)
        at += 4
        if length > _MOST_HEAD or at + length > size:
            raise Unusual
        head = dict(_fields(content[at : at + length]))
        at += length
        length = head.get(3, -1)
        if not isinstance(length, int) or not 0 <= length <= _MOST_BLOB or at + length > size:
            raise Unusual
        found.append(Blob(bytes(head.get(1, b"")), at, at + length))
        at += length
    return found


def unpacked(content: bytes, blob: Blob) -> bytes:
    """Return what is in a blob."""
    return _inflated(dict(_fields(content[blob.begin : blob.end])))


def _inflated(blob: dict[int, Any]) -> bytes:
    if isinstance(blob.get(1), bytes):
        return bytes(blob[1])
    packed, size = blob.get(3), blob.get(2)
    if not isinstance(packed, bytes) or not isinstance(size, int) or not 0 <= size <= _MOST_BLOB:
        raise Unusual
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(packed, size + 1)
    except zlib.error as error:
        raise Unusual from error
    if len(plain) != size or not unpack.eof:
        raise Unusual
    return plain


def check_header(block: bytes) -> None:
    """Refuse a file that asks for what is not read here (history, say)."""
    for number, value in _fields(block):
        if number == 4 and value not in _KNOWN:  # noqa: PLR2004
            raise Unusual


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
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
                raise Unusual
            yield tag >> 3, message[at : at + length]
            at += length
        else:
            raise Unusual


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:  # noqa: PLR2004
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004
            return value, at
        shift += 7
    raise Unusual


@dataclass(slots=True)
class Strings:
    """The table of strings of one block."""

    buf: Bytes
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
