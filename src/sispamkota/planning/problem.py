"""The guard problem: TPS, posts and teams as the arrays that search and bound work on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.search import FORBIDDEN, Block, Floats, Ints
from sispamkota.planning.travel import TravelTimes

CLASSES = ("kurang_rawan", "rawan", "sangat_rawan")
MAX_CAPACITY = 5040  # units; a finer mix of ratios has no meaning for officers in a field

Bools: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Share = Mapping[str, Fraction]
"""Part of one team that one TPS of a class takes; `khusus` is a key of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """What a guard plan must respect and how its parts are weighed (defaults: design.md 4).

    Attributes:
        beat_limit_s: longest way from the anchor to a TPS of the beat, seconds.
        post_weight: weight of the way from the post beside the ways inside the beat.
        risk: risk of leaving a TPS open, by class; only ratios matter.
        penalty_s: cost in seconds of one unit of open risk. High enough that a TPS is never left
            open to save travel: a whole beat and its way cost less.
        duty_hours: longest shift of a team, hours.
        shift_start: WIB clock time at which teams stand at their anchor.
        mixed_classes: whether one beat may hold TPS of several classes.
        grouping: a beat stays inside its kecamatan, or inside its desa.
    """

    beat_limit_s: float = 1200.0
    post_weight: float = 0.25
    risk: Mapping[str, float] = field(
        default_factory=lambda: {"kurang_rawan": 1.0, "rawan": 6.0, "sangat_rawan": 30.0}
    )
    penalty_s: float = 7200.0
    duty_hours: float = 12.0
    shift_start: str = "06:00"
    mixed_classes: bool = True
    grouping: Literal["kecamatan", "desa"] = "kecamatan"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardProblem:
    """All blocks of an operation.

    Attributes:
        kecamatan: code of each block.
        tps: per block, the TPS codes in the order of the block's arrays.
        blocks: the arrays; `opening` is the cheapest way from any post that has a team.
        posts: code of each post.
        ways: per block, (posts, n) weighted cost of the way from each post with a team;
            `FORBIDDEN` where there is no way.
        teams: (posts,) teams that each post can send.
    """

    kecamatan: tuple[str, ...]
    tps: tuple[tuple[str, ...], ...]
    blocks: tuple[Block, ...]
    posts: tuple[str, ...]
    ways: tuple[Floats, ...]
    teams: Ints

    @property
    def size(self) -> int:
        """Number of TPS."""
        return sum(b.size for b in self.blocks)

    def reachable(self, block: int) -> Bools:
        """Return per TPS of a block whether a way from any post with a team leads there."""
        return np.asarray((self.ways[block] < FORBIDDEN).any(axis=0))

    @property
    def team_count(self) -> int:
        """Number of teams that all posts can send."""
        return int(self.teams.sum())


def whole_weights(share: Share) -> tuple[dict[str, int], int]:
    """Turn shares of a team into whole weights and the capacity they add up to.

    Shares 1/16, 1/2, 1 become weights 1, 8, 16 of a capacity of 16.

    Raises:
        DomainError: a share above one team per TPS, or shares with no common small capacity.
    """
    for name, part in share.items():
        if not 0 < part <= 1:
            raise DomainError(
                "pattern_not_plannable",
                Text(
                    f"pola meminta {part} tim untuk satu TPS {name}; satu beat dijaga satu tim",
                    f"the pattern asks {part} teams for one {name} TPS; a beat has one team",
                ),
                Text("Perbesar regu atau ubah pola.", "Use larger teams or another pattern."),
                {"class": name, "share": str(part)},
            )
    capacity = math.lcm(*(part.denominator for part in share.values()))
    if capacity > MAX_CAPACITY:
        raise DomainError(
            "pattern_too_fine",
            Text(
                f"rasio pola memerlukan {capacity} satuan; terlalu halus",
                f"the pattern's ratios need {capacity} units; too fine to plan with",
            ),
            Text("Pakai bilangan TPS per tim yang lazim.", "Use common numbers of TPS per team."),
            {"capacity": capacity},
        )
    return {name: int(part * capacity) for name, part in share.items()}, capacity


def build_problem(
    sites: pl.DataFrame,
    posts: pl.DataFrame,
    teams: Mapping[str, int],
    *,
    share: Share,
    rules: GuardRules,
    travel: TravelTimes,
) -> GuardProblem:
    """Lay out the arrays.

    Args:
        sites: one row per TPS: code, desa, kecamatan, class, khusus, lon, lat.
        posts: one row per post: code, lon, lat.
        teams: post code → teams it can send; posts not named send none.
        share: part of a team that a TPS of each class takes, with key `khusus`.
        rules: rules and weights.
        travel: travel times.

    Returns:
        The problem, kecamatan and TPS in order of code.
    """
    weight_of, capacity = whole_weights(share)
    sites = sites.sort("kecamatan", "code")
    used = posts.filter(pl.col("code").is_in([p for p, n in teams.items() if n > 0])).sort("code")
    places = used.select("lon", "lat").to_numpy()
    kecamatan, codes, blocks, ways = [], [], [], []
    for (kec,), rows in sites.group_by("kecamatan", maintain_order=True):
        out = travel.seconds(places, rows.select("lon", "lat").to_numpy())
        known = np.isfinite(out)
        way = np.where(known, rules.post_weight * np.where(known, out, 0.0), FORBIDDEN)
        kecamatan.append(str(kec))
        codes.append(tuple(rows["code"]))
        blocks.append(_block(rows, way, weight_of, capacity, rules, travel))
        ways.append(way)
    return GuardProblem(
        kecamatan=tuple(kecamatan),
        tps=tuple(codes),
        blocks=tuple(blocks),
        posts=tuple(used["code"]),
        ways=tuple(ways),
        teams=np.array([teams[p] for p in used["code"]], dtype=np.int64),
    )


def _block(
    rows: pl.DataFrame,
    way: Floats,
    weight_of: Mapping[str, int],
    capacity: int,
    rules: GuardRules,
    travel: TravelTimes,
) -> Block:
    place = rows.select("lon", "lat").to_numpy()
    seconds = travel.seconds(place, place)
    np.fill_diagonal(seconds, 0.0)
    seconds[seconds > rules.beat_limit_s] = np.inf
    if not rules.mixed_classes:
        seconds[_differ(rows["class"])] = np.inf
    if rules.grouping == "desa":
        seconds[_differ(rows["desa"])] = np.inf
    names = np.where(rows["khusus"].to_numpy(), "khusus", rows["class"].to_numpy())
    risk = rows["class"].replace_strict(dict(rules.risk), return_dtype=pl.Float64).to_numpy()
    opening = way.min(axis=0) if len(way) else np.full(len(place), np.inf)
    return Block(
        travel=np.ascontiguousarray(seconds),
        weight=np.array([weight_of[str(n)] for n in names], dtype=np.int64),
        capacity=capacity,
        opening=opening,
        penalty=np.asarray(rules.penalty_s * risk),
    )


def _differ(column: pl.Series) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    codes = column.cast(pl.Categorical).to_physical().to_numpy()
    return np.asarray(codes[:, None] != codes[None, :])


def risk_lower_bound(weights: Sequence[Ints], risks: Sequence[Floats], room: int) -> float:
    """Return the least risk that must stay open when all teams together hold `room` units.

    A fractional knapsack over the whole operation: fill the room with the TPS of highest risk per
    unit first (Dantzig 1957). No plan of any shape can leave less open.
    """
    weight, risk = np.concatenate(weights), np.concatenate(risks)
    order = np.argsort(-risk / weight, kind="stable")
    filled = np.minimum(np.cumsum(weight[order]), room)
    taken = np.diff(filled, prepend=0)
    covered = float((risk[order] * taken / weight[order]).sum())
    return max(float(risk.sum()) - covered, 0.0)
