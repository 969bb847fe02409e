"""Minimal-change repair: a team drops out, and as few other TPS as possible change hands.

Every TPS that would move from one remaining team to another pays a price, so the search leaves
the plan alone unless a move is worth it. An idle team that fits takes the beat over as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sispamkota.planning.crews import Beat, Team, fits
from sispamkota.planning.problem import GuardProblem
from sispamkota.planning.search import OPEN, Block, Floats, Ints, cost_of, search

MOVES = 800
MOVE_PRICE_S = 900.0  # what one more TPS changing hands is worth avoiding, seconds (assumption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A plan in the arrays of its problem.

    Attributes:
        problem: the guard problem.
        teams: all teams of the plan, idle ones included.
        anchor_of: per block, the anchor of each TPS.
        sent: (block, anchor) → index of its team.
        desa: TPS code → desa.
        access: TPS code → access, where known.
    """

    problem: GuardProblem
    teams: Sequence[Team]
    anchor_of: Sequence[Ints]
    sent: Mapping[tuple[int, int], int]
    desa: Mapping[str, str]
    access: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The plan after the loss.

    Attributes:
        anchor_of, sent: as in `Running`.
        orphans: TPS that lost their team.
        moved: TPS of other teams that changed hands.
        stand_in: index of the idle team that took the beat over, or None.
    """

    anchor_of: tuple[Ints, ...]
    sent: dict[tuple[int, int], int]
    orphans: tuple[str, ...]
    moved: tuple[str, ...]
    stand_in: int | None


def repair(running: Running, lost: int, *, seed: int = 1, price: float = MOVE_PRICE_S) -> Repair:
    """Repair the plan without team `lost`.

    Args:
        running: the plan.
        lost: index of the team that drops out; it must have a beat.
        seed: seed of the search.
        price: seconds that one TPS of another team changing hands costs.
    """
    k, anchor = next(key for key, team in running.sent.items() if team == lost)
    codes = running.problem.tps[k]
    members = np.flatnonzero(running.anchor_of[k] == anchor)
    orphans = tuple(codes[i] for i in members)
    stand_in = _idle(running, lost, k, anchor, orphans)
    if stand_in is not None:
        sent = {**running.sent, (k, anchor): stand_in}
        return Repair(
            anchor_of=tuple(running.anchor_of),
            sent=sent,
            orphans=orphans,
            moved=(),
            stand_in=stand_in,
        )
    after = _share_out(running, k, anchor, members, seed, price)
    return _written(running, k, anchor, after, orphans)


def _idle(running: Running, lost: int, k: int, anchor: int, orphans: tuple[str, ...]) -> int | None:
    """Return the nearest idle team that may guard the lost beat."""
    beat = _beat(running, k, anchor, orphans)
    row_of = {p: g for g, p in enumerate(running.problem.posts)}
    busy = {*running.sent.values(), lost}
    options = [
        (float(running.problem.ways[k][row_of[team.post], anchor]), t)
        for t, team in enumerate(running.teams)
        if t not in busy and team.post in row_of and fits(team, beat)
    ]
    return min(options)[1] if options else None


def _beat(running: Running, k: int, anchor: int, members: Sequence[str]) -> Beat:
    return Beat(
        kecamatan=running.problem.kecamatan[k],
        anchor=running.problem.tps[k][anchor],
        tps=tuple(members),
        desa=frozenset(running.desa[c] for c in members),
        access=frozenset(running.access[c] for c in members if c in running.access),
    )


def _share_out(
    running: Running, k: int, anchor: int, members: Ints, seed: int, price: float
) -> Ints:
    """Search the block again, one beat fewer, with a price on every move between teams."""
    block, before = running.problem.blocks[k], running.anchor_of[k]
    kept = np.array([a for (b, a) in running.sent if b == k and a != anchor], dtype=np.int64)
    start = before.copy()
    start[members] = OPEN
    travel = np.full_like(block.travel, np.inf)
    for a in kept:
        team = running.teams[running.sent[k, int(a)]]
        travel[a] = block.travel[a] + np.where((before == a) | (start == OPEN), 0.0, price)
        travel[a, ~_allowed(running, k, team)] = np.inf
        travel[a, a] = 0.0
    opening = np.full(block.size, np.inf)
    opening[kept] = 0.0
    priced: Block = replace(block, travel=travel, opening=opening)
    found = search(priced, seed=seed, moves=MOVES, most=len(kept), least=len(kept), start=start)
    greedy = _insert(priced, start)
    best = min((found.anchor_of, greedy), key=lambda a: cost_of(priced, a))
    return np.asarray(best)


def _allowed(running: Running, k: int, team: Team) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which TPS of the block the rules let this team guard."""
    return np.array(
        [
            running.desa[c] not in team.home_desa
            and running.access.get(c, "road") in {"road", *team.transport}
            for c in running.problem.tps[k]
        ]
    )


def _insert(block: Block, start: Ints) -> Ints:
    """Give each open TPS, heaviest penalty first, to the nearest beat with room."""
    solved = start.copy()
    load = np.zeros(block.size, dtype=np.int64)
    np.add.at(load, solved[solved >= 0], block.weight[solved >= 0])
    for i in sorted(np.flatnonzero(solved == OPEN), key=lambda i: (-block.penalty[i], i)):
        way: Floats = np.where(load + block.weight[i] <= block.capacity, block.travel[:, i], np.inf)
        way[load == 0] = np.inf
        best = int(way.argmin())
        if way[best] < block.penalty[i]:
            solved[i] = best
            load[best] += block.weight[i]
    return solved


def _written(
    running: Running, k: int, anchor: int, after: Ints, orphans: tuple[str, ...]
) -> Repair:
    before = running.anchor_of[k]
    codes = running.problem.tps[k]
    sent = {key: team for key, team in running.sent.items() if key != (k, anchor)}
    alone = set(orphans)
    moved = tuple(c for i, c in enumerate(codes) if c not in alone and before[i] != after[i])
    solved = list(running.anchor_of)
    solved[k] = after
    return Repair(anchor_of=tuple(solved), sent=sent, orphans=orphans, moved=moved, stand_in=None)
