"""A network as bytes and back: one layout, compressed, the same bytes for the same network.

Layout: magic, version, two spare bytes, SHA-256 of the payload, its size, payload (deflate). The
payload is a JSON head (columns with their kinds and shapes, names, report) and the columns in turn.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
import zlib
from typing import Any

import numpy as np

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.load_ways import GRID
from sispamkota.roads.network import PROFILES, Network

MAGIC = b"SPKROADS"
VERSION = 1
_HEAD = struct.Struct("<8sHH32sQ")
_MOST = 4_000_000_000  # bytes of a payload; far above any country
_COLUMNS: dict[str, str] = {
    "node_lon": "<f8",
    "node_lat": "<f8",
    "node_id": "<i8",
    "tail": "<i4",
    "head": "<i4",
    "segment": "<i4",
    "forward": "|b1",
    "length_m": "<f8",
    "access": "|u1",
    "speed_kmh": "<f4",
    "way": "<i8",
    "highway": "<i4",
    "name": "<i4",
    "shape_start": "<i8",
    "shape": "<f8",
    "banned": "<i4",
    "banned_access": "|u1",
}
_SCALES = {"node_lon": GRID, "node_lat": GRID, "shape": GRID, "length_m": 1000}


def encode(network: Network) -> bytes:
    """Return the network as bytes; equal networks give equal bytes (with the same zlib)."""
    payload = _payload(network)
    head = _HEAD.pack(MAGIC, VERSION, 0, hashlib.sha256(payload).digest(), len(payload))
    return head + zlib.compress(payload, 6)


def network_sha256(network: Network) -> str:
    """Return the hash that names the network's contents; compression plays no part in it."""
    return hashlib.sha256(_payload(network)).hexdigest()


def decode(content: bytes) -> Network:
    """Return the network of the bytes.

    Raises:
        DomainError: `damaged_network` for anything that `encode` did not write in this version,
            or that changed since.
    """
    if len(content) < _HEAD.size:
        raise _damaged("shorter than its head")
    magic, version, spare, digest, size = _HEAD.unpack_from(content)
    if magic != MAGIC or spare != 0:
        raise _damaged("not a network of this program")
    if version != VERSION:
        raise _damaged(f"format version {version}, this program reads {VERSION}")
    payload = _inflated(content[_HEAD.size :], size)
    if hashlib.sha256(payload).digest() != digest:
        raise _damaged("its checksum does not match")
    try:
        network = _network(payload)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(str(error)) from error
    trouble = inconsistency(network)
    if trouble is not None:
        raise _damaged(trouble)
    return network


def inconsistency(network: Network) -> str | None:
    """Say what does not fit together in the columns of a network; None = nothing."""
    nodes, arcs, segments = network.nodes, network.arcs, network.segments
    sizes = {
        "node_lat": (nodes,),
        "node_id": (nodes,),
        "head": (arcs,),
        "segment": (arcs,),
        "forward": (arcs,),
        "length_m": (arcs,),
        "access": (arcs,),
        "speed_kmh": (len(PROFILES), arcs),
        "highway": (segments,),
        "name": (segments,),
        "shape_start": (segments + 1,),
        "shape": (len(network.shape), 2),
        "banned": (len(network.banned), 2),
        "banned_access": (len(network.banned),),
    }
    for name, shape in sizes.items():
        if getattr(network, name).shape != shape:
            return f"{name}: {getattr(network, name).shape} instead of {shape}"
    limits = {
        "tail": nodes,
        "head": nodes,
        "segment": segments,
        "highway": len(network.highways),
        "name": len(network.names),
        "banned": arcs,
    }
    for name, limit in limits.items():
        column = getattr(network, name)
        if column.size and not (column.min() >= 0 and column.max() < limit):
            return f"{name}: a number outside 0..{limit - 1}"
    ends = network.shape_start
    if ends[0] != 0 or ends[-1] != len(network.shape) or (np.diff(ends) < 2).any():  # noqa: PLR2004
        return "shape_start does not fit the shapes"
    return None


def _payload(network: Network) -> bytes:
    listed, parts = [], []
    for name, kind in _COLUMNS.items():
        column = np.ascontiguousarray(getattr(network, name), np.dtype(kind))
        packed, how = _packed(name, column)
        listed.append({"name": name, "kind": how, "shape": list(column.shape)})
        parts.append(packed)
    head = {
        "columns": listed,
        "highways": list(network.highways),
        "names": list(network.names),
        "estimated": network.estimated,
        "source": network.source,
        "as_of": network.as_of.isoformat(),
        "report": dict(network.report),
    }
    text = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def _packed(name: str, column: Any) -> tuple[bytes, str]:
    """Positions and lengths that lie on their grid are kept as steps in whole numbers."""
    scale = _SCALES.get(name)
    if scale is not None and np.isfinite(column).all():
        whole = np.rint(column * scale)
        if np.array_equal(whole / scale, column) and np.abs(whole).max(initial=0) < 2**52:
            steps = np.diff(whole.astype("<i8"), axis=0, prepend=0)
            return steps.tobytes(), "steps"
    return column.tobytes(), "plain"


def _inflated(content: bytes, size: int) -> bytes:
    if size > _MOST:
        raise _damaged("it claims an absurd size")
    unpack = zlib.decompressobj()
    try:
        payload = unpack.decompress(content, size + 1)
    except zlib.error as error:
        raise _damaged(str(error)) from error
    if len(payload) != size or not unpack.eof or unpack.unused_data:
        raise _damaged("it breaks off or is longer than it says")
    return payload


def _network(payload: bytes) -> Network:
    (length,) = struct.unpack_from("<Q", payload)
    at = 8 + length
    head = json.loads(payload[8:at].decode("utf-8"))
    columns: dict[str, Any] = {}
    for told in head["columns"]:
        name, shape = told["name"], tuple(told["shape"])
        kind = "<i8" if told["kind"] == "steps" else _COLUMNS[name]
        count = int(np.prod(shape, dtype=np.int64))
        column = np.frombuffer(payload, kind, count, at).reshape(shape)
        at += column.nbytes
        if told["kind"] == "steps":
            column = np.cumsum(column, axis=0) / _SCALES[name]
        columns[name] = column.astype(np.dtype(_COLUMNS[name]).newbyteorder("="))
    if at != len(payload) or set(columns) != set(_COLUMNS):
        raise ValueError("columns are missing or too many")
    return Network(
        **columns,
        highways=tuple(head["highways"]),
        names=tuple(head["names"]),
        estimated=bool(head["estimated"]),
        source=str(head["source"]),
        as_of=dt.date.fromisoformat(head["as_of"]),
        report=head["report"],
    )


def _damaged(detail: str) -> DomainError:
    return DomainError(
        "damaged_network",
        Text(
            f"Jaringan jalan yang tersimpan rusak: {detail}.",
            f"The stored road network is damaged: {detail}.",
        ),
        Text(
            "Impor lagi berkas jalannya (sispamkota import roads BERKAS).",
            "Import the roads file again (sispamkota import roads FILE).",
        ),
        {"detail": detail},
    )
