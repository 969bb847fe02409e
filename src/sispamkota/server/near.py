"""What every route needs at hand: the house, who asks, the language."""

from __future__ import annotations

from typing import cast

from sispamkota.access.viewer import Viewer
from sispamkota.kernel.text import Lang
from sispamkota.server.answers import Asked
from sispamkota.server.asked import lang_of
from sispamkota.server.guard import Asker
from sispamkota.server.house import House


def house_of(request: Asked) -> House:
    """Return the house."""
    return cast("House", request.app.state.house)


def asker_of(request: Asked) -> Asker:
    """Return who asks; only on routes that are not public."""
    return cast("Asker", request.scope["state"]["asker"])


def viewer_for(request: Asked) -> Viewer:
    """Return the viewer whose rights and areas decide what is shown."""
    return asker_of(request).viewer


def asked_lang(request: Asked) -> Lang:
    """Return the language of the answer."""
    return lang_of(request.scope)
