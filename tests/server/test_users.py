"""Accounts in the browser: given once, changed at first use, reset, revoked, audited."""

from __future__ import annotations

import pyotp
import pytest

from .house import code, sign_in

NEW = {
    "name": "Ani.P",
    "person": "Ani",
    "agency": "polri",
    "function": "padal",
    "areas": ["160801"],
}


def test_from_gift_to_first_work(client):
    headers = sign_in(client, "administrator")
    made = client.post("/api/users", json=NEW, headers=headers)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    given = made.json()
    assert given["totp_qr_svg"].startswith("<svg")

    client.cookies.clear()
    totp = pyotp.parse_uri(given["totp_uri"])
    body = {"name": "ani.p", "password": given["one_time_password"]}
    signed = client.post("/api/session", json={**body, "code": totp.at(client.clock.now)})
    assert signed.json()["account"]["must_change"] is True
    assert signed.json()["account"]["areas"] == ["160801"]
    csrf = {"X-CSRF-Token": signed.json()["csrf"]}
    change = {"old": given["one_time_password"], "new": "gunung biru pagi hari"}
    assert client.post("/api/account/password", json=change, headers=csrf).status_code == 200
    assert client.get("/api/tps").status_code == 200

    headers = sign_in(client, "administrator")
    user = given["account"]["id"]
    reset = client.post(f"/api/users/{user}/reset", headers=headers).json()
    assert reset["one_time_password"] != given["one_time_password"]
    assert client.delete(f"/api/users/{user}", headers=headers).status_code == 204
    rows = {u["name"]: u for u in client.get("/api/users").json()["users"]}
    assert rows["ani.p"]["revoked_at"]
    assert rows["ani.p"]["created_by"] == "id-administrator"
    done = {e["action"] for e in client.get("/api/audit").json()["entries"]}
    assert {"user.add", "user.reset", "user.revoke", "password.change", "session.start"} <= done


def test_nothing_secret_reaches_list_or_audit(client):
    headers = sign_in(client, "administrator")
    given = client.post("/api/users", json=NEW, headers=headers).json()
    secret = pyotp.parse_uri(given["totp_uri"]).secret
    for path in ("/api/users", "/api/audit"):
        text = client.get(path).text
        for word in (given["one_time_password"], secret, "$argon2"):
            assert word not in text


def test_the_lists_to_choose_from(client):
    sign_in(client, "administrator")
    body = client.get("/api/users?lang=en").json()
    assert {one["id"] for one in body["functions"]} >= {"kapolres", "padal"}
    assert {one["code"] for one in body["kecamatan"]} == {"160801", "160805"}
    assert {"id": "polri", "name": "Polri (police)"} in body["agencies"]


@pytest.mark.parametrize(
    ("change", "status", "wanted"),
    [
        ({"name": "kapolres"}, 409, "account_exists"),
        ({"name": "x y"}, 400, "bad_account_name"),
        ({"person": "\u202e"}, 400, "missing_name"),
        ({"areas": []}, 400, "areas_needed"),
        ({"areas": ["999999"]}, 400, "unknown_area"),
        ({"function": "raja"}, 400, "unknown_function"),
        ({"agency": "kpu"}, 400, "wrong_agency"),
        ({"password": "mine"}, 400, "bad_input"),
    ],
)
def test_refusals(client, change, status, wanted):
    headers = sign_in(client, "administrator")
    answer = client.post("/api/users", json={**NEW, **change}, headers=headers)
    assert (answer.status_code, code(answer)) == (status, wanted)


def test_the_last_administrator_stays(client):
    headers = sign_in(client, "administrator")
    answer = client.delete("/api/users/id-administrator", headers=headers)
    assert (answer.status_code, code(answer)) == (409, "last_administrator")


def test_the_audit_turns_its_pages(client):
    headers = sign_in(client, "administrator")
    for i in range(3):
        client.post("/api/users", json={**NEW, "name": f"nama{i}"}, headers=headers)
    first = client.get("/api/audit?limit=2").json()["entries"]
    rest = client.get(f"/api/audit?limit=2&before={first[-1]['number']}").json()["entries"]
    numbers = [e["number"] for e in [*first, *rest]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)
