"""The command line. One module per word; this page is their table of contents."""

from __future__ import annotations

import click

from sispamkota.cli import (
    check,
    demo,
    export,
    import_,
    init,
    need,
    override,
    plan,
    serve,
    verify,
    vulnerability,
)

COMMANDS: tuple[click.Command, ...] = (
    demo.demo,
    init.init,
    import_.import_,
    check.check,
    vulnerability.vulnerability,
    override.override,
    need.need,
    plan.plan,
    verify.verify,
    export.export,
    serve.serve,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sispamkota")
def main() -> None:
    """Sispamkota: explained vulnerability of polling stations and certified guard plans."""


for _command in COMMANDS:
    main.add_command(_command)
