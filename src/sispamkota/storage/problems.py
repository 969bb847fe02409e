"""What can go wrong with the store, told to the person who asked; both languages and a remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.storage.versions import PlanEvent


def database_failed(place: str, detail: str) -> DomainError:
    """Pass on a driver's error that no dialect knows better."""
    return DomainError(
        "database_failed",
        Text(f"basis data {place} gagal: {detail}", f"the database {place} failed: {detail}"),
        Text(
            "Ulangi perintah; bila tetap gagal, periksa disk dan pulihkan dari cadangan.",
            "Repeat the command; if it fails again, check the disk and restore a backup.",
        ),
        {"database": place},
    )


def database_unreachable(place: str, detail: str) -> DomainError:
    """No server answers."""
    line = " ".join(detail.split())[:300]
    return DomainError(
        "database_unreachable",
        Text(
            f"server basis data {place} tidak terjangkau: {line}",
            f"the server of the database {place} cannot be reached: {line}",
        ),
        Text(
            "Periksa apakah PostgreSQL berjalan, nama servernya, dan jaringannya.",
            "Check that PostgreSQL runs, the name of its server, and the network.",
        ),
        {"database": place},
    )


def unknown_kind(kind: str, kinds: Sequence[str]) -> DomainError:
    """Name the kinds of rows there are."""
    known = ", ".join(kinds)
    return DomainError(
        "unknown_kind",
        Text(f"jenis data '{kind}' tidak dikenal", f"unknown kind of data '{kind}'"),
        Text(f"Pilih dari: {known}.", f"Choose from: {known}."),
        {"kind": kind},
    )


def foreign(place: str) -> DomainError:
    """The file holds something else."""
    return DomainError(
        "foreign_database",
        Text(
            f"{place} bukan basis data Sispamkota",
            f"{place} is not a database of Sispamkota",
        ),
        Text(
            "Periksa [database] url di sispamkota.toml, atau pakai berkas atau basis data lain.",
            "Check [database] url in sispamkota.toml, or use another file or database.",
        ),
        {"database": place},
    )


def newer(place: str, version: int, supported: int) -> DomainError:
    """An older program must not touch it."""
    return DomainError(
        "newer_database",
        Text(
            f"{place} dibuat oleh Sispamkota yang lebih baru (skema {version}, "
            f"program ini {supported})",
            f"{place} was made by a newer Sispamkota (schema {version}, this program {supported})",
        ),
        Text(
            "Perbarui Sispamkota, lalu ulangi. Basis data tidak diubah.",
            "Update Sispamkota, then repeat. The database was not changed.",
        ),
        {"database": place, "version": version, "supported": supported},
    )


def other_schema(place: str, version: int, supported: int) -> DomainError:
    """Same age, other columns."""
    return DomainError(
        "other_schema",
        Text(
            f"{place} dibuat oleh versi Sispamkota lain dengan kolom yang berbeda",
            f"{place} was made by another version of Sispamkota with other columns",
        ),
        Text(
            "Buat ruang kerja baru (sispamkota init) dan impor ulang berkas sumbernya, "
            "atau pakai versi yang membuatnya.",
            "Make a new workspace (sispamkota init) and import the source files again, "
            "or use the version that made it.",
        ),
        {"database": place, "version": version, "supported": supported},
    )


def unknown_import(import_id: str, known: Sequence[str]) -> DomainError:
    """Name the imports that are there."""
    listing = ", ".join(known) or "-"
    return DomainError(
        "unknown_import",
        Text(f"impor '{import_id}' tidak ada", f"there is no import '{import_id}'"),
        Text(f"Impor yang ada: {listing}.", f"Imports there are: {listing}."),
        {"import": import_id},
    )


def already_withdrawn(import_id: str, at: dt.datetime) -> DomainError:
    """Say since when."""
    when = at.isoformat(timespec="seconds")
    return DomainError(
        "already_withdrawn",
        Text(
            f"impor '{import_id}' sudah ditarik pada {when}",
            f"import '{import_id}' was already withdrawn at {when}",
        ),
        Text("Tidak perlu apa-apa lagi.", "Nothing more is needed."),
        {"import": import_id, "withdrawn_at": when},
    )


def unknown_plan(plan_id: str, known: Sequence[str]) -> DomainError:
    """Return the error for a plan that is not there, naming those that are."""
    listing = ", ".join(known) or "-"
    return DomainError(
        "unknown_plan",
        Text(f"rencana '{plan_id}' tidak ada", f"there is no plan '{plan_id}'"),
        Text(
            f"Rencana yang ada: {listing}. Buat dengan: sispamkota plan guards.",
            f"Plans there are: {listing}. Make one with: sispamkota plan guards.",
        ),
        {"plan": plan_id},
    )


def no_workspace(folder: Path) -> DomainError:
    """Say how to make one."""
    return DomainError(
        "no_workspace",
        Text(
            f"tidak ada ruang kerja di {folder} (berkas sispamkota.toml tidak ada)",
            f"there is no workspace in {folder} (no file sispamkota.toml)",
        ),
        Text(
            f"Buat dengan: sispamkota init {folder}; atau sebutkan foldernya: --workspace DIR.",
            f"Make one: sispamkota init {folder}; or name its folder: --workspace DIR.",
        ),
        {"folder": str(folder)},
    )


def workspace_exists(folder: Path) -> DomainError:
    """Nothing of an operation is overwritten."""
    return DomainError(
        "workspace_exists",
        Text(
            f"{folder} sudah berisi ruang kerja; tidak ada yang diubah",
            f"{folder} already holds a workspace; nothing was changed",
        ),
        Text(
            "Pilih folder lain, atau ubah sispamkota.toml di folder itu.",
            "Choose another folder, or edit sispamkota.toml in that folder.",
        ),
        {"folder": str(folder)},
    )


def folder_not_empty(folder: Path, names: Sequence[str]) -> DomainError:
    """Somebody else's files are not mixed with ours."""
    shown = ", ".join(names[:3])
    return DomainError(
        "folder_not_empty",
        Text(
            f"{folder} tidak kosong ({shown}); tidak ada yang diubah",
            f"{folder} is not empty ({shown}); nothing was changed",
        ),
        Text("Pilih folder baru atau folder kosong.", "Choose a new or an empty folder."),
        {"folder": str(folder)},
    )


def cannot_use(folder: Path, error: OSError) -> DomainError:
    """Pass on what the system says about a folder."""
    detail = error.strerror or str(error)
    return DomainError(
        "cannot_write",
        Text(f"{folder} tidak dapat dipakai: {detail}", f"{folder} cannot be used: {detail}"),
        Text(
            "Pilih folder lain, atau periksa izin dan ruang disk.",
            "Choose another folder, or check permissions and disk space.",
        ),
        {"folder": str(folder)},
    )


def not_utf8(file: Path) -> DomainError:
    """The settings are text in UTF-8."""
    return DomainError(
        "bad_config",
        Text(f"{file.name}: bukan teks UTF-8", f"{file.name}: not UTF-8 text"),
        Text("Simpan ulang berkas itu sebagai UTF-8.", "Save the file again as UTF-8."),
        {"file": str(file)},
    )


def bad_name(name: str) -> DomainError:
    """A name is one line of 1 to 200 characters."""
    return DomainError(
        "bad_name",
        Text(f"nama operasi tidak sah: {name!r}", f"not a name for an operation: {name!r}"),
        Text("Pakai satu baris, 1 sampai 200 huruf.", "Use one line of 1 to 200 characters."),
        {"name": name},
    )


def bad_plan_id(plan_id: str) -> DomainError:
    """An id that could lead out of the folder is refused."""
    return DomainError(
        "bad_plan_id",
        Text(f"'{plan_id}' bukan id rencana", f"'{plan_id}' is not the id of a plan"),
        Text(
            "Pakai huruf, angka, titik, garis bawah dan tanda hubung saja.",
            "Use letters, digits, points, underscores and hyphens only.",
        ),
        {"plan": plan_id},
    )


def no_backup(place: str, target: str, detail: str) -> DomainError:
    """An older database is not changed without a copy of it."""
    return DomainError(
        "no_backup",
        Text(
            f"{place} harus diperbarui, tetapi cadangannya {target} gagal dibuat: {detail}; "
            "tidak ada yang diubah",
            f"{place} must be upgraded, but its backup {target} could not be made: {detail}; "
            "nothing was changed",
        ),
        Text(
            "Kosongkan ruang disk dan beri izin tulis pada foldernya, lalu ulangi.",
            "Free disk space and give write permission on its folder, then repeat.",
        ),
        {"database": place, "backup": target},
    )


def unsupported_database(scheme: str) -> DomainError:
    """Neither SQLite nor PostgreSQL; the rest of the URL may hold a password and is not shown."""
    return DomainError(
        "unsupported_database",
        Text(
            f"url basis data '{scheme}:' tidak dikenal atau tidak sah",
            f"the database url '{scheme}:' is unknown or not valid",
        ),
        Text(
            "Pakai sqlite:///sispamkota.db atau postgresql://pengguna:sandi@server/basisdata; "
            "tanda @ : / # ? di dalam sandi ditulis %40 %3A %2F %23 %3F.",
            "Use sqlite:///sispamkota.db or postgresql://user:password@server/database; "
            "write @ : / # ? inside the password as %40 %3A %2F %23 %3F.",
        ),
        {"scheme": scheme},
    )


def database_not_empty(place: str) -> DomainError:
    """A new workspace does not begin on the data of another."""
    return DomainError(
        "database_not_empty",
        Text(
            f"basis data {place} sudah berisi data sebuah ruang kerja",
            f"the database {place} already holds the data of a workspace",
        ),
        Text(
            "Buat basis data PostgreSQL baru dan sebutkan di SISPAMKOTA_DATABASE_URL.",
            "Make a new PostgreSQL database and name it in SISPAMKOTA_DATABASE_URL.",
        ),
        {"database": place},
    )


def plan_exists(plan_id: str) -> DomainError:
    """One id, one content."""
    return DomainError(
        "plan_exists",
        Text(
            f"rencana '{plan_id}' sudah ada dengan isi lain; tidak ada yang diubah",
            f"plan '{plan_id}' exists with another content; nothing was changed",
        ),
        Text(
            "Ubah rencana itu, atau buat yang baru dengan --seed lain.",
            "Edit that plan, or make a new one with another --seed.",
        ),
        {"plan": plan_id},
    )


def newer_version(newest: PlanEvent) -> DomainError:
    """Somebody saved in between; nobody's work is overwritten."""
    when = newest.at.isoformat(timespec="seconds")
    return DomainError(
        "newer_version",
        Text(
            f"{newest.person} sudah menyimpan versi {newest.version} pada {when}; "
            "perubahan Anda belum disimpan",
            f"{newest.person} saved version {newest.version} at {when}; "
            "your changes are not saved yet",
        ),
        Text(
            "Lihat versi itu, lalu ulangi perubahan di atasnya atau simpan di sampingnya.",
            "Look at that version, then repeat your changes on it or save yours beside it.",
        ),
        {
            "plan": newest.plan,
            "version": newest.version,
            "person": newest.person,
            "at": when,
            "reason": newest.reason,
        },
    )


def state_changed(now: PlanEvent, expected: str) -> DomainError:
    """Somebody was quicker."""
    when = now.at.isoformat(timespec="seconds")
    return DomainError(
        "state_changed",
        Text(
            f"rencana versi {now.version} kini {now.state}, bukan {expected} "
            f"({now.person}, {when})",
            f"plan version {now.version} is now {now.state}, not {expected} ({now.person}, {when})",
        ),
        Text(
            "Muat ulang daftar versi, lalu putuskan lagi.",
            "Load the list of versions again, then decide anew.",
        ),
        {
            "plan": now.plan,
            "version": now.version,
            "state": now.state,
            "person": now.person,
            "at": when,
        },
    )


def unknown_account(account_id: str) -> DomainError:
    """There is none, or it was revoked."""
    return DomainError(
        "unknown_account",
        Text(
            f"akun '{account_id}' tidak ada atau sudah dicabut",
            f"account '{account_id}' does not exist or was revoked",
        ),
        Text("Lihat daftar akun.", "See the list of accounts."),
        {"account": account_id},
    )


def account_exists(name: str) -> DomainError:
    """Names are never used twice, so that the audit trail stays plain."""
    return DomainError(
        "account_exists",
        Text(f"nama akun '{name}' sudah dipakai", f"the account name '{name}' is taken"),
        Text(
            "Pilih nama lain; nama akun yang dicabut pun tidak dipakai lagi.",
            "Choose another name; names of revoked accounts are not used again either.",
        ),
        {"name": name},
    )
