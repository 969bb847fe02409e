"""The indicator "TPS hard to reach" answered from the roads: shown first, kept only when asked.

An answer from the roads goes before a generated one (CONTOH) and behind any named source, however
wide or old that is: who knows the place knows better than a map. One batch holds at a time; made
again it takes the place of the one before, and undoing its import takes all of it back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sispamkota.actions.named import named_person
from sispamkota.actions.road_places import load_places
from sispamkota.actions.roads import Roads, load_roads
from sispamkota.actions.roads_network import points_of
from sispamkota.actions.travel import closures_of_day
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Lang, Text
from sispamkota.roads.closures import closed_arcs
from sispamkota.roads.critical_reach import INDICATOR, Reach, hard_to_reach, reach_classes
from sispamkota.roads.network import PROFILES, Profile
from sispamkota.roads.router import Router
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.vulnerability.frames import ANSWERS
from sispamkota.vulnerability.road_source import FROM_ROADS, is_from_roads

POLICE = ("polsek", "polres")
SHOWN = 200
FILE = "jaringan jalan (sulit dijangkau)"
"""Name of the imports that hold such answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the roads say of the TPS.

    Attributes:
        rows: per TPS: tps, name, kecamatan, lon, lat, need, travel_s (null = never), distance_m,
            value, value_high, fact, fact_en (null where unknown), why, why_en, answered_by (the
            named source that stands before, null without), used.
        answers: the answers to keep (frame ANSWERS).
        source: of every answer.
        network: source and date of the roads, their digest.
        closures: ids of the closures of voting day that were applied.
        rules_source: who set the thresholds.
    """

    rows: pl.DataFrame
    answers: pl.DataFrame
    source: str
    network: Mapping[str, Any]
    closures: tuple[str, ...]
    rules_source: str

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """Return the JSON object of `roads reach`; TPS by how hard they are, the first 200."""
        shown = self.rows.filter(pl.col("need") != "car").sort(
            pl.col("value").fill_null(-1.0), pl.col("travel_s"), descending=True, nulls_last=False
        )
        english = lang == "en"
        fact, why = ("fact_en", "why_en") if english else ("fact", "why")
        told = shown.head(SHOWN).select(
            "tps", "name", "kecamatan", "lon", "lat", "need", "travel_s", "distance_m", "value",
            "value_high", "answered_by", "used", fact=pl.col(fact), why=pl.col(why),
        )  # fmt: skip
        counts = self.rows.group_by("need").len().sort("need")
        return {
            "indicator": INDICATOR,
            "source": self.source,
            "network": dict(self.network),
            "closures": list(self.closures),
            "rules_source": self.rules_source,
            "tps": self.rows.height,
            "needs": dict(counts.iter_rows()),
            "answers": self.answers.height,
            "hard": self.answers.filter(pl.col("value_high") > 0).height,
            "unknown": self.rows["value"].null_count(),
            "answered_by_others": int(self.rows["answered_by"].is_not_null().sum()),
            "rows": told.to_dicts(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Answers that were kept.

    Attributes:
        reached: what they say.
        import_id: what `undo` takes; None where there was nothing to keep.
        withdrawn: imports of earlier answers that they take the place of.
    """

    reached: Reached
    import_id: str | None
    withdrawn: tuple[str, ...]


def preview_reach(workspace: Workspace) -> Reached:
    """Return what the roads say of every TPS, on the roads as open on voting day; keeps nothing.

    Raises:
        DomainError: `roads_estimated` where only the stand-in is there, `no_road_network`,
            `no_tps`, `no_police_posts`.
    """
    roads = load_roads(workspace)
    if roads.estimated:
        raise _estimated()
    places = load_places(workspace)
    posts = places.posts.filter(pl.col("kind").is_in(POLICE))
    if places.tps.is_empty():
        raise _nothing("no_tps", Text("TPS", "TPS"))
    if posts.is_empty():
        raise _nothing("no_police_posts", Text("polsek atau polres", "polsek or polres"))
    standing = closures_of_day(roads.closures, workspace.config.operation.voting_day)
    closures = tuple(c.closure for c in standing)
    routers = {p: _router(roads, p, closures) for p in PROFILES if roads.network.usable(p).any()}
    reach = reach_classes(routers, points_of(places.tps), points_of(posts))
    network = roads.network
    source = f"{FROM_ROADS} {network.source}, per {network.as_of.isoformat()}"
    found = hard_to_reach(reach, places.tps["code"].to_list(), source=source, as_of=network.as_of)
    rows = _rows(places.tps, reach, pl.DataFrame(found.rows, schema=ANSWERS), found.unknown)
    rows = rows.join(_named(workspace), on="tps", how="left").with_columns(
        used=pl.col("value").is_not_null() & pl.col("answered_by").is_null()
    )
    used = rows.filter("used")["tps"]
    answers = pl.DataFrame(found.rows, schema=ANSWERS)
    return Reached(
        rows=rows,
        answers=answers.filter(pl.col("subject").is_in(used.implode())),
        source=source,
        network={
            "sha256": roads.base.sha256,
            "source": network.source,
            "as_of": network.as_of.isoformat(),
        },
        closures=tuple(sorted(c.id for c in closures)),
        rules_source=reach.rules.source,
    )


def apply_reach(workspace: Workspace, *, by: str, now: dt.datetime) -> Applied:
    """Keep what the roads say as answers, in place of what they said before.

    Args:
        workspace: an open workspace.
        by: rank and name of who decides it.
        now: when, with zone.

    Raises:
        DomainError: `missing_name`, or as `preview_reach`.
    """
    person = named_person(by)
    reached = preview_reach(workspace)
    before = road_batches(workspace)
    import_id = None
    if reached.answers.height:
        body = f"{reached.answers.write_csv()}{person}{now.isoformat()}"
        record = ImportRecord(
            file=f"{FILE}: {person}",
            sha256=hashlib.sha256(body.encode()).hexdigest(),
            source=Source(name=reached.source, as_of=reached.answers["as_of"][0]),
            imported_at=now,
        )
        import_id = workspace.store.append("answers", reached.answers, record)
    for old in before:
        workspace.store.withdraw(old, at=now)
    return Applied(reached=reached, import_id=import_id, withdrawn=before)


def road_batches(workspace: Workspace) -> tuple[str, ...]:
    """Return the imports of answers from the roads that hold."""
    imports = workspace.store.imports()
    own = imports.filter(
        (pl.col("kind") == "answers")
        & pl.col("file").str.starts_with(FILE)
        & pl.col("withdrawn_at").is_null()
    )
    return tuple(own["id"].to_list())


def _router(roads: Roads, profile: Profile, closures: tuple[Any, ...]) -> Router:
    router = roads.router(profile, at=None)
    router.set_closed(closed_arcs(roads.network, closures, profile=profile, at=None))
    return router


def _rows(
    tps: pl.DataFrame,
    reach: Reach,
    answers: pl.DataFrame,
    unknown: tuple[tuple[str, Text], ...],
) -> pl.DataFrame:
    why = pl.DataFrame(
        [(code, text.id, text.en) for code, text in unknown],
        schema={"tps": pl.String, "why": pl.String, "why_en": pl.String},
        orient="row",
    )
    told = answers.select(pl.col("subject").alias("tps"), "value", "value_high", "fact", "fact_en")
    return (
        tps.select(pl.col("code").alias("tps"), "name", "kecamatan", "lon", "lat")
        .with_columns(
            need=pl.Series(reach.need, dtype=pl.String),
            travel_s=_finite(reach.seconds),
            distance_m=_finite(reach.distance_m),
        )
        .join(told, on="tps", how="left", maintain_order="left")
        .join(why, on="tps", how="left", maintain_order="left")
    )


def _finite(values: Any) -> pl.Series:
    series = pl.Series(values, dtype=pl.Float64).round(1)
    return series.set(series.is_infinite(), None)


def _named(workspace: Workspace) -> pl.DataFrame:
    """Return per TPS the named source that answers already: of itself, its desa, its kecamatan."""
    imports = workspace.store.imports()
    gone = imports.filter(pl.col("withdrawn_at").is_not_null())["id"]
    answers = workspace.store.history("answers").filter(
        (pl.col("indicator") == INDICATOR)
        & ~pl.col("sample").fill_null(value=False)
        & ~pl.col("import_id").is_in(gone.implode())
        & ~is_from_roads(pl.col("source"))
    )
    by_subject = answers.group_by("subject").agg(pl.col("source").last())
    tps = workspace.store.current("tps").select("code", "desa", "kecamatan")
    found = tps.select(pl.col("code").alias("tps"))
    for level in ("code", "desa", "kecamatan"):
        found = found.with_columns(
            tps[level]
            .replace_strict(
                by_subject["subject"], by_subject["source"], default=None, return_dtype=pl.String
            )
            .alias(level)
        )
    return found.select("tps", answered_by=pl.coalesce("code", "desa", "kecamatan"))


def _estimated() -> DomainError:
    return DomainError(
        "roads_estimated",
        Text(
            "jaringan jalan belum diimpor; penggantinya tidak tahu mana yang sulit dijangkau",
            "no road network is imported; its stand-in cannot tell what is hard to reach",
        ),
        Text(
            "Impor jalan: sispamkota import roads BERKAS.",
            "Import roads: sispamkota import roads FILE.",
        ),
    )


def _nothing(code: str, what: Text) -> DomainError:
    return DomainError(
        code,
        Text(f"belum ada {what.id} dengan titik", f"there is no {what.en} with a position"),
        Text(
            "Impor: sispamkota import tps BERKAS, sispamkota import posts BERKAS.",
            "Import: sispamkota import tps FILE, sispamkota import posts FILE.",
        ),
    )


__all__ = ["Applied", "Reached", "apply_reach", "preview_reach", "road_batches"]
