"""`sispamkota roads close|reopen|closures`: roads closed and opened in the name of an officer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.closure_records import STATE_NAMES
from sispamkota.actions.closure_wish import EXEMPTIONS
from sispamkota.actions.closures import (
    close_roads,
    closure_json,
    lift_closure,
    list_closures,
    preview_closure,
)
from sispamkota.actions.roads import load_roads
from sispamkota.cli.output import FINDINGS, console, emit_table, wib
from sispamkota.cli.roads_effect import show_effect
from sispamkota.cli.roads_options import moment_of
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.roads.network import PROFILES
from sispamkota.storage.workspace import open_workspace

BY = click.option("--by", metavar="NAME", default="", help="Rank and name of the officer.")
REASON = click.option("--reason", default="", help="Why, in a few words.")
CLOCK = click.option("--clock", metavar="ISO", help="Time of the decision (default: now).")


@click.command()
@click.option("--way", type=int, metavar="N", help="Number of the way in the road file.")
@click.option("--road", metavar="NAME", help="Every piece of road of this name.")
@click.option("--segment", "segments", type=int, multiple=True, help="Piece of road; repeatable.")
@click.option(
    "--area",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Every piece that meets the polygon of a GeoJSON file.",
)
@click.option("--flood", is_flag=True, help="The area is under water: bars walkers too, no boats.")
@click.option("--from", "begins", metavar="ISO", help="Begins (default: at once).")
@click.option("--until", "ends", metavar="ISO", help="Ends (default: when reopened).")
@click.option("--bars", "profiles", type=click.Choice(PROFILES), multiple=True,
              help="Whom it bars; repeatable (default: car, motorcycle, truck).")  # fmt: skip
@click.option("--exempt", type=click.Choice(EXEMPTIONS), multiple=True, help="Whom it lets pass.")
@click.option("--direction", type=click.Choice(["both", "forward", "backward"]), default="both",
              show_default=True, help="Of travel, as the road is drawn.")  # fmt: skip
@BY
@REASON
@click.option("--public-reason", default="", help="What the public page says.")
@click.option("--check", is_flag=True, help="Show what it would do, keep nothing.")
@CLOCK
@shared
def close(shell: Shell, **given: Any) -> None:
    """Close roads: by way, name, piece or area; --check shows what it would do.

    Exit code 1 where TPS are cut off from every post.
    """
    wish = _wish(given)
    now = moment_of(given["clock"])
    with open_workspace(shell.workspace) as workspace:
        if given["check"]:
            found = preview_closure(workspace, wish, now, shell.lang)
        else:
            made, effect = close_roads(
                workspace,
                wish,
                by=given["by"],
                reason=given["reason"],
                public_reason=given["public_reason"],
                now=now,
            )
            roads = load_roads(workspace)
            found = {
                "version": roads.version,
                "closure": closure_json(roads, made, now, shell.lang),
                **effect.as_json(),
            }
    shell.result(found, lambda: _show_closing(found, shell.lang))
    if found["isolated"]["tps"]:
        raise click.exceptions.Exit(FINDINGS)


def _wish(given: dict[str, Any]) -> dict[str, Any]:
    wish = {k: given[k] for k in ("way", "road", "begins", "ends", "direction", "flood")}
    wish |= {k: list(given[k]) for k in ("profiles", "exempt")}
    if given["segments"]:
        wish["segments"] = list(given["segments"])
    if given["area"] is not None:
        wish["area"] = _ring(given["area"])
    return wish


def _ring(file: Path) -> list[Any]:
    """Return the outer ring of the one polygon of a GeoJSON file."""
    try:
        body = json.loads(file.read_bytes())
        if body.get("type") == "FeatureCollection":
            (body,) = body["features"]
        shape = body["geometry"] if body.get("type") == "Feature" else body
        if shape["type"] == "Polygon":
            ring: list[Any] = shape["coordinates"][0]
            return ring
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        pass
    raise DomainError(
        "bad_area_file",
        Text(f"{file.name}: bukan satu poligon GeoJSON", f"{file.name}: not one GeoJSON polygon"),
        Text("Gambar satu poligon (EPSG:4326) dan simpan.", "Draw one polygon (EPSG:4326)."),
        {"file": str(file)},
    )


def _show_closing(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    closure = found.get("closure", found)
    pieces, length = len(closure["segments"]), number(closure["length_m"], lang)
    told = Text(
        f"{closure['title']}: {pieces} ruas, {length} m",
        f"{closure['title']}: {pieces} segments, {length} m",
    )
    out.print(told.in_(lang), style="bold", markup=False)
    show_effect(found, lang)
    if "closure" in found:
        undo = Text("Buka kembali", "Reopen").in_(lang)
        out.print(
            f"  {undo}: sispamkota roads reopen {closure['id']} --by ... --reason ...",
            markup=False,
        )
    else:
        nothing = Text("Tidak ada yang disimpan (--check).", "Nothing was kept (--check).")
        out.print(f"  {nothing.in_(lang)}", markup=False)


@click.command()
@click.argument("closure", metavar="ID")
@BY
@REASON
@CLOCK
@shared
def reopen(shell: Shell, closure: str, by: str, reason: str, clock: str | None) -> None:
    """Open the roads of a closure again."""
    now = moment_of(clock)
    with open_workspace(shell.workspace) as workspace:
        lifted = lift_closure(workspace, closure, by=by, reason=reason, now=now)
        roads = load_roads(workspace)
    found = {"version": roads.version, "closure": closure_json(roads, lifted, now, shell.lang)}
    said = Text(
        f"{lifted.id}: {lifted.title.id} dibuka kembali",
        f"{lifted.id}: {lifted.title.en} is open again",
    )
    shell.result(found, lambda: console().print(shell.text(said), markup=False))


@click.command()
@click.option("--all", "everything", is_flag=True, help="Lifted and past ones too.")
@CLOCK
@shared
def closures(shell: Shell, everything: bool, clock: str | None) -> None:  # noqa: FBT001
    """List closures, newest first."""
    with open_workspace(shell.workspace) as workspace:
        found = list_closures(workspace, moment_of(clock), shell.lang)
    if not everything:
        standing = {"in_force", "planned"}
        found["closures"] = [c for c in found["closures"] if c["state"] in standing]
    shell.result(found, lambda: _show_list(found, shell.lang))


def _show_list(found: dict[str, Any], lang: Lang) -> None:
    if not found["closures"]:
        none = Text("Tidak ada penutupan.", "No closures.")
        console().print(none.in_(lang), markup=False)
        return
    heads = Text(
        "id,keadaan,jalan,m,mulai (WIB),sampai (WIB),oleh",
        "id,state,roads,m,from (WIB),until (WIB),by",
    )
    emit_table(
        Text("Penutupan jalan", "Closures").in_(lang),
        heads.in_(lang).split(","),
        [
            (
                c["id"],
                STATE_NAMES[c["state"]].in_(lang),
                c["title"],
                number(c["length_m"], lang),
                wib(c["begins"]),
                wib(c["ends"]),
                c["person"],
            )
            for c in found["closures"]
        ],
    )
