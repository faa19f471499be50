"""What somebody said: signed when it was said aloud, and shared in a young person's name only when they agree."""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Actor, actions
from heard.procedure import Procedure
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER = "registered_service_manager"


@pytest.mark.parametrize(
    ("channel", "formality", "owed"),
    [
        ("telephone", "formal", True),
        ("in_person", "formal", True),
        ("email", "formal", False),
        ("telephone", "informal", False),
    ],
)
@pytest.mark.clause("IOI-10")
def test_what_was_said_aloud_is_signed(procedure: Procedure, channel: str, formality: str, owed: bool) -> None:
    trial = Trial(procedure, FRIDAY, channel=channel, formality=formality)
    trial.do("record", MANAGER, "2026-12-18 18:00")
    assert trial.owes("sign_verbal") is owed
    if owed:
        line = trial.line("sign_verbal")
        assert (line.by, line.to, str(line.due), line.strength) == (
            ("receiver",), ("complainant",), "2026-12-22", "aim",
        )  # fmt: skip
        assert trial.do("record", MANAGER, event="record_agreed").line("sign_verbal").status == "met"


@pytest.mark.clause("IOI-13")
def test_a_young_person_who_speaks_for_themselves_is_not_asked_for_consent(procedure: Procedure) -> None:
    assert not Trial(procedure, FRIDAY).owes("ask_consent")
    assert not Trial(procedure, FRIDAY, complainant="public", about_a_child=False).owes("ask_consent")
    assert Trial(procedure, FRIDAY, complainant="public").owes("ask_consent")


@pytest.mark.clause("IOI-13")
def test_that_nobody_has_asked_yet_is_no_answer_and_the_question_is_put_once(procedure: Procedure) -> None:
    def offered(trial: Trial) -> list[str]:
        actor = Actor(MANAGER, trial.roster.roles_of(MANAGER, trial.now))
        these = actions(trial.state, actor, trial.now, trial.calendars, trial.roster)
        return [one.label for one in these if one.name == "answer_consent" and one.allowed]

    trial = Trial(procedure, FRIDAY, complainant="parent").do("answer_consent", MANAGER, answer="pending")
    assert trial.line("ask_consent").status == "running"
    assert offered(trial) == ["Ask the young person whether they agree to the complaint being made for them"]
    trial.do("answer_consent", MANAGER, answer="refused")
    assert trial.line("ask_consent").status == "met"
    assert offered(trial) == ["Record that consent has changed: young person"]


@pytest.mark.clause("IOI-13", "IOI-16")
def test_what_the_young_person_said_is_shared_only_when_they_agree_or_somebody_must_be_kept_safe(
    procedure: Procedure,
) -> None:
    share: dict[str, Any] = {"event": "child_information_shared"}
    for answer in ("refused", "pending"):
        trial = Trial(procedure, FRIDAY, complainant="parent").do("answer_consent", MANAGER, answer=answer)
        assert trial.refused("record", MANAGER, **share).clause == ("IOI-13", "IOI-16")
        assert trial.refused("record", MANAGER, **share, basis="because it is easier")
    for basis in ("safeguarding", "best interests", "legal duty"):
        assert Trial(procedure, FRIDAY, complainant="parent").do("record", MANAGER, **share, basis=basis)
    agreed = Trial(procedure, FRIDAY, complainant="parent").do("answer_consent", MANAGER, answer="given")
    assert agreed.do("record", MANAGER, **share)
