"""What every command shares: workspace, language, JSON switch, and errors told, never traced."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sispamkota.cli.output import emit_json, fail
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The setting of one command: where it works and how it speaks."""

    workspace: Path
    lang: Lang
    as_json: bool

    def text(self, text: Text) -> str:
        """Return `text` in the command's language."""
        return text.in_(self.lang)

    def result(self, body: dict[str, Any], show: Callable[[], None]) -> None:
        """Print `body` as JSON where asked for, else let `show` print for a person."""
        if self.as_json:
            emit_json(body)
        else:
            show()


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--workspace --lang --json`, a `Shell` as first argument, and told errors."""

    @click.option(
        "--workspace",
        "-w",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        show_default="current folder",
        help="Workspace folder.",
    )
    @click.option(
        "--lang",
        type=click.Choice(["id", "en"]),
        default=None,
        help="Language of messages and results (default: SISPAMKOTA_LANG, else id).",
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
    @functools.wraps(command)
    def run(workspace: Path, lang: str | None, as_json: bool, **options: Any) -> Any:  # noqa: FBT001
        chosen: Lang = "en" if (lang or os.environ.get("SISPAMKOTA_LANG")) == "en" else "id"
        shell = Shell(workspace=workspace, lang=chosen, as_json=as_json)
        try:
            return command(shell, **options)
        except DomainError as error:
            fail(error, chosen, as_json=as_json)
        except (click.exceptions.ClickException, click.exceptions.Exit, click.exceptions.Abort):
            raise
        except Exception as error:
            if os.environ.get("SISPAMKOTA_DEBUG"):
                raise
            fail(_unforeseen(error), chosen, as_json=as_json)

    return run


def _unforeseen(error: Exception) -> DomainError:
    what = f"{type(error).__name__}: {error}"[:300]
    return DomainError(
        "internal_error",
        Text(f"kesalahan tak terduga di program ini ({what})", f"a fault in this program ({what})"),
        Text(
            "Laporkan perintah dan berkasnya; SISPAMKOTA_DEBUG=1 menampilkan rinciannya.",
            "Report the command and its file; SISPAMKOTA_DEBUG=1 shows the details.",
        ),
    )
