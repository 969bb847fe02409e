"""`sispamkota verify`: check a plan from its file and the inputs alone."""

from __future__ import annotations

import click

from sispamkota.actions.verify import verify as verify_action
from sispamkota.cli.output import DONE, FINDINGS, console
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("plan", required=False)
@shared
def verify(shell: Shell, plan: str | None) -> None:
    """Check PLAN (id or file; default the latest) against the workspace's inputs and every rule.

    Recomputes loads, times, objective and bound from scratch, sharing no code with the planner.
    Exit code 1 when a rule is broken; each is named.
    """
    with open_workspace(shell.workspace) as workspace:
        name, violations = verify_action(workspace, plan)

    def show() -> None:
        out = console()
        if not violations:
            out.print(
                shell.text(
                    Text(f"{name}: sah, semua aturan dipenuhi", f"{name}: valid, all rules hold")
                ),
                markup=False,
            )
            return
        out.print(
            shell.text(
                Text(
                    f"{name}: TIDAK SAH, {len(violations)} pelanggaran",
                    f"{name}: NOT VALID, {len(violations)} violation(s)",
                )
            ),
            markup=False,
        )
        for v in violations:
            out.print(f"  {v.rule}  {v.where}: {shell.text(v.detail)}", markup=False)

    shell.result(
        {
            "plan": name,
            "valid": not violations,
            "violations": [v.as_json(shell.lang) for v in violations],
        },
        show,
    )
    raise click.exceptions.Exit(FINDINGS if violations else DONE)
