"""The least and the most that a group of TPS can need while the classes of some are uncertain.

Need is a sum of `polri * ceil(tps of the class / tps per team)` over three classes. Because of the
rounding it does not grow with the class (under 2.16.32, 17 kurang rawan and 1 rawan are 3 teams,
16 and 2 are 2 teams), so the extremes are not at "all low" and "all high" and must be searched.

Only the numbers of TPS per class matter: each class has a least (TPS certainly in it) and a most
(TPS possibly in it), and any numbers between these that add up can be chosen, for the possible
classes of a TPS are neighbours. The search is exact and short:

* Moving lcm(g, h) TPS between classes with teams for g and h TPS changes the need by a constant
  whose sign is known. So some optimum allows no such move in the good direction any more.
* Order the classes a, b, c by cost per TPS, best first. In such an optimum either c is within one
  move of its least, or a and b are within one move of their most; both put c within
  lcm(a,c) + lcm(b,c) of the least that the others leave to it.
* For each number in c, the same argument puts a within lcm(a,b) of its most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
CLASSES: Final = 3
_FAR: Final = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """What is known of the classes in each group; rows are groups, columns classes from low up.

    Attributes:
        least: TPS certainly of the class.
        most: TPS possibly of the class.
        total: TPS of the group.
    """

    least: Ints
    most: Ints
    total: Ints

    def pick(self, rows: NDArray[np.bool_]) -> Boxes:
        """Return some of the groups."""
        return Boxes(least=self.least[rows], most=self.most[rows], total=self.total[rows])


@dataclass(frozen=True, slots=True)
class Ratio:
    """`polri` officers for each started `tps` TPS; `tps` None = once for any number above 0."""

    polri: int
    tps: int | None


def need_of(counts: Ints, ratios: tuple[Ratio, Ratio, Ratio]) -> Ints:
    """Return the officers that each group needs at these TPS per class (groups by classes)."""
    return sum(
        (_teams(counts[:, i], ratio) * ratio.polri for i, ratio in enumerate(ratios)),
        start=np.zeros(len(counts), dtype=np.int64),
    )


def _teams(tps: Ints, ratio: Ratio) -> Ints:
    if ratio.tps is None:
        return (tps > 0).astype(np.int64)
    return -(-tps // ratio.tps)


def extremes(boxes: Boxes, ratios: tuple[Ratio, Ratio, Ratio]) -> tuple[Ints, Ints]:
    """Return the least and the most officers of each group, exactly.

    Only the first class may have `tps` None.
    """
    lowest, highest = need_of(boxes.least, ratios), need_of(boxes.least, ratios)
    open_ = (boxes.least != boxes.most).any(axis=1)
    if open_.any():
        alike, where = _distinct(boxes.pick(open_))
        lowest[open_] = _best(alike, ratios, sign=1)[where]
        highest[open_] = -_best(alike, ratios, sign=-1)[where]
    return lowest, highest


def _distinct(boxes: Boxes) -> tuple[Boxes, Ints]:
    """Merge groups that look alike: most desa do, and each is searched once."""
    table = np.column_stack([boxes.least, boxes.most, boxes.total])
    rows, where = np.unique(table, axis=0, return_inverse=True)
    alike = Boxes(least=rows[:, :CLASSES], most=rows[:, CLASSES:-1], total=rows[:, -1])
    return alike, where.reshape(-1).astype(np.int64)


def _best(boxes: Boxes, ratios: tuple[Ratio, Ratio, Ratio], *, sign: int) -> Ints:
    """Return the least of `sign` times the need."""
    first = ratios[0]
    if first.tps is not None:
        return _search(boxes, ratios, sign)
    # A standby team is there or not: search both cases, each without rounding in that class.
    free = (Ratio(0, 1), ratios[1], ratios[2])
    best = np.full(len(boxes.total), _FAR, dtype=np.int64)
    none = boxes.least[:, 0] == 0
    if none.any():
        case = boxes.pick(none)
        case.most[:, 0] = 0
        best[none] = _search(case, free, sign)
    some = boxes.most[:, 0] > 0
    if some.any():
        case = boxes.pick(some)
        case.least[:, 0] = np.maximum(case.least[:, 0], 1)
        best[some] = np.minimum(best[some], sign * first.polri + _search(case, free, sign))
    return best


def _search(boxes: Boxes, ratios: tuple[Ratio, Ratio, Ratio], sign: int) -> Ints:
    per_team = [r.tps or 1 for r in ratios]
    a, b, c = sorted(range(CLASSES), key=lambda i: sign * ratios[i].polri / per_team[i])
    least, most, total = boxes.least, boxes.most, boxes.total
    c_low = np.maximum(least[:, c], total - most[:, a] - most[:, b])
    c_high = np.minimum(most[:, c], total - least[:, a] - least[:, b])
    window = lcm(per_team[a], per_team[c]) + lcm(per_team[b], per_team[c])
    steps_c = min(window, int((c_high - c_low).max()) + 1)
    steps_a = min(lcm(per_team[a], per_team[b]), int((most[:, a] - least[:, a]).max()) + 1)
    back = np.arange(steps_a, dtype=np.int64)[:, None]
    best = np.full(len(total), _FAR, dtype=np.int64)
    for step in range(steps_c):
        in_c = np.minimum(c_low + step, c_high)
        rest = total - in_c
        a_high = np.minimum(most[:, a], rest - least[:, b])
        a_low = np.maximum(least[:, a], rest - most[:, b])
        in_a = np.maximum(a_high - back, a_low)
        pair = _cost(in_a, ratios[a]) + _cost(rest - in_a, ratios[b])
        found = (sign * pair).min(axis=0) + sign * _cost(in_c, ratios[c])
        best = np.minimum(best, found)
    return best


def _cost(tps: Ints, ratio: Ratio) -> Ints:
    return ratio.polri * _teams(tps, ratio)
