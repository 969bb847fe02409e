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

from sispamkota.planning.kernels import relax_kernel
from sispamkota.planning.search import Block, Floats, Ints

STALLED = 15  # rounds without progress before the step is halved
DEFLECTION = 0.65
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
        blocks: the blocks; their `opening` is not used.
        ways: per block, (posts, n) cost of the way from each post to each anchor.
        teams: (posts,) teams that each post has.
        target: cost of a known plan (Polyak's step aims there).
        start: prices to start from.
        rounds: number of steps.
        pool: where the blocks of one step are worked on side by side.

    Returns:
        Prices with the highest total bound, `start` at worst.
    """
    sizes = [b.size for b in blocks]
    cuts = np.cumsum([0, *sizes])
    value = np.concatenate(start.value)
    penalty = np.concatenate([b.penalty for b in blocks])
    price = start.team_price.copy()
    smooth_value = np.zeros_like(value)
    smooth_price = np.zeros_like(price)
    best, theta, stalled = start, 1.0, 0
    for _ in range(rounds):
        bound, slack, spare = _evaluate(blocks, ways, teams, value, price, cuts, pool)
        if bound.total > best.total + 1e-6 * abs(best.total):
            best, stalled = bound, 0
        else:
            if bound.total > best.total:
                best = bound
            stalled += 1
            if stalled >= STALLED:
                theta, stalled = theta / 2, 0
                value, price = np.concatenate(best.value), best.team_price.copy()
                smooth_value[:], smooth_price[:] = 0, 0
                continue
        smooth_value = DEFLECTION * slack + (1 - DEFLECTION) * smooth_value
        smooth_price = DEFLECTION * spare + (1 - DEFLECTION) * smooth_price
        length = float(smooth_value @ smooth_value + smooth_price @ smooth_price)
        if length < FLAT or theta < SMALLEST_STEP:
            break
        step = theta * max(target - bound.total, 1e-3 * abs(target)) / length
        value = np.minimum(value + step * smooth_value, penalty)
        price = np.maximum(price + step * smooth_price, 0.0)
    return best


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


def _evaluate(
    blocks: Sequence[Block],
    ways: Sequence[Floats],
    teams: Ints,
    value: Floats,
    price: Floats,
    cuts: Ints,
    pool: Executor,
) -> tuple[Prices, Floats, Floats]:
    """Return the bound at these prices and its subgradient in both kinds of price."""
    slack = np.empty_like(value)
    used = np.zeros(len(price))
    totals = np.empty(len(blocks))

    def relax(k: int) -> tuple[Floats, Floats]:
        opening = priced_opening(ways[k], price)
        return block_relaxation(blocks[k], opening, value[cuts[k] : cuts[k + 1]])

    for k, (chosen, cover) in enumerate(pool.map(relax, range(len(blocks)))):
        part = slice(cuts[k], cuts[k + 1])
        totals[k] = value[part].sum() + chosen[chosen < 0].sum()
        slack[part] = 1.0 - cover
        anchors = np.flatnonzero(chosen < 0)
        posts = (ways[k][:, anchors] + price[:, None]).argmin(axis=0)
        np.add.at(used, posts, 1.0)
    # at the cap the penalty is paid instead: nothing pulls the price further up
    at_cap = value >= np.concatenate([b.penalty for b in blocks]) - 1e-9
    slack[at_cap & (slack > 0)] = 0.0
    bound = Prices(
        value=tuple(value[cuts[k] : cuts[k + 1]].copy() for k in range(len(blocks))),
        team_price=price.copy(),
        block_bound=totals,
        total=float(totals.sum() - price @ teams),
    )
    spare = used - teams
    spare[(price <= 0) & (spare < 0)] = 0.0
    return bound, slack, spare


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
