"""Inputs and plans made ready, kept in the process while the data stay as they are.

Gathering a regency takes most of a second, an edit of its plan some hundredths: who moves one TPS
after another must not wait for the first each time. Every fact of a workspace came by an import,
decisions of officers too, so the list of imports and the settings are the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from sispamkota.actions.kept import Kept
from sispamkota.actions.plan import gather_guards, parse_plan
from sispamkota.actions.verify import facts_of, pattern_of
from sispamkota.planning.edit import EditBase, edit_base
from sispamkota.planning.guards import GuardInputs
from sispamkota.planning.verify import Facts
from sispamkota.storage.workspace import Workspace

MOST_INPUTS, MOST_BASES = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The inputs of plans under one pattern, and the verifier's view of them."""

    inputs: GuardInputs
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A plan of the workspace, ready to be edited and checked."""

    plan: Mapping[str, Any]
    base: EditBase
    facts: Facts


_INPUTS: Kept[Gathered] = Kept(MOST_INPUTS)
_BASES: Kept[Ready] = Kept(MOST_BASES)


def gathered(workspace: Workspace, pattern: str | None = None) -> Gathered:
    """Return what plans of this workspace depend on; see `gather_guards`."""

    def make() -> Gathered:
        inputs = gather_guards(workspace, pattern)
        return Gathered(inputs=inputs, facts=facts_of(inputs))

    return _INPUTS.get((*_data_of(workspace), pattern), make)


def ready_plan(workspace: Workspace, wanted: str) -> Ready:
    """Return a plan, by its id, ready to be edited.

    Raises:
        DomainError: `unknown_plan`, `bad_plan_id`, `damaged_plan`, `unknown_format`,
            `inputs_changed`, or what gathering says.
    """
    body = workspace.load_plan(wanted)
    digest = hashlib.sha256(body).hexdigest()

    def make() -> Ready:
        plan = parse_plan(body, wanted)
        found = inputs_for(workspace, plan, wanted)
        return Ready(plan=plan, base=edit_base(plan, found.inputs), facts=found.facts)

    return _BASES.get((*_data_of(workspace), digest), make)


def inputs_for(workspace: Workspace, plan: Mapping[str, Any], name: str) -> Gathered:
    """Return the inputs that a plan claims to be made from.

    Raises:
        DomainError: `unknown_format`, `damaged_plan`, or what gathering says.
    """
    return gathered(workspace, pattern_of(plan, name))


def _data_of(workspace: Workspace) -> tuple[Hashable, ...]:
    settings = msgspec.json.encode(workspace.config)
    imports = workspace.store.imports().select("id", "withdrawn_at").write_csv()
    return str(workspace.folder), imports, settings
