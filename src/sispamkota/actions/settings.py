"""Change settings of `sispamkota.toml` in place: comments, order and all else stay as they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from sispamkota.actions.export import write_whole
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.planning.patterns import find_pattern, parse_patterns
from sispamkota.storage import problems
from sispamkota.storage.config import Config, load_config
from sispamkota.storage.workspace import CONFIG_NAME, Workspace

CHANGEABLE = (
    "operation.name",
    "operation.voting_day",
    "doctrine.pattern",
    "vulnerability.rawan",
    "vulnerability.sangat_rawan",
    "planning.detour_factor",
    "planning.speed_kmh",
    "planning.beat_limit_s",
    "planning.post_weight",
    "planning.penalty_s",
    "planning.duty_hours",
    "planning.shift_start",
    "planning.mixed_classes",
    "planning.grouping",
    "planning.strength",
    "planning.risk.kurang_rawan",
    "planning.risk.rawan",
    "planning.risk.sangat_rawan",
)
"""Settings that may be changed from a screen; the kind of election and the database may not."""

Value = str | int | float | bool | dt.date
_LINE = re.compile(
    r"""^(?P<indent>\s*)(?P<key>[A-Za-z0-9_-]+)(?P<equals>\s*=\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^#\n]*?)(?P<rest>\s*(?:\#.*)?)$"""
)
_TABLE = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(?:#.*)?$")


def change_settings(workspace: Workspace, changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Change settings in the file of a workspace; it is replaced whole or not at all.

    The workspace that is open keeps its settings: open it again to use the new ones.

    Args:
        workspace: an open workspace.
        changes: dotted name → value, e.g. `planning.speed_kmh` → 30; tables may also be nested.

    Returns:
        dotted name → {"from", "to"} of what is different now.

    Raises:
        DomainError: `unknown_setting`; `bad_config` with every value out of range; or
            `bad_name`, `unknown_pattern`, `cannot_write`.
    """
    wanted = dict(_flat(changes))
    _refuse_unknown(wanted)
    file = workspace.folder / CONFIG_NAME
    before = file.read_text(encoding="utf-8-sig")
    old = load_config(before, CONFIG_NAME)
    text = before
    for name, value in wanted.items():
        if _value(old, name) != _toml_value(name, value, old):
            text = set_value(text, name, _toml_value(name, value, old))
    new = load_config(text, CONFIG_NAME)
    if not new.operation.name.isprintable():
        raise problems.bad_name(new.operation.name)
    meant = {n: _toml_value(n, wanted[n], old) if n in wanted else _value(old, n)
             for n in CHANGEABLE}  # fmt: skip
    if any(_value(new, n) != value for n, value in meant.items()):
        raise _not_in_place()
    find_pattern(new.doctrine.pattern, parse_patterns({"pattern": list(new.pattern)}, CONFIG_NAME))
    if text != before:
        write_whole(file, text.encode())
    return {
        name: {"from": _plain(_value(old, name)), "to": _plain(_value(new, name))}
        for name in wanted
        if _value(old, name) != _value(new, name)
    }


def set_value(text: str, name: str, value: Value) -> str:
    """Return the TOML text with one value changed, or added at the end of its table.

    Args:
        text: valid TOML.
        name: dotted name: table and key.
        value: what to write.
    """
    table, _, key = name.rpartition(".")
    lines = text.splitlines(keepends=True)
    start = _table_line(lines, table)
    if start is None:
        end = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{end}\n[{table}]\n{key} = {_written(value)}\n"
    last = start
    for i in range(start + 1, len(lines)):
        body = lines[i].rstrip("\r\n")
        if body.lstrip().startswith("["):
            break
        found = _LINE.match(body)
        if found and found["key"] == key:
            ending = lines[i][len(body) :]
            lines[i] = (
                f"{found['indent']}{key}{found['equals']}{_written(value)}{found['rest']}{ending}"
            )
            return "".join(lines)
        if found:
            last = i
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    lines.insert(last + 1, f"{key} = {_written(value)}\n")
    return "".join(lines)


def _not_in_place() -> DomainError:
    """The file is written in a way (text over several lines, say) that hides its tables."""
    return DomainError(
        "bad_config",
        Text(
            f"{CONFIG_NAME} tidak dapat diubah dengan aman",
            f"{CONFIG_NAME} cannot be changed safely",
        ),
        Text("Ubah berkas itu dengan tangan.", "Change the file by hand."),
        {"file": CONFIG_NAME},
    )


def _table_line(lines: list[str], table: str) -> int | None:
    for i, line in enumerate(lines):
        found = _TABLE.match(line.rstrip("\r\n"))
        if found and "".join(found["name"].split()) == table:
            return i
    return None


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dt.date():
            return value.isoformat()
        case str():
            return '"' + "".join(_escaped(c) for c in value) + '"'
        case _:
            return repr(value)


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\u{ord(sign):04x}"


def _toml_value(name: str, value: Any, old: Config) -> Value:
    """Return the value in the type of the setting: a date may come as text, a whole as decimal."""
    there = _value(old, name)
    if isinstance(there, dt.date) and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(there, float) and whole:
        return float(value)
    if isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _value(config: Config, name: str) -> Any:
    found: Any = config
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _flat(changes: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in changes.items():
        name = f"{above}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]
    return found


def _refuse_unknown(wanted: Mapping[str, Any]) -> None:
    strange = [name for name in wanted if name not in CHANGEABLE]
    if not strange:
        return
    known = ", ".join(CHANGEABLE)
    shown = strange[0][:80]
    raise DomainError(
        "unknown_setting",
        Text(f"setelan '{shown}' tidak dapat diubah", f"setting '{shown}' cannot be changed"),
        Text(f"Yang dapat diubah: {known}.", f"What can be changed: {known}."),
        {"key": shown},
    )
