"""The verifier of traffic plans against forgeries that agree with themselves."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from sispamkota.traffic.verify import verify_traffic

from .plan_cases import CONVOY, KPU, RALLY, at, facts_of, inputs, planned, segment
from .plan_forgeries import FORGERIES


@pytest.fixture(scope="module")
def base():
    convoy = CONVOY | {"route": [at(0, 2.5), at(3.5, 2), at(7, 3.5)]}
    network = inputs(RALLY).network
    rally = RALLY | {
        "closures": [{"segments": [segment(network, (1, 4), (2, 4))], "crowd": False}],
        "propose_closures": True,
    }
    given = inputs(rally, convoy, KPU)
    plan = planned(given)
    facts = facts_of(given)
    assert verify_traffic(plan, facts) == ()
    return plan, facts


@pytest.mark.parametrize(("change", "rules"), FORGERIES)
def test_named(change, rules, base):
    plan, facts = base
    forged = deepcopy(plan)
    change(forged, facts)
    broken = verify_traffic(json.loads(json.dumps(forged)), facts)
    assert {v.rule for v in broken} & set(rules), sorted({(v.rule, v.detail.en) for v in broken})
