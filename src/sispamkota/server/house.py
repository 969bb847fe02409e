"""What all routes share: the open workspace, the clock, workers, remembered answers."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sispamkota.actions.vulnerability import Assessment, assess
from sispamkota.server.jobs import Jobs
from sispamkota.server.limits import SignInLimits
from sispamkota.server.memory import Memory
from sispamkota.server.shelf import Shelf
from sispamkota.server.uploads import Uploads
from sispamkota.server.work.lane import Lane
from sispamkota.storage.config import load_config
from sispamkota.storage.workspace import CONFIG_NAME, Workspace

ROADS_IDLE_S = 3600.0
"""The worker of roads is slow to start: it orders the network anew."""
T = TypeVar("T")
DIST = Path(__file__).parent / "dist"
WORKER_IDLE_S = 300.0
"""A worker with nothing to do for so long is ended, and its memory with it."""


def now_utc() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True, kw_only=True)
class House:
    """One served workspace.

    Attributes:
        opened: the workspace as opened; use `workspace`, whose settings follow the file.
        clock: the present moment, with time zone.
        desk: the worker of short tasks a person waits for (check, verify, versions).
        intake: the worker of uploads; a file of a million rows holds up nobody else.
        wayfinder: the worker of roads; it keeps the network and its routers in memory.
        jobs: work in the background; plans on a worker of their own, what-if on the desk.
        memory: answers and values of the present revision.
        files: built pages, compressed.
        begun_totp: session → secret of a second factor that its app has not confirmed yet.
        uploads: files that were looked at and are not imported yet.
        limits: tries to sign in.
        secure: whether it speaks TLS.
        loopback: whether only this machine can reach it; demo accounts work only then.
        dist: folder of the built web pages.
    """

    opened: Workspace
    clock: Callable[[], dt.datetime] = now_utc
    desk: Lane
    intake: Lane
    wayfinder: Lane
    jobs: Jobs
    memory: Memory = field(default_factory=Memory)
    files: Memory = field(default_factory=Memory)
    begun_totp: Shelf[str] = field(default_factory=Shelf)
    uploads: Uploads = field(default_factory=Uploads)
    limits: SignInLimits = field(default_factory=SignInLimits)
    secure: bool = False
    loopback: bool = True
    dist: Path = DIST
    _settings: tuple[int, Workspace] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def workspace(self) -> Workspace:
        """The workspace with the settings that its file holds now.

        Raises:
            DomainError: `bad_config` where somebody spoilt the file by hand.
        """
        file = self.opened.folder / CONFIG_NAME
        with self._lock:
            written = file.stat().st_mtime_ns
            if self._settings is None or self._settings[0] != written:
                config = load_config(file.read_text(encoding="utf-8-sig"), CONFIG_NAME)
                self._settings = (written, dataclasses.replace(self.opened, config=config))
            return self._settings[1]

    def revision(self) -> str:
        """Return what changes whenever an answer may: the store's token and the settings."""
        workspace = self.workspace
        assert self._settings is not None
        return f"{workspace.store.revision()}-{self._settings[0]:x}"

    def remember(self, name: str, make: Callable[[], T]) -> T:
        """Return a value of the present revision, made once."""
        return self.memory.value(self.revision(), name, make)

    def assessment(self) -> Assessment:
        """Return the scores of the present revision.

        Raises:
            DomainError: as `assess`.
        """
        return self.remember("assessment", lambda: assess(self.workspace))

    def on_desk(self, task: str, **given: Any) -> Any:
        """Let the desk worker do a short task, and wait for it.

        Raises:
            DomainError: what the task says, `worker_died` or `took_too_long`.
        """
        return self.desk.run(task, given)

    def on_press(self, task: str, **given: Any) -> Any:
        """Let the planner's worker write a document, so that the desk stays free; see `on_desk`."""
        return self.jobs.lanes["plan"].run(task, given)

    def on_intake(self, task: str, **given: Any) -> Any:
        """Let the worker of uploads look at a file or import it; see `on_desk`."""
        return self.intake.run(task, given)

    def on_roads(self, task: str, **given: Any) -> Any:
        """Let the worker of roads answer a question or close a road; see `on_desk`."""
        return self.wayfinder.run(task, given)

    def warm(self) -> None:
        """Start the desk worker in the background, so that the first task need not wait for it."""
        if self.desk.pid is None:
            threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def _warm(self) -> None:
        with contextlib.suppress(Exception):  # whatever it is, the task itself will tell
            self.desk.run("warm", {})

    def reap(self) -> None:
        """End workers that have been idle for long."""
        for lane in {self.desk, self.intake, self.wayfinder, *self.jobs.lanes.values()}:
            lane.reap()
        self.uploads.reap()

    def close(self) -> None:
        """End the workers and close the workspace; may be called twice."""
        self.jobs.close()
        self.desk.close()
        self.intake.close()
        self.wayfinder.close()
        self.uploads.close()
        self.opened.close()


def open_house(
    workspace: Workspace,
    *,
    secure: bool = False,
    loopback: bool = True,
    clock: Callable[[], dt.datetime] = now_utc,
) -> House:
    """Return the house of an open workspace; workers start when they are first needed."""
    folder = str(workspace.folder)
    desk = Lane(folder, idle_s=WORKER_IDLE_S)
    planner = Lane(folder, idle_s=WORKER_IDLE_S)
    return House(
        opened=workspace,
        clock=clock,
        desk=desk,
        intake=Lane(folder, idle_s=WORKER_IDLE_S),
        wayfinder=Lane(folder, idle_s=ROADS_IDLE_S),
        jobs=Jobs({"plan": planner, "traffic": planner, "simulate": desk}, clock),
        secure=secure,
        loopback=loopback,
    )
