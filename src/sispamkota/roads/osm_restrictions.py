"""Turn restriction relations of OpenStreetMap: which are honoured, for whom, and why others not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sispamkota.roads.load_ways import Restriction
from sispamkota.roads.profiles import MOTOR, bits_of

_TIMED = ("day_on", "day_off", "hour_on", "hour_off", "time")
_VEHICLES = {  # keys of a restriction and of its `except`, and whom they mean
    "motorcar": ("car",),
    "motorcycle": ("motorcycle",),
    "hgv": ("truck",),
    "goods": ("truck",),
    "motor_vehicle": MOTOR,
    "vehicle": MOTOR,
    "foot": ("foot",),
}


def restrictions_of(
    number: int, tags: Mapping[str, str], members: Mapping[str, Iterable[tuple[str, int]]]
) -> tuple[list[Restriction], list[str]]:
    """Read one restriction relation.

    Returns:
        The rules to honour, and the names of the reasons why others of it are not.
    """
    if any(key in tags for key in _TIMED):
        return [], ["conditional"]
    by_role = {role: list(found) for role, found in members.items()}
    sources = tuple(ref for kind, ref in by_role.get("from", ()) if kind == "w")
    targets = tuple(ref for kind, ref in by_role.get("to", ()) if kind == "w")
    via_nodes = tuple(ref for kind, ref in by_role.get("via", ()) if kind == "n")
    via_ways = tuple(ref for kind, ref in by_role.get("via", ()) if kind == "w")
    whole = bool(sources and targets) and bool(via_nodes) != bool(via_ways)
    rules: list[Restriction] = []
    refused: list[str] = []
    for key, rule in tags.items():
        if key != "restriction" and not key.startswith("restriction:"):
            continue
        bars = _bars(key, tags.get("except", ""), tags.get("type", ""))
        reason = _why_not(key, rule, bars, whole=whole)
        if reason is not None:
            refused.append(reason)
            continue
        rules.append(
            Restriction(
                id=number,
                rule=rule,
                from_ways=sources,
                via_nodes=via_nodes,
                via_ways=via_ways,
                to_ways=targets,
                bars=bars,
            )
        )
    if not rules and not refused:
        refused.append("unknown_rule")
    return rules, refused


def _why_not(key: str, rule: str, bars: int, *, whole: bool) -> str | None:
    if key.endswith(":conditional"):
        return "conditional"
    if not bars:
        return "other_vehicles"
    if not rule.startswith(("no_", "only_")):
        return "unknown_rule"
    return None if whole else "incomplete"


def _bars(key: str, excepted: str, kind: str) -> int:
    vehicle = key.partition(":")[2] or kind.partition(":")[2]
    bars = bits_of(_VEHICLES.get(vehicle, ()) if vehicle else MOTOR)
    for word in excepted.replace(",", ";").split(";"):
        bars &= ~bits_of(_VEHICLES.get(word.strip(), ()))
    return bars
