"""Plan guards: gather a workspace's inputs, let the planner decide, keep the plan."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sispamkota.actions.roster import roster_in_force
from sispamkota.actions.territory import load_territory
from sispamkota.actions.travel import straight_line, travel_times
from sispamkota.actions.vulnerability import assess
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.guards import EffortName, GuardInputs, plan_guards
from sispamkota.planning.patterns import find_pattern, parse_patterns
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.roads_difference import roads_difference
from sispamkota.storage.config import Planning
from sispamkota.storage.versions import COMMAND_LINE, GUARDS, PlanEvent
from sispamkota.storage.workspace import CONFIG_NAME, Workspace

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """A plan that was kept: its content, the file it is in, and its version."""

    plan: dict[str, Any]
    file: Path
    version: PlanEvent

    @property
    def findings(self) -> bool:
        """Whether the plan leaves a TPS open or a kecamatan without Padal."""
        alone = any(row["person"] is None for row in self.plan["padal"])
        return alone or bool(self.plan["uncovered"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who keeps a plan, why and when.

    Attributes:
        person: rank and name, or the command line itself.
        reason: in that person's words.
        at: when; None = now.
        account: id of the account; None for the command line.
    """

    person: str = COMMAND_LINE
    reason: str = ""
    at: dt.datetime | None = None
    account: str | None = None


def gather_guards(workspace: Workspace, pattern: str | None = None) -> GuardInputs:
    """Return what a guard plan of this workspace depends on.

    Args:
        workspace: an open workspace.
        pattern: doctrine pattern by name; None = the one in force.

    Raises:
        DomainError: `unknown_pattern`, `no_tps`, or what scoring says.
    """
    config = workspace.config
    own = parse_patterns({"pattern": list(config.pattern)}, CONFIG_NAME)
    territory = load_territory(workspace)
    scores = assess(workspace).scored.scores
    roster = roster_in_force(workspace)
    imports = workspace.store.imports().filter(pl.col("withdrawn_at").is_null())
    sites = territory.tps.join(
        scores.select(code="tps", **{"class": "class"}, certainty="certainty"), on="code"
    ).select(
        "code",
        "desa",
        "kecamatan",
        "class",
        "khusus",
        "lon",
        "lat",
        "position",
        "access",
        "certainty",
    )
    return GuardInputs(
        sites=sites,
        posts=territory.posts,
        personnel=roster.personnel,
        assumptions=(roster.assumed,) if roster.assumed else (),
        pattern=find_pattern(pattern or config.doctrine.pattern, own),
        rules=guard_rules(config.planning),
        travel=travel_times(workspace),
        strength=config.planning.strength,
        sample=bool(imports["sample"].any()) or roster.assumed is not None,
    )


def guard_rules(planning: Planning) -> GuardRules:
    """Return the planner's rules from the settings."""
    return GuardRules(
        beat_limit_s=planning.beat_limit_s,
        post_weight=planning.post_weight,
        risk={
            "kurang_rawan": planning.risk.kurang_rawan,
            "rawan": planning.risk.rawan,
            "sangat_rawan": planning.risk.sangat_rawan,
        },
        penalty_s=planning.penalty_s,
        duty_hours=planning.duty_hours,
        shift_start=planning.shift_start,
        mixed_classes=planning.mixed_classes,
        grouping=planning.grouping,
    )


def make_guard_plan(
    workspace: Workspace,
    *,
    pattern: str | None = None,
    seed: int = 1,
    effort: EffortName = "normal",
    maker: Maker | None = None,
    progress: Progress = lambda _what, _part: None,
) -> PlanResult:
    """Make a guard plan and keep it in the workspace as a draft version.

    Raises:
        DomainError: what `gather_guards`, `plan_guards` and `keep_draft` say.
    """
    progress("gather", 0.0)
    plan = compute_guards(workspace, pattern=pattern, seed=seed, effort=effort, progress=progress)
    return keep_draft(workspace, plan, maker or Maker())


def compute_guards(
    workspace: Workspace,
    *,
    pattern: str | None,
    seed: int,
    effort: EffortName,
    progress: Progress,
) -> dict[str, Any]:
    """Return a guard plan, with what its roads change where it was made on any; keeps nothing.

    Raises:
        DomainError: what `gather_guards` and `plan_guards` say.
    """
    inputs = gather_guards(workspace, pattern)
    plan = plan_guards(inputs, seed=seed, effort=effort, progress=progress)
    if inputs.travel.settings() is not None:
        straight = straight_line(workspace.config.planning)
        plan["roads_difference"] = roads_difference(
            inputs, plan, straight, seed=seed, progress=progress
        )
    return plan


def keep_draft(
    workspace: Workspace,
    plan: dict[str, Any],
    maker: Maker,
    *,
    kind: str = GUARDS,
    base: str | None = None,
    seen_version: int | None = None,
    beside: bool = False,
) -> PlanResult:
    """Keep a plan as the next version, a draft; the same plan again stays the version it is.

    A SIMULASI is kept as that and can never be approved.

    Args:
        workspace: an open workspace.
        plan: content of the plan file.
        maker: who keeps it.
        kind: kind of the plan.
        base: id of the plan it was made from.
        seen_version: newest version that the maker knew; None = do not compare.
        beside: keep it all the same beside a newer version.

    Raises:
        DomainError: `newer_version`, `plan_exists`.
    """
    name, body = str(plan["plan"]), plan_bytes(plan)
    at = maker.at or dt.datetime.now(dt.UTC)
    try:
        event = workspace.save_version(
            name,
            kind,
            body,
            base=base,
            state="simulation" if plan.get("simulation") else "draft",
            account=maker.account,
            person=maker.person,
            reason=maker.reason,
            at=at,
            seen_version=seen_version,
            beside=beside,
        )
    except DomainError as error:
        # the same plan computed anew by another version of the program: on the machine itself it
        # stands before the earlier one, as long as nobody relies on that
        if error.code != "plan_exists" or maker.person != COMMAND_LINE:
            raise
        workspace.save_plan(name, kind, body, at=at)
        event = workspace.versions.events(name)[-1]
    return PlanResult(plan=plan, file=workspace.plan_file(name), version=event)


def plan_bytes(plan: dict[str, Any]) -> bytes:
    """Return the bytes of a plan file: readable JSON, same plan same bytes."""
    return (json.dumps(plan, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read_plan(workspace: Workspace, wanted: str | None) -> tuple[dict[str, Any], str]:
    """Return a plan by id, by file, or the latest, and what it was found as.

    Raises:
        DomainError: `no_plan`, `unknown_plan`, or `damaged_plan`.
    """
    if wanted is None:
        wanted = workspace.latest_plan(GUARDS)
        if wanted is None:
            raise DomainError(
                "no_plan",
                Text("ruang kerja ini belum punya rencana", "this workspace has no plan yet"),
                Text("Jalankan: sispamkota plan guards.", "Run: sispamkota plan guards."),
            )
    body = _file_bytes(Path(wanted)) or workspace.load_plan(wanted)
    return parse_plan(body, wanted), wanted


def _file_bytes(file: Path) -> bytes | None:
    """Return the bytes of a file, or None where the word is no file (a plan id, say)."""
    try:
        return file.read_bytes() if file.is_file() else None
    except (OSError, ValueError):
        return None


def parse_plan(body: bytes, name: str) -> dict[str, Any]:
    """Return the plan of a file.

    Raises:
        DomainError: `damaged_plan` where it is no JSON object.
    """
    try:
        plan = json.loads(body)
    except (ValueError, UnicodeDecodeError, RecursionError):
        plan = None
    if not isinstance(plan, dict):
        raise DomainError(
            "damaged_plan",
            Text(f"{name} bukan berkas rencana", f"{name} is no plan file"),
            Text(
                "Berikan berkas JSON dari `sispamkota plan guards`.",
                "Give a JSON file made by `sispamkota plan guards`.",
            ),
            {"file": name},
        )
    return plan
