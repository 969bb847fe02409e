"""Passwords, tokens and one-time codes: made, hashed and compared; nothing secret is ever kept."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import secrets
import threading

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

ISSUER = "Sispamkota"
STEP_S = 30
NEIGHBOURS = (0, -1, 1)
"""Time steps whose code counts beside the present one: clocks of phones go wrong by seconds."""

# argon2id with the second recommended setting of RFC 9106 (64 MiB, 3 passes).
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_ROOM = threading.Semaphore(2)
"""Each hash takes 64 MiB for a moment; two at a time, so that a flood cannot take the memory."""
# Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, salt and parameters in it."""
    with _ROOM:
        return HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Compare a password with a hash; None (no such account) takes as long and says no."""
    with _ROOM:
        try:
            matched = HASHER.verify(password_hash or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return matched and password_hash is not None


@functools.cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_hex())


def one_time_password() -> str:
    """Return a password to be changed at first use, easy to read out: abcd-efgh-jkmn-pqrs."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def new_token() -> str:
    """Return a random token of 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the digest under which a session token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets without telling by the time taken where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_totp_secret() -> str:
    """Return a secret for an authenticator app."""
    return pyotp.random_base32()


def totp_uri(secret: str, name: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def totp_step(secret: str, code: str, now: dt.datetime) -> int | None:
    """Return the time step whose code this is, None where it is of none near `now`.

    The caller must use the step up, so that a code read over a shoulder does not work again.
    """
    code = code.replace(" ", "")
    present = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret, interval=STEP_S)
    found = None
    for shift in NEIGHBOURS:
        if same(totp.generate_otp(present + shift), code):
            found = present + shift
    return found
