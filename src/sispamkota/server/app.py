"""The wiring of the server, top to bottom: routes, guard, errors, and the shield around them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig

from sispamkota.server.errors import HANDLERS
from sispamkota.server.guard import guard
from sispamkota.server.house import House
from sispamkota.server.routes import ROUTES
from sispamkota.server.rules import ruled_routes
from sispamkota.server.shield import UPLOAD_LIMIT, Shield

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
THREADS = 24
"""Actions run in threads; one that waits for a worker must not hold up the others."""
REAP_EVERY_S = 30.0


def make_app(house: House) -> Litestar:
    """Return the application of a house.

    Raises:
        RuntimeError: a route has no rule.
    """
    app = Litestar(
        route_handlers=[all_routes()],
        guards=[guard],
        exception_handlers=HANDLERS,
        lifespan=[_living],
        state=State({"house": house, "describe": describe}),
        openapi_config=None,  # it would add routes of its own; see `describe`
        request_max_body_size=UPLOAD_LIMIT,  # the shield holds each path to its own limit
        logging_config=None,
    )
    for _ in ruled_routes(app):
        pass
    return app


def all_routes() -> Router:
    """Return the routes gathered by path; one at a time, those of a shared path go wrong."""
    return Router("/", route_handlers=list(ROUTES))


def describe() -> dict[str, Any]:
    """Return the OpenAPI description of all routes."""
    config = OpenAPIConfig(title="Sispamkota", version="1", use_handler_docstrings=True)
    # An application of its own, never served.
    app = Litestar([all_routes()], openapi_config=config, logging_config=None)
    return app.openapi_schema.to_schema()


def make_server(house: House, hosts: frozenset[str] = frozenset()) -> Shield:
    """Return the application as it is served: behind the shield.

    Args:
        house: the house.
        hosts: further names under which it may be asked.
    """
    return Shield(make_app(house), LOOPBACK | hosts, secure=house.secure)


@contextlib.asynccontextmanager
async def _living(app: Litestar) -> AsyncIterator[None]:
    house: House = app.state.house
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="action")
    asyncio.get_running_loop().set_default_executor(executor)
    reaper = asyncio.create_task(_reap(house))
    try:
        yield
    finally:
        reaper.cancel()
        await asyncio.to_thread(house.close)
        executor.shutdown(wait=False, cancel_futures=True)


async def _reap(house: House) -> None:
    while True:
        await asyncio.sleep(REAP_EVERY_S)
        await asyncio.to_thread(house.reap)
