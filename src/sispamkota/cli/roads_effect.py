"""What closures do to TPS, in a few lines for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sispamkota.cli.output import console
from sispamkota.kernel.text import Lang, Text, number

SHOWN_TPS = 10


def show_effect(found: Mapping[str, Any], lang: Lang) -> None:
    """Print whom closures cut off and slow down, and what to be warned of."""
    out = console()
    cut, slow = found["isolated"], found["slower"]
    effect = Text(
        f"TPS terputus dari semua pos: {number(cut['tps'], 'id')} "
        f"({number(cut['voters'], 'id')} pemilih); waktu tempuh berlipat dua: "
        f"{number(slow['tps'], 'id')}",
        f"TPS cut off from every post: {number(cut['tps'], 'en')} "
        f"({number(cut['voters'], 'en')} voters); twice as long: {number(slow['tps'], 'en')}",
    )
    out.print(effect.in_(lang), markup=False)
    if cut["on_closed_road"]:
        own = Text(
            f"  {cut['on_closed_road']} di antaranya di ruas yang ditutup itu sendiri",
            f"  {cut['on_closed_road']} of them on the closed road itself",
        )
        out.print(own.in_(lang), markup=False)
    for row in cut["list"][:SHOWN_TPS]:
        out.print(f"  {row['tps']}  {row['name']}", markup=False)
    for warning in found.get("warnings", ()):
        out.print(f"  {Text('Peringatan', 'Warning').in_(lang)}: {warning}", markup=False)
