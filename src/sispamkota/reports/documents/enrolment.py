"""The reference in a Sprin's QR code, by which a team's phone will be enrolled later.

It names a plan and a team and nothing else: no person, no place, no secret. Whoever enrols a phone
must still be signed in; the reference only saves typing.
"""

from __future__ import annotations

import hashlib
import io
from urllib.parse import quote

import segno

SCHEME = "sispamkota:enrol"
DIGITS = 16  # of the team's digest: opaque, and 64 bits keep teams of one plan apart


def enrolment_reference(plan: str, team: str) -> str:
    """Return the reference of a team of a plan; always the same for the same two."""
    digest = hashlib.sha256(f"{plan}\n{team}".encode()).hexdigest()[:DIGITS]
    return f"{SCHEME}?plan={quote(plan, safe='')}&team={digest}"


def qr_svg(text: str) -> str:
    """Return a QR code as SVG text, error correction M, with its quiet zone."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", xmldecl=False, nl=False, border=2)
    return out.getvalue().decode()
