"""What if: the plan that would be made under other settings or with other officers.

The teams of the base plan stay as they are wherever their people still serve, so that the
differences are those of the change asked for and not of teams formed anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text, number
from sispamkota.planning.crews import Team, eligible, form_teams
from sispamkota.planning.guards import (
    Crews,
    EffortName,
    GuardInputs,
    known_posts,
    plan_with_teams,
    team_share,
)
from sispamkota.planning.problem import whole_weights
from sispamkota.planning.running import team_of
from sispamkota.planning.solve import Progress
from sispamkota.planning.whatif_people import People, people_after

Plan = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A question.

    Attributes:
        base: the plan it is asked of.
        inputs: today's inputs, under the pattern, rules and travel times asked for.
        changes: the question as it was put, for the plan file.
        kecamatan: plan this one alone, with the teams that the base plan sends there.
        strength_delta: post → officers more or fewer.
        available: officers there shall be in all; None as they are.
        closed_beats: beats of the base plan whose team is withdrawn.
        closed_posts: posts whose officers are withdrawn.
    """

    base: Plan
    inputs: GuardInputs
    changes: Mapping[str, Any]
    kecamatan: str | None = None
    strength_delta: Mapping[str, int]
    available: int | None = None
    closed_beats: Sequence[str] = ()
    closed_posts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """An answer: the SIMULASI plan, the inputs that it is a plan for, and what to know of it."""

    plan: dict[str, Any]
    inputs: GuardInputs
    notes: tuple[Text, ...]


def simulate_plan(
    case: WhatIf,
    *,
    seed: int = 1,
    effort: EffortName | None = None,
    progress: Progress = lambda _what, _part: None,
) -> Simulated:
    """Make the plan of a what-if; it is marked SIMULASI and its id says so.

    Args:
        case: the question.
        seed: seed of the search.
        effort: as of `plan_guards`; by default quick for one kecamatan.
        progress: called with the step's name and the part done.

    Raises:
        DomainError: `unknown_kecamatan`, `unknown_beat`, `unknown_post`, `no_teams`, or what the
            planner says.
    """
    _check(case)
    size, _ = team_share(case.inputs.pattern)
    people = people_after(
        case.base,
        case.inputs,
        kecamatan=case.kecamatan,
        gone=_withdrawn(case),
        strength_delta=case.strength_delta,
        available=case.available,
        size=size,
    )
    inputs = _inputs(case, people)
    beats = [b for b in case.base["beats"] if case.kecamatan in (None, b["kecamatan"])]
    crews = replace(
        _crews(inputs, people, size),
        used_to={b["team"]: frozenset(b["tps"]) for b in beats},
        known=[(b["anchor"], b["tps"]) for b in beats],
    )
    if not crews.teams:
        raise _no_teams(inputs)
    chosen = effort or ("normal" if case.kecamatan is None else "quick")
    plan = plan_with_teams(inputs, crews, seed=seed, effort=chosen, progress=progress)
    what_if = {
        "of": case.base["plan"],
        "kecamatan": case.kecamatan,
        "changes": dict(case.changes),
        "officers_withdrawn": len(people.gone),
        "officers_added": len(people.added),
    }
    mark = hashlib.sha256(json.dumps(what_if, sort_keys=True).encode()).hexdigest()[:8]
    named = {**plan, "plan": f"{plan['plan']}-s-{mark}", "simulation": True, "what_if": what_if}
    notes = (*_notes(case, people), *_shortage(inputs, crews, plan))
    return Simulated(plan=named, inputs=inputs, notes=notes)


def _check(case: WhatIf) -> None:
    areas = {r["kecamatan"] for r in case.base["kecamatan"]}
    if case.kecamatan is not None and (
        case.kecamatan not in areas
        or case.inputs.sites.filter(pl.col("kecamatan") == case.kecamatan).is_empty()
    ):
        raise _unknown("kecamatan", case.kecamatan)
    beats = {b["id"]: b["kecamatan"] for b in case.base["beats"]}
    for beat in case.closed_beats:
        if beat not in beats or case.kecamatan not in (None, beats[beat]):
            raise _unknown("beat", beat)
    posts = set(case.inputs.posts["code"])
    for post in (*case.closed_posts, *case.strength_delta):
        if post not in posts:
            raise _unknown("post", post)


def _withdrawn(case: WhatIf) -> frozenset[str]:
    """Return the officers that closed beats and posts and earlier losses take away."""
    teams = {b["team"] for b in case.base["beats"] if b["id"] in set(case.closed_beats)}
    members = {m for t in case.base["teams_detail"] if t["id"] in teams for m in t["members"]}
    at_post = case.inputs.personnel.filter(
        (pl.col("agency") == "polri")
        & (pl.col("duty") == "tps")
        & pl.col("home_post").is_in(list(case.closed_posts))
    )["id"]
    return frozenset({*members, *at_post, *case.base.get("unavailable", ())})


def _inputs(case: WhatIf, people: People) -> GuardInputs:
    sites = case.inputs.sites
    if case.kecamatan is not None:
        sites = sites.filter(pl.col("kecamatan") == case.kecamatan)
    sample = case.inputs.sample or bool(people.added)
    return replace(case.inputs, sites=sites, personnel=people.personnel, sample=sample)


def _crews(inputs: GuardInputs, people: People, size: int) -> Crews:
    """Return the teams of the base plan that are whole, and teams of the officers left over."""
    rows = {r["id"]: r for r in eligible(people.personnel).iter_rows(named=True)}
    posts = set(known_posts(inputs)["code"])
    kept: list[Team] = []
    for row in people.teams:
        whole = all(m in rows and rows[m]["home_post"] == row["post"] for m in row["members"])
        leads = whole and rows[row["leader"]]["leader"]
        if leads and len(row["members"]) == size and row["post"] in posts:
            kept.append(team_of(row, rows))
    teams, spare = _with_new_teams(kept, people, posts, size)
    return Crews(teams=teams, spare=spare, reserve=people.reserve)


def _with_new_teams(
    kept: Sequence[Team],
    people: People,
    posts: set[str],
    size: int,
) -> tuple[tuple[Team, ...], tuple[str, ...]]:
    """Form teams of those in none; a post that could have more by forming all anew does so."""
    officers = eligible(people.personnel)
    teams: list[Team] = []
    spare: list[str] = []
    for (post,), group in officers.group_by("home_post", maintain_order=True):
        own = [t for t in kept if t.post == post]
        if post not in posts:
            spare += group["id"].to_list()
            continue
        busy = {m for t in own for m in t.members}
        left = group.filter(~pl.col("id").is_in(list(busy)))
        fresh, rest = form_teams(left, size=size)
        anew, rest_anew = form_teams(group, size=size)
        if len(own) + len(fresh) < len(anew):
            own, fresh, rest = [], anew, rest_anew
        number_from = max((_number(t.id) for t in own), default=0)
        own += [
            replace(t, id=f"{post}-{number_from + i:03d}") for i, t in enumerate(fresh, start=1)
        ]
        teams += own
        spare += rest
    return tuple(teams), tuple(spare)


def _number(team: str) -> int:
    digits = team.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def _notes(case: WhatIf, people: People) -> list[Text]:
    """Say what the answer rests on."""
    found = []
    if people.added:
        found.append(
            Text(
                f"{len(people.added)} petugas tambahan adalah CONTOH: dapat memimpin selang-"
                "seling, tanpa desa asal, tanpa perahu atau motor trail.",
                f"The {len(people.added)} officers added are CONTOH: every second one may lead, "
                "without a home desa, without boat or trail motorcycle.",
            )
        )
    if people.short:
        found.append(
            Text(
                f"{people.short} petugas tidak dapat ditarik: di pos itu tidak ada sebanyak itu.",
                f"{people.short} officers could not be taken away: those posts have fewer.",
            )
        )
    if case.base.get("edited"):
        found.append(
            Text(
                "Rencana asal disunting tangan; simulasi menyusun ulang beat tanpa suntingan itu.",
                "The base plan was edited by hand; the simulation makes beats without those moves.",
            )
        )
    if case.kecamatan is not None:
        found.append(
            Text(
                f"Hanya kecamatan {case.kecamatan}, dengan tim yang dikirim ke sana oleh rencana "
                "asal; kecamatan lain tidak berubah.",
                f"Kecamatan {case.kecamatan} alone, with the teams that the base plan sends "
                "there; the others stay as they are.",
            )
        )
    return found


def _shortage(inputs: GuardInputs, crews: Crews, plan: Plan) -> list[Text]:
    """Say by how much the teams fall short, where they cannot suffice whatever the plan."""
    weight_of, capacity = whole_weights(team_share(inputs.pattern)[1])
    kinds = inputs.sites.select("khusus", "class").iter_rows()
    load = sum(weight_of["khusus" if khusus else class_] for khusus, class_ in kinds)
    need, have = math.ceil(load / capacity), len(crews.teams)
    asked, there = _n(need), _n(have)
    if need > have:
        return [
            Text(
                f"Tidak mungkin menjaga semua TPS: pola ini meminta paling sedikit {asked.id} "
                f"tim, ada {there.id}.",
                f"All TPS cannot be guarded: this pattern asks at least {asked.en} teams, there "
                f"are {there.en}.",
            )
        ]
    if plan["uncovered"]:
        return [
            Text(
                "Jumlah tim cukup menurut pola, tetapi batas tempuh atau aturan personel "
                "menyisakan TPS terbuka.",
                "The teams suffice by number, but the travel limit or the rules for persons "
                "leave TPS open.",
            )
        ]
    return []


def _n(value: int) -> Text:
    return Text(number(value, "id"), number(value, "en"))


_WORDS = {"kecamatan": "kecamatan", "beat": "beat", "post": "pos"}


def _unknown(kind: str, name: str) -> DomainError:
    return DomainError(
        f"unknown_{kind}",
        Text(f"tidak ada {_WORDS[kind]} '{name}' di sini", f"there is no {kind} '{name}' here"),
        Text(
            "Pakai kode dari rencana asal; beat harus di kecamatan yang disimulasikan.",
            "Use a code of the base plan; a beat must lie in the kecamatan that is simulated.",
        ),
        {kind: name},
    )


def _no_teams(inputs: GuardInputs) -> DomainError:
    count = inputs.sites.height
    return DomainError(
        "no_teams",
        Text(
            f"tidak ada tim tersisa: semua {number(count, 'id')} TPS terbuka",
            f"no team is left: all {number(count, 'en')} TPS would be open",
        ),
        Text("Tarik lebih sedikit petugas.", "Withdraw fewer officers."),
        {"tps": count},
    )


__all__ = ["Simulated", "WhatIf", "simulate_plan"]
