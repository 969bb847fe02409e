"""sispamkota check: what is loaded, and which published totals do not agree."""

from __future__ import annotations

import click

from sispamkota.actions.check import as_json, check_workspace
from sispamkota.cli.output import FINDINGS, console, emit_table
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text, number
from sispamkota.storage.workspace import open_workspace
from sispamkota.territory.reconcile import Check, Mismatch

_NAMES = {
    "kecamatan": Text("Kecamatan", "Kecamatan"),
    "desa": Text("Desa dan kelurahan", "Desa and kelurahan"),
    "tps": Text("TPS", "TPS"),
    "tps_khusus": Text("di antaranya TPS khusus", "of these TPS khusus"),
    "dpt": Text("Pemilih (DPT)", "Voters (DPT)"),
    "dpt_estimated": Text("di antaranya perkiraan", "of these estimated"),
}


@click.command()
@shared
def check(shell: Shell) -> None:
    """Count what is loaded and list every total that does not agree, with its sources."""
    with open_workspace(shell.workspace) as workspace:
        found = check_workspace(workspace)
    shell.result(as_json(found, shell.lang), lambda: _show(shell, found))
    if found.mismatches:
        raise click.exceptions.Exit(FINDINGS)


def _show(shell: Shell, found: Check) -> None:
    emit_table(
        shell.text(Text(f"Yang dimuat ({found.stage})", f"What is loaded ({found.stage})")),
        ("", shell.text(Text("jumlah", "count"))),
        (
            (shell.text(_NAMES[name]), "?" if value is None else number(value, shell.lang))
            for name, value in found.counts.items()
        ),
    )
    out = console()
    if not found.mismatches:
        out.print(shell.text(Text("Semua jumlah cocok.", "All totals agree.")))
        return
    n = len(found.mismatches)
    title = Text(
        f"{n} selisih (ditampilkan, tidak diperbaiki)", f"{n} mismatches (shown, not repaired)"
    )
    out.print(shell.text(title), markup=False)
    for mismatch in found.mismatches:
        _show_one(shell, mismatch)


def _show_one(shell: Shell, mismatch: Mismatch) -> None:
    out = console()
    stated, computed, difference = (
        number(v, shell.lang) for v in (mismatch.stated, mismatch.computed, mismatch.difference)
    )
    line = Text(
        f"- {mismatch.what.id}: dinyatakan {stated}, terhitung {computed}, selisih {difference}",
        f"- {mismatch.what.en}: stated {stated}, computed {computed}, difference {difference}",
    )
    out.print(shell.text(line), markup=False)
    for source in mismatch.sources:
        out.print(f"    {shell.text(Text('Sumber', 'Source'))}: {source}", markup=False)
    if mismatch.note:
        out.print(f"    {shell.text(mismatch.note)}", markup=False)
