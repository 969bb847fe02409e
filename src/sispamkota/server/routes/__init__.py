"""Routes, one module per word; each is thin and calls an action."""

from __future__ import annotations

from sispamkota.server.routes import (
    account,
    closures,
    decisions,
    documents,
    imports,
    jobs,
    maps,
    need,
    orders,
    plans,
    public,
    roads,
    roster,
    session,
    shell,
    territory,
    traffic_events,
    users,
)

ROUTES = (
    *public.ROUTES,
    *shell.ROUTES,
    *session.ROUTES,
    *account.ROUTES,
    *users.ROUTES,
    *territory.ROUTES,
    *maps.ROUTES,
    *need.ROUTES,
    *plans.ROUTES,
    *jobs.ROUTES,
    *decisions.ROUTES,
    *imports.ROUTES,
    *roster.ROUTES,
    *documents.ROUTES,
    *roads.ROUTES,
    *closures.ROUTES,
    *orders.ROUTES,
    *traffic_events.ROUTES,
)
"""Every route there is."""
