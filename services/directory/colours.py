"""A provider's colour: taken only when white words on it can be read.

It stands behind the name on top of the pages of the provider's homes, and round their posters. Pure.
"""

from __future__ import annotations

import re

from marshmallow import ValidationError

_READABLE = 4.5
"""How much lighter the words must be than what is behind them (WCAG 2.2, success criterion 1.4.3)."""


def readable(colour: str) -> None:
    """Raise `ValidationError` unless it is a colour as designers write it, dark enough for white words."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValidationError("Write # and six digits or letters from a to f, like #0b5563.")
    found = contrast_with_white(colour)
    if found < _READABLE:
        raise ValidationError(
            f"White words on it cannot be read well: a contrast of {found:.1f} to 1, and it takes {_READABLE} to 1. "
            "Choose a darker one."
        )


def contrast_with_white(colour: str) -> float:
    """From 1 (white) to 21 (black), as WCAG 2.2 defines it, for a colour like ``#0b5563``."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
