"""Moves by hand: what they are called, and which TPS, beat and team are where after them.

A layout is the bare arrangement. A beat keeps its id while a plan is being edited, even where it
has lost its team or its last TPS, so that a later move can fill it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

MOST_OPS = 2000  # one sitting of a planner holds far fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTps:
    """Give a TPS to another beat; `to` None leaves it open."""

    tps: str
    to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTeam:
    """Send a team to a beat; the team that is there takes its place. `to` None makes it idle."""

    team: str
    to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBeat:
    """Make a beat of some TPS for a team, whatever both did before."""

    tps: tuple[str, ...]
    team: str


Op = MoveTps | MoveTeam | NewBeat


@dataclass(slots=True, kw_only=True)
class Layout:
    """Which TPS are in which beat, and which team has it.

    Attributes:
        beat_of: TPS → beat, None where it is open.
        team_of: beat → team, None where it has none.
        beat_with: team → beat, None where it is idle.
        area: beat → kecamatan.
        kecamatan: TPS → kecamatan.
    """

    beat_of: dict[str, str | None]
    team_of: dict[str, str | None]
    beat_with: dict[str, str | None]
    area: dict[str, str]
    kecamatan: Mapping[str, str]

    def copy(self) -> Layout:
        """Return a layout of its own that begins like this one."""
        return Layout(
            beat_of=dict(self.beat_of),
            team_of=dict(self.team_of),
            beat_with=dict(self.beat_with),
            area=dict(self.area),
            kecamatan=self.kecamatan,
        )

    def members(self) -> dict[str, list[str]]:
        """Return beat → its TPS in order of code, every beat that there ever was."""
        found: dict[str, list[str]] = {beat: [] for beat in self.team_of}
        for tps in sorted(self.beat_of):
            beat = self.beat_of[tps]
            if beat is not None:
                found[beat].append(tps)
        return found


def layout_of(plan: Mapping[str, Any], kecamatan: Mapping[str, str]) -> Layout:
    """Return the layout of a plan; `kecamatan` maps every TPS to its own."""
    beats = plan["beats"]
    crews = (*plan["teams_detail"], *plan["spare_teams"])
    beat_of: dict[str, str | None] = dict.fromkeys(kecamatan)
    beat_of.update({t: b["id"] for b in beats for t in b["tps"]})
    return Layout(
        beat_of=beat_of,
        team_of={b["id"]: b["team"] for b in beats},
        beat_with=dict.fromkeys(t["id"] for t in crews) | {b["team"]: b["id"] for b in beats},
        area={b["id"]: b["kecamatan"] for b in beats},
        kecamatan=kecamatan,
    )


def parse_ops(raw: Sequence[Any]) -> tuple[Op, ...]:
    """Read moves as they come from a file or a browser.

    Raises:
        DomainError: `bad_edit` with the number of the first move that is none.
    """
    if len(raw) > MOST_OPS:
        raise _bad_edit(MOST_OPS, f"{len(raw)} > {MOST_OPS}")
    return tuple(_parse(number, one) for number, one in enumerate(raw, start=1))


def _parse(number: int, raw: Any) -> Op:
    match raw:
        case {"op": "move_tps", "tps": str(tps), "to": str() | None as to} if len(raw) == 3:  # noqa: PLR2004
            return MoveTps(tps=tps, to=to)
        case {"op": "move_team", "team": str(team), "to": str() | None as to} if len(raw) == 3:  # noqa: PLR2004
            return MoveTeam(team=team, to=to)
        case {"op": "new_beat", "tps": [*codes], "team": str(team)} if len(raw) == 3:  # noqa: PLR2004
            if codes and all(isinstance(c, str) for c in codes):
                return NewBeat(tps=tuple(dict.fromkeys(codes)), team=team)
    raise _bad_edit(number, str(raw)[:200])


def apply_ops(base: Layout, ops: Sequence[Op]) -> Layout:
    """Return the layout after the moves; the same base and moves give the same layout.

    Raises:
        DomainError: `unknown_tps`, `unknown_beat` or `unknown_team`.
    """
    layout = base.copy()
    for op in ops:
        match op:
            case MoveTps(tps=tps, to=to):
                _move_tps(layout, tps, to)
            case MoveTeam(team=team, to=to):
                _move_team(layout, team, to)
            case NewBeat(tps=codes, team=team):
                _new_beat(layout, codes, team)
    return layout


def _move_tps(layout: Layout, tps: str, to: str | None) -> None:
    if tps not in layout.beat_of:
        _unknown("tps", tps)
    if to is not None and to not in layout.team_of:
        _unknown("beat", to)
    layout.beat_of[tps] = to


def _move_team(layout: Layout, team: str, to: str | None) -> None:
    if team not in layout.beat_with:
        _unknown("team", team)
    if to is not None and to not in layout.team_of:
        _unknown("beat", to)
    left = layout.beat_with[team]
    other = None if to is None else layout.team_of[to]
    if left is not None:
        layout.team_of[left] = None
    if other is not None:
        layout.beat_with[other] = left
        if left is not None:
            layout.team_of[left] = other
    layout.beat_with[team] = to
    if to is not None:
        layout.team_of[to] = team


def _new_beat(layout: Layout, codes: Sequence[str], team: str) -> None:
    for tps in codes:
        if tps not in layout.beat_of:
            _unknown("tps", tps)
    area = layout.kecamatan[codes[0]]
    used = [running_number(b) for b, k in layout.area.items() if k == area]
    beat = f"{area}-B{max(used, default=0) + 1:02d}"
    layout.area[beat] = area
    layout.team_of[beat] = None
    _move_team(layout, team, beat)
    for tps in codes:
        layout.beat_of[tps] = beat


def running_number(beat: str) -> int:
    """Return the number in a beat's id, 0 where it has none."""
    digits = beat.rpartition("-B")[2]
    return int(digits) if digits.isdecimal() else 0


_WORDS = {
    "tps": (Text("TPS", "TPS"), "unknown_tps"),
    "beat": (Text("beat", "beat"), "unknown_beat"),
    "team": (Text("tim", "team"), "unknown_team"),
}


def _unknown(kind: str, name: str) -> NoReturn:
    word, code = _WORDS[kind]
    raise DomainError(
        code,
        Text(
            f"tidak ada {word.id} '{name}' di rencana ini", f"this plan has no {word.en} '{name}'"
        ),
        Text(
            "Muat ulang rencana; pakai kode yang tertulis di dalamnya.",
            "Load the plan again; use the codes that are written in it.",
        ),
        {kind: name},
    )


def _bad_edit(number: int, value: str) -> DomainError:
    return DomainError(
        "bad_edit",
        Text(f"langkah {number} bukan perpindahan", f"step {number} is no move"),
        Text(
            'Langkah: {"op": "move_tps", "tps", "to"}, {"op": "move_team", "team", "to"} atau '
            '{"op": "new_beat", "tps": [...], "team"}; paling banyak 2.000.',
            'A step is {"op": "move_tps", "tps", "to"}, {"op": "move_team", "team", "to"} or '
            '{"op": "new_beat", "tps": [...], "team"}; at most 2,000.',
        ),
        {"step": number, "value": value},
    )


__all__ = [
    "Layout",
    "MoveTeam",
    "MoveTps",
    "NewBeat",
    "Op",
    "apply_ops",
    "layout_of",
    "parse_ops",
    "running_number",
]
