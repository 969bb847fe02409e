"""`sispamkota traffic event`: dated events come in by file, are listed, shown and withdrawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.export import write_whole
from sispamkota.actions.traffic_events import (
    ACTIVE,
    WITHDRAWN,
    KeptEvent,
    add_events,
    event_version,
    event_versions,
    list_events,
    remove_event,
)
from sispamkota.cli.output import console, emit_table, wib
from sispamkota.cli.roads_options import moment_of
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace
from sispamkota.traffic.event_reader import read_events
from sispamkota.traffic.events import TrafficEvent, event_json
from sispamkota.traffic.rules import default_kinds

BY = click.option("--by", metavar="NAME", default="", help="Rank and name of the officer.")
CLOCK = click.option("--clock", metavar="ISO", help="Time of the decision (default: now).")
STATES = {ACTIVE: Text("berlaku", "active"), WITHDRAWN: Text("ditarik", "withdrawn")}


@click.group()
def event() -> None:
    """Events that traffic is planned for: rallies, convoys, voting day."""


@event.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@BY
@CLOCK
@shared
def add(shell: Shell, file: Path, by: str, clock: str | None) -> None:
    """Add the events of a FILE (JSON or TOML), all of them or none.

    An id that is there already becomes a new version; earlier ones stay readable.
    """
    events = read_events(file.name, file.read_bytes())
    with open_workspace(shell.workspace) as workspace:
        kept = add_events(workspace, events, by=by, now=moment_of(clock))
        numbers = [len(event_versions(workspace, k.event.id)) for k, _ in kept]
    rows = [
        {**k.as_json(), "version": n, "replaced": replaced}
        for (k, replaced), n in zip(kept, numbers, strict=True)
    ]
    shell.result({"events": rows}, lambda: _show_added(rows, shell.lang))


def _show_added(rows: Sequence[dict[str, Any]], lang: Lang) -> None:
    out = console()
    for row in rows:
        name, n = row["id"], row["version"]
        out.print(f"{name}: {row['name']}, {_span(row, lang)}", style="bold", markup=False)
        back = Text(
            f"  Batalkan: sispamkota traffic event remove {name} --by ...",
            f"  Undo: sispamkota traffic event remove {name} --by ...",
        )
        if row["replaced"]:
            back = Text(
                f"  Versi {n}. Kembali ke versi {n - 1}: sispamkota traffic event show {name} "
                f"--version {n - 1} --out lama.json, lalu traffic event add lama.json --by ...",
                f"  Version {n}. Back to version {n - 1}: sispamkota traffic event show {name} "
                f"--version {n - 1} --out old.json, then traffic event add old.json --by ...",
            )
        out.print(back.in_(lang), markup=False)
    following = Text("Berikutnya: sispamkota plan traffic", "Next: sispamkota plan traffic")
    out.print(following.in_(lang), markup=False)


@event.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Withdrawn ones too.")
@shared
def list_(shell: Shell, everything: bool) -> None:  # noqa: FBT001
    """List events by start."""
    with open_workspace(shell.workspace) as workspace:
        found = list_events(workspace, withdrawn=everything)
    shell.result({"events": found}, lambda: _show_list(found, shell.lang))


def _show_list(rows: Sequence[dict[str, Any]], lang: Lang) -> None:
    heads = Text(
        "id,jenis,nama,mulai WIB,selesai WIB,massa,keadaan,oleh",
        "id,kind,name,starts WIB,ends WIB,crowd,state,by",
    )
    emit_table(
        Text("Kegiatan", "Events").in_(lang),
        heads.in_(lang).split(","),
        [
            (
                row["id"],
                default_kinds()[row["kind"]].name.in_(lang),
                row["name"],
                wib(row["starts_at"]),
                wib(row["ends_at"]),
                _crowd(row, lang),
                STATES[row["state"]].in_(lang),
                row["person"],
            )
            for row in rows
        ],
    )


@event.command()
@click.argument("event_id", metavar="ID")
@click.option("--version", "version", type=int, metavar="N", help="Version (default: the last).")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it as an event file."
)
@shared
def show(shell: Shell, event_id: str, version: int | None, out: Path | None) -> None:
    """Show an event whole, with its versions; --out writes it as a file for `event add`."""
    with open_workspace(shell.workspace) as workspace:
        chosen = event_version(workspace, event_id, version)
        every = event_versions(workspace, event_id)
    body = {
        "event": event_json(chosen.event),
        "version": version or len(every),
        "versions": [_version(n, kept) for n, kept in enumerate(every, 1)],
        "file": None if out is None else str(out),
    }
    if out is not None:
        text = json.dumps(body["event"], ensure_ascii=False, indent=2)
        write_whole(out, f"{text}\n".encode())
    shell.result(body, lambda: _show_one(body, chosen.event, shell.lang))


def _version(n: int, kept: KeptEvent) -> dict[str, Any]:
    return {
        "version": n,
        "state": kept.state,
        "person": kept.person,
        "made_at": kept.made_at.isoformat(),
        "name": kept.event.name,
    }


def _show_one(body: dict[str, Any], chosen: TrafficEvent, lang: Lang) -> None:
    out, row = console(), body["event"]
    out.print(f"{row['id']}: {row['name']}", style="bold", markup=False)
    lon, lat = chosen.place
    place = f"{chosen.place_name or '-'} ({lon:.5f}, {lat:.5f})"
    kind = default_kinds()[chosen.kind].name.in_(lang)
    for label, value in (
        (Text("Jenis", "Kind"), kind),
        (Text("Waktu", "Time"), _span(row, lang)),
        (Text("Tempat", "Place"), place),
        (Text("Massa", "Crowd"), _crowd(row, lang) or "-"),
        (Text("STTP", "Permit (STTP)"), chosen.sttp.number if chosen.sttp else "-"),
        (Text("Kelompok", "Groups"), ", ".join(g.label for g in chosen.groups) or "-"),
        (Text("Titik rute", "Points of the route"), str(len(chosen.route) or "-")),
        (Text("Penutupan diminta", "Closures asked for"), str(len(chosen.closures) or "-")),
    ):
        out.print(f"  {label.in_(lang)}: {value}", markup=False)
    emit_table(
        Text("Versi", "Versions").in_(lang),
        Text("versi,keadaan,nama,oleh,pada WIB", "version,state,name,by,at WIB")
        .in_(lang)
        .split(","),
        [
            (v["version"], STATES[v["state"]].in_(lang), v["name"], v["person"], wib(v["made_at"]))
            for v in body["versions"]
        ],
    )
    if body["file"]:
        told = Text(f"Berkas: {body['file']}", f"File: {body['file']}")
        out.print(told.in_(lang), markup=False)


@event.command()
@click.argument("event_id", metavar="ID")
@BY
@CLOCK
@shared
def remove(shell: Shell, event_id: str, by: str, clock: str | None) -> None:
    """Withdraw an event; plans made for it and its versions stay."""
    with open_workspace(shell.workspace) as workspace:
        kept = remove_event(workspace, event_id, by=by, now=moment_of(clock))
        number_ = len(event_versions(workspace, event_id)) - 1
    said = Text(
        f"{event_id}: ditarik oleh {kept.person}\n  Batalkan: sispamkota traffic event show "
        f"{event_id} --version {number_} --out lama.json, lalu traffic event add lama.json "
        "--by ...",
        f"{event_id}: withdrawn by {kept.person}\n  Undo: sispamkota traffic event show "
        f"{event_id} --version {number_} --out old.json, then traffic event add old.json "
        "--by ...",
    )
    shell.result({"event": kept.as_json()}, lambda: console().print(shell.text(said), markup=False))


def _span(row: dict[str, Any], lang: Lang) -> str:
    to = Text("sampai", "to").in_(lang)
    return f"{wib(row['starts_at'])} {to} {wib(row['ends_at'])} WIB"


def _crowd(row: dict[str, Any], lang: Lang) -> str:
    crowd = row.get("crowd")
    return number(crowd["expected"], lang) if crowd else ""
