"""`sispamkota traffic`: events that traffic is planned for, and orders of what was planned."""

from __future__ import annotations

import click

from sispamkota.cli.traffic_event import event
from sispamkota.cli.traffic_order import lift, order


@click.group()
def traffic() -> None:
    """Events on the roads, and the closures of a plan ordered by a named officer."""


for _command in (event, order, lift):
    traffic.add_command(_command)
