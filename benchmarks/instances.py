"""What is measured: the data folder, a workspace that may be used up, the problem of a plan."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measure import ROOT
from sispamkota.actions.demo import make_demo
from sispamkota.planning.crews import Team, form_teams
from sispamkota.planning.guards import GuardInputs, release, team_share
from sispamkota.planning.problem import CLASSES, GuardProblem, build_problem
from sispamkota.planning.search import Ints, cost_of
from sispamkota.storage.workspace import (
    PLANS_FOLDER,
    PREVIOUS_FOLDER,
    SITE_FOLDER,
    Workspace,
    open_workspace,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The guard problem that `plan_guards` solves, laid out the same way.

    Attributes:
        problem: the arrays.
        teams: the teams that its posts send.
        class_rank: per block, (n,) rank of each TPS's class.
    """

    problem: GuardProblem
    teams: tuple[Team, ...]
    class_rank: tuple[Ints, ...]


def data_folder() -> Path:
    """Return the folder of real data (environment variable SISPAMKOTA_DATA).

    Raises:
        SystemExit: it is not there.
    """
    folder = Path(os.environ.get("SISPAMKOTA_DATA", ROOT.parent / "shared" / "data")).resolve()
    if not (folder / "README.md").exists():
        raise SystemExit(f"no real data at {folder}: set SISPAMKOTA_DATA")
    return folder


@contextmanager
def workspace_of(folder: Path | None) -> Iterator[Workspace]:
    """Open a copy of the workspace in `folder`, or the demo made anew; gone afterwards.

    A copy, because measuring makes plans and none of them should stay with the owner.
    """
    with tempfile.TemporaryDirectory(prefix="sispamkota-bench-") as name:
        place = Path(name) / "workspace"
        if folder is None:
            made = make_demo(place, dt.datetime.now(dt.UTC))
        else:
            left_out = shutil.ignore_patterns(PLANS_FOLDER, SITE_FOLDER, PREVIOUS_FOLDER)
            shutil.copytree(folder, place, ignore=left_out)
            made = open_workspace(place)
        with made as workspace:
            yield workspace


def lay_out(inputs: GuardInputs) -> Laid:
    """Lay out the problem of these inputs as `plan_guards` does."""
    size, share = team_share(inputs.pattern)
    officers, _ = release(inputs.personnel, inputs.strength)
    posts = inputs.posts.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    placed = officers.filter(pl.col("home_post").is_in(posts["code"].implode()))
    teams, _ = form_teams(placed, size=size)
    problem = build_problem(
        inputs.sites,
        posts,
        Counter(t.post for t in teams),
        share=share,
        rules=inputs.rules,
        travel=inputs.travel,
    )
    rank = {
        code: CLASSES.index(name) for code, name in inputs.sites.select("code", "class").iter_rows()
    }
    ranks = tuple(np.array([rank[c] for c in codes], dtype=np.int64) for codes in problem.tps)
    return Laid(problem=problem, teams=teams, class_rank=ranks)


def true_cost(
    problem: GuardProblem,
    anchor_of: Sequence[Ints],
    sent: Mapping[tuple[int, int], int],
    teams: Sequence[Team],
) -> float:
    """Return the plan's objective: ways inside beats, ways of the teams sent, what is open."""
    row_of = {p: g for g, p in enumerate(problem.posts)}
    ways = sum(float(problem.ways[k][row_of[teams[t].post], a]) for (k, a), t in sent.items())
    opening = sum(
        float(block.opening[np.unique(a[a >= 0])].sum())
        for block, a in zip(problem.blocks, anchor_of, strict=True)
    )
    inside = sum(cost_of(b, a) for b, a in zip(problem.blocks, anchor_of, strict=True))
    return inside - opening + ways
