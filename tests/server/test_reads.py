"""What is read: fields by right, rows by area, answers once per revision, maps in pieces."""

from __future__ import annotations

import pytest

from sispamkota.access.fields import FIELDS
from sispamkota.access.rights import Right
from sispamkota.server.jobs import Job

from .house import FUNCTIONS, KECAMATAN, OTHER_TPS, TPS, code, plan_of, sign_in

CLASS_FIELDS = {"class", "certainty", "override"}
SCORE_FIELDS = {"score", "low", "high"}


class TestFields:
    @pytest.mark.parametrize(
        ("who", "seen"),
        [
            ("kabag_ops", CLASS_FIELDS | SCORE_FIELDS),
            ("pamatwil", CLASS_FIELDS | SCORE_FIELDS),
            ("operator", CLASS_FIELDS),
            ("padal", CLASS_FIELDS),
            ("liaison", set()),
            ("kpu", set()),
            ("bawaslu", set()),
        ],
    )
    def test_columns_of_tps(self, reading, who, seen):
        sign_in(reading, who)
        columns = set(reading.get("/api/tps").json()["columns"])
        assert columns & (CLASS_FIELDS | SCORE_FIELDS) == seen

    @pytest.mark.parametrize("who", FUNCTIONS)
    def test_one_tps_shows_what_its_reader_may_see(self, reading, who):
        sign_in(reading, who)
        rights = reading.get("/api/session").json()["rights"]
        answer = reading.get(f"/api/tps/{TPS}")
        if Right.TERRITORY_READ not in rights:
            assert answer.status_code == 403
            return
        closed = {name for name, right in FIELDS["tps"].items() if right not in rights}
        assert not closed & set(answer.json())
        assert ("reasons" in answer.json()) == (Right.REASONS_READ in rights)

    def test_no_class_leaks_to_who_may_not_see_it(self, reading):
        sign_in(reading, "kpu")
        for path in ("/api/desa", "/api/tps", f"/api/tps/{TPS}", "/api/map.svg",
                     "/api/map/desa.geojson?shapes=1", "/api/check"):  # fmt: skip
            text = reading.get(path).text
            assert "rawan" not in text.replace("classes_visible", ""), path
        assert reading.get("/api/operation").json()["classes_visible"] is False

    def test_people_of_a_plan_are_for_readers_of_the_roster(self, reading):
        plan = plan_of(reading)
        sign_in(reading, "kabag_ops")
        assert "CONTOH-0" in reading.get(f"/api/plans/{plan}").text
        sign_in(reading, "operator")
        shown = reading.get(f"/api/plans/{plan}")
        assert "CONTOH-0" not in shown.text
        assert shown.json()["beats"]

    def test_so_are_those_in_the_result_of_anothers_job(self, client):
        made = {"plan": {"teams_detail": [{"id": "t", "leader": "P-1", "members": ["P-1"]}]}}
        job = Job(
            id="ab12", kind="simulate", owner="id-kabag_ops", given={}, finish=dict,
            made_at=client.clock.now, state="done", result=made,
        )  # fmt: skip
        job.tell("done", made)
        client.house.jobs._jobs[job.id] = job
        for who, seen in (("kabag_ops", True), ("kapolres", True), ("operator", False)):
            sign_in(client, who)
            for path in ("/api/jobs/ab12", "/api/jobs/ab12/events"):
                assert ("P-1" in client.get(path).text) is seen, (who, path)

    def test_the_audit_tells_an_administrator_no_class_and_no_reason(self, client):
        headers = sign_in(client, "kabag_ops")
        body = {"tps": TPS, "class": "sangat_rawan", "reason": "bentrokan tahun lalu"}
        assert client.post("/api/overrides", json=body, headers=headers).status_code == 200
        sign_in(client, "administrator")
        shown = client.get("/api/audit").text
        assert TPS in shown
        assert "sangat_rawan" not in shown
        assert "bentrokan" not in shown
        sign_in(client, "kapolres")
        assert "bentrokan" in client.get("/api/audit").text

    def test_prices_of_the_certificate_stay_at_home(self, reading):
        sign_in(reading, "kabag_ops")
        body = reading.get(f"/api/plans/{plan_of(reading)}").json()
        assert "prices" not in body["certificate"]
        assert body["version"] == 1

    def test_reading_reasons_and_roster_is_written_down(self, client):
        sign_in(client, "kabag_ops")
        client.get(f"/api/tps/{TPS}")
        client.get("/api/roster")
        found = {(e.action, e.subject) for e in client.house.opened.accounts.audit_entries(9)}
        assert {("reasons.read", TPS), ("roster.read", "")} <= found


class TestAreas:
    def test_rows_of_other_kecamatan_are_left_out(self, reading):
        sign_in(reading, "pamatwil")
        plan = reading.get(f"/api/plans/{plan_of(reading)}").json()
        seen = {
            "desa": {d["kecamatan"] for d in reading.get("/api/desa").json()["desa"]},
            "tps": set(reading.get("/api/tps").json()["columns"]["kecamatan"]),
            "operation": {k["code"] for k in reading.get("/api/operation").json()["kecamatan"]},
            "beats": {b["kecamatan"] for b in plan["beats"]},
            "teams": {t["kecamatan"] for t in plan["teams_detail"]},
            "figures": {f["kecamatan"] for f in reading.get("/api/check").json()["figures"]},
            "need": {
                k["kecamatan"]
                for p in reading.get("/api/need").json()["patterns"]
                for k in p["kecamatan"]
            },
        }
        assert {name: codes for name, codes in seen.items() if codes - {"160801"}} == {}
        assert seen["tps"] == {"160801"}

    def test_others_see_both(self, reading):
        sign_in(reading, "kabag_ops")
        assert set(reading.get("/api/tps").json()["columns"]["kecamatan"]) == set(KECAMATAN)

    @pytest.mark.parametrize(
        "path",
        [
            f"/api/tps/{OTHER_TPS}",
            "/api/map.svg?kecamatan=160805",
            "/api/documents/sprin.pdf?kecamatan=160805",
            "/api/documents/sprin.pdf",
            "/api/documents/rekap.pdf",
        ],
    )
    def test_what_lies_outside_is_refused(self, reading, path):
        sign_in(reading, "pamatwil")
        answer = reading.get(path)
        assert (answer.status_code, code(answer)) == (403, "outside_area")

    def test_the_map_of_an_area_is_that_area(self, reading):
        sign_in(reading, "pamatwil")
        assert OTHER_TPS[:10] not in reading.get("/api/map.svg").text


class TestAnswers:
    def test_what_one_has_is_not_sent_again(self, client):
        headers = sign_in(client, "kabag_ops")
        first = client.get("/api/tps")
        again = client.get("/api/tps", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]

        body = {"tps": TPS, "class": "sangat_rawan", "reason": "kejadian tahun lalu"}
        assert client.post("/api/overrides", json=body, headers=headers).status_code == 200

        changed = client.get("/api/tps", headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200
        columns = changed.json()["columns"]
        assert columns["class"][columns["code"].index(TPS)] == "sangat_rawan"
        detail = client.get(f"/api/tps/{TPS}").json()
        assert detail["overrides"][0]["person"] == "Nama kabag_ops"
        assert detail["computed_class"] == "kurang_rawan"

    def test_the_answer_of_one_is_not_that_of_another(self, reading):
        tags = set()
        for who in ("kabag_ops", "operator", "pamatwil", "kpu"):
            sign_in(reading, who)
            tags.add(reading.get("/api/tps").headers["etag"])
        assert len(tags) == 4

    def test_answers_are_compressed_where_that_is_taken(self, reading):
        sign_in(reading, "kabag_ops")
        packed = reading.get("/api/tps", headers={"Accept-Encoding": "gzip"})
        plain = reading.get("/api/tps", headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.json() == plain.json()
        assert int(packed.headers["content-length"]) * 4 < int(plain.headers["content-length"])

    @pytest.mark.parametrize(
        ("headers", "query", "word"),
        [
            ({}, "", "berwenang"),
            ({"Accept-Language": "en-GB,id;q=0.5"}, "", "may not"),
            ({"Accept-Language": "fr, de"}, "", "berwenang"),
            ({"Accept-Language": "id"}, "?lang=en", "may not"),
        ],
    )
    def test_the_language_is_the_askers(self, reading, headers, query, word):
        sign_in(reading, "kpu")
        error = reading.get(f"/api/plans{query}", headers=headers).json()["error"]
        assert word in error["message"]
        assert error["remedy"]


class TestBaseMap:
    @pytest.fixture
    def whole(self, reading):
        sign_in(reading, "kpu")
        answer = reading.get("/map/base.pmtiles")
        assert answer.status_code == 200
        assert answer.content.startswith(b"PMTiles")
        return answer.content

    @pytest.mark.parametrize(
        ("asked", "first", "end"), [("0-126", 0, 127), ("100-199", 100, 200), ("10-", 10, None)]
    )
    def test_a_piece(self, reading, whole, asked, first, end):
        answer = reading.get("/map/base.pmtiles", headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.content == whole[first:end]
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-range"].endswith(f"/{len(whole)}")

    @pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=5-2", "bytes=a-b", "lines=0-1"])
    def test_a_piece_that_is_not_there(self, reading, whole, asked):
        answer = reading.get("/map/base.pmtiles", headers={"Range": asked})
        assert answer.status_code == 416
