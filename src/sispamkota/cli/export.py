"""`sispamkota export`: the workbook, the map page, GeoJSON and CSV."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

import click

from sispamkota.actions.export import export_csv, export_geojson, export_html, export_xlsx
from sispamkota.cli.output import say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text, number
from sispamkota.reports.geojson import LAYERS, Layer
from sispamkota.reports.tables import TABLES
from sispamkota.storage.workspace import open_workspace

ROAD_LAYERS = ("roads", "closures")
FORMATS = ("xlsx", "geojson", "csv", "html", "sumo")


@click.command()
@click.argument("kind", type=click.Choice(FORMATS), metavar="[xlsx|geojson|csv|html|sumo]")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="File to write (sumo: folder)."
)
@click.option(
    "--plan",
    "plan_id",
    metavar="ID",
    help="Guard plan, for sumo traffic plan (default: the latest).",
)
@click.option(
    "--table",
    type=click.Choice(list(TABLES)),
    default="tps",
    show_default=True,
    help="Which table (csv).",
)
@click.option(
    "--layer",
    type=click.Choice([*LAYERS, *ROAD_LAYERS]),
    default="tps",
    show_default=True,
    help="Points of TPS, desa polygons, roads, or closures in force and planned (geojson).",
)
@shared
def export(shell: Shell, kind: str, out: Path, plan_id: str | None, table: str, layer: str) -> None:
    """Write what a planner shares, from the workspace and its latest plan.

    An existing file is replaced; a failed export leaves it as it was.
    """
    if kind == "sumo":
        _export_sumo(shell, out, plan_id)
        return
    with open_workspace(shell.workspace) as workspace:
        match kind:
            case "xlsx":
                file = export_xlsx(workspace, out, shell.lang, plan_id)
            case "geojson" if layer in ROAD_LAYERS:
                # Only here: other exports load nothing that reads roads.
                from sispamkota.actions.road_facts import export_road_layer  # noqa: PLC0415

                now = dt.datetime.now(dt.UTC)
                file = export_road_layer(workspace, out, layer, now, shell.lang)
            case "geojson":
                file = export_geojson(workspace, out, shell.lang, plan_id, cast("Layer", layer))
            case "csv":
                file = export_csv(workspace, out, shell.lang, plan_id, table)
            case _:
                file = export_html(workspace, out, shell.lang, plan_id)
    size = file.stat().st_size
    body = {"file": str(file), "format": kind, "size_bytes": size}
    told = Text(
        f"Ditulis: {file} ({number(size, 'id')} byte)", f"Wrote {file} ({number(size, 'en')} bytes)"
    )
    shell.result(body, lambda: say(told, shell.lang))


def _export_sumo(shell: Shell, out: Path, plan_id: str | None) -> None:
    from sispamkota.actions.sumo import export_sumo  # noqa: PLC0415  (brings in a compiler)

    with open_workspace(shell.workspace) as workspace:
        plan, scenarios = export_sumo(workspace, plan_id, out)
    body = {
        "plan": plan,
        "format": "sumo",
        "events": [
            {"event": s.event, "folder": str(s.folder), "vehicles": dict(s.vehicles)}
            for s in scenarios
        ],
    }
    folders = ", ".join(str(s.folder) for s in scenarios)
    shell.result(body, lambda: say(Text(f"Ditulis: {folders}", f"Wrote {folders}"), shell.lang))
