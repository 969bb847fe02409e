"""`sispamkota report`: documents to sign, as PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from sispamkota.actions.export import write_whole
from sispamkota.actions.report import KINDS, document
from sispamkota.cli.output import say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text
from sispamkota.kernel.text import number as figure
from sispamkota.reports.documents.formal import Kind
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("kind", type=click.Choice(KINDS), metavar="[renpam|sprin|rekap|traffic]")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--plan", "plan_id", metavar="ID", help="Plan (default: the latest of its kind).")
@click.option(
    "--kecamatan", metavar="CODE", help="Only this kecamatan (6 digits); not of a traffic plan."
)
@click.option(
    "--number",
    default="",
    help="Number of the paper: what fills the pattern, or all of it (with strokes).",
)
@click.option(
    "--date",
    "issued",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date of issue (default: a blank to fill in).",
)
@shared
def report(
    shell: Shell,
    kind: Kind,
    out: Path,
    plan_id: str | None,
    kecamatan: str | None,
    number: str,
    issued: dt.datetime | None,
) -> None:
    """Print a plan: Renpam, Sprin of each kecamatan or rekap of guards; or the traffic plan.

    DRAF stands on every page until a named officer has approved the plan.
    """
    with open_workspace(shell.workspace) as workspace:
        made = document(
            workspace,
            kind,
            plan=plan_id,
            kecamatan=kecamatan,
            lang=shell.lang,
            number=number,
            issued=issued.date() if issued else None,
            now=dt.datetime.now(dt.UTC),
        )
    file = write_whole(out, made.body)
    size = len(made.body)
    body = {
        "file": str(file),
        "name": made.name,
        "kind": kind,
        "plan": made.plan,
        "version": made.version,
        "state": made.state,
        "size_bytes": size,
    }
    told = Text(
        f"Ditulis: {file} ({figure(size, 'id')} byte)", f"Wrote {file} ({figure(size, 'en')} bytes)"
    )
    shell.result(body, lambda: say(told, shell.lang))
