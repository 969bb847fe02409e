"""`sispamkota override`: a named officer's class beside the computed one."""

from __future__ import annotations

import datetime as dt

import click

from sispamkota.actions.override import override_class
from sispamkota.cli.output import console
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.workspace import open_workspace


@click.command()
@click.argument("tps")
@click.argument("class_", metavar="CLASS", required=False)
@click.option("--by", required=True, metavar="NAME", help="Rank and name of the officer.")
@click.option("--reason", required=True, help="Why; no political support, religion or ethnicity.")
@click.option("--withdraw", is_flag=True, help="Take the earlier decision back.")
@click.option("--clock", metavar="ISO", help="Time of the decision, for tests and exercises.")
@shared
def override(
    shell: Shell,
    tps: str,
    class_: str | None,
    by: str,
    reason: str,
    withdraw: bool,  # noqa: FBT001
    clock: str | None,
) -> None:
    """Set the CLASS of one TPS by a named officer; the computed class stays visible."""
    if (class_ is None) != withdraw:
        raise _one_of()
    with open_workspace(shell.workspace) as workspace:
        done = override_class(workspace, tps, class_, by=by, reason=reason, now=_now(clock))
    said = Text(
        f"TPS {tps}: {'penetapan dicabut' if withdraw else class_} oleh {done['by']}",
        f"TPS {tps}: {'override withdrawn' if withdraw else class_} by {done['by']}",
    )
    shell.result(done, lambda: console().print(shell.text(said), markup=False))


def _now(clock: str | None) -> dt.datetime:
    if clock is None:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromisoformat(clock)
    except ValueError as error:
        raise DomainError(
            "bad_clock",
            Text(f"--clock '{clock}' bukan waktu", f"--clock '{clock}' is not a time"),
            Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
            {"clock": clock},
        ) from error


def _one_of() -> DomainError:
    return DomainError(
        "bad_usage",
        Text(
            "beri KELAS, atau --withdraw untuk mencabut",
            "give a CLASS, or --withdraw to take the earlier one back",
        ),
        Text(
            "Contoh: sispamkota override 1608011007001 rawan --by 'AKP A' --reason '...'",
            "E.g. sispamkota override 1608011007001 rawan --by 'AKP A' --reason '...'",
        ),
    )
