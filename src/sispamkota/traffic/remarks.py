"""What a traffic plan says in words: what it leaves undone, and what it takes for granted."""

from __future__ import annotations

from collections.abc import Sequence

from sispamkota.kernel.text import Text, number
from sispamkota.traffic.approaches import Coming
from sispamkota.traffic.closing_plan import Closings
from sispamkota.traffic.corridors import Corridor, Scene
from sispamkota.traffic.duties import Duties
from sispamkota.traffic.hours import Hour
from sispamkota.traffic.rules import Kind
from sispamkota.traffic.ways import segment_metres

LONG_M = 1500.0
ONE_UNIT = 1.0


def remarks(
    closings: Closings, lost: Sequence[Coming], hours: Sequence[Hour], duties: Duties
) -> list[Text]:
    """Say what the plan does not do."""
    found = [*closings.remarks, *(_cannot_come(coming) for coming in lost)]
    for hour in hours:
        cut = hour.after.unroutable - hour.before.unroutable
        if cut >= ONE_UNIT:
            found.append(
                Text(
                    f"{hour.event}: {number(cut, 'id')} smp/jam tidak punya jalan selama ditutup.",
                    f"{hour.event}: {number(cut, 'en')} pcu/h have no way while roads are closed.",
                )
            )
    unserved = sum(max(0, d.officers - len(d.assigned)) for d in duties.duties)
    if unserved:
        found.append(
            Text(
                f"{unserved} tempat tugas belum terisi: petugas lantas kurang atau belum diimpor.",
                f"{unserved} places on duty are not filled: too few traffic officers, or none "
                "imported.",
            )
        )
    dropped = len(duties.wanted.duties) - len(duties.chosen.duties)
    if dropped > 0:
        found.append(
            Text(
                f"{dropped} simpang yang layak dijaga ditinggalkan karena petugas kurang.",
                f"{dropped} junctions worth a post are left out for lack of officers.",
            )
        )
    return found


def _cannot_come(coming: Coming) -> Text:
    return Text(
        f"{coming.group.label}: tidak ada jalan terbuka ke lokasi; atur jalan kaki atau titik "
        "kumpul lain.",
        f"{coming.group.label}: no open road to the place; have it walk or gather elsewhere.",
    )


def corridor_reason(corridor: Corridor, kind: Kind) -> Text:
    """Say how a corridor was proved."""
    if corridor.open_s > kind.corridor_s:
        return Text(
            "Rumah sakit lebih jauh dari batas walau jalan terbuka; penutupan tidak menambah lebih "
            "dari kelonggaran.",
            "The hospital is further than the limit even with open roads; closures add no more "
            "than the allowance.",
        )
    if corridor.walk_m > 0:
        return Text(
            f"Ambulans berhenti di tepi massa; {corridor.walk_m:.0f} m terakhir dengan tandu.",
            f"The ambulance stops at the edge of the crowd; the last {corridor.walk_m:.0f} m by "
            "stretcher.",
        )
    return Text("Ambulans sampai di lokasi.", "The ambulance reaches the place.")


def assumptions(scene: Scene, *, counted: bool) -> list[Text]:
    """Say what the plan takes for granted."""
    rules, network = scene.rules, scene.ways.network
    found = [
        Text(
            f"Waktu tempuh ruas bertambah menurut BPR (b {rules.links.b:g}, pangkat "
            f"{rules.links.power:g}); kapasitas menurut kelas jalan, asumsi.",
            f"Travel time grows by BPR (b {rules.links.b:g}, power {rules.links.power:g}); "
            "capacity by class of road, assumed.",
        ),
        Text(
            "Kerumunan menutup jalan bagi ambulans; penutupan lain meloloskannya bila disebut.",
            "A crowd bars the road to ambulances; other closures let them through where stated.",
        ),
        Text(
            "Jumlah petugas per pos dan waktu persiapan menurut jenis kegiatan, asumsi sampai "
            "Polres menetapkannya.",
            "Officers per post and set-up times by kind of event: assumed until set.",
        ),
        Text(
            "Pembagian arus alihan per jenis kendaraan mengikuti komposisi yang diasumsikan.",
            "Diverted flow is split over classes of vehicle by an assumed share.",
        ),
    ]
    if not counted:
        found.append(
            Text(
                "Perjalanan warga diperkirakan dari jumlah orang per desa, bukan hitungan.",
                "Trips of residents are estimated from people per desa, not counted on roads.",
            )
        )
    if network.estimated:
        found.append(
            Text(
                "Jaringan jalan adalah pengganti: garis lurus antardesa; bukan jalan sebenarnya.",
                "The road network is a stand-in: straight lines between desa, not real roads.",
            )
        )
    metres = segment_metres(network)
    longest = max((float(metres[network.segment[p.at.arc[0]]]) for p in scene.placed), default=0.0)
    if longest > LONG_M:
        found.append(
            Text(
                "Ruas di depan lokasi panjang; penutupan di lapangan cukup di sekitar massa.",
                "The piece of road before the place is long; in the field the part around the "
                "crowd is enough.",
            )
        )
    if any(h.approximate for h in scene.hospitals):
        found.append(
            Text(
                "Posisi rumah sakit adalah perkiraan, belum disurvei.",
                "Positions of hospitals are approximate, not surveyed.",
            )
        )
    return found
