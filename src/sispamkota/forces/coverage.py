"""Who is trained: the product's source asks for trained and coordinated joint personnel.

A person without a record of a kind is *unknown*, never "not trained": a share is therefore an
interval from what is proven to what is possible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

COVERAGE: dict[str, pl.DataType] = {
    "group": pl.String(),
    "kind": pl.String(),
    "people": pl.Int64(),
    "valid": pl.Int64(),
    "expired": pl.Int64(),
    "unknown": pl.Int64(),
    "share_low": pl.Float64(),
    "share_high": pl.Float64(),
}
"""people = valid + expired + unknown; shares in 0..1: low = valid, high = valid + unknown."""


def training_coverage(
    members: pl.DataFrame, training: pl.DataFrame, kinds: Sequence[str], on: dt.date
) -> pl.DataFrame:
    """Count the trained in any grouping of people.

    Args:
        members: columns `group` and `person`, one row per membership.
        training: TRAINING frame; of several records of a kind the one that lasts longest counts.
        kinds: which training is asked for.
        on: the day on which it must be valid.

    Returns:
        COVERAGE frame, one row per group and kind, sorted.
    """
    held = training.filter(pl.col("date") <= on)
    valid_now = (pl.col("expires").is_null() | (pl.col("expires") >= on)).any()
    status = held.group_by("person", "kind").agg(valid_now.alias("valid"))
    asked = pl.DataFrame({"kind": list(kinds)}, schema={"kind": pl.String()})
    joined = (
        members.select("group", "person")
        .unique()
        .join(asked, how="cross")
        .join(status, on=["person", "kind"], how="left")
    )
    counts = joined.group_by("group", "kind").agg(
        people=pl.len(),
        valid=pl.col("valid").fill_null(value=False).sum(),
        expired=(~pl.col("valid")).fill_null(value=False).sum(),
        unknown=pl.col("valid").is_null().sum(),
    )
    shares = counts.with_columns(
        share_low=pl.col("valid") / pl.col("people"),
        share_high=(pl.col("valid") + pl.col("unknown")) / pl.col("people"),
    )
    return shares.select(pl.col(name).cast(kind) for name, kind in COVERAGE.items()).sort(
        "group", "kind"
    )


def coverage_per_force(
    personnel: pl.DataFrame, training: pl.DataFrame, kinds: Sequence[str], on: dt.date
) -> pl.DataFrame:
    """Return the coverage of each agency (COVERAGE, `group` = agency)."""
    return training_coverage(_members(personnel, "agency"), training, kinds, on)


def coverage_per_post(
    personnel: pl.DataFrame, training: pl.DataFrame, kinds: Sequence[str], on: dt.date
) -> pl.DataFrame:
    """Return the coverage of each home post; people without one are left out."""
    posted = personnel.filter(pl.col("home_post").is_not_null())
    return training_coverage(_members(posted, "home_post"), training, kinds, on)


def coverage_per_team(
    teams: pl.DataFrame, training: pl.DataFrame, kinds: Sequence[str], on: dt.date
) -> pl.DataFrame:
    """Return the coverage of each team; `teams` has columns `team` and `person`."""
    return training_coverage(teams.rename({"team": "group"}), training, kinds, on)


def _members(personnel: pl.DataFrame, column: str) -> pl.DataFrame:
    return personnel.select(group=column, person="id")
