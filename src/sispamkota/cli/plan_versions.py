"""`sispamkota plan edit|diff|review|approve|send-back`: plans by hand, compared, and decided on."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.compare import compare_plan_files
from sispamkota.actions.edit import check_edit, save_edit
from sispamkota.actions.versions import Target, change_state
from sispamkota.cli.output import DONE, FINDINGS, console, emit_table
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import Workspace, open_workspace

SHOWN = 20
BY = click.option("--by", required=True, metavar="NAME", help="Rank and name of the officer.")
REASON = click.option("--reason", required=True, help="Why, in a few words.")


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("moves", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Show what would be, keep nothing.")
@click.option("--by", default="", metavar="NAME", help="Rank and name of the planner.")
@click.option("--reason", default="", help="Why, in a few words.")
@shared
def edit(shell: Shell, plan_id: str, moves: Path, check: bool, by: str, reason: str) -> None:  # noqa: FBT001
    """Apply the moves of a JSON file MOVES to PLAN and keep the result as a new draft.

    Exit code 1 when the edited plan breaks a rule; it is kept all the same, but not approved.
    """
    ops = _read_moves(moves)
    with open_workspace(shell.workspace) as workspace:
        if check:
            found = check_edit(workspace, plan_id, ops)
        else:
            now = dt.datetime.now(dt.UTC)
            found = save_edit(workspace, plan_id, ops, person=by, reason=reason, now=now)
    shell.result(found, lambda: _show_edit(found, shell.lang))
    raise click.exceptions.Exit(DONE if found["valid"] else FINDINGS)


def _read_moves(file: Path) -> list[Any]:
    try:
        ops = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        ops = None
    if not isinstance(ops, list):
        raise DomainError(
            "bad_edit",
            Text(f"{file}: bukan daftar langkah", f"{file}: no list of moves"),
            Text(
                'Tulis daftar JSON, mis. [{"op": "move_tps", "tps": "...", "to": "..."}].',
                'Write a JSON list, e.g. [{"op": "move_tps", "tps": "...", "to": "..."}].',
            ),
            {"file": str(file)},
        )
    return ops


def _show_edit(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    if "plan" in found:
        kept = Text(f"versi {found['version']}, konsep", f"version {found['version']}, draft")
        out.print(f"{found['plan']}  ({kept.in_(lang)})", style="bold", markup=False)
    before, after = (number(found[k], lang) for k in ("objective_before", "objective"))
    line = Text(f"Nilai rencana {before} → {after} detik", f"Plan value {before} → {after} seconds")
    out.print(line.in_(lang), markup=False)
    for v in found["violations"][:SHOWN]:
        out.print(f"  ! {v['rule']}  {v['where']}: {v['detail'][lang]}", markup=False)
    for warning in found["warnings"]:
        out.print(f"  {warning[lang]}", markup=False)


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@shared
def diff(shell: Shell, a: str, b: str) -> None:
    """Say what plan B does otherwise than plan A (ids or files)."""
    with open_workspace(shell.workspace) as workspace:
        found = compare_plan_files(workspace, a, b)
    shell.result(found, lambda: show_differences(found, shell.lang))


def show_differences(found: dict[str, Any], lang: Lang) -> None:
    """Print a comparison: the main differences in words, then the kecamatan that changed."""
    out = console()
    out.print(" → ".join(found["plans"]), style="bold", markup=False)
    for text in found["differences"]:
        out.print(text[lang], markup=False)
    for row in found["settings_changed"]:
        out.print(f"  {row['key']}: {row['a']} → {row['b']}", markup=False)
    changed = [r for r in found["kecamatan"] if _differs(r)]
    if changed:
        heads = Text(
            "kecamatan,tim,tim lain,terbuka,terbuka lain,nilai s,nilai lain s",
            "kecamatan,teams,then,open,then,value s,then s",
        ).in_(lang)
        emit_table(
            Text("Kecamatan yang berubah", "Kecamatan that change").in_(lang),
            heads.split(","),
            [_cells(r, lang) for r in changed],
        )


def _differs(row: dict[str, Any]) -> bool:
    return any(row[f"{k}_a"] != row[f"{k}_b"] for k in ("teams", "uncovered", "objective"))


def _cells(row: dict[str, Any], lang: Lang) -> tuple[object, ...]:
    values = [row[f"{k}_{s}"] for k in ("teams", "uncovered", "objective") for s in "ab"]
    return (row["kecamatan"], *("" if v is None else number(v, lang) for v in values))


@click.command()
@click.argument("plan_id", metavar="PLAN")
@BY
@REASON
@shared
def review(shell: Shell, plan_id: str, by: str, reason: str) -> None:
    """Mark PLAN as reviewed by a named officer; it must keep every rule for today's inputs."""
    _decide(shell, plan_id, "reviewed", by, reason)


@click.command()
@click.argument("plan_id", metavar="PLAN")
@BY
@REASON
@shared
def approve(shell: Shell, plan_id: str, by: str, reason: str) -> None:
    """Approve the reviewed PLAN; the one approved before becomes superseded."""
    _decide(shell, plan_id, "approved", by, reason)


@click.command(name="send-back")
@click.argument("plan_id", metavar="PLAN")
@BY
@REASON
@shared
def send_back(shell: Shell, plan_id: str, by: str, reason: str) -> None:
    """Make the reviewed PLAN a draft again."""
    _decide(shell, plan_id, "draft", by, reason)


def _decide(shell: Shell, plan_id: str, state: Target, by: str, reason: str) -> None:
    with open_workspace(shell.workspace) as workspace:
        event = _change(workspace, plan_id, state, by, reason)
    word = STATE_NAMES[state]
    said = Text(
        f"{plan_id} (versi {event['version']}): {word.id}, oleh {event['person']}",
        f"{plan_id} (version {event['version']}): {word.en}, by {event['person']}",
    )
    shell.result(event, lambda: console().print(shell.text(said), markup=False))


def _change(
    workspace: Workspace, plan_id: str, state: Target, by: str, reason: str
) -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC)
    return change_state(workspace, plan_id, state, person=by, reason=reason, now=now)


STATE_NAMES = {
    "draft": Text("konsep", "draft"),
    "reviewed": Text("ditelaah", "reviewed"),
    "approved": Text("disahkan", "approved"),
    "superseded": Text("diganti", "superseded"),
    "simulation": Text("SIMULASI", "SIMULASI"),
}
