"""`sispamkota traffic order|lift`: the closures of an approved plan become real, or end."""

from __future__ import annotations

from typing import Any

import click

from sispamkota.actions.closure_records import STATE_NAMES as CLOSURE_STATES
from sispamkota.actions.road_words import VEHICLES
from sispamkota.actions.traffic_orders import (
    lift_order,
    lifted_json,
    order_closures,
    order_json,
    preview_order,
)
from sispamkota.cli.output import FINDINGS, console, emit_table, wib
from sispamkota.cli.roads_close import BY, CLOCK, REASON
from sispamkota.cli.roads_effect import show_effect
from sispamkota.cli.roads_options import moment_of
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("plan")
@BY
@REASON
@click.option("--public-reason", default="", help="What the public page says.")
@click.option("--check", is_flag=True, help="Show what it would close, keep nothing.")
@CLOCK
@shared
def order(shell: Shell, plan: str, **given: Any) -> None:
    """Close the roads that an approved traffic PLAN asks for; --check shows which.

    All of them or none. Exit code 1 where TPS are cut off from every post.
    """
    now = moment_of(given["clock"])
    with open_workspace(shell.workspace) as workspace:
        if given["check"]:
            found = preview_order(workspace, plan, now, shell.lang)
        else:
            made = order_closures(
                workspace,
                plan,
                by=given["by"],
                reason=given["reason"],
                public_reason=given["public_reason"],
                now=now,
            )
            found = order_json(workspace, made, now, shell.lang)
    shell.result(found, lambda: _show(found, shell.lang))
    if found["isolated"]["tps"]:
        raise click.exceptions.Exit(FINDINGS)


def _show(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    _table(found["closures"], Text("Penutupan", "Closures"), lang)
    if found.get("skipped"):
        _table(found["skipped"], Text("Dibiarkan", "Left alone"), lang)
    if found.get("standing"):
        title = Text("Penutupan lain di ruas yang sama", "Other closures on the same road")
        _table(found["standing"], title, lang)
    show_effect(found, lang)
    if "order" in found:
        undo = Text("Batalkan", "Undo").in_(lang)
        back = f"  {undo}: sispamkota traffic lift {found['order']} --by ... --reason ..."
        out.print(back, markup=False)
    else:
        nothing = Text("Tidak ada yang disimpan (--check).", "Nothing was kept (--check).")
        out.print(f"  {nothing.in_(lang)}", markup=False)


def _table(rows: list[dict[str, Any]], title: Text, lang: Lang) -> None:
    heads = Text(
        "id,keadaan,jalan,m,mulai WIB,sampai WIB,bagi",
        "id,state,roads,m,from WIB,until WIB,for",
    )
    emit_table(
        title.in_(lang),
        heads.in_(lang).split(","),
        [
            (
                row.get("ordered_as") or row.get("closure") or row["id"],
                row.get("state_name") or CLOSURE_STATES[row["state"]].in_(lang),
                row["title"],
                number(row["length_m"], lang),
                wib(row["begins"]),
                wib(row["ends"]),
                ", ".join(VEHICLES[p].in_(lang) for p in row["profiles"]),
            )
            for row in rows
        ],
    )


@click.command()
@click.argument("order_id", metavar="ORDER")
@BY
@REASON
@CLOCK
@shared
def lift(shell: Shell, order_id: str, by: str, reason: str, clock: str | None) -> None:
    """Open again all that an ORDER closed (or all orders of a plan, by its id)."""
    now = moment_of(clock)
    with open_workspace(shell.workspace) as workspace:
        lifted = lift_order(workspace, order_id, by=by, reason=reason, now=now)
        found = lifted_json(workspace, order_id, lifted, now, shell.lang)
    title = Text("Dibuka kembali", "Open again")
    shell.result(found, lambda: _table(found["closures"], title, shell.lang))
