"""Closures of all events together, so that every event keeps its emergency corridor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sispamkota.kernel.text import Text
from sispamkota.traffic.closings import Planned, proposals, proposed, wished
from sispamkota.traffic.corridors import Corridor, Scene, find_corridors, refused


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closings:
    """Closures that hold together.

    Attributes:
        planned: all closures, in order of events.
        corridors: two of every event.
        remarks: proposals that gave way.
    """

    planned: tuple[Planned, ...]
    corridors: tuple[Corridor, ...]
    remarks: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """Per event, closures asked for, and choices of proposed segments from the widest to none."""

    asked: Sequence[tuple[Planned, ...]]
    choices: Sequence[tuple[tuple[int, ...], ...]]


def plan_closures(scene: Scene) -> Closings:
    """Choose closures: all that are asked for, and as much of the proposals as corridors allow.

    Raises:
        DomainError: `corridor_cut` where closures asked for cut a corridor.
    """
    network = scene.ways.network
    wish = _Wish(
        asked=[wished(scene.ways, p.event, scene.kind(p), p.at) for p in scene.placed],
        choices=[proposals(network, p.event, scene.kind(p), p.at) for p in scene.placed],
    )
    level = [0] * len(wish.choices)
    while True:
        planned = _all(scene, wish, level)
        corridors: list[Corridor] = []
        for row, placed in enumerate(scene.placed):
            found = find_corridors(scene, placed, planned)
            if found is None:
                _give_way(scene, row, wish, level)
                break
            corridors += found
        else:
            return Closings(
                planned=planned,
                corridors=tuple(corridors),
                remarks=_remarks(scene, wish.choices, level),
            )


def _all(scene: Scene, wish: _Wish, level: Sequence[int]) -> tuple[Planned, ...]:
    found: list[Planned] = []
    for row, placed in enumerate(scene.placed):
        found += wish.asked[row]
        taken = {s for p in wish.asked[row] for s in p.closure.segments}
        segments = tuple(s for s in wish.choices[row][level[row]] if s not in taken)
        found += proposed(scene.ways.network, placed.event, scene.kind(placed), segments)
    return tuple(found)


def _give_way(scene: Scene, row: int, wish: _Wish, level: list[int]) -> None:
    """Make one proposal smaller: one that helps, the event's own before those at the same time.

    Raises:
        DomainError: `corridor_cut` where none can.
    """
    window = scene.window(scene.placed[row])
    others = [
        other
        for other, placed in enumerate(scene.placed)
        if other != row and window.meets(scene.window(placed).setup, scene.window(placed).clear)
    ]
    able = [c for c in (row, *others) if level[c] + 1 < len(wish.choices[c])]
    for candidate in able:
        without = [*level]
        without[candidate] = len(wish.choices[candidate]) - 1
        if find_corridors(scene, scene.placed[row], _all(scene, wish, without)):
            level[candidate] += 1
            return
    if not able:
        raise refused(scene, scene.placed[row], _all(scene, wish, level))
    level[able[0]] += 1


def _remarks(
    scene: Scene, choices: Sequence[tuple[tuple[int, ...], ...]], level: Sequence[int]
) -> tuple[Text, ...]:
    found = []
    for placed, options, taken in zip(scene.placed, choices, level, strict=True):
        if taken:
            left = len(options[0]) - len(options[taken])
            name = placed.event.name
            found.append(
                Text(
                    f"{name}: usulan penutupan dikurangi {left} ruas supaya ambulans tetap sampai.",
                    f"{name}: the proposed closure gave up {left} segment(s) so that an ambulance "
                    "gets there.",
                )
            )
    return tuple(found)
