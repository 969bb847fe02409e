"""`sispamkota user`: accounts of named people, made on the machine itself."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import click

from sispamkota.access.functions import agencies, functions
from sispamkota.cli.output import console, emit_table, say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Text
from sispamkota.storage.workspace import open_workspace


@click.group()
def user() -> None:
    """Give, list, revoke and reset accounts."""


@user.command()
@click.argument("name")
@click.option("--person", required=True, help="Who it is; written beside what they decide.")
@click.option("--agency", required=True, type=click.Choice(list(agencies())), help="Agency.")
@click.option(
    "--function", required=True, type=click.Choice(list(functions())), help="Function (jabatan)."
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="CODE",
    help="Kecamatan code (repeatable); none = all.",
)
@shared
def add(
    shell: Shell, name: str, person: str, agency: str, function: str, areas: tuple[str, ...]
) -> None:
    """Give an account; its one-time password and second factor are shown once."""
    from sispamkota.actions.users import COMMAND_LINE, Holder, add_user  # noqa: PLC0415

    holder = Holder(name=name, person=person, agency=agency, function=function, areas=areas)
    with open_workspace(shell.workspace) as workspace:
        made = add_user(workspace, holder, by=COMMAND_LINE, now=dt.datetime.now(dt.UTC))
        _note(workspace, "user.add", made.account.id, {"name": made.account.name})
    _show_access(shell, made)


@user.command()
@click.argument("name")
@shared
def reset(shell: Shell, name: str) -> None:
    """Give a new one-time password and second factor; open sessions end."""
    from sispamkota.actions.users import reset_user  # noqa: PLC0415

    with open_workspace(shell.workspace) as workspace:
        made = reset_user(workspace, name)
        _note(workspace, "user.reset", made.account.id, {"name": made.account.name})
    _show_access(shell, made)


@user.command()
@click.argument("name")
@shared
def revoke(shell: Shell, name: str) -> None:
    """End an account and its sessions; what it signed stays."""
    from sispamkota.actions.users import revoke_user  # noqa: PLC0415

    with open_workspace(shell.workspace) as workspace:
        account = revoke_user(workspace, name, dt.datetime.now(dt.UTC))
        _note(workspace, "user.revoke", account.id, {"name": account.name})
    done = Text(f"Akun '{account.name}' dicabut.", f"Account '{account.name}' is revoked.")
    shell.result({"account": account.id, "name": account.name}, lambda: say(done, shell.lang))


@user.command("list")
@shared
def list_(shell: Shell) -> None:
    """List the accounts."""
    from sispamkota.actions.users import users_json  # noqa: PLC0415

    with open_workspace(shell.workspace) as workspace:
        rows = users_json(workspace.accounts.accounts(), shell.lang)
    heads = Text("Akun|Orang|Instansi|Jabatan|Wilayah|Dibuat|Dicabut",
                 "Account|Person|Agency|Function|Areas|Made|Revoked")  # fmt: skip

    def show() -> None:
        emit_table(
            shell.text(Text("Akun", "Accounts")),
            shell.text(heads).split("|"),
            [
                (
                    row["name"] + (" (demo)" if row["demo"] else ""),
                    row["person"],
                    row["agency_name"],
                    row["function_name"],
                    " ".join(row["areas"]) or "-",
                    row["created_at"].date(),
                    row["revoked_at"].date() if row["revoked_at"] else "-",
                )
                for row in rows
            ],
        )

    shell.result({"users": rows}, show)


def _note(workspace: Any, action: str, subject: str, detail: dict[str, Any]) -> None:
    from sispamkota.actions.users import COMMAND_LINE  # noqa: PLC0415
    from sispamkota.storage.accounts import AuditEntry  # noqa: PLC0415

    workspace.accounts.audit(
        AuditEntry(
            at=dt.datetime.now(dt.UTC),
            account=None,
            name=COMMAND_LINE,
            action=action,
            subject=subject,
            detail=detail,
        )
    )


def _show_access(shell: Shell, made: Any) -> None:
    import segno  # noqa: PLC0415

    body = {
        "account": made.account.id,
        "name": made.account.name,
        "one_time_password": made.password,
        "totp_uri": made.totp_uri,
    }

    def show() -> None:
        drawn = io.StringIO()
        segno.make(made.totp_uri, micro=False).terminal(drawn, compact=True)
        out = console()
        for line in (
            Text(f"Akun: {made.account.name}", f"Account: {made.account.name}"),
            Text(
                f"Kata sandi sekali pakai: {made.password}", f"One-time password: {made.password}"
            ),
            Text("Pindai dengan aplikasi autentikator:", "Scan with an authenticator app:"),
        ):
            out.print(shell.text(line), markup=False)
        out.print(drawn.getvalue(), markup=False)
        out.print(made.totp_uri, markup=False)
        last = Text(
            "Serahkan langsung kepada orangnya; keduanya tidak dapat ditampilkan lagi.",
            "Hand it to the person; neither can be shown again.",
        )
        say(last, shell.lang)

    shell.result(body, show)
