"""An officer's class beside the computed one; the settings of the operation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct, field

from sispamkota.access.rights import Right
from sispamkota.actions.override import override_class
from sispamkota.actions.settings import change_settings
from sispamkota.server.answers import Answer, Asked, fresh
from sispamkota.server.near import asker_of, house_of
from sispamkota.server.record import note
from sispamkota.server.routes.territory import operation_body
from sispamkota.server.rules import rule


class Override(Struct, forbid_unknown_fields=True):
    """A named officer's class of a TPS; null withdraws the earlier one."""

    tps: Annotated[str, Meta(min_length=1, max_length=20)]
    class_: Literal["kurang_rawan", "rawan", "sangat_rawan"] | None = field(name="class")
    reason: Annotated[str, Meta(max_length=1000)]


@post("/api/overrides", opt=rule(Right.OVERRIDE_WRITE), sync_to_thread=True, status_code=200)
def override(request: Asked, data: JSONBody[Override]) -> Answer:
    """Keep the signed-in officer's decision on a TPS; the computed class stays beside it."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(data.tps)
    made = override_class(
        house.workspace,
        data.tps,
        data.class_,
        by=asker.account.person,
        reason=data.reason,
        now=house.clock(),
    )
    note(house, request, asker.account, "override", data.tps,
         {"class": data.class_, "reason": made["reason"]})  # fmt: skip
    return fresh(request, made)


@put("/api/settings", opt=rule(Right.SETTINGS_WRITE), sync_to_thread=True)
def settings(request: Asked, data: JSONBody[dict[str, Any]]) -> Answer:
    """Change doctrine and planning settings in the workspace's file; returns the operation."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    changed = change_settings(house.workspace, data)
    note(house, request, asker.account, "settings.change", "", changed)
    return fresh(request, {**operation_body(request), "changed": changed})


ROUTES = (override, settings)
