"""Rules about the frame of a plan: inputs, events, closures and their times."""

from __future__ import annotations

from collections.abc import Iterator

from sispamkota.kernel.neutrality import partisan_word, party_name
from sispamkota.traffic.verify.facts import (
    METRES,
    Plan,
    TrafficFacts,
    Violation,
    bad,
    inputs_sha256,
    moment,
)

FORMAT = "sispamkota-traffic-plan/1"


def same_inputs(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """The plan was made from today's inputs, on these roads."""
    if plan["format"] != FORMAT or plan["kind"] != "traffic":
        yield bad("format", "plan", "bukan rencana lalu lintas", "not a traffic plan")
    network = plan["network"]
    now = (facts.network_sha256, facts.network.nodes, facts.network.arcs)
    if (network["sha256"], network["nodes"], network["arcs"]) != now:
        yield bad("same_network", "plan", "jaringan jalan lain", "made on another road network")
    if plan["inputs_sha256"] != inputs_sha256(facts):
        yield bad(
            "same_inputs",
            "plan",
            "masukan berubah sejak rencana dibuat",
            "the inputs have changed since the plan was made",
        )
    if plan["estimated"] != facts.network.estimated:
        yield bad(
            "estimated",
            "plan",
            "pernyataan jaringan perkiraan keliru",
            "misstates whether the network is a stand-in",
        )


def events_told(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Every event is in the plan, with its times and place, and no other."""
    told = [e["id"] for e in plan["events"]]
    if sorted(told) != sorted(facts.by_id):
        yield bad("events", "events", "kegiatan tidak sama", "not the same events")
    for row in plan["events"]:
        event = facts.by_id.get(row["id"])
        if event is None:
            continue
        begin, end = facts.window(event.id)
        times = (event.starts_at, event.ends_at, begin, end)
        said = tuple(moment(row[k]) for k in ("starts_at", "ends_at", "setup_at", "clear_at"))
        if said != times or row["place"] != list(event.place) or row["kind"] != event.kind:
            yield bad(
                "events",
                event.id,
                "waktu, tempat atau jenis tidak sama",
                "times, place or kind differ",
            )


def neutral(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """No party and no candidate is named."""
    del facts
    for row in plan["events"]:
        for group in row["groups"]:
            if partisan_word(group["label"]):
                yield bad("neutral", row["id"], "label memihak", "a partisan label")
        if party_name(row["name"]):
            yield bad("neutral", row["id"], "nama partai", "names a party")
    for row in plan["approaches"]:
        if partisan_word(row["group"]):
            yield bad("neutral", row["event"], "label memihak", "a partisan label")


def closures_known(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """Closures lie on roads, belong to an event, and state what they close."""
    network = facts.network
    metres = dict(zip(network.segment.tolist(), network.length_m.tolist(), strict=True))
    seen: set[str] = set()
    for c in plan["closures"]:
        where = c["id"]
        if c["event"] not in facts.by_id or where in seen:
            yield bad("closure_known", where, "kegiatan tidak dikenal", "unknown event, or twice")
        seen.add(where)
        if not c["segments"] or any(s not in metres for s in c["segments"]):
            yield bad("closure_on_road", where, "tidak di jalan", "lies on no road")
            continue
        length = sum(metres[s] for s in set(c["segments"]))
        ways = sorted({int(network.way[s]) for s in c["segments"]})
        if abs(length - c["length_m"]) > METRES or ways != c["ways"]:
            yield bad(
                "closure_figures", where, "panjang atau way keliru", "length or ways misstated"
            )


def closure_times(plan: Plan, facts: TrafficFacts) -> Iterator[Violation]:
    """A closure holds from the set-up until the crowd has left, or as its event asks."""
    for c in plan["closures"]:
        if c["event"] not in facts.by_id:
            continue
        begin, end = facts.window(c["event"])
        wishes = facts.by_id[c["event"]].closures
        allowed = {(begin, end)} if c["proposed"] else set()
        if not c["proposed"]:
            allowed |= {(w.begins or begin, w.ends or end) for w in wishes}
        if (moment(c["begins"]), moment(c["ends"])) not in allowed:
            yield bad("closure_window", c["id"], "jam tutup keliru", "closed at the wrong time")
