"""The page server: this machine only, only the finished files, and a quiet end."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from sispamkota.kernel.errors import DomainError
from sispamkota.server.static import StaticServer, serve_folder


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Peta</h1>")
    (folder / "data" / "tps.geojson").write_text("{}")
    (folder / "rencana.xlsx").write_bytes(b"PK")
    (folder / "notes.txt").write_text("secret")
    (folder / ".hidden.html").write_text("secret")
    (tmp_path / "outside.html").write_text("secret")
    (folder / "link.html").symlink_to(tmp_path / "outside.html")
    return folder


@pytest.fixture
def server(site):
    with StaticServer(site, 0) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server, path, method="GET", host=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.putrequest(method, path, skip_host=host is not None)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


class TestFiles:
    def test_the_first_page(self, server):
        answer, body = ask(server, "/")
        assert (answer.status, body) == (200, b"<h1>Peta</h1>")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"

    def test_a_file_to_keep(self, server):
        for path, kind in (
            ("/data/tps.geojson?x=1", "application/geo+json"),
            ("/rencana.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ):
            answer, _ = ask(server, path)
            assert answer.status == 200
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Content-Disposition"] == "attachment"

    def test_head_has_no_body(self, server):
        answer, body = ask(server, "/", "HEAD")
        assert (answer.status, body, answer.headers["Content-Length"]) == (200, b"", "13")
        assert ask(server, "/none.html", "HEAD")[1] == b""

    @pytest.mark.parametrize(
        "path",
        [
            "/none.html",
            "/data",
            "/data/",
            "/notes.txt",
            "/.hidden.html",
            "/link.html",
            "/../outside.html",
            "/%2e%2e/outside.html",
            "/data/../../outside.html",
            "/..%2foutside.html",
            "/%2e%2e%2foutside.html",
            "//etc/passwd",
            "/%00.html",
            "/%ff.html",
            "/index.html%00.txt",
            "/" + "x" * 5000 + ".html",
            "http://127.0.0.1/../outside.html",
            "/[",
            "//[",
        ],
    )
    def test_nothing_else(self, server, path):
        answer, body = ask(server, path)
        assert answer.status == 404
        assert b"secret" not in body


class TestShield:
    @pytest.mark.parametrize("path", ["/", "/none.html"])
    def test_headers(self, server, path):
        headers = ask(server, path)[0].headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
        assert "script" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Server"] == "sispamkota"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"])
    def test_only_reading(self, server, method):
        answer, _ = ask(server, "/", method)
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD"

    @pytest.mark.parametrize("host", ["evil.example:8000", "", "127.0.0.1.evil.example:1"])
    def test_another_host_name_is_refused(self, server, host):
        assert ask(server, "/", host=host)[0].status == 421

    @pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:1", "localhost", "127.0.0.1"])
    def test_names_of_this_machine(self, server, host):
        assert ask(server, "/", host=host)[0].status == 200

    def test_bound_to_this_machine_alone(self, server):
        assert server.server_address[0] == "127.0.0.1"

    def test_rubbish_does_not_stop_it(self, server, capfd):
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
            raw.recv(1000)
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b"GET / HT")
        assert ask(server, "/")[0].status == 200
        assert capfd.readouterr().err == ""


class TestPort:
    def test_in_use(self, site, server):
        with pytest.raises(DomainError) as caught:
            StaticServer(site, server.port)
        assert caught.value.code == "port_in_use"
        assert "--port 0" in caught.value.remedy.en

    def test_no_port(self, site):
        with pytest.raises(DomainError) as caught:
            StaticServer(site, 70_000)
        assert caught.value.code == "port_refused"


class TestEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_ctrl_c_and_sigterm_end_it_quietly(self, site, number):
        code = (
            "import sys, pathlib\n"
            "from sispamkota.server.static import serve_folder\n"
            "serve_folder(pathlib.Path(sys.argv[1]), 0, ready=lambda u: print(u, flush=True))\n"
            "print('ended')\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(site)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "ended\n", "")

    def test_the_port_is_free_again_and_the_signal_as_before(self, site):
        before = signal.getsignal(signal.SIGTERM)
        ports = []

        def stop(url):
            ports.append(int(url.rsplit(":", 1)[1].strip("/")))
            os.kill(os.getpid(), signal.SIGTERM)

        serve_folder(site, 0, ready=stop)
        assert signal.getsignal(signal.SIGTERM) is before
        StaticServer(site, ports[0]).server_close()
