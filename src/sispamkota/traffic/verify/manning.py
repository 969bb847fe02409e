"""Rules about duties: which posts there are, where, how strong and how long."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sispamkota.traffic.verify.facts import Plan, TrafficFacts, Violation, bad, moment

Row = Mapping[str, Any]
ROLES = ("closure_end", "place", "junction")
HALF = 0.5
TINY, CENT = 1e-6, 0.01


def posts_known(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A post is at an end of a closure, at the place, or at a junction; one at each."""
    for p in plan["posts"]:
        fine = p["role"] in ROLES and p["task"] == "gatur" and p["event"] in facts.by_id
        if not fine or p["mandatory"] != (p["role"] != "junction"):
            yield bad("post_place", p["id"], "jenis pos tidak dikenal", "unknown kind of post")
    at = Counter((p["event"], p["node"]) for p in plan["posts"] if p["role"] != "place")
    for (event, node), posts in at.items():
        if posts > 1:
            yield bad("post_place", f"{event} {node}", "pos ganda", "two posts at one junction")


def ends_exact(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Posts of closures stand at their ends, from when the first begins until the last ends."""
    for p in plan["posts"]:
        if p["role"] != "closure_end":
            continue
        there = [
            c
            for c in plan["closures"]
            if c["event"] == p["event"] and p["node"] in {n["node"] for n in c["ends_nodes"]}
        ]
        if p["closure"] not in {c["id"] for c in there}:
            yield bad("post_place", p["id"], "bukan ujung penutupan", "not at an end of a closure")
            continue
        span = (min(moment(c["begins"]) for c in there), max(moment(c["ends"]) for c in there))
        if (moment(p["begins"]), moment(p["ends"])) != span:
            yield bad("duty_window", p["id"], "jam pos keliru", "manned at the wrong time")
        if p["officers"] != facts.kind(p["event"]).end_officers:
            yield bad("post_strength", p["id"], "kekuatan pos keliru", "strength misstated")


def place_manned(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The place has its own post, with all that the event asks for beyond its other duties."""
    for event in facts.events:
        kind = facts.kind(event.id)
        duties = [*plan["posts"], *plan["escorts"], *plan["patrols"]]
        others = sum(
            d["officers"]
            for d in duties
            if d["event"] == event.id and d.get("role") not in ("place", "junction")
        )
        wanted = max(kind.place_officers, event.officers_min - others)
        own = [p for p in plan["posts"] if p["event"] == event.id and p["role"] == "place"]
        if [p["officers"] for p in own] != ([wanted] if wanted > 0 else []):
            yield bad("officers_min", event.id, "petugas lokasi keliru", "officers at the place")
        at = facts.at(*event.place)
        arc, part = int(at.arc[0]), float(at.fraction[0])
        node = int((facts.network.tail if part <= HALF else facts.network.head)[arc])
        if any(p["node"] != node or p["score"] != 0 for p in own):
            yield bad("post_place", event.id, "pos bukan di lokasi", "the post is not at the place")


def junctions_manned(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Posts at junctions are as strong as their kind asks for, and ranked by worth."""
    for p in plan["posts"]:
        if p["role"] == "junction" and p["officers"] != facts.kind(p["event"]).post_officers:
            yield bad("post_strength", p["id"], "kekuatan pos keliru", "strength misstated")
    for event in facts.events:
        own = sorted((p for p in plan["posts"] if p["event"] == event.id), key=lambda p: p["rank"])
        scores = [p["score"] for p in own]
        ranks = [p["rank"] for p in own]
        if ranks != list(range(1, len(own) + 1)) or scores != sorted(scores, reverse=True):
            yield bad("post_rank", event.id, "urutan pos keliru", "posts misranked")


def moving_windows(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Escorts and patrols serve from set-up until the crowd has left."""
    for d in [*plan["escorts"], *plan["patrols"]]:
        span: tuple[dt.datetime, dt.datetime] = (moment(d["begins"]), moment(d["ends"]))
        if span != facts.window(d["event"]):
            yield bad("duty_window", d["id"], "jam tugas keliru", "on duty at the wrong time")


def certificate(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The certificate states the gaps there are, and what is assumed."""
    told = plan["certificate"]
    gaps = [row[when]["relative_gap"] for row in plan["assignment"] for when in ("before", "after")]
    bound, value = told["posts_bound"], told["posts_value"]
    open_ = (bound - value) / bound if bound > 0 else 0.0
    fine = told["relative_gap"] == max(gaps, default=0.0)
    fine &= told["gap_target"] == facts.rules.links.gap
    said = " ".join(t["en"] for t in told["assumptions"])
    fine &= "assumed" in said and (not facts.network.estimated or "stand-in" in said)
    if not fine:
        yield bad("certificate", "certificate", "sertifikat keliru", "certificate misstated")
    if abs(told["posts_gap"] - open_) > TINY or bound - value > CENT:
        yield bad("posts_best", "certificate", "bukan pilihan terbaik", "not the best choice")


RULES = (
    posts_known,
    ends_exact,
    place_manned,
    junctions_manned,
    moving_windows,
    certificate,
)
