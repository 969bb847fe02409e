"""Rules on where: each TPS once, beats within area, capacity and travel limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from sispamkota.planning.verify.facts import TOLERANCE_S, Facts, Plan, Violation, bad


def every_tps_once(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Each TPS is in exactly one beat or stated as open."""
    count = Counter(t for b in plan["beats"] for t in b["tps"])
    count.update(u["tps"] for u in plan["uncovered"])
    for tps, times in sorted(count.items()):
        if times > 1:
            yield bad("tps_once", tps, f"muncul {times} kali", f"appears {times} times")
    for tps in sorted(facts.sites.keys() - count.keys()):
        yield bad(
            "tps_accounted",
            tps,
            "tidak dijaga dan tidak dinyatakan terbuka",
            "neither guarded nor stated as open",
        )


def anchor_inside(plan: Plan, facts: Facts) -> Iterator[Violation]:  # noqa: ARG001
    """A beat's anchor is one of its TPS."""
    for beat in plan["beats"]:
        if beat["anchor"] not in beat["tps"]:
            yield bad(
                "anchor_inside",
                beat["id"],
                "TPS induk bukan anggota beat",
                "the anchor is not in the beat",
            )


def one_area(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """A beat stays inside its kecamatan (or desa, where so configured)."""
    for beat in plan["beats"]:
        for tps in beat["tps"]:
            if facts.sites[tps]["kecamatan"] != beat["kecamatan"]:
                yield bad(
                    "one_kecamatan",
                    f"{beat['id']}: {tps}",
                    "TPS dari kecamatan lain",
                    "a TPS of another kecamatan",
                )
        if (
            facts.rules["grouping"] == "desa"
            and len({facts.sites[t]["desa"] for t in beat["tps"]}) > 1
        ):
            yield bad("one_desa", beat["id"], "beat melintasi desa", "the beat crosses desa")
        if (
            not facts.rules["mixed_classes"]
            and len({facts.sites[t]["class"] for t in beat["tps"]}) > 1
        ):
            yield bad("one_class", beat["id"], "beat mencampur kelas", "the beat mixes classes")


def capacity(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """A team guards no more than the pattern lets it."""
    for beat in plan["beats"]:
        load = sum(facts.part(t) for t in beat["tps"])
        if load > 1 + 1e-9:
            yield bad(
                "capacity",
                beat["id"],
                f"beban {load:.3f} tim, batas 1",
                f"load of {load:.3f} teams, limit 1",
            )


def beat_travel(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Every TPS of a beat is within the travel limit of its anchor, and the sum is as stated."""
    limit = facts.rules["beat_limit_s"]
    for beat in plan["beats"]:
        times = [facts.seconds(facts.place(beat["anchor"]), facts.place(t)) for t in beat["tps"]]
        for tps, seconds in zip(beat["tps"], times, strict=True):
            if seconds == math.inf:
                yield bad(
                    "unreachable",
                    f"{beat['id']}: {tps}",
                    "tidak ada jalan dari TPS induk",
                    "no road leads there from the anchor",
                )
            elif seconds > limit + TOLERANCE_S:
                yield bad(
                    "beat_travel_limit",
                    f"{beat['id']}: {tps}",
                    f"{seconds:.0f} detik, batas {limit:.0f}",
                    f"{seconds:.0f} seconds, limit {limit:.0f}",
                )
        if abs(sum(times) - beat["travel_s"]) > TOLERANCE_S * len(times):
            yield bad(
                "travel_stated",
                beat["id"],
                f"tertulis {beat['travel_s']}, dihitung {sum(times)}",
                f"stated {beat['travel_s']}, computed {sum(times)}",
            )


def way_from_post(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The way from the team's post is as stated."""
    for beat in plan["beats"]:
        seconds = facts.seconds(facts.posts[beat["post"]], facts.place(beat["anchor"]))
        if abs(seconds - beat["way_s"]) > TOLERANCE_S:
            yield bad(
                "way_stated",
                beat["id"],
                f"tertulis {beat['way_s']}, dihitung {seconds}",
                f"stated {beat['way_s']}, computed {seconds}",
            )
        if seconds == math.inf:
            yield bad(
                "unreachable",
                beat["id"],
                f"tidak ada jalan dari pos {beat['post']}",
                f"no road leads there from post {beat['post']}",
            )
