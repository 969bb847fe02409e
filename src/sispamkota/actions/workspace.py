"""Make a workspace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.config import VOTING_DAYS, Election
from sispamkota.storage.workspace import Workspace, create_workspace


def init_workspace(
    folder: Path,
    *,
    name: str | None = None,
    election: Election = "pemilu",
    voting_day: str | None = None,
    force: bool = False,
) -> Workspace:
    """Make a workspace with a commented configuration and an empty database, and open it.

    Args:
        folder: a new or empty folder.
        name: name of the operation; by default it says the election and the year.
        election: decides the indicator catalogue.
        voting_day: ISO date; by default that of the latest election of this kind.
        force: start anew in an existing workspace (see `create_workspace`).

    Raises:
        DomainError: `bad_date`, or what `create_workspace` refuses.
    """
    day = VOTING_DAYS[election] if voting_day is None else _date(voting_day)
    return create_workspace(
        folder,
        name=f"Pengamanan {election} {day.year}" if name is None else name,
        election=election,
        voting_day=day,
        force=force,
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise DomainError(
            "bad_date",
            Text(f"'{text}' bukan tanggal", f"'{text}' is not a date"),
            Text(
                "Tulis tahun-bulan-hari, contoh: 2024-02-14.", "Write year-month-day: 2024-02-14."
            ),
            {"value": text},
        ) from error
