"""`sispamkota plan simulate`: what would be different under other settings or other officers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sispamkota.actions.plan import plan_bytes
from sispamkota.actions.whatif import simulate as simulate_action
from sispamkota.cli.output import DONE, FINDINGS, console
from sispamkota.cli.plan_versions import show_differences
from sispamkota.cli.progress import planning_bar
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.workspace import open_workspace

PLAIN = (
    "pattern",
    "beat_limit_s",
    "post_weight",
    "speed_kmh",
    "detour_factor",
    "mixed_classes",
    "grouping",
    "duty_hours",
)
HEAVY = frozenset(
    {"beats", "teams_detail", "spare_teams", "spare_officers", "uncovered", "settings"}
)


@click.command()
@click.option("--base", metavar="PLAN", help="Plan to compare with (default: the latest).")
@click.option("--kecamatan", metavar="CODE", help="This kecamatan alone, with its own teams.")
@click.option("--pattern", help="Doctrine pattern.")
@click.option("--beat-limit-s", type=float, help="Longest travel inside a beat, seconds.")
@click.option("--post-weight", type=float, help="Weight of the way from the post.")
@click.option("--speed-kmh", type=float, help="Mean speed, km/h.")
@click.option("--detour-factor", type=float, help="Road length over straight line.")
@click.option("--mixed-classes/--no-mixed-classes", default=None, help="Classes share a beat.")
@click.option("--grouping", type=click.Choice(["kecamatan", "desa"]), help="Area of a beat.")
@click.option("--duty-hours", type=float, help="Longest shift, hours.")
@click.option("--risk", multiple=True, metavar="CLASS=N", help="Risk of an open TPS of a class.")
@click.option("--strength", multiple=True, metavar="POST=N", help="Officers more (5) or less (-5).")
@click.option("--polri", type=click.IntRange(0), metavar="N", help="Officers there are in all.")
@click.option("--close-beat", multiple=True, metavar="BEAT", help="Withdraw this beat's team.")
@click.option("--close-post", multiple=True, metavar="POST", help="Withdraw this post's officers.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--effort", type=click.Choice(["quick", "normal", "high"]), help="How long to work.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the SIMULASI.")
@shared
def simulate(shell: Shell, out: Path | None, **asked: Any) -> None:
    """Plan a SIMULASI beside a plan and say what it does otherwise; nothing is kept.

    Exit code 1 when the SIMULASI leaves a TPS open.
    """
    with open_workspace(shell.workspace) as workspace, planning_bar(shell.lang) as progress:
        found = simulate_action(
            workspace,
            _changes(asked),
            base=asked["base"],
            kecamatan=asked["kecamatan"],
            seed=asked["seed"],
            effort=asked["effort"],
            progress=progress,
        )
    plan = found["plan"]
    if out is not None:
        _write(out, plan)
    brief = {k: v for k, v in plan.items() if k not in HEAVY}
    brief["certificate"] = {k: v for k, v in plan["certificate"].items() if k != "prices"}
    body = {**found, "plan": brief, "file": str(out) if out else None}
    shell.result(body, lambda: _show(found, shell.lang))
    raise click.exceptions.Exit(FINDINGS if plan["uncovered"] else DONE)


def _changes(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the changes of the action from the options that were given."""
    found: dict[str, Any] = {k: asked[k] for k in PLAIN if asked[k] is not None}
    if asked["risk"]:
        found["risk"] = {k: float(v) for k, v in map(_pair, asked["risk"])}
    if asked["strength"]:
        pairs = map(_pair, asked["strength"])
        found["strength_delta"] = {k: int(v) if v.is_integer() else v for k, v in pairs}
    if asked["polri"] is not None:
        found["available"] = {"polri": asked["polri"]}
    if asked["close_beat"]:
        found["closed_beats"] = list(asked["close_beat"])
    if asked["close_post"]:
        found["closed_posts"] = list(asked["close_post"])
    return found


def _pair(text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        figure = float(value)
    except ValueError:
        name = ""
    if not name or figure != figure:  # noqa: PLR0124  (the second finds a NaN)
        raise DomainError(
            "bad_change",
            Text(f"'{text}' bukan NAMA=ANGKA", f"'{text}' is not NAME=NUMBER"),
            Text("Contoh: --strength polsek-belitang=-4.", "E.g. --strength polsek-belitang=-4."),
            {"value": text},
        )
    return name, figure


def _write(out: Path, plan: dict[str, Any]) -> None:
    try:
        out.write_bytes(plan_bytes(plan))
    except OSError as error:
        raise DomainError(
            "cannot_write",
            Text(f"{out} tidak dapat ditulis ({error.strerror})", f"cannot write {out}"),
            Text("Pilih tempat lain dengan --out.", "Choose another place with --out."),
            {"file": str(out)},
        ) from error


def _show(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    out.print("SIMULASI", style="bold yellow", markup=False)
    show_differences(found["compare"], lang)
    for note in found["notes"]:
        out.print(f"  {note[lang]}", markup=False)
