"""What may never be an input: party support, religion or ethnicity of persons, vote results, NIK.

The police side is neutral and keeps no voter rows (UU 2/2002 art. 28, UU 7/2017 art. 200, UU
27/2022). The check reads whole words of names and column headers, in Indonesian and English.
"""

from __future__ import annotations

import re

from sispamkota.kernel.table import plain_name

_WORDS = frozenset(
    {
        *("agama", "keagamaan", "religi", "religion", "religions", "religious", "faith"),
        *("sara", "islam", "muslim", "kristen", "katolik", "hindu", "buddha", "konghucu"),
        *("suku", "etnis", "etnik", "etnisitas", "ras", "ethnic", "ethnicity", "ethnicities"),
        *("race", "racial", "tribe", "tribes", "kesukuan"),
        *("partai", "parpol", "party", "parties", "partisan", "koalisi", "coalition"),
        *("caleg", "paslon", "capres", "cawapres", "cagub", "cabup", "cawali"),
        *("pendukung", "simpatisan", "supporter", "supporters", "elektabilitas", "electability"),
        # unmistakable names of 2024; "buruh", "pan" and "garuda" are words as well
        *("pdip", "golkar", "gerindra", "nasdem", "pkb", "pks", "ppp", "psi", "hanura", "perindo"),
        *("prabowo", "anies", "ganjar", "nahdliyin", "muhammadiyah", "tionghoa", "keyakinan"),
        *("votes", "nik", "ktp", "ektp"),
    }
)
_PHRASES: tuple[str, ...] = (
    "perolehan_suara",
    "suara_sah",
    "suara_partai",
    "hasil_suara",
    "hasil_pemilu",
    "hasil_penghitungan",
    "jumlah_suara",
    "persen_suara",
    "pilihan_politik",
    "basis_massa",
    "basis_suara",
    "dukungan_politik",
    "dukungan_calon",
    "dukungan_peserta",
    "vote_share",
    "vote_result",
    "vote_results",
    "vote_count_of",
    "election_result",
    "political_support",
    "political_preference",
    "party_support",
    "support_for",
    "no_kk",
    "nomor_kk",
    "nama_pemilih",
    "voter_name",
)

# Kecamatan of OKU Timur: Madang Suku I, II, III and Semendawai Suku III.
_PLACE = re.compile(r"_(madang|semendawai)_suku_(i{1,3}|[123])_")

_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")

# Parties of 2024. Those of the second set are words as well: alone they say nothing.
_PARTIES = frozenset(
    {
        *("pdip", "golkar", "gerindra", "nasdem", "pkb", "pks", "ppp", "psi", "hanura", "perindo"),
        *("demokrat", "pbb", "pkn", "pdi_perjuangan", "bulan_bintang", "partai_ummat"),
        *("partai_buruh", "partai_garuda", "partai_gelora", "partai_pan"),
    }
)
_ALSO_WORDS = frozenset({"buruh", "pan", "garuda", "gelora", "ummat"})
_CANDIDATES = ("nomor_urut", "no_urut", "pasangan_calon", "candidate_number")


def forbidden_word(text: str) -> str | None:
    """Return the first forbidden word or phrase of a text, or None where it is clean.

    A number of 16 digits (NIK or family card) counts as the word "nik"; it is not repeated.
    """
    if _IDENTITY_NUMBER.search(text):
        return "nik"
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    plain = _PLACE.sub("_", f"_{plain_name(parts)}_").strip("_")
    for word in plain.split("_"):
        if word in _WORDS:
            return word
    wrapped = f"_{plain}_"
    return next((p for p in _PHRASES if f"_{p}_" in wrapped), None)


def party_name(text: str) -> str | None:
    """Return the first name of a party that a text holds, or None; plain words are let pass."""
    wrapped = f"_{plain_name(text)}_"
    return next((name for name in sorted(_PARTIES) if f"_{name}_" in wrapped), None)


def partisan_word(label: str) -> str | None:
    """Return what makes the label of a group of supporters partisan, or None ("Kelompok A").

    Stricter than `forbidden_word`: names of parties that are words as well ("buruh") and numbers
    of candidates count, too.
    """
    wrapped = f"_{plain_name(label)}_"
    found = forbidden_word(label) or party_name(label)
    extra = (*sorted(_ALSO_WORDS), *_CANDIDATES)
    return found or next((word for word in extra if f"_{word}_" in wrapped), None)
