"""`sispamkota demo`: OKU Timur end to end, then the planning screen on this machine."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from sispamkota.actions.check import check_workspace
from sispamkota.actions.demo import make_demo
from sispamkota.actions.demo_accounts import add_demo_accounts
from sispamkota.actions.need import NeedReport, need
from sispamkota.actions.plan import make_guard_plan
from sispamkota.actions.vulnerability import Assessment, assess
from sispamkota.cli.output import console, emit_json
from sispamkota.cli.plan import show_plan, summary
from sispamkota.cli.progress import planning_bar
from sispamkota.cli.serve import render_site, serve_workspace
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to make the demo workspace; an earlier demo there is set aside.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 = a free one."
)
@click.option("--no-serve", is_flag=True, help="Stop after the plan; do not serve it.")
@shared
def demo(shell: Shell, folder: Path, port: int, no_serve: bool) -> None:  # noqa: FBT001
    """Build the OKU Timur workspace, map its vulnerability, plan its guards, serve it.

    Territory and counts are real; answers and roster are generated and labelled CONTOH. Demo
    accounts with published passwords are made; they work on this machine only.
    """
    begun = time.monotonic()
    now = dt.datetime.now(dt.UTC)
    with make_demo(folder, now) as workspace:
        add_demo_accounts(workspace, now)
        found = check_workspace(workspace)
        assessment = assess(workspace)
        needs = need(workspace)
        with planning_bar(shell.lang) as progress:
            result = make_guard_plan(workspace, progress=progress)
        site = render_site(workspace)
    elapsed = round(time.monotonic() - begun, 1)
    body = {
        "workspace": str(folder.resolve()),
        "counts": found.counts,
        "mismatches": [m.as_json() for m in found.mismatches],
        "classes": assessment.as_json(tps=[])["classes"],
        "plan": {**summary(result.plan), "file": str(result.file)},
        "site": str(site),
        "elapsed_s": elapsed,
    }
    if shell.as_json and no_serve:
        emit_json(body)
    elif not shell.as_json:
        _show(shell.lang, body, assessment, needs)
        show_plan(result.plan, shell.lang, str(result.file))
    if not no_serve:
        _serve_anew(shell, folder, port)


def _serve_anew(shell: Shell, folder: Path, port: int) -> None:
    """Serve the demo; where the system can, as a new program in this one's place.

    Planning took memory and compiled code that a server should not keep.
    """
    words = ["serve", "--workspace", str(folder), "--port", str(port), "--lang", shell.lang]
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        more = ["--json"] if shell.as_json else []
        os.execv(sys.executable, [sys.executable, "-m", "sispamkota", *words, *more])  # noqa: S606
    from sispamkota.server.run import Place  # noqa: PLC0415  (so that --help is quick)

    with open_workspace(folder) as workspace:
        serve_workspace(shell, workspace, Place(port=port))


def _show(lang: Lang, body: dict[str, Any], assessment: Assessment, needs: NeedReport) -> None:
    """Print what was built, before the plan itself."""
    out = console()
    counts, classes = body["counts"], body["classes"]
    n = {k: number(v, lang) for k, v in (counts | classes).items() if v is not None}
    lines = [
        Text(
            "OKU Timur, Pemilu 14 Februari 2024. Jawaban indikator dan personel adalah CONTOH.",
            "OKU Timur, general election of 14 February 2024. Indicator answers and roster are "
            "CONTOH (generated).",
        ),
        Text(
            f"{n['kecamatan']} kecamatan, {n['desa']} desa, {n['tps']} TPS ({n['tps_khusus']} "
            f"khusus), DPT {n['dpt']} (perkiraan {n['dpt_estimated']}).",
            f"{n['kecamatan']} kecamatan, {n['desa']} desa, {n['tps']} TPS ({n['tps_khusus']} "
            f"khusus), DPT {n['dpt']} (of which {n['dpt_estimated']} estimated).",
        ),
        Text(
            f"{n['kurang_rawan']} kurang rawan, {n['rawan']} rawan, {n['sangat_rawan']} sangat "
            f"rawan (khusus: {int(assessment.scored.scores['khusus'].sum())}).",
            f"{n['kurang_rawan']} kurang rawan, {n['rawan']} rawan, {n['sangat_rawan']} sangat "
            f"rawan (khusus: {int(assessment.scored.scores['khusus'].sum())}).",
        ),
    ]
    for wanted in needs.decisive:
        one = wanted.as_json(lang)
        polri, there = one["required"]["polri"], one["available"].get("polri")
        lines.append(
            Text(
                f"Kebutuhan menurut {one['name']} per {one['grouping']}: {polri} Polri; tersedia "
                f"{there}.",
                f"Need under {one['name']} per {one['grouping']}: {polri} Polri; available "
                f"{there}.",
            )
        )
    lines += [
        Text(
            f"Selisih total yang terbit: {len(body['mismatches'])} (sispamkota check).",
            f"Published totals that do not add up: {len(body['mismatches'])} (sispamkota check).",
        )
    ]
    for line in lines:
        out.print(line.in_(lang), markup=False)
