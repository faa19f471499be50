"""Letters on paper: for whoever complained to keep, for a named person to post, and for nobody else."""

from __future__ import annotations

import pytest

from services.chassis.errors import NotFound
from services.notifications import hearing, posting, showing
from tests.directory.neighbours import Neighbours, person
from tests.notifications.post_office import (
    CASE,
    HANDLER,
    SUBJECT,
    WORDS,
    PostOffice,
    answered,
    outbox,
    received,
    told,
)


def test_a_letter_can_be_kept_as_a_sheet_by_whoever_it_was_written_to(live: Neighbours) -> None:
    answered(live)
    (letter,) = showing.letters(live.house, CASE)
    page = showing.sheet_for(live.house, CASE, letter["id"])
    assert WORDS in page and '<html lang="en-GB">' in page and "Childline" in page
    with pytest.raises(NotFound):
        showing.sheet_for(live.house, "d" * 32, letter["id"])


def test_a_sheet_is_walled_like_the_message_itself(live: Neighbours) -> None:
    answered(live)
    (letter,) = showing.letters(live.house, CASE)
    sheet = showing.sheet(live.house, HANDLER, letter["id"])
    assert WORDS in sheet["html"] and sheet["case_id"] == CASE
    for nobody in (SUBJECT, person("hollis-underbridge", "northgate-council-care")):
        with pytest.raises(NotFound):
            showing.sheet(live.house, nobody, letter["id"])


def test_the_letters_of_a_case_are_listed_for_who_sees_them_and_no_reminder_is_among_them(live: Neighbours) -> None:
    answered(live)
    found = showing.papers(live.house, HANDLER, CASE)
    (letter,) = showing.letters(live.house, CASE)
    assert (letter["id"], "the complainant") in [(one["id"], one["to"]) for one in found]
    assert len(outbox(live, HANDLER)) > len(found), "what calls the handler to the case is no paper of it"
    for nobody in (SUBJECT, person("hollis-underbridge", "northgate-council-care")):
        assert showing.papers(live.house, nobody, CASE) == []


def test_a_letter_to_somebody_whom_only_a_person_can_reach_becomes_a_named_persons_task(live: Neighbours) -> None:
    answered(live, safe_contact="Please post it to my aunt, 4 Mill Lane")
    (letter,) = showing.letters(live.house, CASE)
    tasks = [one for one in outbox(live, HANDLER) if "print" in one["subject"]]
    assert len(tasks) == 1 and f"/outgoing/{letter['id']}.pdf" in tasks[0]["text"]
    assert "Mill Lane" not in str(tasks) and "aunt" not in str(told(live))


def test_nobody_is_asked_to_post_what_an_e_mail_could_announce(live: Neighbours) -> None:
    answered(live)
    assert not [one for one in outbox(live, HANDLER) if "print" in one["subject"]]


def test_a_letter_s_e_mail_is_plain_and_html_from_the_same_words_and_fetches_nothing(live: Neighbours) -> None:
    live.hear(hearing.complaints_received, "complaint_received", received(live))
    office = PostOffice(live)
    posting.send_due(live.house, office)
    (mail,) = office.taken
    assert mail.html and "Childline" in mail.html and "Childline" in mail.body
    assert "<img" not in mail.html and "src=" not in mail.html and "url(" not in mail.html
