"""All duties of a plan together: ends of closures, places, escorts, patrols, junctions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sispamkota.roads.network import Network
from sispamkota.traffic.closing_plan import Closings
from sispamkota.traffic.closings import Planned, closed_segments, ends_of
from sispamkota.traffic.corridors import Scene
from sispamkota.traffic.diversion import Diversion
from sispamkota.traffic.escorts import Escort
from sispamkota.traffic.event_places import Placed
from sispamkota.traffic.hours import Hour
from sispamkota.traffic.posts import (
    Chosen,
    Duty,
    Junction,
    assign_officers,
    choose,
    junctions_of,
    peak,
)

FLOW_DIGITS = 4
"""Decimals of flows in a plan; what depends on them is worked out from what is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """Who does what, when.

    Attributes:
        duties: all of them, with their officers.
        chosen: the choice of junctions.
        wanted: the choice were there officers without end; tells what is missing.
        needed: officers at once for all that is worth it.
        stops: event → junctions its patrol passes.
    """

    duties: tuple[Duty, ...]
    chosen: Chosen
    wanted: Chosen
    needed: int
    stops: Mapping[str, tuple[int, ...]]


def plan_duties(
    scene: Scene,
    closings: Closings,
    hours: Sequence[Hour],
    diversions: Sequence[Diversion],
    escorts: Sequence[Escort],
    people: Sequence[str],
) -> Duties:
    """Say which posts, escorts and patrols there are, and who serves where.

    With no roster at hand posts are chosen as if officers were enough; the gap says how many.
    """
    network, rules = scene.ways.network, scene.rules.posts
    fixed: list[Duty] = []
    options: list[Duty] = []
    for placed, hour in zip(scene.placed, hours, strict=True):
        own = [d for d in diversions if d.event == placed.event.id]
        meets = (
            junctions_of(network, own, np.round(hour.after.flow, FLOW_DIGITS), rules) if own else ()
        )
        by_node = {j.node: j for j in meets}
        held = _fixed(scene, closings, placed, by_node, escorts)
        fixed += held
        taken = {d.node for d in held}
        options += _options(scene, placed, [j for j in meets if j.node not in taken])
    wanted = choose(network, fixed, options, rules, None)
    chosen = choose(network, fixed, options, rules, len(people)) if people else wanted
    _, needed = peak([*fixed, *wanted.duties], rules.relief_min)
    served = assign_officers([*fixed, *chosen.duties], people, rules.relief_min)
    return Duties(
        duties=served,
        chosen=chosen,
        wanted=wanted,
        needed=needed,
        stops={p.event.id: _stops(served, p.event.id) for p in scene.placed},
    )


def _fixed(
    scene: Scene,
    closings: Closings,
    placed: Placed,
    meets: Mapping[int, Junction],
    escorts: Sequence[Escort],
) -> list[Duty]:
    """What an event needs whatever it costs: ends of closures, the place, escort, patrol."""
    event, kind, window = placed.event, scene.kind(placed), scene.window(placed)
    network = scene.ways.network
    own = [p for p in closings.planned if p.event == event.id]
    found = _ends(network, own, meets, kind.end_officers)
    if any(e.event == event.id for e in escorts) and kind.escort_officers:
        found.append(
            Duty(
                id=f"{event.id}-kawal",
                event=event.id,
                task="kawal",
                role="escort",
                node=-1,
                closure=None,
                officers=kind.escort_officers,
                begins=window.setup,
                ends=window.clear,
            )
        )
    if "patroli" in kind.tasks and kind.patrol_officers:
        found.append(
            Duty(
                id=f"{event.id}-patroli",
                event=event.id,
                task="patroli",
                role="patrol",
                node=-1,
                closure=None,
                officers=kind.patrol_officers,
                begins=window.setup,
                ends=window.clear,
            )
        )
    # an event that asks for more officers than that has the others at its place
    so_far = sum(d.officers for d in found)
    at_place = max(kind.place_officers, event.officers_min - so_far)
    if at_place > 0:
        found.append(
            Duty(
                id=f"{event.id}-lokasi",
                event=event.id,
                task="gatur",
                role="place",
                node=nearest_node(network, placed),
                closure=None,
                officers=at_place,
                begins=window.setup,
                ends=window.clear,
            )
        )
    return found


def _ends(
    network: Network, own: Sequence[Planned], meets: Mapping[int, Junction], officers: int
) -> list[Duty]:
    closed = closed_segments(own)
    found: list[Duty] = []
    seen: set[int] = set()
    for planned in own:
        for node in ends_of(network, planned, closed):
            # a junction where two closures end is one post, for the time of both
            if node in seen:
                continue
            seen.add(node)
            there = [p for p in own if node in ends_of(network, p, closed)]
            found.append(
                Duty(
                    id=f"{planned.event}-ujung-{len(found) + 1}",
                    event=planned.event,
                    task="gatur",
                    role="closure_end",
                    node=node,
                    closure=planned.closure.id,
                    officers=officers,
                    begins=min(p.closure.begins for p in there if p.closure.begins),
                    ends=max(p.closure.ends for p in there if p.closure.ends),
                    junction=meets.get(node),
                )
            )
    return found


def _options(scene: Scene, placed: Placed, meets: Sequence[Junction]) -> list[Duty]:
    event, kind, window = placed.event, scene.kind(placed), scene.window(placed)
    ranked = sorted(meets, key=lambda j: (-j.value, j.node))
    return [
        Duty(
            id=f"{event.id}-simpang-{number}",
            event=event.id,
            task="gatur",
            role="junction",
            node=junction.node,
            closure=None,
            officers=kind.post_officers,
            begins=window.setup,
            ends=window.clear,
            junction=junction,
        )
        for number, junction in enumerate(ranked, 1)
    ]


def nearest_node(network: Network, placed: Placed) -> int:
    """Return the end of its road that a place is nearer to."""
    arc, part = int(placed.at.arc[0]), float(placed.at.fraction[0])
    return int(network.tail[arc] if part <= 0.5 else network.head[arc])  # noqa: PLR2004


def _stops(duties: Sequence[Duty], event: str) -> tuple[int, ...]:
    """What a patrol passes: ends of closures, then junctions worth most."""
    own = [d for d in duties if d.event == event and d.node >= 0 and d.role != "place"]
    own.sort(key=lambda d: (not d.mandatory, -(d.junction.value if d.junction else 0.0), d.id))
    return tuple(int(n) for n in dict.fromkeys(np.array([d.node for d in own], int).tolist()))
