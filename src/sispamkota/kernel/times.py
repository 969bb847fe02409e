"""Times are stored in UTC and shown in WIB (UTC+7, South Sumatra's zone, no summer time)."""

from __future__ import annotations

import datetime as dt

WIB = dt.timezone(dt.timedelta(hours=7), "WIB")


def in_wib(at: dt.datetime) -> dt.datetime:
    """Return the same moment as a WIB clock shows it; `at` must know its zone."""
    assert at.tzinfo is not None, "times without a zone are not kept"
    return at.astimezone(WIB)
