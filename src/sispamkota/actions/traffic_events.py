"""Dated events on roads as the workspace keeps them: added, changed and withdrawn by name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.actions.named import named_person
from sispamkota.actions.roads import load_roads
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.storage.store import Batch, ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.traffic.event_places import check_places
from sispamkota.traffic.event_reader import read_event
from sispamkota.traffic.events import TrafficEvent, event_json
from sispamkota.traffic.frames import TRAFFIC_EVENTS

KIND = "traffic_events"
ACTIVE, WITHDRAWN = "active", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """An event with who wrote it last.

    Attributes:
        event: the event.
        state: `active` or `withdrawn`.
        person, made_at: who and when.
    """

    event: TrafficEvent
    state: str
    person: str
    made_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the event as written, with its state, person and time."""
        return {
            **event_json(self.event),
            "state": self.state,
            "person": self.person,
            "made_at": self.made_at.isoformat(),
        }


def kept_events(workspace: Workspace) -> tuple[KeptEvent, ...]:
    """Return every event as it was written last, by start and id."""
    rows = workspace.store.current(KIND)
    found = [_kept(row) for row in rows.iter_rows(named=True)]
    return tuple(sorted(found, key=lambda k: (k.event.starts_at, k.event.id)))


def active_events(workspace: Workspace) -> tuple[TrafficEvent, ...]:
    """Return the events that a plan is made for."""
    return tuple(k.event for k in kept_events(workspace) if k.state == ACTIVE)


def list_events(workspace: Workspace, *, withdrawn: bool = False) -> list[dict[str, Any]]:
    """Return the events by start; those withdrawn too where asked for."""
    kept = kept_events(workspace)
    return [k.as_json() for k in kept if withdrawn or k.state == ACTIVE]


def event_versions(workspace: Workspace, event_id: str) -> tuple[KeptEvent, ...]:
    """Return every version of an event, the first written first, withdrawals too.

    Raises:
        DomainError: `unknown_event`.
    """
    imports = workspace.store.imports()
    gone = imports.filter(pl.col("withdrawn_at").is_not_null())["id"]
    rows = workspace.store.history(KIND).filter(~pl.col("import_id").is_in(gone.implode()))
    found = tuple(_kept(row) for row in rows.filter(pl.col("id") == event_id).iter_rows(named=True))
    if not found:
        raise _unknown_event(event_id, rows["id"].unique(maintain_order=True).to_list())
    return found


def event_version(workspace: Workspace, event_id: str, number: int | None = None) -> KeptEvent:
    """Return one version of an event, counted from 1; the last one unless asked otherwise.

    Raises:
        DomainError: `unknown_event` or `unknown_event_version`.
    """
    found = event_versions(workspace, event_id)
    if number is None:
        return found[-1]
    if not 1 <= number <= len(found):
        raise DomainError(
            "unknown_event_version",
            Text(
                f"kegiatan '{event_id}' tidak memiliki versi {number}",
                f"event '{event_id}' has no version {number}",
            ),
            Text(f"Pilih 1 sampai {len(found)}.", f"Choose 1 to {len(found)}."),
            {"event": event_id, "version": number, "versions": len(found)},
        )
    return found[number - 1]


def add_event(
    workspace: Workspace, body: Mapping[str, Any], *, by: str, now: dt.datetime
) -> tuple[KeptEvent, bool]:
    """Keep an event, or a new version of one of the same id.

    Args:
        workspace: an open workspace.
        body: the event as an event file holds it; without an id it gets one.
        by: rank and name.
        now: when, with zone.

    Returns:
        The event and whether it took the place of an earlier version.

    Raises:
        DomainError: what `read_event` refuses, `missing_name`, or what `check_places` says.
    """
    person = named_person(by)
    given = dict(body)
    if not given.get("id"):
        text = json.dumps(given, sort_keys=True, default=str)
        given["id"] = f"e-{hashlib.sha256(f'{text} {now}'.encode()).hexdigest()[:10]}"
    event = read_event(given)
    return add_events(workspace, [event], by=person, now=now)[0]


def add_events(
    workspace: Workspace, events: Sequence[TrafficEvent], *, by: str, now: dt.datetime
) -> list[tuple[KeptEvent, bool]]:
    """Keep several events, all of them or none; see `add_event`."""
    person = named_person(by)
    check_places(load_roads(workspace).network, events)
    known = {k.event.id for k in kept_events(workspace) if k.state == ACTIVE}
    workspace.store.append_all([_row(event, ACTIVE, person, now) for event in events])
    return [
        (KeptEvent(event=event, state=ACTIVE, person=person, made_at=now), event.id in known)
        for event in events
    ]


def remove_event(workspace: Workspace, event_id: str, *, by: str, now: dt.datetime) -> KeptEvent:
    """Withdraw an event; plans made for it stay as they are.

    Raises:
        DomainError: `unknown_event`, or `missing_name`.
    """
    person = named_person(by)
    active = {k.event.id: k.event for k in kept_events(workspace) if k.state == ACTIVE}
    if event_id not in active:
        raise _unknown_event(event_id, list(active))
    event = active[event_id]
    workspace.store.append_all([_row(event, WITHDRAWN, person, now)])
    return KeptEvent(event=event, state=WITHDRAWN, person=person, made_at=now)


def _kept(row: Mapping[str, Any]) -> KeptEvent:
    return KeptEvent(
        event=read_event(json.loads(row["body"])),
        state=row["state"],
        person=row["person"],
        made_at=row["made_at"],
    )


def _row(event: TrafficEvent, state: str, person: str, now: dt.datetime) -> Batch:
    body = json.dumps(event_json(event), ensure_ascii=False, sort_keys=True)
    row = {"id": event.id, "body": body, "state": state, "person": person, "made_at": now}
    digest = hashlib.sha256(f"{body} {state} {person} {now.isoformat()}".encode()).hexdigest()
    record = ImportRecord(
        file="traffic event",
        sha256=digest,
        source=Source(name=person, as_of=now.date()),
        imported_at=now,
    )
    return KIND, pl.DataFrame([row], schema=TRAFFIC_EVENTS), record


def _unknown_event(event_id: str, known: Sequence[str]) -> DomainError:
    listed = ", ".join(known[:20]) or "-"
    return DomainError(
        "unknown_event",
        Text(f"tidak ada kegiatan '{event_id[:64]}'", f"there is no event '{event_id[:64]}'"),
        Text(f"Yang ada: {listed}.", f"There are: {listed}."),
        {"event": event_id[:64]},
    )
