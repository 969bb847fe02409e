"""OpenStreetMap files (PBF, XML) become ways.

Plain PBF, as extracts are, is read by our own compiled loops (`osm_pbf`); XML, and whatever is
unusual about a PBF, by osmium, which also says what is wrong with a damaged file.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import osmium
import osmium.filter
import osmium.geom
import osmium.io

from sispamkota.roads import load_errors
from sispamkota.roads.load_ways import Box, Progress, Ways, on_grid, silent
from sispamkota.roads.network import Floats, Longs
from sispamkota.roads.osm_gather import Columns, Gathering
from sispamkota.roads.osm_pbf import gather_pbf

_WKB_HEADER = 9  # byte order, kind, number of points
_POINT = 16
_CHUNK = 20_000  # ways between two looks at the box
_WANTED = (
    (osmium.osm.NODE, ("barrier",)),
    (osmium.osm.WAY, ("highway", "route", "waterway")),
    (osmium.osm.RELATION, ("restriction", "type")),
)


def read_osm(
    name: str,
    content: bytes,
    form: str,
    *,
    clip: Box | None = None,
    progress: Progress = silent,
) -> Ways:
    """Read the ways, barriers and turn restrictions of an OpenStreetMap file.

    Args:
        name: of the file, for messages.
        content: its bytes.
        form: `pbf` or `osm`.
        clip: ways wholly outside are left out (cutting the others is the builder's).
        progress: told that ways were read.

    Raises:
        DomainError: `damaged_roads` when the file breaks off or is not OpenStreetMap data.
    """
    if form == "pbf":
        gathered = Gathering(clip=clip, progress=progress)
        if gather_pbf(content, gathered):
            return gathered.finish()
    return read_by_osmium(name, content, form, clip=clip, progress=progress)


def read_by_osmium(
    name: str,
    content: bytes,
    form: str,
    *,
    clip: Box | None = None,
    progress: Progress = silent,
) -> Ways:
    """Read as `read_osm` does, by osmium alone."""
    reading = _Reading(gathered=Gathering(clip=clip, progress=progress))
    try:
        reading.read(content, form)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise load_errors.damaged(name, str(error)) from error
    return reading.gathered.finish()


@dataclass(slots=True, kw_only=True)
class _Reading:
    gathered: Gathering
    ids: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    nodes: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("i"))
    name: array[int] = field(default_factory=lambda: array("i"))
    drawn: list[str] = field(default_factory=list)

    def read(self, content: bytes, form: str) -> None:
        source = osmium.io.FileBuffer(content, form)
        processor = osmium.FileProcessor(source).with_locations("flex_mem")
        for entity_kind, keys in _WANTED:
            wanted = osmium.filter.KeyFilter(*keys)
            wanted.enable_for(entity_kind)
            processor.with_filter(wanted)
        entity: Any
        for entity in processor:
            if entity.is_way():
                self._way(entity)
            elif entity.is_node():
                self.gathered.barrier(entity.id, dict(entity.tags))
            elif entity.is_relation():
                members = [(m.role, m.type, m.ref) for m in entity.members]
                self.gathered.relation(entity.id, dict(entity.tags), members)
        self._flush()

    def _way(self, way: Any) -> None:
        tags = dict(way.tags)
        kind = self.gathered.kind(tags)
        if kind is None or not self.gathered.takes(kind, len(way.nodes)):
            return
        self.nodes.extend([node.ref for node in way.nodes])
        self.ids.append(way.id)
        self.counts.append(len(way.nodes))
        self.kind.append(kind)
        self.name.append(self.gathered.named(tags.get("name"), tags.get("ref")))
        self.drawn.append(_drawn(way))
        if len(self.drawn) >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        """Turn the ways drawn since the last time into columns."""
        counts = np.array(self.counts, np.int64)
        columns = Columns(
            id=np.array(self.ids, np.int64),
            sizes=counts,
            node=np.array(self.nodes, np.int64),
            position=_positions(self.drawn, counts),
            kind=np.array(self.kind, np.int32),
            name=np.array(self.name, np.int32),
        )
        self.gathered.add(columns)
        self.gathered.progress("ways", 0.3)
        self.drawn.clear()
        for column in (self.ids, self.counts, self.nodes, self.kind, self.name):
            del column[:]


_FACTORY = osmium.geom.WKBFactory()


def _drawn(way: Any) -> str:
    """The line of a way as hexadecimal WKB, its nodes as often as they are named."""
    try:
        return _FACTORY.create_linestring(way, osmium.geom.ALL, osmium.geom.direction.FORWARD)
    except (osmium.InvalidLocationError, RuntimeError):
        return _by_hand(way)


def _positions(drawn: list[str], counts: Longs) -> Floats:
    """Decode hexadecimal WKB lines, all at once."""
    raw = np.frombuffer(bytes.fromhex("".join(drawn)), np.uint8)
    sizes = _WKB_HEADER + _POINT * counts
    begins = np.concatenate(([0], np.cumsum(sizes)))[:-1]
    header = (begins[:, None] + np.arange(_WKB_HEADER)).ravel()
    body = np.delete(raw, header)
    return on_grid(body.view("<f8").reshape(-1, 2))


def _by_hand(way: Any) -> str:
    """The line of a way of which nodes are missing, as WKB draws it; NaN for the missing."""
    points = [
        (node.location.lon, node.location.lat) if node.location.valid() else (np.nan, np.nan)
        for node in way.nodes
    ]
    header = b"\x01\x02\x00\x00\x00" + len(points).to_bytes(4, "little")
    return (header + np.array(points, "<f8").tobytes()).hex()
