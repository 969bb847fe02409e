"""Repair a guard plan after a team dropped out, and keep the repaired plan beside it."""

from __future__ import annotations

from sispamkota.actions.plan import GUARDS, PlanResult, gather_guards, plan_bytes, read_plan
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.document import inputs_hash, settings_of
from sispamkota.planning.running import repair_plan
from sispamkota.storage.workspace import Workspace


def repair_guard_plan(workspace: Workspace, wanted: str, lost: str) -> PlanResult:
    """Repair plan `wanted` without team `lost`.

    Raises:
        DomainError: `unknown_plan`, `unknown_team`, or `inputs_changed` where the workspace no
            longer holds what the plan was made from.
    """
    plan, name = read_plan(workspace, wanted)
    inputs = gather_guards(workspace, plan["pattern"])
    settings = settings_of(inputs.pattern, inputs.rules, inputs.travel, inputs.strength)
    known = inputs.posts.filter(
        inputs.posts["lon"].is_not_null() & inputs.posts["lat"].is_not_null()
    )
    digest = inputs_hash(inputs.sites, known, inputs.personnel, settings)
    if digest != plan["certificate"]["inputs_sha256"]:
        raise DomainError(
            "inputs_changed",
            Text(
                f"data telah berubah sejak rencana {name} dibuat",
                f"the inputs have changed since plan {name} was made",
            ),
            Text(
                "Buat rencana baru: sispamkota plan guards.",
                "Make a new plan: sispamkota plan guards.",
            ),
            {"plan": name},
        )
    repaired = repair_plan(plan, inputs, lost)
    file = workspace.save_plan(repaired["plan"], GUARDS, plan_bytes(repaired))
    return PlanResult(plan=repaired, file=file)
