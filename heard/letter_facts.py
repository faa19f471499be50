"""What a letter says of the procedure, its stages, days and people to turn to: what fills the gaps of a message.

From the procedure and from the ids and codes kept with a message; what belongs to a house (names of homes, addresses of
pages, somebody's own words) is added where the message is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from heard.procedure import Contact, Procedure, Stage, WayOn
from heard.proclaimed import in_words
from heard.public_view import day_in_words, promised
from heard.standing_rules import standing_rules
from heard.turning_to import is_childline, limits, may_be_asked

ON_THEIR_SIDE = ("helpline", "advocacy", "commissioner")
WRITTEN = "written down"
"""What stands in the ledger in the place of somebody's own words: nothing that a letter could say."""
_CHILDREN = ("young_person",)
_AT_WORK = frozenset({
    "advocate", "social_worker", "accommodating_authority", "placing_authority", "partner_agency", "council",
    "referrer", "professional", "staff", "former_staff",
})  # fmt: skip
_ASKED = "ask_for_"
"""Before a stage: the time that somebody has to ask for it."""


def reader_of(complainant: str | None) -> str:
    """How somebody who complains is written to: as a child, as any adult, or as somebody at their work."""
    return "child" if complainant in _CHILDREN else "professional" if complainant in _AT_WORK else "adult"


def facts_of(procedure: Procedure, complainant: str | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Every gap that the procedure fills, from the ids and codes that are kept with a message.

    ``facts``: stage, duty, part, clause, due, reason, next, dates, promises, turns; any may be absent.
    """
    stage, duty = facts.get("stage"), str(facts.get("duty") or "")
    bodies = outside_bodies(procedure, stage)
    last = any(one.final for one in procedure.stages if one.key == stage)
    reason = str(facts.get("reason") or "").replace("_", " ")
    return {
        **helpers(procedure, complainant or ""),
        "outside": bodies,
        "outside_also": [] if last else bodies,
        "outside_last": bodies if last else [],
        "ways_on": ways_on(procedure, stage),
        "stage": stage_name(procedure, stage),
        "next_step": stage_name(procedure, facts.get("next")),
        "duty": said_of(procedure, stage, duty),
        "promise": promise_of(procedure, stage, duty),
        "promises": [moved_promise(procedure, one) for one in facts.get("promises") or ()],
        "days": [f"{promise_of(procedure, stage, key)}: by {_by(day)}"
                 for key, day in (facts.get("dates") or {}).items()],
        "by": _by(facts.get("due")),
        "reason": "" if reason == WRITTEN else reason,
        "why_another_day": in_words(facts.get("turns") or ()),
        "part": PARTS.get(str(facts.get("part")), f"Your part is: {str(facts.get('part') or '').replace('_', ' ')}"),
        "clause": ", ".join(facts.get("clause") or ()),
    }  # fmt: skip


def is_looked_into(stage: Stage) -> bool:
    """Whether what is in this stage is answered; a compliment is thanked for."""
    return stage.settles or bool(stage.ways_on)


PARTS = {
    "handles": "You handle it", "investigates": "You look into it", "observes": "You observe how it is looked into",
    "decides": "You decide on it", "coordinates": "You co-ordinate it", "convenes": "You bring the panel together",
    "consults": "You are asked for advice about it", "oversees": "You oversee it", "mediates": "You mediate in it",
}  # fmt: skip
"""What somebody is told who gets a part."""


def helpers(procedure: Procedure, complainant: str) -> dict[str, list[str]]:
    """Whom somebody who complains may call at any time, one line each: Childline, advocates, and other helplines."""
    offered = [
        one for one in procedure.contacts
        if one.is_ in ON_THEIR_SIDE and one.offered is not None and one.offered.any_time
        and (not one.offered_to or complainant in one.offered_to) and (one.phones or one.sms)
    ]  # fmt: skip
    order = sorted(offered, key=lambda one: one.is_ != "commissioner" if complainant in _CHILDREN else 0)
    return {
        "childline": _lines(one for one in order if is_childline(one)),
        "advocates": _lines(one for one in order if one.is_ == "advocacy"),
        "helplines": _lines(one for one in order if one.is_ != "advocacy" and not is_childline(one)),
    }


def _lines(contacts: Iterable[Contact]) -> list[str]:
    return [_line(one) for one in contacts]


def outside_bodies(procedure: Procedure, stage: str | None) -> list[str]:
    """Bodies outside that may be asked after this stage, or at any time: how to reach each, within what time.

    Those who stand at somebody's side are among the helpers of the same letter.
    """
    asked = may_be_asked(procedure, stage)
    return _lines(one for one in asked if one.is_ not in ON_THEIR_SIDE or not (one.phones or one.sms))


def _line(one: Contact) -> str:
    reached = [f"call {one.phones[0].number}"] if one.phones else []
    reached += [f"text {one.sms}"] if one.sms else []
    reached += [f"see {one.web}"] if one.web else []
    line = f"{one.name}: {', or '.join(reached)}" if reached else one.name
    return f"{line} ({'; '.join(limited)})" if (limited := limits(one)) else line


def ways_on(procedure: Procedure, stage: str | None) -> list[str]:
    """How the complainant may go on from this stage, and in which time, as sentences."""
    if stage is None:
        return []
    return [
        _going_on(procedure, way)
        for way in procedure.stage(stage).ways_on
        if "complainant" in way.asked_by and not way.back and way.only_if is None
    ]


def _going_on(procedure: Procedure, way: WayOn) -> str:
    asked = f"The next step is called {procedure.stage(way.to).name}."
    if way.clock.within is None:
        return f"{asked} You can ask for it at any time."
    late = " If you ask later than that, we still look at why." if way.late else ""
    length = way.clock.within
    if length.as_given_in and length.otherwise:
        agreed = f"by the day that we agree with you. If we agree on none, ask within {length.otherwise}"
        return f"{asked} Please ask {agreed} of getting this answer.{late}"
    return f"{asked} Please ask within {length} of getting this answer.{late}"


ALARMS = {
    "out_of_time": "it came in after the time there is for it, so somebody has to decide whether it is taken",
    "promised": "something that was promised because of this complaint",
    "screening": "nobody has read the report for safety yet",
    "route": "the people who would look into it inside may not, or there is nobody, so it goes outside",
}
"""What the platform itself raises an alarm about; everything else has its sentence in the procedure."""


def said_of(procedure: Procedure, stage: str | None, duty: str) -> str:
    """The sentence of a duty or notification rule, or a question; its key in plain words where there is none."""
    if duty in ALARMS:
        return ALARMS[duty]
    for rule in procedure.rules():
        said = getattr(rule, "asks", None) or rule.says
        if rule.key == duty and getattr(rule, "stage", None) in (None, stage) and said:
            return said
    return duty.replace("_", " ")


def of_standing(procedure: Procedure, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a reminder of a standing duty says: what is owed, how often, by when, and which clause asks for it."""
    duty = str(facts["duty"])
    rule = next((one for one in standing_rules(procedure) if one.key == duty), None)
    return {
        "duty": (rule.says if rule else "") or duty.replace("_", " "), "clause": ", ".join(rule.clause) if rule else "",
        "times": str(facts["many"]) if facts["many"] > 1 else "",
        **{f"{when}_by": _by(str(facts["due"])) if facts["when"] == when else "" for when in ("soon", "late")},
    }  # fmt: skip


def moved_promise(procedure: Procedure, moved: Mapping[str, Any]) -> str:
    """A promise whose day is another: what was promised, by when now, and by when before."""
    stage, duty = moved.get("stage"), str(moved["duty"])
    says = "You can ask for the next step" if asked_for(duty) else promise_of(procedure, stage, duty)
    now, before = (_by(moved[name]) for name in ("is", "was"))
    return f"{says}: {f'by {now}' if now else 'there is no day yet'}{f' (before: {before})' if before else ''}"


def _by(text: str | None) -> str:
    if not text:
        return ""
    return day_in_words(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))


def promise_of(procedure: Procedure, stage: str | None, duty: str) -> str:
    """A duty as it is put to the person it is owed to; as its rule says it where it puts nothing to them."""
    try:
        said = promised(procedure, stage, duty)
    except KeyError:  # of the whole case, or of another stage than this
        said = next((one.promise for one in procedure.duties if one.key == duty), None)
    return said or said_of(procedure, stage, duty)


def asked_for(duty: str) -> str | None:
    """The stage that somebody may ask for, when what is meant is the time that they have for it."""
    return duty.removeprefix(_ASKED) if duty.startswith(_ASKED) else None


def stage_name(procedure: Procedure, stage: str | None) -> str | None:
    """The name of a stage as people know it."""
    return next((one.name for one in procedure.stages if one.key == stage), None)
