"""The bodies outside that a record may need: whom to ring at this hour, where to write, and who last made sure of it.

Shown on an alert, on the record and on a form; nothing here decides who must be told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from heard.casefile import CaseState
from heard.checks.contacts import is_unsure
from heard.instants import london_day
from heard.procedure import Procedure
from heard.reaching import offices_are_shut
from services.chassis.contact_book import AT_NIGHT, OUT_OF_HOURS, Reached, given, reached
from services.chassis.house import House


def of_concerns(house: House, procedure: Procedure, state: CaseState) -> list[dict[str, Any]]:
    """The outside bodies that these concerns may need, with their numbers for this home, and what is missing of them.

    The area's number for nights and weekends stands with them, where somebody has entered it; first while offices are
    shut.
    """
    place = str(state.received.get("provider")), str(state.received.get("home"))
    wanted = {
        word
        for rule in procedure.notification_rules
        if not set(rule.concern).isdisjoint(state.concerns)
        for words in (rule.tell, *(step.tell for step in rule.clock.if_late))
        for word in words
    }
    found = [
        {"key": one.key, "is": one.is_, "web": one.web, "form": one.their_form}
        | ways(house, procedure, known := reached(house.who, one, *place))
        | {"missing": [] if known.phones else list(one.missing)}
        for one in procedure.contacts
        if one.key in wanted or one.is_ in wanted
    ]
    late = given(house.who, (OUT_OF_HOURS,), *place, phone_for=AT_NIGHT) if found else None
    if late is None:
        return found
    named = replace(late, name=late.name or f"Out of hours, {late.area or 'the local authority'}")
    others: dict[str, Any] = {"key": OUT_OF_HOURS, "is": OUT_OF_HOURS, "web": None, "form": None, "missing": []}
    others |= ways(house, procedure, named)
    return [others, *found] if shut(house, procedure) else [*found, others]


def ways(house: House, procedure: Procedure, known: Reached) -> dict[str, Any]:
    """How one body is reached now: ``{name, email, phones, area, verified, verified_on, unsure}``.

    `verified_on` is None also where somebody made sure and wrote down no day; `unsure`: nobody did, or not lately.
    """
    now, checked = house.clock.now(), known.checked_on
    return {
        "name": known.name, "email": known.email, "area": known.area,
        "phones": known.by_the_hour(now, shut=shut(house, procedure)),
        "verified": known.verified_on is not None, "verified_on": checked.isoformat() if checked else None,
        "unsure": is_unsure(checked, london_day(now), procedure),
    }  # fmt: skip


def shut(house: House, procedure: Procedure) -> bool:
    """Whether offices are taken to be shut now."""
    return offices_are_shut(house.clock.now(), house.calendars(procedure)["working_days"])
