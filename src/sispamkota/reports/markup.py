"""HTML and SVG as values: what is not already markup is escaped, so that no text is run."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is already markup."""

    __slots__ = ()


def esc(value: object) -> Html:
    """Return `value` as markup, escaped unless it is markup already; None is nothing."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else escape(str(value), quote=True))


def join(*parts: object) -> Html:
    """Set parts one after the other."""
    return Html("".join(esc(part) for part in parts))


def tag(name: str, *children: object, **attributes: object) -> Html:
    """Return an element.

    Attribute names lose a trailing underscore (`class_`) and write others as hyphens
    (`aria_label`). None and False leave an attribute out; True writes it without a value.
    """
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        plain = key.rstrip("_").replace("_", "-")
        written.append(f" {plain}" if value is True else f' {plain}="{esc(value)}"')
    return Html(f"<{name}{''.join(written)}>{join(*children)}</{name}>")
