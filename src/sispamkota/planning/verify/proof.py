"""The bound, computed again from the certificate's prices in plain Python with its own knapsack."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sispamkota.planning.verify.facts import RELATIVE, TOLERANCE_S, Facts, Plan, Violation, bad


def bound(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The Lagrangian bound follows from the prices in the certificate.

    A kecamatan bounded by HiGHS is taken at its word; the others are computed again here.
    """
    certificate = plan["certificate"]
    proven = _LagrangianCheck(plan, facts).total()
    if certificate["lagrangian_bound"] > proven + TOLERANCE_S * len(facts.sites) * 0.01 + 1.0:
        yield bad(
            "bound_proven",
            "certificate",
            f"tertulis {certificate['lagrangian_bound']:.1f}, dari harga {proven:.1f}",
            f"stated {certificate['lagrangian_bound']:.1f}, prices give {proven:.1f}",
        )
    solved = any(k["bound_by"] == "highs" for k in plan["kecamatan"])
    if not solved and plan["lower_bound"] > certificate["lagrangian_bound"] + RELATIVE * abs(
        plan["lower_bound"]
    ):
        yield bad(
            "bound_proven",
            "lower_bound",
            "melebihi batas yang dapat diperiksa",
            "is above the bound that can be checked",
        )


class _LagrangianCheck:
    """Recompute the bound at the certificate's prices: plain Python, its own knapsack."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.facts, self.prices = facts, plan["certificate"]["prices"]
        denominators = [
            group * facts.team_size() // math.gcd(polri, group * facts.team_size())
            for polri, group in facts.guards.values()
        ]
        self.units = math.lcm(*denominators)
        listed = Counter(t["post"] for t in (*plan["teams_detail"], *plan["spare_teams"]))
        # where a reserve stays back, which post keeps it is the plan's to say
        self.teams = (
            facts.teams_possible(frozenset(plan.get("unavailable", ())))
            if facts.strength == "released"
            else listed
        )

    def total(self) -> float:
        groups: dict[str, list[str]] = {}
        for tps, site in sorted(self.facts.sites.items()):
            groups.setdefault(site["kecamatan"], []).append(tps)
        posts = self.prices["posts"]
        if any(n > 0 and p not in posts for p, n in self.teams.items()):
            return -math.inf  # a post that could send teams has no price: nothing is proven
        paid = sum(price * self.teams.get(p, 0) for p, price in posts.items())
        return float(sum(self._group(codes) for codes in groups.values()) - paid)

    def _group(self, codes: Sequence[str]) -> float:
        value = {c: self._value(c) for c in codes}
        best = sum(min(0.0, self._anchor(a, codes, value)) for a in codes)
        return sum(value.values()) + best

    def _value(self, tps: str) -> float:
        cap = self.facts.rules["penalty_s"] * self.facts.risk(tps)
        return min(float(self.prices["tps"][tps]), float(cap))

    def _anchor(self, anchor: str, codes: Sequence[str], value: Mapping[str, float]) -> float:
        """Return the least cost of a beat here at these prices (it may be above 0)."""
        facts, here = self.facts, self.facts.place(anchor)
        opening = min(
            facts.rules["post_weight"] * facts.seconds(facts.posts[p], here) + price
            for p, price in self.prices["posts"].items()
        )
        gains = sorted(
            (
                (value[c] - s, round(facts.part(c) * self.units))
                for c in codes
                if c != anchor and self._may_join(anchor, c)
                for s in (facts.seconds(here, facts.place(c)),)
                if s < value[c] and s <= facts.rules["beat_limit_s"]
            ),
            reverse=True,
        )
        room = self.units - round(facts.part(anchor) * self.units)
        base = opening - value[anchor]
        if base - sum(g for g, _ in gains) >= 0:
            return 0.0
        best = [0.0] * (room + 1)
        used: Counter[int] = Counter()
        for gain, weight in gains:
            if used[weight] + weight > room:
                continue  # enough better ones of this weight already fill the beat
            used[weight] += weight
            for r in range(room, weight - 1, -1):
                best[r] = max(best[r], best[r - weight] + gain)
        return float(base - best[room])

    def _may_join(self, a: str, b: str) -> bool:
        first, second, rules = self.facts.sites[a], self.facts.sites[b], self.facts.rules
        if rules["grouping"] == "desa" and first["desa"] != second["desa"]:
            return False
        return bool(rules["mixed_classes"] or first["class"] == second["class"])
