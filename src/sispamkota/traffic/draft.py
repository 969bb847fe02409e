"""Everything that a plan file tells, gathered; and how texts, times and ways are written there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.kernel.text import Text
from sispamkota.traffic.approaches import Approach, Coming
from sispamkota.traffic.closing_plan import Closings
from sispamkota.traffic.corridors import Scene
from sispamkota.traffic.diversion import Diversion
from sispamkota.traffic.duties import Duties
from sispamkota.traffic.escorts import Escort
from sispamkota.traffic.event_places import Placed
from sispamkota.traffic.hours import Hour
from sispamkota.traffic.lines import plain
from sispamkota.traffic.ways import Way


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """Everything that a plan file tells."""

    scene: Scene
    closings: Closings
    hours: Sequence[Hour]
    diversions: Sequence[Diversion]
    approaches: Sequence[Approach]
    lost: Sequence[Coming]
    escorts: Sequence[Escort]
    patrols: Mapping[str, tuple[Way, tuple[int, ...]]]
    duties: Duties
    zones: pl.DataFrame
    officers: tuple[str, ...]
    operation: str
    sample: bool
    sources: tuple[str, ...]
    counted: bool
    network_sha256: str
    inputs_sha256: str
    seed: int
    made_at: dt.datetime
    elapsed_s: float

    def placed(self, event: str) -> Placed:
        """Return an event on the roads by its id."""
        return next(p for p in self.scene.placed if p.event.id == event)


def text(said: Text) -> dict[str, str]:
    """Return a text as JSON."""
    return {"id": said.id, "en": said.en}


def utc(at: dt.datetime | None) -> str | None:
    """Return a moment as JSON."""
    return None if at is None else at.astimezone(dt.UTC).isoformat()


def way_json(way: Way) -> dict[str, Any]:
    """Return a way as JSON."""
    return {
        "line": plain(way.line),
        "arcs": list(way.arcs),
        "begins_part": round(way.begins, 9),
        "ends_part": round(way.ends, 9),
        "length_m": round(way.length_m, 1),
        "travel_s": round(way.seconds, 1),
        "roads": list(way.roads),
    }
