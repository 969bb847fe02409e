"""Edit a plan by hand: check at once, save as a new draft version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sispamkota.storage.workspace import Workspace

Ops = Sequence[Mapping[str, Any]]


def check_edit(workspace: Workspace, plan_id: str, ops: Ops) -> dict[str, Any]:
    """Return what plan `plan_id` becomes by `ops` and every rule it breaks then; saves nothing.

    Raises:
        DomainError: `unknown_plan`, `unknown_tps`, `unknown_beat`, `unknown_team`, `bad_edit`.
    """
    raise NotImplementedError


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
    """Keep the edited plan as a new draft version: `version`, `plan`, `valid`, `violations`.

    Raises:
        DomainError: as `check_edit`; `nothing_changed`; `newer_version` where somebody saved since.
    """
    raise NotImplementedError
