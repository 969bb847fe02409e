"""Two guard plans side by side: what the second does otherwise than the first, and in words.

A team is recognised by its people and its post, not by its running number, so that teams which
were merely numbered anew do not look like changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sispamkota.kernel.text import Text, number
from sispamkota.planning.problem import CLASSES

Plan = Mapping[str, Any]
SMALL_S = 0.5  # seconds; less is rounding


def compare_plans(a: Plan, b: Plan, kecamatan: str | None = None) -> dict[str, Any]:
    """Compare two plans.

    Args:
        a: the plan that is there.
        b: the other one.
        kecamatan: look at this kecamatan alone.

    Returns:
        figures of both with their difference, TPS and teams that changed, rows per kecamatan,
        and settings under which they were made; `a` and `b` name the sides everywhere.
    """
    names = [str(a["plan"]), str(b["plan"])]
    settings = list(_settings_changed(a["settings"], b["settings"]))
    if kecamatan is not None:
        a, b = part_of(a, kecamatan), part_of(b, kecamatan)
    pairs = _pairs(_crews(a), _crews(b))
    site_a, site_b = _areas(a), _areas(b)
    return {
        "plans": names,
        "kecamatan_only": kecamatan,
        "objective": _sides(a["objective"], b["objective"]),
        "objective_parts": {
            key: _sides(a["objective_parts"][key], b["objective_parts"][key])
            for key in ("travel_s", "way_s", "risk_uncovered", "penalty_s")
        },
        "lower_bound": _sides(a["lower_bound"], b["lower_bound"]),
        "teams": _sides(a["teams"], b["teams"]),
        "teams_idle": _sides(len(a["spare_teams"]), len(b["spare_teams"])),
        "officers": _sides(a["officers"], b["officers"]),
        "tps_covered": _sides(a["tps_covered"], b["tps_covered"]),
        "tps_uncovered": {
            name: _sides(a["tps_uncovered"][name], b["tps_uncovered"][name]) for name in CLASSES
        },
        "tps_changed": list(_tps_changed(a, b, pairs)),
        "tps_only_a": sorted(site_a.keys() - site_b.keys()),
        "tps_only_b": sorted(site_b.keys() - site_a.keys()),
        "teams_changed": _teams_changed(a, b, pairs),
        "kecamatan": _kecamatan(a, b),
        "settings_changed": settings,
    }


def part_of(plan: Plan, kecamatan: str) -> dict[str, Any]:
    """Return the part of a plan in one kecamatan, with the figures of that part."""
    beats = [b for b in plan["beats"] if b["kecamatan"] == kecamatan]
    left = [u for u in plan["uncovered"] if u["kecamatan"] == kecamatan]
    crews = [t for t in plan["teams_detail"] if t["kecamatan"] == kecamatan]
    rows = [r for r in plan["kecamatan"] if r["kecamatan"] == kecamatan]
    unit = plan["settings"]["rules"]["penalty_s"]
    risk = sum(u["risk"] for u in left)
    return {
        **plan,
        "objective": sum(r["objective"] for r in rows),
        "lower_bound": sum(r["lower_bound"] for r in rows),
        "objective_parts": {
            **plan["objective_parts"],
            "travel_s": sum(b["travel_s"] for b in beats),
            "way_s": sum(b["way_s"] for b in beats),
            "risk_uncovered": risk,
            "penalty_s": unit * risk,
        },
        "beats": beats,
        "uncovered": left,
        "teams_detail": crews,
        # teams that stay idle belong to no kecamatan
        "spare_teams": plan["spare_teams"] if len(plan["kecamatan"]) == 1 else [],
        "kecamatan": rows,
        "teams": len(beats),
        "officers": sum(len(t["members"]) for t in crews),
        "tps_covered": sum(len(b["tps"]) for b in beats),
        "tps_uncovered": {c: sum(u["class"] == c for u in left) for c in CLASSES},
    }


def _sides(a: float, b: float) -> dict[str, float]:
    return {"a": a, "b": b, "delta": b - a}


def _crews(plan: Plan) -> dict[str, tuple[str, frozenset[str]]]:
    """Return team id → post and people, of the teams that are sent."""
    return {t["id"]: (t["post"], frozenset(t["members"])) for t in plan["teams_detail"]}


def _pairs(
    a: Mapping[str, tuple[str, frozenset[str]]], b: Mapping[str, tuple[str, frozenset[str]]]
) -> dict[str, str]:
    """Return team of `a` → team of `b` that is the same one: same post, most people in common."""
    at: dict[tuple[str, str], str] = {
        (post, person): team for team, (post, people) in b.items() for person in people
    }
    shared: dict[tuple[str, str], int] = {}
    for team, (post, people) in a.items():
        for person in people:
            other = at.get((post, person))
            if other is not None:
                shared[team, other] = shared.get((team, other), 0) + 1
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for (team, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if team not in pairs and other not in taken:
            pairs[team] = other
            taken.add(other)
    return pairs


def _team_of(plan: Plan) -> dict[str, str]:
    return {t: b["team"] for b in plan["beats"] for t in b["tps"]}


def _areas(plan: Plan) -> dict[str, str]:
    found = {t: b["kecamatan"] for b in plan["beats"] for t in b["tps"]}
    return found | {u["tps"]: u["kecamatan"] for u in plan["uncovered"]}


def _tps_changed(a: Plan, b: Plan, pairs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield each TPS that another team guards, or that one guards and none did, or the reverse."""
    team_a, team_b = _team_of(a), _team_of(b)
    area_a, area_b = _areas(a), _areas(b)
    for tps in sorted(area_a.keys() & area_b.keys()):
        before, after = team_a.get(tps), team_b.get(tps)
        there = None if before is None else pairs.get(before, "")
        if there != after:
            yield {"tps": tps, "kecamatan": area_b[tps], "team_a": before, "team_b": after}


def _teams_changed(a: Plan, b: Plan, pairs: Mapping[str, str]) -> list[dict[str, Any]]:
    """List teams that are gone, new, have other people or guard other TPS."""
    crews_a, crews_b = _crews(a), _crews(b)
    tps_a = {r["team"]: frozenset(r["tps"]) for r in a["beats"]}
    tps_b = {r["team"]: frozenset(r["tps"]) for r in b["beats"]}
    taken = set(pairs.values())
    sides: list[tuple[str | None, str | None]] = [(t, pairs.get(t)) for t in sorted(crews_a)]
    sides += [(None, t) for t in sorted(crews_b) if t not in taken]
    found = []
    for before, after in sides:
        own_a = tps_a.get(before or "", frozenset())
        own_b = tps_b.get(after or "", frozenset())
        other_people = (
            before is not None and after is not None and crews_a[before][1] != crews_b[after][1]
        )
        if before and after and own_a == own_b and not other_people:
            continue
        post = (crews_a[before] if before else crews_b[after or ""])[0]
        found.append(
            {
                "team_a": before,
                "team_b": after,
                "post": post,
                "change": _change(before, after, other_people=other_people),
                "tps_a": len(own_a),
                "tps_b": len(own_b),
                "tps_same": len(own_a & own_b),
            }
        )
    return found


def _change(before: str | None, after: str | None, *, other_people: bool) -> str:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "other_members" if other_people else "other_tps"


def _kecamatan(a: Plan, b: Plan) -> list[dict[str, Any]]:
    rows_a = {r["kecamatan"]: r for r in a["kecamatan"]}
    rows_b = {r["kecamatan"]: r for r in b["kecamatan"]}
    travel = [_travel(a), _travel(b)]
    found = []
    for code in sorted(rows_a.keys() | rows_b.keys()):
        row: dict[str, Any] = {"kecamatan": code}
        for side, rows, times in (("a", rows_a, travel[0]), ("b", rows_b, travel[1])):
            one = rows.get(code)
            row[f"objective_{side}"] = one and one["objective"]
            row[f"teams_{side}"] = one and one["teams"]
            row[f"uncovered_{side}"] = one and one["uncovered"]
            row[f"uncovered_risk_{side}"] = one and one["uncovered_risk"]
            row[f"travel_{side}"] = times.get(code, 0.0) if one else None
        found.append(row)
    return found


def _travel(plan: Plan) -> dict[str, float]:
    found: dict[str, float] = {}
    for beat in plan["beats"]:
        found[beat["kecamatan"]] = found.get(beat["kecamatan"], 0.0) + beat["travel_s"]
    return found


def _settings_changed(a: Any, b: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Yield each setting that differs, named by its path; one that a side lacks is null."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for key in sorted({*a, *b}):
            inner = f"{path}.{key}" if path else str(key)
            yield from _settings_changed(a.get(key), b.get(key), inner)
    elif a != b:
        yield {"key": path, "a": a, "b": b}


def in_words(found: Mapping[str, Any]) -> tuple[Text, ...]:
    """Say the main differences of a comparison: what a commander asks first comes first."""
    return (
        *_open_in_words(found),
        *_teams_in_words(found),
        *_times_in_words(found),
        *_changes_in_words(found),
    )


def _open_in_words(found: Mapping[str, Any]) -> Iterator[Text]:
    for name in reversed(CLASSES):
        sides = found["tps_uncovered"][name]
        label = name.replace("_", " ")
        if sides["delta"] > 0:
            yield Text(
                f"{_n(sides['delta']).id} TPS {label} lagi tanpa tim ({_both(sides).id}).",
                f"{_n(sides['delta']).en} more {label} TPS without a team ({_both(sides).en}).",
            )
        elif sides["delta"] < 0:
            yield Text(
                f"{_n(-sides['delta']).id} TPS {label} lagi terjaga; tanpa tim {_both(sides).id}.",
                f"{_n(-sides['delta']).en} more {label} TPS guarded; without a team "
                f"{_both(sides).en}.",
            )
    open_ = [found["tps_uncovered"][name] for name in CLASSES]
    if not any(s["delta"] for s in open_):
        total = sum(s["b"] for s in open_)
        yield (
            Text(
                f"Jumlah TPS tanpa tim tetap {_n(total).id}.",
                f"As many TPS are without a team: {_n(total).en}.",
            )
            if total
            else Text("Semua TPS tetap terjaga.", "Every TPS stays guarded.")
        )


def _teams_in_words(found: Mapping[str, Any]) -> Iterator[Text]:
    teams, idle = found["teams"], found["teams_idle"]
    if teams["delta"]:
        yield Text(f"Tim yang dikirim: {_both(teams).id}.", f"Teams sent: {_both(teams).en}.")
    if idle["delta"]:
        yield Text(
            f"Tim yang tinggal di pos: {_both(idle).id}.",
            f"Teams left at their posts: {_both(idle).en}.",
        )


def _times_in_words(found: Mapping[str, Any]) -> Iterator[Text]:
    for key, id_, en in (
        ("travel_s", "Tempuh di dalam beat", "Travel inside beats"),
        ("way_s", "Perjalanan dari pos", "Ways from the posts"),
    ):
        sides = found["objective_parts"][key]
        if abs(sides["delta"]) > SMALL_S:
            yield Text(f"{id_}: {_minutes(sides).id}.", f"{en}: {_minutes(sides).en}.")
    cost = found["objective"]
    if abs(cost["delta"]) > SMALL_S:
        share = 100 * cost["delta"] / cost["a"] if cost["a"] else 0.0
        sign = "+" if share >= 0 else "-"
        yield Text(
            f"Nilai rencana {_both(cost).id} detik ({sign}{number(abs(share), 'id', 1)} %).",
            f"Plan value {_both(cost).en} seconds ({sign}{number(abs(share), 'en', 1)} %).",
        )
    else:
        yield Text("Nilai rencana sama.", "The plan's value is the same.")


def within_search(found: Mapping[str, Any]) -> Text | None:
    """Say so where a difference of two searches is smaller than what the first left unproven."""
    cost = found["objective"]
    if not SMALL_S < abs(cost["delta"]) < cost["a"] - found["lower_bound"]["a"]:
        return None
    return Text(
        "Selisih nilai itu lebih kecil daripada jarak rencana asal ke batas bawahnya: sebagian "
        "dapat berasal dari pencarian.",
        "That difference is smaller than the base plan's distance to its lower bound: part of it "
        "may come from the search.",
    )


def _changes_in_words(found: Mapping[str, Any]) -> Iterator[Text]:
    count = len(found["tps_changed"])
    if count:
        yield Text(f"{_n(count).id} TPS berganti tim.", f"{_n(count).en} TPS change their team.")
    areas = [r for r in found["kecamatan"] if (r["uncovered_b"] or 0) > (r["uncovered_a"] or 0)]
    worst = sorted(areas, key=lambda r: (r["uncovered_risk_a"] or 0) - (r["uncovered_risk_b"] or 0))
    if worst and len(found["kecamatan"]) > 1:
        codes = ", ".join(r["kecamatan"] for r in worst[:3])
        yield Text(
            f"Risiko terbuka paling naik di kecamatan {codes}.",
            f"Open risk rises most in kecamatan {codes}.",
        )


def _n(value: float) -> Text:
    return Text(number(value, "id"), number(value, "en"))


def _both(sides: Mapping[str, float]) -> Text:
    a, b = _n(sides["a"]), _n(sides["b"])
    return Text(f"{a.id} → {b.id}", f"{a.en} → {b.en}")


def _minutes(sides: Mapping[str, float]) -> Text:
    a, b = _n(sides["a"] / 60), _n(sides["b"] / 60)
    return Text(f"{a.id} → {b.id} menit", f"{a.en} → {b.en} minutes")


__all__ = ["compare_plans", "in_words", "part_of", "within_search"]
