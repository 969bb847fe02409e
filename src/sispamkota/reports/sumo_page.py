"""A simulation drawn: one page with the runs before and under the closures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from sispamkota.kernel.text import Lang, Text, number
from sispamkota.reports.sumo import Run

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 220, 56, 28
COLOURS = {"before": "#1f6f54", "after": "#b3541e"}
NAMES = {
    "before": Text("sebelum penutupan", "before the closures"),
    "after": Text("dengan penutupan", "under the closures"),
}
ROWS: tuple[tuple[str, Text], ...] = (
    ("loaded", Text("kendaraan", "vehicles")),
    ("completed", Text("sampai tujuan", "completed trips")),
    ("running", Text("masih di jalan", "still on the way")),
    ("waiting", Text("tidak dapat berangkat", "could not set out")),
    ("mean_travel_s", Text("rata-rata waktu tempuh (detik)", "mean travel time (s)")),
    ("mean_time_lost_s", Text("rata-rata waktu hilang (detik)", "mean time lost (s)")),
    ("mean_depart_delay_s", Text("rata-rata tunggu berangkat (detik)", "mean wait to set out (s)")),
    ("longest_queue", Text("kendaraan berhenti terbanyak", "most vehicles standing")),
    ("teleports", Text("kendaraan dipindahkan SUMO", "vehicles lifted on by SUMO")),
)


def page(title: str, told: Sequence[Text], runs: Mapping[str, Run], lang: Lang) -> str:
    """Return the page as self-contained HTML.

    Args:
        title: name of the plan and event.
        told: what the figures rest on.
        runs: `before` and `after`.
        lang: language.
    """
    head = "".join(f"<th>{escape(NAMES[name].in_(lang))}</th>" for name in runs)
    figures = {name: run.as_json() for name, run in runs.items()}
    body = "".join(
        f"<tr><td>{escape(label.in_(lang))}</td>"
        + "".join(f"<td class=n>{figure(figures[name][key], lang)}</td>" for name in runs)
        + "</tr>"
        for key, label in ROWS
    )
    words = "".join(f"<p>{escape(text.in_(lang))}</p>" for text in told)
    charts = "".join(
        f"<h2>{escape(label.in_(lang))}</h2>{chart(runs, column, lang)}"
        for column, label in (
            (2, Text("Kendaraan yang berhenti", "Vehicles standing still")),
            (1, Text("Kendaraan di jalan", "Vehicles on the way")),
        )
    )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;"
        "padding:0 1rem;color:#1c1c1c}table{border-collapse:collapse}td,th{padding:.25rem .75rem;"
        "border-bottom:1px solid #ddd;text-align:left}td.n{text-align:right}svg{max-width:100%;"
        "height:auto}</style>"
        f"<h1>{escape(title)}</h1><table><tr><th></th>{head}</tr>{body}</table>{charts}{words}</html>\n"
    )


def chart(runs: Mapping[str, Run], column: int, lang: Lang) -> str:
    """Return lines over time, one per run, as an SVG image with its own words for who listens."""
    end = max((row[0] for run in runs.values() for row in run.curve), default=0.0) or 1.0
    top = max((row[column] for run in runs.values() for row in run.curve), default=0) or 1
    parts = [_axis(end, top, lang)]
    for at, (name, run) in enumerate(runs.items()):
        points = " ".join(
            f"{_x(row[0], end):.1f},{_y(float(row[column]), top):.1f}" for row in run.curve
        )
        dash = ' stroke-dasharray="6 4"' if at else ""
        parts.append(
            f'<polyline fill="none" stroke="{COLOURS[name]}" stroke-width="2"{dash} '
            f'points="{points}"/>'
            f'<text x="{LEFT + 8 + 220 * at}" y="14" fill="{COLOURS[name]}" font-size="13">'
            f"{'- -' if at else '—'} {escape(NAMES[name].in_(lang))}</text>"
        )
    most = ", ".join(
        f"{NAMES[name].in_(lang)}: {max((r[column] for r in run.curve), default=0)}"
        for name, run in runs.items()
    )
    said = escape(Text(f"paling banyak {most}", f"at most {most}").in_(lang))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{said}">{"".join(parts)}</svg>'
    )


def _axis(end: float, top: float, lang: Lang) -> str:
    floor = HEIGHT - BOTTOM
    minutes = Text("menit", "minutes").in_(lang)
    marks = [
        f'<path d="M{LEFT} 20V{floor}H{WIDTH - 8}" fill="none" stroke="#888"/>',
        f'<text x="{LEFT - 6}" y="28" text-anchor="end" font-size="12">{number(top, lang)}</text>',
        f'<text x="{LEFT - 6}" y="{floor}" text-anchor="end" font-size="12">0</text>',
    ]
    for part in (0.0, 0.5, 1.0):
        anchor = "end" if part == 1.0 else "middle"
        marks.append(
            f'<text x="{_x(part * end, end):.0f}" y="{HEIGHT - 8}" text-anchor="{anchor}" '
            f'font-size="12">{number(part * end / 60, lang)} {minutes}</text>'
        )
    return "".join(marks)


def _x(seconds: float, end: float) -> float:
    return LEFT + (WIDTH - 8 - LEFT) * seconds / end


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 20) * value / top


def figure(value: float, lang: Lang) -> str:
    """Return a count whole, a mean with one decimal."""
    return number(value, lang, 0 if isinstance(value, int) else 1)


__all__ = ["chart", "figure", "page"]
