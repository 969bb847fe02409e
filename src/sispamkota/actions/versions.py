"""The versions of a plan: draft, reviewed, approved by a named officer, superseded."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from sispamkota.storage.workspace import Workspace

Target = Literal["draft", "reviewed", "approved"]


def list_versions(workspace: Workspace) -> dict[str, Any]:
    """Return `versions` (newest first), `head` and `approved`."""
    raise NotImplementedError


def change_state(
    workspace: Workspace,
    plan_id: str,
    state: Target,
    *,
    person: str,
    reason: str,
    now: dt.datetime,
    account: str | None = None,
) -> dict[str, Any]:
    """Review, approve or send back a plan; returns the event.

    Raises:
        DomainError: `unknown_plan`, `plan_not_valid`, `inputs_changed`, `bad_state`,
            `no_person`, `no_reason`, `same_person`.
    """
    raise NotImplementedError
