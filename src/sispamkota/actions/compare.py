"""Compare two plans of a workspace."""

from __future__ import annotations

from typing import Any

from sispamkota.storage.workspace import Workspace


def compare_guard_plans(workspace: Workspace, a: str, b: str) -> dict[str, Any]:
    """Return what plan `b` does otherwise than plan `a` (ids or files).

    Raises:
        DomainError: `unknown_plan` or `damaged_plan`.
    """
    raise NotImplementedError
