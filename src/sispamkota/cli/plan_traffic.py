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
            f"(perkiraan; celah relatif {_tiny(gap, 'id')}).",
            f"Load of the diversions: {number(added, 'en', 1)} more vehicle hours in the busiest "
            f"hour (an estimate; relative gap {_tiny(gap, 'en')}).",
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
    return [_corridor(names[event], row) for event, row in nearest.items()]


def _corridor(event: str, row: dict[str, Any]) -> Text:
    """Tell one corridor with its limit, and the metres that a stretcher is carried."""
    closed, open_, limit = (row[k] / 60 for k in ("travel_closed_s", "travel_open_s", "limit_s"))
    carried = Text("", "")
    if row["walk_m"]:
        metres = (number(row["walk_m"], "id"), number(row["walk_m"], "en"))
        carried = Text(
            f", lalu {metres[0]} m dengan tandu", f", then {metres[1]} m with a stretcher"
        )
    return Text(
        f"Jalur darurat, {event}: ambulans dari {row['from']['name']} {number(closed, 'id', 1)} "
        f"menit dengan semua penutupan{carried.id} ({number(open_, 'id', 1)} tanpa penutupan; "
        f"batas {number(limit, 'id', 1)}). {row['reason']['id']}",
        f"Emergency corridor, {event}: an ambulance from {row['from']['name']} takes "
        f"{number(closed, 'en', 1)} minutes under all closures{carried.en} "
        f"({number(open_, 'en', 1)} without closures; limit {number(limit, 'en', 1)}). "
        f"{row['reason']['en']}",
    )


def _tiny(gap: float, lang: Lang) -> str:
    text = f"{gap:.1e}" if gap else "0"
    return text.replace(".", ",") if lang == "id" else text


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
            p["name"] or f"{p['lon']:.5f},{p['lat']:.5f}",
            p["officers"],
            number(p["diverted_pcu_h"], lang),
        )
        for p in plan["posts"][:SHOWN_POSTS]
    ]
    if rows:
        emit_table(Text("Pos gatur", "Junction posts").in_(lang), heads.split(","), rows)


__all__ = ["traffic"]
