"""`sispamkota init` and `serve` as a person or a program calls them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sispamkota.cli.init import init
from sispamkota.cli.serve import serve


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
    """What is refused before anything is served; the server itself is in tests/server."""

    def test_no_workspace(self, tmp_path):
        result = run(serve, "--workspace", tmp_path, "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"]["code"] == "no_workspace"

    def test_a_port_there_is_not(self, tmp_path):
        assert run(serve, "--port", 70_000).exit_code == 2
