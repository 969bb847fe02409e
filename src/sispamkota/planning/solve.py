"""Beats for a whole operation: prices, searches per kecamatan, sharing of teams, one bound.

One reading tells the method. Teams have a price, so each kecamatan can be searched alone and
still "buys" only what is worth it; cost-by-number-of-teams curves and a dynamic programme then
share the real number of teams exactly; the same prices give the Lagrangian bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from sispamkota.planning.bound import Prices, lower_bound, priced_opening
from sispamkota.planning.problem import GuardProblem, risk_lower_bound
from sispamkota.planning.search import (
    OPEN,
    Beats,
    Block,
    Floats,
    Ints,
    construct,
    cost_of,
    search,
)

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to work, in counted steps (never seconds: same inputs and seed, same plan).

    `search_moves` and `curve_moves` have one entry per turn of search, sharing and bound.
    """

    more_moves: int
    search_moves: tuple[int, ...]
    curve_moves: tuple[int, ...]
    polish_moves: int
    bound_rounds: int
    polish_rounds: int


NORMAL = Effort(
    more_moves=400,
    search_moves=(700, 2000),
    curve_moves=(200, 600),
    polish_moves=3_000,
    bound_rounds=350,
    polish_rounds=650,
)
HIGH = Effort(
    more_moves=1500,
    search_moves=(10_000, 20_000, 40_000),
    curve_moves=(3_000, 6_000, 8_000),
    polish_moves=60_000,
    bound_rounds=1_500,
    polish_rounds=3_000,
)
QUICK = Effort(
    more_moves=200,
    search_moves=(500, 1500),
    curve_moves=(120, 300),
    polish_moves=1_500,
    bound_rounds=250,
    polish_rounds=350,
)
"""For a person who waits: what-if of one kecamatan, which starts from the plan in hand."""
CURVE_DOWN, CURVE_UP = 3, 2
USUAL_BLOCK = 110  # TPS of a kecamatan of the home case; the efforts below are meant for it
WORKERS = 2
FIRST_PRICE = 1500.0  # seconds; where the search for team prices starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Beats of every block and the bound that certifies them.

    Attributes:
        anchor_of: per block, the anchor of each TPS.
        prices: prices and bound.
        one_more: per block, the best solution met with one beat more, or None.
    """

    anchor_of: tuple[Ints, ...]
    prices: Prices
    one_more: tuple[Ints | None, ...]


def solve(
    problem: GuardProblem,
    *,
    seed: int,
    effort: Effort,
    progress: Progress = lambda _w, _p: None,
    known: Sequence[Ints] = (),
) -> Solution:
    """Search beats and their lower bound; see the module for the method.

    Args:
        problem: the arrays.
        seed: seed of the search.
        effort: how long to work.
        progress: called with the step's name and the part done.
        known: per block, a solution in hand from which the search sets out.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        solver = _Solver(problem, seed, effort, progress, pool)
        for met, anchor_of in zip(solver.met, known, strict=False):
            met.append(anchor_of)
        return solver.run()


class _Solver:
    """State of one solve: the solutions met per block, by number of beats."""

    def __init__(
        self,
        problem: GuardProblem,
        seed: int,
        effort: Effort,
        progress: Progress,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.problem, self.seed, self.effort = problem, seed, effort
        self.progress, self.pool = progress, pool
        self.met: list[list[Ints]] = [[] for _ in problem.blocks]

    def run(self) -> Solution:
        first = [self._construct(k) for k in range(len(self.problem.blocks))]
        prices = self._bound(
            self._first_prices(first), self._guess(first), self.effort.bound_rounds
        )
        best, best_cost = None, np.inf
        turns = len(self.effort.search_moves)
        for turn in range(turns):
            self.progress("search", (turn + 1) / (turns + 1))
            self._search_curves(prices.team_price, turn)
            chosen = self._share(prices.team_price)
            cost = send_teams(self.problem, chosen)[0]
            if cost < best_cost:
                best, best_cost = chosen, cost
            last = turn == turns - 1
            prices = self._bound(
                prices, best_cost, self.effort.polish_rounds if last else self.effort.bound_rounds
            )
        assert best is not None
        best = self._polish(best, prices.team_price)
        best, more = self._use_idle_teams(best)
        self.progress("bound", 1.0)
        return Solution(anchor_of=best, prices=prices, one_more=more)

    def _construct(self, k: int) -> Ints:
        """Build a first solution; what no way leads to stays open."""
        block = self.problem.blocks[k]
        first = construct(block, block.size)
        lost = ~self.problem.reachable(k)
        if lost.any():
            first[np.isin(first, np.flatnonzero(lost))] = OPEN
        return first

    def _each(self, work: Callable[[int], Beats]) -> list[Beats]:
        """Run `work` on every block, largest first, results in block order."""
        order = sorted(range(len(self.problem.blocks)), key=lambda k: -self.problem.blocks[k].size)
        found = dict(zip(order, self.pool.map(work, order), strict=True))
        return [found[k] for k in range(len(order))]

    def _moves(self, k: int, moves: int) -> int:
        """Give a large block more moves: one move costs much the same in any block."""
        return int(moves * max(1.0, self.problem.blocks[k].size / USUAL_BLOCK))

    def _priced(self, team_price: Floats) -> list[Block]:
        return [
            replace(block, opening=priced_opening(way, team_price))
            for block, way in zip(self.problem.blocks, self.problem.ways, strict=True)
        ]

    def _first_prices(self, first: Sequence[Ints]) -> Prices:
        """Start each TPS's price at its cost in a known plan: its way and its part of a beat."""
        team_price = np.full(len(self.problem.posts), FIRST_PRICE)
        blocks = self._priced(team_price)
        values = [first_values(b, a) for b, a in zip(blocks, first, strict=True)]
        nothing = np.zeros(len(values))
        return Prices(
            value=tuple(values), team_price=team_price, block_bound=nothing, total=-np.inf
        )

    def _guess(self, first: Sequence[Ints]) -> float:
        """Guess the cost of a plan: beats for all, and the penalty that few teams cannot avoid."""
        blocks = self.problem.blocks
        room = self.problem.team_count * blocks[0].capacity
        short = risk_lower_bound([b.weight for b in blocks], [b.penalty for b in blocks], room)
        return short + sum(cost_of(b, a) for b, a in zip(blocks, first, strict=True))

    def _bound(self, prices: Prices, target: float, rounds: int) -> Prices:
        self.progress("bound", 0.5)
        return lower_bound(
            self.problem.blocks,
            self.problem.ways,
            self.problem.teams,
            target=target,
            start=prices,
            rounds=rounds,
            pool=self.pool,
        )

    def _search_curves(self, team_price: Floats, turn: int) -> None:
        """Search every block at its own best number of beats, then a few fewer and more."""
        blocks = self._priced(team_price)

        def work(k: int) -> Beats:
            start = min(self.met[k], key=lambda a: cost_of(blocks[k], a), default=None)
            seed = self.seed + 1009 * (turn + 1) + k
            centre = search(
                blocks[k],
                seed=seed,
                moves=self._moves(k, self.effort.search_moves[turn]),
                start=start,
            )
            self.met[k].append(centre.anchor_of)
            self._walk(k, blocks[k], centre, seed, turn)
            return centre

        self._each(work)
        self.met = [_best_by_count(b, met) for b, met in zip(blocks, self.met, strict=True)]

    def _walk(self, k: int, block: Block, centre: Beats, seed: int, turn: int) -> None:
        """Extend the curve of one block from its centre, each step from the one before."""
        moves = self._moves(k, self.effort.curve_moves[turn])
        now = centre.anchor_of
        for count in range(centre.count - 1, max(centre.count - 1 - CURVE_DOWN, -1), -1):
            now = search(
                block, seed=seed, moves=moves, most=count, start=_close_one(block, now)
            ).anchor_of
            self.met[k].append(now)
        while _count(now):  # down to none, so that teams can be shared however few there are
            now = _close_one(block, now)
            self.met[k].append(now)
        now = centre.anchor_of
        for count in range(centre.count + 1, centre.count + 1 + CURVE_UP):
            more = _open_one(block, now)
            if more is None:
                break
            now = search(
                block, seed=seed, moves=moves, least=count, most=count, start=more
            ).anchor_of
            self.met[k].append(now)

    def _share(self, team_price: Floats) -> tuple[Ints, ...]:
        """Share the teams between the blocks exactly: dynamic programming over number of teams."""
        blocks, total = self._priced(team_price), self.problem.team_count
        best = np.full(total + 1, np.inf)
        best[0] = 0.0
        picks: list[Ints] = []
        for block, met in zip(blocks, self.met, strict=True):
            after = np.full(total + 1, np.inf)
            pick = np.full(total + 1, -1, np.int64)
            for j, anchor_of in enumerate(met):
                count = _count(anchor_of)
                if count > total:
                    continue
                value = best[: total + 1 - count] + cost_of(block, anchor_of)
                better = value < after[count:]
                after[count:][better] = value[better]
                pick[count:][better] = j
            best = after
            picks.append(pick)
        # the prices overcharge the last teams; how many to use is settled by the true cost
        numbers = {
            int(np.argmin(best - rebate * np.arange(total + 1)))
            for rebate in (0.0, float(team_price.min()), float(team_price.max()))
        }
        found = [self._pick(picks, n) for n in sorted(numbers) if np.isfinite(best[n])]
        return min(found, key=lambda chosen: send_teams(self.problem, chosen)[0])

    def _pick(self, picks: Sequence[Ints], left: int) -> tuple[Ints, ...]:
        chosen: list[Ints] = []
        for met, pick in zip(reversed(self.met), reversed(picks), strict=True):
            anchor_of = met[pick[left]]
            left -= _count(anchor_of)
            chosen.append(anchor_of)
        return tuple(reversed(chosen))

    def _polish(self, chosen: tuple[Ints, ...], team_price: Floats) -> tuple[Ints, ...]:
        """Search each block once more at the number of beats it was given."""
        blocks = self._priced(team_price)

        def work(k: int) -> Beats:
            count = _count(chosen[k])
            moves = self._moves(k, self.effort.polish_moves)
            seed = self.seed + 7919 + k
            return search(
                blocks[k], seed=seed, moves=moves, least=count, most=count, start=chosen[k]
            )

        found = tuple(b.anchor_of for b in self._each(work))
        return min((chosen, found), key=lambda a: send_teams(self.problem, a)[0])

    def _use_idle_teams(
        self, chosen: tuple[Ints, ...]
    ) -> tuple[tuple[Ints, ...], tuple[Ints | None, ...]]:
        """Send teams that sharing left idle where they save most, while they save anything.

        Returns:
            the solutions, and what one team more would make of each block then.
        """
        more = self._one_more(chosen)
        idle = self.problem.team_count - sum(_count(a) for a in chosen)
        cost = send_teams(self.problem, chosen)[0]
        while idle > 0:
            saved = [
                -np.inf if m is None else cost_of(b, a) - cost_of(b, m)
                for b, a, m in zip(self.problem.blocks, chosen, more, strict=True)
            ]
            k = int(np.argmax(saved))
            better = more[k]
            if better is None:
                break
            trial = (*chosen[:k], better, *chosen[k + 1 :])
            true = send_teams(self.problem, trial)[0]
            if true >= cost:
                break
            chosen, cost, idle = trial, true, idle - 1
            more = self._one_more(chosen)
        return chosen, more

    def _one_more(self, chosen: Sequence[Ints]) -> tuple[Ints | None, ...]:
        """Look at what one team more would do in each block, from the nearest post."""

        def work(k: int) -> Beats:
            block, now = self.problem.blocks[k], chosen[k]
            more = _open_one(block, now)
            if more is None:
                return Beats(anchor_of=now, cost=np.inf)
            count = _count(now) + 1
            known = [a for a in self.met[k] if _count(a) == count]
            start = min([more, *known], key=lambda a: cost_of(block, a))
            moves = self._moves(k, self.effort.more_moves)
            return search(block, seed=self.seed + k, moves=moves, most=count, start=start)

        found = self._each(work)
        return tuple(b.anchor_of if np.isfinite(b.cost) else None for b in found)


def first_values(block: Block, anchor_of: Ints) -> Floats:
    """Return what covering each TPS costs in a plan: its way plus its part of the opening."""
    covered = anchor_of >= 0
    values = block.penalty.copy()
    load = np.bincount(anchor_of[covered], weights=block.weight[covered], minlength=block.size)
    a, i = anchor_of[covered], np.flatnonzero(covered)
    values[covered] = block.travel[a, i] + block.opening[a] * block.weight[i] / load[a]
    return np.minimum(values, block.penalty)


def send_teams(
    problem: GuardProblem, chosen: Sequence[Ints]
) -> tuple[float, list[tuple[int, int, int]]]:
    """Send a team to every beat at least total way.

    Returns:
        the true cost, and (block, anchor, post) of every beat.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (half a second to import)

    beats = [(k, int(a)) for k, s in enumerate(chosen) for a in np.unique(s[s >= 0])]
    rest = 0.0
    for block, anchor_of in zip(problem.blocks, chosen, strict=True):
        rest += cost_of(replace(block, opening=np.zeros(block.size)), anchor_of)
    if not beats:
        return rest, []
    posts = np.repeat(np.arange(len(problem.posts)), problem.teams)
    way = np.array([problem.ways[k][:, a] for k, a in beats])[:, posts]
    rows, columns = linear_sum_assignment(way)
    sent = [(*beats[r], int(posts[c])) for r, c in zip(rows, columns, strict=True)]
    return rest + float(way[rows, columns].sum()), sent


def _count(anchor_of: Ints) -> int:
    return int((anchor_of == np.arange(len(anchor_of))).sum())


def _best_by_count(block: Block, met: Sequence[Ints]) -> list[Ints]:
    """Keep the cheapest solution of each number of beats."""
    best: dict[int, tuple[float, Ints]] = {}
    for anchor_of in met:
        cost, count = cost_of(block, anchor_of), _count(anchor_of)
        if count not in best or cost < best[count][0]:
            best[count] = (cost, anchor_of)
    return [best[c][1] for c in sorted(best)]


def _close_one(block: Block, anchor_of: Ints) -> Ints:
    """Close the beat that is cheapest to leave open."""
    worth = np.zeros(block.size)
    covered = anchor_of >= 0
    np.add.at(worth, anchor_of[covered], block.penalty[covered])
    anchors = np.unique(anchor_of[covered])
    closed = anchor_of.copy()
    if len(anchors):
        closed[anchor_of == anchors[worth[anchors].argmin()]] = OPEN
    return closed


def _open_one(block: Block, anchor_of: Ints) -> Ints | None:
    """Open a beat at the TPS that is dearest now; None where every TPS is an anchor."""
    n = block.size
    now = np.where(
        anchor_of >= 0, block.travel[np.maximum(anchor_of, 0), np.arange(n)], block.penalty
    )
    now[anchor_of == np.arange(n)] = -1.0
    dearest = int(now.argmax())
    if now[dearest] < 0:
        return None
    opened = anchor_of.copy()
    opened[dearest] = dearest
    return opened
