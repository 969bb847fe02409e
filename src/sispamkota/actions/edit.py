"""Edit a plan by hand: check at once, save as a new draft version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sispamkota.actions.gathered import Ready, ready_plan
from sispamkota.actions.named import named_person, stated_reason
from sispamkota.actions.plan import Maker, keep_draft
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.edit import Edited, apply_edit, as_result, signed
from sispamkota.planning.edit_ops import parse_ops
from sispamkota.planning.verify import INSTANT, Violation, verify_plan
from sispamkota.storage.workspace import Workspace

Ops = Sequence[Mapping[str, Any]]


def check_edit(workspace: Workspace, plan_id: str, ops: Ops) -> dict[str, Any]:
    """Return what plan `plan_id` becomes by `ops` and every rule it breaks then; saves nothing.

    The rules are the verifier's, without those that no move can touch (the bound's proof, the
    roster, the settings); saving checks all. Texts are in both languages.

    Raises:
        DomainError: `unknown_plan`, `unknown_tps`, `unknown_beat`, `unknown_team`, `bad_edit`,
            `inputs_changed` where the data no longer hold the plan's TPS, teams or posts.
    """
    ready = ready_plan(workspace, plan_id)
    edited = apply_edit(ready.base, parse_ops(ops))
    if edited.unreachable:
        broken = [_unreachable(beat, place) for beat, place in edited.unreachable]
    else:
        broken = [_both(v) for v in verify_plan(edited.body, ready.facts, INSTANT)]
    result = as_result(edited, broken)
    if ready.plan["certificate"]["inputs_sha256"] != ready.facts.inputs_sha256:
        result["warnings"].append(_stale())
    return result


def save_edit(
    workspace: Workspace,
    plan_id: str,
    ops: Ops,
    *,
    person: str,
    reason: str,
    now: dt.datetime,
    account: str | None = None,
    seen_version: int | None = None,
    beside: bool = False,
) -> dict[str, Any]:
    """Keep the edited plan as a new draft version, whether or not it breaks rules.

    Args:
        workspace: an open workspace.
        plan_id: the plan that the moves start from.
        ops: the moves.
        person: rank and name of the planner.
        reason: why.
        now: time of saving.
        account: id of the planner's account; None for the command line.
        seen_version: newest version that the planner knew.
        beside: keep it beside a newer version all the same.

    Returns:
        `plan`, `version`, `file`, `valid`, `violations`, `event` and the figures of `check_edit`.

    Raises:
        DomainError: as `check_edit`; `missing_name`, `missing_reason`, `forbidden_reason`,
            `nothing_changed`, `unreachable_beat`, and `newer_version` where somebody saved since.
    """
    who, why = named_person(person), stated_reason(reason)
    ready = ready_plan(workspace, plan_id)
    edited = apply_edit(ready.base, parse_ops(ops))
    _refuse_nothing(edited, ready, plan_id)
    at = now.isoformat(timespec="seconds")
    unchecked = signed(edited, ops, person=who, at=at, violations=0)
    broken = [_both(v) for v in verify_plan(unchecked, ready.facts)]
    draft = signed(edited, ops, person=who, at=at, violations=len(broken))
    kept = keep_draft(
        workspace,
        draft,
        Maker(person=who, reason=why, at=now, account=account),
        base=plan_id,
        seen_version=seen_version,
        beside=beside,
    )
    return {
        **as_result(edited, broken),
        "plan": draft["plan"],
        "version": kept.version.version,
        "file": str(kept.file),
    }


def _refuse_nothing(edited: Edited, ready: Ready, plan_id: str) -> None:
    if edited.body["beats"] == ready.plan["beats"]:
        raise DomainError(
            "nothing_changed",
            Text(
                f"tidak ada yang berubah dari rencana {plan_id}",
                f"nothing is different from plan {plan_id}",
            ),
            Text("Pindahkan TPS atau tim dahulu.", "Move a TPS or a team first."),
            {"plan": plan_id},
        )


def _both(violation: Violation) -> dict[str, Any]:
    detail = violation.detail
    return {
        "rule": violation.rule,
        "where": violation.where,
        "detail": {"id": detail.id, "en": detail.en},
    }


def _unreachable(beat: str, place: str) -> dict[str, Any]:
    return {
        "rule": "unreachable",
        "where": f"{beat}: {place}",
        "detail": {"id": "tidak terjangkau dari TPS induk", "en": "no way joins it to the anchor"},
    }


def _stale() -> dict[str, str]:
    return {
        "id": "Data telah berubah sejak rencana ini dibuat; rencana ini tidak dapat disahkan.",
        "en": "The inputs have changed since this plan was made; it cannot be approved.",
    }


__all__ = ["check_edit", "save_edit"]
