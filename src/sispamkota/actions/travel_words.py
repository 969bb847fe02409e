"""How guard plans of a workspace take their times, in words: light, for pages that do not plan."""

from __future__ import annotations

import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.road_words import road_assumption
from sispamkota.planning.travel import StraightLine
from sispamkota.storage.config import Planning
from sispamkota.storage.workspace import Workspace


def uses_roads(workspace: Workspace, planning: Planning) -> bool:
    """Say whether times are taken on a road network under these settings.

    Raises:
        DomainError: `no_imported_roads`.
    """
    if planning.travel == "straight":
        return False
    there = not _imported(workspace).is_empty()
    if planning.travel == "roads" and not there:
        raise _no_imported_roads()
    return there


def straight_line(planning: Planning) -> StraightLine:
    """Return the times of straight lines under these settings."""
    return StraightLine(detour_factor=planning.detour_factor, speed_kmh=planning.speed_kmh)


def travel_words(workspace: Workspace) -> Text:
    """Say how times are made, without taking the network in."""
    planning = workspace.config.planning
    try:
        on_roads = uses_roads(workspace, planning)
    except DomainError as error:
        return error.message
    if not on_roads:
        return straight_line(planning).assumption()
    row = _imported(workspace).row(-1, named=True)
    return road_assumption(row["source"], row["as_of"], planning.road_profile, planning.access_kmh)


def _imported(workspace: Workspace) -> pl.DataFrame:
    imports = workspace.store.imports()
    return imports.filter((pl.col("kind") == "roads") & pl.col("withdrawn_at").is_null())


def _no_imported_roads() -> DomainError:
    return DomainError(
        "no_imported_roads",
        Text(
            "pengaturan meminta jaringan jalan (planning.travel = roads), tetapi belum diimpor",
            "the settings ask for a road network (planning.travel = roads), but none is imported",
        ),
        Text(
            'Impor: sispamkota import roads BERKAS, atau isi planning.travel = "auto".',
            'Import one: sispamkota import roads FILE, or set planning.travel = "auto".',
        ),
    )
