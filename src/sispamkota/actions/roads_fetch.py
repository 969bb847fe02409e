"""Fetch the extract of OpenStreetMap that holds the operation's area, when somebody asks for it.

The one place of the program that goes out to the network, and only on its own command. The file
appears whole or not at all; what broke off is taken up where it ended.
"""

from __future__ import annotations

import functools
import hashlib
import http.client
import re
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sispamkota.actions.roads_network import Bounds, operation_bounds
from sispamkota.actions.territory import load_lists
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage import problems
from sispamkota.storage.workspace import Workspace

CHUNK = 1 << 18
TIMEOUT_S = 30
PROVINCE_DIGITS = 2
PBF_MARK = b"OSMHeader"
_MD5 = re.compile(rb"\b[0-9a-f]{32}\b")
_AGENT = {"User-Agent": "sispamkota"}
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One extract that can be fetched.

    Attributes:
        region: its name.
        title: as people say.
        url: where it is.
        licence: under which its data may be used.
        size_mb: about how large it is.
    """

    region: str
    title: Text
    url: str
    licence: str
    size_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that was fetched.

    Attributes:
        extract: what it is.
        file: where it is now.
        size_bytes: its size.
        md5: digest of its bytes.
        checked: whether the server told the digest it must have.
    """

    extract: Extract
    file: Path
    size_bytes: int
    md5: str
    checked: bool

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of `sispamkota roads fetch`."""
        return {
            "region": self.extract.region,
            "url": self.extract.url,
            "licence": self.extract.licence,
            "file": str(self.file),
            "size_bytes": self.size_bytes,
            "md5": self.md5,
            "md5_checked": self.checked,
        }


@functools.cache
def _index() -> dict[str, Any]:
    file = resources.files("sispamkota.data").joinpath("roads", "geofabrik.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def regions() -> tuple[str, ...]:
    """Return the names of the regions that can be fetched."""
    return tuple(entry["name"] for entry in _index()["region"])


def choose_extract(workspace: Workspace, region: str | None, mirror: str | None = None) -> Extract:
    """Return the extract that holds the operation's area.

    Args:
        workspace: an open workspace.
        region: its name; None = by the province of the areas, else by their place.
        mirror: another server's folder in place of Geofabrik's.

    Raises:
        DomainError: `unknown_region`, `region_unclear` or `bad_mirror`.
    """
    if region is None:
        region = _region_of(workspace)
    found = [entry for entry in _index()["region"] if entry["name"] == region]
    if not found:
        raise _unknown_region(region)
    base = (mirror or _index()["base"]).rstrip("/")
    if urllib.parse.urlsplit(base).scheme not in {"http", "https"}:
        raise _bad_mirror(base)
    (entry,) = found
    return Extract(
        region=region,
        title=Text(**entry["title"]),
        url=f"{base}/{_index()['file'].format(region=region)}",
        licence=_index()["licence"],
        size_mb=entry["size_mb"],
    )


def _region_of(workspace: Workspace) -> str:
    codes = load_lists(workspace.store).areas["code"].str.slice(0, PROVINCE_DIGITS).unique()
    named = {e["name"] for e in _index()["region"] if set(e["provinces"]) & set(codes)}
    if not named:
        box = operation_bounds(workspace)
        named = {e["name"] for e in _index()["region"] if box and _holds(e["boxes"], box)}
    if len(named) != 1:
        raise _region_unclear(sorted(named))
    return str(named.pop())


def _holds(boxes: Sequence[Sequence[float]], area: Bounds) -> bool:
    x, y = (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
    return any(west <= x <= east and south <= y <= north for west, south, east, north in boxes)


def fetch(extract: Extract, out: Path, progress: Progress) -> Fetched:
    """Download an extract to the file `out`.

    Raises:
        DomainError: `offline` where the server cannot be reached, `not_a_pbf` where it sends
            something else, `damaged_download` where the digest does not fit, or `cannot_write`.
    """
    part = out.with_name(f"{out.name}.part")
    wanted = _told_md5(extract)
    if wanted is None:  # nothing would tell whether the rest belongs to what is there
        part.unlink(missing_ok=True)
    try:
        _download(extract, part, progress)
        digest = _md5_of(part)
        if wanted is not None and digest != wanted:
            part.unlink(missing_ok=True)
            raise _damaged(extract, wanted, digest)
        size = part.stat().st_size
        part.replace(out)
    except OSError as error:
        if isinstance(error, urllib.error.URLError | TimeoutError | ConnectionError):
            raise _offline(extract, error) from error
        raise problems.cannot_use(out, error) from error
    except http.client.HTTPException as error:
        raise _offline(extract, error) from error
    return Fetched(
        extract=extract, file=out, size_bytes=size, md5=digest, checked=wanted is not None
    )


def _told_md5(extract: Extract) -> str | None:
    """Return the digest that the server states; None where it states none."""
    try:
        with _open(f"{extract.url}.md5") as answer:
            found = _MD5.search(answer.read(1000))
    except urllib.error.HTTPError as error:
        error.close()
        return None
    except (OSError, http.client.HTTPException) as error:
        raise _offline(extract, error) from error
    return found[0].decode() if found else None


def _open(url: str, since: int = 0) -> Any:
    headers = {**_AGENT, **({"Range": f"bytes={since}-"} if since else {})}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  (scheme is checked)
    return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310


def _download(extract: Extract, part: Path, progress: Progress) -> None:
    """Append to `part` until the file is whole; what is there is not asked for again."""
    there = part.stat().st_size if part.exists() else 0
    try:
        answer = _open(extract.url, there)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return  # all of it is there
    with answer:
        if answer.status != http.client.PARTIAL_CONTENT:
            there = 0
        total = there + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if there else "wb") as out:
            while chunk := answer.read(CHUNK):
                if out.tell() == 0 and PBF_MARK not in chunk[:64]:
                    raise _not_a_pbf(extract)
                out.write(chunk)
                progress("fetch", min(1.0, out.tell() / total) if total else 0.0)
            if total and out.tell() < total:
                raise ConnectionError("the connection broke off")
    progress("fetch", 1.0)


def _md5_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _offline(extract: Extract, error: Exception) -> DomainError:
    what = str(getattr(error, "reason", error))[:200]
    return DomainError(
        "offline",
        Text(
            f"{extract.url} tidak dapat diambil: {what}",
            f"{extract.url} cannot be fetched: {what}",
        ),
        Text(
            "Ulangi saat tersambung (unduhan dilanjutkan), atau unduh alamat itu dengan peramban "
            "di mesin lain, salin berkasnya ke sini, lalu `sispamkota import roads BERKAS`.",
            "Repeat when connected (the download goes on), or download that address with a browser "
            "on another machine, copy the file here, then `sispamkota import roads FILE`.",
        ),
        {"url": extract.url},
    )


def _not_a_pbf(extract: Extract) -> DomainError:
    return DomainError(
        "not_a_pbf",
        Text(
            f"{extract.url} tidak mengirim berkas OSM PBF",
            f"{extract.url} does not send an OSM PBF file",
        ),
        Text(
            "Buka alamat itu di peramban: mungkin ada halaman masuk jaringan, atau nama berubah.",
            "Open that address in a browser: a sign-in page of the network may stand between, or "
            "the name has changed.",
        ),
        {"url": extract.url},
    )


def _damaged(extract: Extract, wanted: str, found: str) -> DomainError:
    return DomainError(
        "damaged_download",
        Text(
            f"unduhan {extract.url} rusak (md5 {found}, seharusnya {wanted})",
            f"the download of {extract.url} is damaged (md5 {found}, should be {wanted})",
        ),
        Text("Unduhan itu dihapus; ulangi.", "It was removed; repeat."),
        {"url": extract.url},
    )


def _unknown_region(region: str) -> DomainError:
    listed = ", ".join(regions())
    return DomainError(
        "unknown_region",
        Text(f"wilayah unduhan '{region}' tidak ada", f"there is no extract '{region}'"),
        Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
        {"region": region},
    )


def _region_unclear(found: Sequence[str]) -> DomainError:
    listed = ", ".join(found or regions())
    return DomainError(
        "region_unclear",
        Text(
            "tidak jelas ekstrak mana yang memuat wilayah operasi",
            "it is not clear which extract holds the operation's area",
        ),
        Text(f"Sebutkan (--region) dari: {listed}.", f"Name it (--region), one of: {listed}."),
        {"regions": list(found)},
    )


def _bad_mirror(base: str) -> DomainError:
    return DomainError(
        "bad_mirror",
        Text(f"'{base[:80]}' bukan alamat http", f"'{base[:80]}' is no http address"),
        Text("Tulis mis. https://contoh.id/osm.", "Write e.g. https://example.org/osm."),
        {"mirror": base[:80]},
    )
