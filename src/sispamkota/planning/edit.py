"""A guard plan edited by hand: the moves applied, every figure and the bound written anew.

`apply_edit` is a pure function of the base plan and the moves, so undo is the same call with the
last move left out. Moves that break a rule are written down like any other: the verifier names
the rule, and a person decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.edit_base import EditBase, Plan, edit_base
from sispamkota.planning.edit_ops import Layout, Op, apply_ops
from sispamkota.planning.edit_write import Shape, shape_of, write_edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A plan after some moves.

    Attributes:
        body: the plan file; figures that an unreachable TPS makes infinite are null in it.
        shapes: every beat that has TPS or a team now or had in the base plan.
        unreachable: (beat, TPS or post) pairs that no way joins.
        bound: the base's bound, which only plans that keep the rules cannot undercut.
    """

    body: dict[str, Any]
    shapes: Mapping[str, Shape]
    unreachable: tuple[tuple[str, str], ...]
    bound: float
    base: EditBase


def apply_edit(base: EditBase, ops: Sequence[Op]) -> Edited:
    """Return the plan after the moves.

    Raises:
        DomainError: `unknown_tps`, `unknown_beat` or `unknown_team`.
    """
    layout = apply_ops(base.layout, ops)
    shapes = _shapes(base, layout)
    body = write_edited(base, shapes)
    lost = tuple(
        (beat, place) for beat, shape in sorted(shapes.items()) for place in shape.unreachable
    )
    return Edited(body=body, shapes=shapes, unreachable=lost, bound=base.bound, base=base)


def _shapes(base: EditBase, layout: Layout) -> dict[str, Shape]:
    """Return the shape of every beat; those that are as in the base plan cost nothing."""
    known = {b["id"]: b for b in base.plan["beats"]}
    post_of = {t["id"]: t["post"] for t in (*base.plan["teams_detail"], *base.plan["spare_teams"])}
    found = {}
    for beat, members in layout.members().items():
        team = layout.team_of[beat]
        found[beat] = shape_of(
            base,
            beat=beat,
            area=layout.area[beat],
            members=members,
            crew=None if team is None else (team, post_of[team]),
            before=known.get(beat),
        )
    return found


def signed(
    edited: Edited,
    ops: Sequence[Mapping[str, Any]],
    *,
    person: str,
    at: str,
    violations: int,
) -> dict[str, Any]:
    """Return the plan file of an edit, named by its content.

    Args:
        edited: the plan after the moves.
        ops: the moves as they were given.
        person: rank and name of the planner.
        at: ISO time.
        violations: how many rules it broke when it was made; the verifier counts anew.

    Raises:
        DomainError: `unreachable_beat`: a beat that no way leads to has no cost to write down.
    """
    if edited.unreachable:
        beat, place = edited.unreachable[0]
        raise DomainError(
            "unreachable_beat",
            Text(
                f"{place} tidak terjangkau dari beat {beat}",
                f"no way joins {place} and beat {beat}",
            ),
            Text("Pindahkan TPS itu ke beat lain.", "Move that TPS to another beat."),
            {"beat": beat, "place": place},
        )
    body = {
        **edited.body,
        "edited": {
            "of": edited.base.plan["plan"],
            "ops": [dict(op) for op in ops],
            "person": person,
            "at": at,
            "violations": violations,
        },
    }
    return {**body, "plan": f"guards-{content_digest(body)[:10]}"}


def content_digest(body: Plan) -> str:
    """Return the SHA-256 of a plan without its id: sorted keys, no spaces, as UTF-8 JSON."""
    content = {k: v for k, v in body.items() if k != "plan"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_result(edited: Edited, broken: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a person sees of an edit: figures before and after, and the beats it changed.

    Args:
        edited: the plan after the moves.
        broken: every broken rule as `rule`, `where`, `detail`.
    """
    body, base = edited.body, edited.base
    valid, objective = not broken, body["objective"]
    before = {b["id"]: b for b in base.plan["beats"]}
    changed = [s for b, s in sorted(edited.shapes.items()) if not s.same_as(before.get(b))]
    return {
        "objective": objective,
        "objective_parts": body["objective_parts"],
        "objective_before": base.plan["objective"],
        "lower_bound": min(edited.bound, objective) if valid else edited.bound,
        "gap": body["gap"] if valid else None,
        "tps_covered": body["tps_covered"],
        "tps_uncovered": body["tps_uncovered"],
        "teams": body["teams"],
        "teams_idle": len(body["spare_teams"]),
        "changed_beats": [_shown(base, s) for s in changed],
        "tps_moved": _moved(base, edited),
        "violations": list(broken),
        "warnings": [{"id": t.id, "en": t.en} for t in _warnings(edited, valid=valid)],
        "valid": valid,
    }


def _shown(base: EditBase, shape: Shape) -> dict[str, Any]:
    limit = base.inputs.rules.beat_limit_s
    return {
        "id": shape.beat,
        "kecamatan": shape.area,
        "anchor": shape.anchor,
        "team": shape.team,
        "post": shape.post,
        "way_s": shape.way_s,
        "travel_s": shape.travel_s,
        "load": f"{sum(base.weight[t] for t in shape.tps)}/{base.capacity}",
        "guarded": shape.guarded,
        "tps": [
            {"tps": t, "travel_s": s, "over_limit": s is None or s > limit}
            for t, s in zip(shape.tps, shape.seconds, strict=True)
        ],
    }


def _moved(base: EditBase, edited: Edited) -> list[dict[str, str | None]]:
    after = {t: b for b, s in edited.shapes.items() for t in s.tps}
    return [
        {"tps": tps, "before": beat, "after": after.get(tps)}
        for tps, beat in sorted(base.layout.beat_of.items())
        if beat != after.get(tps)
    ]


def _warnings(edited: Edited, *, valid: bool) -> list[Text]:
    found = [
        Text(
            f"Beat {s.beat} tanpa tim: {len(s.tps)} TPS-nya terbuka.",
            f"Beat {s.beat} has no team: its {len(s.tps)} TPS are open.",
        )
        for s in edited.shapes.values()
        if s.tps and s.team is None
    ]
    found += [
        Text(
            f"Tim {s.team} di beat {s.beat} tanpa TPS: dihitung menganggur.",
            f"Team {s.team} at beat {s.beat} has no TPS: it counts as idle.",
        )
        for s in edited.shapes.values()
        if s.team and not s.tps
    ]
    if not valid:
        found.append(
            Text(
                "Rencana yang melanggar aturan tidak dibandingkan dengan batas bawah.",
                "A plan that breaks a rule is not measured against the lower bound.",
            )
        )
    return found


__all__ = [
    "EditBase",
    "Edited",
    "apply_edit",
    "as_result",
    "content_digest",
    "edit_base",
    "signed",
]
