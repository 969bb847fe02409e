"""The roster in force: the imported one or, for OKU Timur without one, the generated CONTOH."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from sispamkota.actions.territory import load_known
from sispamkota.forces.coverage import coverage_per_force, coverage_per_post, coverage_per_team
from sispamkota.forces.generator import OKU_TIMUR, generate_roster
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.versions import GUARDS
from sispamkota.storage.workspace import Workspace
from sispamkota.territory.model import Territory

By = Literal["force", "post", "team"]
REGENCY = "1608"
SEED = 1608
KINDS = ("pam_tps", "latihan_pra_operasi")
"""Training that the guarding of TPS asks for: the duty itself and the rehearsal before it."""

ASSUMED = Text(
    "Personel belum diimpor; dipakai daftar CONTOH dari jumlah yang terbit: 446 petugas TPS = 153 "
    "Polres + 174 Polsek + 119 BKO, 20 Padal, 11 Pamatwil.",
    "No roster is imported; a CONTOH roster from published totals is used: 446 TPS officers = 153 "
    "Polres + 174 Polsek + 119 BKO, 20 Padal, 11 Pamatwil.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """PERSONNEL and TRAINING frames; `assumed` says why they are generated, None for real ones."""

    personnel: pl.DataFrame
    training: pl.DataFrame
    assumed: Text | None = None


def roster_in_force(workspace: Workspace) -> Roster:
    """Return the imported roster, or the CONTOH roster where OKU Timur has none imported.

    Published totals exist for the home case only, so elsewhere a missing roster stays missing.
    """
    frames = workspace.store.current_all(["personnel", "training"])
    known = load_known(workspace.store)
    polres = known.posts.filter(pl.col("kind") == "polres").height
    at_home = known.tps.height > 0 and known.tps["code"].str.starts_with(REGENCY).all()
    if not frames["personnel"].is_empty() or not (polres and at_home):
        return Roster(personnel=frames["personnel"], training=frames["training"])
    personnel, training = contoh_roster(known, SEED)
    return Roster(personnel=personnel, training=training, assumed=ASSUMED)


def contoh_roster(known: Territory, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a generated roster (PERSONNEL, TRAINING) spread by the TPS of each kecamatan.

    Raises:
        DomainError: `no_polres` or `no_desa`.
    """
    return generate_roster(
        known.posts,
        known.areas,
        seed=seed,
        tps_per_kecamatan=dict(known.tps.group_by("kecamatan").len().iter_rows()),
    )


def keep_generated(workspace: Workspace, seed: int, now: dt.datetime) -> dict[str, Any]:
    """Generate a CONTOH roster from the published totals and keep it as an import.

    Returns:
        number of people and training records, and the ids of the imports (to undo them).

    Raises:
        DomainError: `no_polres` or `no_desa`.
    """
    known = load_known(workspace.store)
    personnel, training = contoh_roster(known, seed)
    source = Source(name=str(personnel["source"][0]), as_of=OKU_TIMUR.as_of, sample=True)
    batches = []
    for kind, frame in (("personnel", personnel), ("training", training)):
        digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
        record = ImportRecord(file="CONTOH", sha256=digest, source=source, imported_at=now)
        batches.append((kind, frame, record))
    imports = workspace.store.append_all(batches)
    return {"personnel": personnel.height, "training": training.height, "imports": imports}


def training_coverage(workspace: Workspace, by: By, on: dt.date | None = None) -> pl.DataFrame:
    """Return who is trained (frame COVERAGE) per force, home post or team of the latest plan.

    Args:
        workspace: an open workspace.
        by: the grouping.
        on: the day on which training must be valid; None = voting day.

    Raises:
        DomainError: `no_plan` where teams are asked for before there is a plan.
    """
    roster = roster_in_force(workspace)
    day = on or workspace.config.operation.voting_day
    if by == "team":
        return coverage_per_team(_team_members(workspace), roster.training, KINDS, day)
    per = coverage_per_force if by == "force" else coverage_per_post
    return per(roster.personnel, roster.training, KINDS, day)


def _team_members(workspace: Workspace) -> pl.DataFrame:
    wanted = workspace.latest_plan(GUARDS)
    if wanted is None:
        raise DomainError(
            "no_plan",
            Text("ruang kerja ini belum punya rencana", "this workspace has no plan yet"),
            Text("Jalankan: sispamkota plan guards.", "Run: sispamkota plan guards."),
        )
    plan: Mapping[str, Any] = json.loads(workspace.load_plan(wanted))
    rows = [(t["id"], person) for t in plan["teams_detail"] for person in t["members"]]
    return pl.DataFrame(rows, schema={"team": pl.String, "person": pl.String}, orient="row")
