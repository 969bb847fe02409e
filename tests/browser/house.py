"""A running house for the browser tests: real workspace, real server process, real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
)

ROOT = Path(__file__).resolve().parents[2]
START_S = 60
STEP_MS = 30_000
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
NO_WEBGL = "--disable-3d-apis"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
NOT_YET_SIGNED_IN = "console: Failed to load resource: the server responded with a status of 401 "
expect.set_options(timeout=STEP_MS)


def chromium_path() -> str:
    """Return the browser that scripts/services.py found, or the usual one."""
    found = os.environ.get("SISPAMKOTA_CHROMIUM") or shutil.which("chromium")
    assert found, "no Chromium: run `make services`, or set SISPAMKOTA_CHROMIUM"
    return found


def launch(playwright: Playwright, *extra: str) -> Browser:
    """Start Chromium; `extra` flags e.g. `NO_WEBGL`."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=[*QUIET, *extra])


def command(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `sispamkota` as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "sispamkota", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=check,
    )


def make_demo(folder: Path) -> Path:
    """Make the demo workspace with its plan, and return its folder."""
    done = command("demo", "--dir", folder, "--no-serve", check=False)
    assert done.returncode in {0, 1}, done.stderr
    return folder


@contextmanager
def serving(workspace: Path, *options: str) -> Iterator[str]:
    """Serve a workspace on a free port; yields the address without a slash at its end."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sispamkota",
            "serve",
            "-w",
            workspace,
            "--port",
            "0",
            "--json",
            *options,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            _, problem = server.communicate(timeout=START_S)
            raise AssertionError(f"the server did not start: {problem}")
        yield str(json.loads(line)["url"]).rstrip("/")
    finally:
        server.terminate()
        server.communicate(timeout=START_S)


@dataclass(slots=True)
class Visit:
    """One person's window on the house, with what it asked for and complained of."""

    page: Page
    context: BrowserContext
    base: str
    lang: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def foreign_requests(self) -> list[str]:
        """Return every address asked for outside the house."""
        host = urlsplit(self.base).netloc
        kept = {"data", "blob", "about", "chrome-extension"}
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in kept and urlsplit(url).netloc != host
        ]

    def go(self, path: str) -> None:
        """Open a page of the house."""
        self.page.goto(f"{self.base}{path}")


def _heard(opened: Visit, message: ConsoleMessage) -> None:
    """Note an error of the console, but for the one that asks who is signed in: nobody yet."""
    address = str(message.location["url"])
    told = f"console: {message.text}"
    asked = told.startswith(NOT_YET_SIGNED_IN) and urlsplit(address).path == "/api/session"
    if message.type == "error" and not asked:
        opened.complaints.append(f"{told} ({address})")


@contextmanager
def visit(
    browser: Browser,
    base: str,
    *,
    lang: str = "id",
    size: dict[str, int] = DESK,
    dark: bool = False,
) -> Iterator[Visit]:
    """Open a fresh window in a language, a size and a theme."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="id-ID" if lang == "id" else "en-GB",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(STEP_MS)
    page = context.new_page()
    opened = Visit(page=page, context=context, base=base, lang=lang)

    def asked(request: Request) -> None:
        opened.requests.append(request.url)

    context.on("request", asked)
    page.on("pageerror", lambda error: opened.complaints.append(f"pageerror: {error}"))
    page.on("console", lambda message: _heard(opened, message))
    try:
        yield opened
    finally:
        context.close()


AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong on the page as it stands, one line per node."""
    session = page.context.new_cdp_session(page)
    # through the debugger, for the page's own policy rightly refuses foreign scripts
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = session.send(
        "Runtime.evaluate",
        {
            "expression": (
                "axe.run(document, {runOnly: {type: 'tag', values: "
                f"{json.dumps(AXE_TAGS)}}}}}).then(r => JSON.stringify(r.violations.map(v => "
                "[v.id, v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary)])))"
            ),
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    session.detach()
    return [
        f"{rule}: {node}" for rule, nodes in json.loads(found["result"]["value"]) for node in nodes
    ]
