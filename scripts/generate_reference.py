"""Write docs/reference from the code, so that the pages cannot say other than the program does.

`python scripts/generate_reference.py` writes all pages, with names only those; `--check` writes
nothing and fails when a page is not what the code says.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

import sispamkota

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
WIDTH = 100
ELECTIONS = ("pemilu", "pilkada")
MAKES_PROBLEM = re.compile(r"error|problem|refus|complain", re.IGNORECASE)
CODE = re.compile(r"^[a-z]+(_[a-z]+)+$")
NOTICE = "<!-- Written by scripts/generate_reference.py (make docs); do not edit. -->"


def page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTICE, *(p.strip("\n") for p in parts))) + "\n"


def cell(value: object) -> str:
    """Write a value so that it stays inside one cell of a Markdown table."""
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace("|", "\\|")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell(c) for c in line) + " |" for line in lines)


# --- commands -----------------------------------------------------------------------------------


def walk_commands(
    command: click.Command, path: tuple[str, ...], parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command, str]]:
    """Yield name, command and help text of the command and all below it."""
    # as the program itself makes it: click keeps a command's help option from the first context on,
    # and that may have been another
    command._help_option = None  # noqa: SLF001
    settings: dict[str, Any] = {**command.context_settings, "terminal_width": WIDTH}
    context = click.Context(command, info_name=path[-1], parent=parent, **settings)
    yield " ".join(path), command, command.get_help(context)
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from walk_commands(inner, (*path, name), context)


def all_commands() -> list[tuple[str, click.Command, str]]:
    from sispamkota.cli.main import main  # noqa: PLC0415

    return list(walk_commands(main, ("sispamkota",)))


def commands() -> str:
    parts = [
        (
            "What every command prints with `--help`. JSON keys are English snake_case with units "
            "in the name; codes are strings. How commands end: [exit codes](exit-codes.md)."
        )
    ]
    for name, _, text in all_commands():
        parts += [f"## {name}", f"```text\n{text}\n```"]
    return page("Commands", *parts)


# --- indicators ---------------------------------------------------------------------------------


def catalogue(election: str) -> Any:
    from sispamkota.vulnerability.catalogue import load_catalogue  # noqa: PLC0415

    return load_catalogue(election)


def indicators_of(election: str) -> tuple[Any, ...]:
    return tuple(catalogue(election).indicators)


def indicators() -> str:
    parts = [
        (
            "The questions asked of each TPS. How they become a class: "
            "[How vulnerability is computed](../explanation/vulnerability.md). Points are what a "
            "full yes adds to the score; they add up to 100. *At least* is the class that a yes "
            "brings whatever the points. Weights are assumptions; set your own under "
            "`[vulnerability.weights]`."
        )
    ]
    for election in ELECTIONS:
        known = catalogue(election)
        rows = [
            indicator_row(known, *pair)
            for pair in zip(known.indicators, known.points(), strict=True)
        ]
        heads = (
            "No.",
            "Id",
            "Variable",
            "Meaning",
            "Arti",
            "Weight",
            "Points",
            "At least",
            "Answered by",
        )
        parts += [f"## {election.capitalize()}: {len(rows)} indicators", known.note.en]
        parts += [table(heads, rows), "Sources:", citations(known.sources)]
        own = [i for i in known.indicators if i.citations]
        parts += [f"`{i.id}`:\n\n{citations(i.citations)}" for i in own]
    return page("Indicators", *parts)


def indicator_row(known: Any, indicator: Any, points: float) -> tuple[object, ...]:
    measured = ", ".join(f"`{m}`" for m in indicator.measures)
    flag = f"flag `{indicator.flag}`" if indicator.flag else ""
    return (
        indicator.number,
        f"`{indicator.id}`",
        known.variables[indicator.variable].en,
        indicator.name.en,
        indicator.name.id,
        indicator.weight,
        f"{points:.1f}",
        f"`{indicator.hard}`" if indicator.hard else "",
        "; ".join(("import", *filter(None, (flag, measured)))),
    )


def citations(found: Iterable[Any]) -> str:
    return "\n".join(f"- {c.name} (as of {c.as_of}): <{c.url}>" for c in found)


# --- patterns -----------------------------------------------------------------------------------


def all_patterns() -> tuple[Any, ...]:
    from sispamkota.planning.patterns import load_patterns  # noqa: PLC0415

    return tuple(load_patterns())


def guard_row(category: str, guard: Any, pattern: Any) -> tuple[object, ...]:
    return (
        category.replace("_", " "),
        guard.polri,
        "each kecamatan" if guard.tps is None else guard.tps,
        "not stated" if guard.linmas is None else guard.linmas,
        guard.basis,
        "" if guard.source == pattern.source else guard.source,
    )


def patterns() -> str:
    parts = [
        (
            "How many Polri officers one team has, how many TPS it guards, and how many Linmas the "
            "source states for those TPS. Numbers in a name are kurang rawan in the order Polri, "
            "TPS, Linmas. *derived* and *assumed* mark figures that no source prints. Need counts "
            "two Linmas per TPS whatever is stated. What a pattern means: "
            "[Need and doctrine](../explanation/need-and-doctrine.md)."
        )
    ]
    for pattern in all_patterns():
        rows = [guard_row(category, guard, pattern) for category, guard in pattern.guards.items()]
        heads = ("Class", "Polri", "TPS", "Linmas", "Basis", "Source, where another")
        parts += [f"## `{pattern.name}`", f"{pattern.source} (as of {pattern.as_of})"]
        parts += [pattern.note.en] if pattern.note.en else []
        parts += [table(heads, rows)]
        remarks = [f"- {remark.message.en}" for remark in pattern.remarks()]
        parts += ["Warnings:\n\n" + "\n".join(remarks)] if remarks else []
    return page("Doctrine patterns", *parts)


# --- configuration ------------------------------------------------------------------------------


def config_struct() -> type[msgspec.Struct]:
    from sispamkota.storage.config import Config  # noqa: PLC0415

    return Config


def sections(
    struct: type[msgspec.Struct], prefix: str = ""
) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """Yield dotted name and struct of every section that holds keys of its own."""
    inner = [(f.encode_name, f.type) for f in msgspec.structs.fields(struct) if is_section(f.type)]
    if prefix:
        yield prefix, struct
    for name, kind in inner:
        yield from sections(kind, f"{prefix}.{name}" if prefix else name)


def is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def keys_of(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, allowed values, default and meaning of the keys of one section."""
    from sispamkota.storage.config import allowed  # noqa: PLC0415

    meanings = attribute_meanings(struct.__doc__ or "")
    for field in msgspec.structs.fields(struct):
        if not is_section(field.type):
            name = field.encode_name
            yield name, allowed(field.type).en, default_text(field), meanings.get(name, "")


def attribute_meanings(docstring: str) -> dict[str, str]:
    """Read the `Attributes:` part of a Google style docstring."""
    lines = inspect.cleandoc(docstring).partition("Attributes:\n")[2].splitlines()
    found: dict[str, str] = {}
    for line in lines:
        if line.startswith("    ") and not line.startswith("     "):
            name, _, meaning = line.strip().partition(": ")
            found[name] = meaning
        elif found and line.strip():
            found[next(reversed(found))] += " " + line.strip()
    return found


def config_keys() -> list[str]:
    return [
        f"{section}.{key[0]}"
        for section, struct in sections(config_struct())
        for key in keys_of(struct)
    ]


def default_text(field: Any) -> str:
    value = field.default
    if value is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        value = field.default_factory()
    if value is msgspec.NODEFAULT:
        return "required"
    return (
        f"`{value}`" if isinstance(value, dt.date) else f"`{msgspec.json.encode(value).decode()}`"
    )


def configuration() -> str:
    parts = [
        (
            "The file `sispamkota.toml` of a workspace. `sispamkota init` writes it with comments. "
            "A key that is left out has its default; an unknown key or a bad value is refused by "
            "name. Defaults of doctrine, vulnerability and planning are assumptions until a Polres "
            "sets its own. Patterns of your own are tables `[[pattern]]` in the same file."
        )
    ]
    for section, struct in sections(config_struct()):
        rows = [
            (f"`{section}.{key}`", meaning, values, default)
            for key, values, default, meaning in keys_of(struct)
        ]
        summary = inspect.cleandoc(struct.__doc__ or "").partition("\n\n")[0]
        heads = ("Key", "Meaning", "Allowed", "Default")
        parts += [f"## [{section}]", summary, table(heads, rows)]
    return page("Configuration keys", *parts)


# --- import columns -----------------------------------------------------------------------------


def import_kinds() -> dict[str, Any]:
    from sispamkota.actions.imports.kinds import KINDS  # noqa: PLC0415

    return dict(KINDS)


def columns_of(kind: str) -> list[Any]:
    """Return the columns of a kind of import under any election, each once."""
    found: dict[str, Any] = {}
    for election in ELECTIONS:
        for column in import_kinds()[kind].columns(election):
            found.setdefault(column.name, column)
    return list(found.values())


def import_columns() -> str:
    parts = [
        (
            "The kinds of `sispamkota import KIND FILE`. Headers are recognised whatever their "
            "capitals, spaces and punctuation; any other header is named with "
            "`--map column=HEADER`. A file of `indicators` has the columns of the "
            "workspace's election: [Indicators](indicators.md). See "
            "[Import your own XLSX files](../how-to/import-your-own-files.md)."
        )
    ]
    heads = ("Column", "Required", "Meaning", "Also recognised")
    for name, kind in import_kinds().items():
        rows = [
            (
                f"`{c.name}`",
                "yes" if c.required else "",
                c.meaning.en,
                ", ".join(f"`{a}`" for a in c.aliases),
            )
            for c in columns_of(name)
        ]
        parts += [f"## {name}", kind.meaning.en.capitalize() + ".", table(heads, rows)]
    return page("Import columns", *parts)


# --- exit and error codes -----------------------------------------------------------------------


def error_codes() -> dict[str, set[str]]:
    """Map each code of an error or problem to the packages that raise it, read from the source."""
    found: dict[str, set[str]] = {}
    package = Path(sispamkota.__path__[0])
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            code = raised_code(node)
            if code is not None:
                found.setdefault(code, set()).add(path.relative_to(package).parts[0])
    return found


def raised_code(node: ast.AST) -> str | None:
    """Return the code that a call of an error, a problem, or a helper named after one is given."""
    if not isinstance(node, ast.Call):
        return None
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    if not MAKES_PROBLEM.search(called):
        return None
    given = [*node.args, *(k.value for k in node.keywords if k.arg == "code")]
    texts = [v.value for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    # A column name may stand before the code.
    return next((text for text in reversed(texts) if CODE.match(text)), None)


def exit_codes() -> str:
    from sispamkota.cli.output import BAD_INPUT, DONE, FINDINGS  # noqa: PLC0415

    ends = (
        (DONE, "Done."),
        (FINDINGS, "Done, with findings: a mismatch, a gap, something infeasible or uncovered."),
        (BAD_INPUT, "Bad input or usage. Nothing was changed."),
    )
    codes = sorted(error_codes().items())
    return page(
        "Exit codes and error codes",
        table(("Exit code", "Meaning"), ends),
        "With `--json` an error is one object `error` with `code`, `message`, `where` and "
        "`remedy`, and `problems[]` where one input has several. Codes are stable.",
        table(("Code", "Comes from"), [(f"`{c}`", ", ".join(sorted(w))) for c, w in codes]),
    )


PAGES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "indicators": indicators,
    "patterns": patterns,
    "configuration": configuration,
    "import-columns": import_columns,
    "exit-codes": exit_codes,
}


def stale_pages(names: Iterable[str] = PAGES) -> list[str]:
    """Return the names of the pages that are not what the code says."""
    stale = []
    for name in names:
        path = REFERENCE / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != PAGES[name]():
            stale.append(name)
    return stale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE", help=f"of: {', '.join(PAGES)}")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    options = parser.parse_args()
    names = options.names or list(PAGES)
    if options.check:
        stale = stale_pages(names)
        for name in stale:
            print(f"docs/reference/{name}.md is not what the code says; run `make docs`")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in names:
        (REFERENCE / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/reference/{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
