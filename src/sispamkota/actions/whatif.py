"""What if: plan a SIMULASI beside a plan and say what would be different; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sispamkota.planning.guards import EffortName
from sispamkota.storage.workspace import Workspace

Progress = Callable[[str, float], None]


def simulate(
    workspace: Workspace,
    changes: Mapping[str, Any],
    *,
    base: str | None = None,
    kecamatan: str | None = None,
    seed: int = 1,
    effort: EffortName = "normal",
    progress: Progress = lambda _what, _part: None,
) -> dict[str, Any]:
    """Return `simulation`, `plan`, `compare`, `differences` (in words) and `elapsed_s`.

    Raises:
        DomainError: `bad_change`, `unknown_plan`, `unknown_kecamatan`, `unknown_beat`,
            `unknown_post`, or what the planner says.
    """
    raise NotImplementedError
