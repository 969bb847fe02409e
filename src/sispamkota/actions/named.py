"""Who decides and why: no decision without a named officer and a reason."""

from __future__ import annotations

import unicodedata

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.neutrality import forbidden_word, party_name
from sispamkota.kernel.text import Text

LONGEST_NAME = 500
LONGEST_REASON = 1000
"""Letters; the forms of the web pages and the requests allow as many."""


def named_person(person: str) -> str:
    """Return the officer's name as kept.

    Raises:
        DomainError: `missing_name` where it is empty, too long or has control characters.
    """
    text = _clean(person)
    if not text or len(text) > LONGEST_NAME:
        raise DomainError(
            "missing_name",
            Text("nama petugas kosong", "the officer's name is empty"),
            Text(
                "Tulis pangkat dan nama, contoh: AKP A. Contoh.",
                "Write rank and name, e.g. AKP A. Contoh.",
            ),
            {"by": person[:LONGEST_NAME]},
        )
    return text


def stated_reason(reason: str) -> str:
    """Return the reason as kept.

    Raises:
        DomainError: `missing_reason` where it is empty or has control characters;
            `reason_too_long`; `forbidden_reason` where it speaks of support, religion, ethnicity or
            results, or holds an identity number.
    """
    text = _clean(reason)
    remedy = Text(
        f"Tulis alasan, paling banyak {LONGEST_REASON} huruf.",
        f"Write why, at most {LONGEST_REASON} letters.",
    )
    if not text:
        why = Text(
            "alasan kosong atau memuat tanda tak terbaca",
            "the reason is empty or has unreadable signs",
        )
        raise DomainError("missing_reason", why, remedy)
    if len(text) > LONGEST_REASON:
        why = Text("alasan terlalu panjang", "the reason is too long")
        raise DomainError("reason_too_long", why, remedy, {"letters": len(text)})
    if word := forbidden_word(text) or party_name(text):
        raise DomainError(
            "forbidden_reason",
            Text(
                f"alasan menyebut '{word}': dukungan, agama, suku, hasil dan NIK bukan dasar",
                f"the reason says '{word}': support, religion, ethnicity, results and NIK are no "
                "basis",
            ),
            Text(
                "Sebut kejadian, tempat atau keadaan tugas.",
                "Name an event, a place or the state of duty.",
            ),
            {"word": word},
        )
    return text


def _clean(text: str) -> str:
    """Return the text on one line; empty where it has control characters."""
    flat = unicodedata.normalize("NFC", " ".join(text.split()))
    return flat if flat.isprintable() else ""


__all__ = ["named_person", "stated_reason"]
