"""What traffic plans of a workspace hang on: roads, events, desa and their people, hospitals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from sispamkota.actions.closure_records import StandingClosure
from sispamkota.actions.operation import is_sample
from sispamkota.actions.places import voters
from sispamkota.actions.roads import load_roads
from sispamkota.actions.roads_network import desa_points
from sispamkota.actions.roster import roster_in_force
from sispamkota.actions.territory import load_territory
from sispamkota.actions.traffic_events import active_events
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory
from sispamkota.traffic.corridors import Site
from sispamkota.traffic.events import TrafficEvent
from sispamkota.traffic.plan import TrafficInputs

DUTY = "traffic"
VOTERS_OF_TPS = 250
"""Voters of a TPS whose desa has no figure (an assumption; the law allows up to 300)."""
NEAR = dt.timedelta(days=1)
"""Closures within a day of an event are looked at; the planner takes those of its hour."""


def gather_traffic(workspace: Workspace, event_ids: Sequence[str] | None = None) -> TrafficInputs:
    """Return what a traffic plan of this workspace depends on.

    Args:
        workspace: an open workspace.
        event_ids: the events to plan for; None = all that are not withdrawn.

    Raises:
        DomainError: `unknown_event`, `no_road_network`, or what gathering says.
    """
    events = _chosen(active_events(workspace), event_ids)
    roads, territory = load_roads(workspace), load_territory(workspace)
    zones, sources = _zones(workspace, territory)
    roster = roster_in_force(workspace)
    return TrafficInputs(
        network=roads.network,
        network_sha256=roads.base.sha256,
        events=events,
        zones=zones,
        hospitals=_hospitals(territory),
        officers=_officers(roster.personnel),
        standing=_standing(roads.closures, events),
        operation=workspace.config.operation.name,
        sample=is_sample(workspace),
        sources=sources,
    )


def _chosen(
    events: tuple[TrafficEvent, ...], wanted: Sequence[str] | None
) -> tuple[TrafficEvent, ...]:
    if wanted is None:
        return events
    known = {e.id: e for e in events}
    for event_id in wanted:
        if event_id not in known:
            raise _unknown_event(event_id, list(known))
    return tuple(e for e in events if e.id in set(wanted))


def _zones(workspace: Workspace, territory: Territory) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the desa with their people, and who gave the figures."""
    figures = voters(workspace, territory.figures)
    of_tps = (
        territory.tps.join(figures.select(code="subject", own="dpt"), on="code", how="left")
        .group_by("desa")
        .agg(stated=pl.col("own").sum(), counted=pl.len(), silent=pl.col("own").null_count())
    )
    zones = (
        desa_points(territory)
        .join(figures.select(code="subject", dpt="dpt"), on="code", how="left")
        .join(of_tps.rename({"desa": "code"}), on="code", how="left")
        .with_columns(assumed=pl.col("stated") + VOTERS_OF_TPS * pl.col("silent"))
    )
    guessed = zones.filter(pl.col("dpt").is_null() & (pl.col("silent") > 0)).height
    sources = _sources(territory, zones)
    if guessed:
        sources += (f"{guessed} desa: {VOTERS_OF_TPS} pemilih per TPS (asumsi / assumption)",)
    people = pl.coalesce("dpt", "assumed").fill_null(0).cast(pl.Int64)
    return zones.select("code", "name", "lon", "lat", people=people).sort("code"), sources


def _sources(territory: Territory, zones: pl.DataFrame) -> tuple[str, ...]:
    used = territory.figures.filter(
        (pl.col("measure") == "dpt") & pl.col("subject").is_in(zones["code"].implode())
    )
    return tuple(used["source"].drop_nulls().unique().sort().to_list())


def _hospitals(territory: Territory) -> tuple[Site, ...]:
    rows = territory.posts.filter(
        (pl.col("kind") == "hospital") & pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    ).sort("code")
    return tuple(
        Site(
            id=row["code"],
            name=row["name"] or row["code"],
            lon=row["lon"],
            lat=row["lat"],
            approximate=row["position"] != "surveyed",
        )
        for row in rows.iter_rows(named=True)
    )


def _officers(personnel: pl.DataFrame) -> tuple[str, ...]:
    ready = personnel.filter(
        (pl.col("agency") == "polri") & (pl.col("duty") == DUTY) & pl.col("available")
    )
    return tuple(ready["id"].sort().to_list())


def _standing(
    closures: Sequence[StandingClosure], events: Sequence[TrafficEvent]
) -> tuple[Closure, ...]:
    """Return the closures near the events, but those that a traffic plan for them brought."""
    if not events:
        return ()
    begin = min(e.starts_at for e in events) - NEAR
    end = max(e.ends_at for e in events) + NEAR
    planned = {e.id for e in events}
    return tuple(
        c.closure
        for c in closures
        if c.lifted is None
        and (c.closure.begins is None or c.closure.begins < end)
        and (c.closure.ends is None or c.closure.ends > begin)
        and (c.spec.get("origin") or {}).get("event") not in planned
    )


def _unknown_event(event_id: str, known: Sequence[str]) -> DomainError:
    listed = ", ".join(known[:20]) or "-"
    return DomainError(
        "unknown_event",
        Text(f"tidak ada kegiatan '{event_id[:64]}'", f"there is no event '{event_id[:64]}'"),
        Text(f"Yang ada: {listed}.", f"There are: {listed}."),
        {"event": event_id[:64]},
    )


__all__ = ["gather_traffic"]
