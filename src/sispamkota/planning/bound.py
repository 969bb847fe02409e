"""Lagrangian lower bound: what no plan can beat, whoever makes it.

Dualised: "each TPS in one beat or open" (prices `value`, one per TPS, never above its penalty) and
"no post sends more teams than it has" (prices `team_price`, one per post). What remains falls
apart by anchor into 0/1 knapsacks, solved exactly by dynamic programming over the integer
capacity, each anchor used at most once and always in its own beat. The bound is valid at any
prices; a deflected subgradient with Polyak's step looks for good ones
(Lorena & Senne 2004; Held, Wolfe & Crowder 1974; Barahona & Anbil 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from sispamkota.planning.bound_kernels import relax_blocks_kernel, relax_kernel
from sispamkota.planning.search import Block, Floats, Ints

STALLED = 40  # rounds without progress before the step is halved
DEFLECTION = 0.35
PROGRESS = 1e-6  # relative rise of the bound that counts as progress
CAP = 1e-9  # seconds below its penalty at which a price counts as capped
LEVEL_EVERY, LEVEL_STEPS = 100, 10
EDGE = 0.95  # of the searched range
GOLDEN = (5**0.5 - 1) / 2
FLAT = 1e-12  # squared length of a subgradient that points nowhere
SMALLEST_STEP = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Dual prices at which a bound was found, and the bound in its parts.

    Attributes:
        value: per block, (n,) price of covering each TPS.
        team_price: (posts,) price of one team of each post.
        block_bound: (blocks,) bound of each block when teams are bought at `team_price`.
        total: the bound of the whole: sum of `block_bound` less the worth of all teams.
    """

    value: tuple[Floats, ...]
    team_price: Floats
    block_bound: Floats
    total: float


def priced_opening(way: Floats, team_price: Floats) -> Floats:
    """Return (n,) cheapest way plus price of any post for each anchor; way is (posts, n)."""
    return np.asarray((way + team_price[:, None]).min(axis=0))


def lower_bound(
    blocks: Sequence[Block],
    ways: Sequence[Floats],
    teams: Ints,
    *,
    target: float,
    start: Prices,
    rounds: int,
    pool: Executor,
) -> Prices:
    """Improve prices by subgradient steps and return the best bound met.

    Args:
        blocks: the blocks, all of one capacity; their `opening` is not used.
        ways: per block, (posts, n) cost of the way from each post to each anchor.
        teams: (posts,) teams that each post has.
        target: cost of a known plan (Polyak's step aims there).
        start: prices to start from.
        rounds: number of steps.
        pool: where the blocks of one step are worked on side by side.

    Returns:
        Prices with the highest total bound, `start` at worst.
    """
    stack = _Stack(blocks, ways, teams)
    value, price = np.concatenate(start.value), start.team_price.copy()
    smooth_value, smooth_price = np.zeros_like(value), np.zeros_like(price)
    best, best_total = (value, price), start.total
    theta, stalled = 1.0, 0
    for turn in range(rounds):
        if turn % LEVEL_EVERY == 0:
            value, price = stack.level(value, price, pool)
        total, slack, spare = stack.evaluate(value, price, pool)
        stalled += 1
        if total > best_total:
            stalled = 0 if total > best_total + PROGRESS * abs(best_total) else stalled
            best, best_total = (value, price), total
        if stalled >= STALLED:
            theta, stalled = theta / 2, 0
            value, price = best
            smooth_value[:], smooth_price[:] = 0, 0
            continue
        smooth_value = DEFLECTION * slack + (1 - DEFLECTION) * smooth_value
        smooth_price = DEFLECTION * spare + (1 - DEFLECTION) * smooth_price
        length = float(smooth_value @ smooth_value + smooth_price @ smooth_price)
        if length < FLAT or theta < SMALLEST_STEP:
            break
        step = theta * max(target - total, 1e-3 * abs(target)) / length
        value = np.minimum(value + step * smooth_value, stack.penalty)
        price = np.maximum(price + step * smooth_price, 0.0)
    return price_bound(blocks, ways, teams, stack.split(best[0]), best[1])


class _Stack:
    """All blocks laid end to end, so that one step costs two calls and not one per block."""

    def __init__(self, blocks: Sequence[Block], ways: Sequence[Floats], teams: Ints) -> None:
        sizes = np.array([b.size for b in blocks])
        self.teams = teams
        self.cuts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.squares = np.concatenate([[0], np.cumsum(sizes**2)]).astype(np.int64)
        self.travel = np.concatenate([b.travel.ravel() for b in blocks])
        self.weight = np.concatenate([b.weight for b in blocks])
        self.penalty = np.concatenate([b.penalty for b in blocks])
        self.way = np.ascontiguousarray(np.concatenate(ways, axis=1))
        self.capacity = blocks[0].capacity
        half = int(np.searchsorted(self.squares, self.squares[-1] / 2))
        self.parts = [(0, half), (half, len(blocks))]

    def split(self, flat: Floats) -> tuple[Floats, ...]:
        return tuple(np.split(flat, self.cuts[1:-1]))

    def level(self, value: Floats, price: Floats, pool: Executor) -> tuple[Floats, Floats]:
        """Shift all team prices, and each TPS's price by its part of a team, to the best level.

        The one direction in which plain subgradient steps creep: the bound is concave along it,
        so a golden-section search finds the top.
        """
        part = self.weight / self.capacity
        high = max(float(price.max()), 1.0)

        def at(shift: float) -> tuple[Floats, Floats]:
            return np.minimum(value + shift * part, self.penalty), np.maximum(price + shift, 0.0)

        def worth(shift: float) -> float:
            return self.evaluate(*at(shift), pool)[0]

        low, top = -high, high
        a, b = top - GOLDEN * (top - low), low + GOLDEN * (top - low)
        at_a, at_b = worth(a), worth(b)
        for _ in range(LEVEL_STEPS):
            if at_a >= at_b:
                top, b, at_b = b, a, at_a
                a = top - GOLDEN * (top - low)
                at_a = worth(a)
            else:
                low, a, at_a = a, b, at_b
                b = low + GOLDEN * (top - low)
                at_b = worth(b)
        best, at_best = (a, at_a) if at_a >= at_b else (b, at_b)
        if at_best <= worth(0.0):
            return value, price
        # at the end of the range the top lies beyond it
        return self.level(*at(best), pool) if best > EDGE * high else at(best)

    def evaluate(
        self, value: Floats, price: Floats, pool: Executor
    ) -> tuple[float, Floats, Floats]:
        """Return the bound at these prices and its subgradient in both kinds of price."""
        n = len(value)
        worth, cover, post = np.empty(n), np.empty(n), np.empty(n, np.int64)

        def relax(part: tuple[int, int]) -> None:
            relax_blocks_kernel(
                self.travel, self.weight, self.way, value, price, self.cuts, self.squares,
                self.capacity, part[0], part[1], worth, cover, post,
            )  # fmt: skip

        list(pool.map(relax, self.parts))
        opened = worth < 0
        slack = 1.0 - cover
        # at the cap the penalty is paid instead: nothing pulls the price further up
        slack[(value >= self.penalty - CAP) & (slack > 0)] = 0.0
        used = np.bincount(post[opened], minlength=len(price)).astype(np.float64)
        spare = used - self.teams
        spare[(price <= 0) & (spare < 0)] = 0.0
        total = float(value.sum() + worth[opened].sum() - price @ self.teams)
        return total, slack, spare


def price_bound(
    blocks: Sequence[Block],
    ways: Sequence[Floats],
    teams: Ints,
    value: Sequence[Floats],
    team_price: Floats,
) -> Prices:
    """Return the bound at given prices, without moving them."""
    totals = np.empty(len(blocks))
    for k, block in enumerate(blocks):
        worth, _ = block_relaxation(block, priced_opening(ways[k], team_price), value[k])
        totals[k] = value[k].sum() + worth[worth < 0].sum()
    return Prices(
        value=tuple(value),
        team_price=team_price,
        block_bound=totals,
        total=float(totals.sum() - team_price @ teams),
    )


def block_relaxation(block: Block, opening: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Solve the relaxed block at given prices.

    Returns:
        (n,) worth of a beat at each anchor (it is opened where negative) and
        (n,) how often the opened beats cover each TPS.
    """
    worth, cover = relax_kernel(
        block.travel, block.weight, block.capacity, opening, np.ascontiguousarray(value)
    )
    return worth, cover
