"""`sispamkota plan traffic`: regulation of traffic for dated events."""

from __future__ import annotations

import time
from typing import Any

import click

from sispamkota.actions.named import named_person
from sispamkota.actions.plan import Maker
from sispamkota.actions.traffic_plan import findings_of, make_traffic_plan, traffic_summary
from sispamkota.cli.output import DONE, FINDINGS, console, emit_table
from sispamkota.cli.progress import traffic_bar
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace

SHOWN_POSTS = 15


@click.command()
@click.option(
    "--event", "events", multiple=True, metavar="ID", help="Event to plan for (default: all)."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--by", metavar="NAME", help="Rank and name of who makes it.")
@shared
def traffic(shell: Shell, events: tuple[str, ...], seed: int, by: str | None) -> None:
    """Plan traffic round dated events: closures, diversions, posts, approaches, escorts.

    The emergency corridor is proved by an ambulance under the closures. Exit code 1 when events
    collide or officers are missing.
    """
    begun = time.monotonic()
    maker = Maker() if by is None else Maker(person=named_person(by))
    with open_workspace(shell.workspace) as workspace, traffic_bar(shell.lang) as progress:
        result = make_traffic_plan(
            workspace, events=events or None, seed=seed, maker=maker, progress=progress
        )
    body = {
        **traffic_summary(result.plan),
        "version": result.version.version,
        "file": str(result.file),
        "elapsed_s": round(time.monotonic() - begun, 3),
    }
    shell.result(body, lambda: show_traffic(result.plan, shell.lang, str(result.file)))
    raise click.exceptions.Exit(FINDINGS if findings_of(result.plan) else DONE)


def show_traffic(plan: dict[str, Any], lang: Lang, file: str) -> None:
    """Print a traffic plan for a person: what is closed, who stands where, what is left to settle.

    Args:
        plan: content of the plan file.
        lang: language.
        file: where it is kept.
    """
    out = console()
    label = " CONTOH" if plan["sample"] else ""
    out.print(f"{plan['plan']}{label}  {plan['operation']}", style="bold", markup=False)
    for line in _lines(plan):
        out.print(line.in_(lang), markup=False)
    for remark in plan["remarks"]:
        out.print(f"! {remark[lang]}", style="yellow", markup=False)
    for conflict in plan["conflicts"]:
        out.print(f"! {conflict['detail'][lang]}", style="red", markup=False)
    _show_posts(plan, lang)
    out.print(Text(f"Berkas: {file}", f"File: {file}").in_(lang), markup=False)


def _lines(plan: dict[str, Any]) -> list[Text]:
    n = {key: len(plan[key]) for key in ("events", "closures", "diversions", "posts", "conflicts")}
    officers = plan["officers"]
    added = sum(row["added_vehicle_hours"] or 0.0 for row in plan["assignment"])
    gap = plan["certificate"]["relative_gap"]
    lines = [
        Text(
            f"{n['events']} kegiatan: {n['closures']} penutupan, {n['diversions']} pengalihan, "
            f"{n['posts']} pos gatur; {n['conflicts']} benturan.",
            f"{n['events']} events: {n['closures']} closures, {n['diversions']} diversions, "
            f"{n['posts']} junction posts; {n['conflicts']} conflicts.",
        ),
        Text(
            f"Petugas: perlu {officers['needed']}, ada {officers['available']}, ditugaskan "
            f"{officers['assigned']}, kurang {officers['gap']}.",
            f"Officers: {officers['needed']} needed, {officers['available']} there, "
            f"{officers['assigned']} assigned, {officers['gap']} missing.",
        ),
        Text(
            f"Beban pengalihan: {number(added, 'id', 1)} jam kendaraan lebih pada jam tersibuk "
            f"(perkiraan; celah relatif {gap:.1e}).",
            f"Load of the diversions: {number(added, 'en', 1)} more vehicle hours in the busiest "
            f"hour (an estimate; relative gap {gap:.1e}).",
        ),
    ]
    return [*lines, *_corridors(plan)]


def _corridors(plan: dict[str, Any]) -> list[Text]:
    """Say per event how soon an ambulance comes from the hospital that is nearest then."""
    nearest: dict[str, dict[str, Any]] = {}
    for row in plan["corridors"]:
        if row["direction"] == "to_place":
            best = nearest.setdefault(row["event"], row)
            if row["travel_closed_s"] < best["travel_closed_s"]:
                nearest[row["event"]] = row
    names = {e["id"]: e["name"] for e in plan["events"]}
    return [
        Text(
            f"Jalur darurat terbukti, {names[event]}: ambulans dari {row['from']['name']} "
            f"{number(row['travel_closed_s'] / 60, 'id', 1)} menit dengan semua penutupan "
            f"({number(row['travel_open_s'] / 60, 'id', 1)} tanpa).",
            f"Emergency corridor proved, {names[event]}: an ambulance from {row['from']['name']} "
            f"takes {number(row['travel_closed_s'] / 60, 'en', 1)} minutes under all closures "
            f"({number(row['travel_open_s'] / 60, 'en', 1)} without).",
        )
        for event, row in nearest.items()
    ]


def _show_posts(plan: dict[str, Any], lang: Lang) -> None:
    heads = Text(
        "kegiatan,urutan,pos,simpang,petugas,dialihkan smp/jam",
        "event,rank,post,junction,officers,diverted pcu/h",
    ).in_(lang)
    rows = [
        (
            p["event"],
            p["rank"],
            p["id"],
            p["name"],
            p["officers"],
            number(p["diverted_pcu_h"], lang),
        )
        for p in plan["posts"][:SHOWN_POSTS]
    ]
    if rows:
        emit_table(Text("Pos gatur", "Junction posts").in_(lang), heads.split(","), rows)


__all__ = ["traffic"]
