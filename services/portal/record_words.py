"""The plain words of a safeguarding record: its ledger, why a concern was found, whom a rule tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heard.who import BODIES
from services.portal.form_words import worry
from services.portal.plain_words import by_channel, sentence, words_of

Record = Mapping[str, Any]

MARKS = {
    "hurt_by_hand": "being hit, held or hurt", "restraint": "being restrained", "marks_on_a_body": "marks or injuries",
    "sexual": "something sexual", "frightened_or_threatened": "fear or threats", "neglect": "not being looked after",
    "exploitation": "being used or groomed", "workers_conduct": "how somebody who works there behaves",
    "self_harm": "self-harm", "wants_to_die": "not wanting to live", "harm_to_others": "harm to somebody else",
    "missing": "somebody who is missing", "danger_now": "danger at this minute",
    "radicalisation": "extreme views or groups", "forced_marriage_or_cutting": "forced marriage or cutting (FGM)",
    "money_or_crime": "money or a crime", "death": "a death",
}  # fmt: skip
"""What the words speak of that bear each mark of the screen's lexicon."""


def because(reason: str) -> str:
    """Why the screen found a concern: "words about being hit, held or hurt", "the tick (Bullying)"."""
    sort, _, key = reason.partition(".")
    if sort == "words":
        return f"words about {MARKS.get(key) or words_of(key)}"
    if sort == "meaning":
        return f"a sentence that seems to be about {MARKS.get(key) or words_of(key)}"
    if sort == "ticked":
        return "the answer that somebody is in danger now" if key == "in_danger_now" else f"the tick ({worry(key)})"
    if sort == "pattern":
        return "other reports about the same person"
    if sort == "age":
        return "the child's age"
    return words_of(reason)


def whom_in_words(key: str, contacts: Sequence[Record]) -> str:
    """Whom a rule tells: the outside body by its name, anybody else by what they are."""
    named = next((str(one["name"]) for one in contacts if key in (one.get("key"), one.get("is"))), None)
    return named or sentence(BODIES.get(key, key))


def happened(row: Record, record: Record) -> str:
    """One row of the ledger as a sentence. An event that is not here is shown in its own words."""
    data = row.get("data") or {}
    said = _SAID.get(str(row.get("event")))
    return said(data, record) if said else sentence(row.get("event"))


def _concern(data: Record, record: Record) -> str:
    key = data.get("concern")
    known = [*record.get("concerns", ()), *record.get("all_concerns", ())]
    return next((str(one["says"]) for one in known if key in (one.get("concern"), one.get("key"))), words_of(key))


def _called(data: Record, record: Record) -> str:
    calls = [call for alert in record.get("alerts", ()) for call in alert.get("calls", ())]
    who = data.get("person") or data.get("contact")
    name = next((call["name"] for call in calls if who and who in (call.get("person"), call.get("contact"))), None)
    return str(name or whom_in_words(str(who or "the next person"), record.get("contacts", ())))


def _whom(data: Record, record: Record) -> str:
    return whom_in_words(str(data.get("whom") or ""), record.get("contacts", ()))


def _through(data: Record) -> str:
    channel = data.get("channel")
    return "through this site" if channel == "portal" else by_channel(channel)


_WAYS = {
    "page": ", on this site", "link": ", by the link in the message", "sms_reply": ", by text",
    "pin": ", over the telephone",
    "telephone": ", by telephone", "in_person": ", in person",
}  # fmt: skip


def way_of(data: Record) -> str:
    """By which way somebody answered a call, as a sentence of its own: "By text"."""
    said = _WAYS.get(str(data.get("how")), "").removeprefix(", ")
    return said[:1].upper() + said[1:]


def _by_which_way(data: Record) -> str:
    return _WAYS.get(str(data.get("how")), "")


def _goes_on(data: Record) -> str:
    return "; what was on hold for it goes on" if data.get("go_on") else "; what is on hold waits for more"


def _named(data: Record) -> str:
    if data.get("identified"):
        return "It was recorded who is meant"
    return "It is about somebody; who that is has still to be found out"


def _those(keys: Any) -> str:
    return ", ".join(whom_in_words(str(key), ()) for key in keys or ())


def _form(data: Record, record: Record) -> str:
    return next((str(one["name"]) for one in record.get("forms", ()) if one["key"] == data.get("form")), "a form")


def _sent(data: Record, record: Record) -> str:
    lacked = f", with {data['missing']} still missing" if data.get("missing") else ""
    under_way = "Set out" if data.get("channel") == "email" else f"Sent {_through(data)}"
    return f"{under_way} to {_whom(data, record)}{lacked}: {_form(data, record)}"


_SAID: dict[str, Any] = {
    "received": lambda d, r: "It came in elsewhere, and was brought here from an earlier log" if d.get("imported")
                             else f"The report came in {_through(d)}".strip(),
    "named": lambda d, r: _named(d),
    "past_read": lambda d, r: "The lead has read it; it comes from an earlier log",
    "concern_found": lambda d, r: f"A concern was found: {_concern(d, r)}",
    "concern_confirmed": lambda d, r: f"The concern was confirmed: {_concern(d, r)}",
    "concern_cleared": lambda d, r: f"The concern was cleared: {_concern(d, r)}",
    "pattern_found": lambda d, r: f"Small things about one person repeat: {len(d.get('reports') or ())} reports",
    "was_read": lambda d, r: "Somebody opened the case and read it" if d.get("where") == "case" else "It was read",
    "unread": lambda d, r: "Nobody had read it in time; the lead is called",
    "triage_asked": lambda d, r: "The complaint went to another stage: the questions are asked again",
    "triaged": lambda d, r: "The questions were answered",
    "screened": lambda d, r: "More was found in what the sentences mean" if d.get("weighed")
                             else "The report was screened",
    "words_screened": lambda d, r: "A later message was screened",
    "called": lambda d, r: f"Calling {_called(d, r)}",
    "call_sent": lambda d, r: "The call was kept here, as this is a trial" if d.get("channel") == "trial"
                              else f"The call went out {_through(d)}".strip(),
    "call_failed": lambda d, r: f"The call {_through(d)} did not get through".replace("  ", " "),
    "ladder_paged": lambda d, r: "Everybody was called another way, as no call had gone out",
    "answered": lambda d, r: f"The alert was answered{_by_which_way(d)}",
    "declined": lambda d, r: f"Could not take it on{_by_which_way(d)}: the next was called",
    "told": lambda d, r: f"Told: {_whom(d, r)}, {_through(d)}".rstrip(", ")
                         + (" (a trial: it was kept here)" if d.get("trial") else ""),
    "could_not_tell": lambda d, r: f"Not told after all: {_whom(d, r)}. What was sent came back",
    "form_filled": lambda d, r: f"Written into a form: {_form(d, r)}",
    "form_sent": _sent,
    "form_delivered": lambda d, r: f"It was kept here, as this is a trial: {_form(d, r)}" if d.get("channel") == "trial"
                                   else f"It went out by e-mail: {_form(d, r)}",
    "form_failed": lambda d, r: f"It could not be delivered, and must go another way: {_form(d, r)}",
    "lado_agreed_next_step": lambda d, r: f"They agreed with us what happens next: {_whom(d, r)}",
    "allegation_ended": lambda d, r: f"How the allegation ended was recorded: {words_of(d.get('outcome'))}",
    "meeting_planned": lambda d, r: f"A meeting was planned with {_those(d.get('invited'))}",
    "meeting_held": lambda d, r: f"A meeting was held with {_those(d.get('came'))}",
    "meeting_called_off": lambda d, r: "A meeting was called off",
    "evidence_taken": lambda d, r: f"The evidence was taken out as {str(d.get('kind')).upper()}",
    "safeguarding_closed": lambda d, r: f"Safeguarding's part was closed: {words_of(d.get('outcome'))}",
    "disciplinary_closed": lambda d, r: f"The disciplinary procedure has ended{_goes_on(d)}",
    "proceedings_closed": lambda d, r: f"The police or the court have finished{_goes_on(d)}",
}  # fmt: skip
