"""A progress bar on stderr for work that a person watches; silent everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sispamkota.cli.output import console
from sispamkota.kernel.text import Lang, Text

STEPS: dict[str, tuple[Text, float, float]] = {
    "gather": (Text("mengumpulkan data", "gathering inputs"), 0.0, 0.05),
    "prices": (Text("mencari harga tim", "pricing teams"), 0.05, 0.25),
    "search": (Text("mencari beat", "searching beats"), 0.25, 0.85),
    "bound": (Text("menghitung batas bawah", "computing the bound"), 0.85, 0.9),
    "certify": (Text("membuktikan per kecamatan", "proving each kecamatan"), 0.9, 1.0),
}
"""Planner's step → what it says and the part of the bar it fills."""


@contextmanager
def planning_bar(lang: Lang) -> Iterator[Callable[[str, float], None]]:
    """Yield a callback that the planner tells its step and the part done (0..1)."""
    out = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=1.0)

        def tell(step: str, part: float) -> None:
            text, start, end = STEPS[step]
            done = max(bar.tasks[0].completed, start + (end - start) * part)
            bar.update(task, completed=done, description=text.in_(lang))

        yield tell
