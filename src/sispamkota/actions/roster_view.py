"""The roster as a screen shows it: people with their last edit and training, counts, choices."""

from __future__ import annotations

from typing import Any

import polars as pl

from sispamkota.actions.roster import KINDS, By, roster_in_force, training_coverage
from sispamkota.actions.roster_edit import EDITABLE, roster_edits
from sispamkota.actions.territory import load_lists
from sispamkota.forces.vocabulary import DUTIES, TRANSPORT
from sispamkota.kernel.text import Lang, Text
from sispamkota.storage.workspace import Workspace

AGENCY_TEXT = {
    "polri": Text("Polri", "Polri (police)"),
    "tni": Text("TNI", "TNI (army)"),
    "satpol_pp": Text("Satpol PP", "Satpol PP (municipal police)"),
    "linmas": Text("Linmas", "Linmas (civil protection)"),
    "dishub": Text("Dishub", "Dishub (transport office)"),
    "damkar": Text("Damkar", "Damkar (fire service)"),
    "dinkes": Text("Dinkes", "Dinkes (health office)"),
    "bpbd": Text("BPBD", "BPBD (disaster agency)"),
    "other": Text("lainnya", "other"),
}
DUTY_TEXT = {
    "tps": Text("pengamanan TPS", "TPS guard"),
    "padal": Text("Padal", "Padal (field controller)"),
    "pamatwil": Text("Pamatwil", "Pamatwil (area observer)"),
    "reserve": Text("cadangan", "reserve"),
    "traffic": Text("lalu lintas", "traffic"),
    "staff": Text("staf", "staff"),
}
TRANSPORT_TEXT = {
    "motorcycle": Text("sepeda motor", "motorcycle"),
    "car": Text("mobil", "car"),
    "boat": Text("perahu", "boat"),
}
TRAINING_TEXT = {
    "pam_tps": Text("pengamanan TPS", "TPS guarding"),
    "latihan_pra_operasi": Text("latihan praoperasi", "rehearsal before the operation"),
    "dalmas": Text("dalmas", "crowd control"),
    "p3k": Text("P3K", "first aid"),
    "negosiator": Text("negosiator", "negotiator"),
}
_SHOWN = (
    *("id", "agency", "unit", "rank", "leader", "home_post", "home_desa", "duty", "transport"),
    *("qualifications", "available", "source", "as_of", "sample"),
)


def roster_view(workspace: Workspace, lang: Lang) -> dict[str, Any]:
    """Return the answer of `GET /api/roster`; people are opaque ids.

    `generated` says why nobody can be changed (a CONTOH roster that nobody kept), null for a kept
    one. `training` of a person is `valid`, `expired` or `unknown` on voting day, per kind asked.
    """
    roster = roster_in_force(workspace)
    lists = load_lists(workspace.store)
    posts: dict[str, str] = dict(lists.posts.select("code", "name").sort("code").iter_rows())
    desa: dict[str, str] = dict(lists.areas.select("code", "name").iter_rows())
    edits = {} if roster.assumed else roster_edits(workspace)
    training = _training(workspace, roster.training)
    people = [
        {
            **row,
            "as_of": row["as_of"].isoformat(),
            "home_desa_name": desa.get(row["home_desa"] or ""),
            "edited": edits.get(row["id"]),
            "training": {k: training.get((row["id"], k), "unknown") for k in KINDS},
        }
        for row in roster.personnel.select(*_SHOWN).sort("id").iter_rows(named=True)
    ]
    return {
        "people": people,
        "generated": roster.assumed.in_(lang) if roster.assumed else None,
        "editable": [] if roster.assumed else list(EDITABLE),
        "posts": [{"code": c, "name": n} for c, n in posts.items()],
        "agencies": _words({a: AGENCY_TEXT[a] for a in AGENCY_TEXT}, lang),
        "duties": _words({d: DUTY_TEXT[d] for d in DUTIES}, lang),
        "transports": _words({t: TRANSPORT_TEXT[t] for t in TRANSPORT}, lang),
        "trainings": _words({k: TRAINING_TEXT[k] for k in KINDS}, lang),
        "on": workspace.config.operation.voting_day.isoformat(),
    }


def coverage_view(workspace: Workspace, by: By, lang: Lang) -> dict[str, Any]:
    """Return the answer of `GET /api/roster/coverage`: who is trained, per force, post or team.

    Shares are intervals from what is proven to what is possible.

    Raises:
        DomainError: `no_plan` where teams are asked for before there is a plan.
    """
    names = {k: t.in_(lang) for k, t in AGENCY_TEXT.items()}
    if by == "post":
        names = dict(load_lists(workspace.store).posts.select("code", "name").iter_rows())
    return {
        "by": by,
        "on": workspace.config.operation.voting_day.isoformat(),
        "trainings": _words({k: TRAINING_TEXT[k] for k in KINDS}, lang),
        "rows": [
            {**row, "name": names.get(row["group"], row["group"])}
            for row in training_coverage(workspace, by).iter_rows(named=True)
        ],
    }


def _training(workspace: Workspace, training: pl.DataFrame) -> dict[tuple[str, str], str]:
    day = workspace.config.operation.voting_day
    held = training.filter(pl.col("date") <= day)
    lasts = (pl.col("expires").is_null() | (pl.col("expires") >= day)).any()
    rows = held.group_by("person", "kind").agg(valid=lasts).iter_rows()
    return {(person, kind): "valid" if valid else "expired" for person, kind, valid in rows}


def _words(texts: dict[str, Text], lang: Lang) -> list[dict[str, str]]:
    return [{"code": code, "name": text.in_(lang)} for code, text in texts.items()]
