"""Jobs: long work that goes on when its client hangs up, tells its progress, can be cancelled.

What a job makes is kept by the server after the computing has ended (`finish`), never by the
worker: a job that is cancelled leaves nothing half saved.
"""

from __future__ import annotations

import datetime as dt
import queue
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Lang, Text
from sispamkota.server.work.lane import Cancelled, Lane

State = Literal["waiting", "running", "done", "failed", "cancelled"]
OVER: frozenset[State] = frozenset({"done", "failed", "cancelled"})
WAITING_MOST = 8
KEPT_MOST = 20
"""Ended jobs whose result can still be fetched; the oldest go first."""
LONGEST_S = 1800.0
NO_STEP: Mapping[str, Any] = {"step": "", "part": 0.0}
LOG = structlog.get_logger("sispamkota.server")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One event of a job's stream: `progress`, `done`, `failed` or `cancelled`."""

    number: int
    name: str
    data: Any


@dataclass(slots=True, kw_only=True)
class Job:
    """One piece of work.

    Attributes:
        id: opaque.
        kind: `plan`, `traffic` or `simulate`.
        owner: account that asked for it.
        given: arguments of the task.
        finish: keeps the task's result and returns what the client gets.
        made_at, ended_at: when.
        state: where it stands.
        events: progress and end, in order; numbers count from 1 without gap.
        result, error: how it ended.
    """

    id: str
    kind: str
    owner: str
    given: dict[str, Any]
    finish: Callable[[Any], Any]
    made_at: dt.datetime
    ended_at: dt.datetime | None = None
    state: State = "waiting"
    events: list[JobEvent] = field(default_factory=list)
    result: Any = None
    error: DomainError | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    saving: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """Return the job as its address shows it."""
        last = next((e.data for e in reversed(self.events) if e.name == "progress"), NO_STEP)
        return {
            "job": self.id,
            "kind": self.kind,
            "state": self.state,
            "made_at": self.made_at,
            "ended_at": self.ended_at,
            **last,
            "result": self.result,
            "error": self.error.as_json(lang) if self.error else None,
        }

    def tell(self, name: str, data: Any) -> None:
        """Add an event."""
        with self.lock:
            self.add(name, data)

    def add(self, name: str, data: Any) -> None:
        """Add an event; the caller holds the lock."""
        self.events.append(JobEvent(number=len(self.events) + 1, name=name, data=data))

    def after(self, number: int) -> list[JobEvent]:
        """Return the events after this number."""
        with self.lock:
            return self.events[max(number, 0) :]


class Jobs:
    """One queue per kind of job: one job runs on the kind's lane, the others wait in order.

    Args:
        lanes: kind of job → its lane; a long plan must not hold up a quick what-if.
        clock: the present moment.
    """

    def __init__(self, lanes: Mapping[str, Lane], clock: Callable[[], dt.datetime]) -> None:
        self.lanes = dict(lanes)
        self._clock = clock
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queues: dict[str, queue.SimpleQueue[Job | None]] = {
            kind: queue.SimpleQueue() for kind in self.lanes
        }
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._closed = False

    def add(
        self, kind: str, owner: str, given: dict[str, Any], finish: Callable[[Any], Any]
    ) -> Job:
        """Take a job into the queue.

        Raises:
            DomainError: `too_many_jobs`.
        """
        job = Job(
            id=secrets.token_hex(8),
            kind=kind,
            owner=owner,
            given=given,
            finish=finish,
            made_at=self._clock(),
        )
        with self._lock:
            waiting = [one for one in self._jobs.values() if one.state not in OVER]
            if self._closed or len(waiting) >= WAITING_MOST:
                raise _too_many_jobs()
            self._jobs[job.id] = job
            self._forget()
            if kind not in self._threads:
                thread = threading.Thread(target=self._run, args=(kind,), name=kind, daemon=True)
                self._threads[kind] = thread
                thread.start()
        self._queues[kind].put(job)
        return job

    def find(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            DomainError: `unknown_job`.
        """
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise DomainError(
                "unknown_job",
                Text("pekerjaan itu tidak ada (lagi)", "there is no such job (any more)"),
                Text("Jalankan lagi.", "Start it again."),
                {"job": job_id[:40]},
            )
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job; one that is being saved, or has ended, is left as it is.

        Raises:
            DomainError: `job_over`.
        """
        with job.lock:
            late = job.saving or job.state in OVER
            if not late:
                job.stop.set()
                if job.state == "waiting":  # it ends now, not when its turn would come
                    job.ended_at = self._clock()
                    job.add("cancelled", {})
                    job.state = "cancelled"
        if late:
            raise DomainError(
                "job_over",
                Text("pekerjaan sudah selesai", "the job has already ended"),
                Text("Lihat hasilnya.", "See its result."),
                {"job": job.id, "state": job.state},
            )

    def close(self) -> None:
        """Stop everything and end the worker; may be called twice."""
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                job.stop.set()
        for kind, lane in self.lanes.items():
            self._queues[kind].put(None)
            lane.close()
        for thread in self._threads.values():
            thread.join(5)

    def _run(self, kind: str) -> None:
        while (job := self._queues[kind].get()) is not None:
            self._do(job)

    def _do(self, job: Job) -> None:
        with job.lock:
            if job.state in OVER:
                return
            job.state = "running"
        try:
            made = self.lanes[job.kind].run(
                job.kind,
                job.given,
                progress=lambda step, part: job.tell("progress", {"step": step, "part": part}),
                cancel=job.stop,
                longest_s=LONGEST_S,
            )
            with job.lock:
                if job.stop.is_set():
                    raise Cancelled  # noqa: TRY301
                job.saving = True
            self._end(job, "done", job.finish(made))
        except Cancelled:
            self._end(job, "cancelled", {})
        except DomainError as error:
            job.error = error
            self._end(job, "failed", None)
        except Exception as error:
            LOG.exception("job failed", job=job.id, kind=job.kind)
            job.error = _fault(error)
            self._end(job, "failed", None)

    def _end(self, job: Job, state: State, result: Any) -> None:
        job.result = result
        job.ended_at = self._clock()
        job.tell(state, result)
        job.state = state

    def _forget(self) -> None:
        over = [one.id for one in self._jobs.values() if one.state in OVER]
        for job_id in over[: max(0, len(over) - KEPT_MOST)]:
            del self._jobs[job_id]


def _too_many_jobs() -> DomainError:
    return DomainError(
        "too_many_jobs",
        Text("antrean pekerjaan penuh", "the queue of jobs is full"),
        Text("Tunggu atau batalkan yang berjalan.", "Wait, or cancel what is running."),
        {"waiting_most": WAITING_MOST, "retry_after_s": 10},
    )


def _fault(error: Exception) -> DomainError:
    del error  # its words are in the log; they may hold data
    return DomainError(
        "internal_error",
        Text("kesalahan di server saat menghitung", "a fault in the server while computing"),
        Text(
            "Ulangi; bila tetap, periksa log server.", "Repeat; if it stays, see the server's log."
        ),
    )
