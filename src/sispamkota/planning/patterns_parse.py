"""`[[pattern]]` tables of TOML become patterns; all problems of a file are told at once.

The same reader serves the built-in doctrine and the patterns that a Polres writes itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sispamkota.kernel.errors import Findings, Problem
from sispamkota.kernel.text import Text
from sispamkota.planning.pattern_types import CATEGORIES, Basis, Guard, Kind, Pattern

_PATTERN_KEYS = ("name", "event", "kind", "basis", "source", "as_of", "note", *CATEGORIES)
_GUARD_KEYS = ("polri", "tps", "linmas", "per", "basis", "source")
_LOWEST = "kurang_rawan"
_OPTIONAL = "khusus"
_LIMIT = 10_000


@dataclass(slots=True)
class _Reader:
    """Reads one `[[pattern]]` table and collects what is wrong with it."""

    findings: Findings
    where: str
    basis: str = "printed"
    source: str = ""

    def problem(self, key: str, value: object, message: Text, remedy: Text) -> None:
        shown = None if value is None else str(value)
        self.findings.add(
            Problem(
                code="bad_pattern",
                message=message,
                remedy=remedy,
                column=key,
                value=shown,
                where=self.where,
            )
        )

    def text(self, table: Mapping[str, Any], key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value.strip():
            self.problem(
                key,
                value,
                Text(f"'{key}' harus berisi teks", f"'{key}' must be a text"),
                Text(f'Tulis {key} = "…".', f'Write {key} = "…".'),
            )
            return ""
        return value.strip()

    def choice(
        self, table: Mapping[str, Any], key: str, allowed: tuple[str, ...], default: str
    ) -> str:
        value = table.get(key, default)
        if value not in allowed:
            names = ", ".join(allowed)
            self.problem(
                key,
                value,
                Text(f"'{key}' tidak dikenal: {value}", f"'{key}' is not known: {value}"),
                Text(f"Pilih dari: {names}.", f"Choose from: {names}."),
            )
            return default
        return str(value)

    def whole(self, table: Mapping[str, Any], key: str, path: str, low: int) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        # In Python a TOML true is also an int.
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _LIMIT:
            self.problem(
                path,
                value,
                Text(
                    f"'{path}' harus bilangan bulat {low} sampai {_LIMIT}",
                    f"'{path}' must be a whole number from {low} to {_LIMIT}",
                ),
                Text("Perbaiki angkanya.", "Correct the number."),
            )
            return None
        return value

    def known_keys(self, table: Mapping[str, Any], keys: tuple[str, ...], path: str) -> None:
        for key in table.keys() - set(keys):
            names = ", ".join(keys)
            self.problem(
                f"{path}{key}",
                None,
                Text(f"kunci '{path}{key}' tidak dikenal", f"key '{path}{key}' is not known"),
                Text(f"Kunci yang ada: {names}.", f"The keys are: {names}."),
            )


def parse_patterns(data: Mapping[str, Any], file: str = "sispamkota.toml") -> tuple[Pattern, ...]:
    """Read the `pattern` tables of a TOML document.

    Args:
        data: the document, `{"pattern": [{...}, ...]}`; without `pattern` there are none.
        file: name shown in messages.

    Raises:
        DomainError: `bad_input` with every problem of every pattern.
    """
    findings = Findings()
    patterns: list[Pattern] = []
    tables = data.get("pattern", [])
    if not isinstance(tables, list) or not all(isinstance(t, Mapping) for t in tables):
        _Reader(findings, "pattern").problem(
            "pattern",
            None,
            Text("'pattern' harus berupa daftar tabel", "'pattern' must be a list of tables"),
            Text("Awali tiap pola dengan [[pattern]].", "Begin each pattern with [[pattern]]."),
        )
        tables = []
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        reader = _Reader(findings, f"[[pattern]] {number} ({table.get('name', '?')})")
        pattern = _pattern(reader, table)
        if pattern.name in seen:
            reader.problem(
                "name",
                pattern.name,
                Text(f"pola '{pattern.name}' ada dua", f"pattern '{pattern.name}' is given twice"),
                Text("Ganti salah satu namanya.", "Rename one of them."),
            )
        seen.add(pattern.name)
        patterns.append(pattern)
    findings.raise_if_any(file)
    return tuple(patterns)


def _pattern(reader: _Reader, table: Mapping[str, Any]) -> Pattern:
    reader.known_keys(table, _PATTERN_KEYS, "")
    reader.basis = reader.choice(table, "basis", get_args(Basis), "printed")
    reader.source = reader.text(table, "source")
    kind = reader.choice(table, "kind", get_args(Kind), "ratio")
    as_of = table.get("as_of")
    if not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime):
        reader.problem(
            "as_of",
            as_of,
            Text("'as_of' harus tanggal", "'as_of' must be a date"),
            Text("Tulis as_of = 2024-02-14, tanpa kutip.", "Write as_of = 2024-02-14, unquoted."),
        )
        as_of = dt.date.min
    guards = _guards(reader, table, kind)
    return Pattern(
        name=reader.text(table, "name"),
        event=reader.text(table, "event", "own"),
        kind="per_kecamatan" if kind == "per_kecamatan" else "ratio",
        guards=guards,
        source=reader.source,
        as_of=as_of,
        note=_note(reader, table.get("note")),
    )


def _guards(reader: _Reader, table: Mapping[str, Any], kind: str) -> dict[str, Guard]:
    guards: dict[str, Guard] = {}
    for category in CATEGORIES:
        given = table.get(category)
        if isinstance(given, Mapping):
            guards[category] = _guard(reader, given, category, kind)
        elif given is not None or category != _OPTIONAL:
            reader.problem(
                category,
                given,
                Text(f"kelas '{category}' belum diatur", f"category '{category}' is not set"),
                Text(
                    f"Tulis [pattern.{category}] dengan polri, tps dan linmas.",
                    f"Write [pattern.{category}] with polri, tps and linmas.",
                ),
            )
        elif "sangat_rawan" in guards:
            same = guards["sangat_rawan"]
            guards[category] = Guard(
                polri=same.polri,
                tps=same.tps,
                linmas=same.linmas,
                basis="assumed",
                source=same.source,
            )
    return guards


def _guard(reader: _Reader, table: Mapping[str, Any], category: str, kind: str) -> Guard:
    path = f"{category}."
    reader.known_keys(table, _GUARD_KEYS, path)
    polri = reader.whole(table, "polri", path + "polri", 1)
    tps = reader.whole(table, "tps", path + "tps", 1)
    standby = reader.choice(table, "per", ("tps", "kecamatan"), "tps") == "kecamatan"
    if standby and (kind != "per_kecamatan" or category != _LOWEST):
        reader.problem(
            path + "per",
            "kecamatan",
            Text(
                "tim siaga per kecamatan hanya untuk kurang_rawan pada pola per_kecamatan",
                "standby per kecamatan is for kurang_rawan of a per_kecamatan pattern only",
            ),
            Text(
                'Tulis kind = "per_kecamatan" dan per = "kecamatan" pada kurang_rawan saja.',
                'Write kind = "per_kecamatan" and per = "kecamatan" in kurang_rawan alone.',
            ),
        )
    if "polri" not in table or ("tps" in table) == standby:
        reader.problem(
            path + ("polri" if "polri" not in table else "tps"),
            None,
            Text(
                f"'{category}' butuh polri, dan tps kecuali bila siaga per kecamatan",
                f"'{category}' needs polri, and tps unless it is standby per kecamatan",
            ),
            Text(
                "Contoh: polri = 2, tps = 8, linmas = 16.", "E.g. polri = 2, tps = 8, linmas = 16."
            ),
        )
    basis = reader.choice(table, "basis", get_args(Basis), reader.basis)
    return Guard(
        polri=polri or 1,
        tps=None if standby else (tps or 1),
        linmas=reader.whole(table, "linmas", path + "linmas", 0),
        basis=basis,  # type: ignore[arg-type]  # one of get_args(Basis), checked by `choice`
        source=reader.text(table, "source", reader.source or "?"),
    )


def _note(reader: _Reader, note: object) -> Text:
    if note is None:
        return Text("", "")
    if isinstance(note, str):
        return Text(note, note)
    if isinstance(note, Mapping) and set(note) == {"id", "en"}:
        return Text(str(note["id"]), str(note["en"]))
    reader.problem(
        "note",
        None,
        Text(
            "'note' harus teks, atau note.id dan note.en",
            "'note' must be a text, or note.id and note.en",
        ),
        Text('Tulis note = "…".', 'Write note = "…".'),
    )
    return Text("", "")
