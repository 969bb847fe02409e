"""How results are told: one line per figure, with its target and whether it is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: what was measured, the value, and whether the target is met."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


def percent(part: float, digits: int = 2) -> str:
    return f"{100 * part:.{digits}f} %"


def at_most(what: str, value: float, limit: float, show: Callable[[float], str]) -> Line:
    return Line(what=what, value=show(value), target=f"<= {show(limit)}", met=value <= limit)


def seconds(value: float) -> str:
    return f"{value:.3g} s" if value < 1000 else f"{value:,.0f} s"


def megabytes(value: float) -> str:
    return f"{value:,.0f} MB"


def at_least(what: str, value: float, limit: float, show: Callable[[float], str]) -> Line:
    return Line(what=what, value=show(value), target=f">= {show(limit)}", met=value >= limit)


def times(value: float) -> str:
    return f"{value:,.1f} x"


def milliseconds(value: float) -> str:
    return f"{1000 * value:.2f} ms"
