"""Which bodies outside may be turned to, and when: after which stage, within what time, through whom.

Owns the words for what a procedure says of its contacts, as the "how to complain" page and the letters of a case show
them. Read from the procedure alone; whether a body takes a complaint that comes later is for that body to say.
"""

from __future__ import annotations

from heard.procedure import Contact, Procedure

SINCE = {"matter_noticed": "noticing what it is about", "matter_happened": "what it is about"}
THROUGH = {"placing_authority": "the council that placed the young person"}
ABOVE = (
    "ombudsman", "ofsted", "charity_regulator", "local_authority", "commissioner", "data_protection_regulator",
    "procedure",
)  # fmt: skip
"""The kinds that look at what a provider did; helplines and advocates stand at somebody's side instead."""


def is_childline(contact: Contact) -> bool:
    """Whether this is the helpline for children, which a child is told of before all others."""
    return contact.is_ == "helpline" and "childline" in f"{contact.key} {contact.name}".lower()


def may_be_asked(procedure: Procedure, stage: str | None) -> list[Contact]:
    """The bodies that look at what a provider did, and that may be asked after this stage, or at any time."""
    return [
        one
        for one in procedure.contacts
        if one.is_ in ABOVE
        and one.offered is not None
        and not one.offered_to
        and (one.offered.any_time or (stage is not None and one.offered.after_stage == stage))
    ]


def offered_when(contact: Contact, procedure: Procedure) -> str:
    """After which stage, or that it is at any time, with its limits: "after Stage 3, within 12 months of ..."."""
    offer = contact.offered
    if contact.is_ == "police":
        return "when somebody is in danger, or to report a crime"
    if offer is None or offer.any_time or not offer.after_stage:
        when = "at any time"
    else:
        after = f"after {procedure.stage(offer.after_stage).name}"
        when = f"{after}, or before that if {offer.or_}" if offer.or_ else after
    return "; ".join([when, *limits(contact)])


def limits(contact: Contact) -> list[str]:
    """What for, within what time and through whom they are asked, and how long there is to have it looked at again."""
    found = [f"for matters of {' or '.join(contact.for_matters)}"] if contact.for_matters else []
    length, after = contact.clock.within, contact.clock.after
    if length is not None and after is not None:
        since = after.events[0]
        found.append(f"within {length} of {SINCE.get(since, since.replace('_', ' '))}")
    if contact.through:
        found.append(f"through {THROUGH.get(contact.through, contact.through.replace('_', ' '))}")
    if contact.then_review_within is not None:
        found.append(f"they can be asked to look at their decision again within {contact.then_review_within}")
    return found
