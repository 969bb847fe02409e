"""What the tests talk to besides Python: Chromium and PostgreSQL, found, else got, else told.

`make test` runs it first. It prints one line per service and writes their addresses to
`.venv/services.env`, which make reads. In order: what a variable names, what runs or is installed
here, what Debian's packages bring (as root or through sudo without a password), a container where
there is Docker. Where nothing of that works it says what to install and ends with 2: a service
that is missing must fail, never be skipped.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENV_FILE = ROOT / ".venv" / "services.env"
COMPOSE = ROOT / "tests" / "compose.yaml"
POSTGRES_VARIABLE = "SISPAMKOTA_TEST_POSTGRES"
CHROMIUM_VARIABLE = "SISPAMKOTA_CHROMIUM"
USUAL_POSTGRES = (
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql:///postgres",
)
COMPOSE_POSTGRES = "postgresql://postgres:postgres@127.0.0.1:54329/postgres"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUICK_S = 5
INSTALL_S = 900


class MissingError(Exception):
    """A service that cannot be had here; the text says what to do."""


def chromium() -> str:
    """Return the path of a Chromium that starts.

    Raises:
        MissingError: none was found and none could be installed.
    """
    found = _working_chromium()
    if found is None and _apt_install("chromium"):
        found = _working_chromium()
    if found is None:
        raise MissingError(
            "Chromium was not found. Install it (Debian, Ubuntu: apt-get install chromium) or "
            f"name one: {CHROMIUM_VARIABLE}=/path/to/chromium"
        )
    return found


def postgres() -> str:
    """Return the URL of a PostgreSQL on which databases can be made.

    Raises:
        MissingError: none runs, none is installed, and none could be got.
    """
    named = os.environ.get(POSTGRES_VARIABLE)
    if named:
        if _answers(named):
            return named
        raise MissingError(f"{POSTGRES_VARIABLE} is set, but no PostgreSQL answers there")
    for url in USUAL_POSTGRES:
        if _answers(url):
            return url
    if _binaries() is None:
        _apt_install("postgresql")
    bin_folder = _binaries()
    if bin_folder is not None:
        return _own_cluster(bin_folder)
    if shutil.which("docker") and _run(["docker", "info"], QUICK_S):
        up = ["docker", "compose", "-f", str(COMPOSE), "up", "-d", "--wait"]
        if _run(up, INSTALL_S) and _answers(COMPOSE_POSTGRES):
            return COMPOSE_POSTGRES
    raise MissingError(
        "PostgreSQL was not found. Install it (Debian, Ubuntu: apt-get install postgresql) or "
        f"name one where databases can be made: {POSTGRES_VARIABLE}=postgresql://user@host/db"
    )


def _working_chromium() -> str | None:
    named = os.environ.get(CHROMIUM_VARIABLE)
    for name in [named] if named else CHROMIUM_NAMES:
        path = shutil.which(name)
        if path and _run([path, "--version", "--no-sandbox"], 30):
            return path
    return None


def _answers(url: str) -> bool:
    """Say whether a server there lets us make databases."""
    import psycopg  # noqa: PLC0415  (the interpreter of .venv has it)

    try:
        with psycopg.connect(url, connect_timeout=QUICK_S) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _binaries() -> Path | None:
    """Return the folder of the newest installed PostgreSQL server, where there is one."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *_on_path("initdb")]
    usable = [f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()]
    return max(usable, key=lambda f: (f.parent.name.zfill(4), str(f)), default=None)


def _on_path(program: str) -> Iterator[Path]:
    path = shutil.which(program)
    if path:
        yield Path(path).resolve().parent


def _own_cluster(bin_folder: Path) -> str:
    """Start a throw-away cluster on this machine alone; it ends with the machine.

    Raises:
        MissingError: it could not be started.
    """
    folder = Path(tempfile.mkdtemp(prefix="sispamkota-pg-"))
    # initdb refuses root, so the packages' own account runs it there.
    own: tuple[str, ...] = ()
    if os.geteuid() == 0:
        own = ("runuser", "-u", "postgres", "--")
        shutil.chown(folder, "postgres", "postgres")
    data, port = str(folder / "data"), _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    made = _run(
        [*own, str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", "postgres"], 120
    )
    start = [str(bin_folder / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options]
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    if made and _run([*own, *start, "start"], 120) and _answers(url):
        return url
    raise MissingError(
        f"PostgreSQL is installed in {bin_folder} but a cluster did not start: {folder}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _apt_install(package: str) -> bool:
    """Install a Debian package where that is possible without asking anybody."""
    if shutil.which("apt-get") is None:
        return False
    root: tuple[str, ...] = () if os.geteuid() == 0 else ("sudo", "-n")
    if root and (shutil.which("sudo") is None or not _run(["sudo", "-n", "true"], QUICK_S)):
        return False
    _say(f"installing {package} (Debian package)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run([*root, "apt-get", "update", "-qq"], INSTALL_S, quiet)
    return _run([*root, "apt-get", "install", "-y", "-qq", package], INSTALL_S, quiet)


def _run(command: Sequence[str], limit_s: float, env: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(
            command,
            env=env,
            timeout=limit_s,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _say(text: str) -> None:
    print(f"services: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Find every service and write their addresses; 2 where one is missing."""
    begun = time.monotonic()
    found: dict[str, str] = {}
    missing = []
    for name, variable, find in (
        ("Chromium", CHROMIUM_VARIABLE, chromium),
        ("PostgreSQL", POSTGRES_VARIABLE, postgres),
    ):
        try:
            found[variable] = find()
        except MissingError as reason:
            missing.append(str(reason))
            _say(str(reason))
        else:
            _say(f"{name} found")
    if missing:
        return 2
    ENV_FILE.write_text("".join(f"export {k}='{v}'\n" for k, v in found.items()), encoding="utf-8")
    _say(f"ready in {time.monotonic() - begun:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
