"""`sispamkota need`: teams and people that doctrine patterns ask for, and what is lacking."""

from __future__ import annotations

from typing import Any

import click

from sispamkota.actions.need import NeedReport, need_of_counts
from sispamkota.actions.need import need as need_of_workspace
from sispamkota.cli.need_show import show_report
from sispamkota.cli.output import FINDINGS
from sispamkota.cli.shell import Shell, shared
from sispamkota.forces.strength import Strength
from sispamkota.kernel.cells import CellError, whole_of
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.need import GROUPINGS, Grouping
from sispamkota.storage.workspace import open_workspace

_PEOPLE = click.IntRange(min=0)


@click.command()
@click.option(
    "--counts",
    metavar="CATEGORY=N,…",
    help="TPS per category instead of a workspace: kurang_rawan, rawan, sangat_rawan, khusus.",
)
@click.option(
    "--pattern",
    "patterns",
    metavar="NAME",
    multiple=True,
    help="Doctrine pattern; may be repeated (default: those of 2024).",
)
@click.option(
    "--grouping",
    "groupings",
    type=click.Choice(list(GROUPINGS)),
    multiple=True,
    help="Area inside which TPS share a team; may be repeated (default: all).",
)
@click.option("--polri", type=_PEOPLE, help="Polri available, instead of the roster's.")
@click.option("--linmas", type=_PEOPLE, help="Linmas available, instead of the roster's.")
@click.option(
    "--kecamatan",
    type=_PEOPLE,
    help="Number of kecamatan (with --counts, for patterns with standby per kecamatan).",
)
@click.option(
    "--strength",
    type=click.Choice(["released", "whole"]),
    help="Whether --polri or the roster is already released to TPS duty, or the whole Polres, of"
    " which one third stays as reserve (default: as configured, else released).",
)
@shared
def need(shell: Shell, **options: Any) -> None:
    """Need, available and gap under each doctrine pattern; gap above 0 = people short.

    Ends with 1 when a named pattern (else the one in force) is short or may be short of people,
    or lets an officer stand alone.
    """
    report = _report(shell, **options)
    shell.result(report.as_json(shell.lang), lambda: show_report(report, shell.lang))
    if report.findings:
        raise click.exceptions.Exit(FINDINGS)


def _report(
    shell: Shell,
    *,
    counts: str | None,
    patterns: tuple[str, ...],
    groupings: tuple[Grouping, ...],
    polri: int | None,
    linmas: int | None,
    kecamatan: int | None,
    strength: Strength | None,
) -> NeedReport:
    available = {"polri": polri, "linmas": linmas}
    if counts is None:
        if kecamatan is not None:
            raise _misused("--kecamatan", Text("hanya bersama --counts", "goes with --counts only"))
        with open_workspace(shell.workspace) as workspace:
            return need_of_workspace(
                workspace, patterns, groupings or GROUPINGS, available, strength
            )
    if set(groupings) - {"regency"}:
        raise _misused(
            "--grouping",
            Text(
                "jumlah saja hanya bisa dikelompokkan se-kabupaten",
                "bare counts can be grouped regency-wide only",
            ),
        )
    return need_of_counts(
        parse_counts(counts),
        patterns,
        available=available,
        strength=strength or "released",
        kecamatan=kecamatan,
    )


def parse_counts(text: str) -> dict[str, int]:
    """Read 'kurang_rawan=1108,rawan=131'; 1.108 is 1108 as people write it here.

    Raises:
        DomainError: `bad_counts` for a part that is no name=number, or a name met twice.
    """
    counts: dict[str, int] = {}
    for part in text.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        try:
            value = whole_of(number) if equals else None
        except CellError:
            value = None
        if value is None or not name or name in counts:
            raise _bad_counts(part.strip())
        counts[name] = value
    return counts


def _bad_counts(part: str) -> DomainError:
    return DomainError(
        "bad_counts",
        Text(
            f"--counts: '{part}' bukan kelas=jumlah, atau kelasnya disebut dua kali",
            f"--counts: '{part}' is no category=number, or its category is given twice",
        ),
        Text(
            "Contoh: --counts kurang_rawan=2073,rawan=105,khusus=2",
            "E.g. --counts kurang_rawan=2073,rawan=105,khusus=2",
        ),
        {"counts": part},
    )


def _misused(option: str, why: Text) -> DomainError:
    return DomainError(
        "bad_usage",
        Text(f"{option}: {why.id}", f"{option}: {why.en}"),
        Text(f"Hilangkan {option}.", f"Leave {option} out."),
        {"option": option},
    )
