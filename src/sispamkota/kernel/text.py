"""Text for people: Indonesian and English side by side, so that neither can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["id", "en"]
LANGS: tuple[Lang, ...] = ("id", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One message in the two languages of the product.

    Values of the field's terms (tps, kurang rawan, padal) read the same in both.
    """

    id: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.id if lang == "id" else self.en

    def __str__(self) -> str:
        return self.en


def number(value: float, lang: Lang, decimals: int = 0) -> str:
    """Write a number as `lang` writes it: 2.180,5 in Indonesian, 2,180.5 in English."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "id" else text
