"""Long work in the background: start, follow, cancel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal, TypeAlias

from litestar import Response, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct

from sispamkota.access.fields import redact_deep
from sispamkota.access.rights import Right
from sispamkota.actions.named import stated_reason
from sispamkota.kernel.text import Lang
from sispamkota.server.answers import Answer, Asked, encode, fresh
from sispamkota.server.asked import header
from sispamkota.server.guard import Asker, still_signed_in
from sispamkota.server.house import House
from sispamkota.server.jobs import OVER, Job, JobEvent
from sispamkota.server.near import asked_lang, asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.routes.plans import shown_plan
from sispamkota.server.rules import SIGNED_IN, rule
from sispamkota.storage.versions import GUARDS, TRAFFIC

LOOK_S = 0.1
HEARTBEAT_S = 15.0
"""Seconds of silence after which a stream shows that it lives."""
RETRY = b"retry: 2000\n\n"


EventId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
RIGHT_FOR = {
    "plan": Right.PLAN_WRITE,
    "simulate": Right.SIMULATE,
    "traffic": Right.TRAFFIC_WRITE,
}
"""Kind of job → what its asker must hold."""


class NewJob(Struct, forbid_unknown_fields=True):
    """What to compute.

    `plan` makes and keeps a draft; `simulate` tries `changes` beside plan `base` (the newest when
    absent), of one kecamatan or of the whole regency, and keeps nothing. `traffic` makes and keeps
    a traffic plan for `events` (all when absent).
    """

    kind: Literal["plan", "simulate", "traffic"]
    pattern: Annotated[str, Meta(max_length=100)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 1
    effort: Literal["normal", "high"] = "normal"
    base: Annotated[str, Meta(max_length=100)] | None = None
    kecamatan: Annotated[str, Meta(max_length=10)] | None = None
    changes: dict[str, Any] = {}
    events: Annotated[list[EventId], Meta(min_length=1, max_length=200)] | None = None
    reason: Annotated[str, Meta(max_length=1000)] = ""


@post("/api/jobs", opt=rule(SIGNED_IN), sync_to_thread=True, status_code=202)
def start(request: Asked, data: JSONBody[NewJob]) -> Answer:
    """Start a job; each kind asks for its own right."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require(RIGHT_FOR[data.kind])
    asker.viewer.require_area(None)
    if data.reason:
        stated_reason(data.reason)
    finish: Callable[[Any], Any]
    if data.kind == "plan":
        given: dict[str, Any] = {"pattern": data.pattern, "seed": data.seed, "effort": data.effort}
        finish = _keeper(house, request, asker, data)
    elif data.kind == "traffic":
        given = {"events": data.events, "seed": data.seed, "now": house.clock()}
        finish = _traffic_keeper(house, request, asker, data)
    else:
        pattern = {"pattern": data.pattern} if data.pattern else {}
        given = {
            "changes": {**pattern, **data.changes},
            "base": data.base,
            "kecamatan": data.kecamatan,
            "seed": data.seed,
            "effort": data.effort,
        }
        finish = _shower(asker)
    job = house.jobs.add(data.kind, asker.account.id, given, finish)
    note(house, request, asker.account, f"job.{data.kind}", job.id)
    return fresh(request, {"job": job.id}, 202)


def _keeper(
    house: House, request: Asked, asker: Asker, data: NewJob
) -> Callable[[tuple[dict[str, Any], bytes]], dict[str, Any]]:
    """Return what keeps a computed plan as a new draft version."""

    def keep(made: tuple[dict[str, Any], bytes]) -> dict[str, Any]:
        plan, body = made
        event = house.workspace.save_version(
            plan["plan"],
            GUARDS,
            body,
            account=asker.account.id,
            person=asker.account.person,
            reason=data.reason,
            at=house.clock(),
        )
        note(house, request, asker.account, "plan.make", plan["plan"], {"version": event.version})
        named = ("objective", "lower_bound", "gap", "tps_covered", "tps_uncovered", "teams")
        short = {name: plan[name] for name in named}
        return {"plan": plan["plan"], "version": event.version, "state": event.state, **short}

    return keep


def _traffic_keeper(
    house: House, request: Asked, asker: Asker, data: NewJob
) -> Callable[[tuple[dict[str, Any], bytes, dict[str, Any]]], dict[str, Any]]:
    """Return what keeps a computed traffic plan as a new draft version.

    A plan is named by its inputs: made again from the same, it is the version that stands.
    """

    def keep(made: tuple[dict[str, Any], bytes, dict[str, Any]]) -> dict[str, Any]:
        plan, body, short = made
        name = plan["plan"]
        known = house.workspace.versions.events(name)
        if known:
            event = known[-1]
        else:
            event = house.workspace.save_version(
                name,
                TRAFFIC,
                body,
                account=asker.account.id,
                person=asker.account.person,
                reason=data.reason,
                at=house.clock(),
            )
            note(house, request, asker.account, "traffic.make", name, {"version": event.version})
        return {**short, "version": event.version, "state": event.state, "known": bool(known)}

    return keep


def _shower(asker: Asker) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what leaves out of a what-if the fields that its asker may not see."""

    def show(made: dict[str, Any]) -> dict[str, Any]:
        plan = made["plan"]
        certificate = {k: v for k, v in plan.get("certificate", {}).items() if k != "prices"}
        return {**made, "plan": shown_plan({**plan, "certificate": certificate}, asker.viewer)}

    return show


@get("/api/jobs/{job:str}", opt=rule(SIGNED_IN), sync_to_thread=True)
def show(request: Asked, job: FromPath[str]) -> Answer:
    """Return where a job stands, and its result once it has one."""
    found = _own_job(request, job).as_json(asked_lang(request))
    return fresh(request, {**found, "result": _seen_by(asker_of(request), found["result"])})


def _seen_by(asker: Asker, result: Any) -> Any:
    """Return a result without the fields that this asker may not see: another may have made it."""
    return redact_deep("plan", result, asker.viewer.rights)


@delete("/api/jobs/{job:str}", opt=rule(SIGNED_IN), sync_to_thread=True)
def cancel(request: Asked, job: FromPath[str]) -> Response[None]:
    """Stop a job; the computing ends and nothing is kept."""
    house, asker = house_of(request), asker_of(request)
    found = _own_job(request, job)
    house.jobs.cancel(found)
    note(house, request, asker.account, "job.cancel", found.id)
    return Response(None, status_code=204)


def _own_job(request: Asked, job_id: str) -> Job:
    """Return a job of one's own, or any for whoever may read plans of the whole regency."""
    asker = asker_of(request)
    job = house_of(request).jobs.find(job_id)
    if job.owner != asker.account.id:
        asker.viewer.require(Right.PLAN_READ)
        asker.viewer.require_area(None)
    return job


@get("/api/jobs/{job:str}/events", opt=rule(SIGNED_IN), include_in_schema=False)
async def events(request: Asked, job: FromPath[str]) -> Answer:
    """Follow a job as server-sent events; `Last-Event-ID` goes on where a stream broke off."""
    found = _own_job(request, job)
    seen = _last_seen(request)
    if found.state in OVER and not found.after(seen):
        return Response(None, status_code=204)  # tells the browser not to come back
    stream = _stream(house_of(request), asker_of(request), found, seen, asked_lang(request))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream, media_type="text/event-stream", headers=headers)


def _last_seen(request: Asked) -> int:
    given = header(request.scope, "last-event-id") or ""
    return int(given) if given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004


async def _stream(
    house: House, asker: Asker, job: Job, seen: int, lang: Lang
) -> AsyncIterator[bytes]:
    yield RETRY
    told = time.monotonic()
    while True:
        over = job.state in OVER  # before looking, so that the last event is not missed
        for event in job.after(seen):
            seen, told = event.number, time.monotonic()
            yield _encoded(event, job, asker, lang)
        if over:
            return
        if time.monotonic() - told > HEARTBEAT_S:
            told = time.monotonic()
            if not await sync_to_thread(still_signed_in, house, asker, house.clock()):
                return
            yield b": .\n\n"
        await asyncio.sleep(LOOK_S)


def _encoded(event: JobEvent, job: Job, asker: Asker, lang: Lang) -> bytes:
    data = event.data
    if event.name == "done":
        data = {"result": _seen_by(asker, event.data)}
    elif event.name == "failed":
        data = {"error": job.error.as_json(lang) if job.error else None}
    head = f"id: {event.number}\nevent: {event.name}\ndata: ".encode("ascii")
    return head + encode(data) + b"\n\n"


ROUTES = (start, show, cancel, events)
