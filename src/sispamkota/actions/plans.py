"""A plan as the screen reads it, whole or the part of some kecamatan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sispamkota.actions.plan_kinds import kind_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.versions import TRAFFIC
from sispamkota.storage.workspace import Workspace


def one_plan(workspace: Workspace, plan_id: str) -> dict[str, Any]:
    """Return the plan file as a screen reads it, with `state` and `version`.

    What only a verifier reads is left out: the prices of a certificate, flows and arcs by number.

    Raises:
        DomainError: `unknown_plan` or `damaged_plan`.
    """
    try:
        body = json.loads(workspace.load_plan(plan_id))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise DomainError(
            "damaged_plan",
            Text(f"berkas rencana {plan_id} rusak", f"the file of plan {plan_id} is damaged"),
            Text("Pilih versi lain, atau susun ulang.", "Choose another version, or plan anew."),
            {"plan": plan_id},
        )
    certificate = body.get("certificate")
    if isinstance(certificate, dict):
        body["certificate"] = {k: v for k, v in certificate.items() if k != "prices"}
    if kind_of(body) == TRAFFIC:
        body = _without_arcs(body)
    events = workspace.versions.events(plan_id)
    last = events[-1] if events else None
    return {
        **body,
        "state": last.state if last else None,
        "version": last.version if last else None,
    }


def _without_arcs(plan: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a traffic plan what stands in the order of the arcs of its network."""
    found = {}
    for key, value in plan.items():
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        found[key] = [_row_without(row) for row in value] if rows else value
    return found


def _row_without(row: dict[str, Any]) -> dict[str, Any]:
    left = {k: v for k, v in row.items() if k not in ("arcs", "flows")}
    if isinstance(left.get("primary"), dict):  # the ways of an escort lie one level below
        left["primary"] = _row_without(left["primary"])
        left["alternates"] = [_row_without(way) for way in left.get("alternates", ())]
    return left


OF_A_KECAMATAN = ("beats", "teams_detail", "padal", "uncovered", "kecamatan")
WHOLE_ONLY = ("spare_teams", "spare_officers", "one_more_team", "edited", "repair", "what_if")


def area_part(plan: dict[str, Any], covers: Callable[[str | None], bool]) -> dict[str, Any]:
    """Return the part of a plan that lies in some kecamatan.

    Figures of the whole regency (objective, bound, counts) stay: they place nobody.
    """
    part = {name: value for name, value in plan.items() if name not in WHOLE_ONLY}
    for name in OF_A_KECAMATAN:
        part[name] = [row for row in plan.get(name, []) if covers(row.get("kecamatan"))]
    return part
