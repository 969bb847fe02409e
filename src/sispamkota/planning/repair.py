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
from sispamkota.planning.search import FORBIDDEN, OPEN, Block, Floats, Ints, cost_of, search

MOVES = 700
DONORS = 3  # kecamatan that are asked for a team
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
    options = [_share_out(running, k, anchor, seed, price)]
    beat = _beat(running, k, anchor, orphans)
    for donor, at in _donors(running, k, anchor):
        if fits(running.teams[running.sent[donor, at]], beat):
            options.append(_borrow(running, (k, anchor), (donor, at), seed, price))
    return _written(running, (k, anchor), min(options, key=lambda o: o.cost), orphans)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    """One way out: the block that changes, its new anchors, its rise in cost, who lends a team."""

    block: int
    anchor_of: Ints
    cost: float
    lender: tuple[int, int] | None = None


def _donors(running: Running, k: int, anchor: int) -> list[tuple[int, int]]:
    """Return the beats that could best do without their team: least risk, in the roomiest blocks.

    A block is roomy where its other teams could carry a beat's load besides their own.
    """
    roomy: list[tuple[float, int, int]] = []
    for d, block in enumerate(running.problem.blocks):
        anchors = [a for (b, a) in running.sent if b == d and (d, a) != (k, anchor)]
        if len(anchors) < 2 or d == k:  # noqa: PLR2004  (one beat has no others to carry it)
            continue
        solved = running.anchor_of[d]
        load = {a: int(block.weight[solved == a].sum()) for a in anchors}
        lightest = min(anchors, key=lambda a: (load[a], a))
        free = block.capacity * (len(anchors) - 1) - (sum(load.values()) - load[lightest])
        roomy.append((load[lightest] / max(free, 1), d, lightest))
    return [(d, a) for _, d, a in sorted(roomy)[:DONORS]]


def _borrow(
    running: Running,
    lost: tuple[int, int],
    lender: tuple[int, int],
    seed: int,
    price: float,
) -> _Option:
    """Let the team of another kecamatan take the lost beat, and share out its own there."""
    found = _share_out(running, lender[0], lender[1], seed, price)
    row_of = {p: g for g, p in enumerate(running.problem.posts)}
    post = row_of[running.teams[running.sent[lender]].post]
    ways = running.problem.ways
    way = float(ways[lost[0]][post, lost[1]] - ways[lender[0]][post, lender[1]])
    # the lender's own TPS change hands too, whoever takes them
    handed = price * int((running.anchor_of[lender[0]] == lender[1]).sum())
    return replace(found, cost=found.cost + way + handed, lender=lender)


def _idle(running: Running, lost: int, k: int, anchor: int, orphans: tuple[str, ...]) -> int | None:
    """Return the nearest idle team that may guard the lost beat."""
    beat = _beat(running, k, anchor, orphans)
    row_of = {p: g for g, p in enumerate(running.problem.posts)}
    busy = {*running.sent.values(), lost}
    options = [
        (float(running.problem.ways[k][row_of[team.post], anchor]), t)
        for t, team in enumerate(running.teams)
        if t not in busy
        and team.post in row_of
        and fits(team, beat)
        and running.problem.ways[k][row_of[team.post], anchor] < FORBIDDEN
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


def _share_out(running: Running, k: int, anchor: int, seed: int, price: float) -> _Option:
    """Search the block again, one beat fewer, with a price on every move between teams."""
    block, before = running.problem.blocks[k], running.anchor_of[k]
    kept = np.array([a for (b, a) in running.sent if b == k and a != anchor], dtype=np.int64)
    start = before.copy()
    start[before == anchor] = OPEN
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
    best = min((found.anchor_of, _insert(priced, start)), key=lambda a: cost_of(priced, a))
    return _Option(block=k, anchor_of=best, cost=cost_of(priced, best) - _standing(running, k))


def _standing(running: Running, k: int) -> float:
    """Return what the block costs now, without the ways of its teams (they stay as they are)."""
    block = replace(running.problem.blocks[k], opening=np.zeros(running.problem.blocks[k].size))
    return cost_of(block, running.anchor_of[k])


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
    running: Running, lost: tuple[int, int], option: _Option, orphans: tuple[str, ...]
) -> Repair:
    before = running.anchor_of[option.block]
    sent = dict(running.sent)
    sent.pop(lost)
    changed = {lost} if option.lender is None else {option.lender}
    if option.lender is not None:
        sent[lost] = sent.pop(option.lender)
    alone = {
        running.problem.tps[k][int(i)]
        for k, a in changed
        for i in np.flatnonzero(running.anchor_of[k] == a)
    }
    codes = running.problem.tps[option.block]
    moved = tuple(
        c for i, c in enumerate(codes) if c not in alone and before[i] != option.anchor_of[i]
    )
    borrowed = () if option.lender is None else tuple(sorted(alone))
    solved = list(running.anchor_of)
    solved[option.block] = option.anchor_of
    return Repair(
        anchor_of=tuple(solved),
        sent=sent,
        orphans=orphans,
        moved=(*moved, *borrowed),
        stand_in=None,
    )
