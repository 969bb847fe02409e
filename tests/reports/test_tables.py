from __future__ import annotations

import io
import json
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.reports.geojson import geojson_text
from sispamkota.reports.labels import day, percent, whole
from sispamkota.reports.markup import esc, tag
from sispamkota.reports.summary import chosen_need, strengths
from sispamkota.reports.tables import TABLES, Table, csv_text, tps_table


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_its_declared_columns_even_when_nothing_is_known(name, situation, bare):
    for source in (situation, bare):
        table = TABLES[name](source, "id")
        assert table.frame.columns == [c.key for c in table.columns]


def test_tps_csv_keeps_codes_and_defuses_formulas(situation):
    text = csv_text(tps_table(situation, "id"))
    back = pl.read_csv(io.StringIO(text), infer_schema=False)
    assert back["tps"].to_list() == situation.tps["code"].to_list()
    assert "'=HYPERLINK(1)" in back["override_by"].to_list()
    assert not [c for row in back.rows() for c in row if c and c.startswith(("=", "@", "+"))]


@given(st.text())
def test_no_text_becomes_a_formula_in_csv(situation, text):
    table = tps_table(situation, "id")
    one = Table(name="x", title=table.title, columns=(), frame=pl.DataFrame({"a": [text]}))
    cell = csv_text(one).split("\n", 1)[1]
    assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "\t", "\r"))


def test_geojson_marks_approximate_positions_and_sample(situation):
    body = json.loads(geojson_text(situation, "en"))
    assert body["sample"] is True
    assert body["label"].startswith("CONTOH")
    assert len(body["features"]) == 60
    first = body["features"][0]["properties"]
    assert first["position_approximate"] is True
    assert first["sample"] is True
    assert first["tps"] == situation.tps["code"][0]
    assert first["team"] == "T-990101-01"
    risky = next(f for f in body["features"] if f["properties"]["class"] == "rawan")
    assert risky["properties"]["reasons"] == "-1 flood prone <i>"


def test_geojson_tps_without_place_has_null_geometry(situation):
    tps = situation.tps.with_columns(lon=None, lat=None).cast(situation.tps.schema)
    body = json.loads(geojson_text(replace(situation, tps=tps), "id"))
    assert {f["geometry"] for f in body["features"]} == {None}


def test_geojson_desa_layer_has_polygons_and_counts(situation, bare):
    body = json.loads(geojson_text(situation, "id", "desa"))
    assert {f["geometry"]["type"] for f in body["features"]} == {"Polygon"}
    assert sum(f["properties"]["tps"] for f in body["features"]) == 60
    bare_body = json.loads(geojson_text(bare, "id", "desa"))
    assert {f["geometry"]["type"] for f in bare_body["features"]} == {"Point"}
    assert not any(f["properties"]["boundary"] for f in bare_body["features"])


def test_need_gap_is_required_minus_available_and_keeps_intervals(situation):
    polri = strengths(chosen_need(situation))[0]
    assert (polri.required, polri.available, polri.gap) == ((18, 18), 16, (2, 2))
    entry = {
        "required": {"polri": 18},
        "required_low": {"polri": 10},
        "required_high": {"polri": 40},
        "available": {"polri": None},
    }
    open_one = strengths(entry)[0]
    assert open_one.required == (10, 40)
    assert open_one.gap == (None, None)


def test_numbers_and_dates_are_written_as_people_write_them():
    assert whole(2180, "id") == "2.180"
    assert whole([370, 398], "en") == "370–398"
    assert whole(None, "id") == "–"
    assert percent(0.031, "id") == "3,1 %"
    assert day("2024-02-14", "id") == "14 Februari 2024"


@given(st.text())
def test_markup_escapes_whatever_is_not_markup(text):
    written = tag("p", text, title=text)
    inner = written[len("<p") : -len("</p>")]
    assert inner.count("<") == 0
    assert inner.count('"') == 2
    assert esc(esc(text)) == esc(text)
