"""Build the web pages of `web/` into the package, when they changed, so that a wheel carries them.

Hatchling calls this for wheels and editable installs; by hand: `python hatch_build.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
DIST = ROOT / "src" / "sispamkota" / "server" / "dist"
STAMP = DIST / ".built-from"
LEFT_OUT = {"node_modules", ".svelte-kit", "dist"}
NO_NPM = (
    "npm was not found: install Node 20 or newer with npm (nodejs.org), which builds the web "
    "pages once; an installed wheel needs no Node. / npm tidak ditemukan: pasang Node 20 atau "
    "lebih baru beserta npm untuk membangun halaman web; wheel yang sudah jadi tidak memerlukannya."
)


class BuildError(RuntimeError):
    """The web pages could not be built; the message says what to do."""


def sources(web: Path) -> Iterator[Path]:
    """Yield every file the build depends on, in a fixed order."""
    for folder, names, files in os.walk(web):
        names[:] = sorted(set(names) - LEFT_OUT)
        for name in sorted(files):
            yield Path(folder) / name


def fingerprint(web: Path) -> str:
    """Return a hash over names and contents of the web sources."""
    digest = hashlib.sha256()
    for file in sources(web):
        digest.update(file.relative_to(web).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def build_pages(web: Path = WEB, stamp: Path = STAMP) -> bool:
    """Build the pages unless they are up to date; return whether anything was built.

    An sdist has no `web/` and carries the pages already: nothing to do.

    Raises:
        BuildError: npm is missing, or one of its steps failed.
    """
    if not (web / "package.json").exists():
        return False
    wanted = fingerprint(web)
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError(NO_NPM)
    for step in (["ci", "--ignore-scripts"], ["run", "build"]):
        done = subprocess.run(  # noqa: S603
            [npm, *step], cwd=web, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise BuildError(f"npm {' '.join(step)} failed in {web}:\n{said}")
    stamp.write_text(wanted)
    return True


def main() -> int:
    """Build by hand; return the exit code."""
    try:
        built = build_pages()
    except BuildError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if built:
        print("web pages built")  # noqa: T201
    return 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, without the build backend
    pass
else:

    class PagesHook(BuildHookInterface[Any]):
        """The hook that `[tool.hatch.build.hooks.custom]` names."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Build the pages before any file is collected.

            Raises:
                SystemExit: with one sentence, when they could not be built.
            """
            del version, build_data
            try:
                build_pages()
            except BuildError as error:
                raise SystemExit(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
