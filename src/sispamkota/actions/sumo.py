"""A traffic plan handed to Eclipse SUMO: its roads, its traffic before and under the closures.

SUMO is a program of its own and never needed: what it says of a plan is a second opinion, from
single vehicles that queue, beside the flows of the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

import numpy as np

from sispamkota.actions.export import write_whole
from sispamkota.actions.plan import parse_plan, read_plan
from sispamkota.actions.plan_kinds import require_kind
from sispamkota.actions.traffic_facts import gather_traffic
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.reports.sumo import (
    Path,
    connections_xml,
    count_of,
    edges_xml,
    nodes_xml,
    routes_xml,
    selection,
)
from sispamkota.roads.closures import Closure
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import Workspace
from sispamkota.traffic.closings import barred, standing_in, window_of
from sispamkota.traffic.demand import check_zones
from sispamkota.traffic.events import TrafficEvent
from sispamkota.traffic.hours import Hour, busiest_hour, city
from sispamkota.traffic.loading import Loaded, Streets, path_arcs
from sispamkota.traffic.plan import TrafficInputs, inputs_sha256
from sispamkota.traffic.ways import Ways

CASES = ("before", "after")
NET = ("nodes.nod.xml", "edges.edg.xml", "connections.con.xml")
"""Files that netconvert makes the network of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The busiest hour of one event, written for SUMO.

    Attributes:
        event: id.
        name: of the event.
        begins: when the hour begins.
        folder: where its files are.
        vehicles: case → vehicles that set out.
        unroutable: passenger car units that closures leave without a way; they do not drive.
    """

    event: str
    name: str
    begins: dt.datetime
    folder: File
    vehicles: Mapping[str, int]
    unroutable: float


def export_sumo(workspace: Workspace, wanted: str | None, out: File) -> tuple[str, list[Scenario]]:
    """Write a plan for SUMO: a folder per event with network and traffic as plain XML.

    Args:
        workspace: an open workspace.
        wanted: traffic plan by id or file; None = the latest.
        out: folder, made where it is missing; files of the same names are replaced.

    Returns:
        the plan's id, and what was written for each of its events.

    Raises:
        DomainError: `no_plan`, `unknown_plan`, `other_kind`, `inputs_changed` where the workspace
            no longer holds what the plan was made from, or what gathering says.
    """
    plan, name = _traffic_plan(workspace, wanted)
    inputs = gather_traffic(workspace, [event["id"] for event in plan["events"]])
    if plan.get("inputs_sha256") != inputs_sha256(inputs):
        raise _inputs_changed(name)
    return str(plan["plan"]), [
        _write(_hour(inputs, plan, event), event, out / event.id) for event in inputs.events
    ]


def _traffic_plan(workspace: Workspace, wanted: str | None) -> tuple[dict[str, Any], str]:
    if wanted is None:
        wanted = workspace.latest_plan(TRAFFIC)
        if wanted is None:
            raise DomainError(
                "no_plan",
                Text("belum ada rencana lalu lintas", "there is no traffic plan yet"),
                Text("Jalankan: sispamkota plan traffic.", "Run: sispamkota plan traffic."),
            )
        plan, name = parse_plan(workspace.load_plan(wanted), wanted), wanted
    else:
        plan, name = read_plan(workspace, wanted)
    require_kind(plan, name, TRAFFIC)
    return plan, name


def _hour(inputs: TrafficInputs, plan: Mapping[str, Any], event: TrafficEvent) -> Hour:
    """Load the roads again as the plan did: the ways of its vehicles are not in its file."""
    kind = inputs.kinds[event.kind]
    window = window_of(event, kind)
    own = [_closure(row) for row in plan["closures"]]
    force = [c for c in own if window.meets(c.begins, c.ends)]
    standing = standing_in(inputs.standing, window)
    before = barred(inputs.network, standing, "car")
    shut = barred(inputs.network, force, "car") | before
    ways = Ways(inputs.network, "car", far_m=inputs.rules.places.far_m)
    home = city(ways, check_zones(inputs.zones), inputs.counts, inputs.rules)
    return busiest_hour(home, event, kind, shut=shut, standing=before, closed_ever=shut | before)


def _closure(row: Mapping[str, Any]) -> Closure:
    return Closure(
        id=row["id"],
        reason="",
        kind="segments",
        segments=tuple(row["segments"]),
        begins=dt.datetime.fromisoformat(row["begins"]),
        ends=dt.datetime.fromisoformat(row["ends"]),
        profiles=tuple(row["profiles"]),
        exempt=tuple(row["exempt"]),
        direction=row["direction"],
    )


def _write(hour: Hour, event: TrafficEvent, folder: File) -> Scenario:
    network, streets = hour.streets.network, hour.streets
    graph = Ways(network, "car", far_m=hour.places.limit_m).graph
    texts = (
        nodes_xml(network),
        edges_xml(network, graph, streets.capacity),
        connections_xml(network, graph),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in zip(NET, texts, strict=True):
        write_whole(folder / name, text.encode())
    vehicles = {}
    for case, loaded in zip(CASES, (hour.before, hour.after), strict=True):
        paths = paths_of(streets, loaded)
        vehicles[case] = count_of(paths)
        write_whole(folder / routes_file(case), routes_xml(network, paths).encode())
    emptied = np.flatnonzero((hour.before.flow > 0) & (hour.after.flow <= 0))
    write_whole(folder / "emptied.sel.txt", selection(network, emptied.tolist()).encode())
    return Scenario(
        event=event.id,
        name=event.name,
        begins=hour.begins,
        folder=folder,
        vehicles=vehicles,
        unroutable=hour.after.unroutable,
    )


def routes_file(case: str) -> str:
    """Return the name of the traffic of a case."""
    return f"{case}.rou.xml"


def paths_of(streets: Streets, loaded: Loaded) -> list[Path]:
    """Return the ways of an equilibrium, with the pieces of road where they begin and end."""
    paths = loaded.answer.paths
    found = []
    for row in range(paths.count):
        arcs = [*_first(streets, paths.links_of(row)), *path_arcs(streets, paths, row)]
        arcs += _last(streets, paths.links_of(row))
        if arcs and paths.flow[row] > 0:
            found.append(Path(arcs=tuple(arcs), flow=float(paths.flow[row])))
    return found


def _first(streets: Streets, links: Sequence[int] | Any) -> list[int]:
    """The piece of road a way begins on: its zone hangs on the end of it."""
    return [int(streets.arc[(int(streets.links.head[links[0]]) - streets.zones) // 2])]


def _last(streets: Streets, links: Sequence[int] | Any) -> list[int]:
    """The piece of road a way ends on: its zone hangs on the beginning of it."""
    return [int(streets.arc[(int(streets.links.tail[links[-1]]) - streets.zones) // 2])]


def _inputs_changed(name: str) -> DomainError:
    return DomainError(
        "inputs_changed",
        Text(
            f"data telah berubah sejak rencana {name} dibuat",
            f"the inputs have changed since plan {name} was made",
        ),
        Text(
            "Buat rencana baru: sispamkota plan traffic.",
            "Make a new plan: sispamkota plan traffic.",
        ),
        {"plan": name},
    )


__all__ = ["CASES", "NET", "Scenario", "export_sumo", "paths_of", "routes_file"]
