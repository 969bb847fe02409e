"""How often somebody may try to sign in: after some failures one waits, twice as long each time."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

FORGET = dt.timedelta(minutes=30)
"""Failures older than this no longer count."""
KEPT = 10_000
"""Names and addresses remembered at most; the oldest are forgotten first."""


@dataclass(slots=True)
class _Tries:
    failures: int
    last: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How waiting grows: `free` failures cost nothing, then 2, 4, 8 ... seconds up to `longest`."""

    free: int
    longest: dt.timedelta

    def wait(self, failures: int) -> dt.timedelta:
        """Return how long one waits after so many failures."""
        over = failures - self.free
        if over < 0:
            return dt.timedelta(0)
        return min(dt.timedelta(seconds=2 ** min(over + 1, 20)), self.longest)


# Whoever guesses from one address is stopped soon and for long. A name waits a minute at most, so
# that nobody can shut a colleague out by typing wrong passwords.
PER_ADDRESS = Ladder(free=10, longest=dt.timedelta(minutes=15))
PER_NAME = Ladder(free=5, longest=dt.timedelta(minutes=1))


class SignInLimits:
    """Counts failures per name and per address; safe to use from several threads."""

    def __init__(self) -> None:
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, name: str, address: str, now: dt.datetime) -> None:
        """Refuse a try that comes too soon.

        Raises:
            DomainError: `too_many_requests` with `retry_after_s`.
        """
        with self._lock:
            left = max(
                self._left(("name", name.casefold()), PER_NAME, now),
                self._left(("address", address), PER_ADDRESS, now),
            )
        if left > dt.timedelta(0):
            raise _too_many(left)

    def failed(self, name: str, address: str, now: dt.datetime) -> None:
        """Count a failure."""
        with self._lock:
            for key in (("name", name.casefold()), ("address", address)):
                before = self._tries.pop(key, None)
                fresh = before is None or now - before.last > FORGET
                count = 1 if before is None or fresh else before.failures + 1
                self._tries[key] = _Tries(count, now)
            while len(self._tries) > KEPT:
                self._tries.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name; an address stays suspect for a while."""
        with self._lock:
            self._tries.pop(("name", name.casefold()), None)

    def proved(self, name: str, address: str) -> None:
        """Take back the failure that was counted before somebody signed in proved who they are.

        Many at one address (an office behind one router) change their passwords on the first day.
        """
        with self._lock:
            self._tries.pop(("name", name.casefold()), None)
            tries = self._tries.get(("address", address))
            if tries is not None:
                tries.failures -= 1
                if tries.failures <= 0:
                    del self._tries["address", address]

    def _left(self, key: tuple[str, str], ladder: Ladder, now: dt.datetime) -> dt.timedelta:
        tries = self._tries.get(key)
        if tries is None or now - tries.last > FORGET:
            return dt.timedelta(0)
        return tries.last + ladder.wait(tries.failures) - now


def _too_many(left: dt.timedelta) -> DomainError:
    seconds = int(left.total_seconds()) + 1
    return DomainError(
        "too_many_requests",
        Text("terlalu banyak percobaan masuk", "too many tries to sign in"),
        Text(f"Tunggu {seconds} detik, lalu coba lagi.", f"Wait {seconds} seconds and try again."),
        {"retry_after_s": seconds},
    )
