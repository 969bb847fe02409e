"""What a password must be: long enough, and none that everybody tries first."""

from __future__ import annotations

import functools
from importlib import resources

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text

MIN_LENGTH = 12
MAX_LENGTH = 256
"""Longer ones only cost the server time to hash."""
_ENDING = "0123456789!.@#?*_-"


def check_password(password: str, name: str) -> None:
    """Refuse a password that is short, overlong, common, or made of the account's name.

    Raises:
        DomainError: `weak_password`.
    """
    if len(password) < MIN_LENGTH:
        raise _weak(
            Text(f"kurang dari {MIN_LENGTH} huruf", f"shorter than {MIN_LENGTH} characters")
        )
    if len(password) > MAX_LENGTH:
        raise _weak(Text(f"lebih dari {MAX_LENGTH} huruf", f"over {MAX_LENGTH} characters"))
    plain = password.casefold()
    if len(set(plain)) < MIN_LENGTH // 3:
        raise _weak(Text("terlalu sedikit huruf berbeda", "too few different characters"))
    if plain.strip(_ENDING) in common_words() or plain in common_words():
        raise _weak(Text("terlalu umum", "too common"))
    if name.casefold() and plain.replace(name.casefold(), "").strip(_ENDING) == "":
        raise _weak(Text("hanya nama akun", "only the name of the account"))


@functools.cache
def common_words() -> frozenset[str]:
    """Return the words that a password must not be, endings of digits and signs aside."""
    file = resources.files("sispamkota.data").joinpath("access", "common_passwords.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _weak(why: Text) -> DomainError:
    return DomainError(
        "weak_password",
        Text(f"kata sandi ditolak: {why.id}", f"password refused: {why.en}"),
        Text(
            f"Pakai {MIN_LENGTH} huruf atau lebih, misalnya beberapa kata yang tidak berkaitan.",
            f"Use {MIN_LENGTH} characters or more, e.g. several unrelated words.",
        ),
        {"min_length": MIN_LENGTH},
    )
