"""Traffic plans over HTTP: a job with progress, the versions of both kinds, who may see what."""

from __future__ import annotations

import datetime as dt
import io
import time

import pypdf
import pytest

from .house import code, copy_of, serving, sign_in

EVENT = {
    "id": "rapat-1", "kind": "campaign_rally", "name": "Rapat umum",
    "starts_at": "2024-01-21T06:00:00+00:00", "ends_at": "2024-01-21T09:00:00+00:00",
    "place": [104.33711, -4.30719], "crowd": 1000,
}  # fmt: skip


@pytest.fixture(scope="module")
def client(small, tmp_path_factory):
    with serving(copy_of(small, tmp_path_factory.mktemp("traffic"))) as made:
        yield made


def finished(client, headers, **job):
    answer = client.post("/api/jobs", headers=headers, json={"kind": "traffic", **job})
    assert answer.status_code == 202, answer.text
    address = f"/api/jobs/{answer.json()['job']}"
    for _ in range(600):
        body = client.get(address).json()
        if body["state"] in {"done", "failed", "cancelled"}:
            return body
        time.sleep(0.1)
    raise AssertionError(body)


@pytest.fixture(scope="module")
def made(client):
    headers = sign_in(client, "kasat_lantas")
    added = client.post("/api/traffic/events", headers=headers, json={"event": EVENT})
    assert added.status_code == 201, added.text
    return finished(client, headers, events=["rapat-1"])


def test_made_and_listed_beside_the_guard_plan(client, made):
    assert made["state"] == "done", made
    assert (made["kind"], made["result"]["version"], made["result"]["known"]) == (
        "traffic", 1, False,
    )  # fmt: skip
    assert made["result"]["estimated"]
    sign_in(client, "kasat_lantas")
    listed = client.get("/api/plans").json()
    assert {v["kind"] for v in listed["versions"]} == {"guards"}
    (version,) = listed["traffic"]["versions"]
    assert (version["kind"], version["state"], version["person"]) == (
        "traffic", "draft", "Nama kasat_lantas",
    )  # fmt: skip
    assert listed["traffic"]["head"]["plan"] == made["result"]["plan"]


def test_made_again_it_is_known(client, made):
    again = finished(client, sign_in(client, "kasat_lantas"), events=["rapat-1"])
    assert again["result"]["known"]
    assert again["result"]["plan"] == made["result"]["plan"]


def test_read_verified_and_not_mixed(client, made):
    headers = sign_in(client, "kabag_ops")
    name = made["result"]["plan"]
    body = client.get(f"/api/plans/{name}").json()
    assert body["closures"]
    assert "assigned" in body["posts"][0]
    assert client.get(f"/api/plans/{name}/verify").json() == {"valid": True, "violations": []}
    guards = client.get("/api/plans").json()["head"]["plan"]
    mixed = client.get(f"/api/plans/{guards}/diff/{name}")
    assert (mixed.status_code, code(mixed)) == (400, "other_kind")
    edit = client.post(f"/api/plans/{name}/check", headers=headers, json={"ops": []})
    assert code(edit) == "other_kind"
    paper = sign_in(client, "kapolres") and client.get(f"/api/documents/rekap.pdf?plan={name}")
    assert code(paper) == "other_kind"


def test_printed_with_officers_for_the_chief(client, made):
    sign_in(client, "kapolres")
    name = made["result"]["plan"]
    answer = client.get(f"/api/documents/traffic.pdf?plan={name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert name in text
    assert "Id petugas tidak dicetak" not in text
    guards = client.get("/api/plans").json()["head"]["plan"]
    other = client.get(f"/api/documents/traffic.pdf?plan={guards}")
    assert (other.status_code, code(other)) == (400, "other_kind")
    part = client.get("/api/documents/traffic.pdf?kecamatan=160805")
    assert (part.status_code, code(part)) == (400, "not_by_kecamatan")
    sign_in(client, "padal")
    assert client.get("/api/documents/traffic.pdf").status_code == 403


def test_who_stands_where_is_for_those_who_plan_it(client, made):
    sign_in(client, "padal")
    body = client.get(f"/api/plans/{made['result']['plan']}").json()
    assert body["posts"]
    assert all("assigned" not in post for post in body["posts"])


def test_reviewed_by_the_head_of_operations(client, made):
    headers = sign_in(client, "kabag_ops")
    path = f"/api/plans/{made['result']['plan']}/state"
    answer = client.post(path, headers=headers, json={"state": "reviewed", "reason": "uji"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["kind"] == "traffic"


def test_its_closures_are_ordered_once_it_is_approved_and_lifted_as_one(client, made):
    name = made["result"]["plan"]
    path = f"/api/plans/{name}/order-closures"
    headers = sign_in(client, "kasat_lantas")
    early = client.post(path, headers=headers, json={"reason": "rapat umum"})
    assert (early.status_code, code(early)) == (409, "plan_not_approved")
    chief = sign_in(client, "kapolres")
    state = {"state": "approved", "reason": "uji"}
    assert client.post(f"/api/plans/{name}/state", headers=chief, json=state).status_code == 200

    headers = sign_in(client, "kasat_lantas")
    client.clock.now = dt.datetime(2024, 1, 20, tzinfo=dt.UTC)
    seen = client.get(path).json()
    assert seen["counts"]["new"] == len(seen["closures"]) > 0
    ordered = client.post(path, headers=headers, json={"reason": "rapat umum"})
    assert ordered.status_code == 201, ordered.text
    body = ordered.json()
    assert {c["origin"]["order"] for c in body["closures"]} == {body["order"]}
    again = client.post(path, headers=headers, json={"reason": "rapat umum"})
    assert (again.status_code, code(again)) == (409, "nothing_to_order")
    back = f"/api/closures/orders/{body['order']}/lift"
    lifted = client.post(back, headers=headers, json={"reason": "batal"})
    assert {c["state"] for c in lifted.json()["closures"]} == {"lifted"}
    sign_in(client, "kapolres")
    actions = [e["action"] for e in client.get("/api/audit").json()["entries"]]
    assert {"traffic.order", "traffic.lift"} <= set(actions)


@pytest.mark.parametrize("who", ["kapolres", "operator", "padal", "liaison", "kpu"])
def test_only_who_may_plan_traffic(client, made, who):
    headers = sign_in(client, who)
    answer = client.post("/api/jobs", headers=headers, json={"kind": "traffic"})
    assert (answer.status_code, code(answer)) == (403, "forbidden")
    assert answer.json()["error"]["where"] == {"right": "traffic.write"}


def test_an_unknown_event_fails_by_name(client, made):
    found = finished(client, sign_in(client, "kasat_lantas"), events=["tidak-ada"])
    assert (found["state"], found["error"]["code"]) == ("failed", "unknown_event")
