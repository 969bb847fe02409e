from __future__ import annotations

import pytest

from sispamkota.actions.verify import facts_of
from sispamkota.planning.guards import plan_guards

from .helpers import two_kecamatan


@pytest.fixture(scope="session")
def roomy():
    """Inputs, plan and facts where every TPS is guarded and teams are left over."""
    given = two_kecamatan(officers=(12, 12), far=8)
    plan = plan_guards(given)
    assert len(plan["spare_teams"]) == 4
    return given, plan, facts_of(given)


@pytest.fixture(scope="session")
def short():
    """Inputs, plan and facts where three teams of each post serve two kecamatan."""
    given = two_kecamatan(officers=(6, 6))
    return given, plan_guards(given), facts_of(given)
