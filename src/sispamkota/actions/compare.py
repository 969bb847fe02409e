"""Compare two plans of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sispamkota.actions.plan import parse_plan, read_plan
from sispamkota.actions.verify import pattern_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.compare import compare_plans, in_words
from sispamkota.storage.workspace import Workspace


def compare_guard_plans(workspace: Workspace, a: str, b: str) -> dict[str, Any]:
    """Return what plan `b` does otherwise than plan `a`, both by id, with `differences` in words.

    Raises:
        DomainError: `unknown_plan`, `bad_plan_id`, `unknown_format` or `damaged_plan`.
    """
    plans = [parse_plan(workspace.load_plan(name), name) for name in (a, b)]
    return _compared(plans, (a, b))


def compare_plan_files(workspace: Workspace, a: str, b: str) -> dict[str, Any]:
    """Return the same for plans by file or by id: for a person at this machine, not the server."""
    return _compared([read_plan(workspace, name)[0] for name in (a, b)], (a, b))


def _compared(plans: list[dict[str, Any]], names: tuple[str, str]) -> dict[str, Any]:
    for plan, name in zip(plans, names, strict=True):
        pattern_of(plan, name)
    try:
        return told(compare_plans(plans[0], plans[1]))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DomainError(
            "damaged_plan",
            Text(
                f"rencana {names[0]} atau {names[1]} tidak utuh ({type(error).__name__}: {error})",
                f"plan {names[0]} or {names[1]} is not whole ({type(error).__name__}: {error})",
            ),
            Text(
                "Periksa keduanya: sispamkota verify RENCANA.",
                "Check both: sispamkota verify PLAN.",
            ),
            {"plans": list(names)},
        ) from error


def told(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison with its main differences in words, in both languages."""
    words = [{"id": text.id, "en": text.en} for text in in_words(found)]
    return {**found, "differences": words}


__all__ = ["compare_guard_plans", "compare_plan_files", "told"]
