"""Networks as bytes: the same bytes every time, and no damage goes unnoticed."""

from __future__ import annotations

import dataclasses
import struct

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from roads.drawn import AS_OF, osm, read
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.codec import VERSION, decode, encode, inconsistency, network_sha256
from sispamkota.roads.fallback import fallback_network
from sispamkota.roads.load_ways import on_grid
from sispamkota.roads.network import Network

ROAD = {"highway": "residential", "name": "Jalan Melati – ü"}


@pytest.fixture(scope="module")
def network() -> Network:
    members = [("from", "way", 1), ("via", "node", 2), ("to", "way", 2)]
    relations = [(members, {"type": "restriction", "restriction": "no_left_turn"})]
    ways = {1: ([1, 2], ROAD), 2: ([2, 5], ROAD), 3: ([2, 3, 4], {**ROAD, "oneway": "yes"})}
    return read(osm(ways, {3: {"barrier": "bollard"}}, relations))


def same(a: Network, b: Network) -> bool:
    for field in dataclasses.fields(Network):
        one, two = getattr(a, field.name), getattr(b, field.name)
        if isinstance(one, np.ndarray):
            if one.dtype != two.dtype or not np.array_equal(one, two):
                return False
        elif one != two:
            return False
    return True


def test_what_goes_in_comes_out(network):
    back = decode(encode(network))
    assert same(network, back)
    assert back.times_ds("car").tolist() == network.times_ds("car").tolist()
    assert back.line(0).tolist() == network.line(0).tolist()


def test_equal_networks_have_equal_bytes_and_hashes(network):
    again = decode(encode(network))
    assert encode(again) == encode(network)
    assert network_sha256(again) == network_sha256(network)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "another"},
        {"estimated": True},
        {"report": {}},
        {"length_m": np.array([1.0])},
        {"names": ("", "x")},
    ],
)
def test_any_change_changes_the_hash(network, change):
    changed = dataclasses.replace(network, **change)
    assert network_sha256(changed) != network_sha256(network)


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=2, max_size=12, unique=True
    )
)
def test_positions_of_any_precision_survive(points):
    at = np.array(points)
    assume(len(np.unique(on_grid(at), axis=0)) > 1)
    count = len(at)
    made = fallback_network(
        at, ["7"] * count, ["desa"] * count,
        detour_factor=1.4, speed_kmh=25, as_of=AS_OF, source="x",
    )  # fmt: skip
    odd = dataclasses.replace(made, shape=made.shape * (1 + 1e-13), length_m=made.length_m / 3)
    assert same(odd, decode(encode(odd)))


@given(place=st.floats(0, 0.9999), flip=st.integers(1, 255))
def test_a_changed_byte_is_refused(network, place, flip):
    content = bytearray(encode(network))
    content[int(place * len(content))] ^= flip
    with pytest.raises(DomainError) as caught:
        decode(bytes(content))
    assert caught.value.code == "damaged_network"
    assert "import roads" in caught.value.remedy.en


@given(st.floats(0, 0.9999))
def test_a_part_is_refused(network, part):
    content = encode(network)
    with pytest.raises(DomainError):
        decode(content[: int(part * len(content))])


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"SPKROADS" + bytes(60)])
def test_what_is_no_network_is_refused(content):
    with pytest.raises(DomainError):
        decode(content)


def test_more_than_was_written_is_refused(network):
    with pytest.raises(DomainError):
        decode(encode(network) + b"x")


def test_another_version_says_which(network):
    content = bytearray(encode(network))
    struct.pack_into("<H", content, 8, VERSION + 1)
    with pytest.raises(DomainError) as caught:
        decode(bytes(content))
    assert f"version {VERSION + 1}" in caught.value.message.en


def test_a_size_that_cannot_be_is_refused(network):
    content = bytearray(encode(network))
    struct.pack_into("<Q", content, 44, 2**62)
    with pytest.raises(DomainError):
        decode(bytes(content))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"highways": ()}, "highway"),
        ({"head": np.array([0], np.int32)}, "head"),
        ({"shape_start": np.array([0, 1], np.int64)}, "shape_start"),
        ({"names": ()}, "name"),
        ({"banned": np.array([[0, 99]], np.int32)}, "banned"),
    ],
)
def test_columns_that_do_not_fit_are_told(network, change, word):
    assert word in str(inconsistency(dataclasses.replace(network, **change)) or "")
