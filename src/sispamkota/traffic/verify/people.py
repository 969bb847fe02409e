"""Rules about officers: where posts are, what they are worth, and nobody in two places."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sispamkota.traffic.verify.facts import Plan, TrafficFacts, Violation, bad, moment

Row = Mapping[str, Any]
VALUE = 0.02  # rounding of printed flows, summed
EARTH_M = 6_371_008.8
MUCH = 1.0


def all_duties(plan: Plan) -> list[Row]:
    """Return everything that takes officers."""
    return [*plan["posts"], *plan["escorts"], *plan["patrols"]]


def posts_placed(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Posts stand at junctions, while their event lasts."""
    network = facts.network
    for p in plan["posts"]:
        node = p["node"]
        if not 0 <= node < network.nodes:
            yield bad("post_junction", p["id"], "simpang tidak ada", "no such junction")
            continue
        away = abs(network.node_lon[node] - p["lon"]) + abs(network.node_lat[node] - p["lat"])
        if away > 1e-5:  # noqa: PLR2004
            yield bad("post_junction", p["id"], "titik bukan simpang itu", "not at its junction")
        begin, end = facts.window(p["event"])
        if p["role"] != "closure_end" and (moment(p["begins"]), moment(p["ends"])) != (begin, end):
            yield bad("post_window", p["id"], "jam pos keliru", "manned at the wrong time")


def ends_manned(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Every end of a closure has a post for as long as it is closed."""
    network = facts.network
    for event in facts.events:
        own = [c for c in plan["closures"] if c["event"] == event.id]
        shut = {s for c in own for s in c["segments"]}
        for c in own:
            arcs = [
                a
                for a in range(network.arcs)
                if any(a in facts.graph(p).time for p in c["profiles"])
            ]
            open_ = {
                int(n)
                for a in arcs
                if int(network.segment[a]) not in shut
                for n in (network.tail[a], network.head[a])
            }
            segments = set(c["segments"])
            touched = {
                int(n)
                for a in range(network.arcs)
                if int(network.segment[a]) in segments
                for n in (network.tail[a], network.head[a])
            }
            ends = touched & open_
            if ends != {n["node"] for n in c["ends_nodes"]}:
                yield bad("closure_ends", c["id"], "ujung keliru", "ends misstated")
            for node in sorted(ends):
                there = [
                    p
                    for p in plan["posts"]
                    if p["event"] == event.id and p["node"] == node and p["role"] == "closure_end"
                ]
                if not any(
                    moment(p["begins"]) <= moment(c["begins"])
                    and moment(p["ends"]) >= moment(c["ends"])
                    and p["officers"] >= facts.kind(event.id).end_officers
                    for p in there
                ):
                    yield bad(
                        "closure_end_manned", c["id"], "ujung tanpa pos", "an end has no post"
                    )


def tasks_done(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Each event has the officers its kind asks for at its place, on escort and on patrol."""
    for event in facts.events:
        kind = facts.kind(event.id)
        at_place = [p for p in plan["posts"] if p["event"] == event.id and p["role"] == "place"]
        fixed = [
            d["officers"]
            for d in all_duties(plan)
            if d["event"] == event.id and d.get("role") != "junction"
        ]
        enough = sum(fixed) >= event.officers_min
        placed = sum(p["officers"] for p in at_place)
        if not enough or placed < kind.place_officers:
            yield bad("officers_min", event.id, "petugas di bawah permintaan", "too few officers")
        rounds = [p for p in plan["patrols"] if p["event"] == event.id]
        wanted = kind.patrol_officers if "patroli" in kind.tasks else 0
        if sum(p["officers"] for p in rounds) != wanted:
            yield bad("patrol_present", event.id, "patroli keliru", "patrol missing or misstated")
        for e in plan["escorts"]:
            if e["event"] == event.id and (
                e["officers"] != kind.escort_officers or e["vehicles"] != kind.escort_vehicles
            ):
                yield bad("escort_strength", e["id"], "kekuatan kawal keliru", "escort misstated")


def officers_once(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Officers are of the roster, as many as a duty takes, never in two places."""
    relief = dt.timedelta(minutes=facts.rules.posts.relief_min)
    known = set(facts.officers)
    busy: dict[str, list[tuple[dt.datetime, dt.datetime, str]]] = defaultdict(list)
    for d in all_duties(plan):
        if len(d["assigned"]) > d["officers"] or len(set(d["assigned"])) != len(d["assigned"]):
            yield bad("officers_count", d["id"], "jumlah petugas keliru", "officers misstated")
        for person in d["assigned"]:
            if person not in known:
                yield bad("officer_known", d["id"], "petugas tak dikenal", "unknown officer")
            begin, end = moment(d["begins"]), moment(d["ends"]) + relief
            if any(begin < b_end and b_begin < end for b_begin, b_end, _ in busy[person]):
                yield bad("officer_once", f"{d['id']}: {person}", "bertugas ganda", "in two places")
            busy[person].append((begin, end, d["id"]))


def officers_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Available, needed, assigned and missing officers add up."""
    told = plan["officers"]
    duties = all_duties(plan)
    assigned = {p for d in duties for p in d["assigned"]}
    at, planned = _peak(duties, facts)
    tasks = {
        "kawal": sum(e["officers"] for e in plan["escorts"]),
        "gatur": sum(p["officers"] for p in plan["posts"]),
        "patroli": sum(p["officers"] for p in plan["patrols"]),
    }
    gap = max(0, told["needed"] - len(facts.officers))
    fine = told["available"] == len(facts.officers)
    fine &= told["assigned"] == len(assigned)
    fine &= told["by_task"] == tasks
    fine &= told["gap"] == gap
    fine &= told["needed"] >= planned
    fine &= told["peak"]["needed"] == planned
    fine &= told["peak"]["at"] is None if at is None else moment(told["peak"]["at"]) == at
    if not fine:
        yield bad("officers_told", "officers", "hitungan petugas keliru", "officers misstated")
    if planned <= len(facts.officers) and any(d["officers"] > len(d["assigned"]) for d in duties):
        yield bad("officers_idle", "officers", "pos kosong, petugas ada", "a duty left unfilled")


def _peak(duties: Sequence[Row], facts: TrafficFacts) -> tuple[dt.datetime | None, int]:
    relief = dt.timedelta(minutes=facts.rules.posts.relief_min)
    best: tuple[dt.datetime | None, int] = (None, 0)
    for at in sorted({moment(d["begins"]) for d in duties}):
        needed = sum(
            d["officers"] for d in duties if moment(d["begins"]) <= at < moment(d["ends"]) + relief
        )
        if needed > best[1]:
            best = (at, needed)
    return best


def junction_values(
    plan: Plan, facts: TrafficFacts
) -> Mapping[tuple[str, int], tuple[float, float, int]]:
    """Return (event, junction) → worth, diverted flow, conflicts; from the ways around alone."""
    rules = facts.rules.posts
    network = facts.network
    entering: dict[int, list[int]] = defaultdict(list)
    for a, n in enumerate(network.head.tolist()):
        entering[n].append(a)
    flows = {r["event"]: r["flows"]["after"] for r in plan["assignment"]}
    found: dict[tuple[str, int], tuple[float, float, int]] = {}
    for event in {d["event"] for d in plan["diversions"]}:
        own = [d for d in plan["diversions"] if d["event"] == event]
        worth: dict[int, float] = defaultdict(float)
        flow: dict[int, float] = defaultdict(float)
        driven = {a for d in own for a in d["arcs"]}
        for d in own:
            for x in d["decisions"]:
                worth[x["node"]] += d["flow_pcu_h"] * float(getattr(rules, x["role"]))
                flow[x["node"]] += d["flow_pcu_h"]
        for node, value in worth.items():
            others = [
                flows[event][a]
                for a in entering[node]
                if a not in driven and flows[event][a] >= MUCH
            ]
            extra = rules.conflict * min(sum(others), flow[node])
            found[event, node] = (value + extra, flow[node], len(others))
    return found


def posts_worth(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Scores follow from the ways around, and the junctions chosen are a best choice."""
    values = junction_values(plan, facts)
    for p in plan["posts"]:
        value, flow, conflicts = values.get((p["event"], p["node"]), (0.0, 0.0, 0))
        if p["role"] == "place":
            continue
        wrong = abs(value - p["score"]) > VALUE or abs(flow - p["diverted_pcu_h"]) > VALUE
        if wrong or conflicts != p["conflicts"]:
            yield bad("post_score", p["id"], "nilai pos keliru", "worth misstated")
    fixed = [d for d in all_duties(plan) if d.get("role") != "junction"]
    options = _options(plan, facts, values, fixed)
    chosen = {(p["event"], p["node"]) for p in plan["posts"] if p["role"] == "junction"}
    if not chosen <= {(o["event"], o["node"]) for o in options}:
        yield bad(
            "post_chosen", "posts", "simpang tanpa arus alihan", "posts without diverted flow"
        )
        return
    cap = len(facts.officers) if facts.officers else None
    best, _ = _best(facts, fixed, options, cap)
    own = _value(facts, fixed, options, chosen)
    told = plan["certificate"]
    slack = VALUE * max(1, len(options))
    if abs(own - told["posts_value"]) > slack:
        yield bad("posts_value", "certificate", "nilai pilihan keliru", "value misstated")
    if told["posts_bound"] < best - slack or own > told["posts_bound"] + slack:
        yield bad("posts_bound", "certificate", "batas keliru", "the bound does not hold")
    if own < best * (1 - told["posts_gap"]) - slack:
        yield bad("posts_best", "certificate", "bukan pilihan terbaik", "not the best choice")
    _, wanted = _best(facts, fixed, options, None)
    _, needed = _peak([*fixed, *(options[i] for i in wanted)], facts)
    planned = _peak(all_duties(plan), facts)[1]
    if plan["officers"]["needed"] != max(needed, planned):
        yield bad("officers_needed", "officers", "kebutuhan keliru", "need misstated")


def _options(
    plan: Plan,
    facts: TrafficFacts,
    values: Mapping[tuple[str, int], tuple[float, float, int]],
    fixed: Sequence[Row],
) -> list[Row]:
    del plan
    taken = {(d["event"], d["node"]) for d in fixed if "node" in d}
    made: list[Row] = []
    for (event, node), (value, _, _) in sorted(values.items()):
        if (event, node) in taken:
            continue
        begin, end = facts.window(event)
        made.append(
            {
                "event": event,
                "node": node,
                "value": value,
                "officers": facts.kind(event).post_officers,
                "begins": begin.isoformat(),
                "ends": end.isoformat(),
            }
        )
    return made


def _sees(facts: TrafficFacts, one: Row, other: Row) -> bool:
    if one["event"] != other["event"]:
        return False
    network = facts.network
    lon1, lat1, lon2, lat2 = (
        math.radians(float(v))
        for n in (one["node"], other["node"])
        for v in (network.node_lon[n], network.node_lat[n])
    )
    across = math.hypot(
        math.cos(lat2) * math.sin(lon2 - lon1),
        math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(lon2 - lon1),
    )
    along = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(
        lon2 - lon1
    )
    return EARTH_M * math.atan2(across, along) <= facts.rules.posts.sight_m


def _value(
    facts: TrafficFacts,
    fixed: Sequence[Row],
    options: Sequence[Row],
    chosen: set[tuple[str, int]],
) -> float:
    picked = [o for o in options if (o["event"], o["node"]) in chosen]
    posts = [*(d for d in fixed if "node" in d), *picked]
    seen = sum(o["value"] for o in options if any(_sees(facts, o, p) for p in posts))
    return float(seen - facts.rules.posts.officer_worth * sum(p["officers"] for p in picked))


def _best(
    facts: TrafficFacts, fixed: Sequence[Row], options: Sequence[Row], cap: int | None
) -> tuple[float, list[int]]:
    """The most that any choice is worth: junctions and what sees them, one column each."""
    if not options:
        return 0.0, []
    size, rules = len(options), facts.rules.posts
    relief = dt.timedelta(minutes=rules.relief_min)
    held = [d for d in fixed if "node" in d]
    rows, upper = [], []
    for i, option in enumerate(options):
        if any(_sees(facts, option, d) for d in held):
            continue
        row = np.zeros(2 * size)
        row[size + i] = 1
        row[:size] -= [_sees(facts, option, o) for o in options]
        rows.append(row)
        upper.append(0.0)
    everyone = [*fixed, *options]
    for at in {moment(d["begins"]) for d in everyone} if cap is not None else ():
        now = [moment(d["begins"]) <= at < moment(d["ends"]) + relief for d in everyone]
        used = sum(d["officers"] for d, on in zip(fixed, now, strict=False) if on)
        row = np.zeros(2 * size)
        row[:size] = [
            o["officers"] if on else 0 for o, on in zip(options, now[len(fixed) :], strict=True)
        ]
        rows.append(row)
        upper.append(float(max(0, (cap or 0) - used)))
    for event in {o["event"] for o in options}:
        row = np.zeros(2 * size)
        row[:size] = [o["event"] == event for o in options]
        rows.append(row)
        upper.append(float(rules.most))
    price = [rules.officer_worth * o["officers"] for o in options]
    answer = milp(
        np.array([*price, *(-o["value"] for o in options)]),
        integrality=[1] * size + [0] * size,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), ub=np.array(upper)),
    )
    return float(-answer.fun), [i for i in range(size) if answer.x[i] > 0.5]  # noqa: PLR2004


RULES = (posts_placed, ends_manned, tasks_done, officers_once, officers_told, posts_worth)
