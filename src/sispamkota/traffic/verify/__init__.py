"""The verifier of traffic plans: is this plan what it claims, and within every rule?

It shares no code with the planner nor with its router (import-linter forbids it): roads, closures,
ways, demand, flows and the choice of posts are worked out again from the plan file and the inputs
alone. Each rule is one small function that yields violations; `RULES` is the table of contents.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sispamkota.traffic.verify import (
    around,
    asked,
    corridor,
    going,
    load,
    manning,
    meeting,
    people,
    points,
    printed,
    told,
)
from sispamkota.traffic.verify.facts import (
    Plan,
    Rule,
    TrafficFacts,
    Violation,
    bad,
    inputs_sha256,
)
from sispamkota.traffic.verify.frame import (
    closure_times,
    closures_known,
    events_told,
    neutral,
    same_inputs,
)

FRAME: tuple[Rule, ...] = (same_inputs, events_told, neutral, closures_known)
"""What must hold before anything else can be looked at."""

RULES: tuple[Rule, ...] = (
    *FRAME,
    closure_times,
    *told.RULES,
    *points.RULES,
    *asked.RULES,
    *corridor.RULES,
    *going.RULES,
    *around.RULES,
    *people.RULES,
    *manning.RULES,
    *load.RULES,
    *printed.RULES,
    *meeting.RULES,
)


def verify_traffic(
    plan: Plan, facts: TrafficFacts, rules: Sequence[Rule] = RULES
) -> tuple[Violation, ...]:
    """Check a traffic plan against every rule.

    Args:
        plan: content of the plan file.
        facts: the inputs, read anew.
        rules: the rules to check; all of them make a plan valid, fewer do not.

    Returns:
        every violation, each once; none for a valid plan. Parts whose shape cannot be read give
        the rule `readable`.
    """
    broken = list(_numbers(plan, "plan"))
    if broken:
        return tuple(broken)
    found: list[Violation] = []
    for rule in rules:
        found += _ruled(rule, plan, facts)
    return tuple(dict.fromkeys(found))


def _ruled(rule: Rule, plan: Plan, facts: TrafficFacts) -> list[Violation]:
    """What a rule finds, or that the part of the plan it looks at cannot be read."""
    try:
        return list(rule(plan, facts))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}"
        return [
            bad(
                "readable",
                "-",
                f"bagian rencana hilang atau salah bentuk ({what})",
                f"a part of the plan is missing or misshapen ({what})",
            )
        ]


DEEPEST = 20
HUGE = 10**15  # seconds, metres or persons: no figure of a plan comes near


def _numbers(plan: object, where: str) -> Iterator[Violation]:
    """Yield every figure that is not a finite number, and what is nested beyond reading."""
    left: list[tuple[object, str, int]] = [(plan, where, 0)]
    while left:
        part, at, depth = left.pop()
        huge = isinstance(part, int) and abs(part) > HUGE
        if huge or (isinstance(part, float) and not math.isfinite(part)):
            yield bad("readable", at, "bukan bilangan yang wajar", "no number one could mean")
        elif depth > DEEPEST:
            yield bad("readable", at[:80], "terlalu bersarang", "nested too deeply")
        elif isinstance(part, Mapping):
            left += [(inner, f"{at}.{key}", depth + 1) for key, inner in part.items()]
        elif isinstance(part, list):
            left += [(inner, f"{at}[{i}]", depth + 1) for i, inner in enumerate(part)]


__all__ = ["RULES", "TrafficFacts", "Violation", "inputs_sha256", "verify_traffic"]
