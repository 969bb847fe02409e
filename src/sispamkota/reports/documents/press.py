"""The press: template and values in, PDF out; offline, embedded fonts only, same in same out.

Values travel as JSON in a virtual file and are set as text; nothing a user wrote is ever markup.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

import typst

Template = Literal["chapters", "orders"]
TEMPLATES = "sispamkota.reports.documents"
LONGEST_WORD = 24  # letters that stand without a place to break

_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
# Control characters and the marks that turn the direction of the text around them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")


def print_pdf(template: Template, values: Mapping[str, Any], made_at: dt.datetime) -> bytes:
    """Return the PDF of a template filled with values.

    Args:
        template: name of a .typ file of this package.
        values: what the template shows; texts are made printable on the way.
        made_at: time written into the PDF's own data; with it the bytes repeat.
    """
    folder = resources.files(TEMPLATES)
    files = {
        "main.typ": folder.joinpath(f"{template}.typ").read_bytes(),
        "paper.typ": folder.joinpath("paper.typ").read_bytes(),
        "data.json": json.dumps(printable(values), ensure_ascii=False).encode(),
    }
    # The stubs of typst know no mapping of virtual files, which its compiler takes.
    press: Any = typst.compile
    body = press(
        files,
        format="pdf",
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()),
        # Marks for screen readers make the orders six times as large; those are for paper.
        pdf_tags=template == "chapters",
    )
    assert isinstance(body, bytes)
    return body


def printable(value: Any) -> Any:
    """Return a value whose texts fit on paper: no control marks, places to break in long words."""
    if isinstance(value, Mapping):
        return {
            key: _plain(part) if key in ("svg", "qr") else printable(part)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [printable(part) for part in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return _LONG.sub(lambda long: _broken(long.group()), _plain(text))


def _plain(text: str) -> str:
    """Return text without what neither paper nor XML can hold."""
    return _UNPRINTABLE.sub(" ", text.encode("utf-8", "replace").decode())


def _broken(word: str) -> str:
    # A zero-width space lets a line end there; breaks after a stroke of an address come first.
    parts = re.split(r"(?<=[/\-_.?=&])", word)
    return "\u200b".join(
        part[i : i + LONGEST_WORD] for part in parts for i in range(0, len(part), LONGEST_WORD)
    )
