"""Where a figure comes from and how old it is; every imported row carries both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Origin of a set of figures.

    Attributes:
        name: who said so (document, agency, page address, file).
        as_of: the day for which the figures hold, not the day they were read.
        sample: True for generated data, which every output labels CONTOH.
    """

    name: str
    as_of: dt.date
    sample: bool = False
