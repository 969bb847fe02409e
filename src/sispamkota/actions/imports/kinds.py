"""Which kinds of import there are, and which parser reads each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from sispamkota.forces.roster import parse_personnel, parse_training
from sispamkota.forces.roster_columns import PERSONNEL_COLUMNS, TRAINING_COLUMNS
from sispamkota.kernel.sources import Source
from sispamkota.kernel.table import Column, RawTable
from sispamkota.kernel.text import Text
from sispamkota.storage.config import Election
from sispamkota.territory.intake import columns
from sispamkota.territory.intake.areas import parse_areas
from sispamkota.territory.intake.boundaries import parse_boundaries
from sispamkota.territory.intake.common import Intake
from sispamkota.territory.intake.figures import parse_figures
from sispamkota.territory.intake.posts import parse_posts
from sispamkota.territory.intake.tps import parse_tps
from sispamkota.territory.model import Territory
from sispamkota.vulnerability.catalogue import load_catalogue
from sispamkota.vulnerability.intake import answer_columns, parse_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One table to understand, with what its parser may need.

    Attributes:
        table: the file as read.
        source: who says so, for which day.
        mapping: explicit known column → header.
        known: territory of the workspace so far.
        stage: the election, e.g. `pemilu_2024`.
        election: decides the indicator catalogue.
        persons: ids of the roster.
    """

    table: RawTable
    source: Source
    mapping: Mapping[str, str]
    known: Territory
    stage: str
    election: Election
    persons: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of import: its word, what it is, its columns and its parser."""

    name: str
    meaning: Text
    columns: Callable[[Election], Sequence[Column]]
    parse: Callable[[Job], Intake]


def _indicators(job: Job) -> Intake:
    codes = frozenset([*job.known.areas["code"], *job.known.tps["code"]])
    parsed = parse_answers(job.table, job.source, job.mapping, load_catalogue(job.election), codes)
    return Intake(frames={"answers": parsed.frame}, ignored=parsed.ignored, notes=parsed.notes)


def _personnel(job: Job) -> Intake:
    """Read a roster; fewer Padal than kecamatan is kept and told: a plan needs one each."""
    intake = parse_personnel(job.table, job.source, job.mapping, job.known)
    padal = intake.frames["personnel"].filter((pl.col("duty") == "padal") & pl.col("available"))
    kecamatan = job.known.of_level("kecamatan").height
    if padal.height >= kecamatan:
        return intake
    short = Text(
        f"{padal.height} Padal untuk {kecamatan} kecamatan; kurang {kecamatan - padal.height}",
        f"{padal.height} Padal for {kecamatan} kecamatan; {kecamatan - padal.height} short",
    )
    return replace(intake, warnings=(*intake.warnings, short))


KINDS: dict[str, Kind] = {
    k.name: k
    for k in (
        Kind(
            name="areas",
            meaning=Text("wilayah: provinsi sampai desa, juga padanan kode BPS",
                         "areas: provinsi to desa, also BPS cross-references"),
            columns=lambda _: columns.AREAS,
            parse=lambda j: parse_areas(j.table, j.source, j.mapping, j.known),
        ),
        Kind(
            name="boundaries",
            meaning=Text("batas wilayah (GeoJSON)", "boundaries of areas (GeoJSON)"),
            columns=lambda _: columns.BOUNDARIES,
            parse=lambda j: parse_boundaries(j.table, j.source, j.mapping, j.known),
        ),
        Kind(
            name="tps",
            meaning=Text("daftar TPS, atau jumlah TPS per desa", "TPS list, or TPS counts per desa"),  # noqa: E501
            columns=lambda _: columns.TPS,
            parse=lambda j: parse_tps(j.table, j.source, j.mapping, j.known, j.stage),
        ),
        Kind(
            name="posts",
            meaning=Text("pos tetap: polsek, koramil, rumah sakit", "fixed posts: polsek, koramil, hospitals"),  # noqa: E501
            columns=lambda _: columns.POSTS,
            parse=lambda j: parse_posts(j.table, j.source, j.mapping, j.known),
        ),
        Kind(
            name="figures",
            meaning=Text("angka resmi: DPT, DPS, jumlah TPS", "published figures: DPT, DPS, number of TPS"),  # noqa: E501
            columns=lambda _: columns.FIGURES,
            parse=lambda j: parse_figures(j.table, j.source, j.mapping, j.known, j.stage),
        ),
        Kind(
            name="indicators",
            meaning=Text("jawaban indikator kerawanan", "answers to vulnerability indicators"),
            columns=lambda e: answer_columns(load_catalogue(e)),
            parse=_indicators,
        ),
        Kind(
            name="personnel",
            meaning=Text("personel, tanpa nama", "personnel, without names"),
            columns=lambda _: PERSONNEL_COLUMNS,
            parse=_personnel,
        ),
        Kind(
            name="training",
            meaning=Text("latihan per personel", "training per person"),
            columns=lambda _: TRAINING_COLUMNS,
            parse=lambda j: parse_training(j.table, j.source, j.mapping, j.persons),
        ),
    )
}  # fmt: skip
