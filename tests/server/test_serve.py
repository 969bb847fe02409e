"""`sispamkota serve` and `user` as real processes: jobs, streams, large bodies, clean ends."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from sispamkota.cli.main import main

from .house import PASSWORD, copy_of

START_S = 60


@contextmanager
def process(folder, *options):
    """Serve in a process of its own; yields a client with `pid`."""
    words = [sys.executable, "-m", "sispamkota", "serve", "-w", str(folder), "--port", "0"]
    started = subprocess.Popen(
        [*words, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        told = json.loads(started.stdout.readline())
        with httpx.Client(base_url=told["url"], timeout=START_S) as client:
            client.process = started
            yield client
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
        started.communicate(timeout=START_S)


@pytest.fixture(scope="module")
def live(small, tmp_path_factory):
    folder = copy_of(small, tmp_path_factory.mktemp("live"))
    with process(folder) as client:
        body = {"name": "kabag_ops", "password": PASSWORD}
        answer = client.post("/api/session", json=body)
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        client.folder = folder
        yield client


def start(client, **job):
    answer = client.post("/api/jobs", json=job)
    assert answer.status_code == 202, answer.text
    return answer.json()["job"]


def wait(client, job, *states):
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        body = client.get(f"/api/jobs/{job}").json()
        if body["state"] in states:
            return body
        time.sleep(0.05)
    raise AssertionError(body)


def stream(client, job, headers=None):
    """Return the events of a stream as (id, event, data) until it ends."""
    events, one = [], {}
    with client.stream("GET", f"/api/jobs/{job}/events", headers=headers or {}) as answer:
        if answer.status_code == 204:
            return []
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        for line in answer.iter_lines():
            if line.startswith(("id:", "event:", "data:")):
                key, _, value = line.partition(": ")
                one[key] = value
            elif not line and "event" in one:
                events.append((int(one["id"]), one["event"], json.loads(one["data"])))
                one = {}
    return events


def versions(client):
    return [v["version"] for v in client.get("/api/plans").json()["versions"]]


class TestJobs:
    def test_a_plan_is_followed_to_its_end_and_kept(self, live):
        before = versions(live)
        job = start(live, kind="plan", seed=11)

        events = stream(live, job)

        assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
        assert events[0][1] == "progress"
        assert events[-1][1] == "done"
        result = events[-1][2]["result"]
        assert result["version"] == max(before) + 1
        assert live.get(f"/api/plans/{result['plan']}").json()["state"] == "draft"
        assert live.get(f"/api/plans/{result['plan']}/verify").json()["valid"] is True
        assert (live.folder / "plans" / f"{result['plan']}.json").is_file()

    def test_a_broken_stream_goes_on_where_it_broke(self, live):
        job = start(live, kind="plan", seed=12)
        wait(live, job, "done")
        whole = stream(live, job)

        rest = stream(live, job, {"Last-Event-ID": "1"})

        assert rest == whole[1:]
        assert stream(live, job, {"Last-Event-ID": str(len(whole))}) == []

    def test_a_client_that_hangs_up_loses_nothing(self, live):
        job = start(live, kind="plan", seed=13)
        with live.stream("GET", f"/api/jobs/{job}/events") as answer:
            next(answer.iter_lines())

        assert wait(live, job, "done")["result"]["plan"]

    def test_cancelling_stops_the_work_and_leaves_nothing(self, live):
        before = versions(live)
        files = sorted((live.folder / "plans").iterdir())
        job = start(live, kind="plan", seed=14, effort="high")
        wait(live, job, "running")
        time.sleep(0.3)

        begun = time.monotonic()
        assert live.delete(f"/api/jobs/{job}").status_code == 204
        body = wait(live, job, "cancelled", "done")

        assert body["state"] == "cancelled"
        assert time.monotonic() - begun < 5  # a second on a machine that is not busy
        assert versions(live) == before
        assert sorted((live.folder / "plans").iterdir()) == files
        over = live.delete(f"/api/jobs/{job}")
        assert (over.status_code, over.json()["error"]["code"]) == (409, "job_over")

    def test_after_a_cancelled_one_the_next_runs(self, live):
        first = start(live, kind="plan", seed=15, effort="high")
        second = start(live, kind="plan", seed=16)
        wait(live, first, "running")
        assert live.get(f"/api/jobs/{second}").json()["state"] == "waiting"
        live.delete(f"/api/jobs/{first}")
        assert wait(live, second, "done")["result"]["plan"]

    def test_what_the_planner_refuses_is_told(self, live):
        events = stream(live, start(live, kind="plan", pattern="no-such"))
        assert events[-1][1] == "failed"
        assert events[-1][2]["error"]["code"] == "unknown_pattern"

    def test_a_what_if_keeps_nothing(self, live):
        before = versions(live)
        job = start(live, kind="simulate", kecamatan="160801", changes={"beat_limit_s": 600})
        result = wait(live, job, "done", "failed")["result"]
        assert result["simulation"] is True
        assert "prices" not in result["plan"].get("certificate", {})
        assert versions(live) == before

    def test_the_queue_has_an_end(self, live):
        jobs = [start(live, kind="plan", seed=20 + i, effort="high") for i in range(8)]
        full = live.post("/api/jobs", json={"kind": "plan"})
        assert (full.status_code, full.json()["error"]["code"]) == (429, "too_many_jobs")
        for job in reversed(jobs):
            live.delete(f"/api/jobs/{job}")
        for job in jobs:
            wait(live, job, "cancelled", "done")


class TestBodies:
    def test_a_large_upload_is_refused_before_it_is_sent(self, live):
        url = httpx.URL(str(live.base_url))
        connection = http.client.HTTPConnection(url.host, url.port, timeout=START_S)
        connection.putrequest("POST", "/api/imports")
        connection.putheader("Content-Length", str(100 * 1024 * 1024))
        connection.endheaders()
        connection.send(b"x" * 1000)

        answer = connection.getresponse()

        assert answer.status == 413
        assert json.loads(answer.read(int(answer.headers["content-length"])))["error"]["code"] == (
            "too_large"
        )
        connection.close()

    def test_a_body_without_length_is_measured(self, live):
        def pieces():
            for _ in range(40):
                yield b" " * 50_000

        answer = live.post("/api/overrides", content=pieces())
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")

    def test_the_server_goes_on(self, live):
        assert live.get("/api/health").json() == {"status": "ok"}


class TestEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_server_and_workers_without_noise(self, small, tmp_path, number):
        with process(copy_of(small, tmp_path)) as client:
            body = {"name": "kabag_ops", "password": PASSWORD}
            csrf = client.post("/api/session", json=body).json()["csrf"]
            client.headers["X-CSRF-Token"] = csrf
            job = start(client, kind="plan", seed=31, effort="high")
            wait(client, job, "running")
            children = _children(client.process.pid)
            client.process.send_signal(number)
            out, err = client.process.communicate(timeout=20)

            assert client.process.returncode == 0
            assert (out, err) == ("", "")
            assert children
            assert [pid for pid in children if _alive(pid)] == []

    def test_a_port_in_use_is_told(self, small):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = str(other.getsockname()[1])
            done = CliRunner().invoke(main, ["serve", "-w", str(small), "--port", port, "--json"])
        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["code"] == "port_in_use"

    def test_half_of_tls_is_refused(self, small, tmp_path):
        pem = tmp_path / "cert.pem"
        pem.write_text("none")
        words = ["serve", "-w", str(small), "--json", "--tls-cert", str(pem)]
        done = CliRunner().invoke(main, words)
        assert json.loads(done.stdout)["error"]["code"] == "tls_incomplete"
        done = CliRunner().invoke(main, [*words, "--tls-key", str(pem)])
        assert json.loads(done.stdout)["error"]["code"] == "bad_tls"


def _children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _alive(pid):
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


class TestUserCommand:
    def run(self, folder, *words, code=0):
        done = CliRunner().invoke(main, ["user", *words, "-w", str(folder), "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def test_give_list_reset_revoke(self, small, tmp_path):
        folder = copy_of(small, tmp_path)
        holder = ["--person", "Ani", "--agency", "polri", "--function", "padal", "--area", "160801"]
        made = self.run(folder, "add", "ani.p", *holder)
        assert made["totp_uri"].startswith("otpauth://totp/Sispamkota:ani.p?secret=")
        assert len(made["one_time_password"]) >= 16
        rows = {row["name"]: row for row in self.run(folder, "list")["users"]}
        assert rows["ani.p"]["must_change"] is True
        assert rows["ani.p"]["created_by"] == "command line"
        assert self.run(folder, "reset", "ani.p")["one_time_password"] != made["one_time_password"]
        assert self.run(folder, "revoke", "ani.p")["name"] == "ani.p"
        assert self.run(folder, "revoke", "ani.p", code=2)["error"]["code"] == "unknown_account"

    @pytest.mark.parametrize(
        ("name", "function", "code"),
        [
            ("a", "kapolres", "bad_account_name"),
            ("../x", "kapolres", "bad_account_name"),
            ("kabag_ops", "kapolres", "account_exists"),
            ("ani", "padal", "areas_needed"),
            ("ani", "kpu", "wrong_agency"),
        ],
    )
    def test_refusals(self, small, tmp_path, name, function, code):
        folder = copy_of(small, tmp_path)
        words = ["add", name, "--person", "Ani", "--agency", "polri", "--function", function]
        assert self.run(folder, *words, code=2)["error"]["code"] == code

    def test_the_last_administrator_stays(self, small, tmp_path):
        folder = copy_of(small, tmp_path)
        refused = self.run(folder, "revoke", "administrator", code=2)
        assert refused["error"]["code"] == "last_administrator"

    def test_a_person_gets_a_code_to_scan(self, small, tmp_path):
        folder = copy_of(small, tmp_path)
        holder = ["--person", "Ani", "--agency", "polri", "--function", "kapolres"]
        done = CliRunner().invoke(main, ["user", "add", "ani", *holder, "-w", str(folder)])
        assert done.exit_code == 0
        assert "█" in done.output or "▀" in done.output
        assert "Kata sandi sekali pakai" in done.output
