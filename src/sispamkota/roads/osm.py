"""OpenStreetMap files (PBF, XML) become ways: the parsing is osmium's, in C++."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import osmium
import osmium.filter
import osmium.geom
import osmium.io

from sispamkota.roads import load_errors
from sispamkota.roads.load_ways import Box, Progress, Restriction, Ways, on_grid, silent
from sispamkota.roads.network import Floats, Longs
from sispamkota.roads.profiles import (
    MOTOR,
    WATERWAYS,
    Kind,
    barred_by,
    bits_of,
    kind_of,
    relevant_keys,
)

_WKB_HEADER = 9  # byte order, kind, number of points
_POINT = 16
_CHUNK = 20_000  # ways between two looks at the box
_WANTED = (
    (osmium.osm.NODE, ("barrier",)),
    (osmium.osm.WAY, ("highway", "route", "waterway")),
    (osmium.osm.RELATION, ("restriction", "type")),
)
_TIMED = ("day_on", "day_off", "hour_on", "hour_off", "time")
_VEHICLES = {  # keys of a restriction and of its `except`, and whom they mean
    "motorcar": ("car",),
    "motorcycle": ("motorcycle",),
    "hgv": ("truck",),
    "goods": ("truck",),
    "motor_vehicle": MOTOR,
    "vehicle": MOTOR,
    "foot": ("foot",),
}


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
        form: `pbf`, `osm` or `osm.gz`.
        clip: ways wholly outside are left out (cutting the others is the builder's).
        progress: told the part of the ways read, as far as it can be known.

    Raises:
        DomainError: `damaged_roads` when the file breaks off or is not OpenStreetMap data.
    """
    reading = _Reading(clip=clip, progress=progress)
    try:
        # a reader without filters is the only one that notices data lost after the last kept object
        reading.read(content, form)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise load_errors.damaged(name, str(error)) from error
    return reading.finish()


@dataclass(slots=True, kw_only=True)
class _Reading:
    clip: Box | None
    progress: Progress
    relevant: frozenset[str] = field(default_factory=relevant_keys)
    ids: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    nodes: array[int] = field(default_factory=lambda: array("q"))
    drawn: list[str] = field(default_factory=list)
    kinds: dict[frozenset[tuple[str, str]], int] = field(default_factory=dict)
    meanings: list[Kind] = field(default_factory=list)
    kind: array[int] = field(default_factory=lambda: array("i"))
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    name: array[int] = field(default_factory=lambda: array("i"))
    barriers: dict[int, int] = field(default_factory=dict)
    barrier_kinds: Counter[str] = field(default_factory=Counter)
    restrictions: list[Restriction] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)
    relations: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    found: list[float] = field(default_factory=lambda: [180.0, 90.0, -180.0, -90.0])
    done: list[tuple[Longs, Longs, Longs, Floats, Any, Any]] = field(default_factory=list)

    def read(self, content: bytes, form: str) -> None:
        source = osmium.io.FileBuffer(content, form)
        processor = osmium.FileProcessor(source).with_locations("flex_mem")
        for entity_kind, keys in _WANTED:
            processor.with_filter(osmium.filter.KeyFilter(*keys).enable_for(entity_kind))
        draw = osmium.geom.WKBFactory().create_linestring
        every, ahead = osmium.geom.ALL, osmium.geom.direction.FORWARD
        entity: Any
        for entity in processor:
            if entity.is_way():
                if self._keep(entity):
                    try:
                        self.drawn.append(draw(entity, every, ahead))
                    except (osmium.InvalidLocationError, RuntimeError):
                        self.drawn.append(_by_hand(entity))
                    if len(self.drawn) >= _CHUNK:
                        self._flush()
            elif entity.is_node():
                self._barrier(entity)
            elif entity.is_relation():
                self._relation(entity)
        self._flush()

    def _keep(self, way: Any) -> bool:
        tags = dict(way.tags)
        water = tags.get("route") == "ferry" or tags.get("waterway") in WATERWAYS
        if "highway" not in tags and not water:
            return False
        key = frozenset([(name, tags[name]) for name in self.relevant.intersection(tags)])
        number = self.kinds.get(key)
        if number is None:
            number = self.kinds[key] = len(self.meanings)
            self.meanings.append(kind_of(tags))
        reason = self.meanings[number].dropped
        if reason is not None:
            self.dropped[reason] += 1
            return False
        refs = [node.ref for node in way.nodes]
        if len(refs) < 2:  # noqa: PLR2004
            self.dropped["one_node"] += 1
            return False
        self.nodes.extend(refs)
        self.ids.append(way.id)
        self.counts.append(len(refs))
        self.kind.append(number)
        called = tags.get("name") or tags.get("ref") or ""
        self.name.append(self.names.setdefault(called, len(self.names)))
        return True

    def _flush(self) -> None:
        """Turn the ways drawn since the last time into columns; drop those outside the box."""
        if not self.drawn:
            return
        counts = np.array(self.counts, np.int64)
        position = _positions(self.drawn, counts)
        columns = (
            np.array(self.ids, np.int64),
            counts,
            np.array(self.nodes, np.int64),
            position,
            np.array(self.kind, np.int32),
            np.array(self.name, np.int32),
        )
        self._widen(position)
        if self.clip is not None:
            columns = self._inside(columns, self.clip)
        self.done.append(columns)
        self.drawn.clear()
        for column in (self.ids, self.counts, self.nodes, self.kind, self.name):
            del column[:]
        self.progress("ways", 0.0)

    def _widen(self, position: Floats) -> None:
        known = position[~np.isnan(position[:, 0])]
        if len(known):
            west, south, east, north = self.found
            (w, s), (e, n) = known.min(axis=0), known.max(axis=0)
            self.found = [min(west, w), min(south, s), max(east, e), max(north, n)]

    def _inside(self, columns: Any, clip: Box) -> Any:
        ids, counts, nodes, position, kind, name = columns
        start = np.concatenate(([0], np.cumsum(counts)))[:-1]
        low, high = np.fmin.reduceat(position, start), np.fmax.reduceat(position, start)
        west, south, east, north = clip
        kept = (low[:, 0] <= east) & (high[:, 0] >= west)
        kept &= (low[:, 1] <= north) & (high[:, 1] >= south)
        self.outside += int(np.count_nonzero(~kept))
        vertices = np.repeat(kept, counts)
        return ids[kept], counts[kept], nodes[vertices], position[vertices], kind[kept], name[kept]

    def _barrier(self, node: Any) -> None:
        tags = dict(node.tags)
        if "barrier" not in tags:
            return
        bars = barred_by(tags)
        if bars:
            self.barriers[node.id] = bars
            self.barrier_kinds[tags["barrier"]] += 1

    def _relation(self, relation: Any) -> None:
        tags = dict(relation.tags)
        if not tags.get("type", "").startswith("restriction"):
            return
        self.relations += 1
        members: dict[str, list[tuple[str, int]]] = {}
        for member in relation.members:
            members.setdefault(member.role, []).append((member.type, member.ref))
        rules, refused = restrictions_of(relation.id, tags, members)
        self.restrictions += rules
        self.turned_away.update(refused)

    def finish(self) -> Ways:
        nothing = (np.empty(0, np.int64),) * 3 + (np.empty((0, 2)),) + (np.empty(0, np.int32),) * 2
        done = self.done or [nothing]
        columns = [np.concatenate(column) for column in zip(*done, strict=True)]
        ids, counts, nodes, position, kind, name = columns
        return Ways(
            id=ids,
            start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            node=nodes,
            position=position,
            kind=kind,
            kinds=tuple(self.meanings),
            name=name,
            names=tuple(self.names),
            barriers=self.barriers,
            restrictions=tuple(self.restrictions),
            report={
                "ways_kept": len(ids),
                "ways_dropped": dict(sorted(self.dropped.items())),
                "ways_outside": self.outside,
                "found": [round(float(edge), 7) for edge in self.found],
                "barrier_kinds": dict(sorted(self.barrier_kinds.items())),
                "restriction_relations": self.relations,
                "restrictions_not_applied": dict(sorted(self.turned_away.items())),
            },
        )


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


def restrictions_of(
    number: int, tags: Mapping[str, str], members: Mapping[str, Iterable[tuple[str, int]]]
) -> tuple[list[Restriction], list[str]]:
    """Read one restriction relation.

    Returns:
        The rules to honour, and the names of the reasons why others of it are not.
    """
    if any(key in tags for key in _TIMED):
        return [], ["conditional"]
    by_role = {role: list(found) for role, found in members.items()}
    sources = tuple(ref for kind, ref in by_role.get("from", ()) if kind == "w")
    targets = tuple(ref for kind, ref in by_role.get("to", ()) if kind == "w")
    via_nodes = tuple(ref for kind, ref in by_role.get("via", ()) if kind == "n")
    via_ways = tuple(ref for kind, ref in by_role.get("via", ()) if kind == "w")
    whole = bool(sources and targets) and bool(via_nodes) != bool(via_ways)
    rules: list[Restriction] = []
    refused: list[str] = []
    for key, rule in tags.items():
        if key != "restriction" and not key.startswith("restriction:"):
            continue
        bars = _bars(key, tags.get("except", ""), tags.get("type", ""))
        reason = _why_not(key, rule, bars, whole=whole)
        if reason is not None:
            refused.append(reason)
            continue
        rules.append(
            Restriction(
                id=number,
                rule=rule,
                from_ways=sources,
                via_nodes=via_nodes,
                via_ways=via_ways,
                to_ways=targets,
                bars=bars,
            )
        )
    if not rules and not refused:
        refused.append("unknown_rule")
    return rules, refused


def _why_not(key: str, rule: str, bars: int, *, whole: bool) -> str | None:
    if key.endswith(":conditional"):
        return "conditional"
    if not bars:
        return "other_vehicles"
    if not rule.startswith(("no_", "only_")):
        return "unknown_rule"
    return None if whole else "incomplete"


def _bars(key: str, excepted: str, kind: str) -> int:
    vehicle = key.partition(":")[2] or kind.partition(":")[2]
    bars = bits_of(_VEHICLES.get(vehicle, ()) if vehicle else MOTOR)
    for word in excepted.replace(",", ";").split(";"):
        bars &= ~bits_of(_VEHICLES.get(word.strip(), ()))
    return bars
