"""Who serves in a what-if: officers taken away or added, those missed least go first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.planning.crews import eligible
from sispamkota.planning.guards import GuardInputs

Plan = Mapping[str, Any]
Row = Mapping[str, Any]
SOURCE = "SIMULASI"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people of a what-if.

    Attributes:
        personnel: the roster; who is not in the question is not available in it.
        teams: rows of the base plan's teams in the question.
        gone: officers taken away.
        added: ids of officers added.
        short: officers that could not be taken away, there being none.
        reserve: officers who stay back, as in the base plan.
    """

    personnel: pl.DataFrame
    teams: Sequence[Row]
    gone: frozenset[str]
    added: tuple[str, ...]
    short: int
    reserve: int


def people_after(
    base: Plan,
    inputs: GuardInputs,
    *,
    kecamatan: str | None,
    gone: frozenset[str],
    strength_delta: Mapping[str, int],
    available: int | None,
    size: int,
) -> People:
    """Return who serves.

    Args:
        base: the base plan; its teams say who is missed least: those in no team, then those in
            an idle one, then the last of those sent.
        inputs: today's inputs.
        kecamatan: only the officers whom the base plan sends there; None = all.
        gone: officers taken away by name.
        strength_delta: post → officers more or fewer besides.
        available: officers there shall be in all after that.
        size: officers of a team.
    """
    teams = _teams(base, kecamatan)
    ready = _ready(base, inputs, teams, everybody=kecamatan is None)
    serving = ready.filter(~pl.col("id").is_in(list(gone)))
    delta = Counter(strength_delta)
    if available is not None:
        count = {str(p): int(n) for p, n in serving.group_by("home_post").len().iter_rows()}
        delta = Counter(_spread(count, available, size))
    taken, short = _take(serving, teams, delta)
    left = frozenset({*gone, *taken}) & set(ready["id"])
    stay = set(serving["id"]) - set(taken)
    added = [
        _officer(inputs.personnel, post, i)
        for post, more in sorted(delta.items())
        for i in range(max(more, 0))
    ]
    duty = pl.col("duty").fill_null("")
    officer = (pl.col("agency") == "polri") & (duty == "tps")
    elsewhere = (duty == "padal") & ~pl.col("id").is_in(_padal(base, kecamatan))
    other = ~officer if kecamatan is None else ~(officer | elsewhere)
    roster = inputs.personnel.with_columns(
        available=pl.col("available") & (other | pl.col("id").is_in(list(stay)))
    )
    new = pl.DataFrame(added, schema=inputs.personnel.schema)
    return People(
        personnel=pl.concat([roster, new]),
        teams=teams,
        gone=left,
        added=tuple(str(row["id"]) for row in added),
        short=short,
        reserve=int(base["reserve"]) if kecamatan is None else 0,
    )


def _teams(base: Plan, kecamatan: str | None) -> list[Row]:
    """Return the teams in the question, in order of how much they are missed, most first."""
    if kecamatan is not None:
        return [t for t in base["teams_detail"] if t["kecamatan"] == kecamatan]
    return [*base["teams_detail"], *base["spare_teams"]]


def _padal(base: Plan, kecamatan: str | None) -> list[str]:
    """Return the Padal of a kecamatan; the others have theirs to look after."""
    return [r["person"] for r in base["padal"] if r["kecamatan"] == kecamatan and r["person"]]


def _ready(
    base: Plan, inputs: GuardInputs, teams: Sequence[Row], *, everybody: bool
) -> pl.DataFrame:
    """Return the officers who may serve; a reserve that stayed back in the base plan does so."""
    ready = eligible(inputs.personnel)
    if everybody and inputs.strength == "released":
        return ready
    known = {m for t in teams for m in t["members"]}
    if everybody:
        known |= set(base["spare_officers"])
    return ready.filter(pl.col("id").is_in(list(known)))


def _spread(count: Mapping[str, int], wanted: int, size: int) -> dict[str, int]:
    """Return post → officers more or fewer for `wanted` in all, in whole teams, in proportion."""
    total = sum(count.values())
    if not total:
        return {}
    teams = wanted // size
    share = {p: n * teams / total for p, n in count.items()}
    got = {p: int(s) for p, s in share.items()}
    rest = sorted(share, key=lambda p: (got[p] - share[p], p))[: teams - sum(got.values())]
    got = {p: (n + (p in rest)) * size for p, n in got.items()}
    largest = max(got, key=lambda p: (got[p], p))
    got[largest] += wanted - sum(got.values())
    return {p: got[p] - n for p, n in count.items()}


def _take(
    serving: pl.DataFrame, teams: Sequence[Row], delta: Mapping[str, int]
) -> tuple[list[str], int]:
    """Choose who is taken away where officers are to be fewer."""
    in_team = {m for t in teams for m in t["members"]}
    order: dict[str, list[str]] = {}
    for post, person in _least_missed(serving, teams, in_team):
        order.setdefault(post, []).append(person)
    taken: list[str] = []
    short = 0
    for post, more in sorted(delta.items()):
        if more < 0:
            found = order.get(post, [])[:-more]
            taken += found
            short += -more - len(found)
    return taken, short


def _least_missed(
    serving: pl.DataFrame, teams: Sequence[Row], in_team: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield (post, person): those in no team, members before leaders, then team by team."""
    here = dict(zip(serving["id"], serving["home_post"], strict=True))
    alone = serving.filter(~pl.col("id").is_in(list(in_team))).sort("leader", "id")
    yield from ((here[p], p) for p in alone["id"])
    for team in reversed(teams):
        for person in reversed(team["members"]):
            if person in here:
                yield here[person], person


def _officer(personnel: pl.DataFrame, post: str, i: int) -> dict[str, Any]:
    """Return the roster's row of a made-up officer: every second one may lead."""
    same = personnel.filter(pl.col("home_post") == post)
    unit = same["unit"][0] if same.height else "polsek"
    row: dict[str, Any] = dict.fromkeys(personnel.columns)
    return row | {
        "id": f"{SOURCE}-{post}-{i + 1:03d}",
        "agency": "polri",
        "unit": unit,
        "leader": i % 2 == 0,
        "home_post": post,
        "duty": "tps",
        "available": True,
        "source": SOURCE,
        "sample": True,
    }


__all__ = ["People", "people_after"]
