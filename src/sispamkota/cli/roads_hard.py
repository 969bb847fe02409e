"""`sispamkota roads reach`: which TPS the roads show to be hard to reach."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from sispamkota.actions.reach import apply_reach, preview_reach
from sispamkota.cli.output import console, emit_table
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text, number
from sispamkota.storage.workspace import open_workspace

SHOWN = 20
ASSUMED = Text("asumsi program ini", "an assumption of this program")
NEEDS = {
    "car": Text("mobil", "car"),
    "motorcycle": Text("sepeda motor", "motorcycle"),
    "boat": Text("perahu", "boat"),
    "foot": Text("jalan kaki", "on foot"),
    "none": Text("tidak diketahui", "unknown"),
}


@click.command()
@click.option("--apply", "keep", is_flag=True, help="Keep the answers (with --by).")
@click.option("--by", default="", metavar="NAME", help="Rank and name of who decides it.")
@shared
def reach(shell: Shell, keep: bool, by: str) -> None:  # noqa: FBT001
    """Answer the indicator "TPS hard to reach" from the roads, as open on voting day.

    Shows what would be answered; --apply keeps it as one import that `import --undo` takes back.
    A named source that answers already, of the TPS, its desa or its kecamatan, always goes before.
    """
    with open_workspace(shell.workspace) as workspace:
        if keep:
            made = apply_reach(workspace, by=by, now=dt.datetime.now(dt.UTC))
            found, kept = made.reached, made.import_id
            extra = {"applied": True, "import": kept, "withdrawn": list(made.withdrawn)}
        else:
            if by:
                raise _by_without_apply()
            found, kept = preview_reach(workspace), None
            extra = {"applied": False, "import": None, "withdrawn": []}
    body = {**found.as_json(shell.lang), **extra}
    shell.result(body, lambda: _show(body, shell.lang))


def _show(body: dict[str, Any], lang: Lang) -> None:
    out = console()
    needs = ", ".join(
        f"{NEEDS[need].in_(lang)} {number(count, lang)}" for need, count in body["needs"].items()
    )
    limits = body["rules_source"]
    limits = ASSUMED.in_(lang) if limits == "assumption" else limits
    for text in (
        Text(f"{body['tps']} TPS menurut jalan: {needs}", f"{body['tps']} TPS by road: {needs}"),
        Text(
            f"Jawaban: {body['answers']}, di antaranya {body['hard']} (mungkin) sulit dijangkau; "
            f"{body['unknown']} tidak diketahui, {body['answered_by_others']} sudah dijawab sumber "
            "bernama.",
            f"Answers: {body['answers']}, of which {body['hard']} (may be) hard to reach; "
            f"{body['unknown']} unknown, {body['answered_by_others']} answered by a named source.",
        ),
        Text(
            f"Batas waktu: {limits}. Sumber: {body['source']}.",
            f"Thresholds: {limits}. Source: {body['source']}.",
        ),
    ):
        out.print(text.in_(lang), markup=False)
    rows = [
        (
            r["tps"],
            r["name"],
            NEEDS[r["need"]].in_(lang),
            None if r["travel_s"] is None else number(r["travel_s"] / 60, lang),
            r["answered_by"] or r["fact"] or r["why"],
        )
        for r in body["rows"][:SHOWN]
    ]
    if rows:
        heads = Text("TPS,nama,perlu,menit,jawaban", "TPS,name,need,minutes,answer").in_(lang)
        emit_table(Text("Sulit dijangkau", "Hard to reach").in_(lang), heads.split(","), rows)
    if body["applied"]:
        told = Text(
            f"Disimpan: {body['import'] or '-'} (batal: sispamkota import --undo {body['import']})",
            f"Kept: {body['import'] or '-'} (undo: sispamkota import --undo {body['import']})",
        )
    else:
        told = Text(
            "Belum disimpan; --apply --by NAMA menyimpannya.",
            "Not kept; --apply --by NAME keeps it.",
        )
    out.print(told.in_(lang), markup=False)


def _by_without_apply() -> DomainError:
    return DomainError(
        "nothing_applied",
        Text("--by tanpa --apply: tidak ada yang disimpan", "--by without --apply keeps nothing"),
        Text("Tambahkan --apply.", "Add --apply."),
    )


__all__ = ["reach"]
