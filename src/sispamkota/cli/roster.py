"""`sispamkota roster`: who is trained, and a CONTOH roster where none exists yet."""

from __future__ import annotations

import datetime as dt

import click

from sispamkota.actions.roster import By, keep_generated, training_coverage
from sispamkota.cli.output import emit_table, say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace


@click.group()
def roster() -> None:
    """Training coverage of the roster; a generated CONTOH roster to try plans with."""


@roster.command()
@click.option(
    "--by",
    type=click.Choice(["force", "post", "team"]),
    default="force",
    show_default=True,
    help="Group people by force, home post, or team of the latest plan.",
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day it must be valid (default: H).")
@shared
def coverage(shell: Shell, by: By, on: dt.datetime | None) -> None:
    """Show who holds valid training; a missing record is unknown, never untrained."""
    with open_workspace(shell.workspace) as workspace:
        found = training_coverage(workspace, by, on.date() if on else None)

    def show() -> None:
        heads = Text(
            "kelompok,latihan,orang,berlaku,lewat,tak diketahui,bagian terlatih",
            "group,training,people,valid,expired,unknown,share trained",
        ).in_(shell.lang)
        emit_table(
            Text("Cakupan latihan", "Training coverage").in_(shell.lang),
            heads.split(","),
            [(*row[:6], _span(row[6], row[7], shell.lang)) for row in found.iter_rows()],
        )

    shell.result({"coverage": found.to_dicts()}, show)


def _span(low: float, high: float, lang: Lang) -> str:
    first, last = (f"{number(100 * share, lang)} %" for share in (low, high))
    return first if first == last else f"{first} – {last}"


@roster.command()
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1608, show_default=True)
@shared
def generate(shell: Shell, seed: int) -> None:
    """Keep a generated roster with OKU Timur's published totals, labelled CONTOH."""
    with open_workspace(shell.workspace) as workspace:
        made = keep_generated(workspace, seed, dt.datetime.now(dt.UTC))
    undo = " ".join(made["imports"])
    text = Text(
        f"{made['personnel']} orang CONTOH disimpan. Batalkan: sispamkota import --undo {undo}",
        f"{made['personnel']} CONTOH people kept. Undo: sispamkota import --undo {undo}",
    )
    shell.result(made, lambda: say(text, shell.lang))
