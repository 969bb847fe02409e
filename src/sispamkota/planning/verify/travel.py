"""Rules on the roads: the plan says which it was made on, and what that changed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sispamkota.planning.verify.facts import TOLERANCE_S, Facts, Plan, Violation, bad


def travel(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The plan states the roads, vehicle, closures, far and cut-off places that were in force."""
    said = plan.get("travel")
    if facts.roads is None:
        if said is not None:
            yield bad(
                "roads_stated", "travel", "tidak ada jaringan jalan", "there is no road network"
            )
        return
    wanted = {**facts.roads.stated, **_far(facts), "unreachable_tps": _unreachable(plan, facts)}
    for key, value in wanted.items():
        found = said.get(key) if isinstance(said, dict) else None
        if found != value:
            yield bad(
                "roads_stated",
                f"travel.{key}",
                f"tertulis {_short(found)}, dihitung {_short(value)}",
                f"stated {_short(found)}, computed {_short(value)}",
            )


def _far(facts: Facts) -> dict[str, list[str]]:
    assert facts.roads is not None
    far = facts.roads.far(facts.roads.stated["far_m"])
    return {
        "far_tps": sorted(t for t in facts.sites if facts.place(t) in far),
        "far_posts": sorted(p for p, place in facts.posts.items() if place in far),
    }


def _unreachable(plan: Plan, facts: Facts) -> list[str]:
    """Return the TPS to which no way leads from any post that has a team."""
    posts = [facts.posts[p] for p in plan["certificate"]["prices"]["posts"]]
    return sorted(
        tps
        for tps in facts.sites
        if all(facts.seconds(post, facts.place(tps)) == math.inf for post in posts)
    )


def difference(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """What the roads change is measured from the figures of this very plan."""
    said = plan.get("roads_difference")
    if said is None:
        return
    parts = plan["objective_parts"]
    own = {
        "travel_s": parts["travel_s"],
        "way_s": parts["way_s"],
        "tps_covered": plan["tps_covered"],
        "objective": plan["objective"],
    }
    for key, value in own.items():
        if facts.roads is None or abs(said["roads"][key] - value) > TOLERANCE_S:
            yield bad(
                "roads_stated",
                f"roads_difference.roads.{key}",
                f"tertulis {said['roads'][key]}, dihitung {value}",
                f"stated {said['roads'][key]}, computed {value}",
            )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004


__all__ = ["difference", "travel"]
