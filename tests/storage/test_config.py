"""Settings are read strictly: what is wrong is named, with what would be right."""

from __future__ import annotations

import contextlib
import datetime as dt
import tomllib
from importlib.resources import files

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.kernel.errors import DomainError
from sispamkota.planning.patterns import parse_patterns
from sispamkota.storage.config import Config, Operation, load_config
from sispamkota.storage.workspace import render_config

TEMPLATE = (files("sispamkota.data") / "config" / "sispamkota.toml").read_text(encoding="utf-8")


def refused(text: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        load_config(text, "sispamkota.toml")
    assert caught.value.code == "bad_config"
    assert caught.value.where["file"] == "sispamkota.toml"
    assert caught.value.remedy.id
    return caught.value


class TestDefaults:
    def test_an_empty_file_has_those_of_the_design(self):
        config = load_config("", "sispamkota.toml")
        assert config.operation.voting_day == dt.date(2024, 2, 14)
        assert config.doctrine.pattern == "pemilu-2024-2.16.32"
        plan = config.planning
        assert (plan.detour_factor, plan.speed_kmh, plan.beat_limit_s) == (1.4, 25, 1200)
        assert (plan.post_weight, plan.duty_hours, plan.mixed_classes) == (0.25, 12, True)
        assert (plan.grouping, plan.strength) == ("kecamatan", "released")
        assert (plan.risk.kurang_rawan, plan.risk.rawan, plan.risk.sangat_rawan) == (1, 6, 30)
        assert config.database.url == "sqlite:///sispamkota.db"
        assert config.pattern == ()

    def test_the_template_says_exactly_the_defaults(self):
        assert load_config(TEMPLATE, "t") == Config()

    def test_the_template_shows_every_setting(self):
        def keys(table, path=()):
            for key, value in table.items():
                yield (*path, key)
                if isinstance(value, dict):
                    yield from keys(value, (*path, key))

        everything = {k for k in keys(msgspec.to_builtins(Config())) if k != ("pattern",)}
        assert set(keys(tomllib.loads(TEMPLATE))) == everything

    def test_the_example_pattern_of_the_template_is_one(self):
        example = TEMPLATE[TEMPLATE.index("# [[pattern]]") :].replace("# ", "")
        config = load_config(example, "t")
        (pattern,) = parse_patterns({"pattern": list(config.pattern)}, "t")
        assert pattern.name == "polres-saya"


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "key", "section", "near"),
        [
            ("[planing]\n", "planing", None, "planning"),
            ("[planning]\nspeed = 30\n", "speed", "[planning]", "speed_kmh"),
            ("[planning.risk]\nrawn = 6\n", "rawn", "[planning.risk]", "rawan"),
            ("[operation]\nvotingday = 2024-02-14\n", "votingday", "[operation]", "voting_day"),
        ],
    )
    def test_unknown_key(self, text, key, section, near):
        error = refused(text)
        assert (error.where["key"], error.where["section"]) == (key, section)
        assert f"Did you mean '{near}'?" in error.remedy.en
        assert f"Maksudnya '{near}'?" in error.remedy.id

    def test_nothing_near(self):
        assert "Known: operation" in refused("zzzzzz = 1\n").remedy.en

    @pytest.mark.parametrize(
        ("text", "key", "value", "allowed"),
        [
            ("[planning]\nspeed_kmh = 0\n", "speed_kmh", "0", "1 to 120"),
            ("[planning]\nspeed_kmh = nan\n", "speed_kmh", "nan", "1 to 120"),
            ("[planning]\nspeed_kmh = '25'\n", "speed_kmh", "25", "1 to 120"),
            ("[planning]\nmixed_classes = 1\n", "mixed_classes", "1", "true | false"),
            ("[planning]\ngrouping = 'regency'\n", "grouping", "regency", '"desa"'),
            ("[planning]\nrisk = 3\n", "risk", "3", "table"),
            ("[planning.risk]\nrawan = 100\n", "risk", "[1.0, 100.0, 30.0]", "≤"),
            ("[operation]\nelection = 'pilpres'\n", "election", "pilpres", '"pilkada"'),
            ("[operation]\nvoting_day = 'besok'\n", "voting_day", "besok", "2024-02-14"),
            ("[operation]\nvoting_day = 20240214\n", "voting_day", "20240214", "2024-02-14"),
            ("[operation]\nname = ''\n", "name", "", "1 … 200"),
            ("[vulnerability]\nrawan = 0\n", "rawan", "0", "above 0"),
            ("[vulnerability]\nrawan = 50\n", "sangat_rawan", "30.0", "more than rawan = 50"),
            ("[vulnerability]\nweights = 3\n", "weights", "3", "indicator = weight"),
            ("[vulnerability.weights]\nx = -1\n", "x", "-1", "0 to 5"),
            ("pattern = 3\n", "pattern", "3", "[[pattern]]"),
        ],
    )
    def test_value_out_of_range(self, text, key, value, allowed):
        error = refused(text)
        assert (error.where["key"], error.where["value"]) == (key, value)
        assert allowed in error.remedy.en

    def test_all_problems_at_once(self):
        error = refused("[planning]\nspeed = 1\nduty_hours = 99\n[databse]\n")
        assert [p.column for p in error.problems] == ["speed", "duty_hours", "databse"]
        assert "(and 2 more)" in error.message.en

    @pytest.mark.parametrize(
        "url",
        [
            "mysql://renops:rahasia@db/ops",
            "postgresql+asyncpg://renops:rahasia@db/ops",
            "postgresql:rahasia",
            "sqlite://",
            "sqlite:///:memory:",
            "sispamkota.db",
        ],
    )
    def test_unsupported_database(self, url):
        error = refused(f'[database]\nurl = "{url}"\n')
        assert "unknown or not valid" in error.message.en
        assert "postgresql://" in error.remedy.id
        assert "rahasia" not in str(error.as_json())

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_postgresql_is_taken_and_its_password_not_shown(self, scheme):
        url = f"{scheme}://renops:rahasia@db/ops"
        config = load_config(f'[database]\nurl = "{url}"\n', "sispamkota.toml")
        assert config.database.url == url
        assert "rahasia" not in repr(config)

    def test_no_toml_names_the_line(self):
        assert "line 2" in refused("[planning]\nspeed_kmh 25\n").message.en

    @given(st.text())
    def test_any_text_is_read_or_refused(self, text):
        with contextlib.suppress(DomainError):
            load_config(text, "sispamkota.toml")


class TestRender:
    @given(st.text(min_size=1).filter(lambda s: s.strip()), st.dates())
    def test_any_name_that_is_one_line_survives(self, name, day):
        operation = Operation(name=name, election="pilkada", voting_day=day)
        if len(name.strip()) > 200 or not name.strip().isprintable():
            with pytest.raises(DomainError):
                render_config(operation)
            return
        text = render_config(operation)
        expected = msgspec.structs.replace(operation, name=name.strip())
        assert load_config(text, "t").operation == expected
