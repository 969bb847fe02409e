"""Serve a house until Ctrl-C or SIGTERM: bind, say where, answer, end cleanly."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.app import make_server
from sispamkota.server.house import open_house
from sispamkota.storage.workspace import Workspace

GOODBYE_S = 2
"""Seconds that open streams get when the server ends."""
LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to serve.

    Attributes:
        host: address to bind; a loopback one answers this machine alone.
        port: 0 picks a free one.
        names: further names under which browsers may ask (--allow-host).
        certificate, key: PEM files for TLS, both or neither.
    """

    host: str = LOCAL
    port: int = 8000
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it.

        A further name says that something on this machine passes requests on to it.
        """
        if self.names:
            return False
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""
        return self.certificate is not None


def serve(workspace: Workspace, place: Place, ready: Callable[[str], None]) -> None:
    """Serve an open workspace until Ctrl-C or SIGTERM, then end its workers and close it.

    Args:
        workspace: closed at the end.
        place: where.
        ready: called with the address once requests are answered.

    Raises:
        DomainError: `no_account`, `port_in_use`, `port_refused`, `tls_incomplete` or `bad_tls`.
    """
    refuse_without_account(workspace, loopback=place.loopback)
    _check_tls(place)
    bound = bind(place.host, place.port)
    configure_log()
    house = open_house(workspace, secure=place.secure, loopback=place.loopback)
    app = make_server(house, names_of(place))
    config = uvicorn.Config(
        app,
        http="h11",
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GOODBYE_S,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )
    url = url_of(place, bound)
    server = _Server(config, lambda: ready(url))
    _take_signals()
    try:
        server.run(sockets=[bound])
    finally:
        bound.close()
        house.close()


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def _take_signals() -> None:
    """Let Ctrl-C and SIGTERM end the server in order, and the program after it without noise.

    The library raises the signals again once it has ended; that must not kill the process.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)


def refuse_without_account(workspace: Workspace, *, loopback: bool) -> None:
    """Refuse to serve where nobody could sign in.

    Raises:
        DomainError: `no_account`.
    """
    accounts = [a for a in workspace.accounts.accounts() if a.revoked_at is None]
    if any(not account.demo or loopback for account in accounts):
        return
    example = (
        f"sispamkota user add NAMA --workspace {workspace.folder} --person '...' --agency polri "
        "--function administrator"
    )
    why = (
        Text("akun demo hanya berlaku di komputer ini", "demo accounts work on this machine only")
        if accounts
        else Text("ruang kerja ini belum punya akun", "this workspace has no account yet")
    )
    raise DomainError(
        "no_account",
        Text(f"{why.id}; tidak ada yang dapat masuk", f"{why.en}; nobody could sign in"),
        Text(f"Buat akun: {example}", f"Make an account: {example.replace('NAMA', 'NAME')}"),
    )


def names_of(place: Place) -> frozenset[str]:
    """Return the names under which browsers may ask, in the form of a Host header."""
    names = {name.strip().lower() for name in place.names}
    if place.host in {"0.0.0.0", "::"}:  # noqa: S104  (asked for by whoever starts the server)
        names.add(socket.gethostname().lower())
    else:
        names.add(place.host.lower())
    return frozenset(f"[{name}]" if ":" in name else name for name in names)


def url_of(place: Place, bound: socket.socket) -> str:
    """Return the address to open."""
    host = place.names[0] if place.names else place.host
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        host = socket.gethostname()
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if place.secure else 'http'}://{shown}:{bound.getsockname()[1]}/"


def bind(host: str, port: int) -> socket.socket:
    """Return a bound socket.

    Raises:
        DomainError: `port_in_use` or `port_refused`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named the event loop sends small answers at once; else they wait 40 ms.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise _no_port(host, port, error) from error
    made.set_inheritable(False)
    return made


def _no_port(host: str, port: int, error: OSError | OverflowError) -> DomainError:
    where = {"host": host, "port": port}
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return DomainError(
            "port_in_use",
            Text(f"porta {port} sedang dipakai", f"port {port} is in use"),
            Text(
                "Pilih porta lain: --port 0 mencari yang bebas.",
                "Choose another port: --port 0 finds a free one.",
            ),
            where,
        )
    return DomainError(
        "port_refused",
        Text(
            f"{host} porta {port} tidak dapat dipakai: {error}",
            f"{host} port {port} cannot be used: {error}",
        ),
        Text(
            "Pakai alamat komputer ini dan porta 1024 sampai 65535.",
            "Use an address of this machine and a port from 1024 to 65535.",
        ),
        where,
    )


def _check_tls(place: Place) -> None:
    if (place.certificate is None) != (place.key is None):
        raise DomainError(
            "tls_incomplete",
            Text("TLS perlu sertifikat dan kunci", "TLS needs a certificate and a key"),
            Text("Beri --tls-cert dan --tls-key.", "Give both --tls-cert and --tls-key."),
        )
    if place.certificate is None or place.key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(place.certificate, place.key)
    except (OSError, ValueError) as error:
        raise DomainError(
            "bad_tls",
            Text(
                f"sertifikat atau kunci TLS tidak dapat dipakai: {error}",
                f"the TLS certificate or key cannot be used: {error}",
            ),
            Text(
                "Berikan berkas PEM yang cocok, tanpa kata sandi.",
                "Give matching PEM files without a pass phrase.",
            ),
            {"certificate": str(place.certificate)},
        ) from error


def configure_log() -> None:
    """Write the log to stderr, one line an event; SISPAMKOTA_LOG sets how much (warning)."""
    level = {"debug": 10, "info": 20, "warning": 30, "error": 40}
    wanted = level.get(os.environ.get("SISPAMKOTA_LOG", "").lower(), 30)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(wanted),
        logger_factory=_stderr_logger,
        cache_logger_on_first_use=False,
    )


def _stderr_logger(*_names: Any) -> structlog.WriteLogger:
    import sys  # noqa: PLC0415  (looked up when used: tests replace it)

    return structlog.WriteLogger(sys.stderr)
