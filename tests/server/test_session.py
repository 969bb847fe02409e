"""Signing in, sessions, CSRF, origin, host, limits: who gets in and how long."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyotp
import pytest

from sispamkota.actions.demo_accounts import DEMO_ACCOUNTS, add_demo_accounts
from sispamkota.actions.secrets import hash_password
from sispamkota.actions.workspace import init_workspace
from sispamkota.kernel.errors import DomainError
from sispamkota.server.run import Place, refuse_without_account, serve

from .house import BASE, MADE, PASSWORD, code, copy_of, serving, sign_in


def enter(client, name="kabag_ops", password=PASSWORD, **more):
    return client.post("/api/session", json={"name": name, "password": password, **more})


def audit(client):
    return [(e.action, e.name) for e in client.house.opened.accounts.audit_entries(50)]


class TestSignIn:
    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, client):
        answer = enter(client, "KABAG_OPS")

        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/" in cookie
        assert answer.json()["account"]["function_name"] == "Kabag Ops"
        assert answer.json()["password_min"] == 12
        assert client.get("/api/session").json()["csrf"] == answer.json()["csrf"]
        assert ("session.start", "kabag_ops") in audit(client)

    def test_only_the_hash_of_the_token_is_kept(self, client):
        enter(client)

        [kept] = client.house.opened.accounts.sessions("id-kabag_ops")
        assert client.cookies["sispamkota_session"] != kept.token_sha256

    def test_under_tls_the_cookie_is_secure(self, small, tmp_path):
        with serving(copy_of(small, tmp_path), secure=True) as client:
            answer = enter(client)
            assert "secure" in answer.headers["set-cookie"].lower()
            assert "strict-transport-security" in answer.headers

    @pytest.mark.parametrize(("name", "password"), [("kabag_ops", "x"), ("nobody", PASSWORD)])
    def test_what_was_wrong_is_not_told(self, client, name, password):
        answer = enter(client, name, password)

        assert (answer.status_code, code(answer)) == (401, "bad_credentials")
        assert answer.json()["error"]["where"] == {}
        assert ("session.refused", name) in audit(client)

    def test_a_code_works_once(self, client):
        secret = pyotp.random_base32()
        client.house.opened.accounts.set_totp("id-kabag_ops", secret)
        now_code = pyotp.TOTP(secret).at(client.clock.now)

        assert enter(client).status_code == 401
        assert enter(client, code="000000").status_code == 401
        assert enter(client, code=now_code).status_code == 200
        assert enter(client, code=now_code).status_code == 401
        client.clock.on(seconds=60)
        later = pyotp.TOTP(secret).at(client.clock.now)
        assert enter(client, code=f"{later[:3]} {later[3:]}").status_code == 200

    def test_guessing_is_slowed_down(self, client):
        answers = [enter(client, password="x").status_code for _ in range(7)]

        assert answers == [401] * 5 + [429] * 2
        assert enter(client).status_code == 429
        assert int(enter(client).headers["retry-after"]) > 0
        client.clock.on(minutes=2)
        assert enter(client).status_code == 200

    def test_an_address_that_tries_many_names_waits_too(self, client):
        answers = [enter(client, f"name{i}", "x").status_code for i in range(12)]

        assert answers[:10] == [401] * 10
        assert answers[-1] == 429

    def test_first_day_passwords_of_an_office_do_not_lock_its_address(self, client):
        for i in range(12):
            headers = sign_in(client, "kabag_ops")
            new = {"old": PASSWORD if i == 0 else f"pagi cerah {i - 1} {i - 1}",
                   "new": f"pagi cerah {i} {i}"}  # fmt: skip
            answer = client.post("/api/account/password", json=new, headers=headers)
            assert answer.status_code == 200, answer.text
        assert enter(client, "kapolres").status_code == 200


class TestSessions:
    @pytest.mark.parametrize("other", ['theme={"dark":true}', "a=b c d", 'x="y', "bare", ";;"])
    def test_odd_cookies_of_other_programs_do_not_sign_out(self, client, other):
        sign_in(client, "kabag_ops")
        own = f"sispamkota_session={client.cookies['sispamkota_session']}"
        client.cookies.clear()
        assert client.get("/api/session", headers={"Cookie": f"{other}; {own}"}).status_code == 200

    def test_idle_ones_end(self, client):
        sign_in(client, "kabag_ops")
        client.clock.on(minutes=29)
        assert client.get("/api/session").status_code == 200
        client.clock.on(minutes=29)
        assert client.get("/api/operation").status_code == 200
        client.clock.on(minutes=31)
        answer = client.get("/api/operation")
        assert (answer.status_code, code(answer)) == (401, "no_session")

    def test_none_lasts_longer_than_twelve_hours(self, client):
        sign_in(client, "kabag_ops")
        seen = 0
        while client.get("/api/session").status_code == 200:
            client.clock.on(minutes=20)
            seen += 1
            assert seen < 50
        assert 35 <= seen <= 37

    def test_signing_out_ends_it(self, client):
        headers = sign_in(client, "kabag_ops")
        token = client.cookies["sispamkota_session"]
        assert client.delete("/api/session", headers=headers).status_code == 204
        client.cookies.set("sispamkota_session", token, domain="127.0.0.1")
        assert client.get("/api/session").status_code == 401

    def test_one_left_elsewhere_can_be_ended(self, client):
        sign_in(client, "kabag_ops")
        elsewhere = client.cookies["sispamkota_session"]
        headers = sign_in(client, "kabag_ops")
        rows = client.get("/api/sessions").json()["sessions"]
        other = next(row["id"] for row in rows if not row["current"])

        assert client.delete(f"/api/sessions/{other}", headers=headers).status_code == 204

        assert len(client.get("/api/sessions").json()["sessions"]) == 1
        client.cookies.clear()
        client.cookies.set("sispamkota_session", elsewhere, domain="127.0.0.1")
        assert client.get("/api/operation").status_code == 401

    def test_one_of_somebody_else_cannot(self, client):
        sign_in(client, "kapolres")
        theirs = client.get("/api/sessions").json()["sessions"][0]["id"]
        headers = sign_in(client, "kabag_ops")
        answer = client.delete(f"/api/sessions/{theirs}", headers=headers)
        assert (answer.status_code, code(answer)) == (404, "unknown_session")

    def test_a_revoked_account_is_out_at_once(self, client):
        sign_in(client, "kabag_ops")
        client.house.opened.accounts.revoke_account("id-kabag_ops", client.clock.now)
        assert client.get("/api/operation").status_code == 401

    @pytest.mark.parametrize("cookie", ["", "x" * 5000, "a;b", "%00", "\\u0000"])
    def test_rubbish_in_the_cookie_is_nobody(self, client, cookie):
        answer = client.get("/api/session", headers={"cookie": f"sispamkota_session={cookie}"})
        assert answer.status_code == 401


class TestMustChange:
    @pytest.fixture
    def given(self, client):
        accounts = client.house.opened.accounts
        accounts.set_password("id-kabag_ops", hash_password("sekali pakai saja"), True)
        return sign_in(client, "kabag_ops")

    def test_nothing_else_works_before(self, client, given):
        answer = client.get("/api/operation")
        assert (answer.status_code, code(answer)) == (403, "password_change_needed")
        assert client.get("/api/session").json()["account"]["must_change"] is True

    def test_changing_it_opens_the_rest_and_ends_other_sessions(self, client, given):
        other = client.cookies["sispamkota_session"]
        headers = sign_in(client, "kabag_ops")
        body = {"old": "sekali pakai saja", "new": "gunung biru pagi hari"}
        assert client.post("/api/account/password", json=body, headers=headers).status_code == 200
        assert client.get("/api/operation").status_code == 200
        client.cookies.clear()
        client.cookies.set("sispamkota_session", other, domain="127.0.0.1")
        assert client.get("/api/operation").status_code == 401

    @pytest.mark.parametrize(
        ("old", "new", "wanted"),
        [
            ("wrong", "gunung biru pagi hari", "bad_password"),
            ("sekali pakai saja", "short", "weak_password"),
            ("sekali pakai saja", "sekali pakai saja", "same_password"),
        ],
    )
    def test_refusals(self, client, given, old, new, wanted):
        body = {"old": old, "new": new}
        answer = client.post("/api/account/password", json=body, headers=given)
        assert (answer.status_code, code(answer)) == (400, wanted)

    def test_a_second_factor_is_taken_into_use_once_its_app_shows_a_code(self, client):
        headers = sign_in(client, "kapolres")
        wrong = client.post("/api/account/totp", json={"password": "x"}, headers=headers)
        assert code(wrong) == "bad_password"
        begun = client.post("/api/account/totp", json={"password": PASSWORD}, headers=headers)
        assert begun.json()["totp_qr_svg"].startswith("<svg")
        totp = pyotp.parse_uri(begun.json()["totp_uri"])
        bad = client.post("/api/account/totp", json={"code": "000000"}, headers=headers)
        assert code(bad) == "bad_code"
        right = {"code": totp.at(client.clock.now)}
        done = client.post("/api/account/totp", json=right, headers=headers)
        assert done.status_code == 200
        assert client.house.opened.accounts.account("id-kapolres").totp_secret == totp.secret


class TestCommands:
    @pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "csrf-kpu"}])
    def test_a_command_needs_the_token_of_its_session(self, client, headers):
        sign_in(client, "kabag_ops")
        answer = client.put("/api/settings", json={}, headers=headers)
        assert (answer.status_code, code(answer)) == (403, "bad_csrf")

    @pytest.mark.parametrize(
        "foreign",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:9999"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_another_site_cannot_command(self, client, foreign):
        headers = sign_in(client, "kabag_ops")
        answer = client.put("/api/settings", json={}, headers={**headers, **foreign})
        assert (answer.status_code, code(answer)) == (403, "foreign_origin")
        body = {"name": "kabag_ops", "password": PASSWORD}
        assert client.post("/api/session", json=body, headers=foreign).status_code == 403

    def test_our_own_page_can(self, client):
        headers = sign_in(client, "kabag_ops")
        own = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
        assert client.put("/api/settings", json={}, headers={**headers, **own}).status_code == 200

    def test_refusals_are_written_down(self, client):
        sign_in(client, "kpu")
        client.get("/api/plans")
        entry = client.house.opened.accounts.audit_entries(1)[0]
        assert (entry.action, entry.subject, entry.name) == ("refused", "/api/plans", "kpu")
        assert entry.detail == {"method": "GET", "code": "forbidden"}


class TestHost:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:80"])
    def test_other_names_are_refused(self, client, host):
        answer = client.get("/api/hello", headers={"Host": host})
        assert (answer.status_code, code(answer)) == (421, "host_not_allowed")

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8000"])
    def test_this_machine_is_known(self, client, host):
        assert client.get("/api/hello", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize("path", ["/", "/api/hello", "/nowhere", "/app/"])
    def test_every_answer_carries_the_headers(self, client, path):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


class TestDemoAccounts:
    @pytest.fixture
    def folder(self, small, tmp_path):
        return copy_of(small, tmp_path)

    def test_on_this_machine_they_are_shown_and_work(self, folder):
        with serving(folder) as client:
            add_demo_accounts_beside(client)
            hello = client.get("/api/hello").json()
            assert hello["demo"] is True
            one = hello["demo_accounts"][0]
            assert enter(client, one["name"], one["password"]).status_code == 200
            headers = {"X-CSRF-Token": client.get("/api/session").json()["csrf"]}
            body = {"old": one["password"], "new": "gunung biru pagi hari"}
            answer = client.post("/api/account/password", json=body, headers=headers)
            assert (answer.status_code, code(answer)) == (403, "demo_account")

    def test_from_elsewhere_they_are_neither(self, folder):
        with serving(folder, loopback=False) as client:
            add_demo_accounts_beside(client)
            hello = client.get("/api/hello").json()
            assert hello["demo"] is False
            assert "demo_accounts" not in hello
            assert enter(client, "kabagops", "contoh-kabag-ops").status_code == 401

    def test_a_workspace_without_an_account_is_not_served(self, tmp_path):
        with init_workspace(tmp_path / "new") as workspace:
            with pytest.raises(DomainError) as refused:
                serve(workspace, Place(port=0), lambda _url: None)
            assert refused.value.code == "no_account"
            assert "sispamkota user add" in refused.value.remedy.en
            add_demo_accounts(workspace, MADE)
            refuse_without_account(workspace, loopback=True)
            with pytest.raises(DomainError):
                refuse_without_account(workspace, loopback=False)


def add_demo_accounts_beside(client):
    """Add the one demo account whose name no function of these tests has."""
    one = DEMO_ACCOUNTS[0]
    base = client.house.opened.accounts.account("id-kabag_ops")
    client.house.opened.accounts.add_account(
        dataclasses.replace(
            base, id="demo", name=one.name, password_hash=hash_password(one.password), demo=True
        )
    )


def test_the_clock_of_sessions_knows_its_zone(client):
    sign_in(client, "kabag_ops")
    end = dt.datetime.fromisoformat(client.get("/api/session").json()["expires_at"])
    assert end.tzinfo is not None
