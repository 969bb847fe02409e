"""Words that rosters use, and the one word kept for each: agencies, units, ranks, duties.

Ranks after the police order of ranks (tamtama, bintara, perwira) and its army counterpart. Who may
lead a team where a roster does not say is an assumption until a Polres says it: Bripka and above,
Sertu and above in the army.
"""

from __future__ import annotations

from collections.abc import Mapping

from sispamkota.kernel.table import plain_name

AGENCIES: dict[str, tuple[str, ...]] = {
    "polri": ("polisi", "polres", "polsek", "polda", "brimob", "police"),
    "tni": ("tni_ad", "tni_al", "tni_au", "kodim", "koramil", "army", "military"),
    "satpol_pp": ("satpolpp", "pol_pp", "polisi_pamong_praja", "satuan_polisi_pamong_praja"),
    "linmas": ("satlinmas", "hansip", "perlindungan_masyarakat", "petugas_ketertiban"),
    "dishub": ("dinas_perhubungan", "perhubungan", "transport_office"),
    "damkar": ("pemadam_kebakaran", "pemadam", "fire_brigade", "fire"),
    "dinkes": ("dinas_kesehatan", "kesehatan", "puskesmas", "rsud", "health"),
    "bpbd": ("penanggulangan_bencana", "disaster_agency"),
    "other": ("lain", "lainnya", "lain_lain"),
}

UNITS: dict[str, tuple[str, ...]] = {
    "polres": ("mapolres", "mako_polres"),
    "polsek": ("mapolsek",),
    "bko": ("bko_polda", "polda", "bantuan_kendali_operasi", "reinforcement"),
    "brimob": ("sat_brimob", "satbrimob"),
    "kodim": (),
    "koramil": (),
    "pemda": ("pemkab", "pemkot", "kabupaten", "kota", "local_government"),
    "kecamatan": (),
    "desa": ("kelurahan", "desa_kelurahan", "village"),
    "other": ("lain", "lainnya"),
}

DUTIES: dict[str, tuple[str, ...]] = {
    "tps": ("pam_tps", "pengamanan_tps", "guard", "polling_station"),
    "padal": ("perwira_pengendali", "perwira_pengendali_lapangan"),
    "pamatwil": ("perwira_pengamat_wilayah", "pengamat_wilayah"),
    "reserve": ("cadangan", "siaga", "standby"),
    "traffic": ("lantas", "lalu_lintas", "satlantas", "pengaturan_lalu_lintas", "gatur"),
    "staff": ("staf", "mako", "markas", "posko"),
}

TRANSPORT: dict[str, tuple[str, ...]] = {
    "motorcycle": ("motor", "sepeda_motor", "r2", "roda_2", "roda_dua", "motorbike"),
    "car": ("mobil", "r4", "roda_4", "roda_empat", "patroli", "truk", "truck"),
    "boat": ("perahu", "ketek", "speedboat", "kapal", "sampan"),
}

TRAINING_KINDS: dict[str, tuple[str, ...]] = {
    "pam_tps": ("pengamanan_tps", "pelatihan_pam_tps"),
    "latihan_pra_operasi": ("latpraops", "lat_pra_ops", "pra_operasi"),
    "dalmas": ("pengendalian_massa", "crowd_control"),
    "p3k": ("pertolongan_pertama", "first_aid", "pppk"),
    "negosiator": ("negosiasi", "negotiator"),
}

POLRI_RANKS = (
    "bharada", "bharatu", "bharaka", "abripda", "abriptu", "abrip",
    "bripda", "briptu", "brigadir", "bripka", "aipda", "aiptu",
    "ipda", "iptu", "akp", "kompol", "akbp", "kombes",
)  # fmt: skip
TNI_RANKS = (
    "prada", "pratu", "praka", "kopda", "koptu", "kopka",
    "serda", "sertu", "serka", "serma", "pelda", "peltu",
    "letda", "lettu", "kapten", "mayor", "letkol", "kolonel",
)  # fmt: skip
RANKS: dict[str, tuple[str, ...]] = {"polri": POLRI_RANKS, "tni": TNI_RANKS}
_RANK_ALIASES = {
    "brigpol": "brigadir",
    "brigadir_polisi": "brigadir",
    "ajun_komisaris_polisi": "akp",
    "komisaris_polisi": "kompol",
    "kombes_pol": "kombes",
    "kombespol": "kombes",
}
_LEADS_FROM = {"polri": "bripka", "tni": "sertu"}


def find_word(words: Mapping[str, tuple[str, ...]], cell: str) -> str | None:
    """Return the kept word for a cell, or None when the vocabulary does not have it."""
    plain = plain_name(cell)
    if plain in words:
        return plain
    return next((word for word, aliases in words.items() if plain in aliases), None)


def find_rank(agency: str, cell: str) -> str | None:
    """Return the rank of a police or army roster, or None when it is not one.

    Other agencies have no closed list: their rank or grade is kept as written, in plain letters.
    """
    plain = plain_name(cell)
    if agency not in RANKS:
        return plain or None
    rank = _RANK_ALIASES.get(plain, plain)
    return rank if rank in RANKS[agency] else None


def may_lead(agency: str, rank: str | None) -> bool:
    """Say whether a rank leads a team where the roster does not say (an assumption, see above)."""
    if agency not in RANKS or rank is None:
        return False
    order = RANKS[agency]
    return order.index(rank) >= order.index(_LEADS_FROM[agency])
