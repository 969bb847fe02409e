"""The arithmetic rules of published figures, as data (`data/reconcile.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sispamkota.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`stated` should be the sum of `terms` (measure → factor) plus the `optional` ones given."""

    id: str
    what: Text
    stated: str
    terms: dict[str, int]
    optional: dict[str, int]
    stages: tuple[str, ...]
    note: Text | None


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return the rules of the packaged data file, in its order."""
    return tuple(
        Rule(
            id=r["id"],
            what=Text(r["what_id"], r["what_en"]),
            stated=r["stated"],
            terms=r["terms"],
            optional=r.get("optional", {}),
            stages=tuple(r.get("stages", ())),
            note=Text(r["note_id"], r["note_en"]) if "note_id" in r else None,
        )
        for r in _data()["rule"]
    )


def measure_name(measure: str) -> Text:
    """Return a measure as people call it; an unknown one by its own name."""
    names = _data()["names"].get(measure)
    return Text(names[0], names[1]) if names else Text(measure, measure)


@cache
def _data() -> dict[str, Any]:
    text = files("sispamkota.data").joinpath("reconcile.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
