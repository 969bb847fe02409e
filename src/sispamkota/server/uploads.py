"""Uploaded files between their preview and their acceptance, each in a folder of its own."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sispamkota.actions.imports.understand import Request
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.server.shelf import Shelf

MOST = 6
KEPT_S = 3600.0
PREFIX = "sispamkota-upload-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file that was looked at.

    Attributes:
        folder: holds the file alone.
        owner: account that sent it.
        request: how it would be imported, as the preview settled it.
        sha256: digest of the bytes previewed.
    """

    folder: Path
    owner: str
    request: Request
    sha256: str


class Uploads:
    """Keeps a few uploads for an hour; nobody but who sent one can accept it."""

    def __init__(self) -> None:
        self._shelf: Shelf[Upload] = Shelf(MOST, KEPT_S)
        _sweep()

    def folder(self) -> Path:
        """Return a new folder for one file, readable by this program alone."""
        return Path(tempfile.mkdtemp(prefix=PREFIX))

    def keep(self, upload: Upload) -> str:
        """Keep an upload and return its token."""
        token = secrets.token_urlsafe(18)
        _remove(self._shelf.put(token, upload))
        return token

    def find(self, token: str, owner: str) -> Upload:
        """Return the upload of a token.

        Raises:
            DomainError: `unknown_upload`.
        """
        found = self._shelf.get(token)
        if found is None or found.owner != owner:
            raise DomainError(
                "unknown_upload",
                Text("berkas yang diperiksa tidak ada lagi", "the checked file is no longer there"),
                Text("Unggah dan periksa lagi.", "Upload and check it again."),
            )
        return found

    def drop(self, token: str) -> None:
        """Remove an upload."""
        found = self._shelf.drop(token)
        _remove([found] if found else [])

    def reap(self) -> None:
        """Remove uploads past their time."""
        _remove(self._shelf.expired())

    def close(self) -> None:
        """Remove all."""
        _remove(self._shelf.all())


def _sweep() -> None:
    """Remove what a server that was killed left behind; one that runs keeps nothing that long."""
    old = time.time() - 2 * KEPT_S
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < old:
                shutil.rmtree(folder, ignore_errors=True)


def _remove(uploads: list[Upload]) -> None:
    for upload in uploads:
        shutil.rmtree(upload.folder, ignore_errors=True)
