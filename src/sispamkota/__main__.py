"""`python -m sispamkota`."""

from sispamkota.cli.main import run

run()
