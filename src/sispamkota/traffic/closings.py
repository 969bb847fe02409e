"""Closures of an event: what it asks for, and what is proposed before its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, arcs_of, segments_of, validate
from sispamkota.roads.load_ways import distances_m
from sispamkota.roads.network import Bools, Network, Profile
from sispamkota.roads.snap import Snapped
from sispamkota.traffic.events import MOTOR, ClosureWish, TrafficEvent
from sispamkota.traffic.lines import names_of, road_text
from sispamkota.traffic.rules import Kind
from sispamkota.traffic.ways import Ways, segment_metres

ROAD_WIDTH_M = 8.0
LEAST_REACH_M = 50.0
NAMED_WITHIN_M = 1000.0
"""A road named in a wish is closed within this distance of the place, not from end to end."""
PART_ON_LINE = 0.3
"""A piece of road at the end of a line is closed when at least this part of it is on the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The times of an event, UTC."""

    assembly: dt.datetime
    setup: dt.datetime
    starts: dt.datetime
    ends: dt.datetime
    clear: dt.datetime

    def meets(self, begins: dt.datetime | None, ends: dt.datetime | None) -> bool:
        """Say whether another window overlaps the one from set-up to clear."""
        return (begins is None or begins < self.clear) and (ends is None or self.setup < ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A closure of a plan.

    Attributes:
        closure: segments, times, whom it bars.
        event: id of its event.
        proposed: made here, not asked for.
        crowd: the crowd stands there.
        name: how the plan calls it.
        reason: why.
    """

    closure: Closure
    event: str
    proposed: bool
    crowd: bool
    name: Text
    reason: Text


def window_of(event: TrafficEvent, kind: Kind) -> Window:
    """Return the times of an event; those it does not state come from its kind."""
    setup = event.setup_at or event.starts_at - dt.timedelta(minutes=kind.setup_min)
    return Window(
        assembly=setup - dt.timedelta(minutes=kind.assembly_min),
        setup=setup,
        starts=event.starts_at,
        ends=event.ends_at,
        clear=event.ends_at + dt.timedelta(minutes=kind.clear_min),
    )


def reach_of(event: TrafficEvent, kind: Kind) -> float:
    """Return how far the crowd reaches along the road, each way from the place."""
    most = kind.closure_m or LEAST_REACH_M
    if event.crowd is None:
        return most
    needed = event.crowd.high / (kind.crowd_m2 * ROAD_WIDTH_M * 2)
    return float(min(most, max(needed, LEAST_REACH_M)))


def check_wishes(ways: Ways, event: TrafficEvent) -> None:
    """Refuse closures that lie on no road.

    Raises:
        DomainError: `closure_on_no_road`, `closure_outside`, `unknown_road`, ...
    """
    for wish in event.closures:
        _segments(ways, event, wish)


def wished(ways: Ways, event: TrafficEvent, kind: Kind, at: Snapped) -> tuple[Planned, ...]:
    """Return the closures an event asks for."""
    window = window_of(event, kind)
    here = int(ways.network.segment[at.arc[0]])
    found = []
    for number, wish in enumerate(event.closures, 1):
        segments = _segments(ways, event, wish)
        crowd = here in segments if wish.crowd is None else wish.crowd
        roads = road_text(names_of(ways.network, segments))
        said = wish.reason
        found.append(
            Planned(
                closure=Closure(
                    id=f"{event.id}-tutup-{number}",
                    reason=said,
                    kind="segments",
                    segments=segments,
                    begins=wish.begins or window.setup,
                    ends=wish.ends or window.clear,
                    profiles=wish.profiles,
                    exempt=wish.exempt,
                    direction=wish.direction,
                ),
                event=event.id,
                proposed=False,
                crowd=crowd,
                name=Text(wish.name or roads.id, wish.name or roads.en),
                reason=Text(said, said)
                if said
                else Text(f"Diminta untuk {event.name}.", f"Asked for {event.name}."),
            )
        )
    return tuple(found)


def proposals(
    network: Network, event: TrafficEvent, kind: Kind, at: Snapped
) -> tuple[tuple[int, ...], ...]:
    """Return segments that may be closed before a place, from the widest choice to none.

    The road of the place goes first; its continuation follows while all of it stays within reach.
    """
    if not event.propose_closures or kind.closure_m <= 0:
        return ((),)
    chosen = [int(network.segment[at.arc[0]])]
    choices: list[tuple[int, ...]] = [(), tuple(chosen)]
    metres = segment_metres(network)
    ends = _ends_of(network, at)
    while True:
        # the nearer end grows first, so that the closure stays in the middle of the crowd
        for node, gone in sorted(ends, key=lambda e: (e[1], e[0])):
            more = _continuation(network, chosen, node)
            if more is None or gone + metres[more] > kind.closure_m:
                continue
            chosen.append(more)
            choices.append(tuple(sorted(chosen)))
            tail, head = _nodes(network, more)
            ends.remove((node, gone))
            ends.append((head if tail == node else tail, gone + float(metres[more])))
            break
        else:
            return tuple(reversed(choices))


def proposed(
    network: Network, event: TrafficEvent, kind: Kind, segments: Sequence[int]
) -> tuple[Planned, ...]:
    """Return the proposed closure of segments before the place; none for no segments."""
    if not segments:
        return ()
    window = window_of(event, kind)
    roads = road_text(names_of(network, segments))
    where = event.place_name or event.name
    return (
        Planned(
            closure=Closure(
                id=f"{event.id}-tutup",
                reason="",
                kind="segments",
                segments=tuple(segments),
                begins=window.setup,
                ends=window.clear,
                profiles=MOTOR,
                exempt=("emergency",),
            ),
            event=event.id,
            proposed=True,
            crowd=True,
            name=Text(f"{roads.id} di depan {where}", f"{roads.en} before {where}"),
            reason=Text(
                "Massa berdiri di ruas ini; diusulkan program, jangkauan menurut jenis kegiatan.",
                "The crowd stands here; proposed by the program, reach by the kind of event.",
            ),
        ),
    )


def in_window(planned: Iterable[Planned], window: Window) -> tuple[Planned, ...]:
    """Return the closures that are in force at some time of a window."""
    return tuple(p for p in planned if window.meets(p.closure.begins, p.closure.ends))


def standing_in(standing: Iterable[Closure], window: Window) -> tuple[Closure, ...]:
    """Return the standing closures that are in force at some time of a window."""
    return tuple(c for c in standing if window.meets(c.begins, c.ends))


def barred(
    network: Network,
    closures: Iterable[Closure],
    profile: Profile,
    exempt_as: str | None = None,
) -> Bools:
    """Return per arc whether one of the closures bars a profile, whatever the time."""
    shut = np.zeros(network.arcs, np.bool_)
    for closure in closures:
        if closure.bars(profile, exempt_as):
            shut |= arcs_of(network, closure)
    return shut


def closed_segments(planned: Iterable[Planned]) -> frozenset[int]:
    """Return all segments that closures name."""
    return frozenset(s for p in planned for s in p.closure.segments)


def ends_of(network: Network, planned: Planned, closed: frozenset[int]) -> list[int]:
    """Return the junctions where a closure meets roads that stay open to vehicles."""
    bits = np.zeros(network.arcs, np.bool_)
    for profile in planned.closure.profiles:
        bits |= network.usable(profile)
    shut = np.isin(network.segment, list(closed))
    open_ = bits & ~shut
    touched = np.union1d(network.tail[open_], network.head[open_])
    own = np.isin(network.segment, planned.closure.segments)
    at = np.union1d(network.tail[own], network.head[own])
    return [int(n) for n in np.intersect1d(at, touched)]


def _segments(ways: Ways, event: TrafficEvent, wish: ClosureWish) -> tuple[int, ...]:
    network = ways.network
    if wish.road is not None:
        return _named(network, event, wish.road)
    if wish.line:
        return _on_line(ways, event, wish)
    made = Closure(
        id=event.id,
        reason=wish.reason,
        kind="area" if wish.area else "way" if wish.way is not None else "segments",
        segments=wish.segments,
        ways=() if wish.way is None else (wish.way,),
        area=wish.area or None,
        profiles=wish.profiles,
    )
    validate(network, made)
    found = segments_of(network, made)
    # roads nobody barred may use anyway (a path within the area) are no part of the closure
    used = np.zeros(network.segments, np.bool_)
    for profile in wish.profiles:
        used[network.segment[network.usable(profile)]] = True
    return tuple(int(s) for s in found if used[s])


def _named(network: Network, event: TrafficEvent, road: str) -> tuple[int, ...]:
    wanted = road.casefold()
    names = [i for i, n in enumerate(network.names) if n and n.casefold() == wanted]
    segments = np.flatnonzero(np.isin(network.name, names))
    start = network.shape_start
    middle = network.shape[(start[segments] + start[segments + 1] - 1) // 2]
    away = distances_m(middle.reshape(-1, 2), np.array(event.place))
    near = segments[away <= NAMED_WITHIN_M]
    if len(near):
        return tuple(int(s) for s in near)
    shown = sorted(n for n in network.names if n and wanted[:4] in n.casefold())[:5]
    raise DomainError(
        "unknown_road",
        Text(
            f"kegiatan '{event.id}': tidak ada jalan '{road}' dalam {NAMED_WITHIN_M:.0f} m "
            "dari tempatnya",
            f"event '{event.id}': there is no road '{road}' within {NAMED_WITHIN_M:.0f} m of it",
        ),
        Text(
            "Periksa ejaan" + (f"; mirip: {', '.join(shown)}." if shown else ", atau gambar line."),
            "Check the spelling"
            + (f"; similar: {', '.join(shown)}." if shown else ", or draw a line."),
        ),
        {"event": event.id, "road": road, "near": shown},
    )


def _on_line(ways: Ways, event: TrafficEvent, wish: ClosureWish) -> tuple[int, ...]:
    stops = ways.snap(wish.line)
    segments: set[int] = set()
    for row in range(len(stops) - 1):
        a, b = stops.take(slice(row, row + 1)), stops.take(slice(row + 1, row + 2))
        if a.far[0] or b.far[0]:
            raise _off(event, wish.line[row if a.far[0] else row + 1])
        there = ways.way(ways.from_place(a), ways.to_place(b))
        back = ways.way(ways.from_place(b), ways.to_place(a))
        found = min((w for w in (there, back) if w), key=lambda w: w.length_m, default=None)
        if found is None:
            raise _off(event, wish.line[row])
        for i, arc in enumerate(found.arcs):
            begin = found.begins if i == 0 else 0.0
            end = found.ends if i == len(found.arcs) - 1 else 1.0
            if end - begin >= PART_ON_LINE or len(found.arcs) == 1:
                segments.add(int(ways.network.segment[arc]))
    return tuple(sorted(segments))


def _off(event: TrafficEvent, point: tuple[float, float]) -> DomainError:
    return DomainError(
        "closure_on_no_road",
        Text(
            f"kegiatan '{event.id}': garis penutupan di {point[0]:.5f}, {point[1]:.5f} tidak di "
            "jalan",
            f"event '{event.id}': the line of closure at {point[0]:.5f}, {point[1]:.5f} is on no "
            "road",
        ),
        Text("Gambar garis di atas jalan.", "Draw the line on a road."),
        {"event": event.id, "place": list(point)},
    )


def _nodes(network: Network, segment: int) -> tuple[int, int]:
    arc = int(np.flatnonzero(network.segment == segment)[0])
    return int(network.tail[arc]), int(network.head[arc])


def _ends_of(network: Network, at: Snapped) -> list[tuple[int, float]]:
    """Both ends of the place's piece of road, each with its distance from the place."""
    arc, part = int(at.arc[0]), float(at.fraction[0])
    length = float(network.length_m[arc])
    return [
        (int(network.tail[arc]), part * length),
        (int(network.head[arc]), (1 - part) * length),
    ]


def _continuation(network: Network, chosen: Sequence[int], node: int) -> int | None:
    """The piece that goes on from a junction under the same name; where names lack, straight on."""
    last = next(s for s in chosen if node in _nodes(network, s))
    car = network.usable("car")
    here = np.flatnonzero(((network.tail == node) | (network.head == node)) & car)
    others = sorted({int(s) for s in network.segment[here]} - set(chosen))
    name = network.name[last]
    same = [s for s in others if network.name[s] == name and name > 0]
    if same:
        return same[0]
    return others[0] if len(others) == 1 else None
