"""Routes, one module per word; each is thin and calls an action."""

from __future__ import annotations

from sispamkota.server.routes import need, plans, session, shell, territory

ROUTES = (
    *shell.ROUTES,
    *session.ROUTES,
    *territory.ROUTES,
    *need.ROUTES,
    *plans.ROUTES,
)
"""Every route there is."""
