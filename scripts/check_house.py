"""Rules of the house that no other tool checks; `make lint` runs it, tests/test_house.py tests it.

- no file holds what looks like a NIK (a person's 16-digit number), a path of somebody's machine,
  or the host name of a package registry;
- a module, Python or web, has at most 450 lines, so that it still says one thing;
- lock files pin every package to one version with hashes, and name no host.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
MODULE_LINES = 450
MODULES = {".py", ".ts", ".js", ".mjs", ".svelte", ".css", ".typ"}
IGNORED_FOLDERS = {".git", ".venv", "demo", "build", "dist", "__pycache__", "node_modules"}

# A NIK is area (6), birth day (women +40), month, year, serial (6). A letter in brackets keeps
# each pattern from matching itself in this file.
NIK = re.compile(
    r"(?<![0-9A-Za-z.])[1-9]\d{5}(?:[04-7][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}(?![0-9A-Za-z.])"
)
MACHINE_PATH = re.compile(
    r"(?:^|[^A-Za-z0-9_.])/(?:wor[k]|roo[t]|far[m]|home/[a-z]+|User[s])/|far[m]-(?:bench|studio)"
)
REGISTRY = re.compile(r"pypi\.or[g]|pythonhoste[d]\.|npmj[s]\.|artifactor[y]|nexus[.]")
PIN = re.compile(r"^[A-Za-z0-9._-]+(?:\[[^\]]+\])?==[^\s;]+(?: ; .+)?$")

RULES = (
    ("looks like a NIK; use a synthetic, masked value", NIK),
    ("path of one machine", MACHINE_PATH),
    ("host name of a package registry", REGISTRY),
)


def house_files(root: Path = ROOT) -> list[Path]:
    """List the files that belong to the project: tracked ones and new ones that are not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        files = [root / name for name in listing.stdout.split("\0") if name]
    else:  # an unpacked archive has no git
        files = [p for p in root.rglob("*") if not IGNORED_FOLDERS & set(p.relative_to(root).parts)]
    return sorted(p for p in files if p.is_file())


def forbidden_text(text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and reason for each line that breaks a rule on content."""
    for number, line in enumerate(text.splitlines(), start=1):
        for reason, pattern in RULES:
            if pattern.search(line):
                yield number, reason


def content_breaches(files: Iterable[Path], root: Path = ROOT) -> Iterator[str]:
    """Yield a line for every forbidden text; hashes of lock files are not read as numbers."""
    for path in files:
        if path.suffix == ".lock":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, reason in forbidden_text(text):
            yield f"{path.relative_to(root)}:{number}: {reason}"


def long_modules(files: Iterable[Path], root: Path = ROOT) -> Iterator[str]:
    """Yield a line for every module that outgrew its limit."""
    for path in files:
        if path.suffix in MODULES:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MODULE_LINES:
                yield f"{path.relative_to(root)}: {lines} lines, at most {MODULE_LINES}"


def lock_breaches(name: str, text: str) -> Iterator[str]:
    """Yield a line for every requirement without exact version or hash, and every host name."""
    if "://" in text or REGISTRY.search(text):
        yield f"{name}: names a host; make it anew with `make lock`"
    for block in text.replace("\\\n", " ").splitlines():
        if not block.strip() or block.lstrip().startswith("#"):
            continue
        requirement, *hashes = block.split("--hash=")
        if not PIN.match(requirement.strip()):
            yield f"{name}: not pinned to one version: {requirement.strip()}"
        if not hashes or not all(h.startswith("sha256:") for h in hashes):
            yield f"{name}: no sha256 hash: {requirement.strip()}"


def breaches(root: Path = ROOT) -> list[str]:
    """Collect everything that breaks a rule in the project at `root`."""
    files = house_files(root)
    found = [*content_breaches(files, root), *long_modules(files, root)]
    for name in LOCKS:
        path = root / name
        if path.is_file():
            found += lock_breaches(name, path.read_text(encoding="utf-8"))
        else:
            found.append(f"{name}: missing; make it with `make lock`")
    return found


if __name__ == "__main__":
    problems = breaches()
    print("\n".join(problems) or "house: in order")
    sys.exit(1 if problems else 0)
