"""What a link costs as a function of its flow: generalised cost, its slope and its integral.

cost(v) = free_time * (1 + b * (v / capacity) ** power) + length_cost

The form of the Bureau of Public Roads (1964), with every value that real networks carry: powers
below 1 and 0, links without free-flow time, links without a limit of capacity.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCosts:
    """The cost functions of links; one row per link.

    Attributes:
        free_time: travel time of an empty link.
        capacity: flow at which `b` times the free time is added; inf where flow does not matter.
            A link of capacity 0 carries nothing, unless its cost does not depend on flow.
        b: share of the free time that is added at capacity.
        power: how steeply; 0 or more.
        length_cost: constant added to the time (length and toll, in units of time).
    """

    free_time: Floats
    capacity: Floats
    b: Floats
    power: Floats
    length_cost: Floats

    def __post_init__(self) -> None:
        size = len(self.free_time)
        for each in fields(self):
            column = getattr(self, each.name)
            if len(column) != size:
                raise _bad_cost(each.name, f"{len(column)} / {size}")
            wrong = np.isnan(column) | (column < 0)
            if each.name != "capacity":
                wrong |= np.isinf(column)
            if wrong.any():
                row = int(np.flatnonzero(wrong)[0])
                raise _bad_cost(each.name, f"{column[row]:g}", row)

    @property
    def size(self) -> int:
        """Number of links."""
        return len(self.free_time)

    @property
    def constant(self) -> NDArray[np.bool_]:
        """Links whose cost does not depend on flow."""
        flat = (self.free_time * self.b == 0) | (self.power == 0) | np.isinf(self.capacity)
        return np.asarray(flat)

    @property
    def barred(self) -> NDArray[np.bool_]:
        """Links that cannot carry anything: no capacity at all."""
        return np.asarray((self.capacity == 0) & ~self.constant)

    def at(self, flow: Floats) -> Floats:
        """Return the cost of each link at a flow; inf on barred links."""
        cost = self._base() + self._rising() * self._load(flow) ** self.power
        return np.where(self.barred, np.inf, cost)

    def integral(self, flow: Floats) -> Floats:
        """Return the integral of each link's cost from 0 to its flow (Beckmann's term)."""
        rising = self._rising() * flow * self._load(flow) ** self.power / (self.power + 1)
        return self._base() * flow + rising

    def law(self) -> Floats:
        """Return (size, 4): constant, factor, 1 / capacity, power, as the kernels want them.

        The factor is 0 where flow does not matter; the constant is inf on barred links.
        """
        base = np.where(self.barred, np.inf, self._base())
        return np.column_stack((base, self._rising(), self._inverse(), self.power))

    def _inverse(self) -> Floats:
        live = ~self.constant & (self.capacity > 0)
        return np.divide(1.0, self.capacity, out=np.zeros(self.size), where=live)

    def _load(self, flow: Floats) -> Floats:
        return np.maximum(flow, 0.0) * self._inverse()

    def _base(self) -> Floats:
        # x ** 0 is 1 at any flow: such a link is dearer by b, and flat
        fixed = np.where((self.power == 0), self.free_time * self.b, 0.0)
        return np.asarray(self.free_time + fixed + self.length_cost)

    def _rising(self) -> Floats:
        return np.where(self.constant | self.barred, 0.0, self.free_time * self.b)


def _bad_cost(name: str, value: str, row: int | None = None) -> DomainError:
    return DomainError(
        "bad_link_cost",
        Text(
            id=f"Fungsi biaya ruas tidak sah: {name} = {value}.",
            en=f"A link's cost function is not valid: {name} = {value}.",
        ),
        Text(
            id="Semua kolom sama panjang, angka 0 atau lebih; hanya kapasitas boleh tak hingga.",
            en="Columns of one length, numbers of 0 or more; only capacity may be infinite.",
        ),
        where={"column": name, "value": value, "row": row},
    )
