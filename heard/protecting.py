"""Concerns and suspensions: what stops the ordinary clocks, who decides it, and what lets them run again.

Owns the commands of safeguarding on a case. Raising a concern can be done at any time, by anybody who may see the case;
confirming, clearing and closing only by a cleared lead. No safeguarding clock ever pauses; only the case's own do.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from heard.commands import Asked, Refused, command, holds_word, is_lead, need
from heard.conditions import holds
from heard.instants import day_of, london_day
from heard.ledger import NewHappening
from heard.lengths import end
from heard.opening import reconsidered
from heard.procedure import Suspension
from heard.vocabulary import LEAD

_ENDINGS = ("safeguarding_closed", "disciplinary_closed", "proceedings_closed", "lado_agreed_next_step")


def _concern(asked: Asked) -> str:
    key = str(need(asked.data, "concern", "which concern"))
    known = [one.key for one in asked.state.procedure.concerns]
    if key not in known and key not in asked.state.concerns:
        raise Refused(f"This procedure knows no concern '{key}'.", (), f"It knows: {', '.join(known) or 'none'}.")
    return key


def _only_lead(asked: Asked, what: str) -> None:
    if asked.actor.is_person and not is_lead(asked):
        raise Refused(
            f"Only a safeguarding lead whom the complaint is not about may {what}.", (), "Ask the lead on duty."
        )


@command("raise_concern")
def raise_concern(asked: Asked) -> tuple[NewHappening, ...]:
    """Somebody says that something may be a safeguarding matter. The clocks of its rules start at once."""
    key, data = _concern(asked), asked.data
    found = asked.event("concern_found", concern=key, by_screen=asked.actor.id == "screen",
                        because=list(data.get("because") or ()), known_at=data.get("known_at"))  # fmt: skip
    return tuple(reconsidered(asked, [found]))


@command("confirm_concern")
def confirm_concern(asked: Asked) -> tuple[NewHappening, ...]:
    """A lead has looked and the concern stands. Offers the suspension that the procedure foresees."""
    key = _concern(asked)
    _only_lead(asked, "confirm a concern")
    found = asked.state.concerns.get(key)
    if found is not None and found.confirmed_at and not found.cleared_at:
        raise Refused("This concern is confirmed already.", (), "Suspend, refer or close it.")
    reason = need(asked.data, "reason", "a reason")
    new = [] if found and not found.cleared_at else [asked.event("concern_found", concern=key, by_screen=False)]
    new.append(asked.event("concern_confirmed", concern=key, reason=reason))
    return tuple(reconsidered(asked, new))


@command("clear_concern")
def clear_concern(asked: Asked) -> tuple[NewHappening, ...]:
    """A lead has looked and it is nothing: recorded with the reason, and undone by finding it again.

    What only the concern held here goes its own way now, as long as nobody has begun to deal with it.
    """
    key = _concern(asked)
    _only_lead(asked, "clear a concern")
    found = asked.state.concerns.get(key)
    if found is None or found.cleared_at:
        raise Refused("No such concern is open.", (), "There is nothing to clear.")
    reason = need(asked.data, "reason", "a reason")
    return tuple(reconsidered(asked, [asked.event("concern_cleared", concern=key, reason=reason)]))


@command("close_safeguarding")
def close_safeguarding(asked: Asked) -> tuple[NewHappening, ...]:
    """The safeguarding (or disciplinary, or court) procedure has ended; what waited for that goes on."""
    event = str(asked.data.get("event") or "safeguarding_closed")
    if event not in _ENDINGS:
        raise Refused(f"'{event}' does not end a procedure.", (), f"Endings: {', '.join(_ENDINGS)}.")
    _only_lead(asked, "say that it has ended")
    if event == "safeguarding_closed" and not asked.state.open_concerns:
        raise Refused("No concern is open.", (), "There is nothing to close.")
    outcome = need(asked.data, "outcome", "the outcome")
    new = [asked.event(event, outcome=outcome, reason=asked.data.get("reason"))]
    for hold in asked.state.on_hold.values():
        rule = _suspension(asked, hold.rule)
        if rule is not None and event in rule.ends_with and asked.data.get("resume", True):
            new.append(asked.event("resumed", rule=hold.rule, heads=list(hold.heads) or None))
    return tuple(reconsidered(asked, new))


def _suspension(asked: Asked, key: Any) -> Suspension | None:
    return next((one for one in asked.state.procedure.suspensions if one.key == key), None)


def _rule(asked: Asked) -> Suspension:
    rules = asked.state.procedure.suspensions
    key = asked.data.get("rule") or (rules[0].key if len(rules) == 1 else None)
    rule = _suspension(asked, key)
    if rule is None:
        known = ", ".join(one.key for one in rules) or "none"
        raise Refused("The procedure foresees no such suspension.", (), f"It foresees: {known}.")
    return rule


def _review_day(asked: Asked, rule: Suspension) -> date:
    latest = end(rule.review_every, asked.now, asked.calendars).due
    last = latest if isinstance(latest, date) else london_day(asked.now)
    said = day_of(asked.data["review_by"]) if asked.data.get("review_by") else last
    if not london_day(asked.now) <= said <= last:
        raise Refused(f"It must be looked at again by {last:%-d %B %Y}.", rule.clause, "Choose an earlier day.")
    return said


@command("suspend")
def suspend(asked: Asked) -> tuple[NewHappening, ...]:
    """Put the case, or some heads, on hold while another procedure goes first. Only clocks that pause stop."""
    rule, state = _rule(asked), asked.state
    if rule.key in state.on_hold:
        raise Refused("It is on hold already.", rule.clause, "Review it, or let it go on.")
    if not any(state.first(event) for event in rule.starts_with) or not holds(rule.when, state):
        begins = " or ".join(event.replace("_", " ") for event in rule.starts_with)
        raise Refused(f"It can be put on hold only after: {begins}.", rule.clause, "Confirm the concern first.")
    holds_word(asked, (*rule.decided_by, LEAD), rule.clause, "put it on hold")
    heads = _heads(asked, rule)
    reason = need(asked.data, "reason", "a reason")
    withheld = asked.data.get("withhold")
    if withheld and withheld not in rule.may_withhold:
        raise Refused("It may not be kept from the complainant for that reason.", rule.clause,
                      f"Reasons: {'; '.join(rule.may_withhold) or 'none'}.")  # fmt: skip
    review = _review_day(asked, rule)
    return (asked.event("suspended", rule=rule.key, heads=heads or "case", review_by=review.isoformat(),
                        reason=reason, withheld=bool(withheld), withheld_because=withheld,
                        tell=None if withheld else list(rule.tell)),)  # fmt: skip


def _heads(asked: Asked, rule: Suspension) -> list[str]:
    """The heads to put on hold; none means the whole case."""
    state, said = asked.state, asked.data.get("heads")
    heads = [] if said == "case" else [str(key) for key in said or ()]
    covers = "heads" if heads else "case"
    if state.heads and covers not in (rule.covers, rule.may_cover):
        whole = rule.covers == "case"
        raise Refused(f"This procedure puts {'the whole case' if whole else 'single heads'} on hold.", rule.clause,
                      f"Choose {'the whole case' if whole else 'the heads'}.")  # fmt: skip
    unknown = [key for key in heads if key not in state.heads]
    if unknown:
        raise Refused(f"There are no heads {', '.join(unknown)}.", (), f"There are: {', '.join(state.heads)}.")
    return heads


@command("review_suspension")
def review_suspension(asked: Asked) -> tuple[NewHappening, ...]:
    """Look at a suspension again and say why it still stands, and when it is looked at next."""
    rule = _rule(asked)
    if rule.key not in asked.state.on_hold:
        raise Refused("Nothing is on hold.", rule.clause, "There is nothing to review.")
    holds_word(asked, (*rule.decided_by, LEAD), rule.clause, "review it")
    reason = need(asked.data, "reason", "why it still stands")
    review = _review_day(asked, rule)
    return (asked.event("suspension_reviewed", rule=rule.key, reason=reason, review_by=review.isoformat()),)


@command("resume")
def resume(asked: Asked) -> tuple[NewHappening, ...]:
    """Let what was on hold go on: the units that were left run again from today."""
    rule = _rule(asked)
    hold = asked.state.on_hold.get(rule.key)
    if hold is None:
        raise Refused("Nothing is on hold.", rule.clause, "There is nothing to resume.")
    holds_word(asked, (*rule.decided_by, LEAD), rule.clause, "let it go on")
    heads = [str(key) for key in asked.data.get("heads") or ()]
    if any(key not in hold.heads for key in heads):
        held = ", ".join(hold.heads) or "the whole case"
        raise Refused("Some of these heads are not on hold.", rule.clause, f"On hold: {held}.")
    return (asked.event("resumed", rule=rule.key, heads=heads or list(hold.heads) or None,
                        reason=asked.data.get("reason")),)  # fmt: skip
