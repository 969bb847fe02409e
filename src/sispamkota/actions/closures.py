"""Close roads and open them again: previewed, signed by a named officer, never forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from sispamkota.actions.closure_effect import NO_POSTS, Effect, effect_of
from sispamkota.actions.closure_keeping import (
    Decision,
    closure_name,
    for_the_public,
    keep_decisions,
    lifting_of,
    plain_spec,
    refuse_naive,
    spec_of,
    title_of,
)
from sispamkota.actions.closure_records import StandingClosure
from sispamkota.actions.closure_wish import find_closure, read_wish
from sispamkota.actions.named import named_person, stated_reason
from sispamkota.actions.road_places import load_places
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.roads.closures import Closure, name_closures, segment_lengths, segments_of
from sispamkota.roads.network import Network
from sispamkota.storage.workspace import Workspace

DECIMALS = 5
"""Of a degree: about one metre."""
Line = list[list[float]]


def preview_closure(
    workspace: Workspace, raw: Mapping[str, Any], now: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return what a wish would close and whom it would cut off; nothing is kept.

    Raises:
        DomainError: as `read_wish` and `find_closure`, or `no_road_network`.
    """
    roads = load_roads(workspace)
    closure = find_closure(roads, read_wish(raw), now)
    effect = effect_of(roads, load_places(workspace), [closure], now)
    network = roads.network
    segments = segments_of(network, closure)
    shape = network.shape[_vertices(network, segments)]
    return {
        **heading(roads, lang),
        **told_of(network, closure, lang),
        "bounds": [round(float(v), DECIMALS) for v in (*shape.min(axis=0), *shape.max(axis=0))],
        **effect.as_json(),
        "warnings": [text.in_(lang) for text in _warnings(roads, closure, effect)],
    }


def close_roads(
    workspace: Workspace,
    raw: Mapping[str, Any],
    *,
    by: str,
    reason: str,
    public_reason: str = "",
    now: dt.datetime,
    origin: Mapping[str, str] | None = None,
) -> tuple[StandingClosure, Effect]:
    """Close roads in the name of an officer, from the next question on.

    Args:
        workspace: an open workspace.
        raw: what, from when to when, for whom; see `read_wish`.
        by: rank and name.
        reason: why; for those who may read closures.
        public_reason: what the public page says; "" = a neutral sentence.
        now: time of the decision, with zone.
        origin: plan and event that it comes from, where it does.

    Raises:
        DomainError: as `preview_closure`; `missing_name`, `missing_reason`, `forbidden_reason`,
            `reason_too_long`, or `naive_time`.
    """
    refuse_naive(now)
    person, reason = named_person(by), stated_reason(reason)
    public = for_the_public(public_reason)
    roads = load_roads(workspace)
    closure = find_closure(roads, read_wish(raw), now)
    effect = effect_of(roads, load_places(workspace), [closure], now)
    spec = spec_of(roads, closure) | {"public_reason": public, "origin": dict(origin or {})}
    text = plain_spec(spec)
    closure_id = closure_name(f"{text} {person} {now.isoformat()} {roads.version}")
    made = Decision(id=closure_id, spec=text, state="open", person=person, reason=reason)
    keep_decisions(workspace, [made], now)
    return one_closure(workspace, closure_id), effect


def lift_closure(
    workspace: Workspace, closure_id: str, *, by: str, reason: str, now: dt.datetime
) -> StandingClosure:
    """Open roads again in the name of an officer.

    Raises:
        DomainError: `unknown_closure`, `closure_lifted`, or as `close_roads` on name and reason.
    """
    refuse_naive(now)
    person, reason = named_person(by), stated_reason(reason)
    found = one_closure(workspace, closure_id)
    if found.lifted is not None:
        raise _lifted_already(found)
    keep_decisions(workspace, [lifting_of(found, person, reason)], now)
    return one_closure(workspace, closure_id)


def list_closures(workspace: Workspace, at: dt.datetime, lang: Lang) -> dict[str, Any]:
    """Return every closure with its state at a moment, newest first."""
    roads = load_roads(workspace)
    return {
        **heading(roads, lang),
        "at": at.isoformat(),
        "closures": [closure_json(roads, c, at, lang) for c in reversed(roads.closures)],
    }


def closures_geojson(workspace: Workspace, at: dt.datetime, lang: Lang) -> dict[str, Any]:
    """Return the closures in force and planned as a FeatureCollection."""
    roads = load_roads(workspace)
    features = [
        feature
        for c in roads.closures
        if c.state(at) in {"in_force", "planned"}
        for feature in _features(roads.network, c, at, lang)
    ]
    return {"type": "FeatureCollection", **heading(roads, lang), "features": features}


def closure_json(
    roads: Roads, standing: StandingClosure, at: dt.datetime, lang: Lang
) -> dict[str, Any]:
    """Return a closure as the API and the command line show it."""
    lifted = standing.lifted
    told = told_of(roads.network, standing.closure, lang)
    return {
        "id": standing.id,
        "state": standing.state(at),
        **told,
        "kind": standing.spec["kind"],
        "title": standing.title.in_(lang),
        "area": standing.spec["area"],
        "begins": standing.spec["begins"],
        "ends": standing.spec["ends"],
        "profiles": standing.spec["profiles"],
        "exempt": standing.spec["exempt"],
        "direction": standing.spec["direction"],
        "reason": standing.reason,
        "public_reason": standing.spec["public_reason"],
        "origin": standing.spec["origin"],
        "person": standing.person,
        "made_at": standing.made_at.isoformat(),
        "lifted": None
        if lifted is None
        else {"person": lifted.person, "reason": lifted.reason, "at": lifted.at.isoformat()},
        "outdated": standing.outdated,
        "lost_segments": standing.lost,
    }


def heading(roads: Roads, lang: Lang) -> dict[str, Any]:
    """Return what every answer about roads begins with."""
    warning = roads.base.warning
    return {
        "version": roads.version,
        "estimated": roads.estimated,
        "estimated_text": warning.in_(lang) if warning else None,
    }


def lines_of(network: Network, segments: Sequence[int] | Any) -> list[Line]:
    """Return pieces of road as lines, joined where they meet."""
    shapes = [
        shapely.linestrings(network.shape[network.shape_start[s] : network.shape_start[s + 1]])
        for s in segments
    ]
    if not shapes:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(shapes))
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in shapely.get_coordinates(part)]
        for part in shapely.get_parts(merged)
    ]


def told_of(network: Network, closure: Closure, lang: Lang) -> dict[str, Any]:
    """Return title, roads, length, pieces and lines of what a closure closes."""
    segments = segments_of(network, closure)
    named = name_closures(network, [closure])
    return {
        "title": title_of(network, closure).in_(lang),
        "roads": list(dict.fromkeys(r.name for r in named if r.name)),
        "length_m": round(float(segment_lengths(network)[segments].sum()), 1),
        "segments": [int(s) for s in segments],
        "lines": lines_of(network, segments),
    }


def one_closure(workspace: Workspace, closure_id: str) -> StandingClosure:
    """Return a closure by its id.

    Raises:
        DomainError: `unknown_closure`.
    """
    known = {c.id: c for c in load_roads(workspace).closures}
    if closure_id not in known:
        standing = [c.id for c in known.values() if c.lifted is None]
        raise _unknown_closure(closure_id, standing)
    return known[closure_id]


def _features(
    network: Network, standing: StandingClosure, at: dt.datetime, lang: Lang
) -> list[dict[str, Any]]:
    common = {
        "id": standing.id,
        "state": standing.state(at),
        "title": standing.title.in_(lang),
        "reason": standing.reason,
        "begins": standing.spec["begins"],
        "ends": standing.spec["ends"],
        "profiles": standing.spec["profiles"],
    }
    shapes: list[tuple[str, str, Any]] = [
        ("road", "MultiLineString", lines_of(network, segments_of(network, standing.closure)))
    ]
    if standing.spec["area"]:
        ring = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in standing.spec["area"]]
        closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
        shapes.append(("area", "Polygon", [closed]))
    return [
        {
            "type": "Feature",
            "properties": {**common, "part": part},
            "geometry": {"type": kind, "coordinates": coordinates},
        }
        for part, kind, coordinates in shapes
    ]


def _vertices(network: Network, segments: Any) -> Any:
    starts, ends = network.shape_start[segments], network.shape_start[np.asarray(segments) + 1]
    return np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])


def _warnings(roads: Roads, closure: Closure, effect: Effect) -> list[Text]:
    found = []
    if roads.base.warning:
        found.append(roads.base.warning)
    if effect.profile is None:
        found.append(NO_POSTS)
    if effect.isolated.height:
        n = effect.isolated.height
        found.append(
            Text(
                f"{number(n, 'id')} TPS tidak terjangkau lagi dari pos mana pun",
                f"{number(n, 'en')} TPS are reached from no post any more",
            )
        )
    if "foot" not in closure.profiles:
        found.append(Text("pejalan kaki tetap boleh lewat", "people on foot may still pass"))
    return found


def _unknown_closure(closure_id: str, standing: Sequence[str]) -> DomainError:
    listed = ", ".join(standing[-10:]) or "-"
    return DomainError(
        "unknown_closure",
        Text(
            f"tidak ada penutupan '{closure_id[:40]}'", f"there is no closure '{closure_id[:40]}'"
        ),
        Text(f"Yang berlaku: {listed}.", f"Those that stand: {listed}."),
        {"closure": closure_id[:40]},
    )


def _lifted_already(found: StandingClosure) -> DomainError:
    assert found.lifted is not None
    return DomainError(
        "closure_lifted",
        Text(
            f"penutupan {found.id} sudah dibuka oleh {found.lifted.person}",
            f"closure {found.id} was lifted already by {found.lifted.person}",
        ),
        Text("Tidak ada yang perlu dibuka.", "There is nothing to lift."),
        {"closure": found.id},
    )
