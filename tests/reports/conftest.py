"""A small invented regency: 3 kecamatan, 8 desa, 60 TPS; desa are unit squares of a grid."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
import shapely

from sispamkota.reports.situation import REASONS, Situation
from sispamkota.territory.frames import AREAS, BOUNDARIES, FIGURES, POSTS, TPS

DAY = dt.date(2024, 2, 14)
SOURCE = {"source": "Uji <b>&</b>", "as_of": DAY}
DESA = [f"9901{k:02}{1000 + d}" for k, n in ((1, 3), (2, 3), (3, 2)) for d in range(1, n + 1)]
CELL = 0.05


def _areas() -> pl.DataFrame:
    rows = [_area("9901", "kabupaten_kota", "Kabupaten Uji", None, (104.1, -4.1))]
    rows += [
        _area(f"9901{k:02}", "kecamatan", f"Kecamatan {k}", "9901", _corner(k, 2))
        for k in (1, 2, 3)
    ]
    rows += [
        _area(c, "desa_kelurahan", f"Desa {c[-6:]}", c[:6], _corner(int(c[4:6]), int(c[-1])))
        for c in DESA
    ]
    return pl.DataFrame(rows, schema=AREAS)


def _corner(kecamatan: int, column: int) -> tuple[float, float]:
    return 104 + CELL * column, -4 - CELL * kecamatan


def _area(code, level, name, parent, at):
    return {
        **dict.fromkeys(AREAS),
        **SOURCE,
        "code": code,
        "level": level,
        "name": name,
        "kind": level,
        "parent": parent,
        "lon": at[0] + CELL / 2,
        "lat": at[1] + CELL / 2,
        "position": "centroid",
        "area_km2": 30.0 if level == "desa_kelurahan" else None,
    }


def _tps() -> pl.DataFrame:
    rows = []
    for i in range(60):
        desa = DESA[i % 8]
        number = 901 if i == 59 else i // 8 + 1
        x, y = _corner(int(desa[4:6]), int(desa[-1]))
        rows.append(
            {
                **dict.fromkeys(TPS),
                **SOURCE,
                "code": f"{desa}{number:03}",
                "desa": desa,
                "kecamatan": desa[:6],
                "number": number,
                "khusus": i == 59,
                "lon": x + CELL * (0.1 + 0.1 * (i // 8)),
                "lat": y + CELL * (0.2 + 0.09 * (i // 8)),
                "position": "approximate",
            }
        )
    return pl.DataFrame(rows, schema=TPS).sort("code")


def _scores(tps: pl.DataFrame) -> pl.DataFrame:
    rank = pl.int_range(pl.len())
    degree = (
        pl.when(pl.col("khusus") | (rank == 7))
        .then(pl.lit("sangat_rawan"))
        .when(rank % 9 == 0)
        .then(pl.lit("rawan"))
        .otherwise(pl.lit("kurang_rawan"))
    )
    return tps.select(
        pl.col("code").alias("tps"),
        "desa",
        "kecamatan",
        "khusus",
        score=pl.lit(20.0),
        low=pl.lit(20.0),
        high=pl.lit(35.0),
        **{"class": degree, "class_low": degree, "class_high": degree, "computed_class": degree},
        certainty=pl.when(rank % 10 == 0).then(pl.lit("possible")).otherwise(pl.lit("certain")),
        override_by=pl.when(rank == 7).then(pl.lit("=HYPERLINK(1)")),
        override_reason=pl.when(rank == 7).then(pl.lit("<script>alert(1)</script>")),
        stability=pl.lit(0.9),
    )


def _plan(tps: pl.DataFrame) -> dict:
    beats, teams = [], []
    for k in ("990101", "990102", "990103"):
        codes = tps.filter(pl.col("kecamatan") == k)["code"].to_list()
        if k == "990103":
            codes = codes[:-2]
        for i in range(0, len(codes), 8):
            name = f"{k}-{i // 8 + 1:02}"
            team = f"T-{name}"
            beats.append(
                {
                    "id": f"B-{name}", "kecamatan": k, "anchor": codes[i], "tps": codes[i : i + 8],
                    "team": team, "post": "polsek-1", "way_s": 900.0, "travel_s": 1200.0,
                    "load": "8/8",
                }
            )  # fmt: skip
            teams.append(
                {
                    "id": team, "post": "polsek-1", "leader": f"P{i:04}",
                    "members": [f"P{i:04}", f"P{i + 1:04}"], "transport": "motorcycle;boat",
                    "kecamatan": k, "leave_at": "2024-02-13 08:00", "start": "2024-02-14 06:00",
                    "end": "2024-02-14 18:00", "notes": [{"id": "uji", "en": "test"}],
                }
            )  # fmt: skip
    left = tps["code"].to_list()[-2:]
    return {
        "plan": "guards-1", "created_at": "2024-02-01T00:00:00Z", "pattern": "uji-2.8.16",
        "sample": True, "objective": 12_345.6, "lower_bound": 12_000.0, "gap": 0.028,
        "tps_covered": 58, "tps_uncovered": {"kurang_rawan": 1, "sangat_rawan": 1},
        "teams": len(teams), "beats": beats, "teams_detail": teams,
        "padal": [{"kecamatan": k, "person": f"D{k}"} for k in ("990101", "990102", "990103")],
        "uncovered": [{"tps": c, "class": "kurang_rawan", "risk": 1} for c in left],
        "one_more_team": {"saves_s": 12.5, "tps_covered": 2, "kecamatan": "990103"},
        "certificate": {
            "lower_bound": 12_000.0, "gap": 0.028, "solver": "uji", "seed": 1,
            "inputs_sha256": "ab" * 32, "versions": {"sispamkota": "0"},
            "assumptions": [{"id": "garis lurus × 1,4", "en": "straight line × 1.4"}],
        },
        "kecamatan": [
            {
                "kecamatan": k, "tps": 20, "teams": 3, "objective": 10.0, "lower_bound": 9.9,
                "gap": 0.01, "uncovered": 0, "required_polri": 6, "available_polri": 4,
            }
            for k in ("990101", "990102", "990103")
        ],
        "degraded": [{"id": "dua TPS terbuka", "en": "two TPS open"}],
    }  # fmt: skip


def _boundaries() -> pl.DataFrame:
    rows = []
    for code in DESA:
        x, y = _corner(int(code[4:6]), int(code[-1]))
        box = shapely.box(x, y, x + CELL, y + CELL)
        rows.append({"code": code, "wkb": shapely.to_wkb(box), **SOURCE})
    return pl.DataFrame(rows, schema=BOUNDARIES)


@pytest.fixture(scope="session")
def situation() -> Situation:
    tps = _tps()
    scores = _scores(tps)
    risky = scores.filter(pl.col("class") != "kurang_rawan")["tps"].to_list()
    need = [
        {
            "name": name, "grouping": grouping, "teams": teams,
            "required": {"polri": 2 * teams, "linmas": 120},
            "available": {"polri": 16, "linmas": 110}, "gap": {"polri": 2, "linmas": 10},
        }
        for name, grouping, teams in (
            ("uji-2.8.16", "kecamatan", 9),
            ("uji-2.8.16", "regency", 8),
            ("uji-2.4.8", "kecamatan", 16),
        )
    ]  # fmt: skip
    return Situation(
        name="Operasi <Uji> & Coba",
        election="pemilu",
        voting_day=DAY,
        sample=True,
        pattern="uji-2.8.16",
        made_at=dt.datetime(2024, 2, 1, 3, 4, tzinfo=dt.UTC),
        areas=_areas(),
        tps=tps,
        posts=pl.DataFrame(
            [
                {
                    **dict.fromkeys(POSTS),
                    **SOURCE,
                    "code": "polsek-1",
                    "name": "Polsek Uji",
                    "kind": "polsek",
                    "kecamatan": "990101",
                    "lon": 104.12,
                    "lat": -4.01,
                    "position": "approximate",
                }
            ],
            schema=POSTS,
        ),
        boundaries=_boundaries(),
        figures=pl.DataFrame(schema=FIGURES),
        scores=scores,
        contributions=pl.DataFrame(
            {"tps": [risky[0]], "sample": [True], "source": ["Uji"], "as_of": [DAY]}
        ),
        reasons=pl.DataFrame(
            {
                "tps": risky,
                "id": ["=1+1 rawan banjir"] * len(risky),
                "en": ["-1 flood prone <i>"] * len(risky),
            },
            schema=REASONS,
        ),
        personnel=pl.DataFrame({"id": ["P0000"], "sample": [True]}),
        need=need,
        plan=_plan(tps),
        counts={
            "kecamatan": 3,
            "desa": 8,
            "tps": 60,
            "tps_khusus": 1,
            "dpt": 12_000,
            "dpt_estimated": 900,
        },
        mismatches=[
            {
                "what": "DPT",
                "stated": 100,
                "computed": 115,
                "difference": -15,
                "sources": ["A", "B"],
            }
        ],
    )


@pytest.fixture(scope="session")
def bare(situation: Situation) -> Situation:
    """The same before anything but the territory is known: no scores, plan, roster, boundaries."""
    return replace(
        situation,
        sample=False,
        scores=situation.scores.clear(),
        contributions=situation.contributions.clear(),
        reasons=situation.reasons.clear(),
        personnel=situation.personnel.clear(),
        boundaries=situation.boundaries.clear(),
        need=(),
        plan=None,
        mismatches=(),
        counts={},
    )
