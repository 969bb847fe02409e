"""Doctrine patterns by name: those that come with the product, and a Polres's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.pattern_types import CATEGORIES, LINMAS_PER_TPS, Guard, Pattern, Remark
from sispamkota.planning.patterns_parse import parse_patterns

__all__ = [
    "CATEGORIES",
    "DEFAULT_PATTERN",
    "LINMAS_PER_TPS",
    "Guard",
    "Pattern",
    "Remark",
    "default_patterns",
    "find_pattern",
    "load_patterns",
    "parse_patterns",
]

DEFAULT_PATTERN = "pemilu-2024-2.16.32"
_DEFAULT_EVENT = "pemilu-2024"


@cache
def load_patterns() -> tuple[Pattern, ...]:
    """Return the patterns that come with the product, sorted by file and place in it."""
    folder = files("sispamkota.data") / "doctrine"
    tables: list[Any] = []
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")):
        tables += tomllib.loads((folder / name).read_text(encoding="utf-8"))["pattern"]
    return parse_patterns({"pattern": tables}, file="sispamkota.data/doctrine")


def default_patterns(patterns: tuple[Pattern, ...] | None = None) -> tuple[Pattern, ...]:
    """Return the ratio patterns of the 2024 general election, from dense to sparse."""
    chosen = load_patterns() if patterns is None else patterns
    return tuple(p for p in chosen if p.event == _DEFAULT_EVENT and p.kind == "ratio")


def find_pattern(name: str, own: tuple[Pattern, ...] = ()) -> Pattern:
    """Return the pattern of this name.

    Args:
        name: as written in the configuration or after `--pattern`.
        own: a Polres's own patterns (`[[pattern]]` of sispamkota.toml); they win over built-in.

    Raises:
        DomainError: `unknown_pattern`, listing the names there are.
    """
    known = {p.name: p for p in (*load_patterns(), *own)}
    if name in known:
        return known[name]
    names = ", ".join(known)
    raise DomainError(
        "unknown_pattern",
        Text(f"pola '{name}' tidak dikenal", f"pattern '{name}' is not known"),
        Text(
            f"Pilih salah satu: {names}; atau tulis pola sendiri sebagai [[pattern]] di"
            " sispamkota.toml.",
            f"Choose one of: {names}; or write your own as [[pattern]] in sispamkota.toml.",
        ),
        {"pattern": name},
    )
