"""Whom a report is about: sure only where there is no doubt, and wide where there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heard.registry import load_procedures
from heard.roster import Holding, Person, Roster
from services.safeguarding.whom import Place, Subject, role_called, whom

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = {
    "lead": ("Imogen Ashdale", "designated_safeguarding_lead"),
    "deputy": ("Callum Wrenfield", "deputy_safeguarding_lead"),
    "manager": ("Tobias Fennimore", "registered_service_manager"),
    "team": ("Saskia Thornbury", "team_manager"),
    "noor": ("Noor Ellingham", "staff"),
    "samantha": ("Samantha Grove", "staff"),
    "will": ("Will Parfitt", "staff"),
    "outside": ("Beatrix Holloway", "external_investigator"),
}
PLACE = Place(
    load_procedures().get("ioi_support"),
    Roster(
        [Person(key, "o", name) for key, (name, _) in NAMES.items()] + [Person("far", "o", "Noor Ellingham")],
        [Holding(key, role, "p", "h") for key, (_, role) in NAMES.items()] + [Holding("far", "staff", "p", "other")],
    ),
    "p", "h", NOW,
)  # fmt: skip


def one(flagged: bool = True, **said: str) -> Subject:
    (subject,) = whom([{"subject": "s1", **said}], "", PLACE, flagged=flagged, by_worker=False)
    return subject


def test_a_full_name_is_that_person_of_that_home_even_misspelt() -> None:
    for name in ("Noor Ellingham", "noor ellinham", "Ms Noor Ellingham"):
        assert (one(name=name).person, one(name=name).identified) == ("noor", True)


def test_a_first_name_alone_identifies_nobody_where_harm_is_told() -> None:
    assert one(name="Noor") == Subject("s1", None, None, False, ("noor",))
    assert one(flagged=False, name="Noor").person == "noor"


def test_a_short_form_could_be_them_and_is_never_sure() -> None:
    assert one(flagged=False, name="Sam") == Subject("s1", None, None, False, ("samantha",))


def test_a_role_with_one_holder_is_that_person() -> None:
    assert one(role="Registered Service Manager").person == "manager"
    assert one(role="registered_service_manager").person == "manager"
    assert one(role="registerd service manager").person == "manager"


def test_loose_words_could_be_everybody_there_but_those_who_only_safeguard_and_outsiders() -> None:
    assert set(one(words="the woman on nights").might_be) == {"manager", "team", "noor", "samantha", "will"}


def test_words_of_rank_could_be_whoever_leads() -> None:
    assert {"manager", "team"} <= set(one(words="the boss").might_be)
    assert "noor" not in one(words="the boss").might_be


def test_words_that_name_the_safeguarding_lead_reach_her_too() -> None:
    assert "lead" in one(words="the designated safeguarding lead herself").might_be
    assert one(words="Imogen, who else").might_be == ("lead",)


def test_a_name_nobody_has_strikes_nobody_and_is_not_identified() -> None:
    assert one(name="Zachary Unknown") == Subject("s1", None, None, False, ())


def test_a_name_in_the_text_counts_where_harm_is_told_and_a_word_that_is_also_a_name_does_not() -> None:
    def said(text: str) -> set[str]:
        return {p for s in whom([], text, PLACE, flagged=True, by_worker=False) for p in s.might_be}

    assert said("saskia hurt my arm") == {"team"}
    assert said("this will hurt and it will not stop") == set()
    assert said("then Will hurt my arm") == {"will"}
    assert whom([], "Saskia forgot the minibus", PLACE, flagged=False, by_worker=False) == ()


def test_harm_by_a_worker_whom_nobody_named_has_a_subject_all_the_same() -> None:
    (subject,) = whom([], "a member of staff slapped me", PLACE, flagged=True, by_worker=True)
    assert not subject.identified
    assert "noor" in subject.might_be
    assert "lead" not in subject.might_be


@pytest.mark.parametrize("said", ["", "somebody", "the tall one"])
def test_what_is_no_role_is_none(said: str) -> None:
    assert role_called(said, PLACE.procedure) is None


def test_a_complaint_about_the_past_of_a_closed_home_may_mean_those_who_worked_there_then() -> None:
    closed = datetime(2026, 11, 1, tzinfo=UTC)
    people = [Person("then", "o", "Noor Ellingham"), Person("after", "o", "Lavinia Courtenshaw")]
    held = [
        Holding("then", "registered_service_manager", "p", "h", until=closed),
        Holding("after", "registered_service_manager", "p", "h", since=closed),
    ]
    roster = Roster(people, held)
    place = Place(PLACE.procedure, roster, "p", "h", NOW, closed)

    def about(**said: str) -> Subject:
        (subject,) = whom([{"subject": "s1", **said}], "", place, flagged=True, by_worker=False)
        return subject

    assert about(name="Noor Ellingham").person == "then"
    assert set(about(role="Registered Service Manager").might_be) == {"then", "after"}
    open_still = Place(PLACE.procedure, roster, "p", "h", NOW)
    assert set(open_still.staff()) == {"after"}


def test_words_read_later_than_they_were_written_may_mean_whoever_works_there_by_then() -> None:
    """The directory knows of some people only since the day on which they were entered in it."""
    before = datetime(2026, 3, 2, 12, tzinfo=UTC)
    held = [Holding("since", "registered_service_manager", "p", "h", since=NOW)]
    roster = Roster([Person("since", "o", "Noor Ellingham")], held)
    place = Place(PLACE.procedure, roster, "p", "h", before, read_at=NOW)
    for said in ({"name": "Noor Ellingham"}, {"role": "Registered Service Manager"}):
        (subject,) = whom([{"subject": "s1", **said}], "", place, flagged=True, by_worker=False)
        assert subject.person == "since"
    assert Place(PLACE.procedure, roster, "p", "h", before).staff() == {}
