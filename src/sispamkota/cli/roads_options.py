"""Options that commands about roads share: vehicle, moment, exemption."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import click

from sispamkota.actions.closure_wish import EXEMPTIONS
from sispamkota.actions.road_answers import Trip
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.network import PROFILES, Profile


def travelling(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--profile --clock --exempt`."""
    for option in (
        click.option(
            "--exempt",
            type=click.Choice(EXEMPTIONS),
            help="Travel as one whom closures may let through.",
        ),
        click.option("--clock", metavar="ISO", help="Moment for closures (default: now)."),
        click.option(
            "--profile",
            type=click.Choice(PROFILES),
            default="car",
            show_default=True,
            help="Kind of vehicle.",
        ),
    ):
        command = option(command)
    return command


def trip_of(*, profile: Profile, clock: str | None, exempt: str | None) -> Trip:
    """Return how somebody travels, from the options of `travelling`."""
    return Trip(profile=profile, at=moment_of(clock), exempt=exempt)


def moment_of(text: str | None) -> dt.datetime:
    """Return a moment with zone.

    Raises:
        DomainError: `bad_clock`.
    """
    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        found = dt.datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise DomainError(
        "bad_clock",
        Text(f"--clock '{text}' bukan waktu dengan zona", f"--clock '{text}' is no time with zone"),
        Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
        {"clock": text},
    )
