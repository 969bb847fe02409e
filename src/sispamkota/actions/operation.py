"""The operation at a glance: what is secured, under which doctrine and settings, how far it is."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from sispamkota.actions.roster import roster_in_force
from sispamkota.actions.territory import load_lists
from sispamkota.actions.travel_words import travel_words
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.planning.pattern_types import Pattern
from sispamkota.planning.patterns import load_patterns, parse_patterns
from sispamkota.storage.versions import GUARDS, PlanEvent, current_states
from sispamkota.storage.workspace import CONFIG_NAME, Workspace
from sispamkota.vulnerability.catalogue import load_catalogue

SAMPLE_LABEL = Text(
    "CONTOH: sebagian data dibangkitkan, bukan data nyata.",
    "CONTOH (sample): part of the data is generated, not real.",
)


def operation(workspace: Workspace, lang: Lang) -> dict[str, Any]:
    """Return the operation; plan versions and catalogue are for viewers who may see them.

    Raises:
        DomainError: a bad `[[pattern]]` or bad weights in the settings.
    """
    config = workspace.config
    sample = is_sample(workspace)
    head, approved = head_and_approved(workspace)
    return {
        "name": config.operation.name,
        "election": config.operation.election,
        "voting_day": config.operation.voting_day,
        "sample": sample,
        "sample_label": SAMPLE_LABEL.in_(lang) if sample else None,
        "pattern": config.doctrine.pattern,
        "patterns": patterns(workspace, lang),
        "settings": {
            "planning": msgspec.to_builtins(config.planning),
            "vulnerability": {
                "rawan": config.vulnerability.rawan,
                "sangat_rawan": config.vulnerability.sangat_rawan,
            },
        },
        "travel_assumption": travel_words(workspace).in_(lang),
        "kecamatan": kecamatan(workspace),
        "head": _brief(head),
        "approved": _brief(approved),
        "catalogue": _catalogue(workspace, lang),
    }


def is_sample(workspace: Workspace) -> bool:
    """Say whether any part of what holds is generated (CONTOH)."""
    imports = workspace.store.imports().filter(pl.col("withdrawn_at").is_null())
    return bool(imports["sample"].any()) or roster_in_force(workspace).assumed is not None


def patterns(workspace: Workspace, lang: Lang) -> list[dict[str, Any]]:
    """Return the doctrine patterns that this workspace may plan with, or know of.

    Raises:
        DomainError: a bad `[[pattern]]` in the settings.
    """
    own = parse_patterns({"pattern": list(workspace.config.pattern)}, CONFIG_NAME)
    named = {pattern.name: pattern for pattern in (*load_patterns(), *own)}
    return [_pattern_json(pattern, lang) for pattern in named.values()]


def _pattern_json(pattern: Pattern, lang: Lang) -> dict[str, Any]:
    return {
        "name": pattern.name,
        "event": pattern.event,
        "kind": pattern.kind,
        "source": pattern.source,
        "as_of": pattern.as_of,
        "note": pattern.note.in_(lang),
        "guards": {
            category: {"polri": g.polri, "tps": g.tps, "linmas": g.linmas, "basis": g.basis}
            for category, g in pattern.guards.items()
        },
        "plannable": all(g.tps is not None for g in pattern.guards.values()),
    }


def kecamatan(workspace: Workspace) -> list[dict[str, Any]]:
    """Return code, name and point of each kecamatan; a point is the middle of its desa."""
    areas = load_lists(workspace.store).areas
    middle = (
        areas.filter(pl.col("level") == "desa_kelurahan")
        .group_by("parent")
        .agg(mid_lon=pl.col("lon").mean(), mid_lat=pl.col("lat").mean())
    )
    return (
        areas.filter(pl.col("level") == "kecamatan")
        .join(middle, left_on="code", right_on="parent", how="left")
        .select(
            "code",
            pl.col("name").fill_null(pl.col("code")),
            pl.coalesce("lon", "mid_lon").alias("lon"),
            pl.coalesce("lat", "mid_lat").alias("lat"),
        )
        .sort("code")
        .to_dicts()
    )


def head_and_approved(workspace: Workspace) -> tuple[PlanEvent | None, PlanEvent | None]:
    """Return the newest version that is no SIMULASI, and the approved one."""
    states = [
        event
        for event in current_states(workspace.versions.events()).values()
        if event.kind == GUARDS and event.state != "simulation"
    ]
    approved = [event for event in states if event.state == "approved"]
    return (states[-1] if states else None), (approved[-1] if approved else None)


def _brief(event: PlanEvent | None) -> dict[str, Any] | None:
    return {"version": event.version, "plan": event.plan} if event else None


def _catalogue(workspace: Workspace, lang: Lang) -> dict[str, Any] | None:
    settings = workspace.config.vulnerability
    try:
        found = load_catalogue(workspace.config.operation.election, settings.weights)
    except DomainError:  # told where scores are asked for; the rest of the screen stays usable
        return None
    return {
        "name": found.name.in_(lang),
        "as_of": found.as_of,
        "indicators": [{"indicator": i.id, "name": i.name.in_(lang)} for i in found.indicators],
    }
