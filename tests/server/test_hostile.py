"""Rubbish, attacks and slips over HTTP: told, never a fault, nothing changed."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from .house import BASE, TPS, code, plan_of, sign_in

NIK = "160801" + "1203900001"  # synthetic

DEEP = "[" * 100_000 + "]" * 100_000
BODIES = [
    b"", b"{", b"null", b"[]", b"\xff\xfe", b'"text"', b"NaN", DEEP.encode(),
    b'{"tps": NaN, "class": null, "reason": "x"}',
    b'{"tps": "1608011007001", "class": "rawan", "reason": "a\\u0000b"}',
    b'{"tps": "1608011007001", "class": "rawan", "reason": "\\ud800"}',
    b'{"tps": "1608011007001", "class": "jelek", "reason": "x"}',
    b'{"tps": 1608011007001, "class": "rawan", "reason": "x"}',
    b'{"tps": "1608011007001", "class": "rawan", "reason": "x", "by": "orang lain"}',
    b'{"tps": "' + b"9" * 100_000 + b'", "class": "rawan", "reason": "x"}',
]  # fmt: skip
COMMANDS = [
    ("POST", "/api/overrides"), ("PUT", "/api/settings"), ("POST", "/api/jobs"),
    ("POST", "/api/plans/x/check"), ("POST", "/api/plans/x/save"), ("POST", "/api/plans/x/state"),
    ("PATCH", "/api/roster/CONTOH-0001"), ("POST", "/api/account/password"),
    ("POST", "/api/session"), ("POST", "/api/imports"),
    ("POST", "/api/closures"), ("POST", "/api/closures/preview"),
    ("POST", "/api/closures/c-none/lift"), ("POST", "/api/traffic/events"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), COMMANDS)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_bad_body_is_told(client_of_all, method, path, body):
    client, headers = client_of_all
    sent = {**headers, "Content-Type": "application/json"}
    answer = client.request(method, path, content=body, headers=sent)
    assert 400 <= answer.status_code < 500 or (path, body) == ("/api/settings", b"{}")
    assert answer.json()["error"]["remedy"]


@pytest.fixture(scope="module")
def client_of_all(reading):
    return reading, sign_in(reading, "kabag_ops")


@pytest.mark.parametrize(
    "ops",
    [
        [{"op": "fly"}],
        [{"op": "move_tps", "tps": "x", "to": "y"}],
        [{"op": "move_tps", "tps": TPS}],
        [{"op": "new_beat", "tps": [], "team": "x"}],
        [{"op": "move_team", "team": "x", "to": None}] * 501,
        [{"op": "move_tps", "tps": TPS, "to": 10**400}],
    ],
)
def test_moves_that_make_no_sense(reading, ops):
    headers = sign_in(reading, "kabag_ops")
    path = f"/api/plans/{plan_of(reading)}/check"
    answer = reading.post(path, content=json.dumps({"ops": ops}), headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["code"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/plans/..%2f..%2fetc%2fpasswd", "/api/plans/%2e%2e", "/api/plans/a%00b",
        "/api/tps/%00",
        "/assets/..%2f..%2f..%2fpyproject.toml", "/assets/%2e%2e/app/index.html", "/assets/",
        "/api/tps/" + "9" * 5000, "/api/plans?x=%00", "/%ff%fe", "/api/documents/..%2fx.pdf",
        "/api/audit?limit=-1", "/api/audit?before=" + "9" * 400, "/api/need?pattern=nope",
        "/api/map.svg?kecamatan=%3Cscript%3E", "/api/roster/coverage?by=voters",
        "/assets/" + "a" * 5000 + ".js", "/api/map/desa.geojson?shapes=perhaps",
        "/api/documents/sprin.pdf?plan=../../x",
        "/api/roads/route?from=%00&to=1,1", "/api/roads/route?from=1,1&to=" + "9" * 5000,
        "/api/roads/at?lon=1e400&lat=0", "/api/roads/names?limit=0",
        "/api/roads/nearest?to=1,1&k=0",
        "/api/roads/isochrone?from=1,1&minutes=" + "1," * 40, "/api/closures?at=%ff",
        "/api/roads/critical?limit=" + "9" * 400,
    ],
)  # fmt: skip
def test_a_bad_address_is_told(reading, path):
    sign_in(reading, "kabag_ops")
    answer = reading.get(path)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["remedy"]


@pytest.mark.parametrize("origin", ["http://[", "null", "http://127.0.0.1:8000.evil", "//x", ""])
def test_a_strange_origin_is_foreign(reading, origin):
    body = {"name": "x", "password": "y"}
    answer = reading.post("/api/session", json=body, headers={"Origin": origin})
    assert (answer.status_code, code(answer)) == (403, "foreign_origin")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/jobs", {"kind": "plan"}),
        ("/api/overrides", {"tps": TPS, "class": "rawan"}),
        ("/api/plans/{plan}/state", {"state": "reviewed"}),
    ],
)
@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("wilayah basis PDIP", "forbidden_reason"),
        (f"pemilih {NIK} melapor", "forbidden_reason"),
        ("a\u202eb", "missing_reason"),
    ],
)
def test_free_reasons_are_held_to_neutrality(reading, path, body, reason, wanted):
    headers = sign_in(reading, "kabag_ops")
    path = path.format(plan=plan_of(reading))
    answer = reading.post(path, json={**body, "reason": reason}, headers=headers)
    assert (answer.status_code, code(answer)) == (400, wanted)
    assert NIK not in answer.text


def test_a_fault_tells_a_reference_and_nothing_else(client, monkeypatch):
    sign_in(client, "kabag_ops")
    monkeypatch.setattr("sispamkota.server.routes.territory.read_posts", lambda _w: 1 / 0)
    answer = client.get("/api/posts")
    assert answer.status_code == 500
    assert set(answer.json()["error"]["where"]) == {"reference"}
    assert "ZeroDivision" not in answer.text


class TestUploads:
    def send(self, client, headers, body, name="posts.csv", **fields):
        return client.post(
            "/api/imports",
            files={"file": (name, body)},
            data={"kind": "posts", "source": "uji", "as_of": "2024-02-01", **fields},
            headers=headers,
        )

    def test_look_accept_withdraw(self, client):
        headers = sign_in(client, "kabag_ops")
        body = b"code,name,kind,kecamatan\npolsek-baru,Polsek <script>,polsek,160801\n"
        shown = self.send(client, headers, body).json()
        assert shown["acceptable"] is True
        before = len(client.get("/api/posts").json()["posts"])

        done = client.post(f"/api/imports/{shown['token']}/accept", headers=headers)

        assert done.status_code == 200
        assert len(client.get("/api/posts").json()["posts"]) == before + 1
        assert "Polsek <script>" in client.get("/api/posts").text  # JSON; screens show text nodes
        assert "<script>" not in client.get("/").text
        again = client.post(f"/api/imports/{shown['token']}/accept", headers=headers)
        assert (again.status_code, code(again)) == (404, "unknown_upload")
        undone = client.delete(f"/api/imports/{done.json()['imports'][0]}", headers=headers)
        assert undone.status_code == 204
        assert len(client.get("/api/posts").json()["posts"]) == before

    def test_mistakes_are_shown_and_nothing_changes(self, client):
        headers = sign_in(client, "kabag_ops")
        body = b"code,name,kind,kecamatan\nx,,polsek,999999\n"
        shown = self.send(client, headers, body).json()
        assert shown["acceptable"] is False
        assert shown["problem_count"] >= 1
        refused = client.post(f"/api/imports/{shown['token']}/accept", headers=headers)
        assert refused.status_code == 400

    def test_a_token_is_its_senders(self, client):
        headers = sign_in(client, "kabag_ops")
        shown = self.send(client, headers, b"code,name,kind\na-b,A,polsek\n").json()
        uploads = client.house.uploads
        assert uploads.find(shown["token"], "id-kabag_ops")
        with pytest.raises(Exception, match="no longer there"):
            uploads.find(shown["token"], "id-kapolres")

    @pytest.mark.parametrize(
        ("body", "name", "fields"),
        [
            (b"", "x.xlsx", {}),
            (b"PK\x03\x04rubbish", "x.xlsx", {}),
            (b"a,b\n1,2\n", "x.csv", {"as_of": "yesterday"}),
            (b"a,b\n1,2\n", "x.csv", {"mapping": "[1]"}),
            (b"a,b\n1,2\n", "x.csv", {"mapping": "[" * 50_000}),
            (b"a,b\n1,2\n", "x.csv", {"kind": "voters"}),
            (b"a,b\n1,2\n", "x.csv", {"source": "s" * 1000}),
        ],
    )
    def test_rubbish_is_told(self, client, body, name, fields):
        answer = self.send(client, sign_in(client, "kabag_ops"), body, name, **fields)
        assert 400 <= answer.status_code < 500
        assert answer.json()["error"]["remedy"]


class TestPublicPage:
    @pytest.mark.parametrize("path", ["/", "/en"])
    def test_small_without_script_without_class(self, reading, path):
        reading.cookies.clear()
        answer = reading.get(path, headers={"Accept-Encoding": "identity"})
        text = answer.text
        assert answer.status_code == 200
        assert len(answer.content) <= 60_000
        assert "<script" not in text
        assert "rawan" not in text.lower()
        assert "tel:110" in text
        assert "tel:112" in text
        assert "script-src" not in answer.headers["content-security-policy"]

    def test_a_desa_is_found_by_part_of_its_name(self, reading):
        text = reading.get("/", params={"q": "dusun MARTAPURA"}).text
        assert "<h3>Dusun Martapura</h3>" in text
        assert "TPS 012" in text
        assert "<h3>Dusun Martapura</h3>" in reading.get("/?desa=1608011007").text

    @pytest.mark.parametrize("query", ["<script>alert(1)</script>", '"><img src=x>', "x" * 9999])
    def test_what_is_typed_stays_text(self, reading, query):
        answer = reading.get("/en", params={"q": query})
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
        assert "There is no desa of that name" in answer.text

    def test_a_name_with_markup_is_shown_as_text(self, reading):
        assert "<b>kecil" not in reading.get("/").text


class TestShell:
    def test_unbuilt_pages_say_how_to_build_them(self, client, tmp_path):
        client.house.dist = tmp_path
        answer = client.get("/app/")
        assert answer.status_code == 503
        assert "make web" in answer.text

    def test_built_files_are_kept_for_good(self, client, tmp_path):
        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "index.html").write_text("<!doctype html><title>x</title>")
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "app-1.js").write_text("let a = 1;\n" * 500)
        (tmp_path / "assets" / "app-1.txt").write_text("no")
        (tmp_path / "secret.js").write_text("no")
        client.house.dist = tmp_path
        assert client.get("/app/").headers["cache-control"] == "no-cache"
        script = client.get("/assets/app-1.js")
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-type"].startswith("text/javascript")
        assert script.headers["content-encoding"] == "gzip"
        (tmp_path / "assets" / "app-1.js.br").write_bytes(b"as the build squeezed it")
        squeezed = client.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip, br"})
        assert squeezed.headers["content-encoding"] == "br"
        assert squeezed.headers["content-type"].startswith("text/javascript")
        assert squeezed.headers["vary"] == "Accept-Encoding"
        plain = client.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip, br;q=0"})
        assert plain.text == "let a = 1;\n" * 500
        assert client.get("/assets/app-1.js.br").status_code == 404
        assert client.get("/assets/app-1.txt").status_code == 404
        assert client.get("/assets/../secret.js").status_code == 404


EXAMPLES = 8
ENDS_THE_SESSION = {("DELETE", "/api/session"), ("POST", "/api/session")}


@pytest.mark.parametrize("who", ["kabag_ops", "administrator"])
def test_no_request_that_fits_the_description_leads_to_a_fault(client, who):
    described = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
    client.house.limits.check = lambda *_: None
    operations = [result.ok() for result in described.get_all_operations()]
    faults: list[tuple[str, str, str]] = []

    for operation in operations:
        if (operation.method.upper(), operation.path) not in ENDS_THE_SESSION:
            play(operation, client, sign_in(client, who), faults)

    assert len(operations) > 35
    assert faults == []


def play(operation, client, headers, faults):
    """Send what schemathesis makes of one operation; keep what ended in a fault."""

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(operation.as_strategy())
    def send(case):
        made = case.as_transport_kwargs(base_url=BASE)
        sent = {k: made[k] for k in ("method", "url", "params", "json", "data") if k in made}
        answer = client.request(**sent, headers=headers)
        if answer.status_code >= 500:
            faults.append((case.method, str(sent)[:500], answer.text))

    send()
