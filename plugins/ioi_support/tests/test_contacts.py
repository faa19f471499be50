"""The bodies outside: their numbers and addresses as the text gives them, and when each may be turned to.

What is missing in the text is said to be missing; where its line breaks split a number, the number is written whole.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.turning_to import offered_when

HANTS = "https://www.hants.gov.uk/socialcareandhealth/childrenandfamilies/safeguardingchildren/allegations#step-3"


@pytest.mark.parametrize(
    ("clause", "key", "is_", "phones", "reached_at"),
    [
        ("IOI-31", "emergency", "police", [("999", "immediate danger"), ("101", "not an emergency")], {}),
        (("IOI-30", "IOI-56"), "lado", "lado", ["01962 876364"], {
            "email": "child.protection@hants.gov.uk", "area": "Hampshire", "their_form": "LADO notification form",
            "web": HANTS}),
        ("IOI-56", "safeguarding_partnership", "safeguarding_partnership", ["01962 876355"], {
            "email": "hscp@hants.gov.uk", "area": "Hampshire", "web": "https://www.hampshirescp.org.uk"}),
        ("IOI-54", "ombudsman", "ombudsman", ["0300 061 0614"], {
            "address": "PO Box 4771, Coventry CV4 0EH", "web": "https://www.lgo.org.uk/make-a-complaint",
            "through": "placing_authority"}),
        ("IOI-55", "ofsted", "ofsted", ["0300 123 1231"], {}),
        ("IOI-55", "ofsted_whistleblowing", "whistleblowing", ["0300 123 3155"], {
            "email": "whistleblowing@ofsted.gov.uk",
            "address": "WBHL, Ofsted, Piccadilly Gate, Store Street, Manchester M1 2WD"}),
        ("IOI-57", "nspcc", "helpline", ["0808 800 5000", ("0800 028 0285", "whistleblowing advice")], {
            "address": "Weston House, 42 Curtain Road, London EC2A 3NH", "web": "https://www.nspcc.org.uk"}),
        ("IOI-57", "childrens_commissioner", "commissioner", ["0800 528 0731"], {
            "email": "help.team@childrenscommissioner.gov.uk", "web": "https://www.childrenscommissioner.gov.uk",
            "address": "Sanctuary Buildings, 20 Great Smith Street, London SW1P 3BT"}),
        ("IOI-57", "coram_voice", "advocacy", [("0808 800 5792", "an advocate"), "020 7833 5792"], {
            "sms": "07758 670369", "email": "info@coramvoice.org.uk", "web": "https://www.coramvoice.org.uk",
            "address": "Coram Campus, 41 Brunswick Square, London WC1N 1AZ"}),
        ("IOI-57", "citizens_advice", "helpline", ["0808 278 7861"], {
            "email": "advice@cawinchesterdistrict.org.uk", "web": "https://www.citizensadvicewinchester.org.uk",
            "address": "City Offices, Colebrook Street, Winchester SO23 9LJ"}),
        ("IOI-57", "childline", "helpline", ["0800 1111"], {"web": "https://www.childline.org.uk"}),
        ("IOI-21", "independent_advocacy", "advocacy", [], {}),
        ("IOI-46", "dbs", "dbs", [], {}),
    ],
)  # fmt: skip
def test_each_body_is_reached_as_the_text_says(
    procedure: Procedure,
    clause: str | tuple[str, ...],
    key: str,
    is_: str,
    phones: list[Any],
    reached_at: dict[str, str],
) -> None:
    contact = procedure.contact(key)
    assert (contact.key, contact.is_) == (key, is_)
    assert [(one.number, one.for_) if one.for_ else one.number for one in contact.phones] == phones
    ways = ("email", "sms", "web", "address", "area", "their_form", "through")
    assert {way: getattr(contact, way) for way in ways if getattr(contact, way)} == reached_at


@pytest.mark.parametrize(
    ("clause", "keys"),
    [
        ("IOI-21", ["independent_advocacy"]),
        ("IOI-31", ["emergency"]),
        ("IOI-55", ["ofsted", "ofsted_whistleblowing"]),
        ("IOI-56", ["safeguarding_partnership"]),
        ("IOI-57", ["nspcc", "childrens_commissioner", "coram_voice", "citizens_advice", "childline"]),
    ],
)
def test_nobody_has_to_finish_our_own_stages_before_they_turn_to_these(
    procedure: Procedure, clause: str | tuple[str, ...], keys: list[str]
) -> None:
    for contact in (procedure.contact(key) for key in keys):
        assert contact.offered and contact.offered.any_time


@pytest.mark.clause("IOI-54")
def test_the_ombudsman_comes_after_the_panel_or_when_nobody_here_answers_and_within_a_year(
    procedure: Procedure,
) -> None:
    assert offered_when(procedure.contact("ombudsman"), procedure) == (
        "after Stage 3: Review Panel, or before that if nobody here could be reached in a reasonable time; "
        "within 12 months of noticing what it is about; through the council that placed the young person; "
        "they can be asked to look at their decision again within 1 month"
    )


@pytest.mark.clause("IOI-55")
def test_the_line_for_whistleblowing_is_for_those_who_work_or_worked_here(procedure: Procedure) -> None:
    assert procedure.contact("ofsted_whistleblowing").offered_to == ("staff", "former_staff")


@pytest.mark.parametrize(
    ("key", "number", "open_"),
    [
        ("ombudsman", "0300 061 0614", ("mon,wed 13:00-16:00", "tue,thu,fri 10:00-13:00")),
        ("ofsted_whistleblowing", "0300 123 3155", ("mon-fri 08:00-18:00",)),
        ("nspcc", "0808 800 5000", ("mon-fri 10:00-16:00",)),
        ("nspcc", "0800 028 0285", ("mon-fri 08:00-22:00", "sat,sun 09:00-18:00")),
    ],
)
@pytest.mark.clause("IOI-54", "IOI-55", "IOI-57")
def test_the_hours_are_those_of_the_text(procedure: Procedure, key: str, number: str, open_: tuple[str, ...]) -> None:
    (phone,) = [one for one in procedure.contact(key).phones if one.number == number]
    assert phone.open == open_


@pytest.mark.parametrize("key", ["emergency", "ofsted", "independent_advocacy", "dbs"])
@pytest.mark.clause("IOI-21", "IOI-31", "IOI-46", "IOI-55")
def test_what_the_text_leaves_blank_is_said_to_be_missing(procedure: Procedure, key: str) -> None:
    assert procedure.contact(key).missing
