"""The demo: OKU Timur's real territory with generated answers and roster, labelled CONTOH.

Facts (codes, names, TPS and voter counts, centroids) are built in with their sources. Indicator
answers and the roster are not public, so they are generated from a fixed seed and tuned to the
published 2,073 / 105 / 2; everything made from them says CONTOH.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import polars as pl

from sispamkota.actions.roster import contoh_roster
from sispamkota.forces.generator import OKU_TIMUR
from sispamkota.kernel.sources import Source
from sispamkota.storage.store import Batch, ImportRecord
from sispamkota.storage.workspace import CONFIG_NAME, Workspace, create_workspace
from sispamkota.territory.okut import load_okut_facts
from sispamkota.vulnerability.catalogue import load_catalogue
from sispamkota.vulnerability.sample import (
    OKU_TIMUR_TARGETS,
    SAMPLE_AS_OF,
    SAMPLE_SOURCE,
    sample_answers,
)
from sispamkota.vulnerability.score import Thresholds

NAME = "Pengamanan Pemilu 2024 OKU Timur (CONTOH)"
VOTING_DAY = dt.date(2024, 2, 14)
SEED = 1608
BUILT_IN = "fakta bawaan OKU Timur (built-in facts)"


def make_demo(folder: Path, now: dt.datetime, seed: int = SEED) -> Workspace:
    """Make the demo workspace anew in `folder` and return it open.

    An earlier demo there is set aside; a folder that is not a workspace is refused.

    Args:
        folder: where to make it.
        now: time of the imports, with time zone.
        seed: seed of the generated answers and roster.

    Raises:
        DomainError: `folder_not_empty` or `cannot_write`.
    """
    anew = (folder / CONFIG_NAME).exists()
    workspace = create_workspace(
        folder, name=NAME, election="pemilu", voting_day=VOTING_DAY, force=anew
    )
    workspace.store.append_all(_batches(workspace, now, seed))
    return workspace


def _batches(workspace: Workspace, now: dt.datetime, seed: int) -> list[Batch]:
    facts = load_okut_facts()
    settings = workspace.config.vulnerability
    answers = sample_answers(
        facts.tps,
        load_catalogue("pemilu", settings.weights),
        seed,
        OKU_TIMUR_TARGETS,
        thresholds=Thresholds(rawan=settings.rawan, sangat_rawan=settings.sangat_rawan),
    )
    personnel, training = contoh_roster(facts, seed)
    roster = Source(name=str(personnel["source"][0]), as_of=OKU_TIMUR.as_of, sample=True)
    return [
        ("areas", facts.areas, _record(facts.areas, now)),
        ("tps", facts.tps, _record(facts.tps, now)),
        ("posts", facts.posts, _record(facts.posts, now)),
        ("figures", facts.figures, _record(facts.figures, now)),
        (
            "answers",
            answers,
            _record(answers, now, Source(name=SAMPLE_SOURCE, as_of=SAMPLE_AS_OF, sample=True)),
        ),
        ("personnel", personnel, _record(personnel, now, roster)),
        ("training", training, _record(training, now, roster)),
    ]


def _record(frame: pl.DataFrame, now: dt.datetime, source: Source | None = None) -> ImportRecord:
    """Return the origin of a built-in table; its digest is of the rows themselves."""
    newest = frame["as_of"].max()
    assert isinstance(newest, dt.date)
    names = sorted(frame["source"].unique().to_list())
    made = source or Source(name="; ".join(names), as_of=newest)
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    return ImportRecord(file=BUILT_IN, sha256=digest, source=made, imported_at=now)
