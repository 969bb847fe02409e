"""What everybody may know: where the TPS of a desa are, whom to call, which roads are closed.

No class, no officer, no reason that is for officers alone.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sispamkota.actions.closure_windows import (
    WindowState,
    moment,
    standing_specs,
    window_state,
)
from sispamkota.actions.territory import load_lists
from sispamkota.kernel.text import Text
from sispamkota.storage.workspace import Workspace

MOST_FOUND = 12
LONGEST_QUERY = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTps:
    """A TPS as a voter looks for it."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDesa:
    """A desa and its TPS."""

    code: str
    name: str
    kecamatan: str
    tps: tuple[PublicTps, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClosure:
    """A closed road as drivers hear of it.

    Attributes:
        title: which roads.
        begins, ends: window; None = at once, until further notice.
        reason: for the public; "" = nobody gave one.
        walkers: whether people on foot may pass.
    """

    title: Text
    begins: dt.datetime | None
    ends: dt.datetime | None
    reason: str
    walkers: bool

    def state(self, at: dt.datetime) -> WindowState:
        """Return whether it is in force at a moment, still to come, or over."""
        return window_state(self.begins, self.ends, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """Everything the public page shows.

    Attributes:
        name: of the operation.
        place: the regency, empty where unknown.
        voting_day: day H.
        kecamatan: code → name.
        desa: in order of kecamatan and name.
        phones: name of the office and its telephone.
        closures: roads that are closed or will be, those of the past among them; by beginning.
        sources: who the lists come from, with the day each holds for.
        sample: whether any of these lists is generated (CONTOH).
    """

    name: str
    place: str
    voting_day: dt.date
    kecamatan: Mapping[str, str]
    desa: Sequence[PublicDesa]
    phones: Sequence[tuple[str, str]]
    closures: Sequence[PublicClosure]
    sources: Sequence[str]
    sample: bool

    def find(self, query: str) -> list[PublicDesa]:
        """Return the desa whose name, kecamatan or code holds every word asked for, best first."""
        words = plain(query[:LONGEST_QUERY]).split()
        if not words:
            return []
        found = []
        for one in self.desa:
            name = plain(one.name)
            text = f"{name} {plain(self.kecamatan.get(one.kecamatan, ''))} {one.code}"
            if all(word in text for word in words):
                elsewhere = not all(word in name for word in words)  # in the kecamatan or code
                found.append((name != " ".join(words), elsewhere, name, one.code, one))
        found.sort(key=lambda entry: entry[:4])
        return [entry[4] for entry in found]

    def desa_of(self, code: str) -> PublicDesa | None:
        """Return the desa of a code."""
        return next((one for one in self.desa if one.code == code), None)


def plain(text: str) -> str:
    """Return a name as people type it: small letters and digits, one space between words."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def public_facts(workspace: Workspace) -> PublicFacts:
    """Gather what the public page shows."""
    lists = load_lists(workspace.store)
    imports = workspace.store.imports().filter(pl.col("withdrawn_at").is_null())
    shown = imports.filter(pl.col("kind").is_in(["areas", "tps", "posts"]))
    regency = lists.of_level("kabupaten_kota")["name"].drop_nulls().to_list()
    operation = workspace.config.operation
    names = lists.of_level("kecamatan").select("code", "name").iter_rows()
    return PublicFacts(
        name=operation.name,
        place=regency[0] if regency else "",
        voting_day=operation.voting_day,
        kecamatan={code: name or code for code, name in names},
        desa=_desa(lists.of_level("desa_kelurahan"), lists.tps),
        phones=_phones(lists.posts),
        closures=public_closures(workspace),
        sources=_sources(lists.tps, lists.posts),
        sample=bool(shown["sample"].any()),
    )


def public_closures(workspace: Workspace) -> list[PublicClosure]:
    """Return the closures that were not lifted; the road network is not needed for it."""
    found = [
        PublicClosure(
            title=Text(**spec["title"]),
            begins=moment(spec["begins"]),
            ends=moment(spec["ends"]),
            reason=spec["public_reason"],
            walkers="foot" not in spec["profiles"],
        )
        for _, spec in standing_specs(workspace)
    ]
    early = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda c: (c.begins or early, c.title.id))


def _desa(areas: pl.DataFrame, tps: pl.DataFrame) -> list[PublicDesa]:
    stations: dict[str, list[PublicTps]] = {}
    for desa, number, name in tps.sort("code").select("desa", "number", "name").iter_rows():
        stations.setdefault(desa, []).append(PublicTps(number=number, name=name or ""))
    names = {code: name or code for code, name in areas.select("code", "name").iter_rows()}
    rows = [
        PublicDesa(
            code=code, name=names.get(code, code), kecamatan=code[:6], tps=tuple(stations[code])
        )
        for code in stations
    ]
    return sorted(rows, key=lambda one: (one.kecamatan, one.name, one.code))


def _phones(posts: pl.DataFrame) -> list[tuple[str, str]]:
    with_phone = posts.filter(pl.col("phone").is_not_null() & (pl.col("phone") != ""))
    return list(with_phone.select("name", "phone").iter_rows())


def _sources(*frames: pl.DataFrame) -> list[str]:
    named: dict[str, None] = {}
    for frame in frames:
        rows = frame.select("source", "as_of").unique().sort("source", "as_of")
        for source, as_of in rows.iter_rows():
            named[f"{source} ({as_of})"] = None
    return list(named)
