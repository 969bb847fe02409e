"""Override: a named officer's class for a TPS, kept beside the computed one."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import polars as pl

from sispamkota.actions.named import named_person, stated_reason
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import Workspace
from sispamkota.vulnerability.explain import unknown_tps
from sispamkota.vulnerability.frames import CLASSES, OVERRIDES
from sispamkota.vulnerability.score import latest_overrides


def override_class(
    workspace: Workspace,
    tps: str,
    class_: str | None,
    *,
    by: str,
    reason: str,
    now: dt.datetime,
) -> dict[str, Any]:
    """Keep an officer's decision on one TPS; `class_` None withdraws the earlier one.

    Returns:
        tps, class, by, reason, at, withdrawn, import.

    Raises:
        DomainError: `unknown_tps`, `unknown_class`, `missing_name`, `missing_reason`,
            `reason_too_long`, `forbidden_reason`, `naive_time`, or `no_override` where there is
            none to withdraw.
    """
    _check(workspace, tps, class_, now)
    by, reason = named_person(by), stated_reason(reason)
    row = {"tps": tps, "class": class_, "by": by, "reason": reason, "at": now}
    body = f"{tps} {class_} {by} {reason} {now.isoformat()}"
    record = ImportRecord(
        file="override",
        sha256=hashlib.sha256(body.encode()).hexdigest(),
        source=Source(name=by, as_of=now.date()),
        imported_at=now,
    )
    kept = workspace.store.append("overrides", pl.DataFrame([row], schema=OVERRIDES), record)
    return {**row, "at": now.isoformat(), "withdrawn": class_ is None, "import": kept}


def _check(workspace: Workspace, tps: str, class_: str | None, now: dt.datetime) -> None:
    if now.tzinfo is None:
        raise DomainError(
            "naive_time",
            Text(f"waktu {now} tanpa zona", f"time {now} has no zone"),
            Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
        )
    if tps not in workspace.store.current("tps")["code"]:
        raise unknown_tps(tps)
    if class_ is not None and class_ not in CLASSES:
        raise _unknown_class(class_)
    standing = latest_overrides(workspace.store.current("overrides"))
    if class_ is None and tps not in standing["tps"]:
        raise DomainError(
            "no_override",
            Text(f"TPS {tps} tidak punya penetapan", f"TPS {tps} has no override"),
            Text("Tidak ada yang perlu dicabut.", "There is nothing to withdraw."),
            {"tps": tps},
        )


def _unknown_class(class_: str) -> DomainError:
    return DomainError(
        "unknown_class",
        Text(f"kelas '{class_}' tidak dikenal", f"unknown class '{class_}'"),
        Text(
            f"Pilih dari: {', '.join(CLASSES)}. Khusus adalah tanda di daftar TPS, bukan kelas.",
            f"Choose from: {', '.join(CLASSES)}. Khusus is a flag of the TPS list, not a class.",
        ),
        {"class": class_},
    )
