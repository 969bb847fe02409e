"""How commands speak: one JSON object or readable lines, exit codes, never a traceback.

Exit codes (design.md section 3): 0 done, 1 done with findings, 2 bad input or usage.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console
from rich.table import Table

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.kernel.times import in_wib

DONE, FINDINGS, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130  # as shells report a program stopped by Ctrl-C
SHOWN_PROBLEMS = 20
PLAIN_WIDTH = 160  # columns where nobody watches: a file or a pipe

F = TypeVar("F", bound=Callable[..., Any])


def console(*, stderr: bool = False) -> Console:
    """Return a console that keeps plain text plain when nobody watches."""
    shown = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not shown.is_terminal:
        shown.width = PLAIN_WIDTH
    return shown


def emit_json(body: dict[str, Any]) -> None:
    """Print the one JSON object of a command on stdout."""
    json.dump(body, sys.stdout, ensure_ascii=False, default=str)
    sys.stdout.write("\n")


def emit_table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers are aligned right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    body = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    for i, header in enumerate(headers):
        numeric = bool(body) and all(_is_number(row[i]) for row in body)
        table.add_column(header, justify="right" if numeric else "left")
    for row in body:
        table.add_row(*row)
    console().print(table)


def wib(moment: str | None) -> str:
    """Return a moment of an answer as a clock in WIB shows it; "" for none."""
    return f"{in_wib(dt.datetime.fromisoformat(moment)):%Y-%m-%d %H:%M}" if moment else ""


def _is_number(cell: str) -> bool:
    return cell == "" or cell.replace(".", "").replace(",", "").lstrip("-+").isdigit()


def say(text: Text, lang: Lang) -> None:
    """Print a message for a person on stderr, so that stdout stays the result alone."""
    console(stderr=True).print(text.in_(lang), markup=False)


def fail(error: DomainError, lang: Lang, *, as_json: bool) -> NoReturn:
    """Print the error with where and remedy and leave with exit code 2."""
    if as_json:
        emit_json({"error": error.as_json(lang)})
    else:
        out = console(stderr=True)
        out.print(f"{error.code}: {error.message.in_(lang)}", markup=False)
        for problem in error.problems[:SHOWN_PROBLEMS]:
            out.print("  " + _problem_line(problem.as_json(lang), lang), markup=False)
        hidden = len(error.problems) - SHOWN_PROBLEMS
        if hidden > 0:
            out.print(
                Text(
                    f"  … dan {hidden} lagi (--json untuk semua)",
                    f"  … and {hidden} more (--json for all)",
                ).in_(lang)
            )
        out.print(
            ("Perbaikan: " if lang == "id" else "Remedy: ") + error.remedy.in_(lang), markup=False
        )
    raise click.exceptions.Exit(BAD_INPUT)


def _problem_line(problem: dict[str, Any], lang: Lang) -> str:
    row = Text("baris", "row").in_(lang)
    column = Text("kolom", "column").in_(lang)
    place = [problem["where"]] if problem["where"] else []
    place += [f"{row} {problem['row']}"] if problem["row"] is not None else []
    place += [f"{column} {problem['column']}"] if problem["column"] else []
    value = f" [{problem['value']}]" if problem["value"] is not None else ""
    return f"{', '.join(place)}{value}: {problem['message']} → {problem['remedy']}"
