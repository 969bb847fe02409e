"""Values and encoded answers of one revision of the data, each made once; gone with the next."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")
WORTH_PACKING = 1024
"""Bytes under which compressing an answer gains nothing."""
MOST_BYTES = 24 * 1024 * 1024
"""Encoded answers kept at most; the least used go first."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An encoded answer, as it is and compressed (None where that is not worth it)."""

    plain: bytes
    packed: bytes | None

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.plain) + len(self.packed or b"")


def pack(body: bytes) -> Packed:
    """Return a body with its compressed form; the same body gives the same bytes."""
    worth = len(body) >= WORTH_PACKING
    return Packed(body, gzip.compress(body, 6, mtime=0) if worth else None)


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    full: bool = False
    value: Any = None


class Memory:
    """Remembers by revision and name; two who ask for the same at once make it once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._revision = ""
        self._slots: OrderedDict[str, _Slot] = OrderedDict()

    def value(self, revision: str, name: str, make: Callable[[], T]) -> T:
        """Return the value of this name, made by `make` where the revision has none yet."""
        slot = self._slot(revision, name)
        with slot.lock:
            if not slot.full:
                try:
                    slot.value = make()
                except BaseException:
                    self._drop(name, slot)  # what cannot be made takes no room
                    raise
                slot.full = True
        self._shrink()
        return cast("T", slot.value)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._slots.clear()

    def _slot(self, revision: str, name: str) -> _Slot:
        with self._lock:
            if revision != self._revision:
                self._slots.clear()
                self._revision = revision
            slot = self._slots.setdefault(name, _Slot())
            self._slots.move_to_end(name)
            return slot

    def _drop(self, name: str, slot: _Slot) -> None:
        with self._lock:
            if self._slots.get(name) is slot:
                del self._slots[name]

    def _shrink(self) -> None:
        with self._lock:
            sizes = {
                name: slot.value.size
                for name, slot in self._slots.items()
                if slot.full and isinstance(slot.value, Packed)
            }
            total = sum(sizes.values())
            for name, size in sizes.items():
                if total <= self._most:
                    return
                del self._slots[name]
                total -= size
