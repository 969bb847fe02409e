"""Serve a folder of finished pages on this machine alone; no scripts, no uploads, no listings."""

from __future__ import annotations

import errno
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import FrameType
from typing import Any, ClassVar, NoReturn
from urllib.parse import unquote, urlsplit

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

HOST = "127.0.0.1"
INDEX = "index.html"
IDLE_S = 30
"""Seconds after which a connection that sends nothing is dropped."""

CONTENT_TYPES: dict[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Only files of these kinds are served."""

SHOWN_IN_BROWSER = {".html", ".css"}

HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Reasons of vulnerability are not for a shared browser's disk.
    "Cache-Control": "no-store",
}


class StaticServer(ThreadingHTTPServer):
    """HTTP server of one folder, bound to 127.0.0.1.

    Args:
        folder: only files inside it are served, symbolic links out of it not.
        port: 0 picks a free one.

    Raises:
        DomainError: `port_in_use` or `port_refused`.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.resolve()
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise _no_port(port, error) from error

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the folder."""
        return f"http://{HOST}:{self.port}/"

    def server_bind(self) -> None:
        """Bind without the library's look-up of a host name, which may wait for a network."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that hangs up is no event for the person at the terminal."""

    def file_for(self, target: str) -> Path | None:
        """Return the file that a request names, None when it may not or does not exist."""
        try:
            parts = unquote(urlsplit(target).path, errors="strict").strip("/")
            if any(part.startswith(".") for part in parts.split("/") if part) or "\0" in parts:
                return None
            file = (self.folder / (parts or INDEX)).resolve()
            allowed = file.suffix.lower() in CONTENT_TYPES and file.is_relative_to(self.folder)
            return file if allowed and file.is_file() else None
        except (ValueError, OSError):  # no text, no path, or a name too long for the system
            return None


class _Handler(BaseHTTPRequestHandler):
    server: StaticServer
    timeout = IDLE_S
    hosts: ClassVar[tuple[str, ...]] = (HOST, "localhost")

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        # A page elsewhere may point its own host name at 127.0.0.1 to read ours (DNS rebinding).
        if self.headers.get("Host", "").partition(":")[0] not in self.hosts:
            return self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        file = self.server.file_for(self.path)
        if file is None:
            return self.send_error(HTTPStatus.NOT_FOUND)
        try:
            content = file.read_bytes()
        except OSError:
            return self.send_error(HTTPStatus.NOT_FOUND)
        kind = file.suffix.lower()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPES[kind])
        self.send_header("Content-Length", str(len(content)))
        if kind not in SHOWN_IN_BROWSER:
            self.send_header("Content-Disposition", "attachment")
        self.end_headers()
        if body:
            self.wfile.write(content)
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with a plain line; methods other than GET and HEAD are not allowed."""
        del explain
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            status = HTTPStatus.METHOD_NOT_ALLOWED
        text = f"{status.value} {message or status.phrase}\n".encode("ascii", "replace")
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            text = b"405 Method Not Allowed\n"
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def version_string(self) -> str:
        return "sispamkota"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (name of the base class)
        """Keep the terminal for the person's own messages."""


def serve_folder(
    folder: Path, port: int = 8000, *, ready: Callable[[str], None] | None = None
) -> None:
    """Serve `folder` on this machine until Ctrl-C or SIGTERM, then return.

    Args:
        folder: its `index.html` is the first page.
        port: 0 picks a free one.
        ready: called with the address once requests are answered.

    Raises:
        DomainError: `port_in_use` or `port_refused`.
    """
    with StaticServer(folder, port) as server, _stop_quietly():
        if ready is not None:
            ready(server.url)
        server.serve_forever(poll_interval=0.2)


@contextmanager
def _stop_quietly() -> Iterator[None]:
    """Make SIGTERM end the block as Ctrl-C does, and both without a traceback."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _interrupt) if main else None
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        if main:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _no_port(port: int, error: OSError | OverflowError) -> DomainError:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return DomainError(
            "port_in_use",
            Text(f"porta {port} sedang dipakai", f"port {port} is in use"),
            Text(
                "Pilih porta lain: --port 0 mencari yang bebas.",
                "Choose another port: --port 0 finds a free one.",
            ),
            {"port": port},
        )
    return DomainError(
        "port_refused",
        Text(f"porta {port} tidak dapat dipakai: {error}", f"port {port} cannot be used: {error}"),
        Text("Pakai porta 1024 sampai 65535.", "Use a port from 1024 to 65535."),
        {"port": port},
    )
