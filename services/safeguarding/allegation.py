"""An allegation against somebody who works here, from the first meeting about it to how it ended.

Pure, like `deciding`: how it ended for each person (which is not how the complaint ended), the meetings at which the
bodies outside and we agree what is done, and whether anybody inside may look into it yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.commands import shut_gates
from heard.conditions import holds
from heard.instants import moment_of
from heard.ledger import NewHappening
from services.chassis.errors import Invalid, Refused
from services.safeguarding.deciding import OUTCOMES

ENDED, PLANNED, HELD, CALLED_OFF = "allegation_ended", "meeting_planned", "meeting_held", "meeting_called_off"
HOW_IT_ENDED = tuple(one for one in OUTCOMES if one != "no_allegation")
INVITED = (
    "lado", "police", "childrens_social_care", "placing_authority", "health", "ofsted", "registered_manager",
    "responsible_individual", "personnel", "other_employer",
)  # fmt: skip
"""Who may be asked to such a meeting, by what they are there as; no name stands in the ledger."""
CLEARED = "lado_agreed_next_step"


def ended(state: CaseState, said: Mapping[str, Any], by: str, now: datetime) -> tuple[NewHappening, ...]:
    """How an allegation ended for one person, as agreed with the LADO. Said anew, the last word stands."""
    outcome, subject = said.get("outcome"), said.get("subject")
    if outcome not in HOW_IT_ENDED:
        raise Invalid({"outcome": [f"Choose one of: {', '.join(HOW_IT_ENDED)}."]})
    people = {key: one for key, one in state.subjects.items() if one.identified and one.person}
    if subject not in people:
        raise Invalid({"subject": ["Choose of whom it was said; record first who is meant, if nobody has yet."]})
    if not any(one.confirmed_at for one in state.concerns.values()):
        raise Refused("No concern has been confirmed, so there is no allegation yet.", None, "Decide on the concern.")
    if (last := endings(state).get(str(subject))) and last["outcome"] == outcome:
        return ()
    return (NewHappening(ENDED, now, by, None, {"subject": subject, "outcome": outcome}),)


def planned(state: CaseState, said: Mapping[str, Any], by: str, now: datetime) -> tuple[NewHappening, ...]:
    """A meeting is planned; the same twice is planned once."""
    at, invited = _moment(said, "at"), _invited(said)
    if at <= now:
        raise Invalid({"at": ["This has passed. Choose when it will be, or record that it was held."]})
    if any(moment_of(one["at"]) == at for one in meetings(state) if one["state"] == "planned"):
        return ()
    return (_plan(state, at, invited, by, now),)


def held(state: CaseState, said: Mapping[str, Any], by: str, now: datetime) -> tuple[NewHappening, ...]:
    """A meeting was held, with who was there; what was decided is sealed beside it. The next may be planned at once."""
    meeting, at, came = said.get("meeting"), _moment(said, "at"), _invited(said)
    if at > now:
        raise Invalid({"at": ["This lies in the future. Record it once it has happened."]})
    known = {str(one["meeting"]): one for one in meetings(state)}
    if meeting and str(meeting) not in known:
        raise Invalid({"meeting": ["There is no such meeting."]})
    if meeting and known[str(meeting)]["state"] != "planned":
        return ()
    number = int(meeting) if meeting else len(known) + 1
    rows = [NewHappening(HELD, at, by, None, {"meeting": number, "came": came})]
    if said.get("next_at"):
        then = _moment(said, "next_at")
        if then <= now:
            raise Invalid({"next_at": ["Choose a time that is still to come."]})
        rows.insert(0, _plan(state, then, came, by, now, after=number))
    return tuple(rows)


def called_off(state: CaseState, said: Mapping[str, Any], by: str, now: datetime) -> tuple[NewHappening, ...]:
    """A meeting that was planned does not take place."""
    open_ones = {str(one["meeting"]) for one in meetings(state) if one["state"] == "planned"}
    if str(said.get("meeting")) not in open_ones:
        raise Refused("No such meeting is planned.", None, "Look at the record again.")
    return (NewHappening(CALLED_OFF, now, by, None, {"meeting": int(said["meeting"])}),)


STEPS: dict[str, Callable[[CaseState, Mapping[str, Any], str, datetime], tuple[NewHappening, ...]]] = {
    "outcome": ended, "meeting": planned, "held": held, "called_off": called_off,
}  # fmt: skip
"""What may be recorded of an allegation, each with a reason or what was decided, sealed."""


# -- as it stands


def endings(state: CaseState) -> dict[str, dict[str, str]]:
    """How it ended for each subject: the last word."""
    return {
        str(one.data["subject"]): {"outcome": str(one.data["outcome"]), "at": one.at.isoformat()}
        for one in state.all(ENDED)
    }


def meetings(state: CaseState) -> list[dict[str, Any]]:
    """The meetings, planned and held, in the order in which they were planned."""
    found: dict[int, dict[str, Any]] = {}
    for one in state.all(PLANNED):
        found[int(one.data["meeting"])] = {
            "meeting": int(one.data["meeting"]), "state": "planned", "at": str(one.data["at"]),
            "invited": list(one.data["invited"]), "came": [],
        }  # fmt: skip
    for one in state.all(HELD):
        number = int(one.data["meeting"])
        before = found.get(number, {"meeting": number, "invited": list(one.data["came"])})
        found[number] = before | {"state": "held", "at": one.at.isoformat(), "came": list(one.data["came"])}
    for one in state.all(CALLED_OFF):
        found[int(one.data["meeting"])]["state"] = "called off"
    return [found[number] for number in sorted(found)]


def looking_into_it(state: CaseState) -> list[dict[str, Any]]:
    """What may not be done inside until the LADO or the police say so, and since when it may: one line a gate."""
    shut = {gate.key for gate in shut_gates(state)}
    cleared = state.first(CLEARED)
    return [
        {"says": gate.says, "clause": list(gate.clause), "held_back": gate.key in shut,
         "since": cleared.at.isoformat() if cleared and gate.key not in shut else None}
        for gate in state.procedure.gates
        if CLEARED in gate.until and holds(gate.only_if, state)
    ]  # fmt: skip


def _plan(
    state: CaseState, at: datetime, invited: list[str], by: str, now: datetime, after: int = 0
) -> NewHappening:
    number = max([one["meeting"] for one in meetings(state)] + [after]) + 1
    return NewHappening(PLANNED, now, by, None, {"meeting": number, "at": at.isoformat(), "invited": invited})


def _moment(said: Mapping[str, Any], name: str) -> datetime:
    try:
        return moment_of(str(said.get(name) or ""))
    except ValueError:
        raise Invalid({name: ["Please give a date and time."]}) from None


def _invited(said: Mapping[str, Any]) -> list[str]:
    there = [str(one) for one in said.get("invited") or ()]
    if not there or not set(there) <= set(INVITED):
        raise Invalid({"invited": [f"Choose who, of: {', '.join(INVITED)}."]})
    return [one for one in INVITED if one in there]
