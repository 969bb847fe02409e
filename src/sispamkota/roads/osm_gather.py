"""What a reader of OpenStreetMap finds: ways as columns, barriers, restrictions, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sispamkota.roads.load_ways import Box, Progress, Restriction, Ways
from sispamkota.roads.network import Floats, Ints, Longs
from sispamkota.roads.osm_restrictions import restrictions_of
from sispamkota.roads.profiles import WATERWAYS, Kind, barred_by, kind_of, relevant_keys


class Columns(NamedTuple):
    """Some of the ways: one row each, and the vertices of all of them in turn."""

    id: Longs
    sizes: Longs
    node: Longs
    position: Floats
    kind: Ints
    name: Ints


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Collects what a reader finds, in the order of the file.

    Attributes:
        clip: ways wholly outside are left out and counted.
        progress: told that ways were read.
    """

    clip: Box | None
    progress: Progress
    relevant: frozenset[str] = field(default_factory=relevant_keys)
    kinds: dict[frozenset[tuple[str, str]], int] = field(default_factory=dict)
    meanings: list[Kind] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    barriers: dict[int, tuple[int, str]] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    turned_away: Counter[str] = field(default_factory=Counter)
    relations: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    found: list[float] = field(default_factory=lambda: [180.0, 90.0, -180.0, -90.0])
    done: list[Columns] = field(default_factory=list)

    def kind(self, tags: Mapping[str, str]) -> int | None:
        """Return the number of what the tags mean; None = nothing to do with roads."""
        water = tags.get("route") == "ferry" or tags.get("waterway") in WATERWAYS
        if "highway" not in tags and not water:
            return None
        key = frozenset([(name, tags[name]) for name in self.relevant.intersection(tags)])
        number = self.kinds.get(key)
        if number is None:
            number = self.kinds[key] = len(self.meanings)
            self.meanings.append(kind_of(dict(key)))
        return number

    def takes(self, kind: int, nodes: int) -> bool:
        """Whether ways of the kind, with so many nodes, are kept; counts those that are not."""
        reason = self.meanings[kind].dropped
        if reason is None and nodes < 2:  # noqa: PLR2004
            reason = "one_node"
        if reason is not None:
            self.dropped[reason] += 1
        return reason is None

    def named(self, name: str | None, ref: str | None) -> int:
        """Return the number of a name, or of the road's number where it has no name."""
        return self.names.setdefault(name or ref or "", len(self.names))

    def add(self, columns: Columns) -> None:
        """Take ways in; drop those outside the box."""
        if not len(columns.id):
            return
        self._widen(columns.position)
        self.done.append(columns if self.clip is None else self._inside(columns, self.clip))

    def _widen(self, position: Floats) -> None:
        known = position[~np.isnan(position[:, 0])]
        if len(known):
            west, south, east, north = self.found
            (w, s), (e, n) = known.min(axis=0), known.max(axis=0)
            self.found = [min(west, w), min(south, s), max(east, e), max(north, n)]

    def _inside(self, columns: Columns, clip: Box) -> Columns:
        ids, counts, nodes, position, kind, name = columns
        start = np.concatenate(([0], np.cumsum(counts)))[:-1]
        low, high = np.fmin.reduceat(position, start), np.fmax.reduceat(position, start)
        west, south, east, north = clip
        kept = (low[:, 0] <= east) & (high[:, 0] >= west)
        kept &= (low[:, 1] <= north) & (high[:, 1] >= south)
        self.outside += int(np.count_nonzero(~kept))
        vertices = np.repeat(kept, counts)
        return Columns(
            ids[kept], counts[kept], nodes[vertices], position[vertices], kind[kept], name[kept]
        )

    def barrier(self, node: int, tags: Mapping[str, str]) -> None:
        """Take a node with `barrier` in."""
        if "barrier" not in tags:
            return
        bars = barred_by(tags)
        if bars:
            self.barriers[node] = bars, tags["barrier"]

    def relation(
        self, number: int, tags: Mapping[str, str], members: Iterable[tuple[str, str, int]]
    ) -> None:
        """Take a relation in, its members as (role, kind `n`, `w` or `r`, number)."""
        if not tags.get("type", "").startswith("restriction"):
            return
        self.relations += 1
        by_role: dict[str, list[tuple[str, int]]] = {}
        for role, kind, ref in members:
            by_role.setdefault(role, []).append((kind, ref))
        rules, refused = restrictions_of(number, tags, by_role)
        self.restrictions += rules
        self.turned_away.update(refused)

    def finish(self) -> Ways:
        """Return all ways that were taken in."""
        nothing = Columns(
            *(np.empty(0, np.int64),) * 3, np.empty((0, 2)), *(np.empty(0, np.int32),) * 2
        )
        done = zip(*(self.done or [nothing]), strict=True)
        columns = Columns(*(np.concatenate(column) for column in done))
        # fences and walls have nodes too; only those on roads matter
        known = np.array(sorted(self.barriers), np.int64)
        standing = known[np.isin(known, columns.node)].tolist()
        return Ways(
            id=columns.id,
            start=np.concatenate(([0], np.cumsum(columns.sizes))).astype(np.int64),
            node=columns.node,
            position=columns.position,
            kind=columns.kind,
            kinds=tuple(self.meanings),
            name=columns.name,
            names=tuple(self.names),
            barriers={node: self.barriers[node][0] for node in standing},
            restrictions=tuple(self.restrictions),
            report={
                "ways_kept": len(columns.id),
                "ways_dropped": dict(sorted(self.dropped.items())),
                "ways_outside": self.outside,
                "found": [round(float(edge), 7) for edge in self.found],
                "barrier_kinds": dict(
                    sorted(Counter(self.barriers[n][1] for n in standing).items())
                ),
                "restriction_relations": self.relations,
                "restrictions_not_applied": dict(sorted(self.turned_away.items())),
            },
        )
