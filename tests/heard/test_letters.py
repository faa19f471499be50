"""Every message that the procedures call for: there is one for each reader, nothing is missing, and it can be read."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from heard.letter_facts import facts_of, helpers, reader_of
from heard.letter_samples import INVENTED, WHEN, Sample, samples
from heard.reading_age import LIMITS, grade, longest_sentence
from heard.registry import load_procedures
from heard.wording import STANDARD, Unfilled, Wording, names, parted
from services.portal.form_words import WHO

INSTALLED = load_procedures()
EVERY = {key: list(samples(INSTALLED.get(key), INSTALLED.plugin(key).wording)) for key in INSTALLED}


MISSING = re.compile(r"\{\{|\}\}|None|\b[a-z]+_[a-z_]+\b|\.\.|: \.|\?\.|\(\)|  ")


def limit(sample: Sample) -> float:
    return LIMITS[sample.reader]


def test_each_message_has_an_occasion_on_which_it_is_sent_and_the_other_way_round() -> None:
    assert set(WHEN) == set(names())


@pytest.mark.parametrize("key", list(INSTALLED))
def test_no_message_has_words_missing(key: str) -> None:
    for one in EVERY[key]:
        text = one.letter.text
        assert text.strip(), one
        assert not MISSING.search(re.sub(r"https?://\S+", "a page", text)), (one.name, one.about, text)


@pytest.mark.parametrize("key", list(INSTALLED))
def test_each_message_can_be_read_by_whom_it_is_for(key: str) -> None:
    hard = {
        (one.name, one.reader, one.about): round(grade(one.letter.text), 1)
        for one in EVERY[key] if grade(one.letter.text) > limit(one)
    }  # fmt: skip
    assert hard == {}


@pytest.mark.parametrize("key", list(INSTALLED))
def test_no_sentence_to_a_child_is_long(key: str) -> None:
    long = {one.name: longest_sentence(one.letter.text) for one in EVERY[key] if one.reader == "child"}
    assert max(long.values()) <= 28, long


def test_each_message_is_sent_by_some_procedure_but_those_that_none_of_ours_asks_for() -> None:
    sent = {one.name for one in chain.from_iterable(EVERY.values())}
    assert set(names()) - sent == {"complainant/late", "complainant/decided", "complainant/let_go"}


@pytest.mark.parametrize("name", ["complainant/late", "complainant/decided", "complainant/let_go"])
@pytest.mark.parametrize("reader", ["child", "adult", "professional"])
def test_what_only_another_provider_s_procedure_would_send_is_worded_too(name: str, reader: str) -> None:
    procedure = INSTALLED.get("ioi_support")
    kept = {"stage": "stage_1", "duty": "respond", "due": "2026-12-22", "next": "stage_2"}
    facts = facts_of(procedure, "young_person", kept) | INVENTED | {"provider": procedure.name}
    text = Wording().write(name, reader, **facts).text
    assert grade(text) <= LIMITS[reader]


def test_a_message_whose_gap_nobody_fills_is_never_sent() -> None:
    with pytest.raises(Unfilled):
        Wording().write("staff/letter", reference="H7K2")


@pytest.mark.parametrize("name", [one for one in STANDARD if not one.startswith("help/")])
def test_no_subject_carries_a_fact_or_the_nature_of_the_matter(name: str) -> None:
    subject, _ = parted(STANDARD[name])
    assert subject and "{" not in subject
    assert not re.search(r"complain|safeguard|abuse|allegation|child|young", subject, re.I)


@pytest.mark.parametrize("name", ["text/notice", "text/receipt", "text/fresh_code", "text/staff", "text/alert"])
def test_a_text_fits_on_a_telephone_and_tells_whoever_holds_it_nothing(name: str) -> None:
    text = Wording().write(name, **INVENTED, provider="Acme House").text
    assert len(text) <= (160 if name != "text/alert" else 2 * 153 - 100)  # whose link is longer than this one
    assert not re.search(r"complain|safeguard|abuse|report|child|Harbour|Acme|H7K2", text)


def test_what_a_child_is_sent_by_e_mail_says_nothing_of_the_matter_in_its_first_lines() -> None:
    for name in ("complainant/receipt", "complainant/fresh_code", "complainant/notice"):
        letter = Wording().write(name, "child", **_facts("ioi_support", "young_person"))
        seen = f"{letter.subject} {letter.text[:140]}"  # what a list of messages shows
        assert not re.search(r"complain|report|safe from|abuse|Ioi|Harbour", seen), seen


def test_a_child_hears_of_childline_first_then_of_an_advocate_then_of_others() -> None:
    text = Wording().write("complainant/receipt", "child", **_facts("ioi_support", "young_person")).text
    order = [text.index(word) for word in ("Childline", "Coram Voice", "Help at Hand", "NSPCC", "Citizens Advice")]
    assert order == sorted(order)


def test_a_professional_is_not_sent_to_a_helpline_for_children() -> None:
    text = Wording().write("complainant/receipt", "professional", **_facts("ioi_support", "social_worker")).text
    assert "Childline" not in text and "referral that is yours" in text


def test_whoever_may_complain_is_written_to_in_one_of_three_ways() -> None:
    found = {word: reader_of(word) for word in WHO}
    assert found["young_person"] == "child" and found["parent"] == found["neighbour"] == "adult"
    assert found["social_worker"] == found["referrer"] == "professional"


def test_an_advocate_for_children_alone_is_not_offered_to_a_neighbour() -> None:
    procedure = INSTALLED.get("example_provider")
    assert helpers(procedure, "young_person")["advocates"]
    assert not helpers(procedure, "public")["advocates"]


def _facts(key: str, complainant: str) -> dict[str, object]:
    procedure = INSTALLED.get(key)
    return facts_of(procedure, complainant, {}) | INVENTED | {"provider": procedure.name}
