"""Rules on figures: what the plan states must follow from what it contains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sispamkota.planning.verify.facts import RELATIVE, TOLERANCE_S, Facts, Plan, Violation, bad


def same_inputs(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The plan was made for these very inputs (hash), not for older ones."""
    stated = plan["certificate"]["inputs_sha256"]
    if stated != facts.inputs_sha256:
        yield bad(
            "same_inputs",
            "certificate",
            "data telah berubah sejak rencana dibuat",
            "the inputs have changed since the plan was made",
        )


def open_as_stated(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Open TPS carry their true class and risk, and the counts by class are theirs."""
    classes: Counter[str] = Counter()
    for row in plan["uncovered"]:
        site = facts.sites[row["tps"]]
        classes[site["class"]] += 1
        if row["class"] != site["class"] or abs(row["risk"] - facts.risk(row["tps"])) > RELATIVE:
            yield bad(
                "open_stated",
                row["tps"],
                f"tertulis {row['class']}, data {site['class']}",
                f"stated {row['class']}, data say {site['class']}",
            )
    for name in ("kurang_rawan", "rawan", "sangat_rawan"):
        if plan["tps_uncovered"].get(name, 0) != classes[name]:
            yield bad(
                "counts_stated",
                f"tps_uncovered.{name}",
                f"tertulis {plan['tps_uncovered'].get(name, 0)}, dihitung {classes[name]}",
                f"stated {plan['tps_uncovered'].get(name, 0)}, computed {classes[name]}",
            )


def counts(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The head counts of the plan are those of its lists."""
    covered = sum(len(b["tps"]) for b in plan["beats"])
    officers = len({m for t in plan["teams_detail"] for m in t["members"]})
    for name, value in (
        ("tps_covered", covered),
        ("teams", len(plan["beats"])),
        ("officers", officers),
        ("linmas", 2 * len(facts.sites)),
    ):
        if plan[name] != value:
            yield bad(
                "counts_stated",
                name,
                f"tertulis {plan[name]}, dihitung {value}",
                f"stated {plan[name]}, computed {value}",
            )


def objective(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Objective, per kecamatan and in all, is what its definition gives."""
    total, by_area = 0.0, {k["kecamatan"]: 0.0 for k in plan["kecamatan"]}
    for beat in plan["beats"]:
        cost = sum(
            facts.seconds(facts.place(beat["anchor"]), facts.place(t)) for t in beat["tps"]
        ) + facts.rules["post_weight"] * facts.seconds(
            facts.posts[beat["post"]], facts.place(beat["anchor"])
        )
        total += cost
        by_area[beat["kecamatan"]] += cost
    for row in plan["uncovered"]:
        cost = facts.rules["penalty_s"] * facts.risk(row["tps"])
        total += cost
        by_area[facts.sites[row["tps"]]["kecamatan"]] += cost
    slack = TOLERANCE_S * len(facts.sites)
    stated = [("plan", plan["objective"], total)]
    stated += [(k["kecamatan"], k["objective"], by_area[k["kecamatan"]]) for k in plan["kecamatan"]]
    for where, said, computed in stated:
        if abs(said - computed) > min(slack, TOLERANCE_S + 1e-3 * abs(computed)):
            yield bad(
                "objective_stated",
                where,
                f"tertulis {said:.1f}, dihitung {computed:.1f}",
                f"stated {said:.1f}, computed {computed:.1f}",
            )


def gap(plan: Plan, facts: Facts) -> Iterator[Violation]:  # noqa: ARG001
    """The bound is not above the objective and the gap is theirs."""
    said, low = plan["objective"], plan["lower_bound"]
    if low > said * (1 + RELATIVE) or low != plan["certificate"]["lower_bound"]:
        yield bad(
            "bound_stated",
            "lower_bound",
            f"batas bawah {low}, tujuan {said}",
            f"lower bound {low}, objective {said}",
        )
    true = (said - low) / said if said else 0.0
    if abs(plan["gap"] - true) > RELATIVE:
        yield bad(
            "gap_stated",
            "gap",
            f"tertulis {plan['gap']}, dihitung {true}",
            f"stated {plan['gap']}, computed {true}",
        )
