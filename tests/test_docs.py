"""The documentation says what the program does, and its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from pathlib import Path

import click
import polars as pl
import pytest

from sispamkota.planning.guards import GuardInputs, plan_guards
from sispamkota.planning.patterns import find_pattern
from sispamkota.planning.problem import GuardRules
from sispamkota.planning.travel import StraightLine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import generate_reference as reference  # noqa: E402

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [body for name, body in FENCE.findall(text) if name == language]


def generated(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")


def shown_commands(path: Path) -> list[str]:
    lines = [line.strip() for body in blocks(path, "sh") for line in body.splitlines()]
    return [line for line in lines if line.startswith("sispamkota ")]


SHOWN = [(named(path), line) for path in PAGES for line in shown_commands(path)]


@pytest.mark.parametrize("name", reference.PAGES)
def test_generated_page_is_what_the_code_says(name):
    written = (reference.REFERENCE / f"{name}.md").read_text(encoding="utf-8")

    assert reference.PAGES[name]() == written


def test_every_command_and_option_is_in_the_reference():
    text = generated("commands")
    commands = reference.all_commands()

    assert len(commands) > 10
    for name, command, _ in commands:
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        options = [o for p in command.params if isinstance(p, click.Option) for o in p.opts]
        assert [o for o in options if o not in section] == []


@pytest.mark.parametrize("election", reference.ELECTIONS)
def test_every_indicator_is_in_the_reference(election):
    ids = [i.id for i in reference.indicators_of(election)]

    assert ids
    assert [i for i in ids if f"`{i}`" not in generated("indicators")] == []


def test_every_pattern_is_in_the_reference():
    names = [p.name for p in reference.all_patterns()]

    assert names
    assert [n for n in names if f"`{n}`" not in generated("patterns")] == []


def test_every_configuration_key_is_in_the_reference():
    keys = reference.config_keys()

    assert "doctrine.pattern" in keys
    assert [k for k in keys if f"`{k}`" not in generated("configuration")] == []


@pytest.mark.parametrize("kind", reference.import_kinds())
def test_every_import_kind_and_column_is_in_the_reference(kind):
    columns = reference.columns_of(kind)
    section = generated("import-columns").split(f"\n## {kind}\n")[1].split("\n## ")[0]

    assert columns
    assert [c.name for c in columns if f"`{c.name}`" not in section] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_relative_links_lead_to_files(path):
    targets = [t for t in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in t]
    files = [t.split("#")[0] for t in targets if not t.startswith("#")]

    assert [f for f in files if not (path.parent / f).exists()] == []


def test_every_page_can_be_reached_from_the_index():
    reached: set[Path] = set()
    todo = [DOCS / "index.md"]
    while todo:
        path = todo.pop()
        reached.add(path)
        links = LINK.findall(path.read_text(encoding="utf-8"))
        near = {(path.parent / t.split("#")[0]).resolve() for t in links if "://" not in t}
        todo += [p for p in near if p.suffix == ".md" and p.exists() and p not in reached]

    assert [named(p) for p in DOCS.rglob("*.md") if p not in reached] == []


@pytest.mark.parametrize(("page", "line"), SHOWN)
def test_commands_shown_in_the_docs_exist_with_their_options(page, line):
    words = shlex.split(line, comments=True)[1:]
    by_name = {name: command for name, command, _ in reference.all_commands()}
    name = "sispamkota"
    while words and f"{name} {words[0]}" in by_name:
        name = f"{name} {words.pop(0)}"
    command = by_name[name]

    assert not isinstance(command, click.Group), f"{page}: no such command: {line}"
    known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    used = [w for w in words if w.startswith("--")]
    assert [o for o in used if o not in known] == [], f"{page}: {line}"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_configuration_shown_in_the_docs_has_known_keys(path):
    known = set(reference.config_keys())
    for body in blocks(path, "toml"):
        for section, keys in tomllib.loads(body).items():
            if section == "pattern":  # the planner's own tests read patterns
                continue
            assert [k for k in keys if f"{section}.{k}" not in known] == []


def test_tutorials_of_both_languages_show_the_same_commands():
    english, indonesian = (
        [line.split()[1] for line in shown_commands(DOCS / name)]
        for name in ("tutorial-oku-timur.md", "tutorial-oku-timur.id.md")
    )

    assert english
    assert english == indonesian


def test_readmes_of_both_languages_show_the_same_commands():
    english, indonesian = (
        re.findall(r"`(?:sispamkota|make) [^`]+`", (ROOT / name).read_text(encoding="utf-8"))
        for name in ("README.md", "README.id.md")
    )

    assert english
    assert english == indonesian


def test_every_key_of_a_plan_is_in_the_reference():
    plan = tiny_plan()
    parts = (plan, plan["beats"][0], plan["teams_detail"][0], plan["kecamatan"][0])
    keys = {key for part in (*parts, plan["certificate"]) for key in part}

    text = (DOCS / "reference" / "plan-file.md").read_text(encoding="utf-8")
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def tiny_plan():
    here = {"lon": 104.3, "lat": -4.3}
    tps = {"desa": "1608011007", "kecamatan": "160801", "class": "rawan", "khusus": False, **here}
    sites = pl.DataFrame(
        [{"code": f"1608011007{n:03d}", **tps, "position": "approximate"} for n in (1, 2)]
    ).with_columns(access=pl.lit(None, pl.String), certainty=pl.lit("certain"))
    posts = pl.DataFrame([{"code": "polsek", "name": "Polsek", "kind": "polsek", **here}])
    officer = {"agency": "polri", "duty": "tps", "available": True, "home_post": "polsek"}
    people = [{"id": f"p{n}", "leader": n == 1, **officer} for n in (1, 2)]
    personnel = pl.DataFrame(people).with_columns(
        unit=pl.lit("polsek"),
        home_desa=pl.lit(None, pl.String),
        transport=pl.lit("motorcycle"),
    )
    inputs = GuardInputs(
        sites=sites,
        posts=posts,
        personnel=personnel,
        pattern=find_pattern("pemilu-2024-2.16.32"),
        rules=GuardRules(),
        travel=StraightLine(),
    )
    return plan_guards(inputs)


def test_glossary_has_each_term_once_in_order():
    rows = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    terms = [r.split("|")[1].strip().lower() for r in rows if r.startswith("| ")][2:]

    assert {"tps", "linmas", "padal", "beat", "certificate"} <= set(terms)
    assert terms == sorted(set(terms))
