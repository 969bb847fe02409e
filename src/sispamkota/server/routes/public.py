"""The public page, for everybody: find a TPS, call for help, hear of closed roads."""

from __future__ import annotations

from litestar import MediaType, get

from sispamkota.actions.public import LONGEST_QUERY, public_facts
from sispamkota.kernel.text import Lang
from sispamkota.server.answers import Answer, Asked, sent
from sispamkota.server.memory import pack
from sispamkota.server.near import house_of
from sispamkota.server.public_page import public_page
from sispamkota.server.rules import PUBLIC, rule

# No script, no request to anywhere, forms to this server alone.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}


@get("/", opt=rule(PUBLIC), sync_to_thread=True, include_in_schema=False)
def indonesian(request: Asked) -> Answer:
    """Return the page in Indonesian."""
    return _page(request, "id")


@get("/en", opt=rule(PUBLIC), sync_to_thread=True, include_in_schema=False)
def english(request: Asked) -> Answer:
    """Return the page in English."""
    return _page(request, "en")


def _page(request: Asked, lang: Lang) -> Answer:
    house = house_of(request)
    facts = house.remember("public facts", lambda: public_facts(house.workspace))
    query = " ".join(str(request.query_params.get("q", "")).split())[:LONGEST_QUERY]
    code = str(request.query_params.get("desa", ""))[:10]
    now = house.clock()
    if query or code:
        body = pack(public_page(facts, lang, query, code, now).encode())
    else:
        # a road closes and opens with the clock, without anybody changing anything
        states = "".join(c.state(now)[:2] for c in facts.closures)
        body = house.remember(
            f"public {lang} {states}", lambda: pack(public_page(facts, lang, "", "", now).encode())
        )
    return sent(request, body, MediaType.HTML, HEADERS)


ROUTES = (indonesian, english)
