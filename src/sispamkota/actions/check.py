"""Check: count what is loaded and list every published total that does not agree."""

from __future__ import annotations

from typing import Any

from sispamkota.actions.territory import election_stage, load_known
from sispamkota.kernel.text import Lang
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.reconcile import Check, reconcile


def check_workspace(workspace: Workspace) -> Check:
    """Return counts and mismatches of the workspace's territory."""
    return reconcile(load_known(workspace.store), election_stage(workspace))


def check(workspace: Workspace, lang: Lang = "en") -> dict[str, Any]:
    """Return `counts` and `mismatches` as design.md section 3 names them; changes nothing."""
    return as_json(check_workspace(workspace), lang)


def as_json(found: Check, lang: Lang = "en") -> dict[str, Any]:
    """Return the JSON object of `sispamkota check`."""
    return {
        "counts": found.counts,
        "stage": found.stage,
        "mismatches": [m.as_json(lang) for m in found.mismatches],
    }
