"""A made-up roster with published totals, so that planning can be tried before a real one exists.

Nobody in it is real: ids are running numbers in shuffled order, homes and ranks are drawn, every
row is `sample` and its source says CONTOH. Same posts, areas, totals and seed, same roster.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sispamkota.forces import frames
from sispamkota.forces.generator_posts import OfficersAtPosts, share_over_polsek
from sispamkota.forces.generator_training import draw_training

_LEADER_RANKS = (("bripka", 0.46), ("aipda", 0.27), ("aiptu", 0.22), ("ipda", 0.05))
_MEMBER_RANKS = (("bripda", 0.3), ("briptu", 0.33), ("brigadir", 0.37))
_PADAL_RANKS = (("aiptu", 0.25), ("ipda", 0.45), ("iptu", 0.3))
_PAMATWIL_RANKS = (("akp", 0.7), ("kompol", 0.3))
_CAR, _BOAT, _NO_MOTORCYCLE = 0.2, 0.04, 0.05
_BHABINKAMTIBMAS = 0.35
_HOME_IN_OWN_AREA = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterTotals:
    """How many people a roster has, from published statements.

    Attributes:
        polres, polsek, bko: officers on TPS duty by unit.
        padal: supervisors, one per kecamatan; a different number is spread in code order.
        pamatwil: area supervisors at the Polres.
        source: where the totals were published.
        as_of: the day for which they hold.
    """

    polres: int
    polsek: int
    bko: int
    padal: int
    pamatwil: int
    source: str
    as_of: dt.date

    @property
    def on_tps(self) -> int:
        """Officers on TPS duty."""
        return self.polres + self.polsek + self.bko


OKU_TIMUR = RosterTotals(
    polres=153,
    polsek=174,
    bko=119,
    padal=20,
    pamatwil=11,
    source="https://postnewstv.co.id/2024/02/giat-apel-pergeseran-pasukan-pengamanan.html",
    as_of=dt.date(2024, 2, 12),
)
"""446 on TPS duty, 20 Padal, 11 Pamatwil: 477 people. Linmas (two per TPS) are counted only."""


def generate_roster(
    posts: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    seed: int,
    totals: RosterTotals = OKU_TIMUR,
    tps_per_kecamatan: dict[str, int] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw a roster and its training records.

    Polsek officers are spread in even numbers, at least four each where the total allows, in
    proportion to the TPS that a polsek serves. A kecamatan that no post claims is served by the
    polsek nearest to it (an assumption). At each post every second officer may lead a team.

    Args:
        posts: POSTS frame with at least one `polres`.
        areas: AREAS frame with kecamatan and desa.
        seed: of the draw.
        totals: how many people of which kind.
        tps_per_kecamatan: weights of the spread; without it the number of desa stands in.

    Returns:
        PERSONNEL and TRAINING frames.

    Raises:
        DomainError: `no_polres` or `no_desa` where there is nothing to post people to.
    """
    rng = np.random.default_rng(seed)
    places = OfficersAtPosts.of(posts, areas, tps_per_kecamatan)
    rows: list[dict[str, Any]] = []
    rows += _officers(rng, places, "polres", places.polres, totals.polres)
    for post, count in share_over_polsek(places, totals.polsek).items():
        rows += _officers(rng, places, "polsek", post, count)
    rows += _officers(rng, places, "bko", places.polres, totals.bko)
    rows += _padal(rng, places, totals.padal)
    rows += _pamatwil(rng, places, totals.pamatwil)
    # The number must not tell unit or duty.
    for row, number in zip(rows, rng.permutation(len(rows)) + 1, strict=True):
        row["id"] = f"CONTOH-{number:04d}"
    rows.sort(key=lambda row: str(row["id"]))
    training = draw_training(rng, [str(row["id"]) for row in rows], totals.as_of)
    source = f"CONTOH, dibuat dengan seed {seed} dari jumlah resmi: {totals.source}"
    stamp = {"source": pl.lit(source), "as_of": pl.lit(totals.as_of)}
    personnel = pl.DataFrame(rows, schema=frames.PERSONNEL).with_columns(
        sample=pl.lit(value=True), **stamp
    )
    return _qualified(personnel, training), training.with_columns(**stamp).select(
        list(frames.TRAINING)
    )


def _officers(
    rng: np.random.Generator, places: OfficersAtPosts, unit: str, post: str, count: int
) -> list[dict[str, Any]]:
    leaders = (count + 1) // 2
    return [
        _person(rng, places, unit, post, _LEADER_RANKS if i < leaders else _MEMBER_RANKS)
        | {"leader": i < leaders, "duty": "tps"}
        for i in range(count)
    ]


def _padal(rng: np.random.Generator, places: OfficersAtPosts, count: int) -> list[dict[str, Any]]:
    codes = list(places.polsek_of)
    return [
        _person(rng, places, "polsek", places.polsek_of[codes[i % len(codes)]], _PADAL_RANKS)
        | {"leader": True, "duty": "padal"}
        for i in range(count)
    ]


def _pamatwil(
    rng: np.random.Generator, places: OfficersAtPosts, count: int
) -> list[dict[str, Any]]:
    return [
        _person(rng, places, "polres", places.polres, _PAMATWIL_RANKS)
        | {"leader": True, "duty": "pamatwil"}
        for _ in range(count)
    ]


def _person(
    rng: np.random.Generator,
    places: OfficersAtPosts,
    unit: str,
    post: str,
    ranks: tuple[tuple[str, float], ...],
) -> dict[str, Any]:
    names, shares = zip(*ranks, strict=True)
    rank = str(rng.choice(names, p=shares))
    # Drawn for everybody, so that one person's unit does not shift the draws of the next.
    near, pick, motor, car, boat, village = rng.random(6)
    desa = places.desa_served_by(post) if near < _HOME_IN_OWN_AREA else places.desa
    transport = [
        word
        for word, has in (
            ("motorcycle", motor >= _NO_MOTORCYCLE),
            ("car", car < _CAR or motor < _NO_MOTORCYCLE),
            ("boat", boat < _BOAT),
        )
        if has
    ]
    return {
        "agency": "polri",
        "unit": unit,
        "rank": rank,
        "home_post": post,
        "home_desa": None if unit == "bko" else desa[int(pick * len(desa))],
        "transport": ";".join(transport),
        "qualifications": (
            "bhabinkamtibmas" if unit == "polsek" and village < _BHABINKAMTIBMAS else None
        ),
        "available": True,
    }


def _qualified(personnel: pl.DataFrame, training: pl.DataFrame) -> pl.DataFrame:
    """Add to the qualifications what a person was trained as."""
    skills = training.filter(pl.col("kind").is_in(["p3k", "negosiator", "dalmas"]))
    held = skills.group_by("person").agg(pl.col("kind").sort().str.join(";").alias("_held"))
    joined = personnel.join(
        held, left_on="id", right_on="person", how="left", maintain_order="left"
    )
    both = pl.concat_str("qualifications", "_held", separator=";", ignore_nulls=True)
    return joined.with_columns(qualifications=pl.when(both != "").then(both)).select(
        list(frames.PERSONNEL)
    )
