"""When closures hold, read without the road network: light enough for the server itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import polars as pl

from sispamkota.storage.workspace import Workspace

WindowState = Literal["in_force", "planned", "past"]


def standing_specs(workspace: Workspace) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield id and record of every closure that was not lifted."""
    rows = workspace.store.current("closures").filter(pl.col("state") == "open")
    for closure_id, text in rows.select("id", "spec").iter_rows():
        yield closure_id, json.loads(text)


def moment(text: str | None) -> dt.datetime | None:
    """Return a time of a record."""
    return None if text is None else dt.datetime.fromisoformat(text)


def window_state(
    begins: dt.datetime | None, ends: dt.datetime | None, at: dt.datetime
) -> WindowState:
    """Return whether a window is open at a moment, still to come, or over."""
    if ends is not None and at >= ends:
        return "past"
    return "planned" if begins is not None and at < begins else "in_force"


def in_force_ids(workspace: Workspace, at: dt.datetime) -> tuple[str, ...]:
    """Return the ids of the closures in force at a moment."""
    return tuple(
        closure_id
        for closure_id, spec in standing_specs(workspace)
        if window_state(moment(spec["begins"]), moment(spec["ends"]), at) == "in_force"
    )
