"""What the chapters of a printed traffic plan share: the plan, its roads, numbers of its posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sispamkota.kernel.text import Lang, Text
from sispamkota.roads.network import Network

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A traffic plan and what its paper is drawn with.

    Attributes:
        plan: the plan document ("sispamkota-traffic-plan/1").
        network: the roads below the maps.
        same_roads: the plan was made on this very network.
        places: lon, lat and name of desa, for networks whose roads have no names.
        lang: language.
        officers: ids of the officers are shown.
        numbers: post id → number that it has on this paper, through all events.
    """

    plan: Row
    network: Network
    same_roads: bool
    places: tuple[tuple[float, float, str], ...]
    lang: Lang
    officers: bool = True
    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, key: str, event: Row) -> list[Row]:
        """Return the rows of a list of the plan that belong to an event."""
        return [row for row in self.plan[key] if row["event"] == event["id"]]

    def posts(self, event: Row) -> list[Row]:
        """Return the posts of an event by rank."""
        return sorted(self.of("posts", event), key=lambda p: (p["rank"], p["id"]))

    def say(self, ind: str, en: str) -> str:
        """Return one of two texts."""
        return Text(ind, en).in_(self.lang)

    def told(self, text: Row) -> str:
        """Return a text of the plan in the language of the paper."""
        return str(text[self.lang])

    def ids(self, assigned: Sequence[str], wanted: int) -> str:
        """Return how many officers, with their ids or as many blanks as are missing."""
        if not self.officers:
            return str(wanted)
        missing = wanted - len(assigned)
        blank = self.say(f"{missing} belum ada", f"{missing} missing") if missing > 0 else ""
        names = ", ".join([*assigned, *([blank] if blank else [])])
        return f"{wanted}: {names}" if names else str(wanted)


def numbers_of(plan: Row) -> dict[str, int]:
    """Number the posts of a plan through all its events, by rank within each."""
    order = {event["id"]: i for i, event in enumerate(plan["events"])}
    rows = sorted(plan["posts"], key=lambda p: (order[p["event"]], p["rank"], p["id"]))
    return {row["id"]: i for i, row in enumerate(rows, 1)}
