"""`sispamkota serve`: the house of the web on this machine, or for a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sispamkota.cli.output import emit_json, say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from sispamkota.server.run import Place

PAGES: dict[Lang, str] = {"id": "index.html", "en": "index.en.html"}
PEM = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to answer on; others than this machine's own need accounts of named people.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 picks a free one.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="A name under which browsers may ask (repeatable); others are refused.",
)
@click.option("--tls-cert", "certificate", type=PEM, help="Certificate (PEM) to speak TLS with.")
@click.option("--tls-key", "key", type=PEM, help="Its private key (PEM).")
@shared
def serve(
    shell: Shell,
    host: str,
    port: int,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Serve the workspace to browsers, until Ctrl-C: planning screen, public page, API."""
    from sispamkota.server.run import Place  # noqa: PLC0415  (so that --help is quick)

    place = Place(host=host, port=port, names=names, certificate=certificate, key=key)
    with open_workspace(shell.workspace) as workspace:
        serve_workspace(shell, workspace, place)


def serve_workspace(shell: Shell, workspace: Workspace, place: Place) -> None:
    """Serve an open workspace until Ctrl-C or SIGTERM and say where it is."""
    from sispamkota.actions.demo_accounts import shown_demo_accounts  # noqa: PLC0415
    from sispamkota.server.run import serve as serve_until_stopped  # noqa: PLC0415

    demo = shown_demo_accounts(workspace, shell.lang) if place.loopback else []

    def ready(url: str) -> None:
        if shell.as_json:
            body = {"url": url, "app": f"{url}app/", "workspace": str(workspace.folder)}
            emit_json({**body, "demo_accounts": demo} if demo else body)
        else:
            for line in _invitation(url, place, [(one["name"], one["password"]) for one in demo]):
                say(line, shell.lang)

    serve_until_stopped(workspace, place, ready)


def _invitation(url: str, place: Place, demo: list[tuple[str, str]]) -> list[Text]:
    lines = [
        Text(
            f"Layar perencanaan: {url}app/  Halaman publik: {url}  Berhenti: Ctrl-C.",
            f"Planning screen: {url}app/  Public page: {url}en  Stop: Ctrl-C.",
        )
    ]
    if demo:
        lines.append(Text("Akun demo (nama / kata sandi):", "Demo accounts (name / password):"))
        lines += [Text(*[f"  {name} / {password}"] * 2) for name, password in demo]
    if not place.loopback and not place.secure:
        lines.append(
            Text(
                "Perhatian: tanpa TLS, kata sandi dapat dibaca di jaringan. Beri --tls-cert dan "
                "--tls-key, atau pasang perantara TLS di depannya.",
                "Beware: without TLS passwords can be read on the network. Give --tls-cert and "
                "--tls-key, or put a TLS proxy in front.",
            )
        )
    return lines


def render_site(workspace: Workspace) -> Path:
    """Write the static page in both languages into the workspace's site folder; return that."""
    # Rendering brings in the domain packages, which `serve --help` need not wait for.
    from sispamkota.actions.export import export_html  # noqa: PLC0415

    workspace.site.mkdir(exist_ok=True)
    for lang, page in PAGES.items():
        other = PAGES["en" if lang == "id" else "id"]
        export_html(workspace, workspace.site / page, lang, other=other)
    return workspace.site
