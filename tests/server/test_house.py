"""The parts of the house by themselves: jobs that wait, what is remembered."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from sispamkota.server.jobs import Jobs
from sispamkota.server.memory import Memory
from sispamkota.server.work.lane import Cancelled

NOW = dt.datetime(2024, 2, 10, tzinfo=dt.UTC)


class SlowLane:
    """A lane whose task ends when the test says so."""

    def __init__(self):
        self.go = threading.Event()

    def run(self, _task, given, *, cancel, **_options):
        while not self.go.wait(0.01):
            if cancel.is_set():
                raise Cancelled
        return given

    def close(self):
        self.go.set()


def until(said):
    end = time.monotonic() + 5
    while not said():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_waiting_job_that_is_cancelled_ends_at_once():
    lane = SlowLane()
    jobs = Jobs({"plan": lane}, lambda: NOW)
    done = []
    first = jobs.add("plan", "a", {"n": 1}, done.append)
    second = jobs.add("plan", "a", {"n": 2}, done.append)
    until(lambda: first.state == "running")

    jobs.cancel(second)

    assert (second.state, second.ended_at) == ("cancelled", NOW)
    assert [e.name for e in second.after(0)] == ["cancelled"]
    lane.go.set()
    until(lambda: first.state == "done")
    third = jobs.add("plan", "a", {"n": 3}, done.append)
    until(lambda: third.state == "done")
    assert done == [{"n": 1}, {"n": 3}]
    assert [e.name for e in second.after(0)] == ["cancelled"]
    jobs.close()


def test_what_cannot_be_made_takes_no_room():
    memory = Memory()
    for i in range(50):
        with pytest.raises(ZeroDivisionError):
            memory.value("r", f"address {i}", lambda: 1 / 0)
    assert not memory._slots
    assert memory.value("r", "address 1", lambda: 7) == 7
