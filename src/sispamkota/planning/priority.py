"""The most dangerous first: no sangat rawan TPS stays open while another beat's team could go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from sispamkota.planning.crews import Beat, Team, fits
from sispamkota.planning.problem import CLASSES, GuardProblem
from sispamkota.planning.search import FORBIDDEN, OPEN, Block, Ints

Sent = dict[tuple[int, int], int]


def dangerous_first(
    problem: GuardProblem, sites: pl.DataFrame, anchor_of: Sequence[Ints]
) -> tuple[Ints, ...]:
    """Leave no sangat rawan TPS open while a beat without one could guard it instead.

    The search prices this already; here the rule is kept whatever the search missed: the beat
    whose TPS risk least gives up its team.
    """
    severe = set(sites.filter(pl.col("class") == CLASSES[-1])["code"])
    solved = [a.copy() for a in anchor_of]
    flags = [np.array([c in severe for c in codes]) for codes in problem.tps]
    for k, block in enumerate(problem.blocks):
        for i in np.flatnonzero(flags[k] & (solved[k] == OPEN) & problem.reachable(k)):
            giver = _least_risk(problem, solved, flags, prefer=k)
            if giver is None:
                return tuple(solved)
            g, anchor = giver
            solved[g][solved[g] == anchor] = OPEN
            solved[k][i] = i
            _fill_up(block, solved[k], int(i))
    return tuple(solved)


def _least_risk(
    problem: GuardProblem,
    solved: Sequence[Ints],
    severe: Sequence[np.ndarray[Any, np.dtype[np.bool_]]],
    prefer: int,
) -> tuple[int, int] | None:
    """Find the beat without a sangat rawan TPS whose loss costs least, in `prefer` at best."""
    best: tuple[bool, float, int, int] | None = None
    for k, block in enumerate(problem.blocks):
        for a in np.unique(solved[k][solved[k] >= 0]):
            members = solved[k] == a
            if severe[k][members].any():
                continue
            option = (k != prefer, float(block.penalty[members].sum()), k, int(a))
            best = option if best is None else min(best, option)
    return None if best is None else (best[2], best[3])


def _fill_up(
    block: Block,
    anchor_of: Ints,
    anchor: int,
    allowed: np.ndarray[Any, np.dtype[np.bool_]] | None = None,
) -> None:
    """Let a beat take the open TPS near its anchor for which it still has room."""
    room = block.capacity - int(block.weight[anchor_of == anchor].sum())
    for i in np.argsort(block.travel[anchor], kind="stable"):
        open_near = anchor_of[i] == OPEN and np.isfinite(block.travel[anchor, i])
        if allowed is not None and not allowed[i]:
            continue
        if open_near and block.weight[i] <= room:
            anchor_of[i] = anchor
            room -= int(block.weight[i])


def serve_dangerous(
    problem: GuardProblem,
    sites: pl.DataFrame,
    anchor_of: Sequence[Ints],
    sent: Mapping[tuple[int, int], int],
    teams: Sequence[Team],
) -> tuple[tuple[Ints, ...], Sent]:
    """Keep the same rule where persons decide: a team that lives there or has no boat is no help.

    Each open sangat rawan TPS gets the team of the beat without one that risks least, among the
    teams that the rules let guard it.

    Returns:
        the anchors and who is sent where, after that.
    """
    solved, left = [a.copy() for a in anchor_of], dict(sent)
    row_of = {p: g for g, p in enumerate(problem.posts)}
    rows = {
        r["code"]: r for r in sites.select("code", "class", "desa", "access").iter_rows(named=True)
    }
    severe = [np.array([rows[c]["class"] == CLASSES[-1] for c in codes]) for codes in problem.tps]
    for k, block in enumerate(problem.blocks):
        for i in np.flatnonzero(severe[k] & (solved[k] == OPEN)):
            beat = _single(problem.kecamatan[k], rows[problem.tps[k][i]])
            options = sorted(
                (float(problem.blocks[g].penalty[solved[g] == a].sum()), g, a)
                for (g, a), team in left.items()
                if not severe[g][solved[g] == a].any()
                and fits(teams[team], beat)
                and problem.ways[k][row_of[teams[team].post], i] < FORBIDDEN
            )
            if not options:
                continue
            _, g, a = options[0]
            team = left.pop((g, a))
            solved[g][solved[g] == a] = OPEN
            solved[k][i] = i
            left[k, int(i)] = team
            allowed = [fits(teams[team], _single("", rows[c])) for c in problem.tps[k]]
            _fill_up(block, solved[k], int(i), np.array(allowed))
    return tuple(solved), left


def _single(kecamatan: str, row: Mapping[str, Any]) -> Beat:
    return Beat(
        kecamatan=kecamatan,
        anchor=row["code"],
        tps=(row["code"],),
        desa=frozenset({str(row["desa"])}),
        access=frozenset({str(row["access"])} if row["access"] else ()),
    )
