"""Legal bases, duties and bans that the documents repeat: data with sources, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sispamkota.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Standing texts of one kind of election.

    Attributes:
        bases: laws on which orders rest.
        traffic_bases: laws on which the regulation of traffic rests.
        duties: what a team does.
        bans: what police may not do at a TPS.
        ban_source: the instrument of the bans, as text.
        sources: where bases and bans were read.
        traffic_sources: where the bases of traffic were read.
        verified: whether all were checked against the instruments themselves.
    """

    bases: tuple[Text, ...]
    traffic_bases: tuple[Text, ...]
    duties: tuple[Text, ...]
    bans: tuple[Text, ...]
    ban_source: str
    sources: tuple[str, ...]
    traffic_sources: tuple[str, ...]
    verified: bool

    def caution(self) -> Text | None:
        """Say that texts come from reports and must be checked before signing."""
        if self.verified:
            return None
        return Text(
            "Dasar hukum dan larangan dikutip dari laporan, bukan dari naskah aslinya; periksa"
            " naskahnya sebelum menandatangani.",
            "Legal bases and bans are quoted from reports, not from the instruments; check these"
            " before signing.",
        )


@cache
def load_official(election: str) -> Official:
    """Return the standing texts for an election (`pemilu` or `pilkada`)."""
    file = resources.files("sispamkota.data").joinpath("documents", "official.toml")
    body = tomllib.loads(file.read_text(encoding="utf-8"))
    bases = [b for b in body["basis"] if election in b["elections"]]
    traffic = body["traffic_basis"]
    ban_source = body["ban_source"]
    return Official(
        bases=_texts(bases),
        traffic_bases=_texts([*bases[:1], *traffic]),
        duties=_texts(body["duty"]),
        bans=_texts(body["ban"]),
        ban_source=ban_source["text"],
        sources=tuple(str(b["source"]) for b in (*bases, ban_source)),
        traffic_sources=tuple(str(b["source"]) for b in traffic),
        verified=all(b["verified"] for b in (*bases, *traffic, ban_source)),
    )


def _texts(items: list[Mapping[str, Any]]) -> tuple[Text, ...]:
    return tuple(Text(str(item["id"]), str(item["en"])) for item in items)
