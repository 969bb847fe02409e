"""The traffic regulation plan: who is turned round where, by whom, and what it does to the roads.

`plan_traffic` is the whole way in one page: put events on the roads, choose closures that keep the
emergency corridor, load the roads before and after, find the ways around, place officers, keep
groups apart, look for conflicts, write the plan down.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, encode_closure
from sispamkota.roads.network import Bools, Network, Profile
from sispamkota.traffic.approaches import Coming, Heading, plan_approaches
from sispamkota.traffic.closing_plan import Closings, plan_closures
from sispamkota.traffic.closings import (
    barred,
    closed_segments,
    ends_of,
    in_window,
    standing_in,
)
from sispamkota.traffic.corridors import Scene, Site, crowds
from sispamkota.traffic.demand import check_zones, class_share
from sispamkota.traffic.diversion import Diversion, Traffic, find_diversions
from sispamkota.traffic.document import write_plan
from sispamkota.traffic.draft import Draft
from sispamkota.traffic.duties import plan_duties
from sispamkota.traffic.escorts import Escort, plan_escort, plan_patrol
from sispamkota.traffic.event_places import Placed, place_events
from sispamkota.traffic.events import MOTOR, TrafficEvent, event_json
from sispamkota.traffic.hours import City, Hour, busiest_hour, city
from sispamkota.traffic.rules import Kind, TrafficRules, default_kinds, default_rules, rules_json
from sispamkota.traffic.ways import Way, Ways

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrafficInputs:
    """Everything a traffic plan depends on.

    Attributes:
        network: the roads.
        network_sha256: of its encoding.
        events: at least one.
        zones: code, name, lon, lat, people (`demand.ZONES`).
        hospitals: where ambulances come from; at least one.
        officers: ids of those on traffic duty, in order of the roster; none = not known.
        standing: closures of the workspace besides those of events.
        counts: counted trips an hour (`demand.COUNTS`); None = gravity model.
        operation: its name.
        sample: whether any input is generated (CONTOH).
        rules: assumptions.
        kinds: kinds of events.
        sources: who gave the figures.
    """

    network: Network
    network_sha256: str
    events: tuple[TrafficEvent, ...]
    zones: pl.DataFrame
    hospitals: tuple[Site, ...]
    officers: tuple[str, ...]
    standing: tuple[Closure, ...] = ()
    counts: pl.DataFrame | None = None
    operation: str = ""
    sample: bool = False
    rules: TrafficRules = field(default_factory=default_rules)
    kinds: Mapping[str, Kind] = field(default_factory=default_kinds)
    sources: tuple[str, ...] = ()


def plan_traffic(
    inputs: TrafficInputs,
    *,
    seed: int = 1,
    made_at: dt.datetime,
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Make a traffic plan with its certificate.

    Args:
        inputs: what the plan depends on.
        seed: kept in the plan; nothing here is drawn by lot.
        made_at: UTC.
        progress: called with the step's name and the part done (0..1).

    Returns:
        The plan as the JSON object of a plan file.

    Raises:
        DomainError: no event, no hospital, no zones, a place off the roads, or closures asked
            for that cut the emergency corridor (`corridor_cut`).
    """
    begun = time.monotonic()
    _check(inputs)
    progress("places", 0.0)
    scene, zones = _scene(inputs), check_zones(inputs.zones)
    progress("closures", 0.1)
    closings = plan_closures(scene)
    progress("demand", 0.2)
    home = city(scene.ways, zones, inputs.counts, inputs.rules)
    hours, diversions = _load(inputs, scene, closings, home, progress)
    progress("approaches", 0.75)
    comings = [c for p in scene.placed for c in _comings(scene, closings, p)]
    approaches, lost = plan_approaches(scene.ways, comings, inputs.rules.approaches)
    progress("escorts", 0.8)
    escorts = _escorts(inputs, scene, closings)
    progress("posts", 0.85)
    duties = plan_duties(scene, closings, hours, diversions, escorts, inputs.officers)
    patrols = _patrols(scene, closings, duties.stops)
    progress("document", 0.95)
    return write_plan(
        Draft(
            scene=scene,
            closings=closings,
            hours=hours,
            diversions=diversions,
            approaches=approaches,
            lost=lost,
            escorts=escorts,
            patrols=patrols,
            duties=duties,
            zones=zones,
            officers=inputs.officers,
            operation=inputs.operation,
            sample=inputs.sample,
            sources=inputs.sources,
            counted=inputs.counts is not None,
            network_sha256=inputs.network_sha256,
            inputs_sha256=inputs_sha256(inputs),
            seed=seed,
            made_at=made_at,
            elapsed_s=time.monotonic() - begun,
        )
    )


def inputs_sha256(inputs: TrafficInputs) -> str:
    """Return the hash of everything a plan depends on; `verify` computes it on its own."""
    zones = inputs.zones.select("code", "name", "lon", "lat", "people").sort("code")
    body = {
        "network": inputs.network_sha256,
        "events": [event_json(e) for e in inputs.events],
        "zones": zones.rows(),
        "hospitals": [[h.id, h.name, h.lon, h.lat] for h in inputs.hospitals],
        "officers": list(inputs.officers),
        "standing": [encode_closure(c) for c in inputs.standing],
        "counts": None if inputs.counts is None else inputs.counts.rows(),
        "rules": rules_json(inputs.rules, inputs.kinds),
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _scene(inputs: TrafficInputs) -> Scene:
    far_m = inputs.rules.places.far_m
    ways = Ways(inputs.network, "car", far_m=far_m)
    return Scene(
        ways=ways,
        placed=place_events(inputs.network, inputs.events, inputs.rules),
        kinds=inputs.kinds,
        rules=inputs.rules,
        hospitals=inputs.hospitals,
        hospital_at=ways.snap([(h.lon, h.lat) for h in inputs.hospitals]),
        standing=inputs.standing,
    )


def _load(
    inputs: TrafficInputs, scene: Scene, closings: Closings, home: City, progress: Progress
) -> tuple[tuple[Hour, ...], tuple[Diversion, ...]]:
    """The hour of each event on the roads, and the ways around its closures."""
    network, far_m = inputs.network, inputs.rules.places.far_m
    by_class: dict[Profile, Ways] = {p: Ways(network, p, far_m=far_m) for p in MOTOR}
    hours: list[Hour] = []
    diversions: list[Diversion] = []
    for row, placed in enumerate(scene.placed):
        progress("assignment", 0.25 + 0.5 * row / len(scene.placed))
        shut = {p: shut_for(scene, closings, placed, p) for p in MOTOR}
        before = {p: standing_for(scene, placed, p) for p in MOTOR}
        hour = busiest_hour(
            home,
            placed.event,
            scene.kind(placed),
            shut=shut["car"],
            standing=before["car"],
            closed_ever=shut["car"] | before["car"],
        )
        hours.append(hour)
        traffic = Traffic(
            ways=by_class,
            streets=hour.streets,
            loaded=hour.before,
            places=hour.places,
            shut=shut,
            before=before,
            share=class_share(inputs.rules),
            rules=inputs.rules,
        )
        own = [p for p in closings.planned if p.event == placed.event.id]
        diversions += find_diversions(traffic, placed.event.id, own)
    return tuple(hours), tuple(diversions)


def shut_for(
    scene: Scene,
    closings: Closings,
    placed: Placed,
    profile: Profile,
    exempt_as: str | None = None,
) -> Bools:
    """Return the arcs barred while an event lasts, by closures of all events and standing ones."""
    window = scene.window(placed)
    force = [p.closure for p in in_window(closings.planned, window)]
    standing = standing_in(scene.standing, window)
    return barred(scene.ways.network, [*force, *standing], profile, exempt_as)


def standing_for(scene: Scene, placed: Placed, profile: Profile) -> Bools:
    """Return the arcs barred while an event lasts by standing closures alone."""
    closures = standing_in(scene.standing, scene.window(placed))
    return barred(scene.ways.network, closures, profile)


def _comings(scene: Scene, closings: Closings, placed: Placed) -> list[Coming]:
    """The groups of an event, on their way there and away."""
    event, kind = placed.event, scene.kind(placed)
    own = [p for p in closings.planned if p.event == event.id]
    closed = closed_segments(own)
    doors = sorted({n for p in own for n in ends_of(scene.ways.network, p, closed)})
    shut = shut_for(scene, closings, placed, "car")
    times: dict[Heading, tuple[dt.datetime, dt.datetime]] = {
        "arrival": (event.starts_at - dt.timedelta(minutes=kind.arrive_min), event.starts_at),
        "dispersal": (event.ends_at, event.ends_at + dt.timedelta(minutes=kind.leave_min)),
    }
    return [
        Coming(
            event=event.id,
            group=group,
            gathering=placed.gatherings.take(slice(row, row + 1)),
            place=placed.at,
            doors=tuple(doors),
            begins=begins,
            ends=ends,
            shut=shut,
            heading=heading,
        )
        for heading, (begins, ends) in times.items()
        for row, group in enumerate(event.groups)
    ]


def _escorts(inputs: TrafficInputs, scene: Scene, closings: Closings) -> tuple[Escort, ...]:
    found = []
    for placed in scene.placed:
        if "kawal" not in scene.kind(placed).tasks or placed.route is None:
            continue
        # what is closed for the event is open to its own convoy
        others = replace(
            closings, planned=tuple(p for p in closings.planned if p.event != placed.event.id)
        )
        shut = shut_for(scene, others, placed, "car")
        escort = plan_escort(scene.ways, placed, shut, inputs.rules.escorts.alternates)
        if escort is None:
            raise _no_way(placed)
        found.append(escort)
    return tuple(found)


def _patrols(
    scene: Scene, closings: Closings, stops: Mapping[str, Sequence[int]]
) -> Mapping[str, tuple[Way, tuple[int, ...]]]:
    """Per event, its round: officers of a patrol are let through, but not through the crowd."""
    found = {}
    network = scene.ways.network
    for placed in scene.placed:
        shut = shut_for(scene, closings, placed, "car", "emergency")
        force = in_window(closings.planned, scene.window(placed))
        shut |= np.isin(network.segment, list(crowds(scene, force)))
        way = plan_patrol(scene.ways, stops.get(placed.event.id, ()), shut)
        if way is not None:
            found[placed.event.id] = way
    return found


def _check(inputs: TrafficInputs) -> None:
    if not inputs.events:
        raise DomainError(
            "no_events",
            Text("belum ada kegiatan untuk direncanakan", "there is no event to plan for"),
            Text(
                "Tambahkan kegiatan: sispamkota traffic event add BERKAS.",
                "Add an event: sispamkota traffic event add FILE.",
            ),
        )
    if not inputs.hospitals:
        raise DomainError(
            "no_hospital",
            Text(
                "tidak ada rumah sakit dengan titik: jalur ambulans tidak dapat diperiksa",
                "there is no hospital with a position: the ambulance corridor cannot be checked",
            ),
            Text(
                "Impor pos berjenis hospital dengan bujur dan lintang.",
                "Import posts of kind hospital with lon and lat.",
            ),
        )


def _no_way(placed: Placed) -> DomainError:
    return DomainError(
        "escort_cut",
        Text(
            f"kegiatan '{placed.event.id}': tidak ada jalan terbuka untuk konvoi",
            f"event '{placed.event.id}': no open road for the convoy",
        ),
        Text(
            "Buka atau geser penutupan yang berlaku pada jam itu.",
            "Open or move the closures in force at that hour.",
        ),
        {"event": placed.event.id},
    )
