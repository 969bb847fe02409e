"""Need of a workspace: facts of OKU Timur, a generated roster, and the national TPS list."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest
from click.testing import CliRunner

from sispamkota.actions.need import need
from sispamkota.cli.need import need as command
from sispamkota.forces.generator import generate_roster
from sispamkota.kernel.sources import Source
from sispamkota.planning.need import GROUPINGS, need_from_tally
from sispamkota.planning.need_tally import tally_scores
from sispamkota.planning.patterns import default_patterns
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import CONFIG_NAME, create_workspace, open_workspace
from sispamkota.territory.okut import load_okut_facts
from sispamkota.vulnerability.frames import SCORES

OWN = """
[[pattern]]
name = "polres-kami"
source = "Renpam"
as_of = 2024-11-01
kurang_rawan = { polri = 2, tps = 7, linmas = 14 }
rawan = { polri = 2, tps = 2, linmas = 4 }
sangat_rawan = { polri = 2, tps = 1, linmas = 2 }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    facts = load_okut_facts()
    personnel, training = generate_roster(facts.posts, facts.areas, seed=1)
    record = ImportRecord(
        file="contoh",
        sha256="0" * 64,
        source=Source(name="CONTOH", as_of=dt.date(2024, 2, 1), sample=True),
        imported_at=dt.datetime(2024, 2, 1, tzinfo=dt.UTC),
    )
    tables = {"areas": facts.areas, "tps": facts.tps, "posts": facts.posts}
    tables |= {"personnel": personnel, "training": training}
    folder = tmp_path_factory.mktemp("need") / "okut"
    with create_workspace(
        folder, name="Uji", election="pemilu", voting_day=dt.date(2024, 2, 14)
    ) as workspace:
        workspace.store.append_all([(k, frame, record) for k, frame in tables.items()])
    config = folder / CONFIG_NAME
    config.write_text(config.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    return folder


class TestWorkspace:
    """Roster against pattern."""

    def test_all_groupings_of_the_2024_and_own_patterns(self, folder):
        with open_workspace(folder) as workspace:
            report = need(workspace)

        names = [p.name for p in default_patterns()] + ["polres-kami"]
        assert [n.pattern for n in report.needs[:: len(GROUPINGS)]] == names
        assert {n.available["polri"] for n in report.needs} == {446}
        assert {n.required["linmas"] for n in report.needs} == {4360}
        assert [(n.pattern, n.grouping) for n in report.decisive] == [
            ("pemilu-2024-2.16.32", "kecamatan")
        ]

    def test_without_answers_need_is_an_interval_and_a_possible_shortage_a_finding(self, folder):
        with open_workspace(folder) as workspace:
            report = need(workspace, ["pemilu-2024-2.16.32"], ["kecamatan"])
        (one,) = report.needs

        assert one.required_low["polri"] <= 446 < one.required_high["polri"] == 4360
        assert one.gap["polri"] <= 0
        assert report.findings

    def test_command_prints_rows_per_kecamatan(self, folder):
        done = CliRunner().invoke(command, ["-w", str(folder), "--polri", "5000", "--json"])
        body = json.loads(done.stdout)
        entry = next(e for e in body["patterns"] if e["grouping"] == "kecamatan")

        assert done.exit_code == 0
        assert len(entry["kecamatan"]) == 20
        assert sum(row["tps"] for row in entry["kecamatan"]) == 2180
        assert entry["available"]["polri"] == 5000

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_command_shows_names_and_verdict(self, folder, lang):
        done = CliRunner().invoke(command, ["-w", str(folder), "--lang", lang])

        assert done.exit_code == 1
        assert "Martapura" in done.stdout
        assert {"id": "mungkin kurang", "en": "perhaps up to"}[lang] in done.stdout

    def test_options_of_bare_counts_are_refused(self, folder):
        for arguments in (
            ["-w", str(folder), "--kecamatan", "20"],
            ["--counts", "rawan=1", "--grouping", "desa"],
        ):
            done = CliRunner().invoke(command, [*arguments, "--json"])
            assert done.exit_code == 2
            assert json.loads(done.stdout)["error"]["code"] == "bad_usage"

    def test_a_bad_own_pattern_is_told(self, folder, tmp_path):
        copy = tmp_path / CONFIG_NAME
        text = (folder / CONFIG_NAME).read_text(encoding="utf-8")
        copy.write_text(text.replace("tps = 7", "tps = 0"), encoding="utf-8")

        done = CliRunner().invoke(command, ["-w", str(tmp_path), "--json"])

        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["where"]["column"] == "kurang_rawan.tps"


@pytest.mark.data
def test_the_nation_with_every_class_unknown(data_dir):
    desa = pl.read_parquet(data_dir / "tps" / "tps_per_desa_indonesia_2024.parquet").select(
        desa="kode_desa_kpu", kecamatan="kode_kec_kpu", n=pl.col("n_tps_total").cast(pl.Int64)
    )
    tps = (
        desa.filter(pl.col("n") > 0)
        .select(pl.col("desa").repeat_by("n"), "kecamatan")
        .explode("desa")
    )
    scores = tps.with_columns(
        pl.lit(value=None, dtype=kind).alias(name)
        for name, kind in SCORES.items()
        if name not in tps.columns
    )

    tally = tally_scores(scores)

    for grouping in GROUPINGS:
        for pattern in default_patterns():
            made = need_from_tally(tally, pattern, grouping)
            assert made.required == made.required_low
            assert made.required["linmas"] == 2 * 820_161
            assert made.required_high["polri"] == 2 * 820_161
