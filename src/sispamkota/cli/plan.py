"""`sispamkota plan`: make plans, repair, edit, compare and decide on them."""

from __future__ import annotations

import time
from typing import Any

import click

from sispamkota.actions.named import named_person
from sispamkota.actions.plan import Maker, make_guard_plan
from sispamkota.actions.plan_kinds import KIND_NAMES
from sispamkota.actions.repair import repair_guard_plan
from sispamkota.actions.versions import list_versions
from sispamkota.cli.output import DONE, FINDINGS, console, emit_table
from sispamkota.cli.plan_traffic import traffic
from sispamkota.cli.plan_versions import STATE_NAMES, approve, diff, edit, review, send_back
from sispamkota.cli.plan_whatif import simulate
from sispamkota.cli.progress import planning_bar
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.kernel.times import in_wib
from sispamkota.planning.guards import EffortName
from sispamkota.storage.versions import GUARDS, TRAFFIC
from sispamkota.storage.workspace import open_workspace

BY = click.option("--by", metavar="NAME", help="Rank and name of who makes it.")


@click.group()
def plan() -> None:
    """Make plans with their certificates; repair, edit, compare, approve and list them."""


@plan.command()
@click.option("--pattern", help="Doctrine pattern (default: the configuration's).")
@click.option(
    "--effort",
    type=click.Choice(["normal", "high"]),
    default="normal",
    show_default=True,
    help="high searches longer and has HiGHS prove tighter bounds (minutes).",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@BY
@shared
def guards(
    shell: Shell, pattern: str | None, effort: EffortName, seed: int, by: str | None
) -> None:
    """Plan who guards which TPS: beats, teams, what stays open, objective and proven bound.

    Exit code 1 when a TPS stays open or a kecamatan has no Padal.
    """
    begun = time.monotonic()
    with open_workspace(shell.workspace) as workspace, planning_bar(shell.lang) as progress:
        result = make_guard_plan(
            workspace,
            pattern=pattern,
            seed=seed,
            effort=effort,
            maker=_maker(by),
            progress=progress,
        )
    body = {
        **summary(result.plan),
        "version": result.version.version,
        "file": str(result.file),
        "elapsed_s": _since(begun),
    }
    shell.result(body, lambda: show_plan(result.plan, shell.lang, str(result.file)))
    raise click.exceptions.Exit(FINDINGS if result.findings else DONE)


@plan.command()
@click.argument("plan_id", metavar="PLAN")
@click.option("--without", "lost", required=True, metavar="TEAM", help="The team that drops out.")
@BY
@shared
def repair(shell: Shell, plan_id: str, lost: str, by: str | None) -> None:
    """Repair PLAN after a team dropped out, moving as few TPS as the cost allows."""
    begun = time.monotonic()
    with open_workspace(shell.workspace) as workspace:
        result = repair_guard_plan(workspace, plan_id, lost, _maker(by))
    moved = result.plan["repair"]
    body = {
        **summary(result.plan),
        "version": result.version.version,
        "file": str(result.file),
        "repair": moved,
        "elapsed_s": _since(begun),
    }

    def show() -> None:
        show_plan(result.plan, shell.lang, str(result.file))
        console().print(
            shell.text(
                Text(
                    f"Perbaikan: tim {lost} keluar; {moved['tps_of_lost']} TPS-nya dibagi, "
                    f"{moved['tps_moved']} TPS tim lain ikut pindah.",
                    f"Repair: team {lost} dropped out; its {moved['tps_of_lost']} TPS were shared "
                    f"out, {moved['tps_moved']} TPS of other teams moved too.",
                )
            ),
            markup=False,
        )

    shell.result(body, show)
    raise click.exceptions.Exit(FINDINGS if result.findings else DONE)


@plan.command(name="list")
@shared
def list_(shell: Shell) -> None:
    """List the plans kept in the workspace with version and state, oldest first."""
    with open_workspace(shell.workspace) as workspace:
        rows = workspace.store.plans().to_dicts()
        known = {
            v["plan"]: v
            for kind in (GUARDS, TRAFFIC)
            for v in list_versions(workspace, kind)["versions"]
        }
    for row in rows:
        version = known.get(row["id"], {})
        row |= {key: version.get(key) for key in ("version", "state", "person", "base")}

    def show() -> None:
        heads = Text(
            "versi,jenis,rencana,status,disimpan,oleh,dari",
            "version,kind,plan,state,saved,by,from",
        ).in_(shell.lang)
        cells = [
            (
                r["version"],
                shell.text(KIND_NAMES[r["kind"]]),
                r["id"],
                shell.text(STATE_NAMES[r["state"]]) if r["state"] else None,
                f"{in_wib(r['saved_at']):%Y-%m-%d %H:%M} WIB",
                r["person"],
                r["base"],
            )
            for r in rows
        ]
        emit_table(Text("Rencana", "Plans").in_(shell.lang), heads.split(","), cells)

    shell.result({"plans": rows}, show)


for command in (traffic, edit, diff, review, approve, send_back, simulate):
    plan.add_command(command)


def _maker(by: str | None) -> Maker:
    return Maker() if by is None else Maker(person=named_person(by))


def summary(plan: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a plan that `--json` prints; the file holds the rest."""
    left_out = {"beats", "teams_detail", "spare_teams", "spare_officers", "uncovered", "settings"}
    body = {k: v for k, v in plan.items() if k not in left_out}
    body["certificate"] = {k: v for k, v in plan["certificate"].items() if k != "prices"}
    return body


def show_plan(plan: dict[str, Any], lang: Lang, file: str) -> None:
    """Print a plan for a person: what is guarded, what is open, and how good it provably is."""
    out = console()
    label = " CONTOH" if plan["sample"] else ""
    n = {k: number(plan[k], lang) for k in ("tps_covered", "teams", "officers")}
    open_ = sum(plan["tps_uncovered"].values())
    out.print(f"{plan['plan']}{label}  {plan['pattern']}", style="bold", markup=False)
    for text in (
        Text(
            f"{n['teams']} tim, {n['officers']} petugas menjaga {n['tps_covered']} TPS; "
            f"{number(open_, 'id')} TPS terbuka.",
            f"{n['teams']} teams, {n['officers']} officers guard {n['tps_covered']} TPS; "
            f"{number(open_, 'en')} TPS open.",
        ),
        Text(
            f"Nilai rencana {number(plan['objective'], 'id')} detik; terbukti tidak ada rencana "
            f"di bawah {number(plan['lower_bound'], 'id')} (paling banyak "
            f"{number(100 * plan['gap'], 'id', 2)} % lebih murah).",
            f"Plan value {number(plan['objective'], 'en')} seconds; proven that no plan is below "
            f"{number(plan['lower_bound'], 'en')} (at most {number(100 * plan['gap'], 'en', 2)} % "
            "cheaper).",
        ),
    ):
        out.print(text.in_(lang), markup=False)
    if open_:
        risk = plan["uncovered_risk"]
        out.print(
            Text(
                f"Risiko terbuka {risk['value']:g}; paling sedikit {risk['lower_bound']:g} dengan "
                "tim sebanyak ini.",
                f"Open risk {risk['value']:g}; at least {risk['lower_bound']:g} with this many "
                "teams.",
            ).in_(lang),
            markup=False,
        )
    for text_ in plan["degraded"]:
        out.print(f"! {text_[lang]}", style="yellow", markup=False)
    show_roads(plan, lang)
    more = plan["one_more_team"]
    if more:
        out.print(
            Text(
                f"Satu tim lagi paling berguna di {more['kecamatan']}: {more['tps_covered']} TPS "
                f"lagi terjaga, nilai turun {number(more['saves_s'], 'id')} detik.",
                f"One more team helps most in {more['kecamatan']}: {more['tps_covered']} more TPS "
                f"guarded, value down by {number(more['saves_s'], 'en')} seconds.",
            ).in_(lang),
            markup=False,
        )
    heads = Text(
        "kecamatan,TPS,tim,terbuka,nilai s,batas bawah s,selisih %",
        "kecamatan,TPS,teams,open,value s,lower bound s,gap %",
    ).in_(lang)
    emit_table(
        Text("Per kecamatan", "Per kecamatan").in_(lang),
        heads.split(","),
        [
            (
                k["kecamatan"],
                k["tps"],
                k["teams"],
                k["uncovered"],
                number(k["objective"], lang),
                number(k["lower_bound"], lang),
                number(100 * k["gap"], lang, 2),
            )
            for k in plan["kecamatan"]
        ],
    )
    out.print(Text(f"Berkas: {file}", f"File: {file}").in_(lang), markup=False)


def show_roads(plan: dict[str, Any], lang: Lang) -> None:
    """Print what the roads leave in doubt and what they change; nothing without a network."""
    out = console()
    for text in plan.get("travel", {}).get("remarks", ()):
        out.print(f"! {text[lang]}", style="yellow", markup=False)
    found = plan.get("roads_difference")
    if found is None:
        return
    for text in found["words"]:
        out.print(text[lang], markup=False)
    heads = Text(
        "kecamatan,di jalan menit,garis lurus menit,garis lurus di jalan menit,terjaga,"
        "garis lurus,benar terjaga",
        "kecamatan,on roads min,straight min,straight on roads min,guarded,straight,really guarded",
    ).in_(lang)
    cases = ("roads", "straight", "straight_on_roads")
    emit_table(
        Text("Jalan nyata dan garis lurus", "Real roads and straight lines").in_(lang),
        heads.split(","),
        [
            (
                row["kecamatan"],
                *(number((row[c]["travel_s"] + row[c]["way_s"]) / 60, lang) for c in cases),
                *(row[c]["tps_covered"] for c in cases),
            )
            for row in found["kecamatan"]
        ],
    )


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)
