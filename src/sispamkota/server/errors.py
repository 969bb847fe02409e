"""Errors as answers: one table from code to status, one shape for all (design.md section 3)."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import ValidationError

from sispamkota.kernel.errors import DomainError, Problem
from sispamkota.kernel.text import Lang, Text
from sispamkota.server.asked import lang_of

STATUS: dict[str, int] = {
    "no_session": 401,
    "bad_credentials": 401,
    "forbidden": 403,
    "outside_area": 403,
    "password_change_needed": 403,
    "bad_csrf": 403,
    "foreign_origin": 403,
    "demo_account": 403,
    "not_found": 404,
    "no_plan": 404,
    "no_map": 404,
    "method_not_allowed": 405,
    "newer_version": 409,
    "state_changed": 409,
    "plan_exists": 409,
    "plan_not_valid": 409,
    "inputs_changed": 409,
    "account_exists": 409,
    "last_administrator": 409,
    "already_withdrawn": 409,
    "already_imported": 409,
    "no_override": 409,
    "no_tps": 409,
    "job_over": 409,
    "no_road_network": 409,
    "closure_lifted": 409,
    "order_lifted": 409,
    "plan_not_approved": 409,
    "plan_file_changed": 409,
    "plan_on_other_roads": 409,
    "event_withdrawn": 409,
    "nothing_to_order": 409,
    "no_places_of_kind": 409,
    "roads_estimated": 409,
    "no_police_posts": 409,
    "too_large": 413,
    "host_not_allowed": 421,
    "too_many_requests": 429,
    "too_many_jobs": 429,
    "too_busy": 503,
    "internal_error": 500,
    "worker_died": 503,
    "took_too_long": 503,
    "database_locked": 503,
    "database_unreachable": 503,
    "database_damaged": 503,
    "database_readonly": 503,
    "disk_full": 503,
}
"""Code → status. Codes beginning with `unknown_` are 404 where the path names the thing; all else
is bad input, 400."""

UNKNOWN_IN_PATH = {
    "unknown_plan",
    "unknown_tps",
    "unknown_import",
    "unknown_account",
    "unknown_session",
    "unknown_order",
    "unknown_job",
    "unknown_person",
    "unknown_upload",
    "unknown_closure",
    "unknown_event",
    "unknown_document",
    "unknown_table",
}

FRAMEWORK: dict[int, tuple[str, Text, Text]] = {
    404: (
        "not_found",
        Text("alamat ini tidak ada", "there is nothing at this address"),
        Text("Periksa alamatnya; daftar ada di /api/openapi.json.",
             "Check the address; the list is in /api/openapi.json."),
    ),
    405: (
        "method_not_allowed",
        Text("cara ini tidak berlaku untuk alamat itu", "this method does not apply there"),
        Text("Daftar cara ada di /api/openapi.json.", "The methods are in /api/openapi.json."),
    ),
    413: (
        "too_large",
        Text("kiriman terlalu besar", "what was sent is too large"),
        Text("Kirim berkas yang lebih kecil, atau impor lewat perintah `sispamkota import`.",
             "Send a smaller file, or import it by the command `sispamkota import`."),
    ),
}  # fmt: skip
NOT_UNDERSTOOD = (
    "bad_input",
    Text("permintaan tidak dapat dibaca", "the request cannot be read"),
    Text("Bandingkan dengan /api/openapi.json.", "Compare it with /api/openapi.json."),
)

LOG = structlog.get_logger("sispamkota.server")


def status_of(code: str) -> int:
    """Return the status that tells an error of this code."""
    if code in UNKNOWN_IN_PATH:
        return 404
    return STATUS.get(code, 400)


def no_session() -> DomainError:
    """Say that nobody is signed in, or no longer."""
    return DomainError(
        "no_session",
        Text("belum masuk, atau sesi sudah berakhir", "not signed in, or the session has ended"),
        Text("Masuk lagi, lalu ulangi.", "Sign in again, then repeat."),
    )


def too_large(limit: int) -> DomainError:
    """Say that a body is over the limit (bytes)."""
    code, message, remedy = FRAMEWORK[413]
    return DomainError(code, message, remedy, {"limit_bytes": limit})


def answer_domain(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer with a domain error."""
    assert isinstance(error, DomainError)
    retry = error.where.get("retry_after_s")
    headers = {"Retry-After": str(retry)} if retry is not None else {}
    return error_response(error, lang_of(request.scope), headers)


def error_response(
    error: DomainError, lang: Lang, headers: dict[str, str] | None = None
) -> Response[Any]:
    """Return an error as every route does."""
    return Response(
        {"error": error.as_json(lang)},
        status_code=status_of(error.code),
        media_type=MediaType.JSON,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def answer_http(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what the framework refuses: no such route, a body or parameter of wrong shape."""
    assert isinstance(error, HTTPException)
    code, message, remedy = FRAMEWORK.get(error.status_code, NOT_UNDERSTOOD)
    problems = _problems(error) if isinstance(error, ValidationException) else []
    if problems:
        message = Text(
            f"{message.id}: {problems[0].message.id}", f"{message.en}: {problems[0].message.en}"
        )
    made = DomainError(code, message, remedy, {"path": request.url.path}, problems)
    allow = {k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"}
    return error_response(made, lang_of(request.scope), allow)


def _problems(error: ValidationException) -> list[Problem]:
    extra = error.extra if isinstance(error.extra, list) else []
    return [
        Problem(
            code="bad_value",
            message=Text(*[str(one.get("message", ""))[:300]] * 2),
            remedy=NOT_UNDERSTOOD[2],
            column=str(one.get("key", ""))[:100] or None,
        )
        for one in extra
        if isinstance(one, dict)
    ]


def answer_malformed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a body that nests without end or holds what no text may hold."""
    del error
    code, message, remedy = NOT_UNDERSTOOD
    made = DomainError(code, message, remedy, {"path": request.url.path})
    return error_response(made, lang_of(request.scope))


def answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of the program: a reference to the log, nothing of its inside."""
    reference = secrets.token_hex(4)
    LOG.error("fault", reference=reference, path=request.url.path, exc_info=error)
    made = DomainError(
        "internal_error",
        Text("kesalahan di server", "a fault in the server"),
        Text(
            f"Ulangi; bila tetap, laporkan rujukan {reference} kepada pengelola.",
            f"Repeat; if it stays, report reference {reference} to whoever runs the server.",
        ),
        {"reference": reference},
    )
    return error_response(made, lang_of(request.scope))


HANDLERS: dict[int | type[Exception], Any] = {
    DomainError: answer_domain,
    HTTPException: answer_http,
    ValidationError: answer_malformed,
    RecursionError: answer_malformed,
    UnicodeError: answer_malformed,
    Exception: answer_unforeseen,
}
