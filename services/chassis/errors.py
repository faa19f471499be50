"""What can go wrong that somebody can act on, one exception each; the type says whether to try again.

They travel: raised in a service that answers a call, the same exception comes out at the caller's side. ``STATUS`` is
the one table that turns them into HTTP answers.
"""

from __future__ import annotations

from typing import Any, ClassVar


class HeardError(Exception):
    """Something a caller can act on. ``sentence`` may be shown to a person; it carries no names and no narrative."""

    retry: ClassVar[bool] = False
    title: ClassVar[str] = "That did not work"
    carries: ClassVar[tuple[str, ...]] = ("sentence",)
    """The arguments (and attributes) that travel with it from service to service: JSON-able."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence

    def as_json(self) -> dict[str, Any]:
        """The body of a problem answer: title, detail and what else this error knows."""
        return {"title": self.title, "detail": self.sentence}


class NotFound(HeardError):
    """There is no such thing, or it is not for this person to know that there is."""

    title = "Not found"

    def __init__(self, sentence: str = "There is nothing here by that name.") -> None:
        super().__init__(sentence)


class NotAllowed(HeardError):
    """This person may know of the thing, but not do this."""

    title = "Not allowed"


class NotSignedIn(HeardError):
    """Nobody is signed in, or the token is not valid."""

    title = "Please sign in"

    def __init__(self, sentence: str = "Please sign in.") -> None:
        super().__init__(sentence)


class Refused(HeardError):
    """The procedure refuses: ``clause`` says which clause, ``instead`` what may be done instead."""

    title = "The procedure does not allow this"
    carries = ("sentence", "clause", "instead")

    def __init__(self, sentence: str, clause: Any = None, instead: str | None = None) -> None:
        super().__init__(sentence)
        self.clause = clause
        self.instead = instead

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {"clause": self.clause, "instead": self.instead}


class Invalid(HeardError):
    """What was sent does not have the right form: ``fields`` names each field's faults as sentences."""

    title = "Some of this needs another look"
    carries = ("fields", "sentence")

    def __init__(self, fields: dict[str, Any], sentence: str = "Some answers are missing or not understood.") -> None:
        super().__init__(sentence)
        self.fields = fields

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {"fields": self.fields}


class Conflict(HeardError):
    """Somebody else was first: the record is at ``actual``, not at ``expected``."""

    retry = True
    title = "Somebody else changed this first"
    carries = ("expected", "actual", "sentence")

    def __init__(
        self,
        expected: int | None = None,
        actual: int | None = None,
        sentence: str = "This has changed since you looked at it. Look again before you decide.",
    ) -> None:
        super().__init__(sentence)
        self.expected, self.actual = expected, actual

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {"expected": self.expected, "actual": self.actual}


class KeyReused(HeardError):
    """The idempotency key was used before, for something else."""

    title = "This key was used before"

    def __init__(self, sentence: str = "This Idempotency-Key was sent before with different contents.") -> None:
        super().__init__(sentence)


class TooMany(HeardError):
    """Too often in too short a time: try again ``after`` that many seconds."""

    retry = True
    title = "Too many tries"
    carries = ("after", "sentence")

    def __init__(
        self, after: float = 60, sentence: str = "That was tried too often. Please wait a moment and try again."
    ) -> None:
        super().__init__(sentence)
        self.after = max(1, int(after))

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {"retry_after": self.after}


class Unavailable(HeardError):
    """A part of the platform does not answer at the moment; trying again later is right."""

    retry = True
    title = "Not available at the moment"

    def __init__(self, sentence: str = "A part of the service is not answering. Please try again in a moment.") -> None:
        super().__init__(sentence)


class Stale(Unavailable):
    """The copy of who is who is too old to decide with: exclusions fail closed."""

    def __init__(
        self, sentence: str = "Who is who could not be confirmed lately, so nothing is decided by it."
    ) -> None:
        super().__init__(sentence)


class Failed(HeardError):
    """A fault of ours in another service. Its log has the story under the same correlation id."""

    title = "Something went wrong on our side"

    def __init__(self, sentence: str = "Something went wrong on our side. It has been recorded.") -> None:
        super().__init__(sentence)


class Permanent(Exception):
    """Raised by a handler: this fact can never be handled, however often it is tried. It is parked for a person."""


STATUS: dict[type[HeardError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Refused: 409,
    Conflict: 409,
    Invalid: 422,
    KeyReused: 422,
    TooMany: 429,
    Failed: 500,
    Unavailable: 503,
    Stale: 503,
}


def status_of(error: HeardError) -> int:
    """The HTTP status of an error: the table's entry for its nearest class."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
