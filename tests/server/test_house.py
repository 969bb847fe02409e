"""The parts of the house by themselves: jobs that wait, what is remembered."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import threading
import time

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.server.jobs import Jobs
from sispamkota.server.memory import Memory
from sispamkota.server.run import Place
from sispamkota.server.uploads import PREFIX, Uploads
from sispamkota.server.work.lane import MOST_WAITING, Cancelled, Lane

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


def test_no_more_tasks_wait_than_the_server_has_threads_for():
    lane, stop = Lane("nowhere", idle_s=1), threading.Event()
    ended = []

    def wait():
        try:
            lane.run("warm", {}, cancel=stop)
        except Cancelled:
            ended.append(True)

    lane._turn.acquire()  # as while a long task runs
    waiting = [threading.Thread(target=wait) for _ in range(MOST_WAITING + 1)]
    for one in waiting:
        one.start()
    until(lambda: lane._room._value == 0)

    with pytest.raises(DomainError) as refused:
        lane.run("warm", {})

    assert refused.value.code == "too_busy"
    stop.set()
    for one in waiting:
        one.join()
    assert len(ended) == MOST_WAITING + 1
    assert lane._room._value == MOST_WAITING + 1
    lane._turn.release()


def test_a_house_with_a_further_name_is_not_this_machine_alone():
    assert Place().loopback
    assert not Place(names=("posko.example",)).loopback
    assert not Place(host="0.0.0.0").loopback


def test_uploads_left_by_a_killed_server_are_removed_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh = tmp_path / f"{PREFIX}old", tmp_path / f"{PREFIX}fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "roster.xlsx").write_bytes(b"x")
    day_ago = time.time() - 86_400
    os.utime(old, (day_ago, day_ago))

    Uploads()

    assert (old.exists(), fresh.exists()) == (False, True)
