"""What is said where the closures of a plan cannot be ordered or lifted."""

from __future__ import annotations

from collections.abc import Sequence

from sispamkota.actions.closure_records import StandingClosure
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text


def not_approved(plan: str, state: str) -> DomainError:
    """Return: roads are closed for an approved plan alone."""
    return DomainError(
        "plan_not_approved",
        Text(
            f"rencana {plan} belum disahkan atau sudah digantikan (status: {state})",
            f"plan {plan} is not approved, or no longer (state: {state})",
        ),
        Text(
            "Telaah dan sahkan rencananya dulu, atau pilih versi yang disahkan.",
            "Review and approve the plan first, or choose the version that is approved.",
        ),
        {"plan": plan, "state": state},
    )


def file_changed(plan: str) -> DomainError:
    """Return: the file is not the one that was approved."""
    return DomainError(
        "plan_file_changed",
        Text(
            f"berkas rencana {plan} berubah sejak disahkan",
            f"the file of plan {plan} changed since it was approved",
        ),
        Text("Susun ulang rencana dan sahkan.", "Make the plan anew and approve it."),
        {"plan": plan},
    )


def other_roads(plan: str, as_of: str) -> DomainError:
    """Return: the roads of today are not those of the plan."""
    return DomainError(
        "plan_on_other_roads",
        Text(
            f"rencana {plan} dibuat pada jaringan jalan lain (per {as_of})",
            f"plan {plan} was made on another road network (as of {as_of})",
        ),
        Text(
            "Susun ulang pada jaringan sekarang, atau batalkan impor jalan yang baru.",
            "Plan anew on the roads of today, or undo the newer import of roads.",
        ),
        {"plan": plan},
    )


def event_withdrawn(plan: str, event: str, name: str) -> DomainError:
    """Return: an event of the plan does not take place."""
    return DomainError(
        "event_withdrawn",
        Text(
            f"kegiatan '{name}' dari rencana {plan} sudah ditarik",
            f"event '{name}' of plan {plan} was withdrawn",
        ),
        Text(
            "Susun rencana untuk kegiatan yang masih ada.",
            "Plan for the events that still take place.",
        ),
        {"plan": plan, "event": event},
    )


def nothing_to_order(plan: str, made: Sequence[str]) -> DomainError:
    """Return: all of it stands already, or is over."""
    listed = ", ".join(made[:10]) or "-"
    return DomainError(
        "nothing_to_order",
        Text(
            f"semua penutupan rencana {plan} sudah diperintahkan atau sudah lewat",
            f"all closures of plan {plan} are ordered already or are over",
        ),
        Text(f"Yang sudah ada: {listed}.", f"There are: {listed}."),
        {"plan": plan, "closures": list(made)},
    )


def unknown_order(order: str, standing: Sequence[str]) -> DomainError:
    """Return: nothing was closed by that name."""
    listed = ", ".join(standing[-10:]) or "-"
    return DomainError(
        "unknown_order",
        Text(
            f"tidak ada penutupan dari perintah atau rencana '{order[:100]}'",
            f"nothing was closed by an order or plan '{order[:100]}'",
        ),
        Text(f"Perintah yang berlaku: {listed}.", f"Orders that stand: {listed}."),
        {"order": order[:100]},
    )


def order_lifted(order: str, last: StandingClosure) -> DomainError:
    """Return: all of it is open again."""
    who = last.lifted.person if last.lifted else "-"
    return DomainError(
        "order_lifted",
        Text(
            f"semua penutupan dari {order} sudah dibuka oleh {who}",
            f"all closures of {order} were lifted already by {who}",
        ),
        Text("Tidak ada yang perlu dibuka.", "There is nothing to lift."),
        {"order": order},
    )
