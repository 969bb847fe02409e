"""Our reader of PBF against osmium: the same network of whole files, the same refusal of others."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from functools import cache
from pathlib import Path

import osmium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roads.drawn import AS_OF, osm
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.codec import encode, inconsistency
from sispamkota.roads.load import read_roads
from sispamkota.roads.load_build import build
from sispamkota.roads.load_ways import Ways, silent
from sispamkota.roads.osm import read_by_osmium, read_osm
from sispamkota.roads.osm_gather import Gathering
from sispamkota.roads.osm_pbf import gather_pbf

pytestmark = pytest.mark.data

ANDORRA, HELSINKI = "andorra.osm.pbf", "helsinki.osm.pbf"


def plainly(content: bytes) -> Ways | None:
    """What our own reader makes of a file, None where it leaves it to osmium."""
    gathered = Gathering(clip=None, progress=silent)
    return gathered.finish() if gather_pbf(content, gathered) else None


def network_bytes(ways: Ways, **told) -> bytes:
    network = build(ways, clip=told.get("clip"), source="x", as_of=AS_OF)
    assert inconsistency(network) is None
    return encode(network)


@cache
def blobs(path: Path) -> list[tuple[bytes, bytes]]:
    """Kinds and plain contents of the blobs of a file."""
    content, at, found = path.read_bytes(), 0, []
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at)
        head = content[at + 4 : at + 4 + size]
        at += 4 + size
        kind = b"OSMHeader" if b"OSMHeader" in head else b"OSMData"
        length = dict(fields(head))[3]
        blob = dict(fields(content[at : at + length]))
        at += length
        found.append((kind, zlib.decompress(blob[3])))
    return found


def fields(message: bytes):
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        value, at = varint(message, at)
        if tag & 7 == 2:
            value, at = message[at : at + value], at + value
        yield tag >> 3, value


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def packed(parts: list[tuple[bytes, bytes]], *, raw: bool) -> bytes:
    """Write blobs as a file, compressed or not."""
    out = b""
    for kind, plain in parts:
        if raw:
            blob = b"\x0a" + number(len(plain)) + plain
        else:
            small = zlib.compress(plain, 1)
            blob = b"\x10" + number(len(plain)) + b"\x1a" + number(len(small)) + small
        head = b"\x0a" + number(len(kind)) + kind + b"\x18" + number(len(blob))
        out += struct.pack(">I", len(head)) + head + blob
    return out


@pytest.mark.parametrize("name", [ANDORRA, HELSINKI])
@pytest.mark.parametrize("raw", [False, True])
def test_both_readers_find_the_same(data_dir, name, raw):
    path = data_dir / "roads" / name
    for content in (path.read_bytes(), packed(blobs(path), raw=raw)):
        mine = plainly(content)
        assert mine is not None
        theirs = read_by_osmium(name, content, "pbf")
        assert mine.report == theirs.report
        assert network_bytes(mine) == network_bytes(theirs)


def test_both_readers_cut_alike(data_dir):
    content = (data_dir / "roads" / ANDORRA).read_bytes()
    box = (1.50, 42.48, 1.56, 42.53)
    one = read_osm(ANDORRA, content, "pbf", clip=box)
    two = read_by_osmium(ANDORRA, content, "pbf", clip=box)
    assert network_bytes(one, clip=box) == network_bytes(two, clip=box)


@settings(max_examples=60)
@given(
    part=st.floats(0, 0.99999),
    flips=st.lists(st.tuples(st.floats(0, 0.99999), st.integers(1, 255)), min_size=1, max_size=4),
    name=st.sampled_from([ANDORRA, HELSINKI]),
)
@example(part=0.0, flips=[(0.0, 255)], name=HELSINKI)
def test_damage_within_a_block_is_never_fatal(data_dir, part, flips, name):
    parts = [*blobs(data_dir / "roads" / name)]
    chosen = int(part * len(parts))
    kind, plain = parts[chosen]
    changed = bytearray(plain)
    for place, flip in flips:
        changed[int(place * len(changed))] ^= flip
    parts[chosen] = kind, bytes(changed)
    content = packed(parts, raw=True)
    try:
        network = read_roads(name, content, source="x", as_of=AS_OF)
    except DomainError as error:
        assert error.code in {"damaged_roads", "no_roads", "no_positions"}  # noqa: PT017
        return
    assert inconsistency(network) is None


@settings(max_examples=40)
@given(part=st.floats(0, 0.99999), cut=st.floats(0, 1))
def test_a_block_that_breaks_off_is_left_to_osmium(data_dir, part, cut):
    parts = [*blobs(data_dir / "roads" / HELSINKI)]
    chosen = int(part * len(parts))
    kind, plain = parts[chosen]
    parts[chosen] = kind, plain[: int(cut * (len(plain) - 1))]
    mine = plainly(packed(parts, raw=True))
    if mine is not None:
        assert network_bytes(mine) if len(mine.id) else True


def written(tmp_path: Path, content: bytes, name: str, **options: str) -> bytes:
    """The map as a PBF written by osmium with other settings."""
    target = tmp_path / name
    header = osmium.io.Header()
    file = osmium.io.File(str(target), ",".join(["pbf", *(f"{k}={v}" for k, v in options.items())]))
    with osmium.SimpleWriter(file, header=header) as writer:
        for entity in osmium.FileProcessor(osmium.io.FileBuffer(content, "osm")):
            writer.add(entity)
    return target.read_bytes()


ROAD = {"highway": "residential", "name": "Jalan Çendana"}
MAP = osm(
    {1: ([1, 2, 3], ROAD), 2: ([5, 2], {**ROAD, "oneway": "yes"}), 3: ([3, 99], ROAD)},
    nodes={3: {"barrier": "bollard"}, 2: {"highway": "crossing"}},
    relations=[
        (
            [("from", "way", 1), ("via", "node", 2), ("to", "way", 2)],
            {"type": "restriction", "restriction": "no_left_turn"},
        ),
        ([("outer", "way", 1)], {"type": "multipolygon"}),
    ],
)


@pytest.mark.parametrize(
    ("options", "ours"),
    [
        ({}, True),
        ({"pbf_compression": "none"}, True),
        ({"pbf_dense_nodes": "false"}, False),
        ({"add_metadata": "none"}, True),
    ],
)
def test_every_way_of_writing_a_pbf_is_read(tmp_path, options, ours):
    content = written(tmp_path, MAP, "drawn.osm.pbf", **options)
    assert (plainly(content) is not None) == ours
    drawn = read_roads("drawn.osm", MAP, source="x", as_of=AS_OF)
    network = read_roads("drawn.osm.pbf", content, source="x", as_of=AS_OF)
    assert encode(dataclasses.replace(network, report={})) == encode(
        dataclasses.replace(drawn, report={})
    )


def test_nothing_and_rubbish_are_left_to_osmium():
    for content in (b"", b"\0", b"\0\0\0\1x", b"x" * 5000):
        assert plainly(content) is None


def test_another_compression_is_left_to_osmium(data_dir):
    header, *rest = packed(blobs(data_dir / "roads" / HELSINKI), raw=True).split(b"OSMData", 1)
    blob = b"\x10\x05\x32\x03abc"  # five bytes, packed by lz4
    head = b"\x0a\x07OSMData\x18" + number(len(blob))
    content = header[:-6] + struct.pack(">I", len(head)) + head + blob
    assert rest
    assert plainly(content) is None
    with pytest.raises(DomainError):
        read_roads("h.osm.pbf", content, source="x", as_of=AS_OF)
