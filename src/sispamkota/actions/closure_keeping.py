"""How closures are written down: each decision a row, those of one act in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from sispamkota.actions.closure_records import StandingClosure, marks_of
from sispamkota.actions.named import stated_reason
from sispamkota.actions.roads import Roads
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.sources import Source
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure, name_closures, segment_lengths, segments_of
from sispamkota.roads.frames import CLOSURES
from sispamkota.roads.network import Network
from sispamkota.storage.store import ImportRecord
from sispamkota.storage.workspace import Workspace

IN_TITLE = 3
LONGEST_PUBLIC = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about one closure, as it is kept.

    Attributes:
        id: of the closure.
        spec: what is closed; see `spec_of` and `plain_spec`.
        state: `open` closes, `lifted` opens again.
        person, reason: who decided and why.
    """

    id: str
    spec: str
    state: Literal["open", "lifted"]
    person: str
    reason: str


def keep_decisions(
    workspace: Workspace, decisions: Sequence[Decision], now: dt.datetime, file: str = "closure"
) -> None:
    """Keep decisions of one officer in one transaction, all of them or none."""
    rows = [{**asdict(one), "made_at": now} for one in decisions]
    body = " ".join(f"{d.id} {d.state} {d.person} {d.reason}" for d in decisions)
    record = ImportRecord(
        file=file,
        sha256=hashlib.sha256(f"{body} {now.isoformat()}".encode()).hexdigest(),
        source=Source(name=decisions[0].person, as_of=now.date()),
        imported_at=now,
    )
    workspace.store.append("closures", pl.DataFrame(rows, schema=CLOSURES), record)


def lifting_of(found: StandingClosure, person: str, reason: str) -> Decision:
    """Return the decision that ends a closure."""
    return Decision(
        id=found.id, spec=plain_spec(found.spec), state="lifted", person=person, reason=reason
    )


def closure_name(mark: str) -> str:
    """Return the id of a closure that this text tells apart from all others."""
    return f"c-{hashlib.sha256(mark.encode()).hexdigest()[:10]}"


def plain_spec(spec: Mapping[str, Any]) -> str:
    """Return a specification as it is kept."""
    return json.dumps(spec, ensure_ascii=False, sort_keys=True)


def title_of(network: Network, closure: Closure) -> Text:
    """Return what is closed, in a few words."""
    named = name_closures(network, [closure])
    names = list(dict.fromkeys(r.name for r in named if r.name))
    pieces = sum(r.segments for r in named)
    if not names:
        kinds = ", ".join(dict.fromkeys(r.highway for r in named))
        return Text(
            f"{pieces} ruas tanpa nama ({kinds})", f"{pieces} segments without a name ({kinds})"
        )
    shown, more = ", ".join(names[:IN_TITLE]), len(names) - IN_TITLE
    if more <= 0:
        return Text(shown, shown)
    return Text(f"{shown} dan {more} jalan lain", f"{shown} and {more} more roads")


def spec_of(roads: Roads, closure: Closure) -> dict[str, Any]:
    """Return what is written down of a closure; see `closure_records`."""
    network = roads.network
    segments = [int(s) for s in segments_of(network, closure)]
    title = title_of(network, closure)
    named = name_closures(network, [closure])
    return {
        "kind": closure.kind,
        "network": roads.base.sha256,
        "segments": segments,
        "marks": marks_of(network, segments),
        "area": None if closure.area is None else [list(point) for point in closure.area],
        "begins": closure.begins.isoformat() if closure.begins else None,
        "ends": closure.ends.isoformat() if closure.ends else None,
        "profiles": list(closure.profiles),
        "exempt": list(closure.exempt),
        "direction": closure.direction,
        "title": {"id": title.id, "en": title.en},
        "roads": list(dict.fromkeys(r.name for r in named if r.name)),
        "length_m": round(float(segment_lengths(network)[segments].sum()), 1),
    }


def for_the_public(reason: str) -> str:
    """Return what the public page says of a closure; "" = a neutral sentence.

    Raises:
        DomainError: `forbidden_reason` or `reason_too_long`.
    """
    public = stated_reason(reason) if reason.strip() else ""
    if len(public) > LONGEST_PUBLIC:
        raise _public_too_long(len(public))
    return public


def refuse_naive(now: dt.datetime) -> None:
    """Refuse a time without a zone.

    Raises:
        DomainError: `naive_time`.
    """
    if now.tzinfo is None:
        raise DomainError(
            "naive_time",
            Text(f"waktu {now} tanpa zona", f"time {now} has no zone"),
            Text("Tulis mis. 2024-02-10T08:00+07:00.", "Write e.g. 2024-02-10T08:00+07:00."),
        )


def _public_too_long(letters: int) -> DomainError:
    return DomainError(
        "reason_too_long",
        Text("alasan untuk umum terlalu panjang", "the reason for the public is too long"),
        Text(f"Paling banyak {LONGEST_PUBLIC} huruf.", f"At most {LONGEST_PUBLIC} letters."),
        {"letters": letters},
    )
