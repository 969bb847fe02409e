"""Who drives in the hour of an event: residents between zones, and the crowd that comes and goes.

Nothing here is counted unless counts are given: a gravity model spreads assumed trips over zones
by people and travel time. Its uncertainty is stated as factors, and results are given at both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.kernel.times import in_wib
from sispamkota.roads.network import Floats
from sispamkota.traffic.events import MOTOR, Crowd, TrafficEvent, Vehicles
from sispamkota.traffic.rules import VEHICLES, Kind, TrafficRules

Period = Literal["arrival", "dispersal"]
Level = Literal["expected", "low", "high"]
HOUR = dt.timedelta(hours=1)

ZONES: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name": pl.String(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "people": pl.Int64(),
}
"""Columns of zones; `people` are residents, or voters where only those are known."""

COUNTS: dict[str, pl.DataType] = {
    "from": pl.String(),
    "to": pl.String(),
    "car": pl.Float64(),
    "motorcycle": pl.Float64(),
    "truck": pl.Float64(),
}
"""Columns of counted trips an hour between zones."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Load:
    """Trips of one hour, passenger car units, between zones; the place is the last zone.

    Attributes:
        trips: (zones + 1 + groups, same) origin to destination.
        event: of which the crowd's.
    """

    trips: Floats
    event: float

    @property
    def total(self) -> float:
        """All trips."""
        return float(self.trips.sum())


def check_zones(zones: pl.DataFrame) -> pl.DataFrame:
    """Return the zones with a place and people, in order of code.

    Raises:
        DomainError: `no_zones` with fewer than two.
    """
    known = zones.select(pl.col(c).cast(t) for c, t in ZONES.items()).filter(
        pl.col("lon").is_not_null() & pl.col("lat").is_not_null() & (pl.col("people") > 0)
    )
    if known.height < 2:  # noqa: PLR2004
        raise DomainError(
            "no_zones",
            Text(
                "tidak cukup zona dengan titik dan penduduk untuk memperkirakan lalu lintas",
                "too few zones with a point and people to estimate traffic",
            ),
            Text(
                "Impor wilayah dengan titik desa dan DPT, atau beri hitungan perjalanan.",
                "Import areas with points of desa and their DPT, or give counted trips.",
            ),
            {"zones": known.height},
        )
    return known.sort("code")


def pcu_per_trip(rules: TrafficRules) -> float:
    """Return passenger car units of one trip of a resident."""
    return sum(class_pcu(rules).values())


def class_pcu(rules: TrafficRules) -> dict[str, float]:
    """Return passenger car units of one trip of a resident, by class of vehicle."""
    d = rules.demand
    return {p: d.share[p] / d.persons[p] * rules.pcu[p] for p in MOTOR}


def class_share(rules: TrafficRules) -> dict[str, float]:
    """Return what part of the flow of residents each class of vehicle is."""
    parts = class_pcu(rules)
    total = sum(parts.values())
    return {p: parts[p] / total for p in parts}


def background(people: Floats, seconds: Floats, rules: TrafficRules, at: dt.datetime) -> Floats:
    """Return (zones, zones) trips of residents in the hour that begins at `at`.

    Every zone sends trips by its people; they go where people are, the less the longer it takes.
    """
    d = rules.demand
    sent = people * d.trips_person_day * d.hour_share[in_wib(at).hour] * pcu_per_trip(rules)
    pull = people[None, :] * np.exp(-seconds / d.decay_s)
    np.fill_diagonal(pull, 0.0)
    total = pull.sum(axis=1, keepdims=True)
    trips = np.divide(sent[:, None] * pull, total, out=np.zeros_like(pull), where=total > 0)
    return np.where(trips >= d.least_pcu_h, trips, 0.0)


def counted(counts: pl.DataFrame, codes: Sequence[str], rules: TrafficRules) -> Floats:
    """Return (zones, zones) trips from counts.

    Raises:
        DomainError: `bad_counts` for a zone that is not known or a negative count.
    """
    place = {c: i for i, c in enumerate(codes)}
    trips = np.zeros((len(codes), len(codes)))
    for row in counts.iter_rows(named=True):
        volumes = [float(row[p] or 0.0) for p in MOTOR]
        if row["from"] not in place or row["to"] not in place or min(volumes) < 0:
            raise DomainError(
                "bad_counts",
                Text(
                    f"hitungan {row['from']} - {row['to']}: zona tidak dikenal atau negatif",
                    f"count {row['from']} - {row['to']}: unknown zone or negative",
                ),
                Text("Periksa kode zona dan angkanya.", "Check the codes and the numbers."),
                {"from": row["from"], "to": row["to"]},
            )
        units = sum(v * rules.pcu[p] for v, p in zip(volumes, MOTOR, strict=True))
        trips[place[row["from"]], place[row["to"]]] += units
    np.fill_diagonal(trips, 0.0)
    return trips


def vehicles_of(event: TrafficEvent, kind: Kind, rules: TrafficRules) -> tuple[Vehicles, bool]:
    """Return the vehicles of a crowd, and whether they are estimated from its size."""
    if event.vehicles is not None:
        return event.vehicles, False
    people = event.crowd.expected if event.crowd else 0
    made = {v: round(people * kind.share[v] / rules.occupancy[v]) for v in VEHICLES}
    return Vehicles(**made), True


def crowd_pcu(event: TrafficEvent, kind: Kind, rules: TrafficRules, level: Level) -> float:
    """Return the passenger car units of all vehicles of a crowd."""
    vehicles, _ = vehicles_of(event, kind, rules)
    units = sum(float(getattr(vehicles, v)) * rules.pcu[v] for v in VEHICLES)
    return units * _crowd_factor(event.crowd, level)


def _crowd_factor(crowd: Crowd | None, level: Level) -> float:
    if crowd is None or level == "expected" or not crowd.expected:
        return 1.0
    return (crowd.low if level == "low" else crowd.high) / crowd.expected


def hour_of(event: TrafficEvent, period: Period) -> dt.datetime:
    """Return when the hour of a period begins."""
    return event.starts_at - HOUR if period == "arrival" else event.ends_at


def in_hour(pcu: float, kind: Kind, period: Period) -> float:
    """Return how much of a crowd moves within the hour of a period."""
    minutes = kind.arrive_min if period == "arrival" else kind.leave_min
    return pcu * min(1.0, 60 / minutes)


def from_where(event: TrafficEvent, people: Floats, seconds: Floats, rules: TrafficRules) -> Floats:
    """Return what part of the crowd comes from each zone and, after those, from each group.

    Args:
        event: groups that gather come from there, by their size; the others from zones.
        people: per zone.
        seconds: per zone, travel time to the place.
        rules: how the pull falls with time.
    """
    sizes = np.array([float(g.size) for g in event.groups])
    people_there = max(float(event.crowd.expected) if event.crowd else 0.0, sizes.sum())
    share = sizes / people_there if people_there > 0 else sizes
    pull = np.where(np.isfinite(seconds), people * np.exp(-seconds / rules.demand.decay_s), 0.0)
    rest = max(0.0, 1.0 - float(share.sum()))
    zones = pull / pull.sum() * rest if pull.sum() > 0 else np.zeros_like(pull)
    return np.concatenate((zones, share))


def load_of(residents: Floats, parts: Floats, crowd: float, period: Period, factor: float) -> Load:
    """Return the trips of an hour: residents times a factor, and the crowd to or from the place.

    Nodes are zones, then groups, then the place.
    """
    zones, size = len(residents), len(parts) + 1
    trips = np.zeros((size, size))
    trips[:zones, :zones] = residents * factor
    moved = parts * crowd
    if period == "arrival":
        trips[:-1, -1] += moved
    else:
        trips[-1, :-1] += moved
    return Load(trips=trips, event=float(moved.sum()))


def method(rules: TrafficRules, sources: Mapping[str, bool]) -> tuple[Text, Text]:
    """Return in words how demand was made and how far it may be off."""
    d = rules.demand
    how = (
        Text("Perjalanan dari hitungan yang diberikan.", "Trips from the counts given.")
        if sources.get("counts")
        else Text(
            f"Model gravitasi antarzona: {d.trips_person_day:g} perjalanan per orang per hari, "
            f"bagian jam puncak menurut tabel, daya tarik turun dengan waktu tempuh "
            f"({d.decay_s / 60:g} menit). Asumsi, bukan hitungan.",
            f"Gravity model between zones: {d.trips_person_day:g} trips per person and day, share "
            f"of the hour by a table, pull falls with travel time ({d.decay_s / 60:g} minutes). "
            "Assumed, not counted.",
        )
    )
    off = Text(
        f"Volume sebenarnya diduga antara {d.low:g} dan {d.high:g} kali angka ini; massa antara "
        "batas bawah dan atas yang disebut.",
        f"True volumes are taken to lie between {d.low:g} and {d.high:g} times these; the crowd "
        "between the bounds stated.",
    )
    return how, off
