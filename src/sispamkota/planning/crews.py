"""People into teams and teams to beats: the rules that concern persons, not places.

Rules: a team has at least `size` officers of one post and a leader; nobody guards in their own
home desa; a TPS reached by boat or motorcycle needs a team with one; a Padal for each kecamatan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sispamkota.planning.search import FORBIDDEN, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Officers who stay together (buddy rule) and leave from one post.

    Attributes:
        id: stable within a plan, from the post and a running number.
        post: code of the home post.
        leader: opaque id of the person who leads.
        members: opaque ids, the leader first.
        transport: means that at least one member brings.
        home_desa: desa where a member lives: the team never guards there.
    """

    id: str
    post: str
    leader: str
    members: tuple[str, ...]
    transport: frozenset[str]
    home_desa: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A beat that needs a team: where it is and what it asks of the team."""

    kecamatan: str
    anchor: str
    tps: tuple[str, ...]
    desa: frozenset[str]
    access: frozenset[str]


def eligible(personnel: pl.DataFrame) -> pl.DataFrame:
    """Return the Polri officers who are free for TPS duty and have a post to leave from."""
    return personnel.filter(
        (pl.col("agency") == "polri")
        & (pl.col("duty") == "tps")
        & pl.col("available")
        & pl.col("home_post").is_not_null()
    ).sort("home_post", "id")


def form_teams(officers: pl.DataFrame, *, size: int) -> tuple[tuple[Team, ...], tuple[str, ...]]:
    """Form as many teams of `size` as each post's leaders and members allow.

    Leaders and members are paired in the order of their home desa, so that the desa closed to a
    team lie together and the fewest beats are closed to it.

    Args:
        officers: PERSONNEL rows, as `eligible` returns them.
        size: officers in a team.

    Returns:
        the teams, and the ids of officers left over (odd ones, or without a leader).
    """
    teams: list[Team] = []
    spare: list[str] = []
    for (post,), rows in officers.group_by("home_post", maintain_order=True):
        people = rows.sort("home_desa", "id", nulls_last=True).to_dicts()
        leaders = [p for p in people if p["leader"]]
        others = [p for p in people if not p["leader"]]
        count = min(len(leaders), len(people) // size)
        # leaders beyond the number of teams serve as members
        followers = sorted(others + leaders[count:], key=lambda p: (p["home_desa"] or "~", p["id"]))
        for k in range(count):
            crew = [leaders[k], *followers[k * (size - 1) : (k + 1) * (size - 1)]]
            teams.append(_team(str(post), k + 1, crew))
        spare += [p["id"] for p in followers[count * (size - 1) :]]
    return tuple(teams), tuple(spare)


def _team(post: str, running: int, crew: Sequence[Mapping[str, object]]) -> Team:
    means = {m for p in crew for m in str(p["transport"] or "").split(";") if m}
    return Team(
        id=f"{post}-{running:03d}",
        post=post,
        leader=str(crew[0]["id"]),
        members=tuple(str(p["id"]) for p in crew),
        transport=frozenset(means),
        home_desa=frozenset(str(p["home_desa"]) for p in crew if p["home_desa"]),
    )


def fits(team: Team, beat: Beat) -> bool:
    """Say whether the rules let this team guard this beat."""
    if team.home_desa & beat.desa:
        return False
    return all(means in team.transport for means in beat.access - {"road"})


def match(
    teams: Sequence[Team], beats: Sequence[Beat], way: Floats, risk: Sequence[float] = ()
) -> list[int | None]:
    """Send each beat a team that fits it, at the least total way, exactly.

    Args:
        teams: all teams.
        beats: all beats, at most as many as teams for all to be served.
        way: (teams, beats) cost of the way.
        risk: per beat, what leaving it without a team would risk; the least goes without.

    Returns:
        per beat the index of its team, or None where none of those left fits.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (half a second to import)

    if not beats or not teams:
        return [None] * len(beats)
    worst = max(risk, default=0.0) or 1.0
    cost = way.copy()
    for b, beat in enumerate(beats):
        forbidden = FORBIDDEN * (1.0 + (risk[b] / worst if risk else 0.0))
        for t, team in enumerate(teams):
            if not fits(team, beat):
                cost[t, b] = forbidden
    rows, columns = linear_sum_assignment(cost)
    found: list[int | None] = [None] * len(beats)
    for t, b in zip(rows, columns, strict=True):
        if cost[t, b] < FORBIDDEN / 2:  # the way of a team may be a little cheaper than stated
            found[int(b)] = int(t)
    return found


def assign_padal(
    personnel: pl.DataFrame,
    kecamatan: Sequence[str],
    seconds: Floats,
    posts: Sequence[str],
) -> dict[str, str | None]:
    """Give each kecamatan its own Padal, nearest posts first in total.

    Args:
        personnel: PERSONNEL frame.
        kecamatan: codes.
        seconds: (posts, kecamatan) travel time from post to the kecamatan.
        posts: post codes of the rows of `seconds`.

    Returns:
        kecamatan → person id; None where there are fewer Padal than kecamatan.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    padal = personnel.filter((pl.col("duty") == "padal") & pl.col("available")).sort("id")
    chosen: dict[str, str | None] = dict.fromkeys(kecamatan)
    if padal.is_empty():
        return chosen
    row_of = {p: i for i, p in enumerate(posts)}
    near = np.isfinite(seconds)
    far = float(seconds[near].max(initial=0.0)) + 1.0
    seconds = np.where(near, seconds, far)
    cost = np.full((padal.height, len(kecamatan)), far)
    for p, post in enumerate(padal["home_post"]):
        if post in row_of:
            cost[p] = seconds[row_of[post]]
    for p, k in zip(*linear_sum_assignment(cost), strict=True):
        chosen[kecamatan[int(k)]] = str(padal["id"][int(p)])
    return chosen
