"""Hard to reach, answered from the roads: shown, kept on request, behind every named source."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest
from click.testing import CliRunner

from sispamkota.actions.closures import close_roads
from sispamkota.actions.imports import undo_imports
from sispamkota.actions.reach import apply_reach, preview_reach, road_batches
from sispamkota.actions.vulnerability import assess
from sispamkota.cli.main import main
from sispamkota.kernel.errors import DomainError
from sispamkota.roads.critical_reach import INDICATOR
from sispamkota.vulnerability.frames import ANSWERS

from .conftest import record
from .road_world import DAY, NOW, ROADS, add_places, at, bring_roads, road

SOUTH, NORTH_END = "1608011001001", "1608021004001"  # beside the post; at the dead end


@pytest.fixture
def placed(empty_workspace):
    add_places(empty_workspace)
    return empty_workspace


@pytest.fixture
def world(placed, tmp_path):
    """The dead end in the north is a footpath of three kilometres that motorcycles may use."""
    path = road([at(8, 4), at(9, 4), at(10, 4)], "Jalan Buntu", highway="path", motorcycle="yes",
                motor_vehicle="no")  # fmt: skip
    bring_roads(placed, tmp_path, (*ROADS[:4], path))
    return placed


def say(workspace, subject, value, *, source="Panwascam", day=DAY, sample=False):
    row = {
        "subject": subject, "indicator": INDICATOR, "value": value, "value_high": value,
        "fact": "kata orang", "fact_en": "somebody says", "source": source, "as_of": day,
        "sample": sample,
    }  # fmt: skip
    frame = pl.DataFrame([row], schema=ANSWERS)
    return workspace.store.append("answers", frame, record(f"{source}{subject}{day}{sample}"))


def answer(workspace, tps):
    found = assess(workspace).scored.contributions
    return found.filter((pl.col("tps") == tps) & (pl.col("indicator") == INDICATOR)).row(
        0, named=True
    )


def apply(workspace, now=NOW):
    return apply_reach(workspace, by="AKP Uji", now=now)


class TestPreview:
    def test_what_the_roads_say(self, world):
        found = preview_reach(world)
        rows = {r["tps"]: r for r in found.rows.iter_rows(named=True)}
        assert (rows[SOUTH]["need"], rows[SOUTH]["value"]) == ("car", 0.0)
        assert rows[NORTH_END]["need"] == "motorcycle"
        assert rows[NORTH_END]["value"] >= 0.5
        assert found.source.startswith("jaringan jalan uji, per 2024-02-01")
        assert road_batches(world) == ()
        assert not answer(world, NORTH_END)["known"]

    def test_nothing_from_a_stand_in(self, placed):
        with pytest.raises(DomainError) as caught:
            preview_reach(placed)
        assert caught.value.code == "roads_estimated"

    def test_closures_of_voting_day_count(self, world):
        signed = {"by": "AKP A", "reason": "banjir", "now": NOW}
        for name in ("Jembatan Barat", "Jembatan Timur"):
            close_roads(world, {"road": name}, **signed)
        found = preview_reach(world)
        need = dict(found.rows.select("tps", "need").iter_rows())
        assert need[NORTH_END] == "foot"  # over the bridges that vehicles may not use
        assert len(found.closures) == 2


class TestApplied:
    def test_kept_scored_and_taken_back(self, world):
        made = apply(world)
        told = answer(world, NORTH_END)
        assert told["known"]
        assert told["points_max"] > 0
        assert told["source"].startswith("jaringan jalan uji, per 2024-02-01")
        assert "sepeda motor" in told["fact"]
        undo_imports(world, [made.import_id], NOW)
        assert not answer(world, NORTH_END)["known"]

    def test_made_again_it_stands_alone(self, world):
        first = apply(world)
        second = apply(world, NOW + dt.timedelta(days=1))
        assert second.withdrawn == (first.import_id,)
        assert road_batches(world) == (second.import_id,)

    @pytest.mark.parametrize("day", [DAY, dt.date(2020, 1, 1), dt.date(2030, 1, 1)])
    @pytest.mark.parametrize("subject", [NORTH_END, NORTH_END[:10], NORTH_END[:6]])
    @pytest.mark.parametrize("first", ["roads", "named"])
    def test_a_named_source_goes_before(self, world, day, subject, first):
        """However old, however wide, whichever came first."""
        if first == "named":
            say(world, subject, 0.0, day=day)
            found = preview_reach(world)
            row = found.rows.row(by_predicate=pl.col("tps") == NORTH_END, named=True)
            assert (row["answered_by"], row["used"]) == ("Panwascam", False)
        apply(world)
        if first == "roads":
            say(world, subject, 0.0, day=day)
        told = answer(world, NORTH_END)
        assert (told["source"], told["points_max"]) == ("Panwascam", 0.0)

    @pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.date(2030, 1, 1)])
    def test_a_generated_answer_goes_behind(self, world, day):
        say(world, NORTH_END, 0.0, source="CONTOH", day=day, sample=True)
        apply(world)
        assert answer(world, NORTH_END)["source"].startswith("jaringan jalan")

    def test_a_named_source_withdrawn_lets_the_roads_answer(self, world):
        apply(world)
        named = say(world, NORTH_END, 0.0)
        undo_imports(world, [named], NOW)
        assert answer(world, NORTH_END)["source"].startswith("jaringan jalan")

    def test_somebody_decides_it(self, world):
        with pytest.raises(DomainError) as caught:
            apply_reach(world, by=" ", now=NOW)
        assert caught.value.code == "missing_name"


class TestCommand:
    def run(self, world, *words):
        given = ["roads", "reach", *words, "-w", str(world.folder)]
        done = CliRunner().invoke(main, given)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def test_shown_then_kept(self, world):
        shown = json.loads(self.run(world, "--json").stdout)
        assert not shown["applied"]
        assert shown["needs"]["motorcycle"] == 2
        kept = json.loads(self.run(world, "--apply", "--by", "AKP Uji", "--json").stdout)
        assert kept["applied"]
        assert kept["import"] in road_batches(world)

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_for_a_person(self, world, lang):
        done = self.run(world, "--lang", lang)
        assert done.exit_code == 0
        assert "TPS" in done.output
        assert "--apply" in done.output

    def test_a_name_alone_keeps_nothing(self, world):
        done = self.run(world, "--by", "AKP Uji", "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]["code"] == "nothing_applied"
