"""`sispamkota init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from sispamkota.actions.workspace import init_workspace
from sispamkota.cli.output import say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text
from sispamkota.storage.config import ELECTIONS, Election
from sispamkota.storage.workspace import CONFIG_NAME


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the operation.")
@click.option(
    "--election",
    type=click.Choice(list(ELECTIONS)),
    default="pemilu",
    show_default=True,
    help="Kind of election; decides the indicators.",
)
@click.option("--voting-day", metavar="YYYY-MM-DD", help="Day H (default: latest election).")
@shared
def init(
    shell: Shell, folder: Path, name: str | None, election: Election, voting_day: str | None
) -> None:
    """Make a workspace in DIR with a commented configuration."""
    with init_workspace(folder, name=name, election=election, voting_day=voting_day) as made:
        operation = made.config.operation
        body = {
            "workspace": str(made.folder),
            "config": str(made.folder / CONFIG_NAME),
            "operation": {
                "name": operation.name,
                "election": operation.election,
                "voting_day": operation.voting_day.isoformat(),
            },
        }
    done = Text(
        f"Ruang kerja '{operation.name}' dibuat di {made.folder}.\n"
        f"Atur {CONFIG_NAME}, lalu impor data: "
        f"sispamkota import areas FILE --workspace {folder}",
        f"Workspace '{operation.name}' made in {made.folder}.\n"
        f"Adjust {CONFIG_NAME}, then import data: "
        f"sispamkota import areas FILE --workspace {folder}",
    )
    shell.result(body, lambda: say(done, shell.lang))
