"""Roads over HTTP: routes that go round, closures signed and undone, what the public hears."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from .house import TPS, code, copy_of, serving, sign_in

AFAR = "1608052001001"
PAIR = {"from": f"tps:{TPS}", "to": f"tps:{AFAR}"}
REASON = {"reason": "jembatan putus"}


def travel(client, **more):
    answer = client.get("/api/roads/route", params=PAIR | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def segment_on_the_way(client):
    """The piece of road in the middle of the way of `PAIR`."""
    line = travel(client)["routes"][0]["line"]
    (x, y), (u, v) = line[len(line) // 2 :][:2]
    lon, lat = (x + u) / 2, (y + v) / 2
    return client.get("/api/roads/at", params={"lon": lon, "lat": lat}).json()


@pytest.fixture(scope="module")
def client(small, tmp_path_factory):
    """A server of this module's own: its worker of roads starts once."""
    with serving(copy_of(small, tmp_path_factory.mktemp("roads"))) as made:
        yield made


@pytest.fixture
def lantas(client):
    return sign_in(client, "kasat_lantas")


def lift(client, headers, closure):
    path = f"/api/closures/{closure}/lift"
    return client.post(path, headers=headers, json={"reason": "sudah selesai"})


class TestReading:
    def test_the_summary_says_that_it_is_a_stand_in(self, client, lantas):
        body = client.get("/api/roads").json()
        assert body["estimated"]
        assert "perkiraan" in body["estimated_text"]
        assert body["network"]["import"] is None
        assert {one["kind"] for one in body["snapped"]} == {"tps", "post", "desa"}
        english = client.get("/api/roads?lang=en").json()
        assert "estimate" in english["estimated_text"]

    def test_a_route_has_its_line_and_version(self, client, lantas):
        body = travel(client)
        assert body["reachable"]
        (first, *_) = body["routes"]
        assert first["travel_s"] > 0
        assert len(first["line"]) > 1
        assert body["from"]["code"] == TPS
        assert isinstance(body["version"], int)

    def test_the_nearest_posts_come_in_order(self, client, lantas):
        body = client.get(f"/api/roads/nearest?to={AFAR}&k=3").json()
        times = [p["travel_s"] for p in body["posts"]]
        assert times == sorted(times)
        assert 1 <= len(times) <= 3

    def test_names_are_found(self, client, lantas):
        everything = client.get("/api/roads/names").json()["names"]
        word = everything[0]["name"].split()[0]
        found = client.get("/api/roads/names", params={"q": word.lower()}).json()["names"]
        assert all(word.lower() in one["name"].lower() for one in found)
        assert found

    def test_critical_links_are_those_of_ones_own_area(self, client):
        sign_in(client, "padal")
        body = client.get("/api/roads/critical?limit=5").json()
        assert len(body["links"]) <= 5
        assert all(c.startswith("160801") for link in body["links"] for c in link["tps"])

    @pytest.mark.parametrize(
        ("path", "wrong"),
        [
            ("/api/roads/route?from=x:y&to=104,-4", "bad_place"),
            ("/api/roads/route?from=tps:1&to=104,-4", "unknown_place"),
            ("/api/roads/route?from=999,99&to=104,-4", "bad_place"),
            (f"/api/roads/route?from={TPS}&to={TPS}&at=kemarin", "bad_time"),
            (f"/api/roads/route?from={TPS}&to={TPS}&at=2024-02-10T08:00", "bad_time"),
            (f"/api/roads/route?from={TPS}&to={TPS}&profile=tank", "bad_input"),
            (f"/api/roads/route?from={TPS}&to={TPS}&exempt=friend", "bad_input"),
            ("/api/roads/route", "bad_input"),
            (f"/api/roads/isochrone?from={TPS}&minutes=5,x", "bad_minutes"),
            (f"/api/roads/isochrone?from={TPS}&minutes=nan", "bad_minutes"),
            (f"/api/roads/isochrone?from={TPS}&minutes=0", "bad_minutes"),
            ("/api/roads/at?lon=0&lat=0", "no_road_there"),
            ("/api/roads/at?lon=nan&lat=0", "bad_input"),
        ],
    )
    def test_what_makes_no_sense_is_told(self, client, lantas, path, wrong):
        answer = client.get(path)
        assert answer.status_code == 400, answer.text
        assert code(answer) == wrong


class TestClosing:
    def test_seen_first_then_closed_then_undone(self, client, lantas):
        before, picked = travel(client), segment_on_the_way(client)
        wish = {"segments": [picked["segment"]]}

        seen = client.post("/api/closures/preview", headers=lantas, json=wish).json()
        assert seen["segments"] == wish["segments"]
        assert seen["length_m"] == pytest.approx(picked["length_m"], abs=0.2)
        assert travel(client)["routes"] == before["routes"]

        made = client.post("/api/closures", headers=lantas, json=wish | REASON)
        assert made.status_code == 201, made.text
        closure = made.json()["closure"]
        assert closure["person"] == "Nama kasat_lantas"
        round_ = travel(client)
        assert round_["version"] == before["version"] + 1
        assert not round_["reachable"] or (
            round_["routes"][0]["travel_s"] > before["routes"][0]["travel_s"]
        )
        assert round_["without_closures"]["travel_s"] == before["routes"][0]["travel_s"]
        shapes = client.get("/api/closures.geojson").json()["features"]
        assert [f["properties"]["id"] for f in shapes] == [closure["id"]]

        answer = lift(client, lantas, closure["id"])
        assert answer.json()["closure"]["state"] == "lifted"
        assert travel(client)["routes"] == before["routes"]
        again = lift(client, lantas, closure["id"])
        assert (again.status_code, code(again)) == (409, "closure_lifted")

        sign_in(client, "kapolres")
        noted = client.get("/api/audit").json()["entries"]
        assert [e["action"] for e in noted if e["subject"] == closure["id"]] == [
            "roads.lift",
            "roads.close",
        ]

    def test_a_closure_of_tomorrow_does_not_hold_today(self, client, lantas):
        before, picked = travel(client), segment_on_the_way(client)
        tomorrow = client.clock.now + dt.timedelta(days=1)
        wish = {"segments": [picked["segment"]], "begins": tomorrow.isoformat()}
        closure = client.post("/api/closures", headers=lantas, json=wish | REASON).json()["closure"]
        assert closure["state"] == "planned"
        assert travel(client)["routes"] == before["routes"]
        then = travel(client, at=(tomorrow + dt.timedelta(hours=1)).isoformat())
        assert then["routes"] != before["routes"]
        lift(client, lantas, closure["id"])

    @pytest.mark.parametrize(
        ("wish", "status", "wrong"),
        [
            ({}, 400, "bad_closure"),
            ({"way": 1, "road": "x"}, 400, "bad_closure"),
            ({"segments": [999_999]}, 400, "closure_on_no_road"),
            ({"road": "tidak ada"}, 400, "unknown_road"),
            ({"area": [[0, 0], [0, 1], [1, 1]]}, 400, "closure_outside"),
            ({"area": [[0, 0], [0, 1]]}, 400, "bad_input"),
            ({"segments": [0], "begins": "x"}, 400, "bad_time"),
            ({"segments": [0], "colour": "red"}, 400, "bad_input"),
            ({"segments": [0], "profiles": ["gajah"]}, 400, "bad_input"),
        ],
    )
    def test_what_cannot_be_closed(self, client, lantas, wish, status, wrong):
        for path, body in (("/preview", wish), ("", wish | REASON)):
            answer = client.post(f"/api/closures{path}", headers=lantas, json=body)
            assert (answer.status_code, code(answer)) == (status, wrong)
        assert client.get("/api/closures?at=2000-01-01T00:00Z").json()["version"] >= 0

    def test_nothing_is_closed_without_a_reason(self, client, lantas):
        for body in ({"segments": [0]}, {"segments": [0], "reason": ""},
                     {"segments": [0], "reason": "massa paslon 1"}):  # fmt: skip
            answer = client.post("/api/closures", headers=lantas, json=body)
            assert answer.status_code == 400

    def test_an_unknown_closure(self, client, lantas):
        answer = lift(client, lantas, "c-none")
        assert (answer.status_code, code(answer)) == (404, "unknown_closure")


class TestPublic:
    def test_everybody_hears_where_until_when_and_no_officer(self, client, lantas):
        until = client.clock.now + dt.timedelta(hours=3)
        picked = segment_on_the_way(client)
        wish = {"segments": [picked["segment"]], "ends": until.isoformat(),
                "reason": "rapat umum, massa besar",
                "public_reason": "Perbaikan <b>jembatan</b>"}  # fmt: skip
        closure = client.post("/api/closures", headers=lantas, json=wish).json()["closure"]
        client.cookies.clear()

        page = client.get("/").text
        assert "Penutupan jalan" in page
        assert closure["title"].split(" - ")[0] in page
        assert "Perbaikan &lt;b&gt;jembatan" in page
        assert "massa besar" not in page
        assert "kasat_lantas" not in page
        assert "WIB" in page
        assert "Closed roads" in client.get("/en").text

        client.clock.on(hours=4)
        assert "Penutupan jalan" not in client.get("/").text
        client.clock.on(hours=-4)
        lift(client, sign_in(client, "kasat_lantas"), closure["id"])
        client.cookies.clear()
        assert "Penutupan jalan" not in client.get("/").text


EVENT = {
    "id": "rapat-1",
    "kind": "campaign_rally",
    "name": "Rapat umum",
    "starts_at": "2024-02-10T09:00:00+07:00",
    "ends_at": "2024-02-10T12:00:00+07:00",
    "place": [104.35, -4.32],
}


class TestEvents:
    def test_added_changed_and_withdrawn(self, client, lantas):
        made = client.post("/api/traffic/events", headers=lantas, json={"event": EVENT})
        assert made.status_code == 201, made.text
        assert made.json()["event"]["person"] == "Nama kasat_lantas"
        assert not made.json()["replaced"]
        changed = client.post(
            "/api/traffic/events", headers=lantas, json={"event": EVENT | {"name": "Apel besar"}}
        )
        assert changed.json()["replaced"]
        (row,) = client.get("/api/traffic/events").json()["events"]
        assert row["name"] == "Apel besar"
        gone = client.delete("/api/traffic/events/rapat-1", headers=lantas)
        assert gone.status_code == 204
        assert client.get("/api/traffic/events").json()["events"] == []
        (row,) = client.get("/api/traffic/events?all=true").json()["events"]
        assert row["state"] == "withdrawn"
        again = client.delete("/api/traffic/events/rapat-1", headers=lantas)
        assert (again.status_code, code(again)) == (404, "unknown_event")

    def test_what_is_wrong_is_named(self, client, lantas):
        bad = EVENT | {"kind": "pesta", "ends_at": "besok"}
        answer = client.post("/api/traffic/events", headers=lantas, json={"event": bad})
        assert answer.status_code == 400
        assert len(answer.json()["error"]["problems"]) == 2


class TestImport:
    def test_a_road_file_through_the_browser(self, client):
        headers = sign_in(client, "kabag_ops")
        lon, lat = 104.35, -4.32
        roads = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"highway": "primary", "name": "Jalan Uji"},
                 "geometry": {"type": "LineString",
                              "coordinates": [[lon + 0.01 * i, lat] for i in range(8)]}}
            ],
        }  # fmt: skip
        files = {"file": ("jalan.geojson", json.dumps(roads).encode())}
        shown = client.post("/api/imports", headers=headers, files=files).json()
        assert (shown["kind"], shown["acceptable"]) == ("roads", True)
        assert shown["roads"]["segments"] >= 1
        assert shown["warnings"]
        kept = client.post(f"/api/imports/{shown['token']}/accept", headers=headers).json()
        summary = client.get("/api/roads").json()
        assert not summary["estimated"]
        assert summary["network"]["name"] == "jalan.geojson"
        gone = client.delete(f"/api/imports/{kept['imports'][0]}", headers=headers)
        assert gone.status_code == 204
        assert client.get("/api/roads").json()["estimated"]

    def test_a_damaged_road_file_is_a_problem_on_the_screen(self, client):
        headers = sign_in(client, "kabag_ops")
        files = {"file": ("jalan.osm.pbf", b"bukan pbf")}
        shown = client.post("/api/imports", headers=headers, files=files).json()
        assert not shown["acceptable"]
        assert shown["problems"][0]["code"] == "damaged_roads"
