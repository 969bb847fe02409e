"""Repair a guard plan after a team dropped out, and keep the repaired plan beside it."""

from __future__ import annotations

from sispamkota.actions.plan import Maker, PlanResult, keep_draft, read_plan
from sispamkota.actions.verify import facts_of, inputs_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.running import repair_plan
from sispamkota.planning.verify import Violation, verify_plan
from sispamkota.storage.workspace import Workspace


def repair_guard_plan(
    workspace: Workspace, wanted: str, lost: str, maker: Maker | None = None
) -> PlanResult:
    """Repair plan `wanted` without team `lost` and keep it as a draft version.

    Raises:
        DomainError: `unknown_plan`, `unknown_team`, or `inputs_changed` where the workspace no
            longer holds what the plan was made from.
    """
    plan, name = read_plan(workspace, wanted)
    inputs = inputs_of(workspace, plan, name)
    broken = verify_plan(plan, facts_of(inputs))
    if broken:
        raise _refusal(name, broken[0])
    repaired = repair_plan(plan, inputs, lost)
    return keep_draft(workspace, repaired, maker or Maker(), base=str(plan["plan"]))


def _refusal(name: str, violation: Violation) -> DomainError:
    """Say why a plan that does not hold is not repaired."""
    if violation.rule == "same_inputs":
        return DomainError(
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
    return DomainError(
        "plan_not_valid",
        Text(
            f"rencana {name} tidak sah ({violation.rule}: {violation.detail.id})",
            f"plan {name} is not valid ({violation.rule}: {violation.detail.en})",
        ),
        Text("Lihat semua: sispamkota verify.", "See all: sispamkota verify."),
        {"plan": name, "rule": violation.rule},
    )
