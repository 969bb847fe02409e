"""A progress bar on stderr for work that a person watches; silent everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sispamkota.cli.output import console
from sispamkota.kernel.text import Lang, Text

STEPS: dict[str, tuple[Text, float, float]] = {
    "gather": (Text("mengumpulkan data", "gathering inputs"), 0.0, 0.05),
    "prices": (Text("mencari harga tim", "pricing teams"), 0.05, 0.25),
    "search": (Text("mencari beat", "searching beats"), 0.25, 0.85),
    "bound": (Text("menghitung batas bawah", "computing the bound"), 0.85, 0.9),
    "certify": (Text("membuktikan per kecamatan", "proving each kecamatan"), 0.9, 0.95),
    "compare": (Text("membandingkan garis lurus", "comparing straight lines"), 0.95, 1.0),
}
"""Planner's step → what it says and the part of the bar it fills."""


READING = Text("membaca jalan", "reading roads")
ROAD_STEPS: dict[str, tuple[Text, float, float]] = {
    "fetch": (Text("mengunduh", "fetching"), 0.0, 1.0),
    # the reader tells the part of all its work with each step
    "read": (READING, 0.0, 0.85),
    "build": (Text("menyusun jaringan", "building the network"), 0.0, 0.85),
    "connect": (Text("memeriksa sambungan", "checking connections"), 0.0, 0.85),
    "judge": (Text("menempatkan TPS, pos, desa", "placing TPS, posts, desa"), 0.85, 0.95),
    "keep": (Text("menyimpan", "keeping"), 0.95, 1.0),
    "order": (Text("menyiapkan rute", "preparing routes"), 0.0, 0.5),
    "matrix": (Text("menghitung waktu tempuh", "computing travel times"), 0.5, 1.0),
    "critical": (Text("menguji tiap ruas", "testing each road"), 0.0, 1.0),
}
"""Steps of work on roads, as `STEPS`."""


TRAFFIC_STEPS: dict[str, tuple[Text, float, float]] = {
    # the planner tells the part of all its work with each step
    "gather": (Text("mengumpulkan data", "gathering inputs"), 0.0, 1.0),
    "places": (Text("menempatkan kegiatan di jalan", "putting events on the roads"), 0.0, 1.0),
    "closures": (Text("memilih penutupan", "choosing closures"), 0.0, 1.0),
    "demand": (Text("memperkirakan lalu lintas", "estimating traffic"), 0.0, 1.0),
    "assignment": (Text("membebani jalan", "loading the roads"), 0.0, 1.0),
    "approaches": (Text("memisahkan kelompok", "keeping groups apart"), 0.0, 1.0),
    "escorts": (Text("mencari jalur kawal", "finding ways of escorts"), 0.0, 1.0),
    "posts": (Text("menempatkan petugas", "placing officers"), 0.0, 1.0),
    "document": (Text("menulis rencana", "writing the plan"), 0.0, 1.0),
}
"""Steps of a traffic plan, as `STEPS`."""


@contextmanager
def traffic_bar(lang: Lang) -> Iterator[Callable[[str, float], None]]:
    """Yield a callback that the planner of traffic tells its step and the part done (0..1)."""
    with _bar(lang, TRAFFIC_STEPS) as tell:
        yield tell


SUMO_STEPS: dict[str, tuple[Text, float, float]] = {
    "write": (Text("menulis jaringan dan lalu lintas", "writing roads and traffic"), 0.0, 0.3),
    "simulate": (Text("menjalankan SUMO", "running SUMO"), 0.3, 1.0),
}
"""Steps of a simulation, as `STEPS`."""


@contextmanager
def sumo_bar(lang: Lang) -> Iterator[Callable[[str, float], None]]:
    """Yield a callback that a simulation tells its step and the part done (0..1)."""
    with _bar(lang, SUMO_STEPS) as tell:
        yield tell


@contextmanager
def planning_bar(lang: Lang) -> Iterator[Callable[[str, float], None]]:
    """Yield a callback that the planner tells its step and the part done (0..1)."""
    with _bar(lang, STEPS) as tell:
        yield tell


@contextmanager
def roads_bar(lang: Lang) -> Iterator[Callable[[str, float], None]]:
    """Yield a callback that work on roads tells its step and the part done (0..1)."""
    with _bar(lang, ROAD_STEPS) as tell:
        yield tell


@contextmanager
def _bar(
    lang: Lang, steps: Mapping[str, tuple[Text, float, float]]
) -> Iterator[Callable[[str, float], None]]:
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
            text, start, end = steps.get(step, (READING, 0.0, 0.85))
            done = max(bar.tasks[0].completed, start + (end - start) * part)
            bar.update(task, completed=done, description=text.in_(lang))

        yield tell
