"""Finding the code of a desa or kecamatan that a file names only in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sispamkota.territory.intake.common import name_key
from sispamkota.territory.model import Territory


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Codes by name of the areas that the workspace knows; names alone are not unique.

    Attributes:
        kecamatan: name → codes.
        desa: (kecamatan code, name) → codes.
        known_desa: all desa codes.
        known_kecamatan: all kecamatan codes.
    """

    kecamatan: dict[str, list[str]]
    desa: dict[tuple[str, str], list[str]]
    known_desa: frozenset[str]
    known_kecamatan: frozenset[str]

    @classmethod
    def of(cls, territory: Territory) -> Gazetteer:
        """Index the areas of a territory by name."""
        kecamatan: dict[str, list[str]] = defaultdict(list)
        desa: dict[tuple[str, str], list[str]] = defaultdict(list)
        columns = territory.areas.select("code", "level", "name", "parent")
        for code, level, name, parent in columns.iter_rows():
            if level == "kecamatan":
                kecamatan[name_key(name or code)].append(code)
            elif level == "desa_kelurahan":
                desa[parent, name_key(name or code)].append(code)
        return cls(
            kecamatan=dict(kecamatan),
            desa=dict(desa),
            known_desa=frozenset(c for codes in desa.values() for c in codes),
            known_kecamatan=frozenset(c for codes in kecamatan.values() for c in codes),
        )

    def find_kecamatan(self, name: str | None) -> str | None:
        """Return the code of the only kecamatan of this name, else None."""
        codes = self.kecamatan.get(name_key(name), []) if name else []
        return codes[0] if len(codes) == 1 else None

    def find_desa(self, kecamatan: str | None, name: str | None) -> str | None:
        """Return the code of the only desa of this name in a kecamatan, else None."""
        if not name or kecamatan is None:
            return None
        codes = self.desa.get((kecamatan, name_key(name)), [])
        return codes[0] if len(codes) == 1 else None
