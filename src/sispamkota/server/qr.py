"""A QR code as SVG, for the screen that hands over a second factor."""

from __future__ import annotations

import segno


def qr_svg(text: str) -> str:
    """Return an inline SVG of the text's QR code."""
    return str(segno.make(text, micro=False).svg_inline(scale=4, border=4, light="#fff"))
