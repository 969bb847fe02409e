"""The command line: one module per word, loaded when its word is used.

This table is the way in; loading late keeps `--help` and small commands quick, for the planner
brings in a compiler.
"""

from __future__ import annotations

import importlib
import sys

import click

from sispamkota.cli.output import BAD_INPUT, INTERRUPTED, emit_json

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("sispamkota.cli.demo", "demo"),
    "init": ("sispamkota.cli.init", "init"),
    "import": ("sispamkota.cli.import_", "import_"),
    "check": ("sispamkota.cli.check", "check"),
    "vulnerability": ("sispamkota.cli.vulnerability", "vulnerability"),
    "override": ("sispamkota.cli.override", "override"),
    "roster": ("sispamkota.cli.roster", "roster"),
    "need": ("sispamkota.cli.need", "need"),
    "roads": ("sispamkota.cli.roads", "roads"),
    "traffic": ("sispamkota.cli.traffic", "traffic"),
    "plan": ("sispamkota.cli.plan", "plan"),
    "verify": ("sispamkota.cli.verify", "verify"),
    "export": ("sispamkota.cli.export", "export"),
    "simulate": ("sispamkota.cli.simulate", "simulate"),
    "report": ("sispamkota.cli.report", "report"),
    "user": ("sispamkota.cli.user", "user"),
    "serve": ("sispamkota.cli.serve", "serve"),
}
"""Word → module and name of its command, in the order of the work."""


class Words(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return all words, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of a word, or None for an unknown one."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=Words,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="sispamkota")
def main() -> None:
    """Sispamkota: explained vulnerability of polling stations and certified guard plans."""


def run() -> None:
    """Run the command line as a program: usage errors in the form asked for, Ctrl-C without noise.

    Click alone would print usage errors as text even where `--json` was asked for.
    """
    try:
        code = main.main(standalone_mode=False)
    except click.ClickException as error:
        if "--json" in sys.argv:
            emit_json({"error": _usage(error)})
        else:
            error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: click.ClickException) -> dict[str, object]:
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return {
        "code": "usage",
        "message": error.format_message(),
        "where": {"command": where},
        "remedy": f"{where or 'sispamkota'} --help",
    }
