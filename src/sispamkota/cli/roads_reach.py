"""`sispamkota roads isochrone|critical`: how far one gets, and which links matter most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sispamkota.actions import road_reach
from sispamkota.actions.export import write_whole
from sispamkota.actions.road_words import road_or_class
from sispamkota.cli.output import FINDINGS, console, emit_table, say
from sispamkota.cli.progress import roads_bar
from sispamkota.cli.roads_options import travelling, trip_of
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("start", metavar="PLACE")
@click.option("--minutes", default="5,10,15", show_default=True, help="Limits, with commas.")
@click.option("--out", type=click.Path(path_type=Path), help="GeoJSON file to write.")
@travelling
@shared
def isochrone(shell: Shell, start: str, minutes: str, out: Path | None, **travel: Any) -> None:
    """Tell how far one gets from PLACE within some minutes: land, TPS, voters."""
    limits = _minutes(minutes)
    with open_workspace(shell.workspace) as workspace:
        found = road_reach.isochrone(workspace, start, limits, trip_of(**travel), lang=shell.lang)
    if out is not None:
        write_whole(out, json.dumps(found, ensure_ascii=False).encode())
        say(Text(f"Ditulis: {out}", f"Wrote {out}"), shell.lang)
    shell.result(found, lambda: _show_reach(found, shell.lang))


def _minutes(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise click.UsageError(f"--minutes '{text}': numbers with commas, e.g. 5,10,15") from error


def _show_reach(found: dict[str, Any], lang: Lang) -> None:
    emit_table(
        Text("Jangkauan dari ", "Reach from ").in_(lang) + found["from"]["name"],
        Text("menit,km²,TPS,pemilih", "minutes,km²,TPS,voters").in_(lang).split(","),
        [
            (
                number(p["minutes"], lang),
                number(p["area_km2"], lang, 1),
                number(p["tps"], lang),
                number(p["voters"], lang),
            )
            for p in (f["properties"] for f in reversed(found["features"]))
        ],
    )
    if found["estimated_text"]:
        console().print(f"  {found['estimated_text']}", markup=False)


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@travelling
@shared
def critical(shell: Shell, limit: int, **travel: Any) -> None:
    """Rank the roads whose loss cuts TPS off from every post, or slows help much.

    Exit code 1 where there is one that cuts TPS off.
    """
    with open_workspace(shell.workspace) as workspace, roads_bar(shell.lang) as progress:
        found = road_reach.critical(
            workspace, trip_of(**travel), limit=limit, lang=shell.lang, progress=progress
        )
    shell.result(found, lambda: _show_critical(found, shell.lang))
    if any(link["isolated_tps"] for link in found["links"]):
        raise click.exceptions.Exit(FINDINGS)


def _show_critical(found: dict[str, Any], lang: Lang) -> None:
    out = console()
    told = Text(
        f"{number(found['count'], 'id')} ruas kritis dari {number(found['examined'], 'id')}; "
        f"{number(found['unreachable_count'], 'id')} TPS memang tak terjangkau",
        f"{number(found['count'], 'en')} critical links of {number(found['examined'], 'en')}; "
        f"{number(found['unreachable_count'], 'en')} TPS out of reach anyway",
    )
    out.print(told.in_(lang), style="bold", markup=False)
    emit_table(
        "",
        Text(
            "no,jalan,m,TPS terputus,pemilih,TPS melambat,ruas,di mana",
            "no,road,m,TPS cut off,voters,TPS slowed,segment,where",
        )
        .in_(lang)
        .split(","),
        [
            (
                link["rank"],
                road_or_class(link["road"], link["highway"], lang),
                number(link["length_m"], lang),
                number(link["isolated_tps"], lang),
                number(link["isolated_voters"], lang),
                number(link["slower_tps"], lang),
                link["segment"],
                f"{link['lon']:.5f},{link['lat']:.5f}",
            )
            for link in found["links"]
        ],
    )
    if found["estimated_text"]:
        out.print(f"  {found['estimated_text']}", markup=False)
