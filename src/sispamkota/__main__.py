"""`python -m sispamkota`."""

from sispamkota.cli.main import main

main()
