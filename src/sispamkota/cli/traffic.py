"""`sispamkota traffic`: events that traffic is planned for."""

from __future__ import annotations

import click

from sispamkota.cli.traffic_event import event


@click.group()
def traffic() -> None:
    """Events on the roads: written down by a named officer."""


traffic.add_command(event)
