"""The person in front of the screen, as the rules see them: rights and areas, nothing secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sispamkota.access.functions import KECAMATAN_DIGITS, functions
from sispamkota.access.rights import Right
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

Row = TypeVar("Row", bound=Mapping[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks.

    Attributes:
        account: id of the account.
        name: its sign-in name.
        person: its person's name, written beside what they decide.
        function: id of the function.
        rights: what it may do.
        areas: kecamatan it sees; empty = the whole regency.
    """

    account: str
    name: str
    person: str
    function: str
    rights: frozenset[Right]
    areas: tuple[str, ...] = ()

    def may(self, right: Right) -> bool:
        """Say whether the viewer holds the right."""
        return right in self.rights

    def covers(self, code: str | None) -> bool:
        """Say whether an area, TPS or post code (or its kecamatan) lies in the viewer's areas."""
        if not self.areas:
            return True
        return bool(code) and str(code)[:KECAMATAN_DIGITS] in self.areas

    def require(self, right: Right) -> None:
        """Refuse what the viewer may not do.

        Raises:
            DomainError: `forbidden`.
        """
        if right not in self.rights:
            raise forbidden(right)

    def require_area(self, code: str | None) -> None:
        """Refuse what lies outside the viewer's areas; `code` None = the whole regency.

        Raises:
            DomainError: `outside_area`.
        """
        if not self.covers(code):
            raise _outside_area(code, self.areas)

    def rows(self, rows: Iterable[Row], key: str = "kecamatan") -> list[Row]:
        """Return the rows of the viewer's areas."""
        return [row for row in rows if self.covers(row.get(key))]


def viewer_of(
    account: str, name: str, person: str, function: str, areas: tuple[str, ...]
) -> Viewer:
    """Return the viewer of an account; a function that is no longer known has no right at all."""
    known = functions().get(function)
    return Viewer(
        account=account,
        name=name,
        person=person,
        function=function,
        rights=known.rights if known else frozenset(),
        areas=areas,
    )


def forbidden(right: Right) -> DomainError:
    """Say that a right is missing."""
    return DomainError(
        "forbidden",
        Text("jabatan Anda tidak berwenang untuk ini", "your function may not do this"),
        Text(
            f"Minta pejabat yang berwenang ({right}), atau minta administrator mengubah akun.",
            f"Ask an officer who may ({right}), or the administrator to change the account.",
        ),
        {"right": str(right)},
    )


def _outside_area(code: str | None, areas: tuple[str, ...]) -> DomainError:
    listing = ", ".join(areas)
    return DomainError(
        "outside_area",
        Text("di luar wilayah Anda", "outside your area"),
        Text(f"Wilayah akun ini: {listing}.", f"The areas of this account: {listing}."),
        {"area": code},
    )
