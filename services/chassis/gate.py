"""The gate: the one place that lets anything leave the platform, whichever way it goes.

E-mails (`post`), text messages (`texting`) and what the operator's own system is told all ask here
first. A trial installation lets nothing out; a live one lets messages out to verified contacts only. tests/agreement
holds that nothing else in the platform can reach the outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.chassis.errors import Unavailable
from services.chassis.settings import Settings


class Undeliverable(Exception):
    """This message cannot reach this address, however often it is tried. ``why`` is a code, never an address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Busy(Unavailable):
    """Try again, and not before ``after`` seconds where the other side said so."""

    def __init__(self, sentence: str, after: float | None = None) -> None:
        super().__init__(sentence)
        self.after = after


@dataclass(frozen=True, slots=True)
class Handed:
    """By which channel a message went ("trial": it was kept, and nothing left), and what the other side calls it."""

    channel: str
    reference: str = ""


def may_leave(settings: Settings, *, verified: bool) -> bool:
    """Whether a message may go out: never from a trial. Raises ``Undeliverable`` for a contact nobody has verified."""
    if not settings.live:
        return False
    if not verified:
        raise Undeliverable("unverified_contact")
    return True
