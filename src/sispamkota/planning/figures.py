"""Rows and figures of a plan file, each from its definition: what solving and editing both write.

A time that no way leads to is None here: a plan file holds no infinity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sispamkota.kernel.text import Text
from sispamkota.planning.crews import Team
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.search import Floats, Ints

Row = Mapping[str, Any]


def both(texts: Sequence[Text]) -> list[dict[str, str]]:
    """Return the texts in both languages."""
    return [{"id": t.id, "en": t.en} for t in texts]


def gap_of(objective: float, bound: float) -> float:
    """Return (objective - bound) / objective; 0 for a plan that costs nothing."""
    return (objective - bound) / objective if objective > 0 else 0.0


def finite(seconds: float) -> float | None:
    """Return the seconds, or None where there is no way."""
    return seconds if math.isfinite(seconds) else None


def objective_parts(
    rules: GuardRules, beats: Sequence[Row], uncovered: Sequence[Row]
) -> dict[str, float]:
    """Return the objective in seconds and its parts; total = travel + weighted ways + penalty."""
    travel = sum(b["travel_s"] for b in beats)
    way = sum(b["way_s"] for b in beats)
    risk = sum(u["risk"] for u in uncovered)
    penalty = rules.penalty_s * risk
    return {
        "travel_s": travel,
        "way_s": way,
        "way_weight": rules.post_weight,
        "risk_uncovered": risk,
        "penalty_s": penalty,
        "total": travel + rules.post_weight * way + penalty,
    }


def open_rows(sites: Sequence[Row], rules: GuardRules) -> list[dict[str, Any]]:
    """Return the rows of open TPS, those of highest risk first."""
    found = [
        {
            "tps": row["code"],
            "kecamatan": row["kecamatan"],
            "class": row["class"],
            "khusus": row["khusus"],
            "risk": float(rules.risk[row["class"]]),
        }
        for row in sites
    ]
    return sorted(found, key=lambda u: (-u["risk"], u["tps"]))


def team_row(team: Team) -> dict[str, Any]:
    """Return the row of a team."""
    return {
        "id": team.id,
        "post": team.post,
        "leader": team.leader,
        "members": list(team.members),
        "transport": sorted(team.transport),
    }


def shift_row(team: Row, beat: Row, rules: GuardRules) -> dict[str, Any]:
    """Return the row of a team sent to a beat, with the times of its shift."""
    start = _clock_s(rules.shift_start)
    way = beat["way_s"]
    return {
        **team,
        "kecamatan": beat["kecamatan"],
        "beat": beat["id"],
        "leave_at": None if way is None else _clock(start - way),
        "start": rules.shift_start,
        "end": _clock(start + 3600 * rules.duty_hours),
        "duty_s": 3600 * rules.duty_hours,
    }


def _clock_s(clock: str) -> float:
    hours, minutes = clock.split(":")
    return 3600.0 * int(hours) + 60.0 * int(minutes)


def _clock(seconds: float) -> str:
    """Write a WIB clock time rounded down to 5 minutes; '-1d' marks the day before."""
    step = int(seconds // 300)
    day, rest = divmod(step, 288)
    text = f"{rest * 5 // 60:02d}:{rest * 5 % 60:02d}"
    return text if day == 0 else f"{text} {day:+d}d"


def route(travel: Floats, anchor: int, members: Ints) -> list[int]:
    """Order the TPS of a beat from its anchor, always on to the nearest not yet seen."""
    left, at, found = {int(i) for i in members} - {anchor}, anchor, [anchor]
    while left:
        at = min(left, key=lambda i: (travel[at, i], i))
        left.remove(at)
        found.append(at)
    return found
