"""Closures as the store keeps them: who closed what, until when, and who lifted it.

What was named when a road was closed is kept beside where it lay, so that a closure outlives the
import of a newer road file: its pieces are found again by place and way number.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

import numpy as np
import shapely

from sispamkota.actions.closure_windows import moment, window_state
from sispamkota.actions.kept import Kept
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, arcs_of
from sispamkota.roads.network import PROFILES, Longs, Network, Profile
from sispamkota.storage.store import ImportMark
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.positions import KM_PER_DEGREE

ClosureState: TypeAlias = Literal["in_force", "planned", "past", "lifted"]
STATE_NAMES: dict[ClosureState, Text] = {
    "in_force": Text("berlaku", "in force"),
    "planned": Text("direncanakan", "planned"),
    "past": Text("sudah lewat", "over"),
    "lifted": Text("dibuka kembali", "lifted"),
}
FOUND_AGAIN_M = 30.0
"""A piece of a newer network so near to the middle of a closed one is taken for the same."""
MARKED = ("closures", "roads")
"""Kinds of imports that the version counts."""
MOST_BY_NAME = 100
"""Imports asked for by their ids; of more than these all are read."""
Mark: TypeAlias = tuple[int, float, float]
"""Way number, lon and lat of the middle of a closed piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """Who opened a road again, why and when."""

    person: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingClosure:
    """One closure with what became of it.

    Attributes:
        id: stable name.
        closure: what is closed on the network of today.
        spec: as it was written down.
        person, reason, made_at: who closed it, why and when.
        lifted: the end of it; None while it stands.
        outdated: it was made on another network than that of today.
        lost: pieces of it that the network of today does not have.
        arcs: what it closes, ascending; found once, for every question asks.
    """

    id: str
    closure: Closure
    spec: Mapping[str, Any]
    person: str
    reason: str
    made_at: dt.datetime
    lifted: Lifting | None = None
    outdated: bool = False
    lost: int = 0
    arcs: Longs = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)

    def state(self, at: dt.datetime) -> ClosureState:
        """Return whether it is in force at a moment, still to come, over, or lifted."""
        if self.lifted is not None:
            return "lifted"
        return window_state(self.closure.begins, self.closure.ends, at)

    @property
    def title(self) -> Text:
        """What is closed, in a few words."""
        return Text(**self.spec["title"])


@dataclass(slots=True)
class _Known:
    """Closures of one workspace as they were read last: what did not change is not read again.

    Rows never change once they are kept; imports only come and are withdrawn.
    """

    rows: dict[ImportMark, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    standing: dict[Hashable, StandingClosure] = field(default_factory=dict)


_KNOWN: Kept[_Known] = Kept(2)


def closures_version(workspace: Workspace) -> int:
    """Return the number that grows with every closing, lifting and road import, and their undo."""
    return version_of(workspace.store.marks(MARKED))


def version_of(marks: Sequence[ImportMark]) -> int:
    """Return `closures_version` of these imports."""
    return len(marks) + sum(mark.withdrawn for mark in marks)


def read_closures(
    workspace: Workspace, network: Network, sha256: str, marks: Sequence[ImportMark]
) -> tuple[StandingClosure, ...]:
    """Return the closures of a workspace in order of their making, on its network of today.

    Args:
        workspace: an open workspace.
        network: its network of today.
        sha256: digest of the network.
        marks: the imports of kinds `MARKED`.
    """
    known = _KNOWN.get(str(workspace.folder), _Known)
    marks = [m for m in marks if m.kind == "closures" and not m.withdrawn]
    rows = _rows_of(workspace, known.rows, marks)
    made: dict[str, list[tuple[ImportMark, Mapping[str, Any]]]] = {}
    for mark in marks:
        for row in rows[mark]:
            made.setdefault(row["id"], []).append((mark, row))
    standing: dict[Hashable, StandingClosure] = {}
    for closure_id, decisions in made.items():
        key = (closure_id, sha256, tuple(mark for mark, _ in decisions))
        found = known.standing.get(key)
        standing[key] = found or _standing([row for _, row in decisions], network, sha256)
    known.rows, known.standing = rows, standing
    return tuple(standing.values())


def _rows_of(
    workspace: Workspace,
    known: Mapping[ImportMark, tuple[Mapping[str, Any], ...]],
    marks: Sequence[ImportMark],
) -> dict[ImportMark, tuple[Mapping[str, Any], ...]]:
    """Return the rows of each import, of which only the new ones are read."""
    fresh = {mark.id: mark for mark in marks if mark not in known}
    wanted = None if len(fresh) > MOST_BY_NAME else list(fresh)
    found: dict[ImportMark, list[Mapping[str, Any]]] = {mark: [] for mark in fresh.values()}
    if fresh:
        for row in workspace.store.history("closures", wanted).iter_rows(named=True):
            if row["import_id"] in fresh:
                found[fresh[row["import_id"]]].append(row)
    return {mark: known[mark] if mark in known else tuple(found[mark]) for mark in marks}


def _standing(
    decisions: Sequence[Mapping[str, Any]], network: Network, sha256: str
) -> StandingClosure:
    first, last = decisions[0], decisions[-1]
    spec = json.loads(first["spec"])
    outdated = spec["network"] != sha256
    marks = [(int(w), float(x), float(y)) for w, x, y in spec["marks"]]
    segments = found_again(network, marks) if outdated else tuple(spec["segments"])
    lifted = None
    if last["state"] == "lifted":
        lifted = Lifting(person=last["person"], reason=last["reason"], at=last["made_at"])
    closure = closure_of(first["id"], first["reason"], spec, segments)
    return StandingClosure(
        id=first["id"],
        closure=closure,
        spec=spec,
        person=first["person"],
        reason=first["reason"],
        made_at=first["made_at"],
        lifted=lifted,
        outdated=outdated,
        lost=max(0, len(marks) - len(segments)) if outdated and not spec["area"] else 0,
        arcs=np.flatnonzero(arcs_of(network, closure)),
    )


def closure_of(
    closure_id: str, reason: str, spec: Mapping[str, Any], segments: Sequence[int]
) -> Closure:
    """Return the closure that a record describes; an area closes what lies in it today."""
    area = spec["area"]
    return Closure(
        id=closure_id,
        reason=reason,
        kind=spec["kind"] if area else "segments",
        segments=() if area else tuple(segments),
        area=tuple((float(x), float(y)) for x, y in area) if area else None,
        begins=moment(spec["begins"]),
        ends=moment(spec["ends"]),
        profiles=tuple(cast("Profile", p) for p in spec["profiles"]) or PROFILES,
        exempt=tuple(spec["exempt"]),
        direction=spec["direction"],
    )


def marks_of(network: Network, segments: Sequence[int]) -> list[Mark]:
    """Return way number and middle of each piece, to find it again on another network."""
    marks = []
    for segment in segments:
        shape = network.shape[network.shape_start[segment] : network.shape_start[segment + 1]]
        middle = shapely.line_interpolate_point(shapely.linestrings(shape), 0.5, normalized=True)
        marks.append((int(network.way[segment]), round(middle.x, 6), round(middle.y, 6)))
    return marks


def found_again(network: Network, marks: Sequence[Mark]) -> tuple[int, ...]:
    """Return the pieces of a network at these places, those of the same way first."""
    lines = segment_lines(network)
    tree = shapely.STRtree(lines)
    found: dict[int, None] = {}
    for way, lon, lat in marks:
        near = tree.query(
            shapely.points(lon, lat),
            predicate="dwithin",
            distance=FOUND_AGAIN_M / (1000 * KM_PER_DEGREE),
        )
        same = near[network.way[near] == way]
        chosen = same if len(same) else near
        if len(chosen):
            away = shapely.distance(lines[chosen], shapely.points(lon, lat))
            found.setdefault(int(chosen[int(np.argmin(away))]))
    return tuple(found)


def segment_lines(network: Network) -> Any:
    """Return every piece of road as a line, lon and lat."""
    counts = np.diff(network.shape_start)
    return shapely.linestrings(network.shape, indices=np.repeat(np.arange(len(counts)), counts))
