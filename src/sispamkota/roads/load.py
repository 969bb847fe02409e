"""The way in: a file of roads, of any kind that is known, becomes a network or one clear error."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import replace

from sispamkota.roads import load_errors
from sispamkota.roads.connect import connectivity
from sispamkota.roads.geojson_roads import read_geojson_ways
from sispamkota.roads.graphml import read_graphml_ways
from sispamkota.roads.load_build import build
from sispamkota.roads.load_ways import Box, Progress, Ways, silent
from sispamkota.roads.network import Network
from sispamkota.roads.osm import read_osm

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20


def read_roads(
    name: str,
    content: bytes,
    *,
    clip: Box | None = None,
    source: str,
    as_of: dt.date,
    progress: Progress = silent,
) -> Network:
    """Read a file of roads; its name says of which kind it is.

    Args:
        name: of the file; `.osm.pbf`, `.osm`, `.geojson`, `.graphml`, packed by gzip or not.
        content: its bytes.
        clip: west, south, east, north of the operation's area with its margin; None = everything.
        source: who made the data.
        as_of: the day they hold for.
        progress: told the step and the part done.

    Raises:
        DomainError: `unknown_roads_format`, `roads_too_big`, `damaged_roads`, `bad_position`,
            `no_roads`, `roads_outside`. Nothing half is returned.
    """
    if len(content) > load_errors.MOST_BYTES:
        raise load_errors.too_big(name, len(content), load_errors.MOST_BYTES)
    reader = _reader(name)
    progress("read", 0.0)
    ways = reader(name, content, clip, progress)
    progress("build", 0.7)
    network = _built(name, ways, clip, source, as_of)
    progress("connect", 0.9)
    report = dict(network.report) | {"file": name, "connectivity": connectivity(network)}
    progress("connect", 1.0)
    return replace(network, report=report)


_Reader = Callable[[str, bytes, Box | None, Progress], Ways]


def _reader(name: str) -> _Reader:
    lower = name.lower()
    for suffixes, reader in _READERS:
        if lower.endswith(suffixes):
            return reader
    raise load_errors.wrong_kind(name)


def _pbf(name: str, content: bytes, clip: Box | None, progress: Progress) -> Ways:
    return read_osm(name, content, "pbf", clip=clip, progress=progress)


def _osm(name: str, content: bytes, clip: Box | None, progress: Progress) -> Ways:
    plain = _plain(name, content, load_errors.MOST_BYTES)
    return read_osm(name, plain, "osm", clip=clip, progress=progress)


def _plain(name: str, content: bytes, most: int) -> bytes:
    """Unpack gzip when the content is packed, whatever the name says.

    It is unpacked once to be measured, so that what is too big is never held.
    """
    size = len(content)
    if content.startswith(_GZIP):
        try:
            size = _unpacked_size(content, most)
            if size <= most:
                return gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise load_errors.damaged(name, str(error)) from error
    if size > most:
        raise load_errors.too_big(name, size, most)
    return content


def _unpacked_size(content: bytes, most: int) -> int:
    """Bytes in a gzip, counted until they are too many."""
    size = 0
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        while size <= most and (part := file.read(_PIECE)):
            size += len(part)
    return size


def _geojson(name: str, content: bytes, clip: Box | None, progress: Progress) -> Ways:
    del clip, progress  # one parse of the whole; the builder cuts
    return read_geojson_ways(name, _plain(name, content, load_errors.MOST_TEXT))


def _graphml(name: str, content: bytes, clip: Box | None, progress: Progress) -> Ways:
    del clip, progress
    return read_graphml_ways(name, _plain(name, content, load_errors.MOST_TEXT))


_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    ((".pbf",), _pbf),
    ((".osm", ".osm.gz"), _osm),
    ((".geojson", ".geojson.gz", ".json", ".json.gz"), _geojson),
    ((".graphml", ".graphml.gz"), _graphml),
)


def _built(name: str, ways: Ways, clip: Box | None, source: str, as_of: dt.date) -> Network:
    found: Box = ways.report["found"]
    if not len(ways.id):
        if clip is not None and ways.report.get("ways_outside"):
            raise load_errors.outside(name, clip, found)
        raise load_errors.no_roads(name, dict(ways.report))
    network = build(ways, clip=clip, source=source, as_of=as_of)
    if not network.arcs:
        if clip is not None and network.report["clipped"]["ways_cut"]:
            raise load_errors.outside(name, clip, found)
        if network.report["clipped"]["ways_missing_nodes"] == len(ways.id):
            raise load_errors.no_positions(name, len(ways.id))
        raise load_errors.no_roads(name, dict(network.report))
    return network


def read_pbf(
    content: bytes,
    *,
    clip: Box | None = None,
    source: str,
    as_of: dt.date,
    progress: Progress = silent,
) -> Network:
    """Read OpenStreetMap PBF; see `read_roads`."""
    return read_roads(
        "roads.osm.pbf", content, clip=clip, source=source, as_of=as_of, progress=progress
    )


def read_geojson(
    content: bytes,
    *,
    clip: Box | None = None,
    source: str,
    as_of: dt.date,
    progress: Progress = silent,
) -> Network:
    """Read lines of GeoJSON; see `read_roads`."""
    return read_roads(
        "roads.geojson", content, clip=clip, source=source, as_of=as_of, progress=progress
    )


def read_graphml(
    content: bytes,
    *,
    clip: Box | None = None,
    source: str,
    as_of: dt.date,
    progress: Progress = silent,
) -> Network:
    """Read a street graph of OSMnx; see `read_roads`."""
    return read_roads(
        "roads.graphml", content, clip=clip, source=source, as_of=as_of, progress=progress
    )
