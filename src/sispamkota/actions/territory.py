"""Read the territory of a workspace: what is known now, every TPS with a place."""

from __future__ import annotations

import polars as pl

from sispamkota.storage.store import Store
from sispamkota.storage.workspace import Workspace
from sispamkota.territory import frames
from sispamkota.territory.merge import complete_kecamatan, latest_known
from sispamkota.territory.model import Territory
from sispamkota.territory.positions import place_tps


def load_territory(workspace: Workspace) -> Territory:
    """Return areas, TPS (approximate positions marked), posts, figures and boundaries.

    Use this rather than the store's own `current`: a file that is silent on a column does not
    erase what an earlier one said.
    """
    known = load_known(workspace.store)
    return Territory(
        areas=known.areas,
        tps=place_tps(known),
        posts=known.posts,
        figures=known.figures,
        boundaries=known.boundaries,
    )


def load_known(store: Store) -> Territory:
    """Return the same without placing TPS."""
    lists = load_lists(store)
    return Territory(
        areas=lists.areas,
        tps=lists.tps,
        posts=lists.posts,
        figures=store.current("figures").select(*frames.FIGURES),
        boundaries=store.current("boundaries").select(*frames.BOUNDARIES),
    )


def load_lists(store: Store) -> Territory:
    """Return areas, TPS and posts alone: what an import is checked against."""
    return Territory(
        areas=complete_kecamatan(_merged(store, "areas", frames.AREAS)),
        tps=_merged(store, "tps", frames.TPS),
        posts=_merged(store, "posts", frames.POSTS),
    )


def election_stage(workspace: Workspace) -> str:
    """Return the election that the workspace is about, e.g. `pemilu_2024`."""
    operation = workspace.config.operation
    return f"{operation.election}_{operation.voting_day.year}"


def _merged(store: Store, kind: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    imports = store.imports()
    own = imports.filter((pl.col("kind") == kind) & pl.col("withdrawn_at").is_null())["id"]
    if len(own) <= 1:
        return store.current(kind).select(*schema).sort("code")
    history = store.history(kind).filter(pl.col("import_id").is_in(own.implode()))
    return latest_known(history, schema)
