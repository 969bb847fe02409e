"""`sispamkota import roads FILE` and `roads fetch`: a road network comes into the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.imports import Request
from sispamkota.actions.road_words import PLACES, VEHICLES, counted
from sispamkota.actions.roads_fetch import Fetched, choose_extract, fetch, regions
from sispamkota.actions.roads_import import RoadReport, import_roads
from sispamkota.cli.output import FINDINGS, console, emit_table, say
from sispamkota.cli.progress import roads_bar
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import Workspace, open_workspace

SHOWN_CLASSES = 12


def import_and_show(shell: Shell, workspace: Workspace, request: Request) -> None:
    """Import roads with a progress bar, and say what became of the file."""
    with roads_bar(shell.lang) as progress:
        report = import_roads(workspace, request, dt.datetime.now(dt.UTC), progress)
    shell.result(report.as_json(shell.lang), lambda: _show(shell, report))
    if report.warnings:
        raise click.exceptions.Exit(FINDINGS)


def _show(shell: Shell, report: RoadReport) -> None:
    out, facts, lang = console(), report.read.facts(), shell.lang
    length = number(facts["length_m"] / 1000, lang, 1)
    segments, nodes = (number(facts[k], lang) for k in ("segments", "nodes"))
    source = report.read.source
    told = Text(
        f"{report.file}: {length} km jalan, {segments} ruas, {nodes} simpul diimpor "
        f"(per {source.as_of}, sumber {source.name})",
        f"{report.file}: {length} km of road, {segments} segments, {nodes} nodes imported "
        f"(as of {source.as_of}, source {source.name})",
    )
    out.print(told.in_(lang), markup=False)
    show_network(facts, lang)
    show_report(facts["report"], lang)
    show_snapped(facts["snapped"], lang)
    for label, texts in (
        (Text("Catatan", "Note"), report.notes),
        (Text("Peringatan", "Warning"), report.warnings),
    ):
        for text in texts:
            out.print(f"  {label.in_(lang)}: {text.in_(lang)}", markup=False)
    undo = Text("Batalkan", "Undo").in_(lang)
    out.print(f"  {undo}: sispamkota import --undo {report.import_id}", markup=False)


def show_network(facts: Mapping[str, Any], lang: Lang) -> None:
    """Print the classes of road and how they hang together."""
    emit_table(
        Text("Kelas jalan", "Classes of road").in_(lang),
        Text("kelas,ruas,km", "class,segments,km").in_(lang).split(","),
        [
            (c["highway"], number(c["segments"], lang), number(c["length_m"] / 1000, lang, 1))
            for c in facts["classes"][:SHOWN_CLASSES]
        ],
    )
    emit_table(
        Text("Ketersambungan", "Connections").in_(lang),
        Text("kendaraan,bagian,% terbesar,km di luar", "vehicle,pieces,% largest,km outside")
        .in_(lang)
        .split(","),
        [
            (
                VEHICLES[c["profile"]].in_(lang),
                number(c["components"], lang),
                number(100 * c["main_share"], lang, 1),
                number(c["outside_m"] / 1000, lang, 1),
            )
            for c in sorted(facts["components"], key=lambda c: list(VEHICLES).index(c["profile"]))
        ],
    )


def show_report(report: Mapping[str, Any], lang: Lang) -> None:
    """Print what was kept, dropped and guessed: the numbers of the reader's report."""
    rows = counted(report, lang)
    if rows:
        emit_table(
            Text("Isi berkas", "What was in the file").in_(lang),
            Text("apa,berapa", "what,how much").in_(lang).split(","),
            [(name, number(value, lang, 0 if value == int(value) else 1)) for name, value in rows],
        )


def show_snapped(snapped: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """Print how places lie on the roads, then the farthest of them."""
    emit_table(
        Text("Jarak ke jalan", "Distance to a road").in_(lang),
        Text("tempat,jumlah,jauh,di luar jaringan,terjauh m",
             "place,count,far,outside,farthest m").in_(lang).split(","),
        [
            (
                PLACES[s["kind"]].in_(lang),
                number(s["count"], lang),
                number(s["far"], lang),
                number(s["outside"], lang),
                number(s["farthest_m"], lang),
            )
            for s in snapped
        ],
    )  # fmt: skip


@click.command(name="fetch")
@click.option("--region", type=click.Choice(regions()), help="Extract (default: by the areas).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--mirror", metavar="URL", help="Folder of another server with the same files.")
@shared
def fetch_roads(shell: Shell, region: str | None, out: Path | None, mirror: str | None) -> None:
    """Fetch the extract of OpenStreetMap that holds the area, from Geofabrik.

    The only command that goes out to the network. What breaks off is taken up when repeated.
    """
    with open_workspace(shell.workspace) as workspace:
        extract = choose_extract(workspace, region, mirror)
    file = out or Path(extract.url.rpartition("/")[2])
    told = Text(
        f"Mengunduh {extract.url} (sekitar {extract.size_mb} MB)\nLisensi: {extract.licence}",
        f"Fetching {extract.url} (about {extract.size_mb} MB)\nLicence: {extract.licence}",
    )
    say(told, shell.lang)
    with roads_bar(shell.lang) as progress:
        made = fetch(extract, file, progress)
    shell.result(made.as_json(), lambda: _show_fetched(made, shell.lang))
    if not made.checked:
        raise click.exceptions.Exit(FINDINGS)


def _show_fetched(made: Fetched, lang: Lang) -> None:
    size = number(made.size_bytes / 1e6, lang, 1)
    checked = Text("md5 cocok", "md5 fits") if made.checked else Text(
        "md5 tidak disebut server: tidak diperiksa", "no md5 told by the server: not checked"
    )  # fmt: skip
    out = console()
    out.print(f"{made.file}  {size} MB  ({checked.in_(lang)})", markup=False)
    following = Text("Berikutnya", "Next").in_(lang)
    out.print(
        f"  {following}: sispamkota import roads {made.file} "
        f'--source "OpenStreetMap, Geofabrik {made.extract.region}"',
        markup=False,
    )
