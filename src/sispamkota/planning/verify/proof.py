"""The bound, computed again from the certificate's prices in plain Python with its own knapsack."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sispamkota.planning.verify.facts import TOLERANCE_S, Facts, Plan, Violation, bad


def bound(plan: Plan, facts: Facts) -> Iterator[Violation]:
    """The Lagrangian bound follows from the prices, and the plan's bound from its kecamatan.

    A kecamatan bounded by HiGHS is taken at its word, up to its own objective; the others are
    computed again here. The plan's bound is their sum, less the worth of teams left idle.
    """
    certificate, check = plan["certificate"], _LagrangianCheck(plan, facts)
    slack = TOLERANCE_S * (1 + 0.01 * len(facts.sites))
    proven = check.total()
    if not certificate["lagrangian_bound"] <= proven + slack:
        yield _unproven("certificate", certificate["lagrangian_bound"], proven)
    allowed = -check.idle_worth()
    for row in plan["kecamatan"]:
        known = check.of_kecamatan(row["kecamatan"])
        most = row["objective"] if row["bound_by"] == "highs" else known
        if not row["lower_bound"] <= min(most, row["objective"]) + slack:
            yield _unproven(row["kecamatan"], row["lower_bound"], most)
        allowed += min(row["lower_bound"], most)
    if not plan["lower_bound"] <= allowed + slack:
        yield _unproven("lower_bound", plan["lower_bound"], allowed)


def _unproven(where: str, stated: float, proven: float) -> Violation:
    return bad(
        "bound_proven",
        where,
        f"tertulis {stated:.1f}, terbukti {proven:.1f}",
        f"stated {stated:.1f}, proven {proven:.1f}",
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

        self.groups: dict[str, list[str]] = {}
        for tps, site in sorted(facts.sites.items()):
            self.groups.setdefault(site["kecamatan"], []).append(tps)
        self.paid: Counter[str] = Counter()
        self.used: Counter[str] = Counter()
        for beat in plan["beats"]:
            self.paid[beat["kecamatan"]] += self.prices["posts"].get(beat["post"], 0.0)
            self.used[beat["post"]] += 1
        self.bounds = {k: self._group(codes) for k, codes in self.groups.items()}

    def total(self) -> float:
        """Return the bound of the whole plan at the certificate's prices."""
        posts = self.prices["posts"]
        unpriced = any(n > 0 and p not in posts for p, n in self.teams.items())
        if unpriced or min(posts.values(), default=0.0) < 0:
            return -math.inf  # a team without a price, or one paid to stay: nothing is proven
        paid = sum(price * self.teams.get(p, 0) for p, price in posts.items())
        return float(sum(self.bounds.values()) - paid)

    def of_kecamatan(self, code: str) -> float:
        """Return the bound of one kecamatan, given the teams it was sent."""
        return self.bounds[code] - self.paid[code]

    def idle_worth(self) -> float:
        """Return the worth of the teams that stay at their posts."""
        posts = self.prices["posts"]
        return float(
            sum(price * (self.teams.get(p, 0) - self.used[p]) for p, price in posts.items())
        )

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
            (
                facts.rules["post_weight"] * way + price
                for p, price in self.prices["posts"].items()
                if math.isfinite(way := facts.seconds(facts.posts[p], here))
            ),
            default=math.inf,
        )
        if opening == math.inf:
            return 0.0  # no team can come here: no plan has a beat of this anchor
        gains = sorted(
            (
                (value[c] - s, round(facts.part(c) * self.units))
                for c in codes
                if c != anchor and self._may_join(anchor, c)
                for s in (facts.within(here, facts.place(c)),)
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
