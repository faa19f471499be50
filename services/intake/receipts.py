"""References and receipt codes: what somebody gets in their hand for having told us.

Pure. A reference is public and says nothing; the code opens what follows. The code is derived from the report's id and
a secret of the installation, so that a retry gives the same answer although no code is kept, only its digest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to misread or to offend with
_MISREAD = str.maketrans("ILOU", "110V")
_CODE_DIGITS = 16


def new_reference() -> str:
    """A public reference nobody can guess or count by: ``H7K2-9QXM-4TBD``."""
    return _grouped("".join(secrets.choice(_LETTERS) for _ in range(12)))


def tidy_reference(said: str) -> str:
    """A reference as stored, however it was typed; what cannot be one becomes something that is nowhere stored."""
    letters = "".join(c for c in said.upper() if c.isalnum()).translate(_MISREAD)[:12]
    return _grouped(letters)


def receipt_code(secret: bytes, report_id: str) -> str:
    """The report's code: 16 digits in groups of four."""
    number = int.from_bytes(hmac.new(secret, report_id.encode(), hashlib.sha256).digest()[:16])
    return _grouped(str(number % 10**_CODE_DIGITS).zfill(_CODE_DIGITS), " ")


def _grouped(text: str, by: str = "-") -> str:
    return by.join(text[n : n + 4] for n in range(0, len(text), 4))
