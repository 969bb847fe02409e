"""Functions and agencies as data (`data/access/functions.toml`), read strictly."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

from sispamkota.access.rights import Right
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text

Scope = Literal["regency", "areas"]
KECAMATAN_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """What the holder of an office may do.

    Attributes:
        id: stable name, kept in accounts.
        name: shown to people.
        agencies: agencies whose people may hold it.
        rights: what it may do.
        scope: `areas` = an account must name its kecamatan; `regency` = it may.
    """

    id: str
    name: Text
    agencies: tuple[str, ...]
    rights: frozenset[Right]
    scope: Scope

    def as_json(self, lang: Lang = "en") -> dict[str, Any]:
        """Return the entry of `functions[]`."""
        return {
            "id": self.id,
            "name": self.name.in_(lang),
            "agencies": list(self.agencies),
            "rights": sorted(self.rights),
            "scope": self.scope,
        }


@functools.cache
def functions() -> dict[str, Function]:
    """Return the functions by id, in the order of the file."""
    known = agencies()
    made = [_function(entry) for entry in _data()["function"]]
    for one in made:
        assert set(one.agencies) <= set(known), one.id
    return {one.id: one for one in made}


@functools.cache
def agencies() -> dict[str, Text]:
    """Return the names of the agencies by id."""
    return {entry["id"]: Text(**entry["name"]) for entry in _data()["agency"]}


def _data() -> dict[str, Any]:
    file = resources.files("sispamkota.data").joinpath("access", "functions.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _function(entry: dict[str, Any]) -> Function:
    assert entry["scope"] in get_args(Scope), entry["id"]
    return Function(
        id=entry["id"],
        name=Text(**entry["name"]),
        agencies=tuple(entry["agencies"]),
        rights=frozenset(Right(name) for name in entry["rights"]),
        scope=entry["scope"],
    )


def check_holder(function: str, agency: str, areas: Iterable[str], known: Iterable[str]) -> None:
    """Refuse an account whose function, agency and areas do not go together.

    Args:
        function: id of the function.
        agency: id of the agency.
        areas: kecamatan the account is for; none = the whole regency.
        known: kecamatan codes of the operation.

    Raises:
        DomainError: `unknown_function`, `wrong_agency`, `areas_needed` or `unknown_area`.
    """
    found = functions().get(function)
    if found is None:
        raise _unknown_function(function)
    if agency not in found.agencies:
        raise _wrong_agency(found, agency)
    chosen, existing = list(areas), set(known)
    if found.scope == "areas" and not chosen:
        raise _areas_needed(found)
    for area in chosen:
        if area not in existing:
            raise _unknown_area(area)


def _unknown_function(function: str) -> DomainError:
    listing = ", ".join(functions())
    return DomainError(
        "unknown_function",
        Text(f"jabatan '{function}' tidak dikenal", f"unknown function '{function}'"),
        Text(f"Pilih dari: {listing}.", f"Choose from: {listing}."),
        {"function": function},
    )


def _wrong_agency(function: Function, agency: str) -> DomainError:
    listing = ", ".join(function.agencies)
    return DomainError(
        "wrong_agency",
        Text(
            f"{function.name.id} tidak dipegang instansi '{agency}'",
            f"{function.name.en} is not held by agency '{agency}'",
        ),
        Text(f"Pilih dari: {listing}.", f"Choose from: {listing}."),
        {"function": function.id, "agency": agency},
    )


def _areas_needed(function: Function) -> DomainError:
    return DomainError(
        "areas_needed",
        Text(f"{function.name.id} memerlukan kecamatan", f"{function.name.en} needs its kecamatan"),
        Text(
            "Sebutkan kode kecamatan (6 angka), boleh lebih dari satu.",
            "Name kecamatan codes (6 digits), one or more.",
        ),
        {"function": function.id},
    )


def _unknown_area(area: str) -> DomainError:
    return DomainError(
        "unknown_area",
        Text(f"kecamatan '{area}' tidak ada", f"there is no kecamatan '{area}'"),
        Text(
            "Pakai kode KPU 6 angka dari daftar kecamatan.",
            "Use a 6-digit KPU code of the list of kecamatan.",
        ),
        {"area": area},
    )
