"""Every route against every function and nobody: the rule decides, nothing else."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from litestar import get

from sispamkota.access.functions import functions
from sispamkota.access.rights import Right
from sispamkota.access.viewer import viewer_of
from sispamkota.kernel.errors import DomainError
from sispamkota.server.app import make_app
from sispamkota.server.house import House
from sispamkota.server.routes.documents import PAPERS, check_reader
from sispamkota.server.rules import PUBLIC, SIGNED_IN, rule, ruled_routes

from .house import AREAS, FUNCTIONS, code, sign_in

NOBODY = "nobody"
# What a path names; ids that do not exist, so that nothing is changed or computed.
NAMES = {
    "{plan:str}": "guards-none", "{a:str}": "guards-none", "{b:str}": "guards-none",
    "{code:str}": "1608011007001", "{session:str}": "0000", "{user:str}": "nobody-here",
    "{job:str}": "0000", "{token:str}": "0000", "{import_id:str}": "none-0000",
    "{person:str}": "nobody-here", "{name:str}": "none.pdf", "{name:path}": "none.js",
    "{closure:str}": "c-none", "{event:str}": "e-none", "{order_id:str}": "o-none",
}  # fmt: skip


ROUTES = sorted(ruled_routes(make_app(Mock(spec=House))), key=lambda row: (row[1], row[0]))


def address(path):
    for name, value in NAMES.items():
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


def allowed(who, wanted):
    if wanted is PUBLIC:
        return True
    if who == NOBODY:
        return False
    return wanted is SIGNED_IN or wanted in functions()[who].rights


@pytest.mark.parametrize("who", [NOBODY, *FUNCTIONS])
@pytest.mark.parametrize(("method", "path", "wanted"), ROUTES)
def test_role_by_route(reading, who, method, path, wanted):
    headers = {}
    if who == NOBODY:
        reading.cookies.clear()
    else:
        headers = sign_in(reading, who)

    answer = reading.request(method, address(path), headers=headers, follow_redirects=False)

    if allowed(who, wanted):
        # An empty command is bad input, a name that is not there is unknown; neither is a refusal
        # by the rule. Routes that ask for more inside say which right.
        assert answer.status_code != 500, answer.text
        if answer.status_code == 401:
            assert path == "/api/session"
            assert who == NOBODY
        elif answer.status_code == 403:
            assert code(answer) == "outside_area" or (method, path) in ASK_INSIDE
    elif who == NOBODY:
        assert (answer.status_code, code(answer)) == (401, "no_session")
    else:
        assert (answer.status_code, code(answer)) == (403, "forbidden")
        assert answer.json()["error"]["where"] == {"right": str(wanted)}


ASK_INSIDE = {("POST", "/api/plans/{plan:str}/state"), ("POST", "/api/jobs")}

# Written by hand, so that a slip in the data or in a rule shows: path → who may.
PLANNER, CHIEF, ADMIN = "kabag_ops", "kapolres", "administrator"
COMMAND, TRAFFIC = {PLANNER, CHIEF}, "kasat_lantas"
FIELD = {*COMMAND, TRAFFIC, "operator", "pamatwil", "padal"}
SENSITIVE = {
    ("GET", "/api/roster"): {*COMMAND, TRAFFIC},
    ("PATCH", "/api/roster/{person:str}"): {PLANNER},
    ("GET", "/api/roster/coverage"): {*COMMAND, TRAFFIC},
    ("GET", "/api/users"): {ADMIN},
    ("POST", "/api/users"): {ADMIN},
    ("DELETE", "/api/users/{user:str}"): {ADMIN},
    ("POST", "/api/users/{user:str}/reset"): {ADMIN},
    ("GET", "/api/audit"): {ADMIN, CHIEF},
    ("POST", "/api/imports"): {PLANNER},
    ("POST", "/api/imports/{token:str}/accept"): {PLANNER},
    ("DELETE", "/api/imports/{import_id:str}"): {PLANNER},
    ("PUT", "/api/settings"): {PLANNER},
    ("POST", "/api/overrides"): COMMAND,
    ("POST", "/api/plans/{plan:str}/check"): {PLANNER},
    ("POST", "/api/plans/{plan:str}/save"): {PLANNER},
    ("GET", "/api/plans"): {*COMMAND, "operator", "pamatwil", "padal", "kasat_lantas"},
    ("GET", "/api/plans/{plan:str}"): {*COMMAND, "operator", "pamatwil", "padal", "kasat_lantas"},
    ("GET", "/api/documents/{name:str}"): {*COMMAND, "pamatwil", "padal", "kasat_lantas"},
    ("GET", "/api/need"): {*COMMAND, "operator", "pamatwil", "liaison"},
    ("GET", "/api/tps"): set(FUNCTIONS) - {ADMIN},
    ("GET", "/api/roads"): {*FIELD, "liaison"},
    ("GET", "/api/closures"): {*FIELD, "liaison"},
    ("POST", "/api/closures"): {PLANNER, TRAFFIC},
    ("POST", "/api/closures/preview"): {PLANNER, TRAFFIC},
    ("POST", "/api/closures/{closure:str}/lift"): {PLANNER, TRAFFIC},
    ("GET", "/api/plans/{plan:str}/order-closures"): {PLANNER, TRAFFIC},
    ("POST", "/api/plans/{plan:str}/order-closures"): {PLANNER, TRAFFIC},
    ("POST", "/api/closures/orders/{order_id:str}/lift"): {PLANNER, TRAFFIC},
    ("GET", "/api/traffic/events"): FIELD,
    ("POST", "/api/traffic/events"): {PLANNER, TRAFFIC},
    ("DELETE", "/api/traffic/events/{event:str}"): {PLANNER, TRAFFIC},
}


@pytest.mark.parametrize("who", FUNCTIONS)
@pytest.mark.parametrize(("method", "path"), SENSITIVE)
def test_sensitive_cells_written_by_hand(reading, method, path, who):
    headers = sign_in(reading, who)

    answer = reading.request(method, address(path), headers=headers)

    refused = answer.status_code == 403 and code(answer) == "forbidden"
    assert refused == (who not in SENSITIVE[method, path])


@pytest.mark.parametrize("who", FUNCTIONS)
@pytest.mark.parametrize(
    ("state", "holder"), [("approved", CHIEF), ("reviewed", PLANNER), ("draft", PLANNER)]
)
def test_each_state_of_a_plan_asks_for_its_own_right(reading, who, state, holder):
    headers = sign_in(reading, who)
    body = {"state": state, "reason": "uji"}

    answer = reading.post("/api/plans/guards-none/state", headers=headers, json=body)

    if who == holder:
        assert (answer.status_code, code(answer)) == (404, "unknown_plan")
    else:
        assert (answer.status_code, code(answer)) == (403, "forbidden")


@pytest.mark.parametrize("who", FUNCTIONS)
@pytest.mark.parametrize(("kind", "holders"), [("plan", {PLANNER}), ("simulate", COMMAND)])
def test_each_kind_of_job_asks_for_its_own_right(reading, who, kind, holders):
    headers = sign_in(reading, who)
    job = {"kind": kind, "base": "guards-none", "pattern": "no-such-pattern"}

    answer = reading.post("/api/jobs", headers=headers, json=job)

    assert answer.status_code == (202 if who in holders else 403)


@pytest.mark.parametrize("who", FUNCTIONS)
@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("renpam.pdf", COMMAND),
        ("workbook.xlsx", COMMAND),
        ("tps.csv", COMMAND),
        ("tps.geojson", COMMAND),
        ("teams.csv", {*COMMAND, "kasat_lantas"}),
        ("traffic.pdf", {*COMMAND, "kasat_lantas"}),
    ],
)
def test_documents_of_the_whole_regency_ask_for_what_they_show(reading, who, name, holders):
    viewer = viewer_of("id", who, who, who, AREAS.get(who, ()))
    try:
        viewer.require(Right.DOCUMENT_READ)
        check_reader(viewer, PAPERS[name], None)
        seen = True
    except DomainError:
        seen = False
    assert seen == (who in holders)


def test_a_route_without_a_rule_stops_the_start(monkeypatch):
    @get("/api/forgotten", sync_to_thread=False)
    def forgotten() -> None:
        """Forgot its rule."""

    monkeypatch.setattr("sispamkota.server.app.ROUTES", (forgotten,))
    with pytest.raises(RuntimeError, match=r"/api/forgotten.* has no rule"):
        make_app(Mock(spec=House))


def test_a_rule_is_no_free_text():
    assert rule(PUBLIC)["rule"] is PUBLIC
    assert {wanted for _, _, wanted in ROUTES if isinstance(wanted, Right)} <= set(Right)


def test_public_routes_are_these_alone():
    public = {(m, p) for m, p, wanted in ROUTES if wanted is PUBLIC}
    assert public == {
        ("GET", "/"), ("GET", "/en"), ("GET", "/app"), ("GET", "/assets/{name:path}"),
        ("GET", "/api/health"), ("GET", "/api/openapi.json"), ("GET", "/api/hello"),
        ("GET", "/api/session"), ("POST", "/api/session"),
    }  # fmt: skip
