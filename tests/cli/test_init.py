"""`sispamkota init` and `serve` as a person or a program calls them."""

from __future__ import annotations

import json
import socket
import sys
import threading
import types
import urllib.request

import pytest
from click.testing import CliRunner

from sispamkota.cli.init import init
from sispamkota.cli.serve import serve
from sispamkota.server.static import StaticServer


def run(command, *arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments])


class TestInit:
    def test_json(self, tmp_path):
        folder = tmp_path / "okut"
        result = run(init, folder, "--name", "Mantap Brata", "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout) == {
            "workspace": str(folder),
            "config": str(folder / "sispamkota.toml"),
            "operation": {
                "name": "Mantap Brata",
                "election": "pemilu",
                "voting_day": "2024-02-14",
            },
        }

    @pytest.mark.parametrize(("lang", "words"), [("id", "dibuat di"), ("en", "made in")])
    def test_for_a_person(self, tmp_path, lang, words):
        result = run(init, tmp_path / "okut", "--lang", lang)
        assert result.exit_code == 0
        assert words in result.stderr
        assert "sispamkota import areas" in result.stderr
        assert result.stdout == ""

    def test_a_pilkada_has_its_own_day(self, tmp_path):
        result = run(init, tmp_path / "w", "--election", "pilkada", "--json")
        operation = json.loads(result.stdout)["operation"]
        assert (operation["voting_day"], operation["name"]) == (
            "2024-11-27",
            "Pengamanan pilkada 2024",
        )

    def test_a_day_of_ones_own(self, tmp_path):
        result = run(init, tmp_path / "w", "--voting-day", "2029-02-14", "--json")
        assert json.loads(result.stdout)["operation"]["voting_day"] == "2029-02-14"

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            (["--voting-day", "14/2/2024"], "bad_date"),
            (["--name", " "], "bad_name"),
            (["--name", "a\nb"], "bad_name"),
        ],
    )
    def test_bad_values(self, tmp_path, options, code):
        result = run(init, tmp_path / "w", *options, "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"]["code"] == code
        assert not (tmp_path / "w").exists()

    def test_twice(self, tmp_path):
        run(init, tmp_path / "w")
        result = run(init, tmp_path / "w")
        assert result.exit_code == 2
        assert "workspace_exists" in result.stderr
        assert "Perbaikan:" in result.stderr


class TestServe:
    @pytest.fixture
    def pages(self, tmp_path, monkeypatch):
        """A workspace whose pages are plain; what the pages hold is tested with the export."""

        def export_html(workspace, out, lang, other=None):
            out.write_text(f"{lang} {other}")
            return out

        plain = types.SimpleNamespace(export_html=export_html)
        monkeypatch.setitem(sys.modules, "sispamkota.actions.export", plain)
        run(init, tmp_path)
        return tmp_path

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_both_languages_are_served_until_stopped(self, pages, monkeypatch, lang):
        answers = []

        seen = []
        real = StaticServer.serve_forever

        def serve_and_visit(server, poll_interval=0.5):
            seen.append(server.url)
            thread = threading.Thread(target=real, args=(server, 0.02))
            thread.start()
            try:
                for page in ("", "index.en.html"):
                    with urllib.request.urlopen(server.url + page) as answer:
                        answers.append(answer.read().decode())
                raise KeyboardInterrupt
            finally:
                server.shutdown()
                thread.join()

        monkeypatch.setattr(StaticServer, "serve_forever", serve_and_visit)
        result = run(serve, "--workspace", pages, "--port", 0, "--lang", lang)
        assert result.exit_code == 0
        assert answers == ["id index.en.html", "en index.html"]
        assert seen[0] in result.stderr
        assert "Ctrl-C" in result.stderr

    def test_json_says_where(self, pages, monkeypatch):
        def stop(*_arguments, **_options):
            raise KeyboardInterrupt

        monkeypatch.setattr(StaticServer, "serve_forever", stop)
        body = json.loads(run(serve, "--workspace", pages, "--port", 0, "--json").stdout)
        assert body["url"].startswith("http://127.0.0.1:")
        assert body["folder"] == str(pages / "site")

    def test_a_port_in_use(self, pages):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            result = run(serve, "--workspace", pages, "--port", port, "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"]["code"] == "port_in_use"

    def test_no_workspace(self, tmp_path):
        result = run(serve, "--workspace", tmp_path, "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"]["code"] == "no_workspace"

    def test_a_port_there_is_not(self, tmp_path):
        assert run(serve, "--port", 70_000).exit_code == 2
