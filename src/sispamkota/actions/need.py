"""What a doctrine pattern needs and what there is: from a workspace, or from bare counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sispamkota.actions.roster import roster_in_force
from sispamkota.forces.strength import Strength, available_people, released_of
from sispamkota.kernel.text import Lang, Text
from sispamkota.planning.need import (
    GROUPINGS,
    Available,
    Grouping,
    Need,
    need_from_counts,
    need_from_tally,
)
from sispamkota.planning.need_tally import tally_scores
from sispamkota.planning.patterns import (
    DEFAULT_PATTERN,
    Pattern,
    default_patterns,
    find_pattern,
    parse_patterns,
)
from sispamkota.storage.workspace import CONFIG_NAME, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedReport:
    """Needs under several patterns and groupings, and which of them are judged.

    Attributes:
        needs: one per pattern and grouping, in the order asked.
        judged: patterns whose shortage or breach is a finding: those named, else the one in force.
        grouping: the grouping that is judged (the planner's, where a workspace sets it).
        areas: kecamatan code → name, where known.
        assumed: why the people available are generated (CONTOH), None where they are real.
    """

    needs: tuple[Need, ...]
    judged: frozenset[str]
    grouping: Grouping
    areas: Mapping[str, str] = field(default_factory=dict)
    assumed: Text | None = None

    @property
    def decisive(self) -> tuple[Need, ...]:
        """The needs that are judged."""
        return tuple(n for n in self.needs if n.pattern in self.judged and self._judges(n))

    @property
    def findings(self) -> bool:
        """Whether a judged pattern is short of people, may be, or breaks the two-officer rule."""
        return any(need.short or need.breach for need in self.decisive)

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the object of `need --json` (design.md section 3)."""
        return {
            "patterns": [need.as_json(lang) for need in self.needs],
            "judged": {"patterns": sorted(self.judged), "grouping": self.grouping},
            "assumptions": [self.assumed.in_(lang)] if self.assumed else [],
        }

    def _judges(self, need: Need) -> bool:
        there = {n.grouping for n in self.needs}
        return need.grouping == self.grouping or self.grouping not in there


def need(
    workspace: Workspace,
    patterns: Sequence[str] = (),
    groupings: Sequence[Grouping] = GROUPINGS,
    available: Available | None = None,
    strength: Strength | None = None,
) -> NeedReport:
    """Return the need of a workspace's TPS at their classes, against its roster.

    Args:
        workspace: an open workspace.
        patterns: names; none = those of the 2024 general election, the one in force and the
            workspace's own.
        groupings: areas inside which TPS share a team.
        available: persons by force that replace the roster's, e.g. to try another strength.
        strength: how to read the roster (see `available_people`); by default as configured.

    Raises:
        DomainError: `unknown_pattern`, `bad_input` for a bad `[[pattern]]`, or what scoring says.
    """
    # Scoring loads the indicator catalogue, which bare counts need not wait for.
    from sispamkota.actions.vulnerability import assess  # noqa: PLC0415

    config = workspace.config
    own = parse_patterns({"pattern": list(config.pattern)}, CONFIG_NAME)
    in_force = find_pattern(config.doctrine.pattern, own)
    chosen = (
        tuple(find_pattern(name, own) for name in patterns)
        if patterns
        else _distinct((*default_patterns(), in_force, *own))
    )
    roster = roster_in_force(workspace)
    people: dict[str, int | None] = dict(
        available_people(roster.personnel, strength or config.planning.strength)
    )
    people |= {force: count for force, count in (available or {}).items() if count is not None}
    tally = tally_scores(assess(workspace).scored.scores)
    return NeedReport(
        needs=tuple(
            need_from_tally(tally, pattern, grouping, people)
            for pattern in chosen
            for grouping in groupings
        ),
        judged=frozenset(p.name for p in chosen) if patterns else frozenset({in_force.name}),
        grouping=config.planning.grouping,
        areas=_kecamatan_names(workspace.store.current("areas")),
        assumed=roster.assumed,
    )


def need_of_counts(
    counts: Mapping[str, int],
    patterns: Sequence[str] = (),
    *,
    available: Available | None = None,
    strength: Strength = "released",
    kecamatan: int | None = None,
) -> NeedReport:
    """Return the need of bare TPS counts; no workspace is touched.

    Args:
        counts: category → TPS, khusus apart.
        patterns: names; none = those of the 2024 general election.
        available: persons by force.
        strength: `whole` = the Polri given are the whole Polres; a third stays as reserve.
        kecamatan: number of kecamatan, for patterns with standby per kecamatan.

    Raises:
        DomainError: `unknown_pattern`, or what `need_from_counts` refuses.
    """
    chosen = tuple(find_pattern(name) for name in patterns) if patterns else default_patterns()
    people = dict(available or {})
    polri = people.get("polri")
    if strength == "whole" and polri is not None:
        people["polri"] = released_of(polri)
    return NeedReport(
        needs=tuple(
            need_from_counts(counts, pattern, available=people, kecamatan=kecamatan)
            for pattern in chosen
        ),
        judged=frozenset(p.name for p in chosen) if patterns else frozenset({DEFAULT_PATTERN}),
        grouping="regency",
    )


def _distinct(patterns: Sequence[Pattern]) -> tuple[Pattern, ...]:
    return tuple({pattern.name: pattern for pattern in patterns}.values())


def _kecamatan_names(areas: pl.DataFrame) -> dict[str, str]:
    kecamatan = areas.filter(pl.col("level") == "kecamatan").select("code", "name")
    return {str(code): str(name or code) for code, name in kecamatan.iter_rows()}
