"""`sispamkota roads`: the road network, travel over it, and closures."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.export import write_whole
from sispamkota.actions.road_answers import (
    MATRIX_KINDS,
    Times,
    find_route,
    nearest_posts,
    travel_times,
)
from sispamkota.actions.road_facts import roads_summary
from sispamkota.cli.output import FINDINGS, console, emit_table, say
from sispamkota.cli.progress import roads_bar
from sispamkota.cli.roads_close import close, closures, reopen
from sispamkota.cli.roads_hard import reach
from sispamkota.cli.roads_import import (
    fetch_roads,
    show_network,
    show_report,
    show_snapped,
)
from sispamkota.cli.roads_options import moment_of, travelling, trip_of
from sispamkota.cli.roads_reach import critical, isochrone
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace

SHOWN_STEPS = 60
SHOWN_ROWS, SHOWN_COLUMNS = 20, 8


@click.group()
def roads() -> None:
    """The road network: fetch it, judge it, travel on it, close roads."""


@click.command()
@click.option("--clock", "moment", metavar="ISO", help="Moment for closures (default: now).")
@shared
def report(shell: Shell, moment: str | None) -> None:
    """Tell size and source of the network, its connections, and how places lie on it.

    Exit code 1 where it is a stand-in, in pieces, or places are far from any road.
    """
    with open_workspace(shell.workspace) as workspace:
        found = roads_summary(workspace, moment_of(moment), shell.lang)
    shell.result(found, lambda: _show_report(found, shell.lang))
    if found["warnings"]:
        raise click.exceptions.Exit(FINDINGS)


def _show_report(found: dict[str, Any], lang: Lang) -> None:
    out, network = console(), found["network"]
    length = number(network["length_m"] / 1000, lang, 1)
    name = network["name"] or Text("pengganti antar desa", "stand-in between desa").in_(lang)
    told = Text(
        f"{name}: {length} km, {number(network['segments'], 'id')} ruas "
        f"(per {network['as_of']}, sumber {network['source']})",
        f"{name}: {length} km, {number(network['segments'], 'en')} segments "
        f"(as of {network['as_of']}, source {network['source']})",
    )
    out.print(told.in_(lang), markup=False)
    show_network({**network, "components": found["components"]}, lang)
    show_report(network["report"], lang)
    show_snapped(found["snapped"], lang)
    count = found["closures"]
    closed = Text(
        f"Penutupan: {count['in_force']} berlaku, {count['planned']} direncanakan "
        f"(versi {found['version']})",
        f"Closures: {count['in_force']} in force, {count['planned']} planned "
        f"(version {found['version']})",
    )
    out.print(closed.in_(lang), markup=False)
    show_warnings(found, lang)


def show_warnings(found: dict[str, Any], lang: Lang) -> None:
    """Print what to look at."""
    for warning in found.get("warnings", ()):
        label = Text("Peringatan", "Warning").in_(lang)
        console().print(f"  {label}: {warning}", markup=False)


@click.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option(
    "--alternates", type=click.IntRange(0, 3), default=0, show_default=True, help="Other ways too."
)
@travelling
@shared
def route(shell: Shell, start: str, end: str, alternates: int, **travel: Any) -> None:
    """Find the quickest way between two places, with directions.

    A place is LON,LAT, or tps:CODE, post:CODE, desa:CODE. Exit code 1 where there is no way.
    """
    with open_workspace(shell.workspace) as workspace:
        found = find_route(
            workspace, start, end, trip_of(**travel), more=alternates, lang=shell.lang
        )
    shell.result(found, lambda: _show_route(found, shell.lang))
    if not found["reachable"]:
        raise click.exceptions.Exit(FINDINGS)


def _show_route(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    out.print(f"{found['from']['name']} → {found['to']['name']}", style="bold", markup=False)
    for way in found["routes"]:
        minutes = number(way["travel_s"] / 60, lang, 1)
        length = number(way["length_m"] / 1000, lang, 1)
        names = ", ".join(way["roads"][:6])
        told = Text(f"{minutes} menit, {length} km", f"{minutes} minutes, {length} km")
        out.print(f"{way['rank']}. {told.in_(lang)}  {names}", markup=False)
        if way["rank"] == 1:
            for step in way["steps"][:SHOWN_STEPS]:
                out.print(f"     {step['text']}", markup=False)
    free = found["without_closures"]
    if free:
        minutes = number(free["travel_s"] / 60, lang, 1)
        other = Text(f"tanpa penutupan: {minutes} menit", f"without closures: {minutes} minutes")
        out.print(f"  {other.in_(lang)}", markup=False)
    show_warnings(found, lang)


@click.command()
@click.argument("target", metavar="PLACE")
@click.option("-k", "count", type=click.IntRange(1, 50), default=5, show_default=True)
@travelling
@shared
def nearest(shell: Shell, target: str, count: int, **travel: Any) -> None:
    """List the posts that are at PLACE soonest. Exit code 1 where none gets there."""
    with open_workspace(shell.workspace) as workspace:
        found = nearest_posts(workspace, target, trip_of(**travel), k=count, lang=shell.lang)
    shell.result(found, lambda: _show_nearest(found, shell.lang))
    if not found["posts"]:
        raise click.exceptions.Exit(FINDINGS)


def _show_nearest(found: dict[str, Any], lang: Lang) -> None:
    emit_table(
        Text("Pos tercepat ke ", "Posts soonest at ").in_(lang) + found["to"]["name"],
        Text("kode,nama,menit", "code,name,minutes").in_(lang).split(","),
        [(p["code"], p["name"], number(p["travel_s"] / 60, lang, 1)) for p in found["posts"]],
    )
    show_warnings(found, lang)


@click.command()
@click.option("--from", "from_kind", type=click.Choice(MATRIX_KINDS), default="posts",
              show_default=True, help="Where from.")  # fmt: skip
@click.option("--to", "to_kind", type=click.Choice(MATRIX_KINDS), default="tps", show_default=True,
              help="Where to.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="File to write: .csv, else JSON.")
@travelling
@shared
def matrix(shell: Shell, from_kind: str, to_kind: str, out: Path | None, **travel: Any) -> None:
    """Compute the times between all places of two kinds.

    Without --out the whole matrix is in the --json answer alone. Exit code 1 where pairs have no
    way.
    """
    with open_workspace(shell.workspace) as workspace, roads_bar(shell.lang) as progress:
        found = travel_times(
            workspace, from_kind, to_kind, trip_of(**travel), lang=shell.lang, progress=progress
        )
    if out is not None:
        _write(out, found)
    body = found.as_json() if out is None else _brief(found, out)
    shell.result(body, lambda: _show_matrix(found, out, shell.lang))
    if found.unreachable:
        raise click.exceptions.Exit(FINDINGS)


def _write(out: Path, found: Times) -> None:
    if out.suffix.lower() == ".csv":
        write_whole(out, found.as_csv().encode())
    else:
        write_whole(out, json.dumps(found.as_json(), ensure_ascii=False).encode())


def _brief(found: Times, out: Path) -> dict[str, Any]:
    return {
        **found.head,
        "from": found.origins.height,
        "to": found.destinations.height,
        "unreachable": found.unreachable,
        "file": str(out),
    }


def _show_matrix(found: Times, out: Path | None, lang: Lang) -> None:
    rows, columns = found.seconds.shape
    told = Text(
        f"{number(rows, 'id')} × {number(columns, 'id')} waktu tempuh, "
        f"{number(found.unreachable, 'id')} pasangan tak terjangkau",
        f"{number(rows, 'en')} × {number(columns, 'en')} travel times, "
        f"{number(found.unreachable, 'en')} pairs without a way",
    )
    console().print(told.in_(lang), markup=False)
    if out is None:
        _show_times(found, lang)
    if found.head["estimated_text"]:
        show_warnings({"warnings": [found.head["estimated_text"]]}, lang)
    if out is not None:
        say(Text(f"Ditulis: {out}", f"Wrote {out}"), lang)


def _show_times(found: Times, lang: Lang) -> None:
    """Print a matrix that a person can read; of a larger one, say how to have it."""
    if found.seconds.shape[0] > SHOWN_ROWS or found.seconds.shape[1] > SHOWN_COLUMNS:
        whole = Text(
            "Simpan semuanya: --out waktu.csv (atau --json).",
            "Have all of it: --out times.csv (or --json).",
        )
        console().print(whole.in_(lang), markup=False)
        return
    emit_table(
        Text("Menit, dari (baris) ke (kolom)", "Minutes, from (row) to (column)").in_(lang),
        ["", *found.destinations["name"].to_list()],
        [
            (name, *(number(s / 60, lang, 1) if math.isfinite(s) else "-" for s in row))
            for name, row in zip(found.origins["name"], found.seconds.tolist(), strict=True)
        ],
    )


for _command in (
    fetch_roads,
    report,
    matrix,
    route,
    nearest,
    isochrone,
    critical,
    reach,
    close,
    reopen,
    closures,
):
    roads.add_command(_command)
