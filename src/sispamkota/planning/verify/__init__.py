"""The independent verifier: is this plan what it says, and within every rule?

It shares no code with the planner (import-linter forbids it): distances, loads, objective and
bound are computed again from the plan file and the inputs alone, in another way. Each rule is one
small function that yields violations; `RULES` is the table of contents.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sispamkota.planning.verify.facts import Facts, Plan, Rule, Violation, bad, inputs_sha256
from sispamkota.planning.verify.figures import (
    counts,
    gap,
    kecamatan,
    labels,
    load,
    named,
    objective,
    open_as_stated,
    open_risk,
    same_inputs,
    settings,
)
from sispamkota.planning.verify.people import (
    dangerous_first,
    duty,
    not_at_home,
    one_team_each,
    padal,
    reserve,
    spares,
    team_people,
    team_strength,
    transport,
)
from sispamkota.planning.verify.places import (
    anchor_inside,
    beat_travel,
    capacity,
    every_tps_once,
    one_area,
    way_from_post,
)
from sispamkota.planning.verify.proof import bound
from sispamkota.planning.verify.travel import difference, travel

RULES: tuple[Rule, ...] = (
    same_inputs,
    every_tps_once,
    anchor_inside,
    one_area,
    capacity,
    beat_travel,
    way_from_post,
    one_team_each,
    team_strength,
    team_people,
    not_at_home,
    transport,
    duty,
    padal,
    dangerous_first,
    open_as_stated,
    counts,
    objective,
    gap,
    kecamatan,
    open_risk,
    load,
    reserve,
    spares,
    labels,
    settings,
    named,
    travel,
    difference,
    bound,
)

NOT_MOVED: frozenset[Rule] = frozenset(
    {same_inputs, padal, reserve, spares, labels, settings, named, travel, difference, bound}
)
INSTANT: tuple[Rule, ...] = tuple(rule for rule in RULES if rule not in NOT_MOVED)
"""The rules that moving a TPS or a team can break: checked while a person edits."""


def verify_plan(plan: Plan, facts: Facts, rules: Sequence[Rule] = RULES) -> tuple[Violation, ...]:
    """Check a plan against every rule.

    Args:
        plan: content of the plan file.
        facts: the inputs, read anew.
        rules: the rules to check; all of them make a plan valid, fewer do not.

    Returns:
        every violation; none for a valid plan. A plan whose shape cannot be read gives the
        single rule `readable`, and one that names unknown TPS, posts or people only those.
    """
    try:
        broken = [*_numbers(plan, "plan"), *_known(plan, facts)]
        if broken:
            return tuple(broken)
        return tuple(v for rule in rules for v in rule(plan, facts))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}"
        return (
            bad(
                "readable",
                "-",
                f"bagian rencana hilang atau salah bentuk ({what})",
                f"a part of the plan is missing or misshapen ({what})",
            ),
        )


HUGE = 10**15  # seconds or persons: no figure of a plan comes near


def _numbers(part: object, where: str) -> Iterator[Violation]:
    """Yield every figure that is not a finite number: nothing could be checked against it."""
    huge = isinstance(part, int) and abs(part) > HUGE
    if huge or (isinstance(part, float) and not math.isfinite(part)):
        yield bad("readable", where, f"{part} bukan bilangan", f"{part} is no number")
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from _numbers(inner, f"{where}.{key}")
    elif isinstance(part, list):
        for i, inner in enumerate(part):
            yield from _numbers(inner, f"{where}[{i}]")


def _known(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Yield what the plan names and the inputs do not know."""
    named = [t for b in plan["beats"] for t in (*b["tps"], b["anchor"])]
    for tps in (*named, *(u["tps"] for u in plan["uncovered"])):
        if tps not in facts.sites:
            yield bad(
                "tps_known", str(tps), "TPS ini tidak ada di data", "the data has no such TPS"
            )
    for post in {*(b["post"] for b in plan["beats"]), *(t["post"] for t in plan["teams_detail"])}:
        if post not in facts.posts:
            yield bad("post_known", str(post), "pos ini tidak ada", "there is no such post")
    for team in plan["teams_detail"]:
        for person in (*team["members"], team["leader"]):
            if person not in facts.people:
                yield bad(
                    "person_known",
                    f"{team['id']}: {person}",
                    "orang ini tidak ada di daftar",
                    "the roster has no such person",
                )
    for row in plan["padal"]:
        if row["person"] is not None and row["person"] not in facts.people:
            yield bad(
                "person_known",
                str(row["person"]),
                "Padal ini tidak ada di daftar",
                "the roster has no such Padal",
            )


__all__ = ["INSTANT", "RULES", "Facts", "Violation", "inputs_sha256", "verify_plan"]
