"""The house is in order: nothing private or foreign in files, small modules, locked packages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import check_house as house  # noqa: E402

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==([^\s;]+)", re.MULTILINE)
HASH = "--hash=sha256:" + "0" * 64


def locked(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version in LOCKED.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package.lower(), set()).add(version)
    return found


def reasons(text: str) -> list[str]:
    return [reason for _, reason in house.forbidden_text(text)]


def test_the_project_breaks_no_rule_of_the_house():
    assert house.breaches() == []


def test_the_check_reads_source_tests_and_docs():
    names = {p.relative_to(ROOT).as_posix() for p in house.house_files()}

    assert {"README.md", "src/sispamkota/cli/main.py", "tests/test_house.py"} <= names
    assert not [n for n in names if n.startswith((".venv/", "demo/"))]


@pytest.mark.parametrize("day", ["01", "31", "41", "71"])
def test_a_number_shaped_like_a_nik_is_found(day):
    number = "160801" + day + "0190" + "0001"

    assert len(number) == 16
    assert reasons(f"id;{number};x") == ["looks like a NIK; use a synthetic, masked value"]


@pytest.mark.parametrize(
    "text", ["1608011007001", "0.1608011007001234", "20240214", "a" * 64, "1234567890" + "123456"]
)
def test_codes_fractions_and_hashes_are_not_taken_for_a_nik(text):
    assert reasons(text) == []


@pytest.mark.parametrize(
    "text", ["see /ro" + "ot/x", 'open("/wo' + 'rk/x")', "/ho" + "me/ani/x", "far" + "m-bench"]
)
def test_paths_of_one_machine_are_found(text):
    assert reasons(text) == ["path of one machine"]


@pytest.mark.parametrize("text", ["a/work/b", "./root/x", "homework/", "docs/how-to/x.md"])
def test_ordinary_paths_are_left_alone(text):
    assert reasons(text) == []


def test_a_registry_host_is_found():
    assert reasons("index = https://py" + "pi.org/simple") == ["host name of a package registry"]


def test_a_module_that_outgrew_its_limit_is_found(tmp_path):
    (tmp_path / "long.py").write_text("x = 1\n" * (house.MODULE_LINES + 1))
    (tmp_path / "short.py").write_text("x = 1\n" * house.MODULE_LINES)

    found = list(house.long_modules(sorted(tmp_path.iterdir()), tmp_path))

    assert [line.split(":")[0] for line in found] == ["long.py"]


@pytest.mark.parametrize(
    "text",
    [
        f"numpy>=2.0 \\\n    {HASH}\n",
        "numpy==2.4.6\n",
        f"numpy==2.4.6 \\\n    {HASH}\n--index-url https://example.org/simple\n",
        f"numpy @ https://example.org/numpy.whl \\\n    {HASH}\n",
    ],
)
def test_a_lock_that_does_not_pin_or_names_a_host_is_found(text):
    assert list(house.lock_breaches("x.lock", text))


def test_a_lock_with_markers_and_several_hashes_is_in_order():
    text = f"tzdata==2026.6 ; sys_platform == 'win32' \\\n    {HASH} \\\n    {HASH}\n"

    assert list(house.lock_breaches("x.lock", text)) == []


def test_locks_hold_what_the_project_asks_for_and_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = dict.fromkeys(house.LOCKS, project["project"]["dependencies"])
    asked["requirements-dev.lock"] = [*asked["requirements-dev.lock"], *groups["dev"]]
    asked["requirements-bench.lock"] = [
        *asked["requirements-bench.lock"],
        *groups["dev"],
        *groups["bench"],
    ]
    locks = {name: locked(name) for name in house.LOCKS}

    for name, requirements in asked.items():
        wanted = [re.split(r"[<>=!~\[; ]", r)[0].lower() for r in requirements]
        assert [w for w in wanted if w not in locks[name]] == []
    for small, large in zip(house.LOCKS, house.LOCKS[1:], strict=False):
        assert {p: v for p, v in locks[small].items() if locks[large].get(p) != v} == {}


def test_make_without_a_target_lists_every_target():
    listing = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"setup", "demo", "test", "test-fast", "lint", "bench", "docs", "clean"} <= set(targets)
    assert [t for t in targets if not re.search(rf"^  make {t} ", listing, re.MULTILINE)] == []


def test_continuous_integration_runs_lint_then_test():
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")

    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in text
    assert text.index("make lint") < text.index("make test")


def test_the_licence_is_apache_2():
    assert (
        "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text()
    )
