"""`sispamkota serve`: the workspace's page on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from sispamkota.cli.output import emit_json, say
from sispamkota.cli.shell import Shell, shared
from sispamkota.kernel.text import Lang, Text
from sispamkota.server.static import serve_folder
from sispamkota.storage.workspace import Workspace, open_workspace

PAGES: dict[Lang, str] = {"id": "index.html", "en": "index.en.html"}


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on 127.0.0.1; 0 picks a free one.",
)
@shared
def serve(shell: Shell, port: int) -> None:
    """Show the map, need and plan as a page on this machine, until Ctrl-C."""
    with open_workspace(shell.workspace) as workspace:
        site = render_site(workspace)
    serve_site(shell, site, port)


def render_site(workspace: Workspace) -> Path:
    """Write the page in both languages into the workspace's site folder and return the folder."""
    # Rendering brings in the domain packages, which `serve --help` need not wait for.
    from sispamkota.actions.export import export_html  # noqa: PLC0415

    workspace.site.mkdir(exist_ok=True)
    for lang, page in PAGES.items():
        other = PAGES["en" if lang == "id" else "id"]
        export_html(workspace, workspace.site / page, lang, other=other)
    return workspace.site


def serve_site(shell: Shell, site: Path, port: int) -> None:
    """Serve rendered pages until Ctrl-C or SIGTERM and say where they are."""

    def ready(url: str) -> None:
        if shell.as_json:
            emit_json({"url": url, "folder": str(site)})
        else:
            say(_invitation(url), shell.lang)

    serve_folder(site, port, ready=ready)


def _invitation(url: str) -> Text:
    return Text(
        f"Buka {url} (English: {url}{PAGES['en']}) di komputer ini. Berhenti: Ctrl-C.",
        f"Open {url}{PAGES['en']} (Indonesian: {url}) on this computer. Stop: Ctrl-C.",
    )
