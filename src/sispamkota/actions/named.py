"""Who decides and why: no decision without a named officer and a reason."""

from __future__ import annotations

import unicodedata

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.vulnerability.neutrality import forbidden_word

LONGEST = 500


def named_person(person: str) -> str:
    """Return the officer's name as kept.

    Raises:
        DomainError: `missing_name` where it is empty, too long or has control characters.
    """
    text = _clean(person)
    if not text:
        raise DomainError(
            "missing_name",
            Text("nama petugas kosong", "the officer's name is empty"),
            Text(
                "Tulis pangkat dan nama, contoh: AKP A. Contoh.",
                "Write rank and name, e.g. AKP A. Contoh.",
            ),
            {"by": person[:LONGEST]},
        )
    return text


def stated_reason(reason: str) -> str:
    """Return the reason as kept.

    Raises:
        DomainError: `missing_reason` where it is empty, too long or has control characters;
            `forbidden_reason` where it speaks of support, religion, ethnicity or results.
    """
    text = _clean(reason)
    if not text:
        raise DomainError(
            "missing_reason",
            Text("alasan kosong", "the reason is empty"),
            Text(
                f"Tulis alasan, paling banyak {LONGEST} huruf.",
                f"Write why, at most {LONGEST} letters.",
            ),
            {"reason": reason[:LONGEST]},
        )
    if word := forbidden_word(text):
        raise DomainError(
            "forbidden_reason",
            Text(
                f"alasan menyebut '{word}': dukungan, agama, suku dan hasil bukan dasar keputusan",
                f"the reason says '{word}': support, religion, ethnicity and results are no basis",
            ),
            Text("Tulis alasan keamanan.", "Give a reason of security."),
            {"word": word},
        )
    return text


def _clean(text: str) -> str:
    """Return the text on one line; empty where it cannot be kept."""
    flat = unicodedata.normalize("NFC", " ".join(text.split()))
    return flat if flat.isprintable() and len(flat) <= LONGEST else ""


__all__ = ["named_person", "stated_reason"]
