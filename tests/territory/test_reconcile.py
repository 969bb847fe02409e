from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sispamkota.territory import frames
from sispamkota.territory.codes import dotted, level_of, parent_of, tps_code
from sispamkota.territory.merge import complete_kecamatan, latest_known
from sispamkota.territory.model import Territory
from sispamkota.territory.okut import load_okut_facts
from sispamkota.territory.reconcile import reconcile

from .helpers import TWO_DESA, area

DAY = dt.date(2024, 2, 14)


def figures(*rows, stage="pemilu_2024"):
    return pl.DataFrame(
        [
            {
                "subject": s,
                "measure": m,
                "stage": stage,
                "value": v,
                "estimated": 0,
                "source": o,
                "as_of": DAY,
            }
            for s, m, v, o in rows
        ],
        schema=frames.FIGURES,
    )


def found(*rows, areas=TWO_DESA.areas):
    return reconcile(Territory(areas=areas, figures=figures(*rows)), "pemilu_2024").mismatches


def test_okut_counts_and_the_published_contradictions():
    check = reconcile(load_okut_facts(), "pemilu_2024")
    assert check.counts == {
        "kecamatan": 20, "desa": 312, "tps": 2180, "tps_khusus": 2, "dpt": 498762, "dpt_estimated": 43553,  # noqa: E501
    }  # fmt: skip
    by_rule = {m.rule: m for m in check.mismatches}
    assert {r: m.difference for r, m in by_rule.items()} == {
        "dpt_by_sex": 15, "ballot_boxes": 40, "sources": 20, "parties_in_result": 1,
    }  # fmt: skip
    assert (by_rule["sources"].stated, by_rule["sources"].computed) == (332, 312)
    assert "Dugaan" in by_rule["ballot_boxes"].note.id
    assert all(m.sources for m in check.mismatches)


def test_children_are_summed_only_when_all_are_known():
    complete = [("160801", "dpt", 10, "a"), ("160802", "dpt", 5, "a"), ("1608", "dpt", 16, "b")]
    [mismatch] = found(*complete)
    assert (mismatch.rule, mismatch.stated, mismatch.computed, mismatch.difference) == (
        "children",
        16,
        15,
        1,
    )
    assert found(*complete[1:]) == ()


def test_stated_number_of_desa_against_the_list():
    [mismatch] = found(("1608", "desa", 3, "koran"))
    assert (mismatch.rule, mismatch.computed) == ("counted", 2)


def test_the_latest_statement_counts_and_others_stay_visible():
    later = figures(("1608", "dpt", 100, "kpu")).with_columns(as_of=pl.lit(dt.date(2024, 3, 1)))
    both = pl.concat([figures(("1608", "dpt", 90, "kpu")), later])
    check = reconcile(Territory(areas=TWO_DESA.areas, figures=both), "pemilu_2024")
    assert check.counts["dpt"] == 100
    assert check.mismatches == ()


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-1000, 1000))
def test_men_and_women_against_the_total(men, women, off):
    total = max(men + women + off, 0)
    mismatches = found(
        ("1608", "dpt", total, "a"),
        ("1608", "dpt_male", men, "a"),
        ("1608", "dpt_female", women, "a"),
    )
    assert [m.difference for m in mismatches] == (
        [abs(total - men - women)] if total != men + women else []
    )


def test_boxes_rule_is_only_for_five_ballot_elections():
    rows = [("1608", "ballot_boxes", 11, "a"), ("1608", "tps", 2, "a")]
    pilkada = Territory(areas=TWO_DESA.areas, figures=figures(*rows, stage="pilkada_2024"))
    assert reconcile(pilkada, "pemilu_2024").mismatches == ()
    assert [m.rule for m in found(*rows)] == ["ballot_boxes"]


def test_nothing_known_is_no_error():
    check = reconcile(Territory())
    assert check.counts["tps"] == 0
    assert check.counts["dpt"] is None
    assert check.mismatches == ()


def test_json_keys_in_both_languages():
    body = found(("1608", "desa", 3, "koran"))[0].as_json("id")
    assert {"what", "stated", "computed", "difference", "sources"} <= body.keys()
    assert body["what"] != found(("1608", "desa", 3, "koran"))[0].as_json("en")["what"]


def test_codes():
    assert dotted("1608011007") == "16.08.01.1007"
    assert [level_of(c) for c in ("16", "1608", "160801", "1608011007", "1")] == [
        "provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan", None,
    ]  # fmt: skip
    assert [parent_of(c) for c in ("16", "1608", "1608011007", tps_code("1608011007", 7))] == [
        None,
        "16",
        "160801",
        "1608011007",
    ]


def test_a_silent_later_row_keeps_what_was_known():
    earlier, later = (
        area("1608011007", "Dusun"),
        area("1608011007", None, lon=None, lat=None, km2=None),
    )
    later |= {"bps": "1609010012", "as_of": dt.date(2024, 5, 1), "source": "bps", "position": None}
    merged = latest_known(pl.DataFrame([earlier, later], schema=frames.AREAS), frames.AREAS).row(
        0, named=True
    )
    assert (merged["name"], merged["lon"], merged["position"], merged["bps"], merged["source"]) == (
        "Dusun",
        104.5,
        "centroid",
        "1609010012",
        "bps",
    )


def test_kecamatan_take_point_and_area_of_their_desa():
    areas = pl.DataFrame(
        [
            area("160801", "K", lon=None, lat=None, km2=None),
            area("1608011007", "A"),
            area("1608011008", "B"),
        ],
        schema=frames.AREAS,
    )
    kecamatan = complete_kecamatan(areas).row(0, named=True)
    assert (kecamatan["lon"], kecamatan["area_km2"], kecamatan["position"]) == (
        104.5,
        20.0,
        "centroid",
    )
