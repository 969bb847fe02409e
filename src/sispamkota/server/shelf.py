"""Things kept for a short while by key, and only so many of them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """A few values by key; each goes after `seconds`, the oldest when there are over `most`."""

    def __init__(self, most: int = 100, seconds: float = 900.0) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def put(self, key: str, value: T) -> list[T]:
        """Keep a value and return those that had to go."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = (time.monotonic(), value)
            return ([before[1]] if before else []) + self._gone()

    def get(self, key: str) -> T | None:
        """Return the value, None where it is not there or no longer."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or time.monotonic() - found[0] > self._seconds:
                return None
            return found[1]

    def drop(self, key: str) -> T | None:
        """Take the value out and return it."""
        with self._lock:
            found = self._kept.pop(key, None)
            return found[1] if found else None

    def expired(self) -> list[T]:
        """Take out and return what is past its time."""
        with self._lock:
            return self._gone()

    def all(self) -> list[T]:
        """Take out and return everything."""
        with self._lock:
            values = [value for _, value in self._kept.values()]
            self._kept.clear()
            return values

    def _gone(self) -> list[T]:
        gone, now = [], time.monotonic()
        while self._kept:
            key, (at, value) = next(iter(self._kept.items()))
            if len(self._kept) <= self._most and now - at <= self._seconds:
                break
            del self._kept[key]
            gone.append(value)
        return gone
