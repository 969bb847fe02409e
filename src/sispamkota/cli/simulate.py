"""`sispamkota simulate`: a traffic plan in Eclipse SUMO, before and under its closures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sispamkota.actions.simulate import Simulated, simulate_traffic
from sispamkota.cli.output import DONE, FINDINGS, console, emit_table
from sispamkota.cli.progress import sumo_bar
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text
from sispamkota.reports.sumo_page import NAMES, ROWS, figure
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("plan", required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to keep.")
@click.option(
    "--sumo",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with the programs sumo and netconvert (default: SUMO_HOME, PATH).",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@shared
def simulate(
    shell: Shell, plan: str | None, out: Path | None, sumo: Path | None, seed: int
) -> None:
    """Simulate the busiest hour of traffic PLAN (default the latest) in Eclipse SUMO.

    SUMO is a separate program, installed apart. Exit code 1 when fewer vehicles come to their goal
    under the closures than before them.
    """
    with open_workspace(shell.workspace) as workspace, sumo_bar(shell.lang) as progress:
        found = simulate_traffic(
            workspace, plan, out=out, sumo=sumo, seed=seed, lang=shell.lang, progress=progress
        )
    shell.result(found.as_json(), lambda: _show(found, shell.lang))
    raise click.exceptions.Exit(FINDINGS if found.stuck else DONE)


def _show(found: Simulated, lang: Lang) -> None:
    for scenario in found.scenarios:
        runs: dict[str, dict[str, Any]] = {
            case: run.as_json() for case, run in found.runs[scenario.event].items()
        }
        heads = ["", *(NAMES[case].in_(lang) for case in runs)]
        rows = [
            (label.in_(lang), *(figure(run[key], lang) for run in runs.values()))
            for key, label in ROWS
        ]
        emit_table(scenario.name, heads, rows)
    out = console()
    out.print(f"{found.plan}  {found.version}", markup=False)
    if found.page is not None:
        told = Text(f"Gambar: {found.page}", f"Drawn: {found.page}")
        out.print(told.in_(lang), markup=False)


__all__ = ["simulate"]
