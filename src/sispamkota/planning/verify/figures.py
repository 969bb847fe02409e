"""Rules on figures: what the plan states must follow from what it contains."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

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
        same = all(row.get(key) == site[key] for key in ("class", "kecamatan", "khusus"))
        if not same or abs(row["risk"] - facts.risk(row["tps"])) > RELATIVE:
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
    """Objective and its parts, per kecamatan and in all, are what their definition gives."""
    weight, penalty = facts.rules["post_weight"], facts.rules["penalty_s"]
    by_area = {k["kecamatan"]: 0.0 for k in plan["kecamatan"]}
    travel = way = risk = 0.0
    for beat in plan["beats"]:
        inside = sum(
            facts.seconds(facts.place(beat["anchor"]), facts.place(t)) for t in beat["tps"]
        )
        out = facts.seconds(facts.posts[beat["post"]], facts.place(beat["anchor"]))
        travel, way = travel + inside, way + out
        by_area[beat["kecamatan"]] += inside + weight * out
    for row in plan["uncovered"]:
        risk += facts.risk(row["tps"])
        by_area[facts.sites[row["tps"]]["kecamatan"]] += penalty * facts.risk(row["tps"])
    parts = plan["objective_parts"]
    stated = [("plan", plan["objective"], travel + weight * way + penalty * risk)]
    stated += [(k["kecamatan"], k["objective"], by_area[k["kecamatan"]]) for k in plan["kecamatan"]]
    stated += [
        ("objective_parts.travel_s", parts["travel_s"], travel),
        ("objective_parts.way_s", parts["way_s"], way),
        ("objective_parts.risk_uncovered", parts["risk_uncovered"], risk),
        ("objective_parts.penalty_s", parts["penalty_s"], penalty * risk),
    ]
    for where, said, computed in stated:
        if abs(said - computed) > TOLERANCE_S + 1e-3 * abs(computed):
            yield bad(
                "objective_stated",
                where,
                f"tertulis {said:.1f}, dihitung {computed:.1f}",
                f"stated {said:.1f}, computed {computed:.1f}",
            )


def gap(plan: Plan, facts: Facts) -> Iterator[Violation]:  # noqa: ARG001
    """The bound is not above the objective and every gap is that of its two figures."""
    said, low, proof = plan["objective"], plan["lower_bound"], plan["certificate"]
    if low > said * (1 + RELATIVE) or low != proof["lower_bound"]:
        yield bad(
            "bound_stated",
            "lower_bound",
            f"batas bawah {low}, tujuan {said}",
            f"lower bound {low}, objective {said}",
        )
    rows: list[tuple[str, Mapping[str, Any]]] = [(k["kecamatan"], k) for k in plan["kecamatan"]]
    rows += [("plan", plan), ("certificate", {**proof, "objective": said})]
    for where, row in rows:
        true = (row["objective"] - row["lower_bound"]) / row["objective"] if row["objective"] else 0
        if abs(row["gap"] - true) > RELATIVE:
            yield bad(
                "gap_stated",
                where,
                f"tertulis {row['gap']}, dihitung {true}",
                f"stated {row['gap']}, computed {true}",
            )


def kecamatan(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The row of each kecamatan counts what the lists hold, and every kecamatan has one."""
    wanted = {s["kecamatan"] for s in facts.sites.values()}
    listed = [k["kecamatan"] for k in plan["kecamatan"]]
    if sorted(wanted) != sorted(listed):
        yield bad(
            "kecamatan_stated",
            "kecamatan",
            "daftar kecamatan tidak sama dengan data",
            "the list of kecamatan is not that of the data",
        )
    for row in plan["kecamatan"]:
        code = row["kecamatan"]
        left = [u["tps"] for u in plan["uncovered"] if facts.sites[u["tps"]]["kecamatan"] == code]
        for name, value in (
            ("tps", sum(s["kecamatan"] == code for s in facts.sites.values())),
            ("teams", sum(b["kecamatan"] == code for b in plan["beats"])),
            ("uncovered", len(left)),
            ("uncovered_risk", sum(facts.risk(t) for t in left)),
        ):
            if abs(row[name] - value) > RELATIVE:
                yield bad(
                    "kecamatan_stated",
                    f"{code}.{name}",
                    f"tertulis {row[name]}, dihitung {value}",
                    f"stated {row[name]}, computed {value}",
                )


def open_risk(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The open risk is that of the open TPS, and its bound is not above what must stay open.

    The bound is a fractional knapsack: fill the teams with the most risk per part of a team.
    """
    said = plan["uncovered_risk"]
    value = sum(facts.risk(u["tps"]) for u in plan["uncovered"])
    room = float(len(plan["teams_detail"]) + len(plan["spare_teams"]))
    least = 0.0
    by_worth = sorted(facts.sites, key=lambda t: (-facts.risk(t) / facts.part(t), t))
    for tps in by_worth:
        taken = min(1.0, max(room, 0.0) / facts.part(tps))
        room -= facts.part(tps)
        least += (1.0 - taken) * facts.risk(tps)
    size = max(1.0, value, least)
    for name, computed, holds in (
        ("value", value, abs(said["value"] - value) <= RELATIVE * size),
        ("lower_bound", least, abs(said["lower_bound"] - min(least, value)) <= RELATIVE * size),
    ):
        if not holds:
            yield bad(
                "risk_stated",
                f"uncovered_risk.{name}",
                f"tertulis {said[name]}, dihitung {computed}",
                f"stated {said[name]}, computed {computed}",
            )


def load(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The load of each beat is stated as the pattern gives it."""
    for beat in plan["beats"]:
        used, of = (int(n) for n in beat["load"].split("/"))
        computed = sum(facts.part(t) for t in beat["tps"])
        if abs(float(Fraction(used, of)) - computed) > RELATIVE:
            yield bad(
                "load_stated",
                beat["id"],
                f"tertulis {beat['load']}, dihitung {computed:.3f} tim",
                f"stated {beat['load']}, computed {computed:.3f} teams",
            )


def labels(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """Generated inputs are labelled, assumptions are stated, what is given up is said."""
    alone = any(row["person"] is None for row in plan["padal"])
    for name, holds in (
        ("sample", bool(plan["sample"]) or not facts.sample),
        ("certificate.assumptions", bool(plan["certificate"]["assumptions"])),
        ("degraded", bool(plan["degraded"]) or not (plan["uncovered"] or alone)),
        ("edited", "edited" not in plan or _says_who(plan["edited"])),
    ):
        if not holds:
            yield bad(
                "label_stated", name, "label atau keterangan dihilangkan", "a label was taken away"
            )


def _says_who(edited: object) -> bool:
    """Say whether the mark of an edit names its base, planner and time, and holds its moves."""
    return (
        isinstance(edited, Mapping)
        and all(isinstance(edited.get(k), str) and edited[k] for k in ("of", "person", "at"))
        and isinstance(edited.get("ops"), list)
    )


def settings(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The settings that the plan states are those it was checked under."""
    said, true = (json.dumps(s, sort_keys=True) for s in (plan["settings"], facts.settings))
    if said != true:
        yield bad(
            "settings_stated",
            "settings",
            "pengaturan yang tertulis bukan yang berlaku",
            "the stated settings are not those in force",
        )


def named(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The plan's id follows from what it is; ids of beats are its own.

    A computed plan is named by inputs, seed and effort, an edited one by its content, and a
    repaired one after the plan it repairs.
    """
    known, *repaired = str(plan["plan"]).split("-r-")
    if repaired and plan.get("edited"):
        wanted = str(plan["repair"]["of"]).split("-r-")[0]
    elif plan.get("edited"):
        wanted = f"guards-{_content_sha256(plan)[:10]}"
    else:
        wanted = _computed_name(plan, facts) or known
    if known != wanted:
        yield bad(
            "named",
            "plan",
            f"tertulis {known}, semestinya {wanted}",
            f"stated {known}, should be {wanted}",
        )
    for beat, times in Counter(b["id"] for b in plan["beats"]).items():
        if times > 1:
            yield bad("named", str(beat), f"muncul {times} kali", f"appears {times} times")


def _computed_name(plan: Plan, facts: Facts) -> str | None:
    """Return the id that inputs, seed and effort give; None where it was made from others."""
    proof = plan["certificate"]
    if proof["inputs_sha256"] != facts.inputs_sha256:
        return None
    text = f"{facts.inputs_sha256}/{proof['seed']}/{proof['effort']}"
    name = f"guards-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
    # a SIMULASI carries a mark of its changes, so that it can never pass for the plan itself
    mark = str(plan["plan"]).partition("-s-")[2] if plan.get("simulation") else ""
    return f"{name}-s-{mark}" if mark else name


def _content_sha256(plan: Plan) -> str:
    """Hash the plan without its id, as docs/reference/plan-file.md defines it."""
    content = {key: value for key, value in plan.items() if key != "plan"}
    encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(encoder.encode(content).encode()).hexdigest()
