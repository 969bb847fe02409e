"""The verifier of traffic plans: each kind of tampering is rejected by its name."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace

import polars as pl
import pytest

from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure
from sispamkota.traffic.rules import default_rules
from sispamkota.traffic.verify import verify_traffic

from .plan_cases import CONVOY, KPU, RALLY, at, facts_of, inputs, planned, segment
from .plan_tamperings import TAMPERINGS


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
    return given, plan, facts_of(given)


@pytest.mark.parametrize(("change", "rules"), TAMPERINGS)
def test_rejected_by_name(change, rules, base):
    _, plan, facts = base
    forged = deepcopy(plan)
    change(forged, facts)
    forged = json.loads(json.dumps(forged))  # as it comes from a file

    broken = verify_traffic(forged, facts)

    assert broken, "the tampered plan passes"
    assert {v.rule for v in broken} & set(rules), [(v.rule, v.detail.en) for v in broken]
    for violation in broken:
        assert violation.where
        assert violation.detail.id
        assert violation.detail.en


def test_the_plan_itself_passes_and_is_not_changed(base):
    _, plan, facts = base
    before = json.dumps(plan)
    assert verify_traffic(plan, facts) == ()
    assert json.dumps(plan) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"officers": ("P000",)},
        {"network_sha256": "cd" * 32},
        {"standing": (Closure(id="x", reason=Text("x", "x"), kind="segments", segments=(3,)),)},
        {"rules": replace(default_rules(), occupancy={"car": 2.0})},
    ],
    ids=lambda c: next(iter(c)),
)
def test_any_changed_input_is_seen(base, changes):
    _, plan, facts = base
    found = verify_traffic(plan, replace(facts, **changes, _graphs={}))
    assert {v.rule for v in found} & {"same_inputs", "readable"}


def test_changed_people_are_seen(base):
    _, plan, facts = base
    zones = facts.zones.with_columns(people=pl.col("people") + 1)
    assert "same_inputs" in {v.rule for v in verify_traffic(plan, replace(facts, zones=zones))}
