"""What a safeguarding lead decides about a record: pure, from a state and a decision to new rows or a refusal.

Acknowledging is not resolving: an answered call leaves every clock running until the referral is recorded as made. A
reason is always asked for; it is sealed beside the row and never stands in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import reckon
from heard.derivation import Due
from heard.ledger import NewHappening
from heard.read_aloud import quoted
from heard.roster import Roster
from services.chassis.errors import Invalid, Refused

YES, NO, NOT_KNOWN = "yes", "no", "not_known"
OUTCOMES = ("substantiated", "malicious", "false", "unsubstantiated", "unfounded", "no_allegation")
ENDINGS = {
    "disciplinary_closed": "The disciplinary procedure has ended",
    "proceedings_closed": "The police or the court have finished",
}
"""What else can come to an end about the same matter, besides safeguarding's own part."""
HOWS = ("page", "link", "sms_reply", "pin", "telephone", "in_person")


def dues(state: CaseState, calendars: Calendars, now: datetime) -> tuple[Due, ...]:
    """The notifications owed, the most pressing first. Nothing pauses them."""
    lines = reckon(state, calendars, now)
    return tuple(due for due in lines if due.kind == "notification" and due.status not in ("lapsed", "waiting"))


def reason_given(reason: str) -> str:
    """The reason, tidied. Raises `Invalid` when there is none."""
    tidy = (reason or "").strip()
    if not tidy:
        raise Invalid({"reason": ["Please say why."]})
    if len(tidy) > 5_000:
        raise Invalid({"reason": ["Please use at most 5,000 characters."]})
    return tidy


def confirm(state: CaseState, concern: str, by: str, now: datetime) -> tuple[NewHappening, ...]:
    """A concern is held to be so. One that the screen did not find is raised first: a person sees more than it does."""
    known = {one.key for one in state.procedure.concerns} | set(state.concerns)
    if concern not in known:
        raise Invalid({"concern": [f"There is no such concern. There are: {', '.join(sorted(known))}."]})
    found = state.concerns.get(concern)
    if found is not None and found.cleared_at is None:
        if found.confirmed_at is not None:
            raise Refused("This concern is confirmed already.", None, "Clear it, if it turns out otherwise.")
        return (NewHappening("concern_confirmed", now, by, None, {"concern": concern}),)
    first_known = min((one.known_at for one in state.concerns.values()), default=now)
    data = {"concern": concern, "by_screen": False, "because": ["person"], "known_at": first_known.isoformat()}
    return (
        NewHappening("concern_found", now, by, None, data),
        NewHappening("concern_confirmed", now, by, None, {"concern": concern}),
    )


def clear(state: CaseState, concern: str, by: str, now: datetime) -> tuple[NewHappening, ...]:
    """A concern turns out not to be so. What was due because of it lapses; that it was found stays written."""
    found = state.concerns.get(concern)
    if found is None or found.cleared_at is not None:
        still = ", ".join(one.concern for one in state.open_concerns) or "none"
        raise Refused("There is no such open concern here.", None, f"Open: {still}.")
    return (NewHappening("concern_cleared", now, by, None, {"concern": concern}),)


def identify(
    state: CaseState, roster: Roster, subject: str, person: str | None, by: str, now: datetime
) -> tuple[NewHappening, ...]:
    """Who is meant by a subject. `person` None: nobody who works here. Whoever it is sees the record no longer."""
    meant = state.subjects.get(subject)
    if meant is None:
        known = ", ".join(state.subjects) or "nobody is named yet"
        raise Invalid({"subject": [f"The report is not about such a subject. Subjects: {known}."]})
    if person is not None and person not in roster.people:
        raise Invalid({"person": ["There is no such person in the directory."]})
    held = roster.roles_of(person, now, state.received.get("provider")) if person else ()
    data = {
        "subject": subject, "person": person, "role": None, "roles": list(held), "head": None, "identified": True,
        "might_be": [],
    }  # fmt: skip
    return (NewHappening("named", now, by, None, data),)


def referral(
    state: CaseState, rule: str, whom: str, channel: str, at: datetime, by: str, now: datetime, *, agreed: bool
) -> tuple[NewHappening, ...]:
    """Somebody was told: by e-mail, by telephone ... `agreed`: the LADO or the police agreed what happens next."""
    rules = {one.key: one for one in state.procedure.notification_rules}
    if rule not in rules:
        raise Invalid({"rule": [f"There is no such notification. There are: {', '.join(rules)}."]})
    allowed = tuple(rules[rule].tell)
    contacts = {one.key for one in state.procedure.contacts if one.key in allowed or one.is_ in allowed}
    if whom not in {*allowed, *contacts}:
        raise Invalid({"whom": [f"This notification is for: {', '.join(sorted({*allowed, *contacts}))}."]})
    if not channel:
        raise Invalid({"channel": ["Please say how: telephone, email, form ..."]})
    if at > now:
        raise Invalid({"at": ["This lies in the future. Record it once it has happened."]})
    if state.received_at and at < state.received_at:
        raise Invalid({"at": ["This lies before the report was made."]})
    told = NewHappening("told", at, by, None, {"rule": rule, "whom": whom, "channel": channel})
    step = NewHappening("lado_agreed_next_step", at, by, None, {"whom": whom})
    return (told, step) if agreed else (told,)


def close(
    state: CaseState, owed: Sequence[Due], outcome: str, by: str, now: datetime, *, alert_open: bool
) -> tuple[NewHappening, ...]:
    """Safeguarding is through with a report. Refused while an alert or a concern is open, or somebody is not told."""
    if outcome not in OUTCOMES:
        raise Invalid({"outcome": [f"Choose one of: {', '.join(OUTCOMES)}."]})
    if state.first("safeguarding_closed") is not None and not state.open_concerns:
        last = max(moment.seq for moment in state.moments["safeguarding_closed"])
        if all(one.seq < last for one in state.concerns.values()):
            raise Refused("This record is closed already.", None, "New words about it open it again.")
    if alert_open:
        raise Refused("Nobody has answered the alert yet.", None, "Answer it first.")
    undecided = [one.concern for one in state.open_concerns if one.confirmed_at is None]
    if undecided:
        says = {one.key: one.says for one in state.procedure.concerns}
        named = quoted(says.get(key) or key.replace("_", " ") for key in undecided)
        raise Refused(f"Not decided yet: {named}.", None, "Confirm or clear each concern, with a reason.")
    unknown = [one.key for one in state.subjects.values() if not one.identified]
    if unknown and state.open_concerns:
        raise Refused(
            "It is not recorded yet whom the report is about.", None, "Record who is meant, or that it is nobody here."
        )
    untold = [due for due in owed if due.status in ("running", "late") and due.strength == "must"]
    if untold:
        clause = [one for due in untold for one in due.clause]
        raise Refused(
            f"It is not recorded yet that this was done: {quoted(due.says for due in untold)}.",
            clause,
            "Record each referral once it is made.",
        )
    return (NewHappening("safeguarding_closed", now, by, None, {"outcome": outcome}),)


def ended(state: CaseState, event: str, by: str, now: datetime, *, go_on: bool) -> tuple[NewHappening, ...]:
    """Another procedure about the same matter has ended. `go_on`: what was on hold for it may go on now.

    How it ended stays in that procedure's own file; who complained is told what was done, never with whom.
    """
    if event not in ENDINGS:
        raise Invalid({"event": [f"Choose one of: {', '.join(ENDINGS)}."]})
    if not state.concerns:
        raise Refused("Nothing was found that another procedure could be about.", None, "Record the concern first.")
    return (NewHappening(event, now, by, None, {"go_on": go_on}),)


def answered(
    alert_id: str, rule: str, how: str, by: str, now: datetime, *, can: bool, taken_by: str | None
) -> tuple[NewHappening, ...]:
    """Somebody has answered the call: they have it, or cannot. Only one thing is met by the first: having been reached.

    `taken_by` wrote down what they said on the telephone.
    """
    if how not in HOWS:
        raise Invalid({"how": [f"Choose one of: {', '.join(HOWS)}."]})
    data = {"rule": rule, "alert": alert_id, "by": by, "how": how} | ({"taken_by": taken_by} if taken_by else {})
    return (NewHappening("answered" if can else "declined", now, by, None, data),)
