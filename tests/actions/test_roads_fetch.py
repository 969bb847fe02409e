"""Fetching an extract, against a server of this test: whole or not at all, checked, taken up."""

from __future__ import annotations

import hashlib
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

from sispamkota.actions.roads_fetch import choose_extract, fetch, regions
from sispamkota.kernel.errors import DomainError
from sispamkota.territory.frames import AREAS

from .conftest import frame, record

BODY = b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18" + bytes(range(256)) * 4000
NAME = "/sumatra-latest.osm.pbf"


class Shelf(BaseHTTPRequestHandler):
    """Sends `server.files`; `server.cut` breaks the first answer off after so many bytes."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        since = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        if since >= len(body):
            self.send_error(416)
            return
        rest = body[since:]
        self.send_response(206 if since else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        cut, self.server.cut = (
            (self.server.cut, None) if self.path == NAME else (None, self.server.cut)
        )
        self.wfile.write(rest[:cut])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    made.files = {NAME: BODY, f"{NAME}.md5": f"{md5(BODY)}  sumatra-latest.osm.pbf\n".encode()}
    made.cut, made.asked = None, []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def md5(body: bytes) -> str:
    return hashlib.md5(body).hexdigest()


def extract_of(server, workspace, region="sumatra"):
    host, port = server.server_address[:2]
    return choose_extract(workspace, region, f"http://{host}:{port}/")


def refused(call) -> str:
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.remedy.id
    assert caught.value.remedy.en
    return caught.value.code


class TestChoice:
    def test_by_the_province_of_the_areas(self, workspace):
        found = choose_extract(workspace, None)
        assert found.region == "sumatra"
        assert found.url == ("https://download.geofabrik.de/asia/indonesia/sumatra-latest.osm.pbf")
        assert "OpenStreetMap" in found.licence

    def test_by_place_where_codes_tell_nothing(self, empty_workspace):
        rows = [{"code": "99", "level": "provinsi", "name": "X", "lon": 115.2, "lat": -8.65}]
        empty_workspace.store.append("areas", frame(rows, AREAS), record("areas"))
        assert choose_extract(empty_workspace, None).region == "nusa-tenggara"

    def test_unclear_or_unknown(self, empty_workspace):
        assert refused(lambda: choose_extract(empty_workspace, None)) == "region_unclear"
        assert refused(lambda: choose_extract(empty_workspace, "atlantis")) == "unknown_region"
        assert (
            refused(lambda: choose_extract(empty_workspace, "java", "file:///etc")) == "bad_mirror"
        )

    def test_every_province_is_in_one_region(self):
        text = (files("sispamkota.data") / "roads" / "geofabrik.toml").read_text(encoding="utf-8")
        index = tomllib.loads(text)
        provinces = [p for entry in index["region"] for p in entry["provinces"]]
        assert len(provinces) == len(set(provinces)) == 38
        assert {"sumatra", "java", "papua"} < set(regions())


class TestFetch:
    def test_the_file_appears_whole_and_checked(self, server, workspace, tmp_path):
        told = []
        out = tmp_path / "a.osm.pbf"
        found = fetch(extract_of(server, workspace), out, lambda step, part: told.append(part))
        assert out.read_bytes() == BODY
        assert (found.md5, found.checked, found.size_bytes) == (md5(BODY), True, len(BODY))
        assert told == sorted(told)
        assert told[-1] == 1
        assert [p.name for p in tmp_path.glob("a.*")] == ["a.osm.pbf"]

    def test_what_broke_off_is_taken_up(self, server, workspace, tmp_path):
        server.cut = 300_000
        out = tmp_path / "a.osm.pbf"
        extract = extract_of(server, workspace)
        assert refused(lambda: fetch(extract, out, quiet)) == "offline"
        assert not out.exists()
        assert out.with_name("a.osm.pbf.part").stat().st_size == 300_000
        fetch(extract, out, quiet)
        assert out.read_bytes() == BODY
        assert server.asked[-1] == (NAME, "bytes=300000-")

    def test_a_part_that_is_whole_already_is_only_checked(self, server, workspace, tmp_path):
        out = tmp_path / "a.osm.pbf"
        out.with_name("a.osm.pbf.part").write_bytes(BODY)
        fetch(extract_of(server, workspace), out, quiet)
        assert out.read_bytes() == BODY

    def test_a_part_of_another_day_is_given_up(self, server, workspace, tmp_path):
        out = tmp_path / "a.osm.pbf"
        out.write_bytes(b"the one before")
        out.with_name("a.osm.pbf.part").write_bytes(BODY[:1000].replace(b"\x07", b"\x08"))
        extract = extract_of(server, workspace)
        assert refused(lambda: fetch(extract, out, quiet)) == "damaged_download"
        assert out.read_bytes() == b"the one before"
        fetch(extract, out, quiet)
        assert out.read_bytes() == BODY

    def test_without_a_digest_it_is_said_and_nothing_is_taken_up(self, server, workspace, tmp_path):
        del server.files[f"{NAME}.md5"]
        out = tmp_path / "a.osm.pbf"
        out.with_name("a.osm.pbf.part").write_bytes(BODY[:1000])
        found = fetch(extract_of(server, workspace), out, quiet)
        assert not found.checked
        assert server.asked[-1] == (NAME, None)
        assert out.read_bytes() == BODY

    def test_a_page_in_place_of_the_file(self, server, workspace, tmp_path):
        server.files = {NAME: b"<!DOCTYPE html><title>Masuk</title>" * 100}
        out = tmp_path / "a.osm.pbf"
        assert refused(lambda: fetch(extract_of(server, workspace), out, quiet)) == "not_a_pbf"
        assert not out.exists()

    def test_no_such_file_and_no_server(self, server, workspace, tmp_path):
        server.files = {}
        extract = extract_of(server, workspace)
        assert refused(lambda: fetch(extract, tmp_path / "a", quiet)) == "offline"
        nowhere = choose_extract(workspace, "sumatra", "http://127.0.0.1:9")
        with pytest.raises(DomainError) as caught:
            fetch(nowhere, tmp_path / "a", quiet)
        assert caught.value.code == "offline"
        assert "import roads" in caught.value.remedy.en
        assert "127.0.0.1:9" in caught.value.message.id

    def test_a_folder_that_is_not_there(self, server, workspace, tmp_path):
        out = Path(tmp_path / "none" / "a.osm.pbf")
        assert refused(lambda: fetch(extract_of(server, workspace), out, quiet)) == "cannot_write"


def quiet(_step: str, _part: float) -> None:
    pass
