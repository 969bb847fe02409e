"""Verify a plan from its file and the workspace's inputs, with nothing of the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from sispamkota.actions.plan import gather_guards, read_plan
from sispamkota.actions.plan_kinds import require_kind
from sispamkota.actions.traffic_plan import FORMAT as TRAFFIC_FORMAT
from sispamkota.actions.traffic_plan import verify_traffic_plan
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.guards import GuardInputs
from sispamkota.planning.road_times import RoadTimes
from sispamkota.planning.travel import StraightLine
from sispamkota.planning.verify import Facts, Violation, inputs_sha256, verify_plan
from sispamkota.planning.verify.roads import RoadFacts
from sispamkota.roads.codec import network_sha256
from sispamkota.storage.versions import GUARDS
from sispamkota.storage.workspace import Workspace
from sispamkota.traffic.verify import Violation as TrafficViolation

FORMAT = "sispamkota-guard-plan/1"


def verify(
    workspace: Workspace, wanted: str | None
) -> tuple[str, tuple[Violation | TrafficViolation, ...]]:
    """Check a plan of any kind against today's inputs and every rule.

    Args:
        workspace: an open workspace.
        wanted: plan id or file; None = the latest guard plan.

    Returns:
        the plan's name and what is wrong with it.

    Raises:
        DomainError: `no_plan`, `unknown_plan`, `damaged_plan`, `unknown_format`, or what
            gathering the inputs says.
    """
    plan, name = read_plan(workspace, wanted)
    named = str(plan.get("plan", name))
    if plan.get("format") == TRAFFIC_FORMAT:
        return named, verify_traffic_plan(workspace, plan)
    if plan.get("simulation"):
        return named, (_simulation(),)
    inputs = inputs_of(workspace, plan, name)
    return named, verify_plan(plan, facts_of(inputs))


def _simulation() -> Violation:
    """Say that a SIMULASI is never a plan to carry out, whatever it holds."""
    return Violation(
        rule="simulation",
        where="plan",
        detail=Text(
            "SIMULASI: dibuat untuk keadaan yang diandaikan, bukan rencana untuk dijalankan",
            "SIMULASI: made for a supposed state of things, no plan to carry out",
        ),
    )


def inputs_of(workspace: Workspace, plan: Mapping[str, Any], name: str) -> GuardInputs:
    """Return the inputs that a plan claims to be made from, read anew.

    Raises:
        DomainError: `unknown_format`, `damaged_plan`, or what gathering the inputs says.
    """
    return gather_guards(workspace, pattern_of(plan, name))


def pattern_of(plan: Mapping[str, Any], name: str) -> str:
    """Return the name of a plan's doctrine pattern.

    Raises:
        DomainError: `other_kind`, `unknown_format` or `damaged_plan`.
    """
    require_kind(plan, name, GUARDS)
    if plan.get("format") != FORMAT:
        raise DomainError(
            "unknown_format",
            Text(
                f"{name}: format '{plan.get('format')}' tidak dikenal",
                f"{name}: format '{plan.get('format')}' is not known",
            ),
            Text(f"Berkas rencana berformat {FORMAT}.", f"Plan files have format {FORMAT}."),
            {"plan": name},
        )
    pattern = plan.get("pattern")
    if not isinstance(pattern, str):
        raise DomainError(
            "damaged_plan",
            Text(f"{name}: pola tidak disebut", f"{name}: the pattern is not named"),
            Text("Pakai berkas dari `plan guards`.", "Use a file made by `plan guards`."),
            {"plan": name},
        )
    return pattern


def facts_of(inputs: GuardInputs) -> Facts:
    """Return the verifier's view of the inputs: plain rows."""
    guards = {
        category: (guard.polri, guard.tps)
        for category, guard in inputs.pattern.guards.items()
        if guard.tps is not None
    }
    rules: Mapping[str, Any] = {**asdict(inputs.rules), "risk": dict(inputs.rules.risk)}
    known = inputs.posts.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    straight = inputs.travel if isinstance(inputs.travel, StraightLine) else StraightLine()
    roads = _roads(inputs, known)
    settings = _settings(inputs, rules, roads)
    return Facts(
        sites={r["code"]: r for r in inputs.sites.iter_rows(named=True)},
        posts={c: (x, y) for c, x, y in known.select("code", "lon", "lat").iter_rows()},
        people={r["id"]: r for r in inputs.personnel.iter_rows(named=True)},
        guards=guards,
        rules=rules,
        detour_factor=straight.detour_factor,
        speed_kmh=straight.speed_kmh,
        strength=inputs.strength,
        sample=inputs.sample,
        settings=settings,
        inputs_sha256=_hash(inputs, known, settings),
        roads=roads,
    )


def _roads(inputs: GuardInputs, posts: pl.DataFrame) -> RoadFacts | None:
    """Return the verifier's own view of the roads; None where times are straight lines."""
    travel = inputs.travel
    if not isinstance(travel, RoadTimes):
        return None
    network, digest = travel.network, network_sha256(travel.network)
    stated = {
        "kind": "roads",
        "profile": travel.profile,
        "access_kmh": travel.access_kmh,
        "network": {
            "sha256": digest,
            "source": network.source,
            "as_of": network.as_of.isoformat(),
            "nodes": network.nodes,
            "arcs": network.arcs,
        },
        "day": travel.day.isoformat(),
        "closures": list(travel.closures),
        "closed_arcs": int(travel.closed.sum()),
        "far_m": travel.far_m,
    }
    places = pl.concat([inputs.sites.select("lon", "lat"), posts.select("lon", "lat")])
    return RoadFacts(
        network=network,
        network_sha256=digest,
        closed=travel.closed,
        profile=travel.profile,
        access_kmh=travel.access_kmh,
        stated=stated,
        places=tuple(places.iter_rows()),
        limit_s=inputs.rules.beat_limit_s,
    )


def _hash(inputs: GuardInputs, posts: pl.DataFrame, settings: Mapping[str, Any]) -> str:
    """Hash the inputs as docs/reference/plan-file.md defines it, written here a second time."""
    sites = inputs.sites.select(
        "code", "desa", "kecamatan", "class", "khusus", "lon", "lat", "access"
    ).sort("code")
    people = inputs.personnel.select(
        "id", "agency", "unit", "leader", "home_post", "home_desa", "duty", "transport", "available"
    ).sort("id")
    return inputs_sha256(
        sites.write_csv(),
        posts.select("code", "lon", "lat").sort("code").write_csv(),
        people.write_csv(),
        settings,
    )


def _settings(
    inputs: GuardInputs, rules: Mapping[str, Any], roads: RoadFacts | None
) -> dict[str, Any]:
    guards = {c: {"polri": g.polri, "tps": g.tps} for c, g in sorted(inputs.pattern.guards.items())}
    return {
        "pattern": {"name": inputs.pattern.name, "guards": guards},
        "rules": dict(rules),
        "travel": inputs.travel.assumption().en,
        "strength": inputs.strength,
        **({} if roads is None else {"roads": roads.settings()}),
    }
