"""The web house as a planner meets it: first screen on a slow line, table, what-if, PDF, memory.

A fresh demo house (or --workspace) is served by a process of its own; a real Chromium opens the
built pages. Slow line and slow processor are the browser's own throttles: Fast 3G is 1.6 Mb/s
down, 0.75 Mb/s up, 150 ms; CPU x4 runs scripts at a quarter of this machine's speed.

Keys of --json: shell_s, map_s (cold loads), filter_ms, sort_ms (main thread, map redrawn; medians),
whatif_s (one kecamatan, median, warm), whatif_first_s, renpam_s, sprin_s, idle_mb, busy_mb.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import ROOT, Result, command_fresh, emit, parser, say

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
FAST_3G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
IDLE_S = 5
WAIT_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A served workspace and a signed-in planner."""

    base: str
    pid: int
    name: str
    password: str


@dataclass(slots=True)
class Caller:
    """A signed-in client of the API."""

    house: House
    cookie: str = ""
    csrf: str = ""

    def sign_in(self) -> None:
        """Open a session."""
        answer = self.ask(
            "POST", "/api/session", {"name": self.house.name, "password": self.house.password}
        )
        self.cookie = str(answer.headers["Set-Cookie"]).split(";")[0]
        self.csrf = json.load(answer)["csrf"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> HTTPResponse:
        """Send a request and return the answer, whatever its status says.

        Raises:
            urllib.error.HTTPError: refused.
        """
        request = urllib.request.Request(
            self.house.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Cookie": self.cookie,
                "X-CSRF-Token": self.csrf,
            },
        )
        answer = urllib.request.urlopen(request, timeout=WAIT_S)
        assert isinstance(answer, HTTPResponse)
        return answer

    def get(self, path: str) -> Any:
        """Return a JSON answer."""
        return json.load(self.ask("GET", path))


@contextmanager
def served(workspace: Path | None) -> Iterator[House]:
    """Serve a workspace with demo accounts, by default a demo made anew."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = workspace or Path(scratch) / "demo"
        if workspace is None:
            command_fresh("demo", "--dir", folder, "--no-serve")
        server = subprocess.Popen(
            [
                sys.executable,
                *("-m", "sispamkota", "serve", "-w", str(folder), "--port", "0", "--json"),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            said = json.loads(server.stdout.readline())
            planner = next(a for a in said["demo_accounts"] if a["name"] == "kabagops")
            yield House(
                base=said["url"].rstrip("/"),
                pid=server.pid,
                name=planner["name"],
                password=planner["password"],
            )
        finally:
            server.terminate()
            server.wait(timeout=60)


def resident_mb(pid: int) -> float:
    """Return the memory a process holds now, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def job_seconds(caller: Caller, asked: dict[str, Any]) -> float:
    """Return how long a job takes from the request to its result."""
    begun = time.perf_counter()
    job = json.load(caller.ask("POST", "/api/jobs", asked))["job"]
    while True:
        state = caller.get(f"/api/jobs/{job}")
        if state["state"] == "done":
            return time.perf_counter() - begun
        assert state["state"] in {"queued", "running"}, state
        assert time.perf_counter() - begun < WAIT_S, state
        time.sleep(0.02)


def measure_server(house: House, runs: int) -> Result:
    """Measure what needs no browser."""
    time.sleep(IDLE_S)
    idle = resident_mb(house.pid)
    caller = Caller(house)
    caller.sign_in()
    plan = caller.get("/api/plans")["head"]["plan"]
    kecamatan = caller.get("/api/operation")["kecamatan"][0]["code"]
    what_if = {
        "kind": "simulate",
        "base": plan,
        "kecamatan": kecamatan,
        "changes": {"beat_limit_s": 900},
    }
    say("what-if of one kecamatan")
    first = job_seconds(caller, what_if)
    warm = [
        job_seconds(caller, {**what_if, "changes": {"beat_limit_s": 900 + 60 * i}})
        for i in range(1, runs + 1)
    ]
    say("documents")
    return {
        "idle_mb": idle,
        "whatif_first_s": first,
        "whatif_s": median(warm),
        "whatif_worst_s": max(warm),
        "renpam_s": _download(caller, "/api/documents/renpam.pdf"),
        "sprin_s": _download(caller, "/api/documents/sprin.pdf"),
        "busy_mb": resident_mb(house.pid),
    }


def _download(caller: Caller, path: str) -> float:
    begun = time.perf_counter()
    body = caller.ask("GET", path).read()
    assert body.startswith(b"%PDF"), path
    return time.perf_counter() - begun


def measure_browser(house: House, runs: int) -> Result:
    """Measure the planning screen in Chromium."""
    chromium = os.environ.get("SISPAMKOTA_CHROMIUM") or shutil.which("chromium")
    shell, ready, filters, sorts = [], [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_FLAGS), headless=True
        )
        for _ in range(runs):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            page = context.new_page()
            _sign_in(page, house)
            say("a cold load on Fast 3G, CPU x4")
            loaded = _cold_load(page, house)
            shell.append(loaded[0])
            ready.append(loaded[1])
            context.close()
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        _sign_in(page, house)
        page.goto(f"{house.base}/app/#/plan")
        page.wait_for_selector("[data-map=ready]")
        page.wait_for_timeout(1000)
        for _ in range(2):  # compiled by the browser after the first
            _main_thread_ms(page, "filter")
            _main_thread_ms(page, "sort")
        for _ in range(runs):
            filters.append(_main_thread_ms(page, "filter"))
            sorts.append(_main_thread_ms(page, "sort"))
        browser.close()
    return {
        "shell_s": median(shell),
        "map_s": median(ready),
        "filter_ms": median(filters),
        "filter_worst_ms": max(filters),
        "sort_ms": median(sorts),
        "sort_worst_ms": max(sorts),
    }


def _sign_in(page: Page, house: House) -> None:
    page.goto(f"{house.base}/app/")
    page.fill("input[name=username]", house.name)
    page.fill("input[name=password]", house.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("[data-panel='4'] tbody th")


def _cold_load(page: Page, house: House) -> tuple[float, float]:
    """Return seconds from the request to the lists and to the map, on a slow line, no cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", FAST_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(f"{house.base}/app/#/plan", wait_until="commit")
    page.wait_for_selector("[data-panel='4'] tbody th", timeout=WAIT_S * 1000)
    lists = time.perf_counter() - begun
    page.wait_for_selector("[data-map=ready]", timeout=WAIT_S * 1000)
    return lists, time.perf_counter() - begun


def _main_thread_ms(page: Page, what: str) -> float:
    """Return for how long one filter or sort keeps the main thread busy, the map's part too."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = _task_s(session.send("Performance.getMetrics"))
    if what == "sort":
        page.click("[data-panel='4'] thead button >> nth=1")
    else:
        box = page.locator("[data-search]")
        box.fill("" if box.input_value() else "baru")
    page.wait_for_timeout(400)
    after = _task_s(session.send("Performance.getMetrics"))
    session.detach()
    return 1000 * (after - before)


def _task_s(metrics: dict[str, Any]) -> float:
    found = {m["name"]: m["value"] for m in metrics["metrics"]}
    return float(found["TaskDuration"])


def main(arguments: Sequence[str] | None = None) -> None:
    command = parser("house", __doc__)
    command.add_argument("--workspace", type=Path, help="with demo accounts; default: made anew")
    command.add_argument("--runs", type=int, default=5)
    asked = command.parse_args(arguments)
    with served(asked.workspace) as house:
        result = {**measure_server(house, asked.runs), **measure_browser(house, asked.runs)}
    emit(result, as_json=asked.json)


if __name__ == "__main__":
    main()
