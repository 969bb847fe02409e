"""What if: plan a SIMULASI beside a plan and say what would be different; nothing is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from sispamkota.actions.compare import told
from sispamkota.actions.gathered import gathered
from sispamkota.actions.plan import guard_rules, parse_plan
from sispamkota.actions.travel import travel_times, uses_roads
from sispamkota.actions.verify import pattern_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.compare import compare_plans, within_search
from sispamkota.planning.guards import EffortName, GuardInputs
from sispamkota.planning.travel import TravelTimes
from sispamkota.planning.whatif import WhatIf, simulate_plan
from sispamkota.storage.config import Planning
from sispamkota.storage.versions import GUARDS
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]
SETTINGS = (
    "beat_limit_s",
    "post_weight",
    "speed_kmh",
    "detour_factor",
    "travel",
    "road_profile",
    "access_kmh",
    "mixed_classes",
    "grouping",
    "duty_hours",
    "risk",
)
MOST_OFFICERS = 5_000
"""More than any Polres sends to TPS; the work of a what-if grows with them."""
Officers = Annotated[int, Meta(ge=-MOST_OFFICERS, le=MOST_OFFICERS)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]


class Available(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Officers there shall be in all."""

    polri: Annotated[int, Meta(ge=0, le=MOST_OFFICERS)]


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked; ranges of the settings are those of `sispamkota.toml`."""

    pattern: Name | None = None
    beat_limit_s: float | None = None
    post_weight: float | None = None
    speed_kmh: float | None = None
    detour_factor: float | None = None
    travel: Literal["auto", "roads", "straight"] | None = None
    road_profile: Literal["motorcycle", "car"] | None = None
    access_kmh: float | None = None
    mixed_classes: bool | None = None
    grouping: Literal["kecamatan", "desa"] | None = None
    duty_hours: float | None = None
    risk: dict[str, float] | None = None
    strength_delta: dict[str, Officers] = {}
    available: Available | None = None
    closed_beats: list[Name] = []
    closed_posts: list[Name] = []


def simulate(
    workspace: Workspace,
    changes: Mapping[str, Any],
    *,
    base: str | None = None,
    kecamatan: str | None = None,
    seed: int = 1,
    effort: EffortName | None = None,
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Return the plan that would be made under some changes, and what it does otherwise.

    Args:
        workspace: an open workspace; nothing in it changes.
        changes: docs/how-to/try-a-what-if.md lists them.
        base: id of the plan it is compared with; None = the latest.
        kecamatan: plan this one alone, with the teams that `base` sends there.
        seed: seed of the search.
        effort: by default quick for one kecamatan, normal for the regency.
        progress: called with the step's name and the part done.

    Returns:
        `simulation` (true), `plan` (a SIMULASI, with `what_if`), `compare`, `differences` and
        `notes` in both languages, `elapsed_s`.

    Raises:
        DomainError: `bad_change`, `no_plan`, `unknown_plan`, `unknown_pattern`,
            `unknown_kecamatan`, `unknown_beat`, `unknown_post`, `no_teams`, or what gathering and
            planning say.
    """
    begun = time.monotonic()
    progress("gather", 0.0)
    asked = _parse(changes)
    plan = _base(workspace, base)
    today = gathered(workspace, pattern_of(plan, str(plan["plan"])))
    case = WhatIf(
        base=plan,
        inputs=_inputs(workspace, today.inputs, asked),
        changes=dict(changes),
        kecamatan=kecamatan,
        strength_delta=asked.strength_delta,
        available=None if asked.available is None else asked.available.polri,
        closed_beats=asked.closed_beats,
        closed_posts=asked.closed_posts,
    )
    found = simulate_plan(case, seed=seed, effort=effort, progress=progress)
    compared = told(compare_plans(plan, found.plan, kecamatan))
    within = within_search(compared)
    notes = [*found.notes, *([within] if within else [])]
    if plan["certificate"]["inputs_sha256"] != today.facts.inputs_sha256:
        notes.insert(0, _stale())
    return {
        "simulation": True,
        "plan": found.plan,
        "compare": compared,
        "differences": compared["differences"],
        "notes": [{"id": note.id, "en": note.en} for note in notes],
        "elapsed_s": round(time.monotonic() - begun, 3),
    }


def _parse(changes: Mapping[str, Any]) -> Changes:
    try:
        asked = msgspec.convert(dict(changes), Changes)
    except msgspec.ValidationError as error:
        raise _bad_change(str(error)) from error
    if asked.available and asked.strength_delta:
        raise _bad_change("available, strength_delta: one of the two")
    return asked


def _base(workspace: Workspace, base: str | None) -> dict[str, Any]:
    wanted = base or workspace.latest_plan(GUARDS)
    if wanted is None:
        raise DomainError(
            "no_plan",
            Text("ruang kerja ini belum punya rencana", "this workspace has no plan yet"),
            Text("Jalankan: sispamkota plan guards.", "Run: sispamkota plan guards."),
        )
    return parse_plan(workspace.load_plan(wanted), wanted)


def _inputs(workspace: Workspace, today: GuardInputs, asked: Changes) -> GuardInputs:
    """Return today's inputs under the pattern, rules and travel times that are asked for."""
    given = {name: getattr(asked, name) for name in SETTINGS}
    changed = {name: value for name, value in given.items() if value is not None}
    for name, value in (*changed.items(), *(asked.risk or {}).items()):
        if isinstance(value, float) and not math.isfinite(value):
            raise _bad_change(f"{name} = {value}")
    settings = msgspec.to_builtins(workspace.config.planning)
    if "risk" in changed:
        changed["risk"] = {**settings["risk"], **changed["risk"]}
        unknown = changed["risk"].keys() - settings["risk"].keys()
        if unknown:
            raise _bad_change(f"risk.{min(unknown)}")
    try:
        planning = msgspec.convert({**settings, **changed}, Planning)
    except msgspec.ValidationError as error:
        raise _bad_change(str(error)) from error
    pattern = today.pattern
    if asked.pattern is not None:
        pattern = gathered(workspace, asked.pattern).inputs.pattern
    return replace(
        today,
        pattern=pattern,
        rules=guard_rules(planning),
        travel=_travel(workspace, planning, changed),
    )


def _travel(workspace: Workspace, planning: Planning, changed: Mapping[str, Any]) -> TravelTimes:
    """Return the times asked for; a detour or a mean speed says nothing where roads are used."""
    if uses_roads(workspace, planning):
        idle = next((n for n in ("speed_kmh", "detour_factor") if n in changed), None)
        if idle is not None:
            raise _bad_change(f"{idle}: planning.travel = {planning.travel} (roads)")
    return travel_times(workspace, planning)


def _stale() -> Text:
    return Text(
        "Data atau pengaturan telah berubah sejak rencana asal dibuat: selisih ini memuat "
        "perubahan itu juga.",
        "Inputs or settings have changed since the base plan was made: the differences hold "
        "those changes too.",
    )


def _bad_change(what: str) -> DomainError:
    return DomainError(
        "bad_change",
        Text(f"perubahan tidak dapat dipakai: {what}", f"a change cannot be used: {what}"),
        Text(
            "Perubahan: " + ", ".join(Changes.__struct_fields__) + ".",
            "Changes: " + ", ".join(Changes.__struct_fields__) + ".",
        ),
        {"value": what},
    )


__all__ = ["simulate"]
