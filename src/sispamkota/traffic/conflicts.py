"""Where events get in each other's way: the same road at the same hour, rivals who meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sispamkota.kernel.text import Text
from sispamkota.roads.network import Network
from sispamkota.traffic.approaches import Approach, meet
from sispamkota.traffic.lines import names_of, road_text

KINDS = (
    "same_road_same_hour",
    "rival_groups_meet",
    "closure_blocks_route",
    "officers_short",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Roads that an event uses for some time.

    Attributes:
        event: id.
        what: closure or route.
        segments: which.
        begins, ends: UTC.
    """

    event: str
    what: str
    segments: frozenset[int]
    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two events that get in each other's way.

    Attributes:
        kind: one of `KINDS`.
        events: their ids; the same twice for groups of one event.
        segments: where.
        begins, ends: when.
        detail: in words.
    """

    kind: str
    events: tuple[str, str]
    segments: tuple[int, ...]
    begins: dt.datetime
    ends: dt.datetime
    detail: Text


WAYS = ("route", "approach")
"""What is asked for and cannot be moved without asking: the STTP names both."""


def between_events(network: Network, uses: Sequence[Use]) -> tuple[Conflict, ...]:
    """Return roads that two events use at the same time, and closures that block a route."""
    found: list[Conflict] = []
    names = sorted({u.event for u in uses})
    for one, other in combinations(names, 2):
        first = [u for u in uses if u.event == one]
        second = [u for u in uses if u.event == other]
        shared = [
            (a, b, a.segments & b.segments)
            for a in first
            for b in second
            if a.begins < b.ends and b.begins < a.ends and a.segments & b.segments
        ]
        same = [(a, b, s) for a, b, s in shared if (a.what in WAYS) == (b.what in WAYS)]
        block = [(a, b, s) for a, b, s in shared if (a.what in WAYS) != (b.what in WAYS)]
        if same:
            found.append(_conflict(network, "same_road_same_hour", (one, other), same))
        for closing, going in ((one, other), (other, one)):
            own = [
                (a, b, s) for a, b, s in block if (a if a.what == "closure" else b).event == closing
            ]
            if own:
                found.append(_conflict(network, "closure_blocks_route", (closing, going), own))
    return tuple(found)


def between_groups(network: Network, approaches: Sequence[Approach]) -> tuple[Conflict, ...]:
    """Return groups whose ways share road at the same time."""
    found = []
    for one, other in combinations(approaches, 2):
        if not meet(one.coming, other.coming):
            continue
        segments = np.intersect1d(
            network.segment[list(one.way.arcs)], network.segment[list(other.way.arcs)]
        )
        if not len(segments):
            continue
        roads = road_text(names_of(network, segments.tolist()))
        a, b = one.coming, other.coming
        found.append(
            Conflict(
                kind="rival_groups_meet",
                events=(a.event, b.event),
                segments=tuple(int(s) for s in segments),
                begins=max(a.begins, b.begins),
                ends=min(a.ends, b.ends),
                detail=Text(
                    f"{a.group.label} dan {b.group.label} melewati ruas yang sama ({roads.id}): "
                    "beri jarak waktu atau pengawalan.",
                    f"{a.group.label} and {b.group.label} use the same road ({roads.en}): keep "
                    "them apart in time or escort them.",
                ),
            )
        )
    return tuple(found)


def officers_short(
    events: Sequence[str], at: dt.datetime, until: dt.datetime, needed: int, available: int
) -> Conflict:
    """Return the lack of officers when events take them at once."""
    first, last = events[0], events[-1]
    return Conflict(
        kind="officers_short",
        events=(first, last),
        segments=(),
        begins=at,
        ends=until,
        detail=Text(
            f"Perlu {needed} petugas bersamaan, tersedia {available}: kurang {needed - available}.",
            f"{needed} officers are needed at once, {available} are there: "
            f"{needed - available} short.",
        ),
    )


def _conflict(
    network: Network,
    kind: str,
    events: tuple[str, str],
    shared: Sequence[tuple[Use, Use, frozenset[int]]],
) -> Conflict:
    segments = tuple(sorted({s for _, _, common in shared for s in common}))
    roads = road_text(names_of(network, segments))
    begins = min(max(a.begins, b.begins) for a, b, _ in shared)
    ends = max(min(a.ends, b.ends) for a, b, _ in shared)
    detail = (
        Text(
            f"Kedua kegiatan memakai {roads.id} pada jam yang sama.",
            f"Both events use {roads.en} at the same hour.",
        )
        if kind == "same_road_same_hour"
        else Text(
            f"Penutupan satu kegiatan memotong rute kegiatan lain di {roads.id}.",
            f"The closure of one event blocks the route of the other at {roads.en}.",
        )
    )
    return Conflict(
        kind=kind, events=events, segments=segments, begins=begins, ends=ends, detail=detail
    )
