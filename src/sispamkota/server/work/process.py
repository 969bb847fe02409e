"""What runs in a worker process: wait for a task, do it, tell how far it is, answer.

The process is started anew (not forked), opens the workspace for each task and keeps nothing but
compiled code in between. It ends when the server does.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sispamkota.kernel.errors import DomainError
from sispamkota.storage.workspace import open_workspace

TOLD_EVERY_S = 0.1

TASKS: dict[str, str] = {
    "warm": "sispamkota.server.work.tasks:warm",
    "plan": "sispamkota.server.work.tasks:make_plan",
    "traffic": "sispamkota.server.work.tasks:make_traffic_plan",
    "simulate": "sispamkota.server.work.tasks:simulate",
    "versions": "sispamkota.server.work.tasks:list_versions",
    "verify": "sispamkota.server.work.tasks:verify_plan",
    "check_edit": "sispamkota.server.work.tasks:check_edit",
    "save_edit": "sispamkota.server.work.tasks:save_edit",
    "change_state": "sispamkota.server.work.tasks:change_state",
    "compare": "sispamkota.server.work.tasks:compare",
    "preview": "sispamkota.server.work.files:preview",
    "accept": "sispamkota.server.work.files:accept",
    "tiles": "sispamkota.server.work.files:tiles",
    "map_svg": "sispamkota.server.work.files:map_svg",
    "document": "sispamkota.server.work.files:document",
    "workbook": "sispamkota.server.work.files:workbook",
    "table": "sispamkota.server.work.files:table",
    "tps_geojson": "sispamkota.server.work.files:tps_geojson",
    "roads_summary": "sispamkota.server.work.roads:summary",
    "road_at": "sispamkota.server.work.roads:road_at",
    "road_names": "sispamkota.server.work.roads:names",
    "route": "sispamkota.server.work.roads:route",
    "nearest_posts": "sispamkota.server.work.roads:nearest",
    "isochrone": "sispamkota.server.work.roads:isochrone",
    "critical_roads": "sispamkota.server.work.roads:critical",
    "reach": "sispamkota.server.work.roads:reach",
    "closures": "sispamkota.server.work.roads:closures",
    "closures_geojson": "sispamkota.server.work.roads:closures_geojson",
    "preview_closure": "sispamkota.server.work.roads:preview_closure",
    "close_roads": "sispamkota.server.work.roads:close",
    "lift_closure": "sispamkota.server.work.roads:lift",
    "preview_order": "sispamkota.server.work.roads:preview_order",
    "order_closures": "sispamkota.server.work.roads:order",
    "lift_order": "sispamkota.server.work.roads:lift_order",
    "add_event": "sispamkota.server.work.roads:add_event",
    "list_events": "sispamkota.server.work.roads:list_events",
    "remove_event": "sispamkota.server.work.roads:remove_event",
}
"""Name of a task → module and function; loaded when asked for."""


def work(pipe: Connection, folder: str) -> None:
    """Serve tasks until the pipe closes.

    A task arrives as (name, arguments); answers are (kind, content) with kind `progress`, `done`,
    `refused` (a domain error in parts) or `failed` (the trace, for the log).
    """
    # Ctrl-C at the terminal reaches every process; the server decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks), daemon=True).start()
    while True:
        name, given = tasks.get()
        pipe.send(_answer(pipe, folder, name, given))


def _listen(pipe: Connection, tasks: queue.SimpleQueue[tuple[str, dict[str, Any]]]) -> None:
    """Take tasks in; end the process, in the midst of one too, when the server is gone."""
    try:
        while True:
            tasks.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)


def _answer(pipe: Connection, folder: str, name: str, given: dict[str, Any]) -> tuple[str, Any]:
    try:
        task = _function(TASKS[name])
        with open_workspace(Path(folder)) as workspace:
            return "done", task(workspace, _teller(pipe), **given)
    except DomainError as error:
        return "refused", (error.code, error.message, error.remedy, error.where, error.problems)
    except Exception:  # noqa: BLE001  (whatever it is, the server must hear of it)
        return "failed", traceback.format_exc()


def _function(path: str) -> Callable[..., Any]:
    module, name = path.split(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _teller(pipe: Connection) -> Callable[[str, float], None]:
    last, before = 0.0, ""

    def tell(step: str, part: float) -> None:
        nonlocal last, before
        now = time.monotonic()
        if step != before or now - last >= TOLD_EVERY_S:
            last, before = now, step
            pipe.send(("progress", (step, float(part))))

    return tell
