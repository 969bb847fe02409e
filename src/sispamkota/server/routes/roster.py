"""The roster: people by opaque id, their training, and changes in the name of who made them."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get, patch
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from sispamkota.access.rights import Right
from sispamkota.actions.roster_edit import edit_person
from sispamkota.actions.roster_view import coverage_view, roster_view
from sispamkota.server.answers import Answer, Asked, answer, fresh
from sispamkota.server.near import asked_lang, asker_of, house_of, viewer_for
from sispamkota.server.record import note
from sispamkota.server.rules import rule

Word = Annotated[str, Meta(max_length=100)]


class PersonChange(Struct, forbid_unknown_fields=True):
    """What is different of a person from now on, and why."""

    reason: Annotated[str, Meta(max_length=1000)]
    available: bool | UnsetType = UNSET
    duty: Word | UnsetType = UNSET
    home_post: Word | UnsetType = UNSET
    leader: bool | UnsetType = UNSET
    transport: Annotated[list[Word], Meta(max_length=10)] | Word | UnsetType = UNSET


@get("/api/roster", opt=rule(Right.ROSTER_READ), sync_to_thread=True)
def roster(request: Asked) -> Answer:
    """Return the roster; that it was read is noted."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)
    viewer.require_area(None)
    note(house, request, asker_of(request).account, "roster.read")
    return answer(request, house, viewer, lambda: roster_view(house.workspace, lang))


@patch("/api/roster/{person:str}", opt=rule(Right.ROSTER_WRITE), sync_to_thread=True)
def change(request: Asked, person: FromPath[str], data: JSONBody[PersonChange]) -> Answer:
    """Change one person: a new row beside the old one, held to the rules of an import."""
    house, asker = house_of(request), asker_of(request)
    asker.viewer.require_area(None)
    given = {name: getattr(data, name) for name in data.__struct_fields__ if name != "reason"}
    changes = {name: value for name, value in given.items() if value is not UNSET}
    made = edit_person(
        house.workspace,
        person,
        changes,
        by=asker.account.person,
        reason=data.reason,
        now=house.clock(),
    )
    detail = {"before": dict(made.before), "after": dict(made.after), "reason": made.reason}
    note(house, request, asker.account, "roster.change", person, detail)
    return fresh(request, made.as_json(asked_lang(request)))


@get("/api/roster/coverage", opt=rule(Right.ROSTER_READ), sync_to_thread=True)
def coverage(request: Asked, by: FromQuery[Literal["force", "post", "team"]] = "force") -> Answer:
    """Return who is trained, per force, home post or team of the newest plan."""
    house, viewer, lang = house_of(request), viewer_for(request), asked_lang(request)
    viewer.require_area(None)
    return answer(request, house, viewer, lambda: coverage_view(house.workspace, by, lang))


ROUTES = (roster, change, coverage)
