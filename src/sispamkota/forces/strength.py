"""How many people a roster gives to TPS duty, and what the reserve rule leaves of a Polres."""

from __future__ import annotations

from typing import Literal

import polars as pl

Strength = Literal["released", "whole"]


def released_of(whole: int) -> int:
    """Return what a Polres may send: two thirds, rounded down, so one third always stays back.

    Source: statements of Polres Prabumulih and OKU in February 2024 (docs: domain rule 1.2c).
    """
    return whole * 2 // 3


def available_people(personnel: pl.DataFrame, strength: Strength = "released") -> dict[str, int]:
    """Count the people whom each force has for TPS duty.

    Args:
        personnel: PERSONNEL frame.
        strength: `released` = the roster's TPS officers are already the released ones;
            `whole` = the roster is the whole Polres, of which one third stays as reserve. BKO
            come from outside, so the rule does not touch them.

    Returns:
        persons by agency. A force that the roster does not list is left out: unknown, not 0.
        A force that it lists without anybody on TPS duty counts 0.
    """
    on_duty = pl.col("available") & (pl.col("duty") == "tps")
    counted = personnel.group_by("agency").agg(on_duty.sum().cast(pl.Int64).alias("people"))
    people = {str(agency): int(count) for agency, count in counted.sort("agency").iter_rows()}
    if strength == "whole" and "polri" in people:
        guests = (pl.col("unit") == "bko").fill_null(value=False)
        polri = personnel.filter(pl.col("agency") == "polri")
        own, bko = polri.filter(~guests), polri.filter(guests)
        ready = own.filter(on_duty).height
        people["polri"] = min(ready, released_of(own.height)) + bko.filter(on_duty).height
    return people
