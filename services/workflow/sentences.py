"""Each row of a case's ledger as a plain sentence for the case page. Pure: names come in, nothing is looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from heard.casefile import CaseState
from heard.ledger import Happening
from heard.proclaimed import in_words
from heard.public_view import day_in_words
from heard.telling_outside import grounds
from heard.vocabulary import PART_NAMES

Name = Callable[[str], str]


def sentence(row: Happening, state: CaseState, name: Name) -> str:
    """What happened, in one sentence. ``name`` turns a person's id or a contact's key into a name."""
    say = _SAID.get(row.event)
    return say(row.data, state, name) if say else f"{row.event.replace('_', ' ').capitalize()}."


def _plain(word: Any) -> str:
    return str(word).replace("_", " ")


def _stage(state: CaseState, key: Any) -> str:
    return next((one.name for one in state.procedure.stages if one.key == key), _plain(key))


def _concern(state: CaseState, key: Any) -> str:
    return next((one.says or _plain(key) for one in state.procedure.concerns if one.key == key), _plain(key))


def _duty(state: CaseState, key: Any) -> str:
    rules = [
        *state.procedure.duties,
        *state.procedure.notification_rules,
        *(d for s in state.procedure.stages for d in s.duties),
    ]
    return next((one.says or _plain(key) for one in rules if one.key == key), _plain(key))


def _linked(state: CaseState, key: Any) -> str:
    return next((one.name for one in state.procedure.linked_cases if one.key == key), _plain(key))


def _who(data: Mapping[str, Any], name: Name) -> str:
    found = data.get("person") or data.get("contact")
    return name(str(found)) if found else _plain(data.get("role") or "somebody")


def _received(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    if state.linked:
        return f"A case of its own was opened: {_linked(state, state.linked)}."
    kind = f"{_plain(data['formality'])} {_plain(data['kind'])}" if data.get("formality") else _plain(data["kind"])
    channel = str(data["channel"])
    way = _WAYS.get(channel) or f"by {_plain(channel)}"
    refused = " They do not want an advocacy service told." if data.get("advocate_refused") else ""
    taken = f" {name(str(data['taken_by']))} wrote it down." if data.get("taken_by") else ""
    return f"A {kind} came in {way}. It came from: {_plain(data['complainant'])}.{taken}{refused}"


def _disclosed(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    ground = grounds(state.procedure).get(str(data["basis"]), _plain(data["basis"]))
    why = f" {data['why']}" if data.get("why") else ""
    return f"Somebody outside was told: {_plain(data['to'])}. On this ground: {ground}.{why}"


def _could_be(n: int) -> str:
    return f" ({n} {'person' if n == 1 else 'people'} it could be)" if n else ""


_WAYS = {
    "staff_note": "in a note that staff wrote",
    "portal": "through this site", "api": "through another system", "in_person": "in person",
    "feedback_box": "through the feedback box", "momo_one": "through MOMO One", "questionnaire": "on a questionnaire",
    "complaint_form": "on a complaint form", "home_meeting": "at a home meeting", "key_work": "in key work",
    "review": "at a review", "follow_page": "on the follow-up page",
}  # fmt: skip


def _named(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    if data.get("identified"):
        return f"The complaint is about {_who(data, name)}."
    return f"The complaint is about somebody not identified yet{_could_be(len(data.get('might_be') or ()))}."


def _told(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    about = data.get("duty") or data.get("rule")
    event = str(data.get("event") or "")
    what = f": {_duty(state, about)}" if about else f": {_ABOUT.get(event) or _plain(event)}" if event else ""
    return f"{_upper(_whom(data['whom'], name))} was told {_channel(data.get('channel'))}{what}."


_ABOUT = {"decided": "what was decided", "duty_excused": "that something was let go",
          "acknowledged": "that we have it", "responded": "the answer", "stage_opened": "that this stage began",
          "calendar_changed": "that a day that we promised is another", "words_screened": "that somebody wrote",
          "progress_told": "how it is going", "assigned": "that they have a part in it",
          "extended": "that it takes longer", "procedure_changed": "that a day that we promised is another"}


def _whom(whom: Any, name: Name) -> str:
    """A person by their name; whoever is known only by what they are, as "the complainant"."""
    said = name(str(whom))
    return f"the {said}" if said == _plain(whom) else said


def _day(text: Any) -> str:
    try:
        return day_in_words(date.fromisoformat(str(text)))
    except ValueError:
        return _plain(text)


def _upper(words: str) -> str:
    """A sentence's first letter; a name keeps its own capitals."""
    return words[:1].upper() + words[1:]


def _channel(channel: Any) -> str:
    if channel == "trial":
        return "(this is a trial: the message is kept here)"
    return _WAYS.get(str(channel)) or (f"by {_plain(channel)}" if channel else "in person")


def _calendar(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    moved = [f"{_line(state, one)}, now due {_moment(one['is'])} (before: {_moment(one['was'])})"
             for one in data["moved"]]  # fmt: skip
    told = " The person who complained is told." if data.get("tell") else ""
    because = "; ".join(dict.fromkeys(str(turn["because"]) for turn in data["turns"]))
    return f"{in_words(data['turns'])}. Why: {because}. So another day: {'; '.join(moved)}.{told}"


def _procedure(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    said = [_CHANGES[one["change"]].format(says=one["says"], was=_moment(one["was"]), due=_moment(one["is"]))
            for one in data["changes"]]  # fmt: skip
    told = " The person who complained is told." if data.get("tell") else ""
    what = f" {'; '.join(said)}." if said else " Nothing that is owed is different."
    now = f"It goes by version {data['to']} of the procedure now, no longer by {data['from']}."
    return f"{now} Why: {data['reason']}.{what}{told}"


_CHANGES = {
    "new": "New: {says} (due {due})", "gone": "Owed no more: {says}",
    "another_day": "{says}: due {due} (before: {was})", "otherwise": "Worded otherwise: {says}",
}  # fmt: skip


def _line(state: CaseState, one: Mapping[str, Any]) -> str:
    """A duty by what it says; a time to ask for the next stage by the stage's name."""
    asked = str(one["duty"]).removeprefix("ask_for_")
    return f"to ask for {_stage(state, asked)}" if asked != one["duty"] else _duty(state, one["duty"])


def _moment(text: Any) -> str:
    """A day or a moment of the ledger; nothing yet for one on hold."""
    return day_in_words(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)) if text else "-"


def _escalated(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    told = [name(str(one["key"])) for one in data.get("to") or ()]
    to = f" Told: {', '.join(told)}." if told else ""
    if data.get("duty") == "screening":
        return f"Nobody has screened this report yet. Somebody must look now.{to}"
    if data.get("duty") == "out_of_time":
        return f"It came in after the time there is for it. Decide whether it is taken all the same.{to}"
    if data.get("duty") == "route":
        return f"{data.get('why')}{to}"
    if data.get("duty") == "promised":
        how = "A reminder of promise {}: its day is near." if data.get("reminder") else "Late: promise {}."
        return how.format(data.get("instance")) + to
    if data.get("reminder"):
        return f"A reminder: the time to ask for the next step is running out.{to}"
    if data.get("over"):
        if data.get("when_over") == "close":
            return f"The time to ask for the next step is over, so the complaint counts as closed.{to}"
        return f"The time to ask for the next step is over. Close the case, or ask first.{to}"
    offer = f" {_stage(state, data['offers'])} is offered." if data.get("offers") else ""
    return f"Late: {_duty(state, data.get('duty'))}.{offer}{to}"


def _reclassified(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    if data.get("category"):
        return f"It is about: {', '.join(_plain(one) for one in data['category'])}."
    now = [_plain(data[key]) for key in ("formality", "kind") if data.get(key)]
    why = f" Reason: {data['reason']}." if data.get("reason") else ""
    return f"It is {'now taken as: ' + ' '.join(now) if now else 'something else than it seemed'}.{why}"


def _responded(data: Mapping[str, Any], state: CaseState, name: Name) -> str:
    findings = {_plain(one) for one in (data.get("findings") or {}).values()}
    return f"The complaint was answered{': ' + ', '.join(sorted(findings)) if findings else ''}."


def _learned(data: Mapping[str, Any]) -> str:
    about = f", about: {', '.join(_plain(one) for one in data['lessons'])}" if data.get("lessons") else ""
    record = data.get("record") or {}
    said = "".join(f" {_upper(_plain(name))}: {_bare(text)}." for name, text in record.items())
    return f"What it teaches was looked at{about}.{said}"


def _owner(data: Mapping[str, Any], name: Name) -> str:
    return f"Seen to by {name(str(data['owner']))}, by {_day(data['by_day'])}"


def _bare(words: Any) -> str:
    """Somebody's own words, without the full stop that the sentence brings."""
    return str(words or "not said").rstrip(". ")


def _decided(data: Mapping[str, Any], state: CaseState) -> str:
    """The question and its answer, as the procedure words them."""
    every = [*state.procedure.decisions, *(one for stage in state.procedure.stages for one in stage.decisions)]
    question = next((one for one in every if one.key == data.get("decision")), None)
    given = next((one for one in question.answers if one.key == data.get("answer")), None) if question else None
    answer = (given.says if given and given.says else _plain(data.get("answer"))).rstrip(".")
    return f"Decided: {question.asks if question else _plain(data.get('decision'))} {_upper(answer)}."


_SAID: dict[str, Callable[[Mapping[str, Any], CaseState, Name], str]] = {
    "received": _received,
    "named": _named,
    "recorded": lambda d, s, n: "A written record was made.",
    "record_agreed": lambda d, s, n: "The complainant agreed that what was written down is right.",
    "record_disputed": lambda d, s, n: "The complainant says that what was written down is not right yet.",
    "reclassified": _reclassified,
    "head_added": lambda d, s, n: f"Told apart as a thing of its own: {_plain(d['key'])}."
                                  + (f" It was first said on {_day(d['since'])}." if d.get("since") else ""),
    "heads_merged": lambda d, s, n: f"Dealt with together again: {_plain(d['key'])}, {_plain(d['into'])}.",
    "head_withdrawn": lambda d, s, n: f"They took back: {_plain(d['key'])}.",
    "consent_answered": lambda d, s, n: f"Consent, {_plain(d['of'])}: {_plain(d['answer'])}.",
    "accepted_late": lambda d, s, n: f"Taken although it is out of time: {_plain(d['grounds'])}. {d.get('why') or ''}"
                                     .strip(),
    "refused_late": lambda d, s, n: f"Not taken, as it is out of time: {d.get('reason')}.",
    "concern_found": lambda d, s, n: f"A concern was found: {_concern(s, d['concern'])}.",
    "concern_confirmed": lambda d, s, n: f"The concern was confirmed: {_concern(s, d['concern'])}.",
    "concern_cleared": lambda d, s, n: f"The concern was cleared: {_concern(s, d['concern'])}.",
    "screened": lambda d, s, n: "The report was screened for safeguarding.",
    "words_screened": lambda d, s, n: "A later message was screened for safeguarding.",
    "circumstances_changed": lambda d, s, n: f"The young person: {_plain(d['change'])}.",
    "safeguarding_closed": lambda d, s, n: "Safeguarding has ended.",
    "disciplinary_closed": lambda d, s, n: "The disciplinary procedure has ended.",
    "proceedings_closed": lambda d, s, n: "The police or the court have finished.",
    "stage_opened": lambda d, s, n: f"{_stage(s, d.get('stage'))} began.",
    "assigned": lambda d, s, n: f"{PART_NAMES[d['part']]}: {_who(d, n)}. {d.get('why') or ''}".strip(),
    "reference_given": lambda d, s, n: f"It was entered in the {s.procedure.reference.kept_in or 'register'}: "
                                       f"{d['reference']}." if s.procedure.reference else "It was registered.",
    "stood_down": lambda d, s, n: f"{_who(d, n)} stood down"
                                  + (f". {PART_NAMES[d['part']]}: {d.get('why')}." if d.get("part")
                                     else f": {d.get('why')}."),
    "had_seen": lambda d, s, n: f"{_who(d, n)} had opened this case "
                                f"{'once' if d['times'] == 1 else str(d['times']) + ' times'} before.",
    "acknowledged": lambda d, s, n: "The complaint was acknowledged.",
    "progress_told": lambda d, s, n: "The person who complained was written to.",
    "responded": _responded,
    "told": _told,
    "disclosed": _disclosed,
    "could_not_tell": lambda d, s, n: f"{_upper(_whom(d.get('whom'), n))} could not be reached by "
                                      f"{_plain(d.get('channel'))}. Tell them another way.",
    "escalated": _escalated,
    "extended": lambda d, s, n: f"More time, until {_day(d.get('until'))}: {_duty(s, d.get('duty'))}. "
                                f"Why: {_plain(d.get('reason'))}.",
    "calendar_changed": _calendar,
    "procedure_changed": _procedure,
    "suspended": lambda d, s, n: f"On hold, to be looked at again by {_day(d.get('review_by'))}. "
                                 f"Reason: {d.get('reason')}.",
    "resumed": lambda d, s, n: "What was on hold goes on; the days that were left run again.",
    "decided": lambda d, s, n: _decided(d, s),
    "interview_held": lambda d, s, n: f"An interview was held: {_bare(d.get('interviewed'))}.",
    "investigation_recorded": lambda d, s, n: "What the investigation found was written down.",
    "learning_reviewed": lambda d, s, n: _learned(d),
    "action_agreed": lambda d, s, n: f"Promise {d['action']}: {_bare(d.get('what'))}. {_owner(d, n)}."
                                     if d.get("action") else "Something was agreed.",
    "action_changed": lambda d, s, n: f"Promise {d['action']} was changed. {_owner(d, n)}. Why: {_bare(d['reason'])}.",
    "action_done": lambda d, s, n: f"Promise {d.get('action')} was kept. What shows it: {_bare(d.get('evidence'))}.",
    "action_let_go": lambda d, s, n: f"Promise {d['action']} was let go. Why: {_bare(d.get('reason'))}.",
    "withdrawn": lambda d, s, n: "The complaint was taken back.",
    "duty_excused": lambda d, s, n: f"Let go: {_duty(s, d.get('duty'))}. Why: {_plain(d.get('ground'))}.",
    "milestone_reached": lambda d, s, n: next(
        (f"{one.says}." for one in s.procedure.milestones if one.key == d["milestone"]), f"{_plain(d['milestone'])}."
    ),
    "window_agreed": lambda d, s, n: f"Agreed: {_stage(s, d.get('way'))} can be asked for until {_day(d['until'])}.",
    "linked_case_opened": lambda d, s, n: f"A second case was opened: {_linked(s, d['linked'])}."
                                          + (" It runs under another procedure." if d.get("outside") else ""),
    "linked_to": lambda d, s, n: "It grew out of another case; nobody reads there what is said here, or here what "
                                 "is said there, who may not see both.",
    "asked_to_go_on": lambda d, s, n: f"{_stage(s, d.get('to'))} was asked for."
                                      + (f" Late, and taken all the same: {d.get('why') or d['late']}."
                                         if d.get("late") else ""),
    "panel_formed": lambda d, s, n: f"The panel: {', '.join(n(str(one)) for one in d.get('members') or ())}.",
    "panel_arranged": lambda d, s, n: f"The panel meets on {_day(d.get('date'))}.",
    "panel_met": lambda d, s, n: "The panel met."
                                 + (f" How it decided: {_plain(d['decided_by'])}." if d.get("decided_by") else ""),
    "passed_on": lambda d, s, n: f"Passed on to: {n(str(d.get('to')))}.",
    "closed": lambda d, s, n: f"The case was closed: {_plain(d.get('outcome'))}.",
    "reopened": lambda d, s, n: f"The case was taken up again. Reason: {d.get('reason')}.",
}  # fmt: skip
