"""Errors are for the reader: what is wrong, where, and what to do about it.

Nothing here knows of exit codes or HTTP; the command line and the API map `code` to those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sispamkota.kernel.text import Lang, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one place of an input; `row` counts from 1 as the reader sees the file.

    The header is row 1 of a CSV or a sheet; `where` adds what is not a row (sheet, feature number).
    """

    code: str
    message: Text
    remedy: Text
    row: int | None = None
    column: str | None = None
    value: str | None = None
    where: str | None = None

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the problem as the JSON object that `--json` prints."""
        return {
            "code": self.code,
            "message": self.message.in_(lang),
            "remedy": self.remedy.in_(lang),
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "where": self.where,
        }


class DomainError(Exception):
    """A request that cannot be met, told to the person who made it.

    Args:
        code: stable English snake_case name; programs may rely on it.
        message: what is wrong, in both languages.
        remedy: what to do about it, in both languages.
        where: facts that locate it (file, row, column, value, tps, ...).
        problems: all single problems when one input has several.
    """

    def __init__(
        self,
        code: str,
        message: Text,
        remedy: Text,
        where: Mapping[str, Any] | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.where = dict(where or {})
        self.problems = tuple(problems)

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the `error` object of design.md section 3."""
        body: dict[str, Any] = {
            "code": self.code,
            "message": self.message.in_(lang),
            "where": self.where,
            "remedy": self.remedy.in_(lang),
        }
        if self.problems:
            body["problems"] = [p.as_json(lang) for p in self.problems]
        return body


@dataclass(slots=True)
class Findings:
    """Collector of problems, so that a reader learns of all of them at once, not one a try."""

    problems: list[Problem] = field(default_factory=list)
    limit: int = 1000
    dropped: int = 0
    _told: set[int] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Keep the problem; past `limit` only count it (a 200 MB file of rubbish).

        One cell may be read for two columns; its problem is told once.
        """
        told = hash((problem.code, problem.message, problem.row, problem.column, problem.where))
        if told in self._told:
            return
        self._told.add(told)
        if len(self.problems) < self.limit:
            self.problems.append(problem)
        else:
            self.dropped += 1

    def __bool__(self) -> bool:
        return bool(self.problems)

    def raise_if_any(self, file: str) -> None:
        """Raise one `bad_input` error carrying every problem, or do nothing.

        Raises:
            DomainError: when at least one problem was added.
        """
        if not self.problems:
            return
        count = len(self.problems) + self.dropped
        first = self.problems[0]
        where = {
            "file": file,
            "row": first.row,
            "column": first.column,
            "value": first.value,
            "count": count,
        }
        raise DomainError(
            "bad_input",
            Text(
                f"{file}: {count} masalah; tidak ada yang diimpor. Pertama: {first.message.id}",
                f"{file}: {count} problem(s); nothing was imported. First: {first.message.en}",
            ),
            first.remedy,
            where,
            self.problems,
        )
