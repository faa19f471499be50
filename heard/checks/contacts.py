"""Whether the bodies outside can be reached, and whether anybody has made sure of it lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from heard.checks.measures import house
from heard.checks.remark import Remark, on
from heard.checks.times import rough_days
from heard.procedure import Procedure


def contacts(p: Procedure, today: date) -> Iterator[Remark]:
    """What is blank, unchecked, or was checked long ago."""
    told = {word for rule in p.notification_rules for word in rule.tell}
    fill = "Find it out, write it down, and take it out of `missing`."
    check = "Call or look it up, and write the day as `verified_on`."
    for contact in p.contacts:
        if contact.adopted_from:
            continue  # the file that adds it says itself when it was checked
        if not contact.reachable:
            heavy = ", and a rule must tell them" if contact.key in told or contact.is_ in told else ""
            why = "; ".join(contact.missing) or "no number, address or e-mail"
            yield on(contact, "missing", f"{contact.name} cannot be reached{heavy}: {why}.", fill)
        elif contact.missing:
            yield on(contact, "missing", f"{contact.name}: {'; '.join(contact.missing)}.", fill)
        if contact.reachable and contact.verified_on is None and not contact.adopted_from:
            yield on(contact, "note", f"{contact.name}: nobody has checked yet that this is right.", check)
        elif contact.verified_on and is_unsure(contact.verified_on, today, p):
            old = f"{contact.name}: last checked on {contact.verified_on:%-d %B %Y}."
            yield on(contact, "note", old, check, house().title)


def is_unsure(verified_on: date | None, today: date, p: Procedure) -> bool:
    """Whether nobody has made sure of a number or address, or not lately."""
    return verified_on is None or (today - verified_on).days > rough_days(house().contacts_checked, p)


def age(p: Procedure, today: date) -> Iterator[Remark]:
    """Whether the document says when it was written, and whether its own review is overdue."""
    if p.document.dated is None:
        undated = "The document bears no date."
        yield Remark("note", undated, "Write the date that stands on it as [document] dated, when it has one.")
    for duty in p.standing_duties:
        length = duty.clock.every or duty.clock.within
        events = duty.clock.after.events if duty.clock.after else ()
        if length and {"adopted", "policy_reviewed"} & {*events}:
            since = duty.clock.first_from or p.document.dated or p.document.in_force_from
            if (today - since).days > rough_days(length, p):
                overdue = f"The document's review is overdue: it was due {length} after {since}."
                review = "Review it; a new version is a new file with its own `in_force_from`."
                yield on(duty, "weaker", overdue, review)
