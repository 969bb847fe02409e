"""A lane: one worker process, one task at a time, started when needed, ended when idle."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import structlog

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.work.process import work

LONGEST_S = 180.0
"""Seconds after which a task is given up."""
MOST_WAITING = 6
"""Tasks that may wait for their turn; each holds a thread of the server, which has few."""
LOOK_S = 0.05
END_S = 0.4
"""Seconds that a worker gets to end by itself before it is killed."""
Progress = Callable[[str, float], None]
LOG = structlog.get_logger("sispamkota.server")


class Cancelled(Exception):  # noqa: N818  (no error: somebody asked for it)
    """The task was stopped because somebody asked for it."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(END_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class Lane:
    """Runs tasks of `process.TASKS` on one worker; who comes second waits.

    Args:
        folder: the workspace.
        idle_s: seconds without work after which `reap` ends the worker.
    """

    def __init__(self, folder: str, *, idle_s: float) -> None:
        self._folder = folder
        self._idle_s = idle_s
        self._turn = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_WAITING + 1)
        self._worker: _Worker | None = None
        self._used = time.monotonic()
        self._closed = threading.Event()

    def run(
        self,
        task: str,
        given: dict[str, Any],
        *,
        progress: Progress = lambda _step, _part: None,
        cancel: threading.Event | None = None,
        longest_s: float = LONGEST_S,
    ) -> Any:
        """Do a task and return its result.

        Args:
            task: its name.
            given: its arguments.
            progress: told the step and the part done.
            cancel: when set, the work really stops: the worker is ended.
            longest_s: seconds after which it is given up.

        Raises:
            DomainError: what the task refuses, `worker_died`, `took_too_long`, or `too_busy`
                where as many as may wait do so already.
            Cancelled: `cancel` was set, or the lane closed.
        """
        if not self._room.acquire(blocking=False):
            raise _too_busy()
        try:
            return self._in_turn(
                task, given, progress, cancel or threading.Event(), longest_s=longest_s
            )
        finally:
            self._room.release()

    def _in_turn(
        self,
        task: str,
        given: dict[str, Any],
        progress: Progress,
        stop: threading.Event,
        *,
        longest_s: float,
    ) -> Any:
        while not self._turn.acquire(timeout=LOOK_S):
            self._check(stop)
        try:
            self._check(stop)
            worker = self._started()
            worker.pipe.send((task, given))
            return self._follow(worker, stop, progress, time.monotonic() + longest_s)
        except (BrokenPipeError, EOFError, OSError) as error:
            self._end()
            if self._closed.is_set():
                raise Cancelled from error
            raise _worker_died() from error
        finally:
            self._used = time.monotonic()
            self._turn.release()

    def reap(self) -> None:
        """End the worker when it has been idle for long."""
        if self._turn.acquire(blocking=False):
            try:
                if time.monotonic() - self._used >= self._idle_s:
                    self._end()
            finally:
                self._turn.release()

    def close(self) -> None:
        """Stop what runs and end the worker; may be called twice."""
        self._closed.set()
        with self._turn:
            self._end()

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None while there is none."""
        return self._worker.process.pid if self._worker else None

    def _follow(
        self, worker: _Worker, stop: threading.Event, progress: Progress, until: float
    ) -> Any:
        while True:
            if stop.is_set() or self._closed.is_set():
                self._end()
                raise Cancelled
            if time.monotonic() > until:
                self._end()
                raise _took_too_long()
            if not worker.pipe.poll(LOOK_S):
                continue
            kind, content = worker.pipe.recv()
            if kind == "progress":
                progress(*content)
            elif kind == "done":
                return content
            elif kind == "refused":
                raise DomainError(*content)
            else:
                LOG.error("task failed", trace=content)
                raise RuntimeError("a task failed in the worker; the trace is in the log")

    def _check(self, stop: threading.Event) -> None:
        if stop.is_set() or self._closed.is_set():
            raise Cancelled

    def _started(self) -> _Worker:
        if self._worker is not None and not self._worker.process.is_alive():
            self._end()
        if self._worker is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, self._folder), daemon=True)
            process.start()
            theirs.close()
            self._worker = _Worker(process, ours)
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _worker_died() -> DomainError:
    return DomainError(
        "worker_died",
        Text("proses penghitung berhenti tiba-tiba", "the computing process ended unexpectedly"),
        Text(
            "Ulangi; bila tetap, periksa memori mesin server.",
            "Repeat; if it stays, check the memory of the server's machine.",
        ),
    )


def _too_busy() -> DomainError:
    return DomainError(
        "too_busy",
        Text("server sedang sibuk menghitung", "the server is busy computing"),
        Text("Tunggu sebentar, lalu ulangi.", "Wait a moment, then repeat."),
    )


def _took_too_long() -> DomainError:
    return DomainError(
        "took_too_long",
        Text("perhitungan terlalu lama dan dihentikan", "the computation took too long; stopped"),
        Text("Ulangi, atau perkecil permintaan.", "Repeat, or ask for less."),
    )
