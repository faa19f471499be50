"""Every fact that the services tell each other: who says it, who hears it, and how urgent it is.

A fact is past tense, carries ids and codes instead of a child's words, and has a version: fields are only ever added.
Words travel sealed (an *envelope*) to the services that may open them. The form of each fact stands in ``heard.facts``,
by the service that says it. The queues of the whole platform are made from ``FACTS``; a test holds this table against
the handlers that the services really have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from heard.facts import directory, intake, notifications, safeguarding, workflow
from heard.facts.parts import Form


@dataclass(frozen=True, slots=True)
class FactKind:
    """One sort of fact: its name, who publishes it, who hears it, its schema and the schema's version."""

    name: str
    publisher: str
    heard_by: tuple[str, ...]
    schema: type[Form]
    version: int = 1
    urgent: bool = False
    alarm: bool = False
    """It stands on the way from something worrying to somebody's telephone: it leaves before everything else."""
    first: tuple[str, ...] = ()
    """Who hears those of them that their publisher calls alarming first, on a queue where nothing else stands."""

    @property
    def meaning(self) -> str:
        """The first sentence of the schema's docstring."""
        return (self.schema.__doc__ or "").strip().splitlines()[0]


_EVERYONE = ("intake", "safeguarding", "workflow", "notifications", "reporting")

FACTS: dict[str, FactKind] = {
    kind.name: kind
    for kind in (
        FactKind("directory_changed", "directory", _EVERYONE, directory.DirectoryChanged),
        FactKind("directory_confirmed", "directory", _EVERYONE, directory.DirectoryConfirmed),
        FactKind("sign_in_link_made", "directory", ("notifications",), directory.SignInLinkMade),
        FactKind("sign_in_changed", "directory", ("notifications",), directory.SignInChanged),
        FactKind(
            "complaint_received",
            "intake",
            ("safeguarding", "workflow", "notifications"),
            intake.ComplaintReceived,
            urgent=True,
            first=("safeguarding",),
        ),
        FactKind("past_complaint_told", "intake", ("safeguarding", "workflow"), intake.PastComplaintTold),
        FactKind("words_received", "intake", ("safeguarding", "workflow"), intake.WordsReceived, urgent=True),
        FactKind("mail_returned", "intake", ("notifications",), intake.MailReturned, urgent=True),
        FactKind("fresh_code_made", "intake", ("notifications",), intake.FreshCodeMade),
        FactKind("ladder_paged", "intake", ("safeguarding",), intake.LadderPaged, urgent=True),
        FactKind(
            "report_screened",
            "safeguarding",
            ("intake", "workflow", "reporting"),
            safeguarding.ReportScreened,
            urgent=True,
        ),
        FactKind("note_raised", "safeguarding", ("intake",), safeguarding.NoteRaised, urgent=True, alarm=True),
        FactKind(
            "ladder_called",
            "safeguarding",
            ("notifications", "intake"),
            safeguarding.LadderCalled,
            urgent=True,
            alarm=True,
        ),
        FactKind("safeguarding_advanced", "safeguarding", ("workflow", "reporting"), safeguarding.SafeguardingAdvanced),
        FactKind("form_handed_over", "safeguarding", ("notifications",), safeguarding.FormHandedOver, urgent=True),
        FactKind("case_advanced", "workflow", ("notifications", "reporting"), workflow.CaseAdvanced),
        FactKind("concern_raised", "workflow", ("safeguarding",), workflow.ConcernRaised, urgent=True, alarm=True),
        FactKind("words_written", "workflow", ("safeguarding",), workflow.WordsWritten, urgent=True),
        FactKind("standing_note_written", "workflow", ("safeguarding",), workflow.StandingNoteWritten, urgent=True),
        FactKind("standing_duty_reminded", "workflow", ("notifications",), workflow.StandingDutyReminded),
        FactKind("case_opened", "workflow", ("safeguarding",), workflow.CaseOpened),
        FactKind("stage_opened", "workflow", ("safeguarding",), workflow.StageOpened),
        FactKind("message_sent", "notifications", ("workflow",), notifications.MessageSent),
        FactKind("message_failed", "notifications", ("workflow",), notifications.MessageFailed),
        FactKind("call_sent", "notifications", ("safeguarding", "intake"), notifications.CallSent),
        FactKind("call_failed", "notifications", ("safeguarding",), notifications.CallFailed, urgent=True, alarm=True),
        FactKind("form_delivered", "notifications", ("safeguarding",), notifications.FormDelivered),
        FactKind("form_failed", "notifications", ("safeguarding",), notifications.FormFailed, urgent=True),
    )
}

_SCHEMAS: dict[str, Form] = {name: kind.schema() for name, kind in FACTS.items()}


class UnknownFact(LookupError):
    """Nobody publishes a fact of this name."""


class MalformedFact(ValueError):
    """A fact does not have the form that its schema promises; ``faults`` names each field."""

    def __init__(self, name: str, faults: Any) -> None:
        super().__init__(f"{name}: {faults}")
        self.faults = faults


def check_fact(name: str, body: dict[str, Any]) -> None:
    """Raise ``MalformedFact`` unless ``body`` (JSON-able) has the form of the fact called ``name``."""
    try:
        faults = _SCHEMAS[name].validate(body)
    except KeyError:
        raise UnknownFact(f"no fact is called {name!r}; there are: {', '.join(FACTS)}") from None
    except ValidationError as fault:  # a schema-wide check
        raise MalformedFact(name, fault.messages) from fault
    if faults:
        raise MalformedFact(name, faults)


def read_fact(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the listener uses it: moments parsed, absent fields filled, fields of a later version left out."""
    try:
        loaded: dict[str, Any] = _SCHEMAS[name].load(body)
    except KeyError:
        raise UnknownFact(f"no fact is called {name!r}; there are: {', '.join(FACTS)}") from None
    except ValidationError as fault:
        raise MalformedFact(name, fault.messages) from fault
    return loaded
