"""Turn restrictions of the source become pairs of arcs that may not follow each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from sispamkota.roads.load_ways import Restriction
from sispamkota.roads.network import Ints, Network


def banned_turns(
    network: Network, restrictions: Sequence[Restriction]
) -> tuple[Ints, Any, dict[str, Any]]:
    """Translate restrictions into banned turns.

    Returns:
        The pairs of arcs, the profiles each holds for as bits, and the counts: honoured by rule,
        and not honoured by reason with the numbers of the relations.
    """
    finder = _Finder(network) if restrictions else None
    bans: dict[tuple[int, int], int] = {}
    honoured: Counter[str] = Counter()
    missed: dict[str, list[int]] = {}
    for rule in restrictions:
        assert finder is not None
        pairs = finder.pairs(rule)
        if isinstance(pairs, str):
            missed.setdefault(pairs, []).append(rule.id)
            continue
        honoured[rule.rule + ("" if rule.via_nodes else " (via way)")] += 1
        for first, second in pairs:
            bars = rule.bars & int(network.access[first]) & int(network.access[second])
            if bars:
                bans[first, second] = bans.get((first, second), 0) | bars
    ranked = sorted(bans)
    told = {
        "honoured": sum(honoured.values()),
        "honoured_by_rule": dict(sorted(honoured.items())),
        "not_honoured": sum(map(len, missed.values())),
        "not_honoured_by_reason": {
            reason: {"count": len(ids), "relations": sorted(ids)[:20]}
            for reason, ids in sorted(missed.items())
        },
        "banned_turns": len(ranked),
    }
    banned = np.array(ranked, np.int32).reshape(-1, 2)
    return banned, np.array([bans[pair] for pair in ranked], np.uint8), told


class _ByNode:
    """Arcs grouped by the node at one of their ends."""

    def __init__(self, end: Ints, nodes: int) -> None:
        self._order = np.argsort(end, kind="stable")
        self._start = np.concatenate(([0], np.cumsum(np.bincount(end, minlength=nodes))))

    def at(self, node: int) -> list[int]:
        """Return the arcs at a node, lowest first."""
        arcs: list[int] = self._order[self._start[node] : self._start[node + 1]].tolist()
        return arcs


@dataclass(slots=True)
class _Finder:
    """Arcs by way and by node, looked up only for the ways that restrictions name."""

    network: Network
    place: dict[int, int] = field(init=False)
    leaving: _ByNode = field(init=False)
    arriving: _ByNode = field(init=False)
    bars: int = 0

    def __post_init__(self) -> None:
        numbers = self.network.node_id.tolist()
        self.place = {number: i for i, number in enumerate(numbers)}
        self.leaving = _ByNode(self.network.tail, self.network.nodes)
        self.arriving = _ByNode(self.network.head, self.network.nodes)

    def pairs(self, rule: Restriction) -> list[tuple[int, int]] | str:
        """Return the turns the rule bans, or the name of the reason why it cannot be told."""
        self.bars = rule.bars
        return self._by_node(rule) if rule.via_nodes else self._by_way(rule)

    def _driven(self, arcs: Iterable[int]) -> list[int]:
        """Those that the vehicles of the rule may use: walkers may go against a one-way road."""
        return [a for a in arcs if int(self.network.access[a]) & self.bars]

    def _of(self, arcs: Iterable[int], ways: Iterable[int]) -> list[int]:
        wanted = set(ways)
        arcs = self._driven(arcs)
        return [a for a in arcs if int(self.network.way[self.network.segment[a]]) in wanted]

    def _by_node(self, rule: Restriction) -> list[tuple[int, int]] | str:
        if len(rule.via_nodes) > 1:
            return "several_via_nodes"
        node = self.place.get(rule.via_nodes[0])
        if node is None:
            return "not_in_network"
        out = self._driven(self.leaving.at(node))
        sources = self._of(self.arriving.at(node), rule.from_ways)
        targets = self._of(out, rule.to_ways)
        if not sources:
            return "from_not_in_network"
        if len(sources) > len(rule.from_ways):
            return "from_way_passes_through"
        same_way = set(rule.from_ways) == set(rule.to_ways)
        if same_way:
            back = self.network.segment[sources]
            targets = [t for t in targets if self.network.segment[t] in back]
        return _pairs(rule, sources, targets, out, len(rule.to_ways))

    def _by_way(self, rule: Restriction) -> list[tuple[int, int]] | str:
        """A path from-via-to is banned exactly where a single turn of it tells it from all others.

        That is so when the via road is entered only from the from-way (then its last turn can be
        banned), or left only to the to-way (then its first).
        """
        found = [
            (source, chain, target)
            for source in self._named(rule.from_ways)
            for chain in self._chains(source, rule.via_ways)
            for target in self._of(self._after(chain[-1]), rule.to_ways)
        ]
        if not found:
            return "not_in_network"
        pairs: list[tuple[int, int]] = []
        for source, chain, target in found:
            told = self._single_turn(rule, source, chain, target)
            if told is None:
                return "via_way_not_expressible"
            pairs += told
        return pairs

    def _after(self, arc: int) -> list[int]:
        return self.leaving.at(int(self.network.head[arc]))

    def _named(self, ways: Iterable[int]) -> list[int]:
        wanted = np.isin(self.network.way[self.network.segment], list(ways))
        return self._driven(np.flatnonzero(wanted).tolist())

    def _chains(self, source: int, via: Sequence[int]) -> list[list[int]]:
        """The runs of arcs over the via ways, in order, that start where the source ends."""
        open_: list[tuple[list[int], int, int]] = [([], int(self.network.head[source]), 0)]
        done: list[list[int]] = []
        while open_:
            chain, node, step = open_.pop()
            if chain and step == len(via) - 1:
                done.append(chain)
            if len(chain) > 50:  # noqa: PLR2004 - a via way of so many pieces names no junction
                continue
            for way in range(step, min(step + (2 if chain else 1), len(via))):
                for arc in self._of(self.leaving.at(node), [via[way]]):
                    used = {int(self.network.segment[a]) for a in [source, *chain]}
                    if int(self.network.segment[arc]) not in used:
                        open_.append(([*chain, arc], int(self.network.head[arc]), way))
        return done

    def _single_turn(
        self, rule: Restriction, source: int, chain: list[int], target: int
    ) -> list[tuple[int, int]] | None:
        path = [source, *chain, target]
        alone_in = all(self._entries(b) == [a] for a, b in pairwise(path[:-1]))
        if rule.rule.startswith("only_"):
            return self._others(chain[-1], target) if alone_in else None
        if alone_in:
            return [(chain[-1], target)]
        alone_out = all(self._exits(a) == [b] for a, b in zip(chain, path[2:], strict=True))
        return [(source, chain[0])] if alone_out else None

    def _entries(self, arc: int) -> list[int]:
        """Arcs from which one can turn into it without turning round."""
        before = self.arriving.at(int(self.network.tail[arc]))
        return [
            a for a in self._driven(before) if self.network.segment[a] != self.network.segment[arc]
        ]

    def _exits(self, arc: int) -> list[int]:
        return [
            a
            for a in self._driven(self._after(arc))
            if self.network.segment[a] != self.network.segment[arc]
        ]

    def _others(self, arc: int, target: int) -> list[tuple[int, int]]:
        return [(arc, a) for a in self._exits(arc) if a != target]


def _pairs(
    rule: Restriction, sources: list[int], targets: list[int], out: list[int], named: int
) -> list[tuple[int, int]] | str:
    if rule.rule.startswith("only_"):
        if not targets:
            return "to_not_in_network"
        return [(s, a) for s in sources for a in out if a not in targets]
    if not targets:
        # a turn into a road that nobody may enter there needs no ban
        return []
    if len(targets) > named:
        return "to_way_passes_through"
    return [(s, t) for s in sources for t in targets]
